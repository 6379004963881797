"""Build one part of the region: everything that is true of it on its day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from sharewell.demo.region.chance import Ints, texts
from sharewell.demo.region.frame.fit import COMPOSED, SIZE
from sharewell.demo.region.frame.kinds import ACCOMMODATION, SHORT, TENURES
from sharewell.demo.region.frame.terms import Frame
from sharewell.demo.region.names import Names
from sharewell.demo.region.terms import NOBODY, ROLES, Areas, Households, People, World
from sharewell.demo.region.world.hard import Making, make_hard
from sharewell.demo.region.world.homes import Laid, lay_out
from sharewell.demo.region.world.housing import Housing, house
from sharewell.demo.region.world.kin import Called, Kin, call, kin_of
from sharewell.demo.region.world.lives import Lives, live
from sharewell.demo.region.world.needs import Needs, needs_of, settings_of
from sharewell.demo.region.world.numbers import Numbers, emails, numbers_of
from sharewell.demo.region.world.part import Part
from sharewell.demo.region.world.sexes import sexes
from sharewell.demo.region.world.spots import RESIDENT, Spots, make_spots

LAST_HOME = RESIDENT
"""The role of those who died or left: they are no longer anybody's head or child."""


@dataclass(frozen=True)
class Built:
    """A part's world, how many of its people live there today (the first ones), and how its homes lie."""

    world: World
    residents: int
    laid: Laid


def build_world(frame: Frame, part: Part, names: Names, seed: int, rates: Mapping[str, float]) -> Built:
    """Return the world of one part. ``rates`` are those of the hard pairs (see rates.py)."""
    chance = part.chance
    spots = make_spots(frame, part, chance.stream("spots"))
    housing = house(frame, part, spots, chance.stream("housing"))
    laid = lay_out(frame, part, spots, housing, chance.stream("homes"))
    lives = live(
        frame,
        part,
        spots,
        housing,
        laid,
        sexes(frame, part, spots, chance.stream("sexes")),
        chance.stream("lives"),
    )
    kin = kin_of(spots, lives, chance.stream("partings"))
    called = call(frame, part, spots, lives, kin, names, chance.stream("names"))
    area = area_of(laid, lives)
    needs = needs_of(frame, part, spots, lives, area, chance.stream("needs"))
    district = np.array([each.code for each in frame.districts], dtype=object)
    district = district[np.asarray(part.of(frame.district))[area]]
    numbers = numbers_of(part, lives, district, chance.stream("numbers"))
    people = _people(part, spots, lives, kin, called, needs, numbers)
    making = Making(people, laid.homes, part.residents, part.today, rates, names, chance.stream("hard"))
    pairs = make_hard(making)
    # Only now has everybody their final name, which their address at an example domain is made of.
    people.email[:] = emails(people.first_name, people.surname, making.age, chance.stream("email"))
    return Built(
        World(
            as_of=part.as_of,
            areas=_areas(frame, part),
            homes=laid.homes,
            households=_households(part, spots, housing, laid),
            people=people,
            settings=settings_of(frame, part, seed),
            pairs=pairs,
            rates=rates,
        ),
        part.residents,
        laid,
    )


def area_of(laid: Laid, lives: Lives) -> Ints:
    """Return everybody's area: that of their home, or of the last one in the region."""
    home = np.where(lives.home == NOBODY, lives.home_before, lives.home)
    area: Ints = laid.homes.area[home]
    return area


def _areas(frame: Frame, part: Part) -> Areas:
    district = np.asarray(part.of(frame.district))
    return Areas(
        code=frame.code[part.first : part.end],
        district=texts([frame.districts[at].code for at in district]),
        district_name=texts([frame.districts[at].name for at in district]),
        ward=frame.ward[part.first : part.end],
        deprivation=frame.deprivation[part.first : part.end],
        child_poverty=frame.child_poverty[part.first : part.end],
    )


def _households(part: Part, spots: Spots, housing: Housing, laid: Laid) -> Households:
    return Households(
        id=texts([f"H{part.first + area:05d}{at:06d}" for at, area in enumerate(spots.household_area)]),
        home=laid.of_household,
        kind=texts(SHORT)[COMPOSED[spots.kind]],
        size=SIZE[spots.kind],
        tenure=texts(TENURES)[housing.tenure],
        accommodation=texts(ACCOMMODATION)[housing.accommodation],
        is_poor=housing.is_poor,
    )


def _people(
    part: Part, spots: Spots, lives: Lives, kin: Kin, called: Called, needs: Needs, numbers: Numbers
) -> People:
    n = part.people
    role = np.concatenate([spots.role, np.full(n - part.residents, LAST_HOME)])
    taken: dict[str, Any] = {}
    for source in (lives, kin, called, needs, numbers):
        taken |= {name: column for name, column in vars(source).items() if name in People.__annotations__}
    return People(
        **taken,
        id=texts([f"T{part.before + at:08d}" for at in range(n)]),
        email=np.full(n, "", dtype=object),
        sex=np.where(lives.is_woman, "2", "1").astype(object),
        role=texts(ROLES)[role],
        is_protected=np.zeros(n, dtype=bool),
        hard=np.full(n, "", dtype=object),
    )
