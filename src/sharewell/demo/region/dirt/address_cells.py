"""Errors in how an address is laid into its cells: lines moved, cut or broken, capitals, spaces, commas."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from sharewell.demo.region.chance import Bools, Chance, Ints, Texts, texts
from sharewell.demo.region.dirt.address_kinds import Rewrite, one_of
from sharewell.demo.region.dirt.address_parts import Layout

Cells = Mapping[str, Texts]
LEAST_CUT: Final = 12
"""A line as long as this may have been cut."""


@dataclass(frozen=True)
class CellKind:
    """One kind of error of the cells: which rows could carry it, and what becomes of the cells chosen."""

    name: str
    could: Callable[[Cells, Layout], Bools]
    change: Callable[[Cells, Layout, Chance], Cells]


def plant_cells(kind: CellKind, cells: Cells, layout: Layout, rows: Ints, chance: Chance) -> Cells:
    """Return the cells of the rows chosen as the error leaves them."""
    return kind.change({name: cells[name][rows] for name in layout.cells}, layout, chance)


def _said(values: Texts) -> Bools:
    said: Bools = np.asarray(values != "", dtype=bool)
    return said


def _where(test: Callable[[str], bool], values: Texts) -> Bools:
    return np.fromiter(map(test, values.tolist()), dtype=bool, count=len(values))


def _top(cells: Cells, layout: Layout) -> Texts:
    """Return the cell that an address begins in: the first of the list, or of its parts the third."""
    return cells[layout.columns[2 if layout.shape == "parts" else 0]]


def _in_every_cell(write: Callable[[str], str]) -> Callable[[Cells, Layout, Chance], Cells]:
    return lambda cells, layout, chance: {
        name: texts([write(value) for value in cell.tolist()]) for name, cell in cells.items()
    }


def _at_the_top(rewrite: Rewrite) -> Callable[[Cells, Layout, Chance], Cells]:
    def change(cells: Cells, layout: Layout, chance: Chance) -> Cells:
        name = layout.columns[2 if layout.shape == "parts" else 0]
        drawn = chance.random(len(cells[name])).tolist()
        return {
            name: texts([rewrite(value, at) for value, at in zip(cells[name].tolist(), drawn, strict=True)])
        }

    return change


def with_stops(line: str, number: float) -> str:
    """Return a line with a comma or a full stop too many."""
    first, _, rest = line.partition(" ")
    inside = f"{first.rstrip(',')}, {rest}" if rest and not first.endswith(",") else f"{line},"
    return one_of((f"{line},", f"{line}.", inside, f"{line} ,"), number)


def with_space(line: str, number: float) -> str:
    """Return a line with a space too many: before it, behind it, or inside it."""
    return one_of(
        (f" {line}", f"{line} ", line.replace(" ", "  ", 1) if " " in line else f"{line}  "), number
    )


def cut(line: str, number: float) -> str:
    """Return a line cut by one to four letters."""
    return line[: len(line) - 1 - int(number * 4)].rstrip()


def _shows_letters(cells: Cells, layout: Layout) -> Bools:
    if layout.shape == "number":
        return _where(lambda value: value != value.upper(), cells[layout.columns[0]])
    return _said(_top(cells, layout)) & (not layout.capitals)


def _could_be_small(cells: Cells, layout: Layout) -> Bools:
    if layout.shape == "number":
        return _where(lambda value: value != value.lower(), cells[layout.columns[0]])
    return _said(_top(cells, layout))


def _could_shift(cells: Cells, layout: Layout) -> Bools:
    first, *_, last = (cells[name] for name in (layout.columns * 2)[: max(len(layout.columns), 2)])
    if layout.shape == "parts":
        return ~_said(first) & _said(cells[layout.columns[1]])
    return _said(first) & ~_said(last)


def _shift(cells: Cells, layout: Layout, chance: Chance) -> Cells:
    """Write every line one further down; of parts, the primary name as the secondary."""
    names = layout.columns
    if layout.shape == "parts":
        return {names[0]: cells[names[1]], names[1]: cells[names[0]]}
    moved = dict(zip(names[1:], (cells[name] for name in names[:-1]), strict=True))
    return {names[0]: np.full(len(cells[names[0]]), "", dtype=object), **moved}


def _could_break(cells: Cells, layout: Layout) -> Bools:
    if layout.shape != "lines":
        return np.zeros(len(cells[layout.columns[0]]), dtype=bool)
    first = cells[layout.columns[0]]
    if len(layout.columns) == 1:
        return _where(lambda value: layout.separator in value, first)
    return _where(lambda value: " " in value.strip(), first)


def _break(cells: Cells, layout: Layout, chance: Chance) -> Cells:
    """Write the last word of the first line on the second; in a single cell, run two lines together."""
    first = layout.columns[0]
    lines = cells[first].tolist()
    if len(layout.columns) == 1:
        return {first: texts([line.replace(layout.separator, " ", 1) for line in lines])}
    ends = [line.rstrip().rpartition(" ") for line in lines]
    second = zip(ends, cells[layout.columns[1]].tolist(), strict=True)
    return {
        first: texts([head.rstrip() for head, _, _ in ends]),
        layout.columns[1]: texts([f"{tail} {line}".strip() for (_, _, tail), line in second]),
    }


def _said_at_the_top(cells: Cells, layout: Layout) -> Bools:
    return _said(_top(cells, layout))


CELL_KINDS: Final = (
    CellKind("address_line_shifted", _could_shift, _shift),
    CellKind("address_line_broken", _could_break, _break),
    CellKind(
        "address_cut_short",
        lambda cells, layout: _where(lambda value: len(value) >= LEAST_CUT, _top(cells, layout)),
        _at_the_top(cut),
    ),
    CellKind("address_stops", _said_at_the_top, _at_the_top(with_stops)),
    CellKind("address_capitals", _shows_letters, _in_every_cell(str.upper)),
    CellKind("address_small_letters", _could_be_small, _in_every_cell(str.lower)),
    CellKind("address_spaces", _said_at_the_top, _at_the_top(with_space)),
)
"""In this order: what moves lines first, what dresses them after."""
