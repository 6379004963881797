"""What each part of an address is like, as bits of one number a row, so that an error finds its rows."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Final

import numpy as np

from sharewell.demo.region.chance import Ints, Texts
from sharewell.demo.region.dirt.address_parts import NAMES, Parts
from sharewell.demo.region.dirt.address_words import SHORT, UNIT_WORDS, county_words

SAID: Final = 1
"""Every part: there is one."""
WORDED, ENDS_IN_NUMBER, LETTERED, FLOOR, PLACED = 2, 4, 8, 16, 32
"""A unit: "Flat 2" or "Flat A"; "Flat 2"; "Flat A"; "First Floor Flat"; "Flat 2 Rear"."""
PLAIN, SUFFIXED, RANGE = 2, 4, 8
"""A number: 12, 12A or 12-14."""
TWO_WORDS, SHORTENS, LONG_WORD, JOINS = 2, 4, 8, 16
"""A name: of several words; with a short form; of a word that bears a slip; that can be joined or split."""
SHAPED, LETTER_LIKE, COUNTY = 2, 4, 8
"""A postcode: in its usual shape; with a 0 or 1; of a place once known by its county."""
HAS_LOCALITY, HAS_NEIGHBOUR, HELD = 1, 2, 4
"""A row: its home has a locality; a real neighbour two doors along; nothing more may become of its parts."""
ROW: Final = "row"
WIDTH: Final = 6
EVERY: Final = (1 << WIDTH) - 1
"""All the bits that a part can have."""
SLOTS: Final[Mapping[str, int]] = {name: WIDTH * place for place, name in enumerate((*NAMES, ROW))}

UNIT_SHAPE = re.compile(rf"(?:{UNIT_WORDS})\s+(?P<id>\d+[A-Z]?|[A-Z])", re.IGNORECASE)
FLOOR_SHAPE = re.compile(r"\b(?:ground|grd|first|1st|second|2nd|third|top|basement)\b", re.IGNORECASE)
POSTCODE_SHAPE = re.compile(r"[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}")
_PLACED = re.compile(r"\b(?:front|rear|left|right)\b", re.IGNORECASE)
_JOINING = re.compile(r"[A-Za-z] [A-Za-z]|[A-Za-z]{8}|-")
_LONG = re.compile(r"(?:^| )[A-Za-z]{4}")


def mask(slot: str, bits: int) -> int:
    """Return the bits of a part where they lie in a row's number."""
    return bits << SLOTS[slot]


def marks_of(parts: Parts) -> Ints:
    """Return what each row's parts are like."""
    marks = np.zeros(len(parts), dtype=np.int64)
    for name in NAMES:
        marks |= bits_of(name, getattr(parts, name)) << SLOTS[name]
    return marks


def bits_of(name: str, values: Texts) -> Ints:
    """Return what the values of one part are like, looking once at each distinct one."""
    look = _LOOKS.get(name, _of_any)
    return np.fromiter(map(look, values.tolist()), dtype=np.int64, count=len(values))


def hidden(marks: Ints, shown: tuple[str, ...]) -> Ints:
    """Return the marks without those of parts that a list does not show: no error of theirs could be seen."""
    keep = mask(ROW, EVERY)
    for name in shown:
        keep |= mask(name, EVERY)
    kept: Ints = marks & keep
    return kept


def _of_any(value: str) -> int:
    return SAID if value else 0


@lru_cache(maxsize=1 << 14)
def _of_unit(value: str) -> int:
    if not value:
        return 0
    shape = UNIT_SHAPE.fullmatch(value)
    bits = SAID | (FLOOR if FLOOR_SHAPE.search(value) else 0) | (PLACED if _PLACED.search(value) else 0)
    if value[-1].isdigit():
        bits |= ENDS_IN_NUMBER
    if shape is None:
        return bits
    return bits | WORDED | (0 if shape["id"][0].isdigit() else LETTERED)


@lru_cache(maxsize=1 << 14)
def _of_number(value: str) -> int:
    if value.isdigit():
        return SAID | PLAIN
    if value[:-1].isdigit() and value[-1:].isalpha():
        return SAID | SUFFIXED
    return (SAID if value else 0) | (RANGE if re.fullmatch(r"\d+-\d+", value) else 0)


@lru_cache(maxsize=1 << 16)
def _of_name(value: str) -> int:
    if not value:
        return 0
    words = value.split()
    bits = SAID | (TWO_WORDS if len(words) > 1 else 0) | (LONG_WORD if _LONG.search(value) else 0)
    bits |= SHORTENS if any(word in SHORT for word in words) else 0
    return bits | (JOINS if _JOINING.search(value) else 0)


@lru_cache(maxsize=1 << 16)
def _of_postcode(value: str) -> int:
    if not value:
        return 0
    bits = SAID | (SHAPED if POSTCODE_SHAPE.fullmatch(value) else 0)
    bits |= LETTER_LIKE if "0" in value or "1" in value else 0
    return bits | (COUNTY if county_words(value) else 0)


_LOOKS: Final[Mapping[str, Callable[[str], int]]] = {
    "unit": _of_unit,
    "number": _of_number,
    "postcode": _of_postcode,
    **dict.fromkeys(("building", "street", "locality", "town"), _of_name),
}
