"""A part of the region: some whole areas of the frame, and where its people are counted from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from sharewell.demo.region.chance import Chance, Ints
from sharewell.demo.region.frame.fit import SIZE
from sharewell.demo.region.frame.terms import Frame

PART_PEOPLE = 30_000
"""About how many people a part holds: small enough for memory, large enough for lives to cross streets."""
DIED_SHARE, LEFT_SHARE = 0.028, 0.025
"""People who died in the last three years, and who left the region, for each resident."""


@dataclass(frozen=True)
class Part:
    """Areas ``first`` up to ``end`` of the frame. ``before`` is how many people the parts before it hold."""

    number: int
    first: int
    end: int
    residents: int
    before: int
    as_of: date
    chance: Chance

    @property
    def died(self) -> int:
        """Return how many people of the part have died."""
        return round(self.residents * DIED_SHARE)

    @property
    def left(self) -> int:
        """Return how many people have left the region."""
        return round(self.residents * LEFT_SHARE)

    @property
    def people(self) -> int:
        """Return how many people the part knows of: residents, the dead and those who left."""
        return self.residents + self.died + self.left

    @property
    def today(self) -> np.datetime64:
        """Return the day the region is true for."""
        return np.datetime64(self.as_of, "D")

    def of(self, by_area: npt.NDArray[np.generic]) -> npt.NDArray[np.generic]:
        """Return the part's own rows of something that is known by area."""
        return by_area[self.first : self.end]


def parts_of(frame: Frame, seed: int, as_of: date) -> tuple[Part, ...]:
    """Return the parts of a frame; together they hold all of its areas, each once."""
    residents = residents_of(frame)
    made: list[Part] = []
    before = 0
    for number, (first, end) in enumerate(_cuts(residents)):
        held = int(residents[first:end].sum())
        part = Part(number, first, end, held, before, as_of, Chance(seed, "part", number))
        before += part.people
        made.append(part)
    return tuple(made)


def residents_of(frame: Frame) -> Ints:
    """Return how many people live in each area of a frame."""
    residents: Ints = frame.counts @ SIZE + frame.care + frame.halls
    return residents


def _cuts(residents: Ints) -> Iterator[tuple[int, int]]:
    """Yield where each part begins and ends: equal numbers of people, two parts at least where many."""
    total = int(residents.sum())
    wanted = max(1 if total < PART_PEOPLE // 3 else 2, -(-total // PART_PEOPLE))
    wanted = min(wanted, len(residents))
    held = np.cumsum(residents) * (wanted / total)
    ends = np.unique(np.searchsorted(held, np.arange(1, wanted + 1) - 1e-9) + 1)
    ends[-1] = len(residents)
    starts = np.concatenate([[0], ends[:-1]])
    yield from zip(starts.tolist(), ends.tolist(), strict=True)
