"""The forms in which dates are written, and the one day that each can mean."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Final, NamedTuple

from sharewell.cleaning.rules.calendar import PARTS, Calendar, Order, century_of, order_of_figures, wrong_date
from sharewell.cleaning.rules.months import day_in_figures, month_called

RULES: Final = {
    "date_day_first": "A date written day, month, year was written year-month-day.",
    "date_month_first": "A date written month, day, year was written year-month-day.",
    "date_year_first": "A date written year, month, day was given hyphens and two figures each.",
    "date_month_named": "A date with its month in words was written year-month-day.",
    "date_run_together": "A date of six or eight figures run together was written year-month-day.",
    "date_serial": "A spreadsheet's count of days since 1900 was written year-month-day.",
    "date_two_figure_year": "A year of two figures was given its century by what the date can be.",
    "date_impossible": "There is no such day.",
    "date_not_understood": "The cell does not hold a date in any form that can be read one way only.",
    "date_order_unclear": "The date can be read two ways, and the column's other dates are in both orders. "
    "Ask the sender which number is the day, and say so in the standard (sharewell:dateOrder).",
}

_OPENING = re.compile("^(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*[,.]? +)?(?:the (?=[0-9]))?", re.IGNORECASE)
_COLONS = re.compile("^([0-9]{4}):([0-9]{2}):([0-9]{2})$")
_YEAR: Final = "['’]?([0-9]{4}|[0-9]{2})"
_DAY_NAMED = re.compile(
    f"([0-9]{{1,2}})(?:st|nd|rd|th)?[ ./,_-]*(?:of )?([A-Za-z]{{3,}})[ ./,_-]*{_YEAR}", re.IGNORECASE
)
_NAMED_DAY = re.compile("([A-Za-z]{3,})[ ./-]*([0-9]{1,2})(?:st|nd|rd|th)?[ ,/-]+([0-9]{4})", re.IGNORECASE)
_YEAR_NAMED = re.compile("([0-9]{4})[ ./-]*([A-Za-z]{3,})[ ./-]*([0-9]{1,2})")
_SERIAL = re.compile("[1-9][0-9]{4}(?:[.][0-9]+)?")
_EIGHT = re.compile("([0-9]{8})(?:[.]0+)?")
_SIX = re.compile("([0-9]{2})([0-9]{2})([0-9]{2})")
_SERIAL_START: Final = date(1899, 12, 30)
_OLDEST_RUN_TOGETHER: Final = 1500


class Reading(NamedTuple):
    """The day a text means and the rules that say so."""

    day: date
    rules: tuple[str, ...]


Answer = Reading | str
"""A reading, or the id of the rule that says why there is none."""


def read_date(text: str, calendar: Calendar) -> Answer:
    """Return the day a text means, or the id of the rule that says why it means none."""
    if text[:1].isalpha() or ":" in text:
        text = day_in_figures(_COLONS.sub("\\1-\\2-\\3", _OPENING.sub("", text)))
    if found := PARTS.fullmatch(text):
        return _read_parts(found[1], found[2], found[3], calendar)
    if found := _EIGHT.fullmatch(text):
        return _read_eight(found[1], calendar)
    if _SERIAL.fullmatch(text):
        return Reading(_SERIAL_START + timedelta(days=int(text[:5])), ("date_serial",))
    if found := _SIX.fullmatch(text):
        return _read_six(found[1], found[2], found[3], calendar)
    return _read_worded(text, calendar)


def _read_worded(text: str, calendar: Calendar) -> Answer:
    if found := _DAY_NAMED.fullmatch(text):
        return _read_named(found[1], found[2], found[3], calendar)
    if found := _NAMED_DAY.fullmatch(text):
        return _read_named(found[2], found[1], found[3], calendar)
    if found := _YEAR_NAMED.fullmatch(text):
        return _read_named(found[3], found[2], found[1], calendar)
    return "date_not_understood"


def _read_named(day: str, month: str, year: str, calendar: Calendar) -> Answer:
    number = month_called(month)
    if number is None:
        return "date_not_understood"
    return _in_century(year, number, int(day), "date_month_named", calendar)


def _read_parts(first: str, second: str, third: str, calendar: Calendar) -> Answer:
    if not int(first) and not int(second) and not int(third):
        return "date_sentinel"
    if len(first) == 4 and len(third) <= 2:
        return _on(int(first), int(second), int(third), ("date_year_first",))
    if len(first) > 2 or len(third) == 1:
        return "date_not_understood"
    if len(third) == 2 and int(first) > 31:
        return _in_century(first, int(second), int(third), "date_year_first", calendar)
    return _in_order(first, second, third, calendar)


def _in_order(first: str, second: str, year: str, calendar: Calendar) -> Answer:
    """Read day, month and year in the one order they can have, else in the column's."""
    one, two = int(first), int(second)
    order = order_of_figures(one, two) or (Order.DAY_FIRST if first == second else calendar.order)
    if order is Order.DAY_FIRST:
        return _in_century(year, two, one, "date_day_first", calendar)
    month_first = _in_century(year, one, two, "date_month_first", calendar)
    if order is Order.MONTH_FIRST:
        return month_first
    return _only_possible(_in_century(year, two, one, "date_day_first", calendar), month_first, calendar)


