"""Lay out the homes of a part: doors along streets, numbers, UPRNs, and which household lives where."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from sharewell.demo.region.chance import Bools, Chance, Floats, Ints, Texts, texts
from sharewell.demo.region.frame.kinds import ACCOMMODATION
from sharewell.demo.region.frame.terms import Frame, Streets
from sharewell.demo.region.terms import NOBODY, Homes
from sharewell.demo.region.world import plots as plot
from sharewell.demo.region.world.housing import Housing
from sharewell.demo.region.world.part import Part
from sharewell.demo.region.world.spots import RESIDENT, Spots

FIRST_UPRN = 999_000_000_000
"""UPRNs have at most twelve digits and the highest in use begin with 2: 999 is plainly nobody's."""
UPRNS_EACH_AREA = 10_000
FIRST_USRN = 99_000_000


@dataclass(frozen=True)
class Laid:
    """The homes of a part, the home of each household, and of each resident of a care home or hall."""

    homes: Homes
    home_of: Ints
    """Place in ACCOMMODATION of a home that households live in, below 0 for others."""
    stretch: Ints
    """The stretch of street of the frame that each home is on."""
    of_household: Ints
    of_spot: Ints


def lay_out(frame: Frame, part: Part, spots: Spots, housing: Housing, chance: Chance) -> Laid:
    """Return the homes of a part with everybody in one of them."""
    areas = part.end - part.first
    made = [
        _area(frame, part, spots, housing, area, chance.stream("area", part.first + area))
        for area in range(areas)
    ]
    homes, home_of, stretch = _joined(made)
    of_household = _settled(homes, home_of, spots, housing, chance.stream("settle"))
    return Laid(homes, home_of, stretch, of_household, _communal(homes, spots, of_household))


def _area(
    frame: Frame, part: Part, spots: Spots, housing: Housing, area: int, chance: Chance
) -> dict[str, Any]:
    """Return the columns of one area's homes, ``home_of`` among them."""
    own = spots.household_area == area
    counts = np.bincount(housing.accommodation[own], minlength=len(ACCOMMODATION))
    of_frame = part.first + area
    made = plot.plots_of(counts, int(frame.care[of_frame]), int(frame.halls[of_frame]), chance)
    stretches = np.flatnonzero(frame.streets.area == of_frame)
    door_stretch, place = plot.numbered(made, len(stretches), chance.stream("numbers"))
    number = _numbers(frame.streets, stretches, door_stretch, place, chance.stream("suffix"))
    return _columns(frame, made, of_frame, area, stretches[door_stretch], number, chance)


def _columns(
    frame: Frame, made: plot.Plots, of_frame: int, area: int, stretch: Ints, number: Texts, chance: Chance
) -> dict[str, Any]:
    n, door = len(made.plot), np.array(made.plot)
    at, streets = stretch[door], frame.streets
    building, kind = texts(made.building), texts(made.kind)
    is_named = (building != "") & (kind != "shop") & (kind != "commercial")
    goes_by_name = is_named & (
        _by_door(chance.stream("unnumbered"), door, made.doors) > plot.NUMBERED_NAMED_BLOCKS
    )
    return {
        "uprn": texts([str(FIRST_UPRN + of_frame * UPRNS_EACH_AREA + each) for each in range(1, n + 1)]),
        "parent": np.array(made.parent), "unit": texts(made.unit), "building": building,
        "number": np.where(goes_by_name, "", number[door]), "street": streets.street[at],
        "locality": streets.locality[at], "town": streets.town[at], "postcode": streets.postcode[at],
        "area": np.full(n, area), "kind": kind,
        "usrn": texts([str(FIRST_USRN + each) for each in _usrns(streets, at)]),
        "easting": streets.easting[at] + (door * 7) % 60, "northing": streets.northing[at] + (door * 13) % 60,
        "in_gazetteer": _is_known(made, chance.stream("new")), "home_of": np.array(made.home_of),
        "stretch": at,
    }  # fmt: skip


def _by_door(chance: Chance, door: Ints, doors: int) -> Floats:
    return chance.random(doors)[door]


def _usrns(streets: Streets, at: Ints) -> Ints:
    """Return a number for each street: that of the first stretch of its name in its area."""
    firsts: dict[tuple[int, str], int] = {}
    for each in np.unique(at):
        firsts.setdefault((int(streets.area[each]), streets.street[each]), int(each))
    return np.array([firsts[int(streets.area[each]), streets.street[each]] for each in at])


