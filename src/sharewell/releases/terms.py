"""The nouns of the gate: what was decided for each field, who is in a release, which lists it is made of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from sharewell.agreements.terms import Form, Level, RowTest, SmallNumbers
from sharewell.sources.terms import FieldType, Standard

NOT_NAMED = "The agreement does not name it."
"""Why a field is withheld that the agreement says nothing of."""


class Held(Protocol):
    """A table the gate may read: its name in the engine and its columns."""

    @property
    def name(self) -> str:
        """Return the table's name."""
        ...

    @property
    def columns(self) -> tuple[str, ...]:
        """Return the column names in order."""
        ...


class Outcome(StrEnum):
    """What became of one person at the gate."""

    RELEASED = "released"
    WITHHELD = "withheld"


class Reason(StrEnum):
    """Why a person is not in a release, in the order in which the gate asks."""

    PROTECTED = "protected"
    NOT_IN_ALL = "not_in_all"
    OBJECTION = "objection"
    ROW_TEST = "row_test"
    IN_EXCLUDED_LIST = "in_excluded_list"
    SMALL_GROUP = "small_group"
    NOTHING_KNOWN = "nothing_known"


@dataclass(frozen=True)
class FieldDecision:
    """How one field leaves. ``form`` None means withheld.

    ``clause`` is where the agreement says so (``data[0].fields.phone``); ``why`` the agreement's reason for a
    field shown, ours for one withheld; ``nearest`` the nearest thing that would be allowed, in words.
    ``agreed`` is the form the agreement gives, which the level may have lowered.
    """

    field: str
    form: Form | None
    clause: str
    why: str
    nearest: str | None = None
    agreed: Form | None = None
    type: FieldType = FieldType.TEXT
    quasi: bool = False


@dataclass(frozen=True)
class DatasetDecision:
    """What leaves of one dataset: ``party`` gives it, ``tests`` choose its rows, ``never`` always wins."""

    dataset: str
    party: str
    clause: str
    tests: tuple[RowTest, ...]
    fields: tuple[FieldDecision, ...]
    never: tuple[str, ...]

    @property
    def shown(self) -> tuple[FieldDecision, ...]:
        """Return the fields that leave, in the agreement's order."""
        return tuple(item for item in self.fields if item.form is not None)


@dataclass(frozen=True)
class Decision:
    """What one agreement lets one role of one party have at one level, and between which instants.

    ``starts`` is 00:00 Europe/London on the first day; ``ends`` is 00:00 on the day after the last, or the
    sunset of the emergency it rests on; both as UTC.
    ``k`` is the smallest group of people who look alike that may leave at the pseudonymised level.
    """

    agreement_id: str
    agreement_sha256: str
    party: str
    role: str
    level: Level
    datasets: tuple[DatasetDecision, ...]
    small_numbers: SmallNumbers
    starts: datetime
    ends: datetime
    may: tuple[str, ...] = ()
    k: int | None = None
    delete_within_days: int | None = None

    def dataset(self, name: str) -> DatasetDecision | None:
        """Return what was decided for a dataset, if it is part of this decision."""
        return next((item for item in self.datasets if item.dataset == name), None)


@dataclass(frozen=True)
class PeopleRule:
    """Who is in a release: people in every dataset of ``in_all`` and in none of ``not_in``.

    A person is in a dataset when a row of theirs passes its row tests. Other datasets only add to what is
    said about those people.
    """

    in_all: tuple[str, ...]
    not_in: tuple[str, ...] = ()


@dataclass(frozen=True)
class Dataset:
    """A linked list at the gate. ``own`` marks a list that the recipient itself gave.

    The relation holds ``person, source, source_row, as_of, objected, protected``, the standard's fields as
    text, and ``ward`` where it is known.
    """

    name: str
    relation: Held
    standard: Standard
    own: bool = False


@dataclass(frozen=True)
class ColumnNote:
    """One column of a delivery, for its data dictionary."""

    name: str
    title: str
    form: str
    why: str
    clause: str
    dataset: str
    field: str
