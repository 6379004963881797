"""Where the columns of a fixed-width list stand: told, under a ruler of dashes, or by an aligned header."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

from sharewell.sources.headings import name_columns_of
from sharewell.sources.rules import are_headings, is_footer, is_heading, normal_heading
from sharewell.sources.terms import Standard
from sharewell.vocab.errors import FileUnreadable, Where

RULER: Final = re.compile(r"[\s|+]*[-=_─]+([ |+\t]+[-=_─]+)+[\s|+]*")
GAP_SIGNS: Final = " |+\t"
"""Signs that may stand between two columns."""

_RUN: Final = re.compile(r"[-=_─]+")
_WORDS: Final = re.compile(r"\S+(?: \S+)*")
_DEEPEST: Final = 50
_SHARE: Final = 0.9


@dataclass(frozen=True)
class Span:
    """One column of a fixed-width list: its name and its characters, from ``start`` (0) up to ``stop``.

    ``stop`` None means the rest of the line.
    """

    name: str
    start: int
    stop: int | None


@dataclass(frozen=True)
class Grid:
    """How a fixed-width list lies: its columns, and which of its first lines (from 0) are not records.

    ``header`` is the line of the header, or None; ``body`` the first line after it and its ruler.
    """

    spans: tuple[Span, ...]
    header: int | None
    body: int

    @property
    def gaps(self) -> tuple[tuple[int, int], ...]:
        """Return the places between columns, where nothing may stand."""
        pairs = pairwise(self.spans)
        return tuple((a.stop, b.start) for a, b in pairs if a.stop is not None and a.stop < b.start)

    def cells(self, line: str) -> list[str]:
        """Return one line's cells, without the spaces that fill them up."""
        return [line[span.start : span.stop].strip(" ") for span in self.spans]


def spans_of(standard: Standard) -> tuple[Span, ...]:
    """Return the columns that a standard tells by their characters: none unless it is of fixed width."""
    return tuple(
        Span(field.name, field.characters[0] - 1, field.characters[1])
        for field in standard.fields
        if field.characters
    )


def told_grid(spans: Sequence[Span], lines: Sequence[str], name: str) -> Grid:
    """Return the grid of columns that a standard tells, and whether the first line names them.

    Raises FileUnreadable when two of the columns overlap.
    """
    spans = sorted(spans, key=lambda span: span.start)
    for left, right in pairwise(spans):
        if left.stop is None or left.stop > right.start:
            raise FileUnreadable(
                "Two of the columns told for this file overlap.",
                "Give each column its own characters in the standard.",
                Where(file=name, column=right.name),
            )
    grid = Grid(tuple(spans), None, 0)
    first = next((place for place, line in enumerate(lines) if line.strip()), 0)
    cells = grid.cells(lines[first]) if lines else []
    same = [_alike(cell, span.name) for cell, span in zip(cells, spans, strict=False)]
    if not any(same) or sum(same) * 2 < len(same) or not all(is_heading(cell) for cell in cells if cell):
        return grid
    ruled = first + 1 < len(lines) and RULER.fullmatch(lines[first + 1])
    return Grid(tuple(spans), first, first + 2 if ruled else first + 1)


def _alike(cell: str, name: str) -> bool:
    """Return whether a cell is a column's name, or as much of it as the column has room for."""
    short, whole = normal_heading(cell), normal_heading(name)
    return bool(short) and whole.startswith(short)


def find_ruled(lines: Sequence[str], name: str) -> Grid | None:
    """Return the grid of a list whose header stands over a ruler of dashes. Raises HeaderDuplicate."""
    for place, line in enumerate(lines[:_DEEPEST]):
        if not place or not RULER.fullmatch(line):
            continue
        runs = [match.span() for match in _RUN.finditer(line)]
        header = lines[place - 1]
        cells = [header[start:stop].strip() for start, stop in runs]
        if any(header[stop:start].strip(GAP_SIGNS) for (_, stop), (start, _) in pairwise(runs)):
            continue
        if any("|" in cell for cell in cells):
            continue
        if any(is_heading(cell) for cell in cells) and all(is_heading(cell) or not cell for cell in cells):
            grid = _grid(runs, cells, place - 1, place + 1, name)
            is_boxed = line.rstrip().endswith(("+", "|"))
            return _closed(grid, runs[-1][1]) if is_boxed else grid
    return None


def _closed(grid: Grid, stop: int) -> Grid:
    """Return the grid with an end to its last column too."""
    return replace(grid, spans=(*grid.spans[:-1], replace(grid.spans[-1], stop=stop)))


def find_aligned(lines: Sequence[str], name: str) -> Grid | None:
    """Return the grid of a list whose records line up under a header set wide. Raises HeaderDuplicate."""
    for place, line in enumerate(lines[:_DEEPEST]):
        tokens = [match.span() for match in _WORDS.finditer(line)]
        headings = [line[start:stop] for start, stop in tokens]
        if len(tokens) < 2 or not are_headings(headings):
            continue
        runs = _runs_between(line, tokens, _body(lines[place + 1 :]))
        if runs:
            return _grid(runs, headings, place, place + 1, name)
    return None


def _grid(runs: Sequence[tuple[int, int]], cells: Sequence[str], header: int, body: int, name: str) -> Grid:
    names = name_columns_of(cells, name)
    stops: list[int | None] = [*(stop for _, stop in runs[:-1]), None]
    spans = (Span(column, start, stop) for column, (start, _), stop in zip(names, runs, stops, strict=True))
    return Grid(tuple(spans), header, body)


def _body(lines: Sequence[str]) -> list[str]:
    body = [line for line in lines if line.strip() and not RULER.fullmatch(line)]
    while body and is_footer([body[-1].strip()], 3):
        body.pop()
    return body


def _runs_between(
    header: str, tokens: Sequence[tuple[int, int]], body: Sequence[str]
) -> list[tuple[int, int]] | None:
    """Return where each column starts and stops, if every gap between two headings is blank in the body."""
    if len(body) < 2 or any("\t" in line for line in (header, *body)):
        return None
    runs, start = [], 0
    for (_, left), (right, _) in pairwise(tokens):
        river = [place for place in range(left, right) if _is_blank(place, body)]
        if not river:
            return None
        gap = river[-1] if river[-1] + 1 == right else (_start_of_last_run(river) + river[-1]) // 2
        runs.append((start, gap))
        start = gap + 1
    runs.append((start, max(map(len, body))))
    used = all(any(line[a:b].strip() for line in body) for a, b in runs)
    return runs if used else None


def _start_of_last_run(places: Sequence[int]) -> int:
    start = places[-1]
    while start - 1 in places:
        start -= 1
    return start


def _is_blank(place: int, body: Sequence[str]) -> bool:
    blank = sum(line[place : place + 1] in ("", " ") for line in body)
    return blank >= math.ceil(len(body) * _SHARE)
