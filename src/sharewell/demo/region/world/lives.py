"""Three years of lives: who moved, died, left, went into care, married or parted. Staleness is earned here.

Homes change hands in chains: whoever leaves a home does so before its next household moves in.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from sharewell.demo.region.chance import Bools, Chance, Dates, Ints, Texts
from sharewell.demo.region.frame.fit import COMPOSED
from sharewell.demo.region.frame.terms import Frame
from sharewell.demo.region.terms import NOBODY
from sharewell.demo.region.world.calendar import DAYS, born_by_age, days_ago, never
from sharewell.demo.region.world.homes import Laid
from sharewell.demo.region.world.housing import Housing
from sharewell.demo.region.world.part import Part
from sharewell.demo.region.world.spots import Spots

WINDOW = 3 * 365
"""Days of history kept: longer than any list lags."""
MOBILITY = np.array((0.35, 0.75, 1.0, 0.8, 0.9, 2.3, 1.6, 1.0))
"""How much likelier than others a household of each tenure moves (English Housing Survey, rounded)."""
LOCAL_MOVES = 0.62
"""Share of moves that stay in the neighbourhood's part of the region (Census 2021 migration: most do)."""
CARE_YEARS = 900
"""Days within which those now in homes came: the median stay is about two years."""


@dataclass(frozen=True)
class Lives:
    """One row a person: residents first, in the order of the spots, then the dead, then those who left."""

    household: Ints
    home: Ints
    home_before: Ints
    moved_on: Dates
    died_on: Dates
    left_on: Dates
    born: Dates
    is_woman: Bools
    widow: Ints
    """For the dead: the person they left behind, whose name they share; NOBODY otherwise."""
    group: Ints
    """For those who left: whom they left with (equal numbers); NOBODY otherwise."""


@dataclass
class Vacancies:
    """Homes that changed hands, by the day the present household came, and homes that stand empty."""

    home: Ints
    since: Dates
    is_taken: Bools

    def take(self, left: Dates) -> Ints:
        """Return for each day of leaving a home that was free then, each home once; NOBODY if none is.

        The home's next household came on that day or later.
        """
        free = np.flatnonzero(~self.is_taken)
        order = np.argsort(left, kind="stable")
        at = np.searchsorted(self.since[free], left[order], side="left")
        at = np.maximum.accumulate(at - np.arange(len(at))) + np.arange(len(at))
        got = np.full(len(left), NOBODY)
        fits = at < len(free)
        chosen = free[at[fits]]
        self.is_taken[chosen] = True
        got[order[fits]] = self.home[chosen]
        return got


def live(
    frame: Frame, part: Part, spots: Spots, housing: Housing, laid: Laid, is_woman: Bools, chance: Chance
) -> Lives:
    """Return the lives of everybody a part knows of."""
    moved = _moved(frame, part, spots, housing, chance.stream("moves"))
    vacancies = _vacancies(part, laid, moved, chance.stream("vacancies"))
    before = _came_from(laid, moved, vacancies, chance.stream("from"))
    residents = _residents(part, spots, laid, moved, before, is_woman, chance.stream("born"))
    residents = _into_care(part, spots, laid, residents, vacancies, chance.stream("care"))
    died = _died(part, spots, laid, residents, vacancies, chance.stream("died"))
    left = _left(part, laid, vacancies, chance.stream("left"))
    return Lives(
        **{
            each.name: np.concatenate([getattr(some, each.name) for some in (residents, died, left)])
            for each in fields(Lives)
        }
    )


def _moved(frame: Frame, part: Part, spots: Spots, housing: Housing, chance: Chance) -> Dates:
    """Return the day each household moved in, or never within the window."""
    churn = np.asarray(part.of(frame.margins.churn), dtype=float)[spots.household_area]
    yearly = np.clip(churn * MOBILITY[housing.tenure], 0.01, 0.6)
    stayed = (1 - yearly) * (1 - yearly) * (1 - yearly)
    moved = never(len(yearly))
    movers = np.flatnonzero(chance.happens(1 - stayed, len(yearly)))
    moved[movers] = days_ago(part.today, chance.stream("when"), len(movers), WINDOW)
    return moved


