"""What is said of a failing cell: what is wrong with it in one sentence, and what its sender is to do."""

from __future__ import annotations

from typing import Final

from sharewell.cleaning.check_queries import BOUNDS, CHECK, FORM, MISSING, REPEATED
from sharewell.cleaning.checked import Kind, Outcome
from sharewell.cleaning.rules import RULES
from sharewell.sources.terms import Field, FieldType

_CHECKED: Final = frozenset({FieldType.NHS_NUMBER, FieldType.NINO, FieldType.UPN})
_DAYS: Final = frozenset({FieldType.DATE, FieldType.DATETIME})
_MOST_CODES: Final = 12
_KINDS: Final = {MISSING: Kind.MISSING, FORM: Kind.FORM, BOUNDS: Kind.BOUNDS, REPEATED: Kind.REPEATED}
KIND_WORDS: Final = {
    Kind.MISSING: "Missing",
    Kind.FORM: "Not in the right form",
    Kind.CHECK: "Fails its check",
    Kind.RANGE: "Day out of range",
    Kind.CODE: "Not one of the codes",
    Kind.BOUNDS: "Outside what the field allows",
    Kind.REPEATED: "Repeated",
}
OUTCOME_WORDS: Final = {
    Outcome.ROW_LOST: "The row would be set aside",
    Outcome.CELL_LOST: "The cell would be left empty",
    Outcome.PUT_RIGHT: "sharewell puts it right",
    Outcome.UNKNOWN: "To be looked at",
}
UNREADABLE: Final = {
    "ragged_row": "The row has more or fewer cells than the header.",
    "truncated_row": "The file breaks off inside the row.",
    "bad_json": "The line is not valid JSON.",
}


def kind_of(number: int, field: Field) -> Kind:
    """Return the kind of a failing cell from the query's number and its field."""
    if number in (FORM, CHECK) and field.categories:
        return Kind.CODE
    if number != CHECK:
        return _KINDS[number]
    if field.type in _DAYS:
        return Kind.RANGE
    return Kind.CHECK if field.type in _CHECKED else Kind.FORM


def what_is_wrong(kind: Kind, field: Field, rule: str) -> str:
    """Return the sentence on what is wrong; the rule that decided says it best."""
    if kind is Kind.BOUNDS:
        return f"The value is outside what the field allows: {'; '.join(_bounds(field))}."
    if kind is Kind.REPEATED:
        return "Another row has the same value, and no two may share it."
    if kind is Kind.MISSING:
        return "The field is required, and the cell says nothing."
    known = [part for part in rule.split("+") if part in RULES]
    return " ".join(RULES[part] for part in known) or _PLAIN[kind]


_PLAIN: Final = {
    Kind.FORM: "The value is not in the field's one form.",
    Kind.CHECK: "The value's check digit, letter or prefix does not fit.",
    Kind.RANGE: "The day is outside those that can be right.",
    Kind.CODE: "The value is none of the standard's codes.",
}


def _bounds(field: Field) -> list[str]:
    bounds = field.bounds
    told = {
        "it must match {}": bounds.pattern,
        "at least {} characters": bounds.shortest,
        "at most {} characters": bounds.longest,
        "not below {}": bounds.least,
        "not above {}": bounds.most,
    }
    return [words.format(value) for words, value in told.items() if value is not None]


def advice_on(kind: Kind, outcome: Outcome, field: Field) -> str:
    """Return what the sender is to do."""
    like = f", such as {field.example}" if field.example else ""
    if outcome is Outcome.PUT_RIGHT:
        return f"Nothing needs doing. To send it in its one form, write it as it should be{like}."
    if kind is Kind.MISSING:
        return f"Fill the cell in{like}, or leave the row out."
    if kind is Kind.REPEATED:
        return "Keep one of the rows, or give each row its own value."
    if kind is Kind.CODE:
        return f"Use one of the codes: {_codes(field)}."
    if kind is Kind.RANGE:
        return f"Look the day up: it must lie {_days(field)}."
    if kind is Kind.CHECK:
        return "Look the value up where it came from: a figure is wrong, or two have changed places."
    if kind is Kind.BOUNDS:
        return f"Correct the value: {'; '.join(_bounds(field))}."
    otherwise = "leave the row out" if field.required else "leave the cell empty if nothing is known"
    return f"Correct the value{like}, or {otherwise}."


def _codes(field: Field) -> str:
    listed = [f"{code} ({words[0]})" if words else code for code, words in field.categories.items()]
    more = f" and {len(listed) - _MOST_CODES} more" if len(listed) > _MOST_CODES else ""
    return ", ".join(listed[:_MOST_CODES]) + more


def _days(field: Field) -> str:
    first, last = field.earliest, "today" if field.latest == "today" else field.latest
    if first and last:
        return f"between {first} and {last}"
    if first or last:
        return f"on or after {first}" if first else f"on or before {last}"
    return "within a lifetime, and not be a day that stands for none"
