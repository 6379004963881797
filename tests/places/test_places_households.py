"""People who were last seen at one unit are a household; who lives alone no list can say by itself."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from places_cases import make_gazetteer

from sharewell.places.households import find_households, unit_buildings
from sharewell.store.duckdb import DuckDB

COLUMNS = ("person", "source", "uprn", "answer", "day", "building", "died_on", "names_two")
NOW, BEFORE, LONG_BEFORE = 20_000, 19_998, 19_500
Found = dict[str, dict[str, object]]


def gather(engine: DuckDB, rows: Sequence[Sequence[object]]) -> Found:
    """Gather rows of person, source, uprn and, where it matters, what else ``COLUMNS`` names."""
    usual = ("", "", "", "unit", NOW, None, None, False)
    told = [(*row, *usual[len(row) :]) for row in rows]
    others = {"names_two": pa.bool_(), "day": pa.int64()}
    kinds = [others.get(name, pa.string()) for name in COLUMNS]
    columns = list(zip(*told, strict=True)) or [()] * len(COLUMNS)
    table = pa.table([pa.array(column, kind) for column, kind in zip(columns, kinds, strict=True)], COLUMNS)
    found = find_households(engine.load("members", table), "households").arrow().to_pylist()
    assert len(found) == len({row["person"] for row in found})
    return {str(row["person"]): row for row in found}


def homes(engine: DuckDB, rows: Sequence[Sequence[object]]) -> dict[str, object]:
    return {person: row["uprn"] for person, row in gather(engine, rows).items()}


def test_people_at_one_unit_share_a_household(engine: DuckDB):
    found = gather(engine, [("a", "gp", "10"), ("b", "tax", "10"), ("c", "tax", "11")])
    assert found["a"]["household"] == found["b"]["household"] != found["c"]["household"]
    assert [found[who]["people_known"] for who in "abc"] == [2, 2, 1]
    assert [found[who]["lists_known"] for who in "abc"] == [2, 2, 1]


def test_a_building_without_its_unit_makes_no_household(engine: DuckDB):
    rows = [("a", "gp", "10", "building"), ("b", "gp", "10", "building"), ("c", "gp", None, "none")]
    assert gather(engine, rows) == {}


def test_a_person_seen_at_several_units_takes_the_one_seen_most(engine: DuckDB):
    assert homes(engine, [("a", "x", "9"), ("a", "y", "10"), ("a", "z", "10", "unit", BEFORE)]) == {"a": "10"}


def test_newer_evidence_wins_over_more_of_it_that_is_older(engine: DuckDB):
    old = [("a", source, "9", "unit", LONG_BEFORE) for source in ("gp", "tax", "roll")]
    assert homes(engine, [*old, ("a", "bins", "10")]) == {"a": "10"}


def test_who_was_last_seen_in_another_building_is_at_home_nowhere_known(engine: DuckDB):
    rows = [("a", "gp", "9", "unit", LONG_BEFORE), ("a", "tax", "50", "building"), ("b", "gp", "9")]
    assert homes(engine, rows) == {"b": "9"}


def test_a_building_seen_later_does_not_hide_its_flat(engine: DuckDB):
    rows = [("a", "gp", "51", "unit", LONG_BEFORE, "50"), ("a", "tax", "50", "building")]
    assert homes(engine, rows) == {"a": "51"}


def test_who_died_is_not_there(engine: DuckDB):
    rows = [("a", "gp", "9", "unit", NOW, None, "2026-10-02"), ("a", "tax", "9"), ("b", "tax", "9")]
    found = gather(engine, rows)
    assert set(found) == {"b"}
    assert (found["b"]["people_known"], found["b"]["lists_known"]) == (1, 2)


ALONE = {
    "one list never says so": ([("a", "gp", "9")], None),
    "two lists": ([("a", "gp", "9"), ("a", "tax", "9")], True),
    "one list twice": ([("a", "gp", "9"), ("a", "gp", "9")], None),
    "somebody else is known": ([("a", "gp", "9"), ("a", "tax", "9"), ("b", "roll", "9")], False),
    "somebody else is named": (
        [("a", "gp", "9"), ("a", "roll", "9"), ("a", "tax", "9", "unit", NOW, None, None, True)],
        False,
    ),
    "two lists, one of which knows another": (
        [("a", "gp", "9"), ("a", "tax", "9"), ("b", "tax", "9", "unit", LONG_BEFORE), ("b", "roll", "8")],
        None,
    ),
    "three lists, one of which knows another": (
        [("a", "gp", "9"), ("a", "bins", "9"), ("b", "tax", "9", "unit", LONG_BEFORE), ("b", "roll", "8")],
        True,
    ),
    "a second list knows the building alone": (
        [("a", "gp", "9", "unit", NOW, "5"), ("a", "tax", "5", "building")],
        None,
    ),
}


@pytest.mark.parametrize("case", ALONE)
def test_who_was_seen_alone(case: str, engine: DuckDB):
    rows, told = ALONE[case]
    assert gather(engine, rows)["a"]["seen_alone"] is told


def test_a_tie_goes_to_the_smallest_uprn_by_number(engine: DuckDB):
    assert homes(engine, [("a", "x", "10"), ("a", "y", "9")]) == {"a": "9"}


def test_a_household_keeps_its_id_from_run_to_run(engine: DuckDB):
    one = gather(engine, [("a", "x", "10")])["a"]["household"]
    two = gather(engine, [("z", "x", "10"), ("a", "x", "10")])["z"]["household"]
    assert one == two
    assert str(one).startswith("H")
    assert len(str(one)) == 17


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.lists(
        st.tuples(
            st.sampled_from("abcde"), st.sampled_from(["gp", "tax"]), st.sampled_from(["1", "2", "30"]),
            st.sampled_from(["unit", "building"]), st.sampled_from([NOW, BEFORE, LONG_BEFORE]),
        ),
        min_size=1, max_size=20,
    ),
    st.randoms(use_true_random=False),
)  # fmt: skip
def test_households_do_not_depend_on_the_order_of_rows(rows, shuffler):
    engine = DuckDB()
    straight = gather(engine, rows)
    shuffler.shuffle(rows)
    assert gather(engine, rows) == straight
    sizes = {str(row["household"]): row["people_known"] for row in straight.values()}
    assert sum(int(str(known)) for known in sizes.values()) == len(straight)
    for row in straight.values():
        assert row["seen_alone"] is not True or (
            row["people_known"] == 1 and int(str(row["lists_known"])) > 1
        )
    engine.close()


def test_the_units_of_a_building_are_told_with_it(engine: DuckDB):
    rows = unit_buildings(make_gazetteer(engine), engine, "units").arrow().to_pylist()
    told = {row["uprn"]: row["building"] for row in rows}
    assert told
    assert set(told) & set(told.values()) == set()
