"""A person's reference outlives runs; merges and splits are told, and a steward's word is kept."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta

import pyarrow as pa
import pytest

from sharewell.people.actions import decide, split_person, undo_merge
from sharewell.people.references import Kept, keep_references, new_references, record_keys
from sharewell.people.terms import Verdict
from sharewell.store.duckdb import DuckDB
from sharewell.vocab.errors import PersonUnknown, RowsNotConserved

AT = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
STEWARD = {"by": "steward@testborough", "reason": "seen both files"}
Groups = Mapping[str, str]
Keep = Callable[..., Kept]


def linked_table(groups: Groups, ties: Mapping[str, tuple[str, float]] | None = None) -> pa.Table:
    """``groups``: record -> group; records are called list:key and stand in the order given."""
    rows = [(name.split(":")[0], place, name, group) for place, (name, group) in enumerate(groups.items(), 1)]
    at = {name: (source, place) for source, place, name, _ in rows}
    tied = [(ties or {}).get(name) for _, _, name, _ in rows]
    return pa.table(
        {
            "source": [row[0] for row in rows],
            "source_row": [row[1] for row in rows],
            "record_key": [row[2] for row in rows],
            "person": [row[3] for row in rows],
            "match_weight": pa.array([tie and tie[1] for tie in tied], pa.float64()),
            "linked_by": pa.array(["surname" if tie else None for tie in tied], pa.string()),
            "tie_source": pa.array([tie and at[tie[0]][0] for tie in tied], pa.string()),
            "tie_row": pa.array([tie and at[tie[0]][1] for tie in tied], pa.int64()),
        }
    )


@pytest.fixture
def keep(engine: DuckDB) -> Keep:
    def run(groups: Groups, held: pa.Table | None = None, name: str = "run-1", **more: object) -> Kept:
        ties = more.pop("ties", None)
        linked = engine.load("linked", linked_table(groups, ties))
        return keep_references(linked, held, engine, "members", at=AT, run=name, **more)

    return run


def people(kept: Kept | pa.Table) -> dict[str, str]:
    table = kept if isinstance(kept, pa.Table) else kept.members.arrow()
    return dict(zip(table["record_key"].to_pylist(), table["person"].to_pylist(), strict=True))


def events(kept: Kept) -> list[tuple[str, str]]:
    return [(row["event"], row["person"]) for row in kept.events.arrow().to_pylist()]


def test_a_reference_is_p_and_sixteen_letters_that_survive_being_read_aloud():
    references = new_references(2000).to_pylist()
    assert len(set(references)) == 2000
    assert all(re.fullmatch("P[0-9A-HJKMNP-TV-Z]{16}", reference) for reference in references)
    assert new_references(0).to_pylist() == []


def test_everyone_is_new_at_first(keep):
    kept = keep({"a:1": "x", "b:1": "x", "b:2": "y"})
    found = people(kept)
    assert found["a:1"] == found["b:1"] != found["b:2"]
    assert sorted(events(kept)) == sorted([("new", found["a:1"]), ("new", found["b:2"])])


def test_unchanged_people_keep_their_reference_though_rows_and_groups_are_renumbered(keep):
    first = keep({"a:1": "x", "b:1": "x", "b:2": "y"})
    held, before = first.members.arrow(), people(first)
    second = keep({"b:2": "1", "b:1": "2", "a:1": "2"}, held, "run-2")
    assert people(second) == before
    assert events(second) == []


def test_a_new_record_joins_its_person_and_a_gone_one_is_forgotten(keep):
    held = keep({"a:1": "x", "a:2": "y"}).members.arrow()
    before = people(held)
    found = people(keep({"a:1": "x", "b:9": "x"}, held, "run-2"))
    assert found == {"a:1": before["a:1"], "b:9": before["a:1"]}


def test_a_merge_takes_the_reference_of_most_records_and_is_told(keep):
    held = keep({"a:1": "x", "a:2": "x", "a:3": "y"}).members.arrow()
    before = people(held)
    kept = keep({"a:1": "x", "a:2": "x", "a:3": "x"}, held, "run-2")
    assert set(people(kept).values()) == {before["a:1"]}
    [event] = kept.events.arrow().to_pylist()
    assert (event["event"], event["person"], event["run"], event["at"]) == (
        "merged",
        before["a:1"],
        "run-2",
        AT,
    )
    assert event["from_persons"] == sorted({before["a:1"], before["a:3"]})
    assert event["to_persons"] == [before["a:1"]]
    assert dict(zip(event["record_keys"], event["was"], strict=True)) == before


def test_an_even_merge_takes_the_smaller_reference(keep):
    held = keep({"a:1": "x", "a:2": "y"}).members.arrow()
    kept = keep({"a:1": "x", "a:2": "x"}, held, "run-2")
    assert set(people(kept).values()) == {min(people(held).values())}


def test_a_split_leaves_the_reference_with_most_records_and_is_told(keep):
    held = keep({"a:1": "x", "a:2": "x", "a:3": "x"}).members.arrow()
    [before] = set(people(held).values())
    kept = keep({"a:1": "x", "a:2": "x", "a:3": "y"}, held, "run-2")
    found = people(kept)
    assert found["a:1"] == found["a:2"] == before != found["a:3"]
    told = {row["event"]: row for row in kept.events.arrow().to_pylist()}
    assert told["split"]["person"] == before
    assert sorted(told["split"]["to_persons"]) == sorted(set(found.values()))
    assert "new" not in told


def test_two_people_who_swap_a_record_keep_their_references(keep):
    held = keep({"a:1": "x", "a:2": "x", "a:3": "x", "b:1": "y", "b:2": "y"}).members.arrow()
    before = people(held)
    found = people(keep({"a:1": "1", "a:2": "1", "a:3": "2", "b:1": "2", "b:2": "2"}, held, "run-2"))
    assert (found["a:1"], found["b:1"], found["a:3"]) == (before["a:1"], before["b:1"], before["b:1"])


def test_lists_that_a_run_does_not_read_keep_their_people_and_follow_a_merge(keep):
    held = keep({"a:1": "x", "c:1": "x", "b:1": "y", "b:2": "y"}).members.arrow()
    before = people(held)
    kept = keep({"a:1": "z", "b:1": "z", "b:2": "z"}, held, "run-2")
    assert set(people(kept).values()) == {before["b:1"]}
    runs = dict(zip(*(kept.members.arrow()[name].to_pylist() for name in ("record_key", "run")), strict=True))
    assert runs == {"a:1": "run-2", "b:1": "run-2", "b:2": "run-2", "c:1": "run-1"}


def test_a_lost_record_stops_the_run(engine, keep):
    linked = engine.load("linked", linked_table({"a:1": "x", "a:2": "y"}))
    keys = engine.load("keys", linked_table({"a:1": "x"}).select(["source", "source_row", "record_key"]))
    with pytest.raises(RowsNotConserved):
        keep_references(linked, None, engine, "members", at=AT, run="run-1", keys=keys)


def test_a_stewards_same_unites_for_ever(keep):
    said = decide(None, "a:1", "b:1", Verdict.SAME, at=AT, **STEWARD)
    kept = keep({"a:1": "x", "b:1": "y"}, decisions=said)
    assert len(set(people(kept).values())) == 1
    again = keep({"a:1": "x", "b:1": "y"}, kept.members.arrow(), "run-2", decisions=said)
    assert people(again) == people(kept)


def test_a_stewards_different_separates_for_ever_and_others_follow_their_ties(keep):
    said = decide(None, "a:1", "b:1", Verdict.DIFFERENT, at=AT, **STEWARD)
    groups = dict.fromkeys(("a:1", "a:2", "b:1", "b:2"), "x")
    ties = {"a:1": ("a:2", 9.0), "a:2": ("a:1", 9.0), "b:1": ("b:2", 8.0), "b:2": ("a:2", 5.0)}
    kept = keep(groups, decisions=said, ties=ties)
    found = people(kept)
    assert found["a:1"] == found["a:2"] != found["b:1"]
    assert found["b:2"] == found["b:1"]
    again = keep(groups, kept.members.arrow(), "run-2", decisions=said, ties=ties)
    assert people(again) == found


def test_the_newest_word_on_two_records_holds(keep):
    said = decide(None, "a:1", "b:1", Verdict.SAME, at=AT, **STEWARD)
    said = decide(said, "b:1", "a:1", Verdict.DIFFERENT, at=AT + timedelta(days=1), **STEWARD)
    assert len(set(people(keep({"a:1": "x", "b:1": "x"}, decisions=said)).values())) == 2
    said = decide(said, "a:1", "b:1", Verdict.SAME, at=AT + timedelta(days=2), **STEWARD)
    assert len(set(people(keep({"a:1": "x", "b:1": "x"}, decisions=said)).values())) == 1


def test_a_newer_word_wins_over_an_older_one_it_contradicts_through_a_third_record(keep):
    said = decide(None, "a:1", "b:1", Verdict.SAME, at=AT, **STEWARD)
    said = decide(said, "b:1", "c:1", Verdict.SAME, at=AT + timedelta(days=1), **STEWARD)
    said = decide(said, "a:1", "c:1", Verdict.DIFFERENT, at=AT + timedelta(days=2), **STEWARD)
    found = people(keep({"a:1": "x", "b:1": "x", "c:1": "x"}, decisions=said))
    assert found["b:1"] == found["c:1"] != found["a:1"]


def test_an_undone_merge_gives_back_the_references_and_never_comes_again(keep):
    groups = {"a:1": "x", "a:2": "x", "b:1": "y"}
    first = keep(groups).members.arrow()
    merged = keep(dict.fromkeys(groups, "z"), first, "run-2")
    [person] = set(people(merged).values())
    undone = undo_merge(
        None, merged.members.arrow(), merged.events.arrow(), person, run="run-2", at=AT, **STEWARD
    )
    assert people(undone.members) == people(first)
    held = undone.members
    for number in range(3, 6):
        kept = keep(dict.fromkeys(groups, "z"), held, f"run-{number}", decisions=undone.decisions)
        assert people(kept) == people(first)
        assert events(kept) == []
        held = kept.members.arrow()


def test_a_person_taken_apart_stays_apart_and_the_larger_part_keeps_the_reference(keep):
    groups = dict.fromkeys(("a:1", "a:2", "b:1"), "x")
    first = keep(groups).members.arrow()
    [person] = set(people(first).values())
    said = split_person(None, first, person, ["b:1"], at=AT, **STEWARD)
    kept = keep(groups, first, "run-2", decisions=said)
    found = people(kept)
    assert found["a:1"] == found["a:2"] == person != found["b:1"]
    assert [row["reason"] for row in kept.events.arrow().to_pylist()] == ["a steward's decision"]
    assert people(keep(groups, kept.members.arrow(), "run-3", decisions=said)) == found


@pytest.mark.parametrize("part", [[], ["zz"], ["a:1", "a:2"]], ids=["nothing", "a stranger", "everything"])
def test_a_split_of_nothing_is_refused(part, keep):
    held = keep({"a:1": "x", "a:2": "x"}).members.arrow()
    with pytest.raises(PersonUnknown):
        split_person(None, held, held["person"][0].as_py(), part, at=AT, **STEWARD)


def test_undoing_what_never_happened_is_refused(keep):
    kept = keep({"a:1": "x"})
    with pytest.raises(PersonUnknown):
        undo_merge(None, kept.members.arrow(), kept.events.arrow(), "P0", run="run-1", at=AT, **STEWARD)


def keys_of(engine: DuckDB, rows: Sequence[tuple[object, ...]], id_column: str | None = None) -> list[str]:
    names = ("source", "source_row", "record_id", "surname")
    table = pa.table(dict(zip(names, zip(*rows, strict=True), strict=True)))
    answer = record_keys(engine.load("records", table), "keys", id_column).arrow()
    return answer.sort_by("source_row")["record_key"].to_pylist()


def test_a_records_own_id_is_its_key_whatever_else_changes(engine):
    before = keys_of(engine, [("a", 1, "77", "Hall"), ("a", 2, "78", "Lee")], "record_id")
    after = keys_of(engine, [("a", 1, "78", "Lee"), ("a", 2, "77", "Okafor")], "record_id")
    assert before == after[::-1]
    assert all(re.fullmatch("[0-9a-f]{32}", key) for key in before)


def test_without_an_id_what_it_says_is_its_key_wherever_it_stands(engine):
    before = keys_of(engine, [("a", 1, None, "Hall"), ("a", 2, None, "Lee")], "record_id")
    after = keys_of(engine, [("a", 1, None, "Lee"), ("a", 2, None, "Hall")], "record_id")
    assert before == after[::-1]


def test_records_alike_in_one_list_or_in_two_never_share_a_key(engine):
    rows = [("a", 1, None, "Hall"), ("a", 2, None, "Hall"), ("b", 3, None, "Hall"), ("a", 4, "9", "Hall")]
    assert len(set(keys_of(engine, [*rows, ("a", 5, "9", "Hall")], "record_id"))) == 5
