"""Adult social care's Client Level Data: numbers missing, and where care is given instead of a home."""

from __future__ import annotations

from typing import Final

import numpy as np

from sharewell.demo.region.chance import Chance, Ints, Texts, texts
from sharewell.demo.region.dirt.addresses import ADDRESS_RATES, lines_layout, write_address
from sharewell.demo.region.dirt.calendar import D_MONTH_Y, DMY, write_days
from sharewell.demo.region.dirt.dates import RATES as DATE_RATES
from sharewell.demo.region.dirt.dates import spoil_dates
from sharewell.demo.region.dirt.kinds import Rates
from sharewell.demo.region.dirt.names import NAME_RATES, spoil_names
from sharewell.demo.region.dirt.numbers import NHS_NUMBER_RATES, spoil_nhs_numbers
from sharewell.demo.region.dirt.phones import PHONE_RATES, spoil_phones
from sharewell.demo.region.draft import Draft
from sharewell.demo.region.lists import rows, writing
from sharewell.demo.region.lists.form import Form
from sharewell.demo.region.lists.known import Lag, heard_on, is_listed, known
from sharewell.demo.region.lists.pds import DEATHS
from sharewell.demo.region.terms import World

NAME: Final = "adult-social-care"
DAYS_OLD: Final = 30
LAYOUT: Final = lines_layout("Address {}", 4, "Postcode")
COLUMNS: Final = (
    "LA Code", "Reporting Period Start Date", "Reporting Period End Date", "LA Unique Person ID",
    "NHS Number", "First Name", "Last Name", "GP Practice Code", "GP Practice Name", "Gender", "Ethnicity",
    "Date of Birth", "Date of Death", *LAYOUT.columns, "Postcode", "Telephone", "Client Type",
    "Primary Support Reason", "Event Type", "Event Start Date", "Event End Date", "Service Type",
    "Service Component", "Delivery Mechanism", "Accommodation Setting", "Provider CQC Location ID",
    "Weekly Cost", "Outcome",
)  # fmt: skip
"""Client Level Data (DHSC), with the address and phone that the council's own system keeps beside it."""

RATES: Final[Rates] = {
    **NAME_RATES, **ADDRESS_RATES, **DATE_RATES, **NHS_NUMBER_RATES, **PHONE_RATES,
    "nhs_number_missing": 0.075,  # lists-and-roles: 5 to 10 %, an assumption
    "care_setting_address": 0.05,  # lists-and-roles names it; of clients at home, an assumption
    "date_serial": 0.01, "date_with_time": 0.01,  # it is sent as a workbook: assumptions
    "phone_missing": 0.15,  # an assumption
}  # fmt: skip
LAG: Final[Lag] = ((0.0, 0), (0.6, 60), (0.9, 365), (1.0, 900))
"""Addresses are looked at when somebody is reviewed, once a year as a rule (an assumption)."""
CLIENTS: Final = (
    (0, 0.0),
    (18, 0.003),
    (40, 0.004),
    (65, 0.015),
    (75, 0.05),
    (85, 0.16),
    (95, 0.3),
    (120, 0.3),
)
"""Share with care or a carer's support by age (NHS Digital, ASC-FR 2020-21, rounded)."""
DISABLED_MORE, IN_CARE = 2.2, 0.55
"""How much likelier disabled people are clients; the share of those in care homes whom a council funds."""
CARERS: Final = 0.006
REASONS: Final = (
    ("Physical support: access and mobility", 0.2), ("Physical support: personal care", 0.36),
    ("Memory and cognition", 0.13), ("Learning disability", 0.12), ("Mental health", 0.11),
    ("Sensory support: visual", 0.02), ("Sensory support: hearing", 0.01), ("Sensory support: dual", 0.01),
    ("Social support: isolation", 0.02), ("Social support: substance misuse", 0.02),
)  # fmt: skip
"""Primary support reasons (lists-and-roles), with shares near those of ASC-FR 2020-21."""
AT_HOME: Final = ("Home Support", "Direct Payment", "Day Support", "Equipment", "Community Supported Living")
EVENTS: Final = (("Request", "Assessment", "Service", "Review"), (0.12, 0.16, 0.5, 0.22))
ETHNICITY: Final = {"white": "White", "asian": "Asian or Asian British", "black": "Black or Black British",
                    "mixed": "Mixed or multiple", "other": "Other"}  # fmt: skip


