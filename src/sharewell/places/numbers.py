"""Which of an address's free numbers is the building's: its range, its suffix, a unit that precedes it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sharewell.places.reading import Reading, after, shifted, use_suffixes, whole_code
from sharewell.places.terms import Kind
from sharewell.places.tokens import Bools, Ints

LONGEST_RANGE = 40
"""Bare numbers side by side are a range ("41 43", "2 3") on one side of a street and no further apart."""
_FREE = 4


@dataclass(frozen=True)
class Numbers:
    """The building number of each address with its suffix and range, and its unit."""

    unit: Ints
    number: Ints
    upto: Ints
    suffix: Ints
    loose: Bools
    bare: Bools
    place: Ints


@dataclass(frozen=True)
class _Row:
    """The first free numbers of each address; ``beside`` the one before, with nothing between."""

    value: Ints
    suffix: Ints
    upto: Ints
    loose: Ints
    beside: Ints
    whole: Ints
    place: Ints

    def at(self, values: Ints, column: Ints) -> Ints:
        """Return one value per address from its column, 0 beyond the last."""
        picked: Ints = values[np.arange(len(values)), column]
        return picked


def read_numbers(reading: Reading, unit: Ints) -> Numbers:
    """Decide which free number is the building's, and whether the one before it is a unit's.

    "46 PARK COURT 12 WADE ROAD" has unit 46; "41 43 HIGH STREET" is a range; "202 B 202" says 202B twice.
    """
    row = _free_numbers(reading)
    first, second = row.value[:, 0], row.value[:, 1]
    apart = second - first
    close = (apart == 1) | ((apart > 0) & (apart <= LONGEST_RANGE) & (apart % 2 == 0))
    repeated = (row.suffix[:, 0] > 0) & ((first == second) | (first == row.value[:, 2]))
    span = (row.beside[:, 1] > 0) & (close | (first == second) | repeated)
    leads = (unit == 0) & (second > 0) & ~span
    start = leads.astype(np.int64)
    number, upto = _ranges(row, start, repeated)
    return Numbers(
        unit=np.where(leads, row.whole[:, 0], unit),
        number=number,
        upto=upto,
        suffix=row.at(row.suffix, start),
        loose=row.at(row.loose, start) > 0,
        bare=(unit == 0) & ~leads & (number > 0),
        place=np.where(number > 0, row.at(row.place, start), -1),
    )


def _ranges(row: _Row, start: Ints, repeated: Bools) -> tuple[Ints, Ints]:
    """Return each building number and how far its range goes, through the numbers that stand beside it."""
    number, upto = row.at(row.value, start), row.at(row.upto, start)
    chained = np.ones(len(start), dtype=bool)
    for step in (1, 2):
        later = row.at(row.value, start + step)
        chained = chained & (row.at(row.beside, start + step) > 0) & (later > 0)
        number = np.where(chained & repeated & (later < number), later, number)
        upto = np.where(chained & (later > np.maximum(number, upto)), later, upto)
    return number, upto


def _free_numbers(reading: Reading) -> _Row:
    """Lay the first numbers that no unit or room has used side by side, and use them up."""
    is_number = (reading.kind == Kind.NUMBER) & ~reading.used
    one, code = reading.ahead(1), reading.atoms.code
    suffixed = one == Kind.SUFFIX
    letter = (one == Kind.LETTER) & ~reading.gap_after & ~after(reading.used, -1)
    limit = np.where(suffixed, _limit(reading, 2), _limit(reading, 1))
    length = 1 + suffixed + (limit > 0) + letter
    places = is_number.nonzero()[0]
    address = reading.atoms.address[places]
    rank = np.arange(len(places)) - np.searchsorted(address, address)
    beside = np.zeros(len(places), dtype=np.int64)
    beside[1:] = (places[1:] == (places + length[places])[:-1]) & ~reading.atoms.gap[places[1:]]
    columns = (
        code, np.where(suffixed | letter, shifted(code, 1, 0), 0), limit, letter.astype(np.int64),
        whole_code(reading), np.arange(len(code)),
    )  # fmt: skip
    value, suffix, upto, loose, whole, place = (
        _lay(reading, column[places], rank, places) for column in columns
    )
    beside = np.where(rank > 0, beside, 0)
    reading.use(is_number)
    use_suffixes(reading, is_number)
    return _Row(value, suffix, upto, loose, _lay(reading, beside, rank, places), whole, place)


def _limit(reading: Reading, steps: int) -> Ints:
    """Return how far a range goes whose end stands so many atoms on, 0 where none does."""
    return np.where(reading.ahead(steps) == Kind.UPTO, shifted(reading.atoms.code, steps, 0), 0)


def _lay(reading: Reading, values: Ints, rank: Ints, places: Ints) -> Ints:
    laid = np.zeros((reading.atoms.addresses, _FREE + 2), dtype=np.int64)
    kept = rank < _FREE
    laid[reading.atoms.address[places[kept]], rank[kept]] = values[kept]
    return laid
