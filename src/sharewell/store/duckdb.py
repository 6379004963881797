"""DuckDB behind the engine interface: in memory, spilling to a scratch folder when a run outgrows it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from sharewell.store.arriving import stopped_on_failure
from sharewell.store.engine import Query, Relation, quoted
from sharewell.vocab.errors import DiskFull, OutOfMemory


@dataclass(frozen=True)
class Limits:
    """How much of the machine a run may use: threads, and memory in DuckDB's words ("4GB")."""

    threads: int = 2
    memory: str = "4GB"

    @property
    def megabytes(self) -> float:
        """Return the memory in MB."""
        number, unit = float(self.memory[:-2]), self.memory[-2:].upper()
        return number * 1000 if unit == "GB" else number


@dataclass
class DuckDB:
    """One in-memory database for one run. Nothing outside this folder holds its connection.

    ``connection`` is for ``people.link`` alone, which hands it to Splink.
    """

    scratch: Path | None = None
    limits: Limits = field(default_factory=Limits)
    name: str = "duckdb"

    def __post_init__(self) -> None:
        """Open the database with no network, no extensions to fetch and bounded memory."""
        config: dict[str, Any] = {
            "threads": self.limits.threads,
            "memory_limit": self.limits.memory,
            "preserve_insertion_order": True,
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
            "temp_directory": str(self.scratch) if self.scratch else "",
        }
        self.connection = duckdb.connect(":memory:", config=config)

    def load(self, table: str, rows: pa.Table | pa.RecordBatchReader) -> Relation:
        """Copy Arrow rows in as a table."""
        with self._plainly(), stopped_on_failure(rows) as given:
            self.connection.register("_arriving", given)
            del given
            try:
                self.connection.execute(
                    f"CREATE OR REPLACE TABLE {quoted(table)} AS SELECT * FROM _arriving"
                ).fetchall()
            finally:
                self.connection.unregister("_arriving")
        return Relation(self, table)

    def create(self, table: str, query: Query) -> Relation:
        """Make a table from a query."""
        with self._plainly():
            self.connection.execute(f"CREATE OR REPLACE TABLE {quoted(table)} AS {text_of(query)}").fetchall()
        return Relation(self, table)

    def fetch(self, query: Query) -> pa.Table:
        """Return a query's answer as an Arrow table."""
        with self._plainly():
            return self.connection.execute(text_of(query)).to_arrow_table()

    def stream(self, query: Query, rows: int = 100_000) -> pa.RecordBatchReader:
        """Return a query's answer in batches, on a cursor of its own."""
        with self._plainly():
            return self.connection.cursor().execute(text_of(query)).to_arrow_reader(rows)

    def columns(self, table: str) -> tuple[str, ...]:
        """Return a table's column names in order."""
        described = self.connection.execute(f"DESCRIBE {quoted(table)}").fetchall()
        return tuple(row[0] for row in described)

    def count(self, table: str) -> int:
        """Return a table's number of rows."""
        [[rows]] = self.connection.execute(f"SELECT count(*) FROM {quoted(table)}").fetchall()
        return int(rows)

    def drop(self, table: str) -> None:
        """Drop a table if it exists."""
        self.connection.execute(f"DROP TABLE IF EXISTS {quoted(table)}").fetchall()

    def close(self) -> None:
        """Close the database and let its memory go."""
        self.connection.close()

    def _plainly(self) -> _Plainly:
        return _Plainly()


class _Plainly:
    """Turns the engine's own failures into ours, without the values that its messages may quote."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, duckdb.OutOfMemoryException):
            raise OutOfMemory(
                "The memory allowed for this run was not enough.",
                "Raise `memory` under [store] in sharewell.toml, or free space for the scratch folder.",
            ) from None
        if isinstance(error, duckdb.IOException) and "No space left" in str(error):
            raise DiskFull(
                "The disk filled up while the run was working.",
                "Free some space and run again: nothing half-made was left behind.",
            ) from None


def text_of(query: Query) -> str:
    """Return a query in DuckDB's words."""
    return query if isinstance(query, str) else query.sql("duckdb")
