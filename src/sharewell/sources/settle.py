"""The slow, careful path: what becomes of each line that is not plain good CSV."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from sharewell.sources.cells import is_well_quoted, join_cells, split_cells
from sharewell.sources.headings import Layout
from sharewell.sources.lines import LOOK_AHEAD, Fate, Lines
from sharewell.sources.raw_lines import Why, code_of
from sharewell.sources.rules import filled, is_footer, repeats_header
from sharewell.sources.shapes import Shape, learn_shapes, realign

_SAMPLE = 500
_FOOT = 12


@dataclass
class Settlement:
    """The fate of every line of one block, and what to put in place of the odd ones.

    ``mended`` holds a record's new bytes by its line, ``why`` what was mended; ``aside`` holds (line, reason,
    raw text).
    """

    fate: NDArray[np.uint8]
    mended: dict[int, bytes] = field(default_factory=dict)
    why: dict[int, Why] = field(default_factory=dict)
    aside: list[tuple[int, str, str]] = field(default_factory=list)
    repairs: Counter[str] = field(default_factory=Counter)


@dataclass
class Settler:
    """Settles odd lines one by one. Learns once, from the first block, what the columns look like."""

    layout: Layout
    shapes: tuple[Shape | None, ...] | None = None

    def settle(self, lines: Lines, fate: NDArray[np.uint8], *, is_last: bool) -> Settlement:
        """Decide every line that is still pending. ``is_last`` says that the file ends with this block."""
        done = Settlement(fate)
        if is_last:
            self._find_footers(lines, done)
        pending = np.flatnonzero(fate == Fate.PENDING)
        if len(pending) and self.shapes is None:
            self.shapes = self._learn(lines, fate)
        for line in pending.tolist():
            if fate[line] == Fate.PENDING:
                self._settle_line(lines, line, done, is_last)
        return done

    def _learn(self, lines: Lines, fate: NDArray[np.uint8]) -> tuple[Shape | None, ...]:
        good = np.flatnonzero((fate == Fate.RECORD) & ~lines.odd)[:_SAMPLE].tolist()
        rows = [split_cells(lines.line(place), self.layout.delimiter) for place in good]
        return learn_shapes(rows, self.layout.width)

    def _find_footers(self, lines: Lines, done: Settlement) -> None:
        """Mark sums and signatures at the file's foot, last line first, up to the last real record."""
        size = len(lines)
        for line in range(size - 1, max(size - _FOOT, 0) - 1, -1):
            if done.fate[line] in (Fate.BLANK, Fate.CONTINUATION):
                continue
            if not lines.odd[line] and is_footer(self._cells(lines, line), self.layout.width):
                done.fate[line] = Fate.FOOTER
            elif not (line == size - 1 and lines.is_cut_off and done.fate[line] == Fate.PENDING):
                return

    def _cells(self, lines: Lines, first: int, last: int | None = None) -> list[str]:
        return split_cells(lines.line(first, last), self.layout.delimiter)

    def _settle_line(self, lines: Lines, line: int, done: Settlement, is_last: bool) -> None:
        if lines.odd[line] and (last := self._quote_closes(lines, line, done)):
            self._decide(lines, line, last, done, is_last)
        elif is_last and lines.odd[line] and self._runs_off(lines, line, done):
            self._put_aside(lines, line, len(lines) - 1, "truncated_row", done)
        else:
            self._decide(lines, line, line, done, is_last)

    def _quote_closes(self, lines: Lines, line: int, done: Settlement) -> int | None:
        """Return the line where an open quote closes soundly within reach, with no record in between."""
        for last in range(line + 1, min(line + LOOK_AHEAD + 1, len(lines))):
            if done.fate[last] == Fate.RECORD:
                return None
            if lines.odd[last]:
                return last if is_well_quoted(lines.line(line, last), self.layout.delimiter) else None
        return None

    def _runs_off(self, lines: Lines, line: int, done: Settlement) -> bool:
        """Return whether a quote that opens here is still open where the file was cut off."""
        if not lines.is_cut_off or len(lines) - 1 - line > LOOK_AHEAD:
            return False
        records = (done.fate[line + 1 :] == Fate.RECORD).any()
        return not records and not lines.odd[line + 1 :].any() and self._short(lines, line)

    def _short(self, lines: Lines, line: int) -> bool:
        return len(self._cells(lines, line)) < self.layout.width

    def _decide(self, lines: Lines, first: int, last: int, done: Settlement, is_last: bool) -> None:
        text = lines.line(first, last)
        cells = split_cells(text, self.layout.delimiter)
        if not filled(cells):
            self._mark(first, last, Fate.BLANK, done)
        elif len(cells) != self.layout.width and repeats_header(cells, self.layout.columns):
            self._mark(first, last, Fate.REPEATED_HEADER, done)
        elif mended := self._mend(text, cells):
            done.why[first], cells = mended
            done.repairs[code_of(done.why[first])] += 1
            done.mended[first] = join_cells(cells, self.layout.delimiter)
            self._mark(first, last, Fate.RECORD, done)
        else:
            cut = is_last and last == len(lines) - 1 and lines.is_cut_off and len(cells) < self.layout.width
            self._put_aside(lines, first, last, "truncated_row" if cut else "ragged_row", done)

    def _mend(self, text: str, cells: list[str]) -> tuple[Why, list[str]] | None:
        """Return a row of the right width, and what was done, if there is one certain way to it."""
        width, delimiter = self.layout.width, self.layout.delimiter
        if len(cells) == width:
            return Why.STRAY_QUOTE, cells
        if len(cells) > width and not filled(cells[width:]):
            return Why.SPARE_CELLS_DROPPED, cells[:width]
        spaced = split_cells(text, delimiter, skip_spaces=True)
        if len(spaced) == width and len(cells) > width:
            return Why.SPACED_QUOTES, spaced
        moved = realign(cells, self.shapes or (), delimiter)
        return (Why.REALIGNED, moved) if moved else None

    def _put_aside(self, lines: Lines, first: int, last: int, reason: str, done: Settlement) -> None:
        done.aside.append((first, reason, lines.line(first, last)))
        self._mark(first, last, Fate.SET_ASIDE, done)

    def _mark(self, first: int, last: int, fate: Fate, done: Settlement) -> None:
        done.fate[first] = fate
        done.fate[first + 1 : last + 1] = Fate.CONTINUATION
