"""Every physical line of a block at once: where it lies, how many cells it has, whether its quotes are sound.

All arrays, no Python per line but for lines with an odd number of quotes. Positions are byte offsets.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import IntEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]

LOOK_AHEAD: Final = 10
"""Lines that an open quote may run over before it is taken for a stray one."""

LONG_NOTE: Final = 400
"""Lines that a quoted note may run over when none of them could be a record by itself."""

WIDE: Final = 6
"""Cells from which a line of the right width inside an open quote is a record, never a part of a note."""

_QUOTE, _LF, _CR = 34, 10, 13


class Fate(IntEnum):
    """What became of a physical line. ``PENDING`` only while the pre-flight works."""

    PENDING = 0
    RECORD = 1
    CONTINUATION = 2
    TITLE = 3
    HEADER = 4
    BLANK = 5
    REPEATED_HEADER = 6
    FOOTER = 7
    SET_ASIDE = 8


def owners_of(fate: NDArray[np.uint8]) -> Ints:
    """Return for each line the first line of the record that it belongs to: itself unless a continuation."""
    leaders = np.where(fate == Fate.CONTINUATION, 0, np.arange(len(fate)))
    owners: Ints = np.maximum.accumulate(leaders)
    return owners


def are_counted(fate: NDArray[np.uint8]) -> Bools:
    """Return which lines begin a record that is counted: kept, or set aside."""
    counted: Bools = (fate == Fate.RECORD) | (fate == Fate.SET_ASIDE)
    return counted


@dataclass(frozen=True)
class Lines:
    """The physical lines of a block.

    ``start`` and ``end`` enclose a line's text, ``after`` is where the next one starts. ``cells`` counts its
    cells if it stands alone; ``sound`` says that its quotes open and close where they may; ``odd`` that one
    is left open; ``empty`` that every cell is. ``phase`` is the number of quotes before the line, modulo 2.
    ``delimiters`` and ``misplaced`` are running totals before each line, of delimiters outside quotes and of
    misplaced quotes, under both readings: row 0 for records that start in phase 0, row 1 for phase 1.
    """

    text: bytes
    start: Ints
    end: Ints
    after: Ints
    odd: Bools
    cells: Ints
    sound: Bools
    empty: Bools
    phase: Ints
    delimiters: Ints
    misplaced: Ints

    def __len__(self) -> int:
        return len(self.start)

    def line(self, first: int, last: int | None = None) -> str:
        """Return the text of a line, or of the lines from first to last, without the last line end."""
        return self.text[self.start[first] : self.end[first if last is None else last]].decode()

    def first(self, size: int) -> Lines:
        """Return the first lines alone."""
        heads = {
            name: getattr(self, name)[:size]
            for name in ("start", "end", "after", "odd", "cells", "sound", "empty")
        }
        return replace(self, **heads, phase=self.phase[:size])

    @property
    def is_cut_off(self) -> bool:
        """Return whether the last line has no line end."""
        return bool(self.end[-1] == self.after[-1])


def chart_lines(text: bytes, delimiter: int) -> Lines:
    """Find the lines of a block of UTF-8 text and count what is in them. The block must not be empty."""
    signs = np.frombuffer(text, np.uint8)
    start, end, after = _bounds(text, signs)
    quotes = np.flatnonzero(signs == _QUOTE) if b'"' in text else np.empty(0, np.int64)
    marks = np.flatnonzero(signs == delimiter)
    edges = np.append(start, len(text))
    before = np.searchsorted(quotes, edges)
    phase, count = before[:-1] & 1, np.diff(before)
    delimiters = _running(_by_phase(marks, _inside_quotes(marks, quotes)), edges)
    misplaced = _running(_misplaced(signs, quotes, delimiter), edges)
    here = np.arange(len(start))
    cells = delimiters[phase, here + 1] - delimiters[phase, here] + 1
    sound = misplaced[phase, here + 1] == misplaced[phase, here]
    size = end - start
    empty = size == cells - 1
    for line in np.flatnonzero((size == 3 * cells - 1) & (count == 2 * cells)).tolist():
        empty[line] = b'"""' not in text[start[line] : end[line]]
    return Lines(text, start, end, after, count % 2 == 1, cells, sound, empty, phase, delimiters, misplaced)


