"""Pure decisions of private linking: what is compared and how much it weighs, how near is one person."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import log2
from types import MappingProxyType

from sharewell.people.encoded.terms import FEWEST_TOLD, Told
from sharewell.people.rules import KNOWN_AS

BITS = 512
"""The length of one encoding. Twice as many bits would gain less than .001 of F1 and double every cost."""

WEIGHTS = MappingProxyType(
    {"first_name": 16, "surname": 14, "date_of_birth": 22, "postcode": 12, "uprn": 12, "nhs_number": 22}
)
"""The share of an encoding's bits that a field has. A birth date tells people apart best."""

FIELDS = tuple(WEIGHTS)
DEFAULT_FIELDS = FIELDS[:4]
FEWEST_FIELDS = 2

PARTS = MappingProxyType(
    {
        "known_as": "first_name",
        "initial": "first_name",
        "first_sound": "first_name",
        "surname": "surname",
        "surname_sound": "surname",
        "born": "date_of_birth",
        "year": "date_of_birth",
        "postcode": "postcode",
        "home": "uprn",
        "nhs_number": "nhs_number",
    }
)
"""What a blocking key is made of -> the field that it needs."""

_PASSES = (
    ("surname", "born"),
    ("known_as", "born"),
    ("known_as", "postcode"),
    ("initial", "surname_sound", "postcode"),
    ("first_sound", "surname_sound", "year"),
    ("born", "postcode"),
    ("known_as", "home"),
    ("initial", "surname_sound", "home"),
    ("born", "home"),
    ("nhs_number",),
)

NEAR = 134
"""Two encodings that differ in at most this many bits of 512 are of one person (26 %).

Two of one family differ in 30 % and more, strangers in half. Chosen on one made-up borough and held to on
lists it was not chosen on (docs/figures.md).
"""

GLANCE_WORDS, GLANCE = 4, 96
"""Only pairs that differ in at most 96 of their first 256 bits are looked at whole: strangers differ in 128
(standard deviation 8), two of one person in 67 at most."""

BLOCK_ROWS = 256
"""About how many records share a block: nobody's block says who they are."""

MOST_BLOCK_BITS = 16
LARGEST_BLOCK = 20_000
"""A block with more records than this is refused: it would take its square in time."""

LARGEST_GROUP = 50
"""A blocking key that more records of one list hold (a default date, a hostel) is left out."""

DECOYS = 0.25
"""Decoys to a record: at this share matching similarity graphs fell from 100 % to nothing (Heng, 2022)."""

FEWEST_DECOYS = 20
"""A short list has at least this many, so that its size does not show."""

ROUND_TO = 5


def passes_of(fields: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    """Return the blocking keys that can be made from the fields agreed, each by its parts."""
    return tuple(parts for parts in _PASSES if all(PARTS[part] in fields for part in parts))


def bits_of(fields: Sequence[str]) -> dict[str, int]:
    """Return how many bits of an encoding each field has; they add up to ``BITS``."""
    total = sum(WEIGHTS[field] for field in fields)
    shares = {field: BITS * WEIGHTS[field] // total for field in fields}
    shares[fields[0]] += BITS - sum(shares.values())
    return shares


def block_bits(records: int) -> int:
    """Return the power of two of blocks for lists of about that many records."""
    return min(MOST_BLOCK_BITS, max(0, round(log2(max(records, 1) / BLOCK_ROWS))))


def told(count: int) -> Told:
    """Return a count as it may be told: hidden under 10, else rounded to 5."""
    return Told(None if count < FEWEST_TOLD else round(count / ROUND_TO) * ROUND_TO)


def tokens_of(field: str, value: str) -> list[str]:
    """Return the pieces of a value that two spellings of it share; never empty for a value that is not."""
    match field:
        case "first_name":
            return [*_grams(value), f"known as {KNOWN_AS.get(value, value)}"]
        case "surname":
            return _grams(value)
        case "date_of_birth":
            return _of_date(value)
        case "postcode":
            return [
                f"out {value[:-3]}",
                f"sector {value[:-2]}",
                f"in {value[-3:]}",
                value,
                f"near {value[:-1]}",
            ]
        case "nhs_number":
            return [value, f"first {value[: len(value) // 2]}", f"last {value[len(value) // 2 :]}"]
        case _:
            return [value]


def _grams(value: str) -> list[str]:
    return [a + b for a, b in pairwise(f"_{value.replace(' ', '')}_")]


def _of_date(value: str) -> list[str]:
    """Return a date's parts alone and in twos; a swap of day and month keeps the two together."""
    parts = value.split("-")
    if len(parts) != 3:
        return _grams(value)
    year, month, day = parts
    low, high = sorted((month, day))
    alone = [f"year {year}", f"month {month}", f"day {day}"]
    return [*alone, f"{year} month {month}", f"{year} day {day}", f"{low} and {high}"]
