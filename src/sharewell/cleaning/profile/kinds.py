"""What a column seems to hold where no standard says so: by the shapes of its values and their checks."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sharewell.sources.terms import Field, FieldType
from sharewell.vocab import identifiers
from sharewell.vocab.sensitivity import Sensitivity

MOST_CODES: Final = 50
LONGEST_CODE: Final = 40
_SHARE: Final = 0.8
_ROWS_A_CODE: Final = 10
_YES_NO: Final = frozenset({"y", "n", "yes", "no", "true", "false", "t", "f"})
_DAY: Final = r"9{4}-99?-99?|99?[/.-]99?[/.-](99|9999)|99?[ -/]*(Aa|AAA|A\+|a)[ -/,]*(99|9999)"
_DATE: Final = re.compile(rf"({_DAY})")
_DATETIME: Final = re.compile(rf"({_DAY})[T ,]+99?:99.*")
_POSTCODE: Final = re.compile(r"(A{1,2}|a)9[9Aa]? ?9(AA|a)")
_EMAIL: Final = re.compile(r"[^@ ]+@[^@ ]+")
_INTEGER: Final = re.compile(r"[-+]?9[9,]*")
_NUMBER: Final = re.compile(r"[-+(]*£?[-+]?9[9,]*([.]9+)?[)-]?")


@dataclass(frozen=True)
class Seen:
    """What is known of a column's values: rows by shape, distinct values, filled rows, some values."""

    shapes: Mapping[str, int]
    distinct: int
    filled: int
    sample: Sequence[str]


def kind_of(seen: Seen) -> FieldType:
    """Return the field type that four in five of a column's values pass for; text when there is none."""
    if not seen.filled:
        return FieldType.TEXT
    return next((kind for kind, passes in _TESTS if passes(seen)), FieldType.TEXT)


def may_show_values(field: Field | None) -> bool:
    """Return whether the standard lets a column's commonest values be seen.

    They are open to all, or they are the standard's own list of codes and neither special category data nor
    about crime. Where no standard speaks for a column no value is ever shown.
    """
    if field is None:
        return False
    hidden = {Sensitivity.SPECIAL, Sensitivity.CRIMINAL, Sensitivity.DIRECT}
    return field.sensitivity is Sensitivity.OPEN or (
        bool(field.categories) and field.sensitivity not in hidden
    )


def _shaped(pattern: re.Pattern[str]) -> Callable[[Seen], bool]:
    return lambda seen: (
        sum(rows for shape, rows in seen.shapes.items() if pattern.fullmatch(shape)) >= seen.filled * _SHARE
    )


def _checked(check: Callable[[str], bool]) -> Callable[[Seen], bool]:
    def passes(seen: Seen) -> bool:
        bare = [re.sub(r"[ -]|[.]0$", "", value).upper() for value in seen.sample]
        return sum(map(check, bare)) >= len(bare) * _SHARE

    return passes


def _is_phone(bare: str) -> bool:
    return bool(re.fullmatch(r"(0|\+440?|0044)[1-9][0-9]{8,9}", bare))


def _is_yes_no(seen: Seen) -> bool:
    return {value.strip().casefold() for value in seen.sample} <= _YES_NO


def _is_code(seen: Seen) -> bool:
    short = all(len(value) <= LONGEST_CODE for value in seen.sample)
    return seen.distinct <= MOST_CODES and seen.filled >= seen.distinct * _ROWS_A_CODE and short


_TESTS: Final[tuple[tuple[FieldType, Callable[[Seen], bool]], ...]] = (
    (FieldType.DATE, _shaped(_DATE)),
    (FieldType.DATETIME, _shaped(_DATETIME)),
    (FieldType.POSTCODE, _shaped(_POSTCODE)),
    (FieldType.EMAIL, _shaped(_EMAIL)),
    (FieldType.NHS_NUMBER, _checked(identifiers.is_nhs_number)),
    (FieldType.NINO, _checked(identifiers.is_nino)),
    (FieldType.UPN, _checked(identifiers.is_upn)),
    (FieldType.PHONE, _checked(_is_phone)),
    (FieldType.BOOLEAN, _is_yes_no),
    (FieldType.CODE, _is_code),
    (FieldType.INTEGER, _shaped(_INTEGER)),
    (FieldType.NUMBER, _shaped(_NUMBER)),
)

IN_WORDS: Final[Mapping[str, str]] = {
    FieldType.NHS_NUMBER: "NHS number",
    FieldType.NINO: "National Insurance number",
    FieldType.UPN: "Unique pupil number",
    FieldType.UPRN: "UPRN",
    FieldType.USRN: "USRN",
    FieldType.POSTCODE: "Postcode",
    FieldType.PHONE: "Phone number",
    FieldType.EMAIL: "Email address",
    FieldType.PERSON_NAME: "Name",
    FieldType.DATE: "Date",
    FieldType.DATETIME: "Date and time",
    FieldType.ADDRESS: "Address",
    FieldType.BOOLEAN: "Yes or no",
    FieldType.CODE: "Code",
    FieldType.INTEGER: "Whole number",
    FieldType.NUMBER: "Number",
    FieldType.TEXT: "Text",
}
