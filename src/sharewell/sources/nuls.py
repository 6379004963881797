"""NUL bytes in text: which lines they stand on, and where a place of the text without them lies with them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]


def nuls_of(block: bytes) -> Ints:
    """Return for each NUL byte the place of the next other byte, counted without NUL bytes."""
    places = np.flatnonzero(np.frombuffer(block, np.uint8) == 0)
    return cast(Ints, places - np.arange(len(places)))


def end_with_nuls(at: int, nuls: Ints) -> int:
    """Return where the byte before place ``at`` of the text without NUL bytes ends in the text with them."""
    return at + int(np.searchsorted(nuls, at - 1, side="right")) if at else 0


def lines_with_nuls(block: bytes, clean: bytes) -> Iterator[tuple[int, bytes]]:
    """Return the lines of a block that hold NUL bytes: their place in it, and their bytes with the line end.

    ``clean`` is the block without them. NUL bytes after the last line end stand on no line.
    """
    nuls, ends = nuls_of(block), _line_ends(clean)
    is_cut_off = bool(len(clean)) and (not len(ends) or ends[-1] < len(clean))
    if is_cut_off:
        ends = np.append(ends, len(clean) + 1)
    for line in np.unique(np.searchsorted(ends, nuls, side="right")).tolist():
        if line < len(ends):
            start = end_with_nuls(int(ends[line - 1]), nuls) if line else 0
            is_last = is_cut_off and line == len(ends) - 1
            yield line, block[start : None if is_last else end_with_nuls(int(ends[line]), nuls)]


def _line_ends(text: bytes) -> Ints:
    signs = np.frombuffer(text, np.uint8)
    feeds, returns = signs == ord("\n"), signs == ord("\r")
    return np.flatnonzero(feeds | (returns & ~np.append(feeds[1:], False))[: len(feeds)]) + 1
