"""The council tax accounts of a part: who is liable where, whose have ended, homes with nobody liable."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Final

import numpy as np

from sharewell.demo.region.chance import Bools, Chance, Dates, Ints, Texts, texts
from sharewell.demo.region.lists.holders import GROWN_UP, LIVED_IN, heads, households_at, one_a_home, settle
from sharewell.demo.region.lists.known import Lag, heard_on
from sharewell.demo.region.terms import NOBODY, World

LAG: Final[Lag] = ((0.0, 0), (0.6, 30), (0.9, 180), (1.0, 540))
"""Most people tell of a move before the next bill; the last is found by the yearly bill (an assumption)."""
SHOPS: Final = 0.01
"""Flats above a shop billed to the business, for each account (an assumption)."""
ESTATES, ESTATE_DAYS = 0.6, 540
"""Of homes whose last adult died, those billed to executors, and for how long (assumptions)."""


@dataclass(frozen=True)
class Accounts:
    """One row an account. ``person`` is NOBODY where no one is liable by name; a dead one has executors."""

    person: Ints
    home: Ints
    surname: Texts
    ended: Dates
    """NaT for accounts still open."""
    is_estate: Bools
    is_stale: Bools
    is_left: Bools
    """Left open at a home the person moved out of, while another stands at the new one."""


def accounts_of(world: World, chance: Chance) -> Accounts:
    """Return every account: one open at each home, and those that some people left behind."""
    person = heads(world)
    heard = heard_on(chance.stream("heard"), len(person), world.today, LAG)
    heard = np.where(world.people.hard[person] == "moved_or_duplicate", world.today, heard)
    holder, held = settle(world, person, heard)
    living = _accounts(world, holder, held.home, surname=held.surname, is_stale=held.is_stale)
    estates = _estates(world, holder, chance.stream("estates"))
    taken = np.concatenate([living.home, estates.home])
    parts = (living, estates, _nobodys(world, taken, chance.stream("nobodys")), _left_open(world, chance))
    return Accounts(
        **{
            each.name: np.concatenate([getattr(part, each.name) for part in parts])
            for each in fields(Accounts)
        }
    )


def _accounts(
    world: World, person: Ints, home: Ints, *, surname: Texts | None = None, ended: Dates | None = None,
    is_estate: bool = False, is_stale: Bools | None = None, is_left: bool = False,
) -> Accounts:  # fmt: skip
    n = len(person)
    return Accounts(
        person=person,
        home=home,
        surname=world.people.surname[person] if surname is None else surname,
        ended=np.full(n, np.datetime64("NaT"), dtype="datetime64[D]") if ended is None else ended,
        is_estate=np.full(n, is_estate),
        is_stale=np.zeros(n, dtype=bool) if is_stale is None else is_stale,
        is_left=np.full(n, is_left),
    )


def _estates(world: World, holder: Ints, chance: Chance) -> Accounts:
    """Return accounts of executors, of those who died alone, until somebody came after them."""
    people = world.people
    died_lately = world.today - people.died_on < np.timedelta64(ESTATE_DAYS, "D")
    dead = np.flatnonzero(died_lately & (people.household == NOBODY) & (people.home != NOBODY))
    came = _came(world)[people.home[dead]]
    is_empty = households_at(world)[people.home[dead]] == NOBODY
    own = np.isin(world.homes.kind[people.home[dead]], LIVED_IN) & (world.ages()[dead] >= GROWN_UP)
    dead = dead[own & (is_empty | (came > people.died_on[dead])) & ~np.isin(dead, holder)]
    dead = dead[one_a_home(people.home[dead], -people.died_on[dead].astype(np.int64))]
    dead = dead[chance.happens(ESTATES, len(dead))]
    home = people.home[dead]
    return _accounts(world, dead, home, ended=_came(world)[home], is_estate=True)


def _came(world: World) -> Dates:
    """Return the day that those who live in each home came, NaT where nobody has come lately."""
    people, came = world.people, np.full(len(world.homes.uprn), np.datetime64("NaT"), dtype="datetime64[D]")
    living = np.flatnonzero(np.isin(people.role, ("head", "alone")) & np.isnat(people.died_on))
    came[people.home[living]] = people.moved_on[living]
    return came


def _nobodys(world: World, taken: Ints, chance: Chance) -> Accounts:
    """Return accounts in no person's name: homes that stand empty, and some shops with a flat over them."""
    kind, n = world.homes.kind, len(taken)
    is_empty = np.isin(kind, LIVED_IN) & (households_at(world) == NOBODY)
    is_empty[taken] = False
    shops = chance.some(np.flatnonzero(kind == "shop"), SHOPS * n)
    home = np.sort(np.concatenate([np.flatnonzero(is_empty), shops]))
    return _accounts(world, np.full(len(home), NOBODY), home, surname=texts([""] * len(home)))


def _left_open(world: World, chance: Chance) -> Accounts:
    """Return the second accounts of people counted twice: at their old home, half of them still open."""
    people = world.people
    who = np.flatnonzero((people.hard == "moved_or_duplicate") & (people.home_before != NOBODY))
    who = who[np.isin(who, heads(world))]
    who = who[one_a_home(people.home_before[who], who)]
    still_open = chance.stream("open").happens(0.5, len(who))
    ended = np.where(still_open, np.datetime64("NaT"), people.moved_on[who])
    return _accounts(world, who, people.home_before[who], ended=ended, is_left=True)
