"""What the compiled query lets through, against a model in plain Python."""

from __future__ import annotations

import hashlib
import hmac
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from gate_town import (
    BENEFIT_TERM,
    BENEFITS,
    CALLS,
    CALLS_TERM,
    KEY,
    NOW,
    TODAY,
    agreement,
    benefits,
    call,
    calls,
    loaded,
    person,
    with_forms,
)
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlglot import exp

from sharewell.agreements.terms import Agreement, DataTerm, Form, Level, RowTest
from sharewell.agreements.terms import Test as Is
from sharewell.releases.compile import keyed_query, release_query
from sharewell.releases.gate import open_gate
from sharewell.releases.outcomes import outcome_query
from sharewell.releases.pseudonyms import key_in, pseudonym
from sharewell.releases.rules import decide
from sharewell.releases.show import age_band, outcode
from sharewell.releases.terms import Dataset, PeopleRule
from sharewell.releases.tree import alias, words
from sharewell.store.duckdb import DuckDB
from sharewell.vocab.errors import AgreementInvalid, FlowInvalid, NotCovered, UnknownColumn

Rows = list[dict[str, object]]


def asked(
    engine: DuckDB,
    datasets: Sequence[Dataset],
    people: PeopleRule,
    *,
    made: Agreement | None = None,
    level: Level = Level.IDENTIFIABLE,
    role: str = "adviser",
    now: datetime = NOW,
) -> tuple[Rows, Rows]:
    """The keyed rows that may leave, and what became of everyone."""
    by_name = {item.name: item for item in datasets}
    standards = {name: item.standard for name, item in by_name.items()}
    decision = decide(
        made or agreement(), party="council", role=role, level=level, at=NOW, standards=standards
    )
    gate = open_gate(decision, by_name, people, as_of=TODAY, now=now)
    with key_in(engine, KEY):
        released = engine.create("released", keyed_query(gate))
        visible = engine.fetch(release_query(decision, by_name, people, as_of=TODAY, now=now))
    outcomes = engine.fetch(outcome_query(gate, "released")).to_pylist()
    assert visible.column_names == [name for name in released.columns if name != "person"]
    assert visible.num_rows == released.count()
    return released.arrow().to_pylist(), outcomes


def people_of(rows: Rows) -> list[object]:
    return sorted(str(row["person"]) for row in rows)


def reasons(outcomes: Rows) -> Mapping[object, tuple[object, object]]:
    return {row["person"]: (row["reason"], row["clause"]) for row in outcomes}


BENEFITS_ONLY = agreement(BENEFIT_TERM)
ONLY = PeopleRule(("benefits",))

# --- row tests ---------------------------------------------------------------------------------------

ROW_TESTS = [
    (RowTest("lad", Is.IS, ("E06000008",)), {"lad": "E06000008"}, {"lad": "E06000009"}),
    (RowTest("lad", Is.IS_PLACE, ("E06000008",)), {"lad": "E06000008"}, {"lad": None}),
    (RowTest("pension_credit", Is.IS, (True,)), {"pension_credit": "true"}, {"pension_credit": "false"}),
    (RowTest("pension_credit", Is.IS, (False,)), {"pension_credit": "false"}, {"pension_credit": None}),
    (RowTest("pension_credit", Is.IN, (True, False)), {"pension_credit": "false"}, {"pension_credit": "?"}),
    (RowTest("tenure", Is.IN, ("owned", "rented")), {"tenure": "rented"}, {"tenure": "other"}),
    (RowTest("children", Is.IS, (2,)), {"children": "2"}, {"children": "02x"}),
    (RowTest("children", Is.SINCE, (2,)), {"children": "10"}, {"children": "1"}),
    (RowTest("children", Is.BETWEEN, (2, 9)), {"children": "9"}, {"children": "10"}),
    (RowTest("children", Is.BETWEEN, (-1, 9)), {"children": "-1"}, {"children": "-2"}),
    (RowTest("award", Is.SINCE, (9,)), {"award": "10.5"}, {"award": "8.99"}),
    (RowTest("award", Is.IN, ("1.50", 2)), {"award": "1.5"}, {"award": "1.51"}),
    (
        RowTest("claimed_on", Is.SINCE, ("2026-01-15",)),
        {"claimed_on": "2026-01-15"},
        {"claimed_on": "2026-01-14"},
    ),
    (
        RowTest("claimed_on", Is.BETWEEN, ("2026-01-01", "2026-01-31")),
        {"claimed_on": "2026-01-31"},
        {"claimed_on": "2026-02-01"},
    ),
    (RowTest("claimed_on", Is.IS, ("2026-01-15",)), {"claimed_on": "2026-01-15"}, {"claimed_on": "soon"}),
    (RowTest("ward", Is.IS_PLACE, ("E05001",)), {"ward": "E05001"}, {"ward": ""}),
]


