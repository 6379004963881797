"""What the gate decides for each field: read the tables as the handbook of forms."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from gate_town import BENEFIT_TERM, BENEFITS, CALLS, CALLS_TERM, NOW, agreement, with_forms
from hypothesis import given
from hypothesis import strategies as st

from sharewell.agreements.rules import forms_at
from sharewell.agreements.terms import Form, Level, Status
from sharewell.releases.ladder import identifies, ladder, strongest
from sharewell.releases.rules import decide, explain, narrow, require_field
from sharewell.releases.terms import Decision
from sharewell.sources.terms import Field, FieldType, Role
from sharewell.vocab.errors import (
    AgreementEnded,
    AgreementInvalid,
    AgreementNotActive,
    AgreementNotStarted,
    FieldNotCovered,
    NotCovered,
    UnknownColumn,
)
from sharewell.vocab.sensitivity import Sensitivity

STANDARDS = {"benefits": BENEFITS, "calls": CALLS}

NAME = Field("name", FieldType.PERSON_NAME, "Name", sensitivity=Sensitivity.DIRECT)
PHONE = Field("phone", FieldType.PHONE, "Phone", sensitivity=Sensitivity.DIRECT)
NHS = Field("nhs", FieldType.NHS_NUMBER, "NHS number", sensitivity=Sensitivity.DIRECT)
CASE_ID = Field("case", FieldType.CODE, "Case number", sensitivity=Sensitivity.DIRECT)
ADDRESS = Field("address", FieldType.ADDRESS, "Address", sensitivity=Sensitivity.QUASI)
UPRN = Field("uprn", FieldType.UPRN, "UPRN", sensitivity=Sensitivity.QUASI)
POSTCODE = Field("postcode", FieldType.POSTCODE, "Postcode", sensitivity=Sensitivity.QUASI)
BORN = Field("dob", FieldType.DATE, "Born", role=Role.DATE_OF_BIRTH, sensitivity=Sensitivity.PERSONAL)
REFERRED = Field("referred_on", FieldType.DATE, "Referred on")
ETHNICITY = Field("ethnicity", FieldType.CODE, "Ethnicity", sensitivity=Sensitivity.SPECIAL)
CARER = Field("is_carer", FieldType.BOOLEAN, "Carer")
CHILDREN = Field("children", FieldType.INTEGER, "Children")
NOTES = Field("notes", FieldType.TEXT, "Notes")
OPENING = Field("opening_hours", FieldType.TEXT, "Opening hours", sensitivity=Sensitivity.OPEN)
WARD = Field("ward", FieldType.CODE, "Ward", sensitivity=Sensitivity.QUASI)

# field, agreed form, then what each level shows: identifiable, pseudonymised, existence, aggregate
TABLE = [
    (NAME, "identifiable", "identifiable", "pseudonym", "flag", "count"),
    (NAME, "pseudonym", "pseudonym", "pseudonym", "flag", "count"),
    (NAME, "as_is", "identifiable", "pseudonym", "flag", "count"),
    (NAME, "flag", "flag", "flag", "flag", "count"),
    (NAME, "existence", "existence", "existence", "existence", "count"),
    (NAME, "count", None, None, None, "count"),
    (NAME, "year", None, None, None, None),
    (PHONE, "identifiable", "identifiable", "pseudonym", "flag", "count"),
    (NHS, "as_is", "identifiable", "pseudonym", "flag", "count"),
    (CASE_ID, "as_is", "identifiable", "pseudonym", "flag", "count"),
    (ADDRESS, "identifiable", "identifiable", "pseudonym", "flag", "count"),
    (ADDRESS, "ward", "ward", "ward", "flag", "count"),
    (UPRN, "identifiable", "identifiable", "pseudonym", "flag", "count"),
    (POSTCODE, "identifiable", "identifiable", "outcode", "flag", "count"),
    (POSTCODE, "as_is", "identifiable", "outcode", "flag", "count"),
    (POSTCODE, "outcode", "outcode", "outcode", "flag", "count"),
    (POSTCODE, "ward", "ward", "ward", "flag", "count"),
    (POSTCODE, "pseudonym", None, None, None, None),
    (BORN, "identifiable", "identifiable", "year", "flag", "count"),
    (BORN, "as_is", "identifiable", "year", "flag", "count"),
    (BORN, "year", "year", "year", "flag", "count"),
    (BORN, "age_band_5", "age_band_5", "age_band_5", "flag", "count"),
    (BORN, "age_band_10", "age_band_10", "age_band_10", "flag", "count"),
    (BORN, "outcode", None, None, None, None),
    (REFERRED, "as_is", "as_is", "as_is", "flag", "count"),
    (REFERRED, "identifiable", "identifiable", "year", "flag", "count"),
    (ETHNICITY, "as_is", "as_is", "as_is", "flag", "count"),
    (ETHNICITY, "identifiable", "identifiable", "flag", "flag", "count"),
    (ETHNICITY, "pseudonym", None, None, None, None),
    (CARER, "as_is", "as_is", "as_is", "flag", "count"),
    (CARER, "flag", "flag", "flag", "flag", "count"),
    (CHILDREN, "as_is", "as_is", "as_is", "flag", "count"),
    (NOTES, "as_is", "identifiable", "flag", "flag", "count"),
    (OPENING, "as_is", "as_is", "as_is", "flag", "count"),
    (WARD, "ward", "ward", "ward", "flag", "count"),
    (WARD, "as_is", "as_is", "as_is", "flag", "count"),
]
LEVELS = (Level.IDENTIFIABLE, Level.PSEUDONYMISED, Level.EXISTENCE, Level.AGGREGATE)


@pytest.mark.parametrize(("field", "agreed", "shown"), [(row[0], row[1], row[2:]) for row in TABLE])
def test_each_level_shows_the_strongest_form_it_may(
    field: Field, agreed: str, shown: tuple[str | None, ...]
) -> None:
    assert tuple(strongest(field, Form(agreed), level) for level in LEVELS) == shown


FIELDS = st.builds(
    Field,
    name=st.sampled_from(["x", "ward"]),
    type=st.sampled_from(FieldType),
    title=st.just("X"),
    role=st.sampled_from([None, Role.DATE_OF_BIRTH, Role.DATE_OF_DEATH]),
    sensitivity=st.sampled_from(Sensitivity),
)


@given(FIELDS, st.sampled_from(Form), st.sampled_from(Level))
def test_a_form_shown_is_allowed_by_the_level_and_tells_no_more_than_was_agreed(
    field: Field, agreed: Form, level: Level
) -> None:
    form = strongest(field, agreed, level)
    if form is None:
        return
    steps = ladder(field)
    top = Form.IDENTIFIABLE if agreed is Form.AS_IS and identifies(field) else agreed
    assert form in forms_at(level)
    assert steps.index(form) >= steps.index(top)
    assert form is not Form.AS_IS or agreed is Form.AS_IS
    assert form is not Form.COUNT or level is Level.AGGREGATE


@given(FIELDS, st.sampled_from(Form))
def test_below_the_identifiable_level_no_identifying_value_is_bare(field: Field, agreed: Form) -> None:
    for level in (Level.PSEUDONYMISED, Level.EXISTENCE, Level.AGGREGATE):
        form = strongest(field, agreed, level)
        assert form is not Form.IDENTIFIABLE
        assert not (identifies(field) and form is Form.AS_IS)


def decided(level: Level = Level.IDENTIFIABLE, role: str = "adviser", **changes: object) -> Decision:
    made = changes.pop("agreement", agreement())
    return decide(
        made,  # type: ignore[arg-type]
        party="council",
        role=role,
        level=level,
        at=NOW,
        standards=STANDARDS,
    )


@pytest.mark.parametrize(
    ("party", "role", "level", "nearest"),
    [
        ("dwp", "adviser", Level.IDENTIFIABLE, "council as adviser"),
        ("police", "adviser", Level.AGGREGATE, "council as adviser"),
        ("council", "cleaner", Level.AGGREGATE, "council as analyst at the pseudonymised level"),
        ("council", "analyst", Level.IDENTIFIABLE, "council as analyst at the pseudonymised level"),
        ("council", "*", Level.AGGREGATE, "council as adviser"),
        ("", "", Level.AGGREGATE, "council as adviser"),
    ],
)
def test_nobody_else_and_nothing_more_is_covered(party: str, role: str, level: Level, nearest: str) -> None:
    with pytest.raises(NotCovered) as refusal:
        decide(agreement(), party=party, role=role, level=level, at=NOW, standards=STANDARDS)
    assert nearest in refusal.value.next_step


def test_a_list_that_the_agreement_does_not_name_is_refused_with_those_it_names() -> None:
    with pytest.raises(NotCovered) as refusal:
        decide(
            agreement(),
            party="council",
            role="adviser",
            level=Level.IDENTIFIABLE,
            at=NOW,
            standards={**STANDARDS, "gp_list": CALLS},
        )
    assert "gp_list" in refusal.value.what and "benefits, calls" in refusal.value.next_step


def test_one_dataset_named_twice_is_refused() -> None:
    with pytest.raises(AgreementInvalid):
        decided(agreement=agreement(BENEFIT_TERM, replace(BENEFIT_TERM, party="council"), CALLS_TERM))


def test_an_agreed_field_that_the_standard_lacks_is_refused() -> None:
    with pytest.raises(UnknownColumn):
        decided(agreement=agreement(with_forms(BENEFIT_TERM, shoe_size=Form.AS_IS), CALLS_TERM))


def test_every_field_of_the_standard_is_decided_and_named_with_its_clause() -> None:
    decision = decided()
    held = decision.dataset("benefits")
    assert held is not None
    assert {item.field for item in held.fields} == set(BENEFITS.names)
    clauses = {item.field: item.clause for item in held.fields}
    assert clauses["phone"] == "data[0].fields.phone"
    assert clauses["nino"] == "data[0].never"
    assert clauses["children"] == "data[0].fields"


def test_a_never_field_is_withheld_even_when_it_is_agreed() -> None:
    term = with_forms(BENEFIT_TERM, nino=Form.IDENTIFIABLE, name=Form.IDENTIFIABLE)
    decision = decided(agreement=agreement(term, CALLS_TERM))
    with pytest.raises(FieldNotCovered) as refusal:
        require_field(decision, "nino")
    assert "data[0].never" in refusal.value.what


def test_a_question_about_a_field_names_the_nearest_thing_allowed() -> None:
    with pytest.raises(FieldNotCovered) as refusal:
        require_field(decided(), "children", "benefits")
    assert "data[0].fields" in refusal.value.what and "phone" in refusal.value.next_step
    [answer] = require_field(decided(), "phone")
    assert answer.form is Form.IDENTIFIABLE
    assert [item.clause for item in require_field(decided(), "called_on")] == ["data[1].fields.called_on"]


def test_a_field_agreed_as_a_count_is_pointed_at_the_aggregate_level() -> None:
    term = with_forms(BENEFIT_TERM, tenure=Form.COUNT, name=Form.IDENTIFIABLE)
    with pytest.raises(FieldNotCovered) as refusal:
        require_field(decided(agreement=agreement(term, CALLS_TERM)), "tenure")
    assert refusal.value.next_step == "A count at the aggregate level."


def test_narrowing_never_adds_a_field() -> None:
    decision = decided()
    narrowed = narrow(decision, {"benefits": ["phone"]})
    held, calls = narrowed.dataset("benefits"), narrowed.dataset("calls")
    assert held and [item.field for item in held.shown] == ["phone"]
    assert calls and calls.shown == ()
    assert narrow(decision, {}) == decision
    with pytest.raises(NotCovered):
        narrow(decision, {"gp_list": ["name"]})
    with pytest.raises(FieldNotCovered):
        narrow(decision, {"benefits": ["nino"]})


def test_a_decision_explains_every_field_in_words() -> None:
    said = explain(decided(Level.PSEUDONYMISED, "analyst"))
    assert len(said) == len(BENEFITS.fields) + len(CALLS.fields)
    assert (
        "benefits.phone leaves as pseudonym (agreed as identifiable; the level shows no more): "
        "Ring the household to offer the check. (data[0].fields.phone)" in said
    )
    assert "benefits.nino is withheld: The agreement says it may never leave. (data[0].never)" in said


def test_at_the_existence_level_the_recipients_own_list_shows_nothing() -> None:
    decision = decided(Level.EXISTENCE)
    own = decision.dataset("calls")
    assert own is not None and own.shown == ()


def test_the_strictest_k_of_the_matching_uses_holds() -> None:
    made = agreement(k=5)
    stricter = replace(made, use=(*made.use, replace(made.use[1], k=10)))
    assert decided(Level.PSEUDONYMISED, "analyst", agreement=made).k == 5
    assert decided(Level.PSEUDONYMISED, "analyst", agreement=stricter).k == 10


STARTS = datetime(2026, 11, 1, tzinfo=UTC)
ENDS = datetime(2027, 3, 31, 23, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("at", "refusal"),
    [
        (STARTS - SECOND, AgreementNotStarted),
        (STARTS, None),
        (ENDS - SECOND, None),
        (ENDS, AgreementEnded),
        (ENDS + SECOND, AgreementEnded),
    ],
)
def test_it_holds_from_midnight_to_midnight_in_london(at: datetime, refusal: type[Exception] | None) -> None:
    def ask() -> Decision:
        return decide(
            agreement(), party="council", role="adviser", level=Level.EXISTENCE, at=at, standards=STANDARDS
        )

    if refusal is None:
        assert ask().starts <= at < ask().ends
    else:
        with pytest.raises(refusal):
            ask()


@pytest.mark.parametrize("status", [Status.DRAFT, Status.REVIEW, Status.SUSPENDED, Status.ENDED])
def test_only_an_active_agreement_releases(status: Status) -> None:
    with pytest.raises(AgreementNotActive):
        decided(agreement=replace(agreement(), status=status))


def test_an_emergency_ends_at_its_sunset() -> None:
    emergency = {"request": "R-1", "made_on": "2026-12-01", "by": "Gold", "sunset_hours": 48}
    made = replace(agreement(), document={"emergency": emergency})
    assert decided(agreement=made).ends == datetime(2026, 12, 4, tzinfo=UTC)
    assert decided(agreement=agreement(ends=date(2026, 12, 31))).ends == datetime(2027, 1, 1, tzinfo=UTC)
