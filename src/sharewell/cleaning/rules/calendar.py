"""What a column's dates may be, and what its values show together: the order of day and month, the centuries.

Whether 03/04 is 3 April or 4 March is never decided one cell at a time: the whole column is evidence. British
lists write the day first, so where nothing shows an order it is that. Where a column shows both, and not ten
to one, nobody can know, and a date with two readings is not read.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from sharewell.cleaning.rules.encodings import half_width
from sharewell.cleaning.rules.identifiers import plain_digits
from sharewell.sources.terms import DateOrder, Field, Role

RULES: Final = {
    "date_sentinel": "The date is one that computers write when none is known.",
    "date_century_unclear": "The year has two figures, and the column has dates of both centuries near it.",
    "date_in_future": "The date lies in the future, which it cannot.",
    "date_too_early": "The date is earlier than this field allows.",
    "date_too_late": "The date is later than this field allows.",
}

SENTINEL: Final = "1900-01-01"
"""Written for "not known" where a field's own bounds begin in 1900 or later; elsewhere a day like others."""
ALWAYS_SENTINELS: Final = frozenset(
    {"9999-12-31", "9999-01-01", "2999-12-31", "2999-01-01", "3000-01-01", "4000-01-01", "0001-01-01"}
)
PARTS: Final = re.compile(
    "([0-9]{1,4}) ?[/.\\-, _|;~\\\\] ?([0-9]{1,2}) ?[/.\\-, _|;~\\\\] ?([0-9]{4}|[0-9]{1,2})"
)

_FULL_YEAR = re.compile("(?<![0-9])(?:1[5-9]|20)[0-9]{2}(?![0-9])")
_NO_DAY = re.compile(
    "(?<![0-9])0?1[^0-9]{1,3}(?:0?1[^0-9]{1,3}|jan[a-z]*[^0-9]*)1900|1900[^0-9]0?1[^0-9]0?1(?![0-9])",
    re.IGNORECASE,
)
_WORTH_A_WRONG_ONE: Final = 10
"""A wrong repair costs ten missed ones, so evidence must be ten to one."""
_BRITISH: Final = 9
"""So many dates speak for the day first before a column is looked at: a stray one unsettles nothing."""
_NEAR: Final = 3
_YEARS_AHEAD: Final = 20
_PAST_ROLES: Final = frozenset({Role.DATE_OF_BIRTH, Role.DATE_OF_DEATH})


class Order(StrEnum):
    """Which of the first two numbers of a date is the day; unclear where a column shows both."""

    DAY_FIRST = "day_first"
    MONTH_FIRST = "month_first"
    UNCLEAR = "unclear"


_ORDERS: Final = {DateOrder.DAY_FIRST: Order.DAY_FIRST, DateOrder.MONTH_FIRST: Order.MONTH_FIRST}


@dataclass(frozen=True)
class Calendar:
    """What a column's dates may be. ``is_past`` says that no date may lie after ``as_of``.

    ``years`` counts the years of four figures that stand in the column's values.
    """

    as_of: date
    earliest: str
    latest: str
    is_past: bool
    has_sentinel: bool
    order: Order = Order.DAY_FIRST
    years: Mapping[int, int] = field(default_factory=dict)


def calendar_for(item: Field, as_of: date, values: Iterable[str] = ()) -> Calendar:
    """Return what a field's dates may be, with what its values show."""
    is_past = item.latest == "today" or (item.latest is None and item.role in _PAST_ROLES)
    told = list(values)
    return Calendar(
        as_of=as_of,
        earliest=_bound(item.earliest, as_of) or "0001-01-01",
        latest=as_of.isoformat() if is_past else _bound(item.latest, as_of) or "9999-12-31",
        is_past=is_past,
        has_sentinel=item.earliest is not None and item.earliest >= "1900",
        order=_ORDERS[item.date_order] if item.date_order else order_shown_by(told),
        years=Counter(year for value in told if (year := _year_told(value))),
    )


def _year_told(value: str) -> int | None:
    """Return the year of four figures in a value; None for 1 January 1900, which stands for no day."""
    found = _FULL_YEAR.search(value)
    return int(found.group()) if found and not _NO_DAY.search(value) else None


def _bound(text: str | None, as_of: date) -> str | None:
    return as_of.isoformat() if text == "today" else text


def order_shown_by(values: Iterable[str]) -> Order:
    """Return the order that a column's values show: day first where none shows any."""
    votes = Counter(vote for value in values if (vote := order_of(value)))
    day, month = votes[Order.DAY_FIRST], votes[Order.MONTH_FIRST]
    if day + _BRITISH >= month * _WORTH_A_WRONG_ONE:
        return Order.DAY_FIRST
    return Order.MONTH_FIRST if month >= day * _WORTH_A_WRONG_ONE else Order.UNCLEAR


def order_of(value: str) -> Order | None:
    """Return the one order in which a date can be read; None when it can be read in both or neither."""
    found = PARTS.match(plain_digits(half_width(value)).lstrip(" '‘’\"\u00a0"))
    if not found or len(found[1]) > 2:
        return None
    return order_of_figures(int(found[1]), int(found[2]))


def order_of_figures(first: int, second: int) -> Order | None:
    """Return the one order in which the first two numbers of a date can be read; None for both or neither."""
    if 12 < first <= 31 and 1 <= second <= 12:
        return Order.DAY_FIRST
    return Order.MONTH_FIRST if 1 <= first <= 12 < second <= 31 else None


def wrong_date(iso: str, calendar: Calendar) -> str | None:
    """Return why a real day cannot be this field's value, or None when it can."""
    if iso in ALWAYS_SENTINELS or (calendar.has_sentinel and iso == SENTINEL):
        return "date_sentinel"
    if iso < calendar.earliest:
        return "date_too_early"
    if iso > calendar.latest:
        return "date_in_future" if calendar.is_past else "date_too_late"
    return None


def century_of(newer: date | None, older: date | None, calendar: Calendar) -> date | str:
    """Return the one of two days a century apart that a year of two figures means, or why it cannot be told.

    The column's other years decide. Where they say nothing it is the newer day, for there are hundreds of
    people of each age under thirty to one who is a century older.
    """
    if newer and _is_ahead(newer, calendar):
        newer = None
    able = [day for day in (newer, older) if day and not wrong_date(day.isoformat(), calendar)]
    if len(able) < 2:
        return able[0] if able else _why_neither(newer or older, calendar)
    near_newer, near_older = (_count_near(day.year, calendar) for day in able)
    if near_newer >= near_older * _WORTH_A_WRONG_ONE:
        return able[0]
    return able[1] if near_older >= near_newer * _WORTH_A_WRONG_ONE else "date_century_unclear"


def _is_ahead(day: date, calendar: Calendar) -> bool:
    days = 0 if calendar.is_past else _YEARS_AHEAD * 365
    return day > calendar.as_of + timedelta(days=days)


def _why_neither(day: date | None, calendar: Calendar) -> str:
    return (wrong_date(day.isoformat(), calendar) if day else None) or "date_impossible"


def _count_near(year: int, calendar: Calendar) -> int:
    return sum(calendar.years.get(near, 0) for near in range(year - _NEAR, year + _NEAR + 1))
