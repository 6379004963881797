"""The eight lists of the town, each in the columns and form its service sends, with every row's truth."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from itertools import count, pairwise
from random import Random

from sharewell.demo import dirt
from sharewell.demo.scribe import MadeList, Scribe
from sharewell.demo.terms import CARE_BOARD, COUNCIL, FOOD_HUB, LANDLORD, NHS_ENGLAND, Person, Town


def make_lists(town: Town, seed: int) -> tuple[MadeList, ...]:
    """Return the eight lists of a town; the same seed gives the same lists."""
    makers = (
        shielded_patient_list,
        gp_register,
        council_tax,
        assisted_bins,
        adult_social_care,
        shielding_submissions,
        housing_tenancy,
        food_hub,
    )
    return tuple(make(Scribe(town, Random(f"{seed}/{make.__name__}"))) for make in makers)  # noqa: S311


def shielded_patient_list(scribe: Scribe) -> MadeList:
    """NHS England's list of people asked to shield: no phone for a fifth, the dead still on it."""
    chance, as_of = scribe.chance, scribe.town.as_of - timedelta(days=14)

    def write(person: Person) -> dict[str, str]:
        home = scribe.home(person)
        lines = scribe.lines(home, 5)
        return {
            "Traced_NHSNUMBER": dirt.nhs_number(chance, person.nhs_number),
            "PatientFirstName": dirt.first_name(chance, person.first_name),
            "PatientOtherName": person.middle_name or "",
            "PatientSurname": dirt.surname(chance, person.surname) if chance.random() > 0.004 else "",
            "DateOfBirth": dirt.day(person.born, "%Y%m%d"),
            **{f"PatientAddress_Line{spot + 1}": line for spot, line in enumerate(lines)},
            "PatientAddress_PostCode": dirt.postcode(chance, home.postcode),
            "PatientEmailAddress": "",
            "mobile": dirt.phone(chance, person.phone),
            "landline": "",
            "DateOfDeath": "",
            "Flag_PDSInformallyDeceased": "0",
            "oslaua": COUNCIL,
            "oscty": "",
            "Data_Source": chance.choice(("COVID-19 PRA", "Initial")),
            "category": "Added by COVID-19 Population Risk Assessment",
            "InceptionDate": dirt.day(as_of - timedelta(days=chance.randrange(200)), "%Y-%m-%d"),
            "SPL_Version": "41",
            "uprn": home.uprn if chance.random() < 0.3 else "",
        }

    shielding = [person for person in scribe.town.people if person.is_shielding]
    rows = scribe.rows(shielding, write)
    return MadeList("shielded-patient-list", NHS_ENGLAND, "shielded-patients.csv", as_of, rows)


def gp_register(scribe: Scribe) -> MadeList:
    """The care board's extract of registered patients: nearly everybody, with objections and protection."""
    chance, as_of = scribe.chance, scribe.town.as_of - timedelta(days=7)

    def write(person: Person) -> dict[str, str]:
        home = scribe.home(person)
        lines = scribe.lines(home, 4, 0.02)
        return {
            "NHS Number": dirt.nhs_number(chance, person.nhs_number),
            "Forename": dirt.first_name(chance, person.first_name),
            "Surname": dirt.surname(chance, person.surname),
            "Date of Birth": dirt.day(person.born, "%d/%m/%Y"),
            "Gender": {"1": "M", "2": "F"}[person.sex],
            **{f"Address Line {spot + 1}": line for spot, line in enumerate(lines)},
            "Postcode": dirt.postcode(chance, home.postcode),
            "Phone": dirt.phone(chance, person.phone, 0.1),
            "Sensitivity Flag": "Y" if person.is_protected else "",
            "Opt Out": "Y" if person.has_objected else "",
        }

    registered = [person for person in scribe.town.people if chance.random() < 0.97]
    return MadeList("gp-register", CARE_BOARD, "gp register.csv", as_of, scribe.rows(registered, write))


