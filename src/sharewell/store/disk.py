"""What a full disk and a folder that may not be written mean, said once for every file sharewell writes."""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sharewell.vocab.errors import DiskFull, FolderReadOnly, OutputIsInput, SharewellError, Where

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_CLOSED = frozenset({errno.EROFS, errno.EACCES, errno.EPERM})
_NUMBER_IN_TEXT = re.compile(r"\[errno ([0-9]+)\]", re.IGNORECASE)
_DATABASES = ("django.db", "sqlite3", "duckdb", "_duckdb")
_FULL_WORDS = (
    "no space left",
    "database or disk is full",
    "disk i/o error",  # SQLite, when it cannot make its write-ahead log
    "file too large",
    "disk quota exceeded",
)
_CLOSED_WORDS = ("readonly database", "read-only file system", "permission denied", "unable to open database")


@contextmanager
def writing(name: str) -> Iterator[None]:
    """Turn a failed write inside the block into a refusal people can act on; ``name`` is the file or folder.

    Raises DiskFull (no space, quota, file too large) or FolderReadOnly (read-only disk, no permission).
    Any other failure passes through.
    """
    try:
        yield
    except Exception as error:
        refusal = as_refusal(error, name)
        if refusal is None or refusal is error:
            raise
        raise refusal from None


def as_refusal(error: BaseException, name: str | None = None) -> SharewellError | None:
    """Return the refusal a machine's failure stands for, or None when it is none of these.

    A refusal stands for itself. The system's error number decides; databases give only words.
    """
    if isinstance(error, SharewellError):
        return error
    if isinstance(error, OSError):
        return _refusal(_number(error) in _FULL, _number(error) in _CLOSED, name)
    if type(error).__module__.startswith(_DATABASES):
        words = str(error).lower()
        return _refusal(_says(words, _FULL_WORDS), _says(words, _CLOSED_WORDS), name)
    return None


def require_other(out: Path, inputs: Iterable[Path]) -> None:
    """Refuse to write over a file that is to be read. Raises OutputIsInput."""
    for path in inputs:
        if out.exists() and path.exists() and out.samefile(path):
            raise OutputIsInput(
                "The file to write is one of the files to read.",
                "Choose another name for --out.",
                Where(file=out.name),
            )


def sync_file(path: Path) -> None:
    """Make a written file, or a folder's list of names, last through a power cut."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _says(words: str, any_of: tuple[str, ...]) -> bool:
    return any(each in words for each in any_of)


def _refusal(is_full: bool, is_closed: bool, name: str | None) -> SharewellError | None:
    if is_full:
        return DiskFull(
            "The disk is full, or cannot be written any more.",
            "Free some space and run again: nothing half-made was left behind.",
            Where(file=name),
        )
    if is_closed:
        return FolderReadOnly(
            "This cannot be written: the folder is read-only, or this user may not write to it.",
            "Give the user that runs sharewell the right to write there, and run again.",
            Where(file=name),
        )
    return None


def _number(error: OSError) -> int | None:
    """Return the system's error number; Arrow keeps it in the message only."""
    if error.errno is not None:
        return error.errno
    found = _NUMBER_IN_TEXT.search(str(error))
    return int(found.group(1)) if found else None
