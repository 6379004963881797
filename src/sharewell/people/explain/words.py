"""How levels, places, rules and numbers are said; a level or rule that is not named here says itself."""

from __future__ import annotations

from types import MappingProxyType

from sharewell.people.score import PLACES

LEVELS = MappingProxyType(
    {
        "exact": "the same",
        "short_form": "a short form or another spelling",
        "close": "close",
        "swapped": "the two names exchanged",
        "initial": "one begins the other",
        "alike": "alike",
        "other": "different",
        "one_slip": "one figure differs",
        "two_slips": "two figures differ, or exchanged",
    }
)
NUMBER_LEVELS = MappingProxyType({"close": "one or two figures differ"})
UNKNOWN = "unknown in one or both"
PLACE_WORDS = MappingProxyType(
    {
        "home": "One address",
        "postcode": "One postcode, an address unknown",
        "next_door": "One postcode, two addresses",
        "near": "One postcode sector",
        "elsewhere": "Places apart or unknown",
    }
)
NEARNESS_WORDS = MappingProxyType({"home": "One address", "street": "One postcode", "elsewhere": "Elsewhere"})
RULES = MappingProxyType(
    {
        "neighbours_number": "one name at two homes of one postcode: a neighbour's number, or a namesake",
        "two_nhs_numbers": "two NHS numbers, further apart than two slips",
        "two_upns": "two UPNs, further apart than two slips",
        "two_ninos": "two National Insurance numbers, further apart than two slips",
        "two_births": "births years apart, which no single slip explains",
        "twins": "one address, surname and birthday, and first names with nothing in common",
        "two_generations": "one is called Senior, the other Junior",
        "two_newborns": "two newborns of one list without names yet",
        "initials_of_another": "a man's and a woman's record, one with but an initial",
        "twice_in_one_list": "twice in one list at one address, with only a name to tell by",
        "died_before_contact": "a death before somebody was seen alive",
        "two_people_alike": "agrees as well with two people",
        "husbands_initials": "a wife under her husband's initials",
        "also_names": "a couple's record names this person too",
    }
)
FEWEST = 10
"""Counts below this are hidden on a card: a few records may be one family."""


def level_words(column: str, name: str) -> str:
    """Return a level in words."""
    special = NUMBER_LEVELS if column in ("nhs_number", "upn", "nino") else {}
    return special.get(name) or LEVELS.get(name) or name.replace("_", " ")


def rule_words(rule: str) -> str:
    """Return in words why two records cannot be one person, or why a person should look at them."""
    return RULES.get(rule) or rule.replace("_", " ")


def place_words(place: int, within: bool) -> str:
    """Return where two records stand, in words."""
    return f"{PLACE_WORDS[PLACES[place]]}, {'one list' if within else 'two lists'}"


def signed(bits: float) -> str:
    """Return bits of evidence with their sign."""
    return "0.0" if abs(bits) < 0.05 else f"{bits:+.1f}".replace("-", "\u2212")


def odds(bits: float) -> str:
    """Return bits of evidence as a bet: 8 to 1 for, 3 to 1 against."""
    sure = "over a million" if abs(bits) > 20 else _short(2 ** abs(bits))
    return "even" if abs(bits) < 0.05 else f"{sure} to 1 {'for' if bits > 0 else 'against'}"


def one_in(share: float) -> str:
    """Return how often something is met, as 1 in so many."""
    return f"1 in {_short(1 / share)}"


def percent(share: float) -> str:
    """Return a probability; one that is neither none nor all is never said to be."""
    shown = f"{100 * share:.1f}"
    if share < 1 and shown == "100.0":
        return "over 99.9\u00a0%"
    return "under 0.1\u00a0%" if share > 0 and shown == "0.0" else f"{shown}\u00a0%"


def counted(count: int | None) -> str:
    """Return a count in words, or that it is hidden."""
    return f"under {FEWEST}" if count is None else f"{count:,}"


def hidden(count: int) -> int | None:
    """Return a count, None where it is small enough to point at somebody."""
    return None if 0 < count < FEWEST else count


def capital(words: str) -> str:
    """Return words with a capital first letter."""
    return words[:1].upper() + words[1:]


def _short(number: float) -> str:
    """Return a number to two figures: what is told of a model is no surer than that."""
    return f"{float(f'{number:.2g}'):,.0f}" if number >= 10 else f"{number:.1f}".removesuffix(".0")
