"""What kind of file it is, by its content first and its name last."""

from __future__ import annotations

import gzip
import hashlib
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

from sharewell.vocab.errors import FileEmpty, FileMissing, FileUnreadable, FormatUnknown, Where

BLOCK: Final = 8 << 20
"""Bytes read at once: large enough for numpy, small enough for memory."""

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
    PARQUET = "parquet"

    @property
    def is_workbook(self) -> bool:
        """Return whether the file is a workbook with sheets."""
        return self in {Format.XLSX, Format.XLS, Format.XLSB, Format.ODS}


@dataclass(frozen=True)
class Found:
    """What a file is: its format, whether gzip wraps it, its first bytes (unwrapped) and its hash."""

    path: Path
    format: Format
    gzipped: bool
    head: bytes
    sha256: str


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
    *(b"SQLite format 3", b"ORC", b"Obj\x01", b"BZh", b"\xfd7zXZ", b"\x28\xb5\x2f\xfd", b"{\\rtf", b"ARROW1"),
)
_MARKUP: Final = (b"<!doctype", b"<html", b"<?xml", b"<table")
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def find_format(path: Path) -> Found:
    """Decide what a file is.

    Raises FileMissing, FileEmpty, FileUnreadable (cut short, locked, binary named as text), FormatUnknown.
    """
    _require_file(path)
    with path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        file.seek(0)
        gzipped = file.read(2) == b"\x1f\x8b"
    head = _first_bytes(path, gzipped)
    return Found(path, _format_of(path, head), gzipped, head, sha256)


def _require_file(path: Path) -> None:
    where = Where(file=path.name)
    if path.is_dir():
        raise FileUnreadable("This is a folder, not a file.", "Name one file inside it.", where)
    if not path.exists():
        raise FileMissing("There is no such file.", "Check the name and the folder, then run again.", where)
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


def read_blocks(path: Path, gzipped: bool, size: int = BLOCK) -> Iterator[bytes]:
    """Return a file's bytes in blocks, unzipped if gzip wraps it. Raises FileUnreadable when cut short."""
    try:
        with gzip.open(path) if gzipped else path.open("rb") as file:
            while block := file.read(size):
                yield block
    except (EOFError, zlib.error, gzip.BadGzipFile):
        raise FileUnreadable(
            "The compressed file is damaged or cut short.",
            "Ask the sender to send it again.",
            Where(file=path.name),
        ) from None


def _first_bytes(path: Path, gzipped: bool) -> bytes:
    return next(read_blocks(path, gzipped, HEAD), b"")


def _format_of(path: Path, head: bytes) -> Format:
    if head.startswith(b"PK\x03\x04"):
        return _format_of_zip(path)
    if head.startswith(_OLE):
        return _format_of_ole(path)
    if head.startswith(b"PARE"):
        raise FileUnreadable(
            "The file is encrypted Parquet.", "Ask the sender for it without a key.", Where(path.name)
        )
    if head.startswith(b"PAR1"):
        return Format.PARQUET
    if head.startswith(_BINARY):
        raise _refuse_binary(path)
    if head[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith(_MARKUP):
        raise _unknown(path)
    if _is_json(path, head):
        return Format.JSON
    return Format.CSV


def _refuse_binary(path: Path) -> FileUnreadable | FormatUnknown:
    inner = path.with_suffix("") if path.suffix == ".gz" else path
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
        "Send CSV, TSV, Excel (.xlsx .xls .xlsb .ods), JSON or Parquet.",
        Where(file=path.name),
    )


def _format_of_zip(path: Path) -> Format:
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
            kind = archive.read("mimetype") if "mimetype" in names else b""
    except (zipfile.BadZipFile, OSError, zlib.error, EOFError, NotImplementedError, RuntimeError):
        raise FileUnreadable(
            "The workbook is damaged or cut short.", "Ask the sender to send it again.", Where(file=path.name)
        ) from None
    if b"opendocument.spreadsheet" in kind:
        return Format.ODS
    if "xl/workbook.bin" in names:
        return Format.XLSB
    if any(name.startswith("xl/") for name in names):
        return Format.XLSX
    raise _unknown(path)


def _format_of_ole(path: Path) -> Format:
    content = path.read_bytes()
    if "EncryptedPackage".encode("utf-16-le") in content:
        raise FileUnreadable(
            "The workbook is locked with a password.",
            "Save it without a password (in Excel: File, Info, Protect Workbook), then run again.",
            Where(file=path.name),
        )
    if "WordDocument".encode("utf-16-le") in content:
        raise _unknown(path)
    return Format.XLS


def _is_json(path: Path, head: bytes) -> bool:
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n\0\xff\xfe")[:512].replace(b"\0", b"").lstrip()
    if {".json", ".jsonl", ".ndjson"} & {suffix.lower() for suffix in path.suffixes}:
        return True
    return start.startswith((b'{"', b"[{", b"{}")) or start.replace(b" ", b"").replace(b"\n", b"").startswith(
        b"[{"
    )
