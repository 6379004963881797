"""Write every record's answer to a file that appears only when it is whole."""

from __future__ import annotations

from pathlib import Path

from sharewell.places.terms import Answer
from sharewell.store.engine import Relation, literal, quoted
from sharewell.store.parquet import write_plain


def write_matches(matched: Relation, aside: Relation, out: Path) -> int:
    """Write ``source_row, uprn, answer, probability`` as Parquet, one row per record; return how many.

    Records set aside in reading are written too, with the answer none. Raises DiskFull, FolderReadOnly.
    """
    rows = matched.engine.stream(f"""
        SELECT source_row, uprn, answer, probability FROM {quoted(matched.name)} UNION ALL
        SELECT source_row, NULL, {literal(Answer.NONE)}, 0.0::DOUBLE FROM {quoted(aside.name)}
        ORDER BY source_row""")
    return write_plain(rows, out)
