"""How one kind of address error is told: which rows could carry it, and what becomes of their parts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from sharewell.demo.region.chance import Bools, Chance, Ints, Texts, texts
from sharewell.demo.region.dirt.address_near import Near
from sharewell.demo.region.dirt.address_parts import Parts
from sharewell.demo.region.dirt.address_traits import HELD, ROW, SAID, mask

Rewrite = Callable[[str, float], str]
"""Takes a value and a number from 0 to 1 drawn for it, and returns another value."""


@dataclass(frozen=True)
class Chosen:
    """The rows that an error falls on: their parts as they stand, their homes, chance and what lies near."""

    parts: Parts
    home: Ints
    near: Near
    chance: Chance

    def __len__(self) -> int:
        return len(self.home)


Change = Callable[[Chosen], Mapping[str, Texts]]
"""Returns new values of the parts that change."""


@dataclass(frozen=True)
class Kind:
    """A kind of error. A row could have it that has all it ``needs``, none it ``lacks``, any of ``any_of``.

    ``of_houses`` says how likely houses are to carry it for every flat that does (1: alike); that share of
    the houses counts as could. ``by_block``: it falls on whole blocks, as the keeper of a list writes one
    block alike. ``is_held``: nothing else may become of the parts of its rows. ``of_case``: it shows in
    lists that do not write capitals only.
    """

    name: str
    change: Change
    needs: int = 0
    lacks: int = 0
    any_of: int = 0
    of_houses: float = 1.0
    by_block: bool = False
    is_held: bool = False
    of_case: bool = False

    def could(self, marks: Ints) -> Bools:
        """Return which rows could carry the error."""
        held = mask(ROW, HELD)
        fits: Bools = (marks & (self.needs | self.lacks | held)) == self.needs
        return fits & ((marks & self.any_of) != 0) if self.any_of else fits


def has(part: str, bits: int = SAID) -> int:
    """Return what a row has whose part is like this."""
    return mask(part, bits)


def rewriting(part: str, rewrite: Rewrite) -> Change:
    """Return a change of one part that writes each value in another way."""

    def change(chosen: Chosen) -> Mapping[str, Texts]:
        drawn = chosen.chance.random(len(chosen)).tolist()
        values = getattr(chosen.parts, part).tolist()
        return {part: texts([rewrite(value, number) for value, number in zip(values, drawn, strict=True)])}

    return change


def emptying(*parts: str) -> Change:
    """Return a change that leaves parts out."""
    return lambda chosen: {part: np.full(len(chosen), "", dtype=object) for part in parts}


def one_of(values: Sequence[str], number: float) -> str:
    """Return one of the values by a number from 0 up to 1."""
    return values[int(number * len(values))]


def other_than(value: str, values: tuple[str, ...], number: float) -> str:
    """Return one of the values that is not this one, capitals or no."""
    return one_of([each for each in values if each.casefold() != value.casefold()], number)


def again(number: float) -> float:
    """Return another number from 0 up to 1 out of one: the figures behind those already used."""
    return number * 997 % 1
