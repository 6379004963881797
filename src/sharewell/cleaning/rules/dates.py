"""Rules for dates, which become year-month-day.

Whether 03/04 is 3 April or 4 March is never decided one cell at a time: the whole column is evidence. British
lists write the day first, so the month is first only where some value can mean nothing else and none says no.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

from sharewell.cleaning.rules.identifiers import plain_digits
from sharewell.cleaning.rules.text import Draft, nothing_known, tidy
from sharewell.cleaning.terms import Decision, Rule, blanked
from sharewell.sources.terms import Field, Role
from sharewell.vocab.clock import LONDON

RULES: Final = {
    "date_day_first": "A date written day, month, year was written year-month-day.",
    "date_month_first": "A date written month, day, year was written year-month-day.",
    "date_year_first": "A date written year, month, day was given hyphens and two figures each.",
    "date_month_named": "A date with its month in words was written year-month-day.",
    "date_run_together": "A date of eight figures run together was written year-month-day.",
    "date_serial": "A spreadsheet's count of days since 1900 was written year-month-day.",
    "date_two_figure_year": "A year of two figures was given its century by what the date can be.",
    "date_time_removed": "The time of day was taken off the date.",
    "date_sentinel": "The date is one that computers write when none is known.",
    "date_impossible": "There is no such day.",
    "date_not_understood": "The cell does not hold a date in any form that can be read one way only.",
    "date_in_future": "The date lies in the future, which it cannot.",
    "date_too_early": "The date is earlier than this field allows.",
    "date_too_late": "The date is later than this field allows.",
}

SENTINEL: Final = "1900-01-01"
"""Written for "not known" where a field's own bounds begin in 1900 or later; elsewhere a day like others."""

ALWAYS_SENTINELS: Final = frozenset({"9999-12-31", "9999-01-01", "2999-12-31", "3000-01-01", "0001-01-01"})
DATE_PATTERN: Final = (
    "[0-9]{4}-((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|(0[469]|11)-(0[1-9]|[12][0-9]|30)"
    "|02-(0[1-9]|1[0-9]|2[0-8]))"
)
"""Every day there is but 29 February, which the rule looks at itself."""

_MONTHS: Final = (
    ("january", "ionawr"),
    ("february", "chwefror"),
    ("march", "mawrth"),
    ("april", "ebrill"),
    ("may", "mai"),
    ("june", "mehefin"),
    ("july", "gorffennaf"),
    ("august", "awst"),
    ("september", "medi"),
    ("october", "hydref"),
    ("november", "tachwedd"),
    ("december", "rhagfyr"),
)
_MONTH: Final = {
    short: number
    for number, names in enumerate(_MONTHS, start=1)
    for name in names
    for short in {name, name[:3], name[:4]}
}
_TIME = re.compile(
    "(?:[Tt]| +|, *)[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:[.,][0-9]+)?)?(?: ?[AaPp][.]?[Mm][.]?)?"
    "(?: ?(?:[Zz]|UTC|GMT|BST|[+-][0-9]{2}:?[0-9]{2}))?$"
)
_INSTANT = re.compile(
    "([0-9]{4}-[0-9]{2}-[0-9]{2})[T ]([0-9]{2}:[0-9]{2})(:[0-9]{2})?(?:[.][0-9]+)?(Z|[+-][0-9]{2}:?[0-9]{2})"
)
_WEEKDAY = re.compile("^(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*[,.]? +", re.IGNORECASE)
_DAY_NAMED = re.compile(
    "([0-9]{1,2})(?:st|nd|rd|th)?[ ./,-]*(?:of )?([A-Za-z]{3,})[ ./,-]*([0-9]{4}|[0-9]{2})", re.IGNORECASE
)
_NAMED_DAY = re.compile("([A-Za-z]{3,})[ .-]*([0-9]{1,2})(?:st|nd|rd|th)?[ ,]+([0-9]{4})", re.IGNORECASE)
_PARTS = re.compile("([0-9]{1,4}) ?[/.\\-, ] ?([0-9]{1,2}) ?[/.\\-, ] ?([0-9]{4}|[0-9]{1,2})")
_SERIAL = re.compile("[1-9][0-9]{4}(?:[.][0-9]+)?")
_EIGHT = re.compile("([0-9]{4})([0-9]{2})([0-9]{2})(?:[.]0+)?")
_SERIAL_START: Final = date(1899, 12, 30)
_SUMMER_TIME_BEGAN: Final = 1916
_PAST_ROLES: Final = frozenset({Role.DATE_OF_BIRTH, Role.DATE_OF_DEATH})


