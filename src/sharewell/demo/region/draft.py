"""A list in the making: its cells, whom and which address each row is about, and every error planted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np

from sharewell.demo.region.chance import Chance, Ints, Texts

Change = Callable[[Texts, Ints], Texts]
"""Takes the values of the rows chosen and their row numbers, and returns the values spoilt."""


@dataclass(frozen=True)
class Errors:
    """Errors of one kind planted in one column: which rows, what stood there and what stands there now."""

    column: str
    kind: str
    row: Ints
    before: Texts
    after: Texts


@dataclass
class Draft:
    """One list of one part of the region. Rows are counted from 0; ``cells`` keeps the order of the columns.

    ``person`` and ``home`` point into the world: whom the row is about and which address it states (NOBODY
    where it states one outside the region). ``hard`` is each row's hard-pair class, "" for none.
    ``tally`` counts, by kind of dirt, the rows that could have had it, that have it and that were to have it.
    """

    name: str
    person: Ints
    home: Ints
    hard: Texts
    chance: Chance
    cells: dict[str, Texts] = field(default_factory=dict)
    errors: list[Errors] = field(default_factory=list)
    tally: dict[str, list[float]] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.person)

    @property
    def every(self) -> Ints:
        """Return all the row numbers."""
        return np.arange(len(self))

    def spoil(
        self, column: str, kind: str, share: float, change: Change, *, among: Ints | None = None
    ) -> Ints:
        """Spoil a share of the rows (of those ``among`` that could be) and return the rows chosen.

        ``among`` must hold only rows that ``change`` really changes, or the rate will fall short.
        """
        rows = self.every if among is None else among
        chosen = self.chance.stream(column, kind).some(rows, share * len(rows))
        self.plant(column, kind, chosen, change(self.cells[column][chosen], chosen))
        self.count(kind, len(rows), len(chosen), share)
        return chosen

    def plant(self, column: str, kind: str, rows: Ints, after: Texts) -> None:
        """Write new values into rows of a column and keep what stood there; unchanged cells are no error."""
        before = self.cells[column][rows]
        differ = np.flatnonzero(before != after)
        if len(differ):
            self.cells[column][rows[differ]] = after[differ]
            self.errors.append(Errors(column, kind, rows[differ], before[differ], after[differ]))

    def note(self, column: str, kind: str, rows: Ints, before: Texts) -> None:
        """Keep an error that the list came by honestly (a stale address): the cells stand as they are."""
        if len(rows):
            self.errors.append(Errors(column, kind, rows, before, self.cells[column][rows]))

    def count(self, kind: str, could: int, has: int, share: float | None = None) -> None:
        """Add to what a kind's rate is made from: rows that could have it, rows that have it, rows wanted."""
        total = self.tally.setdefault(kind, [0, 0, 0])
        total[0] += could
        total[1] += has
        total[2] += has if share is None else share * could

    def fill(self, cells: Mapping[str, Texts | str]) -> None:
        """Add columns; a text alone fills the whole column."""
        for name, values in cells.items():
            column = np.empty(len(self), dtype=object)
            column[:] = values
            self.cells[name] = column
