"""The nouns of a region's description: what was counted, how like the census it is, what a chart is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from sharewell.demo.region.frame.kinds import ACCOMMODATION, LARGEST, TENURES
from sharewell.demo.region.frame.terms import OLDEST

BANDS = (*(f"{first}-{first + 4}" for first in range(0, OLDEST, 5)), f"{OLDEST}+")
SIZES = (*(str(size) for size in range(1, LARGEST)), f"{LARGEST}+")
SEXES = {"1": "Men", "2": "Women"}
CATEGORIES: Mapping[str, tuple[str, ...]] = {
    "age": BANDS,
    "tenure": TENURES,
    "accommodation": ACCOMMODATION,
    "household_size": SIZES,
    "sex_by_age": tuple(f"{sex} {band}" for sex in SEXES for band in BANDS),
}
"""By margin: its categories, in the order they are shown."""
AREA_MARGINS = ("age", "tenure", "accommodation")

Counts = Mapping[str, float]
"""By category: how many people or households."""
Margins = Mapping[tuple[str, str], Mapping[str, Counts]]
"""By level (district, area) and margin: the counts of every place, by its code."""

DISTRICT_BAR, AREA_BAR, DIRT_BAR = 0.03, 0.10, 0.10
"""The most a district or the median area may be from its margins, and a rate of dirt from its target."""
LEAST_DIRT = 300
"""Rows a kind of dirt must be in before its rate is held to its target: fewer are chance."""
LEAST_WHOLE = 0.95
"""A district with this share of its people taken is held to its figures as a whole one."""
WITHIN, NOT_WITHIN, NONE_PUBLISHED, NOT_HELD = "within", "not within", "none published", "not held to it"


@dataclass(frozen=True)
class Distance:
    """How far one margin is from what is published: total variation distance, 0 (alike) to 1 (disjoint).

    ``against`` says from what: the district's own figures, or the sum over the areas taken.
    """

    distance: float | None
    bar: float
    verdict: str
    against: str


@dataclass(frozen=True)
class DistrictLikeness:
    """How like its margins one district is. ``taken`` is the share of its people whose areas were taken."""

    district: str
    name: str
    people: int
    taken: float
    is_whole: bool
    distances: Mapping[str, Distance]


@dataclass(frozen=True)
class AreaLikeness:
    """How like their margins the areas are: the median area, and the one furthest off."""

    areas: int
    median: float
    worst: float
    worst_area: str
    bar: float
    verdict: str


@dataclass(frozen=True)
class Dirt:
    """One kind of dirt in one list: rows that could have it, rows that have it, and the rate it was to have.

    ``miss`` is how far the rate is off its target, as a share of the target; ``logged`` is how many rows
    have it in ``errors.parquet`` (a row written twice is in none).
    """

    list: str
    kind: str
    could: int
    has: int
    target: float
    rate: float
    miss: float
    logged: int
    verdict: str


@dataclass(frozen=True)
class Likeness:
    """How like what is published a region is, and how true its lists' errors are to their rates."""

    people: int
    districts: tuple[DistrictLikeness, ...]
    areas: Mapping[str, AreaLikeness]
    dirt: tuple[Dirt, ...]
    verdict: str

    def as_dict(self) -> dict[str, Any]:
        """Return it as data ready for JSON."""
        return {"sharewell": "likeness/1", **asdict(self)}

    @property
    def held(self) -> tuple[Dirt, ...]:
        """Return the kinds of dirt that are held to their target."""
        return tuple(each for each in self.dirt if each.verdict != NOT_HELD)

    @property
    def missed(self) -> tuple[Dirt, ...]:
        """Return the kinds of dirt off their target, the furthest first."""
        missed = [each for each in self.dirt if each.verdict == NOT_WITHIN]
        return tuple(sorted(missed, key=lambda each: -abs(each.miss)))


@dataclass(frozen=True)
class Stale:
    """Rows of a list that state an address, and those whose person lives elsewhere, has left or has died."""

    list: str
    rows: int
    moved: int
    left: int
    died: int

    @property
    def share(self) -> float:
        """Return the share of rows whose person lives elsewhere, or no more."""
        return (self.moved + self.left + self.died) / self.rows if self.rows else 0.0


@dataclass(frozen=True)
class Hard:
    """One class of pairs that are hard to tell apart, and where it is met."""

    name: str
    what: str
    pairs: int
    rows: int
    people: int


@dataclass(frozen=True)
class Square:
    """One square of the map: its place in squares from the grid's origin, its people and lived-in homes."""

    east: int
    north: int
    people: int
    homes: int


@dataclass(frozen=True)
class Place:
    """One district on the map: its people, its homes lived in, its squares, and its middle in metres."""

    district: str
    people: int
    homes: int
    squares: int
    densest: float
    east: float
    north: float
