"""Write surnames kept in small letters as people write them, and give some forenames their accents."""

from __future__ import annotations

from typing import Final

from sharewell.demo.region.names.pools import Weights
from sharewell.demo.region.names.wordlists import sections, shares, words

_SURNAMES: Final = {key: frozenset(words(text)) for key, text in sections("spelling.txt")["surnames"].items()}
_WHOLE: Final = sections("spelling.txt")["whole"]
_ACCENTED: Final = {name: shares(text) for name, text in sections("spelling.txt")["accents"].items() if name}


def spelled_surname(small: str) -> str:
    """Return a surname of small letters with its capitals and apostrophe: McIntyre, MacLeod, O'Brien."""
    if small in _WHOLE:
        return _WHOLE[small]
    if small[:1] == "o" and small[1:] in _SURNAMES["o"]:
        return f"O'{small[1:].capitalize()}"
    if small[:2] == "mc" and len(small) > 4:
        return f"Mc{small[2:].capitalize()}"
    if small[:3] == "mac" and small[3:] in _SURNAMES["mac"] and small not in _SURNAMES["not mac"]:
        return f"Mac{small[3:].capitalize()}"
    return small.capitalize()


def spelled_forename(name: str) -> str:
    """Return a forename with a capital after each hyphen: registers have Ellie-May and Ellie-may."""
    return "-".join(part[:1].upper() + part[1:] for part in name.split("-"))


def with_accents(weights: Weights) -> dict[str, float]:
    """Return the weights with a share of some forenames written with the accent that registers drop."""
    made = dict(weights)
    for plain, ways in _ACCENTED.items():
        for accented, share in ways.items() if plain in made else ():
            made[accented] = made.get(accented, 0.0) + made[plain] * share
            made[plain] *= 1.0 - share
    return made
