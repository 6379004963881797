"""Spark behind the engine interface, in this process or on a cluster: the same queries, the same answers.

A table is a folder of Parquet files in the engine's scratch folder, so it outlives the tables it was made of
and memory stays bounded. Queries arrive in DuckDB's words and are said again by ``spark_sql``.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq

from sharewell.store.duckdb import Limits
from sharewell.store.engine import Query, Relation
from sharewell.store.spark_sql import spark_sql
from sharewell.vocab.errors import DiskFull, ExtraMissing, OutOfMemory

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

_STACK: Final = "-Xss512m"
"""A long value takes frames of Java's stack for each repeat in a pattern: room for a million of them."""
_SESSION: Final = {
    "spark.log.level": "OFF",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.host": "127.0.0.1",
    "spark.sql.catalogImplementation": "in-memory",
    "spark.driver.extraJavaOptions": _STACK,
    "spark.executor.extraJavaOptions": _STACK,
}
_MEANING: Final = {
    "spark.sql.ansi.enabled": "true",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.caseSensitive": "false",
    "spark.sql.parser.escapedStringLiterals": "false",
    "spark.sql.groupByAliases": "true",
    "spark.sql.parquet.compression.codec": "zstd",
}
"""What the translated queries rely on, set for each session whatever the cluster's own settings are."""


@dataclass
class Spark:
    """One session for one run. ``master`` is Spark's word for where it works; by default in this process.

    On a cluster ``scratch`` must be a folder that every worker sees. Raises ExtraMissing without PySpark or
    Java.
    """

    scratch: Path | None = None
    limits: Limits = field(default_factory=Limits)
    master: str | None = None
    name: str = "spark"

    def __post_init__(self) -> None:
        """Start Spark, or join the one that this process started before, in a session of its own."""
        self._session = _open_session(self.master or f"local[{self.limits.threads}]", self.limits)
        self._session.conf.set("spark.sql.shuffle.partitions", str(2 * self.limits.threads))
        self._folder = Path(tempfile.mkdtemp(prefix="spark-", dir=self.scratch))
        self._tables: dict[str, Path] = {}
        self._made = 0

    def load(self, table: str, rows: pa.Table | pa.RecordBatchReader) -> Relation:
        """Copy Arrow rows in as a table."""
        reader = rows.to_reader(100_000) if isinstance(rows, pa.Table) else rows
        folder = self._new_folder()
        folder.mkdir()
        with _Plainly(), pq.ParquetWriter(folder / "part-0.parquet", reader.schema) as file:
            for batch in reader:
                file.write_batch(batch)
        return self._name(table, folder)

    def create(self, table: str, query: Query) -> Relation:
        """Make a table from a query."""
        return self._name(table, self._run(query))

    def fetch(self, query: Query) -> pa.Table:
        """Return a query's answer as an Arrow table."""
        folder = self._run(query)
        try:
            return _files(folder).to_table()
        finally:
            shutil.rmtree(folder)

    def stream(self, query: Query, rows: int = 100_000) -> pa.RecordBatchReader:
        """Return a query's answer in batches, so that memory stays bounded."""
        found = _files(self._run(query))
        batches = found.to_batches(batch_size=rows, batch_readahead=1, fragment_readahead=1)
        return pa.RecordBatchReader.from_batches(found.schema, batches)

    def columns(self, table: str) -> tuple[str, ...]:
        """Return a table's column names in order."""
        return tuple(_files(self._tables[table]).schema.names)

    def count(self, table: str) -> int:
        """Return a table's number of rows."""
        return int(_files(self._tables[table]).count_rows())

    def drop(self, table: str) -> None:
        """Drop a table if it exists."""
        folder = self._tables.pop(table, None)
        if folder is not None:
            shutil.rmtree(folder, ignore_errors=True)
            with _Plainly():
                self._session.catalog.dropTempView(table)

    def close(self) -> None:
        """Let the tables go. Spark itself stays with the process, for the next run in it."""
        with contextlib.suppress(OutOfMemory):  # the refusal that ended the run is told, not this one
            for table in list(self._tables):
                self.drop(table)
        shutil.rmtree(self._folder, ignore_errors=True)

    def _run(self, query: Query) -> Path:
        """Write a query's answer to a folder of its own and return it."""
        folder = self._new_folder()
        with _Plainly():
            self._session.sql(spark_sql(query)).write.parquet(str(folder))
        return folder

    def _name(self, table: str, folder: Path) -> Relation:
        """Give a folder a table's name; the folder that had it goes."""
        self.drop(table)
        with _Plainly():
            self._session.read.parquet(str(folder)).createOrReplaceTempView(f"`{table.replace('`', '``')}`")
        self._tables[table] = folder
        return Relation(self, table)

    def _new_folder(self) -> Path:
        self._made += 1
        return self._folder / str(self._made)


def _open_session(master: str, limits: Limits) -> SparkSession:
    """Return a new session of this process's Spark. Raises ExtraMissing."""
    os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
    builder = _builder().master(master).appName("sharewell")
    for key, value in {**_SESSION, "spark.driver.memory": _java_memory(limits.memory)}.items():
        builder = builder.config(key, value)
    with _Plainly():
        session = _start(builder)
    for key, value in _MEANING.items():
        session.conf.set(key, value)
    return session


def _start(builder: SparkSession.Builder) -> SparkSession:
    from pyspark.errors import PySparkRuntimeError

    try:
        session: SparkSession = builder.getOrCreate().newSession()
    except (PySparkRuntimeError, FileNotFoundError) as error:
        raise _not_here("Java 17, which Spark runs on,") from error
    return session


def _builder() -> SparkSession.Builder:
    try:
        from pyspark.sql import SparkSession
    except ImportError:
        raise _not_here("PySpark") from None
    builder: SparkSession.Builder = SparkSession.builder
    return builder


def _not_here(what: str) -> ExtraMissing:
    return ExtraMissing(
        f"{what} is not on this machine.",
        "Install Java 17 and `sharewell[spark]`, or let DuckDB do the work.",
    )


def _java_memory(memory: str) -> str:
    """Return a size in Java's words: 4GB is 4g."""
    return memory.strip().lower().replace(" ", "").replace("ib", "").removesuffix("b")


def _files(folder: Path) -> ds.Dataset:
    """Return a folder of Parquet as one table; its parts are in the order of the query."""
    parts = sorted(str(path) for path in folder.glob("part-*.parquet"))
    return ds.dataset(parts, format="parquet")


_NO_MEMORY: Final = (
    *("OutOfMemoryError", "StackOverflowError", "SparkContext was shut down"),
    *("Py4JNetworkError", "ConnectionRefusedError", "ConnectionResetError"),
)
"""How Spark says that memory ran out: in words, or by not being there any more."""


class _Plainly:
    """Turns the engine's own failures into ours, without the values that its messages may quote."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        told = f"{type(error).__name__} {error}"
        if any(sign in told for sign in _NO_MEMORY):
            raise OutOfMemory(
                "The memory allowed for this run was not enough.",
                "Raise `memory` under [store] in sharewell.toml, or free space for the scratch folder.",
            ) from None
        if "No space left" in told:
            raise DiskFull(
                "The disk filled up while the run was working.",
                "Free some space and run again: nothing half-made was left behind.",
            ) from None
