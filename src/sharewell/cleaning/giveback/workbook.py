"""Write the workbook of rows given back: the file's own headings, why each row was set aside, what to do.

Every cell is text, so that nothing in it can be a formula and no number loses its zeros. The sheet is
protected without a password: only the file's own cells can be written in.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, Final

import xlsxwriter
from xlsxwriter.exceptions import FileCreateError
from xlsxwriter.utility import xl_range
from xlsxwriter.worksheet import Worksheet

from sharewell.cleaning.giveback.answers import given_rows
from sharewell.cleaning.giveback.instruct import advice_of, reason_of
from sharewell.cleaning.giveback.layout import MOST_ROWS, READ_ME, Own, cell_shown, own_columns, sheet_name
from sharewell.cleaning.giveback.terms import Answers, Given
from sharewell.cleaning.sentences import why
from sharewell.store.disk import require_other, sync_file, writing
from sharewell.vocab.errors import NoRecords, OutputIsInput, Where

MOST_COMMENTS: Final = 5_000
"""Cells with a comment; beyond that a spreadsheet grows slow, and the Reason column says the same."""
_OPTIONS: Final = {
    "constant_memory": True,
    **dict.fromkeys(("strings_to_numbers", "strings_to_formulas", "strings_to_urls"), False),
}
_MAY: Final = {"format_columns": True, "format_rows": True, "select_locked_cells": True, "autofilter": True}
_INK, _FILL, _MARKED, _LOCKED = "#0b0c0c", "#12393d", "#fff2cc", "#f3f2f1"


def write_giveback(answers: Answers, out: Path) -> int:
    """Write every row that was set aside to a workbook, and return how many there are.

    The workbook appears whole or not at all. Raises NoRecords when no row was set aside, OutputIsInput when
    it would lie among the answers, DiskFull, FolderReadOnly.
    """
    rows = int(answers.about["rows"]["set_aside"])
    if not rows:
        raise NoRecords(
            "No row was set aside, so there is none to give back.", "Use the kept rows.", Where(answers.file)
        )
    _require_elsewhere(answers, out)
    beside = out.with_name(f".{out.name}.writing")
    with writing(out.name):
        try:
            _write(answers, beside)
            sync_file(beside)
            beside.replace(out)
        finally:
            beside.unlink(missing_ok=True)
    return rows


def _require_elsewhere(answers: Answers, out: Path) -> None:
    require_other(out, answers.folder.glob("*"))
    if answers.folder.resolve() in out.resolve().parents:
        raise OutputIsInput(
            "The workbook would lie in the folder of answers, which is replaced when rows come back.",
            "Choose another folder for --out.",
            Where(file=out.name),
        )


def _write(answers: Answers, path: Path) -> None:
    try:
        with xlsxwriter.Workbook(str(path), _OPTIONS) as book:
            pen = _Pen.of(book, answers)
            _explain(pen)
            rows = given_rows(answers)
            for place in range(-(-int(answers.about["rows"]["set_aside"]) // MOST_ROWS)):
                _fill_sheet(pen, sheet_name(place), islice(rows, MOST_ROWS))
    except FileCreateError as error:
        cause = error.args[0]
        raise cause if isinstance(cause, OSError) else error from None


@dataclass
class _Pen:
    """The workbook being written, its formats, and how many comments it has."""

    book: xlsxwriter.Workbook
    answers: Answers
    own: Own
    formats: dict[str, Any]
    comments: int = 0

    @classmethod
    def of(cls, book: xlsxwriter.Workbook, answers: Answers) -> _Pen:
        """Return a pen with the formats that cells are written in."""
        text = {"num_format": "@", "valign": "top", "font_color": _INK, "font_name": "Arial", "font_size": 11}
        open_ = {**text, "locked": False, "quote_prefix": True}
        styles = {
            "head": {**text, "bold": True, "font_color": "#ffffff", "bg_color": _FILL, "text_wrap": True},
            "ours": {**text, "bg_color": _LOCKED, "text_wrap": True, "quote_prefix": True},
            "cell": open_,
            "marked": {**open_, "bg_color": _MARKED, "border": 2, "border_color": "#b35900", "bold": True},
            "title": {**text, "bold": True, "font_size": 16},
            "strong": {**text, "bold": True},
            "plain": {**text, "text_wrap": True},
        }
        formats = {name: book.add_format(style) for name, style in styles.items()}
        return cls(book, answers, own_columns(answers.headings), formats)


def _explain(pen: _Pen) -> None:
    """Write the first sheet: what this is, how to mend and return it, and what went wrong how often."""
    sheet = pen.book.add_worksheet(READ_ME)
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, 90)
    sheet.set_column(1, 1, 12)
    lines = list(_read_me(pen))
    for place, (text, style) in enumerate(lines):
        sheet.write_string(place, 0, text, pen.formats[style])
    start = len(lines) + 1
    sheet.write_string(start, 0, "Why rows were set aside", pen.formats["head"])
    sheet.write_string(start, 1, "Rows", pen.formats["head"])
    for place, (sentence, rows) in enumerate(_counts(pen.answers), start + 1):
        sheet.write_string(place, 0, sentence, pen.formats["plain"])
        sheet.write_string(place, 1, f"{rows:,}", pen.formats["plain"])
    sheet.protect()


def _read_me(pen: _Pen) -> Iterator[tuple[str, str]]:
    answers, own = pen.answers, pen.own
    rows = int(answers.about["rows"]["set_aside"])
    yield f"{rows:,} rows of {answers.file} could not be used", "title"
    yield (
        f"They were checked against “{answers.standard.title}”, version {answers.standard.version}.",
        "plain",
    )
    yield "What to do", "strong"
    yield f"1. On the sheet “{sheet_name(0)}”, read “{own.reason}” and “{own.advice}” of each row.", "plain"
    yield "2. Correct the marked cells. Any other cell of the row may be corrected too.", "plain"
    yield "3. Rows that you cannot correct may stay as they are, or be deleted: they stay set aside.", "plain"
    yield f"4. Leave “{own.row}”, the headings and the hidden column as they are, and add no rows.", "plain"
    yield "5. Save the workbook as it is (.xlsx or .ods) and send it back the way it came.", "plain"
    yield "The rows are about people. Keep this workbook as safe as the list itself.", "strong"
    left_out = [column for column, field in answers.mapping.items() if not field]
    if left_out:
        yield f"Columns that are not used are not here: {', '.join(left_out)}.", "plain"


def _counts(answers: Answers) -> list[tuple[str, int]]:
    names = {field: column for column, field in answers.headings.items()}
    counts = Counter({why(each["reason"], names): int(each["rows"]) for each in answers.about["reasons"]})
    return counts.most_common()


def _fill_sheet(pen: _Pen, name: str, rows: Iterator[Given]) -> None:
    sheet, own = pen.book.add_worksheet(name), pen.own
    headings = list(pen.answers.headings)
    names = [own.row, own.reason, own.advice, *headings, own.as_it_came, own.mark]
    widths = [8, 42, 42, *(max(12, min(len(heading) + 4, 30)) for heading in headings), 30, 14]
    for place, (heading, width) in enumerate(zip(names, widths, strict=True)):
        sheet.set_column(place, place, width, None, {"hidden": heading == own.mark})
    for place, heading in enumerate(names):
        sheet.write_string(0, place, heading, pen.formats["head"])
    sheet.freeze_panes(1, 1)
    last = 0
    for last, given in enumerate(rows, 1):
        _write_row(pen, sheet, last, given)
    sheet.ignore_errors({"number_stored_as_text": xl_range(0, 0, last, len(names) - 1)})
    sheet.autofilter(0, 0, last, len(names) - 1)
    sheet.protect("", _MAY)


def _write_row(pen: _Pen, sheet: Worksheet, at: int, given: Given) -> None:
    answers, ours = pen.answers, pen.formats["ours"]
    told = (str(given.source_row), reason_of(given, answers), advice_of(given, answers))
    for place, text in enumerate(told):
        sheet.write_string(at, place, text, ours)
    wrong = dict(zip(given.columns, given.reasons, strict=False))
    for place, field in enumerate(answers.headings.values(), len(told)):
        is_wrong = given.is_line or field in wrong
        sheet.write_string(
            at, place, cell_shown(given.values.get(field)), pen.formats["marked" if is_wrong else "cell"]
        )
        if field in wrong and pen.comments < MOST_COMMENTS:
            pen.comments += 1
            sheet.write_comment(at, place, _comment(pen, wrong[field]), {"author": "sharewell", "width": 260})
    end = len(told) + len(answers.headings)
    sheet.write_string(at, end, cell_shown(given.raw) if given.is_line else "", ours)
    sheet.write_string(at, end + 1, answers.mark(given.source_row), ours)


def _comment(pen: _Pen, reason: str) -> str:
    return why(reason, {field: column for column, field in pen.answers.headings.items()})
