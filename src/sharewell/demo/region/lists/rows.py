"""What lists of people do alike: who lives with whom, what is noted as out of date, the order of columns."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sharewell.demo.region.chance import Bools, Chance, Dates, Ints, Texts, texts
from sharewell.demo.region.draft import Draft
from sharewell.demo.region.lists.writing import only_where
from sharewell.demo.region.terms import NOBODY, World


def others_at_home(world: World, at_least: int = 0) -> Ints:
    """Return for each person the next living one of their household of an age; NOBODY if none is."""
    people = world.people
    household = people.household
    fit = np.flatnonzero((household != NOBODY) & np.isnat(people.died_on) & (world.ages() >= at_least))
    fit = fit[np.argsort(household[fit], kind="stable")]
    keys = household[fit] * len(household) + fit
    first = np.searchsorted(household[fit], household, side="left")
    end = np.searchsorted(household[fit], household, side="right")
    after = np.searchsorted(keys, household * len(household) + np.arange(len(household)), side="right")
    at = np.where(after < end, after, first)
    found = np.full(len(household), NOBODY)
    has = (household != NOBODY) & (first < end)
    found[has] = fit[at[has]]
    return np.where(found == np.arange(len(household)), NOBODY, found)


def of(values: Texts, rows: Ints) -> Texts:
    """Return the values of these rows, "" where there is none."""
    return only_where(rows != NOBODY, values[rows])


def again(chance: Chance, n: int, share: float, thrice: float = 0.15) -> Ints:
    """Return the row numbers below ``n``, then those of a share that come twice, some of them thrice."""
    twice = chance.share(n, share)
    return np.concatenate([np.arange(n), twice, chance.some(twice, thrice * len(twice))])


def note_old_addresses(draft: Draft, world: World, column: str) -> None:
    """Note the postcodes of addresses where people do not live today, and count the rows that have one.

    Call before the address is written, as the errors planted in it come after. Those who left have "".
    """
    people = world.people
    now = people.home[draft.person]
    draft.fill({column: of(world.homes.postcode, draft.home)})
    is_old = (now != draft.home) & np.isnat(people.died_on[draft.person])
    today = of(world.homes.postcode, now)
    rows = np.flatnonzero(is_old & (draft.cells[column] != today))
    draft.note(column, "stale_address", rows, today[rows])
    draft.count("stale_address", len(draft), int(is_old.sum()))


def note_deaths(draft: Draft, column: str, died: Dates, truth: Texts | str) -> None:
    """Note and count the rows of people whose death the list has not heard of, where a column says so or not.

    ``truth`` is what the column would say had the list heard.
    """
    rows = np.flatnonzero(~np.isnat(died) & (draft.cells[column] != truth))
    right = texts([truth] * len(rows)) if isinstance(truth, str) else truth[rows]
    draft.note(column, "dead_still_listed", rows, right)
    draft.count("dead_still_listed", len(draft), len(rows))


def note_former_surnames(draft: Draft, world: World, column: str) -> None:
    """Note and count the surnames that are people's former ones."""
    now = world.people.surname[draft.person]
    rows = np.flatnonzero(draft.cells[column] != now)
    draft.note(column, "former_name", rows, now[rows])
    draft.count("former_name", len(draft), len(rows))


def is_dead(world: World, person: Ints) -> Bools:
    """Return who of these people has died."""
    dead: Bools = ~np.isnat(world.people.died_on[person])
    return dead


def best_phones(world: World, person: Ints) -> Texts:
    """Return the mobile of each person, or else the landline."""
    people = world.people
    mobile = people.mobile[person]
    return np.where(mobile != "", mobile, people.landline[person]).astype(object)


def in_order(draft: Draft, columns: Sequence[str]) -> Draft:
    """Return the draft with its columns in the order of its file; a column missing is an error of ours."""
    draft.cells = {name: draft.cells[name] for name in columns}
    return draft


def put_off(chance: Chance, day: Dates, low: int, high: int) -> Dates:
    """Return days some days after others: from ``low`` up to, not including, ``high``."""
    later: Dates = day + chance.integers(low, high, len(day)).astype("timedelta64[D]")
    return later


def days_before(chance: Chance, on: np.datetime64, n: int, most: int) -> Dates:
    """Return ``n`` days within so many before a day."""
    return on - chance.integers(0, most, n).astype("timedelta64[D]")


def shuffled(chance: Chance, person: Ints) -> Ints:
    """Return people in the order that a file has them, which says nothing about who lives with whom."""
    return person[chance.shuffled(len(person))]


def lived_here(world: World, person: Ints, day: Dates) -> Bools:
    """Return who was born, alive and living in the region on a day of their own."""
    people = world.people
    came = (people.home_before[person] == NOBODY) & (people.moved_on[person] > day)
    gone = (people.died_on[person] <= day) | (people.left_on[person] <= day)
    here: Bools = (people.born[person] <= day) & ~came & ~gone
    return here
