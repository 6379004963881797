"""A gazetteer kept on disk: the same answers, changes applied, and refusals of what is damaged or foreign."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest
import typer
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from places_cases import HEADINGS, ROWS, answers, make_gazetteer
from typer.testing import CliRunner

from sharewell.places import commands
from sharewell.places.gazetteer import load_gazetteer
from sharewell.places.lookup import open_places
from sharewell.places.prepared import MANIFEST, prepare_folder, show_folder, update_folder
from sharewell.store.duckdb import DuckDB
from sharewell.vocab.errors import FileMissing, GazetteerInvalid

ASKED = [
    ("Flat 1, 20 High Street", "ZZ1 1AA"), ("20 High Street", "ZZ1 1AA"), ("12 Hihg Stret, Sandham", ""),
    ("Garage 14, Marlow Court, 3 Wade Road", "ZZ2 3CC"), ("5 Wade Road", "ZZ2 3CC"), ("", ""),
]  # fmt: skip
COLUMNS = ("uprn", "address", "postcode", "logical_status", "change_type")
CHANGES = (
    (2, "14A High Street", "ZZ1 1AA", "1", "U"), (3, "", "", "", "D"),
    (9, "16 High Street", "ZZ1 1AA", "6", "I"),
)  # fmt: skip
BEFORE = (
    (1, "12 High Street", "ZZ1 1AA", "1", "I"), (1, "The Forge, High Street", "ZZ1 1AA", "3", "I"),
    (2, "14 High Street", "ZZ1 1AA", "1", "I"), (3, "15 High Street", "ZZ1 1AA", "1", "I"),
    (4, "17 High Street", "ZZ1 1AA", "8", "I"),
)  # fmt: skip
AFTER = (BEFORE[0], BEFORE[1], CHANGES[0], BEFORE[4], CHANGES[2])


def write(path: Path, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> Path:
    lines = [",".join(columns), *(",".join(f'"{cell}"' for cell in row) for row in rows)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("prepared")
    prepare_folder(write(folder / "gazetteer.csv", HEADINGS, ROWS), folder / "ready")
    return folder / "ready"


def test_a_prepared_gazetteer_answers_as_its_file_does(engine: DuckDB, prepared: Path):
    from_folder = answers(engine, load_gazetteer(prepared, engine), ASKED)
    assert from_folder == answers(engine, make_gazetteer(engine), ASKED)


def test_its_rows_come_into_the_engine_when_they_are_asked_for(engine: DuckDB, prepared: Path):
    gazetteer = load_gazetteer(prepared, engine, "mine")
    assert engine.fetch("SELECT table_name FROM information_schema.tables").num_rows == 0
    assert (gazetteer.relation.name, gazetteer.relation.count(), gazetteer.engine) == (
        "mine",
        len(ROWS),
        engine,
    )


def test_a_change_only_update_leaves_what_a_full_reload_would(tmp_path: Path):
    prepare_folder(write(tmp_path / "before.csv", COLUMNS, BEFORE), tmp_path / "updated")
    holds = update_folder(tmp_path / "updated", write(tmp_path / "cou.csv", COLUMNS, CHANGES))
    assert holds == prepare_folder(write(tmp_path / "after.csv", COLUMNS, AFTER), tmp_path / "full")
    assert contents(tmp_path / "updated") == contents(tmp_path / "full")
    assert (holds.rows, holds.uprns, holds.variants, holds.provisional, holds.historic) == (5, 4, 1, 1, 1)


row = st.tuples(
    st.integers(1, 6),
    st.sampled_from(["1 High St", "2 High St", "Flat 1, 2 High St", "Rose House"]),
    st.sampled_from(["ZZ1 1AA", "ZZ1 1AB", ""]),
    st.sampled_from(["1", "3", "6", "8"]),
)
FIRST = (99, "99 High Street", "ZZ1 1AA", "1")


@settings(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(row, max_size=8), st.lists(row, max_size=6), st.sets(st.integers(1, 7), max_size=4))
def test_any_update_equals_a_full_reload(
    tmp_path_factory: pytest.TempPathFactory, held: list[tuple[object, ...]],
    new: list[tuple[object, ...]], gone: set[int],
):  # fmt: skip
    folder = tmp_path_factory.mktemp("any")
    touched = gone | {each[0] for each in new}
    changes = [(*each, "U") for each in new] + [(uprn, "", "", "", "D") for uprn in gone]
    kept = [each for each in held if each[0] not in touched] + new
    prepare_folder(
        write(folder / "a.csv", COLUMNS, [(*each, "I") for each in [FIRST, *held]]), folder / "updated"
    )
    update_folder(folder / "updated", write(folder / "cou.csv", COLUMNS, [*changes, (8, "", "", "", "D")]))
    prepare_folder(
        write(folder / "b.csv", COLUMNS, [(*each, "I") for each in [FIRST, *kept]]), folder / "full"
    )
    assert contents(folder / "updated") == contents(folder / "full")


def test_an_update_must_say_what_changes(prepared: Path, tmp_path: Path):
    with pytest.raises(GazetteerInvalid) as refused:
        update_folder(prepared, write(tmp_path / "full.csv", HEADINGS, ROWS[:2]))
    assert refused.value.where.column == "CHANGE_TYPE"


def damage(folder: Path, how: str) -> None:
    if how == "a byte":
        path = folder / "live.number.npy"
        path.write_bytes(path.read_bytes()[:-1] + b"\xff")
    elif how == "cut short":
        path = folder / "rows.arrow"
        path.write_bytes(path.read_bytes()[:-9])
    elif how == "a file gone":
        (folder / "live.exact.npy").unlink()
    elif how == "no list":
        (folder / MANIFEST).write_text("{")
    elif how == "another's list":
        (folder / MANIFEST).write_text('{"format": "something"}')
    elif how == "another version":
        found = json.loads((folder / MANIFEST).read_text())
        (folder / MANIFEST).write_text(json.dumps({**found, "version": 99}))
    else:
        (folder / MANIFEST).unlink()


@pytest.mark.parametrize(
    "how", ["a byte", "cut short", "a file gone", "no list", "another's list", "another version", "foreign"]
)
def test_a_damaged_or_foreign_folder_is_refused(engine: DuckDB, tmp_path: Path, how: str):
    prepare_folder(write(tmp_path / "g.csv", COLUMNS, BEFORE), tmp_path / "ready")
    damage(tmp_path / "ready", how)
    with pytest.raises(GazetteerInvalid) as refused:
        load_gazetteer(tmp_path / "ready", engine)
    assert refused.value.where.file == "ready"
    assert refused.value.next_step
    if how != "a byte":  # a look-up checks sizes only, so that it begins at once
        with pytest.raises(GazetteerInvalid):
            open_places(tmp_path / "ready")


def test_a_folder_that_is_not_there_or_holds_something_else_is_refused(tmp_path: Path):
    with pytest.raises(FileMissing):
        show_folder(tmp_path / "nowhere")
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").write_text("keep me")
    with pytest.raises(GazetteerInvalid):
        prepare_folder(write(tmp_path / "g.csv", COLUMNS, BEFORE), tmp_path / "mine")
    assert (tmp_path / "mine" / "letter.txt").read_text() == "keep me"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["g.csv", "mine"]


@pytest.fixture
def app() -> typer.Typer:
    made = typer.Typer()
    made.callback()(lambda: None)
    commands.register(made)
    return made


def test_the_commands_prepare_update_show_and_look_up(app: typer.Typer, tmp_path: Path):
    def run(*arguments: str) -> str:
        result = CliRunner().invoke(app, list(arguments))
        assert result.exit_code == 0, result.output
        return result.stdout

    file, ready = write(tmp_path / "g.csv", COLUMNS, BEFORE), str(tmp_path / "ready")
    assert json.loads(run("gazetteer", "prepare", str(file), "--out", ready, "--json"))["uprns"] == 4
    changes = write(tmp_path / "cou.csv", COLUMNS, CHANGES)
    assert json.loads(run("gazetteer", "update", ready, str(changes), "--json"))["provisional"] == 1
    assert json.loads(run("gazetteer", "show", ready, "--json"))["historic"] == 1
    found = json.loads(run("lookup", "12 High St, ZZ1 1AA", "-g", ready, "--json"))
    assert (found["answer"], found["uprn"], found["postcode"]) == ("unit", "1", "ZZ1 1AA")
    assert run("lookup", "99 Nowhere", "-g", ready).startswith("none")
    assert "14A High Street" in run("lookup", "14 hig", "-g", ready, "--suggest", "3")
