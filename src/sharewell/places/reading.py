"""Atoms while they are being read: looking at neighbours, using atoms up, taking each address's first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from sharewell.places import rules
from sharewell.places.terms import Kind
from sharewell.places.tokens import Atoms, Bools, Ints

SUFFIXED_CODE = 50_000_000
"""A unit such as 5B is this plus the number times 27 plus the letter's place."""


_Atoms = TypeVar("_Atoms", Ints, Bools)


@dataclass
class Reading:
    """Atoms being read, and which of them a part has used up."""

    atoms: Atoms
    kind: Ints
    used: Bools

    def __post_init__(self) -> None:
        self.gap_after: Bools = np.append(self.atoms.gap[1:], True)
        self._ahead: dict[int, Ints] = {}
        self.lone: Bools = np.zeros(self.atoms.addresses, dtype=bool)

    def ahead(self, steps: int) -> Ints:
        """Return each atom's neighbour's kind; END beyond the address."""
        found = self._ahead.get(steps)
        if found is None:
            found = self._ahead[steps] = shifted(self.kind, steps, Kind.END)
        return found

    def is_among(self, kinds: tuple[int, ...], steps: int = 0) -> Bools:
        """Return which atoms, or which neighbours so many steps on, are of some kinds."""
        kind = self.ahead(steps) if steps else self.kind
        found: Bools = kind == kinds[0]
        for each in kinds[1:]:
            found = found | (kind == each)
        return found

    def rename(self, kind: Ints) -> None:
        """Give atoms other kinds."""
        self.kind = kind
        self._ahead.clear()

    def use(self, atoms: Bools) -> None:
        """Use atoms up, so that no other part takes them."""
        self.used = self.used | atoms

    def first(self, where: Bools, values: Ints) -> Ints:
        """Return each address's first value among some atoms, 0 where it has none."""
        found = np.zeros(self.atoms.addresses, dtype=np.int64)
        places = where.nonzero()[0][::-1]
        found[self.atoms.address[places]] = values[places]
        return found


def shifted(values: _Atoms, steps: int, fill: int) -> _Atoms:
    """Return values moved so that each place holds its neighbour so many steps on (or back)."""
    moved = np.empty_like(values)
    if steps > 0:
        moved[:-steps] = values[steps:]
        moved[-steps:] = fill
    else:
        moved[-steps:] = values[:steps]
        moved[:-steps] = fill
    return moved


def after(flags: Bools, steps: int = 1) -> Bools:
    """Return which atoms come so many steps after a flagged one (before it, when negative)."""
    return shifted(flags, -steps, 0)


def whole_code(reading: Reading) -> Ints:
    """Return each atom's code, with its suffix folded in where it has one (5B)."""
    code = reading.atoms.code
    letter = shifted(code, 1, 0)
    suffixed = (reading.kind == Kind.NUMBER) & (reading.ahead(1) == Kind.SUFFIX)
    return np.where(suffixed, suffixed_code(code, letter), code)


def suffixed_code(number: Ints, suffix: Ints) -> Ints:
    """Return the code a unit has that is written as a number and a letter (48A)."""
    code: Ints = SUFFIXED_CODE + number * 27 + suffix - rules.LETTER_CODE
    return code


def use_suffixes(reading: Reading, ids: Bools) -> None:
    """Use up the suffix or range that follows some ids."""
    reading.use(after(ids) & reading.is_among((Kind.SUFFIX, Kind.UPTO)))
    reading.use(after(ids, 2) & after(reading.kind == Kind.SUFFIX) & (reading.kind == Kind.UPTO))
