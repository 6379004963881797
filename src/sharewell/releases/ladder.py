"""The forms a data item may take, from most to least informative, and which of them each level may show.

Pure. The levels' table is ``agreements.rules.FORMS``; a ladder says what a kind of field can be lowered to.
"""

from __future__ import annotations

from sharewell.agreements.rules import forms_at
from sharewell.agreements.terms import Form, Level
from sharewell.sources.terms import Field, FieldType, Role
from sharewell.vocab.sensitivity import Sensitivity

_PRESENCE = (Form.FLAG, Form.EXISTENCE, Form.COUNT)
_DATE = (Form.IDENTIFIABLE, Form.AS_IS, Form.YEAR, Form.AGE_BAND_5, Form.AGE_BAND_10, *_PRESENCE)
_POSTCODE = (Form.IDENTIFIABLE, Form.OUTCODE, Form.WARD, *_PRESENCE)
_LOCATED = (Form.IDENTIFIABLE, Form.PSEUDONYM, Form.WARD, *_PRESENCE)
_DIRECT = (Form.IDENTIFIABLE, Form.PSEUDONYM, *_PRESENCE)
_WARD = (Form.IDENTIFIABLE, Form.AS_IS, Form.WARD, *_PRESENCE)
_VALUE = (Form.IDENTIFIABLE, Form.AS_IS, *_PRESENCE)

_DATES = frozenset({FieldType.DATE, FieldType.DATETIME})
_PLACES = frozenset({FieldType.ADDRESS, FieldType.UPRN, FieldType.USRN})
_IDENTIFIERS = frozenset(
    {
        FieldType.NHS_NUMBER,
        FieldType.NINO,
        FieldType.UPN,
        FieldType.PHONE,
        FieldType.EMAIL,
        FieldType.PERSON_NAME,
    }
)
_LIFE_DATES = frozenset({Role.DATE_OF_BIRTH, Role.DATE_OF_DEATH})
_POINTS_AT_PEOPLE = frozenset({Sensitivity.DIRECT, Sensitivity.QUASI})
WARD_FIELD = "ward"


def ladder(field: Field) -> tuple[Form, ...]:
    """Return the forms a field can take, the most informative first."""
    if field.type in _DATES:
        return _DATE
    if field.type is FieldType.POSTCODE:
        return _POSTCODE
    if field.type in _PLACES:
        return _LOCATED
    if field.type in _IDENTIFIERS or field.sensitivity is Sensitivity.DIRECT:
        return _DIRECT
    return _WARD if field.name == WARD_FIELD else _VALUE


def identifies(field: Field) -> bool:
    """Return whether the bare value can point at one person, so that ``as_is`` would be identifiable.

    Free text counts: nobody knows what it holds. Dates count when they are of birth or death.
    """
    if field.type in _IDENTIFIERS | _PLACES or field.type is FieldType.POSTCODE:
        return True
    if field.sensitivity is Sensitivity.DIRECT:
        return True
    if field.type in _DATES:
        return field.role in _LIFE_DATES or field.sensitivity in _POINTS_AT_PEOPLE
    return field.type is FieldType.TEXT and field.sensitivity is not Sensitivity.OPEN


def strongest(field: Field, agreed: Form, level: Level) -> Form | None:
    """Return the most informative form the level allows that tells no more than the agreed one, or None.

    ``as_is`` is shown only where it was agreed: it is no weaker form of ``identifiable``. A list of people
    cannot show a count, so a field agreed as a count leaves at the aggregate level only.
    """
    steps = ladder(field)
    if agreed is Form.AS_IS and identifies(field):
        agreed = Form.IDENTIFIABLE
    if agreed not in steps:
        return None
    allowed = forms_at(level)
    if level is not Level.AGGREGATE:
        allowed = allowed - {Form.COUNT}
    if agreed is not Form.AS_IS:
        allowed = allowed - {Form.AS_IS}
    return next((form for form in steps[steps.index(agreed) :] if form in allowed), None)
