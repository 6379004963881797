"""The care board's extract of registered patients: nearly everybody, and some who died, left or moved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from sharewell.demo.region.chance import Bools, Chance, Ints, Texts, texts
from sharewell.demo.region.dirt.addresses import ADDRESS_RATES, lines_layout, write_address
from sharewell.demo.region.dirt.calendar import DMY, write_days
from sharewell.demo.region.dirt.dates import FIXED, spoil_dates
from sharewell.demo.region.dirt.kinds import Rates
from sharewell.demo.region.dirt.names import placeholders, spoil_names
from sharewell.demo.region.dirt.numbers import NHS_NUMBER_RATES, spoil_nhs_numbers
from sharewell.demo.region.dirt.phones import EMAIL_RATES, PHONE_RATES, spoil_emails, spoil_phones
from sharewell.demo.region.draft import Draft
from sharewell.demo.region.lists import rows, writing
from sharewell.demo.region.lists.form import Form
from sharewell.demo.region.lists.pds import NAMES, held_on, lot
from sharewell.demo.region.lists.shielded_patient_list import shielded
from sharewell.demo.region.terms import NOBODY, World

NAME: Final = "gp-register"
DAYS_OLD: Final = 7
LAYOUT: Final = lines_layout("Address Line {}", 5, "Postcode")
COLUMNS: Final = (
    "NHS Number", "Superseded By", "Forename", "Middle Names", "Surname", "Previous Surname",
    "Date of Birth", "Gender", "Date of Death", "Death Status", *LAYOUT.columns, "Postcode",
    "Home Telephone", "Mobile Telephone", "Email", "Practice ODS Code", "Preferred Language",
    "Interpreter Needed", "Carer Flag", "Frailty", "LD Register", "CEV", "Flu Eligible",
    "Reasonable Adjustment", "Sensitivity Flag", "Opt Out",
)  # fmt: skip

RATES: Final[Rates] = {
    **NAMES, **ADDRESS_RATES, **FIXED, **NHS_NUMBER_RATES, **PHONE_RATES, **EMAIL_RATES,
    "flat_missing": 0.02,  # as the demo's list had it: an assumption
    "nhs_number_missing": 0.001,  # temporary residents: an assumption
    "nhs_number_scientific": 0.0,  # the extract comes from a system, not from a spreadsheet
    "phone_missing": 0.1,  # an assumption, as the demo's list had it
    "phone_none_in_words": 0.0,
    "placeholder_name": 1.0,  # of the newborn who are held twice (rates.py says how many)
}  # fmt: skip
REGISTERED: Final = 0.985
"""An assumption; the rest are babies not brought yet, newcomers and private patients."""
DEAD_STILL_SENT: Final = 45
"""Days for which a death that is known stays in the extract (an assumption)."""
LANGUAGES: Final[Mapping[str, tuple[float, tuple[str, ...]]]] = {
    "white": (0.03, ("Polish", "Romanian", "Portuguese", "Ukrainian")),
    "asian": (0.28, ("Urdu", "Bengali", "Punjabi", "Gujarati", "Cantonese", "Tamil")),
    "black": (0.12, ("Somali", "French", "Yoruba", "Tigrinya")),
    "mixed": (0.04, ("French", "Portuguese", "Spanish", "Urdu")),
    "other": (0.35, ("Arabic", "Kurdish", "Farsi", "Turkish", "Spanish")),
}
"""By census group: who would rather speak another language (Census 2021, rounded), and which."""
ADJUSTMENTS: Final = (
    "Easy read",
    "Step-free access",
    "Longer appointment",
    "Large print",
    "British Sign Language",
)
FRAILTY: Final = (("Fit", "Mild", "Moderate", "Severe"), (0.5, 0.35, 0.12, 0.03))
"""Bands of the electronic frailty index of those of 65 and over (Clegg and others 2016)."""


@dataclass(frozen=True)
class Row:
    """One row a registration: whom, at which address, under which surname."""

    person: Ints
    home: Ints
    surname: Texts
    is_old: Bools
    """Of those registered twice, the registration they left behind."""
    is_placeholder: Bools
    is_known_dead: Bools


def draft(world: World, chance: Chance) -> Draft:
    """Return one row for each registration; a few people have two."""
    on = world.today - np.timedelta64(DAYS_OLD, "D")
    row = _registered(world, on, chance.stream("order"))
    made = writing.begin(NAME, world, chance, row.person, row.home)
    _write_patient(made, world, row)
    _write_death(made, world, row)
    _write_care(made, world, on)
    _write_flags(made, world, row)
    _spoil(made, world, row)
    return rows.in_order(made, COLUMNS)


FORM: Final = Form(NAME, "care_board", "gp register.csv", "csv", draft, days_old=DAYS_OLD)


def _registered(world: World, on: np.datetime64, chance: Chance) -> Row:
    """Return every registration: what the NHS holds, old ones of movers, placeholders of the newborn."""
    people = world.people
    person = np.flatnonzero(lot(world, np.arange(len(people.id)), 21) < REGISTERED)
    held = held_on(world, person, on)
    recent = held.is_known_dead & (people.died_on[person] > on - np.timedelta64(DEAD_STILL_SENT, "D"))
    kept = held.is_listed | recent
    person, home, surname = person[kept], held.known.home[kept], held.known.surname[kept]
    dead = held.is_known_dead[kept]
    old = np.flatnonzero(
        (people.hard[person] == "moved_or_duplicate") & (people.home_before[person] != NOBODY)
    )
    baby = np.flatnonzero((people.hard[person] == "placeholder_newborn") & (people.mother[person] != NOBODY))
    at = np.concatenate([np.arange(len(person)), old, baby])
    n, order = len(person), chance.shuffled(len(at))
    home = np.concatenate([home, people.home_before[person[old]], home[baby]])
    place = np.arange(len(at))
    is_old, is_placeholder = (place >= n) & (place < n + len(old)), place >= n + len(old)
    at, home, is_old, is_placeholder = at[order], home[order], is_old[order], is_placeholder[order]
    return Row(person[at], home, surname[at], is_old, is_placeholder, dead[at])


def _write_patient(draft: Draft, world: World, row: Row) -> None:
    """Write who the patient is and how to reach them, clean."""
    people, person = world.people, draft.person
    former = people.former_surname[person]
    has_heard = (former != "") & (row.surname == people.surname[person])
    draft.fill(
        {
            "NHS Number": people.nhs_number[person],
            "Superseded By": writing.only_where(row.is_placeholder, people.nhs_number[person]),
            "Forename": people.first_name[person],
            "Middle Names": people.middle_name[person],
            "Surname": row.surname,
            "Previous Surname": writing.only_where(has_heard, former),
            "Date of Birth": write_days(people.born[person], DMY),
            "Gender": np.where(people.sex[person] == "1", "M", "F"),
            "Home Telephone": people.landline[person],
            "Mobile Telephone": people.mobile[person],
            "Email": people.email[person],
        }
    )


def _write_death(draft: Draft, world: World, row: Row) -> None:
    """Write the deaths that are known, and note those that are not."""
    died = world.people.died_on[draft.person]
    written = write_days(died, DMY)
    draft.fill(
        {
            "Date of Death": writing.only_where(row.is_known_dead, written),
            "Death Status": writing.only_where(row.is_known_dead, "Formal"),
        }
    )
    rows.note_deaths(draft, "Date of Death", died, written)


def _write_care(draft: Draft, world: World, on: np.datetime64) -> None:
    """Write what the practice keeps of a patient's needs."""
    people, person, n = world.people, draft.person, len(draft)
    chance, age = draft.chance.stream("care"), world.ages()[person]
    is_shielded = np.isin(person, shielded(world, on))
    frail = chance.pick(FRAILTY[0], n, FRAILTY[1])
    adjusted = people.is_disabled[person] & chance.happens(0.12, n)
    draft.fill(
        {
            "Carer Flag": writing.yes_no((age >= 18) & chance.happens(0.03, n), "Y", ""),
            "Frailty": writing.only_where(age >= 65, frail),
            "LD Register": writing.yes_no(people.is_disabled[person] & chance.happens(0.03, n), "Y", ""),
            "CEV": writing.yes_no(is_shielded, "Y", ""),
            "Flu Eligible": writing.yes_no((age >= 65) | is_shielded | ((age >= 2) & (age < 12)), "Y", "N"),
            "Reasonable Adjustment": writing.only_where(adjusted, chance.pick(ADJUSTMENTS, n)),
        }
    )


