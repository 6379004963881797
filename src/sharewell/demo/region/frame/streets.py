"""The streets of the reference areas: real street names at their real postcodes, and nothing finer."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from sharewell.demo.region.chance import Chance, Ints, Texts, texts
from sharewell.demo.region.frame.folder import Folder
from sharewell.demo.region.frame.terms import Streets

ADDRESSES_EACH = 13
"""Addresses on a stretch of street with one postcode: about 15 (Royal Mail), less vacancies."""
STREET_ENDINGS = (
    "Street",
    "Road",
    "Lane",
    "Avenue",
    "Close",
    "Terrace",
    "Crescent",
    "Grove",
    "Drive",
    "Place",
    "Way",
    "Gardens",
    "Court",
    "Square",
    "Walk",
    "Hill",
    "Row",
    "Mews",
    "Park",
    "Rise",
    "View",
    "Green",
    "Fold",
    "Brow",
    "Gate",
    "Parade",
    "Vale",
    "Bank",
)
DOORS_AHEAD = 20
"""Doors kept for a stretch of street where a street goes on into another area."""
RUN = (1, 2, 2, 3, 3, 4)
"""How many postcodes in a row an unnamed street runs through, drawn from these."""
NO_STREET = frozenset(
    (
        "Business", "Car", "Caravan", "Country", "County", "Enterprise", "Holiday", "Industrial", "Leisure",
        "Retail", "Science", "Shopping", "Technology", "Theme", "Trading",
    )
)  # fmt: skip
"""Words of places that are no street, though their names end like one's."""
NOT_A_TOWN = "OTHER"
Spot = tuple[str, int, int, float, float]
"""A postcode with its easting, northing, longitude and latitude."""


def read_streets(folder: Folder, codes: Texts, wards: Texts, addresses: Ints, chance: Chance) -> Streets:
    """Return the stretches of street of each area, as many as its addresses need.

    A postcode with a street on record keeps it; the others get the name of a neighbour in the same area or,
    each once in a postal town, a name drawn by how often it is used in Britain.
    """
    held = _postcodes(folder, codes)
    known = _known_streets(folder)
    towns = _towns(folder)
    names = _Names(folder, chance)
    rows: list[tuple[Any, ...]] = []
    for area, code in enumerate(codes):
        wanted = max(1, -(-int(addresses[area]) // ADDRESSES_EACH))
        rows += _of_area(area, held.get(code, [])[:wanted], known, towns, wards[area], names)
    columns = list(zip(*rows, strict=True))
    return Streets(
        area=np.array(columns[0]), street=texts(columns[1]), postcode=texts(columns[2]),
        town=texts(columns[3]),
        locality=texts(columns[4]), easting=np.array(columns[5]), northing=np.array(columns[6]),
        longitude=np.array(columns[7]), latitude=np.array(columns[8]),
        start=starts(columns[0], columns[1], columns[3]),
    )  # fmt: skip


def starts(area: Sequence[int], street: Sequence[str], town: Sequence[str]) -> Ints:
    """Return how many doors each stretch's street has passed, on either side, before it comes to the area."""
    passed: dict[tuple[str, str], int] = defaultdict(int)
    begun: dict[tuple[str, str, int], int] = {}
    for each in zip(town, street, area, strict=True):
        begun.setdefault(each, passed[each[:2]])
        passed[each[:2]] += 1
    return np.array([-(-begun[each] // 2) * DOORS_AHEAD for each in zip(town, street, area, strict=True)])


def _of_area(
    area: int, held: Sequence[Spot], known: dict[str, str], towns: dict[str, str], ward: str, names: _Names
) -> Iterator[tuple[Any, ...]]:
    """Yield one row for each postcode of an area."""
    left, street = 0, ""
    for postcode, *spot in held:
        town = towns.get(postcode.split()[0], names.town)
        names.town = town
        if postcode in known:
            left, street = names.run() - 1, known[postcode]
        elif left > 0:
            left -= 1
        else:
            left, street = names.run() - 1, names.draw(town)
        yield area, street, postcode, town, ward if names.has_locality(street) else "", *spot


class _Names:
    """Draws street names by how often Britain uses them, each once in a postal town."""

    def __init__(self, folder: Folder, chance: Chance) -> None:
        read = folder.columns("addresses/street_name_frequency.csv.gz", ["street", "n_postcodes"], ["street"])
        is_street = np.array([_is_street(name) for name in read["street"]])
        self.names, self.edges = read["street"][is_street], np.cumsum(read["n_postcodes"][is_street])
        self.chance, self.town, self.drawn = chance, "", 0
        self.used: dict[str, dict[str, None]] = defaultdict(dict)
        self.pool: Any = []

    def draw(self, town: str) -> str:
        """Return a street name not yet drawn for the town."""
        used = self.used[town]
        for _ in range(40):
            at = int(np.searchsorted(self.edges, self._uniform() * self.edges[-1], side="right"))
            name = str(self.names[min(at, len(self.names) - 1)])
            if name not in used:
                break
        used[name] = None
        return name

    def run(self) -> int:
        """Return how many postcodes a street runs through."""
        return RUN[int(self._uniform() * len(RUN))]

    def has_locality(self, street: str) -> bool:
        """Return whether the gazetteer names the locality of a street: about three in ten do."""
        return sum(map(ord, street)) % 10 < 3

    def _uniform(self) -> float:
        if self.drawn == len(self.pool):
            self.pool, self.drawn = self.chance.random(4096), 0
        self.drawn += 1
        return float(self.pool[self.drawn - 1])


def _is_street(name: str) -> bool:
    words = name.split()
    is_named_so = len(words) in (2, 3) and words[-1] in STREET_ENDINGS and name.replace(" ", "").isalpha()
    return is_named_so and not NO_STREET.intersection(words)


def _postcodes(folder: Folder, codes: Texts) -> dict[str, list[Spot]]:
    """Return the postcodes of each wanted area with their places, neighbours beside each other."""
    wanted = dict.fromkeys(codes)
    held: dict[str, list[Spot]] = defaultdict(list)
    for name in ("gm", "london"):
        read = folder.columns(
            f"postcodes/{name}_postcodes.csv.gz",
            ["lsoa21", "postcode", "easting", "northing", "lon", "lat"],
            ["postcode", "lsoa21"],
        )
        for area, *spot in zip(*(read[each].tolist() for each in read), strict=True):
            if area in wanted:
                held[area].append(tuple(spot))
    return {area: sorted(found) for area, found in held.items()}


def _known_streets(folder: Folder) -> dict[str, str]:
    read = folder.columns(
        "addresses/real_street_postcode_pairs.csv.gz", ["street", "postcode"], ["street", "postcode"]
    )
    pairs = zip(read["postcode"], read["street"], strict=True)
    return {postcode: street for postcode, street in pairs if _is_street(street)}


def _towns(folder: Folder) -> dict[str, str]:
    read = folder.columns(
        "addresses/ons_postcode_district_to_town.csv", ["postcode", "town"], ["postcode", "town"]
    )
    pairs = zip(read["postcode"], read["town"], strict=True)
    return {district: town.title() for district, town in pairs if town and town != NOT_A_TOWN}
