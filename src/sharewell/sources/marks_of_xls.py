"""What an .xls workbook (Excel 97 to 2003) says beside its values, by its records ([MS-XLS])."""

from __future__ import annotations

import struct
from collections.abc import Callable, Container, Iterator, Mapping
from contextlib import suppress
from typing import IO, Final

from sharewell.sources.marks import Marks, number_of_rk, zeros_of
from sharewell.sources.ole import NotOle, read_stream

_BOF, _EOF = 0x0809, 0x000A
_SHEET_AT, _FORMAT, _STYLE = 0x0085, 0x041E, 0x00E0
_EXCEL_97: Final = 0x0600
_CELLS: Final = frozenset({0x0203, 0x027E, 0x00BD, 0x0205, 0x0006, 0x00FD, 0x0204, 0x00D6})
_LAST_COLUMN: Final = 255
Handler = Callable[[bytes, Marks, Mapping[int, int]], None]


def look_into_xls(file: IO[bytes], sheet: str, marks: Marks) -> None:
    """Fill in what the file says about one sheet's cells. Raises NotOle (damaged, or before Excel 97)."""
    text = read_stream(file, ("Workbook",))
    zeros: dict[int, int] = {}
    start = _look_at_the_book(text, sheet, zeros)
    try:
        for kind, content in _records(text, start):
            if handle := _HANDLERS.get(kind):
                handle(content, marks, zeros)
    except struct.error:
        raise NotOle from None
    marks.is_seen = True


def _records(text: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    """Return the records from a place to the end of their part."""
    depth = 0
    while at + 4 <= len(text):
        kind, size = struct.unpack_from("<HH", text, at)
        depth += (kind == _BOF) - (kind == _EOF)
        if not depth:
            return
        if depth == 1:  # a chart inside the sheet has records of its own
            yield kind, text[at + 4 : at + 4 + size]
        at += 4 + size
    raise NotOle


def has_stray_columns(file: IO[bytes]) -> bool:
    """Return whether a cell stands right of the last column there can be: such a file is damaged.

    A reader that believes it would make a vast sheet. A file that is no compound file has none.
    """
    try:
        text = read_stream(file, ("Workbook", "Book"))
        starts = [struct.unpack_from("<I", content)[0] for content in _contents(text, 0, {_SHEET_AT})]
        places = (
            struct.unpack_from("<H", each, 2)[0] for at in starts for each in _contents(text, at, _CELLS)
        )
        return any(place > _LAST_COLUMN for place in places)
    except (NotOle, struct.error):
        return False


def _contents(text: bytes, at: int, kinds: Container[int]) -> Iterator[bytes]:
    """Return the contents of some kinds of records, as far as there are any."""
    with suppress(NotOle):
        yield from (content for kind, content in _records(text, at) if kind in kinds)


def _look_at_the_book(text: bytes, sheet: str, zeros: dict[int, int]) -> int:
    """Return where a sheet begins, and note the styles that show zeros in front, with their digits."""
    codes: dict[int, int] = {}
    start, style = None, 0
    try:
        for kind, content in _records(text, 0):
            if kind == _BOF and struct.unpack_from("<H", content)[0] != _EXCEL_97:
                raise NotOle
            if kind == _FORMAT:
                codes[struct.unpack_from("<H", content)[0]] = zeros_of(_text(content, 2, "<HB"))
            elif kind == _STYLE:
                zeros[style] = codes.get(struct.unpack_from("<H", content, 2)[0], 0)
                style += 1
            elif kind == _SHEET_AT and _text(content, 6, "<BB") == sheet:
                [start] = struct.unpack_from("<I", content)
    except struct.error:
        raise NotOle from None
    if start is None:
        raise NotOle
    return int(start)


def _text(content: bytes, at: int, lead: str) -> str:
    """Return a text that begins with its length and whether its letters have two bytes."""
    length, wide = struct.unpack_from(lead, content, at)
    at += struct.calcsize(lead)
    size = length * 2 if wide & 1 else length
    return content[at : at + size].decode("utf-16-le" if wide & 1 else "latin-1", "replace")


def _row(content: bytes, marks: Marks, zeros: Mapping[int, int]) -> None:
    if struct.unpack_from("<H", content, 12)[0] & 0x20:
        marks.hidden_rows.add(struct.unpack_from("<H", content)[0])


def _columns(content: bytes, marks: Marks, zeros: Mapping[int, int]) -> None:
    first, last, _, _, flags = struct.unpack_from("<HHHHH", content)
    if flags & 1:
        marks.hidden_columns |= set(range(first, last + 1))


def _number(content: bytes, marks: Marks, zeros: Mapping[int, int]) -> None:
    row, column, style, value = struct.unpack_from("<HHHd", content)
    if zeros.get(style):
        marks.note_number(row, column, value, zeros[style])


def _packed(content: bytes, marks: Marks, zeros: Mapping[int, int]) -> None:
    row, column, style, packed = struct.unpack_from("<HHHI", content)
    if zeros.get(style):
        marks.note_number(row, column, number_of_rk(packed), zeros[style])


def _many_packed(content: bytes, marks: Marks, zeros: Mapping[int, int]) -> None:
    row, first = struct.unpack_from("<HH", content)
    for place in range((len(content) - 6) // 6):
        style, packed = struct.unpack_from("<HI", content, 4 + 6 * place)
        if zeros.get(style):
            marks.note_number(row, first + place, number_of_rk(packed), zeros[style])


def _error(content: bytes, marks: Marks, zeros: Mapping[int, int]) -> None:
    row, column, _, code, is_error = struct.unpack_from("<HHHBB", content)
    if is_error:
        marks.note_error(row, column, code)


def _formula(content: bytes, marks: Marks, zeros: Mapping[int, int]) -> None:
    row, column, style, value, code, end = struct.unpack_from("<HHHBxB3xH", content)
    if end == 0xFFFF:
        if value == 2:
            marks.note_error(row, column, code)
    elif zeros.get(style):
        [number] = struct.unpack_from("<d", content, 6)
        marks.note_number(row, column, number, zeros[style])


_HANDLERS: Final[Mapping[int, Handler]] = {
    0x0208: _row,
    0x007D: _columns,
    0x0203: _number,
    0x027E: _packed,
    0x00BD: _many_packed,
    0x0205: _error,
    0x0006: _formula,
}
