"""How the workbook of rows given back is laid out: its sheets, its own columns, cells too long for it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

READ_ME: Final = "Read me"
ROWS: Final = "Rows"
MOST_ROWS: Final = 500_000
"""Rows on one sheet; more go on sheets called Rows 2, Rows 3."""
LONGEST_CELL: Final = 32_767
"""Characters a workbook's cell can hold."""
_TOO_LONG: Final = "[too long for a workbook ({:,} characters): leave this as it is, and the cell stays]"


@dataclass(frozen=True)
class Own:
    """The names of our own columns, which no heading of the file has."""

    row: str
    reason: str
    advice: str
    as_it_came: str
    mark: str


def own_columns(headings: Collection[str]) -> Own:
    """Return the names of our columns; one that the file uses itself is told apart."""
    taken = {heading.casefold() for heading in headings}
    names = ("Row", "Reason", "What to do", "The row as it came", "Mark")
    return Own(*(f"{name} (sharewell)" if name.casefold() in taken else name for name in names))


def sheet_name(place: int) -> str:
    """Return the name of the sheet of rows at a place, from 0."""
    return ROWS if place == 0 else f"{ROWS} {place + 1}"


def cell_shown(value: str | None) -> str:
    """Return a cell as the workbook shows it."""
    if value is None:
        return ""
    return value if len(value) <= LONGEST_CELL else _TOO_LONG.format(len(value))


def is_same(shown: str, value: str | None) -> bool:
    """Return whether a cell came back as it was given out; programs may rewrite line ends and controls."""
    return shown == cell_shown(value) or _plain(shown) == _plain(cell_shown(value))


def _plain(text: str) -> str:
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(sign for sign in lines if sign >= " " or sign in "\t\n")
