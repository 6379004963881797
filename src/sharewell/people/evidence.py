"""What is compared between two records, level by level, and what each level is worth before any training.

The probabilities follow Fellegi and Sunter (1969): ``m`` is how often a level is met when two records are of
one person, ``u`` when they are of two. The figures here are starting points for training, and serve alone
where a list is too short to learn from. They are drawn for the United Kingdom: a first name is shared by one
pair in 150, a surname by one in 900, a birthday by one in 28,000.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum


class Nearness(StrEnum):
    """Where two records stand to each other, which decides what an agreement of names is worth."""

    HOME = "home"
    STREET = "street"
    ELSEWHERE = "elsewhere"


@dataclass(frozen=True)
class Level:
    """One outcome of a comparison, tested in order. ``u_home`` is ``u`` between people of one address."""

    name: str
    sql: str
    m: float
    u: float
    u_home: float


@dataclass(frozen=True)
class Comparison:
    """One thing compared: its column, its levels from closest to furthest, and whether rare values weigh more."""

    column: str
    levels: tuple[Level, ...]
    rare_weighs_more: bool = False

    @property
    def otherwise(self) -> tuple[float, float, float]:
        """Return m, u and u_home of the last level: none of the others."""
        return (
            max(1 - sum(level.m for level in self.levels), 0.001),
            max(1 - sum(level.u for level in self.levels), 0.001),
            max(1 - sum(level.u_home for level in self.levels), 0.001),
        )


_SWAPPED = "first_name_l = surname_r AND surname_l = first_name_r"

FIRST_NAME = Comparison(
    "first_name",
    (
        Level("exact", "first_name_l = first_name_r", 0.82, 0.0065, 0.02),
        Level("short_form", "known_as_l = known_as_r", 0.05, 0.001, 0.002),
        Level("swapped", _SWAPPED, 0.01, 0.00001, 0.0005),
        Level("close", "first_name_near", 0.07, 0.004, 0.008),
        Level("alike", "first_name_alike", 0.02, 0.04, 0.05),
    ),
    rare_weighs_more=True,
)
