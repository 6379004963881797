"""A standard compiled: for each field, the test that an engine runs and the rule for what fails it.

The test is a plain regular expression and, for check digits, arithmetic: shapes that mean the same on every
engine. A value that passes is right as it stands, so the rule is asked only about distinct values that fail.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from sharewell.cleaning.rules import (
    addresses,
    amounts,
    bounds,
    codes,
    contacts,
    dates,
    emails,
    identifiers,
    instants,
    names,
    postcodes,
    text,
)
from sharewell.cleaning.terms import Rule
from sharewell.sources.terms import Bounds, Field, FieldType, Role
from sharewell.store.engine import literal
from sharewell.vocab import identifiers as numbers


@dataclass(frozen=True)
class Recipe:
    """How one field is cleaned.

    ``pattern`` must match all of a canonical value. ``digits_from`` is the place (from 1) where its digits
    begin when ``check`` does sums on them. ``check`` is SQL over ``v`` (the value) and ``n`` (the digits).
    ``for_empty`` is what an empty cell becomes. ``reads_column`` says that the rule for one value needs the
    column's other values as evidence.
    """

    pattern: str
    rule: Callable[[Sequence[str]], Rule]
    check: str = "TRUE"
    digits_from: int | None = None
    for_empty: str | None = None
    reads_column: bool = False

    def failing(self, column: str, table: str) -> str:
        """Return the query for the distinct values of a quoted column that are not canonical and valid."""
        number = f"CAST(substr(v, {self.digits_from}) AS BIGINT)" if self.digits_from else "1"
        matched = f"CASE WHEN regexp_full_match(v, {literal(self.pattern)}) THEN {number} END AS n"
        values = f"SELECT {column} AS v FROM {table} WHERE {column} <> ''"
        return (
            f"SELECT v FROM (SELECT v, {matched} FROM ({values}))"
            f" WHERE n IS NULL OR NOT ({self.check}) GROUP BY v"
        )


def recipe(field: Field, as_of: date) -> Recipe:
    """Return how a field is cleaned on a day."""
    made = _RECIPES[field.type](field, as_of)
    return made if field.bounds == Bounds() else _bounded(made, field.bounds)


def _bounded(made: Recipe, asked: Bounds) -> Recipe:
    """Return a recipe that also keeps what the standard asks beyond the type."""
    return replace(
        made,
        rule=lambda values: bounds.within(made.rule(values), asked),
        check=" AND ".join(f"({test})" for test in (made.check, *_bound_tests(asked))),
    )


def _bound_tests(asked: Bounds) -> Iterator[str]:
    """Return the tests of bounds in SQL; a pattern engines may read otherwise sends all to the rule."""
    if asked.pattern:
        alike = bounds.is_alike_everywhere(asked.pattern)
        yield f"regexp_full_match(v, {literal(asked.pattern)})" if alike else "FALSE"
    if asked.shortest is not None:
        yield f"length(v) >= {asked.shortest}"
    if asked.longest is not None:
        yield f"length(v) <= {asked.longest}"
    if asked.least is not None:
        yield f"coalesce(TRY_CAST(v AS DOUBLE) > {float(asked.least)!r}, FALSE)"
    if asked.most is not None:
        yield f"coalesce(TRY_CAST(v AS DOUBLE) < {float(asked.most)!r}, FALSE)"


def _weighed(weights: Sequence[int]) -> str:
    """Return SQL for the sum of a number's digits, first digit first, each times its weight."""
    powers = range(len(weights) - 1, -1, -1)
    return " + ".join(
        f"(n // {10**power}) % 10 * {weight}" for power, weight in zip(powers, weights, strict=True)
    )


def _none_of(values: Sequence[str]) -> str:
    return f"v NOT IN ({', '.join(literal(value) for value in values)})"


def _says_something(markers: frozenset[str]) -> str:
    known = sorted(markers | text.SPREADSHEET_ERRORS)
    listed = ", ".join(literal(marker) for marker in known)
    marks = f"NOT regexp_full_match(v, {literal(text.MARKS_ALONE)})"
    return f"lower(v) NOT IN ({listed}) AND NOT regexp_full_match(v, '#{{3,}}') AND {marks}"


