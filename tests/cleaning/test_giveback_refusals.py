"""What does not come back as it was given out is refused, and nothing in the folder changes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from openpyxl.worksheet.worksheet import Worksheet

from cleaning.giveback_cases import (
    AS_OF,
    GOOD,
    LIST,
    Mend,
    answers,
    column_of,
    mend,
    reopened,
    standard,
    workbook,
    written,
)  # fmt: skip
from sharewell.cleaning.actions import Order, clean_file
from sharewell.cleaning.giveback import open_answers, take_back
from sharewell.cleaning.giveback.terms import Answers
from sharewell.sources.terms import Standard
from sharewell.vocab.errors import (
    FileMissing,
    FileUnreadable,
    FormatUnknown,
    MendedRowsWrong,
    StandardInvalid,
    UnknownColumn,
)

__all__ = ["answers", "standard", "workbook"]


def refused(answers: Answers, workbook: Path, change: Mend) -> str:
    before = {path.name: path.read_bytes() for path in answers.folder.iterdir()}
    mend(workbook, change)
    with pytest.raises(MendedRowsWrong) as error:
        take_back(answers, workbook)
    assert {path.name: path.read_bytes() for path in answers.folder.iterdir()} == before
    return error.value.what


def test_a_changed_row_number_is_refused(answers: Answers, workbook: Path):
    told = refused(answers, workbook, lambda sheet: setattr(sheet["A2"], "value", "3"))
    assert "sheet “Rows”, row 2: the number in “Row” was changed" in told


def test_two_rows_that_swapped_numbers_are_refused(answers: Answers, workbook: Path):
    def swap(sheet: Worksheet) -> None:
        sheet["A2"].value, sheet["A3"].value = sheet["A3"].value, sheet["A2"].value

    assert "row 2: the number in “Row” was changed" in refused(answers, workbook, swap)


def test_a_row_given_twice_is_refused(answers: Answers, workbook: Path):
    def twice(sheet: Worksheet) -> None:
        sheet.append([cell.value for cell in sheet[2]])

    assert "row 2 comes twice" in refused(answers, workbook, twice)


def test_a_row_that_was_not_given_out_is_refused(answers: Answers, workbook: Path):
    def added(sheet: Worksheet) -> None:
        sheet.append(["", "", "", "a9", "9434765919", "", "2025-05-06"])

    assert "it was not given out" in refused(answers, workbook, added)


def test_a_row_that_is_kept_already_is_refused(answers: Answers, workbook: Path):
    mend(workbook, written(GOOD))
    take_back(answers, workbook)
    with pytest.raises(MendedRowsWrong, match="row 2 is not set aside"):
        take_back(reopened(answers), workbook)


def test_the_workbook_of_another_list_is_refused_as_a_whole(
    answers: Answers, tmp_path: Path, standard: Standard, workbook: Path
):
    source = tmp_path / "other.csv"
    source.write_text(LIST.replace("a6", "b6"), encoding="utf-8")
    clean_file(Order(source, standard, AS_OF), tmp_path / "others")
    with pytest.raises(MendedRowsWrong, match=r"another list's workbook"):
        take_back(open_answers(tmp_path / "others", lambda _: standard), workbook)


def test_a_heading_that_is_gone_is_refused_by_name(answers: Answers, workbook: Path):
    mend(workbook, lambda sheet: sheet.delete_cols(column_of(sheet, "NHS No.")))
    with pytest.raises(UnknownColumn, match="NHS No"):
        take_back(answers, workbook)


def test_text_is_no_workbook_and_a_folder_of_something_else_no_answers(
    answers: Answers, tmp_path: Path, standard: Standard
):
    (tmp_path / "rows.csv").write_text("Row\n2\n", encoding="utf-8")
    with pytest.raises(FormatUnknown):
        take_back(answers, tmp_path / "rows.csv")
    with pytest.raises(FileMissing):
        open_answers(tmp_path, lambda _: standard)


def test_answers_that_were_changed_by_hand_are_refused(answers: Answers):
    (answers.folder / "kept.parquet").write_bytes(b"PAR1")
    with pytest.raises(FileUnreadable):
        reopened(answers)


def test_another_version_of_the_standard_is_refused(answers: Answers):
    with pytest.raises(StandardInvalid, match="clinic 1"):
        open_answers(answers.folder, lambda _: replace(answers.standard, version="2.0"))
