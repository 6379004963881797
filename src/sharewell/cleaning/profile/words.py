"""The words of a profile: counts that may be hidden, shares, kinds, lists of names."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from sharewell.cleaning.profile.kinds import IN_WORDS
from sharewell.cleaning.profile.terms import ColumnProfile, Count, Fill, Tallies

HIDDEN: Final = "hidden"
_MONTHS: Final = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)


def count(rows: Count) -> str:
    """Return a count in words."""
    return HIDDEN if rows is None else f"{rows:,}"


def share(part: float | None) -> str:
    """Return a share as a percentage; a part is never told as none or all."""
    if part is None:
        return HIDDEN
    percent = 100 * part
    if 0 < percent < 0.1:
        return "under 0.1\u00a0%"
    if 99.9 < percent < 100:
        return "over 99.9\u00a0%"
    return f"{percent:.1f}".removesuffix(".0") + "\u00a0%"


def fill(found: Fill) -> str:
    """Return how full a column is, in words."""
    return f"{found.bound} {share(found.share)}".strip()


def kind(column: ColumnProfile) -> str:
    """Return what a column holds, in words."""
    return "Nothing" if column.is_empty else IN_WORDS.get(column.kind, column.kind)


def day(label: str) -> str:
    """Return a month (``2024-05``) or year in words."""
    year, _, month = label.partition("-")
    return f"{_MONTHS[int(month) - 1]} {year}" if month else year


def listed(names: Sequence[str], most: int = 3) -> str:
    """Return names as a list in a sentence, the rest counted."""
    shown = list(names[:most])
    if len(names) > most:
        shown.append(f"{len(names) - most} more")
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}"


def many(number: int, noun: str) -> str:
    """Return a number with its noun, in the plural where it must be."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def lengths(found: Tallies) -> str:
    """Return the lengths of a column in a few words."""
    if not found.shown:
        return HIDDEN if found.pooled else "none"
    first, last = found.shown[0].label.split(" to ")[0], found.shown[-1].label.split(" to ")[-1]
    return first if first == last else f"{first} to {last}"


def pool(found: Tallies, noun: str) -> str:
    """Return the name of the row that pools the small counts of a table."""
    return f"{many(found.pooled, noun)} not told apart"
