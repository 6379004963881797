"""Assisted bin collections: whose bins are fetched, and why. No date of birth, no NHS number: a weak list."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np

from sharewell.demo.region.chance import Bools, Chance, Ints, Texts, texts
from sharewell.demo.region.dirt.address_parts import one_cell_layout
from sharewell.demo.region.dirt.addresses import DEFAULT_RATES as ADDRESS_RATES
from sharewell.demo.region.dirt.addresses import write_address
from sharewell.demo.region.dirt.calendar import DMY_SHORT, write_days
from sharewell.demo.region.dirt.dates import spoil_dates
from sharewell.demo.region.dirt.kinds import Rates, taken_from
from sharewell.demo.region.dirt.numbers import UPRN_RATES
from sharewell.demo.region.dirt.phones import PHONE_RATES, spoil_phones
from sharewell.demo.region.draft import Draft
from sharewell.demo.region.lists import writing
from sharewell.demo.region.lists.form import Form
from sharewell.demo.region.lists.holders import GROWN_UP, LIVED_IN, settle
from sharewell.demo.region.lists.known import Known, Lag, heard_on
from sharewell.demo.region.terms import NOBODY, World

NAME: Final = "assisted-bins"
LAG: Final[Lag] = ((0.0, 0), (0.3, 60), (0.7, 400), (1.0, 1090))
"""Crews stop fetching when a bin is no longer left out; lists are reviewed rarely (an assumption)."""
BY_AGE: Final = ((18, 0.002), (60, 0.012), (70, 0.04), (75, 0.09), (80, 0.17), (85, 0.27), (90, 0.34))
"""Share of adults at each age with an assisted collection, were nobody else able (an assumption)."""
ABLE: Final = 0.25
"""How much likelier or not with an able adult at home (an assumption)."""
OLD, DISABLED = 70, 2.5
REASONS: Final[Mapping[str, tuple[str, ...]]] = {
    "Age": ("Elderly", "Old age", "Frail"),
    "Mobility": ("Mobility problems", "Limited mobility", "Wheelchair user"),
    "Disability": ("Disabled", "Registered disabled"),
    "Temporary injury": ("Injury", "Broken leg", "Operation"),
}
"""Reasons in the service's words, and in others' words that the standard knows."""
RATES: Final[Rates] = {
    **ADDRESS_RATES, **writing.WHOLE_NAME_RATES, **UPRN_RATES, **PHONE_RATES,
    "described_not_named": 0.03,  # lists-and-roles, "the lady at 12A"; the rate is an assumption
    "initials_only": 0.25,  # an assumption
    "reason_in_words": 0.15,  # an assumption
    "date_other_form": 0.03,  # an assumption; of the start
    "uprn_missing": 0.5,  # lists-and-roles: "address/UPRN"; the rate is an assumption
    "phone_missing": 0.35,  # an assumption
}  # fmt: skip
"""How often each kind of dirt is planted, of the rows that could have it."""
LAYOUT: Final = one_cell_layout("Address", "Postcode")
BINS: Final = ("Refuse, recycling", "Refuse, recycling, garden", "Refuse, recycling, food", "Refuse")
PLACES: Final = (
    "Side gate",
    "Front of house",
    "Back yard",
    "Bin store",
    "By the garage",
    "Rear of property",
    "",
)


def draft(world: World, chance: Chance) -> Draft:
    """Return one row for each home whose bins are fetched, in the name of one adult there."""
    person, held = _residents(world, chance.stream("residents"))
    made = writing.begin(NAME, world, chance, person, held.home)
    _write_resident(made, world, held)
    write_address(made, world, LAYOUT, RATES)
    writing.write_uprn(made, world, {"stale_address": held.is_stale}, RATES)
    _write_phone(made, world)
    _write_collection(made, world)
    return made


FORM: Final = Form(
    NAME, "council", "assisted bins.xlsx", "xlsx", draft, sheet="Assisted",
    title=("Assisted collections - live list", "Run on {day}", ""),
)  # fmt: skip


def _residents(world: World, chance: Chance) -> tuple[Ints, Known]:
    """Return who asked, by age and disability, less often where somebody able lives too; one a home."""
    people = world.people
    place = np.where(people.home == NOBODY, people.home_before, people.home)
    adult = np.flatnonzero(
        (world.ages() >= GROWN_UP) & (place != NOBODY) & np.isin(world.homes.kind[place], LIVED_IN)
    )
    ages, shares = zip(*BY_AGE, strict=True)
    likely = np.array(shares)[np.searchsorted(ages, world.ages()[adult], side="right") - 1]
    likely = (
        likely
        * np.where(people.is_disabled[adult], DISABLED, 0.7)
        * np.where(_able_beside(world, adult), ABLE, 1.0)
    )
    asked = adult[chance.happens(np.minimum(likely, 0.8), len(adult))]
    return settle(world, asked, heard_on(chance.stream("heard"), len(asked), world.today, LAG))


def _able_beside(world: World, person: Ints) -> Bools:
    """Return who lives with another adult who is under 70 and not disabled."""
    people = world.people
    age = world.ages()
    is_able = (
        (age >= GROWN_UP)
        & (age < OLD)
        & ~people.is_disabled
        & np.isnat(people.died_on)
        & (people.household != NOBODY)
    )
    able = np.bincount(people.household[is_able], minlength=len(world.households.id))
    household = people.household[person]
    beside: Bools = (household != NOBODY) & (able[household] - is_able[person] > 0)
    return beside


def _write_resident(draft: Draft, world: World, held: Known) -> None:
    """Write the resident's name with a title: some with initials alone, some only described."""
    people, person = world.people, draft.person
    married = (people.partner[person] != NOBODY) | (people.former_surname[person] != "")
    title = writing.titles(draft.chance.stream("title"), people.sex[person], world.ages()[person], married)
    called = title + " " + people.first_name[person] + " "
    draft.fill({"Resident": called + held.surname})
    writing.note_former_names(draft, "Resident", called + people.surname[person])
    initials = texts(
        [
            f"{how} {first[:1]} {last}"
            for how, first, last in zip(title, people.first_name[person], held.surname, strict=True)
        ]
    )
    unlike = np.flatnonzero(initials != draft.cells["Resident"])
    taken = draft.spoil(
        "Resident", "initials_only", RATES["initials_only"], taken_from(initials), among=unlike
    )
    others = np.setdiff1d(draft.every, taken)
    described = taken_from(_described(draft, world))
    draft.spoil("Resident", "described_not_named", RATES["described_not_named"], described, among=others)
    writing.spoil_whole_names(draft, "Resident", RATES)


