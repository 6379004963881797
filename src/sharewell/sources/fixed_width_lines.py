"""Fixed-width text with the lines noted that were read otherwise than they stand."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from sharewell.sources.fixed_width import FixedWidthReading, Texts
from sharewell.sources.formats import Found
from sharewell.sources.lines import Fate
from sharewell.sources.rulers import Grid


class NotedFixedWidthReading(FixedWidthReading):
    """A fixed-width file, every record one line."""

    def __init__(self, found: Found, grid: Grid) -> None:
        """Take the grid as found or told."""
        super().__init__(found, grid)
        self.raw_lines = self._decoding.note_lines()

    def _number(self, lines: Texts, fate: NDArray[np.uint8], aside: dict[int, str]) -> pa.Table:
        before = sum(self._lines.values())
        numbers = self._records + np.cumsum((fate == Fate.RECORD) | (fate == Fate.SET_ASIDE))
        self.raw_lines.number(before, fate, numbers)
        return super()._number(lines, fate, aside)
