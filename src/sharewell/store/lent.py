"""DuckDB over Arrow rows that it is lent and does not copy: sooner for a list that is gone through once."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain

import pyarrow as pa

from sharewell.store.duckdb import DuckDB, text_of
from sharewell.store.engine import Query, Relation

LENT: int = 512
"""MB of Arrow rows that are lent at most; a larger table is copied in, where it can spill to disk."""
_SHARE: int = 4
"""What is lent lies beside what the engine may hold, so it is at most a quarter of that."""


@dataclass
class LentDuckDB(DuckDB):
    """A DuckDB that scans the tables it is given where they lie, as long as they are small enough."""

    lent: dict[str, pa.Table] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Open the database, and have it join as is written: it takes lent rows for one row, however many."""
        super().__post_init__()
        self.connection.execute("SET disabled_optimizers = 'join_order,build_side_probe_side'").fetchall()

    def load(self, table: str, rows: pa.Table | pa.RecordBatchReader) -> Relation:
        """Take Arrow rows as a table: lent when they are small, else copied."""
        reader = rows.to_reader() if isinstance(rows, pa.Table) else rows
        batches: deque[pa.RecordBatch] = deque()
        size, most = 0, self._most_lent() * 2**20
        for batch in reader:
            batches.append(batch)
            size += batch.nbytes
            if size > most:
                self.drop(table)
                del batch
                rest = pa.RecordBatchReader.from_batches(reader.schema, chain(_given_up(batches), reader))
                return super().load(table, rest)
        self.drop(table)
        with self._plainly():
            self.lent[table] = pa.Table.from_batches(list(batches), reader.schema)
            self.connection.register(table, self.lent[table])
        return Relation(self, table)

    def _most_lent(self) -> int:
        return int(min(LENT, self.limits.megabytes / _SHARE))

    def create(self, table: str, query: Query) -> Relation:
        """Make a table from a query; one lent under that name is given back."""
        made = super().create(table, query)
        self._give_back(table)
        return made

    def stream(self, query: Query, rows: int = 100_000) -> pa.RecordBatchReader:
        """Return a query's answer in batches, on a cursor of its own, which is lent the same rows."""
        with self._plainly():
            cursor = self.connection.cursor()
            for table, lent in self.lent.items():
                cursor.register(table, lent)
            return cursor.execute(text_of(query)).to_arrow_reader(rows)

    def drop(self, table: str) -> None:
        """Drop a table if it exists, or give back one that was lent."""
        if not self._give_back(table):
            super().drop(table)

    def _give_back(self, table: str) -> bool:
        if table not in self.lent:
            return False
        self.connection.unregister(table)
        del self.lent[table]
        return True


def _given_up(batches: deque[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Return the batches one by one, each let go as it is taken, so that none is held beside its copy."""
    while batches:
        yield batches.popleft()
