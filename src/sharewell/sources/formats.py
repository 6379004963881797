"""What kind of file it is, by its content first and its name last."""

from __future__ import annotations

import hashlib
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

from sharewell.sources.archives import MOST_WORKBOOK, Content, choose_member, refuse_bomb, unwrap_gzip
from sharewell.vocab.errors import FileEmpty, FileMissing, FileUnreadable, FormatUnknown, Where
from sharewell.vocab.step import Note

HEAD: Final = 1 << 20
"""Bytes looked at to decide what a file is."""


class Format(StrEnum):
    """The formats that are read."""

    CSV = "csv"
    XLSX = "xlsx"
    XLS = "xls"
    XLSB = "xlsb"
    ODS = "ods"
    JSON = "json"
    XML = "xml"
    PARQUET = "parquet"

    @property
    def is_workbook(self) -> bool:
        """Return whether the file is a workbook with sheets."""
        return self in {Format.XLSX, Format.XLS, Format.XLSB, Format.ODS}


@dataclass(frozen=True)
class Found:
    """What a file is: its format, its content, its first bytes (unpacked) and the hash of all its bytes.

    ``part`` names the sheet, element or key to read, where a person named one. ``changed_at`` is the file
    system's word on when the file last changed: nanoseconds, and which file it is.
    """

    path: Path
    format: Format
    content: Content
    head: bytes
    sha256: str
    part: str | None
    changed_at: tuple[int, int, int]

    def blocks(self) -> Iterator[bytes]:
        """Return the list's bytes in blocks, unpacked. Raises FileUnreadable, FileTooLarge."""
        return self.content.blocks()

    def notes(self) -> tuple[Note, ...]:
        """Return what people should know of how the list was wrapped, or linked to."""
        notes = []
        if self.path.is_symlink():
            text = f"The name is a link; the file it leads to, '{self.path.resolve().name}', was read."
            notes.append(Note("symlink", text))
        if self.content.others:
            others = ", ".join(f"'{name}'" for name in self.content.others[:20])
            text = f"The zip's '{self.content.member}' was read; not read: {others}."
            notes.append(Note("other_files", text, len(self.content.others)))
        return tuple(notes)


_TEXT_NAMES: Final = {"", ".csv", ".tsv", ".tab", ".txt", ".psv", ".dat", ".json", ".jsonl", ".ndjson"}
_BINARY: Final = (
    *(
        b"\x89PNG",
        b"%PDF",
        b"\xff\xd8\xff",
        b"GIF8",
        b"BM6",
        b"II*\0",
        b"MM\0*",
        b"7z\xbc\xaf",
        b"Rar!",
        b"\x7fELF",
    ),
    *(b"SQLite format 3", b"Obj\x01", b"BZh", b"\xfd7zXZ", b"\x28\xb5\x2f\xfd", b"{\\rtf", b"ARROW1"),
)
_MARKUP: Final = (b"<!doctype html", b"<html", b"<table")
_XML: Final = re.compile(rb"<\?xml\b|<!--|<!DOCTYPE\b|<[A-Za-z_][\w:.-]*(\s[^<>]*)?>\s*<[A-Za-z_]")
_OFFICE: Final = ("xl/", "word/", "ppt/")
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def find_format(path: Path, part: str | None = None) -> Found:
    """Decide what a file is. ``part`` names a sheet, or a zip's member with ``#`` and the sheet after it.

    Raises FileMissing, FileEmpty, FileUnreadable (cut short, locked, binary named as text), FormatUnknown,
    FileTooLarge (a zip bomb), SeveralLists, UnknownColumn (no such member).
    """
    _require_file(path)
    content = Content(path, path.stat().st_size)
    changed_at = _changed_at(path)
    with content.file() as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    head = _first_bytes(content)
    if head.startswith(b"\x1f\x8b"):
        content = unwrap_gzip(path, content.size)
    elif head.startswith((b"PK\x03\x04", b"PK\x05\x06")) and _format_of_zip(content) is None:
        content, part = _open_zip(content, part)
    if content.wrap:
        head = _first_bytes(content)
    return Found(path, _format_of(content, head), content, head, sha256, part, changed_at)


def check_unchanged(found: Found) -> tuple[Note, ...]:
    """Return a note when the file grew while it was read; what was there at the start has been read.

    Raises FileUnreadable when what was there has changed.
    """
    if _changed_at(found.path) == found.changed_at:
        return ()
    is_text = found.format in {Format.CSV, Format.JSON, Format.XML}
    with found.content.file() as file:
        same = hashlib.file_digest(file, "sha256").hexdigest() == found.sha256
    if not (same and is_text and not found.content.wrap):
        raise FileUnreadable(
            "The file changed while it was read.",
            "Wait until it is complete, or read a copy of it.",
            Where(file=found.path.name),
        )
    return (Note("file_grew", "The file grew while it was read; what was there at the start was read."),)


def _changed_at(path: Path) -> tuple[int, int, int]:
    there = path.stat() if path.exists() else None
    return (there.st_size, there.st_mtime_ns, there.st_ino) if there else (-1, -1, -1)


def _open_zip(content: Content, part: str | None) -> tuple[Content, str | None]:
    """Choose the member of a zip; what is left of ``part`` names a sheet inside it."""
    path, size = content.path, content.size
    with zipfile.ZipFile(content.file()) as archive:
        names = archive.namelist()
    member, _, inner = (part or "").partition("#")
    if part in names:
        return choose_member(path, size, part), None
    if member in names:
        return choose_member(path, size, member), inner or None
    return choose_member(path, size, None), part


