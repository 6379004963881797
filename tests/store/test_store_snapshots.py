from __future__ import annotations

import re
from datetime import date

import pyarrow as pa
import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sharewell.store.models import Snapshot
from sharewell.vocab.errors import DiskFull, FolderReadOnly, KeyMissing, SnapshotMissing, UnknownColumn

CANARY = "Zebedee Quackenbush"
CANARY_COLUMN = "favourite_canary_column"


def files_under(folder):
    return sorted(path for path in folder.rglob("*") if path.is_file())


def people(snapshots, **kwargs):
    return snapshots.read("council", "people", **kwargs)["person"].to_pylist()


def numbered(rows):
    return pa.table({"source_row": list(range(1, rows + 1)), "person": [f"p{n}" for n in range(1, rows + 1)]})


def test_a_staged_snapshot_is_not_visible_until_it_is_swapped_in(snapshots, stage):
    staged = stage(["p1"])
    assert snapshots.current("council", "people") is None
    with pytest.raises(SnapshotMissing):
        snapshots.read("council", "people")
    with transaction.atomic():
        snapshots.swap([staged])
    assert people(snapshots) == ["p1"]


def test_what_is_known_of_a_snapshot(snapshots, keep):
    staged = keep(["p1", "p2"], run="run-7")
    facts = snapshots.current("council", "people")
    assert (facts.id, facts.rows, facts.as_of, facts.run) == (staged.id, 2, date(2026, 7, 1), "run-7")
    assert facts.is_current and facts.destroyed_at is None
    assert snapshots.tables() == (facts,)


def test_a_swap_that_rolls_back_shows_nothing_and_destroys_nothing(place, snapshots, keep, stage):
    for run in range(3):
        keep([f"old{run}"])
    before = (snapshots.history("council", "people"), files_under(place.records))
    staged = stage(["new"])

    def fail_after_the_swap():
        with transaction.atomic():
            snapshots.swap([staged])
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail_after_the_swap()
    assert people(snapshots) == ["old2"]
    assert snapshots.history("council", "people") == before[0]
    assert snapshots.sweep() == 1
    assert files_under(place.records) == before[1]


def test_several_tables_are_swapped_in_all_at_once(snapshots, stage):
    both = [stage(["p1"]), stage(["h1"], table="households")]
    with transaction.atomic():
        snapshots.swap(both)
    assert [facts.table for facts in snapshots.tables()] == ["households", "people"]


def test_a_swap_needs_the_callers_transaction(snapshots, stage):
    with pytest.raises(transaction.TransactionManagementError):
        snapshots.swap([stage(["p1"])])


def test_the_database_itself_allows_one_current_snapshot_of_a_table(keep):
    keep(["p1"])
    row = Snapshot.objects.get()
    row.pk = "another"
    with pytest.raises(IntegrityError):
        row.save(force_insert=True)


def test_only_as_many_snapshots_are_kept_as_the_place_says(place, snapshots, keep):
    staged = [keep([f"p{run}"]) for run in range(4)]
    history = snapshots.history("council", "people")
    assert [facts.id for facts in history] == [each.id for each in reversed(staged)]
    assert [facts.destroyed_at is None for facts in history] == [True, True, False, False]
    assert [path.stem for path in files_under(place.records)] == sorted(each.id for each in staged[2:])
    assert people(snapshots, snapshot=staged[2].id) == ["p2"]
    with pytest.raises(SnapshotMissing, match="erased"):
        people(snapshots, snapshot=staged[0].id)


def test_a_destroyed_key_lies_nowhere_in_the_store(place, keep):
    keep(["p1"])
    wrapped = bytes(Snapshot.objects.get().wrapped_key)

    def lies_somewhere():
        return any(wrapped in path.read_bytes() for path in place.store.rglob("*") if path.is_file())

    assert lies_somewhere()
    keep(["p2"])
    keep(["p3"])
    assert not lies_somewhere()


def test_no_value_and_no_column_name_can_be_read_from_the_files(place, snapshots, keep):
    rows = pa.table({CANARY_COLUMN: [CANARY] * 500, "nhs_number": ["9434765919"] * 500})
    keep(rows)
    written = b"".join(path.read_bytes() for path in files_under(place.records))
    assert len(written) > 500
    for secret in (*CANARY.split(), CANARY_COLUMN, "canary", "nhs_number", "9434765919"):
        assert secret.encode() not in written
        assert secret.encode("utf-16-le") not in written
    assert snapshots.read("council", "people")[CANARY_COLUMN][0].as_py() == CANARY


def test_files_are_for_the_owner_only(place, keep):
    keep(["p1"])
    [file] = files_under(place.records)
    assert file.stat().st_mode & 0o077 == 0
    assert file.parent.stat().st_mode & 0o077 == 0


def test_two_organisations_records_lie_apart_under_keys_of_their_own(place, snapshots, keep):
    keep(["p1"], organisation="Council/../../etc")
    keep(["p2"], organisation="nhs")
    assert len({path.relative_to(place.records).parts[0] for path in files_under(place.records)}) == 2
    assert snapshots.read("Council/../../etc", "people")["person"].to_pylist() == ["p1"]


def test_a_part_of_a_table_is_read_by_column_and_value(snapshots, keep):
    keep(numbered(250_000))
    found = snapshots.read("council", "people", ["person"], {"source_row": 200_001})
    assert found.to_pydict() == {"person": ["p200001"]}
    assert snapshots.read("council", "people", equals={"person": "p7", "source_row": 8}).num_rows == 0
    assert snapshots.read("council", "people", equals={"source_row": "not a number"}).num_rows == 0
    assert snapshots.read("council", "people").column("source_row").to_pylist() == list(range(1, 250_001))


