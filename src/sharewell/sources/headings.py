"""Where a table starts: its delimiter, the titles above it and its header, from the first lines alone."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

from sharewell.sources.cells import is_well_quoted, split_cells
from sharewell.sources.groups import are_names_below, have_room, join_if_needed
from sharewell.sources.rules import (
    are_headings,
    column_names,
    duplicate_name,
    filled,
    is_heading,
    normal_heading,
)
from sharewell.vocab.errors import HeaderDuplicate, HeaderMissing, Where

DELIMITERS: Final = (",", "\t", ";", "|")
ONE_COLUMN: Final = "\x1f"
"""The delimiter of a file that has none: the ASCII unit separator, which nobody types."""

SAMPLE: Final = 200
"""Lines looked at to find the header."""

_DEEPEST: Final = 50
_DASHES: Final = re.compile(r"\s*:?[-=_─]{3,}:?\s*")
_SEPARATOR_LINE: Final = re.compile(r"sep=(.)")


@dataclass(frozen=True)
class Row:
    """One row of the first lines: its cells, and the lines it came from, counted from 0."""

    first: int
    last: int
    cells: Sequence[str]

    @cached_property
    def filled(self) -> list[str]:
        """Return the cells that are not blank."""
        return filled(self.cells)

    @cached_property
    def extent(self) -> int:
        """Return how many cells there are up to the last filled one."""
        return max((place for place, cell in enumerate(self.cells, 1) if cell.strip()), default=0)


@dataclass(frozen=True)
class Header:
    """A row taken for the header. ``width`` is the number of cells of a good record under it.

    ``score`` is 2 when most of its names are known and the rows below agree with its width, 1 when one of
    these holds; ``agreeing`` counts those rows.
    """

    row: Row
    width: int
    score: int
    agreeing: int


@dataclass(frozen=True)
class Layout:
    """How to read the body: delimiter, column names, and the header's lines counted from 0.

    ``rows`` holds the cells of a header of two rows, groups then names: so each may stand again in the body.
    """

    delimiter: str
    columns: tuple[str, ...]
    first: int
    last: int
    rows: tuple[tuple[str, ...], ...] = ()

    @property
    def width(self) -> int:
        """Return how many cells a good record has."""
        return len(self.columns)


def find_layout(lines: Sequence[str], known: frozenset[str], name: str) -> Layout:
    """Find the delimiter and the header in a file's first lines.

    ``known`` holds headings in normal form that our standards know; they weigh, they do not decide alone.
    Raises HeaderMissing, HeaderDuplicate.
    """
    lines = lines[:SAMPLE]
    delimiters = _told_delimiter(lines) or DELIMITERS
    found = [(best_header(rows_of(lines, sign), known), sign) for sign in delimiters]
    headers = [(header, sign) for header, sign in found if header]
    best = max(headers, key=lambda pair: _preference(pair[0]), default=None)
    single = _single_header(lines, delimiters, known, best is not None)
    header, delimiter = (single, ONE_COLUMN) if single else best or (None, "")
    if header is None:
        raise header_missing(name)
    rows = rows_of(lines, delimiter)
    return _over_ruler(_with_groups(header, rows, known, delimiter, name), rows)


def _over_ruler(layout: Layout, rows: Sequence[Row]) -> Layout:
    """Return the layout with a line of dashes under its header, one run a cell, taken for part of it."""
    below = next((row for row in rows if row.first == layout.last + 1), None)
    if below is None or len(below.filled) < 2 or not all(map(_DASHES.fullmatch, below.filled)):
        return layout
    return replace(layout, last=below.last)


def _with_groups(
    header: Header, rows: Sequence[Row], known: frozenset[str], delimiter: str, name: str
) -> Layout:
    """Return the layout under a header, with the row of groups above it or of names below it."""
    place = next(at for at, row in enumerate(rows) if row.first == header.row.first)
    pairs = [(place - 1, place)] if place else []
    below = rows[place + 1].cells if place + 1 < len(rows) else ()
    body = [row.cells for row in rows[place + 2 :]]
    familiar = _is_familiar(filled(below), known) and have_room(header.row.cells, below)
    # a record in words must never be taken for names: one of them at least has to be a heading that is known
    named = any(normal_heading(cell) in known for cell in filled(below))
    if familiar or (named and are_names_below(header.row.cells, below, body)):
        pairs.append((place, place + 1))
    for upper, lower in pairs:
        groups, names = rows[upper].cells, rows[lower].cells
        if joined := join_if_needed(groups, names):
            width = max(header.width, len(joined))
            columns = name_columns_of([*joined, *[""] * (width - len(joined))], name)
            cells = tuple(tuple(row) for row in (groups, names))
            return Layout(delimiter, columns, rows[upper].first, rows[lower].last, cells)
    return Layout(delimiter, name_columns(header, name), header.row.first, header.row.last)


def _preference(header: Header) -> tuple[int, int, int]:
    return header.score, -header.row.first, header.agreeing * header.width


def header_missing(name: str) -> HeaderMissing:
    """Return the refusal of a table without a header."""
    return HeaderMissing(
        "No line looks like a header: a row of column names, with records of the same width under it.",
        "Put the column names in the line above the first record, then run again.",
        Where(file=name),
    )


def name_columns(header: Header, name: str) -> tuple[str, ...]:
    """Return the names of a header's columns. Raises HeaderDuplicate."""
    cells = [*header.row.cells, *[""] * (header.width - len(header.row.cells))][: header.width]
    return name_columns_of(cells, name)


