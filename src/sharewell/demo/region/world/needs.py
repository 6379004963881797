"""Who needs what: shielding, disability, wishes about sharing, and the practice and school they belong to."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sharewell.demo.region.chance import Bools, Chance, Dates, Floats, Ints, texts
from sharewell.demo.region.frame.terms import Frame
from sharewell.demo.region.terms import NOBODY, Settings, whole_years
from sharewell.demo.region.world.calendar import never
from sharewell.demo.region.world.lives import Lives
from sharewell.demo.region.world.part import Part
from sharewell.demo.region.world.spots import Spots

SHIELDING_BY_AGE = ((0, 0.006), (18, 0.012), (40, 0.028), (55, 0.055), (70, 0.095), (85, 0.11), (120, 0.11))
"""Share of people on the shielded patient list by age (NHS Digital, 2021: 3.9 % of England, rounded)."""
DISABLED_BY_AGE = ((0, 0.05), (18, 0.10), (40, 0.15), (60, 0.25), (75, 0.42), (90, 0.62), (120, 0.62))
"""Share disabled under the Equality Act by age (Census 2021, rounded)."""
MORE_WHERE_POOR = ((1, 1.4), (5, 1.0), (10, 0.7))
"""How much likelier both are by decile of deprivation (1 most deprived)."""
OBJECTED = 0.027
"""National data opt-outs (NHS Digital, early 2021)."""
FIRST_WAVE, WAVE_DAYS = 0.6, 360
PEOPLE_EACH_PRACTICE, CHILDREN_EACH_PRIMARY, CHILDREN_EACH_SECONDARY = 8000, 330, 1000
SCHOOL_ELSEWHERE = 0.08
"""Children at a school of the next district (DfE, cross-border movement: 5 to 20 % by district)."""
_FIRSTS = (
    "Quill", "Thistle", "Larken", "Fenni", "Corven", "Dunnel", "Elver", "Gorsel", "Jessa", "Kestle", "Lindle",
    "Marren", "Nettle", "Orrin", "Rushel", "Wendle",
)  # fmt: skip
WORDS = tuple(f"{first}{last}" for first in _FIRSTS for last in ("combe", "mere", "wick", "shaw", "holt"))
"""Coined, so that no practice or school of these names is a real one."""
FIRST_LA = 950
"""Local authority numbers of schools from here on are not in use: the schools are invented."""


@dataclass(frozen=True)
class Needs:
    """By person; ``practice`` and ``school`` point at the settings, NOBODY where there is none."""

    is_shielding: Bools
    shielding_since: Dates
    is_disabled: Bools
    has_objected: Bools
    practice: Ints
    school: Ints


def needs_of(frame: Frame, part: Part, spots: Spots, lives: Lives, area: Ints, chance: Chance) -> Needs:
    """Return what everybody of a part needs and belongs to."""
    age = np.maximum(whole_years(lives.born, np.where(np.isnat(lives.died_on), part.today, lives.died_on)), 0)
    decile = np.asarray(part.of(frame.deprivation), dtype=float)[area]
    more = _by(MORE_WHERE_POOR, decile)
    shielding = chance.stream("shielding").happens(_by(SHIELDING_BY_AGE, age) * more, len(age))
    return Needs(
        is_shielding=shielding,
        shielding_since=_since(part, lives, shielding, chance.stream("since")),
        is_disabled=chance.stream("disabled").happens(_by(DISABLED_BY_AGE, age) * more, len(age)),
        has_objected=chance.stream("objected").happens(OBJECTED, len(age)),
        practice=_practice(frame, part, area, lives, chance.stream("practice")),
        school=_school(frame, part, area, age, lives, chance.stream("school")),
    )


def _by(table: tuple[tuple[int, float], ...], values: Ints | Floats) -> Floats:
    at, shares = zip(*table, strict=True)
    made: Floats = np.interp(values, at, shares)
    return made


def _since(part: Part, lives: Lives, shielding: Bools, chance: Chance) -> Dates:
    """Return the day each came on the shielded list: most in the first wave, never before they were born."""
    since = never(len(shielding))
    these = np.flatnonzero(shielding)
    wave = chance.happens(FIRST_WAVE, len(these))
    ago = np.where(wave, WAVE_DAYS, 20 + chance.stream("later").random(len(these)) * (WAVE_DAYS - 20))
    since[these] = np.maximum(part.today - ago.astype(np.int64).astype("timedelta64[D]"), lives.born[these])
    return since


def settings_of(frame: Frame, part: Part, seed: int) -> Settings:
    """Return the invented practices and schools of the part's districts and of the next one."""
    practices, schools = [], []
    for district in _districts(frame, part):
        practices += _named_practices(frame, district, seed)
        schools += _numbered_schools(frame, district)
    code, practice = zip(*practices, strict=True)
    urn, laestab = zip(*schools, strict=True)
    return Settings(texts(code), texts(practice), texts(urn), texts(laestab))


