"""British names: forenames by sex and year of birth, and surnames, as common as they are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final, Protocol

import numpy as np
from faker.providers.person.en_GB import Provider as Faker

from sharewell.demo.region.frame.folder import Folder
from sharewell.demo.region.names.pools import blend, ranked
from sharewell.demo.region.names.spelling import spelled_forename, spelled_surname, with_accents
from sharewell.demo.region.names.wordlists import sections, words

KEYS: Final = {"1": "male", "2": "female"}
FIRST_YEAR, FIRST_COUNTED, LAST_COUNTED = 1904, 1996, 2020
"""Ranks begin, counts begin, counts end."""
NEAR: Final = 30
"""Years around a birth whose names make its tail."""
FAKER_FROM, SMALL_OFFSET, SMALL_TAIL = 1955, 6.0, 0.3
"""Faker's forenames are those of people born from about this year on; how flat the small tables are taken."""
TAIL: Final = 0.15
"""Share of births outside the hundred commonest names, before there are counts (ONS: 10 to 30 %)."""
ELSEWHERE_TOO: Final = 0.03
"""What is left of the weight of names that are mostly of another heritage, in the names of the British."""


class British(Protocol):
    """Where British names come from."""

    def forenames(self, sex: str, year: int) -> Mapping[str, float]:
        """Return weights of forenames of those born in a year."""

    def surnames(self) -> Mapping[str, float]:
        """Return weights of surnames."""


class SmallBritish:
    """British names from a small table of generations and Faker's lists: needs no reference data."""

    def forenames(self, sex: str, year: int) -> Mapping[str, float]:
        """Return a mixture of the two nearest generations, with a tail of generations near or of Faker's."""
        tables = {int(each): words(table[KEYS[sex]]) for each, table in sections("generations.txt").items()}
        before, after, share = _between(year, sorted(tables))
        one, two = (ranked(tables[each], SMALL_OFFSET) for each in (before, after))
        tail = list(Faker.first_names_male if sex == "1" else Faker.first_names_female)
        if year < FAKER_FROM:
            tail = [name for each, names in tables.items() if abs(each - year) <= NEAR for name in names]
        return blend((1.0 - share, one), (share, two), (SMALL_TAIL, dict.fromkeys(tail, 1.0)))

    def surnames(self) -> Mapping[str, float]:
        """Return Faker's surnames with its weights."""
        return dict(Faker.last_names)


class RegisteredBritish:
    """British names from the registers: counts of births from 1996, ranks before, surname shares."""

    def __init__(self, folder: Folder) -> None:
        births = folder.table(
            "names/ew_baby_names_1996_2020.csv.gz", ["year", "sex", "name", "n"], texts=["sex", "name"]
        )
        is_girl = births.column("sex").to_numpy() == "F"
        code = births.column("year").to_numpy() * 2 + is_girl
        self._order = np.argsort(code, kind="stable")
        self._code = code[self._order]
        self._names, self._births = births.column("name").to_numpy(), births.column("n").to_numpy()
        self._decades = _decades(folder)
        surnames = folder.columns("names/sdglinkage_lastname_uk.csv", ["surname", "freq"], texts=["surname"])
        self._surnames: dict[str, float] = {}
        for small, share in zip(surnames["surname"].tolist(), surnames["freq"].tolist(), strict=True):
            if small not in ("mac", "mc"):
                name = spelled_surname(small)
                self._surnames[name] = self._surnames.get(name, 0.0) + share

    def forenames(self, sex: str, year: int) -> Mapping[str, float]:
        """Return counts of the year, or a mixture of the two nearest decades' ranks with a tail."""
        if year >= FIRST_COUNTED:
            return with_accents(self._counted(sex, min(year, LAST_COUNTED)))
        ranks = self._decades[sex]
        before, after, share = _between(year, sorted(ranks))
        one, two = (ranked(ranks[each], _offset(each)) for each in (before, after))
        near = [name for each in sorted(ranks) if abs(each - year) <= NEAR for name in ranks[each]]
        top = 1.0 - TAIL
        return with_accents(
            blend((top * (1.0 - share), one), (top * share, two), (TAIL, dict.fromkeys(near, 1.0)))
        )

    def surnames(self) -> Mapping[str, float]:
        """Return surnames with their shares."""
        return self._surnames

    def _counted(self, sex: str, year: int) -> dict[str, float]:
        code = year * 2 + (sex == "2")
        begin, end = np.searchsorted(self._code, [code, code + 1])
        rows = self._order[begin:end]
        made: dict[str, float] = {}
        for name, born in zip(self._names[rows].tolist(), self._births[rows].tolist(), strict=True):
            spelled = spelled_forename(name)
            made[spelled] = made.get(spelled, 0.0) + born
        return made


def _decades(folder: Folder) -> dict[str, dict[int, list[str]]]:
    """Return by sex and year the hundred commonest names, in order of rank."""
    names = ["year", "sex", "rank", "name"]
    read = folder.columns("names/ew_top100_names_by_decade_1904_1994.csv", names, texts=["sex", "name"])
    made: dict[str, dict[int, list[str]]] = {"1": {}, "2": {}}
    rows = zip(*(read[each].tolist() for each in names), strict=True)
    for year, sex, _, name in sorted(rows, key=lambda row: row[:3]):
        made["1" if sex == "M" else "2"].setdefault(year, []).append(spelled_forename(name))
    return made


def _offset(year: int) -> float:
    """Return how flat a year's ranks are: the first had a tenth of births in 1904, a thirtieth in 1994."""
    return 1.0 + (year - FIRST_YEAR) / 13.0


def _between(year: int, years: list[int]) -> tuple[int, int, float]:
    """Return the years of a list before and after a year, and how far it lies between them, 0 to 1."""
    before = max((each for each in years if each <= year), default=years[0])
    after = min((each for each in years if each > year), default=years[-1])
    if before >= after or year <= before:
        return before, before, 0.0
    return before, after, (year - before) / (after - before)


def damped(weights: Mapping[str, float], elsewhere: Iterable[str]) -> dict[str, float]:
    """Return the weights with names mostly of other heritages made rare."""
    made = dict(weights)
    for name in elsewhere:
        if name in made:
            made[name] *= ELSEWHERE_TOO
    return made
