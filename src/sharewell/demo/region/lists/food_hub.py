"""The food hub's sign-ups: typed by hand, half without a date of birth, some people there twice."""

from __future__ import annotations

from typing import Final

import numpy as np

from sharewell.demo.region.chance import Chance, Dates, Ints, Texts
from sharewell.demo.region.dirt.address_rates import ASSUMED, scaled
from sharewell.demo.region.dirt.addresses import ADDRESS_RATES, Layout, write_address
from sharewell.demo.region.dirt.calendar import DOTS, write_days
from sharewell.demo.region.dirt.dates import TYPED, spoil_dates
from sharewell.demo.region.dirt.kinds import Rates
from sharewell.demo.region.dirt.names import NAME_RATES, spoil_names
from sharewell.demo.region.dirt.numbers import spoil_uprns
from sharewell.demo.region.dirt.phones import (
    EMAIL_RATES,
    PHONE_RATES,
    spoil_emails,
    spoil_phones,
    spoil_wrong_column,
)
from sharewell.demo.region.draft import Draft
from sharewell.demo.region.lists import rows, writing
from sharewell.demo.region.lists.form import Form
from sharewell.demo.region.lists.known import known
from sharewell.demo.region.terms import NOBODY, World

NAME: Final = "food-hub"
LAYOUT: Final = Layout(("Address Line 1", "Address Line 2"), "Postcode", town="City")
NOTES: Final = tuple(f"Case Note {note}" for note in range(1, 5))
COLUMNS: Final = (
    "First name", "Surname", "d.o.b", "Help Request Type", "Address Line 1", "Address Line 2", "City",
    "Postcode", "Email", "Phone number", "Phone number 2", "UPRN", "Subtype", *NOTES,
)  # fmt: skip
"""The columns of Here to Help's generic upload (lists-and-roles)."""

RATES: Final[Rates] = {
    **NAME_RATES, **ADDRESS_RATES, **scaled(3, ASSUMED), **TYPED, **PHONE_RATES, **EMAIL_RATES,
    "name_nickname": 0.1, "name_known_as": 0.01, "name_missing": 0.01,  # assumptions
    "signed_up_again": 0.06,  # an assumption, as the demo's list had it
    "date_missing": 0.5,  # volunteers ask for it when somebody offers it: an assumption
    "phone_missing": 0.1,  # an assumption, as the demo's list had it
    "phone_two_in_cell": 0.04,
    "flat_missing": 0.08, "postcode_unspaced": 0.15, "postcode_small": 0.1,  # as the demo's list had them
    "phone_wrong_column": 0.02,  # assumptions
    "phone_of_household": 0.05,
    "uprn_missing": 0.95,  # typed lists hardly have one
}  # fmt: skip
SHIELDING, POOR, OTHERS = 0.3, 0.1, 0.015
"""Who signs up: of adults shielding, of other adults of poor households, of the rest (assumptions)."""
DAYS: Final = 330
HELP: Final = (("Food parcel", "Shopping", "Prescription", "Befriending"), (0.55, 0.25, 0.12, 0.08))
SUBTYPES: Final = ("", "", "Weekly", "Fortnightly", "One-off")
FREE_TEXT: Final = (
    "Leave with neighbour if out", "Ring bell twice", "No nuts", "Halal only", "Vegetarian",
    "Needs help upstairs", "Has a dog", "Diabetic", "Prefers mornings", "Baby milk too",
    "Delivered, nobody in", "Speaks little English",
)  # fmt: skip


def draft(world: World, chance: Chance) -> Draft:
    """Return one row for each sign-up; some people signed up again later."""
    person, day, nth = _signed_up(world, chance.stream("signed up"))
    held = known(world, person, day)
    made = writing.begin(NAME, world, chance, person, held.home)
    made.count("signed_up_again", int((nth == 0).sum()), int((nth == 1).sum()), RATES["signed_up_again"])
    _write_person(made, world, held.surname)
    _write_request(made)
    _spoil(made, world)
    return rows.in_order(made, COLUMNS)


