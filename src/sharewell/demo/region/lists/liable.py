"""The name on a council tax bill: a person's, a couple's under one initial, an estate's, a company's."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np

from sharewell.demo.region.chance import Bools, Ints, Texts, texts
from sharewell.demo.region.dirt.kinds import taken_from
from sharewell.demo.region.draft import Draft
from sharewell.demo.region.lists import writing
from sharewell.demo.region.lists.accounts import Accounts
from sharewell.demo.region.lists.holders import partners
from sharewell.demo.region.terms import NOBODY, World

PERSON, JOINT_PERSON = "Liable Person", "Joint Liable Person"
OWNER: Final = "The Owner"
JOINT: Final = 0.6
"""Of couples, those billed jointly (an assumption: the law makes both liable, bills often name one)."""
COMPANY_WORDS: Final = (
    "Zebrolet", "Zebrodom", "Zebromere", "Quartolet", "Quartodom", "Quartomere", "Plimmolet", "Plimmodom",
    "Plimmomere", "Vexolet", "Vexodom", "Vexomere", "Ombrolet", "Ombrodom", "Ombromere",
)  # fmt: skip
"""Coined, so that no company of these names is a real one."""
COMPANY_KINDS: Final = (
    "Lettings Ltd",
    "Estates Ltd",
    "Properties Ltd",
    "Homes Limited",
    "Holdings plc",
    "& Co",
    "Investments",
)
ESTATES: Final = (
    "The Executors of {}",
    "Executors of {} (Deceased)",
    "Exors of the late {}",
    "Personal Reps of {}",
)


def write_liable(draft: Draft, world: World, accounts: Accounts, rates: Mapping[str, float]) -> None:
    """Write who is liable and who jointly, with the names that bills really carry."""
    people, person = world.people, draft.person
    named = person != NOBODY
    partner = partners(world, np.where(accounts.is_estate, NOBODY, person))
    chance = draft.chance.stream("liable")
    joint = (partner != NOBODY) & chance.stream("joint").happens(JOINT, len(draft))
    title = titles_of(draft, world, person, partner)
    full = title + " " + people.first_name[person] + " "
    draft.fill({PERSON: np.where(named, full + accounts.surname, OWNER)})
    writing.note_former_names(draft, PERSON, np.where(named, full + people.surname[person], OWNER))
    beside = (
        titles_of(draft, world, partner, person)
        + " "
        + people.first_name[partner]
        + " "
        + people.surname[partner]
    )
    draft.fill({JOINT_PERSON: writing.only_where(joint, beside)})
    taken = _under_one_initial(draft, world, partner, joint, accounts.surname)
    _initials(draft, world, accounts, title, np.flatnonzero(named & ~taken & ~accounts.is_estate), rates)
    _estates(draft, np.flatnonzero(accounts.is_estate))
    draft.spoil(PERSON, "business", rates["business"], _company, among=np.flatnonzero(~named))
    writing.spoil_whole_names(draft, PERSON, rates)


def titles_of(draft: Draft, world: World, person: Ints, partner: Ints) -> Texts:
    """Return a title for each person; a partner, or another surname before, is taken for marriage."""
    people = world.people
    married = (partner != NOBODY) | (people.former_surname[person] != "")
    return writing.titles(draft.chance.stream("title"), people.sex[person], world.ages()[person], married)


def _under_one_initial(draft: Draft, world: World, partner: Ints, joint: Bools, surname: Texts) -> Bools:
    """Name some couples "Mr & Mrs J Smith" and some wives "Mrs J Smith", after the husband; return which."""
    people, person = world.people, draft.person
    is_wife = people.sex[person] == "2"
    husband = np.where(is_wife, partner, person)
    couple = (
        (partner != NOBODY)
        & (people.sex[person] != people.sex[partner])
        & (people.surname[partner] == surname)
    )
    initial = texts([name[:1] for name in people.first_name[husband]])
    differs = initial != texts([name[:1] for name in people.first_name[person]])
    taken = np.zeros(len(draft), dtype=bool)
    for kind, form, among in (
        ("couple_in_one_name", "Mr & Mrs ", couple & joint),
        ("husbands_initials", "Mrs ", couple & ~joint & is_wife & differs),
    ):
        after = form + initial + " " + surname
        rows = draft.spoil(
            PERSON, kind, world.rates["husbands_initials"], taken_from(after), among=np.flatnonzero(among)
        )
        draft.plant(JOINT_PERSON, kind, rows, texts([""] * len(rows)))
        draft.hard[rows] = "husbands_initials"
        taken[rows] = True
    return taken


def _initials(
    draft: Draft, world: World, accounts: Accounts, title: Texts, among: Ints, rates: Mapping[str, float]
) -> None:
    """Write some names with initials alone, half of these with the middle one, some without a title."""
    people, person = world.people, draft.person
    number = draft.chance.stream("initials").random(len(draft))
    middle = writing.only_where(number < 0.5, people.middle_name[person])
    written = [
        f"{called if at < 0.8 else ''} {one[:1]} {two[:1]} {last}"
        for called, at, one, two, last in zip(
            title, number, people.first_name[person], middle, accounts.surname, strict=True
        )
    ]
    after = texts([" ".join(each.split(" ")).replace("  ", " ").strip() for each in written])
    draft.spoil(PERSON, "initials_only", rates["initials_only"], taken_from(after), among=among)


def _estates(draft: Draft, rows: Ints) -> None:
    """Name the executors where the person liable has died."""
    form = draft.chance.stream("estates").pick(ESTATES, len(rows))
    named = draft.cells[PERSON][rows]
    draft.plant(
        PERSON, "executors", rows, texts([each.format(name) for each, name in zip(form, named, strict=True)])
    )
    draft.count("executors", len(draft), len(rows))


def _company(values: Texts, rows: Ints) -> Texts:
    """Return made-up companies, one of a few hundred for each row."""
    words, kinds = texts(COMPANY_WORDS), texts(COMPANY_KINDS)
    made: Texts = words[rows * 7 % len(words)] + " " + kinds[rows * 5 % len(kinds)]
    return made
