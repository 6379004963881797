"""``sharewell link --existing``: people's references last from batch to batch."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from people_cases import crowd
from typer.testing import CliRunner

from sharewell.cli import build_app
from sharewell.vocab.errors import TooLittleToHold, UnknownColumn

HEADER = ("list", "number", "forename", "surname", "born", "postcode", "uprn", "nhs", "own_id")
COLUMNS = ("--first-name", "forename", "--surname", "surname", "--dob", "born", "--postcode", "postcode")
OPTIONS = (*COLUMNS, "--uprn", "uprn", "--nhs-number", "nhs", "--source", "list", "--id", "own_id")


def write(path: Path, rows: list[tuple[object, ...]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        writer.writerows([*row[:8], f"{row[0]}-{row[1]}"] for row in rows)
    return path


def link(folder: Path, file: Path, *options: str) -> dict[str, object]:
    out = folder / f"{file.stem}.parquet"
    told = ("link", str(file), "--existing", str(folder / "held"), "--out", str(out), *options, "--json")
    answer = CliRunner().invoke(build_app(), told)
    if answer.exception and not isinstance(answer.exception, SystemExit):
        raise answer.exception
    return json.loads(answer.output) | {"rows": pq.read_table(out).to_pylist()}


@pytest.fixture
def people() -> list[tuple[object, ...]]:
    return crowd(400, 2)


def test_a_batch_takes_the_references_of_people_who_are_held(tmp_path, people):
    first = link(tmp_path, write(tmp_path / "first.csv", people[1:]), *OPTIONS)
    held = {(row["source"], row["source_row"]): row["person"] for row in first["rows"]}
    assert all(str(person).startswith("P") for person in held.values())
    batch = link(tmp_path, write(tmp_path / "batch.csv", people[:1]), *OPTIONS)
    assert batch["rows"][0]["person"] == held["list1", 1]
    assert {note["code"] for note in batch["notes"]} >= {"records_new", "records_looked_at"}


def test_a_changed_record_is_known_by_its_id_and_an_unchanged_one_costs_nothing(tmp_path, people):
    first = link(tmp_path, write(tmp_path / "first.csv", people), *OPTIONS)
    row = list(people[5])
    row[5] = "ZE1 0AA"
    batch = link(tmp_path, write(tmp_path / "batch.csv", [tuple(row), people[6]]), *OPTIONS)
    assert {note["code"]: note["rows"] for note in batch["notes"]} | {"records_looked_at": 0} == {
        "records_changed": 1,
        "records_unchanged": 1,
        "records_looked_at": 0,
    }
    held = {(row["source"], row["source_row"]): row["person"] for row in first["rows"]}
    assert {row["source"]: row["person"] for row in batch["rows"]} == {
        "list1": held["list1", 6],
        "list0": held["list0", 7],
    }


def test_other_columns_than_those_held_are_refused_with_their_names(tmp_path, people):
    file = write(tmp_path / "first.csv", people)
    link(tmp_path, file, *OPTIONS, "--phone", "nhs")
    with pytest.raises(UnknownColumn) as caught:
        link(tmp_path, file, *OPTIONS)
    assert "phone" in caught.value.next_step
    one = write(tmp_path / "one.csv", people[:1])
    (tmp_path / "held").rename(tmp_path / "other")
    with pytest.raises(TooLittleToHold):
        link(tmp_path, one, *OPTIONS)