def _write_flags(draft: Draft, world: World, row: Row) -> None:
    """Write the practice, the language, and who is protected or has objected."""
    people, person = world.people, draft.person
    practices, codes = len(world.settings.practice_code), world.settings.practice_code
    language = _languages(world, person)
    at = np.where(row.is_old, (people.practice[person] + 1) % practices, people.practice[person])
    needs_one = (language != "English") & (lot(world, person, 24) < 0.3)
    draft.fill(
        {
            "Practice ODS Code": rows.of(codes, at),
            "Preferred Language": language,
            "Interpreter Needed": writing.yes_no(needs_one, "Y", ""),
            "Sensitivity Flag": writing.yes_no(people.is_protected[person], "Y", ""),
            "Opt Out": writing.yes_no(people.has_objected[person], "Y", ""),
        }
    )


def _languages(world: World, person: Ints) -> Texts:
    group, number, which = world.people.ethnic_group[person], lot(world, person, 22), lot(world, person, 23)
    made = texts(["English"] * len(person))
    for name, (share, languages) in LANGUAGES.items():
        at = np.flatnonzero((group == name) & (number < share))
        made[at] = texts(languages)[(which[at] * len(languages)).astype(np.int64)]
    return made


def _spoil(draft: Draft, world: World, row: Row) -> None:
    """Note what is out of date and plant the dirt; placeholders come first."""
    people, person = world.people, draft.person
    others = rows.others_at_home(world)[person]
    rows.note_old_addresses(draft, world, "Postcode")
    rows.note_former_surnames(draft, world, "Surname")
    _write_placeholders(draft, world, np.flatnonzero(row.is_placeholder))
    write_address(draft, world, LAYOUT, RATES)
    spoil_names(draft, "Forename", "Surname", RATES, middle=draft.cells["Middle Names"])
    spoil_dates(draft, "Date of Birth", RATES, DMY)
    spoil_nhs_numbers(draft, "NHS Number", RATES, rows.of(people.nhs_number, others))
    spoil_phones(draft, "Home Telephone", RATES)
    spoil_phones(draft, "Mobile Telephone", RATES, others=rows.of(people.mobile, others))
    spoil_emails(draft, "Email", {**RATES, "email_none_in_words": 0.0})


