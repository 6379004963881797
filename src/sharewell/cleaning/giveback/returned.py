"""Read a workbook of mended rows, and refuse what was not given out so."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from sharewell.cleaning.giveback.answers import given_rows
from sharewell.cleaning.giveback.layout import ROWS, Own, cell_shown, is_same, own_columns
from sharewell.cleaning.giveback.terms import Answers, Given, Returned, Values
from sharewell.sources.formats import find_format
from sharewell.sources.workbooks import cell_text
from sharewell.vocab.errors import FileUnreadable, FormatUnknown, MendedRowsWrong, UnknownColumn, Where

_MOST_TOLD: Final = 10
Cells = Mapping[str, str]


def read_giveback(path: Path, answers: Answers) -> Returned:
    """Read the rows of a workbook that were mended; those that came back as they went are left out.

    A cell that came back as it was given out keeps its value to the letter. Raises MendedRowsWrong when a row
    was not given out, comes twice or has another row's number; UnknownColumn when a column is gone;
    FileMissing, FileUnreadable, FormatUnknown, FileTooLarge.
    """
    found = find_format(path)
    if not found.format.is_workbook or found.content.wrap:
        raise FormatUnknown(
            "Mended rows must come back in the workbook that was given out.",
            "Save it as .xlsx or .ods, not as text.",
            Where(file=path.name),
        )
    came = _numbered(list(_sheets(path, answers)), answers, path)
    rows: dict[int, Values] = {}
    for given in given_rows(answers):
        cells = came.pop(given.source_row, None)
        if cells is not None and (values := _mended(given, cells, answers)):
            rows[given.source_row] = values
    if came:
        raise _refusal([_not_given(row) for row in sorted(came)], path)
    return Returned(path.name, found.sha256, rows)


def _sheets(path: Path, answers: Answers) -> Iterator[tuple[str, Cells]]:
    """Yield every filled row under our headings, with where it stands."""
    import python_calamine

    own = own_columns(answers.headings)
    try:
        book = python_calamine.CalamineWorkbook.from_path(str(path))
        names = [name for name in book.sheet_names if name.split(" ")[0] == ROWS]
        sheets: list[tuple[str, list[list[Any]]]] = [
            (name, book.get_sheet_by_name(name).to_python(skip_empty_area=False)) for name in names
        ]
    except (python_calamine.CalamineError, OSError):
        raise FileUnreadable(
            "The workbook is damaged or cut short.", "Ask the sender to send it again.", Where(file=path.name)
        ) from None
    if not sheets:
        raise _no_column(f"sheet called “{ROWS}”", path)
    for name, rows in sheets:
        yield from _rows_of(name, rows, [own.row, own.mark, *answers.headings], path)


def _rows_of(
    sheet: str, rows: Sequence[Sequence[Any]], wanted: Sequence[str], path: Path
) -> Iterator[tuple[str, Cells]]:
    headings = [cell_text(cell) for cell in rows[0]] if rows else []
    places = {}
    for name in wanted:
        if headings.count(name) != 1:
            raise _no_column(f"one column called “{name}” on the sheet “{sheet}”", path, name)
        places[name] = headings.index(name)
    for number, row in enumerate(rows[1:], 2):
        cells = {name: cell_text(row[place]) for name, place in places.items()}
        if any(cells.values()):
            yield f"sheet “{sheet}”, row {number}", cells


def _no_column(what: str, path: Path, column: str | None = None) -> UnknownColumn:
    return UnknownColumn(
        f"The workbook does not have {what}.",
        "Mend the rows in the workbook as it was given out: its sheets and headings must stay.",
        Where(file=path.name, column=column),
    )


def _numbered(came: Sequence[tuple[str, Cells]], answers: Answers, path: Path) -> dict[int, Cells]:
    """Return the rows by their number. Raises MendedRowsWrong with every row that has not its own."""
    own = own_columns(answers.headings)
    rows: dict[int, Cells] = {}
    wrong: list[str] = []
    for where, cells in came:
        number = cells[own.row].strip()
        fault = _fault(number, cells[own.mark].strip(), rows, own, answers)
        if fault:
            wrong.append(f"{where}: {fault}")
        else:
            rows[int(number)] = cells
    if wrong and len(wrong) == len(came):
        wrong.insert(
            0, f"no row has its number, so this may be another list's workbook than {answers.file}'s"
        )
    if wrong:
        raise _refusal(wrong, path)
    return rows


def _fault(number: str, mark: str, rows: Mapping[int, Cells], own: Own, answers: Answers) -> str | None:
    if not number or not mark:
        return f"it has no number in “{own.row}” or no mark, so it was not given out"
    if not (number.isascii() and number.isdecimal() and len(number) < 19):
        return f"what stands in “{own.row}” is not a row's number"
    if answers.mark(int(number)) != mark:
        return f"the number in “{own.row}” was changed"
    return f"row {number} comes twice" if int(number) in rows else None


def _not_given(row: int) -> str:
    return f"row {row} is not set aside: it was taken back already, or never given out"


def _refusal(wrong: Sequence[str], path: Path) -> MendedRowsWrong:
    more = f"; and {len(wrong) - _MOST_TOLD} more" if len(wrong) > _MOST_TOLD else ""
    return MendedRowsWrong(
        f"Rows came back that were not given out so. {'; '.join(wrong[:_MOST_TOLD])}{more}.",
        "Put the row numbers right or delete those rows, and run again. No row was taken back.",
        Where(file=path.name),
    )


def _mended(given: Given, cells: Cells, answers: Answers) -> Values | None:
    """Return a row's cells with what was mended; None when nothing was."""
    values: dict[str, str | None] = dict.fromkeys(answers.standard.names)
    values.update(given.values if not given.is_line else {})
    changed = False
    for heading, field in answers.headings.items():
        value = given.values.get(field)
        same = is_same(cells[heading], value)
        changed |= not same
        values[field] = value if same else _text(cells[heading], value)
    return values if changed else None


def _text(cell: str, value: str | None) -> str | None:
    """Return a mended cell; an emptied one is as empty as the row's other empty cells are."""
    return cell if cell_shown(cell) else None if value is None else ""
