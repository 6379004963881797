"""The rules that sharewell is measured against do what is said of them; pairs are scored rightly by class."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import duckdb
import numpy as np
import pytest
from benchmarks.region_contenders import find_resident
from benchmarks.region_lists import load_truth, prepare
from benchmarks.region_rules import (
    MATCH,
    POSSIBLE,
    find_resident_pairs,
    nearest_address,
    plain_text,
    searchable,
    sui_pairs,
    sui_searches,
)
from benchmarks.region_score import (
    OVERALL,
    Counts,
    Mixed,
    Truth,
    components,
    mixed_in_clusters,
    mixed_in_pairs,
    pair_count,
    score_clusters,
    score_pairs,
    score_places,
)
from hypothesis import given
from hypothesis import strategies as st

PERSON = ("source", "first_name", "surname", "date_of_birth", "postcode", "uprn", "nhs_number")
ANN = {
    "first_name": "Ann",
    "surname": "Shaw",
    "date_of_birth": "1950-02-11",
    "postcode": "M1 1AA",
    "uprn": "1",
}


def records(*people: dict[str, str]) -> duckdb.DuckDBPyConnection:
    engine = duckdb.connect()
    columns = ", ".join(f"{name} VARCHAR" for name in PERSON)
    engine.execute(f"CREATE TABLE records (id BIGINT, {columns})")
    for number, person in enumerate(people):
        values = [number, *(person.get(name) for name in PERSON)]
        engine.execute(f"INSERT INTO records VALUES ({', '.join('?' * len(values))})", values)
    engine.execute(f"CREATE TABLE searchable AS {searchable('records')}")
    return engine


def residents_found(one: dict[str, str], other: dict[str, str]) -> bool:
    return records(one, other).execute(find_resident_pairs("records")).fetchall() == [(0, 1)]


def cascade(one: dict[str, str], other: dict[str, str]) -> float | None:
    found = records(one, other).execute(sui_pairs("searchable")).fetchall()
    return float(found[0][2]) if found else None


@pytest.mark.parametrize(
    ("change", "is_found"),
    [
        ({}, True),
        ({"first_name": "ANN"}, True),
        ({"uprn": "2"}, True),
        ({"date_of_birth": "1960-01-01"}, True),
        ({"uprn": "2", "date_of_birth": "1960-01-01"}, False),
        ({"first_name": "Anne"}, False),
        ({"surname": "Shore"}, False),
        ({"first_name": ""}, False),
    ],
)
def test_find_resident_asks_for_exact_names_and_the_same_home_or_birth_date(change, is_found):
    other = {name: value for name, value in {**ANN, **change}.items() if value}
    assert residents_found(ANN, other) is is_found


def test_find_resident_takes_the_same_nhs_number_whatever_else_is_said():
    other = {"first_name": "Bob", "surname": "Hill", "nhs_number": "9990000018"}
    assert residents_found({**ANN, "nhs_number": "9990000018"}, other)


def test_nothing_refuses_a_match_to_find_resident():
    father = {**ANN, "first_name": "John", "nhs_number": "9990000018"}
    son = {**father, "nhs_number": "9990000026", "date_of_birth": "1980-05-05"}
    assert residents_found(father, son)


def test_unknown_numbers_homes_and_dates_are_not_the_same():
    nameless = {"first_name": "Ann", "surname": "Shaw"}
    assert not residents_found(nameless, nameless)


@pytest.mark.parametrize(
    ("change", "score"),
    [
        ({}, 1.0),
        ({"postcode": "M9 9ZZ"}, 1.0),
        ({"date_of_birth": "1950-08-11"}, 1.0),
        ({"date_of_birth": "1950-08-12"}, None),
        ({"date_of_birth": "1950-11-02"}, 1.0),
        ({"surname": "Shawe"}, 0.98),
        ({"first_name": "Anna"}, 0.9708),
        ({"first_name": "Fran"}, None),
    ],
)
def test_the_cascade_scores_names_and_narrows_by_date(change, score):
    assert cascade(ANN, {**ANN, **change}) == (pytest.approx(score, abs=1e-3) if score else None)


def test_the_cascade_calls_some_pairs_possible_only():
    score = cascade({**ANN, "first_name": "Anna"}, {**ANN, "first_name": "Hannah"})
    assert score is not None
    assert POSSIBLE <= score < MATCH


def test_the_cascade_needs_both_names_and_a_date_of_birth():
    for name in ("first_name", "surname", "date_of_birth"):
        other = {column: value for column, value in ANN.items() if column != name}
        assert cascade(ANN, other) is None


def searched(*register: dict[str, str]) -> list[tuple[int, int, float]]:
    """What the cascade finds in a register for Ann, who is record 0."""
    engine = records(ANN, *register)
    engine.execute("CREATE TABLE asked AS FROM searchable WHERE id = 0")
    engine.execute("CREATE TABLE register AS FROM searchable WHERE id > 0")
    return engine.execute(sui_searches("asked", "register")).fetchall()


def test_a_search_ends_with_the_first_stage_that_finds_somebody():
    assert searched({**ANN, "surname": "Shawe"}, ANN) == [(0, 2, 1.0)]


def test_a_search_that_finds_two_people_finds_nobody():
    elsewhere = {**ANN, "postcode": "M9 9ZZ"}
    assert searched(elsewhere, {**elsewhere, "uprn": "7"}) == []
    assert searched(elsewhere, {**elsewhere, "uprn": "7"}, ANN) == [(0, 3, 1.0)]


GAZETTEER = (
    ("FLAT 1 2 MILL LANE", "M11AA", "11"),
    ("FLAT 2 2 MILL LANE", "M11AA", "12"),
    ("12 MILL LANE", "M11AA", "20"),
    ("14 MILL LANE", "M11AA", "30"),
    ("12 MILL LANE", "M22BB", "40"),
)


@pytest.mark.parametrize(
    ("text", "postcode", "uprn"),
    [
        ("12 MILL LANE", "M11AA", "20"),
        ("12 MIL LANE", "M11AA", "20"),
        ("12 MILL LANE", "M22BB", "40"),
        ("12 MILL LN", "M11AA", "20"),
        ("12 MILL ROAD", "M11AA", None),
        ("12 MILL LANE", "M33CC", None),
        ("16 MILL LANE", "M11AA", "20"),
        ("FLAT 3 2 MILL LANE", "M11AA", "11"),
        ("2 MILL LANE", "M11AA", "20"),
    ],
)
def test_the_edit_distance_takes_the_nearest_of_the_postcode_under_three(text, postcode, uprn):
    engine = duckdb.connect()
    engine.execute("CREATE TABLE asked AS SELECT ? AS text, ? AS postcode", [text, postcode])
    engine.execute("CREATE TABLE forms (text VARCHAR, postcode VARCHAR, uprn VARCHAR)")
    engine.executemany("INSERT INTO forms VALUES (?, ?, ?)", GAZETTEER)
    found = engine.execute(nearest_address("asked", "forms")).fetchall()
    assert found == ([(text, postcode, uprn)] if uprn else [])


def test_addresses_are_compared_in_capitals_without_punctuation():
    [[text]] = duckdb.sql(f"SELECT {plain_text('?')}", params=["Flat 2, St. John’s  House"]).fetchall()
    assert text == "FLAT 2 ST JOHN S HOUSE"


def truth_of(
    person: Sequence[int], hard: Sequence[str], couples: Sequence[tuple[str, int, int]] = ()
) -> Truth:
    classes = np.empty(len(hard), dtype=object)
    classes[:] = hard
    return Truth(np.array(person, dtype=np.int64), classes, couples)


TRUTH = truth_of(
    [0, 0, 0, 1, 1, 2, 3], ["", "", "twin", "twin", "", "", "lost"], [("twin", 0, 1), ("twin", 0, 9)]
)
CLUSTER = np.array([5, 5, 6, 6, 6, 7, 7])


def test_clusters_are_scored_overall_and_by_the_classes_their_pairs_touch():
    scored = score_clusters(CLUSTER, TRUTH)
    assert scored[OVERALL] == Counts(joined=5, truly=4, both=2)
    assert scored["twin"] == Counts(joined=3, truly=3, both=1)
    assert scored["lost"] == Counts(joined=1, truly=0, both=0)


def test_precision_recall_and_f1_are_unknown_where_there_is_nothing_to_count():
    assert (Counts(4, 8, 2).precision, Counts(4, 8, 2).recall, Counts(4, 8, 2).f1) == (0.5, 0.25, 1 / 3)
    assert (Counts(0, 3, 0).precision, Counts(0, 3, 0).f1) == (None, 0.0)
    assert (Counts(3, 0, 0).recall, Counts(0, 0, 0).f1) == (None, None)


def test_couples_taken_for_one_are_counted_by_pairs_of_their_rows():
    assert mixed_in_clusters(CLUSTER, TRUTH) == {"twin": Mixed(joined=2, possible=6, mixed=1, couples=1)}
    left, right = np.array([0, 3]), np.array([3, 4])
    assert mixed_in_pairs(left, right, TRUTH) == {"twin": Mixed(joined=1, possible=6, mixed=1, couples=1)}


def test_rows_about_nobody_are_wrong_with_a_person_and_not_counted_together():
    truth = truth_of([-1, -1, -1, 4, 4], ["", "", "", "", ""])
    assert score_clusters(np.array([1, 1, 2, 2, 2]), truth)[OVERALL] == Counts(joined=3, truly=1, both=1)
    left, right = np.array([0, 1]), np.array([1, 3])
    assert score_pairs(left, right, truth)[OVERALL] == Counts(joined=1, truly=1, both=0)


def test_no_pairs_and_no_couples_count_nothing():
    nothing = np.empty(0, dtype=np.int64)
    assert score_pairs(nothing, nothing, TRUTH)[OVERALL] == Counts(0, 4, 0)
    assert mixed_in_pairs(nothing, nothing, TRUTH)["twin"].joined == 0
    assert mixed_in_clusters(CLUSTER, truth_of(TRUTH.person, TRUTH.hard)) == {}
    assert pair_count(nothing) == 0


def test_pairs_connect_whoever_they_reach():
    assert components(6, np.array([4, 2, 1]), np.array([5, 4, 3])).tolist() == [0, 1, 2, 1, 2, 2]


ROWS = 9
labels = st.lists(st.integers(0, 3), min_size=ROWS, max_size=ROWS)


@given(
    cluster=labels,
    person=st.lists(st.integers(-1, 3), min_size=ROWS, max_size=ROWS),
    hard=st.lists(st.sampled_from(["", "a", "b"]), min_size=ROWS, max_size=ROWS),
)
def test_counting_by_sizes_is_counting_one_by_one(cluster, person, hard):
    couples = [("a", 0, 1), ("b", 2, 3), ("b", 0, 3)]
    truth = truth_of(person, hard, couples)
    together = [(i, j) for i, j in combinations(range(ROWS), 2) if cluster[i] == cluster[j]]
    left, right = (np.array([pair[end] for pair in together], dtype=np.int64) for end in (0, 1))
    joined = [(i, j) for i, j in together if person[i] >= 0 or person[j] >= 0]
    truly = [(i, j) for i, j in combinations(range(ROWS), 2) if person[i] == person[j] >= 0]
    scored = score_clusters(np.array(cluster), truth)
    for name, counts in scored.items():
        of_class = [
            {pair for pair in pairs if name == OVERALL or name in (hard[pair[0]], hard[pair[1]])}
            for pairs in (joined, truly)
        ]
        assert counts == Counts(len(of_class[0]), len(of_class[1]), len(of_class[0] & of_class[1]))
    assert score_pairs(left, right, truth) == scored
    assert mixed_in_pairs(left, right, truth) == mixed_in_clusters(np.array(cluster), truth)
    assert len(set(components(ROWS, left, right).tolist())) == len(set(cluster))
    assert pair_count(components(ROWS, left, right), np.array(cluster)) == len(together)


def test_addresses_are_scored_by_class_and_a_building_is_no_answer():
    answer, true_uprn, hard = (np.array(each, dtype=object) for each in (
        ["1", "2", "", "9"], ["1", "1", "3", "8"], ["", "flat_missing", "flat_missing", "new_build"]
    ))  # fmt: skip
    scored = score_places(answer, np.array([False, False, True, False]), true_uprn, hard)
    assert vars(scored[OVERALL]) == {"rows": 4, "answered": 3, "right": 1, "buildings": 1}
    assert vars(scored["flat_missing"]) == {"rows": 2, "answered": 1, "right": 0, "buildings": 1}
    assert vars(scored["new_build"]) == {"rows": 1, "answered": 1, "right": 0, "buildings": 0}


@pytest.fixture(scope="module")
def kept(made_region, tmp_path_factory):
    """What the contenders read of the small region: the folder, and what was told of it."""
    folder = tmp_path_factory.mktemp("kept")
    return folder, prepare(str(made_region), str(folder))


def test_every_row_of_a_region_is_read_with_its_truth_and_every_column_is_certain(kept):
    folder, told = kept
    truth, rows = load_truth(folder)
    assert told["unsure"] == []
    assert len(truth.person) == len(rows) == sum(kept_rows for _, kept_rows in told["lists"].values())
    assert {"father_and_son", "like_named_twins", "husbands_initials", "flat_missing"} <= set(truth.classes)
    assert truth.nobody.any()


def test_a_rule_is_run_and_scored_on_a_region(made_region, kept):
    lines = find_resident(str(made_region), str(kept[0]))["lines"]
    assert lines["connected"]["counts"][OVERALL]["precision"] > 0.9
    assert lines["connected"]["mixed"]["father_and_son"]["mixed"] > 0
