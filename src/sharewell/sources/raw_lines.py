"""The lines of a text that were read otherwise than they stand, with what gives their own bytes back.

A line read as Windows-1252 is a number and no more: its text gives its bytes. Lines that lost NUL bytes and
records that were mended keep their bytes, packed and up to a bound; beyond it they are counted.
"""

from __future__ import annotations

import heapq
from array import array
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from enum import IntFlag
from functools import cache
from operator import itemgetter
from typing import Any, Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from sharewell.sources.lines import Fate, Lines, are_counted, owners_of
from sharewell.sources.nuls import lines_with_nuls
from sharewell.sources.windows_1252 import to_windows

_KINDS: Final[dict[str, pa.DataType]] = {
    "source_row": pa.int64(),
    "line": pa.int64(),
    "why": pa.string(),
    "encoding": pa.string(),
    "raw": pa.binary(),
}
RAW_SCHEMA: Final = pa.schema(_KINDS)
MOST_HELD: int = 64 << 20
"""Packed bytes of lines that are held in memory at most: some 300 MB of a list's lines."""

_PIECE: Final = 1 << 20
_ROWS: Final = 8192
Ints = NDArray[np.int64]


class Why(IntFlag):
    """Why a line was read otherwise than it stands; the names are the codes of the notes."""

    WINDOWS_1252 = 1
    NUL_BYTES = 2
    STRAY_QUOTE = 4
    SPARE_CELLS_DROPPED = 8
    SPACED_QUOTES = 16
    REALIGNED = 32


@cache
def code_of(why: int) -> str:
    """Return the note codes of a line, joined by ``+``."""
    return "+".join(str(each.name).lower() for each in Why if why & each)


class Held:
    """Lines in the file's order, each with its record (0: none) and, where there was room, its bytes."""

    def __init__(self) -> None:
        """Hold none."""
        self.lines, self.rows, self.why = array("q"), array("q"), array("B")
        self._sizes = array("q")
        self._pieces: list[tuple[bytes, int]] = []
        self._open = bytearray()
        self.packed = 0

    def add(self, line: int, why: int, raw: bytes | None) -> None:
        """Add the next line; its record is told later."""
        self.lines.append(line)
        self.why.append(why)
        self._sizes.append(-1 if raw is None else len(raw))
        self._open += raw or b""
        if len(self._open) >= _PIECE:
            self._pieces.append((pa.compress(bytes(self._open), "zstd", asbytes=True), len(self._open)))
            self.packed += len(self._pieces[-1][0])
            self._open.clear()

    def texts(self) -> Iterator[tuple[int, bytes | None]]:
        """Return each line's number and bytes."""
        pieces, text, at = self._unpacked(), b"", 0
        for line, size in zip(self.lines, self._sizes, strict=True):
            if size < 0:
                yield line, None
                continue
            if at == len(text):
                text, at = next(pieces), 0
            yield line, text[at : at + size]
            at += size

    def _unpacked(self) -> Iterator[bytes]:
        for packed, size in self._pieces:
            yield pa.decompress(packed, size, "zstd", asbytes=True)
        yield bytes(self._open)


