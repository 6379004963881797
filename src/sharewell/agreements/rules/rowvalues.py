"""Can this test be made on this field, and with these values."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Final

from sharewell.agreements.rules.say import refuse
from sharewell.agreements.terms import Finding, RowTest, Test, Value
from sharewell.sources.terms import Field, FieldType

ORDERED: Final = frozenset({FieldType.DATE, FieldType.DATETIME, FieldType.INTEGER, FieldType.NUMBER})
TESTABLE: Final[Mapping[Test, frozenset[FieldType]]] = {
    Test.BETWEEN: ORDERED,
    Test.SINCE: frozenset({FieldType.DATE, FieldType.DATETIME}),
    Test.IS_PLACE: frozenset({FieldType.CODE, FieldType.TEXT}),
}


def check_row_values(test: RowTest, field: Field, clause: str) -> Iterator[Finding]:
    """Yield why the test cannot be made on the field, or which value could never be in it."""
    at = f"{clause}.{test.test}"
    if test.test in TESTABLE and field.type not in TESTABLE[test.test]:
        yield refuse(
            "test_unsuited",
            at,
            f"`{test.test}` cannot be asked of {field.name} ({field.type}).",
            "Use `is` or `in`.",
        )
        return
    for number, value in enumerate(test.values):
        needs = _needs(value, field)
        if needs:
            one = f"{at}[{number}]" if test.test in {Test.IN, Test.BETWEEN} else at
            yield refuse("value_unsuited", one, f"{field.name} ({field.type}) never holds this value.", needs)


def _needs(value: Value, field: Field) -> str | None:
    """Return what to write instead, or None when the field may hold the value."""
    if field.type is FieldType.BOOLEAN:
        return None if isinstance(value, bool) else "Write true or false."
    if field.type is FieldType.INTEGER:
        return None if _is_whole(value) else "Write a plain whole number."
    if field.type is FieldType.NUMBER:
        return None if _is_number(value) else "Write a number; quote it if it has a decimal point."
    if not isinstance(value, str):
        return "Put quotation marks round the value."
    if field.type in {FieldType.DATE, FieldType.DATETIME}:
        return None if _is_date(value) else 'Write a date, "YYYY-MM-DD".'
    if field.categories and value not in field.categories:
        return _category(value, field)
    return None


def _category(value: str, field: Field) -> str:
    near = difflib.get_close_matches(value, field.categories, 1)
    return (
        f"Did you mean `{near[0]}`?" if near else f"Its codes are {', '.join(list(field.categories)[:12])}."
    )


def _is_whole(value: Value) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_number(value: Value) -> bool:
    if isinstance(value, str):
        return value.removeprefix("-").replace(".", "", 1).isdecimal() and value.isascii()
    return _is_whole(value)


def _is_date(value: str) -> bool:
    try:
        return bool(date.fromisoformat(value)) if len(value) == 10 else bool(datetime.fromisoformat(value))
    except ValueError:
        return False
