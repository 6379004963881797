"""The nouns of places: what the matcher may answer, what an address is of, what it is made of."""

from __future__ import annotations

from enum import IntEnum, StrEnum
from typing import NamedTuple


class Answer(StrEnum):
    """What is known of where an address is: the unit itself, its building only, or nothing."""

    UNIT = "unit"
    BUILDING = "building"
    NONE = "none"


class Kind:
    """What one atom of an address can be before its neighbours have been looked at.

    Plain numbers and no enumeration: they are compared with whole arrays many times for each address.
    """

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


class Use(IntEnum):
    """What an addressable object is used for, nearest to a person's home first."""

    HOME = 0
    WORK = 1
    ANCILLARY = 2


class Standing(IntEnum):
    """Where an address stands in its life (BS 7666 logical status): approved, planned, gone."""

    LIVE = 0
    PROVISIONAL = 1
    HISTORIC = 2


class Atom(NamedTuple):
    """The smallest part of an address: its kind, its canonical text and, for numbers and ids, a code."""

    kind: int
    text: str
    code: int = 0