def draft(world: World, chance: Chance) -> Draft:
    """Return one row for each client or carer, with their last event."""
    on = world.today - np.timedelta64(DAYS_OLD, "D")
    person = rows.shuffled(chance.stream("order"), _clients(world, chance.stream("clients"), on))
    heard = heard_on(chance.stream("heard"), len(person), on, LAG)
    held = known(world, person, heard)
    made = writing.begin(NAME, world, chance, person, held.home)
    _write_client(made, world, held.surname)
    _write_period(made, world, on)
    _write_event(made, world, on)
    _write_service(made, world)
    _spoil(made, world)
    return rows.in_order(made, COLUMNS)


FORM: Final = Form(
    NAME, "council", "adult social care.xlsx", "xlsx", draft, days_old=DAYS_OLD, sheet="CLD",
    title=("Adult social care: client level data", "Extract of {day}. Official: sensitive", ""),
)  # fmt: skip


def _clients(world: World, chance: Chance, on: np.datetime64) -> Ints:
    """Return who is a client or a carer on a day, as far as the service has heard of deaths."""
    people, age = world.people, world.ages()
    n = len(age)
    ages, shares = zip(*CLIENTS, strict=True)
    likely = np.interp(age, ages, shares) * np.where(people.is_disabled, DISABLED_MORE, 0.6)
    likely = np.where(world.homes.kind[people.home] == "care_home", IN_CARE, likely) + CARERS
    person = np.flatnonzero((age >= 18) & chance.happens(likely, n))
    deaths = heard_on(chance.stream("deaths"), len(person), on, DEATHS)
    lived = rows.lived_here(world, person, np.minimum(deaths, on))
    return person[lived & is_listed(world, person, deaths)]


def _write_client(draft: Draft, world: World, surname: Texts) -> None:
    """Write who the client is, clean; the service has not heard of any death it still lists."""
    people, person = world.people, draft.person
    codes, names = world.settings.practice_code, world.settings.practice_name
    draft.fill(
        {
            "LA Unique Person ID": writing.references_of_people(world, person, "ASC", 91),
            "NHS Number": people.nhs_number[person],
            "First Name": people.first_name[person],
            "Last Name": surname,
            "GP Practice Code": rows.of(codes, people.practice[person]),
            "GP Practice Name": rows.of(names, people.practice[person]),
            "Gender": np.where(people.sex[person] == "1", "Male", "Female"),
            "Ethnicity": texts([ETHNICITY.get(group, "") for group in people.ethnic_group[person].tolist()]),
            "Date of Birth": write_days(people.born[person], D_MONTH_Y),
            "Date of Death": "",
            "Telephone": rows.best_phones(world, person),
        }
    )
    died = people.died_on[person]
    rows.note_deaths(draft, "Date of Death", died, write_days(died, D_MONTH_Y))


def _write_period(draft: Draft, world: World, on: np.datetime64) -> None:
    """Write which council reports, and for which quarter."""
    month = on.astype("datetime64[M]")
    start = month - (int(month.astype(int)) % 3)
    days = np.array([start.astype("datetime64[D]"), (start + 3).astype("datetime64[D]") - 1])
    first, last = write_days(days, DMY).tolist()
    draft.fill(
        {
            "LA Code": world.areas.district[world.homes.area[draft.home]],
            "Reporting Period Start Date": first,
            "Reporting Period End Date": last,
        }
    )


