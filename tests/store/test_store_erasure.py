from __future__ import annotations

import pyarrow as pa
import pytest

from sharewell.store.models import Snapshot
from sharewell.vocab.errors import SnapshotMissing


def files_under(folder):
    return sorted(path.stem for path in folder.rglob("*") if path.is_file())


def test_erasing_a_list_destroys_every_snapshot_of_it_and_no_other(place, snapshots, keep):
    keep(["p1"])
    keep(["p2"])
    other = keep(["p3"], table="households")
    copies = {path: path.read_bytes() for path in place.records.rglob("*.parquet")}
    assert snapshots.delete_list("council", "people") == 2
    assert files_under(place.records) == [other.id]
    assert all(facts.destroyed_at for facts in snapshots.history("council", "people"))
    for path, content in copies.items():
        path.write_bytes(content)
    with pytest.raises(SnapshotMissing):
        snapshots.read("council", "people")
    assert snapshots.read("council", "households")["person"].to_pylist() == ["p3"]
    assert snapshots.sweep() == 2
    assert snapshots.delete_list("council", "people") == 0


def test_erasing_a_person_rewrites_every_table_that_holds_them(place, snapshots, keep):
    keep(["p1", "p2", None, "p1"], run="run-1")
    keep(["p2", "p1", None, "p1", "p3"], run="run-2")
    keep(["p1"], organisation="nhs", table="cases")
    untouched = keep(["p2"], table="others")
    plain = keep(pa.table({"uprn": ["1"]}), table="uprns")
    assert snapshots.delete_person("p1") == 3
    assert snapshots.read("council", "people")["person"].to_pylist() == ["p2", None, "p3"]
    assert snapshots.read("nhs", "cases").num_rows == 0
    assert snapshots.current("council", "people").run == "run-2"
    assert snapshots.current("council", "others").id == untouched.id
    assert snapshots.current("council", "uprns").id == plain.id
    live = Snapshot.objects.exclude(wrapped_key=None)
    assert files_under(place.records) == sorted(row.id for row in live)
    assert live.count() == 4


def test_a_person_who_left_is_erased_from_the_history(snapshots, keep):
    keep(["p1", "p2"])
    now = keep(["p2"])
    assert snapshots.delete_person("p1") == 0
    history = snapshots.history("council", "people")
    assert [(facts.id == now.id, facts.destroyed_at is None) for facts in history] == [
        (True, True),
        (False, False),
    ]


def test_erasing_someone_unknown_changes_nothing(place, snapshots, keep):
    keep(["p1"])
    keep(["p2"])
    before = (snapshots.history("council", "people"), files_under(place.records))
    assert snapshots.delete_person("nobody") == 0
    assert (snapshots.history("council", "people"), files_under(place.records)) == before


def test_rows_are_erased_by_the_source_row_that_traces_them(snapshots, keep):
    keep(pa.table({"source_row": [1, 2, 3, 4], "raw": ["a", "b", "c", None]}), table="set_aside")
    assert snapshots.delete_rows("council", "set_aside", "source_row", [2, 4, 9]) == 2
    assert snapshots.read("council", "set_aside").to_pydict() == {"source_row": [1, 3], "raw": ["a", "c"]}


def test_a_damaged_old_snapshot_does_not_stop_an_erasure(place, snapshots, keep):
    old = keep(["p1"])
    keep(["p2"])
    (place.records / old.file).write_bytes(b"scribble")
    assert snapshots.delete_person("p1") == 0
    assert Snapshot.objects.get(pk=old.id).wrapped_key is None
