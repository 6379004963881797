"""What a page shows: sections, each a finding with its drawings and the tables of their numbers."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Table:
    """A table: its caption, the names of its columns, its rows, the first cell of which names the row.

    ``is_words``: its cells are read, not compared, so that none stands to the right.
    """

    caption: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    is_words: bool = False


@dataclass(frozen=True)
class Drawing:
    """One picture: SVG, and a heading where a section has several."""

    svg: str
    heading: str = ""


@dataclass(frozen=True)
class Section:
    """One part of a page: a title that says the finding, a summary, pictures, and the numbers as tables.

    ``layout``: how pictures stand: one, pair, small (many in a grid), map or scroll. ``legend`` pairs a label
    with a colour, "" for an outline; ``legend_of`` says what it is of. ``key``: names of what a map marks.
    ``shown``: tables that are not folded away. ``items``: sentences of a numbered list.
    """

    id: str
    title: str
    summary: str
    drawings: tuple[Drawing, ...] = ()
    tables: tuple[Table, ...] = ()
    layout: str = "one"
    legend: tuple[tuple[str, str], ...] = ()
    key: tuple[str, ...] = ()
    shown: tuple[Table, ...] = ()
    items: tuple[str, ...] = ()
    legend_of: str = ""
