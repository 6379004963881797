"""The nouns of the made-up region. Each is a table by columns: one array a column, one place a row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import TypeVar

import numpy as np

from sharewell.demo.region.chance import Bools, Dates, Floats, Ints, Texts

NOBODY = -1
"""What stands for none where a column points at another row."""
T = TypeVar("T")


@dataclass(frozen=True)
class Areas:
    """The areas of one part of the region (LSOA 2021, or the made-up town's own areas)."""

    code: Texts
    district: Texts
    district_name: Texts
    ward: Texts
    deprivation: Ints
    """Decile of the index of multiple deprivation: 1 is the most deprived tenth."""
    child_poverty: Floats
    """Share of children in income-deprived families, 0 to 1."""


@dataclass(frozen=True)
class Homes:
    """The addresses of one part of the region, as the gazetteer would write them; "" where there is none.

    ``parent`` points at the block a flat is in, or is NOBODY. ``kind`` is one of HOME_KINDS.
    """

    uprn: Texts
    parent: Ints
    unit: Texts
    building: Texts
    number: Texts
    street: Texts
    locality: Texts
    town: Texts
    postcode: Texts
    area: Ints
    kind: Texts
    usrn: Texts
    easting: Ints
    northing: Ints
    in_gazetteer: Bools


HOME_KINDS = ("house", "flat", "converted", "commercial", "caravan", "care_home", "hall", "block", "shop")
"""``block`` is a shell that flats are in and ``shop`` a place of work: nobody lives in either."""


@dataclass(frozen=True)
class Households:
    """Who lives together on the day the region is true for."""

    id: Texts
    home: Ints
    kind: Texts
    size: Ints
    tenure: Texts
    accommodation: Texts
    is_poor: Bools
    """Whether its income is low enough for council tax support or free school meals."""


@dataclass(frozen=True)
class People:
    """Everybody of one part of the region: residents, and those who died or left in the last three years.

    ``home`` is where somebody lives (the dead: lived last), NOBODY for those who left the region; until
    ``moved_on`` they lived at ``home_before``, NOBODY if that was elsewhere. ``surname`` is today's;
    before ``renamed_on`` it was ``former_surname`` ("" if never another). Dates that never came are NaT.
    ``household`` is NOBODY for those in care homes and halls and for those who left. ``mother``, ``father``
    and ``partner`` point at people. ``hard`` is the person's hard-pair class, "" for none.
    """

    id: Texts
    first_name: Texts
    middle_name: Texts
    surname: Texts
    former_surname: Texts
    renamed_on: Dates
    sex: Texts
    born: Dates
    died_on: Dates
    home: Ints
    home_before: Ints
    moved_on: Dates
    left_on: Dates
    household: Ints
    role: Texts
    mother: Ints
    father: Ints
    partner: Ints
    heritage: Texts
    ethnic_group: Texts
    nhs_number: Texts
    nino: Texts
    upn: Texts
    mobile: Texts
    landline: Texts
    email: Texts
    practice: Ints
    school: Ints
    is_shielding: Bools
    shielding_since: Dates
    is_disabled: Bools
    has_objected: Bools
    is_protected: Bools
    hard: Texts


ROLES = ("head", "partner", "child", "adult", "alone", "resident")
"""``child`` is under 18, ``adult`` a grown child or sharer, ``resident`` in a home or hall, dead or gone."""


@dataclass(frozen=True)
class Settings:
    """The invented practices and schools that people of this part belong to, by column."""

    practice_code: Texts
    practice_name: Texts
    school_urn: Texts
    school_laestab: Texts


@dataclass(frozen=True)
class World:
    """One part of the region on the day it is true for."""

    as_of: date
    areas: Areas
    homes: Homes
    households: Households
    people: People
    settings: Settings
    pairs: tuple[tuple[str, int, int], ...]
    """The hard pairs made on purpose: class, and two people (the same one twice where it is one)."""
    rates: Mapping[str, float]
    """The rates of hard-pair classes (see rates.py); lists take those of rows from here."""

    @property
    def today(self) -> np.datetime64:
        """Return the day the region is true for."""
        return np.datetime64(self.as_of, "D")

    def ages(self, on: date | None = None) -> Ints:
        """Return everybody's age in whole years on a day (today by default); negative before birth."""
        return whole_years(self.people.born, np.datetime64(on or self.as_of, "D"))


def whole_years(born: Dates, on: np.datetime64 | Dates) -> Ints:
    """Return completed years from birth to a day, birthdays counted by month and day."""
    months = on.astype("datetime64[M]").astype(int) - born.astype("datetime64[M]").astype(int)
    day = (on - on.astype("datetime64[M]")).astype(int)
    born_day = (born - born.astype("datetime64[M]")).astype(int)
    years: Ints = (months - (day < born_day)) // 12
    return years


def rows_of(table: T, rows: Ints) -> T:
    """Return the table with only the given rows; columns that point at its own rows are left as they are."""
    columns = {each.name: getattr(table, each.name)[rows] for each in fields(table)}  # type: ignore[arg-type]
    return type(table)(**columns)
