"""The likeness report as a section of the page, and as lines at a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sharewell.demo.region.describe.counted import Counted
from sharewell.demo.region.describe.show_dirt import missed_table
from sharewell.demo.region.describe.terms import (
    AREA_BAR,
    CATEGORIES,
    DIRT_BAR,
    DISTRICT_BAR,
    LEAST_WHOLE,
    NONE_PUBLISHED,
    NOT_WITHIN,
    Distance,
    DistrictLikeness,
    Likeness,
)
from sharewell.demo.region.describe.words import (
    MARGIN_WORDS,
    label,
    listed,
    many,
    number,
    percent,
    rate,
    within,
)
from sharewell.look.terms import Section, Table

CENSUS = (
    "Ages are held to the mean of the mid-2020 estimate and Census 2021; sexes by age, household sizes, "
    "tenure and accommodation to Census 2021. In London ages are held to the mid-2020 estimate alone and "
    "sexes by age to Greater Manchester’s shares, and no household sizes are published here."
)
MADE_UP = (
    "The margins are a made-up county’s: shares rounded from Census 2021, spread over areas of four kinds."
)


def likeness_section(counted: Counted) -> Section:
    """Return the report: districts, areas and errors, each with its distance, its bar and its verdict."""
    likeness = counted.likeness
    return Section(
        "likeness", _title(likeness), _summary(counted),
        shown=(_districts(likeness), _areas(likeness), missed_table(likeness.held, likeness.missed)),
    )  # fmt: skip


def _off(district: DistrictLikeness) -> list[str]:
    return [margin for margin, each in district.distances.items() if each.verdict == NOT_WITHIN]


def _title(likeness: Likeness) -> str:
    whole = [each for each in likeness.districts if each.is_whole]
    off = [each for each in whole if _off(each)]
    if not whole:
        return f"No district was taken whole; {_area_words(likeness)}"
    if off:
        verb = "is" if len(off) == 1 else "are"
        of = f"{len(off)} of {many(len(whole), 'whole district')}"
        return f"{of} {verb} not within {percent(DISTRICT_BAR, 0)} of the published margins"
    every = (
        "The one whole district is" if len(whole) == 1 else f"All {many(len(whole), 'whole district')} are"
    )
    return f"{every} within {percent(DISTRICT_BAR, 0)} of the published margins; {_area_words(likeness)}"


def _area_words(likeness: Likeness) -> str:
    off = [
        MARGIN_WORDS[margin].lower() for margin, each in likeness.areas.items() if each.verdict == NOT_WITHIN
    ]
    if off:
        return f"the median area is not within {percent(AREA_BAR, 0)} in {listed(off)}"
    return f"the median area is within {percent(AREA_BAR, 0)}"


def _summary(counted: Counted) -> str:
    margins = CENSUS if counted.region.told["is_reference"] else MADE_UP
    part = [each for each in counted.likeness.districts if not each.is_whole]
    said = (
        "The distance is the total variation distance: the share of people or households that would have to "
        f"be in another category for the two to be alike.\n{margins}"
    )
    if part:
        verb = "was" if len(part) == 1 else "were"
        said += (
            f"\n{listed([each.name for each in part])} {verb} taken only in part: "
            "ages, tenure and accommodation there are held to the areas that were taken; household sizes and "
            "sexes are published for the whole district only, so their distance is shown but not counted."
        )
    return said


def _districts(likeness: Likeness) -> Table:
    rows = tuple(
        (
            each.name, number(each.people), "whole" if each.is_whole else percent(each.taken),
            *(_words(each.distances[margin]) for margin in CATEGORIES),
        )
        for each in likeness.districts
    )  # fmt: skip
    header = ("District", "People", "Taken", *(MARGIN_WORDS[margin] for margin in CATEGORIES))
    bar, whole = percent(DISTRICT_BAR, 0), percent(LEAST_WHOLE, 0)
    caption = (
        f"Distance of each district from its margins; the bar is {bar}, and {whole} taken counts as whole"
    )
    return Table(caption, header, rows)


def _words(far: Distance) -> str:
    return (
        NONE_PUBLISHED
        if far.distance is None
        else f"{percent(far.distance)} {far.verdict}".replace("not ", "not\u00a0")
    )


def _areas(likeness: Likeness) -> Table:
    rows = tuple(
        (
            MARGIN_WORDS[margin], number(each.areas), percent(each.median), each.verdict, percent(each.worst),
            each.worst_area,
        )
        for margin, each in likeness.areas.items()
    )  # fmt: skip
    header = ("Margin", "Areas", "Median area", "Verdict", "Worst area", "Which")
    caption = f"Distance of areas from their margins; the bar is {percent(AREA_BAR, 0)} for the median area"
    return Table(caption, header, rows)


def lines(likeness: Likeness) -> Iterator[str]:
    """Yield the report in a few lines for a terminal."""
    whole = [each for each in likeness.districts if each.is_whole]
    for margin in CATEGORIES:
        held = [each for each in whole if each.distances[margin].distance is not None]
        if held:
            yield _district_line(margin, held)
    for margin, area in likeness.areas.items():
        yield (
            f"  {MARGIN_WORDS[margin]} by area: median {percent(area.median)}, worst {percent(area.worst)} "
            f"({area.worst_area}), bar {percent(AREA_BAR, 0)} for the median: {area.verdict}"
        )
    yield (
        f"  Errors in lists: {len(likeness.missed)} of {many(len(likeness.held), 'kind')} "
        f"not within {percent(DIRT_BAR, 0)} of the rate"
    )
    for each in likeness.missed:
        yield f"    {label(each.list)}, {within(each.kind)}: {rate(each.rate)} for {rate(each.target)}"


def _district_line(margin: str, held: Sequence[DistrictLikeness]) -> str:
    worst = max(held, key=lambda each: each.distances[margin].distance or 0.0)
    off = sum(1 for each in held if each.distances[margin].verdict == NOT_WITHIN)
    return (
        f"  {MARGIN_WORDS[margin]}: worst of {many(len(held), 'whole district')} "
        f"{percent(worst.distances[margin].distance or 0.0)} ({worst.name}), bar {percent(DISTRICT_BAR, 0)}, "
        f"{off} not within"
    )
