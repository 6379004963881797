"""The addresses of one area: houses, blocks of flats, shops, care homes, laid along its streets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from sharewell.demo.region.chance import Chance, Ints
from sharewell.demo.region.frame.kinds import ACCOMMODATION
from sharewell.demo.region.terms import NOBODY

VACANT_SHARE, SHOP_SHARE = 0.03, 0.035
"""Homes that stand empty for each lived in (Council Taxbase 2021, rounded); places of work (assumed)."""
NEW_BUILD_SHARE = 0.008
"""Homes too new for the gazetteer (an assumption: new dwellings are 0.9 % of the stock a year, ONS)."""
BLOCK_SIZES = (4, 6, 6, 8, 8, 9, 12, 12, 16, 18, 24, 32, 48, 72)
CARE_HOME_SIZE, HALL_SIZE = 38, 120
CONVERTED_SIZES = (2, 2, 2, 3, 3, 4, 5)
NAMED_BLOCKS, NUMBERED_NAMED_BLOCKS = 0.7, 0.6
SUFFIXED_SHARE = 0.015
"""Houses numbered 12A for want of a number."""
BLOCK_WORDS = (
    "Alder",
    "Ashley",
    "Beech",
    "Birch",
    "Brook",
    "Cedar",
    "Chestnut",
    "Clarence",
    "Conway",
    "Derwent",
    "Elm",
    "Fairfax",
    "Garden",
    "Hampton",
    "Heron",
    "Kings",
    "Lime",
    "Linden",
    "Malvern",
    "Maple",
    "Mill",
    "Oak",
    "Orchard",
    "Park",
    "Poplar",
    "Queens",
    "Regent",
    "River",
    "Rowan",
    "Stanley",
    "Station",
    "Tudor",
    "Victoria",
    "Wellington",
    "Weaver",
    "Willow",
    "Windsor",
)
BLOCK_KINDS = ("Court", "House", "Mill", "Point", "Heights", "Lodge", "Mansions", "Gardens")
CARE_WORDS = (
    "Applegarth", "Brightwater", "Cloverleigh", "Dovecote", "Evenlode", "Fernhollow", "Greenacre",
    "Hollybank", "Larkrise", "Meadowsweet", "Oakenshaw", "Primrose", "Rosemount", "Summerfield",
    "Thistledown", "Woodlea",
)  # fmt: skip
CARE_KINDS = ("Care Home", "Nursing Home", "Residential Home", "Lodge Care Centre")
HALL_KINDS = ("Hall", "Student Village", "Student House")
SHOP_WORDS = (
    "Newsagents",
    "Bakery",
    "Hairdressers",
    "Chemist",
    "Cafe",
    "Surgery",
    "Garage",
    "Stores",
    "Office",
)
FLOORS = ("Ground Floor Flat", "First Floor Flat", "Second Floor Flat", "Top Floor Flat", "Basement Flat")


@dataclass
class Plots:
    """The addresses of one area as columns. ``plot`` is the door on the street that an address is behind."""

    plot: list[int] = field(default_factory=list)
    parent: list[int] = field(default_factory=list)
    unit: list[str] = field(default_factory=list)
    building: list[str] = field(default_factory=list)
    kind: list[str] = field(default_factory=list)
    home_of: list[int] = field(default_factory=list)
    """Place in ACCOMMODATION of a home; NOBODY where nobody is to live, -2 a home for care, -3 a hall."""
    doors: int = 0

    def add(
        self, kind: str, of: int, *, parent: int = NOBODY, unit: str = "", building: str = "", door: int = -1
    ) -> int:
        """Add an address, behind a door of its own unless one is named, and return its place."""
        if door < 0:
            door, self.doors = self.doors, self.doors + 1
        for column, value in zip(
            (self.plot, self.parent, self.unit, self.building, self.kind, self.home_of),
            (door, parent, unit, building, kind, of),
            strict=True,
        ):
            column.append(value)  # type: ignore[attr-defined]
        return len(self.plot) - 1


CARE, HALL = -2, -3
DETACHED, SEMI, TERRACED, PURPOSE_BUILT, CONVERTED, OTHER_CONVERTED, COMMERCIAL, CARAVAN = range(
    len(ACCOMMODATION)
)


def plots_of(homes: Ints, care: int, halls: int, chance: Chance) -> Plots:
    """Return the addresses of an area: ``homes`` counts the lived-in ones by ACCOMMODATION."""
    plots, wanted = Plots(), _with_vacant(homes, chance)
    for of in (DETACHED, SEMI, TERRACED):
        for _ in range(int(wanted[of])):
            plots.add("house", of)
    _add_blocks(plots, int(wanted[PURPOSE_BUILT]), PURPOSE_BUILT, BLOCK_SIZES, chance.stream("blocks"))
    _add_blocks(plots, int(wanted[OTHER_CONVERTED]), OTHER_CONVERTED, BLOCK_SIZES[:8], chance.stream("old"))
    _add_converted(plots, int(wanted[CONVERTED]), chance.stream("converted"))
    _add_shops(plots, int(wanted[COMMERCIAL]), int(homes.sum()), chance.stream("shops"))
    _add_caravans(plots, int(wanted[CARAVAN]), chance.stream("caravans"))
    _add_communal(plots, care, CARE, chance.stream("care"))
    _add_communal(plots, halls, HALL, chance.stream("halls"))
    return plots


def _with_vacant(homes: Ints, chance: Chance) -> Ints:
    return np.array([count + chance.round(float(count) * VACANT_SHARE) for count in homes])


def _name(chance: Chance, words: Sequence[str], kinds: Sequence[str]) -> str:
    word, kind = chance.random(2)
    return f"{words[int(word * len(words))]} {kinds[int(kind * len(kinds))]}"


def _add_blocks(plots: Plots, flats: int, of: int, sizes: Sequence[int], chance: Chance) -> None:
    """Add blocks until there are flats enough; each has a shell that its flats point at."""
    while flats > 0:
        draw = chance.random(4)
        size = min(flats, sizes[int(draw[0] * len(sizes))])
        name = _name(chance, BLOCK_WORDS, BLOCK_KINDS) if draw[1] < NAMED_BLOCKS else ""
        shell = plots.add("block", NOBODY, building=name)
        word = "Apartment" if draw[2] < 0.25 else "Flat"
        for number in range(1, size + 1):
            plots.add(
                "flat", of, parent=shell, unit=f"{word} {number}", building=name, door=plots.plot[shell]
            )
        flats -= size


def _add_converted(plots: Plots, flats: int, chance: Chance) -> None:
    """Add houses made into flats: numbered, lettered or named by floor, the house alike in all three."""
    while flats > 0:
        draw = chance.random(2)
        size = min(flats, CONVERTED_SIZES[int(draw[0] * len(CONVERTED_SIZES))])
        shell = plots.add("block", NOBODY)
        for at in range(size):
            unit = FLOORS[at] if draw[1] < 0.25 else f"Flat {'ABCDEFGH'[at] if draw[1] < 0.5 else at + 1}"
            plots.add("converted", CONVERTED, parent=shell, unit=unit, door=plots.plot[shell])
        flats -= size


def _add_shops(plots: Plots, flats_above: int, homes: int, chance: Chance) -> None:
    """Add places of work, some with a flat above that has the shop's own door."""
    for at in range(max(flats_above, chance.round(homes * SHOP_SHARE))):
        shop = plots.add("shop", NOBODY, building=_name(chance, BLOCK_WORDS, SHOP_WORDS))
        if at < flats_above:
            plots.add("commercial", COMMERCIAL, unit="Flat Above", door=plots.plot[shop])


