"""Read what is published of each district: ages, sexes, kinds and sizes of household, homes and halls."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence

import numpy as np

from sharewell.demo.region.chance import Floats
from sharewell.demo.region.frame.folder import Folder
from sharewell.demo.region.frame.kinds import COMPOSITION, LARGEST
from sharewell.demo.region.frame.terms import OLDEST, District

POPULATION = "population/"
LONDON_CARE, LONDON_HALLS = 0.0035, 0.008
"""Shares of residents in homes and in halls where no district table is at hand: Census 2021, rounded."""


def read_districts(
    folder: Folder, codes: Sequence[str], names: Mapping[str, str], estimated: Mapping[int, Floats]
) -> list[District]:
    """Return each district; one with no table of its own (London) gets those of Greater Manchester."""
    ages, female = _ages_and_sexes(folder)
    composition = _by_district(folder, "gm_la_household_composition_census2021.csv", COMPOSITION)
    numbers = [f"{each} " for each in range(1, LARGEST + 1)]
    sizes = _by_district(folder, "gm_la_household_size_census2021.csv", numbers)
    communal = _communal(folder)
    women = sum((ages[code] * female[code] for code in ages), start=np.zeros(OLDEST + 1))
    all_female = women / np.maximum(sum(ages.values(), start=np.zeros(OLDEST + 1)), 1)
    shared = sum(composition.values(), start=np.zeros(len(COMPOSITION)))
    made = []
    for at, code in enumerate(codes):
        people = float(estimated[at].sum())
        care, halls = communal.get(code, (LONDON_CARE * people, LONDON_HALLS * people))
        own = _between(ages.get(code), estimated[at])
        female_share, kinds = female.get(code, all_female), composition.get(code, shared)
        made.append(District(code, names[code], own, female_share, kinds, sizes.get(code), care, halls))
    return made


def _between(census: Floats | None, estimated: Floats) -> Floats:
    """Return ages halfway between the census and the mid-2020 estimate, which differ where students live."""
    if census is None:
        return estimated
    mean: Floats = (census / census.sum() + estimated / estimated.sum()) / 2 * census.sum()
    return mean


def _ages_and_sexes(folder: Folder) -> tuple[dict[str, Floats], dict[str, Floats]]:
    read = folder.columns(
        f"{POPULATION}gm_la_sex_single_year_age_census2021.csv",
        ["area_code", "age", "sex", "value"],
        ["area_code"],
    )
    both: dict[str, Floats] = defaultdict(lambda: np.zeros(OLDEST + 1))
    women: dict[str, Floats] = defaultdict(lambda: np.zeros(OLDEST + 1))
    for code, age, sex, value in zip(*(read[each] for each in read), strict=True):
        if sex != "Male":
            years = re.search(r"\d+", age)
            at = 0 if "under" in age or years is None else min(OLDEST, int(years.group()))
            (women if sex == "Female" else both)[code][at] += value
    return dict(both), {code: women[code] / np.maximum(both[code], 1) for code in both}


def _by_district(folder: Folder, name: str, categories: Sequence[str]) -> dict[str, Floats]:
    """Return by district the counts of the categories whose name begins so."""
    read = folder.columns(f"{POPULATION}{name}", ["area_code", "indicator", "value"], ["area_code"])
    counts: dict[str, Floats] = defaultdict(lambda: np.zeros(len(categories)))
    for code, category, value in zip(*(read[each] for each in read), strict=True):
        found = [at for at, wanted in enumerate(categories) if category.startswith(wanted)]
        counts[code][found[:1]] += value
    return dict(counts)


def _communal(folder: Folder) -> dict[str, tuple[float, float]]:
    """Return by district how many people live in homes and hospitals, and in halls of residence."""
    read = folder.columns(
        f"{POPULATION}gm_la_communal_establishments_census2021.csv",
        ["area_code", "establishment_type", "value"],
        ["area_code"],
    )
    found: dict[str, tuple[float, float]] = defaultdict(lambda: (0.0, 0.0))
    for code, kind, value in zip(*(read[each] for each in read), strict=True):
        care, halls = found[code]
        if kind.startswith("Medical and care"):
            found[code] = (care + value, halls)
        elif kind.endswith("Education"):
            found[code] = (care, halls + value)
    return dict(found)