def _bounds(text: bytes, signs: NDArray[np.uint8]) -> tuple[Ints, Ints, Ints]:
    stops = signs == _LF
    if b"\r" in text:
        returns = signs == _CR
        followed = np.append(stops[1:], False)
        after = np.flatnonzero(stops | (returns & ~followed)) + 1
        pair = stops[after - 1] & np.append(False, returns)[after - 1]
    else:
        after = np.flatnonzero(stops) + 1
        pair = np.zeros(len(after), np.bool_)
    end = after - 1 - pair
    if not len(after) or after[-1] < len(text):
        after, end = np.append(after, len(text)), np.append(end, len(text))
    return np.append(0, after[:-1]), end, after


def _inside_quotes(marks: Ints, quotes: Ints) -> Bools:
    """Return which marks have an odd number of the block's quotes before them."""
    if not len(quotes):
        return np.zeros(len(marks), np.bool_)
    passed = np.bincount(np.searchsorted(marks, quotes), minlength=len(marks) + 1)
    inside: Bools = (np.cumsum(passed[: len(marks)]) & 1).astype(np.bool_)
    return inside


def _by_phase(places: Ints, inside: Bools) -> tuple[Ints, Ints]:
    return places[~inside], places[inside]


def _running(by_phase: tuple[Ints, Ints], edges: Ints) -> Ints:
    return np.stack([np.searchsorted(places, edges) for places in by_phase])


def _misplaced(signs: NDArray[np.uint8], quotes: Ints, delimiter: int) -> tuple[Ints, Ints]:
    """Return the quotes that stand where none may: the block's first quote opening, then closing."""
    edge = np.zeros(256, np.bool_)
    edge[[delimiter, _LF, _CR, _QUOTE]] = True
    size = len(signs)
    bad_opening = (quotes > 0) & ~edge[signs[np.maximum(quotes - 1, 0)]]
    bad_closing = (quotes < size - 1) & ~edge[signs[np.minimum(quotes + 1, size - 1)]]
    opens = np.arange(len(quotes)) % 2 == 0
    return (
        quotes[np.where(opens, bad_opening, bad_closing)],
        quotes[np.where(opens, bad_closing, bad_opening)],
    )


def join_lines(lines: Lines, width: int, full: Bools) -> tuple[Ints, Ints]:
    """Return the first and last lines of the records that a quoted line end spreads over several lines.

    An odd line is joined with the next odd one when together they are one soundly quoted record of the right
    width. ``full`` marks lines that are records by themselves: a note longer than LOOK_AHEAD lines, or one in
    a WIDE list, may not contain any, so that one stray quote never eats the file.
    """
    odd = np.flatnonzero(lines.odd)
    if len(odd) < 2:
        return odd[:0], odd[:0]
    first, last = odd[:-1], odd[1:]
    phase = lines.phase[first]
    cells = lines.delimiters[phase, last + 1] - lines.delimiters[phase, first] + 1
    sound = lines.misplaced[phase, last + 1] == lines.misplaced[phase, first]
    records = np.append(0, np.cumsum(full))
    bare = records[last] == records[first]
    near = (last - first <= LOOK_AHEAD) & (bare | (width < WIDE))
    note = (last - first <= LONG_NOTE) & bare
    chosen = _one_after_another(((cells == width) & sound & (near | note)).tolist())
    return first[chosen], last[chosen]


def _one_after_another(fits: list[bool]) -> list[int]:
    chosen, at = [], 0
    while at < len(fits):
        if fits[at]:
            chosen.append(at)
        at += 2 if fits[at] else 1
    return chosen


def spans(first: Ints, last: Ints, size: int) -> Bools:
    """Return which lines lie inside the joined records, their first lines left out."""
    steps = np.zeros(size + 1, np.int64)
    np.add.at(steps, first + 1, 1)
    np.add.at(steps, last + 1, -1)
    return np.cumsum(steps)[:size] > 0
