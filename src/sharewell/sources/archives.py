"""What wraps a list: gzip, or a zip with one list inside. Unpacked as a stream, under no name on the disk.

Only the bytes that were there when the file was first looked at are read, so a file that grows meanwhile is
read as it was. What is unpacked is counted, never believed: a file that says it is small may not be.
"""

from __future__ import annotations

import gzip
import io
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path, PurePosixPath
from typing import IO, Any, Final

from sharewell.vocab.errors import (
    FileMissing,
    FileTooLarge,
    FileUnreadable,
    SeveralLists,
    UnknownColumn,
    Where,
)

BLOCK: Final = 8 << 20
"""Bytes read at once: large enough for numpy, small enough for memory."""

MOST_UNPACKED: Final = 8 << 30
MOST_WORKBOOK: Final = 2 << 30
MOST_RATIO: Final = 200
SMALL: Final = 64 << 20
"""Bytes that anything may unpack to, whatever its ratio."""

_SMALL_GZIP: Final = 8 << 20

BufferedFile = io.BufferedReader | io.BufferedRandom

_LISTS: Final = {
    *(".csv", ".tsv", ".tab", ".psv", ".dat", ".txt", ".json", ".jsonl", ".ndjson", ".xml", ".parquet"),
    *(".xlsx", ".xlsm", ".xls", ".xlsb", ".ods"),
}


class Wrap(StrEnum):
    """What a list is wrapped in; the value is what that adds to the format's name."""

    NONE = ""
    GZIP = ".gz"
    ZIP = ".zip"


@dataclass(frozen=True)
class Content:
    """The bytes of one list: the file as long as it was when first looked at, and what wraps the list.

    ``member`` is the list's name inside a zip, ``others`` the names of the members that are not read.
    """

    path: Path
    size: int
    wrap: Wrap = Wrap.NONE
    member: str = ""
    others: tuple[str, ...] = ()

    def blocks(self, size: int | None = None) -> Iterator[bytes]:
        """Return the list's bytes in blocks, unpacked. Raises FileUnreadable, FileTooLarge."""
        with whole(self.path), self._unpacked() as file:
            done = 0
            while block := file.read(size or BLOCK):
                done += len(block)
                if self.wrap:
                    refuse_bomb(done, self.size, MOST_UNPACKED, self.path)
                yield block

    def file(self) -> BufferedFile:
        """Return the list's bytes as a file to move about in; unpacked, it has no name on the disk."""
        if not self.wrap:
            return _open_prefix(self.path, self.size)
        unpacked = io.BufferedRandom(tempfile.TemporaryFile(buffering=0))  # noqa: SIM115  # the reader closes it
        done = 0
        for block in self.blocks():
            done += len(block)
            refuse_bomb(done, self.size, MOST_WORKBOOK, self.path)
            unpacked.write(block)
        unpacked.seek(0)
        return unpacked

    @contextmanager
    def _unpacked(self) -> Iterator[IO[bytes]]:
        with _open_prefix(self.path, self.size) as file:
            if self.wrap is Wrap.GZIP:
                with gzip.open(file) as inner:
                    yield inner  # type: ignore[misc]  # a GzipFile reads as any file does
            elif self.wrap is Wrap.ZIP:
                with zipfile.ZipFile(file) as archive, archive.open(self.member) as member:
                    yield member
            else:
                yield file


class _Prefix(io.RawIOBase):
    """A file's first bytes as a file of their own: what is added to it meanwhile is not seen."""

    def __init__(self, path: Path, size: int) -> None:
        self._file, self._size, self._at = path.open("rb", buffering=0), size, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:  # noqa: ANN401  # any writable buffer
        view = memoryview(buffer)[: max(self._size - self._at, 0)]
        self._file.seek(self._at)
        done = self._file.readinto(view) if len(view) else 0
        self._at += done or 0
        return done or 0

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        if offset < 0 and whence == io.SEEK_SET:
            raise zipfile.BadZipFile("a member before the start of the file")
        if start + offset < 0:
            raise OSError("before the start of the file")
        self._at = start + offset
        return self._at

    def close(self) -> None:
        self._file.close()
        super().close()