@pytest.mark.parametrize(("test", "passes", "fails"), ROW_TESTS)
def test_a_row_test_lets_through_what_passes_and_nothing_else(
    engine: DuckDB, test: RowTest, passes: dict[str, object], fails: dict[str, object]
) -> None:
    made = agreement(replace(BENEFIT_TERM, rows=(test,)))
    rows, outcomes = asked(
        engine, [benefits(engine, [person(1, **passes), person(2, **fails)])], ONLY, made=made
    )
    assert people_of(rows) == ["P00001"]
    assert reasons(outcomes)["P00002"] == ("row_test", "data[0].rows[0]")


@pytest.mark.parametrize(
    "test",
    [
        RowTest("claimed_on", Is.SINCE, ("2026-02-30",)),
        RowTest("claimed_on", Is.SINCE, ("soon",)),
        RowTest("children", Is.IS, ("two",)),
        RowTest("award", Is.IS, ("lots",)),
    ],
)
def test_a_row_test_that_cannot_be_read_is_refused(engine: DuckDB, test: RowTest) -> None:
    made = agreement(replace(BENEFIT_TERM, rows=(test,)))
    with pytest.raises(AgreementInvalid):
        asked(engine, [benefits(engine, [person(1)])], ONLY, made=made)


def test_a_value_that_looks_like_sql_is_only_a_value(engine: DuckDB) -> None:
    nasty = "x' OR '1'='1"
    made = agreement(replace(BENEFIT_TERM, rows=(RowTest("tenure", Is.IS, (nasty,)),)))
    rows, _ = asked(engine, [benefits(engine, [person(1), person(2, tenure=nasty)])], ONLY, made=made)
    assert people_of(rows) == ["P00002"]


# --- forms -------------------------------------------------------------------------------------------


def shown(
    engine: DuckDB, form: Form, field: str, level: Level = Level.IDENTIFIABLE, **values: object
) -> object:
    made = agreement(with_forms(BENEFIT_TERM, **{field: form}))
    rows, _ = asked(engine, [benefits(engine, [person(1, **values)])], ONLY, made=made, level=level)
    return rows[0][field]


FORMS = [
    (Form.IDENTIFIABLE, "name", {"name": "Zoë"}, "Zoë"),
    (Form.IDENTIFIABLE, "name", {"name": ""}, None),
    (Form.YEAR, "date_of_birth", {"date_of_birth": "1950-06-15"}, "1950"),
    (Form.YEAR, "date_of_birth", {"date_of_birth": "no date"}, None),
    (Form.AGE_BAND_5, "date_of_birth", {"date_of_birth": "2026-12-01"}, "00-04"),
    (Form.AGE_BAND_10, "date_of_birth", {"date_of_birth": "2016-12-02"}, "00-09"),
    (Form.AGE_BAND_10, "date_of_birth", {"date_of_birth": "2016-12-01"}, "10-19"),
    (Form.AGE_BAND_5, "date_of_birth", {"date_of_birth": None}, None),
    (Form.OUTCODE, "postcode", {"postcode": "BB1 1AA"}, "BB1"),
    (Form.OUTCODE, "postcode", {"postcode": "BB11AA"}, None),
    (Form.OUTCODE, "postcode", {"postcode": " 1AA"}, None),
    (Form.WARD, "postcode", {"ward": "E05007"}, "E05007"),
    (Form.FLAG, "phone", {"phone": None}, "false"),
    (Form.FLAG, "phone", {"phone": ""}, "false"),
    (Form.FLAG, "phone", {}, "true"),
    (Form.FLAG, "pension_credit", {}, "true"),
    (Form.EXISTENCE, "nhs_number", {"nhs_number": None}, "true"),
    (Form.AS_IS, "tenure", {"tenure": "owned"}, "owned"),
]


