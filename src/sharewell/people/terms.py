"""The nouns of people: what a steward says of two records, what becomes of a reference."""

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
