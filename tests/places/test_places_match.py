"""What an address is answered with: the unit, its building only, or nothing."""

from __future__ import annotations

import random

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from places_cases import ROWS, Match, answers, make_gazetteer, said

from sharewell.places.match import match_addresses
from sharewell.store.duckdb import DuckDB

HIGH, GEORGE, WADE, SOUTHFIELD, MILL = "ZZ1 1AA", "ZZ1 2BB", "ZZ2 3CC", "ZZ2 4DD", "ZZ3 5EE"

UNITS = (
    ("12 High Street, Sandham", HIGH, 10),
    ("14 High St", "zz11aa", 11),
    ("12 Hihg Stret", HIGH, 10),
    ("12", HIGH, 10),
    ("39A High Street", HIGH, 15),
    ("39 A High Street", HIGH, 15),
    ("39 High Street", HIGH, 16),
    ("50-52 High Street", HIGH, 17),
    ("52 High Street", HIGH, 17),
    ("Flat 1, 20 High Street", HIGH, 13),
    ("FLAT 1 20 HIGH STREET", HIGH, 13),
    ("1, 20 High Street", HIGH, 13),
    ("20 High Street Flat 2", HIGH, 14),
    ("FLT2 20 High Street", HIGH, 14),
    ("Room 4, 12 High Street", HIGH, 10),
    ("7 St George St", GEORGE, 20),
    ("7 Saint George Street", GEORGE, 20),
    ("7 St. George's Street", GEORGE, 20),
    ("Ground Floor Flat, 9 St George Street", GEORGE, 22),
    ("1st Floor Flat, 9 St George Street", GEORGE, 23),
    ("Flat First Floor, 9 St George Street", GEORGE, 23),
    ("GFF 9 St George Street", GEORGE, 22),
    ("11A St George Street", GEORGE, 24),
    ("Flat A, 11 St George Street", GEORGE, 24),
    ("A, 11 St George Street", GEORGE, 24),
    ("14 Marlow Court, Wade Road", WADE, 32),
    ("Flat 14 Marlow Ct", WADE, 32),
    ("Flat 14, MarlowCourt, 3 Wade Road", WADE, 32),
    ("Garage 14, Marlow Court, 3 Wade Road", WADE, 33),
    ("Rose Cottage, Wade Rd", WADE, 34),
    ("91, A Southfield Way", SOUTHFIELD, 36),
    ("91 A Southfield Way", SOUTHFIELD, 36),
    ("Annex, 93, A Southfield Way", SOUTHFIELD, 37),
    ("Flat 3, 6 Mill Lane", MILL, 44),
    ("A, Southwood House, 11 St George Street", GEORGE, 24),
    ("Ground Floor Flat, 9A, St George Street", GEORGE, 22),
    ("14 Ground Floor, Marlow Court, Wade Road", WADE, 32),
    ("1 20 High Street", HIGH, 13),
    ("12 High Street, Sandham", "", 10),
    ("12 High Street, Sandham", "ZZ9 9ZZ", 10),
    ("12 High Street, Sandham, ZZ1 1AA", "", 10),
    ("12 High Street Sandham ZZ11AA", "", 10),
)
BUILDINGS = (
    ("20 High Street", HIGH, 12),
    ("Flat 3, 20 High Street", HIGH, 12),
    ("Flat, 20 High Street", HIGH, 12),
    ("Flat 2, 12 High Street", HIGH, 10),
    ("The Flat, 12 High Street", HIGH, 10),
    ("Annexe 12 High Street", HIGH, 10),
    ("Top Floor Flat, 9 St George Street", GEORGE, 21),
    ("9 St George Street", GEORGE, 21),
    ("Flat C, 11 St George Street", GEORGE, 29),
    ("Marlow Court, Wade Road", WADE, 30),
    ("Flat 2, Marlow Court", WADE, 30),
    ("Garage 1, Marlow Court, 3 Wade Road", WADE, 30),
    ("93 A Southfield Way", SOUTHFIELD, 38),
    ("Flat 1, Twin House, 5 Mill Lane", MILL, 49),
)
NOTHING = (
    ("13 High Street", HIGH),
    ("16 High Street, Sandham", HIGH),
    ("51 High Street", HIGH),
    ("39B High Street", HIGH),
    ("High Street, Sandham", HIGH),
    ("5 Wade Road", WADE),
    ("8 Mill Lane", MILL),
    ("6 Mill Lane", MILL),
    ("99 Other Road, Elsewhere", "ZZ8 8ZZ"),
    ("", HIGH),
    ("", ""),
    ("???", "not a postcode"),
)


