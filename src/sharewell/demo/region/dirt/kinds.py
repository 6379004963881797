"""How one kind of dirt is told: which values can have it, and how they are changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from sharewell.demo.region.chance import Bools, Chance, Ints, Texts, texts
from sharewell.demo.region.draft import Change, Draft

Rates = Mapping[str, float]
"""By kind of dirt: the share of the rows that could have it."""
Can = Callable[[Texts], Bools]
"""Says which of a column's values a change would really change."""


@dataclass(frozen=True)
class Kind:
    """One kind of dirt. ``make`` returns its change, which draws from the stream of chance it is given."""

    can: Can
    make: Callable[[Chance], Change]


def spoil_kinds(draft: Draft, column: str, kinds: Mapping[str, Kind], rates: Rates) -> None:
    """Spoil a column with kinds of dirt in their order, each at its rate; one without a rate is left out."""
    for name, kind in kinds.items():
        if rates.get(name, 0.0) > 0.0:
            among = np.flatnonzero(kind.can(draft.cells[column]))
            how = kind.make(draft.chance.stream(column, name, "how"))
            draft.spoil(column, name, rates[name], how, among=among)


def by_value(write: Callable[[str], str]) -> Change:
    """Return a change that writes each value in another way."""
    return lambda values, rows: texts([write(value) for value in values.tolist()])


def by_chance(write: Callable[[str, int], str]) -> Callable[[Chance], Change]:
    """Return the maker of a change that takes each value and a number below 2**30 drawn for it."""

    def make(chance: Chance) -> Change:
        def change(values: Texts, rows: Ints) -> Texts:
            drawn = chance.integers(0, 1 << 30, len(values)).tolist()
            return texts([write(value, number) for value, number in zip(values.tolist(), drawn, strict=True)])

        return change

    return make


def always(write: Callable[[str], str]) -> Callable[[Chance], Change]:
    """Return the maker of a change that needs no chance."""
    return lambda chance: by_value(write)


def taken_from(others: Texts) -> Change:
    """Return a change that writes, in each row chosen, what another column of the same length has there."""
    return lambda values, rows: others[rows]


def where(test: Callable[[str], bool]) -> Can:
    """Return which values pass a test."""
    return lambda values: np.fromiter(map(test, values.tolist()), dtype=bool, count=len(values))


def is_there(values: Texts) -> Bools:
    """Return which values are not empty."""
    there: Bools = np.asarray(values != "", dtype=bool)
    return there


def is_empty(values: Texts) -> Bools:
    """Return which values are empty."""
    return ~is_there(values)


def swapped_at(text: str, spots: list[int], number: int) -> str:
    """Return the text with two neighbouring signs swapped, at one of the spots."""
    spot = spots[number % len(spots)]
    return text[:spot] + text[spot + 1] + text[spot] + text[spot + 2 :]


def unlike_neighbours(text: str, first: int = 0) -> list[int]:
    """Return the spots, from ``first`` on, where a figure stands before a different one."""
    spots = range(first, len(text) - 1)
    return [at for at in spots if text[at] != text[at + 1] and text[at : at + 2].isdigit()]


MISSING = Kind(is_there, always(lambda value: ""))
"""A value that was never written down, or lost."""
