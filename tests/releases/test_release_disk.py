"""A full disk and a closed folder are said plainly; anything else is left as it is."""

from __future__ import annotations

import errno

import pytest

from sharewell.store.disk import writing
from sharewell.vocab.errors import DiskFull, FolderReadOnly


@pytest.mark.parametrize(
    ("number", "refusal"),
    [
        (errno.ENOSPC, DiskFull),
        (errno.EDQUOT, DiskFull),
        (errno.EFBIG, DiskFull),
        (errno.EROFS, FolderReadOnly),
        (errno.EACCES, FolderReadOnly),
        (errno.EPERM, FolderReadOnly),
    ],
)
def test_the_systems_numbers_become_refusals(number: int, refusal: type[Exception]) -> None:
    with pytest.raises(refusal) as told, writing("release.csv"):
        raise OSError(number, "a path with somebody's name in it")
    assert "release.csv" in str(told.value) and "somebody" not in str(told.value)


def test_arrow_says_the_number_in_its_message_only() -> None:
    with pytest.raises(DiskFull), writing("release.parquet"):
        raise OSError("Error writing bytes to file. Detail: [errno 28] No space left on device")


def test_another_failure_passes_through() -> None:
    with pytest.raises(FileNotFoundError), writing("release.csv"):
        raise FileNotFoundError(errno.ENOENT, "gone")
    with pytest.raises(OSError, match="strange"), writing("release.csv"):
        raise OSError("strange")
    with pytest.raises(KeyError), writing("release.csv"):
        raise KeyError("x")