@pytest.mark.parametrize(("address", "postcode", "uprn"), UNITS)
def test_an_address_is_answered_with_its_unit(small: Match, address: str, postcode: str, uprn: int):
    [row] = small([(address, postcode)])
    assert said(row) == ("unit", str(uprn))


@pytest.mark.parametrize(("address", "postcode", "uprn"), BUILDINGS)
def test_a_unit_that_cannot_be_told_leaves_its_building(small: Match, address: str, postcode: str, uprn: int):
    [row] = small([(address, postcode)])
    assert said(row) == ("building", str(uprn))


@pytest.mark.parametrize(("address", "postcode"), NOTHING)
def test_an_address_that_is_not_there_is_answered_with_nothing(small: Match, address: str, postcode: str):
    [row] = small([(address, postcode)])
    assert said(row) == ("none", None)
    assert row["probability"] == 0


def test_the_evidence_says_what_agreed_and_never_the_address(small: Match):
    rows = small(
        [("Flat 1, 20 High St", HIGH), ("12 High Street, Sandham", ""), ("12 High Street, Sandham", HIGH)]
    )
    assert [row["evidence"] for row in rows] == [
        "postcode+number+unit+street",
        "search:number+street",
        "exact+postcode",
    ]


def test_a_given_uprn_wins_when_the_gazetteer_has_it(engine: DuckDB):
    gazetteer = make_gazetteer(engine)
    rows = pa.table({
        "source_row": pa.array([1, 2, 3], pa.int64()), "line": ["14 High Street"] * 3, "pc": [HIGH] * 3,
        "known": ["0010", "12", "777"],
    })  # fmt: skip
    records = engine.load("records", rows)
    matched = match_addresses(records, gazetteer, "out", address=["line"], postcode="pc", uprn="known")
    found = matched.arrow().to_pylist()
    assert [said(row) for row in found] == [("unit", "10"), ("building", "12"), ("unit", "11")]
    assert [row["evidence"] for row in found[:2]] == ["given_uprn", "given_uprn"]


def test_address_lines_are_joined_and_empty_ones_left_out(engine: DuckDB):
    gazetteer = make_gazetteer(engine)
    rows = pa.table({
        "source_row": pa.array([1, 2], pa.int64()), "a": ["Flat 2", None], "c": ["  ", "Sandham ZZ1 1AA"],
        "b": ["20 High Street", "12 High Street"], "pc": [HIGH, None],
    })  # fmt: skip
    matched = match_addresses(
        engine.load("records", rows), gazetteer, "out", address=["a", "b", "c"], postcode="pc"
    )
    assert [said(row) for row in matched.arrow().to_pylist()] == [("unit", "14"), ("unit", "10")]


def test_no_records_give_no_answers(engine: DuckDB):
    schema = pa.schema([("source_row", pa.int64()), ("line", pa.string())])
    records = engine.load("records", schema.empty_table())
    matched = match_addresses(records, make_gazetteer(engine), "out", address=["line"])
    assert matched.count() == 0
    assert matched.columns == ("source_row", "uprn", "answer", "probability", "evidence")


def test_matching_leaves_no_table_of_its_own_behind(engine: DuckDB):
    answers(engine, make_gazetteer(engine), [("12 High Street", HIGH)])
    left = engine.fetch("SELECT table_name FROM information_schema.tables").column(0).to_pylist()
    assert sorted(left) == ["gazetteer", "matched", "raw", "records"]


