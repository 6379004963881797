"""The header of a sheet, of one row or two, and what its merged cells say about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sharewell.sources.headings import Header, Row, best_header, name_columns, name_columns_of
from sharewell.sources.rules import are_headings, filled, is_heading, normal_heading

Cells = Sequence[str]
Merged = Sequence[tuple[tuple[int, int], tuple[int, int]]]
"""Ranges of merged cells: the first and the last cell of each as row and column, counted from 0."""


@dataclass(frozen=True)
class SheetHeader:
    """A sheet's header: its first and last row, counted from 0, its width and the names of its columns."""

    first: int
    last: int
    width: int
    columns: tuple[str, ...]


def wide_header(rows: Sequence[Cells], known: frozenset[str]) -> Header | None:
    """Return the row that reads most like a header of two or more columns."""
    return best_header([Row(place, place, row) for place, row in enumerate(rows)], known)


def single_header(rows: Sequence[Cells], known: frozenset[str]) -> Header | None:
    """Return the heading of a sheet that has one column and nothing else."""
    used = [Row(place, place, row) for place, row in enumerate(rows) if filled(row)]
    if not used or any(len(row.cells) > 1 for row in used):
        return None
    row = next((row for row in used if normal_heading(row.cells[0]) in known), used[0])
    return Header(row, 1, 1, len(used)) if is_heading(row.cells[0]) else None


def whole_header(found: Header, rows: Sequence[Cells], merged: Merged, name: str) -> SheetHeader:
    """Return a header with the row of groups above it, or of columns below it, where there is one.

    A group's name goes to every column it spans: ``Address - Postcode``. Raises HeaderDuplicate.
    """
    place = found.row.first
    for upper in (place, place - 1):
        if upper < 0 or upper + 1 >= len(rows):
            continue
        groups, names = _padded(rows[upper], found.width), _padded(rows[upper + 1], found.width)
        if is_pair(groups, names, [_across(item) for item in merged if item[0][0] == upper]):
            joined = join_names(groups, names, [_across(item) for item in merged if item[0][0] == upper])
            return SheetHeader(upper, upper + 1, found.width, name_columns_of(joined, name))
    return SheetHeader(place, place, found.width, name_columns(found, name))


def _across(item: tuple[tuple[int, int], tuple[int, int]]) -> tuple[int, int]:
    """Return the columns that a range of merged cells covers, the last one after its end."""
    return item[0][1], item[1][1] + 1


def _padded(cells: Cells, width: int) -> list[str]:
    return [*cells, *[""] * (width - len(cells))][:width]


def is_pair(groups: Cells, names: Cells, merged: Sequence[tuple[int, int]]) -> bool:
    """Return whether two rows are one header: groups of columns above, their names below.

    Merged cells that span some columns, not all, say so. Without them (not every format tells) it takes two
    groups with room beside each, a name under every column and no column without one.
    """
    named, above = filled(names), filled(groups)
    if not above or len(named) < 2 or not are_headings(named) or not are_headings(above):
        return False
    if not all(group.strip() or name.strip() for group, name in zip(groups, names, strict=True)):
        return False
    spanning = [pair for pair in merged if 1 < pair[1] - pair[0] < len(groups) and groups[pair[0]].strip()]
    if spanning:
        return all(any(names[place].strip() for place in range(*pair)) for pair in spanning)
    return len(_roomy(groups, names)) >= 2


def _roomy(groups: Cells, names: Cells) -> list[int]:
    """Return the groups with an empty cell to the right that has a name under it."""
    places = range(len(groups) - 1)
    return [
        at
        for at in places
        if groups[at].strip() and names[at].strip() and not groups[at + 1].strip() and names[at + 1].strip()
    ]


def join_names(groups: Cells, names: Cells, merged: Sequence[tuple[int, int]]) -> list[str]:
    """Return the names of the columns under two rows of a header: ``Group - Name``, or the one there is."""
    spans = dict(merged)
    joined, group, until = list[str](), "", len(groups)
    for place, (above, name) in enumerate(zip(groups, names, strict=True)):
        if above.strip():
            group, until = above.strip(), spans.get(place, place + 1 if spans else len(groups))
        elif place >= until:
            group = ""
        joined.append(
            f"{group} - {name.strip()}" if group and name.strip() else name.strip() or above.strip()
        )
    return joined
