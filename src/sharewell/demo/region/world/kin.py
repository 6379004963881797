"""Who is whose mother, father and partner, and what everybody is called."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sharewell.demo.region.chance import Chance, Dates, Ints, Texts
from sharewell.demo.region.frame.fit import COMPOSED
from sharewell.demo.region.frame.kinds import ETHNIC_GROUPS, MARRIED, RELATED
from sharewell.demo.region.frame.terms import Frame
from sharewell.demo.region.names import Names
from sharewell.demo.region.terms import NOBODY
from sharewell.demo.region.world.calendar import DAYS, NEVER, days_ago, never
from sharewell.demo.region.world.lives import WINDOW, Lives
from sharewell.demo.region.world.part import Part
from sharewell.demo.region.world.partings import part_ways
from sharewell.demo.region.world.spots import ADULT, ALONE, CHILD_ROLE, HEAD, PARTNER, Spots

OTHER_GROUP_PARTNERS = 0.1
"""Share of couples of two ethnic groups (Census 2011: 9 %)."""
TOOK_HIS_NAME = 0.85
FATHERS_NAME, BOTH_NAMES = 0.88, 0.04
"""Children of couples with two surnames: with the father's, with both; the rest have the mother's."""
LONE_CHILD_FATHERS_NAME = 0.4
RELATIVES_ONE_NAME = 0.65
MIDDLE_NAMES = 0.6
KEPT_HIS_NAME = 0.55
"""Mothers who were married to the man who left, and bear his name."""
JUST_MARRIED, TOOK_HER_NAME_BACK = 0.10, 0.05
"""Of married women under 45, who married within the window; of lone women, who took their own name back."""


@dataclass(frozen=True)
class Kin:
    """Pointers among the people of a part, NOBODY for none."""

    mother: Ints
    father: Ints
    partner: Ints
    parted_from: Ints
    """For mothers whose partner left within the window: who that was."""


@dataclass(frozen=True)
class Called:
    """What everybody is called."""

    ethnic_group: Texts
    heritage: Texts
    first_name: Texts
    middle_name: Texts
    surname: Texts
    former_surname: Texts
    renamed_on: Dates


def kin_of(spots: Spots, lives: Lives, chance: Chance) -> Kin:
    """Return who is whose mother, father and partner, among those who live together or did."""
    n = len(lives.home)
    mother, father, partner, parted_from = (np.full(n, NOBODY) for _ in range(4))
    second = np.flatnonzero(spots.role == PARTNER)
    head = spots.of[spots.household[second]]
    partner[second], partner[head] = head, second
    widowed = np.flatnonzero(lives.widow != NOBODY)
    partner[widowed], partner[lives.widow[widowed]] = lives.widow[widowed], widowed
    for child in (_dependants(spots), _grown(spots)):
        first = spots.of[spots.household[child]]
        for parent in (first, partner[first]):
            is_parent = (parent != NOBODY) & (
                lives.born[parent] + np.timedelta64(15 * 365, "D") < lives.born[child]
            )
            of_mother = is_parent & lives.is_woman[parent]
            mother[child[of_mother]] = parent[of_mother]
            of_father = is_parent & ~lives.is_woman[parent]
            father[child[of_father]] = parent[of_father]
    alone, gone = part_ways(spots, lives, chance)
    parted_from[alone] = gone
    fatherless = np.flatnonzero((mother != NOBODY) & (father == NOBODY))
    father[fatherless] = parted_from[mother[fatherless]]
    return Kin(mother, father, partner, parted_from)


def _dependants(spots: Spots) -> Ints:
    return np.flatnonzero(spots.role == CHILD_ROLE)


def _grown(spots: Spots) -> Ints:
    """Return grown children at home: the other adults of a household of one family."""
    adults = np.flatnonzero(spots.role == ADULT)
    composed = COMPOSED[spots.kind[spots.household[adults]]]
    return adults[~np.isin(composed, [*RELATED, 13])]


def call(
    frame: Frame, part: Part, spots: Spots, lives: Lives, kin: Kin, names: Names, chance: Chance
) -> Called:
    """Return everybody's names, families sharing theirs as families do."""
    group = _groups(frame, part, spots, lives, kin, chance.stream("groups"))
    districts = np.array([each.code for each in frame.districts], dtype=object)
    district = districts[np.asarray(part.of(frame.district))[_area(spots, lives)]]
    heritage = _heritage(spots, lives, kin, group, district, names, chance.stream("heritage"))
    sex = np.where(lives.is_woman, "2", "1").astype(object)
    born = lives.born.astype("datetime64[Y]").astype(int) + 1970
    first = names.forenames(chance.stream("first"), sex, born, heritage)
    first = _unlike_siblings(spots, first, names, sex, born, heritage, chance.stream("again"))
    middle = names.forenames(chance.stream("middle"), sex, born, heritage)
    has_middle = chance.stream("has_middle").happens(MIDDLE_NAMES, len(first)) & (middle != first)
    middle = np.where(has_middle, middle, "")
    own = names.surnames(chance.stream("surnames"), heritage)
    own = names.surnames_of_children(chance.stream("own"), own, sex, heritage)
    naming = Naming(part, spots, lives, kin, names, sex, heritage)
    surname, former, renamed = _surnames(naming, own, chance.stream("rules"))
    return Called(group, heritage, first, middle, surname, former, renamed)


