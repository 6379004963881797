"""A batch is linked against what is held: nobody it does not touch is looked at, and nothing is half done."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest
from people_cases import Row, crowd, records_table

from sharewell.people import held as held_module
from sharewell.people.add import Added, add_records
from sharewell.people.held import HeldPeople, opened_held
from sharewell.people.hold import hold_people
from sharewell.people.link import link_people
from sharewell.store.duckdb import DuckDB, Limits
from sharewell.vocab.errors import FileMissing, FileUnreadable, PlaceExists, RunInProgress, SnapshotMissing

AT = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
Add = Callable[..., Added]
EVERYONE = [row[:8] for row in crowd(600, 3)]


def engine() -> DuckDB:
    return DuckDB(limits=Limits(threads=1, memory="2GB"))


def hold(folder: Path, rows: Sequence[Row]) -> HeldPeople:
    with opened_held(folder) as nothing:
        assert nothing is None
        at_work = engine()
        records = at_work.load("records", records_table(rows))
        linkage = link_people(records, at_work, "linked", is_held=True)
        return hold_people(folder, records, linkage, at_work, at=AT, run="first")[0]


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("held") / "people"
    hold(folder, EVERYONE)
    return folder


@pytest.fixture
def folder(first: Path, tmp_path: Path) -> Path:
    import shutil

    return shutil.copytree(first, tmp_path / "people")


@pytest.fixture
def add(folder: Path) -> Add:
    def run(rows: Sequence[Row], name: str = "second") -> Added:
        at_work = engine()
        with opened_held(folder) as held:
            assert held is not None
            return add_records(
                held, at_work.load("records", records_table(rows)), at_work, "answer", at=AT, run=name
            )

    return run


def references(folder: Path) -> dict[str, str]:
    with opened_held(folder) as held:
        assert held is not None
        rows = held.records()
    keys = [f"{s}:{n}" for s, n in zip(*(rows[c].to_pylist() for c in ("source", "source_row")), strict=True)]
    found = dict(zip(keys, rows["person"].to_pylist(), strict=True))
    assert len(found) == rows.num_rows
    return found


def as_batch(rows: Iterable[Row], source: str = "batch") -> list[Row]:
    return [(source, number, *row[2:]) for number, row in enumerate(rows, 1)]


def test_a_new_record_of_a_known_person_takes_their_reference_and_nobody_else_changes(add, folder):
    before = references(folder)
    added = add(as_batch(EVERYONE[30:36:3]))
    answer = {row["source_row"]: row["person"] for row in added.linked.arrow().to_pylist()}
    assert answer == {1: before["list0:11"], 2: before["list0:12"]}
    assert added.counts["new"] == 2 and 0 < added.counts["looked_at"] < 40
    after = references(folder)
    assert {key: after[key] for key in before} == before
    assert added.events.num_rows == 0


def test_a_stranger_is_a_new_person(add, folder):
    before = references(folder)
    added = add([("batch", 1, "Zebedee", "Quill", "1931-02-03", "ZE1 0AA", "999000000001", None)])
    [row] = added.linked.arrow().to_pylist()
    assert row["person"] not in set(before.values())
    [event] = added.events.to_pylist()
    assert (event["event"], event["person"]) == ("new", row["person"])
    assert len(references(folder)) == len(before) + 1


def test_the_same_batch_again_changes_nothing(add, folder):
    rows = as_batch(EVERYONE[::60])
    once = add(rows).linked.arrow().to_pylist()
    written = (folder / "store.json").read_bytes()
    again = add(rows)
    assert again.linked.arrow().to_pylist() == once
    assert again.counts["unchanged"] == len(rows) and again.counts["new"] == 0
    assert (folder / "store.json").read_bytes() == written


def test_a_batch_of_new_people_finds_what_linking_all_at_once_finds(tmp_path):
    rows = [row[:8] for row in crowd(900, 3)]
    early, late = rows[: 840 * 3], rows[840 * 3 :]
    hold(tmp_path / "a", early)
    at_work = engine()
    with opened_held(tmp_path / "a") as held:
        add_records(held, at_work.load("records", records_table(late)), at_work, "answer", at=AT, run="2")
    hold(tmp_path / "b", rows)
    grouped = [groups(references(tmp_path / name)) for name in "ab"]
    assert len(grouped[0] ^ grouped[1]) <= 0.02 * len(grouped[1])


def groups(found: dict[str, str]) -> set[frozenset[str]]:
    people: dict[str, set[str]] = {}
    for key, person in found.items():
        people.setdefault(person, set()).add(key)
    return {frozenset(keys) for keys in people.values()}


def test_many_batches_are_held_and_the_file_of_changes_is_written_into_the_first(add, folder):
    for number in range(4):
        add(as_batch(EVERYONE[number * 300 : number * 300 + 300], f"batch{number}"), f"run{number}")
    found = references(folder)
    assert len(found) == len(EVERYONE) + 1200
    about = json.loads((folder / "store.json").read_text())
    assert about["records"] == len(found) and about["people"] == len(set(found.values()))
    on_disk = {path.name for path in folder.iterdir()} - {"store.json", "store.key", "run.lock"}
    assert on_disk == {about["base"], *([about["change"]] if about["change"] else []), *about["events"]}


def test_a_killed_batch_leaves_what_was_held(add, folder, monkeypatch):
    before = references(folder)

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(held_module, "_write_about", killed)
    with pytest.raises(KeyboardInterrupt):
        add(as_batch(EVERYONE[:30]))
    monkeypatch.undo()
    assert references(folder) == before
    assert add(as_batch(EVERYONE[:30])).counts["new"] == 30
    about = json.loads((folder / "store.json").read_text())
    assert len(list(folder.glob("change-*"))) == 1 and about["records"] == len(before) + 30


def test_nothing_can_be_read_without_the_key_and_damage_is_noticed(folder):
    about = json.loads((folder / "store.json").read_text())
    base = folder / about["base"]
    assert b"list0" not in base.read_bytes() and b"surname" not in base.read_bytes()
    assert (folder / "store.key").stat().st_mode & 0o077 == 0
    content = bytearray(base.read_bytes())
    content[len(content) // 2] ^= 1
    base.write_bytes(content)
    with pytest.raises(SnapshotMissing):
        references(folder)
    base.unlink()
    with pytest.raises(FileMissing, match="is gone"):
        references(folder)
    (folder / "store.json").write_text('{"format": "another"}')
    with pytest.raises(FileUnreadable):
        references(folder)


def test_a_folder_of_other_things_or_at_work_is_refused(tmp_path, folder):
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "one.txt").write_text("kept")
    (tmp_path / "file").write_text("kept")
    for name in ("letters", "file"):
        with pytest.raises(PlaceExists), opened_held(tmp_path / name):
            pass
    assert sorted(path.name for path in (tmp_path / "letters").iterdir()) == ["one.txt"]
    with opened_held(folder), pytest.raises(RunInProgress), opened_held(folder):
        pass


def test_five_thousand_people_at_one_address_are_bounded_in_a_batch_too(add, folder):
    crowded = [
        ("hostel", number, f"Guest{number}", f"Name{number % 700}", None, "E1 1AA", "999000000077", None)
        for number in range(1, 5001)
    ]
    added = add(crowded)
    assert added.counts["new"] == 5000
    assert len(set(references(folder).values())) > 4000
