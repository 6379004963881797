"""Whoever writes the town down: the rows of a list, with the truth behind each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from random import Random

from sharewell.demo import dirt
from sharewell.demo.terms import Home, Person, Town


@dataclass(frozen=True)
class Row:
    """One row of a list, with the person and home it is truly about."""

    cells: Mapping[str, str]
    person: int
    home: int


@dataclass(frozen=True)
class MadeList:
    """One list: who sends it, which standard it follows, in what form its file is, and its rows."""

    name: str
    organisation: str
    file: str
    as_of: date
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Scribe:
    """Writes the town down as services do, each with mistakes of its own."""

    town: Town
    chance: Random

    def age(self, person: Person) -> int:
        """Return a person's age in whole years, near enough for choosing."""
        return (self.town.as_of - person.born).days // 365

    def home(self, person: Person) -> Home:
        """Return where a person lives."""
        return self.town.homes[person.home]

    def lines(self, home: Home, wanted: int, flat_missing: float = 0.04) -> list[str]:
        """Return the address in exactly so many lines, the last ones blank or joined."""
        lines = dirt.address_lines(self.chance, home, flat_missing)
        if len(lines) > wanted:
            lines = [*lines[: wanted - 1], ", ".join(lines[wanted - 1 :])]
        return lines + [""] * (wanted - len(lines))

    def rows(self, people: Iterable[Person], write: Callable[[Person], Mapping[str, str]]) -> tuple[Row, ...]:
        """Return one row a person, in the order of a shuffled list."""
        made = [Row(write(person), person.id, person.home) for person in people]
        self.chance.shuffle(made)
        return tuple(made)