def _districts(frame: Frame, part: Part) -> list[int]:
    """Return the part's districts in order, and the one after them, where its border is crossed to school."""
    own = sorted({int(each) for each in part.of(frame.district)})
    after = (own[-1] + 1) % len(frame.districts)
    return own if after in own else [*own, after]


def _sizes(frame: Frame, district: int) -> tuple[int, int, int]:
    """Return how many practices, primary and secondary schools a district has."""
    ages = frame.districts[district].ages
    return (
        max(3, round(float(ages.sum()) / PEOPLE_EACH_PRACTICE)),
        max(3, round(float(ages[4:11].sum()) / CHILDREN_EACH_PRIMARY)),
        max(2, round(float(ages[11:17].sum()) / CHILDREN_EACH_SECONDARY)),
    )


def _named_practices(frame: Frame, district: int, seed: int) -> list[tuple[str, str]]:
    count, _, _ = _sizes(frame, district)
    words = Chance(seed, "practices", district).pick(WORDS, count)
    kinds = Chance(seed, "practice kinds", district).pick(
        ("Medical Practice", "Surgery", "Health Centre"), count
    )
    pairs = zip(words, kinds, strict=True)
    return [(f"X{district:02d}{at:03d}", f"{word} {kind}") for at, (word, kind) in enumerate(pairs)]


def _numbered_schools(frame: Frame, district: int) -> list[tuple[str, str]]:
    """Return the URN and LAESTAB of each school of a district, primary schools first."""
    _, primary, secondary = _sizes(frame, district)
    numbers = [(2000 if at < primary else 4000) + at for at in range(primary + secondary)]
    return [
        (f"9{district:02d}{at:03d}", f"{FIRST_LA + district}{number}") for at, number in enumerate(numbers)
    ]


def _starts(frame: Frame, part: Part, which: slice) -> dict[int, int]:
    """Return where each district's practices (or schools) begin among the settings."""
    starts, at = {}, 0
    for district in _districts(frame, part):
        starts[district] = at
        at += sum(list(_sizes(frame, district))[which])
    return starts


def _practice(frame: Frame, part: Part, area: Ints, lives: Lives, chance: Chance) -> Ints:
    """Return everybody's practice: one of three that serve their area, the household's as a rule."""
    district = np.asarray(part.of(frame.district))[area]
    sizes = np.array([_sizes(frame, at)[0] for at in range(len(frame.districts))])
    starts = _starts(frame, part, slice(0, 1))
    start = np.array([starts.get(at, 0) for at in range(len(frame.districts))])
    household = np.where(lives.household == NOBODY, np.arange(len(area)), lives.household)
    third = (chance.random(len(area)) * 3).astype(np.int64)[household % len(area)]
    made: Ints = start[district] + ((part.first + area) * 3 + third) // 2 % sizes[district]
    return made


def _school(frame: Frame, part: Part, area: Ints, age: Ints, lives: Lives, chance: Chance) -> Ints:
    """Return each child's school: a near one of their age, now and then in the next district."""
    own = np.asarray(part.of(frame.district))[area]
    after = _districts(frame, part)[-1]
    crosses = chance.happens(SCHOOL_ELSEWHERE, len(area))
    district = np.where(crosses, after, own)
    sizes = np.array([_sizes(frame, at)[1:] for at in range(len(frame.districts))])
    starts = _starts(frame, part, slice(1, 3))
    start = np.array([starts.get(at, 0) for at in range(len(frame.districts))])
    near = part.first + area + (chance.stream("near").random(len(area)) * 2).astype(np.int64)
    primary = start[district] + near % sizes[district, 0]
    secondary = start[district] + sizes[district, 0] + near % sizes[district, 1]
    school = np.where(age < 11, primary, secondary)
    is_pupil = (age >= 4) & (age <= 16) & np.isnat(lives.died_on) & (lives.home != NOBODY)
    return np.where(is_pupil, school, NOBODY)
