"""What a careful person can do about each kind of error of a made-up region, looking at one column alone.

``ONE_ANSWER`` names the kinds that changed only how a value is written: there is one right answer, the value
before. Every other kind put another value in the place of the true one, or lost part of it, and nothing in
the column says so: then the value must be left as it is read, or blanked, and never made into a third one.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date, timedelta
from typing import Final

from sharewell.sources.terms import FieldType

ONE_ANSWER: Final = frozenset(
    {
        "address_capitals", "address_small_letters", "address_spaces", "address_stops",
        "date_other_form", "date_serial", "date_two_figure_year", "date_with_time",
        "email_at_in_words", "email_capitals", "email_comma", "email_none_in_words", "email_space_behind",
        "name_capitals", "name_mojibake", "name_small_letters", "name_stray_space", "name_title",
        "nhs_number_decimal", "nhs_number_hyphened", "nhs_number_spaced",
        "nino_small_letters", "nino_spaced",
        "phone_0044", "phone_bracketed_zero", "phone_extension", "phone_none_in_words", "phone_plus_44",
        "phone_spaced", "phone_two_in_cell", "phone_zero_lost",
        "postcode_letter_for_figure", "postcode_small", "postcode_unspaced",
        "reason_in_words", "upn_small_letter", "uprn_decimal", "uprn_zeros_in_front",
    }
)  # fmt: skip


DAYS: Final = frozenset({FieldType.DATE, FieldType.DATETIME})
_TITLE: Final = re.compile("^ *(mr|mrs|ms|miss|mx|dr|prof|rev)[. ]+", re.IGNORECASE)


def has_one_answer(kind: str, before: str, after: str) -> bool:
    """Return whether an error left everything that is needed to put it right."""
    if kind == "name_stray_space":
        return " ".join(after.split()) == before
    return kind in ONE_ANSWER


def is_left_as_read(kind: FieldType, got: str, written: str) -> bool:
    """Return whether a cleaned value holds the letters and figures that were written, none more, none less.

    A title before a name, a month's name, the 44 of a telephone number and the form of a time may differ.
    """
    if kind in (FieldType.CODE, FieldType.BOOLEAN):
        return True
    if kind is FieldType.PHONE:
        return _figures(got)[-9:] == _figures(written)[:11][-9:] or got[-9:] == _figures(written)[-9:]
    if kind in DAYS:
        return _is_day_written(got, written) and _is_time_written(got, written)
    if kind is FieldType.PERSON_NAME:
        got, written = _TITLE.sub("", got), _TITLE.sub("", written)
    return _signs(got) == _signs(written)


def _is_time_written(got: str, written: str) -> bool:
    """Return whether a count of days with a fraction was read to the minute."""
    found = re.fullmatch("([0-9]{5})([.][0-9]+)", written)
    if not found or len(got) < len("2021-03-04T09:30:00"):
        return True
    seconds = float(found[2]) * 86_400
    hours, minutes, rest = (int(part) for part in got[11:19].split(":"))
    return abs(seconds - hours * 3600 - minutes * 60 - rest) <= 60


def _figures(text: str) -> str:
    return "".join(sign for sign in text if sign.isdigit())


def _signs(text: str) -> list[str]:
    return sorted(sign for sign in unicodedata.normalize("NFKD", text).casefold() if sign.isalnum())


def _is_day_written(got: str, written: str) -> bool:
    """Return whether the year, the day and the month (by figures or name) stand in what is written."""
    year, month, day = got[:10].split("-")
    numbers = [number.lstrip("0") for number in re.findall("[0-9]+", written)]
    if len(numbers) >= 1 and len(numbers[0]) == 8:
        return sorted(numbers[0]) == sorted(year + month + day)
    if len(numbers) <= 2 and len(numbers[0]) == 5:
        return (date(1899, 12, 30) + timedelta(days=int(numbers[0]))).isoformat() == got[:10]
    named = date(2000, int(month), 1).strftime("%b").casefold() in written.casefold()
    is_year_there = year in numbers or year[2:].lstrip("0") in numbers
    return is_year_there and day.lstrip("0") in numbers and (named or month.lstrip("0") in numbers)
