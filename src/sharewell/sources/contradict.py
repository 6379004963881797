"""What a standard may not say at once: keys that are each well written and cannot both be meant."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from sharewell.sources.schema_keys import Broken
from sharewell.sources.terms import Field, FieldType, OnFailure, Role
from sharewell.vocab import identifiers
from sharewell.vocab.sensitivity import Sensitivity

_T: Final = FieldType
_WRITTEN_AS: Final[Mapping[FieldType, frozenset[str]]] = {
    _T.NUMBER: frozenset({"number", "integer"}),
    _T.INTEGER: frozenset({"integer", "year"}),
    _T.DATE: frozenset({"date"}),
    _T.DATETIME: frozenset({"datetime"}),
    _T.BOOLEAN: frozenset({"boolean"}),
    _T.CODE: frozenset({"integer"}),
    _T.TEXT: frozenset({"time", "yearmonth", "duration", "list", "object", "array", "geopoint", "geojson"}),
}
"""Table Schema's types that may stand beside one of ours; ``string`` and ``any`` always may."""

_TYPE_OF_ROLE: Final[Mapping[Role, frozenset[FieldType]]] = {
    Role.NHS_NUMBER: frozenset({_T.NHS_NUMBER}),
    Role.NINO: frozenset({_T.NINO}),
    Role.UPN: frozenset({_T.UPN}),
    Role.UPRN: frozenset({_T.UPRN}),
    Role.POSTCODE: frozenset({_T.POSTCODE}),
    Role.PHONE: frozenset({_T.PHONE}),
    Role.EMAIL: frozenset({_T.EMAIL}),
    Role.DATE_OF_BIRTH: frozenset({_T.DATE, _T.DATETIME}),
    Role.DATE_OF_DEATH: frozenset({_T.DATE, _T.DATETIME}),
    Role.OBJECTION: frozenset({_T.BOOLEAN}),
    Role.PROTECTED: frozenset({_T.BOOLEAN}),
    **dict.fromkeys(
        (Role.FIRST_NAME, Role.MIDDLE_NAMES, Role.SURNAME, Role.FULL_NAME),
        frozenset({_T.PERSON_NAME, _T.TEXT}),
    ),
}
_MANY: Final = frozenset({Role.ADDRESS_LINE, Role.PHONE, Role.EMAIL})
_POINTS_AT_ONE: Final = frozenset({_T.NHS_NUMBER, _T.NINO, _T.UPN, _T.PERSON_NAME})
_LENGTHS: Final[Mapping[FieldType, tuple[int, int]]] = {
    _T.NHS_NUMBER: (10, 10), _T.NINO: (9, 9), _T.UPN: (13, 13), _T.UPRN: (1, 12), _T.USRN: (1, 8),
    _T.POSTCODE: (6, 8), _T.DATE: (10, 10), _T.BOOLEAN: (4, 5),
}  # fmt: skip
_NUMBERS: Final = frozenset({_T.NUMBER, _T.INTEGER})
_CHECKS: Final = {
    _T.NHS_NUMBER: identifiers.is_nhs_number, _T.NINO: identifiers.is_nino, _T.UPN: identifiers.is_upn,
    _T.UPRN: identifiers.is_uprn, _T.USRN: identifiers.is_usrn, _T.POSTCODE: identifiers.is_postcode,
}  # fmt: skip


def require_sense(field: Field, item: Mapping[str, Any]) -> None:
    """Refuse a field whose keys contradict each other; ``item`` is the field as it was written."""
    _types_agree(field, item)
    _role_agrees(field)
    _failure_agrees(field, item)
    _dates_in_order(field)
    _order_is_of_dates(field)
    _lengths_agree(field)
    _numbers_agree(field, item)
    _codes_agree(field, item)
    _words_apart(field)
    _example_agrees(field)


def require_sense_together(fields: Sequence[Field]) -> None:
    """Refuse two fields that play a role which only one can play."""
    for field in fields:
        others = [other.name for other in fields if other.role is field.role]
        if field.role and field.role not in _MANY and len(others) > 1:
            what = f"'{field.role}' is played by {' and '.join(others)}"
            raise Broken(others[1], "sharewell:role", what, "Leave the role to one of them.")


def _types_agree(field: Field, item: Mapping[str, Any]) -> None:
    plain = item.get("type", "string")
    if plain not in {"string", "any"} and plain not in _WRITTEN_AS.get(field.type, ()):
        what = f"'{plain}' contradicts sharewell:type '{field.type}'"
        raise Broken(field.name, "type", what, "Write string, or leave one of the two out.")


