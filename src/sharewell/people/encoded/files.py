"""Encoded lists and handles as Parquet files: written whole, read one pass at a time, never trusted."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from sharewell.people.encoded.compare import Pass
from sharewell.people.encoded.encode import Encoded
from sharewell.people.encoded.keys import terms_as_dict, terms_of
from sharewell.people.encoded.rules import BITS, passes_of
from sharewell.people.encoded.sketch import WORDS
from sharewell.store.parquet import write_plain
from sharewell.vocab.errors import FileMissing, FileUnreadable, Where

KIND = "sharewell encoded list/1"
_ABOUT = b"sharewell"


def write_encoded(encoded: Encoded, out: Path, handles: Path) -> None:
    """Write the encoding, to be handed over, and the handles, to be kept. Raises DiskFull, FolderReadOnly."""
    about = {
        "kind": KIND,
        **terms_as_dict(encoded.terms),
        "check": encoded.check,
        "party": encoded.party,
        "sums": {name: _sum(encoded.rows[name]) for name in encoded.rows.column_names},
    }
    write_plain(encoded.handles.to_reader(), handles)
    handles.chmod(0o600)
    write_plain(encoded.rows.replace_schema_metadata({_ABOUT: json.dumps(about)}).to_reader(), out)


class EncodedFile:
    """An encoded list, open. Raises FileMissing, and FileUnreadable when it is damaged or no encoding."""

    def __init__(self, path: Path) -> None:
        self.name = path.name
        self._path = path
        if not path.is_file():
            raise FileMissing("The file is not there.", "Check its name.", Where(file=self.name))
        try:
            schema = pq.read_schema(path)
            about = json.loads((schema.metadata or {})[_ABOUT])
            self._sums = dict(about["sums"])
            self.terms, self.check, self.party = terms_of(about), str(about["check"]), str(about["party"])
            sound = about["kind"] == KIND and schema.remove_metadata().equals(_schema(len(self.passes)))
        except (OSError, ValueError, KeyError, TypeError, pa.ArrowException):
            sound = False
        if not sound:
            raise self._unreadable()

    @property
    def passes(self) -> range:
        """Return the numbers of the passes."""
        return range(len(passes_of(self.terms.fields)))

    def handles(self) -> pa.ChunkedArray[Any]:
        """Return the handle of every row."""
        return self._columns(["handle"])["handle"]

    def read(self, place: int) -> Pass:
        """Return one pass: the blocks and encodings of every row."""
        table = self._columns([f"block_{place}", f"encoding_{place}"])
        blocks = table[f"block_{place}"].to_numpy()
        held: Any = table[f"encoding_{place}"].combine_chunks()
        words = np.frombuffer(held.buffers()[1], np.uint64).reshape(-1, WORDS)
        return Pass(blocks, words[held.offset : held.offset + len(held)])

    def _columns(self, names: list[str]) -> pa.Table:
        try:
            table = pq.read_table(self._path, columns=names, partitioning=None)
        except (OSError, ValueError, pa.ArrowException):
            raise self._unreadable() from None
        if not table.num_rows or any(_sum(table[name]) != self._sums.get(name) for name in names):
            raise self._unreadable()
        return table

    def _unreadable(self) -> FileUnreadable:
        return FileUnreadable(
            "The file is no encoded list, or is damaged.",
            "Ask its sender for the file again, as `sharewell encode` wrote it.",
            Where(file=self.name),
        )


def _sum(column: pa.ChunkedArray[Any]) -> str:
    """Return a checksum of a column's bytes: Parquet's own does not see every damaged page."""
    held: Any = column.combine_chunks()
    if held.null_count:
        return ""
    if pa.types.is_string(held.type):
        ends = np.frombuffer(held.buffers()[1], np.int32)[held.offset : held.offset + len(held) + 1]
        first, last = int(ends[0]), int(ends[-1])
    else:
        first, last = (rows * held.type.bit_width // 8 for rows in (held.offset, held.offset + len(held)))
    return hashlib.sha256(memoryview(held.buffers()[-1])[first:last]).hexdigest()


def _schema(passes: int) -> pa.Schema:
    pairs = [
        field
        for place in range(passes)
        for field in ((f"block_{place}", pa.uint16()), (f"encoding_{place}", pa.binary(BITS // 8)))
    ]
    return pa.schema([("handle", pa.string()), *pairs])
