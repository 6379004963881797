"""One key of a Table Schema document: its value in the type it must have, or what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Set
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any, Final, TypeVar

Item = Mapping[str, Any]
Kind = TypeVar("Kind", bound=StrEnum)
_MOST_DIGITS: Final = 400
"""Every JSON number fits; written out, a text such as 1E+999999999 would fill the memory."""


class Broken(Exception):
    """A key of a standard that cannot be used: where, what is wrong, what to write instead."""

    def __init__(self, field: str | None, key: str, what: str, instead: str) -> None:
        super().__init__(key)
        self.field, self.key, self.what, self.instead = field, key, what, instead


def text(item: Item, key: str, field: str | None, default: str | None = None) -> str:
    """Return a text; without a default it must be there and say something."""
    value = item.get(key, default)
    if not isinstance(value, str) or (default is None and not value.strip()):
        raise Broken(field, key, "is missing or is no text", f"Write a text for `{key}`.")
    return value


def texts(value: object, key: str, field: str, *, or_blank: bool = False) -> tuple[str, ...]:
    """Return a list of texts; a code's synonym may be blank, where an empty cell has a meaning."""
    if not isinstance(value, list) or not all(
        isinstance(text, str) and (text.strip() or (or_blank and not text)) for text in value
    ):
        raise Broken(field, key, "is not a list of texts", 'Write a list such as ["d.o.b", "DOB"].')
    return tuple(value)


def one_of(kind: type[Kind], item: Item, key: str, field: str) -> Kind | None:
    """Return one of a few words, or None where the key is absent."""
    if key not in item:
        return None
    try:
        return kind(item[key])
    except ValueError:
        raise Broken(field, key, "has a value we do not know", f"Use one of {', '.join(kind)}.") from None


def constraint(item: Item, which: str, field: str) -> object:
    """Return the value of a constraint as it was written, or None."""
    constraints = item.get("constraints", {})
    if not isinstance(constraints, dict):
        raise Broken(field, "constraints", "is not an object", 'Write an object such as {"required": true}.')
    return constraints.get(which)


def flag(item: Item, which: str, field: str) -> bool:
    """Return a constraint that is true or false; absent means false."""
    told = constraint(item, which, field)
    if not isinstance(told, bool | None):
        raise Broken(field, f"constraints.{which}", "is neither true nor false", "Write true or false.")
    return bool(told)


def whole(item: Item, which: str, field: str) -> int | None:
    """Return a constraint that counts characters."""
    told = constraint(item, which, field)
    if told is None or (isinstance(told, int) and not isinstance(told, bool) and told >= 0):
        return told
    raise Broken(field, f"constraints.{which}", "is no whole number", "Write a number such as 10.")


def amount(item: Item, which: str, field: str) -> str | None:
    """Return a constraint that bounds a number, as plain text."""
    told = constraint(item, which, field)
    try:
        number = None if told is None or isinstance(told, bool) else Decimal(str(told))
    except InvalidOperation:
        number = None
    if told is not None and (
        number is None or not number.is_finite() or abs(number.adjusted()) > _MOST_DIGITS
    ):
        raise Broken(field, f"constraints.{which}", "is no number", "Write a number such as 0 or 99.5.")
    return None if number is None else _plain(number)


def _plain(number: Decimal) -> str:
    """Return a number in its one plain way of writing: no exponent, no zeros that say nothing."""
    written = f"{number:f}" if number else "0"
    return written.rstrip("0").rstrip(".") if "." in written else written


def pattern(item: Item, field: str) -> str | None:
    """Return the regular expression that all of a value must match, one that every engine can run."""
    told = constraint(item, "pattern", field)
    if told is None:
        return None
    try:
        re.compile(str(told) if isinstance(told, str) else "(")
    except re.error:
        raise Broken(
            field, "constraints.pattern", "is no regular expression", "Write one such as [A-Z]{2}[0-9]+."
        ) from None
    if re.search(r"\(\?[=!<>]|\\[1-9Z]|\(\?P=|\(\?\(", str(told)):
        instead = "Do without look-ahead, look-behind and back-references."
        raise Broken(field, "constraints.pattern", "is more than every engine can run", instead)
    return str(told)


def day(item: Item, key: str, field: str) -> str | None:
    """Return a date as ISO text, or the word today."""
    return None if key not in item else _day(item[key], key, field)


def day_bound(item: Item, which: str, field: str) -> str | None:
    """Return the constraint that bounds a date or an instant, as a day."""
    told = constraint(item, which, field)
    if told is None:
        return None
    return _day(told[:10] if isinstance(told, str) else told, f"constraints.{which}", field)


def _day(value: object, key: str, field: str) -> str:
    try:
        return "today" if value == "today" else date.fromisoformat(str(value)).isoformat()
    except ValueError:
        raise Broken(field, key, 'is neither a date nor "today"', "Write it as 1900-01-02.") from None


def categories(value: object, field: str) -> dict[str, tuple[str, ...]]:
    """Read code lists: ``["1", "2"]`` or ``[{"value": "1", "label": "Male"}]``, codes as text."""
    if not isinstance(value, list):
        raise Broken(field, "categories", "is not a list", "List objects with `value` and `label`.")
    found: dict[str, tuple[str, ...]] = {}
    for item in value:
        entry = item if isinstance(item, dict) else {"value": item}
        code = entry.get("value")
        if isinstance(code, bool) or not isinstance(code, str | int) or str(code) in found:
            raise Broken(
                field, "categories", "has a missing or repeated value", "Give each code once, as text."
            )
        label = (text(entry, "label", field),) if "label" in entry else ()
        words = texts(entry.get("sharewell:synonyms", []), "categories", field, or_blank=True)
        found[str(code)] = (*label, *words)
    return found


def key_of(value: object, key: str, fields: Set[str]) -> tuple[str, ...]:
    """Read a key of the table: one field's name or a list of them."""
    listed = [value] if isinstance(value, str) else value
    if not isinstance(listed, list) or not all(isinstance(field, str) for field in listed):
        raise Broken(None, key, "is no list of field names", 'Write a list such as ["record_id"].')
    if unknown := [field for field in listed if field not in fields]:
        raise Broken(unknown[0], key, "names a field that is not there", "Name fields of this standard.")
    return tuple(listed)


def characters(item: Item, field: str) -> tuple[int, int] | None:
    """Return the first and last character of a fixed-width column, counted from 1, or None."""
    value = item.get("sharewell:characters")
    if value is None:
        return None
    whole = isinstance(value, list) and len(value) == 2 and all(type(place) is int for place in value)
    if not whole or not 1 <= value[0] <= value[1]:
        raise Broken(field, "sharewell:characters", "is no pair of places", "Write such as [1, 10].")
    return value[0], value[1]
