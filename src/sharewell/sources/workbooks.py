"""Workbooks (.xlsx .xls .xlsb .ods) through calamine: every cell as the text it stands for."""

from __future__ import annotations

import datetime
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa

from sharewell.sources.aside import Aside
from sharewell.sources.formats import Found
from sharewell.sources.headings import SAMPLE, Header, header_missing
from sharewell.sources.lines import Fate
from sharewell.sources.open_book import open_book, telling_damage
from sharewell.sources.reading import named_lines, notes_of
from sharewell.sources.rules import filled, is_footer, normal_heading, repeats_header
from sharewell.sources.sheet_marks import marks_of
from sharewell.sources.sheet_reach import require_room, require_room_to_open
from sharewell.sources.sheets import Merged, single_header, whole_header, wide_header
from sharewell.sources.terms import FileFacts
from sharewell.vocab.errors import FileEmpty, UnknownColumn, Where
from sharewell.vocab.step import Note

if TYPE_CHECKING:
    from python_calamine import CalamineSheet

_BATCH: Final = 20_000
_MOST_CELLS: Final = 2 << 20
_FOOT: Final = 12
_UNSEEN: Final = (
    "What is hidden, in error or shown with zeros in front could not be looked up in this workbook; "
    "its plain values were read. Compare a few rows with what the program shows."
)
Cells = tuple[str, ...]