class Order(StrEnum):
    """Which of the first two numbers of a date is the day."""

    DAY_FIRST = "day_first"
    MONTH_FIRST = "month_first"


@dataclass(frozen=True)
class Calendar:
    """What a column's dates may be. ``is_past`` says that no date may lie after ``as_of``."""

    as_of: date
    earliest: str
    latest: str
    is_past: bool
    has_sentinel: bool
    order: Order = Order.DAY_FIRST


@dataclass(frozen=True)
class Reading:
    """The day a text means and the rules that say so."""

    day: date
    rules: tuple[str, ...]


def calendar_for(field: Field, as_of: date, values: Iterable[str] = ()) -> Calendar:
    """Return what a field's dates may be, with the order of day and month that its values show."""
    is_past = field.latest == "today" or (field.latest is None and field.role in _PAST_ROLES)
    return Calendar(
        as_of=as_of,
        earliest=_bound(field.earliest, as_of) or "0001-01-01",
        latest=as_of.isoformat() if is_past else _bound(field.latest, as_of) or "9999-12-31",
        is_past=is_past,
        has_sentinel=field.earliest is not None and field.earliest >= "1900",
        order=order_shown_by(values),
    )


def _bound(text: str | None, as_of: date) -> str | None:
    return as_of.isoformat() if text == "today" else text


def order_shown_by(values: Iterable[str]) -> Order:
    """Return the order that a column's values show: day first unless the evidence is all for month first."""
    votes = {vote for value in values if (vote := _vote(value))}
    return Order.MONTH_FIRST if votes == {Order.MONTH_FIRST} else Order.DAY_FIRST


def _vote(value: str) -> Order | None:
    found = _PARTS.match(value.strip())
    if not found or len(found[1]) > 2:
        return None
    first, second = int(found[1]), int(found[2])
    if 12 < first <= 31 and 1 <= second <= 12:
        return Order.DAY_FIRST
    return Order.MONTH_FIRST if 1 <= first <= 12 < second <= 31 else None


def date_rule(field: Field, as_of: date, values: Iterable[str]) -> Rule:
    """Return the rule for one column of dates, given the distinct values that are not canonical."""
    calendar = calendar_for(field, as_of, values)
    return lambda value: decide_date(value, calendar)


def decide_date(value: str, calendar: Calendar) -> Decision | None:
    """Decide one value of a column of dates."""
    draft = tidy(value)
    if nothing := nothing_known(draft.text):
        return nothing
    draft.becomes(plain_digits(draft.text), "full_width_digits")
    draft.becomes(draft.text.lstrip("'‘’"), "text_marker")
    draft.becomes(_without_time(draft.text), "date_time_removed")
    reading = read_date(draft.text, calendar)
    if isinstance(reading, str):
        return blanked(reading)
    if wrong := wrong_date(reading.day.isoformat(), calendar):
        return blanked(wrong)
    _write(draft, reading)
    return draft.against(value, "date_year_first")


def _write(draft: Draft, reading: Reading) -> None:
    before = draft.text
    draft.becomes(reading.day.isoformat(), reading.rules[0])
    if draft.text != before:
        draft.rules.extend(rule for rule in reading.rules[1:] if rule not in draft.rules)


def _without_time(text: str) -> str:
    """Return the day of a date and time: the day in London when an instant is told."""
    found = _INSTANT.fullmatch(text)
    if found and int(found[1][:4]) >= _SUMMER_TIME_BEGAN:
        return _day_in_london(found) or _TIME.sub("", text)
    return _TIME.sub("", text)


