"""How often each pair that is hard to tell apart is made, for every thousand residents; all can be set."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Hard:
    """One class of hard pairs. ``per`` says what its rate is a share of."""

    name: str
    rate: float
    per: str
    what: str


RESIDENTS = "thousand residents"
HARD: tuple[Hard, ...] = (
    Hard("father_and_son", 1.5, RESIDENTS, "A father and a son of one name at one address."),
    Hard("like_named_twins", 0.8, RESIDENTS, "Twins with names alike: one birth date, one address."),
    Hard("same_name_next_door", 0.6, RESIDENTS, "Two people of one name in neighbouring homes."),
    Hard("same_name_one_block", 0.5, RESIDENTS, "Two people of one name in one block of flats."),
    Hard("sibling_swapped_birth_date", 0.6, RESIDENTS, "Siblings with birth dates of swapped digits."),
    Hard("married_name", 0.0, "everybody renamed in the last year", "One person under two surnames."),
    Hard("placeholder_newborn", 1.0, RESIDENTS, "A newborn held as Baby, with the mother's surname."),
    Hard("husbands_initials", 0.08, "wives and couples", "A wife under her husband's initials."),
    Hard("moved_or_duplicate", 2.5, RESIDENTS, "One person at two addresses: moved, or twice?"),
    Hard("dead_or_alive_namesake", 0.8, RESIDENTS, "A dead and a living person of one name nearby."),
    Hard("flat_missing", 0.0, "rows with a flat, by the list's errors", "Which flat is not said."),
    Hard("next_number", 0.002, "rows with a house number", "A real neighbour's number instead of one's own."),
    Hard("new_build", 0.0, "homes too new for the gazetteer", "An address the gazetteer does not have yet."),
    Hard("care_home_mover", 0.0, "everybody who went into care in the last year", "At home, or in a home?"),
    Hard("shared_mobile", 6.0, RESIDENTS, "Members of a household who share one mobile phone."),
    Hard("protected", 2.0, RESIDENTS, "Somebody whose address must not surface."),
)  # fmt: skip
RATES: Mapping[str, float] = {each.name: each.rate for each in HARD}


def most_of(name: str) -> float:
    """Return the largest rate that makes sense: a share of rows cannot be over 1."""
    [per] = [each.per for each in HARD if each.name == name]
    return 1000.0 if per == RESIDENTS else 1.0


SETTABLE = tuple(each.name for each in HARD if each.rate > 0)
"""The classes whose rate can be set; the others follow from lives, addresses and the gazetteer."""
