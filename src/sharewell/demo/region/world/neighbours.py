"""Pairs of people who stand next to each other in an order: of one household, one block, one street."""

from __future__ import annotations

import numpy as np

from sharewell.demo.region.chance import Ints
from sharewell.demo.region.terms import NOBODY


def neighbours(household: Ints, rows: Ints) -> tuple[Ints, Ints]:
    """Return pairs of rows next to each other that are of one household, no row in two pairs."""
    same = np.flatnonzero(household[rows[1:]] == household[rows[:-1]])
    keep = [
        at
        for place, at in enumerate(same)
        if place == 0 or same[place - 1] != at - 1 or not _odd(same, place)
    ]
    picked = np.array(keep, dtype=np.int64)
    return rows[picked], rows[picked + 1]


def _odd(same: Ints, place: int) -> bool:
    """Return whether an odd number of neighbours run up to this one, so that its first row is taken."""
    run = 0
    while place - run > 0 and same[place - run - 1] == same[place - run] - 1:
        run += 1
    return run % 2 == 1


def placed(n: int, rows: Ints, values: Ints) -> Ints:
    """Return a column of all people with values at some rows."""
    column = np.full(n, NOBODY)
    column[rows] = values
    return column