FORM: Final = Form(NAME, "food_hub", "food hub.txt", "csv", draft, delimiter="\t", encoding="utf-16")


def _signed_up(world: World, chance: Chance) -> tuple[Ints, Dates, Ints]:
    """Return who signed up, the day, and which sign-up of theirs it is, from 0, in the order they came."""
    people = world.people
    household = people.household
    is_poor = (household != NOBODY) & world.households.is_poor[household]
    likely = np.where(people.is_shielding, SHIELDING, np.where(is_poor, POOR, OTHERS))
    person = np.flatnonzero(
        (world.ages() >= 18) & (people.role != "resident") & chance.happens(likely, len(likely))
    )
    day = rows.days_before(chance, world.today, len(person), DAYS)
    here = rows.lived_here(world, person, day)
    person, day = person[here], day[here]
    at = rows.again(chance.stream("again"), len(person), RATES["signed_up_again"], 0.0)
    nth = (np.arange(len(at)) >= len(person)).astype(np.int64)
    when = np.minimum(
        day[at] + (chance.integers(7, 150, len(at)) * nth).astype("timedelta64[D]"), world.today
    )
    order = np.lexsort((nth, when))
    return person[at][order], when[order], nth[order]


def _write_person(draft: Draft, world: World, surname: Texts) -> None:
    """Write who signed up and how to reach them, clean."""
    people, person, n = world.people, draft.person, len(draft)
    chance = draft.chance.stream("person")
    second = (people.landline[person] != "") & (people.mobile[person] != "") & chance.happens(0.25, n)
    draft.fill(
        {
            "First name": people.first_name[person],
            "Surname": surname,
            "d.o.b": write_days(people.born[person], DOTS),
            "Email": writing.only_where(chance.happens(0.35, n), people.email[person]),
            "Phone number": rows.best_phones(world, person),
            "Phone number 2": writing.only_where(second, people.landline[person]),
            "UPRN": world.homes.uprn[draft.home],
        }
    )


def _write_request(draft: Draft) -> None:
    """Write what was asked for, and the volunteers' notes."""
    chance, n = draft.chance.stream("request"), len(draft)
    noted = chance.happens(0.4, n)
    draft.fill(
        {
            "Help Request Type": chance.pick(HELP[0], n, HELP[1]),
            "Subtype": chance.pick(SUBTYPES, n),
            NOTES[0]: writing.only_where(noted, chance.pick(FREE_TEXT, n)),
            NOTES[1]: writing.only_where(noted & chance.happens(0.3, n), chance.pick(FREE_TEXT, n)),
            NOTES[2]: "",
            NOTES[3]: "",
        }
    )


def _spoil(draft: Draft, world: World) -> None:
    """Note what is out of date and plant the dirt of volunteers who type."""
    died = world.people.died_on[draft.person]
    others = rows.others_at_home(world)[draft.person]
    rows.note_old_addresses(draft, world, "Postcode")
    rows.note_deaths(draft, "Postcode", died, "")
    rows.note_former_surnames(draft, world, "Surname")
    write_address(draft, world, LAYOUT, RATES)
    spoil_names(draft, "First name", "Surname", RATES)
    spoil_dates(draft, "d.o.b", RATES, DOTS)
    mobile, landline = world.people.mobile[draft.person], world.people.landline[draft.person]
    spoil_phones(draft, "Phone number", RATES, second=landline, others=rows.of(world.people.mobile, others))
    spoil_phones(
        draft, "Phone number 2", {**RATES, "phone_of_household": 0.0, "phone_none_in_words": 0.0}, mobile
    )
    spoil_emails(draft, "Email", RATES)
    spoil_wrong_column(draft, "Phone number", "Email", RATES["phone_wrong_column"])
    spoil_uprns(draft, "UPRN", RATES)
