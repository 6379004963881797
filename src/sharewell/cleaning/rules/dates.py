"""Rules for dates, which become year-month-day. What a column shows as a whole is told in ``calendar.py``."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime
from typing import Final

from sharewell.cleaning.rules.calendar import (
    ALWAYS_SENTINELS,
    SENTINEL,
    Calendar,
    calendar_for,
    wrong_date,
)
from sharewell.cleaning.rules.identifiers import plain_digits
from sharewell.cleaning.rules.readings import Reading, read_date
from sharewell.cleaning.rules.text import Draft, nothing_known, tidy
from sharewell.cleaning.terms import Decision, Rule, blanked
from sharewell.sources.terms import Field
from sharewell.vocab.clock import LONDON

__all__ = ["ALWAYS_SENTINELS", "SENTINEL", "calendar_for", "date_rule", "unwrap_date"]

RULES: Final = {
    "date_time_removed": "The time of day was taken off the date.",
    "date_punctuation": "A label or brackets round the date, or unusual marks in it, were put right.",
}

DATE_PATTERN: Final = (
    "[0-9]{4}-((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|(0[469]|11)-(0[1-9]|[12][0-9]|30)"
    "|02-(0[1-9]|1[0-9]|2[0-8]))"
)
"""Every day there is but 29 February, which the rule looks at itself."""

_ZONE: Final = "(?: ?(?:[Zz]|UTC|GMT|BST)?(?:[+-][0-9]{2}:?[0-9]{2})?(?: [(][A-Za-z ]+[)])?)?"
_TIME = re.compile(
    "(?:[Tt]| at | +|, *)(?:[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:[.,][0-9]+)?)?(?: ?[AaPp][.]?[Mm][.]?)?"
    f"|[0-9]{{1,2}}[.][0-9]{{2}} ?[AaPp][.]?[Mm][.]?|[0-9]{{1,2}} ?[AaPp][.]?[Mm][.]?){_ZONE}$"
)
_RUN_TOGETHER = re.compile("([0-9]{8})[Tt]?(?:[01][0-9]|2[0-3])[0-5][0-9](?:[0-5][0-9](?:[.][0-9]+)?)?[Zz]?")
_ZONE_ALONE = re.compile("([0-9]{4}-[0-9]{2}-[0-9]{2})(?:[Zz]|[+-][0-9]{2}:[0-9]{2})")
_INSTANT = re.compile(
    "([0-9]{4}-[0-9]{2}-[0-9]{2})[T ]([0-9]{2}:[0-9]{2})(:[0-9]{2})?(?:[.][0-9]+)?(Z|[+-][0-9]{2}:?[0-9]{2})"
)
_SUMMER_TIME_BEGAN: Final = 1916
_BARE = re.compile(
    "[0-9]{1,4}([/.-])[0-9]{1,2}\\1[0-9]{2,4}|[0-9]{1,2}[ -][A-Za-z]{3,9}[ -][0-9]{2,4}|[0-9]{5,8}"
)
"""The commonest forms, round which nothing stands that would be taken off."""
_DASHES = re.compile("[\u2010-\u2015\u2212]")
_LABEL = re.compile("^(?:d[.]?o[.]?b[.]?|date of birth|born(?: on)?|date)[ :.]+(?=.*[0-9])", re.IGNORECASE)
_LETTERED = re.compile("[0-9OoIl]{1,4}[/.-][0-9OoIl]{1,2}[/.-][0-9OoIl]{2,4}")
_DIGIT_OF: Final = str.maketrans({"O": "0", "o": "0", "I": "1", "l": "1"})
_BRACKETED = re.compile("[(]([^()]+)[)]|\\[([^\\[\\]]+)\\]")


def date_rule(field: Field, as_of: date, values: Iterable[str]) -> Rule:
    """Return the rule for one column of dates, given the distinct values that are not canonical."""
    calendar = calendar_for(field, as_of, values)
    return lambda value: decide_date(value, calendar)


def decide_date(value: str, calendar: Calendar) -> Decision | None:
    """Decide one value of a column of dates."""
    draft = Draft(value) if _BARE.fullmatch(value) else _bare(value)
    if not isinstance(draft, Draft):
        return draft
    reading = read_date(draft.text, calendar)
    if isinstance(reading, str):
        return blanked(reading)
    if wrong := wrong_date(reading.day.isoformat(), calendar):
        return blanked(wrong)
    _write(draft, reading)
    return draft.against(value, "date_year_first")


def _bare(value: str) -> Draft | Decision:
    """Return a date without what stands round it, or the decision that it says nothing."""
    draft = tidy(value)
    if nothing := nothing_known(draft.text):
        return nothing
    unwrap_date(draft)
    draft.becomes(_without_time(draft.text), "date_time_removed")
    return draft


def unwrap_date(draft: Draft) -> Draft:
    """Take off what people and spreadsheets put round a date, and write its figures and dashes plainly."""
    draft.becomes(plain_digits(draft.text), "full_width_digits")
    draft.becomes(draft.text.lstrip("'‘’\"=").rstrip('"'), "text_marker")
    draft.becomes(_punctuated(draft.text), "date_punctuation")
    if _LETTERED.fullmatch(draft.text):
        draft.becomes(draft.text.translate(_DIGIT_OF), "letter_for_digit")
    return draft


def _punctuated(text: str) -> str:
    if found := _BRACKETED.fullmatch(text):
        text = found[1] or found[2]
    return _LABEL.sub("", _DASHES.sub("-", text)).strip(" .,;")


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
    for form in (_RUN_TOGETHER, _ZONE_ALONE):
        if alone := form.fullmatch(text):
            return alone[1]
    return _TIME.sub("", text)


def _day_in_london(found: re.Match[str]) -> str | None:
    zone = "+00:00" if found[4] == "Z" else found[4]
    try:
        instant = datetime.fromisoformat(f"{found[1]}T{found[2]}{found[3] or ':00'}{zone}")
        return instant.astimezone(LONDON).date().isoformat()
    except (ValueError, OverflowError):
        return None
