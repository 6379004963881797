"""The one form of the pages: which row to follow, and what is wrong with what was entered."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

MOST_DIGITS = 12
"""No list has a million million rows, and a longer number would not fit the store's."""


@dataclass(frozen=True)
class RowAsked:
    """The list and the row number as they were entered. ``field`` is the one that ``error`` is about."""

    source: str
    row: str
    error: str = ""
    field: str = "row"

    @property
    def number(self) -> int:
        """Return the row number, counted from 1. Only to be asked when there is no error."""
        return int(self.row)


def read_row(entered: Mapping[str, str], sources: Collection[str]) -> RowAsked:
    """Return what was entered, with the error to show if it names no list or no row number."""
    source, row = entered.get("source", ""), entered.get("row", "").strip().replace(",", "")
    if source not in sources:
        return RowAsked(source, row, _("Choose one of the lists of this run"), "source")
    if not (row.isascii() and row.isdigit() and len(row) <= MOST_DIGITS and int(row) > 0):
        return RowAsked(source, row[:MOST_DIGITS], _("Enter a row number, such as 17"))
    return RowAsked(source, row)
