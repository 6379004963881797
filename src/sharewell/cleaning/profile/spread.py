"""The sections with standing bars: the dates of a column by month or year, and the lengths of its values."""

from __future__ import annotations

from collections.abc import Sequence

from sharewell.cleaning.profile import words
from sharewell.cleaning.profile.rules import months_of
from sharewell.cleaning.profile.sections import MOST_DRAWN, alone
from sharewell.cleaning.profile.terms import ColumnProfile, Days, Profile, Tallies, Tally
from sharewell.look.bars import Bar, standing
from sharewell.look.terms import Drawing, Section, Table

_DAYS = "Each bar is a month, or a year where there are more than six years of months."
_LENGTHS = (
    "Each drawing is a column: one standing bar a length in characters, from the shortest to the longest."
)
MOST_BARS = 150
"""The most bars in one drawing of dates; of a longer stretch the fullest is drawn."""


def days_section(profile: Profile) -> Section | None:
    """Return the dates by month, or by year where the months are too many."""
    columns = [each for each in profile.columns if each.days and each.days.by.shown]
    if not columns:
        return None
    title = _days_title(columns[0])
    if len(columns) > 1:
        title = f"{words.many(len(columns), 'column')} of dates; {title}"
    summary = f"{_DAYS} {_not_read(columns)}"
    drawings = alone(_days_drawing(each, place) for place, each in enumerate(columns[:MOST_DRAWN]))
    return Section("dates", title, summary, drawings, tuple(_days_table(each) for each in columns))


def _days_title(column: ColumnProfile) -> str:
    days = _days(column)
    first, last = _nine_in_ten(days.by)
    if first == last:
        return f"{column.name}: nine in ten dates lie in {words.day(first)}"
    return f"{column.name}: nine in ten dates lie from {words.day(first)} to {words.day(last)}"


def _nine_in_ten(by: Tallies) -> tuple[str, str]:
    """Return the first and last label when a twentieth of the rows is left off at either end."""
    total, reached = sum(tally.rows for tally in by.shown), 0
    inside = list[str]()
    for tally in by.shown:
        if reached + tally.rows > total * 0.05 and reached < total * 0.95:
            inside.append(tally.label)
        reached += tally.rows
    return inside[0], inside[-1]


def _days(column: ColumnProfile) -> Days:
    return column.days or Days("month", Tallies())


def _not_read(columns: Sequence[ColumnProfile]) -> str:
    unread = [f"{_days(each).not_read:,} cells of {each.name}" for each in columns if _days(each).not_read]
    if unread:
        return f"No day could be read in {words.listed(unread)}."
    return "Nearly every filled cell holds a day."


def _days_drawing(column: ColumnProfile, place: int) -> Drawing:
    days = _days(column)
    step = 1 if days.unit == "month" else 12
    near = _window(days.by.shown, step)
    title = _days_title(column)
    told = f"Standing bars, one a {days.unit}; the numbers are in the table."
    return Drawing(standing(f"dates-{place}", title, told, _along(near, step)), title)


def _window(tallies: Sequence[Tally], step: int) -> list[Tally]:
    """Return the stretch of at most ``MOST_BARS`` months or years that has the most rows."""
    windows = []
    for tally in tallies:
        start = months_of(tally.label)
        windows.append([each for each in tallies if 0 <= months_of(each.label) - start < MOST_BARS * step])
    return max(windows, key=lambda window: sum(each.rows for each in window))


def _along(tallies: Sequence[Tally], step: int) -> list[Bar]:
    """Return a bar for every month or year from the first to the last, empty ones too."""
    rows = {months_of(each.label): each.rows for each in tallies}
    most = max(rows.values())
    labels = {month: _label(month, step) for month in range(min(rows), max(rows) + 1, step)}
    return [Bar(label, rows.get(month, 0) / most, words.day(label)) for month, label in labels.items()]


def _label(month: int, step: int) -> str:
    return f"{month // 12:04d}" if step == 12 else f"{month // 12:04d}-{month % 12 + 1:02d}"


def _days_table(column: ColumnProfile) -> Table:
    days = _days(column)
    rows = [(words.day(tally.label), f"{tally.rows:,}") for tally in days.by.shown]
    if days.by.pooled:
        rows.append((words.pool(days.by, days.unit), words.count(days.by.pooled_rows)))
    if days.not_read != 0:
        rows.append(("No day could be read", words.count(days.not_read)))
    return Table(f"{column.name} by {days.unit}", (days.unit.capitalize(), "Rows"), tuple(rows))


def lengths_section(profile: Profile) -> Section | None:
    """Return how long the values of each column are."""
    columns = [each for each in profile.columns if each.lengths.shown]
    if not columns:
        return None
    fixed = [each.name for each in columns if max(map(each.lengths.share, _labels(each))) >= 0.9]
    total = words.many(len(columns), "column")
    title = f"{len(fixed)} of {total} hold values of one length in nine rows of ten"
    drawings = tuple(_lengths_drawing(each, place) for place, each in enumerate(columns[:MOST_DRAWN]))
    tables = tuple(_lengths_table(each) for each in columns)
    return Section("lengths", title, _LENGTHS, drawings, tables, layout="small")


def _labels(column: ColumnProfile) -> list[str]:
    return [tally.label for tally in column.lengths.shown]


def _lengths_drawing(column: ColumnProfile, place: int) -> Drawing:
    shown = column.lengths.shown
    top = max(shown, key=lambda tally: tally.rows)
    title = f"{column.name}: {top.label} characters in {words.share(column.lengths.share(top.label))}"
    bars = [Bar(tally.label, tally.rows / top.rows, tally.label) for tally in shown]
    told = "Standing bars, one a length; the numbers are in the table."
    return Drawing(standing(f"lengths-{place}", title, told, bars), title)


def _lengths_table(column: ColumnProfile) -> Table:
    found = column.lengths
    rows = [(tally.label, f"{tally.rows:,}", words.share(found.share(tally.label))) for tally in found.shown]
    if found.pooled:
        rows.append((words.pool(found, "length"), words.count(found.pooled_rows), ""))
    return Table(f"{column.name}: lengths", ("Characters", "Rows", "Share"), tuple(rows))