@pytest.mark.parametrize(("form", "field", "values", "expected"), FORMS)
def test_each_form_of_a_value(
    engine: DuckDB, form: Form, field: str, values: dict[str, object], expected: str | None
) -> None:
    assert shown(engine, form, field, **values) == expected


@given(st.dates(date(1900, 1, 1), date(2026, 12, 31)), st.dates(date(2020, 1, 1), date(2030, 12, 31)))
@settings(max_examples=60, deadline=None)
def test_an_age_band_is_the_age_on_the_day(born: date, on: date) -> None:
    age = on.year - born.year - ((on.month, on.day) < (born.month, born.day))
    query = exp.Select(expressions=[age_band(words(born.isoformat()), on, years) for years in (5, 10)])
    [answer] = [tuple(row.values()) for row in SHARED.fetch(query).to_pylist()]
    if age < 0:
        expected: tuple[str | None, ...] = (None, None)
    elif age >= 90:
        expected = ("90+", "90+")
    else:
        five, ten = age // 5 * 5, age // 10 * 10
        expected = (f"{five:02}-{five + 4:02}", f"{ten:02}-{ten + 9:02}")
    assert answer == expected


@given(st.text(max_size=12))
@settings(max_examples=60, deadline=None)
def test_an_outcode_is_never_the_whole_value(text: str) -> None:
    query = exp.Select(expressions=[alias(outcode(words(text.replace("\0", ""))), "out")])
    answer = SHARED.fetch(query).column("out")[0].as_py()
    assert answer is None or (len(answer) < len(text) and " " not in answer)


SHARED = DuckDB()


# --- pseudonyms --------------------------------------------------------------------------------------


@given(st.text(min_size=1, max_size=200), st.binary(min_size=32, max_size=32))
@settings(max_examples=60, deadline=None)
def test_a_pseudonym_is_hmac_sha_256(value: str, key: bytes) -> None:
    value = value.replace("\0", "")
    rows = SHARED.load("values", _text_table(value))
    with key_in(SHARED, key):
        query = exp.Select(
            expressions=[alias(pseudonym(exp.column("value", quoted=True), "uk.phone"), "answer")]
        ).from_(exp.to_table(rows.name))
        query = query.join(exp.to_table("_release_key"), join_type="cross")
        answer = SHARED.fetch(query).column("answer")[0].as_py()
    assert answer == hmac.new(key, f"uk.phone:{value}".encode(), hashlib.sha256).hexdigest()


def _text_table(value: str) -> object:
    import pyarrow as pa

    return pa.table({"value": pa.array([value], pa.string())})


def test_references_and_identifiers_are_pseudonyms_of_the_agreement(engine: DuckDB) -> None:
    made = agreement(with_forms(BENEFIT_TERM, name=Form.PSEUDONYM, nhs_number=Form.IDENTIFIABLE))
    rows, _ = asked(
        engine,
        [benefits(engine, [person(1)])],
        ONLY,
        made=made,
        level=Level.PSEUDONYMISED,
        role="analyst",
    )

    def expected(message: str) -> str:
        return hmac.new(KEY, message.encode(), hashlib.sha256).hexdigest()

    assert rows[0]["reference"] == expected("person:P00001")
    assert rows[0]["name"] == expected("person-name:Canary1 Name")
    assert rows[0]["nhs_number"] == expected("uk.nhs-number:9434700001")


def test_one_identifier_has_one_pseudonym_in_every_list(engine: DuckDB) -> None:
    made = agreement(
        with_forms(BENEFIT_TERM, name=Form.PSEUDONYM), with_forms(CALLS_TERM, name=Form.PSEUDONYM)
    )
    lists = [benefits(engine, [person(1, name="Ada")]), calls(engine, [call(1, name="Ada")])]
    rows, _ = asked(engine, lists, PeopleRule(("benefits", "calls")), made=made)
    assert rows[0]["benefits_name"] == rows[0]["calls_name"]


# --- people ------------------------------------------------------------------------------------------


