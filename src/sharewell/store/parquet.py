"""One encrypted Parquet file: written whole or not at all, read in batches.

Parquet modular encryption (Apache Parquet format, Encryption.md), AES_GCM_V1 with a 256-bit key of the file's
own. The footer is encrypted too, so that not even a column's name can be read. The snapshot's id is bound in
as the AAD prefix and not stored: a file put in another's place does not open.
"""

from __future__ import annotations

import contextlib
import functools
import operator
import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq
import pyarrow.parquet.encryption as pe

from sharewell.store.disk import sync_file, writing
from sharewell.vocab.errors import SharewellError, SnapshotMissing, UnknownColumn, Where

BATCH_ROWS = 100_000
BATCHES_AHEAD = 2


def write_encrypted(rows: pa.RecordBatchReader, path: Path, key: bytes, bound_to: str) -> int:
    """Write a stream of batches as one encrypted file and return the number of rows.

    The file appears under its name only when all of it is on the disk. Raises DiskFull, FolderReadOnly.
    """
    part = path.with_name(f".{path.name}.part")
    try:
        with writing("store/records"):
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
            written = _write(rows, part, key, bound_to)
            part.replace(path)
            sync_file(path.parent)
            return written
    finally:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)


def write_plain(rows: pa.RecordBatchReader, path: Path) -> int:
    """Write a stream of batches as an open file, for whoever asked for it; return the number of rows.

    The file appears only when it is whole. Raises DiskFull, FolderReadOnly.
    """
    part = path.with_name(f".{path.name}.part")
    written = 0
    try:
        with writing(path.name):
            with pq.ParquetWriter(part, rows.schema, compression="zstd") as file:
                for batch in rows:
                    file.write_batch(batch)
                    written += batch.num_rows
            sync_file(part)
            part.replace(path)
    finally:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
    return written


def _write(rows: pa.RecordBatchReader, part: Path, key: bytes, bound_to: str) -> int:
    written = 0
    properties = pe.create_encryption_properties(  # type: ignore[attr-defined]
        key, aad_prefix=bound_to.encode(), store_aad_prefix=False
    )
    with pq.ParquetWriter(part, rows.schema, compression="zstd", encryption_properties=properties) as file:
        for batch in rows:
            file.write_batch(batch)
            written += batch.num_rows
    sync_file(part)
    return written


class Encrypted:
    """An encrypted file, open: it can be read to its end even if its name is taken away meanwhile.

    ``table`` names it in refusals. Raises FileNotFoundError, and SnapshotMissing when the file is damaged.
    """

    def __init__(self, path: Path, key: bytes, bound_to: str, table: str) -> None:
        self.table = table
        self.refusal: SharewellError | None = None
        properties = pe.create_decryption_properties(key, aad_prefix=bound_to.encode())  # type: ignore[attr-defined]
        options = ds.ParquetFragmentScanOptions(pre_buffer=False, decryption_properties=properties)
        file = ds.ParquetFileFormat(default_fragment_scan_options=options)
        with self._sound():
            opened = pa.OSFile(str(path), "rb")
            self._fragment = file.make_fragment(opened)  # type: ignore[arg-type]
            self.schema: pa.Schema = self._fragment.physical_schema

    def reader(
        self, columns: Sequence[str] | None = None, where: ds.Expression | None = None
    ) -> pa.RecordBatchReader:
        """Return rows in batches, in the order they were written, holding only a few batches in memory."""
        wanted = list(columns) if columns is not None else self.schema.names
        for column in wanted:
            self._require(column)
        schema = pa.schema([self.schema.field(column) for column in wanted])
        return pa.RecordBatchReader.from_batches(schema, self._batches(wanted, where))

    def count(self, where: ds.Expression) -> int:
        """Return how many rows pass a test."""
        with self._sound():
            return self._fragment.count_rows(filter=where)

    def equal(self, values: Mapping[str, str | int]) -> ds.Expression | None:
        """Return the test that every column named equals its value; None where nothing is asked."""
        tests = [self._is(column, value) for column, value in values.items()]
        return functools.reduce(operator.and_, tests) if tests else None

    def among(self, column: str, values: Sequence[str | int]) -> ds.Expression:
        """Return the test that a column's value is one of these; an empty cell is none of them."""
        self._require(column)
        kind = self.schema.field(column).type
        return ds.field(column).isin(pa.array([v for v in values if _fits(v, kind)], kind))

    def _is(self, column: str, value: str | int) -> ds.Expression:
        self._require(column)
        kind = self.schema.field(column).type
        return ds.field(column) == pa.scalar(value, kind) if _fits(value, kind) else ds.scalar(False)

    def _batches(self, columns: list[str], where: ds.Expression | None) -> Iterator[pa.RecordBatch]:
        with self._sound():
            yield from self._fragment.scanner(
                columns=columns, filter=where, batch_size=BATCH_ROWS, batch_readahead=BATCHES_AHEAD
            ).to_batches()

    def _require(self, column: str) -> None:
        if column not in self.schema.names:
            raise UnknownColumn(
                f"The table {self.table} has no such column.",
                "Name one of the columns it was written with.",
                Where(column=column),
            )

    @contextlib.contextmanager
    def _sound(self) -> Iterator[None]:
        """Turn a file that does not decrypt into a refusal, kept for when an engine hides it in its own."""
        try:
            yield
        except FileNotFoundError:
            raise
        except (OSError, pa.ArrowInvalid):
            self.refusal = SnapshotMissing(
                f"The file of the table {self.table} cannot be opened: it is damaged or has been altered.",
                "Put store/records back from its backup, or run the flow again to make a new one.",
            )
            raise self.refusal from None


def _fits(value: str | int, kind: pa.DataType) -> bool:
    """Return whether a value is one that a column of this type could hold."""
    try:
        pa.scalar(value, kind)
    except (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError, OverflowError):
        return False
    return True