@pytest.mark.parametrize("part", [{"columns": ["surname"]}, {"equals": {"surname": "x"}}])
def test_an_unknown_column_is_named(snapshots, keep, part):
    keep(["p1"])
    with pytest.raises(UnknownColumn, match="surname"):
        snapshots.read("council", "people", **part)


def test_a_table_is_loaded_into_an_engine(snapshots, keep, engine):
    keep(numbered(120_000))
    loaded = snapshots.load("council", "people", engine, "held")
    assert loaded.count() == 120_000
    assert loaded.columns == ("source_row", "person")
    part = snapshots.load("council", "people", engine, "one", columns=["person"], equals={"source_row": 9})
    assert part.arrow().to_pydict() == {"person": ["p9"]}


def test_an_empty_table_is_kept_with_its_columns(snapshots, keep, engine):
    keep([])
    assert people(snapshots) == []
    assert snapshots.load("council", "people", engine, "held").columns == ("person",)


TEXT = st.none() | st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(TEXT, st.none() | st.booleans(), st.none() | st.lists(TEXT, max_size=3))))
def test_what_is_kept_is_what_is_read(snapshots, keep, rows):
    texts, flags, lists = zip(*rows, strict=True) if rows else ((), (), ())
    table = pa.table(
        {
            "text": pa.array(texts, pa.string()),
            "flag": pa.array(flags, pa.bool_()),
            "list": pa.array(lists, pa.list_(pa.string())),
        }
    )
    keep(table)
    assert snapshots.read("council", "people").to_pydict() == table.to_pydict()


@pytest.mark.parametrize("where", [0.01, 0.25, 0.5, 0.75, 0.999])
def test_an_altered_file_is_refused(place, snapshots, keep, engine, where):
    keep(numbered(5000))
    [file] = files_under(place.records)
    content = bytearray(file.read_bytes())
    content[int(len(content) * where)] ^= 1
    file.write_bytes(content)
    with pytest.raises(SnapshotMissing, match="damaged"):
        snapshots.read("council", "people")
    with pytest.raises(SnapshotMissing, match="damaged"):
        snapshots.load("council", "people", engine, "held")


def test_a_cut_file_is_refused(place, snapshots, keep):
    keep(numbered(5000))
    [file] = files_under(place.records)
    for length in (0, 3, 100, 10_000):
        file.write_bytes(file.read_bytes()[:length])
        with pytest.raises(SnapshotMissing, match="damaged"):
            snapshots.read("council", "people")


def test_a_damaged_file_leaves_the_engine_as_it_was(place, snapshots, keep, engine):
    keep(numbered(300_000))
    [file] = files_under(place.records)
    content = bytearray(file.read_bytes())
    content[len(content) * 3 // 4] ^= 1
    file.write_bytes(content)
    engine.load("held", pa.table({"kept": [1]}))
    with pytest.raises(SnapshotMissing):
        snapshots.load("council", "people", engine, "held")
    assert engine.columns("held") == ("kept",)
    assert engine.load("next", pa.table({"x": [1]})).count() == 1


def test_an_older_file_put_in_the_current_ones_place_is_refused(place, snapshots, keep):
    old, new = keep(["p-old"]), keep(["p-new"])
    (place.records / new.file).write_bytes((place.records / old.file).read_bytes())
    with pytest.raises(SnapshotMissing, match="damaged"):
        snapshots.read("council", "people")


def test_a_wrapped_key_moved_between_rows_is_refused(snapshots, keep):
    old, new = keep(["p-old"]), keep(["p-new"])
    moved = Snapshot.objects.get(pk=old.id).wrapped_key
    Snapshot.objects.filter(pk=new.id).update(wrapped_key=moved)
    with pytest.raises(KeyMissing):
        snapshots.read("council", "people")


def test_a_file_that_is_gone_is_refused(place, snapshots, keep):
    keep(["p1"])
    files_under(place.records)[0].unlink()
    with pytest.raises(SnapshotMissing, match="gone"):
        snapshots.read("council", "people")


def test_a_file_swept_away_before_the_swap_is_refused(snapshots, keep, stage):
    keep(["p1"])
    staged = stage(["p2"])
    assert snapshots.sweep() == 1
    with pytest.raises(SnapshotMissing, match="staged"), transaction.atomic():
        snapshots.swap([staged])
    assert people(snapshots) == ["p1"]


def test_a_reader_finishes_the_snapshot_it_began_though_swaps_destroy_it(snapshots, keep):
    keep(numbered(300_000))
    file = snapshots._open("council", "people", None)
    reader = file.reader()
    first = next(reader)
    for run in range(3):
        keep([f"p{run}"])
    assert first.num_rows + sum(batch.num_rows for batch in reader) == 300_000


def test_a_folder_that_cannot_be_written_is_refused(place, stage, without_rights):
    with without_rights(place.store), pytest.raises(FolderReadOnly):
        stage(["p1"])


def test_a_full_disk_is_refused_and_leaves_no_half_file(place, stage, monkeypatch):
    def full(*_args):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("sharewell.store.disk.os.fsync", full)
    with pytest.raises(DiskFull):
        stage(["p1"])
    assert files_under(place.records) == []


def test_refusals_carry_no_value_from_a_record(place, snapshots, keep):
    keep(pa.table({"person": [CANARY] * 1000}))
    [file] = files_under(place.records)
    file.write_bytes(file.read_bytes()[:-40])
    with pytest.raises(SnapshotMissing) as refusal:
        snapshots.read("council", "people", equals={"person": CANARY})
    assert not re.search("Zebedee|Quackenbush", str(refusal.value))
