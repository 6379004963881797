"""The SQL of taking rows back: what is kept, set aside and changed when the mended rows are in.

Tables: ``old_kept``, ``old_aside`` and ``old_changes`` are the answers as they were; ``came`` the mended rows
(and, with negative numbers, cells that tell the order of day and month); ``cells`` each of their cells with
what it was at first; ``again``, ``again_aside`` and ``again_changes`` what cleaning made of them; ``clash``
the mended rows whose key a kept row has.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sharewell.cleaning.giveback.terms import MENDED
from sharewell.cleaning.keys import Key
from sharewell.sources.terms import Standard
from sharewell.store.engine import literal, quoted

ASIDE_COLUMNS = "source_row, line, reasons, columns, raw"
NOW_KEPT = (
    "SELECT a.* FROM again AS a ANTI JOIN clash AS c ON a.source_row = c.source_row WHERE a.source_row > 0"
)


def evidence_query(standard: Standard, fields: Collection[str]) -> str:
    """Return the query for the other rows' cells of fields that are read by the whole column's evidence."""
    cells = ", ".join(
        _evidence(name) if name in fields else f"NULL::VARCHAR AS {quoted(name)}" for name in standard.names
    )
    listed = ", ".join(map(literal, sorted(fields))) or "NULL"
    return (
        f"SELECT -source_row AS source_row, NULL::BIGINT AS line, {cells} FROM old_changes"
        f' WHERE "column" IN ({listed}) AND source_row NOT IN (SELECT source_row FROM returned)'
        " GROUP BY source_row"
    )


def _evidence(name: str) -> str:
    return f'max(before) FILTER ("column" = {literal(name)}) AS {quoted(name)}'


def clash_query(standard: Standard, keys: Sequence[Key]) -> str:
    """Return the query for the mended rows whose key a kept row has: that one stays, whatever either says."""
    none = "SELECT NULL::BIGINT AS source_row, '' AS reason, '' AS field WHERE 1 = 0"
    alike = " AND ".join(f"a.{quoted(name)} IS NOT DISTINCT FROM k.{quoted(name)}" for name in standard.names)
    parts = [none, *(_clash(key, alike) for key in keys)]
    found = " UNION ALL ".join(parts)
    return f"SELECT source_row, min(reason) AS reason, min(field) AS field FROM ({found}) GROUP BY 1"


def _clash(key: Key, alike: str) -> str:
    same = " AND ".join(f"a.{quoted(name)} = k.{quoted(name)}" for name in key)
    reason = f"CASE WHEN {alike} THEN 'duplicate_exact' ELSE 'duplicate_conflicting' END"
    told = f"SELECT a.source_row, {reason} AS reason, {literal(key[0])} AS field"
    return f"{told} FROM again AS a JOIN old_kept AS k ON {same} WHERE a.source_row > 0"


def kept_query(standard: Standard) -> str:
    """Return the query for all that is kept now, in the file's order."""
    names = ", ".join(quoted(name) for name in ("source_row", *standard.names))
    return f"SELECT {names} FROM old_kept UNION ALL SELECT {names} FROM ({NOW_KEPT}) ORDER BY source_row"


def aside_query(standard: Standard) -> str:
    """Return the query for all that is set aside now, in the file's order; mended rows as they came back."""
    fields = ", ".join(f"{quoted(name)} := m.{quoted(name)}" for name in standard.names)
    clashed = (
        "SELECT m.source_row, m.line, [c.reason] AS reasons, [c.field] AS columns,"
        f" CAST(to_json(struct_pack({fields})) AS VARCHAR) AS raw"
        " FROM came AS m JOIN clash AS c ON m.source_row = c.source_row"
    )
    return (
        f"SELECT {ASIDE_COLUMNS} FROM old_aside WHERE source_row NOT IN (SELECT source_row FROM returned)"
        f" UNION ALL SELECT {ASIDE_COLUMNS} FROM again_aside WHERE source_row > 0"
        f" UNION ALL {clashed} ORDER BY source_row"
    )


def changes_query() -> str:
    """Return the query for every change now: of other rows as it was, of mended rows from first to last."""
    mended = f"CASE WHEN c.before IS DISTINCT FROM c.given THEN {literal(MENDED)} END"
    after = "CASE WHEN a.rule IS NULL THEN nullif(c.given, '') ELSE a.after END"
    columns = 'source_row, "column", before, after, rule, verdict'
    return (
        f"SELECT {columns} FROM old_changes WHERE source_row NOT IN (SELECT source_row FROM returned)"
        f' UNION ALL SELECT c.source_row, c."column", c.before, {after} AS after,'
        f" concat_ws('+', {mended}, a.rule) AS rule, coalesce(a.verdict, 'repaired') AS verdict"
        " FROM cells AS c LEFT JOIN again_changes AS a"
        ' ON a.source_row = c.source_row AND a."column" = c."column"'
        " WHERE a.rule IS NOT NULL OR c.before IS DISTINCT FROM c.given"
    )


def told_query() -> str:
    """Return the query for the changes with the sentence that says why; ``whys`` has one for every rule."""
    return "SELECT c.*, w.why FROM all_changes AS c JOIN whys AS w ON w.rule = c.rule"
