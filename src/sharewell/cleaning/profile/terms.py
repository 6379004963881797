"""The nouns of a profile: what is in a file, column by column, with small counts hidden."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

Count = int | None
"""A number of rows to the nearest 5; None where it is hidden: it is small, or would betray one that is."""


_HIDDEN_POOL: Final = 10
"""What the greatest count leaves for a hidden pool, whatever that is."""


@dataclass(frozen=True)
class Tally:
    """How many rows have one thing in common: a shape, a length, a month, a code."""

    label: str
    rows: int


@dataclass(frozen=True)
class Tallies:
    """Tallies that together are all the rows there are; the small ones are pooled.

    ``pooled`` counts the kinds that are not told apart, ``pooled_rows`` their rows (0: there are none).
    """

    shown: tuple[Tally, ...] = ()
    pooled: int = 0
    pooled_rows: Count = 0

    @property
    def rows(self) -> int:
        """Return about how many rows are told of, the pool among them; a hidden pool counts as ten."""
        pool = _HIDDEN_POOL if self.pooled_rows is None else self.pooled_rows
        return sum(tally.rows for tally in self.shown) + pool

    def share(self, label: str) -> float:
        """Return the share of the rows that a label has; 0.0 when it is not shown."""
        found = sum(tally.rows for tally in self.shown if tally.label == label)
        return found / self.rows if self.rows else 0.0


@dataclass(frozen=True)
class Fill:
    """How many rows of a column are filled. ``share`` is the share of the rows, None for too few to tell.

    Where the counts are hidden, ``bound`` says what the share is: ``at least`` or ``at most``.
    """

    filled: Count
    blank: Count
    share: float | None
    bound: str = ""


@dataclass(frozen=True)
class Days:
    """The dates of a column, by month or by year. ``not_read`` counts cells that hold no date."""

    unit: str
    by: Tallies
    not_read: Count = 0

    @property
    def first(self) -> str | None:
        """Return the first month or year with enough dates to show."""
        return self.by.shown[0].label if self.by.shown else None

    @property
    def last(self) -> str | None:
        """Return the last month or year with enough dates to show."""
        return self.by.shown[-1].label if self.by.shown else None


@dataclass(frozen=True)
class Range:
    """Where nine in ten of a column's numbers lie, and the middle one, to two figures."""

    low: float
    middle: float
    high: float


@dataclass(frozen=True)
class ColumnProfile:
    """What is in one column. ``kind`` is a field type, ``told_by`` what says so: the standard or the values.

    ``distinct_share`` is distinct values over filled rows. ``codes`` is None where values may not be shown.
    """

    name: str
    field: str | None
    kind: str
    told_by: str
    fill: Fill
    distinct: int
    distinct_share: float | None
    lengths: Tallies
    shapes: Tallies
    codes: Tallies | None = None
    days: Days | None = None
    range: Range | None = None

    @property
    def is_empty(self) -> bool:
        """Return whether no row of the column is filled."""
        return self.fill.share == 0.0 and not self.fill.bound


@dataclass(frozen=True)
class Drift:
    """One thing that is not as it was last time. ``size`` is how much of the whole it is, for ordering."""

    kind: str
    column: str | None
    size: float
    text: str


@dataclass(frozen=True)
class Profile:
    """What is in a file. ``rows`` is None below 8; ``set_aside`` counts records that could not be read."""

    file: str
    format: str
    standard: str | None
    rows: Count
    set_aside: Count
    columns: tuple[ColumnProfile, ...]
    last_file: str | None = None
    last_fill: tuple[tuple[str, float], ...] = ()
    drifts: tuple[Drift, ...] = ()

    def column(self, name: str) -> ColumnProfile | None:
        """Return the column of that name, if the file has it."""
        return next((each for each in self.columns if each.name == name), None)
