"""Dirt in telephone numbers and e-mail addresses.

Clean numbers are eleven figures from 0. Wrong figures are among the last three only, so that a number spoilt
stays within those that Ofcom keeps for drama and rings at nobody's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np

from sharewell.demo.region.chance import Texts, texts
from sharewell.demo.region.dirt.kinds import (
    Kind,
    Rates,
    always,
    by_chance,
    is_empty,
    is_there,
    spoil_kinds,
    swapped_at,
    unlike_neighbours,
    where,
)  # fmt: skip
from sharewell.demo.region.dirt.numbers import spoil_others
from sharewell.demo.region.draft import Draft

PHONE_RATES: Final[Rates] = {
    "phone_of_household": 0.01,
    "phone_wrong_figure": 0.01,
    "phone_figures_swapped": 0.005,
    "phone_missing": 0.05,
    "phone_two_in_cell": 0.01,
    "phone_plus_44": 0.10,
    "phone_0044": 0.02,
    "phone_bracketed_zero": 0.02,
    "phone_spaced": 0.2,
    "phone_zero_lost": 0.03,
    "phone_extension": 0.005,
    "phone_none_in_words": 0.05,
}
"""For a list of a service that rings people (assumptions; each list says how many it has no number for)."""
EMAIL_RATES: Final[Rates] = {
    "email_missing": 0.02,
    "email_at_in_words": 0.002,
    "email_comma": 0.003,
    "email_wrong_ending": 0.005,
    "email_capitals": 0.04,
    "email_space_behind": 0.02,
    "email_none_in_words": 0.02,
}
"""For a list that people type into by hand (assumptions)."""
NONE_IN_WORDS: Final = ("none", "N/A", "no phone", "-", "not known", "None")
NO_EMAIL_IN_WORDS: Final = ("none", "N/A", "no email", "none@example.com")


def spoil_phones(
    draft: Draft,
    column: str,
    rates: Rates = PHONE_RATES,
    second: Texts | None = None,
    others: Texts | None = None,
) -> None:
    """Spoil a column of phone numbers.

    ``second`` has, by row, another number of the same person; ``others`` the number of somebody else at home.
    """
    spoil_others(draft, column, "phone_of_household", rates, others)
    spoil_kinds(draft, column, WRONG_NUMBERS, rates)
    _spoil_two_in_cell(draft, column, rates, second)
    spoil_kinds(draft, column, PHONE_FORMS, rates)


def spoil_emails(draft: Draft, column: str, rates: Rates = EMAIL_RATES) -> None:
    """Spoil a column of e-mail addresses."""
    spoil_kinds(draft, column, EMAIL_KINDS, rates)


def spoil_wrong_column(
    draft: Draft, column: str, into: str, share: float, kind: str = "phone_wrong_column"
) -> None:
    """Move a share of a column's values into another column, of the rows where that one is empty."""
    among = np.flatnonzero(is_there(draft.cells[column]) & is_empty(draft.cells[into]))
    chosen = draft.chance.stream(column, kind, into).some(among, share * len(among))
    draft.plant(into, kind, chosen, draft.cells[column][chosen])
    draft.plant(column, kind, chosen, texts([""] * len(chosen)))
    draft.count(kind, len(among), len(chosen), share)


def spoil_no_phone(draft: Draft, columns: Sequence[str], share: float, kind: str = "phone_missing") -> None:
    """Lose every phone of some rows, so that of all rows a share has none; those without one anyway count."""
    has = np.any([is_there(draft.cells[column]) for column in columns], axis=0)
    wanted = share * len(draft) - np.count_nonzero(~has)
    chosen = draft.chance.stream(*columns, kind).some(np.flatnonzero(has), max(wanted, 0.0))
    for column in columns:
        draft.plant(column, kind, chosen, texts([""] * len(chosen)))
    draft.count(kind, len(draft), int(np.count_nonzero(~has)) + len(chosen), share)


