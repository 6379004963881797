"""Counts: what is suppressed, how the rest is rounded, and that totals tell nothing more."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest
from gate_town import BENEFIT_TERM, NOW, TODAY, agreement, benefits, person, with_forms
from hypothesis import given, settings
from hypothesis import strategies as st

from sharewell.agreements.terms import Form, Level, SmallNumbers
from sharewell.releases.compile import release_query
from sharewell.releases.rules import decide
from sharewell.releases.terms import Dataset, PeopleRule
from sharewell.store.duckdb import DuckDB

SHARED = DuckDB()
Table = dict[str, dict[str, int | None]]


def tables(
    engine: DuckDB,
    rows: Sequence[Mapping[str, object]],
    rule: SmallNumbers | None = None,
    *,
    ward: bool = True,
    **forms: Form,
) -> Table:
    """Each field's groups and counts."""
    made = agreement(with_forms(BENEFIT_TERM, **forms))
    made = replace(made, small_numbers=rule or SmallNumbers(7, 5))
    item = benefits(engine, rows)
    if not ward:
        item = _without_ward(engine, item)
    decision = decide(
        made,
        party="council",
        role="analyst",
        level=Level.AGGREGATE,
        at=NOW,
        standards={"benefits": item.standard},
    )
    query = release_query(decision, {"benefits": item}, PeopleRule(("benefits",)), as_of=TODAY, now=NOW)
    answer: Table = {}
    for row in engine.fetch(query).to_pylist():
        assert row["value"] not in answer.setdefault(row["field"], {})
        answer[row["field"]][row["value"]] = row["count"]
    return answer


def _without_ward(engine: DuckDB, item: Dataset) -> Dataset:
    return replace(item, relation=engine.create("wardless", 'SELECT * EXCLUDE ("ward") FROM "benefits_list"'))


def many(number: int, start: int = 0, **values: object) -> list[dict[str, object]]:
    return [person(start + each, **values) for each in range(number)]


def test_small_groups_are_suppressed_and_the_rest_rounded_and_added_up(engine: DuckDB) -> None:
    rows = [*many(23, tenure="owned"), *many(7, 100, tenure="rented"), *many(8, 200, tenure=None)]
    assert tables(engine, rows, tenure=Form.AS_IS) == {
        "tenure": {"owned": 25, "rented": None, "not known": 10, "total": 35}
    }


def test_a_total_of_nothing_shown_is_suppressed_too(engine: DuckDB) -> None:
    assert tables(engine, many(4, tenure="owned"), tenure=Form.AS_IS) == {
        "tenure": {"owned": None, "total": None}
    }


def test_protected_people_are_counted_though_never_listed(engine: DuckDB) -> None:
    rows = [*many(10), *many(10, 100, protected=True)]
    assert tables(engine, rows, name=Form.COUNT)["name"] == {"present": 20, "total": 20}


def test_objectors_are_not_even_counted(engine: DuckDB) -> None:
    rows = [*many(10), *many(10, 100, objected=True)]
    assert tables(engine, rows, name=Form.COUNT)["name"]["total"] == 10


GROUPED = [
    (Form.IDENTIFIABLE, "phone", {}, {"present"}),
    (Form.COUNT, "nhs_number", {}, {"present"}),
    (Form.PSEUDONYM, "name", {"name": None}, {"not present"}),
    (Form.IDENTIFIABLE, "date_of_birth", {"date_of_birth": "1950-06-15"}, {"70-79"}),
    (Form.AGE_BAND_5, "date_of_birth", {"date_of_birth": "1950-06-15"}, {"70-79"}),
    (Form.AGE_BAND_10, "date_of_birth", {"date_of_birth": None}, {"not known"}),
    (Form.FLAG, "date_of_birth", {"date_of_birth": "1950-06-15"}, {"present"}),
    (Form.EXISTENCE, "date_of_birth", {}, {"true"}),
    (Form.AS_IS, "claimed_on", {"claimed_on": "2026-01-15"}, {"2026"}),
    (Form.IDENTIFIABLE, "postcode", {"ward": "E05001"}, {"E05001"}),
    (Form.OUTCODE, "postcode", {"ward": "E05001"}, {"E05001"}),
    (Form.FLAG, "pension_credit", {}, {"true"}),
    (Form.AS_IS, "pension_credit", {}, {"true"}),
    (Form.AS_IS, "tenure", {"tenure": "owned"}, {"owned"}),
    (Form.COUNT, "tenure", {"tenure": "owned"}, {"owned"}),
    (Form.FLAG, "tenure", {"tenure": "owned"}, {"present"}),
    (Form.AS_IS, "children", {"children": "2"}, {"2"}),
]


@pytest.mark.parametrize(("form", "field", "values", "groups"), GROUPED)
def test_values_are_grouped_no_finer_than_was_agreed(
    engine: DuckDB, form: Form, field: str, values: dict[str, object], groups: set[str]
) -> None:
    assert set(tables(engine, many(20, **values), **{field: form})[field]) == groups | {"total"}


@pytest.mark.parametrize(
    ("form", "group"), [(Form.OUTCODE, "BB1"), (Form.COUNT, "BB1"), (Form.WARD, "present")]
)
def test_without_wards_postcodes_are_counted_by_outcode_unless_only_wards_were_agreed(
    engine: DuckDB, form: Form, group: str
) -> None:
    answer = tables(engine, many(20, postcode="BB1 1AA"), ward=False, postcode=form)
    assert set(answer["postcode"]) == {group, "total"}


def test_a_rare_value_that_no_category_lists_is_not_named(engine: DuckDB) -> None:
    rows = [*many(20, children="2"), *many(3, 100, children="11"), *many(1, 200, children="12")]
    assert tables(engine, rows, children=Form.AS_IS) == {
        "children": {"2": 20, "all other values": None, "total": 20}
    }


@pytest.mark.parametrize("step", [0, 1])
def test_without_rounding_counts_are_exact(engine: DuckDB, step: int) -> None:
    rows = many(23, tenure="owned")
    assert tables(engine, rows, SmallNumbers(0, step), tenure=Form.AS_IS)["tenure"]["owned"] == 23


@given(
    st.lists(st.sampled_from(["owned", "rented", "other", None]), max_size=60),
    st.integers(0, 10),
    st.sampled_from([1, 5, 10]),
)
@settings(max_examples=15, deadline=None)
def test_no_group_at_or_below_the_threshold_can_be_told(
    tenures: list[str | None], threshold: int, step: int
) -> None:
    rows = [person(number, tenure=tenure) for number, tenure in enumerate(tenures)]
    answer = tables(SHARED, rows, SmallNumbers(threshold, step), tenure=Form.AS_IS).get("tenure", {})
    true_counts = Counter(tenure or "not known" for tenure in tenures)
    shown = {value: count for value, count in answer.items() if count is not None and value != "total"}
    for value, count in shown.items():
        assert true_counts[value] > threshold
        assert count % step == 0 and abs(count - true_counts[value]) * 2 <= step
    assert answer.get("total") == (sum(shown.values()) if shown else None)
