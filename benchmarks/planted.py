"""Look up what became of every mistake that the messy sample planted.

The sample's truth names a line, a column, what was done to the cell and what to do about it: ``repair`` (one
right answer), ``null`` (blank the cell) or ``quarantine`` (set the row aside). Rows that the sample added as
copies of others are left for linking, and are not scored.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sharewell.sources.terms import Standard
from sharewell.store.duckdb import DuckDB
from sharewell.store.engine import literal, quoted

Answer = dict[str, Any]


def score(engine: DuckDB, cleaned: str, folder: Path) -> Answer:
    """Return how many planted mistakes were handled right, and which edits were made where nothing was wrong."""
    _load_truth(engine, folder)
    answer = _counts(engine, _handled(cleaned))
    wrong = "SELECT kind AS what FROM judged WHERE NOT is_right"
    return {
        **answer,
        "false_edits": _number(engine, _false_edits(cleaned)),
        "rows_set_aside_wrongly": _number(engine, _wrongly_aside(cleaned)),
        "copies_not_scored": _number(engine, "SELECT count(*) FROM copies"),
        "wrong_by_kind": _tally(engine, wrong),
        "false_edits_by_rule": _tally(engine, _false_edits(cleaned, '"column" || \': \' || rule AS what')),
    }


def intact(engine: DuckDB, raw: str, messy: Path) -> int:
    """Return how many records of the well-formed file are in ``raw`` with every cell as it was."""
    from sharewell.sources.read import read_source

    truth = read_source(messy, engine, "well_formed")
    return _number(
        engine, f"SELECT count(*) FROM ({_cells(engine, raw)} INTERSECT ALL {_cells(engine, truth.kept.name)})"
    )


def _cells(engine: DuckDB, name: str) -> str:
    columns = [column for column in engine.columns(name) if column not in ("source_row", "line")]
    shown = ", ".join(f"coalesce({quoted(column)}, '') AS c{place}" for place, column in enumerate(columns))
    return f"SELECT {shown} FROM {quoted(name)}"


def _load_truth(engine: DuckDB, folder: Path) -> None:
    path = literal(str(folder / "truth.parquet"))
    engine.create(
        "events",
        "SELECT line + 1 AS source_row, \"column\"::VARCHAR AS column_name, kind::VARCHAR AS kind, "
        f"action::VARCHAR AS action, nullif(expected, '') AS expected FROM read_parquet({path})",
    )
    engine.create(
        "copies",
        "SELECT source_row FROM events WHERE action = 'dup' "
        "UNION SELECT source_row FROM people_raw WHERE record_id = 'PUNCLOSED'",
    )


def _handled(cleaned: str) -> str:
    """Return SQL that judges each planted mistake of a row that is no copy."""
    names = [name for name in Standard_columns(cleaned)]
    cells = f"SELECT source_row, name, value FROM (UNPIVOT INCLUDE NULLS {quoted(cleaned)} ON {', '.join(map(quoted, names))} INTO NAME name VALUE value)"
    return cells
