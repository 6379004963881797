"""What each column's values look like, so that a row shifted by a stray comma can be put right or refused."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

Shape = re.Pattern[str]

_SHAPES: Final = tuple(
    re.compile(pattern)
    for pattern in (
        r"[0-9]{4}-[0-9]{2}-[0-9]{2}.*|[0-9]{1,2}[-/. ]([0-9]{1,2}|[A-Za-z]{3,9})[-/. ][0-9]{2,4}",
        r"[A-Za-z]{1,2}[0-9][0-9A-Za-z]? *[0-9][A-Za-z]{2}",
        r"[^@\s,;|]+@[^@\s,;|]+",
        r"[0-9]+",
        r"[-+£$(]*[0-9][0-9 ,.()-]*",
        r"\S{1,2}",
        r"[^\s,]*[0-9][^\s,]*",
    )
)
_FEWEST: Final = 20
_SHARE: Final = 0.85
_MOST_SPARE: Final = 4


def learn_shapes(rows: Sequence[Sequence[str]], width: int) -> tuple[Shape | None, ...]:
    """Return for each column the narrowest shape that at least 85 % of its filled values have, or None."""
    return tuple(_shape_of([row[place].strip() for row in rows]) for place in range(width))


def _shape_of(values: Sequence[str]) -> Shape | None:
    written = [value for value in values if value]
    if len(written) < _FEWEST:
        return None
    for shape in _SHAPES:
        if sum(bool(shape.fullmatch(value)) for value in written) >= len(written) * _SHARE:
            return shape
    return None


def realign(cells: Sequence[str], shapes: Sequence[Shape | None], delimiter: str) -> list[str] | None:
    """Join the neighbouring cells that one unquoted delimiter split, when only one way fits every column.

    Returns None when no way fits or several do: a guess is never made.
    """
    spare = len(cells) - len(shapes)
    if not 0 < spare <= _MOST_SPARE:
        return None
    ways = [_joined(cells, place, spare, delimiter) for place in range(len(shapes))]
    fitting = [way for way in ways if way and _fits(way, shapes)]
    return fitting[0] if len(fitting) == 1 else None


def _joined(cells: Sequence[str], place: int, spare: int, delimiter: str) -> list[str] | None:
    parts = cells[place : place + spare + 1]
    if not all(part.strip() for part in parts):
        return None
    return [*cells[:place], delimiter.join(parts), *cells[place + spare + 1 :]]


def _fits(row: Sequence[str], shapes: Sequence[Shape | None]) -> bool:
    return all(
        not shape or not cell.strip() or shape.fullmatch(cell.strip())
        for cell, shape in zip(row, shapes, strict=True)
    )
