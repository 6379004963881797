"""Cleaning a planted extract and scoring it against what was planted."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from cleaning.cleaning_files import plant
from sharewell.cleaning.clean import Cleaned, clean
from sharewell.sources.map import apply_mapping, guess_mapping, require_certain
from sharewell.sources.read import read_source
from sharewell.sources.standards import load_standard
from sharewell.store.duckdb import DuckDB

ROWS = 20_000
SKIPPED = "SELECT line + 1 AS source_row FROM truth WHERE \"column\" IN ('*', 'record_id')"
"""Rows that repeat another repeat its mess, which the truth tells of once."""


@pytest.fixture(scope="module")
def planted(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return plant(shared, tmp_path_factory.mktemp("messy"), ROWS)


@pytest.fixture(scope="module")
def cleaned(engine: DuckDB, planted: Path) -> Cleaned:
    standard = load_standard("messy-sample")
    read = read_source(planted / "messy.csv", engine, "planted_raw")
    assert read.set_aside.count() == 0
    mapping = require_certain(guess_mapping(read.facts.columns, standard), "messy.csv")
    mapped = apply_mapping(read.kept, mapping, standard, "planted_mapped")
    engine.load("truth", pq.read_table(planted / "truth.parquet"))
    return clean(mapped, standard, "planted", as_of=date(2026, 1, 1))


@pytest.mark.real
def test_planted_mess_is_handled_right(engine: DuckDB, cleaned: Cleaned) -> None:
    cells = ", ".join(
        f"coalesce({name}, '') AS {name}"
        for name in cleaned.kept.columns
        if name not in ("source_row", "line")
    )
    names = cells and [name for name in cleaned.kept.columns if name not in ("source_row", "line")]
    scored = engine.fetch(
        f"""
        WITH cells AS (
            UNPIVOT (SELECT source_row, {cells} FROM planted) ON {", ".join(names)} INTO NAME col VALUE v
        ), set_aside AS (
            SELECT DISTINCT line + 1 AS source_row FROM truth WHERE action = 'quarantine'
        )
        SELECT kind, count(*) AS planted, count(*) FILTER (
            CASE WHEN action = 'quarantine' THEN c.v IS NULL
                 ELSE c.v = expected OR (c.v IS NULL AND s.source_row IS NOT NULL) END) AS handled
        FROM truth AS t
        LEFT JOIN cells AS c ON c.source_row = t.line + 1 AND c.col = t."column"
        LEFT JOIN set_aside AS s ON s.source_row = t.line + 1
        WHERE action <> 'dup' GROUP BY kind
        """
    ).to_pylist()
    planted = sum(row["planted"] for row in scored)
    wrong = {
        row["kind"]: row["planted"] - row["handled"] for row in scored if row["planted"] != row["handled"]
    }
    assert planted > 9_000
    assert sum(wrong.values()) <= planted * 0.001, wrong


@pytest.mark.real
def test_nothing_right_is_edited_or_set_aside(engine: DuckDB, cleaned: Cleaned) -> None:
    engine.create(
        "skipped", f"{SKIPPED} UNION SELECT source_row FROM planted_mapped WHERE record_id = 'PUNCLOSED'"
    )
    edits = engine.fetch(
        "SELECT c.rule FROM planted_changes AS c"
        ' ANTI JOIN truth AS t ON t.line + 1 = c.source_row AND t."column" = c."column"'
        " ANTI JOIN skipped AS s ON s.source_row = c.source_row"
    )
    aside = engine.fetch(
        "SELECT a.reasons FROM planted_aside AS a"
        " ANTI JOIN truth AS t ON t.line + 1 = a.source_row AND t.action = 'quarantine'"
        " ANTI JOIN skipped AS s ON s.source_row = a.source_row"
    )
    assert edits.to_pylist() == []
    assert aside.to_pylist() == []


@pytest.mark.real
def test_the_changes_restore_every_cell(engine: DuckDB, cleaned: Cleaned) -> None:
    for name in cleaned.kept.columns:
        different = engine.fetch(
            f"SELECT m.source_row FROM planted_mapped AS m JOIN planted AS k ON m.source_row = k.source_row"
            f" LEFT JOIN (SELECT * FROM planted_changes WHERE \"column\" = '{name}') AS c"
            f" ON c.source_row = m.source_row WHERE nullif(CAST(m.{name} AS VARCHAR), '') IS DISTINCT FROM"
            f" CASE WHEN c.source_row IS NULL THEN CAST(k.{name} AS VARCHAR) ELSE nullif(c.before, '') END"
        )
        assert different.num_rows == 0, name


@pytest.mark.real
def test_repeated_rows_are_set_aside_and_told(cleaned: Cleaned) -> None:
    assert [note.rows > 50 for note in cleaned.notes if note.code == "set_aside_duplicate_exact"] == [True]
