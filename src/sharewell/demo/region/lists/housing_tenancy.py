"""The landlord's tenancies, after the National Fraud Initiative return, with what a housing officer needs.

Some tenants have left and not said so, and some let the home on: the landlord still believes they live there.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Final

import numpy as np

from sharewell.demo.region.chance import Bools, Chance, Dates, Floats, Ints, Texts, by_weight, texts
from sharewell.demo.region.dirt.address_parts import lines_layout
from sharewell.demo.region.dirt.addresses import DEFAULT_RATES as ADDRESS_RATES
from sharewell.demo.region.dirt.addresses import write_address
from sharewell.demo.region.dirt.calendar import YMD, write_days
from sharewell.demo.region.dirt.dates import RATES as DATE_RATES
from sharewell.demo.region.dirt.dates import spoil_dates
from sharewell.demo.region.dirt.kinds import Rates
from sharewell.demo.region.dirt.names import NAME_RATES, spoil_names
from sharewell.demo.region.dirt.numbers import NINO_RATES, UPRN_RATES, spoil_ninos
from sharewell.demo.region.dirt.phones import PHONE_RATES, spoil_phones
from sharewell.demo.region.draft import Draft
from sharewell.demo.region.lists import writing
from sharewell.demo.region.lists.form import Form
from sharewell.demo.region.lists.holders import GROWN_UP, heads, households_at, partners, settle
from sharewell.demo.region.lists.known import Lag, heard_on
from sharewell.demo.region.terms import NOBODY, World

NAME: Final = "housing-tenancy"
LAG: Final[Lag] = ((0.0, 0), (0.85, 14), (1.0, 200))
"""A tenancy begins and ends with signatures; deaths and new names are told later (an assumption)."""
SOCIAL: Final = ("social_council", "social_other")
JOINT: Final = 0.55
"""Of tenants with a partner, those who signed with them (an assumption)."""
RATES: Final[Rates] = {
    **ADDRESS_RATES, **NAME_RATES, **DATE_RATES, **NINO_RATES, **UPRN_RATES, **PHONE_RATES,
    "sublet": 0.023,  # of tenancies: lists-and-roles, 752 found among Camden's some 33,000 homes
    "left_over": 0.015,  # of tenancies: an assumption
    "date_missing": 0.15,  # an assumption: the fraud return asks for it, old tenancies lack it
    "nino_missing": 0.35,  # an assumption
    "uprn_missing": 0.05,  # an assumption: landlords know their own property
    "phone_missing": 0.15,  # an assumption
}  # fmt: skip
"""How often each kind of dirt is planted, of the rows that could have it."""
LAYOUT: Final = lines_layout("Address {}", 4, "Postcode")
TYPES: Final = ("Secure", "Assured", "Flexible fixed term", "Introductory", "Starter")
TYPE_SHARES: Final = (0.5, 0.3, 0.08, 0.07, 0.05)
WINDOW, YEARS = 3 * 365, 25
"""Who did not move in the last three years has been there up to so many years more (an assumption)."""
ARREARS, ALERT, HEATED, ADAPTED = 0.32, 0.02, 0.3, 0.4
"""Tenants in arrears and so on (assumptions)."""
ADAPTATIONS: Final = (
    "Level access shower",
    "Grab rails",
    "Stairlift",
    "Ramp",
    "Wet room",
    "Hoist",
    "Door widening",
)


@dataclass(frozen=True)
class Tenants:
    """One row a named tenant. ``home`` is the home let; ``lead`` the tenancy's first tenant."""

    person: Ints
    home: Ints
    lead: Ints
    surname: Texts
    is_stale: Bools
    is_sublet: Bools
    is_left_over: Bools


def draft(world: World, chance: Chance) -> Draft:
    """Return the named tenants: first or only ones, and those who signed with them."""
    tenants = _tenants(world, chance.stream("tenants"))
    made = writing.begin(NAME, world, chance, tenants.person, tenants.home)
    _write_tenant(made, world, tenants)
    write_address(made, world, LAYOUT, RATES)
    stale = {
        "stale_address": tenants.is_stale,
        "sublet": tenants.is_sublet,
        "left_over": tenants.is_left_over,
    }
    writing.write_uprn(made, world, stale, RATES)
    _write_phones(made, world)
    _write_tenancy(made, world, tenants)
    return made


FORM: Final = Form(NAME, "landlord", "tenancies.jsonl", "jsonl", draft)


def _tenants(world: World, chance: Chance) -> Tenants:
    tenure, person = world.households.tenure, heads(world)
    household = world.people.household[person]
    person = person[(household != NOBODY) & np.isin(tenure[household], SOCIAL)]
    holder, held = settle(world, person, heard_on(chance.stream("heard"), len(person), world.today, LAG))
    first = _rows(holder, held.home, holder, held.surname, held.is_stale)
    partner = partners(world, holder)
    joint = np.flatnonzero((partner != NOBODY) & chance.stream("joint").happens(JOINT, len(holder)))
    second = _rows(
        partner[joint],
        held.home[joint],
        holder[joint],
        world.people.surname[partner[joint]],
        held.home[joint] != world.people.home[partner[joint]],
    )
    gone = _gone(world, len(holder), chance.stream("gone"))
    return Tenants(
        **{
            each.name: np.concatenate([getattr(part, each.name) for part in (first, second, *gone)])
            for each in fields(Tenants)
        }
    )


