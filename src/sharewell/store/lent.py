"""DuckDB over Arrow rows that it is lent and does not copy: for one look at a list, such as checking it."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import chain

import pyarrow as pa

from sharewell.store.duckdb import DuckDB
from sharewell.store.engine import Query, Relation

LENT: int = 512 * 1024 * 1024
"""Bytes of Arrow rows that are lent; a larger table is copied in, where it can spill to disk."""


@dataclass
class LentDuckDB(DuckDB):
    """A DuckDB that scans the tables it is given where they lie, as long as they are small enough."""

    lent: set[str] = field(default_factory=set)

    def load(self, table: str, rows: pa.Table | pa.RecordBatchReader) -> Relation:
        """Take Arrow rows as a table: lent when they are small, else copied."""
        reader = rows.to_reader() if isinstance(rows, pa.Table) else rows
        batches: list[pa.RecordBatch] = []
        size = 0
        for batch in reader:
            batches.append(batch)
            size += batch.nbytes
            if size > LENT:
                self.drop(table)
                rest = pa.RecordBatchReader.from_batches(reader.schema, chain(batches, reader))
                return super().load(table, rest)
        self.drop(table)
        with self._plainly():
            self.connection.register(table, pa.Table.from_batches(batches, reader.schema))
        self.lent.add(table)
        return Relation(self, table)

    def create(self, table: str, query: Query) -> Relation:
        """Make a table from a query; one lent under that name is given back."""
        made = super().create(table, query)
        self._give_back(table)
        return made

    def drop(self, table: str) -> None:
        """Drop a table if it exists, or give back one that was lent."""
        if not self._give_back(table):
            super().drop(table)

    def _give_back(self, table: str) -> bool:
        if table not in self.lent:
            return False
        self.connection.unregister(table)
        self.lent.discard(table)
        return True
