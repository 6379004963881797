"""A list is checked before it is sent: every failing cell is found, told apart, and never shown."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sharewell.cleaning.check import Ask, check_file
from sharewell.cleaning.check_queries import SETTLED, surely_wrong
from sharewell.cleaning.checked import Checked, Kind, Outcome
from sharewell.cleaning.compile import recipe
from sharewell.cleaning.shape import shape_of
from sharewell.sources.standards import load_standard, shipped_standards
from sharewell.sources.terms import Bounds, Field, FieldType, OnFailure, Role, Standard
from sharewell.store.duckdb import DuckDB

AS_OF = date(2026, 1, 1)
GOOD = {
    "record_id": "R1", "nhs_number": "9990010005", "nino": "AB123456C", "upn": "T300200019003",
    "full_name": "Zoë O'Brien", "date_of_birth": "1980-02-29", "sex": "2", "address": "14 Mill Lane, Leeds",
    "postcode": "M1 1AE", "uprn": "999000000001", "phone": "+447700900123", "balance": "12.50",
}  # fmt: skip


def written(folder: Path, rows: Sequence[Mapping[str, str]], columns: Sequence[str] = tuple(GOOD)) -> Path:
    text = io.StringIO()
    out = csv.writer(text)
    out.writerows([columns, *([row.get(name, "") for name in columns] for row in rows)])
    (folder / "list.csv").write_text(text.getvalue(), encoding="utf-8")
    return folder / "list.csv"


def checked(folder: Path, *changes: Mapping[str, str], ask: Ask | None = None) -> Checked:
    rows = [{**GOOD, "record_id": f"R{at}", **change} for at, change in enumerate(changes, 1)]
    return check_file(written(folder, rows), load_standard("messy-sample"), as_of=AS_OF, ask=ask)


def found(answer: Checked) -> set[tuple[str, Kind, Outcome, int]]:
    return {(each.field.name, each.kind, each.outcome, each.cells) for each in answer.problems}


def test_a_list_that_is_right_needs_nothing(tmp_path):
    answer = checked(tmp_path, {}, {"nino": "", "upn": "", "uprn": "", "phone": ""})
    assert answer.problems == ()
    assert not answer.needs_mending


@pytest.mark.parametrize(
    ("column", "value", "kind", "outcome"),
    [
        ("nhs_number", "", Kind.MISSING, Outcome.ROW_LOST),
        ("nhs_number", "N/A", Kind.MISSING, Outcome.ROW_LOST),
        ("nhs_number", "9990010006", Kind.CHECK, Outcome.ROW_LOST),
        ("nhs_number", "999 001 0005", Kind.FORM, Outcome.PUT_RIGHT),
        ("nino", "QQ123456C", Kind.FORM, Outcome.CELL_LOST),
        ("nino", "KN123456C", Kind.CHECK, Outcome.CELL_LOST),
        ("nino", "N/A", Kind.FORM, Outcome.PUT_RIGHT),
        ("upn", "A300200019003", Kind.CHECK, Outcome.CELL_LOST),
        ("date_of_birth", "31/02/1980", Kind.FORM, Outcome.ROW_LOST),
        ("date_of_birth", "2091-01-01", Kind.RANGE, Outcome.ROW_LOST),
        ("date_of_birth", "13/02/1980", Kind.FORM, Outcome.PUT_RIGHT),
        ("sex", "F", Kind.CODE, Outcome.PUT_RIGHT),
        ("sex", "X?", Kind.CODE, Outcome.CELL_LOST),
        ("full_name", "  Zoë  Smith", Kind.FORM, Outcome.PUT_RIGHT),
        ("postcode", "m11ae", Kind.FORM, Outcome.PUT_RIGHT),
        ("uprn", "1.23E+11", Kind.FORM, Outcome.CELL_LOST),
        ("balance", "#REF!", Kind.FORM, Outcome.ROW_LOST),
    ],
)
def test_each_failing_cell_is_told_by_kind_and_outcome(tmp_path, column, value, kind, outcome):
    answer = checked(tmp_path, {}, {column: value})
    assert found(answer) == {(column, kind, outcome, 1)}
    [problem] = answer.problems
    assert [(each.row, each.line) for each in problem.examples] == [(2, 3)]
    assert problem.what.endswith(".")
    assert problem.advice.endswith(".")
    assert answer.needs_mending is outcome.needs_mending
    assert answer.rows_failing == 1
    assert answer.rows_to_mend == int(outcome.needs_mending)


def test_every_row_of_a_repeated_key_is_told(tmp_path):
    answer = checked(tmp_path, {"record_id": "A"}, {"record_id": "B"}, {"record_id": "A"})
    assert found(answer) == {("record_id", Kind.REPEATED, Outcome.ROW_LOST, 2)}
    assert [each.row for each in answer.problems[0].examples] == [1, 3]


def test_values_are_shown_only_when_asked_for(tmp_path):
    hidden = checked(tmp_path, {"nhs_number": "999 001 0006", "full_name": "  Amelia  Smith"})
    assert "999 001 0006" not in str(hidden.as_dict())
    assert "Amelia" not in str(hidden.as_dict())
    assert "999 999 9999" in str(hidden.as_dict())
    shown = checked(tmp_path, {"nhs_number": "999 001 0006"}, ask=Ask(show=True))
    assert "999 001 0006" in str(shown.as_dict())


def test_columns_that_are_absent_guessed_or_spare_are_told(tmp_path):
    path = written(
        tmp_path, [{"Forename": "Amy", "Pstcode": "M1 1AE", "Shoe": "4"}], ("Forename", "Pstcode", "Shoe")
    )
    answer = check_file(path, load_standard("school-census"), as_of=AS_OF)
    assert [field.name for field in answer.absent] == ["surname"]
    assert answer.doubtful == (("Pstcode", "postcode"),)
    assert answer.spare == ("Shoe",)
    assert answer.needs_mending


def test_rows_that_cannot_be_read_are_told_with_their_lines(tmp_path):
    path = written(tmp_path, [GOOD, GOOD])
    path.write_text(
        path.read_text() + "only,three,cells\n" + ",".join(GOOD.values()).replace("14 Mill Lane, Leeds", "x")
    )
    answer = check_file(path, load_standard("messy-sample"), as_of=AS_OF)
    assert [(each.count, [row.line for row in each.examples]) for each in answer.unreadable] == [(1, [4])]
    assert answer.needs_mending


def bounded(kind: FieldType = FieldType.TEXT, **bounds: object) -> Standard:
    field = Field("a", kind, "A", bounds=Bounds(**bounds))  # type: ignore[arg-type]
    return Standard("s", "1", "S", "", (field,))


@pytest.mark.parametrize(
    ("standard", "right", "wrong"),
    [
        (bounded(pattern="[A-Z]{2}[0-9]"), "AB1", "AB12"),
        (bounded(shortest=2), "ab", "a"),
        (bounded(longest=3), "Zoë", "Zoës"),
        (bounded(FieldType.NUMBER, least="-1"), "0.5", "-2"),
        (bounded(FieldType.NUMBER, most="10"), "10", "11"),
        (bounded(FieldType.INTEGER, least="0"), "3", "-3"),
    ],
)
@pytest.mark.parametrize("advise", [True, False])
def test_bounds_are_checked(tmp_path, standard, right, wrong, advise):
    path = written(tmp_path, [{"a": right, "b": "x"}, {"a": wrong, "b": "x"}], ("a", "b"))
    answer = check_file(path, standard, as_of=AS_OF, ask=Ask(advise=advise))
    assert [(each.kind, each.cells, each.examples[0].row) for each in answer.problems] == [
        (Kind.BOUNDS, 1, 2)
    ]


def test_a_repair_that_breaks_a_bound_cannot_stand(tmp_path):
    path = written(tmp_path, [{"a": "£12", "b": "x"}, {"a": "£5", "b": "x"}], ("a", "b"))
    answer = check_file(path, bounded(FieldType.NUMBER, most="10"), as_of=AS_OF)
    assert {(each.kind, each.outcome) for each in answer.problems} == {
        (Kind.BOUNDS, Outcome.CELL_LOST),
        (Kind.FORM, Outcome.PUT_RIGHT),
    }


def test_the_same_cells_are_found_without_advice_and_on_another_engine(tmp_path):
    mess = [
        "",
        " Zoë",
        "31/02/1980",
        "N/A",
        "F",
        "£12.50",
        "07700 900123",
        "+33 1 23 45 67 89",
        "0.123456789",
        "Ærø",
        "two\nlines",
        "a\tb",
        "café  noir",
    ]
    changes = [{column: value} for column in GOOD for value in mess]
    advised = checked(tmp_path, *changes)
    plain = checked(tmp_path, *changes, ask=Ask(advise=False))
    engine = DuckDB()
    other = check_file(tmp_path / "list.csv", load_standard("messy-sample"), as_of=AS_OF, engine=engine)
    engine.close()
    assert other.as_dict() == advised.as_dict()
    assert plain.cells_failing == advised.cells_failing
    assert plain.rows_failing == advised.rows_failing


@pytest.mark.parametrize("kind", sorted(SETTLED))
@settings(max_examples=60, deadline=None)
@given(values=st.lists(st.text(alphabet="AB19 /-.+:TZe", min_size=1, max_size=14), min_size=1, max_size=20))
def test_no_value_that_a_settled_test_refuses_is_right(kind, values):
    rule = recipe(Field("a", kind, "A"), AS_OF)
    engine = _engine()
    import pyarrow as pa

    engine.load("t", pa.table({"v": values}))
    failing = engine.fetch(rule.failing("v", "t")).column("v").to_pylist()
    decide = rule.rule(failing)
    right = [value for value in failing if decide(value) is None]
    assert [value for value in right if kind is not FieldType.DATE or not value.endswith("-02-29")] == []


WORDS = [
    "Mr",
    "mrs",
    "DR.",
    "Ann",
    "and",
    "&",
    "Smith",
    "HIGHER",
    "ROAD",
    "under",
    "upper",
    "lower",
    "1abcdef",
]
PIECES = st.sampled_from(
    [*WORDS, "O'Brien", "Zoë", ",", ", ", ",,", " ", "  ", "12", "PO", "&amp;", "\u200b", "-"]
)


@pytest.mark.parametrize(
    ("kind", "role"),
    [(FieldType.ADDRESS, None), *((FieldType.PERSON_NAME, role) for role in (None, *Role))],
)
@settings(max_examples=60, deadline=None)
@given(value=st.lists(PIECES, min_size=1, max_size=6).map("".join))
def test_no_value_that_is_surely_wrong_is_right(kind, role, value):
    field = Field("a", kind, "A", role=role)
    decide = recipe(field, AS_OF).rule([value])
    if any(re.fullmatch(pattern, value) for pattern in surely_wrong(field)):
        assert decide(value) is not None


_ENGINES: list[DuckDB] = []


def _engine() -> DuckDB:
    if not _ENGINES:
        _ENGINES.append(DuckDB())
    return _ENGINES[0]


@pytest.mark.parametrize("name", shipped_standards())
def test_every_example_of_a_standard_is_right(tmp_path, name):
    standard = load_standard(name)
    row = {field.name: field.example for field in standard.fields}
    answer = check_file(written(tmp_path, [row], list(row)), standard, as_of=AS_OF)
    assert [(each.field.name, each.rule) for each in answer.problems] == []


def test_an_optional_field_may_set_its_row_aside(tmp_path):
    field = replace(load_standard("messy-sample").fields[2], on_failure=OnFailure.SET_ASIDE)
    path = written(tmp_path, [{"nino": "nonsense", "b": "x"}], ("nino", "b"))
    [problem] = check_file(path, Standard("s", "1", "S", "", (field,)), as_of=AS_OF).problems
    assert problem.outcome is Outcome.ROW_LOST


@pytest.mark.parametrize(
    ("value", "kind", "shape"),
    [
        ("999 123 4567", FieldType.NHS_NUMBER, "999 999 9999"),
        ("O'Brien,  Siân", FieldType.PERSON_NAME, "A'Aa,  Aa"),
        ("12 High Street\nLeeds", FieldType.ADDRESS, "9 Aa Aa[new line]Aa"),
        ("£1,200.50", FieldType.NUMBER, "£9,999.99"),
        ("９９", FieldType.NHS_NUMBER, "[digit][digit]"),
        ("AB\u00a012\u200b", FieldType.NINO, "AA[odd space]99[invisible]"),
        ("x" * 500, FieldType.TEXT, "a…"),
        ("", FieldType.TEXT, ""),
    ],
)  # fmt: skip
def test_a_shape_shows_what_is_wrong_and_not_what_is_said(value, kind, shape):
    assert shape_of(value, kind) == shape
