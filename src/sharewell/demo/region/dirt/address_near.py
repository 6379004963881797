"""What lies near a home: the number two doors along, another street, the flats of the same block."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np

from sharewell.demo.region.chance import Bools, Chance, Ints, Texts, texts
from sharewell.demo.region.dirt.address_traits import HAS_LOCALITY, HAS_NEIGHBOUR
from sharewell.demo.region.terms import NOBODY, Homes

TRIES: Final = 12
_NOT_DWELLINGS: Final = ("block", "shop")
_HIGHEST: Final = 100_000


@dataclass(frozen=True)
class Near:
    """The homes of a part of the region, asked for what lies near some of them."""

    homes: Homes

    @cached_property
    def anchor(self) -> Ints:
        """Return of each home the block that it is in, or NOBODY."""
        own = np.flatnonzero(np.bincount(self.homes.parent + 1, minlength=len(self.homes.parent) + 1)[1:])
        block = self.homes.parent.copy()
        block[own] = own
        return block

    @cached_property
    def has_flat_mates(self) -> Bools:
        """Return which homes are in a block of two flats or more."""
        flats = np.bincount(self.homes.parent + 1, minlength=len(self.homes.parent) + 1)
        has: Bools = (self.homes.parent != NOBODY) & (flats[self.homes.parent + 1] > 1)
        return has

    @cached_property
    def bits(self) -> Ints:
        """Return what can be said of each home's surroundings, and behind the last nothing of NOBODY's."""
        bits = np.where(self.homes.locality != "", HAS_LOCALITY, 0)
        bits |= np.where((self.neighbours != NOBODY).any(axis=0), HAS_NEIGHBOUR, 0)
        return np.append(bits, 0)

    @cached_property
    def neighbours(self) -> Ints:
        """Return of each house the ones two numbers up and down its street, NOBODY where there is none."""
        rows, number = _numbered(self.homes)
        streets: dict[str, int] = {}
        street = [streets.setdefault(usrn, len(streets)) for usrn in self.homes.usrn[rows].tolist()]
        key = np.array(street, dtype=np.int64) * _HIGHEST + number
        order = np.argsort(key, kind="stable")
        found = np.full((2, len(self.homes.uprn)), NOBODY, dtype=np.int64)
        for at, step in enumerate((2, -2)):
            spot = np.minimum(np.searchsorted(key[order], key + step), max(len(key) - 1, 0))
            is_there = (key[order][spot] == key + step) & (number + step > 0)
            found[at, rows[is_there]] = rows[order][spot[is_there]]
        return found

    def next_numbers(self, home: Ints, chance: Chance) -> Texts:
        """Return the number of a real neighbour of each home, up or down the street by chance."""
        up, down = self.neighbours[:, home]
        goes_up = ((up != NOBODY) & chance.happens(0.5, len(home))) | (down == NOBODY)
        numbers: Texts = self.homes.number[np.where(goes_up, up, down)]
        return numbers

    def other_street(self, home: Ints, chance: Chance) -> Ints:
        """Return a home on another street near each home: the nearest of some drawn from its own area.

        Where the area has but one street, some other home of the part; where that has but one too, the same.
        """
        near = self._nearest(home, *self._of_area(home), chance.stream("area"))
        everywhere = np.zeros(len(home), dtype=np.int64), np.full(len(home), len(self.homes.uprn))
        far = self._nearest(home, *everywhere, chance.stream("anywhere"))
        return np.where(near != home, near, far)

    def buildings(self, n: int, chance: Chance) -> Texts:
        """Return the names of buildings of the part, "" now and then."""
        said = self.homes.building[self.homes.building != ""]
        return chance.pick(said, n) if len(said) else texts([""] * n)

    @cached_property
    def _by_area(self) -> Ints:
        return np.argsort(self.homes.area, kind="stable")

    def _of_area(self, home: Ints) -> tuple[Ints, Ints]:
        area, every = self.homes.area[home], self.homes.area[self._by_area]
        return np.searchsorted(every, area, side="left"), np.searchsorted(every, area, side="right")

    def _nearest(self, home: Ints, first: Ints, end: Ints, chance: Chance) -> Ints:
        """Return the nearest of some homes drawn for each home, itself if none will do.

        Those to draw from are the ``first`` up to the ``end`` of the homes in the order of their areas.
        """
        homes, own = self.homes, home[:, None]
        drawn = chance.random(len(home) * TRIES).reshape(-1, TRIES)
        other = self._by_area[first[:, None] + (drawn * (end - first)[:, None]).astype(np.int64)]
        east, north = homes.easting[other] - homes.easting[own], homes.northing[other] - homes.northing[own]
        will_do = (homes.street[other] != homes.street[own]) & (homes.postcode[other] != homes.postcode[own])
        far = np.where(will_do & (homes.street[other] != ""), east**2 + north**2, np.iinfo(np.int64).max)
        best = np.argmin(far, axis=1)
        rows = np.arange(len(home))
        is_none = far[rows, best] == np.iinfo(np.int64).max
        return np.where(is_none, home, other[rows, best])


def _numbered(homes: Homes) -> tuple[Ints, Ints]:
    """Return the dwellings that have a number and no letter or flat, with their numbers."""
    numbers = homes.number.tolist()
    is_plain = np.fromiter((each.isdigit() and len(each) < 5 for each in numbers), bool, len(numbers))
    is_home = (
        is_plain
        & homes.in_gazetteer
        & (homes.unit == "")
        & ~np.isin(homes.kind.astype("U10"), _NOT_DWELLINGS)
    )
    rows = np.flatnonzero(is_home)
    return rows, homes.number[rows].astype(np.int64)
