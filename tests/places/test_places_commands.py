"""``sharewell match`` from the outside: what it writes, says and refuses."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import typer
from places_cases import HEADINGS, ROWS
from typer.testing import CliRunner

from sharewell.places import commands
from sharewell.store import parquet
from sharewell.vocab.errors import DiskFull, GazetteerInvalid, UnknownColumn

LIST = (
    "Ref,Address,Town,Post Code\n1,12 High Street,Sandham,ZZ1 1AA\n2,20 High Street,Sandham,ZZ1 1AA\n"
    "3,99 Nowhere,,\n"
)


@pytest.fixture
def app() -> typer.Typer:
    made = typer.Typer()
    made.callback()(lambda: None)
    commands.register(made)
    return made


@pytest.fixture
def files(tmp_path: Path) -> Path:
    lines = [",".join(HEADINGS), *(",".join(str(cell) for cell in row) for row in ROWS)]
    (tmp_path / "gazetteer.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (tmp_path / "list.csv").write_text(LIST, encoding="utf-8")
    return tmp_path


def run(app: typer.Typer, files: Path, *options: str, list_name: str = "list.csv"):
    command = ["match", str(files / list_name), "--gazetteer", str(files / "gazetteer.csv"), *options]
    return CliRunner().invoke(app, [*command, "--out", str(files / "out.parquet")])


def left(files: Path) -> list[str]:
    return sorted(path.name for path in files.iterdir())


def test_every_record_gets_a_row_in_the_file(app: typer.Typer, files: Path):
    result = run(app, files, "--address", "Address", "--address", "Town", "--postcode", "Post Code", "--json")
    assert result.exit_code == 0, result.output
    summary = json.loads(result.stdout)
    assert {name: summary[name] for name in ("records", "unit", "building", "none", "set_aside")} == {
        "records": 3, "unit": 1, "building": 1, "none": 1, "set_aside": 0,
    }  # fmt: skip
    table = pq.read_table(files / "out.parquet")
    assert table.schema.names == ["source_row", "uprn", "answer", "probability"]
    assert [table.schema.field(name).type for name in table.schema.names] == [
        pa.int64(), pa.string(), pa.string(), pa.float64(),
    ]  # fmt: skip
    assert [(row["source_row"], row["uprn"], row["answer"]) for row in table.to_pylist()] == [
        (1, "10", "unit"), (2, "12", "building"), (3, None, "none"),
    ]  # fmt: skip
    assert left(files) == ["gazetteer.csv", "list.csv", "out.parquet"]


def test_columns_are_found_whatever_their_case(app: typer.Typer, files: Path):
    result = run(app, files, "--address", "ADDRESS", "--postcode", "post code")
    assert result.exit_code == 0, result.output
    assert "Matched" in result.stderr
    assert result.stdout == ""


def test_records_set_aside_in_reading_are_answered_with_none(app: typer.Typer, files: Path):
    (files / "ragged.csv").write_text(
        LIST + "4,too,many,cells,here,and,here\n5,14 High Street,,ZZ1 1AA\n", encoding="utf-8"
    )
    result = run(app, files, "-a", "Address", "--postcode", "Post Code", "--json", list_name="ragged.csv")
    assert result.exit_code == 0, result.output
    rows = pq.read_table(files / "out.parquet").to_pylist()
    assert [row["source_row"] for row in rows] == [1, 2, 3, 4, 5]
    assert [row["answer"] for row in rows] == ["unit", "building", "none", "none", "unit"]
    assert json.loads(result.stdout)["set_aside"] == 1


def test_a_known_uprn_is_kept(app: typer.Typer, files: Path):
    (files / "known.csv").write_text("where,uprn\nnot an address,14\n", encoding="utf-8")
    assert run(app, files, "-a", "where", "--uprn", "UPRN", list_name="known.csv").exit_code == 0
    [row] = pq.read_table(files / "out.parquet").to_pylist()
    assert (row["uprn"], row["answer"], row["probability"]) == ("14", "unit", 1.0)


def test_a_column_that_is_not_there_is_refused(app: typer.Typer, files: Path):
    result = run(app, files, "--address", "Adress")
    assert isinstance(result.exception, UnknownColumn)
    assert result.exception.where.column == "Adress"
    assert "Address" in result.exception.next_step
    assert left(files) == ["gazetteer.csv", "list.csv"]


def test_a_gazetteer_that_is_none_is_refused(app: typer.Typer, files: Path):
    (files / "gazetteer.csv").write_text("a,b\n1,2\n3,4\n", encoding="utf-8")
    result = run(app, files, "--address", "Address")
    assert isinstance(result.exception, GazetteerInvalid)
    assert left(files) == ["gazetteer.csv", "list.csv"]


def test_a_failed_write_leaves_the_old_answers_alone(
    app: typer.Typer, files: Path, monkeypatch: pytest.MonkeyPatch
):
    (files / "out.parquet").write_bytes(b"the last answers")

    def full(path: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(parquet, "sync_file", full)
    result = run(app, files, "--address", "Address")
    assert isinstance(result.exception, DiskFull)
    assert (files / "out.parquet").read_bytes() == b"the last answers"
    assert left(files) == ["gazetteer.csv", "list.csv", "out.parquet"]
