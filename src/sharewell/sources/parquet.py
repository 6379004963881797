"""Parquet files: columns of any type to canonical text."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from sharewell.sources.archives import BufferedFile
from sharewell.sources.aside import Aside, raw_schema
from sharewell.sources.formats import Found
from sharewell.sources.headings import header_missing
from sharewell.sources.rules import column_names, duplicate_name
from sharewell.sources.terms import FileFacts
from sharewell.vocab.errors import FileUnreadable, HeaderDuplicate, SharewellError, Where
from sharewell.vocab.step import Note

if TYPE_CHECKING:
    Column = pa.Array[Any]


class ParquetReading:
    """A Parquet file, read in batches. It has no lines and sets nothing aside."""

    def __init__(self, found: Found) -> None:
        """Open the file. Raises FileUnreadable when it is damaged, HeaderDuplicate."""
        self._found, self.aside = found, Aside()
        self.error: SharewellError | None = None
        with found.content.file() as file:
            self._columns = column_names(self._opened(file).schema_arrow.names)
        if not self._columns:
            raise header_missing(found.path.name)
        if twice := duplicate_name(self._columns):
            raise same_name(twice, found.path.name)

    def _opened(self, file: BufferedFile) -> pq.ParquetFile:
        try:
            opened = pq.ParquetFile(file)
        except (pa.ArrowInvalid, OSError):
            raise self._damaged() from None
        self._records = opened.metadata.num_rows
        return opened

    def _damaged(self) -> FileUnreadable:
        where = Where(file=self._found.path.name)
        return FileUnreadable(
            "The Parquet file is damaged or cut short.", "Ask the sender to send it again.", where
        )

    def rows(self) -> pa.RecordBatchReader:
        """Return the records as a stream."""
        schema = raw_schema(self._columns)
        return pa.RecordBatchReader.from_batches(schema, self._batches(schema))

    def _batches(self, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
        done = 0
        try:
            with self._found.content.file() as file:
                for batch in self._opened(file).iter_batches():
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
        name, sha256 = self._found.path.name, self._found.sha256
        return FileFacts(
            name, sha256, f"parquet{self._found.content.wrap}", None, None, 0, self._columns, self._records
        )

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


def as_text(column: Column) -> Column:
    """Return a column as canonical text: whole numbers without ``.0``, ISO dates, true and false."""
    kind = column.type
    if pa.types.is_dictionary(kind):
        return as_text(column.cast(kind.value_type))
    if pa.types.is_floating(kind):
        return _numbers_as_text(column)
    if pa.types.is_timestamp(kind):
        return _times_as_text(column)
    if pa.types.is_nested(kind) or pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
        return pa.array([_value_as_text(value) for value in column.to_pylist()], pa.string())
    return column.cast(pa.string())


def _numbers_as_text(column: Column) -> Column:
    nothing = pa.scalar(None, column.type)
    there: Any = pc.if_else(pc.is_finite(column), column, nothing)
    whole: Any = pc.and_(pc.equal(there, pc.floor(there)), pc.less(pc.abs(there), pa.scalar(1e15)))
    integers = pc.if_else(whole, there, nothing).cast(pa.int64()).cast(pa.string())
    text: Column = pc.if_else(pc.fill_null(whole, False), integers, there.cast(pa.string()))
    return text


def _times_as_text(column: Any) -> Column:  # noqa: ANN401  # stubs know no timestamps of any unit
    zone = column.type.tz
    column = column.cast(pa.timestamp("s" if _are_whole_seconds(column) else "us", zone), safe=False)
    text = pc.strftime(column, format="%Y-%m-%dT%H:%M:%S%z" if zone else "%Y-%m-%dT%H:%M:%S")
    midnight = pc.fill_null(pc.ends_with(text, "T00:00:00"), False)
    shown: Column = pc.if_else(midnight, pc.utf8_slice_codeunits(text, 0, 10), text)
    return shown


def _are_whole_seconds(column: Any) -> bool:  # noqa: ANN401
    seconds = column.cast(pa.timestamp("s", column.type.tz), safe=False)
    return bool(pc.all(pc.equal(seconds.cast(column.type), column)).as_py() is not False)


def _value_as_text(value: object) -> str | None:
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return None if value is None else json.dumps(value, ensure_ascii=False, default=str)
