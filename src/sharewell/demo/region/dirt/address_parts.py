"""The parts of an address, and how a list lays them into its columns."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Final, Literal

import numpy as np

from sharewell.demo.region.chance import Ints, Texts, texts
from sharewell.demo.region.terms import Homes, rows_of

Shape = Literal["lines", "parts", "number"]
"""Lines from the top; the parts of BS 7666 in a column each; or no more than the house's name or number."""


@dataclass(frozen=True)
class Parts:
    """Addresses by part, "" where there is none. ``county`` and ``care_of`` are never in a gazetteer."""

    unit: Texts
    building: Texts
    number: Texts
    street: Texts
    locality: Texts
    town: Texts
    postcode: Texts
    county: Texts
    care_of: Texts

    def __len__(self) -> int:
        return len(self.street)


NAMES: Final = tuple(each.name for each in fields(Parts))
GIVEN: Final = NAMES[:-2]
"""The parts that a gazetteer has."""


@dataclass(frozen=True)
class Layout:
    """How one list lays an address into its columns.

    A single column holds every line, with ``separator`` between them; where there are more lines than
    columns, the last column holds the rest the same way. ``town`` and ``postcode`` name columns of their
    own. ``shares_line`` puts unit and building on one line ("Flat 2 Mill Court").
    """

    columns: tuple[str, ...]
    postcode: str | None = None
    shape: Shape = "lines"
    town: str | None = None
    separator: str = ", "
    writes_locality: bool = True
    writes_town: bool = True
    writes_postcode: bool = False
    """Whether the postcode is the last line, where it has no column."""
    shares_line: bool = True
    capitals: bool = False

    @property
    def cells(self) -> tuple[str, ...]:
        """Return every column but the postcode's."""
        return self.columns if self.town is None else (*self.columns, self.town)

    @property
    def shown(self) -> tuple[str, ...]:
        """Return the parts that the list shows."""
        has_postcode = self.postcode is not None or self.writes_postcode
        hidden = {"locality": not self.writes_locality, "postcode": not has_postcode}
        hidden["town"] = hidden["county"] = not self.writes_town and self.town is None
        if self.shape == "number":
            hidden |= dict.fromkeys(("building", "street", "locality", "town", "county", "care_of"), True)
        return tuple(name for name in NAMES if not hidden.get(name, False))


def lines_layout(column: str, count: int, postcode: str | None = None) -> Layout:
    """Return a layout of ``count`` lines; ``{}`` in the column's name stands for the line's number."""
    return Layout(tuple(column.format(at) for at in range(1, count + 1)), postcode)


def one_cell_layout(column: str, postcode: str | None = None) -> Layout:
    """Return a layout with the whole address in one column, the postcode with it where it has none."""
    return Layout((column,), postcode, writes_postcode=postcode is None)


PARTS: Final = Layout(("SAON", "PAON", "Street", "Locality", "Town"), "Postcode", shape="parts")
"""How the school census has it: secondary and primary name or number, street, locality, town (BS 7666)."""
HOUSE_NUMBER: Final = Layout(("House Number",), "Postcode", shape="number")
"""How contact tracing has it."""


def parts_of(homes: Homes, home: Ints) -> Parts:
    """Return the addresses of homes by part; all "" where ``home`` is NOBODY."""
    given = {name: np.append(getattr(homes, name), "")[home] for name in GIVEN}
    return Parts(**given, county=blanks(len(home)), care_of=blanks(len(home)))


def at(parts: Parts, rows: Ints) -> Parts:
    """Return some of the addresses."""
    return rows_of(parts, rows)


def blanks(n: int) -> Texts:
    """Return ``n`` empty texts."""
    return np.full(n, "", dtype=object)


def lay(parts: Parts, layout: Layout) -> dict[str, Texts]:
    """Return the cells of a list's columns for these addresses."""
    cells = _LAYING[layout.shape](parts, layout)
    if layout.capitals:
        cells = {name: texts([value.upper() for value in cell.tolist()]) for name, cell in cells.items()}
    if layout.postcode is not None:
        cells[layout.postcode] = parts.postcode
    return cells


def joined(separator: str, left: Texts, right: Texts) -> Texts:
    """Return two texts as one, with a separator where neither is empty."""
    pairs = zip(left.tolist(), right.tolist(), strict=True)
    return texts([f"{a}{separator}{b}" if a and b else a or b for a, b in pairs])


def _lay_lines(parts: Parts, layout: Layout) -> dict[str, Texts]:
    cells = _filled(_lines(parts, layout), layout)
    if layout.town is not None:
        cells[layout.town] = joined(", ", parts.town, parts.county)
    return cells


def _lines(parts: Parts, layout: Layout) -> list[Texts]:
    """Return the lines of each address from the top, "" where it lacks one."""
    inside = [parts.unit, parts.building]
    lines = [parts.care_of, *([joined(" ", *inside)] if layout.shares_line else inside)]
    lines.append(joined(" ", parts.number, parts.street))
    if layout.writes_locality:
        lines.append(parts.locality)
    if layout.writes_town and layout.town is None:
        lines += [parts.town, parts.county]
    if layout.writes_postcode and layout.postcode is None:
        lines.append(parts.postcode)
    return lines


def _filled(lines: Sequence[Texts], layout: Layout) -> dict[str, Texts]:
    """Return the lines without gaps in the columns, all that is over in the last one."""
    n, last = len(lines[0]), len(layout.columns) - 1
    cells = np.full((last + 1, n), "", dtype=object)
    filled = np.zeros(n, dtype=np.int64)
    for line in lines:
        rows = np.flatnonzero(line != "")
        fits = rows[filled[rows] <= last]
        over = rows[filled[rows] > last]
        cells[filled[fits], fits] = line[fits]
        cells[last, over] = joined(layout.separator, cells[last, over], line[over])
        filled[rows] += 1
    return dict(zip(layout.columns, cells, strict=True))


def _lay_parts(parts: Parts, layout: Layout) -> dict[str, Texts]:
    saon, paon, street, locality, town = layout.columns
    return {
        saon: joined(", ", parts.care_of, parts.unit),
        paon: joined(", ", parts.building, parts.number),
        street: parts.street,
        locality: parts.locality,
        town: joined(", ", parts.town, parts.county),
    }


def _lay_number(parts: Parts, layout: Layout) -> dict[str, Texts]:
    """Return the unit with the number, or the building's name where it has none."""
    door = np.where(parts.number != "", parts.number, parts.building)
    return {layout.columns[0]: joined(", ", parts.unit, door)}


_LAYING: Final[Mapping[Shape, Callable[[Parts, Layout], dict[str, Texts]]]] = {
    "lines": _lay_lines,
    "parts": _lay_parts,
    "number": _lay_number,
}