def test_an_objection_removes_the_person_from_that_list_only(engine: DuckDB) -> None:
    lists = [
        benefits(engine, [person(1), person(2), person(3), person(3, source_row=9, objected=True)]),
        calls(engine, [call(1, objected=True), call(2)]),
    ]
    rows, outcomes = asked(engine, lists, ONLY)
    assert people_of(rows) == ["P00001", "P00002"]
    assert {row["person"]: row["called_on"] for row in rows} == {"P00001": None, "P00002": "2026-11-20"}
    assert reasons(outcomes)["P00003"] == ("objection", "objection.benefits")


def test_a_protected_person_is_in_no_list_release_whichever_list_says_so(engine: DuckDB) -> None:
    lists = [
        benefits(engine, [person(1), person(2), person(3, protected=True)]),
        calls(engine, [call(2, protected=True), call(1)]),
    ]
    for level, role in ((Level.IDENTIFIABLE, "adviser"), (Level.PSEUDONYMISED, "analyst")):
        rows, outcomes = asked(engine, lists, ONLY, level=level, role=role)
        assert people_of(rows) == ["P00001"]
        assert reasons(outcomes)["P00002"] == reasons(outcomes)["P00003"] == ("protected", "protected")


def test_a_protected_row_that_fails_its_tests_still_protects(engine: DuckDB) -> None:
    lists = [benefits(engine, [person(1), person(1, source_row=2, protected=True, lad="elsewhere")])]
    rows, _ = asked(engine, lists, ONLY, made=BENEFITS_ONLY)
    assert rows == []


def test_one_row_a_person_the_latest_then_the_first_in_its_file(engine: DuckDB) -> None:
    lists = [
        benefits(
            engine,
            [
                person(1, source_row=1, as_of="2026-10-01", name="old"),
                person(1, source_row=2, as_of="2026-11-01", name="second", source="b"),
                person(1, source_row=9, as_of="2026-11-01", name="later row", source="a"),
                person(1, source_row=4, as_of="2026-11-01", name="chosen", source="a"),
                person(1, source_row=1, as_of=None, name="undated", source="a"),
            ],
        )
    ]
    rows, _ = asked(engine, lists, ONLY, made=BENEFITS_ONLY)
    assert [row["name"] for row in rows] == ["chosen"]


def test_an_objection_in_an_excluding_list_does_not_bring_a_person_back(engine: DuckDB) -> None:
    lists = [benefits(engine, [person(1), person(2)]), calls(engine, [call(1, objected=True)])]
    rows, outcomes = asked(engine, lists, PeopleRule(("benefits",), ("calls",)))
    assert people_of(rows) == ["P00002"]
    assert reasons(outcomes)["P00001"] == ("in_excluded_list", "people.not_in.calls")


def test_rows_without_a_person_never_count(engine: DuckDB) -> None:
    lists = [benefits(engine, [person(1), person(2, person=None), person(3, person="")])]
    rows, outcomes = asked(engine, lists, ONLY, made=BENEFITS_ONLY)
    assert people_of(rows) == people_of(outcomes) == ["P00001"]


FLAGS = st.sampled_from([None, False, False, False, True])
BENEFIT_ROWS = st.lists(
    st.tuples(st.integers(1, 25), FLAGS, FLAGS, st.sampled_from(["true", "true", "false"])), max_size=40
)
CALL_ROWS = st.lists(st.tuples(st.integers(1, 25), FLAGS, FLAGS), max_size=40)
RULES = st.sampled_from(
    [
        PeopleRule(("benefits",)),
        PeopleRule(("benefits", "calls")),
        PeopleRule(("benefits",), ("calls",)),
        PeopleRule(("calls",)),
    ]
)