def _is_known(made: plot.Plots, chance: Chance) -> Bools:
    """Return which addresses the gazetteer has: all but a few homes too new for it, by whole doors."""
    is_home = np.array(made.home_of) >= 0
    return ~(is_home & (_by_door(chance, np.array(made.plot), made.doors) < plot.NEW_BUILD_SHARE))


def _numbers(streets: Streets, stretches: Ints, stretch: Ints, place: Ints, chance: Chance) -> Texts:
    """Return each door's number: odd on one side of a street, even on the other, 12A for want of one."""
    names = streets.street[stretches]
    turn, street_length = _turns(names)
    start = streets.start[stretches]
    along = _along(names, turn, start, stretch, place)
    single = (street_length == 1)[stretch] & (start[stretch] == 0)
    number = np.where(single, along + 1, 2 * along + 1 + turn[stretch] % 2)
    suffixed = chance.happens(plot.SUFFIXED_SHARE, len(number)) & (along > 0)
    step = np.where(single, 1, 2)
    plain = texts([str(each) for each in number])
    return np.where(suffixed, texts([f"{each}A" for each in np.maximum(number - step, 1)]), plain)


def _turns(names: Texts) -> tuple[Ints, Ints]:
    """Return of each stretch: how many stretches of its street come before it, and how many there are."""
    seen: dict[str, int] = {}
    turn = []
    for name in names:
        turn.append(seen.get(name, 0))
        seen[name] = turn[-1] + 1
    return np.array(turn), np.array([seen[name] for name in names])


def _along(names: Texts, turn: Ints, start: Ints, stretch: Ints, place: Ints) -> Ints:
    """Return each door's place along its side of the street, counted on from the stretch before."""
    doors = np.bincount(stretch, minlength=len(names))
    passed: dict[tuple[str, int], int] = {}
    begun = np.zeros(len(names), dtype=np.int64)
    for at, name in enumerate(names):
        side = (name, int(turn[at]) % 2)
        begun[at] = passed.get(side, int(start[at]))
        passed[side] = int(begun[at]) + int(doors[at])
    return begun[stretch] + place


def _joined(made: list[dict[str, Any]]) -> tuple[Homes, Ints, Ints]:
    """Return the areas' homes as one table, parents pointing into it, what each is for and its stretch."""
    sizes = np.cumsum([0, *(len(each["uprn"]) for each in made)])
    for each, start in zip(made, sizes[:-1], strict=True):
        each["parent"] = np.where(each["parent"] == NOBODY, NOBODY, each["parent"] + start)
    joined = {name: np.concatenate([each[name] for each in made]) for name in made[0]}
    home_of, stretch = joined.pop("home_of"), joined.pop("stretch")
    joined["kind"][home_of == plot.OTHER_CONVERTED] = "converted"
    return Homes(**joined), home_of, stretch


def _settled(homes: Homes, home_of: Ints, spots: Spots, housing: Housing, chance: Chance) -> Ints:
    """Return the home of each household: of its accommodation, in its area, by chance; some stay empty."""
    of_household = np.empty(len(spots.kind), dtype=np.int64)
    for at, name in enumerate(ACCOMMODATION):
        own = np.flatnonzero(housing.accommodation == at)
        free = np.flatnonzero(home_of == at)
        free = free[np.lexsort((chance.stream(name).random(len(free)), homes.area[free]))]
        _fill(of_household, own, spots.household_area[own], free, homes.area[free])
    return of_household


def _fill(of_household: Ints, own: Ints, area: Ints, free: Ints, free_area: Ints) -> None:
    """Give households (in the order of areas) the free homes of their area, one each."""
    start = np.searchsorted(free_area, area, side="left")
    rank = np.arange(len(own)) - np.searchsorted(area, area, side="left")
    of_household[own] = free[start + rank]


def _communal(homes: Homes, spots: Spots, of_household: Ints) -> Ints:
    """Return everybody's home: the household's, or for those in homes and halls one of the area's in turn."""
    home = np.where(spots.household == NOBODY, NOBODY, of_household[spots.household])
    for kind, who in (("care_home", spots.in_care), ("hall", (spots.role == RESIDENT) & ~spots.in_care)):
        places = np.flatnonzero(homes.kind == kind)
        people = np.flatnonzero(who)
        start = np.searchsorted(homes.area[places], spots.area[people], side="left")
        count = np.searchsorted(homes.area[places], spots.area[people], side="right") - start
        home[people] = places[start + people % np.maximum(count, 1)]
    return home
