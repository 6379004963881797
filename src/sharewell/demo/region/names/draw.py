"""Draw names: whole columns at a time, each row from the pool of its sex, year of birth and heritage."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

import numpy as np

from sharewell.demo.region.chance import Bools, Chance, Floats, Ints, Texts, texts
from sharewell.demo.region.frame.folder import Folder
from sharewell.demo.region.names import heritage, kindred, likeness
from sharewell.demo.region.names.british import (
    FIRST_YEAR,
    LAST_COUNTED,
    British,
    RegisteredBritish,
    SmallBritish,
    damped,
)
from sharewell.demo.region.names.heritage import BRITISH, HERITAGES, YOUNG_FROM
from sharewell.demo.region.names.mixes import Mixes
from sharewell.demo.region.names.pools import Pool, draw_by_group, pool_of

DOUBLE: Final = 0.012
"""Of British surnames, those made of two (an assumption)."""
SEXES: Final = ("1", "2")
_OTHERS: Final = 10_000
"""Groups of forenames from here on are of heritages; below, of years of birth."""
_PLACE: Final = {name: place for place, name in enumerate(HERITAGES)}


class Names:
    """Names as common as they are. Made by ``load``; pools are filled as they are first needed."""

    def __init__(self, british: British, mixes: Mixes, popular: heritage.Popular) -> None:
        self._british, self._mixes, self._popular = british, mixes, popular
        self._forenames: dict[int, Pool] = {}
        self._surnames: dict[int, Pool] = {}

    @classmethod
    def load(cls, reference: Path | None) -> Names:
        """Return the names of a reference folder, or of the product's own small tables.

        Raises FileMissing and FileUnreadable, naming the file.
        """
        folder = Folder(reference) if reference else None
        british = RegisteredBritish(folder) if folder else SmallBritish()
        return cls(british, Mixes(folder), heritage.Popular(folder))

    def heritages(self, chance: Chance, ethnic_group: Texts, district: Texts) -> Texts:
        """Return whose names each person bears, by ethnic group and district."""
        kinds: dict[tuple[str, str], int] = {}
        pairs = zip(district.tolist(), ethnic_group.tolist(), strict=True)
        group = np.array([kinds.setdefault(pair, len(kinds)) for pair in pairs], dtype=np.int64)
        mixes = [pool_of(self._mixes.mix(*pair)) for pair in kinds]
        return draw_by_group(group, chance.random(len(group)), mixes.__getitem__)

    def forenames(self, chance: Chance, sex: Texts, birth_year: Ints, heritage: Texts) -> Texts:
        """Return a forename for each person; sex is "1" for male and "2" for female."""
        place = _places(heritage)
        is_female = np.asarray(sex == "2", dtype=np.int64)
        years = np.clip(birth_year, FIRST_YEAR, LAST_COUNTED)
        own = _OTHERS + (place * 2 + (birth_year >= YOUNG_FROM)) * 2 + is_female
        is_british = _is_british(place, chance.random(len(place)), lambda of: of.british_first)
        group = np.where(is_british, years * 2 + is_female, own)
        return draw_by_group(group, chance.random(len(group)), self._forename_pool)

    def surnames(self, chance: Chance, heritage: Texts) -> Texts:
        """Return a surname for each person, as men bear it (see ``surnames_of_children``)."""
        place = _places(heritage)
        is_british = _is_british(place, chance.random(len(place)), lambda of: of.british_last)
        group = np.where(is_british, 0, place)
        drawn = draw_by_group(group, chance.random(len(group)), self._surname_pool)
        double = np.flatnonzero(is_british & chance.happens(DOUBLE, len(group)))
        beside = self._surname_pool(0).at(chance.random(len(double)))
        drawn[double] = [_doubled(*pair) for pair in zip(drawn[double], beside, strict=True)]
        return drawn

    def surnames_of_wives(self, chance: Chance, husband_surname: Texts, heritage: Texts) -> Texts:
        """Return the surname each wife would bear by her husband's surname and heritage.

        Most bear his, some in a feminine form (Kowalska); where wives keep their own by custom, it is drawn.
        """
        own = kindred.surnames_of_women(chance, self.surnames(chance.stream("own"), heritage), heritage)
        return kindred.surnames_of_wives(chance.stream("wives"), husband_surname, own, heritage)

    def surnames_of_children(
        self, chance: Chance, parent_surname: Texts, sex: Texts, heritage: Texts
    ) -> Texts:
        """Return the surname of each son or daughter of a parent so called; unmarried women are daughters."""
        return kindred.surnames_of_children(chance, parent_surname, sex, heritage)

    def alike(self, chance: Chance, first_name: Texts, sex: Texts) -> Texts:
        """Return for each forename another that is like it, as twins are named: Jack and Jake."""
        drawn = chance.integers(0, 1 << 30, len(first_name)).tolist()
        rows = zip(first_name.tolist(), sex.tolist(), drawn, strict=True)
        return texts([likeness.name_like(name, of, number) for name, of, number in rows])

    def _forename_pool(self, group: int) -> Pool:
        if group not in self._forenames:
            self._forenames[group] = pool_of(self._forename_weights(group))
        return self._forenames[group]

    def _forename_weights(self, group: int) -> dict[str, float]:
        if group < _OTHERS:
            year, is_female = divmod(group, 2)
            return damped(self._british.forenames(SEXES[is_female], year), heritage.names_not_british())
        rest, is_female = divmod(group - _OTHERS, 2)
        place, is_young = divmod(rest, 2)
        of = heritage.heritage(HERITAGES[place])
        return heritage.forenames(of, self._popular, SEXES[is_female], bool(is_young))

    def _surname_pool(self, place: int) -> Pool:
        if place not in self._surnames:
            if HERITAGES[place] == BRITISH:
                weights = damped(self._british.surnames(), heritage.names_not_british())
            else:
                weights = heritage.surnames(heritage.heritage(HERITAGES[place]), self._popular)
            self._surnames[place] = pool_of(weights)
        return self._surnames[place]


def _places(heritages: Texts) -> Ints:
    return np.array([_PLACE[name] for name in heritages.tolist()], dtype=np.int64)


def _is_british(place: Ints, uniform: Floats, share: Callable[[heritage.Heritage], float]) -> Bools:
    """Return who bears a British name: all the British, and a share of each other heritage."""
    shares: Sequence[float] = [1.0, *(share(heritage.heritage(name)) for name in HERITAGES[1:])]
    of_british: Bools = uniform < np.array(shares)[place]
    return of_british


def _doubled(one: str, two: str) -> str:
    return one if one == two else f"{one}-{two}"
