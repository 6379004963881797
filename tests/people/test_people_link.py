"""Who is one person and who is two, told as small cases."""

from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from people_cases import crowd, people_of, records_table

from sharewell.people.link import link_people
from sharewell.store.duckdb import DuckDB, Limits

HOME = ("E8 1AA", "100000000001")
ROBERT = ("gp", 1, "Robert", "Hall", "1950-03-12", *HOME, "9434765919")

SAME = {
    "one form of every field": (ROBERT, ("tax", 1, "robert", "HALL", "1950-03-12", *HOME)),
    "a short form of the name": (ROBERT, ("tax", 1, "Bob", "Hall", "1950-03-12", *HOME)),
    "a letter wrong in each name": (ROBERT, ("tax", 1, "Robet", "Halll", "1950-03-12", *HOME)),
    "first name and surname swapped": (ROBERT, ("tax", 1, "Hall", "Robert", "1950-03-12", *HOME)),
    "an accent and an apostrophe": (
        ("gp", 1, "Zoë", "O’Neill", "1950-03-12", *HOME),
        ("tax", 1, "Zoe", "ONeill", "1950-03-12", *HOME),
    ),
    "a day misread": (ROBERT, ("tax", 1, "Robert", "Hall", "1950-03-17", *HOME)),
    "day and month exchanged": (ROBERT, ("tax", 1, "Robert", "Hall", "1950-12-03", *HOME)),
    "no date of birth, at one address": (ROBERT, ("tax", 1, "Robert", "Hall", None, *HOME)),
    "moved house": (ROBERT, ("tax", 1, "Robert", "Hall", "1950-03-12", "N1 9ZZ", "100000000777")),
    "a married name and one NHS number": (
        ("gp", 1, "Mary", "Hall", "1980-01-02", *HOME, "9434765919"),
        ("school", 1, "Mary", "Okafor", "1980-01-02", "N1 9ZZ", "100000000777", "943 476 5919"),
    ),
}
DIFFERENT = {
    "father and son of one name at one address": (
        ROBERT,
        ("tax", 1, "Robert", "Hall", "1981-07-25", *HOME),
    ),
    "twins": (
        ("school", 1, "Amina", "Khan", "2015-04-04", *HOME),
        ("gp", 1, "Yusuf", "Khan", "2015-04-04", *HOME),
    ),
    "husband and wife": (ROBERT, ("tax", 1, "Margaret", "Hall", "1952-08-30", *HOME)),
    "a couple without dates of birth": (
        ("tax", 1, "Robert", "Hall", None, *HOME),
        ("gp", 1, "Margaret", "Hall", None, *HOME),
    ),
    "one name, two NHS numbers": (
        ROBERT,
        ("housing", 1, "Robert", "Hall", "1950-03-12", *HOME, "4010232137"),
    ),
    "one surname and postcode": (ROBERT, ("tax", 1, "Janet", "Hall", "1999-01-05", "E8 1AA", "100000000009")),
    "nothing in common": (ROBERT, ("tax", 1, "Olu", "Adeyemi", "1999-01-05", "N1 9ZZ", "100000000009")),
}


@pytest.mark.parametrize("case", SAME)
def test_these_are_one_person(case, linked):
    people = linked(SAME[case])
    assert len(set(people.values())) == 1


@pytest.mark.parametrize("case", DIFFERENT)
def test_these_are_two_people(case, linked):
    people = linked(DIFFERENT[case])
    assert len(set(people.values())) == 2


def test_a_person_in_three_lists_is_one_person_and_a_neighbour_is_another(linked):
    people = linked(
        [
            ROBERT,
            ("tax", 1, "R", "Hall", "1950-03-12", *HOME),
            ("library", 7, "Bob", "Hall", "1950-03-12", None, None),
            ("tax", 2, "Grace", "Mensah", "1971-11-02", "E8 1AA", "100000000002"),
        ]
    )
    assert people["gp", 1] == people["tax", 1] == people["library", 7] != people["tax", 2]


def test_a_grandfather_without_a_date_does_not_pull_father_and_son_together(linked):
    people = linked(
        [
            ROBERT,
            ("tax", 1, "Robert", "Hall", "1981-07-25", *HOME),
            ("housing", 1, "Robert", "Hall", None, *HOME),
        ]
    )
    assert people["gp", 1] != people["tax", 1]