def _only_possible(one: Answer, other: Answer, calendar: Calendar) -> Answer:
    """Return the reading that can be this field's value when the other cannot."""
    able = {
        found.day: found for found in (one, other) if _can_be(found, calendar) and isinstance(found, Reading)
    }
    if len(able) == 1:
        return able.popitem()[1]
    return "date_order_unclear" if able else one


def _can_be(found: Answer, calendar: Calendar) -> bool:
    return isinstance(found, Reading) and not wrong_date(found.day.isoformat(), calendar)


def _read_eight(digits: str, calendar: Calendar) -> Answer:
    if not int(digits):
        return "date_sentinel"
    year_first = _on(int(digits[:4]), int(digits[4:6]), int(digits[6:]), ("date_run_together",))
    year_last = _run_together(digits[:2], digits[2:4], digits[4:], calendar)
    if not _can_be(year_last, calendar):
        return year_first if isinstance(year_first, Reading) else year_last
    is_year = int(digits[:4]) >= _OLDEST_RUN_TOGETHER and _can_be(year_first, calendar)
    return year_first if is_year else year_last


def _read_six(first: str, second: str, third: str, calendar: Calendar) -> Answer:
    """Read six figures where only one of day, month, year and year, month, day can be meant."""
    year_last = _run_together(first, second, third, calendar)
    year_first = _in_century(first, int(second), int(third), "date_run_together", calendar)
    able = [found for found in (year_last, year_first) if _can_be(found, calendar)]
    if len(able) == 1:
        return able[0]
    return "date_order_unclear" if able else "date_not_understood"


def _run_together(first: str, second: str, year: str, calendar: Calendar) -> Answer:
    found = _in_order(first, second, year, calendar)
    if isinstance(found, str):
        return found
    return Reading(found.day, ("date_run_together", *found.rules[1:]))


def _in_century(year: str, month: int, day: int, rule: str, calendar: Calendar) -> Answer:
    if len(year) == 4:
        return _on(int(year), month, day, (rule,)) if int(year) else "date_sentinel"
    century = calendar.as_of.year - calendar.as_of.year % 100
    newer, older = (_day(start + int(year), month, day) for start in (century, century - 100))
    meant = century_of(newer, older, calendar)
    return meant if isinstance(meant, str) else Reading(meant, (rule, "date_two_figure_year"))


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _on(year: int, month: int, day: int, rules: tuple[str, ...]) -> Answer:
    found = _day(year, month, day)
    return Reading(found, rules) if found else "date_impossible"
