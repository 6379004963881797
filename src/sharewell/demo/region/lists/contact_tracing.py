"""Contact tracing cases as the national system sent them: nicknames, a house number, a shared mobile."""

from __future__ import annotations

from typing import Final

import numpy as np

from sharewell.demo.region.chance import Chance, Dates, Ints, Texts, texts
from sharewell.demo.region.dirt.addresses import ADDRESS_RATES, HOUSE_NUMBER, write_address
from sharewell.demo.region.dirt.calendar import DMY, YMD, write_days
from sharewell.demo.region.dirt.dates import RATES as DATE_RATES
from sharewell.demo.region.dirt.dates import spoil_dates
from sharewell.demo.region.dirt.kinds import Rates
from sharewell.demo.region.dirt.names import NAME_RATES, spoil_names
from sharewell.demo.region.dirt.numbers import NHS_NUMBER_RATES, spoil_nhs_numbers
from sharewell.demo.region.dirt.phones import EMAIL_RATES, PHONE_RATES, spoil_emails, spoil_phones
from sharewell.demo.region.draft import Draft
from sharewell.demo.region.lists import rows, writing
from sharewell.demo.region.lists.form import Form
from sharewell.demo.region.lists.known import known
from sharewell.demo.region.terms import World

NAME: Final = "contact-tracing"
COLUMNS: Final = (
    "Account ID", "NHS Number", "Forename", "Surname", "Gender", "Date of Birth", "House Number",
    "Postcode", "Email", "Phone", "Phone2", "First Symptomatic At", "Date Tested", "Comments",
    "Date Updated", "Date Time Extracted", "UTLA",
)  # fmt: skip
"""As Hackney's program that took the file in names them (lists-and-roles)."""

RATES: Final[Rates] = {
    **NAME_RATES, **ADDRESS_RATES, **DATE_RATES, **NHS_NUMBER_RATES, **PHONE_RATES, **EMAIL_RATES,
    "name_nickname": 0.12,  # said over the phone: an assumption
    "nhs_number_missing": 0.12,  # tests ordered without one: an assumption
    "phone_of_household": 0.15,  # of people with another at home who has a mobile: an assumption
    "phone_missing": 0.02,  # a test kit is ordered with a phone: an assumption
    "phone_none_in_words": 0.0,
    "flat_missing": 0.3,  # one cell for a house number leaves little room for a flat's: an assumption
}  # fmt: skip
CASES: Final = 0.009
"""Of people, who tested positive in the two months before (about 1 % in early 2021; an assumption)."""
CAUGHT_AT_HOME: Final = 0.2
"""Of those who live with a case, who tested positive too (secondary attack rates, an assumption)."""
DAYS: Final = 60
CHILD: Final = 16
SYMPTOMS: Final = 0.68
NOTES: Final = ("", "", "", "", "No answer, left message", "Call back after 5pm", "Interpreter asked for",
                "Isolating with family", "Asked for help with shopping", "Number not recognised")  # fmt: skip


def draft(world: World, chance: Chance) -> Draft:
    """Return one row for each case of the last two months."""
    person, tested = _cases(world, chance.stream("cases"))
    held = known(world, person, tested)
    made = writing.begin(NAME, world, chance, person, held.home)
    _write_case(made, world, held.surname)
    _write_test(made, world, tested)
    _spoil(made, world)
    return rows.in_order(made, COLUMNS)


FORM: Final = Form(NAME, "nhs_england", "contact tracing.csv", "csv", draft, encoding="cp1252")


def _cases(world: World, chance: Chance) -> tuple[Ints, Dates]:
    """Return who tested positive, and when: some people at random, and some of whom they live with."""
    people, n = world.people, len(world.people.id)
    first = chance.happens(CASES, n)
    household = people.household
    at_home = np.zeros(len(world.households.id) + 1, dtype=bool)
    at_home[household[first]] = True
    at_home[-1] = False
    caught = at_home[household] & ~first & chance.happens(CAUGHT_AT_HOME, n)
    person = rows.shuffled(chance.stream("order"), np.flatnonzero(first | caught))
    tested = rows.days_before(chance.stream("tested"), world.today, len(person), DAYS)
    here = rows.lived_here(world, person, tested)
    return person[here], tested[here]


def _write_case(draft: Draft, world: World, surname: Texts) -> None:
    """Write who the case is and how to reach them, clean; the phone of a child is a grown-up's at home."""
    people, person = world.people, draft.person
    draft.fill(
        {
            "Account ID": writing.references_of_people(world, person, "", 53),
            "NHS Number": people.nhs_number[person],
            "Forename": people.first_name[person],
            "Surname": surname,
            "Gender": np.where(people.sex[person] == "1", "Male", "Female"),
            "Date of Birth": write_days(people.born[person], DMY),
            "Email": people.email[person],
            "Phone": _phones(world, person),
            "Phone2": people.landline[person],
        }
    )


def _phones(world: World, person: Ints) -> Texts:
    mobile = world.people.mobile[person]
    grown_up = rows.of(world.people.mobile, rows.others_at_home(world, 18)[person])
    is_child = world.ages()[person] < CHILD
    return np.where(is_child & (grown_up != ""), grown_up, mobile).astype(object)


def _write_test(draft: Draft, world: World, tested: Dates) -> None:
    """Write the days of the illness and of the record, each in the form of its own column."""
    chance, n = draft.chance.stream("test"), len(draft)
    began = rows.put_off(chance, tested, -4, 1)
    updated = np.minimum(rows.put_off(chance, tested, 1, 9), world.today)
    minutes = chance.integers(8 * 60, 20 * 60, n).tolist()
    clock = texts([f" {each // 60:02}:{each % 60:02}" for each in minutes])
    district = world.homes.area[draft.home]
    draft.fill(
        {
            "First Symptomatic At": writing.only_where(chance.happens(SYMPTOMS, n), write_days(began, YMD)),
            "Date Tested": write_days(tested, DMY),
            "Comments": chance.pick(NOTES, n),
            "Date Updated": write_days(updated, YMD) + clock,
            "Date Time Extracted": world.as_of.strftime("%d/%m/%Y 06:00:05"),
            "UTLA": world.areas.district_name[district],
        }
    )


def _spoil(draft: Draft, world: World) -> None:
    """Note what is out of date and plant the dirt."""
    others = rows.others_at_home(world)[draft.person]
    rows.note_old_addresses(draft, world, "Postcode")
    rows.note_former_surnames(draft, world, "Surname")
    write_address(draft, world, HOUSE_NUMBER, RATES)
    spoil_names(draft, "Forename", "Surname", RATES)
    spoil_dates(draft, "Date of Birth", RATES, DMY)
    spoil_nhs_numbers(draft, "NHS Number", RATES, rows.of(world.people.nhs_number, others))
    mobiles = rows.of(world.people.mobile, rows.others_at_home(world, CHILD)[draft.person])
    spoil_phones(draft, "Phone", RATES, others=mobiles)
    spoil_phones(draft, "Phone2", {**RATES, "phone_of_household": 0.0})
    spoil_emails(draft, "Email", {**RATES, "email_none_in_words": 0.0})
