"""The nouns of cleaning: what was decided about one distinct value of one column."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import NamedTuple


class Verdict(StrEnum):
    """What became of a cell: repaired, left empty with a reason, or its whole row set aside for it.

    ``RIGHT`` is remembered of values that a rule was asked about and left as they stand; no change has it.
    """

    REPAIRED = "repaired"
    BLANKED = "blanked"
    SET_ASIDE = "set_aside"
    RIGHT = "right"


class Decision(NamedTuple):
    """What a value becomes, by which rules (joined by ``+`` when several), and the verdict.

    ``after`` is None when the value was blanked.
    """

    after: str | None
    rule: str
    verdict: Verdict


Rule = Callable[[str], Decision | None]
"""Decides one distinct value. None means that the value is right as it stands."""


class Undone(NamedTuple):
    """A rule that is not to be used on a column: what it would have changed stays as it came."""

    column: str
    rule: str


def blanked(rule: str) -> Decision:
    """Return the decision that a value cannot stand and has no one right answer."""
    return Decision(None, rule, Verdict.BLANKED)
