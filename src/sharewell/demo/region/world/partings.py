"""Couples who parted within the window: he moved out and lives alone, she stayed with the children."""

from __future__ import annotations

import numpy as np

from sharewell.demo.region.chance import Bools, Chance, Dates, Ints
from sharewell.demo.region.frame.fit import COMPOSED
from sharewell.demo.region.terms import NOBODY
from sharewell.demo.region.world.calendar import DAYS
from sharewell.demo.region.world.lives import Lives
from sharewell.demo.region.world.spots import ADULT, CHILD_ROLE, Spots, is_lone_parent

PARTED = 0.2
"""Share of lone mothers whose partner left within three years (ONS, families and households; assumed)."""
YEARS_APART, FATHERS_AGE = 10, 16


def part_ways(spots: Spots, lives: Lives, chance: Chance) -> tuple[Ints, Ints]:
    """Return mothers and the men who left them; each man's former home is made hers."""
    mothers, men = _mothers(spots, lives), _men(spots, lives)
    n = min(chance.round(PARTED * len(mothers)), len(men))
    mothers = _by_birth(lives.born, chance.stream("mothers").some(mothers, n))
    men = _by_birth(lives.born, chance.stream("men").some(men, n))
    fit = _could_be(spots, lives, mothers, men)
    mothers, men = mothers[fit], men[fit]
    lives.home_before[men] = lives.home[mothers]
    return mothers, men


def _mothers(spots: Spots, lives: Lives) -> Ints:
    """Return lone mothers who have lived where they live since before the window."""
    heads = spots.of[is_lone_parent(spots)]
    made: Ints = heads[lives.is_woman[heads] & np.isnat(lives.moved_on[heads])]
    return made


def _men(spots: Spots, lives: Lives) -> Ints:
    """Return men who came from elsewhere within the window to live alone."""
    alone = spots.of[COMPOSED[spots.kind] == 1]
    came = ~np.isnat(lives.moved_on[alone]) & (lives.home_before[alone] == NOBODY)
    made: Ints = alone[came & ~lives.is_woman[alone]]
    return made


def _by_birth(born: Dates, people: Ints) -> Ints:
    made: Ints = people[np.argsort(born[people], kind="stable")]
    return made


def _could_be(spots: Spots, lives: Lives, mothers: Ints, men: Ints) -> Bools:
    """Return which pairs are near enough in age, the man old enough to be the eldest child's father."""
    children = np.flatnonzero(np.isin(spots.role, (CHILD_ROLE, ADULT)))
    eldest = np.full(len(spots.kind), np.datetime64("2999-01-01", "D"))
    np.minimum.at(eldest, spots.household[children], lives.born[children])
    apart = np.abs((lives.born[mothers] - lives.born[men]).astype(int)) < YEARS_APART * 365
    years = np.int64(FATHERS_AGE * 366).astype(DAYS)
    made: Bools = apart & (lives.born[men] + years < eldest[spots.household[mothers]])
    return made
