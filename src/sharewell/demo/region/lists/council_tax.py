"""Council tax: who is liable for each home, with discounts, disregards and what is owed."""

from __future__ import annotations

from typing import Final

import numpy as np

from sharewell.demo.region.chance import Bools, Chance, Ints, Texts, texts
from sharewell.demo.region.dirt.address_parts import lines_layout
from sharewell.demo.region.dirt.addresses import DEFAULT_RATES as ADDRESS_RATES
from sharewell.demo.region.dirt.addresses import write_address
from sharewell.demo.region.dirt.calendar import D_MON_Y, write_days
from sharewell.demo.region.dirt.kinds import Rates
from sharewell.demo.region.dirt.numbers import UPRN_RATES
from sharewell.demo.region.draft import Draft
from sharewell.demo.region.lists import writing
from sharewell.demo.region.lists.accounts import Accounts, accounts_of
from sharewell.demo.region.lists.council_tax_support import claimants
from sharewell.demo.region.lists.form import Form
from sharewell.demo.region.lists.holders import GROWN_UP, adults_at
from sharewell.demo.region.lists.liable import write_liable
from sharewell.demo.region.terms import NOBODY, World

NAME: Final = "council-tax"
RATES: Final[Rates] = {
    **ADDRESS_RATES,
    **writing.WHOLE_NAME_RATES,
    **UPRN_RATES,
    "initials_only": 0.20,  # lists-and-roles: 15 to 25 %, an assumption
    "business": 0.45,  # of accounts in no person's name: an assumption
    "stale_discount": 0.03,  # of homes of two adults: an assumption, near the 4 % of discounts found wrong
    "uprn_missing": 0.06,  # an assumption
}
"""How often each kind of dirt is planted, of the rows that could have it, but for those the world sets."""
LAYOUT: Final = lines_layout("Property Address Line {}", 4, "Property Postcode")
CLAIMED: Final = 0.92
"""Of adults with no other adult at home, those who have the discount (an assumption)."""
BANDS: Final = "ABCDEFGH"
OWED, BY_INSTALMENTS = 0.09, 0.9
"""Accounts in arrears near the year's end, and those paid by instalments (assumptions)."""
CODES: Final = {"SPD": "SPD", "Student": "STU", "Disabled Relief": "DBR", "SMI": "SMI", "Carer": "CAR"}
STAGES: Final = ("Reminder", "Final notice", "Summons", "Liability order", "Enforcement agent")


def draft(world: World, chance: Chance) -> Draft:
    """Return one row for each account: a person's, a couple's, an estate's, a company's or nobody's."""
    accounts = accounts_of(world, chance.stream("accounts"))
    made = writing.begin(NAME, world, chance, accounts.person, accounts.home)
    reference = _references(world, accounts.home)
    made.fill({"Account Reference": reference, "Check Digit": writing.check_digits(reference)})
    write_liable(made, world, accounts, RATES)
    write_address(made, world, LAYOUT, RATES)
    is_dead = (
        ~np.isnat(world.people.died_on[accounts.person]) & ~accounts.is_estate & (accounts.person != NOBODY)
    )
    stale = {
        "dead_still_listed": is_dead,
        "stale_address": accounts.is_stale,
        "account_left_open": accounts.is_left,
    }
    writing.write_uprn(made, world, stale, RATES)
    _write_property(made, world, accounts)
    _write_discounts(made, world)
    _write_money(made, world, accounts)
    return made


FORM: Final = Form(NAME, "council", "council tax.csv", "csv", draft, delimiter=";", encoding="cp1252")


def _references(world: World, home: Ints) -> Texts:
    """Return the account's number: the home's own for the first account there, others for those beside it."""
    order = np.argsort(home, kind="stable")
    turn = np.empty(len(home), dtype=np.int64)
    turn[order] = np.arange(len(home)) - np.searchsorted(home[order], home[order], side="left")
    reference = writing.references_of_homes(world, home, "")
    for salt in range(1, int(turn.max(initial=0)) + 1):
        rows = np.flatnonzero(turn == salt)
        reference[rows] = writing.references_of_homes(world, home[rows], "", salt)
    return reference


