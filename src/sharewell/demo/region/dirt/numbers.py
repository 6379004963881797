"""Dirt in the numbers that point at a person or a place: NHS numbers, NINOs, UPNs, UPRNs, ids."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np

from sharewell.demo.region.chance import Texts
from sharewell.demo.region.dirt.kinds import (
    MISSING,
    Can,
    Kind,
    Rates,
    always,
    by_chance,
    is_there,
    spoil_kinds,
    swapped_at,
    taken_from,
    unlike_neighbours,
    where,
)  # fmt: skip
from sharewell.demo.region.draft import Draft
from sharewell.vocab.identifiers import UPN_LETTERS

NHS_NUMBER_RATES: Final[Rates] = {
    "nhs_number_of_household": 0.0005,
    "nhs_number_digits_swapped": 0.0005,
    "nhs_number_wrong_check_digit": 0.0005,
    "nhs_number_spaced": 0.02,
    "nhs_number_hyphened": 0.005,
    "nhs_number_decimal": 0.005,
    "nhs_number_scientific": 0.0005,
    "nhs_number_missing": 0.005,
}
"""For a list that the NHS sends (assumptions)."""
NINO_RATES: Final[Rates] = {
    "nino_digits_swapped": 0.002,
    "nino_last_letter_lost": 0.01,
    "nino_spaced": 0.05,
    "nino_small_letters": 0.01,
    "nino_missing": 0.02,
}
"""For benefit claims (assumptions)."""
UPN_RATES: Final[Rates] = {
    "upn_digits_swapped": 0.001,
    "upn_wrong_letter": 0.001,
    "upn_small_letter": 0.002,
    "upn_missing": 0.005,
}
"""For a school census, whose numbers are checked as they come in (assumptions)."""
UPRN_RATES: Final[Rates] = {
    "uprn_decimal": 0.005,
    "uprn_scientific": 0.001,
    "uprn_missing": 0.1,
}
"""For a list of the council (assumptions)."""


def spoil_nhs_numbers(
    draft: Draft, column: str, rates: Rates = NHS_NUMBER_RATES, others: Texts | None = None
) -> None:
    """Spoil a column of NHS numbers; ``others`` has, by row, the number of somebody else at home or ""."""
    spoil_others(draft, column, "nhs_number_of_household", rates, others)
    spoil_kinds(draft, column, NHS_NUMBER_KINDS, rates)


def spoil_ninos(draft: Draft, column: str, rates: Rates = NINO_RATES) -> None:
    """Spoil a column of National Insurance numbers."""
    spoil_kinds(draft, column, NINO_KINDS, rates)


def spoil_upns(draft: Draft, column: str, rates: Rates = UPN_RATES) -> None:
    """Spoil a column of unique pupil numbers."""
    spoil_kinds(draft, column, UPN_KINDS, rates)


def spoil_uprns(draft: Draft, column: str, rates: Rates = UPRN_RATES) -> None:
    """Spoil a column of unique property reference numbers."""
    spoil_kinds(draft, column, UPRN_KINDS, rates)


def spoil_others(draft: Draft, column: str, kind: str, rates: Rates, others: Texts | None) -> None:
    """Write somebody else's value, in a share of the rows where there is one that differs."""
    if others is not None and rates.get(kind, 0.0) > 0.0:
        values = draft.cells[column]
        among = np.flatnonzero(is_there(values) & is_there(others) & (values != others))
        draft.spoil(column, kind, rates[kind], taken_from(others), among=among)


def can_plain(length: int) -> Can:
    """Return which values are figures alone, of this length."""
    return where(lambda value: len(value) == length and value.isdigit())


can_be_figures: Can = where(lambda value: value.isdigit() and len(value) > 6)
"""Which values are whole numbers long enough for a spreadsheet to spoil."""


def can_swap(first: int = 0) -> Can:
    """Return which values have two unlike figures next to each other, from a place on."""
    return where(lambda value: bool(unlike_neighbours(value, first)))


def digits_swapped(value: str, drawn: int, first: int = 0) -> str:
    """Return the number with two unlike neighbouring figures swapped."""
    return swapped_at(value, unlike_neighbours(value, first), drawn)


def wrong_check_digit(value: str, drawn: int) -> str:
    """Return the number with another last figure."""
    return value[:-1] + str((int(value[-1]) + 1 + drawn % 9) % 10)


def spaced(value: str) -> str:
    """Return an NHS number as it is printed, three, three and four."""
    return f"{value[:3]} {value[3:6]} {value[6:]}"


def hyphened(value: str) -> str:
    """Return an NHS number with hyphens."""
    return f"{value[:3]}-{value[3:6]}-{value[6:]}"


def decimal(value: str) -> str:
    """Return a whole number as a spreadsheet writes it when it takes it for a decimal."""
    return f"{value}.0"


def scientific(value: str) -> str:
    """Return a number as a spreadsheet's narrow cell shows it: its last figures are gone."""
    return f"{int(value):.5E}"


NHS_NUMBER_KINDS: Final[Mapping[str, Kind]] = {
    "nhs_number_digits_swapped": Kind(can_swap(), by_chance(digits_swapped)),
    "nhs_number_wrong_check_digit": Kind(can_plain(10), by_chance(wrong_check_digit)),
    "nhs_number_missing": MISSING,
    "nhs_number_spaced": Kind(can_plain(10), always(spaced)),
    "nhs_number_hyphened": Kind(can_plain(10), always(hyphened)),
    "nhs_number_decimal": Kind(can_plain(10), always(decimal)),
    "nhs_number_scientific": Kind(can_plain(10), always(scientific)),
}


def _is_nino(value: str) -> bool:
    return len(value) == 9 and value[2:8].isdigit()


def _nino_spaced(value: str) -> str:
    return f"{value[:2]} {value[2:4]} {value[4:6]} {value[6:8]} {value[8:]}"


NINO_KINDS: Final[Mapping[str, Kind]] = {
    "nino_digits_swapped": Kind(can_swap(2), by_chance(lambda value, drawn: digits_swapped(value, drawn, 2))),
    "nino_missing": MISSING,
    "nino_last_letter_lost": Kind(where(_is_nino), always(lambda value: value[:-1])),
    "nino_small_letters": Kind(where(_is_nino), always(str.lower)),
    "nino_spaced": Kind(where(_is_nino), always(_nino_spaced)),
}


def _is_upn(value: str) -> bool:
    return len(value) == 13 and value[:1] in UPN_LETTERS


def _wrong_letter(value: str, drawn: int) -> str:
    place = UPN_LETTERS.index(value[0]) + 1 + drawn % (len(UPN_LETTERS) - 1)
    return UPN_LETTERS[place % len(UPN_LETTERS)] + value[1:]


UPN_KINDS: Final[Mapping[str, Kind]] = {
    "upn_digits_swapped": Kind(can_swap(1), by_chance(lambda value, drawn: digits_swapped(value, drawn, 1))),
    "upn_wrong_letter": Kind(where(_is_upn), by_chance(_wrong_letter)),
    "upn_small_letter": Kind(where(_is_upn), always(str.lower)),
    "upn_missing": MISSING,
}
UPRN_KINDS: Final[Mapping[str, Kind]] = {
    "uprn_missing": MISSING,
    "uprn_decimal": Kind(can_be_figures, always(decimal)),
    "uprn_scientific": Kind(can_be_figures, always(scientific)),
}
