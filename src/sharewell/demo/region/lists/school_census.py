"""The school census: pupils of 4 to 16 with their number, home, free school meals and special needs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np

from sharewell.demo.region.chance import Bools, Chance, Dates, Ints, Texts, texts
from sharewell.demo.region.dirt.address_parts import PARTS
from sharewell.demo.region.dirt.addresses import DEFAULT_RATES as ADDRESS_RATES
from sharewell.demo.region.dirt.addresses import write_address
from sharewell.demo.region.dirt.calendar import YMD, write_days
from sharewell.demo.region.dirt.dates import RATES as DATE_RATES
from sharewell.demo.region.dirt.dates import spoil_dates
from sharewell.demo.region.dirt.kinds import Rates, taken_from
from sharewell.demo.region.dirt.names import NAME_RATES, spoil_names
from sharewell.demo.region.dirt.numbers import UPN_RATES, UPRN_RATES, spoil_upns
from sharewell.demo.region.draft import Draft
from sharewell.demo.region.lists import writing
from sharewell.demo.region.lists.form import Form
from sharewell.demo.region.lists.known import Known, Lag, heard_on, is_listed, known
from sharewell.demo.region.terms import NOBODY, World, whole_years
from sharewell.vocab.identifiers import upn_check_letter

NAME: Final = "school-census"
DAYS_OLD: Final = 59
"""Census day is the third Thursday of January: 59 days before the region's day in March."""
LAG: Final[Lag] = ((0.0, 0), (0.6, 60), (0.9, 365), (1.0, 800))
"""Schools ask families for changes once a year, and some never answer (an assumption)."""
FORMER_UPN: Final = 0.03
"""Pupils who once had a temporary number (an assumption)."""
SUPPORTED, PLANNED = 0.122, 0.037
"""Pupils with special educational needs support, and with a plan (DfE, January 2021)."""
RATES: Final[Rates] = {
    **ADDRESS_RATES, **NAME_RATES, **DATE_RATES, **UPN_RATES, **UPRN_RATES,
    "name_title": 0.0,  # children have none
    "known_as": 0.04,  # lists-and-roles, "known as"; of pupils with a middle name, an assumption
    "other_parents_surname": 0.2,  # of children with a parent of another surname: an assumption
    "fsm_unregistered": 0.11,  # DfE 2013, Pupils not claiming free school meals: 11 % of those entitled
    "uprn_missing": 0.3,  # lists-and-roles: permitted in recent years; the rate is an assumption
}  # fmt: skip
"""How often each kind of dirt is planted, of the rows that could have it."""
LAYOUT: Final = PARTS
ETHNIC_CODES: Final[Mapping[str, tuple[tuple[str, ...], tuple[float, ...]]]] = {
    "white": (("WBRI", "WOTH", "WIRI", "WROM", "WIRT"), (0.88, 0.105, 0.006, 0.006, 0.003)),
    "asian": (("AIND", "APKN", "ABAN", "AOTH", "CHNE"), (0.28, 0.37, 0.15, 0.15, 0.05)),
    "black": (("BAFR", "BCRB", "BOTH"), (0.68, 0.18, 0.14)),
    "mixed": (("MWBC", "MWAS", "MWBA", "MOTH"), (0.25, 0.23, 0.13, 0.39)),
    "other": (("OOTH", "NOBT", "REFU"), (0.8, 0.12, 0.08)),
}
"""DfE main codes by census group, with shares of pupils in England (DfE, January 2021, rounded)."""


def draft(world: World, chance: Chance) -> Draft:
    """Return one row for each pupil who lives in the part."""
    person, held = _pupils(world, chance.stream("pupils"))
    made = writing.begin(NAME, world, chance, person, held.home)
    _write_pupil(made, world, held)
    write_address(made, world, LAYOUT, RATES)
    writing.write_uprn(made, world, {"stale_address": held.is_stale}, RATES)
    _write_school(made, world)
    return made


FORM: Final = Form(NAME, "council", "school census.csv", "csv", draft, days_old=DAYS_OLD)


def _pupils(world: World, chance: Chance) -> tuple[Ints, Known]:
    people = world.people
    on = world.today - np.timedelta64(DAYS_OLD, "D")
    age = whole_years(people.born, on)
    person = np.flatnonzero((age >= 4) & (age <= 16) & (people.school != NOBODY) & (people.upn != ""))
    heard = heard_on(chance, len(person), on, LAG)
    listed = is_listed(world, person, heard)
    return person[listed], known(world, person[listed], heard[listed])


def _write_pupil(draft: Draft, world: World, held: Known) -> None:
    """Write who the pupil is: numbers, names, birth and sex."""
    people, person = world.people, draft.person
    former = people.former_surname[person]
    draft.fill(
        {
            "UPN": people.upn[person],
            "Former UPN": "",
            "Surname": held.surname,
            "Forename": people.first_name[person],
            "Middle Names": people.middle_name[person],
            "Preferred Surname": "",
            "Former Surname": writing.only_where(~held.has_former_name & (former != ""), former),
            "DOB": write_days(people.born[person], YMD),
            "Sex": np.where(people.sex[person] == "1", "M", "F"),
        }
    )
    writing.note_former_names(draft, "Surname", people.surname[person])
    _spoil_pupil(draft, world)


