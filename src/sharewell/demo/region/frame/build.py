"""Build the frame: take areas until there are people enough, and fit each one's ages and households."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt

from sharewell.demo.region.chance import Chance, Floats, Ints
from sharewell.demo.region.frame import reference, small
from sharewell.demo.region.frame.fit import SIZE, Wanted, fit_kinds, fit_two_way, whole
from sharewell.demo.region.frame.folder import Folder
from sharewell.demo.region.frame.streets import read_streets
from sharewell.demo.region.frame.terms import District, Frame, Margins, Streets

VACANT_AND_SHOPS = 1.09
"""Addresses for each household: homes that stand empty (3 %), shops and offices, and blocks of their own."""
STUDENT_AGES, OLD_AGES = slice(18, 23), slice(80, 91)
MOST_IN_HALLS, MOST_IN_CARE = 0.9, 0.5
CHILD = 18


def build_frame(people: int, seed: int, path: Path | None) -> Frame:
    """Return a frame of whole areas that hold at least so many people.

    Raises FileMissing or FileUnreadable when the reference folder lacks a file or has one cut short.
    """
    chance = Chance(seed, "frame")
    folder = Folder(path) if path else None
    read = reference.read_areas(folder, people) if folder else small.made_up_areas(people, chance)
    ages = _fitted_ages(read.margins.ages, read.district, read.districts)
    counts, care, halls = _fitted_kinds(read, ages, chance)
    taken = _enough(counts @ SIZE + care + halls, people)
    addresses = np.ceil(counts.sum(axis=1) * VACANT_AND_SHOPS).astype(int)[:taken]
    streets = (
        read_streets(folder, read.code[:taken], read.ward[:taken], addresses, chance.stream("streets"))
        if folder
        else small.made_up_streets(read, addresses, chance.stream("streets"))
    )
    return _frame(read, ages, counts, care, halls, taken, streets, is_reference=folder is not None)


def _enough(residents: Ints, people: int) -> int:
    """Return how many areas, from the first on, hold so many people; all of them where they do not."""
    return min(len(residents), int(np.searchsorted(np.cumsum(residents), people)) + 1)


def _fitted_ages(ages: Floats, district: Ints, districts: tuple[District, ...]) -> Floats:
    """Return the areas' ages fitted to their district's, each area keeping its number of people."""
    fitted = np.zeros_like(ages)
    for at, each in enumerate(districts):
        own = district == at
        fitted[own] = fit_two_way(ages[own].sum(axis=1), each.ages, ages[own] + 0.01)
    return fitted


def _fitted_kinds(
    read: reference.Read, ages: Floats, chance: Chance
) -> tuple[npt.NDArray[np.int64], Ints, Ints]:
    """Return households by kind, and people in homes and in halls, for every area."""
    care, halls = np.zeros(len(ages), dtype=int), np.zeros(len(ages), dtype=int)
    counts = np.zeros((len(ages), len(SIZE)), dtype=np.int64)
    for at, district in enumerate(read.districts):
        own = np.flatnonzero(read.district == at)
        care[own] = _placed(ages[own], OLD_AGES, district.in_care, MOST_IN_CARE)
        halls[own] = _placed(ages[own], STUDENT_AGES, district.in_halls, MOST_IN_HALLS)
        wanted = _wanted(read.margins, ages, own, care[own] + halls[own], district)
        shares = fit_kinds(wanted)
        counts[own] = whole(shares, read.margins.households[own], chance.stream("kinds", district.code))
    return counts, care, halls


def _placed(ages: Floats, years: slice, total: float, most: float) -> Ints:
    """Share out people in homes or halls: to the areas with more of that age than the district has."""
    of_age = ages[:, years].sum(axis=1)
    usual = of_age.sum() / max(ages.sum(), 1.0) * ages.sum(axis=1)
    excess = np.maximum(of_age - 1.15 * usual, 0.0)
    shares = np.minimum(excess / max(excess.sum(), 1e-9) * total, of_age * most)
    whole_ones: Ints = np.where(shares >= 8, np.rint(shares), 0).astype(int)
    return whole_ones


def _wanted(margins: Margins, ages: Floats, own: Ints, communal: Ints, district: District) -> Wanted:
    return Wanted(
        households=margins.households[own].astype(float),
        people=ages[own].sum(axis=1) - communal,
        children=ages[own, :CHILD].sum(axis=1),
        composition=district.composition,
        sizes=district.sizes,
    )


def _frame(
    read: reference.Read,
    ages: Floats,
    counts: npt.NDArray[np.int64],
    care: Ints,
    halls: Ints,
    taken: int,
    streets: Streets,
    *,
    is_reference: bool,
) -> Frame:
    margins = read.margins
    return Frame(
        code=read.code[:taken], district=read.district[:taken], ward=read.ward[:taken],
        deprivation=read.deprivation[:taken], child_poverty=read.child_poverty[:taken],
        districts=read.districts,
        margins=Margins(
            ages[:taken], margins.households[:taken], margins.tenure[:taken], margins.accommodation[:taken],
            margins.ethnic[:taken], margins.churn[:taken],
        ),
        counts=counts[:taken], care=care[:taken], halls=halls[:taken], streets=streets,
        is_reference=is_reference,
        attribution=reference.ATTRIBUTION if is_reference else small.ATTRIBUTION,
    )  # fmt: skip
