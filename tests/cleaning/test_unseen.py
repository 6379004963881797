"""Mess that nobody tuned for: each value has one right answer, or is blanked or left; none is guessed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date

import pyarrow as pa
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from tests.cleaning import unseen_dates, unseen_numbers, unseen_words
from tests.cleaning.unseen_numbers import LEFT, Cases

from sharewell.cleaning.clean import Cleaned
from sharewell.cleaning.compile import recipe
from sharewell.sources.terms import Bounds, Field, FieldType
from sharewell.store.duckdb import DuckDB
from sharewell.store.engine import literal
from sharewell.vocab.identifiers import is_nhs_number, is_nino, is_postcode, is_upn, is_uprn, is_usrn

CleanRows = Callable[[Sequence[Mapping[str, str | None]], Sequence[Field]], Cleaned]
AS_OF = date(2026, 1, 1)
TABLES: list[tuple[Field, Cases]] = [*unseen_numbers.TABLES, *unseen_words.TABLES, *unseen_dates.TABLES]
CASES = [
    pytest.param(field, value, after, id=f"{field.name}: {value!a}")
    for field, cases in TABLES
    for value, after in cases.items()
]
VALID = {
    FieldType.NHS_NUMBER: is_nhs_number,
    FieldType.NINO: is_nino,
    FieldType.UPN: is_upn,
    FieldType.UPRN: is_uprn,
    FieldType.USRN: is_usrn,
    FieldType.POSTCODE: is_postcode,
}


def become(field: Field, value: str, column: list[str]) -> str | None:
    decision = recipe(field, AS_OF).rule([*column, value])(value)
    return decision.after if decision else LEFT


@pytest.mark.parametrize(("field", "value", "after"), CASES)
def test_a_messy_value_becomes_what_a_careful_steward_would_accept(
    field: Field, value: str, after: str | None
) -> None:
    assert become(field, value, []) == after


@pytest.mark.parametrize(("field", "value", "after"), CASES)
def test_what_a_messy_value_became_needs_no_more(field: Field, value: str, after: str | None) -> None:
    if after not in (LEFT, None):
        assert become(field, str(after), []) == LEFT


@pytest.mark.parametrize("field", [field for field, _ in TABLES], ids=lambda field: field.name)
def test_the_engine_asks_about_every_value_that_must_change(engine: DuckDB, field: Field) -> None:
    made, cases = recipe(field, AS_OF), next(cases for each, cases in TABLES if each is field)
    engine.load("asked", pa.table({"v": pa.array(list(cases), pa.string())}))
    number = f"CAST(substr(v, {made.digits_from}) AS BIGINT)" if made.digits_from else "1"
    canonical = engine.fetch(
        f"SELECT v FROM (SELECT v, CASE WHEN regexp_full_match(v, {literal(made.pattern)}) THEN {number} END"
        f" AS n FROM asked) WHERE n IS NOT NULL AND ({made.check})"
    )["v"].to_pylist()
    assert [value for value in canonical if cases[str(value)] != LEFT] == []


@pytest.mark.parametrize(("column", "cases"), unseen_dates.COLUMNS)
def test_the_order_of_day_and_month_is_the_columns(column: list[str], cases: Cases) -> None:
    assert {value: become(unseen_dates.EVENT, value, column) for value in cases} == cases


@pytest.mark.parametrize(("column", "cases"), unseen_dates.CENTURIES)
def test_a_year_of_two_figures_is_of_the_century_its_column_is(column: list[str], cases: Cases) -> None:
    assert {value: become(unseen_dates.BIRTH, value, column) for value in cases} == cases


BOUNDED = [
    (
        Field("id", FieldType.TEXT, "", bounds=Bounds(pattern="[A-Z]{2}[0-9]{3}")),
        {"AB123": LEFT, "AB12": None},
    ),
    (Field("odd", FieldType.TEXT, "", bounds=Bounds(pattern="(?i)ab\\w")), {"ABc": LEFT, "AB": None}),
    (
        Field("long", FieldType.TEXT, "", bounds=Bounds(shortest=2, longest=3)),
        {"ab": LEFT, "a": None, "abcd": None},
    ),
    (
        Field("size", FieldType.INTEGER, "", bounds=Bounds(least="1", most="20")),
        {"1": LEFT, "20": LEFT, "0": None, "1,000": None, "5.0": "5"},
    ),
]


@pytest.mark.parametrize(("field", "cases"), BOUNDED)
def test_what_the_standard_asks_beyond_the_type_is_kept_after_repairs(
    clean_rows: CleanRows, field: Field, cases: Cases
) -> None:
    done = clean_rows([{field.name: value} for value in cases], [field]).kept.arrow().sort_by("source_row")
    wanted = [value if after == LEFT else after for value, after in cases.items()]
    assert done[field.name].to_pylist() == wanted


def test_there_are_more_than_three_hundred_values() -> None:
    assert len(CASES) > 300


@pytest.mark.parametrize("kind", VALID, ids=str)
@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_no_number_becomes_another_but_by_its_writing(kind: FieldType, data: st.DataObject) -> None:
    """A valid number stays, and one with a sign lost or put wrong never becomes another valid one."""
    field = Field("v", kind, "V")
    valid = data.draw(st.sampled_from(VALID_NUMBERS[kind]))
    assert become(field, valid, []) == LEFT
    place = data.draw(st.integers(0, len(valid) - 1))
    spoilt = valid[:place] + data.draw(st.sampled_from("?*#@~x0123456789OIlSBZ ")) + valid[place + 1 :]
    assume(spoilt.replace(" ", "") != valid.replace(" ", ""))
    after = become(field, spoilt, [])
    if after not in (None, LEFT):
        assert _signs(str(after)) == _signs(spoilt)


def _signs(text: str) -> str:
    """Return the letters and figures of a number, letters that stand for figures as those."""
    figures = text.upper().translate(str.maketrans("OIL", "011"))
    return "".join(sign for sign in figures if sign.isalnum()).lstrip("0")


VALID_NUMBERS = {
    FieldType.NHS_NUMBER: ["9434765919", "4010232137", "9876543210"],
    FieldType.NINO: ["AB123456C", "ZW016451A"],
    FieldType.UPN: ["Q651695112951", "A950000005446"],
    FieldType.UPRN: ["100012345678", "100012"],
    FieldType.USRN: ["20400123"],
    FieldType.POSTCODE: ["BN1 4AB", "SW1A 1AA", "M1 1AE", "OX10 8AB", "SO15 0LZ"],
}