class WorkbookReading:
    """One sheet of a workbook."""

    def __init__(self, found: Found, known: frozenset[str]) -> None:
        """Choose the sheet and find its header.

        Raises FileUnreadable, FileEmpty, UnknownColumn (no such sheet), HeaderMissing, HeaderDuplicate.
        """
        self._found, self.aside, self.name, self._known = found, Aside(), found.path.name, known
        self._lines: Counter[Fate] = Counter()
        require_room_to_open(found)
        self._book = open_book(found)
        self._title, header = self._choose(found.part)
        self._sheet = self._load(self._title)
        self._marks, self._hidden = marks_of(found, self._title), 0
        self._merged: Merged = self._merged_from()
        self._header = whole_header(header, self._head, self._merged, self.name)
        self._columns = self._header.columns
        self._shown = sorted(self._marks.shown.items())

    @property
    def _where(self) -> Where:
        return Where(file=self.name)

    def _choose(self, wanted: str | None) -> tuple[str, Header]:
        names: list[str] = self._book.sheet_names
        if wanted is not None and wanted not in names:
            raise UnknownColumn(
                f"The workbook has no sheet '{wanted}'. Its sheets are: {', '.join(names)}.",
                "Name one of these, or none to take the first with a table.",
                self._where,
            )
        heads: dict[str, list[Cells]] = {}
        for way in (wide_header, single_header):
            for name in [wanted] if wanted else names:
                if name not in heads:
                    heads[name] = _first_rows(self._load(name))
                if header := way(heads[name], self._known):
                    self._head = heads[name]
                    return name, header
        if not any(filled(row) for rows in heads.values() for row in rows):
            raise FileEmpty(
                "The workbook has no filled cell.", "Ask the sender to send it again.", self._where
            )
        raise header_missing(self.name)

    def _load(self, name: str) -> CalamineSheet:
        """Return one sheet. Two are never held at once, for each is in memory whole."""
        require_room(self._found, name)
        with telling_damage(self.name):
            return self._book.get_sheet_by_name(name)

    @property
    def _first_column(self) -> int:
        """Return the sheet's column, from 0, at which the cells that are read begin."""
        return self._sheet.start[1] if self._sheet.start else 0

    def _merged_from(self) -> Merged:
        left = self._first_column
        ranges = self._sheet.merged_cell_ranges or self._marks.merged
        return [((top, a - left), (bottom, b - left)) for (top, a), (bottom, b) in ranges]

    def rows(self) -> pa.Table:
        """Return the records below the header, blank rows, repeated headers and footers left out."""
        header, fates, parts = self._header, list[Fate](), []
        rows = islice(_rows(self._sheet, self.name), header.last + 1, None)
        most = max(1, min(_BATCH, _MOST_CELLS // max(1, self._sheet.width)))
        while batch := list(islice(rows, most)):
            columns = [_column_text(column) for column in zip(*batch, strict=True)]
            self._show(columns, header.last + 1 + len(fates))
            fates += [Fate.RECORD if any(cells) else Fate.BLANK for cells in zip(*columns, strict=True)]
            texts = [pa.array(column, pa.string()) for column in columns[: header.width]]
            parts.append(pa.table(texts, names=list(self._columns)))
        table = pa.concat_tables(parts) if parts else _no_rows(self._columns)
        self._settle(table, fates)
        self._lines.update([*self._above(), *fates])
        records = (place for place, fate in enumerate(fates, header.last + 1) if fate is Fate.RECORD)
        self._hidden = sum(place in self._marks.hidden_rows for place in records)
        return _numbered(table, fates, header.last + 2)

    def _show(self, columns: list[Sequence[str]], first: int) -> None:
        """Put what people saw in place of values that were shown as something else."""
        size = len(columns[0]) if columns else 0
        low, high = (bisect_left(self._shown, ((row, 0), "")) for row in (first, first + size))
        changed: dict[int, list[str]] = {}
        for (row, column), text in self._shown[low:high]:
            place = column - self._first_column
            if 0 <= place < len(columns):
                cells = list(columns[place]) if place not in changed else changed[place]
                cells[row - first] = text
                columns[place] = changed[place] = cells

    def _above(self) -> list[Fate]:
        header = self._header
        titles = [Fate.TITLE if filled(row) else Fate.BLANK for row in self._head[: header.first]]
        return [*titles, *[Fate.HEADER] * (header.last - header.first + 1)]

    def _settle(self, table: pa.Table, fates: list[Fate]) -> None:
        """Find repeated headers anywhere and footers at the foot."""
        for header in (self._columns, *self._header.rows):
            _find_again(header, table, fates)
        for place in range(len(fates) - 1, max(len(fates) - _FOOT, 0) - 1, -1):
            if fates[place] is Fate.RECORD and not is_footer(_row(table, place), table.num_columns):
                return
            fates[place] = Fate.FOOTER if fates[place] is Fate.RECORD else fates[place]

    def facts(self) -> FileFacts:
        """Return what the sheet turned out to be. Its lines are its rows."""
        return FileFacts(
            name=self.name,
            sha256=self._found.sha256,
            format=f"{self._found.format.value}{self._found.content.wrap}",
            encoding=None,
            delimiter=None,
            header_line=self._header.first + 1,
            columns=self._columns,
            records=self._lines[Fate.RECORD],
            lines=named_lines(self._lines),
        )

    def notes(self) -> tuple[Note, ...]:
        """Return what was odd about the sheet, and which other sheets were not read."""
        others = notes_of_others(self._title, self._other_sheets())
        return (*notes_of(named_lines(self._lines)), *others, *self._notes_of_marks())

    def _other_sheets(self) -> dict[str, bool]:
        """Return the sheets that were not read, and whether each holds a table."""
        others = [name for name in self._book.sheet_names if name != self._title]
        return {name: self._has_table(name) for name in others}

    def _has_table(self, name: str) -> bool:
        try:
            rows = _first_rows(self._load(name))
        except Exception:  # a chart, or a sheet that is damaged: not the one that is read
            return False
        return bool(wide_header(rows, self._known))

    def _notes_of_marks(self) -> Iterable[Note]:
        marks, left = self._marks, self._first_column
        hidden = [
            self._columns[at - left]
            for at in sorted(marks.hidden_columns)
            if 0 <= at - left < self._header.width
        ]
        tall = sum(a[0] < b[0] and b[0] > self._header.last for a, b in self._merged)
        if hidden:
            names = ", ".join(f"'{name}'" for name in hidden[:20])
            yield Note("hidden_columns", f"Columns hidden in the sheet were read too: {names}.", len(hidden))
        if not marks.is_seen:
            yield Note("marks_unseen", _UNSEEN)
        if marks.has_macros:
            yield Note("macros", "The workbook holds macros; its cells were read and no macro was run.")
        yield from notes_of(
            {
                "hidden_rows": self._hidden,
                "merged_rows": tall,
                "cell_errors": marks.errors,
                "unvalued_formulas": marks.unvalued,
                "shown_otherwise": len(marks.shown) - marks.errors,
            }
        )


def notes_of_others(title: str, others: dict[str, bool]) -> tuple[Note, ...]:
    """Return the note that names the sheets that were not read, if there are any."""
    if not others:
        return ()
    tables = ", ".join(f"'{name}'" for name, has_table in others.items() if has_table)
    rest = ", ".join(f"'{name}'" for name, has_table in others.items() if not has_table)
    text = f"The sheet '{title}' was read."
    text += f" Other sheets hold tables that were not read: {tables}." if tables else ""
    text += f" Other sheets hold no table: {rest}." if rest else ""
    return (Note("other_sheets", text, len(others)),)


def _rows(sheet: CalamineSheet, name: str) -> Iterable[Sequence[Any]]:
    with telling_damage(name):
        yield from sheet.iter_rows()


def _first_rows(sheet: CalamineSheet) -> list[Cells]:
    return [tuple(map(cell_text, row)) for row in islice(_rows(sheet, ""), SAMPLE)]


def _column_text(column: Sequence[Any]) -> Sequence[str]:
    if all(type(value) is str for value in column):
        return column
    return [cell_text(value) for value in column]


def cell_text(value: object) -> str:
    """Return a cell as text: whole numbers without ``.0``, ISO dates, true and false."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime.datetime):
        whole_day = value.time() == datetime.time()
        return value.date().isoformat() if whole_day else value.isoformat()
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    if isinstance(value, datetime.timedelta):
        return _hours(value)
    return str(value)


def _hours(span: datetime.timedelta) -> str:
    """Return a span of time as a sheet shows it: ``26:30:00``."""
    seconds = abs(round(span.total_seconds()))
    sign = "-" if span < datetime.timedelta() else ""
    return f"{sign}{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def _row(table: pa.Table, place: int) -> list[str]:
    return [column[place].as_py() for column in table.columns]


def _find_again(header: Sequence[str], table: pa.Table, fates: list[Fate]) -> None:
    """Mark the rows that are a row of the header again, looked for by its first name."""
    at = next(place for place, name in enumerate(header) if name.strip())
    start = normal_heading(header[at])
    for place, cell in enumerate(table.column(at).to_pylist()):
        if cell and normal_heading(cell) == start and repeats_header(_row(table, place), header):
            fates[place] = Fate.REPEATED_HEADER


def _no_rows(columns: Sequence[str]) -> pa.Table:
    return pa.table([pa.array([], pa.string())] * len(columns), names=list(columns))


def _numbered(table: pa.Table, fates: Sequence[Fate], first_row: int) -> pa.Table:
    places = [place for place, fate in enumerate(fates) if fate is Fate.RECORD]
    kept = table.take(pa.array(places, pa.int64()))
    rows = pa.array(range(1, len(places) + 1), pa.int64())
    lines = pa.array([place + first_row for place in places], pa.int64())
    return pa.table([rows, lines, *kept.columns], names=["source_row", "line", *table.column_names])