def _write_property(draft: Draft, world: World, accounts: Accounts) -> None:
    """Write the property's own facts and the days of liability."""
    people, person = world.people, draft.person
    named = person != NOBODY
    born = np.where(named, people.born[person], np.datetime64("1960-01-01"))
    came = np.where(
        named & (people.home[person] == draft.home), people.moved_on[person], np.datetime64("NaT")
    )
    years = draft.chance.stream("since").random(len(draft)) * 24
    long_ago = world.today - (3 * 365 + years * 365).astype("timedelta64[D]")
    grown = born + np.timedelta64(GROWN_UP * 366, "D")
    since = np.minimum(np.maximum(np.where(np.isnat(came), long_ago, came), grown), world.today)
    draft.fill(
        {
            "Property Reference": writing.references_of_homes(world, draft.home, "P", 9),
            "Band": _bands(world, draft.chance.stream("band"))[draft.home],
            "Start Date": write_days(since, D_MON_Y),
            "End Date": write_days(accounts.ended, D_MON_Y),
        }
    )


def _bands(world: World, chance: Chance) -> Texts:
    """Return a band for each home: lower where the area is more deprived."""
    decile = world.areas.deprivation[world.homes.area]
    place = (chance.random(len(decile)) * 3.6 + (decile - 1) * 0.38).astype(np.int64)
    return texts(BANDS)[np.minimum(place, len(BANDS) - 1)]


def _write_discounts(draft: Draft, world: World) -> None:
    """Write the discounts and disregards of each account, and the code of the first of them."""
    people, person, n = world.people, draft.person, len(draft)
    household = np.where(person == NOBODY, NOBODY, people.household[person])
    lives_here = (household != NOBODY) & (world.households.home[household] == draft.home)
    chance = draft.chance.stream("discounts")
    age = world.ages()[person]
    adults = np.where(lives_here, adults_at(world)[household], 0)
    is_disabled = lives_here & people.is_disabled[person]
    flags = {
        "SPD": (adults == 1) & chance.happens(CLAIMED, n),
        "Student": lives_here & (age < 23) & (world.households.kind[household] == "sharers"),
        "Disabled Relief": is_disabled & chance.happens(0.05, n),
        "SMI": lives_here & (age > 75) & chance.happens(0.03, n),
        "Carer": lives_here & (adults > 1) & chance.happens(0.01, n),
    }
    code = np.where(person == NOBODY, "EMP", "")
    for name, is_so in flags.items():
        code = np.where((code == "") & is_so, CODES[name], code)
    draft.fill({"Discount Code": code} | {name: writing.yes_no(is_so) for name, is_so in flags.items()})
    draft.fill({"CTS": writing.yes_no(lives_here & claimants(world)[household])})
    draft.spoil("SPD", "stale_discount", RATES["stale_discount"], _yes, among=np.flatnonzero(adults == 2))


def _yes(values: Texts, rows: Ints) -> Texts:
    return texts(["Y"] * len(values))


def _write_money(draft: Draft, world: World, accounts: Accounts) -> None:
    """Write what is owed, the instalment, how far recovery has gone and where those who left went."""
    people, person, n = world.people, draft.person, len(draft)
    chance = draft.chance.stream("money")
    household = np.where(person == NOBODY, NOBODY, people.household[person])
    is_poor = (household != NOBODY) & world.households.is_poor[household]
    owes = chance.random(n) < np.where(is_poor, OWED * 2.5, OWED)
    stage = texts(STAGES)[(chance.random(n) * chance.random(n) * len(STAGES)).astype(np.int64)]
    is_ended = ~np.isnat(accounts.ended)
    draft.fill(
        {
            "Balance (£)": writing.pounds(
                np.where(owes, 40 + 1500 * chance.random(n) * chance.random(n), 0.0)
            ),
            "Instalment": writing.only_where(
                ~is_ended & chance.happens(BY_INSTALMENTS, n), writing.pounds(70 + 120 * chance.random(n))
            ),
            "Recovery Stage": writing.only_where(owes, stage),
            "Forwarding Address": _forwarding(world, people.home[person], is_ended & ~accounts.is_estate),
        }
    )


def _forwarding(world: World, home: Ints, is_ended: Bools) -> Texts:
    """Return in one line where each person whose account has ended went, "" for all others."""
    homes, forwarding = world.homes, texts([""] * len(home))
    rows = np.flatnonzero(is_ended & (home != NOBODY))
    street = homes.number + " " + homes.street
    parts = (
        column[home[rows]] for column in (homes.unit, homes.building, street, homes.town, homes.postcode)
    )
    lines = zip(*parts, strict=True)
    forwarding[rows] = [", ".join(part.strip() for part in line if part.strip()) for line in lines]
    return forwarding
