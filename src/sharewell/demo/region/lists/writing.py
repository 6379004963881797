"""Cells that many lists write the same way: sums of money, titles, yes and no, references, UPRNs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

import numpy as np

from sharewell.demo.region.chance import Bools, Chance, Floats, Ints, Texts, texts
from sharewell.demo.region.dirt.kinds import Rates, where
from sharewell.demo.region.dirt.name_slips import can_be_mojibake, unaccented
from sharewell.demo.region.dirt.names import NAME_RATES, change_of
from sharewell.demo.region.dirt.numbers import spoil_uprns
from sharewell.demo.region.draft import Draft
from sharewell.demo.region.terms import NOBODY, World

_WHOLE: Final[Mapping[str, Callable[[str], bool]]] = {
    "name_key_slip": lambda name: name.isascii() and name[1:] != name[1:].upper(),
    "name_misread": lambda name: "e" in name or "o" in name,
    "name_hyphen_lost": lambda name: "-" in name,
    "name_apostrophe_lost": lambda name: "'" in name,
    "name_accent_lost": lambda name: not name.isascii() and unaccented(name) != name,
    "name_mojibake": can_be_mojibake,
    "name_capitals": lambda name: name.upper() != name,
    "name_stray_space": bool,
}
"""The dirt of single names that a whole name in one cell has too, by a quick test: few whole names recur."""
WHOLE_NAME_RATES: Final[Rates] = {kind: NAME_RATES[kind] for kind in _WHOLE}


def spoil_whole_names(draft: Draft, column: str, rates: Rates) -> None:
    """Spoil a column of whole names with slips, lost marks, capitals and stray spaces."""
    for kind, may in _WHOLE.items():
        among = np.flatnonzero(where(may)(draft.cells[column]))
        change = change_of(kind, draft.chance.stream(column, kind, "how"))
        draft.spoil(column, kind, rates[kind], change, among=among)


def pounds(amount: Floats) -> Texts:
    """Return sums of money in pounds and pence."""
    return texts([f"{value:.2f}" for value in amount.tolist()])


def yes_no(is_so: Bools, yes: str = "Y", no: str = "N") -> Texts:
    """Return one word where it is so and another where it is not."""
    made: Texts = np.where(is_so, texts([yes])[0], texts([no])[0]).astype(object)
    return made


def only_where(is_so: Bools, value: Texts | str) -> Texts:
    """Return the values where it is so, and "" elsewhere."""
    return np.where(is_so, value, "").astype(object)


def numbers(prefix: str, value: Ints, width: int) -> Texts:
    """Return whole numbers with zeros before them and a prefix."""
    return texts([f"{prefix}{each:0{width}d}" for each in value.tolist()])


def titles(chance: Chance, sex: Texts, age: Ints, is_married: Bools) -> Texts:
    """Return Mr, Mrs, Miss or Ms, by sex, marriage and chance; rarely Dr."""
    number = chance.random(len(sex))
    woman = np.where(is_married, np.where(number < 0.85, "Mrs", "Ms"), np.where(number < 0.5, "Miss", "Ms"))
    woman = np.where(~is_married & (age > 64) & (number < 0.7), "Mrs", woman)
    titled: Texts = np.where(number > 0.99, "Dr", np.where(sex == "1", "Mr", woman)).astype(object)
    return titled


def references_of_homes(world: World, home: Ints, prefix: str, salt: int = 0) -> Texts:
    """Return a nine-figure reference for each home, unlike every other home's, the same in every list."""
    uprn = world.homes.uprn[home].astype("U12").astype(np.int64)
    return numbers(prefix, (uprn * 7919 + salt * 104_729) % 900_000_000 + 100_000_000, 9)


def references_of_people(world: World, person: Ints, prefix: str, salt: int) -> Texts:
    """Return a ten-figure reference for each person, different from every other person's in the same list."""
    number = world.people.nhs_number[person].astype("U10").astype(np.int64)
    return numbers(prefix, (number * 104_729 + salt) % 10_000_000_000, 10)


def check_digits(reference: Texts) -> Texts:
    """Return each nine-figure reference's check digit, weighted 10 to 2, modulo 11; X for ten."""
    figures = reference.astype("U9").view("U1").reshape(-1, 9).astype(np.int64)
    remainder = (11 - figures @ np.arange(10, 1, -1) % 11) % 11
    made: Texts = texts([*"0123456789X"])[remainder]
    return made


def write_uprn(draft: Draft, world: World, stale: Mapping[str, Bools], rates: Rates) -> None:
    """Write the UPRN of the address each row states, log which are out of date and spoil a share of them.

    ``stale`` says by kind of dirt which rows state an address that is not the person's today. The log holds
    the UPRN that is right today, "" for those who left or died. All the dead are noted, if not told which.
    """
    draft.fill({"UPRN": world.homes.uprn[draft.home]})
    people, named = world.people, draft.person != NOBODY
    now, is_dead = people.home[draft.person], named & ~np.isnat(people.died_on[draft.person])
    today = only_where((now != NOBODY) & ~is_dead, world.homes.uprn[now])
    for kind, is_so in {"dead_still_listed": is_dead, **stale}.items():
        rows = np.flatnonzero(is_so & named & ((kind == "dead_still_listed") | ~is_dead))
        draft.note("UPRN", kind, rows, today[rows])
        draft.count(kind, int(named.sum()), len(rows))
    spoil_uprns(draft, "UPRN", rates)


def blank(values: Texts, rows: Ints) -> Texts:
    """Lose the values: a change for ``Draft.spoil``."""
    return texts([""] * len(values))


def begin(name: str, world: World, chance: Chance, person: Ints, home: Ints) -> Draft:
    """Return a list with a row for each of these people at these addresses, each with its hard-pair class."""
    hard = only_where(person != NOBODY, world.people.hard[person])
    return Draft(name=name, person=person, home=home, hard=hard, chance=chance)


def note_former_names(draft: Draft, column: str, now: Texts) -> None:
    """Log the names that are people's former ones, where the list has not heard of the new; count them."""
    rows = np.flatnonzero(draft.cells[column] != now)
    draft.note(column, "former_name", rows, now[rows])
    draft.count("former_name", len(draft), len(rows))