def _spoil_two_in_cell(draft: Draft, column: str, rates: Rates, second: Texts | None) -> None:
    share = rates.get("phone_two_in_cell", 0.0)
    if second is not None and share > 0.0:
        values = draft.cells[column]
        among = np.flatnonzero(is_there(values) & is_there(second) & (values != second))
        draft.spoil(
            column, "phone_two_in_cell", share, lambda old, rows: old + " / " + second[rows], among=among
        )


def wrong_figure(value: str, drawn: int) -> str:
    """Return the number with one of its last three figures wrong."""
    spot = len(value) - 1 - drawn % 3
    return value[:spot] + str((int(value[spot]) + 1 + drawn // 3 % 9) % 10) + value[spot + 1 :]


def plus_44(value: str) -> str:
    """Return the number in the international form."""
    return f"+44{value[1:]}"


def bracketed_zero(value: str) -> str:
    """Return the number in the international form with its 0 in brackets."""
    return f"+44 (0){value[1:5]} {value[5:]}"


def spaced(value: str) -> str:
    """Return the number as it is read out: a mobile after five figures, a landline after its area."""
    area = 3 if value.startswith("02") else 4 if value.startswith("01") and value[3] == "1" else 5
    if area == 5:
        return f"{value[:5]} {value[5:]}"
    return f"{value[:area]} {value[area:-4]} {value[-4:]}"


def extension(value: str, drawn: int) -> str:
    """Return the number with an extension."""
    return f"{value} ext {drawn % 900 + 100}"


def _end_swapped(value: str, drawn: int) -> str:
    return swapped_at(value, unlike_neighbours(value, len(value) - 3), drawn)


def _is_plain(value: str) -> bool:
    return len(value) == 11 and value[:1] == "0" and value.isdigit()


can_plain = where(_is_plain)
"""Which values are eleven figures from 0."""
can_swap_end = where(lambda value: _is_plain(value) and bool(unlike_neighbours(value, 8)))
"""Which values have unlike neighbours among the last three figures."""
can_be_landline = where(lambda value: _is_plain(value) and value[1] != "7")
"""Which values are landlines: only they have extensions."""


def _no_phone(value: str, drawn: int) -> str:
    return NONE_IN_WORDS[drawn % len(NONE_IN_WORDS)]


WRONG_NUMBERS: Final[Mapping[str, Kind]] = {
    "phone_wrong_figure": Kind(can_plain, by_chance(wrong_figure)),
    "phone_figures_swapped": Kind(can_swap_end, by_chance(_end_swapped)),
    "phone_none_in_words": Kind(is_empty, by_chance(_no_phone)),
    "phone_missing": Kind(can_plain, always(lambda value: "")),
}
PHONE_FORMS: Final[Mapping[str, Kind]] = {
    "phone_extension": Kind(can_be_landline, by_chance(extension)),
    "phone_plus_44": Kind(can_plain, always(plus_44)),
    "phone_0044": Kind(can_plain, always(lambda value: f"0044{value[1:]}")),
    "phone_bracketed_zero": Kind(can_plain, always(bracketed_zero)),
    "phone_spaced": Kind(can_plain, always(spaced)),
    "phone_zero_lost": Kind(can_plain, always(lambda value: value[1:])),
}


def _is_email(value: str) -> bool:
    return "@" in value and " " not in value


can_mail = where(_is_email)
"""Which values are e-mail addresses as they should be."""
EMAIL_KINDS: Final[Mapping[str, Kind]] = {
    "email_none_in_words": Kind(
        is_empty, by_chance(lambda value, drawn: NO_EMAIL_IN_WORDS[drawn % len(NO_EMAIL_IN_WORDS)])
    ),
    "email_missing": Kind(can_mail, always(lambda value: "")),
    "email_wrong_ending": Kind(can_mail, always(lambda value: f"{value.rpartition('.')[0]}.con")),
    "email_comma": Kind(can_mail, always(lambda value: ",".join(value.rsplit(".", 1)))),
    "email_at_in_words": Kind(can_mail, always(lambda value: value.replace("@", " at "))),
    "email_capitals": Kind(where(lambda value: "@" in value and value == value.lower()), always(str.upper)),
    "email_space_behind": Kind(can_mail, always(lambda value: f"{value} ")),
}
