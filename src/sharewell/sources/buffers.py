"""The clean buffer: good runs of bytes and mended records in file order, and its parsing by pyarrow."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
from numpy.typing import NDArray

from sharewell.sources.headings import Layout
from sharewell.sources.lines import Fate, Lines, owners_of
from sharewell.sources.rules import normal_heading, repeats_header
from sharewell.sources.settle import Settlement
from sharewell.vocab.errors import RowsNotConserved, Where

_BOM = b"\xef\xbb\xbf"


def records_of(fate: NDArray[np.uint8]) -> NDArray[np.int64]:
    """Return the first lines of the records of a block."""
    return np.flatnonzero(fate == Fate.RECORD)


def build_buffer(lines: Lines, done: Settlement) -> tuple[bytes, int]:
    """Return the block's records as one well-formed CSV text, and how many records it holds."""
    keep = _copied(done)
    steps = np.flatnonzero(np.diff(keep, prepend=False, append=False))
    text = memoryview(lines.text)
    pieces: list[tuple[int, bytes | memoryview]] = [
        (first, text[lines.start[first] : lines.after[last - 1]])
        for first, last in zip(steps[::2].tolist(), steps[1::2].tolist(), strict=True)
    ]
    pieces = sorted([*pieces, *done.mended.items()], key=lambda piece: piece[0])
    joined = b"".join(piece for _, piece in pieces)
    if joined and not joined.endswith((b"\n", b"\r")):
        joined += b"\n"
    return joined, int((done.fate == Fate.RECORD).sum())


def _copied(done: Settlement) -> NDArray[np.bool_]:
    """Return the lines whose bytes are copied: records that needed no mending, with their continuations."""
    kept = done.fate == Fate.RECORD
    kept[list(done.mended)] = False
    copied: NDArray[np.bool_] = kept[owners_of(done.fate)]
    return copied


def parse_buffer(buffer: tuple[bytes, int], layout: Layout, name: str) -> pa.Table:
    """Parse the clean text into columns of text. Raises RowsNotConserved when pyarrow counts otherwise."""
    text, records = buffer
    names = [f"c{place}" for place in range(layout.width)]
    if not records:
        return pa.table([pa.array([], pa.string())] * layout.width, names=names)
    # pyarrow drops a byte order mark at the start; a value that begins with one keeps its own
    text = _BOM + text if text.startswith(_BOM) else text
    source: Any = pa.BufferReader(text)
    try:
        table = pyarrow.csv.read_csv(source, *_told_everything(names, layout.delimiter, len(text)))
    except pa.ArrowInvalid:
        # the parser's own message quotes the row, so it must not go further
        raise _miscounted(records, None, name) from None
    if table.num_rows != records:
        raise _miscounted(records, table.num_rows, name)
    return table


def _told_everything(
    names: list[str], delimiter: str, size: int
) -> tuple[pyarrow.csv.ReadOptions, pyarrow.csv.ParseOptions, pyarrow.csv.ConvertOptions]:
    return (
        pyarrow.csv.ReadOptions(column_names=names, block_size=size + 1),
        pyarrow.csv.ParseOptions(delimiter=delimiter, newlines_in_values=True, ignore_empty_lines=False),
        pyarrow.csv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.string()),
            null_values=[],
            strings_can_be_null=False,
            check_utf8=False,
        ),
    )


def _miscounted(records: int, parsed: int | None, name: str) -> RowsNotConserved:
    return RowsNotConserved(
        f"The pre-flight found {records} records and the parser {'none' if parsed is None else parsed}.",
        "Nothing was kept. Please report this with the file's shape, never its content.",
        Where(file=name),
    )


def find_repeated_headers(rows: pa.Table, columns: Sequence[str]) -> NDArray[np.int64]:
    """Return which records are the header again, among those whose first or second cell says so."""
    suspects = [_suspects(rows.column(place), columns[place]) for place in range(min(2, len(columns)))]
    places = np.unique(np.concatenate(suspects)) if rows.num_rows else np.empty(0, np.int64)
    found = [
        place
        for place in places.tolist()
        if repeats_header([column[place].as_py() for column in rows.columns], columns)
    ]
    return np.array(found, np.int64)


def _suspects(column: pa.ChunkedArray[Any], name: str) -> NDArray[np.int64]:
    letters = [re.escape(sign) for sign in normal_heading(name) if sign.isascii()]
    if not letters:
        return np.empty(0, np.int64)
    pattern = "^[^a-z0-9]*" + "[^a-z0-9]*".join(letters) + "[^a-z0-9]*$"
    matches = pc.match_substring_regex(column, pattern, ignore_case=True)
    return np.flatnonzero(matches.to_numpy())