def _write_placeholders(draft: Draft, world: World, at: Ints) -> None:
    """Write a newborn's first record: Baby, the mother's surname, and a number since superseded."""
    people, person = world.people, draft.person[at]
    chance, kind = draft.chance.stream("placeholders"), "placeholder_name"
    draft.plant("Forename", kind, at, placeholders(chance, people.sex[person]))
    draft.plant("Middle Names", kind, at, texts([""] * len(at)))
    draft.plant("Surname", kind, at, people.surname[people.mother[person]])
    draft.plant("NHS Number", "superseded_number", at, first_numbers(people.nhs_number[person]))
    for each in (kind, "superseded_number"):
        draft.count(each, len(at), len(at), RATES[kind])


def first_numbers(numbers: Texts) -> Texts:
    """Return for each NHS number a valid one of the range 900, which is not issued either."""
    return texts([_first_number(int("900" + number[3:9])) for number in numbers.tolist()])


def _first_number(nine: int) -> str:
    while (check := _check_digit(f"{nine:09d}")) == 10:
        nine += 1
    return f"{nine:09d}{check}"


def _check_digit(nine: str) -> int:
    """Return the check digit of nine digits (modulus 11; NHS Data Dictionary), 10 where there is none."""
    return (
        11 - sum(int(digit) * weight for digit, weight in zip(nine, range(10, 1, -1), strict=True)) % 11
    ) % 11