def _described(draft: Draft, world: World) -> Texts:
    """Return what a crew calls somebody whose name it does not know, by the door: "The lady at 12A"."""
    homes, woman = world.homes, world.people.sex[draft.person] == "2"
    number = draft.chance.stream("described").random(len(draft))
    ladies = np.where(number < 0.6, "The lady at", "Old lady,")
    who: Texts = np.where(woman, ladies, np.where(number < 0.6, "The gentleman at", "Elderly man,")).astype(
        object
    )
    door = np.where(homes.unit[draft.home] != "", homes.unit[draft.home], homes.number[draft.home])
    door = np.where(door != "", door, homes.building[draft.home])
    return texts([f"{one} {at}" for one, at in zip(who, door, strict=True)])


def _write_phone(draft: Draft, world: World) -> None:
    """Write a phone number: the landline, or the mobile where there is none."""
    people, person = world.people, draft.person
    mobile, landline = people.mobile[person], people.landline[person]
    draft.fill({"Telephone": np.where(landline != "", landline, mobile)})
    spoil_phones(draft, "Telephone", RATES, second=mobile)


def _write_collection(draft: Draft, world: World) -> None:
    """Write why the bins are fetched, since when, and where they stand."""
    n, chance = len(draft), draft.chance.stream("collection")
    is_old, is_disabled = world.ages()[draft.person] >= OLD, world.people.is_disabled[draft.person]
    number = chance.random(n)
    reason = np.where(is_old & (number < 0.5), "Age", np.where(number < 0.85, "Mobility", "Disability"))
    reason = np.where(is_disabled & (number < 0.4), "Disability", reason)
    reason = np.where(number > 0.975, "Temporary injury", reason)
    start = world.today - (10 + 2000 * chance.random(n) * chance.random(n)).astype("timedelta64[D]")
    draft.fill(
        {
            "Reason": reason,
            "Start": write_days(start, DMY_SHORT),
            "Review": write_days(start + np.timedelta64(3 * 365, "D"), DMY_SHORT),
            "Bins": chance.pick(BINS, n),
            "Location": chance.pick(PLACES, n),
            "Household Member Able": writing.yes_no(_able_beside(world, draft.person), "Yes", "No"),
        }
    )
    in_words = [
        REASONS[word][turn % len(REASONS[word])] for word, turn in zip(reason.tolist(), range(n), strict=True)
    ]
    draft.spoil("Reason", "reason_in_words", RATES["reason_in_words"], taken_from(texts(in_words)))
    spoil_dates(draft, "Start", {"date_other_form": RATES["date_other_form"]}, DMY_SHORT)
