"""Fixed-width text: every column in its own characters, padded with spaces; every line accounted for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute
from numpy.typing import NDArray

from sharewell.sources.aside import Aside, raw_schema
from sharewell.sources.encoding import clean_blocks, decide_charset
from sharewell.sources.formats import Found
from sharewell.sources.headings import ONE_COLUMN, SAMPLE, find_layout
from sharewell.sources.lines import Fate, are_counted
from sharewell.sources.reading import named_lines, notes_of, odd_bytes
from sharewell.sources.rulers import GAP_SIGNS, RULER, Grid, Span, find_aligned, find_ruled, told_grid
from sharewell.sources.rules import is_footer
from sharewell.sources.terms import FileFacts
from sharewell.vocab.errors import HeaderDuplicate, HeaderMissing, RowsNotConserved, SharewellError, Where
from sharewell.vocab.step import Note

pc: Any = pyarrow.compute
Texts = Any
"""An Arrow array of text; the stubs know no functions of it."""

_HEAD: Final = 1 << 18
_HELD_BACK: Final = 20


def find_grid(found: Found, spans: Sequence[Span], known: frozenset[str]) -> Grid | None:
    """Return how a fixed-width file lies: as told, or as its ruler or its aligned header shows.

    None when it is delimited text. Raises FileUnreadable, EncodingUnknown, HeaderDuplicate.
    """
    name = found.path.name
    lines = _first_lines(found)
    if spans:
        return told_grid(spans, lines, name)
    if any(RULER.fullmatch(line) for line in lines) and (grid := find_ruled(lines, name)):
        return grid
    if not any("  " in line.strip() for line in lines) or _is_delimited(lines, known, name):
        return None
    return find_aligned(lines, name)


def _first_lines(found: Found) -> list[str]:
    decoding = decide_charset(found.head, found.path.name)
    head = found.head[:_HEAD]
    whole = head[: head.rfind(b"\n") + 2] if len(found.head) > _HEAD else found.head
    try:
        text = b"".join(clean_blocks([whole], decoding, found.path.name)).decode()
    except SharewellError:
        return []
    return _plain_ends(text).split("\n")[:SAMPLE]


def _plain_ends(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _is_delimited(lines: list[str], known: frozenset[str], name: str) -> bool:
    try:
        layout = find_layout(lines, known, name)
    except HeaderDuplicate:
        return True
    except HeaderMissing:
        return False
    return layout.delimiter != ONE_COLUMN


class FixedWidthReading:
    """A fixed-width file: its lines cut into columns, a whole block at a time."""

    def __init__(self, found: Found, grid: Grid) -> None:
        """Take the grid as found or told."""
        self._found, self._grid, self.name = found, grid, found.path.name
        self._decoding = decide_charset(found.head, self.name)
        self.raw_lines = self._decoding.note_lines()
        self.aside, self.error = Aside(), None  # type: tuple[Aside, SharewellError | None]
        self._records, self._lines = 0, Counter[Fate]()
        self._shortest: int | None = None
        self._longest = 0
        self._header = ""

    @property
    def _columns(self) -> tuple[str, ...]:
        return tuple(span.name for span in self._grid.spans)

    def rows(self) -> pa.RecordBatchReader:
        """Return the records as a stream. A refusal on the way is kept in ``error``: engines reword it."""
        return pa.RecordBatchReader.from_batches(raw_schema(self._columns), self._carefully())

    def _carefully(self) -> Iterator[pa.RecordBatch]:
        try:
            for text, is_last in self._parts():
                yield from self._read(text, is_last=is_last).to_batches()
            self._account()
        except SharewellError as error:
            self.error = error
            raise

    def _parts(self) -> Iterator[tuple[bytes, bool]]:
        """Return the text in parts of whole lines; the last lines come last, for they may be the foot."""
        rest = b""
        for block in clean_blocks(self._found.blocks(), self._decoding, self.name):
            text = rest + block.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
            at = len(text)
            for _ in range(_HELD_BACK):
                at = text.rfind(b"\n", 0, max(at - 1, 0)) + 1
            if at:
                yield text[:at], False
            rest = text[at:]
        yield rest, True

    def _read(self, text: bytes, *, is_last: bool) -> pa.Table:
        is_cut = is_last and not text.endswith(b"\n")
        whole = pa.array([text.removesuffix(b"\n").decode()], pa.large_string())
        lines: Texts = pc.split_pattern(whole, "\n").flatten() if text else pa.array([], pa.large_string())
        fate = self._fates(lines)
        if is_last:
            self._find_footers(lines, fate)
        shifted = self._set_aside(lines, fate, is_cut=is_cut)
        return self._number(lines, fate, shifted)

    def _fates(self, lines: Texts) -> NDArray[np.uint8]:
        before = sum(self._lines.values())
        blank = pc.equal(pc.utf8_trim_whitespace(lines), "").to_numpy(zero_copy_only=False)
        fate = np.where(blank, np.uint8(Fate.BLANK), np.uint8(Fate.RECORD))
        above = max(min(self._grid.body - before, len(fate)), 0)
        self._fate_above(lines, fate, before, above)
        ruler: Any = pc.match_substring_regex(lines, f"^({RULER.pattern})$")
        again = ruler.to_numpy(zero_copy_only=False)
        if self._header:
            same: Any = pc.equal(pc.utf8_trim_whitespace(lines), self._header)
            again = again | same.to_numpy(zero_copy_only=False)
        again[:above] = False
        fate[again & ~blank] = Fate.REPEATED_HEADER
        return fate

    def _fate_above(self, lines: Texts, fate: NDArray[np.uint8], before: int, above: int) -> None:
        header = self._grid.header
        for place in range(above):
            is_header = header is not None and place + before >= header
            if fate[place] == Fate.RECORD or is_header:
                fate[place] = Fate.HEADER if is_header else Fate.TITLE
            if place + before == header:
                self._header = lines[place].as_py().strip()

    def _find_footers(self, lines: Texts, fate: NDArray[np.uint8]) -> None:
        for place in range(len(fate) - 1, -1, -1):
            if fate[place] not in (Fate.RECORD, Fate.REPEATED_HEADER):
                continue
            line = lines[place].as_py()
            width = len(self._grid.spans)
            is_foot = is_footer([line.strip()], width) or is_footer(self._grid.cells(line), width)
            if fate[place] == Fate.RECORD and not is_foot:
                return
            fate[place] = Fate.FOOTER

    def _set_aside(self, lines: Texts, fate: NDArray[np.uint8], *, is_cut: bool) -> dict[int, str]:
        """Mark the lines that do not fit the grid, and return why."""
        crossed = np.zeros(len(fate), np.bool_)
        last = self._grid.spans[-1].stop
        for start, stop in (*self._grid.gaps, *([] if last is None else [(last, None)])):
            between: Texts = pc.utf8_trim(pc.utf8_slice_codeunits(lines, start, stop), GAP_SIGNS)
            crossed |= pc.not_equal(between, "").to_numpy(zero_copy_only=False)
        reasons = dict.fromkeys(np.flatnonzero(crossed & (fate == Fate.RECORD)).tolist(), "shifted_row")
        sizes: NDArray[np.int64] = pc.utf8_length(lines).to_numpy(zero_copy_only=False)
        if is_cut and len(fate) and fate[-1] == Fate.RECORD and self._is_short(sizes, fate):
            reasons[len(fate) - 1] = "truncated_row"
        fate[list(reasons)] = Fate.SET_ASIDE
        self._measure(sizes[fate == Fate.RECORD])
        return reasons

    def _measure(self, sizes: NDArray[np.int64]) -> None:
        if len(sizes):
            least = int(sizes.min())
            self._shortest = least if self._shortest is None else min(self._shortest, least)
            self._longest = max(self._longest, int(sizes.max()))

    def _is_short(self, sizes: NDArray[np.int64], fate: NDArray[np.uint8]) -> bool:
        """Return whether the last line is shorter than all others, which are of one length."""
        self._measure(sizes[:-1][fate[:-1] == Fate.RECORD])
        return self._shortest == self._longest and int(sizes[-1]) < self._longest

    def _number(self, lines: Texts, fate: NDArray[np.uint8], aside: dict[int, str]) -> pa.Table:
        before = sum(self._lines.values())
        numbers = self._records + np.cumsum(are_counted(fate))
        self.raw_lines.number(before, fate, numbers)
        for place, reason in sorted(aside.items()):
            self.aside.add(int(numbers[place]), before + place + 1, reason, lines[place].as_py())
        places = np.flatnonzero(fate == Fate.RECORD)
        kept: Texts = lines.take(pa.array(places))
        columns = [
            pc.utf8_trim(pc.utf8_slice_codeunits(kept, span.start, span.stop), " ").cast(pa.string())
            for span in self._grid.spans
        ]
        self._records = int(numbers[-1]) if len(numbers) else self._records
        counts = np.bincount(fate, minlength=len(Fate))
        self._lines.update({kind: int(counts[kind]) for kind in Fate if counts[kind]})
        numbered = [pa.array(numbers[places], pa.int64()), pa.array(places + before + 1, pa.int64())]
        return pa.table([*numbered, *columns], schema=raw_schema(self._columns))

    def _account(self) -> None:
        counted, there = sum(self._lines.values()), self._decoding.lines
        if counted != there:
            raise RowsNotConserved(
                f"The file has {there} lines and the reader accounts for {counted}.",
                "Nothing was kept. Please report this with the file's shape, never its content.",
                Where(file=self.name),
            )

    def facts(self) -> FileFacts:
        """Return what the file turned out to be."""
        header = self._grid.header
        return FileFacts(
            name=self.name,
            sha256=self._found.sha256,
            format=f"fixed{self._found.content.wrap}",
            encoding=self._decoding.found,
            delimiter=None,
            header_line=0 if header is None else header + 1,
            columns=self._columns,
            records=self._records,
            lines=named_lines(self._lines),
        )

    def notes(self) -> tuple[Note, ...]:
        """Return what was odd about the file."""
        counts = Counter(self.aside.reason)
        return notes_of({**odd_bytes(self._decoding), **named_lines(self._lines), **counts})