@pytest.mark.parametrize(
    "rows",
    [
        [],
        [("a", 1, "Ann", "Lee")],
        [("a", 1), ("a", 2), ("b", 1)],
        [("a", row, "Ann", "Lee", "1990-01-01") for row in range(1, 6)],
        [("a", 1, "Ann"), ("a", 2, "Ben"), ("b", 1, "Cat"), ("b", 2, None), ("b", 3, "Dan")],
        [("a", 1, None, "Lee"), ("b", 1, None, "Shah")],
        [("a", 1, "", "  ", "not a date", " ", "", ""), ("b", 1, "Li", "Wu", "1990-13-45", "E8", "1", "x")],
    ],
    ids=["none", "one", "empty columns", "five alike", "first names only", "surnames only", "rubbish"],
)
def test_small_and_poor_lists_keep_every_row(rows, linked):
    assert set(linked(rows)) == {(row[0], row[1]) for row in rows}


def test_only_names_still_link(linked):
    people = linked([("a", 1, "Ann", "Lee"), ("b", 1, "Ann", "Lee"), ("b", 2, "Raj", "Patel")])
    assert people["a", 1] == people["b", 1] != people["b", 2]


def test_a_whole_name_stands_in_for_its_parts(engine):
    bare = records_table([("a", 1), ("b", 1), ("b", 2)])
    named = bare.append_column("full_name", pa.array(["Ann Mary Lee", "ann lee", "Raj Patel"]))
    answer = link_people(engine.load("records", named), engine, "linked", extra=("full_name",)).linked.arrow()
    first, second, third = answer["person"].to_pylist()
    assert first == second != third


def test_the_answer_names_the_evidence_and_never_a_value(engine, listed):
    rows = [ROBERT, ("tax", 1, "Robert", "Hall", "1950-03-12", *HOME, "9434765919")]
    linkage = link_people(listed(rows), engine, "linked")
    answer = linkage.linked.arrow().to_pylist()
    assert answer[0]["linked_by"] == "nhs_number+first_name+surname+date_of_birth+postcode+uprn"
    assert answer[0]["match_weight"] > 10
    told = str(linkage.model) + str(linkage.notes)
    assert not [value for value in ("9434765919", "1950-03-12", "E8 1AA", "obert") if value in told]


def test_a_record_alone_has_no_weight_and_no_evidence(engine, listed):
    answer = link_people(listed([ROBERT, ("b", 1, "Olu", "Ade", "1999-01-05")]), engine, "linked")
    assert (
        answer.linked.arrow(["match_weight", "linked_by"]).to_pylist()
        == [{"match_weight": None, "linked_by": None}] * 2
    )


def test_linking_leaves_nothing_but_its_answer(engine, listed):
    link_people(listed([ROBERT, ("tax", 1, "Robert", "Hall", "1950-03-12", *HOME)]), engine, "linked")
    left = engine.fetch("SELECT table_name FROM information_schema.tables ORDER BY 1")
    assert left["table_name"].to_pylist() == ["linked", "records"]


@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.permutations(range(60)))
def test_the_order_of_the_rows_does_not_matter(order):
    rows = crowd(people=30, lists=2)[:60]
    answers = [_grouped(rows), _grouped([rows[place] for place in order if place < len(rows)])]
    assert answers[0] == answers[1]


@pytest.fixture(scope="module")
def learned() -> dict[str, object]:
    """A list long enough to learn from, linked twice, the second time upside down."""
    rows = crowd(people=400, lists=3)
    return {"rows": rows, "once": _linked(rows), "again": _linked(rows[::-1])}


def test_a_list_long_enough_is_learned_from_and_the_answer_is_repeatable(learned):
    once, model = learned["once"]
    again, _ = learned["again"]
    assert model["learned"] is True
    assert once == again


def test_learned_weights_find_the_people_of_a_made_up_crowd(learned):
    once, _ = learned["once"]
    truth = {(row[0], row[1]): row[8] for row in learned["rows"]}
    together = _pairs(once)
    true = _pairs(truth)
    assert len(together & true) / len(together) > 0.97
    assert len(together & true) / len(true) > 0.9


def _grouped(rows):
    people, _ = _linked(rows)
    groups = {}
    for record, person in people.items():
        groups.setdefault(person, set()).add(record)
    return groups


def _linked(rows):
    engine = DuckDB(limits=Limits(threads=2, memory="2GB"))
    try:
        table = records_table([row[:8] for row in rows])
        linkage = link_people(engine.load("records", table), engine, "linked")
        return people_of(linkage), linkage.model
    finally:
        engine.close()


def _pairs(groups):
    by = {}
    for record, group in groups.items():
        by.setdefault(group, []).append(record)
    return {frozenset((a, b)) for records in by.values() for a in records for b in records if a < b}
