"""What a workbook says about its cells beside their values: what is hidden, how a number is shown, errors.

Calamine gives values alone. What people saw is in the XML inside .xlsx and .ods files, looked through here
as a stream, and in the records of the binary formats (``marks_of_xls.py``, ``marks_of_xlsb.py``).
"""

from __future__ import annotations

import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import suppress
from pathlib import PurePosixPath
from typing import IO, Final
from xml.parsers import expat

from sharewell.sources.formats import Format, Found
from sharewell.sources.marks import Marks, zeros_of
from sharewell.sources.marks_of_ods import look_into_ods
from sharewell.sources.marks_of_xls import look_into_xls
from sharewell.sources.marks_of_xlsb import look_into_xlsb, sheet_part

_BLOCK: Final = 1 << 20
DAMAGED: Final = (
    *(zipfile.BadZipFile, zlib.error, struct.error, expat.ExpatError),
    *(KeyError, ValueError, OSError, EOFError, NotImplementedError, RuntimeError),
)
"""What goes wrong while a damaged workbook is looked into."""
_HIDDEN_ROW: Final = re.compile(rb"<(?:\w+:)?row\b[^>]*\bhidden=\"(?:1|true)\"[^>]*>")
_HIDDEN_COLUMN: Final = re.compile(rb"<(?:\w+:)?col\b[^>]*\bhidden=\"(?:1|true)\"[^>]*>")
_ERROR: Final = re.compile(
    rb"<(?:\w+:)?c\b([^>]*\bt=\"e\"[^>]*)>(?:(?!</(?:\w+:)?c>).)*?<(?:\w+:)?v>([^<]{1,40})<", re.DOTALL
)
_UNVALUED: Final = re.compile(
    rb"<(?:\w+:)?c\b(?![^>]*\bt=\"str\")[^>]*>\s*<(?:\w+:)?f\b[^>]*(?:/>|>[^<]*</(?:\w+:)?f>)\s*"
    rb"(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v></(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)
_PLACE: Final = re.compile(rb"\br=\"([A-Z]{1,3})([0-9]{1,7})\"")


def marks_of(found: Found, sheet: str) -> Marks:
    """Return what the file says about a sheet's cells. A file that cannot be looked into says nothing."""
    marks = Marks(has_macros=_has_macros(found))
    with suppress(*DAMAGED), found.content.file() as file:
        if found.format is Format.XLS:
            look_into_xls(file, sheet, marks)
        else:
            with zipfile.ZipFile(file) as archive:
                _LOOKS[found.format](archive, sheet, marks)
    return marks


def _has_macros(found: Found) -> bool:
    if found.format is Format.XLS:
        mark = "_VBA_PROJECT".encode("utf-16-le")
        return any(mark in block for block in found.content.blocks())
    with found.content.file() as file, zipfile.ZipFile(file) as archive:
        names = archive.namelist()
    return any(name.endswith("vbaProject.bin") or name.startswith("Basic/") for name in names)


def elements(content: bytes | IO[bytes]) -> Iterator[tuple[str, dict[str, str]]]:
    """Return the elements of XML by their local names, in order. A document type is refused."""
    found: list[tuple[str, dict[str, str]]] = []
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = _no_doctype
    parser.StartElementHandler = lambda tag, values: found.append((_local(tag), values))
    blocks = [content] if isinstance(content, bytes) else iter(lambda: content.read(_BLOCK), b"")
    for block in blocks:
        parser.Parse(block, False)
        yield from found
        found.clear()


def _no_doctype(*_: object) -> None:
    raise ValueError("a document type")


def _local(tag: str) -> str:
    return tag.rpartition(":")[2]


def _look_into_xlsx(archive: zipfile.ZipFile, sheet: str, marks: Marks) -> None:
    padded = _padded_styles(archive)
    with archive.open(part_of(archive, sheet)) as file:
        for text in _whole_rows(file):
            _look_at_rows(text, marks)
            for styles, zeros in padded:
                _look_for_zeros(text, styles, zeros, marks)
    marks.is_seen = True


def _look_into_xlsb(archive: zipfile.ZipFile, sheet: str, marks: Marks) -> None:
    look_into_xlsb(archive, sheet_part(archive, sheet, targets_in(archive, "workbook.bin")), marks)


def targets_in(archive: zipfile.ZipFile, book: str) -> dict[str, str]:
    """Return where the parts lie that a workbook is related to, by the names it has for them."""
    links = elements(archive.read(f"xl/_rels/{book}.rels"))
    return {values["Id"]: values["Target"] for tag, values in links if tag == "Relationship"}


def part_of(archive: zipfile.ZipFile, sheet: str) -> str:
    """Return where in the archive a sheet lies."""
    sheets = [values for tag, values in elements(archive.read("xl/workbook.xml")) if tag == "sheet"]
    ids = {values["name"]: _by_local(values, "id") for values in sheets}
    target = targets_in(archive, "workbook.xml")[ids[sheet]]
    return target.lstrip("/") if target.startswith("/") else str(PurePosixPath("xl") / target)


def _by_local(values: dict[str, str], name: str) -> str:
    return next(value for key, value in values.items() if ":" in key and _local(key) == name)


def _padded_styles(archive: zipfile.ZipFile) -> list[tuple[bytes, int]]:
    """Return the styles that show a number with zeros in front, with how many digits each shows."""
    codes: dict[str, int] = {}
    styles: dict[int, list[str]] = {}
    inside, place = False, 0
    content = archive.read("xl/styles.xml") if "xl/styles.xml" in archive.namelist() else b""
    for tag, values in elements(content):
        if tag == "numFmt" and (digits := zeros_of(values.get("formatCode", ""))):
            codes[values["numFmtId"]] = digits
        inside = tag == "cellXfs" or (inside and tag in {"xf", "alignment", "protection", "extLst", "ext"})
        if inside and tag == "xf":
            if values.get("numFmtId") in codes:
                styles.setdefault(codes[values["numFmtId"]], []).append(str(place))
            place += 1
    return [("|".join(ids).encode(), zeros) for zeros, ids in styles.items()]


def _whole_rows(file: IO[bytes]) -> Iterator[bytes]:
    rest = b""
    while block := file.read(_BLOCK):
        rest += block
        at = rest.rfind(b"row>") + 4
        if at > 4:
            yield rest[:at]
            rest = rest[at:]
    yield rest


def _look_at_rows(text: bytes, marks: Marks) -> None:
    if b'hidden="' in text:
        for tag in _HIDDEN_ROW.finditer(text):
            if number := re.search(rb"\br=\"([0-9]+)\"", tag[0]):
                marks.hidden_rows.add(int(number[1]) - 1)
        for tag in _HIDDEN_COLUMN.finditer(text):
            ends = re.findall(rb"\b(?:min|max)=\"([0-9]{1,5})\"", tag[0])
            marks.hidden_columns |= set(range(min(map(int, ends)) - 1, max(map(int, ends))))
    if b't="e"' in text:
        for cell in _ERROR.finditer(text):
            marks.errors += 1
            if place := _place(cell[1]):
                marks.shown[place] = cell[2].decode()
    if b"<f" in text or b":f" in text:
        marks.unvalued += sum(1 for _ in _UNVALUED.finditer(text))


def _look_for_zeros(text: bytes, styles: bytes, zeros: int, marks: Marks) -> None:
    pattern = rb"<(?:\w+:)?c\b([^>]*\bs=\"(?:" + styles + rb")\"[^>]*)>\s*<(?:\w+:)?v>([0-9]{1,15})<"
    for cell in re.finditer(pattern, text):
        place = _place(cell[1])
        if place and len(cell[2]) < zeros and b't="s"' not in cell[1]:
            marks.shown[place] = cell[2].decode().zfill(zeros)


def _place(attributes: bytes) -> tuple[int, int] | None:
    found = _PLACE.search(attributes)
    if not found:
        return None
    column = 0
    for letter in found[1]:
        column = column * 26 + letter - 64
    return int(found[2]) - 1, column - 1


def _look_into_ods(archive: zipfile.ZipFile, sheet: str, marks: Marks) -> None:
    with archive.open("content.xml") as file:
        look_into_ods(file, sheet, marks)


_LOOKS: Final = {
    Format.XLSX: _look_into_xlsx,
    Format.XLSB: _look_into_xlsb,
    Format.ODS: _look_into_ods,
}
