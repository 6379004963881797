"""Errors in the name or the number of a building."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np

from sharewell.demo.region.chance import Texts, texts
from sharewell.demo.region.dirt.address_kinds import (
    Chosen,
    Kind,
    again,
    emptying,
    has,
    one_of,
    other_than,
    rewriting,
)
from sharewell.demo.region.dirt.address_parts import blanks, joined
from sharewell.demo.region.dirt.address_streets import respelt
from sharewell.demo.region.dirt.address_traits import (
    HAS_NEIGHBOUR,
    LONG_WORD,
    PLAIN,
    RANGE,
    ROW,
    SUFFIXED,
    TWO_WORDS,
)
from sharewell.demo.region.dirt.address_words import BUILDING_WORDS, HOUSE_NAMES

BORROWED: Final = 0.7
"""Of names added, those of another building of the part (address-errors, BN1); the others are house names."""


def wrong_number(text: str, number: float) -> str:
    """Return a number near it, one with a figure changed, lost or swapped."""
    near = (
        str(int(text) + 1),
        str(max(int(text) - 1, 1)),
        str(int(text) + 10),
        f"{text}{text[-1]}",
        text[::-1],
    )
    return other_than(text, tuple(each for each in near if not each.startswith("0")), number)


def range_or_end(text: str, number: float) -> str:
    """Return 12 as 12-14, and a range as its first number."""
    return text.split("-")[0] if "-" in text else f"{text}-{int(text) + 2}"


def other_suffix(text: str, number: float) -> str:
    """Return 12A as 12 or, one time in ten, as 12B."""
    return text[:-1] if number < 0.9 else text[:-1] + other_than(text[-1], ("A", "B"), again(number))


def other_building(name: str, number: float) -> str:
    """Return a name longer by a word, with The, or with another last word."""
    words = name.split()
    longer = tuple(f"{name} {word}" for word in BUILDING_WORDS if word not in words)
    other = tuple(" ".join((*words[:-1], word)) for word in BUILDING_WORDS if word != words[-1])
    return one_of((f"The {name}", *longer[:2], *other), number)


def _added_building(chosen: Chosen) -> Mapping[str, Texts]:
    n = len(chosen)
    names = chosen.chance.pick(HOUSE_NAMES, n)
    borrowed = chosen.near.buildings(n, chosen.chance)
    takes = chosen.chance.happens(BORROWED, n) & (borrowed != "") & (borrowed != chosen.parts.building)
    return {"building": joined(", ", np.where(takes, borrowed, names).astype(object), chosen.parts.building)}


def _number_as_name(chosen: Chosen) -> Mapping[str, Texts]:
    return {"number": blanks(len(chosen)), "building": chosen.chance.pick(HOUSE_NAMES, len(chosen))}


def _made_up_number(chosen: Chosen) -> Mapping[str, Texts]:
    return {"number": texts([str(each) for each in chosen.chance.integers(1, 120, len(chosen)).tolist()])}


def _behind_street(chosen: Chosen) -> Mapping[str, Texts]:
    """Write "12 Mill Lane" before "Mill Court"."""
    parts = chosen.parts
    before = joined(" ", parts.number, parts.street)
    return {"building": before, "number": blanks(len(chosen)), "street": parts.building}


def _glued(chosen: Chosen) -> Mapping[str, Texts]:
    """Write "12Mill Lane"."""
    return {"number": blanks(len(chosen)), "street": chosen.parts.number + chosen.parts.street}


def _neighbours(chosen: Chosen) -> Mapping[str, Texts]:
    return {"number": chosen.near.next_numbers(chosen.home, chosen.chance)}


_BUILDING, _NUMBER, _UNIT, _STREET = has("building"), has("number"), has("unit"), has("street")

NEXT: Final = Kind(
    "next_number", _neighbours, has("number", PLAIN) | has(ROW, HAS_NEIGHBOUR), _UNIT, is_held=True
)
"""Apart from the others: whoever plants it marks its rows."""
KINDS: Final = (
    Kind("building_added", _added_building, _STREET, 0, _UNIT | _NUMBER, of_houses=0.87, by_block=True),
    Kind("building_dropped", emptying("building"), _BUILDING, 0, _UNIT | _NUMBER, by_block=True),
    Kind(
        "building_shortened",
        rewriting("building", lambda name, _: name.rsplit(" ", 1)[0]),
        has("building", TWO_WORDS),
        by_block=True,
    ),
    Kind("building_other_word", rewriting("building", other_building), _BUILDING, by_block=True),
    Kind("building_respelt", rewriting("building", respelt), has("building", LONG_WORD), by_block=True),
    Kind(
        "number_range", rewriting("number", range_or_end), any_of=has("number", PLAIN | RANGE), of_houses=0.17
    ),
    Kind("number_dropped", emptying("number"), _NUMBER, 0, _UNIT | _BUILDING, by_block=True),
    Kind("number_added", _made_up_number, 0, _NUMBER, _UNIT | _BUILDING),
    Kind("number_as_name", _number_as_name, _NUMBER | _STREET, _BUILDING | _UNIT),
    Kind("number_wrong", rewriting("number", wrong_number), has("number", PLAIN), of_houses=0.35),
    Kind(
        "suffix_added",
        rewriting("number", lambda text, number: text + one_of("AAAB", number)),
        has("number", PLAIN),
        of_houses=0.08,
    ),
    Kind("suffix_lost", rewriting("number", other_suffix), has("number", SUFFIXED)),
    Kind(
        "suffix_spaced",
        rewriting("number", lambda text, _: f"{text[:-1]} {text[-1]}"),
        has("number", SUFFIXED),
    ),
    Kind(
        "suffix_small",
        rewriting("number", lambda text, _: text.lower()),
        has("number", SUFFIXED),
        of_case=True,
    ),
    Kind("building_behind_street", _behind_street, _BUILDING | _STREET, is_held=True),
    Kind("number_glued", _glued, _NUMBER | _STREET, is_held=True),
)
