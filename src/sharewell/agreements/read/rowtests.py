"""Row tests: one field, one test, values that are plainly values and never a query, pattern or wildcard."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable
from decimal import Decimal
from itertools import pairwise
from typing import Final

from sharewell.agreements.read.faults import Faults
from sharewell.agreements.read.specs import Name, RowTestSpec
from sharewell.agreements.read.tree import Broken, shown
from sharewell.agreements.terms import Test

CheckName = Callable[[Name, str, str, Faults], None]

LONGEST: Final = 100
DECIMAL: Final = re.compile(r"-?[0-9]+(\.[0-9]+)?")
NOT_A_VALUE: Final = re.compile(
    r"[*%?;\\^$|{}\[\]<>=~`]|--|/\*|\.[+]|\b(select|union|insert|drop)\b.*\b\w", re.I
)
TESTS: Final = tuple(Test)


def walk_row_test(
    spec: RowTestSpec, value: object, clause: str, faults: Faults, check_name: CheckName
) -> None:
    """Note every way in which the value is not a row test."""
    if not isinstance(value, dict):
        faults.add(clause, "wrong_type", "A row test is a map, never raw SQL.", f"Write {spec.says}.")
        return
    _field(spec, value, clause, faults, check_name)
    tests = [name for name in value if name in TESTS]
    for name in value:
        if name != "field" and name not in TESTS:
            _unknown(name, clause, faults)
    if len(tests) == 1:
        _values(spec, Test(tests[0]), value[tests[0]], clause, faults, check_name)
    elif len(tests) > 1 or len(value) == 1:
        what = f"A row test needs exactly one of {', '.join(TESTS)}."
        faults.add(clause, "not_one_test", what, f"Write {spec.says}.")


def _field(
    spec: RowTestSpec, value: dict[str, object], clause: str, faults: Faults, check_name: CheckName
) -> None:
    name = value.get("field")
    if "field" not in value:
        faults.add(f"{clause}.field", "missing_key", "`field` is missing.", f"Write {spec.says}.")
    elif isinstance(name, str):
        check_name(spec.field, name, f"{clause}.field", faults)
    elif not isinstance(name, Broken):
        faults.add(f"{clause}.field", "wrong_type", "A field is named in text.", f"Write {spec.field.says}.")


def _unknown(name: str, clause: str, faults: Faults) -> None:
    near = difflib.get_close_matches(name, ("field", *TESTS), 1)
    instead = f"Did you mean `{near[0]}`?" if near else f"The tests are {', '.join(TESTS)}."
    what = f"`{shown(name)}` is no row test."
    faults.add(f"{clause}.{shown(name)}", "unknown_key", what, instead)


def _values(
    spec: RowTestSpec, test: Test, value: object, clause: str, faults: Faults, check_name: CheckName
) -> None:
    at = f"{clause}.{test}"
    if test in {Test.IN, Test.BETWEEN}:
        _several(test, value, at, faults)
    elif test is Test.IS_PLACE and isinstance(value, str):
        check_name(spec.place, value, at, faults)
    elif test is Test.IS_PLACE and not isinstance(value, Broken):
        faults.add(at, "wrong_type", "A place is named by its code.", f"Write {spec.place.says}.")
    else:
        _one(value, at, faults)


def _several(test: Test, value: object, clause: str, faults: Faults) -> None:
    if isinstance(value, Broken):
        return
    if not isinstance(value, list) or not value or (test is Test.BETWEEN and len(value) != 2):
        needs = "two values, lowest first" if test is Test.BETWEEN else "a list of values"
        faults.add(clause, "wrong_type", f"`{test}` needs {needs}.", f"Write {test}: [...].")
        return
    for number, each in enumerate(value):
        _one(each, f"{clause}[{number}]", faults)
    if any(isinstance(each, Broken | dict | list) for each in value):
        return
    if any(type(left) is not type(right) for left, right in pairwise(value)):
        faults.add(clause, "wrong_type", "The values are of different kinds.", "Write all of one kind.")
    elif test is Test.BETWEEN and _rank(value[0]) > _rank(value[1]):
        faults.add(clause, "out_of_order", "The values are the wrong way round.", "Write the lowest first.")
    elif len(set(value)) != len(value):
        faults.add(clause, "listed_twice", "A value is in the list twice.", "Keep one of them.")


def _rank(value: str | int) -> tuple[bool, Decimal, str]:
    """Return what values are put in order by: numbers in quotation marks as the numbers they are."""
    if isinstance(value, str) and not DECIMAL.fullmatch(value):
        return True, Decimal(0), value
    return False, Decimal(value), ""


def _one(value: object, clause: str, faults: Faults) -> None:
    if isinstance(value, dict | list):
        faults.add(
            clause, "wrong_type", "This must be a single value.", "Write text, a number, true or false."
        )
    elif isinstance(value, str) and NOT_A_VALUE.search(value):
        what = "This is a pattern, wildcard or piece of SQL, not a value."
        faults.add(
            clause, "not_a_value", what, "Write the values themselves, with `in` if there are several."
        )
    elif isinstance(value, str) and not 0 < len(value.strip()) <= LONGEST:
        faults.add(clause, "bad_value", f"A value has 1 to {LONGEST} characters.", "Write the value itself.")
