"""The commands that profile, give back and take back, from the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from cleaning.giveback_cases import LIST, SCHEMA, mend, written
from sharewell.cleaning import commands, giveback_commands, profile_commands

runner = CliRunner()


@pytest.fixture
def app() -> typer.Typer:
    app = typer.Typer()
    for each in (commands, profile_commands, giveback_commands):
        each.register(app)
    return app


@pytest.fixture
def source(tmp_path: Path) -> Path:
    (tmp_path / "clinic.json").write_text(json.dumps(SCHEMA), encoding="utf-8")
    (tmp_path / "clinic.csv").write_text(LIST, encoding="utf-8")
    return tmp_path / "clinic.csv"


def run(app: typer.Typer, *words: str | Path) -> str:
    answer = runner.invoke(app, [str(word) for word in words], catch_exceptions=False)
    assert answer.exit_code == 0, answer.output
    return answer.output


def test_a_file_is_profiled_and_compared_with_last_time(app: typer.Typer, tmp_path: Path):
    for name, rows in (("march", 200), ("april", 100)):
        lines = ["name,town", *(f"Ann {place},Leeds" for place in range(rows))]
        (tmp_path / f"{name}.csv").write_text("\n".join(lines), encoding="utf-8")
    told = run(app, "profile", tmp_path / "march.csv", "--out", tmp_path / "march.html")
    assert "200 rows in 2 columns" in told
    words = ("profile", tmp_path / "april.csv", "--last", tmp_path / "march.json", "--json")
    told = json.loads(run(app, *words))
    assert next(drift["text"] for drift in told["drifts"]).startswith("The file has 100 rows and had 200")


def test_rows_go_out_and_come_back(app: typer.Typer, source: Path, tmp_path: Path):
    standard, answers, book = tmp_path / "clinic.json", tmp_path / "answers", tmp_path / "rows.xlsx"
    run(app, "clean", source, "--standard", standard, "--out", answers, "--as-of", "2026-01-01")
    given = json.loads(run(app, "giveback", answers, "--out", book, "--standard", standard, "--json"))
    assert given["set_aside"] == 4
    mend(book, written({(4, "NHS No."): "9434765919"}))
    taken = json.loads(run(app, "takeback", answers, book, "--standard", standard, "--json"))
    assert (taken["rows_in"], taken["kept"], taken["set_aside"], taken["now_kept"]) == (6, 3, 3, 1)
    assert taken["kept"] + taken["set_aside"] == taken["rows_in"]
