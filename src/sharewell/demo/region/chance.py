"""Repeatable chance: one stream of random numbers for each purpose, the same on every machine.

Only uniform draws, permutations and sorted searches are used: they do not depend on a machine's logarithms,
so the same seed gives the same bytes anywhere with the same numpy.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Texts = npt.NDArray[np.object_]
Dates = npt.NDArray[np.datetime64]


class Chance:
    """A stream of random numbers named by a seed and the purposes it serves."""

    def __init__(self, seed: int, *names: str | int) -> None:
        self.names = (seed, *names)
        digest = hashlib.sha256("/".join(map(str, self.names)).encode()).digest()
        self._made = np.random.Generator(np.random.PCG64(int.from_bytes(digest[:16], "big")))

    def stream(self, *names: str | int) -> Chance:
        """Return a stream of its own for a purpose: drawing from it leaves this one as it was."""
        return Chance(*self.names, *names)  # type: ignore[arg-type]

    def random(self, n: int) -> Floats:
        """Return ``n`` numbers from 0 up to 1."""
        return self._made.random(n)

    def integers(self, low: int, high: int, n: int) -> Ints:
        """Return ``n`` whole numbers from ``low`` up to, not including, ``high``."""
        return self._made.integers(low, high, n)

    def shuffled(self, n: int) -> Ints:
        """Return the numbers below ``n`` in a random order."""
        return self._made.permutation(n)

    def round(self, number: float) -> int:
        """Return a number rounded up or down by chance, right on average."""
        whole = int(number)
        return whole + int(self._made.random() < number - whole)

    def some(self, among: Ints, count: float) -> Ints:
        """Return ``count`` of the given numbers, each once, in their order; all when there are fewer."""
        wanted = min(self.round(count), len(among))
        return np.sort(among[self.shuffled(len(among))[:wanted]])

    def share(self, n: int, share: float) -> Ints:
        """Return a share of the row numbers below ``n``, exactly but for rounding, in their order."""
        return self.some(np.arange(n), share * n)

    def happens(self, probability: float | Floats, n: int) -> Bools:
        """Return for each of ``n`` whether something of this probability happens."""
        return self.random(n) < probability

    def pick(
        self,
        values: Sequence[str] | npt.NDArray[Any],
        n: int,
        weights: Sequence[float] | Floats | None = None,
    ) -> npt.NDArray[Any]:
        """Return ``n`` of the values, with replacement, by weight where weights are given."""
        array = values if isinstance(values, np.ndarray) else texts(values)
        if weights is None:
            return array[self._made.integers(0, len(array), n)]
        return array[by_weight(np.asarray(weights, dtype=float), self.random(n))]


def by_weight(weights: Floats, uniform: Floats) -> Ints:
    """Return for each uniform number the position that its share of the summed weights falls in."""
    edges = np.cumsum(weights)
    made: Ints = np.minimum(np.searchsorted(edges, uniform * edges[-1], side="right"), len(edges) - 1)
    return made


def texts(values: Collection[object]) -> Texts:
    """Return the values as an array of texts."""
    made = np.empty(len(values), dtype=object)
    made[:] = list(values)
    return made
