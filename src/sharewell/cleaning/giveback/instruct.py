"""What the sender is told of a row that was set aside: why, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from sharewell.cleaning.giveback.terms import Answers, Given
from sharewell.cleaning.sentences import why
from sharewell.sources.terms import Field, FieldType

_MISSING: Final = "missing_required_"
_LINES: Final = {
    "truncated_row": "Fill in what is cut off; what there is of the row is in the last column.",
    "ragged_row": "Put each value under its own heading; the row as it came is in the last column.",
    "shifted_row": "Put each value under its own heading; the row as it came is in the last column.",
}
_WHOLE: Final = "Write the record anew under its headings; what came is in the last column."
_KEY: Final = (
    "Keep one row of each {}. If this row is another record, give it its own; else leave it as it is."
)
_LOOK_UP: Final = "Look “{}” up where it came from: a figure is wrong, or two have changed places."
_DAY: Final = "Write “{}” as day, month in letters and year, such as 4 March 1950{}."
_CODE: Final = "Write one of these for “{}”: {}."
_MOST_CODES: Final = 12
_CHECKED: Final = frozenset({FieldType.NHS_NUMBER, FieldType.NINO, FieldType.UPN})
_DAYS: Final = frozenset({FieldType.DATE, FieldType.DATETIME})


def reason_of(given: Given, answers: Answers) -> str:
    """Return every reason of a row, one sentence a line, under the file's own headings."""
    names = {field: column for column, field in answers.headings.items()}
    return "\n".join(_told(given, names))


def _told(given: Given, names: Mapping[str, str]) -> Iterator[str]:
    for place, reason in enumerate(given.reasons):
        column = given.columns[place] if place < len(given.columns) else None
        sentence = why(reason, names)
        known = column is not None and not reason.startswith(_MISSING)
        yield f"“{names.get(str(column), column)}”: {sentence}" if known else sentence


def advice_of(given: Given, answers: Answers) -> str:
    """Return what to do about a row, one sentence a line."""
    if given.is_line:
        return "\n".join(dict.fromkeys(_LINES.get(reason, _WHOLE) for reason in given.reasons))
    names = {field: column for column, field in answers.headings.items()}
    told = [
        _advice(reason, answers.standard.field(column), names.get(column, column))
        for reason, column in zip(given.reasons, given.columns, strict=False)
    ]
    return "\n".join(dict.fromkeys(told))


def _advice(reason: str, field: Field | None, name: str) -> str:
    if reason.startswith("duplicate_"):
        return _KEY.format(name)
    if reason.startswith(_MISSING) or field is None:
        return f"Fill in “{name}”."
    if field.categories:
        return _CODE.format(name, _codes(field))
    if field.type in _DAYS:
        return _DAY.format(name, _bounds(field))
    return _LOOK_UP.format(name) if field.type in _CHECKED else f"Correct “{name}”."


def _codes(field: Field) -> str:
    listed = [f"{code} ({words[0]})" if words else code for code, words in field.categories.items()]
    more = f" and {len(listed) - _MOST_CODES} more" if len(listed) > _MOST_CODES else ""
    return ", ".join(listed[:_MOST_CODES]) + more


def _bounds(field: Field) -> str:
    latest = "today" if field.latest == "today" else field.latest
    told = [f"from {field.earliest}" if field.earliest else "", f"to {latest}" if latest else ""]
    said = " ".join(part for part in told if part)
    return f" ({said})" if said else ""