def _require_file(path: Path) -> None:
    where = Where(file=path.name)
    if path.is_dir():
        raise FileUnreadable("This is a folder, not a file.", "Name one file inside it.", where)
    if not path.exists():
        what = "This is a link that leads to no file." if path.is_symlink() else "There is no such file."
        raise FileMissing(what, "Check the name and the folder, then run again.", where)
    if not path.is_file():
        raise FileUnreadable(
            "This is not an ordinary file.", "Copy its content to a file and name that.", where
        )
    try:
        size = path.stat().st_size
        path.open("rb").close()
    except OSError:
        raise FileUnreadable(
            "The file may not be opened by this account.", "Ask its owner for leave to read it.", where
        ) from None
    if not size:
        raise FileEmpty("The file is empty (0 bytes).", "Ask the sender to send it again.", where)


def _first_bytes(content: Content) -> bytes:
    return next(content.blocks(HEAD), b"")


def _format_of(content: Content, head: bytes) -> Format:
    path = content.path
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06", b"\x1f\x8b")):
        return _workbook_or_nested(content, head)
    if head.startswith(_OLE):
        return _format_of_ole(content)
    if head.startswith(b"PARE"):
        raise FileUnreadable(
            "The file is encrypted Parquet.", "Ask the sender for it without a key.", Where(path.name)
        )
    if head.startswith(b"PAR1"):
        return Format.PARQUET
    if head.startswith(_BINARY) or head[257:262] == b"ustar":
        raise _refuse_binary(path)
    return _format_of_text(content, head)


def _workbook_or_nested(content: Content, head: bytes) -> Format:
    kind = None if head.startswith(b"\x1f\x8b") else _format_of_zip(content)
    if kind is None:
        raise FileUnreadable(
            "There is a compressed file inside the compressed file.",
            "Unpack the outer one and read what is inside.",
            Where(file=content.path.name),
        )
    return kind


def _format_of_text(content: Content, head: bytes) -> Format:
    start = head[:4096].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    names = {suffix.lower() for name in (content.path.name, content.member) for suffix in Path(name).suffixes}
    if start[:1024].lower().startswith(_MARKUP) or b"<html" in start[:1024].lower():
        raise _unknown(content.path)
    if _XML.match(start) or (start.startswith(b"<") and ".xml" in names):
        return Format.XML
    if {".json", ".jsonl", ".ndjson"} & names or _is_json(start):
        return Format.JSON
    return Format.CSV


def _refuse_binary(path: Path) -> FileUnreadable | FormatUnknown:
    inner = path.with_suffix("") if path.suffix in {".gz", ".zip"} else path
    if inner.suffix.lower() in _TEXT_NAMES - {""}:
        return FileUnreadable(
            f"The file is named {inner.suffix} but does not hold text.",
            "Ask the sender to export the list as CSV or as an Excel workbook.",
            Where(file=path.name),
        )
    return _unknown(path)


def _unknown(path: Path) -> FormatUnknown:
    return FormatUnknown(
        "The file's format is none that sharewell reads.",
        "Send CSV, TSV, fixed width, Excel (.xlsx .xls .xlsb .ods), JSON, XML or Parquet.",
        Where(file=path.name),
    )


def _format_of_zip(content: Content) -> Format | None:
    """Return which workbook a zip is, or None for a zip of files. Raises FormatUnknown for others."""
    path = content.path
    try:
        with content.file() as file, zipfile.ZipFile(file) as archive:
            members = archive.infolist()
            names = {info.filename for info in members}
            kind = archive.read("mimetype")[:200] if "mimetype" in names else b""
    except (zipfile.BadZipFile, OSError, zlib.error, EOFError, NotImplementedError, RuntimeError):
        what = "zip" if path.suffix.lower() == ".zip" else "workbook"
        raise FileUnreadable(
            f"The {what} is damaged or cut short.", "Ask the sender to send it again.", Where(file=path.name)
        ) from None
    if not (kind or "[Content_Types].xml" in names or any(name.startswith(_OFFICE) for name in names)):
        return None
    refuse_bomb(sum(info.file_size for info in members), content.size, MOST_WORKBOOK, path)
    if b"opendocument.spreadsheet" in kind:
        return Format.ODS
    if "xl/workbook.bin" in names:
        return Format.XLSB
    if any(name.startswith("xl/") for name in names):
        return Format.XLSX
    raise _unknown(path)


def _format_of_ole(content: Content) -> Format:
    marks = [word.encode("utf-16-le") for word in ("EncryptedPackage", "WordDocument")]
    met, tail = set[int](), b""
    for block in content.blocks():
        met |= {place for place, mark in enumerate(marks) if mark in tail + block}
        tail = block[-64:]
    if 0 in met:
        raise FileUnreadable(
            "The workbook is locked with a password.",
            "Save it without a password (in Excel: File, Info, Protect Workbook), then run again.",
            Where(file=content.path.name),
        )
    if 1 in met:
        raise _unknown(content.path)
    return Format.XLS


def _is_json(start: bytes) -> bool:
    plain = start[:512].replace(b" ", b"").replace(b"\n", b"").replace(b"\r", b"").replace(b"\t", b"")
    return plain.startswith((b'{"', b"[{", b"{}"))
