"""Write the addresses of a list in its own form, and plant the errors that real lists have in them.

Kinds of error of the parts (flats, doors, streets, postcodes) come first, each starting from the parts as
the ones before left them; those of the cells come last. How often is in ``address_rates.py``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from sharewell.demo.region.chance import Chance, Ints, Texts
from sharewell.demo.region.dirt import (
    address_cells,
    address_doors,
    address_postcodes,
    address_streets,
    address_units,
)
from sharewell.demo.region.dirt.address_kinds import Chosen, Kind
from sharewell.demo.region.dirt.address_near import Near
from sharewell.demo.region.dirt.address_parts import (
    HOUSE_NUMBER,
    PARTS,
    Layout,
    Parts,
    at,
    lay,
    lines_layout,
    one_cell_layout,
    parts_of,
)
from sharewell.demo.region.dirt.address_rates import (
    ADDRESS_RATES,
    ASSUMED,
    DEFAULT_RATES,
    FROM_COUNCILS,
    FROM_STYLES,
    scaled,
)
from sharewell.demo.region.dirt.address_traits import EVERY, HELD, ROW, SLOTS, bits_of, hidden, marks_of, mask
from sharewell.demo.region.draft import Draft
from sharewell.demo.region.terms import NOBODY, World

__all__ = [
    "ADDRESS_RATES", "ASSUMED", "DEFAULT_RATES", "FROM_COUNCILS", "FROM_STYLES", "HOUSE_NUMBER", "KINDS",
    "PARTS", "Layout", "Parts", "lay", "lines_layout", "one_cell_layout", "parts_of", "scaled",
    "write_address",
]  # fmt: skip

PART_KINDS: Final = (
    *address_units.KINDS,
    *address_doors.KINDS,
    *address_streets.KINDS,
    *address_postcodes.KINDS,
)
KINDS: Final = (
    address_doors.NEXT.name,
    address_units.MISSING.name,
    *(kind.name for kind in (*PART_KINDS, *address_cells.CELL_KINDS)),
)
"""Every kind of address error, in the order they are planted."""
ROW_CLASSES: Final = ("husbands_initials", "new_build", "next_number", "flat_missing")
"""Hard-pair classes of rows: the first that a row gets stays, and any of them wins over the person's."""


def write_address(draft: Draft, world: World, layout: Layout, rates: Mapping[str, float]) -> None:
    """Fill the address columns of a list with what the gazetteer says, then plant errors kind by kind.

    ``rates`` are by kind, of the rows that could carry it; kinds left out are not planted. The rate of
    ``next_number`` is the world's unless it is given. Rows whose home the gazetteer lacks, whose flat is
    missing or whose number is a neighbour's get that hard-pair class.
    """
    writing = _begin(draft, world, layout)
    is_known = np.append(world.homes.in_gazetteer, True)
    _mark_hard(draft, np.flatnonzero(~is_known[draft.home]), "new_build")
    next_rate = rates.get("next_number", world.rates.get("next_number", 0.0))
    _mark_hard(draft, writing.plant(address_doors.NEXT, next_rate), "next_number")
    lost = writing.plant(address_units.MISSING, rates.get("flat_missing", 0.0))
    doubtful = lost[writing.near.has_flat_mates[draft.home[lost]]]
    _mark_hard(draft, doubtful, "flat_missing")
    writing.hold(doubtful)
    for kind in PART_KINDS:
        writing.plant(kind, rates.get(kind.name, 0.0))
    for cell_kind in address_cells.CELL_KINDS:
        writing.plant_cells(cell_kind, rates.get(cell_kind.name, 0.0))


def _begin(draft: Draft, world: World, layout: Layout) -> _Writing:
    """Fill the columns, laying each home once where the list has more rows than there are homes."""
    homes, near = world.homes, Near(world.homes)
    every = np.append(np.arange(len(homes.uprn)), NOBODY)
    laid = every if len(draft) > len(every) else draft.home
    parts = parts_of(homes, laid)
    cells = lay(parts, layout)
    marks = marks_of(parts) | (near.bits[laid] << SLOTS[ROW])
    if laid is every:
        parts, marks = at(parts, draft.home), marks[draft.home]
        cells = {name: cell[draft.home] for name, cell in cells.items()}
    draft.fill(cells)
    return _Writing(draft, layout, near, parts, hidden(marks, layout.shown))