def _vacancies(part: Part, laid: Laid, moved: Dates, chance: Chance) -> Vacancies:
    """Return every home that changed hands or stands empty, in the order of the day it was filled again."""
    movers = np.flatnonzero(~np.isnat(moved))
    lived_in = np.zeros(len(laid.home_of), dtype=bool)
    lived_in[laid.of_household] = True
    empty = np.flatnonzero((laid.home_of >= 0) & ~lived_in)
    home = np.concatenate([laid.of_household[movers], empty])
    since = np.concatenate([moved[movers], np.full(len(empty), part.today + np.timedelta64(1, "D"))])
    order = np.lexsort((chance.random(len(home)), since))
    return Vacancies(home[order], since[order], np.zeros(len(home), dtype=bool))


def _came_from(laid: Laid, moved: Dates, vacancies: Vacancies, chance: Chance) -> Ints:
    """Return the home each household had before: NOBODY for those who did not move or came from elsewhere."""
    before = np.full(len(moved), NOBODY)
    movers = np.flatnonzero(~np.isnat(moved))
    local = movers[chance.happens(LOCAL_MOVES, len(movers))]
    before[local] = vacancies.take(moved[local] + np.timedelta64(1, "D"))
    return elsewhere(laid.homes.postcode, laid.of_household, before)


def elsewhere(postcode: Texts, home: Ints, before: Ints) -> Ints:
    """Return the homes before, but for those of the same postcode: a move shows in what lists write."""
    stayed = (before != NOBODY) & (postcode[before] == postcode[home])
    return np.where(stayed, NOBODY, before)


def _residents(
    part: Part, spots: Spots, laid: Laid, moved: Dates, before: Ints, is_woman: Bools, chance: Chance
) -> Lives:
    n = len(spots.age)
    born = born_by_age(spots.age, part.today, chance)
    housed = spots.household != NOBODY
    moved_on, home_before = never(n), np.full(n, NOBODY)
    moved_on[housed] = moved[spots.household[housed]]
    home_before[housed] = before[spots.household[housed]]
    here_since_birth = born >= moved_on
    moved_on[here_since_birth] = np.datetime64("NaT")
    home_before[here_since_birth] = NOBODY
    nobody = np.full(n, NOBODY)
    return Lives(
        spots.household,
        laid.of_spot,
        home_before,
        moved_on,
        never(n),
        never(n),
        born,
        is_woman,
        nobody,
        nobody,
    )


def _into_care(
    part: Part, spots: Spots, laid: Laid, residents: Lives, vacancies: Vacancies, chance: Chance
) -> Lives:
    """Give those in care homes the day they came and the home they left."""
    entrants = np.flatnonzero(spots.in_care)
    came = days_ago(part.today, chance, len(entrants), CARE_YEARS)
    residents.moved_on[entrants] = came
    left = vacancies.take(came)
    residents.home_before[entrants] = elsewhere(laid.homes.postcode, residents.home[entrants], left)
    return residents


DEATH_AGES = ((0.0, 0.0), (0.01, 1.0), (0.03, 38.0), (0.12, 61.0), (0.3, 73.0), (0.5, 81.0), (0.75, 88.0),
              (0.95, 95.0), (1.0, 103.0))  # fmt: skip
"""Age at death in England and Wales (ONS, deaths registered 2019 to 2021, rounded): share, years."""
DIED_IN_CARE, LEFT_A_WIDOW = 0.2, 0.35


def _died(
    part: Part, spots: Spots, laid: Laid, residents: Lives, vacancies: Vacancies, chance: Chance
) -> Lives:
    """Return the dead of the window: some had a partner who now lives alone, some died in a home."""
    n = part.died
    died = days_ago(part.today, chance.stream("when"), n, WINDOW)
    shares, years = zip(*DEATH_AGES, strict=True)
    age = np.interp(chance.stream("age").random(n), shares, years)
    born = died - (age * 365.25).astype(np.int64).astype(DAYS)
    is_woman = chance.stream("sex").happens(0.5, n)
    home, household, widow = _last_home(part, spots, laid, residents, vacancies, died, is_woman, born, chance)
    nobody = np.full(n, NOBODY)
    return Lives(household, home, nobody, never(n), died, never(n), born, is_woman, widow, nobody)


