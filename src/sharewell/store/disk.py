"""What a full disk and a folder that may not be written mean, said once for every file sharewell writes."""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sharewell.vocab.errors import DiskFull, FolderReadOnly, SharewellError, Where

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_CLOSED = frozenset({errno.EROFS, errno.EACCES, errno.EPERM})
_NUMBER_IN_TEXT = re.compile(r"\[errno ([0-9]+)\]", re.IGNORECASE)


@contextmanager
def writing(name: str) -> Iterator[None]:
    """Turn a failed write inside the block into a refusal people can act on; ``name`` is the file or folder.

    Raises DiskFull (no space, quota, file too large) or FolderReadOnly (read-only disk, no permission).
    Any other failure passes through.
    """
    try:
        yield
    except OSError as error:
        refusal = _refusal(error, name)
        if refusal is None:
            raise
        raise refusal from None


def sync_file(path: Path) -> None:
    """Make a written file, or a folder's list of names, last through a power cut."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _refusal(error: OSError, name: str) -> SharewellError | None:
    number = _number(error)
    if number in _FULL:
        return DiskFull(
            "The disk filled up while this was being written.",
            "Free some space and run again: nothing half-made was left behind.",
            Where(file=name),
        )
    if number in _CLOSED:
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
