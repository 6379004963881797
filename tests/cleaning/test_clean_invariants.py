"""What holds of cleaning whatever the values are."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from sharewell.cleaning.clean import Cleaned
from sharewell.cleaning.compile import recipe
from sharewell.cleaning.rules import MODULES, RULES
from sharewell.sources.terms import Field, FieldType, Role
from sharewell.store.duckdb import DuckDB

CleanRows = Callable[[Sequence[Mapping[str, str | None]], Sequence[Field]], Cleaned]

AS_OF = date(2026, 1, 1)
SEX = {"1": ("Male", "M"), "2": ("Female", "F"), "A-1": ("Other thing",)}
FIELDS = [
    *(Field("v", kind, "V") for kind in FieldType if kind is not FieldType.CODE),
    Field("v", FieldType.CODE, "V", categories=SEX),
    Field("v", FieldType.CODE, "V"),
    Field("v", FieldType.PERSON_NAME, "V", role=Role.FULL_NAME),
    Field("v", FieldType.PERSON_NAME, "V", role=Role.SURNAME),
    Field("v", FieldType.PERSON_NAME, "V", role=Role.FIRST_NAME),
    Field("v", FieldType.DATE, "V", role=Role.DATE_OF_BIRTH, earliest="1900-01-01", latest="today"),
]
SEEDS = [
    "943 476 5919",
    "9434765919.0",
    "9.434765919E+09",
    "AB12O456C",
    "12/03/1985",
    "1985-03-12T23:00:00Z",
    "31117",
    "12 Mar 85",
    "Smith, Mr John",
    "O'BRIEN-MCKAY",
    "de souza",
    "JosÃ©",
    "&#39;t Hooft",
    "N/A",
    "nan",
    "XXXX",
    "12 HIGH STREET,, HOVE",
    "sw1a1aa",
    "BN1O 4AB",
    "+44 (0)7700 900123",
    "07700 900123 (mum)",
    "£1,234.50 CR",
    "(12.50)",
    "1e-05",
    "Male",
    "1 - Male",
    "Y",
    "#REF!",
    "A@B.org",
    '"x"',
    "'12",
    "2021-03-04 9:30 pm",
    "29/02/2000",
    "TN010160M",
    "Dr",
    "Ms Al",
    "JO",
    "ßa",
    "ŉ",
    "İstanbul",
    "ǆ",
    "A1\xadb",
    "12a High St\nHove",
    "\u200bEve",
]
ANY = st.one_of(
    st.sampled_from(SEEDS),
    st.lists(st.sampled_from(SEEDS), min_size=2, max_size=2).map(" ".join),
    st.text(max_size=14),
    st.text("0123456789/-.: ,+()", max_size=14),
    st.text("abcdeABCDE'’-. ,éÉß&;#Ã©\u00a0\u200b", max_size=14),
)
USED_ELSEWHERE = {"postcode_in_address", "code_from_empty", "quotes_removed"}
RULES_ALONE = pytest.mark.parametrize(
    "field", FIELDS, ids=lambda field: f"{field.type}-{field.role or len(field.categories)}"
)
ENGINE = settings(
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)
QUICK = settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@RULES_ALONE
@QUICK
@given(value=ANY)
def test_a_decision_can_be_explained_and_a_repaired_value_needs_no_more_repair(
    field: Field, value: str
) -> None:
    rule = recipe(field, AS_OF).rule([value])
    decision = rule(value)
    if decision:
        assert RULES[decision.rule].endswith(".")
        assert (decision.after is None) == (decision.verdict == "blanked")
    if decision and decision.after is not None:
        assert decision.after != value
        again = recipe(field, AS_OF).rule([decision.after])(decision.after)
        assert again is None, (decision, again)


@RULES_ALONE
@settings(ENGINE, max_examples=3)
@given(data=st.data())
def test_a_value_that_the_engine_calls_canonical_is_never_changed(
    engine: DuckDB, field: Field, data: st.DataObject
) -> None:
    made = recipe(field, AS_OF)
    likely = st.from_regex(re.compile(made.pattern), fullmatch=True)
    values = data.draw(st.lists(st.one_of(likely, ANY), min_size=20, max_size=40))
    engine.load("values", pa.table({"v": pa.array(values, pa.string())}))
    failing = set(engine.fetch(made.failing('"v"', '"values"'))["v"].to_pylist())
    rule = made.rule(sorted(failing))
    changed = {value: rule(value) for value in values if value and value not in failing}
    assert {value: decision for value, decision in changed.items() if decision} == {}


@settings(ENGINE, max_examples=15)
@given(data=st.data())
def test_no_row_is_lost_and_the_changes_read_backwards_restore_every_cell(
    clean_rows: CleanRows, person_fields: tuple[Field, ...], data: st.DataObject
) -> None:
    rows = data.draw(
        st.lists(st.fixed_dictionaries({field.name: st.none() | ANY for field in person_fields}), max_size=8)
    )
    good = {"record_id": "1", "nhs_number": "9434765919"}
    rows = [*rows, *(row | good for row in rows)]
    done = clean_rows(rows, person_fields)
    assert done.kept.count() + done.set_aside.count() == len(rows)
    cells = {(row["source_row"], name): row[name] for row in done.kept.arrow().to_pylist() for name in row}
    aside = set(done.set_aside.arrow(["source_row"])["source_row"].to_pylist())
    changes = done.changes.arrow().to_pylist()
    for change in changes:
        place = change["source_row"], change["column"]
        assert change["source_row"] in aside or cells[place] == change["after"]
        cells[place] = change["before"]
    has_missing = {name for row in rows for name, cell in row.items() if cell is None}
    changed = {(change["source_row"], change["column"]) for change in changes}
    blanks = {name: None if name in has_missing else "" for name in person_fields_names(person_fields)}
    cells = {
        place: blanks.get(place[1]) if cell is None and place not in changed else cell
        for place, cell in cells.items()
    }
    mapped = [{**row, "source_row": number, "line": number} for number, row in enumerate(rows, start=1)]
    wanted = {(row["source_row"], name): row[name] for row in mapped for name in row}
    assert cells == {key: wanted[key] for key in cells}


def person_fields_names(fields: Sequence[Field]) -> list[str]:
    return [field.name for field in fields]


@settings(ENGINE, max_examples=15)
@given(data=st.data())
def test_cleaning_what_is_clean_changes_nothing(
    clean_rows: CleanRows, person_fields: tuple[Field, ...], data: st.DataObject
) -> None:
    good = {"record_id": "1", "nhs_number": "9434765919"}
    fields = [replace(field, categories=SEX) if field.categories else field for field in person_fields]
    names = [field.name for field in fields if field.name not in good]
    rows = data.draw(st.lists(st.fixed_dictionaries(dict.fromkeys(names, ANY)), min_size=1, max_size=8))
    once = clean_rows([row | good for row in rows], fields).kept.arrow().sort_by("source_row").to_pylist()
    twice = clean_rows([dict(row) for row in once], fields)
    assert twice.changes.arrow().to_pylist() == []
    assert twice.kept.arrow().sort_by("source_row").to_pylist() == once


def test_every_rule_named_in_the_code_has_its_sentence_and_no_other_has() -> None:
    for module in MODULES:
        source = re.sub(
            "RULES: Final = {.*?\n}\n", "", Path(str(module.__file__)).read_text(encoding="utf-8"), flags=re.S
        )
        named = set(re.findall('"([a-z]+(?:_[a-z0-9]+)*)"', source))
        own = set(module.RULES)
        assert all(sentence[0].isupper() and sentence.endswith(".") for sentence in module.RULES.values())
        unused = own - named
        assert unused <= USED_ELSEWHERE, unused
