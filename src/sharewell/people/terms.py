"""The nouns of people: what a steward says of two records, what becomes of a reference, what a name says."""

from __future__ import annotations

from enum import StrEnum


class Verdict(StrEnum):
    """What a steward said of two records. It holds until another word of a steward on the same two."""

    SAME = "same"
    DIFFERENT = "different"


class Event(StrEnum):
    """What became of a person's reference in a run."""

    NEW = "new"
    MERGED = "merged"
    SPLIT = "split"


class Reading(StrEnum):
    """What the name in a record says: a person, a newborn without a name, two people, or nobody alive."""

    PERSON = "person"
    NEWBORN = "newborn"
    COUPLE = "couple"
    ESTATE = "estate"
    NOBODY = "nobody"
