"""Pure decisions of a profile: which counts are hidden, how they are rounded and binned, how shapes read.

Counts of 1 to 7 are never shown and others are rounded to the nearest 5, as NHS England does for hospital
episode statistics. So that no hidden count is what is left over when the others are taken from the whole, a
pool of small counts takes in the next smallest until it is itself large enough; or, where that would hide
too much, the greatest count is told as the least that it can be.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from sharewell.cleaning.profile.terms import Count, Fill, Range, Tallies, Tally

SMALLEST: Final = 8
"""The least count that is shown."""
ROUND_TO: Final = 5
BOUNDED_FROM: Final = 100
MOST_SHAPES: Final = 12
MOST_LENGTHS: Final = 30
MOST_MONTHS: Final = 72
LONGEST_SHAPE: Final = 40
FEWEST_NUMBERS: Final = 20 * SMALLEST
"""So that at least 8 numbers lie beyond each end of a range of nine in ten."""

_NAMED: Final = {"\u00a0": "[no-break space]", "\t": "[tab]", "\n": "[line end]", "\r": "[line end]"}


def shown_count(rows: int) -> Count:
    """Return a count as it is shown: hidden from 1 to 7, else to the nearest 5."""
    return None if 0 < rows < SMALLEST else rounded(rows)


def rounded(rows: int) -> int:
    """Return a count to the nearest 5."""
    return (rows + ROUND_TO // 2) // ROUND_TO * ROUND_TO


def fill_of(rows: int, blanks: int) -> Fill:
    """Return how full a column is. A few blanks hide the filled too: the one would betray the other."""
    filled = rows - blanks
    if rows < SMALLEST:
        return Fill(None, None, None)
    if 0 < blanks < SMALLEST:
        return Fill(None, None, (rows - SMALLEST + 1) / rows, "at least")
    if 0 < filled < SMALLEST:
        return Fill(None, None, (SMALLEST - 1) / rows, "at most")
    if not blanks or not filled:
        return Fill(rounded(filled), rounded(blanks), 1.0 if filled else 0.0)
    return Fill(rounded(filled), rounded(blanks), round(min(rounded(filled) / rows, 1.0), 4))


def pooled(counts: Mapping[str, int], most: int | None = None, *, in_order: bool = False) -> Tallies:
    """Return counts with the small ones pooled, the commonest first, at most ``most`` of them.

    ``in_order`` keeps the labels' own order instead.
    """
    ranked = sorted(((label, rows) for label, rows in counts.items() if rows), key=lambda pair: -pair[1])
    shown = [pair for pair in ranked if pair[1] >= SMALLEST][:most]
    rest = ranked[len(shown) :]
    while len(shown) > 1 and _is_small(rest) and shown[0][1] < BOUNDED_FROM:
        rest.append(shown.pop())
    told = {label: rounded(rows) for label, rows in shown}
    if shown and _is_small(rest):
        told[shown[0][0]] = _at_least(shown[0][1] + _sum(rest))
    labels = counts if in_order else told
    tallies = tuple(Tally(label, told[label]) for label in labels if label in told)
    return Tallies(tallies, len(rest), shown_count(_sum(rest)))


def _sum(pairs: Sequence[tuple[str, int]]) -> int:
    return sum(rows for _, rows in pairs)


def _is_small(pairs: Sequence[tuple[str, int]]) -> bool:
    return 0 < _sum(pairs) < SMALLEST


def _at_least(rows_with_pool: int) -> int:
    """Return the least that the greatest count can be, whatever is hidden: it betrays nothing of that."""
    return max(rows_with_pool - SMALLEST + 1, 0) // ROUND_TO * ROUND_TO


def binned_lengths(counts: Mapping[int, int]) -> Mapping[str, int]:
    """Return rows by length, or by range of lengths where there are many, in order."""
    if not counts:
        return {}
    lengths = sorted(counts)
    width = nice_width((lengths[-1] - lengths[0] + 1) / MOST_LENGTHS)
    bins: dict[str, int] = {}
    for length in lengths:
        start = length // width * width
        label = str(length) if width == 1 else f"{start} to {start + width - 1}"
        bins[label] = bins.get(label, 0) + counts[length]
    return bins


def nice_width(least: float) -> int:
    """Return the smallest whole number of 1, 2 or 5 times a power of ten that is no less."""
    step = 1
    while True:
        for part in (1, 2, 5):
            if step * part >= least:
                return step * part
        step *= 10


def binned_months(counts: Mapping[str, int]) -> tuple[str, Mapping[str, int]]:
    """Return the unit (month, or year where the months are too many) and rows by it, in order."""
    common = [month for month in sorted(counts) if counts[month] >= SMALLEST]
    if common and months_between(common[0], common[-1]) < MOST_MONTHS:
        return "month", {month: counts[month] for month in sorted(counts)}
    years: dict[str, int] = {}
    for month in sorted(counts):
        years[month[:4]] = years.get(month[:4], 0) + counts[month]
    return "year", years


def months_between(first: str, last: str) -> int:
    """Return the number of months from one ``2024-05`` (or year ``2024``) to another."""
    return months_of(last) - months_of(first)


def months_of(label: str) -> int:
    """Return a month or year as months since year 0."""
    year, _, month = label.partition("-")
    return int(year) * 12 + int(month or 1) - 1


def range_of(low: float, middle: float, high: float) -> Range:
    """Return a range to two figures, so that it is nobody's number."""
    return Range(two_figures(low), two_figures(middle), two_figures(high))


def two_figures(number: float) -> float:
    """Return a number to two significant figures."""
    if not number or not math.isfinite(number):
        return 0.0
    return round(number, 1 - math.floor(math.log10(abs(number))))


def written_shapes(shapes: Iterable[tuple[str, int]]) -> Mapping[str, int]:
    """Return rows by shape as it is shown; shapes that look alike when shown are one."""
    counts: dict[str, int] = {}
    for shape, rows in shapes:
        shown = written_shape(shape)
        counts[shown] = counts.get(shown, 0) + rows
    return counts


def written_shape(shape: str) -> str:
    """Return a shape so that people can see all of it: spaces at its ends and odd signs are named."""
    ends = len(shape) - len(shape.lstrip(" ")), len(shape.rstrip(" "))
    signs = ["[space]" if not ends[0] <= place < ends[1] and sign == " " else _written(sign)
             for place, sign in enumerate(shape[: LONGEST_SHAPE * 2])]  # fmt: skip
    text = "".join(signs).replace("  ", "[2 spaces]")
    return text if len(text) <= LONGEST_SHAPE else text[: LONGEST_SHAPE - 1] + "…"


def _written(sign: str) -> str:
    if sign in _NAMED:
        return _NAMED[sign]
    return sign if sign.isascii() and sign.isprintable() else "[other sign]"