def _day_in_london(found: re.Match[str]) -> str | None:
    zone = "+00:00" if found[4] == "Z" else found[4]
    try:
        instant = datetime.fromisoformat(f"{found[1]}T{found[2]}{found[3] or ':00'}{zone}")
        return instant.astimezone(LONDON).date().isoformat()
    except (ValueError, OverflowError):
        return None


def wrong_date(iso: str, calendar: Calendar) -> str | None:
    """Return why a real day cannot be this field's value, or None when it can."""
    if iso in ALWAYS_SENTINELS or (calendar.has_sentinel and iso == SENTINEL):
        return "date_sentinel"
    if iso < calendar.earliest:
        return "date_too_early"
    if iso > calendar.latest:
        return "date_in_future" if calendar.is_past else "date_too_late"
    return None


def read_date(text: str, calendar: Calendar) -> Reading | str:
    """Return the day a text means, or the id of the rule that says why it means none."""
    text = _WEEKDAY.sub("", text)
    if found := _PARTS.fullmatch(text):
        return _read_parts(found[1], found[2], found[3], calendar)
    if found := _EIGHT.fullmatch(text):
        return _read_eight(found[1] + found[2] + found[3], calendar)
    if _SERIAL.fullmatch(text):
        return Reading(_SERIAL_START + timedelta(days=int(text[:5])), ("date_serial",))
    if found := _DAY_NAMED.fullmatch(text):
        return _read_named(found[1], found[2], found[3], calendar)
    if found := _NAMED_DAY.fullmatch(text):
        return _read_named(found[2], found[1], found[3], calendar)
    return "date_not_understood"


def _read_parts(first: str, second: str, third: str, calendar: Calendar) -> Reading | str:
    if not int(first) and not int(second) and not int(third):
        return "date_sentinel"
    if len(first) == 4 and len(third) <= 2:
        return _on(int(first), int(second), int(third), ("date_year_first",))
    if len(first) > 2 or len(third) == 1:
        return "date_not_understood"
    order = _vote(f"{first}/{second}/{third}") or calendar.order
    if order is Order.DAY_FIRST:
        return _in_century(third, int(second), int(first), "date_day_first", calendar)
    return _in_century(third, int(first), int(second), "date_month_first", calendar)


def _read_named(day: str, month: str, year: str, calendar: Calendar) -> Reading | str:
    number = _MONTH.get(month.lower())
    if number is None:
        return "date_not_understood"
    return _in_century(year, number, int(day), "date_month_named", calendar)


def _read_eight(digits: str, calendar: Calendar) -> Reading | str:
    year_first = _on(int(digits[:4]), int(digits[4:6]), int(digits[6:]), ("date_run_together",))
    if isinstance(year_first, Reading) and not wrong_date(year_first.day.isoformat(), calendar):
        return year_first
    day_first = _on(int(digits[4:]), int(digits[2:4]), int(digits[:2]), ("date_run_together",))
    if isinstance(day_first, Reading) and not wrong_date(day_first.day.isoformat(), calendar):
        return day_first
    return "date_sentinel" if not int(digits) else year_first


def _in_century(year: str, month: int, day: int, rule: str, calendar: Calendar) -> Reading | str:
    if len(year) == 4:
        return _on(int(year), month, day, (rule,))
    latest = calendar.as_of if calendar.is_past else calendar.as_of + timedelta(days=20 * 365)
    century = latest.year - latest.year % 100
    for start in (century, century - 100):
        reading = _on(start + int(year), month, day, (rule, "date_two_figure_year"))
        if isinstance(reading, Reading) and reading.day <= latest:
            return reading
    return "date_impossible"


def _on(year: int, month: int, day: int, rules: tuple[str, ...]) -> Reading | str:
    try:
        return Reading(date(year, month, day), rules)
    except ValueError:
        return "date_impossible"