def _mark_hard(draft: Draft, rows: Ints, name: str) -> None:
    draft.hard[rows[~np.isin(draft.hard[rows].astype("U20"), ROW_CLASSES)]] = name


@dataclass
class _Writing:
    """A list's addresses while they are spoilt: their parts as they stand, and what these are like."""

    draft: Draft
    layout: Layout
    near: Near
    parts: Parts
    marks: Ints

    def plant(self, kind: Kind, rate: float) -> Ints:
        """Plant one kind of error of the parts and return its rows."""
        if rate <= 0 or (kind.of_case and self.layout.capitals):
            return self.draft.every[:0]
        chance = self._chance(kind.name)
        could = self._could(kind, chance)
        if not len(could):
            return could
        rows = self._choose(kind, could, rate, chance.stream("rows"))
        home = self.draft.home[rows]
        changed = kind.change(Chosen(at(self.parts, rows), home, self.near, chance.stream("change")))
        self._take(rows, changed)
        planted = self._write(kind.name, rows, lay(at(self.parts, rows), self.layout))
        self.draft.count(kind.name, len(could), planted, rate)
        if kind.is_held:
            self.hold(rows)
        return rows

    def plant_cells(self, kind: address_cells.CellKind, rate: float) -> None:
        """Plant one kind of error of the cells."""
        if rate <= 0:
            return
        chance = self._chance(kind.name)
        could = np.flatnonzero(kind.could(self.draft.cells, self.layout))
        if not len(could):
            return
        rows = chance.stream("rows").some(could, rate * len(could))
        cells = address_cells.plant_cells(kind, self.draft.cells, self.layout, rows, chance.stream("change"))
        self.draft.count(kind.name, len(could), self._write(kind.name, rows, cells), rate)

    def hold(self, rows: Ints) -> None:
        """Let nothing more become of the parts of these rows: what they are an example of stays true."""
        self.marks[rows] |= mask(ROW, HELD)

    def _chance(self, kind: str) -> Chance:
        """Return a stream of its own for each kind and each address that a list has."""
        return self.draft.chance.stream("address", self.layout.columns[0], kind)

    def _could(self, kind: Kind, chance: Chance) -> Ints:
        """Return the rows that could carry an error; of houses only the share that are as likely as flats."""
        could = np.flatnonzero(kind.could(self.marks))
        if kind.of_houses >= 1:
            return could
        is_house = (self.marks[could] & mask("unit", 1)) == 0
        houses = could[is_house]
        taken = chance.stream("houses").some(houses, kind.of_houses * len(houses))
        return np.sort(np.concatenate([could[~is_house], taken]))

    def _choose(self, kind: Kind, could: Ints, rate: float, chance: Chance) -> Ints:
        """Return the rows to spoil: by chance, or block by block until there are enough."""
        if not kind.by_block or not len(could):
            return chance.some(could, rate * len(could))
        wanted = min(chance.round(rate * len(could)), len(could))
        place = chance.random(len(could))
        block = self.near.anchor[self.draft.home[could]]
        of_block = chance.random(len(self.near.anchor) + 1)
        place = np.where(block == NOBODY, place, of_block[block])
        return np.sort(could[np.argsort(place, kind="stable")[:wanted]])

    def _take(self, rows: Ints, changed: Mapping[str, Texts]) -> None:
        """Keep the new values of parts, and what they are like as far as the list shows them."""
        shown = self.layout.shown
        for name, values in changed.items():
            getattr(self.parts, name)[rows] = values
            bits = bits_of(name, values) if name in shown else np.zeros(len(rows), dtype=np.int64)
            self.marks[rows] = (self.marks[rows] & ~mask(name, EVERY)) | (bits << SLOTS[name])

    def _write(self, kind: str, rows: Ints, cells: Mapping[str, Texts]) -> int:
        """Write the cells that changed, log them and return how many rows they are in."""
        is_changed = np.zeros(len(rows), dtype=bool)
        for name, cell in cells.items():
            is_changed |= np.asarray(self.draft.cells[name][rows] != cell, dtype=bool)
            self.draft.plant(name, kind, rows, cell)
        return int(is_changed.sum())
