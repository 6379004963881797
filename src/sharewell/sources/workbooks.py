"""Workbooks (.xlsx .xls .xlsb .ods) through calamine: every cell as the text it stands for."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa

from sharewell.sources.aside import Aside
from sharewell.sources.formats import Found
from sharewell.sources.headings import SAMPLE, Header, Row, best_header, header_missing, name_columns
from sharewell.sources.lines import Fate
from sharewell.sources.reading import named_lines, notes_of
from sharewell.sources.rules import filled, is_footer, is_heading, normal_heading, repeats_header
from sharewell.sources.terms import FileFacts
from sharewell.vocab.errors import FileEmpty, FileUnreadable, UnknownColumn, Where
from sharewell.vocab.step import Note

if TYPE_CHECKING:
    from python_calamine import CalamineWorkbook

_BATCH: Final = 20_000
_FOOT: Final = 12
Cells = tuple[str, ...]


class WorkbookReading:
    """One sheet of a workbook."""

    def __init__(self, found: Found, known: frozenset[str], sheet: str | None) -> None:
        """Choose the sheet and find its header.

        Raises FileUnreadable, FileEmpty, UnknownColumn (no such sheet), HeaderMissing, HeaderDuplicate.
        """
        self._found, self.aside, self.name = found, Aside(), found.path.name
        self._lines: Counter[Fate] = Counter()
        self._book = _open(found)
        self._sheets: dict[str, Any] = {}
        self._sheet, self._header = self._choose(sheet, known)
        self._columns = name_columns(self._header, self.name)

    @property
    def _where(self) -> Where:
        return Where(file=self.name)

    def _choose(self, wanted: str | None, known: frozenset[str]) -> tuple[str, Header]:
        names: list[str] = self._book.sheet_names
        if wanted is not None and wanted not in names:
            raise UnknownColumn(
                f"The workbook has no sheet '{wanted}'. Its sheets are: {', '.join(names)}.",
                "Name one of these, or none to take the first with a table.",
                self._where,
            )
        sheets = [wanted] if wanted else names
        ways = (_wide_header, _single_header)
        headers = ((name, way(self._first_rows(name), known)) for way in ways for name in sheets)
        for name, header in headers:
            if header:
                return name, header
        if not any(filled(row) for name in names for row in self._first_rows(name)):
            raise FileEmpty(
                "The workbook has no filled cell.", "Ask the sender to send it again.", self._where
            )
        raise header_missing(self.name)

    def _rows(self, sheet: str) -> Iterable[Sequence[Any]]:
        try:
            if sheet not in self._sheets:
                self._sheets[sheet] = self._book.get_sheet_by_name(sheet)
            yield from self._sheets[sheet].iter_rows()
        except Exception:
            raise _damaged(self.name) from None

    def _first_rows(self, sheet: str) -> list[Cells]:
        return [tuple(map(cell_text, row)) for row in islice(self._rows(sheet), SAMPLE)]

    def rows(self) -> pa.Table:
        """Return the records below the header, blank rows, repeated headers and footers left out."""
        above, width = self._header.row.first, self._header.width
        fates: list[Fate] = []
        parts = []
        rows = islice(self._rows(self._sheet), above + 1, None)
        while batch := list(islice(rows, _BATCH)):
            columns = [_column_text(column) for column in zip(*batch, strict=True)]
            blank = [Fate.RECORD if any(cells) else Fate.BLANK for cells in zip(*columns, strict=True)]
            fates += blank
            parts.append(
                pa.table([pa.array(c, pa.string()) for c in columns[:width]], names=list(self._columns))
            )
        table = pa.concat_tables(parts) if parts else _no_rows(self._columns)
        self._settle(table, fates)
        self._lines.update([*self._titles(), Fate.HEADER, *fates])
        return _numbered(table, fates, above + 2)

    def _titles(self) -> list[Fate]:
        rows = self._first_rows(self._sheet)[: self._header.row.first]
        return [Fate.TITLE if filled(row) else Fate.BLANK for row in rows]

    def _settle(self, table: pa.Table, fates: list[Fate]) -> None:
        """Find repeated headers anywhere and footers at the foot."""
        first = table.column(0).to_pylist()
        start = normal_heading(self._columns[0])
        for place, cell in enumerate(first):
            if cell and normal_heading(cell) == start and repeats_header(_row(table, place), self._columns):
                fates[place] = Fate.REPEATED_HEADER
        for place in range(len(first) - 1, max(len(first) - _FOOT, 0) - 1, -1):
            if fates[place] is Fate.RECORD and not is_footer(_row(table, place), table.num_columns):
                return
            fates[place] = Fate.FOOTER if fates[place] is Fate.RECORD else fates[place]

    def facts(self) -> FileFacts:
        """Return what the sheet turned out to be. Its lines are its rows."""
        return FileFacts(
            name=self.name,
            sha256=self._found.sha256,
            format=self._found.format.value,
            encoding=None,
            delimiter=None,
            header_line=self._header.row.first + 1,
            columns=self._columns,
            records=self._lines[Fate.RECORD],
            lines=named_lines(self._lines),
        )

    def notes(self) -> tuple[Note, ...]:
        """Return what was odd about the sheet, and which other sheets were not read."""
        others = len(self._book.sheet_names) - 1
        note = Note("other_sheets", f"The sheet '{self._sheet}' was read; the workbook has others.", others)
        return (*notes_of(named_lines(self._lines)), *([note] if others else []))


def _open(found: Found) -> CalamineWorkbook:
    import python_calamine

    try:
        return python_calamine.CalamineWorkbook.from_path(str(found.path))
    except python_calamine.PasswordError:
        raise FileUnreadable(
            "The workbook is locked with a password.",
            "Save it without a password (in Excel: File, Info, Protect Workbook), then run again.",
            Where(file=found.path.name),
        ) from None
    except (python_calamine.CalamineError, OSError):
        raise _damaged(found.path.name) from None


def _damaged(name: str) -> FileUnreadable:
    return FileUnreadable(
        "The workbook is damaged or cut short.", "Ask the sender to send it again.", Where(file=name)
    )


def _wide_header(rows: Sequence[Cells], known: frozenset[str]) -> Header | None:
    return best_header([Row(place, place, row) for place, row in enumerate(rows)], known)


def _single_header(rows: Sequence[Cells], known: frozenset[str]) -> Header | None:
    """Return the heading of a sheet that has one column and nothing else."""
    used = [Row(place, place, row) for place, row in enumerate(rows) if filled(row)]
    if not used or any(len(row.cells) > 1 for row in used):
        return None
    row = next((row for row in used if normal_heading(row.cells[0]) in known), used[0])
    return Header(row, 1, 1, len(used)) if is_heading(row.cells[0]) else None


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
    return str(value)


def _row(table: pa.Table, place: int) -> list[str]:
    return [column[place].as_py() for column in table.columns]


def _no_rows(columns: Sequence[str]) -> pa.Table:
    return pa.table([pa.array([], pa.string())] * len(columns), names=list(columns))


def _numbered(table: pa.Table, fates: Sequence[Fate], first_row: int) -> pa.Table:
    places = [place for place, fate in enumerate(fates) if fate is Fate.RECORD]
    kept = table.take(pa.array(places, pa.int64()))
    rows = pa.array(range(1, len(places) + 1), pa.int64())
    lines = pa.array([place + first_row for place in places], pa.int64())
    return pa.table([rows, lines, *kept.columns], names=["source_row", "line", *table.column_names])
