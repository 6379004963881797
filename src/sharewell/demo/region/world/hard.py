"""Make the pairs that linking gets wrong, each on purpose and labelled by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np

from sharewell.demo.region.chance import Bools, Chance, Dates, Ints
from sharewell.demo.region.names import Names
from sharewell.demo.region.terms import NOBODY, Homes, People, whole_years
from sharewell.demo.region.world.calendar import DAYS
from sharewell.demo.region.world.neighbours import neighbours, placed

NEWBORN_DAYS = (14, 75)
"""How old newborns are who have been registered and not yet named."""
RECENT_DAYS = 365
"""A new name or a new home in care is a trap while some lists have not heard: about a year."""
JUST_DIED_DAYS, SETTLED_DAYS = 200, 30
"""The dead are still on lists for some months; movers are on one at both addresses after some weeks."""
SIBLING_YEARS = 12
SCHOOL_AGES = (4, 11, 12, 16, 17)
"""Ages at which children get numbers, phones and another school: twins are on one side of each."""


@dataclass
class Making:
    """The people being changed: their columns may be written, each person belongs to one class at most."""

    people: People
    homes: Homes
    residents: int
    today: np.datetime64
    rates: Mapping[str, float]
    names: Names
    chance: Chance
    pairs: list[tuple[str, int, int]] = field(default_factory=list)

    def wanted(self, name: str) -> float:
        """Return how many pairs of a class there should be."""
        return self.rates[name] * self.residents / 1000

    def free(self, rows: Ints) -> Ints:
        """Return those of the rows that no class has yet."""
        made: Ints = rows[self.people.hard[rows] == ""]
        return made

    def some(self, name: str, rows: Ints) -> Ints:
        """Return the places of as many of the rows as are wanted, by chance, all of whom are free."""
        return self.chance.stream(name).some(np.flatnonzero(self.people.hard[rows] == ""), self.wanted(name))

    def pair(self, name: str, one: Ints, two: Ints) -> None:
        """Label two people each as a pair of a class."""
        self.people.hard[one] = self.people.hard[two] = name
        self.pairs += [(name, int(first), int(second)) for first, second in zip(one, two, strict=True)]

    @property
    def age(self) -> Ints:
        """Return everybody's age."""
        return whole_years(self.people.born, self.today)

    @property
    def living(self) -> Bools:
        """Return who lives in the region today."""
        made: Bools = np.isnat(self.people.died_on) & (self.people.home != NOBODY)
        return made


def make_hard(making: Making) -> tuple[tuple[str, int, int], ...]:
    """Make every class of hard pairs in turn, the rarest to come about first, and return the pairs."""
    steps: tuple[Callable[[Making], None], ...] = (
        twins, placeholder_newborns, siblings, fathers_and_sons, one_block, next_door, namesakes,
        care_home_movers, married_names, twice_on_a_list, shared_mobiles, protected,
    )  # fmt: skip
    for step in steps:
        step(making)
    return tuple(making.pairs)


def _siblings(making: Making) -> tuple[Ints, Ints]:
    people = making.people
    children = making.free(np.flatnonzero((people.role == "child") & making.living))
    return neighbours(people.household, children)


def twins(making: Making) -> None:
    """Make brothers or sisters twins: one birth date, one sex, names alike."""
    people = making.people
    one, two = _siblings(making)
    near = (np.abs(making.age[one] - making.age[two]) <= 3) & (people.sex[one] == people.sex[two])
    near &= np.digitize(making.age[one], SCHOOL_AGES) == np.digitize(making.age[two], SCHOOL_AGES)
    one, two = one[near], two[near]
    chosen = making.some("like_named_twins", one)
    one, two = one[chosen], two[chosen]
    for column in (people.born, people.surname, people.school, people.moved_on, people.home_before):
        column[two] = column[one]
    people.first_name[two] = making.names.alike(
        making.chance.stream("alike"), people.first_name[one], people.sex[one]
    )
    making.pair("like_named_twins", one, two)


