"""What an .xlsb workbook says beside its values, by the records of its parts ([MS-XLSB])."""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Final

from sharewell.sources.marks import Marks, number_of_rk, zeros_of

LARGEST: Final = 64 << 20
"""Bytes of a sheet that are looked into: more would take longer than reading it."""

_FORMAT, _STYLES, _STYLES_END, _STYLE = 44, 617, 618, 47
_SHEET, _ROW, _COLUMNS, _MERGED = 156, 0, 60, 176
_PACKED, _REAL, _WORKED_OUT = 2, 5, 9
_ERRORS: Final = (3, 11)
_CELLS: Final = range(2, 12)


class TooLarge(ValueError):
    """The sheet is larger than what is looked into."""


def records(content: bytes) -> Iterator[tuple[int, int, int]]:
    """Return each record's kind, and where its content begins and ends. Raises ValueError when cut short."""
    at, size = 0, len(content)
    try:
        while at < size:
            kind = content[at]
            at += 1
            if kind & 0x80:
                kind = (kind & 0x7F) | (content[at] & 0x7F) << 7
                at += 1
            length = shift = 0
            while True:
                part = content[at]
                length, at, shift = length | (part & 0x7F) << shift, at + 1, shift + 7
                if part < 0x80 or shift > 21:
                    break
            yield kind, at, at + length
            at += length
    except IndexError:
        raise ValueError("cut short") from None


def sheet_part(archive: zipfile.ZipFile, sheet: str, targets: dict[str, str]) -> bytes:
    """Return a sheet's part. ``targets`` say where each related part lies. Raises KeyError, TooLarge."""
    book = archive.read("xl/workbook.bin")
    for kind, at, _ in records(book):
        if kind == _SHEET:
            relation, after = _text(book, at + 8)
            if _text(book, after)[0] == sheet:
                target = targets[relation]
                name = target.lstrip("/") if target.startswith("/") else str(PurePosixPath("xl") / target)
                if archive.getinfo(name).file_size > LARGEST:
                    raise TooLarge
                return archive.read(name)
    raise KeyError(sheet)


def _text(content: bytes, at: int) -> tuple[str, int]:
    [length] = struct.unpack_from("<I", content, at)
    end = at + 4 + 2 * length
    return content[at + 4 : end].decode("utf-16-le", "replace"), end


def look_into_xlsb(archive: zipfile.ZipFile, content: bytes, marks: Marks) -> None:
    """Fill in what a sheet's part says about its cells. Raises ValueError, KeyError, struct.error."""
    has_styles = "xl/styles.bin" in archive.namelist()
    zeros = _padded_styles(archive.read("xl/styles.bin")) if has_styles else {}
    row = 0
    for kind, at, _ in records(content):
        if kind == _ROW:
            [row] = struct.unpack_from("<I", content, at)
            if content[at + 11] & 0x10:
                marks.hidden_rows.add(row)
        elif kind in _ERRORS:
            marks.note_error(row, struct.unpack_from("<I", content, at)[0], content[at + 8])
        elif kind in (_PACKED, _REAL, _WORKED_OUT):
            column, style = struct.unpack_from("<II", content, at)
            if digits := zeros.get(style & 0xFFFFFF):
                marks.note_number(row, column, _number(kind, content, at + 8), digits)
        elif kind == _COLUMNS:
            first, last = struct.unpack_from("<II", content, at)
            if content[at + 16] & 1:
                marks.hidden_columns |= set(range(first, min(last, 1 << 14) + 1))
        elif kind == _MERGED:
            top, bottom, left, right = struct.unpack_from("<IIII", content, at)
            marks.merged.append(((top, left), (bottom, right)))
    marks.is_seen = True


def _number(kind: int, content: bytes, at: int) -> float:
    if kind == _PACKED:
        return number_of_rk(struct.unpack_from("<I", content, at)[0])
    return float(struct.unpack_from("<d", content, at)[0])


def _padded_styles(content: bytes) -> dict[int, int]:
    """Return the styles that show a number with zeros in front, with how many digits each shows."""
    codes: dict[int, int] = {}
    styles: dict[int, int] = {}
    inside, place = False, 0
    for kind, at, _ in records(content):
        if kind == _FORMAT:
            codes[struct.unpack_from("<H", content, at)[0]] = zeros_of(_text(content, at + 2)[0])
        elif kind in (_STYLES, _STYLES_END):
            inside = kind == _STYLES
        elif kind == _STYLE and inside:
            styles[place] = codes.get(struct.unpack_from("<H", content, at + 2)[0], 0)
            place += 1
    return {style: digits for style, digits in styles.items() if digits}


def reach(content: bytes) -> tuple[int, int]:
    """Return how many rows and columns a sheet's filled cells reach over, counted from the first."""
    row = rows = columns = 0
    for kind, at, _ in records(content):
        if kind == _ROW:
            [row] = struct.unpack_from("<I", content, at)
        elif kind in _CELLS:
            rows = max(rows, row + 1)
            columns = max(columns, struct.unpack_from("<I", content, at)[0] + 1)
    return rows, columns
