"""Rows of named values into batches of bounded size, however wide the list and however long its values."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

import pyarrow as pa

MOST_ROWS: Final = 20_000
MOST_CELLS: Final = 1 << 20
MOST_SIGNS: Final = 16 << 20

Row = tuple[int, int | None, Mapping[str, str | None]]
"""A record's number, its line and its values by name."""


def in_batches(rows: Iterable[Row], names: Sequence[str], schema: pa.Schema) -> Iterator[pa.RecordBatch]:
    """Return rows as batches of a schema: where each record stood, then the values of ``names`` in order.

    A name that a row lacks is NULL. A batch holds about 16 million signs or a million cells at most.
    """
    most = max(1, min(MOST_ROWS, MOST_CELLS // max(1, len(names))))
    held: list[Row] = []
    signs = 0
    for row in rows:
        held.append(row)
        signs += sum(len(value) for value in row[2].values() if value)
        if len(held) >= most or signs >= MOST_SIGNS:
            yield _batch(held, names, schema)
            held, signs = [], 0
    if held:
        yield _batch(held, names, schema)


def _batch(rows: Sequence[Row], names: Sequence[str], schema: pa.Schema) -> pa.RecordBatch:
    places = [pa.array([row[at] for row in rows], pa.int64()) for at in (0, 1)]
    columns = [pa.array([row[2].get(name) for row in rows], pa.string()) for name in names]
    return pa.record_batch([*places, *columns], schema=schema)