_REPEATED: Final = tuple(digit * 10 for digit in "0123456789")
_NHS_CHECK: Final = f"({_weighed(range(10, 0, -1))}) % 11 = 0 AND {_none_of(_REPEATED)}"
_UPN_CHECK: Final = (
    f"substr({literal(numbers.UPN_LETTERS)}, CAST(({_weighed(range(2, 14))}) % 23 + 1 AS INTEGER), 1)"
    " = substr(v, 1, 1)"
)
_NINO_CHECK: Final = f"substr(v, 1, 2) NOT IN ({', '.join(map(literal, numbers.NINO_UNUSED_PREFIXES))})"
_MIXED_CASE: Final = "regexp_matches(v, '[a-z]') AND regexp_matches(v, '[A-Z]')"
_NO_ENTITY: Final = "v NOT LIKE '%&%;%'"
_NO_FORMULA: Final = "v NOT LIKE '=%'"
_NO_CROSSES: Final = f"NOT regexp_full_match(v, '{text.CROSSES}')"
_PLAIN_SIGN: Final = "!-Z^-~"
"""Every printable sign of ASCII but brackets and the backslash, which may open a code for a letter."""
_NAME_LETTER: Final = "A-Za-zà-öø-őŔ-şţ-ŷŹ-żƠ-ưẠ-ỹ"
"""Letters that cannot be what is left of a letter read in the wrong encoding; others are looked at."""
_WORD: Final = "A-Za-z0-9'’&/().-"


def _always(rule: Rule) -> Callable[[Sequence[str]], Rule]:
    return lambda _: rule


def _nhs_number(_: Field, __: date) -> Recipe:
    return Recipe("[0-9]{10}", _always(identifiers.nhs_number_rule()), _NHS_CHECK, digits_from=1)


def _nino(_: Field, __: date) -> Recipe:
    return Recipe(numbers.NINO_PATTERN, _always(identifiers.nino_rule()), _NINO_CHECK)


def _upn(_: Field, __: date) -> Recipe:
    return Recipe(numbers.UPN_PATTERN, _always(identifiers.upn_rule()), _UPN_CHECK, digits_from=2)


def _uprn(_: Field, __: date) -> Recipe:
    return Recipe(numbers.UPRN_PATTERN, _always(identifiers.uprn_rule()))


def _usrn(_: Field, __: date) -> Recipe:
    return Recipe(numbers.USRN_PATTERN, _always(identifiers.usrn_rule()))


def _postcode(_: Field, __: date) -> Recipe:
    return Recipe(numbers.POSTCODE_PATTERN, _always(postcodes.postcode_rule()))


def _phone(_: Field, __: date) -> Recipe:
    check = _none_of(contacts.PHONE_PLACEHOLDERS)
    return Recipe(contacts.PHONE_PATTERN, _always(contacts.phone_rule()), check)


def _email(_: Field, __: date) -> Recipe:
    check = _none_of(sorted(emails.EMAIL_PLACEHOLDERS))
    check += f" AND NOT regexp_full_match(v, {literal(emails.NO_EMAIL)})"
    return Recipe(emails.EMAIL_PATTERN, _always(emails.email_rule()), check)


def _person_name(field: Field, _: date) -> Recipe:
    says = _says_something(names.NO_NAME | names.PLACEHOLDERS)
    check = f"{_MIXED_CASE} AND {says} AND {_none_of(sorted(names.NO_NAME_AS_WRITTEN))}"
    odd = "^(Xx|XX)|[A-Z][A-Z]|--|[ODod]['’] "
    check += f" AND NOT regexp_matches(v, {literal(odd)})"
    if field.role is Role.SURNAME:
        check += " AND NOT regexp_matches(v, ' -|- ')"
    if field.role in {Role.FULL_NAME, Role.FIRST_NAME, Role.SURNAME}:
        check += f" AND NOT regexp_matches(v, {literal(names.TITLE_PATTERN)})"
    pattern = f"[{_NAME_LETTER}'’.-]+( [{_NAME_LETTER}'’.-]+)*"
    return Recipe(pattern, _always(names.name_rule(field.role)), check)


