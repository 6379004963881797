"""What each level of each comparison weighs, by how near two records stand to each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sharewell.people.evidence import Comparison, Nearness

Floats = npt.NDArray[np.float64]
Numbers = npt.NDArray[np.int64]

SMALLEST = 1e-7
"""No probability is less: a level never seen in training is unlikely, not impossible."""


@dataclass(frozen=True)
class Odds:
    """How often each level is met between records of one person (``m``) and of two (``u``), in order."""

    m: tuple[float, ...]
    u: tuple[float, ...]

    @classmethod
    def of(cls, comparison: Comparison, *, home: bool = False) -> Odds:
        """Return the starting figures of a comparison."""
        return cls(
            tuple(level.m for level in comparison.levels),
            tuple(level.u_home if home else level.u for level in comparison.levels),
        )

    @property
    def is_plausible(self) -> bool:
        """Return whether records of one person mostly agree, and more often than records of two."""
        agree_m, agree_u = sum(self.m[:-1]), sum(self.u[:-1])
        return self.m[0] > 0.25 and self.m[0] > self.u[0] and agree_m > agree_u

    def tidied(self) -> Odds:
        """Return the figures bounded and rounded, so that two runs that differ in the last bit agree."""
        return Odds(_tidied(self.m), _tidied(self.u))


def _tidied(values: Sequence[float]) -> tuple[float, ...]:
    bounded = [min(max(value, SMALLEST), 1.0) for value in values]
    return tuple(float(f"{value / sum(bounded):.4g}") for value in bounded)


@dataclass(frozen=True)
class Weights:
    """The figures for each nearness that the records show, nearest first; ``learned`` from them or not."""

    tables: Mapping[Nearness, Mapping[str, Odds]]
    learned: bool

    def items(self) -> list[tuple[Nearness, Mapping[str, Odds]]]:
        """Return each nearness with its figures, nearest first."""
        return list(self.tables.items())

    def as_dict(self) -> dict[str, object]:
        """Return the figures as JSON-ready data."""
        return {
            nearness.value: {column: {"m": odds.m, "u": odds.u} for column, odds in table.items()}
            for nearness, table in self.tables.items()
        }

    @classmethod
    def from_dict(
        cls, told: Mapping[str, Mapping[str, Mapping[str, Sequence[float]]]], *, learned: bool
    ) -> Weights:
        """Return the figures from what ``as_dict`` gave."""
        tables = {
            Nearness(nearness): {
                column: Odds(tuple(odds["m"]), tuple(odds["u"])) for column, odds in table.items()
            }
            for nearness, table in told.items()
        }
        return cls(tables, learned)


def learn_from_patterns(
    levels: Numbers, counts: Floats, starting: Sequence[Odds], share: float
) -> tuple[float, list[Odds]]:
    """Return the share of matches and the figures that best explain how often each pattern of levels was met.

    Expectation maximisation over patterns (Dempster, Laird and Rubin, 1977; Winkler, 1988). ``levels``: one
    row per pattern and one column per comparison, the level's place from 0, -1 where unknown; ``counts``:
    pairs with that pattern; ``share``: where to start.
    """
    odds = list(starting)
    for _ in range(100):
        before = share
        matched = _match_probability(levels, odds, share) * counts
        share = float(np.clip(matched.sum() / counts.sum(), 1e-6, 1 - 1e-6))
        odds = [
            Odds(
                _shares(levels[:, place], matched, old.m), _shares(levels[:, place], counts - matched, old.u)
            )
            for place, old in enumerate(odds)
        ]
        if abs(share - before) < 1e-6:
            break
    return share, odds


def _match_probability(levels: Numbers, odds: Sequence[Odds], share: float) -> Floats:
    bits = np.full(len(levels), np.log2(share / (1 - share)))
    for place, table in enumerate(odds):
        weighed = np.append(np.log2(np.array(table.m) / np.array(table.u)), 0.0)
        bits += weighed[levels[:, place]]
    probability: Floats = 1 / (1 + np.exp2(-bits))
    return probability


def _shares(levels: Numbers, counts: Floats, before: Sequence[float]) -> tuple[float, ...]:
    """Return each level's share of the pairs, with one pair's worth of what was believed before."""
    known = levels >= 0
    seen = np.bincount(levels[known], counts[known], minlength=len(before)) + np.array(before)
    return tuple(float(value) for value in np.maximum(seen / seen.sum(), SMALLEST))