@given(BENEFIT_ROWS, CALL_ROWS, RULES)
@settings(max_examples=15, deadline=None)
def test_the_people_of_a_release_are_those_a_plain_reading_gives(
    on_benefits: list[tuple[int, bool | None, bool | None, str]],
    on_calls: list[tuple[int, bool | None, bool | None]],
    people: PeopleRule,
) -> None:
    lists = [
        benefits(
            SHARED,
            [
                person(number, source_row=row, objected=objected, protected=protected, pension_credit=credit)
                for row, (number, objected, protected, credit) in enumerate(on_benefits)
            ],
        ),
        calls(
            SHARED,
            [
                call(number, source_row=row, objected=objected, protected=protected)
                for row, (number, objected, protected) in enumerate(on_calls)
            ],
        ),
    ]
    rows, outcomes = asked(SHARED, lists, people)
    objectors = {
        "benefits": {row[0] for row in on_benefits if row[1]},
        "calls": {row[0] for row in on_calls if row[1]},
    }
    passing = {
        "benefits": {row[0] for row in on_benefits if row[3] == "true"},
        "calls": {row[0] for row in on_calls},
    }
    protected = {row[0] for row in [*on_benefits, *on_calls] if row[2]}
    expected = set.intersection(*(passing[name] - objectors[name] for name in people.in_all)) - protected
    for name in people.not_in:
        expected -= passing[name]
    assert people_of(rows) == [f"P{number:05}" for number in sorted(expected)]
    everyone = {row[0] for row in [*on_benefits, *on_calls]}
    assert people_of(outcomes) == [f"P{number:05}" for number in sorted(everyone)]
    said_released = {row["person"] for row in outcomes if row["outcome"] == "released"}
    assert said_released == {row["person"] for row in rows}
    assert all((row["reason"] is None) == (row["outcome"] == "released") for row in outcomes)
    assert all((row["clause"] is None) == (row["outcome"] == "released") for row in outcomes)


# --- small groups, expiry, refusals ------------------------------------------------------------------


def test_groups_of_people_who_look_alike_are_held_back_below_k(engine: DuckDB) -> None:
    alike = {"date_of_birth": "1950-01-01", "ward": "E05001"}
    rare = {"date_of_birth": "1999-01-01", "ward": "E05001"}
    lists = [benefits(engine, [person(number, **(alike if number < 6 else rare)) for number in range(1, 9)])]
    made = agreement(BENEFIT_TERM, k=5)
    rows, outcomes = asked(engine, lists, ONLY, made=made, level=Level.PSEUDONYMISED, role="analyst")
    assert people_of(rows) == [f"P{number:05}" for number in range(1, 6)]
    assert Counter(str(row["reason"]) for row in outcomes) == {"None": 5, "small_group": 3}
    assert reasons(outcomes)["P00008"] == ("small_group", "use.k")
    assert "people_alike" not in rows[0]


@given(st.lists(st.tuples(st.integers(1940, 1960), st.integers(0, 2)), max_size=25), st.integers(2, 6))
@settings(max_examples=10, deadline=None)
def test_no_released_combination_is_shared_by_fewer_than_k(facts: list[tuple[int, int]], k: int) -> None:
    rows = [
        person(number, date_of_birth=f"{year}-05-05", ward=f"E0500{ward}")
        for number, (year, ward) in enumerate(facts)
    ]
    made = agreement(BENEFIT_TERM, k=k)
    released, _ = asked(
        SHARED, [benefits(SHARED, rows)], ONLY, made=made, level=Level.PSEUDONYMISED, role="analyst"
    )
    groups = Counter((row["date_of_birth"], row["postcode"]) for row in released)
    assert all(size >= k for size in groups.values())


@pytest.mark.parametrize(
    ("now", "rows"),
    [
        (datetime(2026, 10, 31, 23, 59, 59, tzinfo=UTC), 0),
        (datetime(2026, 11, 1, tzinfo=UTC), 1),
        (datetime(2027, 3, 31, 22, 59, 59, tzinfo=UTC), 1),
        (datetime(2027, 3, 31, 23, 0, 0, tzinfo=UTC), 0),
        (datetime(2027, 4, 1, 12, tzinfo=UTC), 0),
    ],
)
def test_a_decision_kept_past_its_end_yields_nothing(engine: DuckDB, now: datetime, rows: int) -> None:
    lists = [benefits(engine, [person(1)])]
    released, _ = asked(engine, lists, ONLY, made=BENEFITS_ONLY, now=now)
    assert len(released) == rows


def test_a_list_that_the_agreement_does_not_name_is_refused(engine: DuckDB) -> None:
    item = benefits(engine, [person(1)])
    decision = decide(
        BENEFITS_ONLY,
        party="council",
        role="adviser",
        level=Level.IDENTIFIABLE,
        at=NOW,
        standards={"benefits": BENEFITS},
    )
    stranger = replace(item, name="gp_list")
    with pytest.raises(NotCovered):
        open_gate(decision, {"benefits": item, "gp_list": stranger}, ONLY, as_of=TODAY, now=NOW)
    with pytest.raises(NotCovered):
        open_gate(decision, {"benefits": replace(item, own=True)}, ONLY, as_of=TODAY, now=NOW)