def _allowed_day(field: Field, as_of: date, day: str) -> str:
    calendar = dates.calendar_for(field, as_of)
    sentinels = {*dates.ALWAYS_SENTINELS, *((dates.SENTINEL,) if calendar.has_sentinel else ())}
    listed = ", ".join(literal(sentinel) for sentinel in sorted(sentinels))
    bounds = f"{day} BETWEEN {literal(calendar.earliest)} AND {literal(calendar.latest)}"
    return f"{bounds} AND {day} NOT IN ({listed})"


def _date(field: Field, as_of: date) -> Recipe:
    check = _allowed_day(field, as_of, "v")
    return Recipe(
        dates.DATE_PATTERN, lambda values: dates.date_rule(field, as_of, values), check, reads_column=True
    )


def _instant(field: Field, as_of: date) -> Recipe:
    check = _allowed_day(field, as_of, "substr(v, 1, 10)")
    return Recipe(
        instants.INSTANT_PATTERN,
        lambda values: instants.instant_rule(field, as_of, values),
        check,
        reads_column=True,
    )


def _address(_: Field, __: date) -> Recipe:
    says = _says_something(text.NOTHING | addresses.NO_ADDRESS)
    pattern = f"[{_WORD}]+( [{_WORD}]+)*(, [{_WORD}]+( [{_WORD}]+)*)*"
    check = f"{_MIXED_CASE} AND {says} AND {_NO_ENTITY} AND {_NO_CROSSES} AND v NOT LIKE '%.'"
    return Recipe(pattern, _always(addresses.address_rule()), check)


def _boolean(field: Field, _: date) -> Recipe:
    return Recipe("(true|false)", _always(codes.boolean_rule(field)))


def _code(field: Field, _: date) -> Recipe:
    rule = _always(codes.code_rule(field))
    if not field.categories:
        check = f"{_says_something(text.NOTHING_IN_TEXT)} AND {_NO_ENTITY} AND {_NO_FORMULA}"
        return Recipe(f"[{_PLAIN_SIGN}]+( [{_PLAIN_SIGN}]+)*", rule, check)
    listed = ", ".join(literal(code) for code in field.categories)
    return Recipe(".+", rule, f"v IN ({listed})", for_empty=codes.code_for_empty(field))


def _integer(_: Field, __: date) -> Recipe:
    return Recipe(amounts.INTEGER_PATTERN, _always(amounts.integer_rule()))


def _number(_: Field, __: date) -> Recipe:
    return Recipe(amounts.NUMBER_PATTERN, _always(amounts.number_rule()))


def _text(_: Field, __: date) -> Recipe:
    check = f"{_says_something(text.NOTHING_IN_TEXT)} AND {_NO_ENTITY} AND {_NO_FORMULA}"
    return Recipe(f"[{_PLAIN_SIGN}]([ -Z^-~]*[{_PLAIN_SIGN}])?", _always(text.text_rule()), check)


_RECIPES: Final[dict[FieldType, Callable[[Field, date], Recipe]]] = {
    FieldType.NHS_NUMBER: _nhs_number,
    FieldType.NINO: _nino,
    FieldType.UPN: _upn,
    FieldType.UPRN: _uprn,
    FieldType.USRN: _usrn,
    FieldType.POSTCODE: _postcode,
    FieldType.PHONE: _phone,
    FieldType.EMAIL: _email,
    FieldType.PERSON_NAME: _person_name,
    FieldType.DATE: _date,
    FieldType.DATETIME: _instant,
    FieldType.ADDRESS: _address,
    FieldType.BOOLEAN: _boolean,
    FieldType.CODE: _code,
    FieldType.INTEGER: _integer,
    FieldType.NUMBER: _number,
    FieldType.TEXT: _text,
}
