"""Who has which place in which household: sizes, roles and an age to be near, before anybody has a name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import numpy as np

from sharewell.demo.region.chance import Bools, Chance, Floats, Ints
from sharewell.demo.region.frame.fit import CHILDREN, COMPOSED, SIZE
from sharewell.demo.region.frame.kinds import COUPLES, HEAD_AGES, LONE, RELATED
from sharewell.demo.region.frame.terms import OLDEST, Frame
from sharewell.demo.region.terms import NOBODY
from sharewell.demo.region.world.part import Part

CHILD = 18
HEAD, PARTNER, CHILD_ROLE, ADULT, ALONE, RESIDENT = range(6)
"""Positions in terms.ROLES."""
MOTHERS_AGE, MOTHERS_SPREAD = 29.5, 5.5
"""Age of a mother at a birth (ONS births: 30.7 in 2020, lower for those now grown)."""
SHARERS = 13
SWAPS = 6


@dataclass(frozen=True)
class Spots:
    """One row a resident: area (within the part), household, role, age in whole years, where communal.

    ``household`` is NOBODY in homes (``in_care``) and halls. ``kind`` is by household, a place in
    kinds.KINDS, and ``of`` the first row of each household.
    """

    area: Ints
    household: Ints
    role: Ints
    age: Ints
    in_care: Bools
    kind: Ints
    household_area: Ints
    of: Ints


def make_spots(frame: Frame, part: Part, chance: Chance) -> Spots:
    """Return a place for every resident of a part, with ages that are each area's own."""
    counts = frame.counts[part.first : part.end]
    kind, household_area = _households(counts)
    size = SIZE[kind]
    household = np.repeat(np.arange(len(kind)), size)
    of = np.cumsum(size) - size
    role = _roles(kind, household, np.arange(len(household)) - of[household])
    near = _ages_near(kind, household, role, of, chance.stream("near"))
    care, halls = (cast(Ints, part.of(each)) for each in (frame.care, frame.halls))
    communal_area = np.concatenate([np.repeat(np.arange(len(each)), each) for each in (care, halls)])
    communal_near = _communal_near(int(care.sum()), int(halls.sum()), chance.stream("communal"))
    area = np.concatenate([household_area[household], communal_area])
    role = np.concatenate([role, np.full(len(communal_area), RESIDENT)])
    ages = np.asarray(part.of(frame.margins.ages), dtype=float)
    age = _ages(ages, area, role, np.concatenate([near, communal_near]), chance.stream("ages"))
    whole = np.concatenate([household, np.full(len(communal_area), NOBODY)])
    in_care = np.arange(len(area)) - len(household) < care.sum()
    spots = Spots(area, whole, role, age, in_care & (role == RESIDENT), kind, household_area, of)
    return _with_likely_parents(spots, chance.stream("parents"))


def _households(counts: Ints) -> tuple[Ints, Ints]:
    """Return each household's kind and area, in the order of areas."""
    areas, kinds = counts.shape
    repeats = counts.ravel()
    kind = np.repeat(np.tile(np.arange(kinds), areas), repeats)
    area = np.repeat(np.repeat(np.arange(areas), kinds), repeats)
    return kind, area


def _roles(kind: Ints, household: Ints, place: Ints) -> Ints:
    """Return everybody's role: the first is head, the second a couple's partner, the last are children."""
    adults = (SIZE - CHILDREN)[kind][household]
    is_couple = np.isin(COMPOSED[kind], list(COUPLES))[household]
    role = np.where(place >= adults, CHILD_ROLE, ADULT)
    role = np.where((place == 1) & is_couple, PARTNER, role)
    role = np.where(place == 0, HEAD, role)
    return np.where(SIZE[kind][household] == 1, ALONE, role)


