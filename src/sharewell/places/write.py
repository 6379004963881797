"""Write every record's answer to a file that appears only when it is whole."""

from __future__ import annotations

import contextlib
from pathlib import Path

import pyarrow.parquet as pq

from sharewell.places.terms import Answer
from sharewell.store.disk import sync_file, writing
from sharewell.store.engine import Relation, literal, quoted


def write_matches(matched: Relation, aside: Relation, out: Path) -> int:
    """Write ``source_row, uprn, answer, probability`` as Parquet, one row per record; return how many.

    Records set aside in reading are written too, with the answer none. Raises DiskFull, FolderReadOnly.
    """
    rows = matched.engine.stream(f"""
        SELECT source_row, uprn, answer, probability FROM {quoted(matched.name)} UNION ALL
        SELECT source_row, NULL, {literal(Answer.NONE)}, 0.0::DOUBLE FROM {quoted(aside.name)}
        ORDER BY source_row""")
    part = out.with_name(f".{out.name}.part")
    written = 0
    try:
        with writing(out.name):
            with pq.ParquetWriter(part, rows.schema, compression="zstd") as file:
                for batch in rows:
                    file.write_batch(batch)
                    written += batch.num_rows
            sync_file(part)
            part.replace(out)
    finally:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
    return written
