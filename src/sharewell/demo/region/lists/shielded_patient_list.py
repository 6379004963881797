"""The NHS's Shielded Patient List as councils were sent it: stale addresses, no phone, the dead still on."""

from __future__ import annotations

from typing import Final

import numpy as np

from sharewell.demo.region.chance import Bools, Chance, Ints, Texts
from sharewell.demo.region.dirt.addresses import ADDRESS_RATES, lines_layout, write_address
from sharewell.demo.region.dirt.calendar import RUN, YMD, write_days
from sharewell.demo.region.dirt.dates import FIXED, serial, spoil_dates
from sharewell.demo.region.dirt.kinds import Rates
from sharewell.demo.region.dirt.names import spoil_names
from sharewell.demo.region.dirt.numbers import NHS_NUMBER_RATES, spoil_nhs_numbers, spoil_uprns
from sharewell.demo.region.dirt.phones import PHONE_RATES, spoil_no_phone, spoil_phones
from sharewell.demo.region.draft import Draft
from sharewell.demo.region.lists import rows, writing
from sharewell.demo.region.lists.form import Form
from sharewell.demo.region.lists.pds import NAMES, Held, held_on, lot
from sharewell.demo.region.terms import World

NAME: Final = "shielded-patient-list"
DAYS_OLD: Final = 14
LAYOUT: Final = lines_layout("PatientAddress_Line{}", 5, "PatientAddress_PostCode")
COLUMNS: Final = (
    "Traced_NHSNUMBER", "PatientFirstName", "PatientOtherName", "PatientSurname", "DateOfBirth",
    *LAYOUT.columns, "PatientAddress_PostCode", "PatientEmailAddress", "mobile", "landline", "DateOfDeath",
    "Flag_PDSInformallyDeceased", "oslaua", "oscty", "Data_Source", "category", "InceptionDate",
    "SPL_Version", "uprn",
)  # fmt: skip
"""As Hackney's program that took the list in names them (lists-and-roles)."""

RATES: Final[Rates] = {
    **NAMES,
    **ADDRESS_RATES,
    **FIXED,  # the list writes every birth date YYYYMMDD
    **NHS_NUMBER_RATES,  # traced by the NHS: hardly any is wrong (an assumption)
    **PHONE_RATES,
    "name_missing": 0.004,  # as the demo's list had it: an assumption
    "flat_missing": 0.02,  # as the practices that the addresses come from: an assumption
    "nhs_number_missing": 0.0,  # the list is made of NHS numbers
    "phone_missing": 0.19,  # NAO 2021: 375,000 of 1.8 million had none or a wrong one, 17 to 21 %
    "phone_wrong_figure": 0.02,  # NAO counts wrong numbers with missing ones; the split is an assumption
    "phone_none_in_words": 0.0,  # a system's column, nobody types into it
    "phone_two_in_cell": 0.0,
    "date_serial": 0.4,  # of inception dates: both forms in one file (lists-and-roles); an assumption
    "uprn_missing": 0.4,  # an assumption: the UPRN came late, and not for addresses the NHS could not match
}
STAYS_WHEN_DEAD: Final = 0.85
"""Of those known to have died after they were listed, how many stay on it as Deceased (an assumption)."""
UNMARKED: Final = 0.2
"""Of these, how many the copy that councils were sent does not mark as dead (an assumption)."""
INFORMAL: Final = 0.06
"""Of these, how many deaths the NHS was told of but has no day for (an assumption)."""
HAS_EMAIL: Final = 0.3
"""An assumption: practices hold few addresses of older people."""
ASSESSED: Final = ("COVID-19 PRA", "Added by COVID-19 Population Risk Assessment")
FIRST_YEAR: Final = 300
"""Who came on the list within so many days was added by the risk assessment of February 2021."""


def draft(world: World, chance: Chance) -> Draft:
    """Return one row for each person on the list on the day it was cut."""
    on = world.today - np.timedelta64(DAYS_OLD, "D")
    person = rows.shuffled(chance.stream("order"), shielded(world, on))
    held = held_on(world, person, on)
    made = writing.begin(NAME, world, chance, person, held.known.home)
    _write_patient(made, world, held)
    _write_death(made, world, held)
    _write_entry(made, world, on)
    _spoil(made, world)
    return rows.in_order(made, COLUMNS)


FORM: Final = Form(
    NAME, "nhs_england", "shielded-patients.csv", "csv", draft, days_old=DAYS_OLD, encoding="utf-8-sig"
)


