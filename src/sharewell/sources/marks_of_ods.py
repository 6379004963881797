"""What an .ods workbook says beside its values: the elements of its content, one after the other."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import IO, Final
from xml.parsers import expat

from sharewell.sources.marks import Marks

_BLOCK: Final = 1 << 20
_MOST_ROWS: Final = 1 << 20
_MOST_COLUMNS: Final = 1 << 14
_MOST_REPEATS: Final = 1000
"""Times that a cell is written once and repeated: more of one error or number is no list."""

_PADDED: Final = re.compile("0[0-9]+")
_CELLS: Final = {"table-cell", "covered-table-cell"}


class _Sheet:
    """Follows the rows and cells of one table."""

    def __init__(self, sheet: str, marks: Marks) -> None:
        self._sheet, self._marks, self._here = sheet, marks, False
        self._row = self._column = self._columns = 0
        self._rows = 1
        self._cell: Mapping[str, str] | None = None
        self._text: list[str] = []

    def start(self, tag: str, values: dict[str, str]) -> None:
        name = tag.rpartition(":")[2]
        told = {key.rpartition(":")[2]: value for key, value in values.items()}
        if name == "table":
            self._here = told.get("name") == self._sheet
            self._row = self._columns = 0
        elif self._here and name == "table-row":
            self._rows, self._column = int(told.get("number-rows-repeated", 1)), 0
            if _is_hidden(told):
                self._marks.hidden_rows |= set(range(self._row, self._row + min(self._rows, _MOST_ROWS)))
        elif self._here and name == "table-column":
            times = int(told.get("number-columns-repeated", 1))
            if _is_hidden(told):
                end = self._columns + min(times, _MOST_COLUMNS)
                self._marks.hidden_columns |= set(range(self._columns, end))
            self._columns += times
        elif self._here and name in _CELLS:
            kinds = {"kind": values.get("calcext:value-type", "")}
            self._cell, self._text = {**told, **kinds}, []

    def text(self, text: str) -> None:
        if self._cell is not None:
            self._text.append(text)

    def end(self, tag: str) -> None:
        name = tag.rpartition(":")[2]
        if name == "table":
            self._here = False
        elif self._here and name == "table-row":
            self._row += self._rows
        elif self._cell is not None and name in _CELLS:
            self._look_at(self._cell, "".join(self._text))
            self._column += int(self._cell.get("number-columns-repeated", 1))
            self._cell = None

    def _look_at(self, cell: Mapping[str, str], shown: str) -> None:
        down, across = (int(cell.get(f"number-{way}-spanned", 1)) for way in ("rows", "columns"))
        if down > 1 or across > 1:
            first = (self._row, self._column)
            self._marks.merged.append((first, (self._row + down - 1, self._column + across - 1)))
        is_error = cell["kind"] == "error"
        is_padded = cell.get("value-type") == "float" and _PADDED.fullmatch(shown)
        if is_error or (is_padded and float(shown) == float(cell.get("value", "nan"))):
            for place in self._places(cell):
                self._marks.errors += is_error
                self._marks.shown[place] = shown

    def _places(self, cell: Mapping[str, str]) -> Iterator[tuple[int, int]]:
        times = min(int(cell.get("number-columns-repeated", 1)), _MOST_REPEATS)
        for row in range(min(self._rows, _MOST_REPEATS)):
            yield from ((self._row + row, self._column + column) for column in range(times))


def _is_hidden(told: Mapping[str, str]) -> bool:
    return told.get("visibility") in {"collapse", "filter"}


def look_into_ods(file: IO[bytes], sheet: str, marks: Marks) -> None:
    """Fill in what the content of a workbook says about one sheet's cells. Raises ValueError, ExpatError."""
    parser, looked = expat.ParserCreate(), _Sheet(sheet, marks)
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _no_doctype
    parser.StartElementHandler, parser.EndElementHandler = looked.start, looked.end
    parser.CharacterDataHandler = looked.text
    while block := file.read(_BLOCK):
        parser.Parse(block, False)
    marks.is_seen = True


def _no_doctype(*_: object) -> None:
    raise ValueError("a document type")
