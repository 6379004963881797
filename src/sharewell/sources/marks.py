"""What a sheet says beside its values, whatever its format."""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass, field
from typing import Final

ZEROS: Final = re.compile(r"0[0 \\-]*0")
"""The format of a number that is shown with zeros in front."""

ERRORS: Final = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
    0x2B: "#GETTING_DATA",
}
"""The errors of the binary formats by their codes ([MS-XLS] 2.5.10, [MS-XLSB] 2.5.98.2)."""

_LONGEST_NUMBER: Final = 10**15


@dataclass
class Marks:
    """What a sheet says beside its values; rows and columns counted from 0.

    ``shown`` holds the text that people saw in cells whose value is another: errors, numbers with zeros
    in front. ``unvalued`` counts formulas that were never worked out. ``is_seen`` says that all of it was
    looked at: a sheet without marks is not the same as one that could not be looked into.
    """

    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    merged: list[tuple[tuple[int, int], tuple[int, int]]] = field(default_factory=list)
    shown: dict[tuple[int, int], str] = field(default_factory=dict)
    errors: int = 0
    unvalued: int = 0
    has_macros: bool = False
    is_seen: bool = False

    def note_error(self, row: int, column: int, code: int) -> None:
        """Note a cell that shows an error."""
        self.errors += 1
        self.shown[row, column] = ERRORS.get(code, "#ERROR!")

    def note_number(self, row: int, column: int, value: float, zeros: int) -> None:
        """Note a number that is shown with zeros in front, where it is too short without them."""
        if 0 <= value < _LONGEST_NUMBER and value == int(value) and len(str(int(value))) < zeros:
            self.shown[row, column] = str(int(value)).zfill(zeros)


def zeros_of(code: str) -> int:
    """Return how many digits a format shows at least; 0 where it adds no zeros."""
    return code.count("0") if ZEROS.fullmatch(code) else 0


def number_of_rk(packed: int) -> float:
    """Return a number packed into 32 bits ([MS-XLS] 2.5.217)."""
    if packed & 2:
        whole = packed >> 2 if packed < 1 << 31 else (packed >> 2) - (1 << 30)
        value = float(whole)
    else:
        [value] = struct.unpack("<d", struct.pack("<Q", (packed & 0xFFFFFFFC) << 32))
    return value / 100 if packed & 1 else value
