"""Dirt in dates: slips of the day, month and year, days that stand for none, and odd ways of writing them.

A column's form (see ``calendar.py``) is the one its list writes every day in; dirt that has made a day
unreadable in that form is left as it is, so slips come before odd forms.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

import numpy as np

from sharewell.demo.region.chance import Bools, Chance, Dates, Ints, Texts, texts
from sharewell.demo.region.dirt.calendar import (
    D_MON_Y,
    DMY,
    DMY_SHORT,
    DOTS,
    YMD,
    form_of,
    of_parts,
    parts,
    read_days,
    write_days,
    write_parts,
)  # fmt: skip
from sharewell.demo.region.dirt.kinds import MISSING, Can, Kind, Rates, always, by_chance, spoil_kinds
from sharewell.demo.region.draft import Change, Draft

RATES: Final[Rates] = {
    "date_day_month_swapped": 0.003,
    "date_year_off_by_one": 0.002,
    "date_year_off_by_ten": 0.001,
    "date_year_digits_swapped": 0.0005,
    "date_century": 0.0005,
    "date_default": 0.0005,
    "date_first_of_january": 0.001,
    "date_impossible": 0.0003,
    "date_two_figure_year": 0.002,
    "date_serial": 0.001,
    "date_other_form": 0.002,
    "date_with_time": 0.001,
    "date_missing": 0.002,
}
"""For a list kept by a system: about one date in sixty (assumptions).

