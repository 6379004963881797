"""What a profile's page says, section by section: a finding, a sentence, drawings and their tables."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final

from sharewell.cleaning.profile import words
from sharewell.cleaning.profile.terms import ColumnProfile, Profile
from sharewell.look.bars import Bar, lying
from sharewell.look.terms import Drawing, Section, Table

MOST_DRAWN: Final = 40
"""The most columns that are drawn in one section; the table has them all."""
NEARLY_ALL: Final = 0.95
_DIFFERING: Final = 0.99
COLUMNS: Final = (
    *("Column", "Type", "Told by", "Filled", "Distinct values"),
    *("Characters", "Commonest shape", "Range"),
)


def alone(drawings: Iterable[Drawing]) -> tuple[Drawing, ...]:
    """Return drawings; one that is alone needs no heading beside its section's title."""
    made = tuple(drawings)
    return made if len(made) > 1 else tuple(Drawing(each.svg) for each in made)


def drift_section(profile: Profile) -> Section | None:
    """Return what changed since last time."""
    if profile.last_file is None:
        return None
    found = profile.drifts
    if not found:
        text = f"Rows, columns, blanks, shapes and ranges are as they were in {profile.last_file}."
        return Section("drift", "Nothing changed since last time", text)
    columns = len({drift.column for drift in found if drift.column})
    title = f"{words.many(len(found), 'thing')} changed since last time"
    told = f" in {words.many(columns, 'column')}" if columns else ""
    summary = (
        f"Compared with {profile.last_file}, the greatest change first. A change is told when it is large"
        " enough not to be chance."
    )
    return Section("drift", title + told, summary, items=tuple(drift.text for drift in found))


def fill_section(profile: Profile) -> Section | None:
    """Return how full each column is."""
    columns = [each for each in profile.columns if each.fill.share is not None]
    if not columns:
        return None
    drawn = sorted(columns, key=_share)[:MOST_DRAWN]
    keep = {each.name for each in drawn}
    last = dict(profile.last_fill)
    bars = [Bar(each.name, _share(each), words.fill(each.fill), last.get(each.name))
            for each in columns if each.name in keep]  # fmt: skip
    title = _fill_title(columns)
    told = "Each bar is the share of the rows in which a column is filled." + _last_told(profile)
    told += f" The {MOST_DRAWN} least filled columns are drawn." if len(columns) > MOST_DRAWN else ""
    header = ("Column", "Filled", "Blank", "Share filled")
    table = Table("Filled and blank cells by column", header, tuple(map(_fill_row, columns)))
    return Section("fill", title, told, (Drawing(lying("fill-chart", title, told, bars)),), (table,))


def _fill_row(column: ColumnProfile) -> tuple[str, ...]:
    found = column.fill
    return column.name, words.count(found.filled), words.count(found.blank), words.fill(found)


def _last_told(profile: Profile) -> str:
    return " The black mark is last time’s share." if profile.last_file else ""


def _fill_title(columns: Sequence[ColumnProfile]) -> str:
    low = sorted((each for each in columns if _share(each) < NEARLY_ALL), key=_share)
    full = len(columns) - len(low)
    if not low:
        return f"Every column is filled in at least {NEARLY_ALL:.0%} of rows".replace("%", " %")
    least = f"the emptiest is {low[0].name} ({words.fill(low[0].fill)} filled)"
    are = "is" if full == 1 else "are"
    return f"{full} of {words.many(len(columns), 'column')} {are} filled in nearly every row; {least}"


def _share(column: ColumnProfile) -> float:
    return column.fill.share or 0.0


def columns_section(profile: Profile) -> Section:
    """Return every column's type, distinct values, lengths and commonest shape."""
    differing = [each.name for each in profile.columns if (each.distinct_share or 0.0) >= _DIFFERING]
    title = _columns_title(profile)
    summary = "Every column repeats its values."
    if differing:
        summary = f"Nearly every value differs in {words.listed(differing)}."
    rows = tuple(_column_row(each) for each in profile.columns)
    return Section("columns", title, summary, shown=(Table("The columns", COLUMNS, rows, is_words=True),))


def _columns_title(profile: Profile) -> str:
    total, known = (
        words.many(len(profile.columns), "column"),
        sum(1 for each in profile.columns if each.field),
    )
    if profile.standard:
        return f"{known} of {total} are known to the standard {profile.standard}"
    kinds = Counter(words.kind(each) for each in profile.columns)
    return f"{total} seem to hold: {words.listed([f'{kind} ({n})' for kind, n in kinds.most_common()], 4)}"


def _column_row(column: ColumnProfile) -> tuple[str, ...]:
    shape = column.shapes.shown[0].label if column.shapes.shown else words.HIDDEN
    name = column.name if column.field in (None, column.name) else f"{column.name} (as {column.field})"
    return (
        name, words.kind(column), column.told_by, words.fill(column.fill), f"{column.distinct:,}",
        words.lengths(column.lengths), "" if column.is_empty else shape, _range(column),
    )  # fmt: skip


def _range(column: ColumnProfile) -> str:
    if column.days and column.days.first and column.days.last:
        return f"{words.day(column.days.first)} to {words.day(column.days.last)}"
    if column.range:
        return f"nine in ten from {column.range.low:,g} to {column.range.high:,g}"
    return ""
