"""Days as lists write them, and back: through a calendar of every day, written in a list's own form."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Final

import numpy as np

from sharewell.demo.region.chance import Dates, Ints, Texts, texts

_FIRST: Final = np.datetime64("1880-01-01", "D")
_LAST: Final = np.datetime64("2045-12-31", "D")
_FEW: Final = 3000
"""Up to so many days are written one by one: a whole calendar costs more."""
MONTHS: Final = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip

YMD, RUN, DMY, DMY_SHORT = "{y}-{m}-{d}", "{y}{m}{d}", "{d}/{m}/{y}", "{d}/{m}/{yy}"
D_MON_Y, D_MONTH_Y, DOTS, HYPHENS = "{d}-{b}-{y}", "{d} {B} {y}", "{d}.{m}.{y}", "{d}-{m}-{y}"
FORMS: Final = (YMD, RUN, DMY, DMY_SHORT, D_MON_Y, D_MONTH_Y, DOTS, HYPHENS)
"""The forms that lists write days in: year, two-figure year, month, its name short and long, day."""


def write_days(when: Dates, form: str) -> Texts:
    """Return days as a list writes them; "" where there is none."""
    if len(when) <= _FEW:
        filled = ~np.isnat(when)
        made = texts([""] * len(when))
        made[filled] = _written(when[filled], form)
        return made
    place = np.where(np.isnat(when), _LAST + 1, when) - _FIRST
    return _calendar(form)[place.astype(np.int64)]


def read_days(values: Texts, form: str) -> Dates:
    """Return the days that values name in a form; NaT where they are no day written so."""
    known, n = _places(form), len(values)
    place = np.fromiter((known.get(value, -1) for value in values.tolist()), dtype=np.int64, count=n)
    day: Dates = np.where(place < 0, np.datetime64("NaT", "D"), _FIRST + place.astype("timedelta64[D]"))
    return day


def write_parts(form: str, year: int, month: int, day: int) -> str:
    """Return a day of these parts in a form, whether or not there is such a day."""
    y, name = f"{year:04d}", MONTHS[month - 1]
    return form.format(y=y, yy=y[2:], m=f"{month:02d}", d=f"{day:02d}", b=name[:3], B=name)


def form_of(values: Texts) -> str:
    """Return the form that most of a column's first days are written in."""
    filled = [value for value in values.tolist() if value][:200]
    looks = {form: re.compile(_look(form)) for form in FORMS}
    return max(FORMS, key=lambda form: sum(bool(looks[form].fullmatch(value)) for value in filled))


def _look(form: str) -> str:
    """Return the pattern of what is written in a form."""
    braces = re.escape(form).replace("\\{", "{").replace("\\}", "}")
    two = "[0-9]{2}"
    return braces.format(y=two * 2, yy=two, m=two, d=two, b="[A-Z][a-z]{2}", B="[A-Z][a-z]{2,8}")


def parts(when: Dates) -> tuple[Ints, Ints, Ints]:
    """Return the years, the months from 1 and the days of the month from 1."""
    month = when.astype("datetime64[M]")
    year = when.astype("datetime64[Y]").astype(np.int64) + 1970
    return year, month.astype(np.int64) % 12 + 1, (when - month).astype(np.int64) + 1


def of_parts(year: Ints, month: Ints, day: Ints) -> Dates:
    """Return the days of these parts; NaT where there is no such day."""
    months = ((year - 1970) * 12 + month - 1).astype("datetime64[M]")
    made: Dates = months.astype("datetime64[D]") + (day - 1).astype("timedelta64[D]")
    return np.where(made.astype("datetime64[M]") == months, made, np.datetime64("NaT", "D"))


@lru_cache
def _calendar(form: str) -> Texts:
    """Return every day that lists may name, written in a form, and "" behind the last."""
    return texts([*_written(np.arange(_FIRST, _LAST + 1), form), ""])


def _written(when: Dates, form: str) -> list[str]:
    year, month, day = (part.tolist() for part in parts(when))
    return [write_parts(form, *each) for each in zip(year, month, day, strict=True)]


@lru_cache
def _places(form: str) -> Mapping[str, int]:
    """Return the place of each written day, the later of two that are written alike (two-figure years)."""
    return {written: place for place, written in enumerate(_calendar(form).tolist()[:-1])}