def test_a_gazetteer_of_one_house_answers_that_house_and_no_other(engine: DuckDB):
    gazetteer = make_gazetteer(engine, ROWS[:1])
    rows = answers(
        engine, gazetteer, [("12 High Street", HIGH), ("14 High Street", HIGH), ("High Street", HIGH)]
    )
    assert [said(row) for row in rows] == [("unit", "10"), ("none", None), ("none", None)]


def test_variants_of_one_uprn_are_one_answer(engine: DuckDB):
    rows = [*ROWS, (10, "", "THE OLD FORGE", "12", "HIGH STREET", "SANDHAM", HIGH, "")]
    found = answers(
        engine, make_gazetteer(engine, rows), [("The Old Forge, High Street", HIGH), ("12 High St", HIGH)]
    )
    assert [said(row) for row in found] == [("unit", "10"), ("unit", "10")]


UNIT_OF = {row[0]: row[1] for row in ROWS}
NUMBER_OF = {row[0]: row[3] for row in ROWS}
words = st.sampled_from(
    ["FLAT", "UNIT", "1", "2", "3", "14", "A", "B", "12", "20", "39", "39A", "12-14", "HIGH", "STREET", "ST",
     "WADE", "ROAD", "MARLOW", "COURT", "GROUND", "FLOOR", "FIRST", "GARAGE", ",", "-", "/", "ROOM", "GEORGE"]
)  # fmt: skip
addresses = st.lists(words, max_size=8).map(" ".join) | st.text(max_size=20)
postcodes = st.sampled_from([HIGH, GEORGE, WADE, "", "ZZ9 9ZZ"])
quick = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))


@quick
@given(st.lists(st.tuples(addresses, postcodes), min_size=1, max_size=12))
def test_every_record_gets_one_answer_and_none_has_no_uprn(small: Match, records: list[tuple[str, str]]):
    rows = small(records)
    assert [row["source_row"] for row in rows] == list(range(1, len(records) + 1))
    for row in rows:
        assert row["answer"] in ("unit", "building", "none")
        assert (row["answer"] == "none") == (row["uprn"] is None)
        assert 0 <= float(str(row["probability"])) <= 1


@quick
@given(st.lists(st.tuples(addresses, postcodes), min_size=2, max_size=10), st.randoms(use_true_random=False))
def test_the_order_of_records_does_not_matter(
    small: Match, records: list[tuple[str, str]], shuffler: random.Random
):
    shuffled = list(range(len(records)))
    shuffler.shuffle(shuffled)
    straight = [(said(row), row["probability"]) for row in small(records)]
    mixed = [(said(row), row["probability"]) for row in small([records[place] for place in shuffled])]
    assert mixed == [straight[place] for place in shuffled]


@quick
@given(
    st.integers(1, 60),
    st.sampled_from(["Flat", "Apartment", "Unit", "flt"]),
    st.sampled_from(["", "Sandham"]),
)
def test_a_sibling_flat_is_never_chosen(small: Match, flat: int, word: str, town: str):
    rows = small([
        (f"{word} {flat}, 20 High Street, {town}", HIGH),
        (f"{word} {flat}, Marlow Court, 3 Wade Road", WADE),
    ])  # fmt: skip
    for row in rows:
        if row["answer"] == "unit":
            assert UNIT_OF[int(str(row["uprn"]))] == f"FLAT {flat}"


@quick
@given(st.integers(1, 120), st.sampled_from(["", "A", "B"]))
def test_another_house_number_is_never_chosen(small: Match, number: int, suffix: str):
    [row] = small([(f"{number}{suffix} High Street, Sandham", HIGH)])
    if row["answer"] != "none":
        found = NUMBER_OF[int(str(row["uprn"]))]
        assert (
            found == f"{number}{suffix}"
            or (found == "50-52" and number in (50, 52))
            or found == "20" == str(number)
        )