def _add_caravans(plots: Plots, pitches: int, chance: Chance) -> None:
    if pitches <= 0:
        return
    site = f"{_name(chance, BLOCK_WORDS, ('Park',))}"
    shell = plots.add("block", NOBODY, building=site)
    for number in range(1, pitches + 1):
        plots.add(
            "caravan", CARAVAN, parent=shell, unit=f"Pitch {number}", building=site, door=plots.plot[shell]
        )


def _add_communal(plots: Plots, people: int, of: int, chance: Chance) -> None:
    """Add homes for older people, or halls; a care home is one address, a hall one for each flat of six."""
    size = CARE_HOME_SIZE if of == CARE else HALL_SIZE
    for _ in range(-(-people // size) if people else 0):
        if of == CARE:
            plots.add("care_home", CARE, building=_name(chance, CARE_WORDS, CARE_KINDS))
        else:
            plots.add("hall", HALL, building=_name(chance, CARE_WORDS, HALL_KINDS))


def numbered(plots: Plots, stretches: int, chance: Chance) -> tuple[Any, Any]:
    """Return for each door the stretch of street it is on and its place along it; like stands by like."""
    _, first = np.unique(np.array(plots.plot), return_index=True)
    kind_at = np.array([_order(plots.kind[at], plots.home_of[at]) for at in first], dtype=float)
    order = np.argsort(kind_at + 0.9 * chance.random(plots.doors), kind="stable")
    stretch = np.empty(plots.doors, dtype=np.int64)
    place = np.empty(plots.doors, dtype=np.int64)
    at = np.arange(plots.doors)
    edges = at * stretches // max(plots.doors, 1)
    stretch[order] = edges
    place[order] = at - np.searchsorted(edges, edges, side="left")
    return stretch, place


def _order(kind: str, of: int) -> float:
    """Return where along the streets a sort of door tends to stand: shops first, detached homes last."""
    if kind in ("shop", "commercial"):
        return 0.0
    return {"block": 1.2, "converted": 1.0, "care_home": 3.0, "hall": 0.8}.get(kind, 4.0 - of)