def name_columns_of(cells: Sequence[str], name: str) -> tuple[str, ...]:
    """Return a header's cells as the names of columns. Raises HeaderDuplicate."""
    columns = column_names(cells)
    if twice := duplicate_name(columns):
        raise HeaderDuplicate(
            f"Two columns have the name '{twice}', so their values cannot be told apart.",
            "Rename one of them in the file, or take it out, then run again.",
            Where(file=name, column=twice),
        )
    return columns


def rows_of(lines: Sequence[str], delimiter: str) -> list[Row]:
    """Split lines into rows, joining those that a quoted line end spreads over several lines."""
    rows, at = list[Row](), 0
    while at < len(lines):
        last = _last_line(lines, at, delimiter)
        rows.append(Row(at, last, split_cells("\n".join(lines[at : last + 1]), delimiter)))
        at = last + 1
    return rows


def _last_line(lines: Sequence[str], at: int, delimiter: str) -> int:
    if lines[at].count('"') % 2 == 0:
        return at
    for last in range(at + 1, min(at + 11, len(lines))):
        if lines[last].count('"') % 2:
            return last if is_well_quoted("\n".join(lines[at : last + 1]), delimiter) else at
    return at


def _told_delimiter(lines: Sequence[str]) -> tuple[str, ...] | None:
    told = _SEPARATOR_LINE.fullmatch(lines[0].strip("\r\n")) if lines else None
    return (told[1],) if told else None


def best_header(rows: Sequence[Row], known: frozenset[str]) -> Header | None:
    """Return the row that reads most like a header of two or more columns: the first of the best."""
    filled_rows = [row for row in rows if row.filled]
    headers = [_as_header(filled_rows, place, known) for place in range(min(len(filled_rows), _DEEPEST))]
    return max((header for header in headers if header), key=lambda header: header.score, default=None)


def _as_header(rows: Sequence[Row], place: int, known: frozenset[str]) -> Header | None:
    row, body = rows[place], rows[place + 1 :]
    names = row.filled
    if len(names) < 2 or not are_headings(names):
        return None
    width = _agreed_width(row, body)
    usual = Counter(other.extent for other in body).most_common(1)
    if len(names) * 2 < (usual[0][0] if usual else row.extent):
        return None
    familiar = _is_familiar(names, known)
    agreeing = sum(len(other.cells) == width for other in body)
    agrees = not body or agreeing * 2 >= min(len(body), 20)
    after_records = any(_is_full(other, width) for other in rows[:place])
    if (after_records and not familiar) or (place and not familiar and not agrees):
        return None
    return Header(row, width, familiar + agrees, agreeing)


def _agreed_width(row: Row, body: Sequence[Row]) -> int:
    """Return the header's width, or the body's where the two differ only by unnamed, unused cells."""
    cells, named = row.cells, row.extent
    usual = Counter(len(other.cells) for other in body).most_common(1)
    if not usual or usual[0][0] == len(cells) or usual[0][0] < named:
        return len(cells) if usual else named
    spare = [cell for other in body for cell in other.cells[len(cells) :] if len(other.cells) == usual[0][0]]
    return usual[0][0] if not any(cell.strip() for cell in spare) else len(cells)


def _is_full(row: Row, width: int) -> bool:
    return len(row.cells) == width and len(row.filled) >= max(2, width * 0.8)


def _single_header(
    lines: Sequence[str], delimiters: Sequence[str], known: frozenset[str], has_wide: bool
) -> Header | None:
    """Return the header of a file of one column, if that is what it is.

    A familiar heading alone in the first filled line wins over a wide header of unfamiliar names, because
    addresses have commas; otherwise one column is what is left when no line is a wide header.
    """
    rows = [row for row in rows_of(lines, ONE_COLUMN) if filled(row.cells)]
    alone = [row for row in rows[:_DEEPEST] if all(sign not in row.cells[0] for sign in delimiters)]
    if not rows or not alone or alone[0] is not rows[0]:
        return None
    familiar = next((row for row in alone if normal_heading(row.cells[0]) in known), None)
    row = familiar or rows[0]
    if has_wide and (familiar is not rows[0] or _has_familiar_wide(lines, delimiters, known)):
        return None
    return Header(row, 1, 1, len(rows)) if is_heading(row.cells[0]) else None


def _has_familiar_wide(lines: Sequence[str], delimiters: Sequence[str], known: frozenset[str]) -> bool:
    wide = [best_header(rows_of(lines, sign), known) for sign in delimiters]
    headings = [filled(header.row.cells) for header in wide if header]
    return any(_is_familiar(names, known) for names in headings)


def _is_familiar(names: Sequence[str], known: frozenset[str]) -> bool:
    """Return whether at least half of the names, and two of them, are headings that our standards know."""
    return sum(normal_heading(name) in known for name in names) >= max(2, len(names) / 2)
