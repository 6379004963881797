"""One address at a time: what ``match`` answers, and what may still be typed."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from places_cases import HEADINGS, ROWS, Match
from test_places_match import BUILDINGS, NOTHING, UNITS
from test_places_prepared import write

from sharewell.places.lookup import Places, open_places
from sharewell.places.prepared import prepare_folder
from sharewell.places.split import split_one, split_texts


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> Places:
    folder = tmp_path_factory.mktemp("places")
    prepare_folder(write(folder / "gazetteer.csv", HEADINGS, ROWS), folder / "ready")
    return open_places(folder / "ready")


def test_a_look_up_answers_what_a_match_does(small: Match, places: Places):
    asked = [*(case[:2] for case in (*UNITS, *BUILDINGS)), *NOTHING]
    for (address, postcode), row in zip(asked, small(asked), strict=True):
        found = places.lookup(address, postcode)
        told = (found.answer, found.uprn, found.probability, found.evidence)
        assert told == (row["answer"], row["uprn"], row["probability"], row["evidence"])


def test_a_look_up_shows_the_gazetteers_own_address(places: Places):
    found = places.lookup("flt 2, 20 high st, zz11aa")
    assert (found.uprn, found.address, found.postcode) == (
        "14",
        "FLAT 2, 20, HIGH STREET, SANDHAM",
        "ZZ1 1AA",
    )
    nameless = places.lookup("Flat 1, Twin House, 5 Mill Lane", "ZZ3 5EE")
    assert (nameless.answer, nameless.uprn, nameless.address) == ("building", "49", None)
    assert places.lookup("") == places.lookup("nowhere at all")


letters = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=12)
addresses = st.lists(
    st.sampled_from(["12A", "é", "ZZ1", "1AA", "ZZ11AA", ",", "’s", "\n", "ß", "ǆ", "x-y/z"]) | letters
)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(addresses.map(" ".join), st.sampled_from(["", "zz1 1aa", "é1"]) | letters), max_size=20
    )
)
def test_one_address_is_split_as_many_are(asked: list[tuple[str, str]]):
    texts = [text for text, _ in asked]
    table = pa.table({
        "id": pa.array(range(len(asked)), pa.int64()), "text": pa.array(texts, pa.string()),
        "postcode": pa.array([split_one("", code)[1] for _, code in asked], pa.string()),
    })  # fmt: skip
    many = split_texts(table).to_pylist()
    assert [split_one(*each) for each in asked] == [(row["tokens"], row["postcode"] or "") for row in many]


@pytest.mark.parametrize(
    ("typed", "uprns"),
    [
        ("zz1 1", ["10", "11", "12", "13", "14", "16", "15", "17"]),
        ("ZZ2 3CC", ["34", "35", "30", "31", "32", "33"]),
        ("12 hi", ["10"]),
        ("12 high street, sand", ["10"]),
        ("flat 2, 20 high", ["14"]),
        ("20 high", ["12", "13", "14"]),
        ("ZZ1 1AA 20", ["12", "13", "14"]),
        ("20 high st zz1 1aa", ["12", "13", "14"]),
        ("marl", ["30", "31", "32", "33"]),
        ("rose cott", ["34"]),
        ("12", []),
        ("h", []),
        ("", []),
        ("qqq", []),
        ("%_'\"", []),
    ],
)
def test_what_is_typed_is_finished(places: Places, typed: str, uprns: list[str]):
    assert sorted(each.uprn for each in places.suggest(typed)) == sorted(uprns)


def test_no_more_is_suggested_than_asked_for_and_nearest_first(places: Places):
    found = places.suggest("high st", limit=2)
    assert [(each.address, each.postcode) for each in found] == [
        ("12, HIGH STREET, SANDHAM", "ZZ1 1AA"), ("14, HIGH STREET, SANDHAM", "ZZ1 1AA"),
    ]  # fmt: skip


def test_three_lines_are_enough(tmp_path: Path):
    prepare_folder(
        write(tmp_path / "g.csv", ("uprn", "address"), [(7, "12 High Street, ZZ1 1AA")]), tmp_path / "g"
    )
    assert open_places(tmp_path / "g").lookup("12 High Street ZZ1 1AA").uprn == "7"
