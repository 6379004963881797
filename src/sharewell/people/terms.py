"""The nouns of linking: a linkage, kept references, and a steward's verdict."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from sharewell.store.engine import Relation
from sharewell.vocab.step import Note


class Verdict(StrEnum):
    """What a steward said of two records. It holds until another word of a steward on the same two."""

    SAME = "same"
    DIFFERENT = "different"


class Event(StrEnum):
    """What became of a person's reference in a run."""

    NEW = "new"
    MERGED = "merged"
    SPLIT = "split"


@dataclass(frozen=True)
class Linkage:
    """Every record with the person it was linked to, the model that did it, and what people should know.

    ``linked``: source, source_row, person (a cluster id of this run only), match_weight (bits, NULL when alone),
    linked_by. ``model``: JSON-ready; the settings Splink scored with, and the prior odds by place.
    """

    linked: Relation
    model: Mapping[str, object]
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True)
class Kept:
    """Every record with its person's lasting reference, and what changed since the last run.

    ``members``: source, source_row, record_key, person, match_weight, linked_by. ``events``: person, event,
    from_persons, to_persons, reason, run, at.
    """

    members: Relation
    events: Relation
