"""How far the sheets of an .ods workbook reach, where a few cells stand for many by being repeated."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO, Final
from xml.parsers import expat

_BLOCK: Final = 1 << 20


class _Sheets:
    """Follows every table: its reach over filled cells, and what its texts come to."""

    def __init__(self) -> None:
        self.done: list[tuple[str, int, int, int]] = []
        self._name, self._rows, self._columns, self._bytes = "", 0, 0, 0
        self._row = self._times = self._column = self._across = 0
        self._is_filled = False

    def start(self, tag: str, values: dict[str, str]) -> None:
        name = tag.rpartition(":")[2]
        if name == "table":
            self._name = values.get("table:name", "")
            self._row = self._rows = self._columns = self._bytes = 0
        elif name == "table-row":
            self._times, self._column = int(values.get("table:number-rows-repeated", 1)), 0
            self._row += self._times
        elif name in {"table-cell", "covered-table-cell"}:
            self._across = int(values.get("table:number-columns-repeated", 1))
            self._column += self._across
            self._is_filled = "office:value-type" in values
            if self._is_filled:
                self._rows, self._columns = self._row, max(self._columns, self._column)

    def text(self, text: str) -> None:
        if self._is_filled:
            self._bytes += len(text) * self._across * self._times

    def end(self, tag: str) -> None:
        name = tag.rpartition(":")[2]
        if name in {"table-cell", "covered-table-cell"}:
            self._is_filled = False
        elif name == "table":
            self.done.append((self._name, self._rows, self._columns, self._bytes))


def reaches(file: IO[bytes]) -> Iterator[tuple[str, int, int, int]]:
    """Return each sheet with the rows and columns it reaches over and the signs of its texts, as it ends.

    Raises ValueError, ExpatError.
    """
    parser, sheets = expat.ParserCreate(), _Sheets()
    parser.StartElementHandler, parser.EndElementHandler = sheets.start, sheets.end
    parser.CharacterDataHandler = sheets.text
    while block := file.read(_BLOCK):
        parser.Parse(block, False)
        yield from sheets.done
        sheets.done.clear()
