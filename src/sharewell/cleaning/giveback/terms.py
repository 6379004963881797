"""The nouns of giving back: a folder of answers, a row given out, and rows that came back mended."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

from sharewell.cleaning.terms import Undone
from sharewell.sources.terms import Standard

MENDED: Final = "mended_by_sender"
"""The rule of a cell that the sender wrote anew in the workbook of rows given back."""

Values = Mapping[str, str | None]
"""A row's cells by field."""


@dataclass(frozen=True)
class Answers:
    """A folder that ``sharewell clean`` wrote: kept, set aside and changed, and how that was done.

    ``mapping`` has every column of the file, in its order, with its field or None.
    """

    folder: Path
    about: Mapping[str, Any]
    standard: Standard
    as_of: date
    mapping: Mapping[str, str | None]
    without: frozenset[Undone]

    @property
    def file(self) -> str:
        """Return the name of the file that was cleaned."""
        return str(self.about["file"]["name"])

    @property
    def headings(self) -> Mapping[str, str]:
        """Return the file's own headings, in its order, each with its field, but those left out."""
        return {column: field for column, field in self.mapping.items() if field}

    @property
    def rows_in(self) -> int:
        """Return how many records the file has."""
        return int(self.about["rows"]["rows_in"])

    def mark(self, source_row: int) -> str:
        """Return what proves that a row of a workbook has the number it was given."""
        said = f"{self.about['file']['sha256']}|{self.standard.name}|{source_row}"
        return hashlib.sha256(said.encode()).hexdigest()[:12]


@dataclass(frozen=True)
class Given:
    """A row that was set aside. ``values`` are its cells as they are given out.

    ``is_line`` says that reading set it aside: ``raw`` is then its text, and the cells are only a first try.
    """

    source_row: int
    line: int | None
    reasons: tuple[str, ...]
    columns: tuple[str, ...]
    raw: str
    values: Values
    is_line: bool


@dataclass(frozen=True)
class Returned:
    """A workbook that came back: its name and hash, and the cells of each row by field."""

    name: str
    sha256: str
    rows: Mapping[int, Values]


@dataclass(frozen=True)
class TakenBack:
    """What became of the rows that came back: rows_in is kept plus set_aside, as it was before."""

    rows_in: int
    returned: int
    now_kept: int
    still_set_aside: int
    kept: int
    set_aside: int