def _open_prefix(path: Path, size: int) -> io.BufferedReader:
    try:
        return io.BufferedReader(_Prefix(path, size), 1 << 18)
    except OSError:
        raise FileMissing(
            "The file has gone, or may not be opened any more.",
            "Wait until the sender has finished with it, then run again.",
            Where(file=path.name),
        ) from None


@contextmanager
def whole(path: Path) -> Iterator[None]:
    """Turn what goes wrong while unpacking into a refusal."""
    try:
        yield
    except (EOFError, zlib.error, gzip.BadGzipFile, zipfile.BadZipFile, NotImplementedError, RuntimeError):
        raise FileUnreadable(
            "The compressed file is damaged or cut short.",
            "Ask the sender to send it again.",
            Where(file=path.name),
        ) from None


def refuse_bomb(unpacked: int, packed: int, most: int, path: Path) -> None:
    """Refuse a file that unpacks to more than ``most``, or to far more than its size allows of a list."""
    if unpacked > most or (unpacked > SMALL and unpacked > packed * MOST_RATIO):
        raise FileTooLarge(
            f"The file of {packed:,} bytes unpacks to more than a list of its size can.",
            "Ask the sender for the list itself, not compressed.",
            Where(file=path.name),
        )


def choose_member(path: Path, size: int, wanted: str | None) -> Content:
    """Choose the one list inside a zip, or the member named.

    Raises SeveralLists, UnknownColumn (no such member), FileUnreadable (locked, empty, damaged).
    """
    with whole(path), _open_prefix(path, size) as file, zipfile.ZipFile(file) as archive:
        members = [info for info in archive.infolist() if _is_wanted(info)]
    names = [info.filename for info in members]
    chosen = _chosen(names, wanted, path.name)
    if any(info.flag_bits & 1 for info in members if info.filename == chosen):
        raise FileUnreadable(
            "The zip is locked with a password.",
            "Ask the sender for it without a password, by a safe way.",
            Where(file=path.name),
        )
    refuse_bomb(sum(info.file_size for info in members if info.filename == chosen), size, MOST_UNPACKED, path)
    return Content(path, size, Wrap.ZIP, chosen, tuple(name for name in names if name != chosen))


def unwrap_gzip(path: Path, size: int) -> Content:
    """Return the content of a gzip. Raises FileTooLarge when a small one turns out to be a bomb.

    A gzip's own word on its size is worth nothing, so a small one is unpacked once to see; that takes less
    than a second. A large one is counted while it is read.
    """
    content = Content(path, size, Wrap.GZIP)
    if size <= _SMALL_GZIP:
        for _ in content.blocks():
            pass
    return content


def _is_wanted(info: zipfile.ZipInfo) -> bool:
    """Return whether a member is a file that a person put there."""
    parts = PurePosixPath(info.filename).parts
    rubbish = not parts or parts[0] == "__MACOSX" or parts[-1].startswith(".") or parts[-1] == "Thumbs.db"
    return not (info.is_dir() or rubbish)


def _chosen(names: list[str], wanted: str | None, file: str) -> str:
    where = Where(file=file)
    if wanted is not None:
        if names.count(wanted) != 1:
            raise UnknownColumn(
                f"The zip has no file '{wanted}'.", f"Name one of: {', '.join(names)}.", where
            )
        return wanted
    lists = [name for name in names if PurePosixPath(name).suffix.lower() in _LISTS] or names
    if not lists:
        raise FileUnreadable("The zip holds no file.", "Ask the sender to send it again.", where)
    if len(lists) > 1:
        raise SeveralLists(
            f"The zip holds several files: {', '.join(lists[:20])}.",
            f"Name the one to read, such as --sheet '{lists[0]}'.",
            where,
        )
    return lists[0]
