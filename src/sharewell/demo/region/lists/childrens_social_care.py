"""Children's social care: children in need, after the children in need census, with name and address.

Who is known follows the deprivation of the area and the income of the household, and nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np

from sharewell.demo.region.chance import Bools, Chance, Dates, Floats, Ints, Texts
from sharewell.demo.region.dirt.address_parts import lines_layout
from sharewell.demo.region.dirt.addresses import DEFAULT_RATES as ADDRESS_RATES
from sharewell.demo.region.dirt.addresses import write_address
from sharewell.demo.region.dirt.calendar import YMD, write_days
from sharewell.demo.region.dirt.dates import RATES as DATE_RATES
from sharewell.demo.region.dirt.dates import spoil_dates
from sharewell.demo.region.dirt.kinds import Rates
from sharewell.demo.region.dirt.names import NAME_RATES, spoil_names, spoil_newborns
from sharewell.demo.region.dirt.numbers import UPN_RATES, UPRN_RATES, spoil_upns
from sharewell.demo.region.draft import Draft
from sharewell.demo.region.lists import writing
from sharewell.demo.region.lists.form import Form
from sharewell.demo.region.lists.known import Known, Lag, heard_on, is_listed, known
from sharewell.demo.region.lists.school_census import ethnic_codes
from sharewell.demo.region.terms import NOBODY, World

NAME: Final = "childrens-social-care"
DAYS_OLD: Final = 3
LAG: Final[Lag] = ((0.0, 0), (0.8, 30), (1.0, 240))
"""Social workers visit: most moves are known within a month (an assumption)."""
SHARE: Final = 0.052
"""Children in need at some time in a year (DfE 2021: about 620,000 of 12 million in England)."""
BY_DEPRIVATION: Final = (2.1, 1.7, 1.45, 1.2, 1.0, 0.8, 0.65, 0.5, 0.4, 0.3)
"""How much likelier than others, from the most deprived tenth (an assumption; the slope is well known)."""
POOR: Final = 3.0
"""How much likelier in a household of low income (an assumption)."""
SIBLINGS: Final = 0.7
"""Of the children in a family that is known, those who are cases themselves (an assumption)."""
RATES: Final[Rates] = {
    **ADDRESS_RATES, **NAME_RATES, **DATE_RATES, **UPN_RATES, **UPRN_RATES,
    "name_title": 0.0,  # children have none
    "placeholder_name": 0.5,  # of newborns that any list has so: an assumption
    "upn_unknown": 0.08,  # of children of school age: an assumption
    "uprn_missing": 0.25,  # an assumption
}  # fmt: skip
"""How often each kind of dirt is planted, of the rows that could have it."""
LAYOUT: Final = lines_layout("Address Line {}", 4, "Postcode")
NEEDS: Final = (
    ("N1", 0.56), ("N2", 0.09), ("N3", 0.03), ("N4", 0.09), ("N5", 0.14), ("N6", 0.02), ("N7", 0.01),
    ("N8", 0.04), ("N9", 0.01), ("N0", 0.01),
)  # fmt: skip
"""Primary need at first assessment (near DfE, children in need 2021)."""
SOURCES: Final = (
    ("1A", 0.06), ("1B", 0.02), ("1C", 0.01), ("1D", 0.02), ("2A", 0.16), ("2B", 0.02), ("3A", 0.02),
    ("3B", 0.03), ("3C", 0.01), ("3D", 0.02), ("3E", 0.05), ("3F", 0.03), ("4", 0.02), ("5A", 0.09),
    ("5B", 0.05), ("5C", 0.04), ("5D", 0.01), ("6", 0.29), ("7", 0.03), ("8", 0.03), ("9", 0.02),
    ("10", 0.01),
)  # fmt: skip
"""Who referred the child: the police first, then schools (near DfE, children in need 2021)."""
FACTORS: Final = (
    ("3B", 0.2), ("4B", 0.18), ("17A", 0.09), ("16A", 0.08), ("2B", 0.07), ("1B", 0.07), ("4A", 0.05),
    ("18B", 0.05), ("6A", 0.04), ("5A", 0.04), ("14A", 0.03), ("15A", 0.03), ("19B", 0.03), ("7A", 0.02),
    ("24A", 0.02),
)  # fmt: skip
"""What assessments find: domestic abuse and a parent's mental health first (assumed shares)."""
DISABILITIES: Final = ("AUT", "LD", "BEH", "COMM", "MOB", "PC", "INC", "HEAR", "VIS", "CON", "HAND", "DDA")
ABUSE: Final = (("NEG", 0.48), ("EMO", 0.38), ("PHY", 0.08), ("SAB", 0.04), ("MUL", 0.02))
"""Latest category of abuse of children on plans (near DfE 2021)."""
CLOSURES: Final = (
    ("RC1", 0.01), ("RC3", 0.04), ("RC4", 0.03), ("RC5", 0.02), ("RC7", 0.62), ("RC8", 0.21), ("RC9", 0.07),
)  # fmt: skip
"""Why cases closed (assumed shares; the codes are the census's)."""
CLOSED, ON_PLAN, PROTECTED_PLAN = 0.42, 0.45, 0.13
"""Cases closed in the year, open cases with a plan and with a child protection plan (assumptions)."""