def _write_event(draft: Draft, world: World, on: np.datetime64) -> None:
    """Write what the client is and why, and their last event."""
    chance, n = draft.chance.stream("event"), len(draft)
    carer = chance.happens(np.where(world.ages()[draft.person] < 75, 0.25, 0.05), n)
    event = chance.pick(EVENTS[0], n, EVENTS[1])
    began = rows.days_before(chance, on, n, 700)
    ended = np.minimum(rows.put_off(chance, began, 5, 90), on)
    reasons, shares = zip(*REASONS, strict=True)
    kind = np.where(chance.happens(0.15, n), "Carer known by association", "Carer")
    draft.fill(
        {
            "Client Type": np.where(carer, kind, "Service User"),
            "Primary Support Reason": chance.pick(reasons, n, shares),
            "Event Type": event,
            "Event Start Date": write_days(began, DMY),
            "Event End Date": writing.only_where(
                (event != "Service") | chance.happens(0.2, n), write_days(ended, DMY)
            ),
            "Outcome": writing.only_where(event != "Service", chance.pick(OUTCOMES, n)),
        }
    )


OUTCOMES: Final = (
    "Progress to assessment",
    "Service started",
    "No change",
    "Signposted",
    "No further action",
)


def _write_service(draft: Draft, world: World) -> None:
    """Write the service that somebody has, where, from whom and at what cost."""
    chance, n = draft.chance.stream("service"), len(draft)
    in_home = world.homes.kind[draft.home] == "care_home"
    has_one = (draft.cells["Event Type"] == "Service") & (draft.cells["Client Type"] == "Service User")
    nursing = chance.happens(0.4, n)
    component = np.where(in_home, np.where(nursing, "Nursing", "Residential"), chance.pick(AT_HOME, n))
    cost = np.where(in_home, 650 + 400 * chance.random(n), 60 + 350 * chance.random(n))
    direct = component == "Direct Payment"
    draft.fill(
        {
            "Service Type": writing.only_where(
                has_one, np.where(in_home, "Long Term: Care Home", "Long Term: Community")
            ),
            "Service Component": writing.only_where(has_one, component),
            "Delivery Mechanism": writing.only_where(
                has_one, np.where(direct, "Direct Payment Only", "CASSR managed")
            ),
            "Accommodation Setting": np.where(in_home, "Care home", "Own or family home"),
            "Provider CQC Location ID": writing.only_where(has_one & ~direct, _locations(draft, chance)),
            "Weekly Cost": writing.only_where(has_one, writing.pounds(cost)),
        }
    )


def _locations(draft: Draft, chance: Chance) -> Texts:
    """Return invented provider locations: numbers of a length that none has."""
    return texts([f"1-99{number:07d}" for number in chance.integers(0, 400, len(draft)).tolist()])


def _spoil(draft: Draft, world: World) -> None:
    """Note what is out of date and plant the dirt; care settings come before the address is written."""
    others = rows.others_at_home(world)[draft.person]
    rows.note_old_addresses(draft, world, "Postcode")
    _state_care_settings(draft, world)
    rows.note_former_surnames(draft, world, "Last Name")
    write_address(draft, world, LAYOUT, RATES)
    spoil_names(draft, "First Name", "Last Name", RATES)
    spoil_dates(draft, "Date of Birth", RATES, D_MONTH_Y)
    spoil_nhs_numbers(draft, "NHS Number", RATES, rows.of(world.people.nhs_number, others))
    spoil_phones(draft, "Telephone", RATES, world.people.landline[draft.person])


def _state_care_settings(draft: Draft, world: World) -> None:
    """State the address of a care home of the part instead of their own home, for some clients at home."""
    homes = np.flatnonzero(world.homes.kind == "care_home")
    now = world.people.home[draft.person]
    among = np.flatnonzero(
        (draft.home == now) & (world.homes.kind[draft.home] != "care_home") & (len(homes) > 0)
    )
    chance, share = draft.chance.stream("care settings"), RATES["care_setting_address"]
    chosen = chance.some(among, share * len(among))
    draft.count("care_setting_address", len(among), len(chosen), share)
    if len(chosen):
        draft.home[chosen] = chance.pick(homes, len(chosen))
        draft.plant("Postcode", "care_setting_address", chosen, world.homes.postcode[draft.home[chosen]])
