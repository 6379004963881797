"""The sections on what a column's values have in common: their shapes, and codes that may be seen."""

from __future__ import annotations

from sharewell.cleaning.profile import words
from sharewell.cleaning.profile.sections import MOST_DRAWN, alone
from sharewell.cleaning.profile.terms import ColumnProfile, Profile, Tallies
from sharewell.look.bars import Bar, lying
from sharewell.look.terms import Drawing, Section, Table

_SHAPES = (
    "The bar is the share of a column’s values that have its commonest shape. In a shape 9 is a digit, A a"
    " capital letter, a any run of small letters and A+ four capitals or more; other signs are themselves."
)
_CODES = (
    "Only open values and codes that the standard itself lists are shown; whatever else cells hold is counted"
    " as “not in the list”."
)
MOST_CODES_DRAWN = 12


def shapes_section(profile: Profile) -> Section | None:
    """Return the shapes of values: how many look alike, and which shapes there are."""
    columns = [each for each in profile.columns if each.shapes.shown]
    if not columns:
        return None
    top = {each.name: each.shapes.share(each.shapes.shown[0].label) for each in columns}
    one = [name for name, share in top.items() if share >= 0.9]
    title = f"{len(one)} of {words.many(len(columns), 'column')} hold one shape in nine values of ten"
    bars = [Bar(f"{each.name}: {each.shapes.shown[0].label}", top[each.name], words.share(top[each.name]))
            for each in columns[:MOST_DRAWN]]  # fmt: skip
    tables = tuple(_shapes_table(each) for each in columns)
    drawing = Drawing(lying("shapes-chart", title, _SHAPES, bars))
    return Section("shapes", title, _SHAPES, (drawing,), tables)


def _shapes_table(column: ColumnProfile) -> Table:
    found = column.shapes
    rows = [(tally.label, f"{tally.rows:,}", words.share(found.share(tally.label))) for tally in found.shown]
    if found.pooled:
        rows.append((words.pool(found, "shape"), words.count(found.pooled_rows), ""))
    return Table(f"{column.name}: shapes", ("Shape", "Rows", "Share"), tuple(rows))


def codes_section(profile: Profile) -> Section | None:
    """Return the commonest codes of the columns whose standard lets them be seen."""
    columns = [each for each in profile.columns if each.codes and each.codes.shown]
    if not columns:
        return None
    names = [each.name for each in columns]
    title = f"{words.listed(names)}: the commonest codes" if len(names) > 1 else _codes_title(columns[0])
    drawings = alone(_codes_drawing(each, place) for place, each in enumerate(columns[:MOST_DRAWN]))
    tables = tuple(_codes_table(each) for each in columns)
    return Section("codes", title, _CODES, drawings, tables)


def _codes_title(column: ColumnProfile) -> str:
    codes = column.codes or Tallies()
    first = codes.shown[0]
    return f"{column.name}: {words.share(codes.share(first.label))} are {first.label}"


def _codes_drawing(column: ColumnProfile, place: int) -> Drawing:
    codes = column.codes or Tallies()
    title = _codes_title(column)
    bars = [
        Bar(t.label, codes.share(t.label), words.share(codes.share(t.label)))
        for t in codes.shown[:MOST_CODES_DRAWN]
    ]
    told = "One bar a code: its share of the filled rows."
    return Drawing(lying(f"codes-{place}", title, told, bars), title)


def _codes_table(column: ColumnProfile) -> Table:
    codes = column.codes or Tallies()
    rows = [(tally.label, f"{tally.rows:,}", words.share(codes.share(tally.label))) for tally in codes.shown]
    if codes.pooled:
        rows.append((words.pool(codes, "value"), words.count(codes.pooled_rows), ""))
    return Table(f"{column.name}: codes", ("Code", "Rows", "Share"), tuple(rows))