def council_tax(scribe: Scribe) -> MadeList:
    """The council's list of liable persons: initials for a fifth, joint names, single person discount."""
    chance, as_of = scribe.chance, scribe.town.as_of
    alone = {person.home for person in scribe.town.people} - {
        second.home for first, second in pairwise(scribe.town.people) if first.home == second.home
    }

    def write(person: Person) -> dict[str, str]:
        home = scribe.home(person)
        lines = scribe.lines(home, 3, 0.02)
        name = person.first_name if chance.random() > 0.2 else person.first_name[0]
        return {
            "Account Reference": f"{70000000 + person.id * 7}",
            "Liable Person": f"{_title(person)} {name} {dirt.surname(chance, person.surname)}",
            **{f"Property Address Line {spot + 1}": line for spot, line in enumerate(lines)},
            "Property Postcode": home.postcode,
            "UPRN": home.uprn if chance.random() < 0.9 else "",
            "Band": chance.choice("AABBCD"),
            "Start Date": dirt.day(as_of - timedelta(days=chance.randrange(9000)), "%d-%b-%Y"),
            "SPD": "Y" if person.home in alone and chance.random() < 0.92 else "N",
        }

    heads = _one_each_home([person for person in scribe.town.people if scribe.age(person) >= 18])
    return MadeList("council-tax", COUNCIL, "council tax.xlsx", as_of, scribe.rows(heads, write))


def assisted_bins(scribe: Scribe) -> MadeList:
    """The council's assisted bin collections: no date of birth, no number, a reason in free words."""
    chance, as_of = scribe.chance, scribe.town.as_of

    def write(person: Person) -> dict[str, str]:
        home = scribe.home(person)
        return {
            "Resident": f"{_title(person)} {person.first_name} {dirt.surname(chance, person.surname)}",
            "Address": ", ".join(line for line in scribe.lines(home, 3) if line),
            "Postcode": dirt.postcode(chance, home.postcode),
            "Telephone": dirt.phone(chance, person.phone, 0.4),
            "Reason": chance.choice(("Age", "Mobility", "Disability", "Temporary injury")),
            "Start": dirt.day(as_of - timedelta(days=chance.randrange(1500)), "%d/%m/%y"),
        }

    some = [person for person in scribe.town.people if scribe.age(person) > 68 and chance.random() < 0.2]
    return MadeList("assisted-bins", COUNCIL, "assisted bins.csv", as_of, scribe.rows(some, write))


def adult_social_care(scribe: Scribe) -> MadeList:
    """The council's social care clients: an NHS number missing for one in thirteen."""
    chance, as_of = scribe.chance, scribe.town.as_of - timedelta(days=30)

    def write(person: Person) -> dict[str, str]:
        home = scribe.home(person)
        return {
            "LA Unique Person ID": f"ASC{person.id:07d}",
            "NHS Number": dirt.nhs_number(chance, person.nhs_number, missing=0.075),
            "First Name": dirt.first_name(chance, person.first_name),
            "Last Name": dirt.surname(chance, person.surname),
            "Date of Birth": dirt.day(person.born, "%d %B %Y"),
            "Gender": person.sex,
            "Address": "\n".join(line for line in scribe.lines(home, 4) if line),
            "Postcode": dirt.postcode(chance, home.postcode),
            "Client Type": chance.choice(("Service User", "Service User", "Carer")),
            "Primary Support Reason": chance.choice(("Physical", "Memory and cognition", "Mental health")),
        }

    cared = [
        person
        for person in scribe.town.people
        if chance.random() < (0.16 if scribe.age(person) > 74 else 0.01)
    ]
    return MadeList("adult-social-care", COUNCIL, "adult social care.csv", as_of, scribe.rows(cared, write))


