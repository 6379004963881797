"""The cleaning step: what is kept, set aside, changed and told."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date

import pyarrow as pa
import pytest

from sharewell.cleaning.clean import Cleaned, clean
from sharewell.cleaning.rules import RULES
from sharewell.sources.terms import DateOrder, Field, FieldType, OnFailure, Role, Standard
from sharewell.store.duckdb import DuckDB
from sharewell.vocab.errors import UnknownColumn

CleanRows = Callable[[Sequence[Mapping[str, str | None]], Sequence[Field]], Cleaned]

AS_OF = date(2026, 1, 1)
GOOD = {
    "record_id": "1",
    "nhs_number": "9434765919",
    "full_name": "Siân O’Neill",
    "born": "1985-03-12",
    "sex": "2",
    "address": "12 High Street, Hove",
    "postcode": "BN3 2QZ",
}


def test_a_clean_row_passes_untouched(clean_rows: CleanRows, person_fields: tuple[Field, ...]) -> None:
    done = clean_rows([GOOD], person_fields)
    assert done.kept.arrow().to_pylist() == [{"source_row": 1, "line": 1, **GOOD}]
    assert (done.changes.count(), done.set_aside.count(), done.notes) == (0, 0, ())


def test_every_change_is_told_with_its_rule(clean_rows: CleanRows, person_fields: tuple[Field, ...]) -> None:
    dirty = GOOD | {
        "nhs_number": "943 476 5919",
        "full_name": "O’NEILL, SIÂN",
        "postcode": "bn32qz",
        "born": "x",
    }
    changes = clean_rows([dirty], person_fields).changes.arrow().sort_by("column").to_pylist()
    assert [tuple(change.values()) for change in changes] == [
        (1, "born", "x", None, "date_not_understood", "blanked"),
        (1, "full_name", "O’NEILL, SIÂN", "Siân O’Neill", "name_order+name_capitals", "repaired"),
        (1, "nhs_number", "943 476 5919", "9434765919", "separators", "repaired"),
        (1, "postcode", "bn32qz", "BN3 2QZ", "capitals+postcode_spacing", "repaired"),
    ]
    assert all(RULES[change["rule"]] for change in changes)


def test_a_row_is_set_aside_with_every_reason_and_its_whole_text(
    clean_rows: CleanRows, person_fields: tuple[Field, ...]
) -> None:
    bad = GOOD | {"record_id": "N/A", "nhs_number": "9434765918", "postcode": "??"}
    done = clean_rows([GOOD, bad], person_fields)
    [aside] = done.set_aside.arrow().to_pylist()
    assert aside["reasons"] == ["missing_required_record_id", "nhs_number_bad_check_digit"]
    assert aside["columns"] == ["record_id", "nhs_number"]
    assert json.loads(aside["raw"]) == bad
    assert (aside["source_row"], aside["line"]) == (2, 2)
    assert done.kept.arrow(["source_row"]).to_pylist() == [{"source_row": 1}]
    assert "set_aside_nhs_number_bad_check_digit" in {note.code for note in done.notes}


@pytest.mark.parametrize("empty", [None, "", " "])
def test_an_empty_required_cell_sets_the_row_aside(
    clean_rows: CleanRows, person_fields: tuple[Field, ...], empty: str | None
) -> None:
    done = clean_rows([GOOD | {"nhs_number": empty}], person_fields)
    assert done.set_aside.arrow()["reasons"].to_pylist() == [["missing_required_nhs_number"]]


def test_an_optional_field_can_still_set_a_row_aside_when_it_is_wrong(clean_rows: CleanRows) -> None:
    field = Field("number", FieldType.NHS_NUMBER, "Number", on_failure=OnFailure.SET_ASIDE)
    done = clean_rows([{"number": None}, {"number": "N/A"}, {"number": "123"}], [field])
    assert done.set_aside.arrow()["source_row"].to_pylist() == [3]
    assert done.kept.arrow()["number"].to_pylist() == [None, None]


def test_an_empty_cell_takes_the_code_that_the_standard_gives_it(
    clean_rows: CleanRows, person_fields: tuple[Field, ...]
) -> None:
    done = clean_rows([GOOD | {"sex": ""}, GOOD | {"sex": None}, GOOD | {"sex": "f"}], person_fields)
    assert done.kept.arrow().sort_by("source_row")["sex"].to_pylist() == ["0", "0", "2"]
    changes = done.changes.arrow().sort_by("source_row").to_pylist()
    assert [(change["before"], change["rule"]) for change in changes] == [
        ("", "code_from_empty"),
        (None, "code_from_empty"),
        ("f", "code_from_word"),
    ]


@pytest.mark.parametrize(
    ("address", "postcode", "after", "rule"),
    [
        ("12 High St, Hove, BN3 2QZ", "BN3 2QZ", "12 High St, Hove", "postcode_in_address"),
        ("12 High St, Hove bn32qz.", "bn3 2qz", "12 High St, Hove", "postcode_in_address"),
        ("12 HIGH ST, BN3 2QZ, BN3 2QZ", "BN32QZ", "12 High St", "address_capitals+postcode_in_address"),
        ("BN3 2QZ", "BN3 2QZ", None, "postcode_in_address"),
        ("12 High St, BN3 2QA", "BN3 2QZ", "12 High St, BN3 2QA", None),
        ("12 High St, BN3 2QZ", None, "12 High St, BN3 2QZ", None),
        ("XBN3 2QZ", "BN3 2QZ", "XBN3 2QZ", None),
    ],
)
def test_only_the_rows_own_postcode_leaves_its_address(
    clean_rows: CleanRows,
    person_fields: tuple[Field, ...],
    address: str,
    postcode: str | None,
    after: str | None,
    rule: str | None,
) -> None:
    done = clean_rows([GOOD | {"address": address, "postcode": postcode}], person_fields)
    assert done.kept.arrow()["address"].to_pylist() == [after]
    told = [change["rule"] for change in done.changes.arrow().to_pylist() if change["column"] == "address"]
    assert told == ([rule] if rule else [])


def test_day_and_month_are_decided_by_the_column_not_the_cell(clean_rows: CleanRows) -> None:
    field = Field("day", FieldType.DATE, "Day")
    british = clean_rows([{"day": "03/04/2021"}, {"day": "25/12/2021"}, {"day": "12/31/2021"}], [field])
    assert british.kept.arrow().sort_by("source_row")["day"].to_pylist() == [
        "2021-04-03",
        "2021-12-25",
        "2021-12-31",
    ]
    assert "mixed_date_orders" in {note.code for note in british.notes}
    american = clean_rows([{"day": "03/04/2021"}, {"day": "12/31/2021"}], [field])
    assert american.kept.arrow().sort_by("source_row")["day"].to_pylist() == ["2021-03-04", "2021-12-31"]
    assert "dates_month_first" in {note.code for note in american.notes}
    silent = clean_rows([{"day": "03/04/2021"}], [field])
    assert silent.kept.arrow().sort_by("source_row")["day"].to_pylist() == ["2021-04-03"]


def test_a_standard_may_say_which_number_of_a_date_is_the_day(clean_rows: CleanRows) -> None:
    mixed = [{"day": day} for day in ("03/04/2021", "25/12/2021", *["12/31/2021"] * 12, *["30/12/2021"] * 12)]
    unclear = clean_rows(mixed, [Field("day", FieldType.DATE, "Day")])
    assert "date_order_unclear" in unclear.changes.arrow()["rule"].to_pylist()
    for order, day in ((DateOrder.DAY_FIRST, "2021-04-03"), (DateOrder.MONTH_FIRST, "2021-03-04")):
        told = clean_rows(mixed, [Field("day", FieldType.DATE, "Day", date_order=order)])
        assert told.kept.arrow().sort_by("source_row")["day"].to_pylist()[:2] == [day, "2021-12-25"]


def test_exact_duplicates_are_told_and_kept(clean_rows: CleanRows, person_fields: tuple[Field, ...]) -> None:
    done = clean_rows([GOOD, GOOD | {"sex": "F"}, GOOD], person_fields)
    assert done.kept.count() == 3
    assert [note.rows for note in done.notes if note.code == "exact_duplicates"] == [2]


def test_columns_beside_the_standards_pass_through(engine: DuckDB) -> None:
    rows = pa.table({"source_row": [1], "line": [2], "note": ["N/A"], "day": ["1/2/2021"]})
    standard = Standard("s", "1", "S", "", (Field("day", FieldType.DATE, "Day"),))
    told: list[str] = []
    done = clean(engine.load("wide", rows), standard, "wide_cleaned", as_of=AS_OF, progress=told.append)
    assert done.kept.columns == ("source_row", "line", "note", "day")
    assert done.kept.arrow().to_pylist() == [{"source_row": 1, "line": 2, "note": "N/A", "day": "2021-02-01"}]
    assert told == ["Cleaning Day"]


def test_a_table_without_a_field_is_refused_by_name(engine: DuckDB) -> None:
    rows = engine.load("narrow", pa.table({"source_row": [1], "line": [2]}))
    standard = Standard("s", "1", "S", "", (Field("day", FieldType.DATE, "Day"),))
    with pytest.raises(UnknownColumn, match="day"):
        clean(rows, standard, "narrow_cleaned", as_of=AS_OF)


def test_no_scratch_table_is_left_behind(clean_rows: CleanRows, person_fields: tuple[Field, ...]) -> None:
    done = clean_rows([GOOD | {"sex": "F"}], person_fields)
    assert isinstance(done.kept.engine, DuckDB)
    tables = {
        name
        for (name,) in done.kept.engine.connection.execute(
            "SELECT table_name FROM duckdb_tables()"
        ).fetchall()
    }
    assert not {name for name in tables if "decided" in name or "problems" in name}


def test_names_with_quotation_marks_in_fields_do_not_reach_the_sql(clean_rows: CleanRows) -> None:
    field = Field('a"b', FieldType.NUMBER, "Odd", role=Role.OCCUPATION)
    done = clean_rows([{'a"b': "£5"}], [field])
    assert done.kept.arrow()['a"b'].to_pylist() == ["5"]


def test_the_evidence_for_day_and_month_is_counted_by_row_however_few_days_there_are(
    clean_rows: CleanRows,
) -> None:
    field = Field("day", FieldType.DATE, "Day")
    british = [{"day": "25/12/2021"}] * 200
    american = [{"day": f"12/{day}/2021"} for day in range(13, 31)]
    done = clean_rows([*british, *american, {"day": "03/04/2021"}], [field])
    assert done.kept.arrow().sort_by("source_row")["day"].to_pylist()[-1] == "2021-04-03"