def placeholder_newborns(making: Making) -> None:
    """Label newborns that a service will hold as Baby."""
    people = making.people
    days = (making.today - people.born).astype(int)
    is_new = (days >= NEWBORN_DAYS[0]) & (days < NEWBORN_DAYS[1])
    born = making.free(np.flatnonzero(is_new & making.living & (people.mother != NOBODY)))
    chosen = born[making.some("placeholder_newborn", born)]
    making.pair("placeholder_newborn", chosen, chosen)


def siblings(making: Making) -> None:
    """Give siblings birth dates that are each other's with the digits of the day swapped."""
    people = making.people
    one, two = _siblings(making)
    apart = np.abs(making.age[one] - making.age[two])
    fit = (apart >= 1) & (apart <= SIBLING_YEARS)
    one, two = one[fit], two[fit]
    swapped = _swapped_days(people.born[one], people.born[two])
    fit = ~np.isnat(swapped)
    one, two, swapped = one[fit], two[fit], swapped[fit]
    same_age = whole_years(swapped, making.today) == making.age[two]
    one, two, swapped = one[same_age], two[same_age], swapped[same_age]
    chosen = making.some("sibling_swapped_birth_date", one)
    people.born[two[chosen]] = swapped[chosen]
    making.pair("sibling_swapped_birth_date", one[chosen], two[chosen])


def _swapped_days(born: Dates, other: Dates) -> Dates:
    """Return days of the other's year, the first one's month, and its day with digits swapped: 12, 21."""
    month = born.astype("datetime64[M]")
    day = (born - month).astype(int) + 1
    swapped = day % 10 * 10 + day // 10
    of_other = other.astype("datetime64[Y]").astype("datetime64[M]") + month.astype(int) % 12
    made = of_other.astype("datetime64[D]") + (swapped - 1).astype(DAYS)
    fits = (swapped != day) & (swapped >= 1) & (made.astype("datetime64[M]") == of_other)
    return np.where(fits, made, np.datetime64("NaT", "D"))


def fathers_and_sons(making: Making) -> None:
    """Give sons of 14 and over who live at home their father's name."""
    people = making.people
    sons = np.flatnonzero(
        (people.father != NOBODY) & (people.sex == "1") & making.living & (making.age >= 14)
    )
    sons = sons[(people.home[sons] == people.home[people.father[sons]])]
    sons = sons[making.some("father_and_son", sons)]
    fathers, first = np.unique(people.father[sons], return_index=True)
    sons = sons[first]
    fit = people.hard[fathers] == ""
    fathers, sons = fathers[fit], sons[fit]
    people.first_name[sons], people.surname[sons] = people.first_name[fathers], people.surname[fathers]
    people.middle_name[sons] = np.where(
        people.middle_name[sons] == people.first_name[sons], "", people.middle_name[sons]
    )
    making.pair("father_and_son", fathers, sons)


def one_block(making: Making) -> None:
    """Give two people of one sex in different flats of a block one name."""
    people, homes = making.people, making.homes
    alone = making.free(np.flatnonzero((people.role == "alone") & making.living))
    alone = alone[homes.parent[people.home[alone]] != NOBODY]
    block = homes.parent[people.home[alone]] * 2 + (people.sex[alone] == "2")
    order = np.argsort(block, kind="stable")
    one, two = neighbours(placed(len(people.id), alone[order], block[order]), alone[order])
    _one_name(making, "same_name_one_block", one, two)


def next_door(making: Making) -> None:
    """Give people of one sex in neighbouring houses one name."""
    people, homes = making.people, making.homes
    heads = making.free(np.flatnonzero(np.isin(people.role, ("head", "alone")) & making.living))
    heads = heads[(homes.kind[people.home[heads]] == "house")]
    street = np.unique(
        np.char.add(
            homes.usrn[people.home[heads]].astype(str), homes.postcode[people.home[heads]].astype(str)
        ),
        return_inverse=True,
    )[1]
    number = np.array(
        [int("".join(filter(str.isdigit, each)) or 0) for each in homes.number[people.home[heads]]]
    )
    order = np.lexsort((number, people.sex[heads] == "2", street))
    key = street * 2 + (people.sex[heads] == "2")
    one, two = neighbours(placed(len(people.id), heads[order], key[order]), heads[order])
    at = placed(len(people.id), heads, number)
    near = (np.abs(at[one] - at[two]) <= 2) & (np.abs(at[one] - at[two]) > 0)
    _one_name(making, "same_name_next_door", one[near], two[near])


