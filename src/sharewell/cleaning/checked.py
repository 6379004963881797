"""The nouns of checking a list before it is sent: what is wrong with which cells, what becomes of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from sharewell.sources.terms import ColumnMapping, Field, FileFacts, Standard


class Kind(StrEnum):
    """What is wrong with a cell, as a validator counts it."""

    MISSING = "missing"
    FORM = "form"
    CHECK = "check"
    RANGE = "range"
    CODE = "code"
    BOUNDS = "bounds"
    REPEATED = "repeated"


class Outcome(StrEnum):
    """What becomes of the cell when the list is sent as it is; the worst first."""

    ROW_LOST = "row_lost"
    CELL_LOST = "cell_lost"
    PUT_RIGHT = "put_right"
    UNKNOWN = "unknown"

    @property
    def needs_mending(self) -> bool:
        """Return whether the sender should mend it: sharewell cannot."""
        return self is not Outcome.PUT_RIGHT


@dataclass(frozen=True)
class Example:
    """One failing cell: its record after the header from 1, its physical line, and its value's shape.

    ``shown`` is the value itself only when the sender asked for that.
    """

    row: int
    line: int | None
    shown: str


@dataclass(frozen=True)
class Problem:
    """Failing cells of one field that are wrong in one way; ``rows`` are the first of them."""

    field: Field
    column: str
    kind: Kind
    outcome: Outcome
    rule: str
    cells: int
    what: str
    advice: str
    examples: tuple[Example, ...] = ()

    def as_dict(self) -> dict[str, object]:
        """Return it as data ready for JSON."""
        told = {"column": self.column, "field": self.field.name, "kind": self.kind.value}
        told |= {"outcome": self.outcome.value, "rule": self.rule, "what": self.what, "advice": self.advice}
        rows = [{"row": each.row, "line": each.line, "shape": each.shown} for each in self.examples]
        return {**told, "cells": self.cells, "rows": rows}


@dataclass(frozen=True)
class Unreadable:
    """Rows that could not be read, with the first of their numbers and lines."""

    reason: str
    count: int
    examples: tuple[Example, ...]


@dataclass(frozen=True)
class Checked:
    """A list held against a standard, cell by cell. ``rows`` are the records read; nothing was changed.

    ``absent`` are required fields that no column has, ``doubtful`` columns whose meaning was guessed,
    ``spare`` columns that the standard does not ask for. ``problems`` come worst first.
    """

    facts: FileFacts
    standard: Standard
    mapping: ColumnMapping
    rows: int
    problems: tuple[Problem, ...]
    rows_failing: int
    rows_to_mend: int
    unreadable: tuple[Unreadable, ...] = ()

    @property
    def cells_failing(self) -> int:
        """Return how many cells a validator would report."""
        return sum(problem.cells for problem in self.problems)

    @property
    def cells_to_mend(self) -> int:
        """Return how many cells sharewell cannot put right itself."""
        return sum(problem.cells for problem in self.problems if problem.outcome.needs_mending)

    @property
    def absent(self) -> tuple[Field, ...]:
        """Return the required fields that no column of the file has."""
        had = {guess.field for guess in self.mapping.guesses}
        return tuple(field for field in self.standard.fields if field.required and field.name not in had)

    @property
    def doubtful(self) -> tuple[tuple[str, str], ...]:
        """Return the columns whose meaning was guessed, each with the field it was taken for."""
        sure = {"exact", "synonym", "confirmed"}
        found = [guess for guess in self.mapping.guesses if guess.field and guess.how not in sure]
        return tuple((guess.column, guess.field or "") for guess in found)

    @property
    def spare(self) -> tuple[str, ...]:
        """Return the columns that the standard does not ask for."""
        return tuple(guess.column for guess in self.mapping.guesses if guess.field is None)

    @property
    def needs_mending(self) -> bool:
        """Return whether the sender has something to do before the list is sent."""
        return bool(self.cells_to_mend or self.absent or self.unreadable or self.doubtful)

    def as_dict(self) -> dict[str, object]:
        """Return it as data ready for JSON."""
        return {
            "file": self.facts.name,
            "standard": self.standard.name,
            "version": self.standard.version,
            "rows": self.rows,
            "cells_failing": self.cells_failing,
            "cells_to_mend": self.cells_to_mend,
            "rows_failing": self.rows_failing,
            "rows_to_mend": self.rows_to_mend,
            "needs_mending": self.needs_mending,
            "columns_absent": [field.name for field in self.absent],
            "columns_doubtful": [{"column": column, "field": field} for column, field in self.doubtful],
            "columns_left_out": list(self.spare),
            "unreadable": [_unreadable(each) for each in self.unreadable],
            "problems": [problem.as_dict() for problem in self.problems],
        }


def _unreadable(each: Unreadable) -> Mapping[str, object]:
    rows = [{"row": example.row, "line": example.line} for example in each.examples]
    return {"reason": each.reason, "rows_unreadable": each.count, "rows": rows}
