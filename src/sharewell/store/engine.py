"""The one interface to where records live. DuckDB, and later Spark and PostgreSQL, stand behind it.

A ``Relation`` is a named table inside an engine: steps pass relations, so records stay in the engine and
never become Python objects one by one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeAlias

import pyarrow as pa

if TYPE_CHECKING:
    from sqlglot import exp

Query: TypeAlias = "exp.Query | str"
"""A query: a sqlglot tree, or SQL text in DuckDB's dialect whose identifiers went through ``quoted``."""


@dataclass(frozen=True)
class Relation:
    """A table of records inside an engine."""

    engine: Engine
    name: str

    @property
    def columns(self) -> tuple[str, ...]:
        """Return the column names in order."""
        return self.engine.columns(self.name)

    def count(self) -> int:
        """Return the number of rows."""
        return self.engine.count(self.name)

    def arrow(self, columns: Sequence[str] | None = None) -> pa.Table:
        """Return the rows, or some columns of them, as an Arrow table."""
        wanted = ", ".join(quoted(column) for column in columns) if columns else "*"
        return self.engine.fetch(f"SELECT {wanted} FROM {quoted(self.name)}")

    def drop(self) -> None:
        """Forget the table and free its memory."""
        self.engine.drop(self.name)


class Engine(Protocol):
    """What every engine can do. Names are made unique by the caller; a name that exists is replaced."""

    name: str

    def load(self, table: str, rows: pa.Table | pa.RecordBatchReader) -> Relation:
        """Copy Arrow rows in as a table."""
        ...

    def create(self, table: str, query: Query) -> Relation:
        """Make a table from a query."""
        ...

    def fetch(self, query: Query) -> pa.Table:
        """Return a query's answer as an Arrow table."""
        ...

    def stream(self, query: Query, rows: int = 100_000) -> pa.RecordBatchReader:
        """Return a query's answer in batches, so that memory stays bounded."""
        ...

    def columns(self, table: str) -> tuple[str, ...]:
        """Return a table's column names in order."""
        ...

    def count(self, table: str) -> int:
        """Return a table's number of rows."""
        ...

    def drop(self, table: str) -> None:
        """Drop a table if it exists."""
        ...

    def close(self) -> None:
        """Let the engine's memory and files go."""
        ...


def quoted(identifier: str) -> str:
    """Return an identifier quoted for SQL, so that no column name can be read as SQL."""
    # by hand, as sqlglot writes it: to import sqlglot takes longer than to clean a small list
    return '"' + identifier.replace('"', '""') + '"'


def literal(text: str) -> str:
    """Return a text value quoted for SQL."""
    return "'" + text.replace("'", "''") + "'"
