"""The tables that reading makes: records kept, and records set aside with why and their text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import pyarrow as pa

ASIDE_SCHEMA = pa.schema(
    [
        ("source_row", pa.int64()),
        ("line", pa.int64()),
        ("reasons", pa.list_(pa.string())),
        ("columns", pa.list_(pa.string())),
        ("raw", pa.string()),
    ]
)


def raw_schema(columns: Sequence[str]) -> pa.Schema:
    """Return the schema of what is read: where each record stood, then the file's columns as text."""
    kinds: dict[str, pa.DataType] = {"source_row": pa.int64(), "line": pa.int64()}
    return pa.schema({**kinds, **dict.fromkeys(columns, pa.string())})


@dataclass
class Aside:
    """Records set aside so far, column by column."""

    source_row: list[int] = field(default_factory=list)
    line: list[int | None] = field(default_factory=list)
    reason: list[str] = field(default_factory=list)
    raw: list[str] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.source_row)

    def add(self, source_row: int, line: int | None, reason: str, raw: str) -> None:
        """Set one record aside."""
        self.source_row.append(source_row)
        self.line.append(line)
        self.reason.append(reason)
        self.raw.append(raw)

    def table(self) -> pa.Table:
        """Return them as a table of the set-aside columns that every step has."""
        reasons = pa.array([[reason] for reason in self.reason], pa.list_(pa.string()))
        columns = pa.array([list[str]() for _ in self.reason], pa.list_(pa.string()))
        places = [pa.array(self.source_row, pa.int64()), pa.array(self.line, pa.int64())]
        return pa.table([*places, reasons, columns, pa.array(self.raw, pa.string())], schema=ASIDE_SCHEMA)
