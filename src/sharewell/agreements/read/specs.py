"""The pieces the grammar table is written in: what a value must be, and how to say so."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Name:
    """An identifier: ASCII only, matching a pattern. ``says`` finishes the sentence "Write ..."."""

    pattern: re.Pattern[str]
    says: str


@dataclass(frozen=True)
class Choice:
    """One word of a list."""

    options: tuple[str, ...]

    @property
    def says(self) -> str:
        """Return the words it may be, when they are few."""
        return f"one of {', '.join(self.options)}" if len(self.options) <= 12 else "a word of the list"


@dataclass(frozen=True)
class Words:
    """Text for people, not empty."""

    says: str = "a sentence"


@dataclass(frozen=True)
class Day:
    """A quoted date."""

    says: str = 'a date in quotation marks, "YYYY-MM-DD"'


@dataclass(frozen=True)
class Whole:
    """A whole number in a range."""

    least: int
    most: int

    @property
    def says(self) -> str:
        """Return the range in words."""
        return f"a whole number from {self.least} to {self.most}"


@dataclass(frozen=True)
class Items:
    """A list of one kind of thing."""

    of: Spec
    says: str
    least: int = 1


@dataclass(frozen=True)
class Table:
    """A map from names that the author chooses to one kind of thing."""

    key: Name
    of: Spec
    says: str


@dataclass(frozen=True)
class Key:
    """One key of a record."""

    spec: Spec
    required: bool = True


@dataclass(frozen=True)
class Record:
    """A map with the keys given and no others."""

    keys: Mapping[str, Key]
    says: str


@dataclass(frozen=True)
class Either:
    """One word, or else something longer."""

    word: str
    other: Record | Items

    @property
    def says(self) -> str:
        """Return both ways in words."""
        return f"`{self.word}` or {self.other.says}"


@dataclass(frozen=True)
class RowTestSpec:
    """One row test: ``field`` and exactly one of the tests."""

    field: Name
    place: Name
    says: str = 'a row test such as {field: lad, is: "E06000008"}'


Spec = Name | Choice | Words | Day | Whole | Items | Table | Record | Either | RowTestSpec