def _area(spots: Spots, lives: Lives) -> Ints:
    """Return everybody's area; the dead and those who left take one by turns, near enough for a name."""
    more = len(lives.home) - len(spots.area)
    return np.concatenate([spots.area, spots.area[np.arange(more) * 7 % max(len(spots.area), 1)]])


def _root(spots: Spots, lives: Lives, kin: Kin) -> Ints:
    """Return for each whose origins they share: the first of the household, the widow, the first to leave."""
    root = np.arange(len(lives.home))
    housed = np.flatnonzero(spots.household != NOBODY)
    composed = COMPOSED[spots.kind[spots.household[housed]]]
    family = housed[composed != 13]
    root[family] = spots.of[spots.household[family]]
    widowed = np.flatnonzero(lives.widow != NOBODY)
    root[widowed] = lives.widow[widowed]
    left = np.flatnonzero(lives.group != NOBODY)
    root[left] = (
        left[0] + np.searchsorted(lives.group[left], lives.group[left], side="left") if len(left) else left
    )
    return root


def _groups(frame: Frame, part: Part, spots: Spots, lives: Lives, kin: Kin, chance: Chance) -> Texts:
    """Return everybody's ethnic group, drawn by household from the area's own numbers."""
    weights = np.asarray(part.of(frame.margins.ethnic), dtype=float) + 1e-9
    edges = np.cumsum(weights, axis=1) / weights.sum(axis=1)[:, None]
    area = _area(spots, lives)
    drawn = (edges[area] < chance.random(len(area))[:, None]).sum(axis=1)
    shared = drawn[_root(spots, lives, kin)]
    other = (kin.partner != NOBODY) & chance.stream("other").happens(OTHER_GROUP_PARTNERS, len(area))
    made: Texts = np.array(ETHNIC_GROUPS, dtype=object)[np.where(other, drawn, shared)]
    return made


def _heritage(
    spots: Spots, lives: Lives, kin: Kin, group: Texts, district: Texts, names: Names, chance: Chance
) -> Texts:
    """Return everybody's heritage: the family's, where they are of one group."""
    drawn = names.heritages(chance, group, district)
    root = _root(spots, lives, kin)
    made: Texts = np.where(group == group[root], drawn[root], drawn)
    return made


def _unlike_siblings(
    spots: Spots, first: Texts, names: Names, sex: Texts, born: Ints, heritage: Texts, chance: Chance
) -> Texts:
    """Return the first names with another drawn where two of a household had the same."""
    housed = np.flatnonzero(spots.household != NOBODY)
    for turn in range(3):
        codes, at = np.unique(first[housed].astype(str), return_inverse=True)
        key = spots.household[housed] * len(codes) + at
        _, kept = np.unique(key, return_index=True)
        again = np.delete(housed, kept)
        drawn = names.forenames(chance.stream(turn), sex[again], born[again], heritage[again])
        first = first.copy()
        first[again] = drawn
    return first


@dataclass(frozen=True)
class Naming:
    """What surnames are decided by."""

    part: Part
    spots: Spots
    lives: Lives
    kin: Kin
    names: Names
    sex: Texts
    heritage: Texts


def _surnames(naming: Naming, own: Texts, chance: Chance) -> tuple[Texts, Texts, Dates]:
    """Return surnames of today, the ones before, and the day they changed."""
    surname, former = own.copy(), np.full(len(own), "", dtype=object)
    renamed = never(len(own))
    _households_share(naming.spots, surname, own, chance.stream("relatives"))
    _wives(naming, surname, former, renamed, chance.stream("wives"))
    _parted(naming, surname, former, renamed, chance.stream("parted"))
    _leavers(naming.lives, surname)
    widowed = np.flatnonzero(naming.lives.widow != NOBODY)
    surname[widowed] = surname[naming.lives.widow[widowed]]
    _children(naming, surname, own, chance.stream("children"))
    _names_taken_back(naming, surname, former, renamed, own, chance.stream("back"))
    return surname, former, renamed


def _households_share(spots: Spots, surname: Texts, own: Texts, chance: Chance) -> None:
    """Give relatives who live together the first one's surname, as a rule."""
    adults = np.flatnonzero(spots.role == ADULT)
    related = adults[np.isin(COMPOSED[spots.kind[spots.household[adults]]], list(RELATED))]
    alike = related[chance.happens(RELATIVES_ONE_NAME, len(related))]
    surname[alike] = own[spots.of[spots.household[alike]]]


