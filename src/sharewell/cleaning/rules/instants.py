"""Rules for a date with a time of day, written 2021-03-04T09:30:00, with its offset where one was told."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import Final

from sharewell.cleaning.rules.dates import Calendar, calendar_for, read_date, wrong_date
from sharewell.cleaning.rules.identifiers import plain_digits
from sharewell.cleaning.rules.text import nothing_known, tidy
from sharewell.cleaning.terms import Decision, Rule, blanked
from sharewell.sources.terms import Field

RULES: Final = {
    "instant_written": "A date and time were written year-month-day, T, hours, minutes and seconds.",
    "instant_without_time": "A date without a time of day was given midnight.",
    "time_impossible": "There is no such time of day.",
}

INSTANT_PATTERN: Final = (
    "[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]"
    "(Z|[+-][01][0-9]:[0-5][0-9])?"
)
_DAY_AND_TIME = re.compile(
    "(.+?)(?:[Tt]| +|, *)([0-9]{1,2}):([0-9]{2})(?::([0-9]{2})(?:[.,][0-9]+)?)?(?: ?([AaPp])[.]?[Mm][.]?)?"
    "(?: ?([Zz]|UTC|GMT|[+-][0-9]{2}:?[0-9]{2}))?"
)


def instant_rule(field: Field, as_of: date, values: Iterable[str]) -> Rule:
    """Return the rule for one column of dates with times, given the distinct values not canonical."""
    calendar = calendar_for(field, as_of, values)
    return lambda value: _decide_instant(value, calendar)


def _decide_instant(value: str, calendar: Calendar) -> Decision | None:
    draft = tidy(value)
    if nothing := nothing_known(draft.text):
        return nothing
    draft.becomes(plain_digits(draft.text), "full_width_digits")
    draft.becomes(draft.text.lstrip("'‘’"), "text_marker")
    found = _DAY_AND_TIME.fullmatch(draft.text)
    reading = read_date(found[1] if found else draft.text, calendar)
    if isinstance(reading, str):
        return blanked(reading)
    if wrong := wrong_date(reading.day.isoformat(), calendar):
        return blanked(wrong)
    time = _time_told(found) if found else "00:00:00"
    if time is None:
        return blanked("time_impossible")
    draft.becomes(f"{reading.day}T{time}", "instant_written" if found else "instant_without_time")
    return draft.against(value, "instant_written")


def _time_told(found: re.Match[str]) -> str | None:
    hour, minute, second = int(found[2]), int(found[3]), int(found[4] or 0)
    if found[5]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if found[5] in "Pp" else 0)
    if hour > 23 or minute > 59 or second > 59:
        return None
    return f"{hour:02}:{minute:02}:{second:02}{_offset(found[6])}"


def _offset(told: str | None) -> str:
    if not told:
        return ""
    return "Z" if told.upper() in {"Z", "UTC", "GMT"} else f"{told[:3]}:{told[-2:]}"