def shielded(world: World, on: np.datetime64) -> Ints:
    """Return who is on the list on a day: put on it while they lived, and not taken off it since."""
    people = world.people
    put_on = people.is_shielding & (people.shielding_since <= on)
    lived = np.isnat(people.died_on) | (people.shielding_since < people.died_on)
    here = np.isnat(people.left_on) | (people.shielding_since < people.left_on)
    person = np.flatnonzero(put_on & lived & here)
    held = held_on(world, person, on)
    stays = held.is_known_dead & (lot(world, person, 11) < STAYS_WHEN_DEAD)
    return person[held.is_listed | stays]


def _write_patient(draft: Draft, world: World, held: Held) -> None:
    """Write who the patient is and how to reach them, clean."""
    people, person = world.people, draft.person
    emails = lot(world, person, 12) < HAS_EMAIL
    draft.fill(
        {
            "Traced_NHSNUMBER": people.nhs_number[person],
            "PatientFirstName": people.first_name[person],
            "PatientOtherName": people.middle_name[person],
            "PatientSurname": held.known.surname,
            "DateOfBirth": write_days(people.born[person], RUN),
            "PatientEmailAddress": writing.only_where(emails, people.email[person]),
            "mobile": people.mobile[person],
            "landline": people.landline[person],
        }
    )


def _write_death(draft: Draft, world: World, held: Held) -> None:
    """Write the day of death where the list has it, and note the deaths that it does not say."""
    person, died = draft.person, write_days(world.people.died_on[draft.person], YMD)
    is_marked = held.is_known_dead & (lot(world, person, 14) >= UNMARKED)
    is_informal = is_marked & (lot(world, person, 13) < INFORMAL)
    draft.fill(
        {
            "DateOfDeath": writing.only_where(is_marked & ~is_informal, died),
            "Flag_PDSInformallyDeceased": writing.yes_no(is_informal, "1", "0"),
            "category": category(world, person, is_marked),
        }
    )
    rows.note_deaths(draft, "DateOfDeath", world.people.died_on[person], died)


def category(world: World, person: Ints, is_marked_dead: Bools) -> Texts:
    """Return why the list has each of these people, "" for those who were on it from the first."""
    is_new = world.people.shielding_since[person] > world.today - np.timedelta64(FIRST_YEAR, "D")
    why = np.where(is_marked_dead, "Deceased", ASSESSED[1])
    return writing.only_where(is_marked_dead | is_new, why)


def _write_entry(draft: Draft, world: World, on: np.datetime64) -> None:
    """Write when and why the patient came on the list, and where the address lies."""
    since = world.people.shielding_since[draft.person]
    is_new = since > world.today - np.timedelta64(FIRST_YEAR, "D")
    draft.fill(
        {
            "oslaua": world.areas.district[world.homes.area[draft.home]],
            "oscty": "E99999999",
            "Data_Source": writing.yes_no(is_new, ASSESSED[0], "Initial"),
            "InceptionDate": write_days(since, YMD),
            "SPL_Version": "41",
            "uprn": world.homes.uprn[draft.home],
        }
    )


def _spoil(draft: Draft, world: World) -> None:
    """Note what is out of date and plant the dirt."""
    others = rows.others_at_home(world)[draft.person]
    rows.note_old_addresses(draft, world, "PatientAddress_PostCode")
    rows.note_former_surnames(draft, world, "PatientSurname")
    write_address(draft, world, LAYOUT, RATES)
    middle = draft.cells["PatientOtherName"]
    spoil_names(draft, "PatientFirstName", "PatientSurname", RATES, middle=middle)
    spoil_dates(draft, "DateOfBirth", FIXED, RUN)
    draft.spoil("InceptionDate", "date_serial", RATES["date_serial"], serial(YMD)(draft.chance))
    spoil_nhs_numbers(draft, "Traced_NHSNUMBER", RATES, rows.of(world.people.nhs_number, others))
    spoil_no_phone(draft, ("mobile", "landline"), RATES["phone_missing"])
    spoil_phones(draft, "mobile", NUMBERS, others=rows.of(world.people.mobile, others))
    spoil_phones(draft, "landline", NUMBERS)
    spoil_uprns(draft, "uprn", RATES)


NUMBERS: Final[Rates] = {**RATES, "phone_missing": 0.0}
"""What is missing is missing from both columns at once."""