class RawLines:
    """What reading one text met; filled in on the way, complete when the text is read. Lines count from 1."""

    def __init__(self, encoding: str = "utf-8") -> None:
        """Take the encoding of the lines that are not Windows-1252."""
        self.encoding = encoding
        self.dropped = 0
        self._windows, self._windows_rows = array("q"), array("q")
        self._nuls, self._records = Held(), Held()
        self._is_spoilt = False

    def add_windows(self, line: int) -> None:
        """Note a line that was read as Windows-1252."""
        self._windows.append(line)

    def spoil(self) -> None:
        """Note that the next line is too long, and has lost NUL bytes whose places are not kept."""
        self._is_spoilt = True

    def add_nuls(self, before: int, block: bytes, clean: bytes) -> None:
        """Note the lines of a block that lost NUL bytes; ``before`` counts the lines before it."""
        if self._is_spoilt and clean:
            self._hold(self._nuls, before + 1, Why.NUL_BYTES, None)
        for place, raw in lines_with_nuls(block, clean) if len(block) > len(clean) else ():
            if place or not self._is_spoilt:
                self._hold(self._nuls, before + place + 1, Why.NUL_BYTES, self._encoded(raw))
        self._is_spoilt = False

    def _encoded(self, text: bytes) -> bytes:
        return text.decode().encode(self.encoding) if self.encoding != "utf-8" else text

    def _hold(self, held: Held, line: int, why: int, raw: bytes | None) -> None:
        if raw is None or self._nuls.packed + self._records.packed > MOST_HELD:
            self.dropped += 1
            raw = None
        held.add(line, why, raw)

    def number(self, before: int, fate: NDArray[np.uint8], numbers: Ints) -> tuple[Ints, Ints]:
        """Tell the records of the lines of a block, and return which of its lines are noted.

        ``before`` counts the lines before it, ``numbers`` the records up to each line. Returns the places of
        the lines read as Windows-1252, and of those that lost NUL bytes.
        """
        windows = _number(self._windows, self._windows_rows, before, fate, numbers)
        return windows, _number(self._nuls.lines, self._nuls.rows, before, fate, numbers)

    def hold_records(
        self, lines: Lines, before: int, fate: NDArray[np.uint8], numbers: Ints, mended: Mapping[int, Why]
    ) -> None:
        """Number the lines of a block of delimited text, and keep the lines of the records that need it.

        Those are the mended ones, and those of several lines of which one lost NUL bytes, or some are
        Windows-1252 and some UTF-8: from their text alone nobody could tell which.
        """
        windows, nuls = self.number(before, fate, numbers)
        wanted = dict(mended)
        for first in _spread(nuls, fate):
            wanted[first] = wanted.get(first, Why(0)) | Why.NUL_BYTES
        for first in _spread(windows, fate):
            if first not in wanted and self._is_mixed(lines, first, before, fate):
                wanted[first] = Why.WINDOWS_1252
        for first, why in sorted(wanted.items()):
            row = int(numbers[first]) if are_counted(fate[first]) else 0
            for line in _lines_of(first, fate):
                self._hold_line(lines, line, before, why)
                self._records.rows.append(row)

    def _is_mixed(self, lines: Lines, first: int, before: int, fate: NDArray[np.uint8]) -> bool:
        return any(
            not _text(lines, line).isascii() and not _has(self._windows, before + line + 1)
            for line in _lines_of(first, fate)
        )

    def _hold_line(self, lines: Lines, place: int, before: int, why: Why) -> None:
        text, line = _text(lines, place), before + place + 1
        if _has(self._nuls.lines, line):
            self._records.add(line, why, None)
            return
        is_windows = _has(self._windows, line)
        self._hold(self._records, line, why, to_windows(text.decode()) if is_windows else self._encoded(text))

    def rows(self) -> pa.RecordBatchReader:
        """Return the lines in the file's order: source_row, line, why, encoding, raw."""
        return pa.RecordBatchReader.from_batches(RAW_SCHEMA, self._batches())

    def _batches(self) -> Iterator[pa.RecordBatch]:
        lines, why, rows = self._together()
        raws = _one_each(lines, heapq.merge(self._nuls.texts(), self._records.texts(), key=itemgetter(0)))
        windows = np.isin(lines, np.frombuffer(self._windows, np.int64))
        for at in range(0, len(lines), _ROWS):
            some = slice(at, at + _ROWS)
            encodings = ["windows-1252" if each else self.encoding for each in windows[some].tolist()]
            columns: list[pa.Array[Any]] = [
                pa.array(rows[some], mask=rows[some] == 0),
                pa.array(lines[some]),
                pa.array([code_of(each) for each in why[some].tolist()], pa.string()),
                pa.array(encodings, pa.string()),
                pa.array([next(raws) for _ in encodings], pa.binary()),
            ]
            yield pa.RecordBatch.from_arrays(columns, schema=RAW_SCHEMA)

    def _together(self) -> tuple[Ints, NDArray[np.uint8], Ints]:
        """Return each line once, with every reason and its record."""
        windows = np.full(len(self._windows), Why.WINDOWS_1252, np.uint8)
        held = (self._nuls, self._records)
        every = np.concatenate([_ints(self._windows), *(_ints(each.lines) for each in held)])
        reasons = np.concatenate([windows, *(np.frombuffer(each.why, np.uint8) for each in held)])
        records = np.concatenate([_ints(self._windows_rows), *(_ints(each.rows) for each in held)])
        lines, places = np.unique(every, return_inverse=True)
        why, rows = np.zeros(len(lines), np.uint8), np.zeros(len(lines), np.int64)
        np.bitwise_or.at(why, places, reasons)
        np.maximum.at(rows, places, records)
        return lines, why, rows


def _ints(numbers: array[int]) -> Ints:
    return np.frombuffer(numbers, np.int64)


def _number(noted: array[int], rows: array[int], before: int, fate: NDArray[np.uint8], numbers: Ints) -> Ints:
    """Add the records of the noted lines up to the end of a block, and return their places in the block."""
    places = _ints(noted[len(rows) :]) - before - 1
    places = places[: np.searchsorted(places, len(fate))]
    if not len(places):
        return places
    inside = places[places >= 0]
    owner = owners_of(fate)[inside]
    records = np.where(are_counted(fate[owner]), numbers[owner], 0).astype(np.int64)
    rows.frombytes(bytes(8 * (len(places) - len(inside))) + records.tobytes())
    return inside


def _spread(places: Ints, fate: NDArray[np.uint8]) -> list[int]:
    """Return the first lines of the records of several lines that these lines belong to."""
    if not len(places):
        return []
    firsts = np.unique(owners_of(fate)[places])
    more = np.append(fate[1:], np.uint8(Fate.PENDING)) == Fate.CONTINUATION
    chosen: list[int] = firsts[more[firsts]].tolist()
    return chosen


def _lines_of(first: int, fate: NDArray[np.uint8]) -> range:
    last = first + 1
    while last < len(fate) and fate[last] == Fate.CONTINUATION:
        last += 1
    return range(first, last)


def _text(lines: Lines, place: int) -> bytes:
    return lines.text[lines.start[place] : lines.after[place]]


def _has(sorted_lines: array[int], line: int) -> bool:
    at = bisect_left(sorted_lines, line)
    return at < len(sorted_lines) and sorted_lines[at] == line


def _one_each(lines: Ints, held: Iterator[tuple[int, bytes | None]]) -> Iterator[bytes | None]:
    """Return the bytes of each line, or None: lines that are held twice have them once."""
    told = next(held, None)
    for line in lines.tolist():
        raw = None
        while told is not None and told[0] == line:
            raw = told[1] if raw is None else raw
            told = next(held, None)
        yield raw
