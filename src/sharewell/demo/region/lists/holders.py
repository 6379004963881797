"""Who holds the account, claim or tenancy of each home: one person a home, as the council believes it."""

from __future__ import annotations

import numpy as np

from sharewell.demo.region.chance import Bools, Dates, Ints
from sharewell.demo.region.lists.known import Known, is_listed, known
from sharewell.demo.region.terms import NOBODY, World

GROWN_UP = 18
LIVED_IN = ("house", "flat", "converted", "commercial", "caravan")
"""The kinds of home that households live in."""


def heads(world: World) -> Ints:
    """Return the adults who answer for a home: heads, those alone, adults who died or left the region."""
    people = world.people
    place = np.where(people.home == NOBODY, people.home_before, people.home)
    own = (place != NOBODY) & np.isin(world.homes.kind[place], LIVED_IN)
    is_gone = ~np.isnat(people.died_on) | (people.home == NOBODY)
    is_head = np.isin(people.role, ("head", "alone")) & (people.household != NOBODY)
    last_day = np.where(np.isnat(people.died_on), world.today, people.died_on)
    was_grown_up = last_day - people.born > np.timedelta64(GROWN_UP * 366, "D")
    return np.flatnonzero(own & (is_gone | is_head) & was_grown_up)


def settle(world: World, person: Ints, heard: Dates) -> tuple[Ints, Known]:
    """Return one holder for each home that has any, with what is held about each.

    Somebody not known to have died keeps the account before a widow or widower has it. Whoever is thought to
    live where others have come since is known by today's address after all: the newcomers' account told.
    """
    listed = is_listed(world, person, heard)
    person, heard = person[listed], heard[listed]
    held = known(world, person, heard)
    rank = _rank(world, person, held)
    has_won = one_a_home(held.home, rank)
    can_move = ~has_won & (rank == 2) & (world.people.home[person] != NOBODY)
    heard = np.where(can_move, world.today, heard)
    kept = has_won | can_move
    person, heard, has_won = person[kept], heard[kept], has_won[kept]
    held = known(world, person, heard)
    first = np.flatnonzero(one_a_home(held.home, (~has_won).astype(np.int64)))
    return person[first], known(world, person[first], heard[first])


def _rank(world: World, person: Ints, held: Known) -> Ints:
    """Return who goes first at a home: the dead who left a household, who lives there, who did."""
    people = world.people
    is_dead = ~np.isnat(people.died_on[person])
    living = np.where(held.home == people.home[person], 1, 2)
    return np.where(is_dead, np.where(people.household[person] == NOBODY, 3, 0), living)


def one_a_home(home: Ints, rank: Ints) -> Bools:
    """Return which rows come first at their home by rank, then by order."""
    order = np.lexsort((rank, home))
    is_first = np.ones(len(home), dtype=bool)
    is_first[1:] = home[order][1:] != home[order][:-1]
    first = np.zeros(len(home), dtype=bool)
    first[order] = is_first
    return first


def partners(world: World, person: Ints) -> Ints:
    """Return the living partner in the household of each person, or NOBODY."""
    people = world.people
    partner = np.where(person == NOBODY, NOBODY, people.partner[person])
    lives = np.isnat(people.died_on[partner]) & (people.household[partner] == people.household[person])
    return np.where((partner != NOBODY) & lives & (people.household[person] != NOBODY), partner, NOBODY)


def adults_at(world: World) -> Ints:
    """Return how many adults live in each household."""
    people = world.people
    grown = (people.household != NOBODY) & np.isnat(people.died_on) & (world.ages() >= GROWN_UP)
    return np.bincount(people.household[grown], minlength=len(world.households.id))


def households_at(world: World) -> Ints:
    """Return the household that lives in each home today, or NOBODY."""
    found = np.full(len(world.homes.uprn), NOBODY)
    found[world.households.home] = np.arange(len(world.households.home))
    return found
