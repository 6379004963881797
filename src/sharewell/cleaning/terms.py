"""The nouns of cleaning: what was decided about one distinct value of one column."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import NamedTuple


class Verdict(StrEnum):
    """What became of a cell that was changed. A row set aside is told by its reasons, not here."""

    REPAIRED = "repaired"
    BLANKED = "blanked"


class Decision(NamedTuple):
    """What a value becomes, by which rules (joined by ``+`` when several), and the verdict.

    ``after`` is None when the value was blanked.
    """

    after: str | None
    rule: str
    verdict: Verdict


Rule = Callable[[str], Decision | None]
"""Decides one distinct value. None means that the value is right as it stands."""


def blanked(rule: str) -> Decision:
    """Return the decision that a value cannot stand and has no one right answer."""
    return Decision(None, rule, Verdict.BLANKED)
