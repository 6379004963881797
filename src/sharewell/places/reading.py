"""Atoms while they are being read: looking at neighbours, using atoms up, taking each address's first."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sharewell.places import rules
from sharewell.places.terms import Kind
from sharewell.places.tokens import Atoms, Bools, Ints

SUFFIXED_CODE = 50_000_000
"""A unit such as 5B is this plus the number times 27 plus the letter's place."""


@dataclass
class Reading:
    """Atoms being read, and which of them a part has used up."""

    atoms: Atoms
    kind: Ints
    used: Bools

    def __post_init__(self) -> None:
        self.gap_after: Bools = np.append(self.atoms.gap[1:], True)

    def ahead(self, steps: int) -> Ints:
        """Return each atom's neighbour's kind; END beyond the address."""
        return shifted(self.kind, steps, int(Kind.END))

    def use(self, atoms: Bools) -> None:
        """Use atoms up, so that no other part takes them."""
        self.used = self.used | atoms

    def first(self, where: Bools, values: Ints) -> Ints:
        """Return each address's first value among some atoms, 0 where it has none."""
        found = np.zeros(self.atoms.addresses, dtype=np.int64)
        places = np.flatnonzero(where)[::-1]
        found[self.atoms.address[places]] = values[places]
        return found


def shifted(values: Ints, steps: int, fill: int) -> Ints:
    """Return values moved so that each place holds its neighbour so many steps on (or back)."""
    moved = np.full(len(values), fill, dtype=values.dtype)
    if steps > 0:
        moved[:-steps] = values[steps:]
    else:
        moved[-steps:] = values[:steps]
    return moved


def after(flags: Bools, steps: int = 1) -> Bools:
    """Return which atoms come so many steps after a flagged one (before it, when negative)."""
    return shifted(flags.astype(np.int64), -steps, 0) > 0


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
    reading.use(after(ids) & np.isin(reading.kind, (Kind.SUFFIX, Kind.UPTO)))
    reading.use(after(ids, 2) & after(reading.kind == Kind.SUFFIX) & (reading.kind == Kind.UPTO))