def _one_name(making: Making, name: str, one: Ints, two: Ints) -> None:
    people = making.people
    fit = (np.abs(making.age[one] - making.age[two]) >= 1) & (people.partner[one] != two)
    one, two = one[fit], two[fit]
    chosen = making.some(name, one)
    one, two = one[chosen], two[chosen]
    people.first_name[two], people.surname[two] = people.first_name[one], people.surname[one]
    people.former_surname[two] = ""
    people.renamed_on[two] = np.datetime64("NaT")
    making.pair(name, one, two)


def namesakes(making: Making) -> None:
    """Give living people the name of somebody of their sex who died, in the same area where there is one."""
    people, homes = making.people, making.homes
    just_died = people.died_on > making.today - np.timedelta64(JUST_DIED_DAYS, "D")
    dead = making.free(np.flatnonzero(just_died & (people.partner == NOBODY)))
    dead = dead[making.some("dead_or_alive_namesake", dead)]
    old = making.free(
        np.flatnonzero(making.living & (making.age > 45) & np.isin(people.role, ("head", "alone")))
    )
    for one in dead:
        near = old[
            (homes.area[people.home[old]] == homes.area[people.home[one]])
            & (people.sex[old] == people.sex[one])
        ]
        near = near[people.hard[near] == ""]
        if len(near):
            two = making.chance.stream("namesake", int(one)).some(near, 1)
            people.first_name[two], people.surname[two] = people.first_name[one], people.surname[one]
            making.pair("dead_or_alive_namesake", np.array([one]), two)


def care_home_movers(making: Making) -> None:
    """Label those who came into a care home from a home of the region within a year."""
    people, homes = making.people, making.homes
    is_home = homes.kind[people.home] == "care_home"
    came = people.moved_on > making.today - np.timedelta64(RECENT_DAYS, "D")
    movers = making.free(np.flatnonzero(is_home & came & making.living & (people.home_before != NOBODY)))
    making.pair("care_home_mover", movers, movers)


def married_names(making: Making) -> None:
    """Label those whose surname changed within a year."""
    people = making.people
    recent = people.renamed_on > making.today - np.timedelta64(RECENT_DAYS, "D")
    renamed = making.free(np.flatnonzero(recent & making.living & (people.former_surname != "")))
    making.pair("married_name", renamed, renamed)


def twice_on_a_list(making: Making) -> None:
    """Label people who moved within the region and stay on a list at both addresses."""
    people = making.people
    settled = people.moved_on < making.today - np.timedelta64(SETTLED_DAYS, "D")
    could = (people.home_before != NOBODY) & settled & making.living & (making.age >= 18)
    moved = making.free(np.flatnonzero(could))
    chosen = moved[making.some("moved_or_duplicate", moved)]
    making.pair("moved_or_duplicate", chosen, chosen)


def shared_mobiles(making: Making) -> None:
    """Give two members of a household one mobile."""
    people = making.people
    adults = making.free(
        np.flatnonzero(
            making.living & (making.age >= 14) & (people.mobile != "") & (people.household != NOBODY)
        )
    )
    one, two = neighbours(people.household, adults)
    chosen = making.some("shared_mobile", one)
    one, two = one[chosen], two[chosen]
    people.mobile[two] = people.mobile[one]
    making.pair("shared_mobile", one, two)


def protected(making: Making) -> None:
    """Mark people whose address must not surface: as a rule women and children who fled somebody."""
    people = making.people
    fit = making.free(np.flatnonzero(making.living & (people.role != "resident")))
    keen = fit[(people.sex[fit] == "2") | (making.age[fit] < 18)]
    chosen = keen[making.some("protected", keen)]
    people.is_protected[chosen] = True
    making.pair("protected", chosen, chosen)