@pytest.mark.parametrize("people", [PeopleRule(()), PeopleRule(("gp",)), PeopleRule(("benefits",), ("gp",))])
def test_a_people_rule_names_lists_that_are_there(engine: DuckDB, people: PeopleRule) -> None:
    with pytest.raises(FlowInvalid):
        asked(engine, [benefits(engine, [])], people, made=BENEFITS_ONLY)


def test_existence_needs_the_recipients_own_list(engine: DuckDB) -> None:
    with pytest.raises(NotCovered):
        asked(engine, [benefits(engine, [person(1)])], ONLY, made=BENEFITS_ONLY, level=Level.EXISTENCE)


def test_a_release_of_no_field_is_refused(engine: DuckDB) -> None:
    made = agreement(with_forms(BENEFIT_TERM, name=Form.COUNT))
    with pytest.raises(NotCovered):
        asked(engine, [benefits(engine, [person(1)])], ONLY, made=made)


@pytest.mark.parametrize("missing", ["person", "objected", "protected", "as_of", "phone", "lad", "ward"])
def test_a_column_the_release_needs_must_be_there(engine: DuckDB, missing: str) -> None:
    full = loaded(engine, "complete", BENEFITS, [person(1)], "ward")
    columns = ", ".join(f'"{name}"' for name in full.columns if name != missing)
    item = Dataset("benefits", engine.create("cut", f"SELECT {columns} FROM complete"), BENEFITS)
    with pytest.raises(UnknownColumn) as refusal:
        asked(engine, [item], ONLY, made=BENEFITS_ONLY)
    assert missing in refusal.value.what


def test_what_is_withheld_is_not_even_read(engine: DuckDB) -> None:
    item = benefits(engine, [person(1)])
    decision = decide(
        BENEFITS_ONLY,
        party="council",
        role="adviser",
        level=Level.IDENTIFIABLE,
        at=NOW,
        standards={"benefits": BENEFITS},
    )
    query = release_query(decision, {"benefits": item}, ONLY, as_of=TODAY, now=NOW)
    read = {column.name for column in query.find_all(exp.Column)}
    assert not read & {"nino", "award", "nhs_number", "children", "claimed_on"}
    text = query.sql("duckdb", pretty=True)
    assert KEY.hex() not in text and '"benefits_list"' in text


def test_columns_with_one_name_in_two_lists_carry_the_list(engine: DuckDB) -> None:
    made = agreement(
        with_forms(BENEFIT_TERM, name=Form.IDENTIFIABLE, phone=Form.IDENTIFIABLE),
        with_forms(CALLS_TERM, name=Form.IDENTIFIABLE),
    )
    lists = [benefits(engine, [person(1)]), calls(engine, [call(1)])]
    rows, _ = asked(engine, lists, ONLY, made=made)
    assert list(rows[0]) == ["person", "reference", "benefits_name", "phone", "calls_name"]
    assert (rows[0]["benefits_name"], rows[0]["calls_name"]) == ("Canary1 Name", "Own1")


@given(
    st.dictionaries(st.sampled_from(BENEFITS.names), st.sampled_from(Form), min_size=1),
    st.sets(st.sampled_from(BENEFITS.names), min_size=1),
    st.sampled_from([(Level.IDENTIFIABLE, "adviser"), (Level.PSEUDONYMISED, "analyst")]),
)
@settings(max_examples=15, deadline=None)
def test_a_never_field_is_in_no_release_whatever_is_agreed(
    forms: dict[str, Form], never: set[str], use: tuple[Level, str]
) -> None:
    term: DataTerm = replace(with_forms(BENEFIT_TERM, **forms), never=tuple(never), rows=())
    canaries = {name: f"CANARY {name}" for name in never}
    lists = [benefits(SHARED, [person(1, **canaries)])]
    try:
        rows, _ = asked(SHARED, lists, ONLY, made=agreement(term), level=use[0], role=use[1])
    except NotCovered:
        return
    assert not never & set(rows[0])
    assert "CANARY" not in repr(rows)


def test_the_calls_standard_is_used_as_it_is(engine: DuckDB) -> None:
    assert calls(engine, []).standard is CALLS