def _spoil_pupil(draft: Draft, world: World) -> None:
    """Spoil numbers, names and birth; some pupils go by a middle name, or by their other parent's surname."""
    people, person = world.people, draft.person
    middle, other = people.middle_name[person], _other_surname(world, draft)
    among = np.flatnonzero((middle != "") & (middle != draft.cells["Forename"]))
    called = draft.spoil("Forename", "known_as", RATES["known_as"], taken_from(middle), among=among)
    draft.plant("Middle Names", "known_as", called, people.first_name[person[called]])
    among = np.flatnonzero(other != draft.cells["Surname"])
    rows = draft.spoil(
        "Surname", "other_parents_surname", RATES["other_parents_surname"], taken_from(other), among=among
    )
    draft.plant("Preferred Surname", "other_parents_surname", rows[::2], people.surname[person[rows[::2]]])
    spoil_names(draft, "Forename", "Surname", RATES)
    spoil_dates(draft, "DOB", RATES, YMD)
    spoil_upns(draft, "UPN", RATES)
    former = draft.chance.stream("former").share(len(draft), FORMER_UPN)
    draft.cells["Former UPN"][former] = _temporary(people.upn[person[former]])


def _other_surname(world: World, draft: Draft) -> Texts:
    """Return a parent's surname, today's or the one before, that is not the child's; else the child's."""
    people, held = world.people, draft.cells["Surname"]
    for parent in (people.mother[draft.person], people.father[draft.person]):
        for surname in (people.surname[parent], people.former_surname[parent]):
            is_other = (parent != NOBODY) & (surname != "") & (surname != people.surname[draft.person])
            held = np.where(is_other, surname, held)
    return held


def _temporary(upn: Texts) -> Texts:
    """Return the temporary number each pupil once had: a letter for the last figure, its own check letter."""
    made = [each[1:12] + "A" for each in upn]
    return texts([upn_check_letter(each) + each if len(each) == 12 else "" for each in made])


def _write_school(draft: Draft, world: World) -> None:
    """Write what the school knows: meals, ethnicity, special needs, school and year."""
    people, person, n = world.people, draft.person, len(draft)
    chance, on = draft.chance.stream("school"), world.today - np.timedelta64(DAYS_OLD, "D")
    is_poor = is_eligible(world, person)
    since = on - chance.stream("meals").integers(20, 1500, n).astype("timedelta64[D]")
    since = np.maximum(since, people.born[person] + np.timedelta64(4 * 365 + 1, "D"))
    need = chance.stream("needs").random(n) * np.where(people.is_disabled[person], 0.25, 1.2)
    school = people.school[person]
    draft.fill(
        {
            "FSM Start Date": writing.only_where(is_poor, write_days(np.minimum(since, on), YMD)),
            "FSM End Date": "",
            "FSM UK Country": writing.only_where(is_poor, "ENG"),
            "Ethnicity": ethnic_codes(people.ethnic_group[person], chance.stream("ethnicity")),
            "SEN Provision": np.where(need < PLANNED, "E", np.where(need < PLANNED + SUPPORTED, "K", "N")),
            "LAESTAB": world.settings.school_laestab[school],
            "URN": world.settings.school_urn[school],
            "Enrolment Status": "C",
            "NC Year": _years(people.born[person], on),
        }
    )
    rows = draft.spoil(
        "FSM Start Date",
        "fsm_unregistered",
        RATES["fsm_unregistered"],
        writing.blank,
        among=np.flatnonzero(is_poor),
    )
    draft.plant("FSM UK Country", "fsm_unregistered", rows, texts([""] * len(rows)))


def is_eligible(world: World, person: Ints) -> Bools:
    """Return which children may have free school meals: those in a household of low income."""
    household = world.people.household[person]
    eligible: Bools = (household != NOBODY) & world.households.is_poor[household]
    return eligible


def ethnic_codes(group: Texts, chance: Chance) -> Texts:
    """Return a DfE code for each census group, by the group's own shares."""
    made = texts(["NOBT"] * len(group))
    for name, (codes, shares) in ETHNIC_CODES.items():
        rows = np.flatnonzero(group == name)
        made[rows] = chance.stream(name).pick(codes, len(rows), shares)
    return made


def _years(born: Dates, on: np.datetime64) -> Texts:
    """Return the year group: N2, R for reception, then 1 to 12, by age on the last 31 August."""
    year = on.astype("datetime64[Y]")
    august = year.astype("datetime64[M]") + 7
    last = (august - 12 if august.astype("datetime64[D]") > on else august).astype("datetime64[D]") + 30
    place = np.clip(whole_years(born, np.full(len(born), last)) - 3, 0, 14)
    return texts(["N2", "R", *map(str, range(1, 14))])[place]
