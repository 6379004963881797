"""The likeness report: how far each district and the areas are from their margins, and lists from theirs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from statistics import median

from sharewell.demo.region.describe.figures import (
    dirt_of,
    districts_of_areas,
    made_margins,
    published_margins,
)
from sharewell.demo.region.describe.read import Region, opened
from sharewell.demo.region.describe.rules import distance, judged, overall, summed, verdict
from sharewell.demo.region.describe.terms import (
    AREA_BAR,
    AREA_MARGINS,
    CATEGORIES,
    DISTRICT_BAR,
    LEAST_WHOLE,
    AreaLikeness,
    Counts,
    Dirt,
    Distance,
    DistrictLikeness,
    Likeness,
    Margins,
)

WHOLE, TAKEN = "district", "areas taken"


def likeness(folder: Path) -> Likeness:
    """Return how like the census a finished region is. Raises FileMissing, FileUnreadable, OutOfMemory."""
    with opened(folder) as region:
        made = made_margins(region)
        return likeness_of(region, made, published_margins(region), dirt_of(region))


def likeness_of(region: Region, made: Margins, published: Margins, dirt: tuple[Dirt, ...]) -> Likeness:
    """Return the report on counts already made."""
    of_area = districts_of_areas(region)
    districts = tuple(_district(region, code, made, published, of_area) for code in made["district", "age"])
    areas = {margin: _areas(made["area", margin], published["area", margin]) for margin in AREA_MARGINS}
    people = sum(each.people for each in districts)
    found = Likeness(people, districts, areas, dirt, "")
    return replace(found, verdict=overall(found))


def _district(
    region: Region, code: str, made: Margins, published: Margins, of_area: Mapping[str, str]
) -> DistrictLikeness:
    """Compare one district. Taken in part, its ages are held to its areas' sum, which is published too."""
    own = summed(counts for area, counts in published["area", "age"].items() if of_area.get(area) == code)
    taken = sum(own.values()) / (sum(_at(published, "age", code).values()) or 1.0)
    is_whole = taken >= LEAST_WHOLE
    distances = {margin: _distance(code, margin, made, published) for margin in CATEGORIES}
    if not is_whole:
        distances["age"] = judged(_at(made, "age", code), own, DISTRICT_BAR, TAKEN)
    people = int(sum(_at(made, "age", code).values()))
    return DistrictLikeness(
        code, region.name_of(code), people, round(min(taken, 1.0), 4), is_whole, distances
    )


def _distance(code: str, margin: str, made: Margins, published: Margins) -> Distance:
    against = TAKEN if margin in ("tenure", "accommodation") else WHOLE
    return judged(_at(made, margin, code), _at(published, margin, code), DISTRICT_BAR, against)


def _at(margins: Margins, margin: str, code: str) -> Counts:
    return margins.get(("district", margin), {}).get(code, {})


def _areas(made: Mapping[str, Counts], published: Mapping[str, Counts]) -> AreaLikeness:
    """Return the median and the worst of the areas that anybody lives in."""
    far = {area: distance(counts, published[area]) for area, counts in made.items() if area in published}
    worst = max(far, key=lambda area: far[area])
    middle = round(median(far.values()), 5)
    return AreaLikeness(len(far), middle, round(far[worst], 5), worst, AREA_BAR, verdict(middle <= AREA_BAR))
