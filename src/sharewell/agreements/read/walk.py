"""Hold what was read against the grammar, and note everything that does not fit."""

from __future__ import annotations

import difflib
import re
import unicodedata
from datetime import date
from typing import Final

from sharewell.agreements.read.faults import Faults
from sharewell.agreements.read.rowtests import walk_row_test
from sharewell.agreements.read.specs import (
    Choice,
    Day,
    Either,
    Items,
    Name,
    Record,
    RowTestSpec,
    Spec,
    Table,
    Whole,
    Words,
)
from sharewell.agreements.read.tree import Broken, shown

FIRST_YEAR, LAST_YEAR = 1900, 2199
DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
WILD: Final = frozenset("*%?")


def walk(spec: Spec, value: object, clause: str, faults: Faults) -> None:
    """Note every way in which the value is not what the grammar asks for at this clause."""
    if isinstance(value, Broken):
        return
    match spec:
        case Record():
            _record(spec, value, clause, faults)
        case Table():
            _table(spec, value, clause, faults)
        case Items():
            _items(spec, value, clause, faults)
        case Either():
            _either(spec, value, clause, faults)
        case RowTestSpec():
            walk_row_test(spec, value, clause, faults, check_name)
        case Whole():
            _whole(spec, value, clause, faults)
        case _:
            _text(spec, value, clause, faults)


def check_name(spec: Name, value: str, clause: str, faults: Faults) -> None:
    """Note a name that holds a wildcard or a look-alike letter, or is not of the pattern."""
    foreign = next((each for each in value if not each.isascii()), None)
    if WILD.intersection(value):
        faults.add(clause, "wildcard", "Wildcards may not be used.", "Name each one.")
    elif foreign is not None:
        name = unicodedata.name(foreign, f"U+{ord(foreign):04X}")
        what = f"The name {shown(value)} holds a letter that only looks like another ({name})."
        faults.add(clause, "look_alike", what, "Type it again with plain letters a to z.")
    elif not spec.pattern.fullmatch(value):
        faults.add(
            clause, "bad_name", f"{shown(value) or 'Nothing'} will not do here.", f"Write {spec.says}."
        )


def _record(spec: Record, value: object, clause: str, faults: Faults) -> None:
    if not isinstance(value, dict):
        _wrong_type(spec.says, clause, faults)
        return
    missing = [name for name, key in spec.keys.items() if key.required and name not in value]
    for name in value:
        if name not in spec.keys:
            _unknown_key(name, spec, clause, faults)
    for name in missing:
        says = spec.keys[name].spec.says
        faults.add(_join(clause, name), "missing_key", f"`{name}` is missing.", f"Write {says}.")
    for name, key in spec.keys.items():
        if name in value:
            walk(key.spec, value[name], _join(clause, name), faults)


def _unknown_key(name: str, spec: Record, clause: str, faults: Faults) -> None:
    if not name.isascii():
        check_name(Name(re.compile(""), ""), name, _join(clause, shown(name)), faults)
        return
    near = difflib.get_close_matches(name, spec.keys, 1)
    instead = f"Did you mean `{near[0]}`?" if near else f"The keys here are {', '.join(spec.keys)}."
    what = f"`{shown(name)}` is no key of an agreement here."
    faults.add(_join(clause, shown(name)), "unknown_key", what, instead)


def _table(spec: Table, value: object, clause: str, faults: Faults) -> None:
    if not isinstance(value, dict) or not value:
        _wrong_type(spec.says, clause, faults)
        return
    for name, inside in value.items():
        at = _join(clause, shown(name))
        check_name(spec.key, name, at, faults)
        walk(spec.of, inside, at, faults)


def _items(spec: Items, value: object, clause: str, faults: Faults) -> None:
    if not isinstance(value, list):
        _wrong_type(spec.says, clause, faults)
        return
    if len(value) < spec.least:
        faults.add(clause, "empty_list", "The list is empty.", f"Write {spec.says}.")
    for number, inside in enumerate(value):
        walk(spec.of, inside, f"{clause}[{number}]", faults)
    _no_twins(value, clause, faults)


def _no_twins(value: list[object], clause: str, faults: Faults) -> None:
    seen: set[object] = set()
    for number, inside in enumerate(value):
        if isinstance(inside, str) and inside in seen:
            faults.add(
                f"{clause}[{number}]", "listed_twice", "This is in the list twice.", "Keep one of them."
            )
        elif isinstance(inside, str):
            seen.add(inside)


def _either(spec: Either, value: object, clause: str, faults: Faults) -> None:
    if isinstance(value, str):
        if value != spec.word:
            faults.add(clause, "not_in_list", f"{shown(value)} will not do here.", f"Write {spec.says}.")
        return
    if isinstance(value, dict | list):
        walk(spec.other, value, clause, faults)
        return
    _wrong_type(spec.says, clause, faults)


def _whole(spec: Whole, value: object, clause: str, faults: Faults) -> None:
    if isinstance(value, bool) or not isinstance(value, int):
        _wrong_type(spec.says, clause, faults)
    elif not spec.least <= value <= spec.most:
        faults.add(clause, "out_of_range", "The number is out of range.", f"Write {spec.says}.")


def _text(spec: Name | Choice | Words | Day, value: object, clause: str, faults: Faults) -> None:
    if not isinstance(value, str):
        _wrong_type(spec.says, clause, faults)
    elif isinstance(spec, Name):
        check_name(spec, value, clause, faults)
    elif isinstance(spec, Choice):
        _choice(spec, value, clause, faults)
    elif isinstance(spec, Day):
        _day(spec, value, clause, faults)
    elif not value.strip():
        faults.add(clause, "empty_text", "The text is empty.", f"Write {spec.says}.")


def _choice(spec: Choice, value: str, clause: str, faults: Faults) -> None:
    if value in spec.options:
        return
    near = difflib.get_close_matches(value, spec.options, 1)
    instead = f"Did you mean `{near[0]}`?" if near and value.isascii() else f"Write {spec.says}."
    faults.add(clause, "not_in_list", f"{shown(value) or 'Nothing'} will not do here.", instead)


def _day(spec: Day, value: str, clause: str, faults: Faults) -> None:
    try:
        found = date.fromisoformat(value) if DATE.fullmatch(value) else None
    except ValueError:
        found = None
    if found is None or not FIRST_YEAR <= found.year <= LAST_YEAR:
        faults.add(clause, "bad_date", "This is not a day of the calendar.", f"Write {spec.says}.")


def _wrong_type(says: str, clause: str, faults: Faults) -> None:
    faults.add(clause, "wrong_type", "This is the wrong kind of value.", f"Write {says}.")


def _join(clause: str, name: str) -> str:
    return f"{clause}.{name}" if clause else name
