"""An agreement held against the datasets it is about."""

from __future__ import annotations

import pytest
from agreement_samples import changed, good

from sharewell.agreements.rules import check_against_standards, may_be_signed
from sharewell.agreements.terms import Severity
from sharewell.sources.terms import Field, FieldType, Role, Standard
from sharewell.vocab.sensitivity import Sensitivity

DIRECT, QUASI = Sensitivity.DIRECT, Sensitivity.QUASI
BENEFITS = Standard(
    "low_income_benefits",
    "1",
    "Low-income benefits",
    "",
    (
        Field("name", FieldType.PERSON_NAME, "Name", role=Role.FULL_NAME, sensitivity=DIRECT),
        Field("phone", FieldType.PHONE, "Telephone", role=Role.PHONE, sensitivity=DIRECT),
        Field("date_of_birth", FieldType.DATE, "Born", role=Role.DATE_OF_BIRTH, sensitivity=QUASI),
        Field("awarded_on", FieldType.DATE, "Awarded"),
        Field("died_on", FieldType.DATE, "Died", role=Role.DATE_OF_DEATH),
        Field("postcode", FieldType.POSTCODE, "Postcode", role=Role.POSTCODE, sensitivity=QUASI),
        Field("lad", FieldType.CODE, "Council", sensitivity=Sensitivity.OPEN),
        Field("sex", FieldType.CODE, "Sex", categories={"F": ("female",), "M": ("male",)}, sensitivity=QUASI),
        Field("pension_credit", FieldType.BOOLEAN, "Pension Credit"),
        Field("children", FieldType.INTEGER, "Children"),
        Field("rate", FieldType.NUMBER, "Weekly rate"),
        Field("nino", FieldType.NINO, "National Insurance number", role=Role.NINO, sensitivity=DIRECT),
        Field("bank_account", FieldType.TEXT, "Bank account", sensitivity=DIRECT),
        Field("award_amount", FieldType.NUMBER, "Award"),
    ),
)
STANDARDS = {"low_income_benefits": BENEFITS}
FIELDS = "data/0/fields"
ROW = "data/0/rows/0"
WHY = "Needed for this one thing."


def form(name: str, form: str) -> dict[str, object]:
    return {f"{FIELDS}/{name}": {"as": form, "why": WHY}}


def test_the_example_fits_its_dataset() -> None:
    assert check_against_standards(good("winter-calls"), STANDARDS) == ()


@pytest.mark.parametrize(
    ("changes", "code", "clause"),
    [
        (form("telephone", "identifiable"), "unknown_column", "data[0].fields.telephone"),
        (form("phone", "age_band_5"), "form_unsuited", "data[0].fields.phone"),
        (form("name", "outcode"), "form_unsuited", "data[0].fields.name"),
        (form("name", "as_is"), "form_unsuited", "data[0].fields.name"),
        (form("postcode", "as_is"), "form_unsuited", "data[0].fields.postcode"),
        (form("date_of_birth", "as_is"), "form_unsuited", "data[0].fields.date_of_birth"),
        (form("date_of_birth", "pseudonym"), "form_unsuited", "data[0].fields.date_of_birth"),
        (form("died_on", "age_band_10"), "form_unsuited", "data[0].fields.died_on"),
        (form("pension_credit", "year"), "form_unsuited", "data[0].fields.pension_credit"),
        (form("rate", "ward"), "form_unsuited", "data[0].fields.rate"),
        (form("person", "as_is"), "form_unsuited", "data[0].fields.person"),
        ({ROW: {"field": "council", "is": "E06000008"}}, "unknown_column", "data[0].rows[0].field"),
        ({ROW: {"field": "pension_credit", "is": "true"}}, "value_unsuited", "data[0].rows[0].is"),
        ({ROW: {"field": "lad", "is": True}}, "value_unsuited", "data[0].rows[0].is"),
        ({ROW: {"field": "lad", "is": 6000008}}, "value_unsuited", "data[0].rows[0].is"),
        ({ROW: {"field": "sex", "is": "female"}}, "value_unsuited", "data[0].rows[0].is"),
        ({ROW: {"field": "awarded_on", "since": "last year"}}, "value_unsuited", "data[0].rows[0].since"),
        ({ROW: {"field": "children", "is": "two"}}, "value_unsuited", "data[0].rows[0].is"),
        ({ROW: {"field": "rate", "between": ["1", "b"]}}, "value_unsuited", "data[0].rows[0].between[1]"),
        ({ROW: {"field": "name", "between": ["a", "b"]}}, "test_unsuited", "data[0].rows[0].between"),
        ({ROW: {"field": "lad", "since": "2026-01-01"}}, "test_unsuited", "data[0].rows[0].since"),
        ({ROW: {"field": "rate", "is_place": "E06000008"}}, "test_unsuited", "data[0].rows[0].is_place"),
        (
            {**form("sex", "as_is"), "use/1/level": "pseudonymised"},
            "as_is_without_k",
            "data[0].fields.sex",
        ),
    ],
    ids=lambda value: str(value)[:40],
)
def test_what_does_not_fit_is_refused_where_it_stands(
    changes: dict[str, object], code: str, clause: str
) -> None:
    findings = check_against_standards(changed("winter-calls", changes), STANDARDS)
    assert [(each.severity, each.code, each.clause) for each in findings] == [(Severity.REFUSE, code, clause)]


@pytest.mark.parametrize(
    "changes",
    [
        form("postcode", "outcode"),
        form("ward", "ward"),
        form("person", "pseudonym"),
        form("awarded_on", "year"),
        form("lad", "as_is"),
        form("pension_credit", "flag"),
        form("nino", "existence"),
        {ROW: {"field": "ward", "in": ["E05011111", "E05011112"]}},
        {ROW: {"field": "awarded_on", "since": "2026-01-01"}},
        {ROW: {"field": "children", "between": [1, 3]}},
        {ROW: {"field": "rate", "between": ["9.5", "20"]}},
        {ROW: {"field": "sex", "in": ["F", "M"]}},
        {ROW: {"field": "lad", "is_place": "E06000008"}},
    ],
    ids=str,
)
def test_what_fits_is_let_be(changes: dict[str, object]) -> None:
    assert check_against_standards(changed("winter-calls", changes), STANDARDS) == ()


def test_a_field_nearly_named_is_suggested() -> None:
    findings = check_against_standards(changed("winter-calls", form("date_of_brith", "flag")), STANDARDS)
    assert findings[0].instead == "Did you mean `date_of_birth`?"


def test_a_dataset_without_a_standard_is_a_warning() -> None:
    findings = check_against_standards(good("winter-calls"), {})
    assert [(each.code, each.clause) for each in findings] == [("no_standard", "data[0].dataset")]
    assert may_be_signed(findings)


def test_a_field_that_may_never_leave_and_is_not_there_is_a_warning() -> None:
    findings = check_against_standards(changed("winter-calls", {"data/0/never/0": "iban"}), STANDARDS)
    assert [(each.severity, each.code) for each in findings] == [(Severity.WARN, "never_unknown")]


def test_dates_of_birth_of_other_names_are_found_by_what_they_are() -> None:
    born = Field("born", FieldType.DATE, "Born", role=Role.DATE_OF_BIRTH, sensitivity=QUASI)
    standard = Standard("low_income_benefits", "1", "", "", (*BENEFITS.fields, born))
    agreement = changed("winter-calls", form("born", "identifiable"))
    findings = check_against_standards(agreement, {"low_income_benefits": standard})
    assert [(each.code, each.clause) for each in findings] == [("band_and_exact", "data[0].fields.born")]
