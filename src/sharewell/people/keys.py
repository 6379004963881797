"""A key for each record that stays with it from run to run, wherever the row stands in its file."""

from __future__ import annotations

from sharewell.store.engine import Relation, literal, quoted

PLACE_IN_FILE = frozenset({"source", "source_row", "line"})
KEY_LENGTH = 32


def record_keys(records: Relation, table: str, id_column: str | None = None) -> Relation:
    """Make ``table``: source, source_row, record_key, one row per record.

    The key is a SHA-256 (first 32 hexadecimal digits) over the list and the record's own id; where it has
    none, over everything it says. Records of one list that are alike in that are told apart by a count, so
    a key is never shared. A key is made from personal data: it is stored like it, and never let out.
    """
    content = _joined([name for name in records.columns if name not in PLACE_IN_FILE])
    basis = content
    if id_column is not None and id_column in records.columns:
        name = quoted(id_column)
        given = f"nullif(trim(CAST({name} AS VARCHAR)), '')"
        basis = f"CASE WHEN {given} IS NULL THEN {content} ELSE {literal('id')} || chr(31) || {given} END"
    return records.engine.create(
        table,
        f"""
        WITH told AS (
          SELECT source, source_row, CAST(source AS VARCHAR) || chr(29) || {basis} AS basis,
            {content} AS content FROM {quoted(records.name)}
        ), counted AS (
          SELECT *, row_number() OVER (PARTITION BY basis ORDER BY content, source_row) AS occurrence
          FROM told
        )
        SELECT source, source_row,
          substr(sha256(basis || chr(29) || occurrence), 1, {KEY_LENGTH}) AS record_key
        FROM counted ORDER BY source, source_row""",
    )


def _joined(columns: list[str]) -> str:
    parts = [
        f"coalesce(replace(CAST({quoted(name)} AS VARCHAR), chr(31), ' '), '')" for name in sorted(columns)
    ]
    return "concat_ws(chr(31), " + ", ".join(parts) + ")" if parts else "''"
