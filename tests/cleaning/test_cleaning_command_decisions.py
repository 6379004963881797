"""Decisions kept in a place: the next delivery asks no rule again, and nothing personal lies open."""

from __future__ import annotations

from pathlib import Path

import pytest

from cleaning.cleaning_files import GOOD, Answers, clean, people, write_list
from sharewell.cleaning import actions, decisions
from sharewell.settings import Place
from sharewell.store.keys import KeyRing
from sharewell.store.lock import only_run

DIRTY = GOOD | {
    "nhs_number": "943 476 5919",
    "full_name": "SECRETIVE, ANN",
    "date_of_birth": "12/03/1985",
    "address": "12 SECRETIVE STREET",
    "sex": "",
}


@pytest.fixture(autouse=True)
def small_lists_too(monkeypatch: pytest.MonkeyPatch, place: Place) -> None:
    monkeypatch.setattr(actions, "_WORTH_REMEMBERING", 0)
    KeyRing.create(place)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return write_list(tmp_path / "list.csv", [DIRTY, *people(3)[1:]])


def clean_in(place: Place, file: Path, out: str) -> Answers:
    return clean(file, file.parent / out, "--dir", place.folder)


def asked(answers: Answers) -> int:
    """Count the values that rules were asked about; dates are asked each time: they are evidence."""
    told: dict[str, int] = answers.about["decisions"]["asked"]
    return sum(values for column, values in told.items() if column != "date_of_birth")


def test_the_next_delivery_asks_nothing_again_and_agrees_with_the_last(place: Place, file: Path) -> None:
    first, second = clean_in(place, file, "first"), clean_in(place, file, "second")
    assert (asked(first), asked(second)) == (3, 0)
    assert sum(second.about["decisions"]["remembered"].values()) == 3
    assert second.changes() == first.changes()
    assert second.rows("kept") == first.rows("kept")


def test_only_new_values_are_asked_about(place: Place, file: Path) -> None:
    clean_in(place, file, "first")
    write_list(file, [DIRTY, DIRTY | {"record_id": "P2", "full_name": "JONES, BEN"}])
    assert asked(clean_in(place, file, "second")) == 1


def test_a_value_that_a_delivery_no_longer_holds_is_forgotten(place: Place, file: Path) -> None:
    clean_in(place, file, "first")
    write_list(file, people(2))
    clean_in(place, file, "without")
    write_list(file, [DIRTY])
    assert asked(clean_in(place, file, "again")) == 3


def test_changed_rules_decide_afresh(place: Place, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    clean_in(place, file, "first")
    monkeypatch.setattr(decisions, "rules_version", lambda: "another")
    assert asked(clean_in(place, file, "second")) == 3


def test_a_rule_undone_does_not_spoil_what_is_kept(place: Place, file: Path) -> None:
    undone = clean(file, file.parent / "undone", "--dir", place.folder, "--without", "full_name:name_order")
    assert undone.rows("kept")[0]["full_name"] == "SECRETIVE, ANN"
    assert clean_in(place, file, "next").rows("kept")[0]["full_name"] == "Ann Secretive"


def test_no_value_lies_open_in_the_store(place: Place, file: Path) -> None:
    clean_in(place, file, "first")
    kept = [path.read_bytes() for path in place.store.rglob("*") if path.is_file()]
    assert list(place.records.rglob("*.parquet"))
    assert not any(b"ecretive" in written.lower() or b"943 476 5919" in written for written in kept)


def test_where_another_run_holds_the_place_cleaning_goes_on_and_keeps_nothing(
    place: Place, file: Path
) -> None:
    with only_run(place):
        clean_in(place, file, "first")
    assert asked(clean_in(place, file, "second")) == 3


def test_outside_a_place_nothing_is_kept(file: Path) -> None:
    first, second = clean(file, file.parent / "first"), clean(file, file.parent / "second")
    assert asked(first) == asked(second) == 3
