"""How far a region is from what is published, and whether that is near enough."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sharewell.demo.region.describe.terms import (
    DIRT_BAR,
    LEAST_DIRT,
    NONE_PUBLISHED,
    NOT_HELD,
    NOT_WITHIN,
    WITHIN,
    Counts,
    Dirt,
    Distance,
    Likeness,
)


def shares(counts: Counts) -> dict[str, float]:
    """Return the share of each category; nothing where there is nobody."""
    total = sum(counts.values())
    return {name: count / total for name, count in counts.items()} if total else {}


def distance(made: Counts, published: Counts) -> float:
    """Return the total variation distance of two distributions: half the sum of differences of shares."""
    one, two = shares(made), shares(published)
    names = dict.fromkeys([*one, *two])
    return sum(abs(one.get(name, 0.0) - two.get(name, 0.0)) for name in names) / 2


def judged(made: Counts, published: Counts, bar: float, against: str) -> Distance:
    """Return the distance with its verdict; none where nothing is published."""
    if not sum(published.values()):
        return Distance(None, bar, NONE_PUBLISHED, against)
    far = round(distance(made, published), 5)
    return Distance(far, bar, verdict(far <= bar), against)


def verdict(is_within: bool) -> str:
    """Return the word for near enough or not."""
    return WITHIN if is_within else NOT_WITHIN


def summed(places: Iterable[Counts]) -> dict[str, float]:
    """Return the sum of several places' counts, category by category."""
    total: dict[str, float] = {}
    for counts in places:
        for name, count in counts.items():
            total[name] = total.get(name, 0.0) + count
    return total


def expected(made: Mapping[str, Counts], published: Mapping[str, Counts]) -> dict[str, float]:
    """Return what the places published would come to at the size they were made: shares times people."""
    scaled = []
    for code, counts in made.items():
        size = sum(counts.values())
        scaled.append({name: share * size for name, share in shares(published.get(code, {})).items()})
    return summed(scaled)


def judged_dirt(name: str, kind: str, could: int, has: int, target: float, logged: int) -> Dirt:
    """Return a kind of dirt with its rate, how far off its target that is, and the verdict."""
    rate = has / could if could else 0.0
    miss = rate / target - 1 if target else 0.0
    is_held = has >= LEAST_DIRT and target > 0
    word = verdict(abs(miss) <= DIRT_BAR) if is_held else NOT_HELD
    return Dirt(name, kind, could, has, target, round(rate, 6), round(miss, 4), logged, word)


def overall(found: Likeness) -> str:
    """Return the verdict on a whole region: districts taken in part are not held to their district's bar."""
    words = [each.verdict for district in found.districts if district.is_whole
             for each in district.distances.values()]  # fmt: skip
    words += [each.verdict for each in found.areas.values()]
    words += [each.verdict for each in found.dirt]
    return verdict(NOT_WITHIN not in words)