def _rows(person: Ints, home: Ints, lead: Ints, surname: Texts, is_stale: Bools, why: str = "") -> Tenants:
    n = len(person)
    return Tenants(
        person, home, lead, surname, is_stale, np.full(n, why == "sublet"), np.full(n, why == "left_over")
    )


def _gone(world: World, tenancies: int, chance: Chance) -> tuple[Tenants, Tenants]:
    """Return tenants who live elsewhere today: whose old home is let on privately, and who just left."""
    people = world.people
    moved = heads(world)
    moved = moved[
        np.isnat(people.died_on[moved])
        & (people.home[moved] != NOBODY)
        & (people.home_before[moved] != NOBODY)
    ]
    there = households_at(world)[people.home_before[moved]]
    tenure = np.where(there == NOBODY, "", world.households.tenure[there])
    made = []
    for why, who in (
        ("sublet", moved[tenure == "private_landlord"]),
        ("left_over", moved[np.isin(tenure, ("", *SOCIAL))]),
    ):
        some = chance.stream(why).some(who, RATES[why] * tenancies)
        stale = np.zeros(len(some), dtype=bool)
        made.append(_rows(some, people.home_before[some], some, people.surname[some], stale, why))
    return made[0], made[1]


def _write_tenant(draft: Draft, world: World, tenants: Tenants) -> None:
    """Write the tenancy's number and who the tenant is."""
    people, person = world.people, draft.person
    is_lead = person == tenants.lead
    tenancy = writing.references_of_people(world, tenants.lead, "T", 71)
    partner = np.isin(tenants.lead, tenants.lead[~is_lead])
    draft.fill(
        {
            "Tenancy Reference": tenancy + np.where(is_lead, "/1", "/2").astype(object),
            "Tenant Flag": np.where(is_lead, "F", "O"),
            "Surname": tenants.surname,
            "Forenames": people.first_name[person],
            "Middle Names": people.middle_name[person],
            "Date of Birth": write_days(people.born[person], YMD),
            "NINO": people.nino[person],
            "Joint": writing.yes_no(partner),
        }
    )
    writing.note_former_names(draft, "Surname", people.surname[person])
    spoil_names(draft, "Forenames", "Surname", RATES)
    spoil_dates(draft, "Date of Birth", RATES, YMD)
    spoil_ninos(draft, "NINO", RATES)


def _write_phones(draft: Draft, world: World) -> None:
    """Write the landline and the mobile."""
    people, person = world.people, draft.person
    draft.fill({"Home Phone": people.landline[person], "Mobile": people.mobile[person]})
    spoil_phones(draft, "Home Phone", RATES)
    spoil_phones(draft, "Mobile", RATES)


def _write_tenancy(draft: Draft, world: World, tenants: Tenants) -> None:
    """Write the tenancy: since when, of what kind, and what an officer must know before a visit."""
    people, lead, chance = world.people, tenants.lead, draft.chance.stream("tenancy")

    def drawn(name: str) -> Floats:
        """Return a number from 0 to 1 for each row, the same for all the tenants of one tenancy."""
        return chance.stream(name).random(len(people.id))[lead]

    is_poor = world.households.is_poor[people.household[lead]] & (people.household[lead] != NOBODY)
    owed = np.where(
        drawn("owes") < np.where(is_poor, ARREARS + 0.2, ARREARS), 900 * drawn("a") * drawn("b") + 5, 0.0
    )
    adapted = people.is_disabled[lead] & (drawn("adapted") < ADAPTED)
    flat = np.isin(world.homes.kind[draft.home], ("flat", "converted"))
    draft.fill(
        {
            "Tenancy Start": write_days(_since(world, tenants, drawn("since")), YMD),
            "Tenancy Type": texts(TYPES)[by_weight(np.array(TYPE_SHARES), drawn("type"))],
            "Rent Arrears": writing.pounds(owed),
            "Cautionary Alert": writing.yes_no(drawn("alert") < ALERT),
            "Adaptations": writing.only_where(
                adapted, texts(ADAPTATIONS)[(drawn("what") * len(ADAPTATIONS)).astype(int)]
            ),
            "Communal Heating": writing.yes_no(flat & (drawn("heating") < HEATED)),
        }
    )


def _since(world: World, tenants: Tenants, drawn: Floats) -> Dates:
    """Return when each tenancy began: on moving in, or years ago, not before the tenant was grown up."""
    people, lead = world.people, tenants.lead
    youngest = np.maximum(people.born[lead], people.born[tenants.person])
    grown = youngest + np.timedelta64(GROWN_UP * 366, "D")
    long_ago = np.maximum(world.today - (WINDOW + drawn * YEARS * 365).astype("timedelta64[D]"), grown)
    came = ~np.isnat(people.moved_on[lead]) & (people.home[lead] == tenants.home)
    since = np.maximum(np.where(came, people.moved_on[lead], long_ago), grown)
    return np.minimum(since, world.today)
