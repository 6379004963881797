"""Errors in how a flat is written: its word, its number, its floor, whether it is named at all."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from sharewell.demo.region.chance import Texts, texts
from sharewell.demo.region.dirt.address_kinds import (
    Change,
    Chosen,
    Kind,
    again,
    has,
    one_of,
    other_than,
    rewriting,
)
from sharewell.demo.region.dirt.address_parts import blanks, joined
from sharewell.demo.region.dirt.address_traits import (
    ENDS_IN_NUMBER,
    FLOOR,
    FLOOR_SHAPE,
    LETTERED,
    PLACED,
    PLAIN,
    SUFFIXED,
    UNIT_SHAPE,
    WORDED,
)
from sharewell.demo.region.dirt.address_words import FLOOR_FORMS, FLOORS

WORD_KEPT: Final = 0.8
"""Of flats that lose their number, those written "Flat" for all that (address-errors, SU7, rounded)."""
FORMS: Final = (
    "Flat {}",
    "Apt {}",
    "Apartment {}",
    "Flat No {}",
    "F{}",
    "Unit {}",
    "Flt {}",
    "Flat {}.",
    "Apt. {}",
)
_ENDING = re.compile(r"\d+$")
_FLOOR = re.compile(rf"(?:{FLOOR_SHAPE.pattern})(?:\s+(?:floor|flr))?", re.IGNORECASE)


def _id(unit: str) -> str:
    found = UNIT_SHAPE.fullmatch(unit)
    return found["id"] if found else unit.split()[-1]


def written_another_way(unit: str, number: float) -> str:
    """Return "Flat 2" as Apt 2, Apartment 2, Flat No 2, F2, Unit 2 or Flt 2."""
    return other_than(unit, tuple(form.format(_id(unit)) for form in FORMS), number)


def without_number(unit: str, number: float) -> str:
    """Return only the word of a flat, or nothing."""
    found = UNIT_SHAPE.fullmatch(unit)
    return unit[: found.start("id")].strip() if found and number < WORD_KEPT else ""


def without_floor(unit: str, number: float) -> str:
    """Return "First Floor Flat" as "Flat"."""
    left = _FLOOR.sub("", unit).replace("()", "")
    return " ".join(left.split()) or "Flat"


def floor_in_other_words(unit: str, number: float) -> str:
    """Return "First Floor Flat" as "1st Flr Flat" or the like."""
    forms = [unit.replace(old, new) for old, new in FLOOR_FORMS if old in unit]
    return one_of(forms or [f"Flat, {unit}"], number)


def with_floor(unit: str, number: float) -> str:
    """Return "Flat 2" as "Flat 2 First Floor" or "Flat 2 (Ground Floor)"."""
    floor = one_of(FLOORS, number)
    return one_of((f"{unit} {floor}", f"{floor} {unit}", f"{unit} ({floor})"), again(number))


def with_other_number(unit: str, number: float) -> str:
    """Return "Flat 2" as Flat 3, Flat 02, Flat A2, Flat 2A or Flat 2.1."""
    found = _ENDING.search(unit)
    old = found[0] if found else "1"
    near = (str(int(old) + 1), str(max(int(old) - 1, 1)))
    new = (*near, *(form.format(old) for form in ("0{}", "A{}", "B{}", "{}A", "{}.1")))
    return unit.removesuffix(old) + other_than(old, new, number)


def _made_up_flat(chosen: Chosen) -> Mapping[str, Texts]:
    drawn = chosen.chance.random(len(chosen)).tolist()
    flats = ("Flat 1", "Flat 2", "Flat 3", "Flat A", "Flat B", "Ground Floor Flat", "Upstairs Flat")
    return {"unit": texts([one_of(flats, number) for number in drawn])}


def _before_a_slash(chosen: Chosen) -> Mapping[str, Texts]:
    """Write flat 2 of number 12 as 2/12."""
    ids = texts([_id(unit) for unit in chosen.parts.unit.tolist()])
    return {"unit": blanks(len(chosen)), "number": ids + "/" + chosen.parts.number}


def _as_suffix(chosen: Chosen) -> Mapping[str, Texts]:
    """Write Flat A of number 12 as 12A."""
    ids = texts([_id(unit).upper() for unit in chosen.parts.unit.tolist()])
    return {"unit": blanks(len(chosen)), "number": chosen.parts.number + ids}


def _from_suffix(chosen: Chosen) -> Mapping[str, Texts]:
    """Write 12A as Flat A, 12."""
    numbers = chosen.parts.number.tolist()
    return {
        "unit": texts([f"Flat {each[-1].upper()}" for each in numbers]),
        "number": texts([each[:-1] for each in numbers]),
    }


def _swapped(chosen: Chosen) -> Mapping[str, Texts]:
    return {"unit": chosen.parts.building, "building": chosen.parts.unit}


def _behind_street(chosen: Chosen) -> Mapping[str, Texts]:
    return {"unit": blanks(len(chosen)), "street": joined(" ", chosen.parts.street, chosen.parts.unit)}


def _prefixed(words: tuple[str, ...], with_number: bool = False) -> Change:
    """Return a change that writes a word before the flat, or where a flat would stand."""

    def prefixed(unit: str, number: float) -> str:
        word = one_of(words, number) + (f" {1 + int(again(number) * 40)}" if with_number else "")
        return f"{word} {unit}".strip()

    return rewriting("unit", prefixed)


_UNIT, _A_DOOR = has("unit"), has("number") | has("building")

MISSING: Final = Kind("flat_missing", rewriting("unit", without_number), _UNIT)
"""Apart from the others: whoever plants it marks the rows where it leaves two candidates."""
KINDS: Final = (
    Kind(
        "flat_word_dropped", rewriting("unit", lambda unit, _: _id(unit)), has("unit", WORDED), by_block=True
    ),
    Kind("flat_other_word", rewriting("unit", written_another_way), has("unit", WORDED), by_block=True),
    Kind("flat_number_changed", rewriting("unit", with_other_number), has("unit", ENDS_IN_NUMBER)),
    Kind(
        "flat_before_slash",
        _before_a_slash,
        has("unit", WORDED | ENDS_IN_NUMBER) | has("number", PLAIN),
        is_held=True,
    ),
    Kind("flat_as_suffix", _as_suffix, has("unit", LETTERED) | has("number", PLAIN), is_held=True),
    Kind("suffix_as_flat", _from_suffix, has("number", SUFFIXED), _UNIT),
    Kind("flat_added", _made_up_flat, has("number"), _UNIT),
    Kind("floor_dropped", rewriting("unit", without_floor), has("unit", FLOOR)),
    Kind("floor_other_words", rewriting("unit", floor_in_other_words), has("unit", FLOOR), by_block=True),
    Kind("floor_added", rewriting("unit", with_floor), _UNIT, has("unit", FLOOR), by_block=True),
    Kind(
        "flat_side_added",
        rewriting("unit", lambda unit, number: f"{unit} {one_of(('Front', 'Rear'), number)}"),
        _UNIT,
        has("unit", PLACED),
    ),
    Kind("room_added", _prefixed(("Room", "Rm"), with_number=True), any_of=_A_DOOR),
    Kind("annexe_added", _prefixed(("Annexe at", "Annex")), any_of=_A_DOOR, of_houses=0.04),
    Kind(
        "rear_of_added",
        _prefixed(("Rear of", "Adj", "Land at", "R/O", "Off")),
        any_of=_A_DOOR,
        of_houses=0.02,
    ),
    Kind("plot_added", _prefixed(("Plot",), with_number=True), any_of=_A_DOOR, of_houses=0.25),
    Kind(
        "flat_over_added", _prefixed(("Flat over", "Flat above", "Flat at")), any_of=_A_DOOR, of_houses=0.09
    ),
    Kind("flat_at_added", rewriting("unit", lambda unit, _: f"{unit} at"), _UNIT, by_block=True),
    Kind("flat_in_brackets", rewriting("unit", lambda unit, _: f"({unit})"), _UNIT, by_block=True),
    Kind("flat_building_swapped", _swapped, _UNIT | has("building"), by_block=True, is_held=True),
    Kind("flat_behind_street", _behind_street, _UNIT | has("street"), by_block=True, is_held=True),
    Kind(
        "flat_in_capitals", rewriting("unit", lambda unit, _: unit.upper()), has("unit", WORDED), of_case=True
    ),
)
