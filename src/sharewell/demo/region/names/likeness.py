"""Forenames that are like another, as the names of twins often are."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import Final

from sharewell.demo.region.names.wordlists import sections, words

_TWINS: Final = {sex: sections("twins.txt")[kind] for sex, kind in (("1", "male"), ("2", "female"))}
_NEAREST: Final = 4


def name_like(name: str, sex: str, number: int) -> str:
    """Return another forename of the sex that is like this one; the number settles which of the nearest."""
    of = sex if sex in _TWINS else "1"
    paired = _TWINS[of].get(name) if name else None
    if paired and number % 4:
        return paired
    near = _nearest(name, of)
    return near[number // 4 % len(near)]


def is_of_sex(name: str, sex: str) -> bool:
    """Return whether the product's own lists have the name for the sex."""
    return name in _known(sex)


@lru_cache(maxsize=1 << 14)
def _nearest(name: str, sex: str) -> tuple[str, ...]:
    likest = sorted((-_likeness(name, other), other) for other in _every(sex) if other != name)
    return tuple(other for _, other in likest[:_NEAREST])


def _likeness(one: str, two: str) -> int:
    """Return how much two names share at their beginnings and ends, less how they differ in length."""
    begin, end = _shared(one, two), _shared(one[::-1], two[::-1])
    return 2 * begin + min(end, len(one) - begin, len(two) - begin) - abs(len(one) - len(two))


def _shared(one: str, two: str) -> int:
    signs = zip(one, two, strict=False)
    return next((place for place, (a, b) in enumerate(signs) if a != b), min(len(one), len(two)))


@cache
def _every(sex: str) -> tuple[str, ...]:
    """Return the forenames of a sex that the product's own lists have."""
    keys = ("male", "boys") if sex == "1" else ("female", "girls")
    tables = [*sections("generations.txt").values(), *sections("heritages.txt").values()]
    return tuple(
        dict.fromkeys(name for table in tables for key in keys for name in words(table.get(key, "")))
    )


@cache
def _known(sex: str) -> frozenset[str]:
    return frozenset(_every(sex))
