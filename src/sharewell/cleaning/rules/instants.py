"""Rules for a date with a time of day, written 2021-03-04T09:30:00, with its offset where one was told."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Final

from sharewell.cleaning.rules.calendar import Calendar, calendar_for, wrong_date
from sharewell.cleaning.rules.dates import unwrap_date
from sharewell.cleaning.rules.readings import read_date
from sharewell.cleaning.rules.text import nothing_known, tidy
from sharewell.cleaning.terms import Decision, Rule, blanked
from sharewell.sources.terms import Field

RULES: Final = {
    "instant_written": "A date and time were written year-month-day, T, hours, minutes and seconds.",
    "instant_without_time": "A date without a time of day was given midnight.",
    "instant_serial": "A spreadsheet's count of days and their fraction was written as a date and time.",
    "time_impossible": "There is no such time of day.",
}

INSTANT_PATTERN: Final = (
    "[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]"
    "(Z|[+-][01][0-9]:[0-5][0-9])?"
)
_CLOCK: Final = "([0-9]{1,2})[:.]([0-9]{2})(?:[:.]([0-9]{2})(?:[.,][0-9]+)?)?(?: ?([AaPp])[.]?[Mm][.]?)?"
_ZONE: Final = "(?: ?(?:GMT|UTC)?([Zz]|UTC|GMT|BST|[+-][0-9]{2}:?[0-9]{2})(?: [(][A-Za-z ]+[)])?)?"
_DAY_AND_TIME = re.compile(f"(.+?)(?:[Tt]| at | +|, *){_CLOCK}{_ZONE}")
_TIME_AND_DAY = re.compile(f"{_CLOCK}(?:,| on)? +([0-9]{{1,2}}[/ -].+)")
_RUN_TOGETHER = re.compile("([0-9]{8})[Tt]?([0-9]{2})([0-9]{2})([0-9]{2})?(?:[.][0-9]+)?([Zz])?")
_SERIAL = re.compile("([1-9][0-9]{4})([.][0-9]+)")
_TO_THE_MINUTE: Final = 5
"""A fraction of a day with fewer figures than this behind the point is no nearer than some seconds."""


def instant_rule(field: Field, as_of: date, values: Iterable[str]) -> Rule:
    """Return the rule for one column of dates with times, given the distinct values not canonical."""
    calendar = calendar_for(field, as_of, values)
    return lambda value: _decide_instant(value, calendar)


def _decide_instant(value: str, calendar: Calendar) -> Decision | None:
    draft = tidy(value)
    if nothing := nothing_known(draft.text):
        return nothing
    unwrap_date(draft)
    day, clock, rule = _parted(draft.text)
    reading = read_date(day, calendar)
    if isinstance(reading, str):
        return blanked(reading)
    if wrong := wrong_date(reading.day.isoformat(), calendar):
        return blanked(wrong)
    time = _time_told(*clock) if clock else "00:00:00"
    if time is None:
        return blanked("time_impossible")
    draft.becomes(f"{reading.day}T{time}", rule)
    return draft.against(value, rule)


Clock = tuple[str, str, str | None, str | None, str | None]
"""Hours, minutes, seconds, a or p, and the offset."""


def _parted(text: str) -> tuple[str, Clock | None, str]:
    """Return the day, the clock's parts and the rule; no clock where the text is a day alone."""
    if found := _RUN_TOGETHER.fullmatch(text):
        return found[1], (found[2], found[3], found[4], None, found[5]), "instant_written"
    if found := _SERIAL.fullmatch(text):
        day, clock = _from_serial(int(found[1]), found[2])
        return day, clock, "instant_serial"
    if found := _DAY_AND_TIME.fullmatch(text):
        return found[1], (found[2], found[3], found[4], found[5], found[6]), "instant_written"
    if found := _TIME_AND_DAY.fullmatch(text):
        return found[5], (found[1], found[2], found[3], found[4], None), "instant_written"
    return text, None, "instant_without_time"


def _from_serial(days: int, fraction: str) -> tuple[str, Clock]:
    """Return the day and time of a spreadsheet's count, to the minute where its fraction is short."""
    step = 60 if len(fraction) - 1 < _TO_THE_MINUTE else 1
    seconds = round(float(fraction) * 86_400 / step) * step
    instant = datetime(1899, 12, 30) + timedelta(days=days, seconds=seconds)
    hours, minutes, rest = instant.strftime("%H %M %S").split()
    return instant.date().isoformat(), (hours, minutes, rest, None, None)


def _time_told(
    hours: str, minutes: str, seconds: str | None, half: str | None, offset: str | None
) -> str | None:
    hour, minute, second = int(hours), int(minutes), int(seconds or 0)
    if half:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half in "Pp" else 0)
    if hour > 23 or minute > 59 or second > 59:
        return None
    return f"{hour:02}:{minute:02}:{second:02}{_offset(offset)}"


def _offset(told: str | None) -> str:
    if not told:
        return ""
    if told == "BST":
        return "+01:00"
    return "Z" if told.upper() in {"Z", "UTC", "GMT"} else f"{told[:3]}:{told[-2:]}"
