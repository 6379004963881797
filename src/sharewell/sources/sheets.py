"""The header of a sheet, of one row or two, and what its merged cells say about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sharewell.sources.groups import is_pair, join_if_needed, join_names
from sharewell.sources.headings import Header, Row, best_header, name_columns, name_columns_of
from sharewell.sources.rules import filled, is_heading, normal_heading

Cells = Sequence[str]
Merged = Sequence[tuple[tuple[int, int], tuple[int, int]]]
"""Ranges of merged cells: the first and the last cell of each as row and column, counted from 0."""


@dataclass(frozen=True)
class SheetHeader:
    """A sheet's header: its first and last row, counted from 0, its width and the names of its columns.

    ``rows`` holds the cells of a header of two rows, each of which may stand again in the body.
    """

    first: int
    last: int
    width: int
    columns: tuple[str, ...]
    rows: tuple[Cells, ...] = ()


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
        spans = [_across(item) for item in merged if item[0][0] == upper]
        if is_pair(groups, names, spans):
            return _paired(upper, join_names(groups, names, spans), (groups, names), name)
    if place and (joined := join_if_needed(rows[place - 1], rows[place])):
        pair = _padded(rows[place - 1], found.width), _padded(rows[place], found.width)
        return _paired(place - 1, _padded(joined, found.width), pair, name)
    return SheetHeader(place, place, found.width, name_columns(found, name))


def _paired(upper: int, joined: Cells, pair: tuple[Cells, Cells], name: str) -> SheetHeader:
    return SheetHeader(upper, upper + 1, len(joined), name_columns_of(joined, name), pair)


def _across(item: tuple[tuple[int, int], tuple[int, int]]) -> tuple[int, int]:
    """Return the columns that a range of merged cells covers, the last one after its end."""
    return item[0][1], item[1][1] + 1


def _padded(cells: Cells, width: int) -> list[str]:
    return [*cells, *[""] * (width - len(cells))][:width]
