"""A standard compiled: for each field, the test that an engine runs and the rule for what fails it.

The test is a plain regular expression and, for check digits, arithmetic: shapes that mean the same on every
engine. A value that passes is right as it stands, so the rule is asked only about distinct values that fail.
"""

from __future__ import annotations

import itertools
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

    ``pattern`` must match all of a canonical value; where it is empty ``check`` says all. ``digits_from`` is
    the place (from 1) where its digits begin when ``check`` does sums on them. ``check`` is SQL over ``v``
    (the value) and ``n`` (the digits). ``for_empty`` is what an empty cell becomes. ``reads_column`` says
    that the rule for one value needs the column's other values as evidence.
    """

    pattern: str
    rule: Callable[[Sequence[str]], Rule]
    check: str = "TRUE"
    digits_from: int | None = None
    for_empty: str | None = None
    reads_column: bool = False

    def number(self, pattern: str | None = None) -> str:
        """Return SQL for the digits of a value that ``pattern`` matches (1 where none are asked) or null."""
        asked = self.pattern if pattern is None else pattern
        digits = "v" if self.digits_from == 1 else f"substr(v, {self.digits_from})"
        number = f"CAST({digits} AS BIGINT)" if self.digits_from else "1"
        return f"CASE WHEN regexp_full_match(v, {literal(asked)}) THEN {number} END" if asked else number

    def failing(self, column: str, table: str) -> str:
        """Return the query for the distinct values of a quoted column that are not canonical and valid."""
        values = f"SELECT {column} AS v FROM {table} WHERE {column} <> ''"
        return (
            f"SELECT v FROM (SELECT v, {self.number()} AS n FROM ({values}))"
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


def _weighed(weights: Sequence[int], modulus: int) -> str:
    """Return SQL for the sum of a number's digits, first digit first, each times its weight, by a modulus.

    A digit is what is left of its power of ten less ten times what is left of the next, so one division a
    digit will do: the quotients are added up, each with what the two weights beside it make.
    """
    small_first = [0, *reversed(weights)]
    factors = [(weight - 10 * before) % modulus for before, weight in itertools.pairwise(small_first)]
    quotients = [f"n // {10**power}" if power else "n" for power in range(len(factors))]
    told = zip(quotients, factors, strict=True)
    return f"({' + '.join(f'({quotient}) * {factor}' for quotient, factor in told if factor)}) % {modulus}"


def _unlike(*patterns: str) -> str:
    """Return SQL that is true of a value that no pattern matches whole.

    They are one regular expression, so that a value is gone through once however many they are.
    """
    any_of_them = f"({'|'.join(patterns)})"
    return f"NOT regexp_full_match(v, {literal(any_of_them)})"


def _saying_nothing(markers: frozenset[str]) -> Iterator[str]:
    """Yield patterns for values that say nothing is known, in any case."""
    yield from (_in_any_case(marker) for marker in sorted(markers | text.SPREADSHEET_ERRORS))
    yield from ("#{3,}", text.MARKS_ALONE)


def _in_any_case(word: str) -> str:
    return "".join(f"[{sign.upper()}{sign}]" if sign.isalpha() else _exactly(sign) for sign in word)


def _exactly(word: str) -> str:
    return "".join(sign if sign.isalnum() else f"\\{sign}" for sign in word)


_ALL_DIGITS_ALIKE: Final = 1_111_111_111
_NHS_CHECK: Final = f"{_weighed(range(10, 0, -1), 11)} = 0 AND n % {_ALL_DIGITS_ALIKE} <> 0"
_UPN_CHECK: Final = (
    f"substr({literal(numbers.UPN_LETTERS)}, CAST({_weighed(range(2, 14), 23)} + 1 AS INTEGER), 1)"
    " = substr(v, 1, 1)"
)
_NINO_CHECK: Final = _unlike(f"({'|'.join(numbers.NINO_UNUSED_PREFIXES)}).*")
_ONE_CASE: Final = ("[^a-z]*", "[^A-Z]*")
_ENTITY: Final = ".*&.*;.*"
_FORMULA: Final = "=.*"
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
    check = _unlike(*map(_exactly, contacts.PHONE_PLACEHOLDERS))
    return Recipe(contacts.PHONE_PATTERN, _always(contacts.phone_rule()), check)


def _email(_: Field, __: date) -> Recipe:
    check = _unlike(*map(_exactly, sorted(emails.EMAIL_PLACEHOLDERS)), emails.NO_EMAIL)
    return Recipe(emails.EMAIL_PATTERN, _always(emails.email_rule()), check)


def _person_name(field: Field, _: date) -> Recipe:
    wrong = [*_ONE_CASE, *_saying_nothing(names.NO_NAME | names.PLACEHOLDERS)]
    wrong += [_exactly(word) for word in sorted(names.NO_NAME_AS_WRITTEN)]
    wrong += ["(Xx|XX).*", ".*([A-Z][A-Z]|--|[ODod]['’] ).*"]
    if field.role is Role.SURNAME:
        wrong.append(".*( -|- ).*")
    if field.role in {Role.FULL_NAME, Role.FIRST_NAME, Role.SURNAME}:
        titles = "|".join(_in_any_case(title) for title in (*names.TITLES, *names.RANKS))
        wrong.append(f"({titles})[. ].*")
    pattern = f"[{_NAME_LETTER}'’.-]+( [{_NAME_LETTER}'’.-]+)*"
    return Recipe(pattern, _always(names.name_rule(field.role)), _unlike(*wrong))


def _allowed_day(field: Field, as_of: date, day: str) -> str:
    calendar = dates.calendar_for(field, as_of)
    sentinels = {*dates.ALWAYS_SENTINELS, *((dates.SENTINEL,) if calendar.has_sentinel else ())}
    within = sorted(each for each in sentinels if calendar.earliest <= each <= calendar.latest)
    bounds = f"{day} BETWEEN {literal(calendar.earliest)} AND {literal(calendar.latest)}"
    return " AND ".join([bounds, *(f"{day} <> {literal(sentinel)}" for sentinel in within)])


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
    pattern = f"[{_WORD}]+( [{_WORD}]+)*(, [{_WORD}]+( [{_WORD}]+)*)*"
    nothing = _saying_nothing(text.NOTHING | addresses.NO_ADDRESS)
    check = _unlike(*_ONE_CASE, *nothing, text.CROSSES, ".*[.]")
    return Recipe(pattern, _always(addresses.address_rule()), check)


def _boolean(field: Field, _: date) -> Recipe:
    return Recipe("(true|false)", _always(codes.boolean_rule(field)))


def _code(field: Field, _: date) -> Recipe:
    rule = _always(codes.code_rule(field))
    if not field.categories:
        check = _unlike(*_saying_nothing(text.NOTHING_IN_TEXT), _ENTITY, _FORMULA)
        return Recipe(f"[{_PLAIN_SIGN}]+( [{_PLAIN_SIGN}]+)*", rule, check)
    listed = "|".join(map(_exactly, field.categories))
    return Recipe(f"({listed})", rule, for_empty=codes.code_for_empty(field))


def _integer(_: Field, __: date) -> Recipe:
    return Recipe(amounts.INTEGER_PATTERN, _always(amounts.integer_rule()))


def _number(_: Field, __: date) -> Recipe:
    return Recipe(amounts.NUMBER_PATTERN, _always(amounts.number_rule()))


def _text(_: Field, __: date) -> Recipe:
    check = _unlike(*_saying_nothing(text.NOTHING_IN_TEXT), _ENTITY, _FORMULA)
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
