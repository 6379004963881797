"""The native form of a list's file, as its service sends it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sharewell.demo.region.chance import Chance
from sharewell.demo.region.draft import Draft
from sharewell.demo.region.terms import World


@dataclass(frozen=True)
class Form:
    """One list: its name (also its standard's), its file, and how that file is written.

    ``kind`` is csv, xlsx, jsonl or json. ``title`` rows stand above the header of csv and xlsx files;
    ``days_old`` is how long before the region's day the list was cut.
    """

    name: str
    sender: str
    file: str
    kind: str
    draft: Callable[[World, Chance], Draft]
    days_old: int = 0
    delimiter: str = ","
    encoding: str = "utf-8"
    line_end: str = "\r\n"
    title: Sequence[str] = ()
    sheet: str = "Sheet1"
    """The sheet's name, in a workbook."""
