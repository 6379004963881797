"""The nouns of the made-up town: its homes, its people, its lists and the truth behind each row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

ORGANISATIONS: Mapping[str, str] = {
    "E06999901": "Marlbeck Council",
    "X26": "NHS England",
    "QMB": "NHS Marlbeck Integrated Care Board",
    "LH9901": "Tannery Homes",
    "CH9901": "Marlbeck Food Hub",
}
"""Five organisations by code. The town is invented; X26 is NHS England's own code."""

COUNCIL, NHS_ENGLAND, CARE_BOARD, LANDLORD, FOOD_HUB = ORGANISATIONS


@dataclass(frozen=True)
class Home:
    """One address of the town. ``parent`` is the UPRN of the block it is a flat of."""

    uprn: str
    parent: str | None
    unit: str | None
    building: str | None
    number: str
    street: str
    ward: str
    postcode: str
    is_block: bool = False


@dataclass(frozen=True)
class Person:
    """One person of the town, as they truly are. ``twin_of`` and ``named_after`` mark the hard pairs."""

    id: int
    first_name: str
    middle_name: str | None
    surname: str
    former_surname: str | None
    sex: str
    born: date
    home: int
    nhs_number: str
    phone: str
    is_shielding: bool
    is_protected: bool
    has_objected: bool


@dataclass(frozen=True)
class Town:
    """Everything that is true: homes by position, people by position, and the date it is true for."""

    homes: tuple[Home, ...]
    people: tuple[Person, ...]
    as_of: date

    def household(self, home: int) -> tuple[Person, ...]:
        """Return who lives in a home."""
        return tuple(person for person in self.people if person.home == home)
