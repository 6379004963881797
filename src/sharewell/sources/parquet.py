"""Parquet files: columns of any type to canonical text."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from sharewell.sources.aside import Aside
from sharewell.sources.formats import Found
from sharewell.sources.headings import header_missing
from sharewell.sources.rules import column_names, duplicate_name
from sharewell.sources.terms import FileFacts
from sharewell.vocab.errors import FileUnreadable, HeaderDuplicate, SharewellError, Where
from sharewell.vocab.step import Note

_MIDNIGHT = "T00:00:00"


class ParquetReading:
    """A Parquet file, read in batches. It has no lines and sets nothing aside."""

    def __init__(self, found: Found) -> None:
        """Open the file. Raises FileUnreadable when it is damaged, HeaderDuplicate."""
        self._found, self.aside = found, Aside()
        self.error: SharewellError | None = None
        try:
            self._file = pq.ParquetFile(found.path)
        except (pa.ArrowInvalid, OSError):
            raise self._damaged() from None
        self._columns = column_names(self._file.schema_arrow.names)
        if not self._columns:
            raise header_missing(found.path.name)
        if twice := duplicate_name(self._columns):
            raise same_name(twice, found.path.name)

    def _damaged(self) -> FileUnreadable:
        where = Where(file=self._found.path.name)
        return FileUnreadable(
            "The Parquet file is damaged or cut short.", "Ask the sender to send it again.", where
        )

    def rows(self) -> pa.RecordBatchReader:
        """Return the records as a stream."""
        places = [("source_row", pa.int64()), ("line", pa.int64())]
        schema = pa.schema([*places, *((name, pa.string()) for name in self._columns)])
        return pa.RecordBatchReader.from_batches(schema, self._batches(schema))

    def _batches(self, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
        done = 0
        try:
            for batch in self._file.iter_batches():
                size = batch.num_rows
                rows = pa.array(range(done + 1, done + size + 1), pa.int64())
                columns = [as_text(column) for column in batch.columns]
                yield pa.record_batch([rows, pa.nulls(size, pa.int64()), *columns], schema=schema)
                done += size
        except (pa.ArrowInvalid, OSError):
            self.error = self._damaged()
            raise

    def facts(self) -> FileFacts:
        """Return what the file turned out to be."""
        rows = self._file.metadata.num_rows
        name, sha256 = self._found.path.name, self._found.sha256
        return FileFacts(name, sha256, "parquet", None, None, 0, self._columns, rows)

    def notes(self) -> tuple[Note, ...]:
        """Return nothing: a Parquet file has no oddities of text."""
        return ()


def same_name(column: str, file: str) -> HeaderDuplicate:
    """Return the refusal of a file in which two columns have one name."""
    return HeaderDuplicate(
        f"Two columns have the name '{column}', so their values cannot be told apart.",
        "Rename one of them in the file, or take it out, then run again.",
        Where(file=file, column=column),
    )


def as_text(column: pa.Array) -> pa.Array:
    """Return a column of any type as canonical text: whole numbers without ``.0``, ISO dates, true and false."""
    kind = column.type
    if pa.types.is_dictionary(kind):
        return as_text(column.dictionary_decode())
    if pa.types.is_floating(kind):
        return _numbers_as_text(column.cast(pa.float64()))
    if pa.types.is_timestamp(kind):
        return _times_as_text(column)
    if pa.types.is_nested(kind) or pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
        return pa.array([_value_as_text(value) for value in column.to_pylist()], pa.string())
    return column.cast(pa.string())


def _numbers_as_text(column: pa.Array) -> pa.Array:
    there = pc.if_else(pc.is_finite(column), column, pa.scalar(None, pa.float64()))
    whole = pc.and_(pc.equal(there, pc.floor(there)), pc.less(pc.abs(there), 1e15))
    integers = pc.if_else(whole, there, pa.scalar(None, pa.float64())).cast(pa.int64()).cast(pa.string())
    return pc.if_else(pc.fill_null(whole, False), integers, there.cast(pa.string()))


def _times_as_text(column: pa.Array) -> pa.Array:
    unit = "us" if column.type.unit == "ns" else column.type.unit
    column = column.cast(pa.timestamp(unit, column.type.tz), safe=False)
    text = pc.strftime(column, format="%Y-%m-%dT%H:%M:%S%z" if column.type.tz else "%Y-%m-%dT%H:%M:%S")
    text = pc.replace_substring_regex(text, r"\.0+(\D|$)", r"\1")
    midnight = pc.fill_null(pc.ends_with(text, _MIDNIGHT), False)
    return pc.if_else(midnight, pc.utf8_slice_codeunits(text, 0, 10), text)


def _value_as_text(value: object) -> str | None:
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    if isinstance(value, datetime.date):
        return value.isoformat()
    return None if value is None else json_text(value)


def json_text(value: object) -> str:
    """Return a nested value as JSON."""
    import json

    return json.dumps(value, ensure_ascii=False, default=str)
