"""The physical lines of JSON and XML, where lines mean nothing: each counted once, by what stands on it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from enum import IntEnum
from typing import Final

from sharewell.vocab.errors import RowsNotConserved, Where


class LineFate(IntEnum):
    """What stands on a line, the least telling first: the most telling counts.

    ``AROUND`` is what stands around the records: brackets, keys, a declaration, closing tags, other elements.
    """

    BLANK = 0
    AROUND = 1
    CONTINUATION = 2
    SET_ASIDE = 3
    RECORD = 4


WHITE: Final = " \t\r\n\x1a\x1e\ufeff"


class LineAccount:
    """Counts lines while a text goes by, piece by piece, each piece an item or what stands around items.

    A line on which a record begins counts as ``record``, or as ``set_aside`` where only such items begin on
    it; a line inside an item that began above as ``continuation``; then ``around`` and ``blank``. Records
    may share a line, so that ``record`` may be less than the records.
    """

    def __init__(self) -> None:
        """Begin before the first line."""
        self._counts: Counter[LineFate] = Counter()
        self._fate = LineFate.BLANK
        self._has_begun = False
        self._there, self._is_open = 0, False
        self.line = 1

    def watch(self, blocks: Iterable[str]) -> Iterator[str]:
        """Return blocks of text as they are, counting their lines, so that ``close`` has what to hold to."""
        for block in blocks:
            self._there += block.count("\n")
            self._is_open = not block.endswith("\n")
            yield block

    def around(self, text: str) -> None:
        """Pass over text between items."""
        first, *others = text.split("\n")
        self._pass(first)
        for part in others:
            self._end_line()
            self._pass(part)

    def _pass(self, part: str) -> None:
        self._has_begun |= bool(part)
        if part.strip(WHITE):
            self._fate = max(self._fate, LineFate.AROUND)

    def item(self, text: str, fate: LineFate) -> int:
        """Pass over one item; return the line it begins on, counted from 1."""
        line, ends = self.line, text.count("\n")
        self._fate, self._has_begun = max(self._fate, fate), True
        if ends:
            self._end_line()
            self._counts[LineFate.CONTINUATION] += ends - 1
            self.line += ends - 1
            if not text.endswith("\n"):
                self._fate, self._has_begun = LineFate.CONTINUATION, True
        return line

    def _end_line(self) -> None:
        self._counts[self._fate] += 1
        self._fate, self._has_begun = LineFate.BLANK, False
        self.line += 1

    def close(self, file: str) -> None:
        """End the last line and hold the count to the lines that went by. Raises RowsNotConserved."""
        if self._has_begun:
            self._end_line()
        there = self._there + self._is_open
        if self._counts.total() != there:
            raise RowsNotConserved(
                f"The file has {there} lines and the reader accounts for {self._counts.total()}.",
                "Nothing was kept. Please report this with the file's shape, never its content.",
                Where(file=file),
            )

    def named(self) -> dict[str, int]:
        """Return the lines by the name of their fate, those that occur."""
        return {fate.name.lower(): self._counts[fate] for fate in LineFate if self._counts[fate]}


def plain_ends(text: str) -> str:
    """Return text with every line end as one line feed."""
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text
