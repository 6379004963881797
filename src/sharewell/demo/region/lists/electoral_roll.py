"""The electoral roll: who was registered to vote at the last canvass, surname first, no date of birth."""

from __future__ import annotations

from typing import Final

import numpy as np

from sharewell.demo.region.chance import Chance, Dates, Ints, Texts, texts
from sharewell.demo.region.dirt.address_parts import lines_layout
from sharewell.demo.region.dirt.addresses import DEFAULT_RATES as ADDRESS_RATES
from sharewell.demo.region.dirt.addresses import write_address
from sharewell.demo.region.dirt.calendar import DMY, write_days
from sharewell.demo.region.dirt.kinds import Rates, by_value
from sharewell.demo.region.dirt.numbers import UPRN_RATES
from sharewell.demo.region.draft import Draft
from sharewell.demo.region.lists import writing
from sharewell.demo.region.lists.form import Form
from sharewell.demo.region.lists.known import Known, is_listed, known
from sharewell.demo.region.terms import NOBODY, World, whole_years

NAME: Final = "electoral-roll"
AGES, REGISTERED = (16, 18, 25, 35, 50, 65), (0.25, 0.68, 0.74, 0.83, 0.88, 0.94)
"""Share registered from each age (an assumption, near the Electoral Commission's completeness of 2019)."""
CANVASSED: Final = 0.75
"""Of changes, those heard of only at the canvass; the others registered as they moved (an assumption)."""
RATES: Final[Rates] = {
    **ADDRESS_RATES, **writing.WHOLE_NAME_RATES, **UPRN_RATES,
    "comma_lost": 0.05,  # an assumption
    "uprn_missing": 0.2,  # lists-and-roles: in newer systems; the rate is an assumption
}  # fmt: skip
"""How often each kind of dirt is planted, of the rows that could have it."""
LAYOUT: Final = lines_layout("Address {}", 6, "Postcode")
PRIVATE: Final = 0.57
"""Electors who keep off the open register (an assumption: over half do)."""
ANONYMOUS: Final = 0.5
"""Protected people registered without name or address, and so not in the extract (an assumption)."""
ATTAINS: Final = 18
MARKED: Final = 0.03
"""Electors marked as citizens of another country of the European Union (an assumption)."""


def canvass_before(today: np.datetime64) -> np.datetime64:
    """Return the day the register was last published after a canvass: 1 December before."""
    year = today.astype("datetime64[Y]")
    day = year.astype("datetime64[M]") + 11
    made: np.datetime64 = (day if day.astype("datetime64[D]") <= today else day - 12).astype("datetime64[D]")
    return made


def draft(world: World, chance: Chance) -> Draft:
    """Return the electors: adults, and those of 16 and 17 with the day they will be old enough to vote."""
    person, heard, home = _electors(world, chance.stream("electors"))
    held = known(world, person, heard)
    made = writing.begin(NAME, world, chance, person, home)
    _write_elector(made, world, held)
    write_address(made, world, LAYOUT, RATES)
    there = (home != world.people.home[person]) | ~np.isnat(world.people.died_on[person])
    writing.write_uprn(made, world, {"stale_address": there}, RATES)
    return made


FORM: Final = Form(NAME, "council", "electoral register.csv", "csv", draft, encoding="utf-16", delimiter="\t")


def _electors(world: World, chance: Chance) -> tuple[Ints, Dates, Ints]:
    """Return who is on the roll, when it last heard of each, and the address it has: some people have two."""
    people = world.people
    person = np.flatnonzero(world.ages() >= AGES[0])
    heard = _heard(world, person, chance.stream("heard"))
    age = whole_years(people.born[person], heard)
    likely = np.array((0.0, *REGISTERED))[np.searchsorted(AGES, age, side="right")]
    hidden = people.is_protected[person] & chance.stream("anonymous").happens(ANONYMOUS, len(person))
    is_new = (
        (people.moved_on[person] > heard)
        & (people.home_before[person] == NOBODY)
        & np.isnat(people.left_on[person])
    )
    on = (
        chance.stream("on").happens(likely, len(person)) & is_listed(world, person, heard) & ~hidden & ~is_new
    )
    person, heard = person[on], heard[on]
    home = known(world, person, heard).home
    twice = np.flatnonzero(
        (people.hard[person] == "moved_or_duplicate") & (people.home_before[person] != NOBODY)
    )
    home[twice] = people.home[person[twice]]
    who = np.concatenate([person, person[twice]])
    home = np.concatenate([home, people.home_before[person[twice]]])
    order = np.lexsort((who, home))
    return who[order], np.concatenate([heard, heard[twice]])[order], home[order]


def _heard(world: World, person: Ints, chance: Chance) -> Dates:
    """Return the day the roll last heard of each person: the canvass, or days ago for those who wrote."""
    wrote = world.today - chance.stream("wrote").integers(5, 60, len(person)).astype("timedelta64[D]")
    return np.where(chance.happens(CANVASSED, len(person)), canvass_before(world.today), wrote)


def _write_elector(draft: Draft, world: World, held: Known) -> None:
    """Write number, name and the day of turning 18, in the order of addresses as a register is printed."""
    people, person, n = world.people, draft.person, len(draft)
    area = world.homes.area[draft.home]
    attains = _birthday(people.born[person], ATTAINS)
    draft.fill(
        {
            "Elector Number": _numbers(world, area),
            "Elector Name": _surname_first(
                held.surname, people.first_name[person], people.middle_name[person]
            ),
            "Date of Attainment": write_days(
                np.where(attains > world.today, attains, np.datetime64("NaT")), DMY
            ),
            "Marker": np.where(draft.chance.stream("marker").random(n) < MARKED, "E", ""),
            "Open Register": writing.yes_no(~draft.chance.stream("open").happens(PRIVATE, n)),
        }
    )
    now = _surname_first(people.surname[person], people.first_name[person], people.middle_name[person])
    writing.note_former_names(draft, "Elector Name", now)
    writing.spoil_whole_names(draft, "Elector Name", RATES)
    draft.spoil(
        "Elector Name", "comma_lost", RATES["comma_lost"], by_value(lambda name: name.replace(",", "", 1))
    )


def _birthday(born: Dates, years: int) -> Dates:
    """Return the day each person reaches an age; those born on 29 February do on 1 March."""
    month = born.astype("datetime64[M]")
    birthday: Dates = (month + 12 * years).astype("datetime64[D]") + (born - month.astype("datetime64[D]"))
    return birthday


def _numbers(world: World, area: Ints) -> Texts:
    """Return elector numbers: the letters of the polling district, and a place in it."""
    place = np.arange(len(area)) - np.searchsorted(area, area, side="left")
    code = [_letters(int(each[1:]) % 17_576) for each in world.areas.code]
    return texts(
        [f"{code[at]}-{number}" for at, number in zip(area.tolist(), (place + 1).tolist(), strict=True)]
    )


def _letters(number: int) -> str:
    return "".join(chr(65 + number // base % 26) for base in (676, 26, 1))


def _surname_first(surname: Texts, first: Texts, middle: Texts) -> Texts:
    """Return names as a register prints them: "Smith, John Paul"."""
    whole = zip(surname, first, middle, strict=True)
    return texts([f"{last}, {one} {other}".rstrip() for last, one, other in whole])