def draft(world: World, chance: Chance) -> Draft:
    """Return one case for each child who was in need in the last year; the unborn have no row."""
    person, held = _children(world, chance.stream("children"))
    made = writing.begin(NAME, world, chance, person, held.home)
    _write_child(made, world, held)
    write_address(made, world, LAYOUT, RATES)
    writing.write_uprn(made, world, {"stale_address": held.is_stale}, RATES)
    _write_case(made, world)
    return made


FORM: Final = Form(NAME, "council", "children in need.json", "json", draft, days_old=DAYS_OLD)


def _children(world: World, chance: Chance) -> tuple[Ints, Known]:
    """Return which children are known, by family: need is drawn for the household, then for each child."""
    people = world.people
    child = np.flatnonzero((world.ages() < 18) & (people.household != NOBODY))
    family = people.household[child]
    weight = _weights(world)
    scale = SHARE / SIBLINGS / max(float(weight[family].mean()), 1e-9) if len(child) else 0.0
    is_known = chance.stream("family").random(len(weight)) < np.minimum(weight * scale, 0.9)
    person = child[is_known[family] & chance.stream("child").happens(SIBLINGS, len(child))]
    on = world.today - np.timedelta64(DAYS_OLD, "D")
    heard = heard_on(chance, len(person), on, LAG)
    listed = is_listed(world, person, heard)
    return person[listed], known(world, person[listed], heard[listed])


def _weights(world: World) -> Floats:
    """Return how likely each household is to be known: by where it is and its income alone."""
    decile = world.areas.deprivation[world.homes.area[world.households.home]]
    weight: Floats = np.array(BY_DEPRIVATION)[decile - 1] * np.where(world.households.is_poor, POOR, 1.0)
    return weight


def _write_child(draft: Draft, world: World, held: Known) -> None:
    """Write who the child is, as the census asks and as the case holds."""
    people, person, chance = world.people, draft.person, draft.chance.stream("child")
    has_upn = (people.upn[person] != "") & (world.ages()[person] >= 4)
    draft.fill(
        {
            "LAchildID": writing.references_of_people(world, person, "C", 31),
            "UPN": writing.only_where(has_upn, people.upn[person]),
            "FormerUPN": "",
            "UPNunknown": writing.only_where(~has_upn, "UN1"),
            "FamilyID": writing.references_of_homes(
                world, world.households.home[people.household[person]], "F", 5
            ),
            "Forename": people.first_name[person],
            "MiddleNames": people.middle_name[person],
            "Surname": held.surname,
            "PersonBirthDate": write_days(people.born[person], YMD),
            "ExpectedPersonBirthDate": "",
            "Sex": people.sex[person],
            "Ethnicity": ethnic_codes(people.ethnic_group[person], chance.stream("ethnicity")),
            "Disabilities": _disabilities(people.is_disabled[person], chance.stream("disabilities")),
            "Restricted Record": writing.yes_no(people.is_protected[person]),
        }
    )
    writing.note_former_names(draft, "Surname", people.surname[person])
    _spoil_newborns(draft, world)
    spoil_names(draft, "Forename", "Surname", RATES)
    spoil_dates(draft, "PersonBirthDate", RATES, YMD)
    rows = draft.spoil(
        "UPN", "upn_unknown", RATES["upn_unknown"], writing.blank, among=np.flatnonzero(has_upn)
    )
    draft.plant("UPNunknown", "upn_unknown", rows, chance.stream("unknown").pick(("UN2", "UN4"), len(rows)))
    spoil_upns(draft, "UPN", RATES)