def _wives(naming: Naming, surname: Texts, former: Texts, renamed: Dates, chance: Chance) -> None:
    """Give most married women their husband's surname, as women bear it, from the day they married."""
    spots, lives = naming.spots, naming.lives
    second = np.flatnonzero(spots.role == PARTNER)
    second = second[np.isin(COMPOSED[spots.kind[spots.household[second]]], list(MARRIED))]
    first = naming.kin.partner[second]
    wife = np.where(lives.is_woman[second], second, first)
    husband = np.where(lives.is_woman[second], first, second)
    changed = (lives.is_woman[wife] & ~lives.is_woman[husband]) & chance.happens(TOOK_HIS_NAME, len(wife))
    wife, husband = wife[changed], husband[changed]
    former[wife] = surname[wife]
    form = chance.stream("form")
    surname[wife] = naming.names.surnames_of_wives(form, surname[husband], naming.heritage[wife])
    renamed[wife] = _wedding(naming.part, lives.born[wife], chance.stream("wedding"))


def _parted(naming: Naming, surname: Texts, former: Texts, renamed: Dates, chance: Chance) -> None:
    """Let women whose husband left keep his name, as most do at first."""
    left = np.flatnonzero(naming.kin.parted_from != NOBODY)
    left = left[chance.happens(KEPT_HIS_NAME, len(left))]
    his = surname[naming.kin.parted_from[left]]
    former[left] = surname[left]
    surname[left] = naming.names.surnames_of_wives(chance.stream("form"), his, naming.heritage[left])
    renamed[left] = _wedding(naming.part, naming.lives.born[left], chance.stream("day"))


def _wedding(part: Part, born: Dates, chance: Chance) -> Dates:
    """Return days of marriage: for a few of the young in the window, else in their twenties or thirties."""
    years = 19 + 18 * chance.random(len(born))
    day = np.minimum(
        born + (years * 365.25).astype(np.int64).astype(DAYS), part.today - np.timedelta64(WINDOW, "D")
    )
    young = (part.today - born).astype(int) < 45 * 365
    recent = np.flatnonzero(young & chance.stream("recent").happens(JUST_MARRIED, len(born)))
    day[recent] = days_ago(part.today, chance.stream("when"), len(recent), WINDOW)
    made: Dates = day
    return made


def _leavers(lives: Lives, surname: Texts) -> None:
    """Give those who left together one surname."""
    left = np.flatnonzero(lives.group != NOBODY)
    if len(left):
        surname[left] = surname[left[0] + np.searchsorted(lives.group[left], lives.group[left], side="left")]


def _children(naming: Naming, surname: Texts, own: Texts, chance: Chance) -> None:
    """Give children the father's surname as a rule, the mother's or both by chance; siblings alike."""
    spots, kin = naming.spots, naming.kin
    child = np.concatenate([_dependants(spots), _grown(spots)])
    household = spots.household[child]
    draw = chance.random(len(spots.kind))[household]
    first = spots.of[household]
    mother, father = kin.mother[child], kin.father[child]
    mothers = np.where(mother != NOBODY, surname[mother], surname[first])
    absent = np.where(draw < LONE_CHILD_FATHERS_NAME, own[first + 1], mothers)
    fathers = np.where(father != NOBODY, surname[father], np.where(mother != NOBODY, absent, surname[first]))
    chosen = np.where(draw < FATHERS_NAME, fathers, mothers)
    both = (draw > 1 - BOTH_NAMES) & (mothers != fathers)
    chosen[both] = [f"{one}-{two}" for one, two in zip(mothers[both], fathers[both], strict=True)]
    form = chance.stream("form")
    surname[child] = naming.names.surnames_of_children(
        form, chosen, naming.sex[child], naming.heritage[child]
    )


def _names_taken_back(
    naming: Naming, surname: Texts, former: Texts, renamed: Dates, own: Texts, chance: Chance
) -> None:
    """Give a few women who live without a partner their own name back, within the window."""
    spots, lives, today = naming.spots, naming.lives, naming.part.today
    alone = np.flatnonzero(np.isin(spots.role, (HEAD, ALONE)))
    composed = COMPOSED[spots.kind[spots.household[alone]]]
    adult = (today - lives.born[alone]).astype(int) > 25 * 365
    fit = alone[np.isin(composed, (1, 9)) & lives.is_woman[alone] & adult & (former[alone] == "")]
    back = fit[chance.happens(TOOK_HER_NAME_BACK, len(fit))]
    former[back] = own[(back * 13 + 5) % len(own)]
    renamed[back] = days_ago(today, chance.stream("when"), len(back), WINDOW)
    renamed[former == surname] = NEVER
    former[former == surname] = ""