def shielding_submissions(scribe: Scribe) -> MadeList:
    """What people typed on GOV.UK and the council was sent: no UPRN, some of them twice."""
    chance, as_of, serial = scribe.chance, scribe.town.as_of, count(100001)

    def write(person: Person) -> dict[str, str]:
        home = scribe.home(person)
        lines = scribe.lines(home, 3, 0.05)
        return {
            "ID": str(next(serial)),
            "nhs_number": dirt.nhs_number(chance, person.nhs_number, missing=0.3),
            "first_name": dirt.first_name(chance, person.first_name),
            "middle_name": "",
            "last_name": dirt.surname(chance, person.surname),
            "date_of_birth": dirt.day(person.born, "%d/%m/%Y"),
            "address_line1": lines[0],
            "address_line2": lines[1],
            "address_town_city": lines[2],
            "address_postcode": dirt.postcode(chance, home.postcode),
            "address_uprn": "",
            "contact_number_calls": dirt.phone(chance, person.phone, 0.05),
            "contact_number_texts": "",
            "contact_email": "",
            "submission_datetime": dirt.day(
                as_of - timedelta(days=chance.randrange(60)), "%Y-%m-%d 10:24:00"
            ),
            "do_you_want_supermarket_deliveries": chance.choice(("yes", "no")),
            "need_someone_to_contact_you_about_local_support": chance.choice(("yes", "no")),
            "do_you_have_someone_to_go_shopping_for_you": chance.choice(("yes", "no", "no")),
            "ladcode": COUNCIL,
        }

    sent = [person for person in scribe.town.people if person.is_shielding and chance.random() < 0.6]
    twice = [person for person in sent if chance.random() < 0.065]
    rows = scribe.rows([*sent, *twice], write)
    return MadeList("shielding-support-submissions", COUNCIL, "govuk submissions.csv", as_of, rows)


def housing_tenancy(scribe: Scribe) -> MadeList:
    """The landlord's tenants, as JSON lines from its housing system."""
    chance, as_of = scribe.chance, scribe.town.as_of

    def write(person: Person) -> dict[str, str]:
        home = scribe.home(person)
        lines = scribe.lines(home, 4)
        return {
            "Tenancy Reference": f"T{person.id:06d}",
            "Forenames": dirt.first_name(chance, person.first_name),
            "Surname": dirt.surname(chance, person.surname),
            "Date of Birth": dirt.day(person.born, "%Y-%m-%d") if chance.random() < 0.8 else "",
            **{f"Address {spot + 1}": line for spot, line in enumerate(lines)},
            "Postcode": dirt.postcode(chance, home.postcode),
            "Phone": dirt.phone(chance, person.phone, 0.15),
            "Tenancy Start": dirt.day(as_of - timedelta(days=chance.randrange(6000)), "%Y-%m-%d"),
            "Joint": "N",
        }

    rented = {home for home in range(len(scribe.town.homes)) if chance.random() < 0.17}
    tenants = [person for person in _one_each_home(scribe.town.people) if person.home in rented]
    grown = [person for person in tenants if scribe.age(person) >= 18]
    return MadeList("housing-tenancy", LANDLORD, "tenancies.jsonl", as_of, scribe.rows(grown, write))


def food_hub(scribe: Scribe) -> MadeList:
    """The charity's sign-ups: typed by hand, the same person twice, half without a date of birth."""
    chance, as_of = scribe.chance, scribe.town.as_of

    def write(person: Person) -> dict[str, str]:
        home = scribe.home(person)
        lines = scribe.lines(home, 2, 0.08)
        return {
            "First name": dirt.first_name(chance, person.first_name),
            "Surname": dirt.surname(chance, person.surname),
            "d.o.b": dirt.day(person.born, "%d.%m.%Y") if chance.random() < 0.5 else "",
            "Help Request Type": chance.choice(("Food parcel", "Food parcel", "Shopping", "Prescription")),
            "Address Line 1": lines[0],
            "Address Line 2": lines[1],
            "City": "Marlbeck",
            "Postcode": dirt.postcode(chance, home.postcode),
            "Phone number": dirt.phone(chance, person.phone, 0.1),
        }

    signed = [
        person for person in scribe.town.people if scribe.age(person) > 17 and _signs_up(chance, person)
    ]
    twice = [person for person in signed if chance.random() < 0.06]
    return MadeList("food-hub", FOOD_HUB, "food hub.csv", as_of, scribe.rows([*signed, *twice], write))


def _signs_up(chance: Random, person: Person) -> bool:
    return chance.random() < (0.35 if person.is_shielding else 0.03)


def _one_each_home(people: Sequence[Person]) -> list[Person]:
    """Return the first person of each home."""
    first: dict[int, Person] = {}
    for person in people:
        first.setdefault(person.home, person)
    return list(first.values())


def _title(person: Person) -> str:
    return "Mr" if person.sex == "1" else "Mrs"
