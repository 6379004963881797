"""How much memory a sheet will take, looked at before it is loaded: a small file can hold a vast sheet.

A sheet is loaded as a rectangle from its first filled cell to its last, so that one stray cell far out fills
the memory; and every cell gets its own copy of a text that the file holds once.
"""

from __future__ import annotations

import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from typing import IO, Final

from sharewell.sources.formats import Format, Found
from sharewell.sources.marks_of_xlsb import TooLarge, reach, sheet_part
from sharewell.sources.open_book import damaged
from sharewell.sources.reach_of_ods import reaches
from sharewell.sources.sheet_marks import DAMAGED, part_of, targets_in
from sharewell.vocab.errors import FileTooLarge, Where

MOST_CELLS: Final = 1 << 26
"""Cells of a sheet's rectangle: a full sheet of a million rows and 64 columns."""

MOST_TEXT: Final = 4 << 30
"""Bytes that the texts of a sheet's cells come to, each cell's counted."""

_BLOCK: Final = 1 << 20
_NARROW: Final = MOST_CELLS >> 20
"""Columns that any number of rows may have."""

_WIDE_CELL: Final = re.compile(rb"<(?:\w+:)?c\b[^<>]*?\br=\"([A-Z]{2,3})[0-9]{1,7}\"[^<>]*(?<!/)>")
_CELL: Final = re.compile(rb"<(?:\w+:)?c\b")
_PLACED: Final = re.compile(rb"<(?:\w+:)?c\b[^<>]*\br=")
_NEW_ROW: Final = re.compile(rb"<(?:\w+:)?row\b")
_ROW: Final = re.compile(rb"\br=\"[A-Z]{0,3}([0-9]{1,7})\"")
_FAR_ROW: Final = re.compile(rb"\br=\"[A-Z]{0,3}([0-9]{7,9})\"")
_LAST_ROW: Final = 1 << 20
_SHARED: Final = re.compile(rb"<(?:\w+:)?c\b[^<>]*\bt=\"s\"[^<>]*>\s*<(?:\w+:)?v>([0-9]{1,9})<")
_SMALLEST_CELL: Final = 15


def require_room(found: Found, sheet: str) -> None:
    """Refuse a sheet that would fill the memory, or that is damaged.

    One that cannot be looked into is left to the reader. Raises FileTooLarge, FileUnreadable.
    """
    rows = columns = text = 0
    look = _LOOKS.get(found.format)
    try:
        with found.content.file() as file:
            if look:
                rows, columns, text = look(file, sheet)
    except (TooLarge, KeyError, StopIteration):
        return
    except DAMAGED:
        raise damaged(found.path.name) from None
    _refuse_if_vast(found, sheet, rows, columns, text)


def require_room_to_open(found: Found) -> None:
    """Refuse an .ods workbook that would fill the memory as soon as it is opened, all its sheets at once.

    Raises FileTooLarge. One that is damaged or locked is left to the reader.
    """
    if found.format is not Format.ODS:
        return
    with (
        suppress(*DAMAGED),
        found.content.file() as file,
        zipfile.ZipFile(file) as archive,
        archive.open("content.xml") as content,
    ):
        for sheet, rows, columns, text in reaches(content):
            _refuse_if_vast(found, sheet, rows, columns, text)


def _refuse_if_vast(found: Found, sheet: str, rows: int, columns: int, text: int) -> None:
    if rows * columns > MOST_CELLS:
        raise FileTooLarge(
            f"The sheet '{sheet}' reaches over {rows:,} rows and {columns:,} columns, which no list does.",
            "Delete stray cells far right or far down (Ctrl+End shows the last one), save, then run again.",
            Where(file=found.path.name),
        )
    if text > MOST_TEXT:
        raise FileTooLarge(
            f"The texts of the sheet '{sheet}' come to more than {MOST_TEXT >> 30} GB, which no list does.",
            "Ask the sender to export the list as CSV.",
            Where(file=found.path.name),
        )


def _look_into_xlsx(file: IO[bytes], sheet: str) -> tuple[int, int, int]:
    with zipfile.ZipFile(file) as archive:
        part = part_of(archive, sheet)
        return *_reach(archive, part), _text(archive, part)


def _look_into_xlsb(file: IO[bytes], sheet: str) -> tuple[int, int, int]:
    with zipfile.ZipFile(file) as archive:
        return *reach(sheet_part(archive, sheet, targets_in(archive, "workbook.bin"))), 0


_LOOKS: Final = {Format.XLSX: _look_into_xlsx, Format.XLSB: _look_into_xlsb}


def _overlapping(file: IO[bytes]) -> Iterator[bytes]:
    """Return a part in blocks, each with the tag that the last one broke off in."""
    rest = b""
    while block := file.read(_BLOCK):
        block = rest + block
        at = block.rfind(b"<") if len(block) < 2 * _BLOCK else len(block)
        yield block[:at]
        rest = block[at:]
    yield rest


def _reach(archive: zipfile.ZipFile, part: str) -> tuple[int, int]:
    """Return how many rows and columns a sheet's filled cells reach over; rows are not counted where few."""
    wide: set[bytes] = set()
    far = 0
    with archive.open(part) as file:
        for text in _overlapping(file):
            if _CELL.search(text) and not _PLACED.search(text):
                return _reach_by_counting(archive, part)
            wide.update(_WIDE_CELL.findall(text))
            far = max(far, *map(int, _FAR_ROW.findall(text)), 0)
    columns = max(map(_column, wide), default=_NARROW)
    if columns <= _NARROW and far <= _LAST_ROW:
        return 0, columns
    rows = 0
    with archive.open(part) as file:
        for text in _overlapping(file):
            rows = max(rows, *map(int, _ROW.findall(text)), 0)
    return rows, columns


def _reach_by_counting(archive: zipfile.ZipFile, part: str) -> tuple[int, int]:
    """Return how far the cells of a sheet reach that do not say where they stand."""
    rows = columns = open_row = 0
    with archive.open(part) as file:
        for text in _overlapping(file):
            first, *others = _NEW_ROW.split(text)
            open_row += len(_CELL.findall(first))
            for piece in others:
                columns, open_row = max(columns, open_row), len(_CELL.findall(piece))
            rows += len(others)
    return rows, max(columns, open_row)


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _text(archive: zipfile.ZipFile, part: str) -> int:
    """Return about how many bytes the cells' shared texts come to, or 0 where it plainly is not much."""
    name = "xl/sharedStrings.xml"
    if name not in archive.namelist():
        return 0
    sizes = _sizes(archive, name)
    if max(sizes, default=0) * (archive.getinfo(part).file_size // _SMALLEST_CELL) <= MOST_TEXT:
        return 0
    used: Counter[bytes] = Counter()
    with archive.open(part) as file:
        for text in _overlapping(file):
            used.update(_SHARED.findall(text))
    return sum(sizes[int(place)] * times for place, times in used.items() if int(place) < len(sizes))


def _sizes(archive: zipfile.ZipFile, name: str) -> list[int]:
    """Return the sizes of the shared texts, in order."""
    sizes: list[int] = []
    open_size = 0
    with archive.open(name) as file:
        for text in _overlapping(file):
            first, *others = text.split(b"si>")
            open_size += len(first)
            for piece in others:
                sizes.append(open_size)
                open_size = len(piece)
    return sizes[1::2]