def _spoil_newborns(draft: Draft, world: World) -> None:
    """Leave some newborns as the hospital named them: "Baby", with the mother's surname."""
    people, person = world.people, draft.person
    newborn = np.flatnonzero(people.hard[person] == "placeholder_newborn")
    share = RATES["placeholder_name"]
    rows = spoil_newborns(draft, "Forename", newborn, people.sex[person], share)
    mother = people.mother[person[rows]]
    surname = np.where(mother == NOBODY, draft.cells["Surname"][rows], people.surname[mother])
    draft.plant("Surname", "placeholder_name", rows, surname)


def _disabilities(is_disabled: Bools, chance: Chance) -> Texts:
    """Return the codes of one or two disabilities, NONE for most."""
    n = len(is_disabled)
    first, second = chance.pick(DISABILITIES, n), chance.pick(DISABILITIES, n)
    both = np.where((first == second) | chance.happens(0.6, n), first, first + ";" + second)
    return np.where(is_disabled, both, "NONE").astype(object)


def _write_case(draft: Draft, world: World) -> None:
    """Write the case: referral, assessment with its factors, plans and how it ended."""
    n, chance, on = len(draft), draft.chance.stream("case"), world.today - np.timedelta64(DAYS_OLD, "D")
    born = world.people.born[draft.person]
    referred = np.maximum(
        on - (20 + 900 * chance.random(n) * chance.random(n)).astype("timedelta64[D]"), born
    )
    assessed = np.minimum(referred + chance.integers(0, 5, n).astype("timedelta64[D]"), on)
    finished = assessed + chance.integers(10, 46, n).astype("timedelta64[D]")
    was_finished = finished <= on
    closed = np.maximum(finished, on - chance.integers(0, 365, n).astype("timedelta64[D]"))
    closed = np.where(was_finished & chance.happens(CLOSED, n), closed, _NEVER)
    draft.fill(
        {
            "CINreferralDate": write_days(referred, YMD),
            "ReferralSource": _picked(SOURCES, n, chance.stream("source")),
            "PrimaryNeedCode": _picked(NEEDS, n, chance.stream("need")),
            "AssessmentActualStartDate": write_days(assessed, YMD),
            "AssessmentAuthorisationDate": write_days(np.where(was_finished, finished, _NEVER), YMD),
            "AssessmentFactors": writing.only_where(was_finished, _factors(n, chance.stream("factors"))),
            **_plans(was_finished & np.isnat(closed), finished, on, chance.stream("plans")),
            "CINclosureDate": write_days(closed, YMD),
            "ReasonForClosure": writing.only_where(
                ~np.isnat(closed), _picked(CLOSURES, n, chance.stream("closure"))
            ),
        }
    )


_NEVER: Final = np.datetime64("NaT", "D")


def _plans(is_open: Bools, finished: Dates, on: np.datetime64, chance: Chance) -> Mapping[str, Texts | str]:
    """Return the plans of open cases: in need, of protection with its category, or none."""
    number, n = chance.random(len(is_open)), len(is_open)
    in_need = is_open & (number < ON_PLAN)
    protected = is_open & (number >= ON_PLAN) & (number < ON_PLAN + PROTECTED_PLAN)
    start = np.minimum(finished + 5, on)
    return {
        "CINPlanStartDate": write_days(np.where(in_need, start, _NEVER), YMD),
        "CINPlanEndDate": "",
        "CPPstartDate": write_days(np.where(protected, start, _NEVER), YMD),
        "CPPendDate": "",
        "LatestCategoryOfAbuse": writing.only_where(protected, _picked(ABUSE, n, chance.stream("abuse"))),
    }


def _factors(n: int, chance: Chance) -> Texts:
    """Return one to three factors of an assessment."""
    first, second, third = (_picked(FACTORS, n, chance.stream(turn)) for turn in range(3))
    number = chance.random(n)
    two = np.where((number < 0.6) & (second != first), first + ";" + second, first)
    return np.where((number < 0.25) & (third != first) & (third != second), two + ";" + third, two).astype(
        object
    )


def _picked(table: tuple[tuple[str, float], ...], n: int, chance: Chance) -> Texts:
    codes, shares = zip(*table, strict=True)
    picked: Texts = chance.pick(codes, n, shares)
    return picked
