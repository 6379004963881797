"""The pre-flight: text of any shape into records, with every physical line accounted for.

No engine ever sees the file. Lines that are plainly good are copied as runs of bytes into a clean UTF-8
buffer, the few odd ones are settled one by one (``settle.py``), and pyarrow, told everything, parses that.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from sharewell.sources.aside import Aside, raw_schema
from sharewell.sources.buffers import build_buffer, find_repeated_headers, parse_buffer, records_of
from sharewell.sources.encoding import Decoding, clean_blocks
from sharewell.sources.headings import SAMPLE, Layout, find_layout
from sharewell.sources.lines import LONG_NOTE, Fate, Lines, are_counted, chart_lines, join_lines, spans
from sharewell.sources.rules import filled
from sharewell.sources.settle import Settlement, Settler
from sharewell.vocab.errors import FileEmpty, RowsNotConserved, Where

_HELD_BACK = 20
_HEADER_ZONE = 1 << 20


class Preflight:
    """One pass over one text file: its layout, then its records in batches, then what it turned out to be.

    ``batches`` may be consumed once. ``lines``, ``records``, ``aside``, ``repairs`` and ``raw_lines`` are
    complete after it.
    """

    def __init__(self, blocks: Iterator[bytes], decoding: Decoding, known: frozenset[str], name: str) -> None:
        """Read the first block and find the header. Raises FileEmpty, HeaderMissing, HeaderDuplicate."""
        self.name, self.decoding = name, decoding
        self.aside, self.records = Aside(), 0
        self.lines: Counter[Fate] = Counter()
        self.repairs: Counter[str] = Counter()
        self.raw_lines = decoding.note_lines()
        self._blocks = clean_blocks(blocks, decoding, name)
        self.layout, self._rest = self._find_layout(self._first_block(), known)
        self._settler = Settler(self.layout)

    def _first_block(self) -> bytes:
        first = b""
        for block in self._blocks:
            first += block
            if first.strip(b" \t\r\n\x1a"):
                return first
        raise FileEmpty(
            "The file holds nothing but blank lines.", "Ask the sender to send it again.", self._where
        )

    @property
    def _where(self) -> Where:
        return Where(file=self.name)

    def _find_layout(self, block: bytes, known: frozenset[str]) -> tuple[Layout, bytes]:
        """Find the layout, count the lines above the body, and return the body's first bytes."""
        chart = chart_lines(block[: block.find(b"\n", _HEADER_ZONE) + 1 or len(block)], 0)
        head = [chart.line(line) for line in range(min(len(chart), SAMPLE))]
        layout = find_layout(head, known, self.name)
        titles = [Fate.TITLE if filled([cell]) else Fate.BLANK for cell in _bare(head[: layout.first])]
        self.lines.update(titles)
        self.lines[Fate.HEADER] += layout.last - layout.first + 1
        return layout, block[int(chart.after[layout.last]) :]

    @property
    def schema(self) -> pa.Schema:
        """Return the schema of the batches: where each record stood, then the file's columns as text."""
        return raw_schema(self.layout.columns)

    def batches(self) -> Iterator[pa.RecordBatch]:
        """Return the records in batches. Raises RowsNotConserved when a line is unaccounted for."""
        rest = self._rest
        for block in self._blocks:
            rest += block
            cut, table = self._read(rest, is_last=False)
            rest = rest[cut:]
            yield from table.to_batches()
        if rest:
            yield from self._read(rest, is_last=True)[1].to_batches()
        self._account()

    def _read(self, text: bytes, *, is_last: bool) -> tuple[int, pa.Table]:
        """Read a block; return how many bytes were used and the records."""
        lines = chart_lines(text, ord(self.layout.delimiter))
        fate, joined = _first_fates(lines, self.layout.width)
        if not is_last:
            lines, fate = _hold_back(lines, fate, joined)
        if not len(lines):
            return 0, self.schema.empty_table()
        done = self._settler.settle(lines, fate, is_last=is_last)
        self.repairs += done.repairs
        rows = parse_buffer(build_buffer(lines, done), self.layout, self.name)
        rows = self._drop_repeated_headers(rows, done.fate)
        table = self._number(rows, lines, done)
        self.lines.update(_tally(done.fate))
        return int(lines.after[-1]), table

    def _drop_repeated_headers(self, rows: pa.Table, fate: NDArray[np.uint8]) -> pa.Table:
        again = find_repeated_headers(rows, self.layout.columns)
        if len(again):
            fate[records_of(fate)[again]] = Fate.REPEATED_HEADER
            rows = rows.filter(pa.array(~np.isin(np.arange(rows.num_rows), again)))
        return rows

    def _number(self, rows: pa.Table, lines: Lines, done: Settlement) -> pa.Table:
        """Number records from 1 in file order, set-aside ones too, and add each one's physical line."""
        fate = done.fate
        numbers = self.records + np.cumsum(are_counted(fate))
        line_before = sum(self.lines.values())
        for line, reason, raw in done.aside:
            self.aside.add(int(numbers[line]), line_before + line + 1, reason, raw)
        self.raw_lines.hold_records(lines, line_before, fate, numbers, done.why)
        places = records_of(fate)
        self.records = int(numbers[-1])
        columns = [pa.array(numbers[places]), pa.array(places + line_before + 1), *rows.columns]
        return pa.table(columns, schema=self.schema)

    def _account(self) -> None:
        """Hold the pre-flight to its law: every physical line has one fate."""
        counted, there = sum(self.lines.values()), self.decoding.lines
        if counted != there:
            raise RowsNotConserved(
                f"The file has {there} lines and the pre-flight accounts for {counted}.",
                "Nothing was kept. Please report this with the file's shape, never its content.",
                self._where,
            )


def _bare(lines: list[str]) -> list[str]:
    return [line.strip(' ,;|\t\x1a\ufeff"') for line in lines]


def _first_fates(lines: Lines, width: int) -> tuple[NDArray[np.uint8], NDArray[np.bool_]]:
    """Return the fate of every line that needs no thought, and which lines belong to joined records."""
    full = ~lines.odd & lines.sound & (lines.cells == width) & ~lines.empty
    fate = np.where(full, np.uint8(Fate.RECORD), np.uint8(Fate.PENDING))
    fate[lines.empty & ~lines.odd] = Fate.BLANK
    first, last = join_lines(lines, width, full)
    inside = spans(first, last, len(lines))
    fate[inside] = Fate.CONTINUATION
    fate[first] = Fate.RECORD
    inside[first] = True
    return fate, inside


def _hold_back(
    lines: Lines, fate: NDArray[np.uint8], joined: NDArray[np.bool_]
) -> tuple[Lines, NDArray[np.uint8]]:
    """Leave the last lines to the next block: they may be the foot, or hold a quote that closes beyond."""
    size = len(lines)
    keep = max(size - _HELD_BACK, 0)
    open_quotes = np.flatnonzero(lines.odd & ~joined)
    reaching = open_quotes[open_quotes >= size - LONG_NOTE]
    if len(reaching):
        keep = min(keep, int(reaching[0]))
    while keep and fate[keep] == Fate.CONTINUATION:
        keep -= 1
    return lines.first(keep), fate[:keep]


def _tally(fate: NDArray[np.uint8]) -> Counter[Fate]:
    counts = np.bincount(fate, minlength=len(Fate))
    return Counter({kind: int(counts[kind]) for kind in Fate if counts[kind]})
