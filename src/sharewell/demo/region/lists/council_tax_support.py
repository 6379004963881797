"""Council tax support and housing benefit: low-income households, claimant and partner, rent and award.

In the shape of the Single Housing Benefit Extract: who claims, who depends on them, what they pay and get.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from sharewell.demo.region.chance import Bools, Chance, Floats, Ints, Texts, texts
from sharewell.demo.region.dirt.address_parts import lines_layout
from sharewell.demo.region.dirt.addresses import DEFAULT_RATES as ADDRESS_RATES
from sharewell.demo.region.dirt.addresses import write_address
from sharewell.demo.region.dirt.calendar import DMY, write_days
from sharewell.demo.region.dirt.dates import RATES as DATE_RATES
from sharewell.demo.region.dirt.dates import spoil_dates
from sharewell.demo.region.dirt.kinds import Rates
from sharewell.demo.region.dirt.names import NAME_RATES, spoil_names
from sharewell.demo.region.dirt.numbers import NINO_RATES, UPRN_RATES, spoil_ninos
from sharewell.demo.region.dirt.phones import PHONE_RATES, spoil_phones
from sharewell.demo.region.draft import Draft
from sharewell.demo.region.lists import writing
from sharewell.demo.region.lists.form import Form
from sharewell.demo.region.lists.holders import heads, partners, settle
from sharewell.demo.region.lists.known import Known, Lag, heard_on
from sharewell.demo.region.terms import NOBODY, World

NAME: Final = "council-tax-support"
TAKE_UP: Final = 83
"""Of a hundred who could claim (an assumption; no official rate of take-up has been made since 2010)."""
LAG: Final[Lag] = ((0.0, 0), (0.7, 21), (0.95, 150), (1.0, 300))
"""A claimant must tell of a move at once, and most do within a month (an assumption)."""
SOCIAL: Final = ("social_council", "social_other")
RENTS: Final = {
    "social_council": 92.0,
    "social_other": 99.0,
    "private_landlord": 150.0,
    "private_other": 140.0,
}
"""Pounds a week: near the mean social rents of 2020-21 and a local housing allowance outside London."""
RATES: Final[Rates] = {
    **ADDRESS_RATES, **NAME_RATES, **DATE_RATES, **NINO_RATES, **UPRN_RATES, **PHONE_RATES,
    "date_missing": 0.004,  # an assumption; of dates of birth
    "uprn_missing": 0.12,  # an assumption
    "phone_missing": 0.25,  # an assumption: claims are made on paper and in person too
}  # fmt: skip
"""How often each kind of dirt is planted, of the rows that could have it."""
LAYOUT: Final = lines_layout("Address {}", 4, "Postcode")
TENURES: Final = {
    "social_council": "Council tenant",
    "social_other": "Housing association tenant",
    "private_landlord": "Private tenant",
    "private_other": "Private tenant",
}
PASSPORTS: Final = (
    "Universal Credit",
    "Pension Credit (Guarantee)",
    "ESA (Income Related)",
    "Income Support",
)
OLD_AGE: Final = 66
HOUSING_BENEFIT_SHARE: Final = 0.55
"""Of renters who claim, those not yet moved to universal credit (DWP, 2021: about half of working age)."""


def claimants(world: World) -> Bools:
    """Return which households claim: a lottery by address, so that every list of the council agrees on it."""
    uprn = world.homes.uprn[world.households.home].astype("U12").astype(np.int64)
    drawn: Bools = world.households.is_poor & ((uprn % 1_000_003 * 7919 >> 5) % 100 < TAKE_UP)
    return drawn


def draft(world: World, chance: Chance) -> Draft:
    """Return one claim for each household that claims, in the name of its first adult."""
    person, held = _claims(world, chance.stream("claims"))
    made = writing.begin(NAME, world, chance, person, held.home)
    _write_claim(made, world)
    _write_people(made, world, held)
    write_address(made, world, LAYOUT, RATES)
    writing.write_uprn(made, world, {"stale_address": held.is_stale}, RATES)
    _write_phone(made, world)
    _write_rent(made, world)
    return made


FORM: Final = Form(NAME, "council", "council tax support.csv", "csv", draft, encoding="utf-8-sig")


def _claims(world: World, chance: Chance) -> tuple[Ints, Known]:
    """Return who claims for each household: as a rule its head, or a partner not known to have died."""
    household = world.people.household
    person = heads(world)
    person = person[(household[person] != NOBODY) & claimants(world)[household[person]]]
    return settle(world, person, heard_on(chance, len(person), world.today, LAG))


def _write_claim(draft: Draft, world: World) -> None:
    """Write the claim itself: its number, the council tax account it pays towards, and what is claimed."""
    chance, n = draft.chance.stream("claim"), len(draft)
    household = world.people.household[draft.person]
    draft.fill(
        {
            "Claim Reference": writing.references_of_people(world, draft.person, "B", 17),
            "Council Tax Account": writing.references_of_homes(world, draft.home, ""),
            "Claim Type": _claim_type(world, household, chance.random(n)),
        }
    )


def _claim_type(world: World, household: Ints, number: Floats) -> Texts:
    """Return what is claimed: renters of pension age and a part of the others still have housing benefit."""
    pays_rent = np.isin(world.households.tenure[household], list(RENTS))
    return np.where(pays_rent & (number < HOUSING_BENEFIT_SHARE), "HB and CTS", "CTS").astype(object)


def _write_people(draft: Draft, world: World, held: Known) -> None:
    """Write the claimant, the partner if there is one, and how many others live there, children by name."""
    people, person = world.people, draft.person
    partner = partners(world, person)
    with_partner = partner != NOBODY
    title = writing.titles(
        draft.chance.stream("title"), people.sex[person], world.ages()[person], with_partner
    )
    draft.fill(
        {
            "Title": title,
            "Claimant Forename": people.first_name[person],
            "Claimant Surname": held.surname,
            "Claimant DOB": write_days(people.born[person], DMY),
            "Sex": np.where(people.sex[person] == "1", "M", "F"),
            "Claimant NINO": people.nino[person],
            "Partner Forename": writing.only_where(with_partner, people.first_name[partner]),
            "Partner Surname": writing.only_where(with_partner, people.surname[partner]),
            "Partner DOB": writing.only_where(with_partner, write_days(people.born[partner], DMY)),
            "Partner NINO": writing.only_where(with_partner, people.nino[partner]),
            **_others(world, people.household[person]),
        }
    )
    writing.note_former_names(draft, "Claimant Surname", people.surname[person])
    spoil_names(draft, "Claimant Forename", "Claimant Surname", RATES, middle=people.middle_name[person])
    for who in ("Claimant", "Partner"):
        spoil_dates(draft, f"{who} DOB", RATES, DMY)
        spoil_ninos(draft, f"{who} NINO", RATES)


def _others(world: World, household: Ints) -> dict[str, Texts]:
    """Return how many children and other adults are in each household, and the children by name."""
    people, n = world.people, len(world.households.id)
    lives = np.isnat(people.died_on) & (people.household != NOBODY)
    children = np.flatnonzero(lives & (people.role == "child"))
    others = np.flatnonzero(lives & (people.role == "adult"))
    named: dict[int, list[str]] = {}
    born = write_days(people.born[children], DMY)
    wanted = np.isin(people.household[children], household)
    for at, first, day in zip(
        people.household[children][wanted].tolist(),
        people.first_name[children][wanted],
        born[wanted],
        strict=True,
    ):
        named.setdefault(at, []).append(f"{first} {day}")
    return {
        "Dependants": writing.numbers("", np.bincount(people.household[children], minlength=n)[household], 1),
        "Dependant Details": texts(["; ".join(named.get(at, ())) for at in household.tolist()]),
        "Non-Dependants": writing.numbers(
            "", np.bincount(people.household[others], minlength=n)[household], 1
        ),
    }


def _write_phone(draft: Draft, world: World) -> None:
    """Write a phone number: the mobile, or the landline where there is none."""
    people, person = world.people, draft.person
    mobile, landline = people.mobile[person], people.landline[person]
    draft.fill({"Phone": np.where(mobile != "", mobile, landline)})
    spoil_phones(draft, "Phone", RATES, second=landline)


def _write_rent(draft: Draft, world: World) -> None:
    """Write what the household pays, has coming in and is awarded, each week."""
    chance, n = draft.chance.stream("rent"), len(draft)
    household = world.people.household[draft.person]
    tenure, size = world.households.tenure[household], world.households.size[household]
    rents = np.isin(tenure, list(RENTS))
    base = np.select([tenure == name for name in RENTS], list(RENTS.values()), 0.0)
    rent = base * (0.75 + 0.5 * chance.random(n)) * (1 + 0.07 * np.maximum(size - 1, 0))
    is_old = world.ages()[draft.person] >= OLD_AGE
    passport = _passport(is_old, chance)
    earns = ~is_old & (passport == "") & chance.happens(0.75, n)
    earned = np.where(earns, 90 + 170 * chance.random(n), 0.0)
    draft.fill(
        {
            "Tenure": np.select(
                [tenure == name for name in TENURES], list(TENURES.values()), "Owner occupier"
            ),
            "Specified Accommodation": writing.yes_no((tenure == "social_other") & chance.happens(0.06, n)),
            "Passported Benefit": passport,
            "Weekly Income": writing.pounds(earned + 75 + 60 * size * chance.random(n)),
            "Weekly Earnings": writing.pounds(earned),
            "Eligible Rent": writing.only_where(rents, writing.pounds(rent)),
            "Under-occupied": writing.yes_no(np.isin(tenure, SOCIAL) & ~is_old & chance.happens(0.2, n)),
            "Benefit Cap": writing.yes_no(rents & ~is_old & (size > 3) & chance.happens(0.12, n)),
        }
    )
    _write_award(draft, world, np.where(passport == "", 0.35 + 0.5 * chance.random(n), 1.0), rent, chance)


def _passport(is_old: Bools, chance: Chance) -> Texts:
    """Return the benefit that gives each claim by itself, "" where income is assessed."""
    number, n = chance.random(len(is_old)), len(is_old)
    young = np.where(number < 0.45, PASSPORTS[0], np.where(number < 0.62, PASSPORTS[2], PASSPORTS[3]))
    young = np.where(number < 0.68, young, "")
    return np.where(is_old, np.where(chance.random(n) < 0.6, PASSPORTS[1], ""), young).astype(object)


def _write_award(draft: Draft, world: World, share: Floats, rent: Floats, chance: Chance) -> None:
    """Write how long the claim has run and what it pays."""
    n = len(draft)
    has_hb = draft.cells["Claim Type"] != "CTS"
    grown = world.people.born[draft.person] + np.timedelta64(18 * 365 + 5, "D")
    start = np.maximum(world.today - chance.integers(10, 12 * 365, n).astype("timedelta64[D]"), grown)
    draft.fill(
        {
            "Claim Start": write_days(np.minimum(start, world.today), DMY),
            "Claim End": "",
            "Weekly HB": writing.only_where(has_hb, writing.pounds(rent * share)),
            "Weekly CTS": writing.pounds((14 + 12 * chance.random(n)) * share),
        }
    )
