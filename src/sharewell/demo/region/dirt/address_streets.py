"""Errors in the street and the place: left out, another's, short forms, slips, old counties, c/o lines."""

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
from sharewell.demo.region.dirt.address_parts import blanks
from sharewell.demo.region.dirt.address_traits import (
    COUNTY,
    HAS_LOCALITY,
    JOINS,
    LONG_WORD,
    ROW,
    SHORTENS,
    TWO_WORDS,
)
from sharewell.demo.region.dirt.address_words import CARERS, SHORT, county_words, towns_near

LEAST_LETTERS: Final = 4


def abbreviated(name: str, number: float) -> str:
    """Return a name with its last word that has a short form in it: Mill Ln."""
    words = name.split()
    at = max(place for place, word in enumerate(words) if word in SHORT)
    return " ".join((*words[:at], SHORT[words[at]] + ("." if number < 0.1 else ""), *words[at + 1 :]))


def misspelt(name: str, number: float) -> str:
    """Return a name with one slip in a word of four letters or more: lost, doubled, swapped, another."""
    words = name.split()
    at = one_of([str(place) for place, word in enumerate(words) if _bears_a_slip(word)], number)
    words[int(at)] = _slipped(words[int(at)], again(number))
    return " ".join(words)


def _bears_a_slip(word: str) -> bool:
    return len(word) >= LEAST_LETTERS and word[:LEAST_LETTERS].isalpha()


def _slipped(word: str, number: float) -> str:
    """Return a word with a slip behind its first letter; two letters alike are not swapped but lose one."""
    at, sort = 1 + int(number * (LEAST_LETTERS - 2)), int(again(number) * 4)
    head, here, there, tail = word[:at], word[at], word[at + 1 : at + 2], word[at + 2 :]
    if sort == 1:
        return head + here + here + there + tail
    if sort == 2 and here != there:
        return head + there + here + tail
    if sort == 3:
        return head + other_than(here, tuple("aeionrst"), again(again(number))) + there + tail
    return head + there + tail


def run_together_or_apart(name: str, number: float) -> str:
    """Return two words as one, a hyphen as a space, or a long word as two."""
    if "-" in name:
        return name.replace("-", " ", 1)
    words = name.split()
    pairs = [at for at in range(len(words) - 1) if words[at][-1].isalpha() and words[at + 1][0].isalpha()]
    if pairs:
        at = pairs[int(number * len(pairs))]
        return " ".join((*words[:at], words[at] + words[at + 1].lower(), *words[at + 2 :]))
    return f"{name[:4]} {name[4:]}"


def respelt(name: str, number: float) -> str:
    """Return a name with a short form, as fewer words or with a slip, as it allows."""
    ways = [misspelt] if any(map(_bears_a_slip, name.split())) else []
    if any(word in SHORT for word in name.split()):
        ways += [abbreviated] * 2
    if len(name.split()) > 1:
        ways += [run_together_or_apart] * 2
    return ways[int(number * len(ways))](name, again(number)) if ways else name


def _others_street(chosen: Chosen) -> Mapping[str, Texts]:
    homes = chosen.near.homes
    return {"street": homes.street[chosen.near.other_street(chosen.home, chosen.chance)]}


def _off_street(chosen: Chosen) -> Mapping[str, Texts]:
    other = _others_street(chosen)["street"]
    return {"street": chosen.parts.street + ", off " + other}


def _other_town(chosen: Chosen) -> Mapping[str, Texts]:
    drawn = chosen.chance.random(len(chosen)).tolist()
    rows = zip(
        chosen.parts.town.tolist(), chosen.near.homes.postcode[chosen.home].tolist(), drawn, strict=True
    )
    return {
        "town": texts([other_than(town, towns_near(postcode), number) for town, postcode, number in rows])
    }


def _locality_as_town(chosen: Chosen) -> Mapping[str, Texts]:
    locality = chosen.near.homes.locality[chosen.home]
    return {"town": locality, "locality": blanks(len(chosen))}


def _county(chosen: Chosen) -> Mapping[str, Texts]:
    drawn = chosen.chance.random(len(chosen)).tolist()
    postcodes = chosen.near.homes.postcode[chosen.home].tolist()
    return {
        "county": texts(
            [one_of(county_words(each), number) for each, number in zip(postcodes, drawn, strict=True)]
        )
    }


def _care_of(chosen: Chosen) -> Mapping[str, Texts]:
    names = chosen.chance.pick(CARERS, len(chosen))
    lead = np.where(chosen.chance.happens(0.7, len(chosen)), "c/o ", "C/O ").astype(object)
    return {"care_of": lead + names}


_STREET, _TOWN, _FLAT_OR_NAME = has("street"), has("town"), has("unit") | has("building")

KINDS: Final = (
    Kind("street_missing", emptying("street"), _STREET | has("building"), by_block=True),
    Kind(
        "street_cut_short",
        rewriting("street", lambda name, _: name.rsplit(" ", 1)[0]),
        has("street", TWO_WORDS),
        of_houses=0.07,
        by_block=True,
    ),
    Kind("street_wrong", _others_street, _STREET, of_houses=0.15, by_block=True),
    Kind("street_abbreviated", rewriting("street", abbreviated), has("street", SHORTENS)),
    Kind("street_misspelt", rewriting("street", misspelt), has("street", LONG_WORD)),
    Kind("street_joined", rewriting("street", run_together_or_apart), has("street", JOINS)),
    Kind("street_off_another", _off_street, _STREET, by_block=True),
    Kind("town_wrong", _other_town, _TOWN),
    Kind("locality_as_town", _locality_as_town, _TOWN | has(ROW, HAS_LOCALITY)),
    Kind("town_missing", emptying("town"), _TOWN),
    Kind("locality_respelt", rewriting("locality", respelt), has("locality", LONG_WORD), of_houses=0.18),
    Kind("county_added", _county, _TOWN | has("postcode", COUNTY), has("county")),
    Kind("care_of", _care_of, has("street"), has("care_of")),
)
