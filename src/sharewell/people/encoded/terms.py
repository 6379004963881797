"""The nouns of private linking: what two organisations agreed to compare, and what a comparison may tell."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

FEWEST_TOLD = 10
"""A count below this is hidden: few people are soon known."""


class Answer(StrEnum):
    """What a comparison tells: counts serve the aggregate level, linked handles the existence level."""

    COUNTS = "counts"
    LINKED = "linked"


class Reason(StrEnum):
    """Why a row of the handles file has no record encoded behind it, or no record at all."""

    UNREADABLE = "could not be read or cleaned"
    TOO_LITTLE = "holds too little to be found by"
    TOO_COMMON = "all it holds is shared by too many records"
    DECOY = "a decoy: no record"


@dataclass(frozen=True)
class Terms:
    """What the parties agreed: they are bound into every encoding, so a change of any makes another key.

    ``ends`` is the last day; ``fields`` are compared, in the order of ``rules.FIELDS``; a list is laid out in
    2 to the power ``block_bits`` blocks.
    """

    agreement: str
    between: tuple[str, str]
    ends: date
    fields: tuple[str, ...]
    block_bits: int


@dataclass(frozen=True)
class EncodingKey:
    """A secret of 32 bytes that two organisations share for one agreement, with its terms. Never printed."""

    terms: Terms
    secret: bytes = field(repr=False)


@dataclass(frozen=True)
class Told:
    """A count as it may be told: rounded, or hidden when few."""

    rounded: int | None

    def __str__(self) -> str:
        return f"fewer than {FEWEST_TOLD}" if self.rounded is None else f"{self.rounded:,}"
