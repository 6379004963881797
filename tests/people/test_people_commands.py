"""``sharewell link``: files in, one row for every record out."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest
import typer
from typer.testing import CliRunner, Result

from sharewell.people.commands import register
from sharewell.people.gather import name_files
from sharewell.vocab.errors import FileMissing, FolderReadOnly, UnknownColumn

CLIENTS = "First,Last,Born,NHS\nRobert,Hall,1950-03-12,9434765919\nOlu,Ade,1999-01-05,\n"
TENANTS = "First,Last,Born\nBob,Hall,1950-03-12\n"
NAMED = ["--first-name", "First", "--surname", "Last", "--dob", "Born"]


@pytest.fixture
def run(tmp_path: Path):
    app = typer.Typer()
    register(app)
    app.command("nothing")(lambda: None)

    def call(*words: object) -> Result:
        answer = CliRunner().invoke(app, ["link", *map(str, words)])
        if answer.exception is not None and not isinstance(answer.exception, SystemExit):
            raise answer.exception
        return answer

    return call


def written(tmp_path: Path, name: str, text: str) -> Path:
    path = tmp_path / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def answer(path: Path) -> dict[tuple[str, int], str]:
    rows = pq.read_table(path).to_pylist()
    assert list(rows[0]) == ["source", "source_row", "person", "match_weight"]
    return {(row["source"], row["source_row"]): row["person"] for row in rows}


def test_files_are_linked_by_the_columns_named(run, tmp_path):
    files = [written(tmp_path, "clients.csv", CLIENTS), written(tmp_path, "tenants.csv", TENANTS)]
    told = run(*files, *NAMED, "--nhs-number", "NHS", "--out", tmp_path / "who.parquet", "--json")
    summary = json.loads(told.stdout)
    assert (summary["records"], summary["people"], summary["set_aside"]) == (3, 2, 0)
    who = answer(tmp_path / "who.parquet")
    assert who["clients.csv", 1] == who["tenants.csv", 1] != who["clients.csv", 2]
    assert [path.name for path in tmp_path.iterdir() if path.name.endswith(".part")] == []


def test_the_summary_is_readable_and_holds_nothing_personal(run, tmp_path):
    told = run(written(tmp_path, "clients.csv", CLIENTS), *NAMED, "--out", tmp_path / "who.parquet")
    assert "records" in told.stdout
    assert "Hall" not in told.output


def test_a_column_may_say_which_list_a_record_is_of(run, tmp_path):
    path = written(tmp_path, "all.csv", "List,First,Last\ngp,Ann,Lee\ntax,Ann,Lee\n,Ann,Lee\n")
    run(path, "--source", "List", "--first-name", "First", "--surname", "Last", "-o", tmp_path / "o.parquet")
    assert set(answer(tmp_path / "o.parquet")) == {("gp", 1), ("tax", 2), ("all.csv", 3)}


def test_files_of_one_name_are_told_apart_by_their_folders(run, tmp_path):
    files = [written(tmp_path, f"{folder}/list.csv", TENANTS) for folder in ("gp", "tax")]
    run(*files, *NAMED, "-o", tmp_path / "o.parquet")
    assert set(answer(tmp_path / "o.parquet")) == {("gp/list.csv", 1), ("tax/list.csv", 1)}


def test_one_file_named_twice_is_still_two_sources():
    assert name_files([Path("a/x.csv"), Path("b/y.csv")]) == ["x.csv", "y.csv"]
    assert len(set(name_files([Path("a/x.csv"), Path("a/x.csv")]))) == 2


def test_records_that_cannot_be_read_are_people_of_their_own(run, tmp_path):
    path = written(
        tmp_path, "ragged.csv", TENANTS + "Ann,Lee,1990-01-01,surplus,more\n" + "Ann,Lee,1990-01-01\n"
    )
    told = run(path, *NAMED, "-o", tmp_path / "o.parquet", "--json")
    summary = json.loads(told.stdout)
    assert (summary["records"], summary["set_aside"]) == (3, 1)
    assert len(set(answer(tmp_path / "o.parquet").values())) == summary["people"] == 3


def test_a_file_that_follows_a_standard_is_cleaned_first(run, tmp_path):
    text = "NHS Number,Forename,Surname,Date of Birth,Postcode\n"
    text += "943 476 5919,ROBERT,HALL,12/03/1950,e81aa\n9434765919,Robert,Hall,1950-03-12,E8 1AA\n"
    path = written(tmp_path, "people.csv", text)
    told = run(path, "--standard", "people", "--dir", tmp_path, "-o", tmp_path / "o.parquet", "--json")
    assert json.loads(told.stdout)["people"] == 1


def test_an_unknown_column_is_refused_by_name(run, tmp_path):
    path = written(tmp_path, "clients.csv", CLIENTS)
    with pytest.raises(UnknownColumn) as refused:
        run(path, "--surname", "Sirname", "-o", tmp_path / "o.parquet")
    assert (refused.value.where.file, refused.value.where.column) == ("clients.csv", "Sirname")
    assert "Last" in refused.value.next_step


def test_a_column_that_no_file_has_is_refused_even_beside_good_ones(run, tmp_path):
    path = written(tmp_path, "clients.csv", CLIENTS)
    with pytest.raises(UnknownColumn):
        run(path, *NAMED, "--postcode", "Posstcode", "-o", tmp_path / "o.parquet")


def test_nothing_to_compare_is_a_wrong_command_line(run, tmp_path):
    told = run(written(tmp_path, "clients.csv", CLIENTS), "-o", tmp_path / "o.parquet")
    assert told.exit_code == 2
    assert "nothing to compare" in " ".join(told.output.split())


def test_a_missing_file_is_refused_and_nothing_is_written(run, tmp_path):
    with pytest.raises(FileMissing):
        run(tmp_path / "absent.csv", *NAMED, "-o", tmp_path / "o.parquet")
    assert not (tmp_path / "o.parquet").exists()


def test_a_folder_that_cannot_be_written_is_refused(tmp_path, engine):
    from sharewell.people.gather import write_people
    from sharewell.store.engine import Relation

    engine.create("linked", "SELECT 'a' AS source, 1 AS source_row, 'L1' AS person, 1.0 AS match_weight")
    engine.create("aside", "SELECT 'a' AS source, 2 AS source_row LIMIT 0")
    blocked = tmp_path / "o.parquet"
    blocked.mkdir()
    (blocked / "kept").touch()
    with pytest.raises((FolderReadOnly, OSError)):
        write_people(Relation(engine, "linked"), Relation(engine, "aside"), blocked)
    assert [path.name for path in tmp_path.iterdir()] == ["o.parquet"]