def _role_agrees(field: Field) -> None:
    allowed = _TYPE_OF_ROLE.get(field.role) if field.role else None
    if allowed and field.type not in allowed:
        what = f"'{field.role}' contradicts the type '{field.type}'"
        raise Broken(field.name, "sharewell:role", what, f"Use the type {' or '.join(sorted(allowed))}.")
    if field.sensitivity is Sensitivity.OPEN and field.type in _POINTS_AT_ONE:
        what = f"'open' contradicts the type '{field.type}', which points at one person"
        raise Broken(field.name, "sharewell:sensitivity", what, "Write direct.")


def _failure_agrees(field: Field, item: Mapping[str, Any]) -> None:
    if field.required and item.get("sharewell:onFailure") == OnFailure.BLANK:
        what = "'blank' contradicts constraints.required"
        raise Broken(field.name, "sharewell:onFailure", what, "Write set_aside, or do not require the field.")


def _dates_in_order(field: Field) -> None:
    first, last = field.earliest, field.latest
    if first and last and "today" not in (first, last) and first > last:
        what = f"is after the latest day, {last}"
        raise Broken(field.name, "sharewell:earliest", what, "Put the two days in order.")


def _order_is_of_dates(field: Field) -> None:
    if field.date_order and field.type not in {FieldType.DATE, FieldType.DATETIME}:
        what = f"says how days are written, and the type is '{field.type}'"
        raise Broken(field.name, "sharewell:dateOrder", what, "Say it of dates only.")


def _lengths_agree(field: Field) -> None:
    shortest, longest = field.bounds.shortest or 0, field.bounds.longest
    if longest is not None and (longest < shortest or (field.required and not longest)):
        raise Broken(field.name, "constraints.maxLength", "leaves no value that could be right", "Raise it.")
    low, high = _LENGTHS.get(field.type, (0, 10**9))
    if shortest > high or (longest is not None and longest < low):
        key = "constraints.minLength" if shortest > high else "constraints.maxLength"
        raise Broken(field.name, key, f"contradicts the type '{field.type}'", "Leave the length to the type.")


def _numbers_agree(field: Field, item: Mapping[str, Any]) -> None:
    least, most = field.bounds.least, field.bounds.most
    if (least or most) and field.type not in _NUMBERS:
        key = "constraints.minimum" if least else "constraints.maximum"
        raise Broken(field.name, key, f"bounds the type '{field.type}'", "Bound numbers and dates only.")
    if least and most and Decimal(least) > Decimal(most):
        raise Broken(field.name, "constraints.minimum", f"is above the maximum, {most}", "Put them in order.")


def _codes_agree(field: Field, item: Mapping[str, Any]) -> None:
    listed = (item.get("constraints") or {}).get("enum")
    codes = field.categories
    if not isinstance(listed, list | None):
        raise Broken(field.name, "constraints.enum", "is not a list", 'Write a list such as ["1", "2"].')
    if listed and "categories" in item and {str(code) for code in listed} != set(codes):
        raise Broken(field.name, "constraints.enum", "is not the list of categories", "Keep one of the two.")
    if codes and field.bounds.pattern and field.type is FieldType.CODE:
        wrong = next((code for code in codes if not re.fullmatch(field.bounds.pattern, code, re.ASCII)), None)
        if wrong is not None:
            what = f"refuses the code '{wrong}' of the same field"
            raise Broken(field.name, "constraints.pattern", what, "Leave the pattern to the codes.")


def _words_apart(field: Field) -> None:
    """Refuse one word that means two codes; a code itself outranks the words for others."""
    owners: dict[str, str] = {}
    for code, words in field.categories.items():
        for word in {" ".join(word.split()).casefold() for word in words}:
            other = owners.setdefault(word, code)
            if other != code:
                what = f"says that '{word}' means {other} and {code}"
                raise Broken(field.name, "categories", what, "Let each word mean one code.")


def _example_agrees(field: Field) -> None:
    value, bounds = field.example, field.bounds
    check = _CHECKS.get(field.type)
    if value and (
        (check and not check(value))
        or (field.categories and field.type is FieldType.CODE and value not in field.categories)
        or (bounds.pattern and not re.fullmatch(bounds.pattern, value, re.ASCII))
        or len(value) < (bounds.shortest or 0)
        or len(value) > (bounds.longest if bounds.longest is not None else 10**9)
    ):
        raise Broken(field.name, "example", "is a value that the field itself refuses", "Give one that fits.")
