"""The mess that real lists carry, planted at stated rates so that a run can be scored against the truth."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from random import Random

from sharewell.demo.terms import Home
from sharewell.demo.town import TOWN_NAME

NICKNAMES: Mapping[str, str] = {
    "Andrew": "Andy",
    "Anthony": "Tony",
    "Catherine": "Cath",
    "Christopher": "Chris",
    "David": "Dave",
    "Deborah": "Debbie",
    "Elizabeth": "Liz",
    "James": "Jim",
    "Katherine": "Kate",
    "Margaret": "Maggie",
    "Michael": "Mike",
    "Nicholas": "Nick",
    "Patricia": "Pat",
    "Robert": "Bob",
    "Stephen": "Steve",
    "Susan": "Sue",
    "Thomas": "Tom",
    "William": "Bill",
}
TYPO_RATE, NICKNAME_RATE, MISSING_PHONE_RATE = 0.02, 0.08, 0.19


def maybe(chance: Random, rate: float, change: Callable[[str], str], text: str) -> str:
    """Return the text changed at a rate, unchanged otherwise."""
    return change(text) if chance.random() < rate else text


def typo(chance: Random, text: str) -> str:
    """Return the text with one slip of the keyboard: two letters swapped, one doubled or one lost."""
    if len(text) < 4:
        return text
    spot = chance.randrange(1, len(text) - 1)
    kind = chance.randrange(3)
    if kind == 0:
        return text[: spot - 1] + text[spot] + text[spot - 1] + text[spot + 1 :]
    return text[:spot] + text[spot] * (2 if kind == 1 else 0) + text[spot + 1 :]


def first_name(chance: Random, name: str) -> str:
    """Return a first name as a service might hold it: a nickname, a slip, odd spaces or capitals."""
    name = maybe(chance, NICKNAME_RATE, lambda text: NICKNAMES.get(text, text), name)
    return messy_case(chance, maybe(chance, TYPO_RATE, lambda text: typo(chance, text), name))


def surname(chance: Random, name: str) -> str:
    """Return a surname as a service might hold it."""
    return messy_case(chance, maybe(chance, TYPO_RATE, lambda text: typo(chance, text), name))


def messy_case(chance: Random, text: str) -> str:
    """Return the text in capitals or with stray spaces, now and then."""
    text = maybe(chance, 0.05, str.upper, text)
    return maybe(chance, 0.02, lambda word: f" {word} ", text)


def nhs_number(chance: Random, number: str, missing: float = 0.0) -> str:
    """Return an NHS number spaced, hyphened, as Excel left it, with a wrong digit, or missing."""
    if chance.random() < missing:
        return ""
    kind = chance.random()
    if kind < 0.3:
        return f"{number[:3]} {number[3:6]} {number[6:]}"
    if kind < 0.35:
        return f"{number[:3]}-{number[3:6]}-{number[6:]}"
    if kind < 0.38:
        return f"{number}.0"
    if kind < 0.385:
        return number[:9] + str((int(number[9]) + 1) % 10)
    return number


def phone(chance: Random, number: str, missing: float = MISSING_PHONE_RATE) -> str:
    """Return a phone in one of the ways people write it, or missing."""
    if chance.random() < missing:
        return ""
    national = "0" + number[3:]
    forms = (
        number,
        national,
        f"{national[:5]} {national[5:]}",
        f"+44 (0){national[1:]}",
        f"0044{number[3:]}",
    )
    return chance.choice(forms)


def postcode(chance: Random, text: str) -> str:
    """Return a postcode in small letters, without its space, or with a dot behind it, now and then."""
    text = maybe(chance, 0.10, str.lower, text)
    text = maybe(chance, 0.15, lambda code: code.replace(" ", ""), text)
    return maybe(chance, 0.01, lambda code: f"{code}.", text)


def day(born: date, form: str) -> str:
    """Return a date in a list's own fixed form, as strftime writes it."""
    return born.strftime(form)


def address_lines(chance: Random, home: Home, flat_missing: float = 0.04) -> list[str]:
    """Return an address in two to four lines; a flat is written many ways and sometimes left out."""
    lines = []
    if home.unit and chance.random() >= flat_missing:
        lines.append(_unit(chance, home.unit))
    if home.building and chance.random() < 0.8:
        lines.append(home.building)
    lines.append(f"{home.number} {_street(chance, home.street)}")
    if chance.random() < 0.3:
        lines.append(home.ward)
    lines.append(maybe(chance, 0.1, str.upper, TOWN_NAME))
    return lines


def _unit(chance: Random, unit: str) -> str:
    number = unit.split()[-1]
    return chance.choice(
        (unit, unit, unit.upper(), f"Apartment {number}", f"Flat No {number}", f"FLAT{number}")
    )


def _street(chance: Random, street: str) -> str:
    short = {
        "Street": "St",
        "Road": "Rd",
        "Avenue": "Ave",
        "Lane": "Ln",
        "Crescent": "Cres",
        "Terrace": "Terr",
    }
    name, _, kind = street.rpartition(" ")
    street = f"{name} {short.get(kind, kind)}" if chance.random() < 0.2 else street
    return maybe(chance, 0.02, lambda text: typo(chance, text), street)
