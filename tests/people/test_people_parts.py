"""The parts of linking, each on its own: groups, contradictions, learning, blocks."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from people_cases import records_table

from sharewell.people.block import choose_blocks
from sharewell.people.contradict import LIFE, cannot_be_one
from sharewell.people.decisions import Touched, settle
from sharewell.people.divide import connected, divide
from sharewell.people.evidence import (
    DATE_OF_BIRTH,
    FIRST_NAME,
    KNOWN_COMPARISONS,
    NHS_NUMBER,
    SURNAME,
    extra_comparison,
)
from sharewell.people.prepare import prepare
from sharewell.people.rules import KNOWN_AS
from sharewell.people.score import Pairs
from sharewell.people.terms import Verdict
from sharewell.people.weights import Odds, learn_from_patterns

EDGES = st.lists(st.tuples(st.integers(0, 11), st.integers(0, 11)), max_size=20)


def pairs(*rows: tuple[int, int, float]) -> Pairs:
    left, right, bits = (np.array(column) for column in zip(*rows, strict=True))
    return Pairs(left.astype(np.int64), right.astype(np.int64), bits.astype(np.float64))


def divided(size: int, given_pairs: Pairs, forbidden: tuple[tuple[int, int], ...] = ()) -> list[int]:
    def contradict(asked: Pairs):
        return np.array(
            [(a, b) in forbidden for a, b in zip(asked.left, asked.right, strict=True)], dtype=bool
        )

    def hidden(people):
        return Pairs(np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0))

    return divide(size, given_pairs, 0.0, contradict, hidden).tolist()


@given(edges=EDGES)
def test_connected_finds_the_smallest_node_that_a_path_leads_to(edges):
    left, right = (np.array([edge[end] for edge in edges], dtype=np.int64) for end in (0, 1))
    found = connected(12, left, right)
    reached = {node: {node} for node in range(12)}
    for _ in range(12):
        for a, b in edges:
            both = reached[a] | reached[b]
            reached = {node: both if node in both else group for node, group in reached.items()}
    assert found.tolist() == [min(reached[node]) for node in range(12)]


def test_one_chance_likeness_does_not_chain_two_people_together():
    strong = [(0, 1, 9.0), (2, 3, 9.0)]
    across = [(0, 2, 1.0), (0, 3, -8.0), (1, 2, -8.0), (1, 3, -8.0)]
    assert divided(4, pairs(*strong, *across)) == [0, 0, 2, 2]


def test_groups_that_agree_on_the_whole_are_one_person():
    assert divided(3, pairs((0, 1, 5.0), (1, 2, 4.0), (0, 2, -1.0))) == [0, 0, 0]


def test_no_evidence_outweighs_a_contradiction():
    rows = [(0, 1, 30.0), (1, 2, 30.0), (0, 2, 30.0)]
    people = divided(3, pairs(*rows), forbidden=((0, 2),))
    assert people[0] != people[2]


def test_a_contradiction_found_inside_a_person_parts_it():
    def hidden(people):
        found = int(people[0] == people[2])
        return Pairs(np.zeros(found, np.int64), np.full(found, 2), np.full(found, -1e6))

    people = divide(
        3,
        pairs((0, 1, 8.0), (1, 2, 4.0)),
        0.0,
        lambda asked: np.zeros(len(asked.bits), dtype=bool),
        hidden,
    )
    assert people.tolist() == [0, 0, 2]


FIELDS = ("first_name", "known_as", "surname", "iso_date", "date_of_birth", "home", "nhs_number")
MORE_FIELDS = (
    "upn",
    "nino",
    "sex",
    "middle_name",
    "generation",
    "reading",
    "source",
    "namesakes",
    *sorted(LIFE),
)
CONTRADICTIONS = [
    # what, the one record, the other, whether they cannot be one person
    ("two NHS numbers", {"nhs_number": "9434765919"}, {"nhs_number": "4010232137"}, True),
    ("a slip in an NHS number", {"nhs_number": "9434765919"}, {"nhs_number": "9434765991"}, False),
    ("a father and a son", {"iso_date": "1950-03-12"}, {"iso_date": "1981-07-25"}, True),
    ("a son born in his father's month", {"iso_date": "1950-03-12"}, {"iso_date": "1981-03-25"}, True),
    ("one digit of the year", {"iso_date": "1950-03-12"}, {"iso_date": "1980-03-12"}, False),
    ("one digit of the year and a day", {"iso_date": "1950-03-12"}, {"iso_date": "1980-03-17"}, False),
    ("another year, the same day", {"iso_date": "1950-03-12"}, {"iso_date": "1962-03-12"}, False),
    ("another day in one year", {"iso_date": "1950-03-12"}, {"iso_date": "1950-11-30"}, False),
    (
        "two births and one NHS number",
        {"iso_date": "1950-03-12", "nhs_number": "1"},
        {"iso_date": "1981-07-25", "nhs_number": "1"},
        False,
    ),
    ("nothing known", {}, {}, False),
    (
        "twins",
        {"first_name": "amina", "surname": "khan", "date_of_birth": "2015-04-04", "home": "1"},
        {"first_name": "yusuf", "surname": "khan", "date_of_birth": "2015-04-04", "home": "1"},
        True,
    ),
    (
        "a short form at home",
        {"first_name": "jack", "known_as": "john", "surname": "khan", "date_of_birth": "d", "home": "1"},
        {"first_name": "john", "known_as": "john", "surname": "khan", "date_of_birth": "d", "home": "1"},
        False,
    ),
    ("two National Insurance numbers", {"nino": "WW000000A"}, {"nino": "WY123456B"}, True),
    ("a slip in a pupil number", {"upn": "A123456789012"}, {"upn": "A123456789021"}, False),
    (
        "two pupil numbers and one NHS number",
        {"upn": "A1", "nhs_number": "1"},
        {"upn": "B99999", "nhs_number": "1"},
        False,
    ),
    ("senior and junior", {"generation": "senior"}, {"generation": "junior"}, True),
    ("senior and not said", {"generation": "senior"}, {}, False),
    ("Mrs J and John", {"first_name": "j", "sex": "f"}, {"first_name": "john", "sex": "m"}, True),
    ("Mrs John and John", {"first_name": "john", "sex": "f"}, {"first_name": "john", "sex": "m"}, False),
    (
        "two newborns of one list",
        {"reading": "newborn", "source": "gp"},
        {"reading": "newborn", "source": "gp"},
        True,
    ),
    ("twice in a list, one name", {"home": "1", "source": "gp"}, {"home": "1", "source": "gp"}, False),
    (
        "twice in a list, at a home of two of that name",
        {"home": "1", "source": "gp", "namesakes": "true"},
        {"home": "1", "source": "gp", "namesakes": "true"},
        True,
    ),
    ("dead before a contact", {"date_of_death": "2020-01-31"}, {"seen_on": "2021-05-01"}, True),
    (
        "dead before a contact, one number",
        {"nhs_number": "1", "date_of_death": "2020-01-31"},
        {"nhs_number": "1", "seen_on": "2021-05-01"},
        True,
    ),
    ("seen before death", {"date_of_death": "2021-05-01"}, {"seen_on": "2020-01-31"}, False),
]


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [case[1:] for case in CONTRADICTIONS],
    ids=[case[0] for case in CONTRADICTIONS],
)
def test_what_cannot_be_one_person(one, other, expected, engine):
    def shown(record):
        values = {name: f"'{record[name]}'" if name in record else "NULL" for name in (*FIELDS, *MORE_FIELDS)}
        return ", ".join(
            f"{value}::{'BOOLEAN' if name == 'namesakes' else 'VARCHAR'} AS {name}"
            for name, value in values.items()
        )

    two = f"(SELECT {shown(one)}) l, (SELECT {shown(other)}) r"
    answer = engine.fetch(
        f"SELECT coalesce({cannot_be_one({'nhs_number', 'upn', 'nino', *LIFE})}, false) AS x FROM {two}"
    )
    assert answer["x"][0].as_py() is expected


@pytest.mark.parametrize(
    "comparison",
    [FIRST_NAME, SURNAME, DATE_OF_BIRTH, NHS_NUMBER, extra_comparison("x"), *KNOWN_COMPARISONS.values()],
)
@pytest.mark.parametrize("home", [False, True])
def test_the_starting_figures_of_a_comparison_add_up_to_one(comparison, home):
    odds = Odds.of(comparison, home=home)
    assert sum(odds.m) == pytest.approx(1, abs=1e-3)
    assert sum(odds.u) == pytest.approx(1, abs=1e-3)
    assert odds.is_plausible


def test_every_short_form_leads_to_a_full_name_that_leads_to_itself():
    assert KNOWN_AS["bob"] == KNOWN_AS["robert"] == "robert"
    assert [name for name in KNOWN_AS.values() if KNOWN_AS[name] != name] == []


def test_learning_recovers_the_figures_that_made_the_patterns():
    draw = np.random.default_rng(3)
    matched = draw.random(40_000) < 0.3
    agree_m, agree_u = np.array([0.9, 0.95, 0.8]), np.array([0.01, 0.5, 0.02])
    agrees = draw.random((40_000, 3)) < np.where(matched[:, None], agree_m, agree_u)
    levels, counts = np.unique(np.where(agrees, 0, 1), axis=0, return_counts=True)
    start = [Odds((0.8, 0.2), (0.1, 0.9))] * 3
    share, odds = learn_from_patterns(levels.astype(np.int64), counts.astype(np.float64), start, share=0.1)
    assert share == pytest.approx(0.3, abs=0.02)
    assert [table.m[0] for table in odds] == pytest.approx(agree_m.tolist(), abs=0.03)
    assert [table.u[0] for table in odds] == pytest.approx(agree_u.tolist(), abs=0.03)


def test_values_too_common_to_help_are_left_out_of_a_block(engine):
    rows = [("a", n, "John", "Smith", None, f"E{n} 1AA") for n in range(40)]
    rows += [("b", n, f"Rare{n // 2}", "Name", None, f"N{n} 1AA") for n in range(40)]
    prepared = prepare(engine.load("records", records_table(rows)), engine, (), seed=1)
    blocks = choose_blocks(prepared, engine)
    assert ("key_0",) in [block.columns for block in blocks]
    keys = engine.fetch(f'SELECT source, count(key_0) AS n FROM "{prepared.table}" GROUP BY 1 ORDER BY 1')
    assert keys.to_pylist() == [{"source": "a", "n": 0}, {"source": "b", "n": 40}]


@given(
    words=st.lists(
        st.tuples(st.sampled_from("abcdef"), st.sampled_from("abcdef"), st.sampled_from(list(Verdict))),
        max_size=12,
    )
)
def test_the_newest_word_is_always_kept_and_no_record_is_lost(words):
    words = [word for word in words if word[0] != word[1]]
    records = [Touched(key, "g", None, None, None) for key in "abcdef"]
    settled = settle(records, words)
    assert set(settled) == set("abcdef")
    if words:
        a, b, verdict = words[0]
        assert (settled[a] == settled[b]) is (verdict is Verdict.SAME)