def _last_home(
    part: Part, spots: Spots, laid: Laid, residents: Lives, vacancies: Vacancies, died: Dates,
    is_woman: Bools, born: Dates, chance: Chance,
) -> tuple[Ints, Ints, Ints]:  # fmt: skip
    """Return each dead person's last home, household and widow or widower."""
    n = len(died)
    home, household, widow = (np.full(n, NOBODY) for _ in range(3))
    draw = chance.stream("how").random(n)
    is_old = (died - born).astype(int) > 60 * 365
    care_homes = np.flatnonzero(laid.homes.kind == "care_home")
    in_care = np.flatnonzero((draw < DIED_IN_CARE) & is_old & (len(care_homes) > 0))
    if len(in_care):
        home[in_care] = chance.stream("care").pick(care_homes, len(in_care))
    married = np.flatnonzero((draw >= 1 - LEFT_A_WIDOW) & is_old)
    partner = _widows(spots, residents, is_woman[married], chance.stream("widows"))
    found = married[partner != NOBODY]
    widow[found] = partner[partner != NOBODY]
    home[found], household[found] = residents.home[widow[found]], residents.household[widow[found]]
    others = np.flatnonzero(home == NOBODY)
    home[others] = vacancies.take(died[others])
    homeless = np.flatnonzero(home == NOBODY)
    home[homeless] = chance.stream("any").pick(laid.of_household, len(homeless))
    return home, household, widow


def _widows(spots: Spots, residents: Lives, is_woman: Bools, chance: Chance) -> Ints:
    """Return for each of the dead a person over 66 who lives alone, of the other sex, each once."""
    alone = spots.of[COMPOSED[spots.kind] == 0]
    found = np.full(len(is_woman), NOBODY)
    stayed = alone[np.isnat(residents.moved_on[alone])]
    for sex in (False, True):
        wanted = np.flatnonzero(is_woman == sex)
        free = stayed[residents.is_woman[stayed] != sex]
        chosen = free[chance.stream(int(sex)).shuffled(len(free))][: len(wanted)]
        found[wanted[: len(chosen)]] = chosen
    return found


LEAVING_GROUPS = ((0.0, 1), (0.5, 2), (0.8, 3), (0.92, 4))
LEAVERS_AGES = ((0.0, 18.0), (0.3, 23.0), (0.6, 29.0), (0.85, 42.0), (1.0, 75.0))


def _left(part: Part, laid: Laid, vacancies: Vacancies, chance: Chance) -> Lives:
    """Return those who left the region, alone or together, from homes filled again since."""
    n = part.left
    group, place = _groups(n, chance.stream("groups"))
    groups = int(group[-1]) + 1 if n else 0
    left = days_ago(part.today, chance.stream("when"), groups, WINDOW)
    home = vacancies.take(left)
    homeless = np.flatnonzero(home == NOBODY)
    home[homeless] = chance.stream("any").pick(laid.of_household, len(homeless))
    age = _leavers_age(group, place, chance.stream("age"))
    born = left[group] - (age * 365.25).astype(np.int64).astype(DAYS)
    nobody = np.full(n, NOBODY)
    is_woman = np.where(
        place < 2, (place == 1) ^ chance.stream("head").happens(0.5, groups + 1)[group], False
    )
    is_woman = np.where(place < 2, is_woman, chance.stream("child").happens(0.5, n))
    return Lives(
        nobody, nobody, home[group], left[group], never(n), left[group], born, is_woman, nobody, group
    )


def _groups(n: int, chance: Chance) -> tuple[Ints, Ints]:
    """Return for each of those who left the group they left with and their place in it."""
    shares, sizes = zip(*LEAVING_GROUPS, strict=True)
    size = np.array(sizes)[np.searchsorted(shares, chance.random(n), side="right") - 1]
    group = np.repeat(np.arange(n), size)[:n]
    return group, np.arange(n) - np.searchsorted(group, group, side="left")


def _leavers_age(
    group: Ints, place: Ints, chance: Chance
) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    shares, years = zip(*LEAVERS_AGES, strict=True)
    head = np.interp(chance.stream("head").random(len(group) + 1), shares, years)[group]
    child = 0.2 + 16.8 * chance.stream("child").random(len(group))
    return np.asarray(np.where(place < 2, head, np.minimum(child, np.maximum(head - 18, 0.1))))
