"""People whose addresses were matched to one unit are a household."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sharewell.places.households import find_households
from sharewell.store.duckdb import DuckDB

Row = tuple[str | None, str | None, str]


def gather(engine: DuckDB, rows: Sequence[Row]) -> dict[str, tuple[str, str, int]]:
    columns = list(zip(*rows, strict=True)) or [(), (), ()]
    table = pa.table(
        {
            name: pa.array(cells, pa.string())
            for name, cells in zip(("person", "uprn", "answer"), columns, strict=True)
        }
    )
    found = find_households(engine.load("members", table), "households").arrow().to_pylist()
    assert len(found) == len({row["person"] for row in found})
    return {row["person"]: (row["uprn"], row["household"], row["people_known"]) for row in found}


def test_people_at_one_unit_share_a_household(engine: DuckDB):
    found = gather(engine, [("a", "10", "unit"), ("b", "10", "unit"), ("c", "11", "unit")])
    assert found["a"] == found["b"]
    assert found["a"][1] != found["c"][1]
    assert (found["a"][2], found["c"][2]) == (2, 1)


def test_a_building_without_its_unit_makes_no_household(engine: DuckDB):
    assert gather(engine, [("a", "10", "building"), ("b", "10", "building"), ("c", None, "none")]) == {}


def test_a_person_seen_at_several_units_takes_the_one_seen_most(engine: DuckDB):
    assert gather(engine, [("a", "9", "unit"), ("a", "10", "unit"), ("a", "10", "unit")])["a"][0] == "10"


def test_a_tie_goes_to_the_smallest_uprn_by_number(engine: DuckDB):
    assert gather(engine, [("a", "10", "unit"), ("a", "9", "unit")])["a"][0] == "9"


def test_a_household_keeps_its_id_from_run_to_run():
    first, second = DuckDB(), DuckDB()
    one = gather(first, [("a", "10", "unit")])["a"][1]
    two = gather(second, [("z", "10", "unit"), ("a", "10", "unit")])["z"][1]
    assert one == two
    assert one.startswith("H")
    assert len(one) == 17


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.lists(
        st.tuples(
            st.sampled_from("abcde"), st.sampled_from(["1", "2", "30"]), st.sampled_from(["unit", "building"])
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
    sizes = {household: known for _, household, known in straight.values()}
    assert sum(sizes.values()) == len(straight)
    engine.close()
