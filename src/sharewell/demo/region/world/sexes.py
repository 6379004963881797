"""Who is a man and who a woman: couples first, then others, so that each age has its share."""

from __future__ import annotations

from typing import cast

import numpy as np

from sharewell.demo.region.chance import Bools, Chance, Floats, Ints
from sharewell.demo.region.frame.terms import Frame
from sharewell.demo.region.world.part import Part
from sharewell.demo.region.world.spots import CHILD_ROLE, HEAD, PARTNER, Spots, is_lone_parent

SAME_SEX_COUPLES = 0.015
"""Share of couples (Census 2021: 1.2 % of couples in England, more in cities)."""
MEN_AT_THE_HEAD = 0.62
LEANING = 2.0
"""How strongly lone parents and the old who live alone are women, when an age's women are shared out."""


def sexes(frame: Frame, part: Part, spots: Spots, chance: Chance) -> Bools:
    """Return who is a woman, each five years of age in a district having its published share."""
    is_woman, settled = _couples(spots, chance.stream("couples"))
    district = np.asarray(part.of(frame.district))[spots.area]
    band = np.minimum(spots.age // 5, 18)
    share = _share(frame, district, spots.age)
    keenness = chance.stream("others").random(len(spots.age)) + LEANING * _likely_women(spots)
    for group in np.unique(district * 100 + band):
        own = np.flatnonzero(district * 100 + band == group)
        _fill(is_woman, own, settled, float(share[own].sum()), keenness, chance.stream("round", int(group)))
    return is_woman


def _couples(spots: Spots, chance: Chance) -> tuple[Bools, Bools]:
    is_woman = np.zeros(len(spots.age), dtype=bool)
    partner = np.flatnonzero(spots.role == PARTNER)
    head = spots.of[spots.household[partner]]
    head_is_woman = chance.random(len(head)) >= MEN_AT_THE_HEAD
    alike = chance.random(len(head)) < SAME_SEX_COUPLES
    is_woman[head] = head_is_woman
    is_woman[partner] = head_is_woman == alike
    settled = np.zeros(len(spots.age), dtype=bool)
    settled[head] = settled[partner] = True
    return is_woman, settled


def _share(frame: Frame, district: Ints, age: Ints) -> Floats:
    table = np.array([each.female for each in frame.districts])
    return cast(Floats, table[district, age])


def _likely_women(spots: Spots) -> Floats:
    """Return how much likelier than others of their age somebody is a woman: lone parents."""
    lone = np.zeros(len(spots.age))
    heads = spots.of[is_lone_parent(spots)]
    lone[heads] = np.where(spots.role[heads] == HEAD, 0.8, 0.0)
    return np.where(spots.role == CHILD_ROLE, 0.0, lone)


def _fill(
    is_woman: Bools, own: Ints, settled: Bools, wanted: float, keenness: Floats, chance: Chance
) -> None:
    """Make women of so many of the unsettled that the group has as many as wanted."""
    free = own[~settled[own]]
    missing = chance.round(max(wanted - float(is_woman[own[settled[own]]].sum()), 0.0))
    chosen = free[np.argsort(-keenness[free], kind="stable")[:missing]]
    is_woman[chosen] = True
