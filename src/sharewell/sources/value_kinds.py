"""What values of each type look like in files as they come, and how sensitive such a type is."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final

from sharewell.sources.terms import FieldType
from sharewell.vocab import identifiers
from sharewell.vocab.sensitivity import Sensitivity

Check = Callable[[str], bool]

_DATE: Final = (
    r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}|[0-9]{1,2}[/. -][0-9]{1,2}[/. -]([0-9]{4}|[0-9]{2})"
    r"|[0-9]{1,2}(st|nd|rd|th)?[ -][A-Za-z]{3,9}[ -]([0-9]{4}|[0-9]{2})"
    r"|(19|20)[0-9]{2}(0[1-9]|1[0-2])[0-3][0-9]"
)
_TIME: Final = r"[T ][0-9]{1,2}:[0-9]{2}(:[0-9]{2}([.][0-9]+)?)?( ?[AaPp][Mm])?(Z|[+-][0-9]{2}:?[0-9]{2})?"
_STREET: Final = (
    r"(?i).*\b(road|rd|street|st|lane|ln|avenue|ave|close|drive|way|court|house|flat|crescent|place|terrace|grove"
    r"|gardens|park|hill|mews|square|row|walk|green)\b.*"
)


def _matches(pattern: str) -> Check:
    compiled = re.compile(pattern)
    return lambda value: compiled.fullmatch(value) is not None


def _bare(check: Check) -> Check:
    return lambda value: check(re.sub("[ -]", "", value).removesuffix(".0").upper())


def _is_postcode(value: str) -> bool:
    bare = value.replace(" ", "").upper()
    return identifiers.is_postcode(f"{bare[:-3]} {bare[-3:]}")


SHAPES: Final[Mapping[FieldType, Check]] = {
    FieldType.NHS_NUMBER: _bare(identifiers.is_nhs_number),
    FieldType.UPN: _bare(identifiers.is_upn),
    FieldType.NINO: _bare(identifiers.is_nino),
    FieldType.POSTCODE: _is_postcode,
    FieldType.EMAIL: _matches(r"[^@\s]+@[^@\s]+\.[^@\s]+"),
    FieldType.DATE: _matches(f"({_DATE})([T ]00:00(:00)?Z?)?"),
    FieldType.DATETIME: _matches(f"({_DATE}){_TIME}"),
    FieldType.PHONE: _matches(r"(\+44|0044|0)[ ()0-9-]{9,14}|7[0-9]{9}"),
    FieldType.BOOLEAN: _matches(r"(?i)y|n|yes|no|true|false|t|f"),
    FieldType.INTEGER: _matches(r"-?(0|[1-9][0-9]{0,8})|-?[1-9][0-9]{0,2}(,[0-9]{3})+"),
    FieldType.NUMBER: _matches(r"[-(]?£? ?-?[0-9][0-9,]*([.][0-9]+)?\)?"),
    FieldType.ADDRESS: _matches(_STREET),
}
"""The types that values show, the narrowest first: the first that nearly every value fits is proposed."""

EXAMPLES: Final[Mapping[FieldType, str]] = {
    FieldType.NHS_NUMBER: "9990010005",
    FieldType.UPN: "T300200019003",
    FieldType.NINO: "AB123456C",
    FieldType.POSTCODE: "M1 1AE",
    FieldType.EMAIL: "alex.morgan@example.org",
    FieldType.DATE: "2024-04-01",
    FieldType.DATETIME: "2024-04-01T09:30:00",
    FieldType.PHONE: "+447700900123",
    FieldType.BOOLEAN: "true",
    FieldType.INTEGER: "3",
    FieldType.NUMBER: "12.50",
    FieldType.ADDRESS: "14 Mill Lane, Northfield",
}
"""Made-up values, in the form that cleaning gives."""


def sensitivity_of(kind: FieldType) -> Sensitivity:
    """Return how sensitive a field of a type is taken to be until a person says otherwise."""
    if kind in (FieldType.POSTCODE, FieldType.UPRN, FieldType.DATE):
        return Sensitivity.QUASI
    direct = (
        *(FieldType.NHS_NUMBER, FieldType.UPN, FieldType.NINO, FieldType.EMAIL, FieldType.PHONE),
        *(FieldType.ADDRESS, FieldType.PERSON_NAME),
    )
    return Sensitivity.DIRECT if kind in direct else Sensitivity.PERSONAL
