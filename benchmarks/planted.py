"""Look up what became of every mistake that the messy sample planted.

The sample's truth names a line, a column, what was done to the cell and what is to be done about it:
``repair`` (there is one right answer), ``null`` (blank the cell) or ``quarantine`` (set the row aside). Rows
that the sample added as copies of others are left for linking, so they are not scored.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sharewell.store.duckdb import DuckDB
from sharewell.store.engine import Relation, literal, quoted

Answer = dict[str, Any]


def score(engine: DuckDB, cleaned: str, folder: Path) -> Answer:
    """Return how many planted mistakes were handled right, and what was done where nothing was wrong.

    ``cleaned`` is the table made by cleaning, with ``<cleaned>_aside`` and ``<cleaned>_changes`` beside it.
    """
    _load_truth(engine, folder)
    columns = [name for name in engine.columns(cleaned) if name not in ("source_row", "line")]
    engine.create("judged", " UNION ALL ".join(_judged(cleaned, column) for column in columns))
    false_edits = _false_edits(engine, cleaned)
    wrongly_aside = engine.create("wrongly_aside", _wrongly_aside(cleaned))
    return {
        "planted": _number(engine, "SELECT count(*) AS n FROM judged"),
        "handled_right": _number(engine, "SELECT count(*) AS n FROM judged WHERE is_right"),
        "of_those_in_rows_set_aside": _number(
            engine, "SELECT count(*) AS n FROM judged WHERE is_right AND is_aside"
        ),
        "false_edits": false_edits.count(),
        "rows_set_aside_wrongly": wrongly_aside.count(),
        "copies_not_scored": engine.count("copies"),
        "wrong_by_kind": _tally(engine, "SELECT kind AS what FROM judged WHERE NOT is_right"),
        "false_edits_by_rule": _tally(engine, f"SELECT what FROM {quoted(false_edits.name)}"),
    }


def intact(engine: DuckDB, raw: str, well_formed: Path) -> int:
    """Return how many records of the well-formed file are in ``raw`` with every cell as it was."""
    from sharewell.sources.read import read_source

    truth = read_source(well_formed, engine, "well_formed")
    both = f"{_cells(engine, raw)} INTERSECT ALL {_cells(engine, truth.kept.name)}"
    return _number(engine, f"SELECT count(*) AS n FROM ({both})")


def _cells(engine: DuckDB, name: str) -> str:
    columns = [column for column in engine.columns(name) if column not in ("source_row", "line")]
    shown = ", ".join(f"coalesce({quoted(column)}, '') AS c{place}" for place, column in enumerate(columns))
    return f"SELECT {shown} FROM {quoted(name)}"


def _load_truth(engine: DuckDB, folder: Path) -> None:
    path = literal(str(folder / "truth.parquet"))
    engine.create(
        "events",
        'SELECT line::BIGINT + 1 AS source_row, "column"::VARCHAR AS planted_in, kind::VARCHAR AS kind, '
        f"action::VARCHAR AS action, nullif(expected, '') AS expected FROM read_parquet({path})",
    )
    engine.create(
        "copies",
        "SELECT source_row FROM events WHERE action = 'dup' "
        "UNION SELECT source_row FROM people_raw WHERE record_id = 'PUNCLOSED'",
    )


def _judged(cleaned: str, column: str) -> str:
    """Return SQL that judges each mistake planted in a column.

    A mistake in a row that was rightly set aside for another one harmed nobody, and counts as handled.
    """
    return f"""
        SELECT e.kind, a.source_row IS NOT NULL AS is_aside,
          CASE WHEN e.action = 'quarantine' THEN coalesce(list_contains(a.columns, {literal(column)}), false)
            WHEN a.source_row IS NOT NULL THEN bars.source_row IS NOT NULL
            ELSE k.{quoted(column)} IS NOT DISTINCT FROM e.expected END AS is_right
        FROM (FROM events ANTI JOIN copies USING (source_row)) AS e
        LEFT JOIN {quoted(cleaned)} AS k USING (source_row)
        LEFT JOIN {quoted(f"{cleaned}_aside")} AS a USING (source_row)
        LEFT JOIN (SELECT DISTINCT source_row FROM events WHERE action = 'quarantine') AS bars
          USING (source_row)
        WHERE e.planted_in = {literal(column)}"""


def _false_edits(engine: DuckDB, cleaned: str) -> Relation:
    return engine.create(
        "false_edits",
        f"""
        SELECT c."column" || ': ' || c.rule AS what FROM {quoted(f"{cleaned}_changes")} AS c
        ANTI JOIN copies USING (source_row)
        ANTI JOIN {quoted(f"{cleaned}_aside")} AS a USING (source_row)
        WHERE NOT EXISTS (
          FROM events AS e WHERE e.source_row = c.source_row AND e.planted_in = c."column")""",
    )


def _wrongly_aside(cleaned: str) -> str:
    return f"""
        SELECT a.source_row FROM {quoted(f"{cleaned}_aside")} AS a ANTI JOIN copies USING (source_row)
        WHERE NOT EXISTS (
          FROM events AS e WHERE e.source_row = a.source_row AND e.action = 'quarantine')"""


def _number(engine: DuckDB, query: str) -> int:
    return int(engine.fetch(query)["n"][0].as_py())


def _tally(engine: DuckDB, query: str) -> dict[str, int]:
    """Return the ten most frequent, with how often each comes."""
    counted = f"SELECT what, count(*) AS n FROM ({query}) GROUP BY what ORDER BY n DESC, what LIMIT 10"
    return {row["what"]: row["n"] for row in engine.fetch(counted).to_pylist()}