The 13 to 15 % of synthetic4linkage is a stress, not what lists of this kind have.
"""

TYPED: Final[Rates] = {
    **RATES,
    "date_day_month_swapped": 0.012,
    "date_year_off_by_one": 0.004,
    "date_year_off_by_ten": 0.002,
    "date_default": 0.0,
    "date_first_of_january": 0.002,
    "date_two_figure_year": 0.03,
    "date_other_form": 0.03,
    "date_impossible": 0.001,
    "date_serial": 0.0,
    "date_with_time": 0.0,
}
"""For a list that people type into by hand (assumptions)."""

FIXED: Final[Rates] = {
    **RATES,
    "date_impossible": 0.0,
    "date_two_figure_year": 0.0,
    "date_serial": 0.0,
    "date_other_form": 0.0,
    "date_with_time": 0.0,
}
"""For a list whose system writes every day in one form: slips only (assumptions)."""

NO_DAY: Final = np.datetime64("1900-01-01", "D")
_SERIAL_START: Final = np.datetime64("1899-12-30", "D")
_SERIALS_AGREE: Final = np.datetime64("1900-03-01", "D")
"""Before it Excel counts a 29 February 1900 that never was."""

Slip = Callable[[Dates, Ints], Dates]
"""Takes days and a number drawn for each, and returns other days; NaT where it cannot."""


def spoil_dates(draft: Draft, column: str, rates: Rates = RATES, form: str | None = None) -> None:
    """Spoil a column of dates, its form seen from its values if not told; no slip passes its last day."""
    values = draft.cells[column]
    written_in = form or form_of(values)
    when = read_days(values, written_in)
    known = when[~np.isnat(when)]
    if len(known):
        spoil_kinds(draft, column, date_kinds(written_in, known.max()), rates)


def date_kinds(form: str, newest: np.datetime64) -> Mapping[str, Kind]:
    """Return each kind of dirt in dates of a form, slips first."""
    slips = {name: _slip_kind(form, newest, slip) for name, slip in SLIPS.items()}
    return {
        **slips,
        "date_default": _slip_kind(form, newest, _no_day),
        "date_first_of_january": _slip_kind(form, newest, _first_of_january),
        "date_impossible": Kind(can_read(form), impossible(form)),
        "date_two_figure_year": Kind(can_rewrite(form, DMY_SHORT), rewritten(form, DMY_SHORT)),
        "date_serial": Kind(can_be_serial(form), serial(form)),
        "date_other_form": Kind(can_read(form), other_form(form)),
        "date_with_time": Kind(can_read(form), always(lambda value: f"{value} 00:00")),
        "date_missing": MISSING,
    }


def can_read(form: str) -> Can:
    """Return which values are days written in the form."""
    return lambda values: ~np.isnat(read_days(values, form))


def can_slip(form: str, newest: np.datetime64, slip: Slip) -> Can:
    """Return which values are days that a slip changes, to a day not past the newest."""

    def can(values: Texts) -> Bools:
        when = read_days(values, form)
        slipped = slip(when, np.zeros(len(when), dtype=np.int64))
        return np.asarray(~np.isnat(slipped) & (slipped <= newest) & (slipped != when), dtype=bool)

    return can


def slipped(form: str, newest: np.datetime64, slip: Slip) -> Callable[[Chance], Change]:
    """Return the maker of a change that writes the day a slip leads to, by chance one way or the other."""

    def make(chance: Chance) -> Change:
        def change(values: Texts, rows: Ints) -> Texts:
            when, drawn = read_days(values, form), chance.integers(0, 2, len(values))
            made, safe = slip(when, drawn), slip(when, np.zeros(len(when), dtype=np.int64))
            return write_days(np.where(np.isnat(made) | (made > newest), safe, made), form)

        return change

    return make


def _slip_kind(form: str, newest: np.datetime64, slip: Slip) -> Kind:
    return Kind(can_slip(form, newest, slip), slipped(form, newest, slip))


def swap_day_and_month(when: Dates, drawn: Ints) -> Dates:
    """Return days with day and month swapped; NaT where the day is over 12 or the same as the month."""
    year, month, day = parts(when)
    return _where(~np.isnat(when) & (day <= 12) & (day != month), year, day, month)


def year_off_by(years: int) -> Slip:
    """Return a slip of so many years, back or forward by the number drawn."""

    def slip(when: Dates, drawn: Ints) -> Dates:
        year, month, day = parts(when)
        return _where(~np.isnat(when), year + np.where(drawn == 1, years, -years), month, day)

    return slip


def swap_year_digits(when: Dates, drawn: Ints) -> Dates:
    """Return days with the last two figures of the year swapped."""
    year, month, day = parts(when)
    tens, ones = year // 10 % 10, year % 10
    return _where(~np.isnat(when) & (tens != ones), year - tens * 10 - ones + ones * 10 + tens, month, day)


def wrong_century(when: Dates, drawn: Ints) -> Dates:
    """Return days a hundred years off: this century's in the last, the last one's in this."""
    year, month, day = parts(when)
    return _where(~np.isnat(when), np.where(year >= 2000, year - 100, year + 100), month, day)


def _no_day(when: Dates, drawn: Ints) -> Dates:
    return np.where(np.isnat(when), when, NO_DAY)


def _first_of_january(when: Dates, drawn: Ints) -> Dates:
    year, month, _ = parts(when)
    return _where(~np.isnat(when), year, np.ones_like(month), np.ones_like(month))


def _where(can: Bools, year: Ints, month: Ints, day: Ints) -> Dates:
    """Return the days of these parts where they can be."""
    safe = [np.where(can, part, 1) for part in (year, month, day)]
    return np.where(can, of_parts(*safe), np.datetime64("NaT", "D"))


SLIPS: Final[Mapping[str, Slip]] = {
    "date_day_month_swapped": swap_day_and_month,
    "date_year_off_by_one": year_off_by(1),
    "date_year_off_by_ten": year_off_by(10),
    "date_year_digits_swapped": swap_year_digits,
    "date_century": wrong_century,
}


def impossible(form: str) -> Callable[[Chance], Change]:
    """Return the maker of a change that writes a day that is not: the 31st of a short month of that year."""

    def write(value: str, drawn: int) -> str:
        year, month, _ = (int(part[0]) for part in parts(read_days(texts([value]), form)))
        return write_parts(
            form, year, month if month in (4, 6, 9, 11) else 2, 31 - (drawn % 2) * (month == 2)
        )

    return by_chance(write)


def can_rewrite(form: str, other: str) -> Can:
    """Return which values are days in the form, none where the other form is the same."""
    can = can_read(form)
    return lambda values: can(values) & (form != other)


def rewritten(form: str, other: str) -> Callable[[Chance], Change]:
    """Return the maker of a change that writes the same day in another form."""
    return lambda chance: lambda values, rows: write_days(read_days(values, form), other)


def other_form(form: str) -> Callable[[Chance], Change]:
    """Return the maker of a change that writes the same day in a form that is not the list's."""
    forms = [other for other in (DMY, YMD, D_MON_Y, DOTS) if other != form]

    def make(chance: Chance) -> Change:
        def change(values: Texts, rows: Ints) -> Texts:
            when, drawn = read_days(values, form), chance.integers(0, len(forms), len(values))
            return np.choose(drawn, [write_days(when, other) for other in forms])

        return change

    return make


def can_be_serial(form: str) -> Can:
    """Return which values are days that Excel counts as we do: from 1 March 1900 on."""
    return lambda values: read_days(values, form) >= _SERIALS_AGREE


def serial(form: str) -> Callable[[Chance], Change]:
    """Return the maker of a change that writes the day as Excel's count of days."""
    return lambda chance: lambda values, rows: write_serials(read_days(values, form))


def write_serials(when: Dates) -> Texts:
    """Return days as Excel counts them, from 1900; "" where there is none."""
    count = np.where(np.isnat(when), -1, (when - _SERIAL_START).astype(np.int64))
    return texts([str(days) if days >= 0 else "" for days in count.tolist()])