def _ages_near(kind: Ints, household: Ints, role: Ints, of: Ints, chance: Chance) -> Floats:
    """Return the age that each spot should be near: what decides who gets which of an area's ages."""
    composed = COMPOSED[kind]
    middle = np.array([each.middle for each in HEAD_AGES])[composed]
    spread = np.array([each.spread for each in HEAD_AGES])[composed]
    head = middle + spread * bell(chance.stream("head"), len(kind))
    noise = bell(chance.stream("noise"), len(household))
    beside = head[household]
    sharing = (composed == SHARERS)[household]
    grown = np.where(sharing, beside + 3 * noise, np.maximum(beside - 30 + 5 * noise, 18.5))
    grown = np.where(np.isin(composed, list(RELATED))[household], beside + 16 * noise, grown)
    child = np.clip(beside - MOTHERS_AGE + MOTHERS_SPREAD * noise, 0, 17.9)
    near = np.select(
        [role == PARTNER, role == ADULT, role == CHILD_ROLE], [beside - 2 + 3.5 * noise, grown, child], beside
    )
    return np.asarray(near, dtype=float)


def bell(chance: Chance, n: int) -> Floats:
    """Return ``n`` numbers of mean 0 and spread 1, bell-shaped: four uniforms summed."""
    return np.asarray(chance.random(4 * n).reshape(n, 4).sum(axis=1) - 2.0) * 1.7320508


def _communal_near(care: int, halls: int, chance: Chance) -> Floats:
    old = 84 + 8 * bell(chance.stream("care"), care)
    students = 19.8 + bell(chance.stream("halls"), halls)
    return np.concatenate([old, students])


def _ages(ages: Floats, area: Ints, role: Ints, near: Floats, chance: Chance) -> Ints:
    """Give every spot one of its area's ages: the spots in order of what they should be near."""
    given = np.zeros(len(area), dtype=np.int64)
    is_child = role == CHILD_ROLE
    for youngest, oldest, these in ((0, CHILD, is_child), (CHILD, OLDEST + 1, ~is_child)):
        spots = np.flatnonzero(these)
        order = spots[np.lexsort((near[spots], area[spots]))]
        wanted = np.bincount(area[spots], minlength=len(ages))
        given[order] = _drawn(ages[:, youngest:oldest], wanted, chance.stream(youngest)) + youngest
    return given


def _drawn(ages: Floats, wanted: Ints, chance: Chance) -> Ints:
    """Return so many ages for each area, in rising order, in the proportions of the area."""
    from sharewell.demo.region.frame.fit import whole

    counts = whole(ages + 1e-9, wanted, chance)
    years = np.tile(np.arange(ages.shape[1]), len(ages))
    return np.repeat(years, counts.ravel())


def _with_likely_parents(spots: Spots, chance: Chance) -> Spots:
    """Return the spots with children's ages swapped within an area until parents are old enough."""
    age = spots.age.copy()
    children = np.flatnonzero(spots.role == CHILD_ROLE)
    head = age[spots.of[spots.household[children]]]
    for turn in range(SWAPS):
        gap = head - age[children]
        bad = np.flatnonzero((gap < 16) | (gap > 47))
        other = _partners(spots.area[children], bad, chance.stream("swap", turn))
        _swap_where_better(age, children, head, bad, other)
    return Spots(**{**spots.__dict__, "age": age})


def _partners(area: Ints, bad: Ints, chance: Chance) -> Ints:
    """Return for each of the bad rows another row of the same area, by chance."""
    start = np.searchsorted(area, area[bad], side="left")
    end = np.searchsorted(area, area[bad], side="right")
    return start + (chance.random(len(bad)) * (end - start)).astype(np.int64)


def _swap_where_better(age: Ints, children: Ints, head: Ints, bad: Ints, other: Ints) -> None:
    """Swap the ages of two children where both then have parents of a likely age; one pair a child."""
    _, first = np.unique(other, return_index=True)
    keep = np.zeros(len(bad), dtype=bool)
    keep[first] = True
    keep &= ~np.isin(other, bad)
    bad, other = bad[keep], other[keep]
    gap_bad, gap_other = head[bad] - age[children[other]], head[other] - age[children[bad]]
    fine = (gap_bad >= 16) & (gap_bad <= 47) & (gap_other >= 16) & (gap_other <= 47)
    one, two = children[bad[fine]], children[other[fine]]
    age[one], age[two] = age[two], age[one]


def is_lone_parent(spots: Spots) -> Bools:
    """Return which households are a lone parent's."""
    return np.isin(COMPOSED[spots.kind], list(LONE))
