"""Read the files of a reference folder, each checked before it is believed."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv as pacsv

from sharewell.demo.region.chance import Texts
from sharewell.vocab.errors import FileMissing, FileUnreadable, Where

SUMS = "SHA256SUMS"


class Folder:
    """A folder of reference data. Every read raises FileMissing or FileUnreadable, naming the file."""

    def __init__(self, path: Path) -> None:
        self.path = path
        if not path.is_dir():
            raise FileMissing(
                "The reference folder is not there.",
                "Check --reference, or leave it out: a made-up town needs none.",
                Where(file=path.name),
            )
        self._sums = _sums(path / SUMS)

    def table(self, name: str, columns: Sequence[str], texts: Sequence[str] = ()) -> pa.Table:
        """Return some columns of a CSV file (plain or gzipped); ``texts`` are read as text."""
        path = self._checked(name)
        convert = pacsv.ConvertOptions(
            include_columns=list(columns),
            column_types={each: pa.string() for each in texts},
            strings_can_be_null=False,
        )
        try:
            return pacsv.read_csv(path, convert_options=convert)
        except (pa.ArrowException, OSError, KeyError, ValueError):
            raise self._unreadable(name) from None

    def columns(self, name: str, columns: Sequence[str], texts: Sequence[str] = ()) -> dict[str, Any]:
        """Return some columns of a CSV file as arrays; missing numbers are NaN."""
        table = self.table(name, columns, texts)
        return {each: table.column(each).to_numpy() for each in columns}

    def by_key(self, name: str, key: str, columns: Sequence[str], keys: Texts) -> np.ndarray[Any, Any]:
        """Return numbers of a file in the order of ``keys``: one row a key, one column a column.

        A key that the file does not have is a fault of the file.
        """
        read = self.columns(name, [key, *columns], texts=[key])
        place = {code: row for row, code in enumerate(read[key])}
        try:
            rows = [place[code] for code in keys]
        except KeyError:
            raise self._unreadable(name) from None
        return np.column_stack([read[each][rows].astype(float) for each in columns])

    def _checked(self, name: str) -> Path:
        path = self.path / name
        if not path.is_file():
            raise FileMissing(
                "The reference folder lacks a file.",
                "Put the file back, or leave --reference out: a made-up town needs none.",
                Where(file=name),
            )
        wanted = self._sums.get(name)
        if wanted and hashlib.sha256(path.read_bytes()).hexdigest() != wanted:
            raise self._unreadable(name)
        return path

    def _unreadable(self, name: str) -> FileUnreadable:
        return FileUnreadable(
            "The reference file is cut short, changed, or not in the form expected.",
            f"Fetch it again ({SUMS} says what it should be), or leave --reference out.",
            Where(file=name),
        )


def _sums(path: Path) -> Mapping[str, str]:
    """Return the SHA-256 that each file should have; empty where the folder does not say."""
    if not path.is_file():
        return {}
    pairs = (line.split(maxsplit=1) for line in path.read_text(encoding="utf-8").splitlines() if line.strip())
    return {name.strip().removeprefix("*").removeprefix("./"): digest for digest, name in pairs}
