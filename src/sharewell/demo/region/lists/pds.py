"""What the NHS's Personal Demographics Service held on a day: all lists of the NHS are made from it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from sharewell.demo.region.chance import Bools, Dates, Floats, Ints
from sharewell.demo.region.dirt.kinds import Rates
from sharewell.demo.region.dirt.names import NAME_RATES
from sharewell.demo.region.lists.known import Known, Lag, known
from sharewell.demo.region.terms import World

MOVES: Final[Lag] = ((0.0, 0), (0.5, 30), (0.8, 180), (0.95, 500), (1.0, 1100))
"""A move is heard of when somebody next tells their practice (an assumption)."""
DEATHS: Final[Lag] = ((0.0, 0), (0.7, 7), (0.9, 30), (0.985, 180), (1.0, 500))
"""Most deaths are registered within a week; those that a coroner looks at, later (an assumption)."""
LEAVING: Final[Lag] = ((0.0, 0), (0.35, 90), (0.75, 500), (1.0, 1200))
"""Who leaves is found when a practice elsewhere registers them, or by a list clean (an assumption)."""

NAMES: Final[Rates] = {
    **NAME_RATES,
    "name_with_middle": 0.005,
    "names_swapped": 0.0005,
    "name_nickname": 0.01,
    "name_known_as": 0.0005,
    "name_title": 0.0,
    "name_misheard": 0.003,
    "name_key_slip": 0.003,
    "name_initial_only": 0.0005,
    "name_small_letters": 0.0005,
    "name_stray_space": 0.003,
    "name_missing": 0.0003,
}
"""Names are checked when somebody registers: half the slips of a list typed once, or fewer (assumptions)."""
REGISTERED_DAYS: Final = 7
"""Births are told to the NHS within days (an assumption)."""
_ODD: Final = np.uint64(0x9E3779B97F4A7C15)
_MIXING: Final = (
    (np.uint64(30), np.uint64(0xBF58476D1CE4E5B9)),
    (np.uint64(27), np.uint64(0x94D049BB133111EB)),
)


@dataclass(frozen=True)
class Held:
    """What the service held about people on a day."""

    known: Known
    is_listed: Bools
    """Born, and not known to have died or left."""
    is_known_dead: Bools


def held_on(world: World, person: Ints, on: np.datetime64) -> Held:
    """Return what the service held on a day about these people: the same whichever list asks."""
    people = world.people
    moves, deaths, leaving = (
        told_by(world, person, on, lag, salt) for salt, lag in enumerate((MOVES, DEATHS, LEAVING))
    )
    died, left = people.died_on[person], people.left_on[person]
    is_known_dead = happened(died, deaths)
    is_gone = happened(left, leaving) | is_known_dead
    moves = np.where(people.hard[person] == "moved_or_duplicate", on, moves)
    is_born = people.born[person] <= on - np.timedelta64(REGISTERED_DAYS, "D")
    return Held(known(world, person, moves), is_born & ~is_gone, is_known_dead)


def happened(day: Dates, by: Dates | np.datetime64) -> Bools:
    """Return whether a day came, and not after another."""
    came: Bools = ~np.isnat(day) & (day <= by)
    return came


def told_by(world: World, person: Ints, on: np.datetime64, lag: Lag, salt: int) -> Dates:
    """Return the day up to which the service has heard about each of these people."""
    shares, days = zip(*lag, strict=True)
    ago: Ints = np.interp(lot(world, person, salt), shares, days).astype(np.int64)
    return on - ago.astype("timedelta64[D]")


def lot(world: World, person: Ints, salt: int) -> Floats:
    """Return a number from 0 up to 1 for each person: the same in every list, another for each salt.

    Mixed as SplitMix64 does it (Steele, Lea and Flood 2014): whole numbers only, the same on every machine.
    """
    mixed = world.people.nhs_number[person].astype("U10").astype(np.uint64) * _ODD + np.uint64(salt)
    for shift, factor in _MIXING:
        mixed = (mixed ^ (mixed >> shift)) * factor
    drawn: Floats = ((mixed ^ (mixed >> np.uint64(31))) >> np.uint64(11)) / float(1 << 53)
    return drawn
