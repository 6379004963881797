"""A made-up county from small tables of the product's own: it needs no reference data.

The shares are rounded from Census 2021 for England and Wales (ONS, OGL v3.0) and mixed by sort of area; the
county, its towns, wards and streets are invented, and its postcodes lie in an area Royal Mail does not use.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from sharewell.demo.region.chance import Chance, Floats, Ints, texts
from sharewell.demo.region.frame.fit import whole
from sharewell.demo.region.frame.kinds import LARGEST
from sharewell.demo.region.frame.reference import Read
from sharewell.demo.region.frame.streets import ADDRESSES_EACH
from sharewell.demo.region.frame.terms import OLDEST, District, Margins, Streets

ATTRIBUTION = "Shares rounded from Census 2021 (ONS, Open Government Licence v3.0). Names: Faker (MIT)."
AREA_PEOPLE, FEWEST_AREAS = 1500, 5
AREAS_EACH_DISTRICT = 100
TOWNS = (
    "Marlbeck", "Harrowick", "Thornley Bridge", "Castlebeck", "Wexcombe", "Ashby Moor", "Fellgate",
    "Brackenfold",
    "Stanwick", "Oakhampton Vale", "Ravensclough", "Milnbridge",
)  # fmt: skip
WARDS = ("Beckside", "Castle Hill", "Northgate", "Tannery Bank", "Upper Moor")
STREET_WORDS = [
    "Alder",
    "Ashgrove",
    "Aspen",
    "Beacon",
    "Birch",
    "Bramble",
    "Bridge",
    "Brook",
    "Canal",
    "Carr",
    "Castle",
    "Chapel",
    "Cherry",
    "Clough",
    "Cotton",
    "Cross",
    "Dale",
    "Dyers",
    "Elm",
    "Fairfield",
    "Ferndale",
    "Forge",
    "Foundry",
    "Foxglove",
    "Garth",
    "Glebe",
    "Granary",
    "Hawthorn",
    "Hazel",
    "Heron",
    "Hollin",
    "Holly",
    "Ingham",
    "Ivy",
    "Juniper",
    "Kestrel",
    "Kiln",
    "Larch",
    "Laurel",
    "Linden",
    "Linnet",
    "Mallard",
    "Maple",
    "Marl",
    "Meadow",
    "Mill",
    "Moorland",
    "Nightingale",
    "Orchard",
    "Packhorse",
    "Park",
    "Poplar",
    "Priory",
    "Quarry",
    "Rowan",
    "Rushes",
    "Sandstone",
    "Spinners",
    "Spring",
    "Station",
    "Sycamore",
    "Tannery",
    "Thornfield",
    "Viaduct",
    "Weavers",
    "Well",
    "Wheat",
    "Willow",
    "Wool",
    "Yarrow",
]
STREET_KINDS = ("Street", "Road", "Lane", "Avenue", "Close", "Terrace", "Crescent", "Grove", "Drive", "Way")
STREET_PREFIXES = (
    "",
    "Upper ",
    "Lower ",
    "Old ",
    "New ",
    "Little ",
    "Far ",
    "East ",
    "West ",
    "North ",
    "South ",
)
UNIT_LETTERS = "ABDEFGHJLNPQRSTUWXYZ"
POSTCODE_AREAS = ("ZM", "ZN", "ZK")
STREETS_RUN = 3
"""How many postcodes a made-up street runs through."""

# Four sorts of area: old terraces near the middle, suburb, estate of council homes, flats in town.
AGES_BY_FIVE: tuple[tuple[float, ...], ...] = (
    (6.2, 6.4, 6.0, 5.6, 7.2, 8.4, 8.2, 7.4, 6.6, 6.0, 6.2, 6.0, 5.2, 4.2, 3.8, 2.8, 2.0, 1.2, 0.6),
    (4.6, 5.4, 6.0, 5.6, 4.2, 4.4, 5.2, 6.0, 6.2, 6.4, 7.4, 7.6, 6.8, 6.0, 6.4, 5.2, 3.6, 2.0, 1.0),
    (6.6, 7.2, 7.2, 6.4, 6.2, 6.6, 6.8, 6.6, 6.2, 5.8, 6.4, 6.4, 5.4, 4.4, 4.0, 3.2, 2.4, 1.4, 0.8),
    (4.4, 3.0, 2.4, 5.2, 14.6, 17.4, 13.2, 8.8, 6.0, 4.6, 4.4, 4.0, 3.2, 2.4, 2.2, 1.8, 1.2, 0.8, 0.4),
)
TENURE: tuple[tuple[float, ...], ...] = (
    (24, 30, 1, 9, 8, 26, 1, 1), (44, 39, 1, 3, 4, 8, 0.5, 0.5), (17, 22, 1, 29, 17, 13, 0.5, 0.5),
    (9, 16, 2, 10, 13, 48, 1.5, 0.5),
)  # fmt: skip
ACCOMMODATION: tuple[tuple[float, ...], ...] = (
    (3, 17, 61, 11, 5, 1, 1.9, 0.1), (32, 46, 12, 8, 1, 0.4, 0.4, 0.2), (4, 35, 32, 27, 1, 0.3, 0.6, 0.1),
    (1, 3, 11, 71, 8, 3, 3, 0),
)  # fmt: skip
ETHNIC: tuple[tuple[float, ...], ...] = (
    (19, 4, 3, 2, 72), (6, 2, 2, 1, 89), (7, 6, 4, 2, 81), (14, 9, 5, 5, 67),
)  # fmt: skip
PEOPLE_EACH_HOUSEHOLD = (2.50, 2.38, 2.48, 2.08)
DEPRIVATION = (4, 8, 2, 5)
CHURN = (0.12, 0.07, 0.09, 0.24)
COMPOSITION = (12.8, 17.3, 9.2, 11.0, 14.4, 5.8, 6.7, 4.5, 0.9, 6.9, 4.2, 0.9, 2.6, 2.8)
SIZES = (30.1, 34.0, 16.0, 13.0, 4.7, 1.6, 0.4, 0.2)
FEMALE = ((0, 0.487), (18, 0.495), (30, 0.51), (60, 0.51), (75, 0.53), (85, 0.6), (OLDEST, 0.68))
IN_CARE, IN_HALLS = 0.005, 0.002


def made_up_areas(people: int, chance: Chance) -> Read:
    """Return as many areas as it takes to hold so many people, shared out evenly, in towns of 150,000."""
    n = max(FEWEST_AREAS, -(-people // AREA_PEOPLE))
    sort = np.concatenate([chance.stream("sort", at).shuffled(4) for at in range(-(-n // 4))])[:n]
    sort[: min(2, n)] = (0, 1)[: min(2, n)]
    district = np.arange(n) // AREAS_EACH_DISTRICT
    margins = _margins(_shared(people, n), sort, chance)
    wobble = np.array([-1, 0, 0, 1])[chance.stream("deprivation").integers(0, 4, n)]
    deprivation = np.array(DEPRIVATION)[sort] + wobble
    return Read(
        code=texts([f"M{at + 1:08d}" for at in range(n)]),
        district=district,
        ward=texts([_ward(at) for at in range(n)]),
        deprivation=deprivation,
        child_poverty=(11 - deprivation) * 0.038,
        districts=tuple(_district(at, margins, district) for at in range(int(district[-1]) + 1)),
        margins=margins,
    )


def _shared(people: int, n: int) -> Ints:
    """Return how many people each area has: all of them, shared out evenly."""
    edges = np.arange(n + 1) * people // n
    return np.diff(edges)


def _ward(at: int) -> str:
    around = at // len(WARDS) % (AREAS_EACH_DISTRICT // len(WARDS))
    return (
        WARDS[at % len(WARDS)]
        + ("", " East", " West", " North", " South", *map(" {}".format, range(6, 99)))[around]
    )


def _margins(residents: Ints, sort: Ints, chance: Chance) -> Margins:
    ages = np.repeat(np.array(AGES_BY_FIVE) / 5, 5, axis=1)[:, : OLDEST + 1]
    ages[:, OLDEST] *= 5
    households = np.maximum(1, np.rint(residents * 0.995 / np.array(PEOPLE_EACH_HOUSEHOLD)[sort])).astype(int)
    return Margins(
        ages=_scaled(ages[sort], residents),
        households=households,
        tenure=_counts(TENURE, sort, households, chance.stream("tenure")),
        accommodation=_counts(ACCOMMODATION, sort, households, chance.stream("accommodation")),
        ethnic=_counts(ETHNIC, sort, residents, chance.stream("ethnic")),
        churn=np.array(CHURN)[sort],
    )


def _scaled(table: Floats, totals: Ints) -> Floats:
    scaled: Floats = table * (totals / table.sum(axis=1))[:, None]
    return scaled


def _counts(shares: tuple[tuple[float, ...], ...], sort: Ints, totals: Ints, chance: Chance) -> Ints:
    return whole(np.array(shares, dtype=float)[sort], totals, chance)


def _district(at: int, margins: Margins, district: Ints) -> District:
    own = district == at
    ages = margins.ages[own].sum(axis=0)
    years, shares = zip(*FEMALE, strict=True)
    households = float(margins.households[own].sum())
    return District(
        code=f"E069999{at + 1:02d}",
        name=_town(at),
        ages=ages,
        female=np.interp(np.arange(OLDEST + 1), years, shares),
        composition=np.array(COMPOSITION) / 100 * households,
        sizes=np.array(SIZES[:LARGEST]) / 100 * households,
        in_care=float(ages.sum()) * IN_CARE,
        in_halls=float(ages.sum()) * IN_HALLS,
    )


def _town(at: int) -> str:
    around, first = divmod(at, len(TOWNS))
    return (
        TOWNS[first]
        if around == 0
        else f"{TOWNS[first]} {('Green', 'End', 'Cross', 'Bar', 'Gate')[around % 5]}"
    )


def made_up_streets(read: Read, addresses: Ints, chance: Chance) -> Streets:
    """Return the made-up stretches of street, as many as each area's addresses need."""
    needed = np.maximum(1, -(-addresses // ADDRESSES_EACH))
    area = np.repeat(np.arange(len(needed)), needed)
    town = texts([district.name for district in read.districts])[read.district[area]]
    spot = np.arange(len(area))
    street = texts(list(_named(area, read.district[area], chance)))
    east, north = _spots(area, spot, needed)
    return Streets(
        area=area, street=street, postcode=texts([_postcode(int(at)) for at in spot]), town=town,
        locality=np.where(chance.stream("locality").happens(0.3, len(needed))[area], read.ward[area], ""),
        easting=east, northing=north, longitude=np.asarray(-2.0 + (east - 400_000) * 1.51e-5, dtype=float),
        latitude=np.asarray(53.68 + (north - 420_000) * 8.99e-6, dtype=float),
        start=np.zeros(len(area), dtype=np.int64),
    )  # fmt: skip


def _named(area: Ints, district: Ints, chance: Chance) -> Iterator[str]:
    """Yield a street name for each stretch: three in a row share one, and a town has each name once."""
    every = [
        f"{prefix}{word} {kind}"
        for prefix in STREET_PREFIXES
        for word in STREET_WORDS
        for kind in STREET_KINDS
    ]
    plain = len(STREET_WORDS) * len(STREET_KINDS)
    orders: dict[int, Any] = {}
    drawn, left, last, name = -1, 0, -1, ""
    for at, of in zip(area, district, strict=True):
        if of not in orders:
            draws = chance.stream("streets", int(of))
            orders[of] = np.concatenate([draws.shuffled(plain), plain + draws.shuffled(len(every) - plain)])
            drawn = -1
        if at != last or left == 0:
            drawn, left, last = drawn + 1, STREETS_RUN, at
            name = every[orders[of][drawn % len(every)]]
        left -= 1
        yield name


def _postcode(spot: int) -> str:
    block, unit = divmod(spot, 400)
    rest, sector = divmod(block, 9)
    area, district = divmod(rest, 99)
    first, second = divmod(unit, 20)
    letters = POSTCODE_AREAS[area]
    return f"{letters}{district + 1} {sector + 1}{UNIT_LETTERS[first]}{UNIT_LETTERS[second]}"


def _spots(area: Ints, spot: Ints, needed: Ints) -> tuple[Ints, Ints]:
    """Return eastings and northings: areas on a grid of 900 metres, stretches on a grid within each."""
    across = max(1, int(np.ceil(np.sqrt(len(needed)))))
    start = np.cumsum(needed) - needed
    within = spot - start[area]
    return 400_000 + area % across * 900 + within % 9 * 95, 420_000 + area // across * 900 + within // 9 * 70
