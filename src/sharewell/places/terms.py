"""The nouns of places: what the matcher may answer, and the kinds of word an address is made of."""

from __future__ import annotations

from enum import IntEnum, StrEnum
from typing import NamedTuple


class Answer(StrEnum):
    """What is known of where an address is: the unit itself, its building only, or nothing."""

    UNIT = "unit"
    BUILDING = "building"
    NONE = "none"


class Kind(IntEnum):
    """What one atom of an address can be before its neighbours have been looked at."""

    END = 0
    WORD = 1
    NUMBER = 2
    SUFFIX = 3
    UPTO = 4
    LETTER = 5
    MIXED = 6
    UNIT = 7
    OUTBUILDING = 8
    ROOM = 9
    STOREY = 10
    FLOOR = 11
    FILLER = 12
    COMMA = 13
    SAINT_OR_STREET = 14


class Atom(NamedTuple):
    """The smallest part of an address: its kind, its canonical text and, for numbers and ids, a code."""

    kind: Kind
    text: str
    code: int = 0
