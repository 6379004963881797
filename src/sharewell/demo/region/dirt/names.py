"""Dirt in forenames and surnames, from a nickname to a name read in the wrong encoding."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np

from sharewell.demo.region.chance import Chance, Ints, Texts, texts
from sharewell.demo.region.dirt.kinds import Rates, always, by_chance, is_there, taken_from
from sharewell.demo.region.dirt.name_slips import (
    can_be_mojibake,
    key_slip,
    key_spots,
    misread,
    misread_spots,
    mojibake,
    stray_space,
    unaccented,
)
from sharewell.demo.region.draft import Change, Draft
from sharewell.demo.region.names.likeness import is_of_sex
from sharewell.demo.region.names.nicknames import NICKNAMES
from sharewell.demo.region.names.spellings import heard_as

NAME_RATES: Final[Rates] = {
    "name_with_middle": 0.01,
    "names_swapped": 0.002,
    "name_nickname": 0.03,
    "name_known_as": 0.003,
    "name_title": 0.002,
    "name_misheard": 0.006,
    "name_key_slip": 0.006,
    "name_misread": 0.001,
    "name_initial_only": 0.004,
    "name_half": 0.1,
    "name_hyphen_lost": 0.15,
    "name_apostrophe_lost": 0.25,
    "name_accent_lost": 0.6,
    "name_mojibake": 0.02,
    "name_capitals": 0.01,
    "name_small_letters": 0.003,
    "name_stray_space": 0.006,
    "name_missing": 0.001,
}
"""For a list that people type into (assumptions): shares of the cells that could have the kind."""
SWAPPED, WITH_MIDDLE, PLACEHOLDER = "names_swapped", "name_with_middle", "placeholder_name"
NAME_MISSING = "name_missing"
_NEWBORN: Final = {
    "1": ("Baby", "Baby Boy", "Male Infant", "Infant Of", "Baby"),
    "2": ("Baby", "Baby Girl", "Female Infant", "Infant Of", "Baby"),
}
FIRST, SURNAME = "first", "surname"


@dataclass(frozen=True)
class NameKind:
    """One kind of dirt in names: which names can have it, how it is made, and in which columns it occurs."""

    can: Callable[[str], bool]
    make: Callable[[Chance], Change]
    where: tuple[str, ...] = (FIRST, SURNAME)


def spoil_names(
    draft: Draft,
    first: str | None,
    surname: str | None,
    rates: Rates = NAME_RATES,
    *,
    middle: Texts | None = None,
) -> None:
    """Spoil the columns of forenames and surnames with every kind that has a rate; either column may be None.

    A rate is a share of the cells that could have the kind, and each of the two columns has its share. For
    ``names_swapped`` it is a share of the rows where the two differ, for ``name_with_middle`` (which needs
    middle names, by row) of those that have both; ``name_missing`` loses surnames. Kinds are planted in the
    order of ``NAME_RATES``.
    """
    if first and middle is not None:
        _spoil_with_middle(draft, first, rates, middle)
    if first and surname:
        swap_names(draft, first, surname, rates.get(SWAPPED, 0.0))
    for column, part in ((first, FIRST), (surname, SURNAME)):
        if column:
            _spoil_column(draft, column, part, rates)
    lost = always(lambda _: "")
    if surname and rates.get(NAME_MISSING, 0.0) > 0.0:
        among = np.flatnonzero(is_there(draft.cells[surname]))
        draft.spoil(surname, NAME_MISSING, rates[NAME_MISSING], lost(draft.chance), among=among)


def swap_names(draft: Draft, first: str, surname: str, share: float) -> Ints:
    """Swap forename and surname in a share of the rows where both are there and differ; return the rows."""
    one, two = draft.cells[first], draft.cells[surname]
    among = np.flatnonzero(is_there(one) & is_there(two) & (one != two))
    chosen = draft.chance.stream(first, SWAPPED).some(among, share * len(among))
    before = one[chosen]
    draft.plant(first, SWAPPED, chosen, two[chosen])
    draft.plant(surname, SWAPPED, chosen, before)
    if share > 0.0:
        draft.count(SWAPPED, len(among), len(chosen), share)
    return chosen


def placeholders(chance: Chance, sex: Texts) -> Texts:
    """Return what newborns are called who have no forename yet: Baby, Baby Boy, Female Infant, Infant Of."""
    drawn = chance.integers(0, 1 << 30, len(sex)).tolist()
    return texts(
        [_NEWBORN["2" if of == "2" else "1"][number % 5] for of, number in zip(sex, drawn, strict=True)]
    )


def spoil_newborns(draft: Draft, first: str, rows: Ints, sex: Texts, share: float = 1.0) -> Ints:
    """Write a placeholder for the forename in a share of the newborns' rows; return the rows chosen.

    ``sex`` has a value for every row of the list.
    """
    written = placeholders(draft.chance.stream(first, PLACEHOLDER, "how"), sex)
    among = rows[draft.cells[first][rows] != written[rows]]
    return draft.spoil(first, PLACEHOLDER, share, taken_from(written), among=among)


def can_have(kind: str, names: Texts) -> Ints:
    """Return the rows whose name the kind of dirt would really change."""
    return np.flatnonzero(_marks(names) >> _PLACE[kind] & 1)


def change_of(kind: str, chance: Chance) -> Change:
    """Return the change that makes a kind of dirt of the names that can have it."""
    return NAME_KINDS[kind].make(chance)


def _spoil_column(draft: Draft, column: str, part: str, rates: Rates) -> None:
    marks = _marks(draft.cells[column])
    for name, kind in NAME_KINDS.items():
        if part in kind.where and rates.get(name, 0.0) > 0.0:
            among = np.flatnonzero(marks >> _PLACE[name] & 1)
            change = kind.make(draft.chance.stream(column, name, "how"))
            rows = draft.spoil(column, name, rates[name], change, among=among)
            marks[rows] = _marks(draft.cells[column][rows])


def _spoil_with_middle(draft: Draft, first: str, rates: Rates, middle: Texts) -> None:
    if rates.get(WITH_MIDDLE, 0.0) > 0.0:
        among = np.flatnonzero(is_there(draft.cells[first]) & is_there(middle))
        change: Change = lambda names, rows: names + " " + middle[rows]  # noqa: E731 - a change of one line
        draft.spoil(first, WITH_MIDDLE, rates[WITH_MIDDLE], change, among=among)


def _marks(names: Texts) -> Ints:
    """Return for each name which kinds it can have, a bit for each: names recur, so each is judged once."""
    return np.array([_mark(name) for name in names.tolist()], dtype=np.int64)


@lru_cache(maxsize=1 << 18)
def _mark(name: str) -> int:
    return sum(1 << place for place, kind in enumerate(NAME_KINDS.values()) if kind.can(name))


def _nickname(name: str, number: int) -> str:
    short = NICKNAMES[name]
    return short[number % len(short)]


def _known_as(name: str, number: int) -> str:
    form = ("{0} ({1})", '{0} "{1}"', "{0} known as {1}", "{1} ({0})")[number % 4]
    return form.format(name, _nickname(name, number // 4))


def _titled(name: str, number: int) -> str:
    titles = ("Mr", "Mr", "Mr", "Dr") if is_of_sex(name, "1") else ("Mrs", "Miss", "Ms", "Mrs")
    return f"{titles[number % 4]} {name}"


def _has_known_sex(name: str) -> bool:
    return is_of_sex(name, "1") != is_of_sex(name, "2")


def _initial(name: str, number: int) -> str:
    return f"{name[0]}." if number % 5 == 0 else name[0]


def _halves(name: str) -> tuple[str, ...]:
    halves = tuple(name.split("-"))
    return halves if len(halves) == 2 and all(len(half) > 2 for half in halves) else ()


def _hyphen_lost(name: str, number: int) -> str:
    return name.replace("-", "" if number % 3 == 0 else " ")


def _apostrophe_lost(name: str, number: int) -> str:
    return name.replace("'", " " if number % 3 == 0 else "")


def _misheard(name: str, number: int) -> str:
    return heard_as(name)[number % len(heard_as(name))]


NAME_KINDS: Final[Mapping[str, NameKind]] = {
    "name_nickname": NameKind(lambda name: name in NICKNAMES, by_chance(_nickname), (FIRST,)),
    "name_known_as": NameKind(lambda name: name in NICKNAMES, by_chance(_known_as), (FIRST,)),
    "name_title": NameKind(_has_known_sex, by_chance(_titled), (FIRST,)),
    "name_misheard": NameKind(lambda name: bool(heard_as(name)), by_chance(_misheard)),
    "name_key_slip": NameKind(lambda name: bool(key_spots(name)), by_chance(key_slip)),
    "name_misread": NameKind(lambda name: bool(misread_spots(name)), by_chance(misread)),
    "name_initial_only": NameKind(
        lambda name: len(name) > 2 and name[0].isalpha(), by_chance(_initial), (FIRST,)
    ),
    "name_half": NameKind(
        lambda name: bool(_halves(name)), by_chance(lambda name, number: _halves(name)[number % 2])
    ),
    "name_hyphen_lost": NameKind(lambda name: "-" in name.strip("- "), by_chance(_hyphen_lost)),
    "name_apostrophe_lost": NameKind(lambda name: "'" in name.strip("' "), by_chance(_apostrophe_lost)),
    "name_accent_lost": NameKind(lambda name: unaccented(name) != name, always(unaccented)),
    "name_mojibake": NameKind(can_be_mojibake, always(mojibake)),
    "name_capitals": NameKind(lambda name: name.upper() != name, always(str.upper)),
    "name_small_letters": NameKind(lambda name: name.lower() != name, always(str.lower)),
    "name_stray_space": NameKind(bool, by_chance(stray_space)),
}
"""The kinds of dirt that a single name can have, in the order they are planted."""
_PLACE: Final = {name: place for place, name in enumerate(NAME_KINDS)}
