"""Rows set aside go out as a workbook, come back mended and re-enter the same run; nothing else moves."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pytest

from cleaning.giveback_cases import (
    AS_OF,
    GOOD,
    LIST,
    SCHEMA,
    answers,
    aside_rows,
    column_of,
    every_cell,
    kept_rows,
    mend,
    reopened,
    row_of,
    rows_of,
    standard,
    workbook,
    written,
)  # fmt: skip
from sharewell.cleaning.actions import Order, clean_file
from sharewell.cleaning.giveback import open_answers, take_back, write_giveback
from sharewell.cleaning.giveback.terms import Answers, TakenBack
from sharewell.sources.standards import load_standard
from sharewell.sources.terms import Standard
from sharewell.vocab.errors import NoRecords, OutputIsInput

__all__ = ["answers", "standard", "workbook"]


# --- the workbook -------------------------------------------------------------------------------------


def test_the_rows_stand_under_the_files_own_headings_in_its_own_order(workbook: Path):
    book = openpyxl.load_workbook(workbook)
    assert book.sheetnames == ["Read me", "Rows"]
    assert [cell.value for cell in book["Rows"][1]] == [
        *("Row", "Reason", "What to do"),
        *("Our ref", "NHS No.", "Notes", "Seen"),
        *("The row as it came", "Mark"),
    ]
    assert [cell.value for cell in book["Rows"]["A"]][1:] == ["2", "4", "5", "6"]


def test_a_row_says_why_it_was_set_aside_and_what_to_do_in_the_files_own_words(workbook: Path):
    sheet = openpyxl.load_workbook(workbook)["Rows"]
    at = row_of(sheet, 4)
    assert sheet.cell(at, 2).value == "NHS No. must be filled in, and it is missing."
    assert sheet.cell(at, 3).value == "Fill in “NHS No.”."
    assert "“Seen” as day, month in letters" in sheet.cell(row_of(sheet, 6), 3).value


def test_only_the_offending_cells_are_marked_by_fill_border_and_comment(workbook: Path):
    sheet = openpyxl.load_workbook(workbook)["Rows"]
    marked = {(c.row, c.column) for c in every_cell(sheet) if c.comment}
    wrong = {(2, "NHS No."), (4, "NHS No."), (6, "Seen")}
    assert marked == {(row_of(sheet, row), column_of(sheet, heading)) for row, heading in wrong}
    assert {sheet.cell(*at).fill.fgColor.rgb for at in marked} == {"FFFFF2CC"}
    assert {sheet.cell(*at).border.left.style for at in marked} == {"medium"}


def test_every_cell_is_text_and_none_a_formula(workbook: Path):
    book = openpyxl.load_workbook(workbook)
    cells = [cell for sheet in book for cell in every_cell(sheet) if cell.value is not None]
    assert {cell.data_type for cell in cells} == {"s"}
    assert {cell.number_format for cell in cells} == {"@"}
    sheet = book["Rows"]
    plus = sheet.cell(row_of(sheet, 2), column_of(sheet, "Notes"))
    assert (plus.value, plus.quotePrefix) == ("+1", True)


def test_only_the_files_own_cells_may_be_written_in(workbook: Path):
    sheet = openpyxl.load_workbook(workbook)["Rows"]
    assert sheet.protection.sheet
    locked = [cell.protection.locked for cell in sheet[2]]
    assert locked == [True, True, True, False, False, False, False, True, True]
    assert sheet.column_dimensions["I"].hidden


def test_a_line_that_could_not_be_read_comes_with_its_text(workbook: Path):
    sheet = openpyxl.load_workbook(workbook)["Rows"]
    at = row_of(sheet, 5)
    assert sheet.cell(at, column_of(sheet, "The row as it came")).value.strip() == LIST.splitlines()[5]
    assert "under its own heading" in sheet.cell(at, 3).value


def test_a_heading_of_ours_that_the_file_has_too_is_told_apart(tmp_path: Path):
    schema = {
        **SCHEMA,
        "name": "row",
        "fields": [{"name": "row", "constraints": {"required": True}}, {"name": "x"}],
    }
    (tmp_path / "row.json").write_text(json.dumps(schema), encoding="utf-8")
    (tmp_path / "list.csv").write_text("Row,X\n1,a\n,b\n3,c\n", encoding="utf-8")
    standard = load_standard(str(tmp_path / "row.json"))
    clean_file(Order(tmp_path / "list.csv", standard, AS_OF), tmp_path / "answers")
    answers = open_answers(tmp_path / "answers", lambda _: standard)
    write_giveback(answers, tmp_path / "rows.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "rows.xlsx")["Rows"]
    assert next(cell.value for cell in sheet[1]) == "Row (sharewell)"
    mend(tmp_path / "rows.xlsx", lambda sheet: setattr(sheet["D2"], "value", "2"))
    assert take_back(answers, tmp_path / "rows.xlsx").now_kept == 1


def test_a_list_with_nothing_set_aside_gives_nothing_back(tmp_path: Path, standard: Standard):
    source = tmp_path / "good.csv"
    source.write_text("Our ref,NHS No.,Notes,Seen\na1,9434765919,,2025-05-06\n", encoding="utf-8")
    clean_file(Order(source, standard, AS_OF), tmp_path / "answers")
    with pytest.raises(NoRecords):
        write_giveback(open_answers(tmp_path / "answers", lambda _: standard), tmp_path / "rows.xlsx")
    assert not (tmp_path / "rows.xlsx").exists()


def test_the_workbook_may_not_lie_among_the_answers(answers: Answers):
    with pytest.raises(OutputIsInput):
        write_giveback(answers, answers.folder / "rows.xlsx")


# --- coming back --------------------------------------------------------------------------------------


def test_mended_rows_keep_their_number_and_join_the_kept(answers: Answers, workbook: Path):
    before = kept_rows(answers)
    mend(workbook, written(GOOD))
    assert take_back(answers, workbook) == TakenBack(6, 3, 3, 0, 5, 1)
    after = kept_rows(answers)
    assert list(after) == [1, 2, 3, 4, 5]
    assert {row: after[row] for row in before} == before
    assert after[2]["nhs_number"] == "9434765919"
    assert after[5] == {
        "ref": "a5",
        "nhs_number": "9434765919",
        "seen_on": "2025-05-07",
        "note": "too, many, cells",
    }
    assert list(aside_rows(answers)) == [6]


def test_a_mended_rows_dates_are_read_by_the_evidence_of_the_whole_list(answers: Answers, workbook: Path):
    assert kept_rows(answers)[1]["seen_on"] == "2025-04-25"  # the column is month first
    mend(workbook, written({(4, "NHS No."): "9434765919"}))
    take_back(answers, workbook)
    assert kept_rows(answers)[4]["seen_on"] == "2025-05-06"


def test_the_log_says_what_the_sender_mended_and_what_the_cell_was_in_the_file(
    answers: Answers, workbook: Path
):
    mend(workbook, written(GOOD))
    take_back(answers, workbook)
    changes = {(row["source_row"], row["column"]): row for row in rows_of(answers, "changes.parquet")}
    mended = changes[2, "nhs_number"]
    assert (mended["before"], mended["after"]) == ("9434765918", "9434765919")
    assert mended["rule"].split("+")[0] == "mended_by_sender"
    assert mended["why"].startswith("The sender wrote this cell anew")
    assert changes[2, "seen_on"]["before"] == "04/05/2025"  # cleaned as ever, not mended
    assert "mended_by_sender" not in changes[2, "seen_on"]["rule"]


def test_rows_still_bad_stay_set_aside_as_they_came_back(answers: Answers, workbook: Path, tmp_path: Path):
    mend(workbook, written({(2, "NHS No."): "9434765917", (2, "Notes"): "asked"}))
    assert take_back(answers, workbook).still_set_aside == 1
    row = aside_rows(answers)[2]
    assert row["columns"] == ["nhs_number"]
    assert json.loads(row["raw"])["nhs_number"] == "9434765917"
    write_giveback(reopened(answers), tmp_path / "again.xlsx")
    mend(tmp_path / "again.xlsx", written({(2, "NHS No."): "9434765919"}))
    assert take_back(reopened(answers), tmp_path / "again.xlsx").now_kept == 1
    changes = {(row["source_row"], row["column"]): row for row in rows_of(answers, "changes.parquet")}
    assert changes[2, "nhs_number"]["before"] == "9434765918"
    assert kept_rows(answers)[2]["note"] == "asked"


def test_a_workbook_that_comes_back_untouched_changes_nothing(answers: Answers, workbook: Path):
    kept, aside, changes = (rows_of(answers, f"{name}.parquet") for name in ("kept", "set_aside", "changes"))
    assert take_back(answers, workbook) == TakenBack(6, 0, 0, 0, 2, 4)
    assert rows_of(answers, "kept.parquet") == kept
    assert rows_of(answers, "set_aside.parquet") == aside
    key = json.dumps
    assert sorted(map(key, rows_of(answers, "changes.parquet"))) == sorted(map(key, changes))


def test_rows_left_out_stay_set_aside_and_sorted_rows_are_taken(answers: Answers, workbook: Path):
    mend(workbook, written({(4, "NHS No."): "9434765919"}))
    mend(workbook, lambda sheet: sheet.delete_rows(row_of(sheet, 2)))
    assert take_back(answers, workbook) == TakenBack(6, 1, 1, 0, 3, 3)


def test_a_mended_row_never_takes_the_place_of_a_kept_one(answers: Answers, workbook: Path):
    before = kept_rows(answers)
    mend(workbook, written({(2, "NHS No."): "9434765919", (2, "Our ref"): "a3"}))
    assert take_back(answers, workbook).still_set_aside == 1
    assert kept_rows(answers) == before
    assert aside_rows(answers)[2]["reasons"] == ["duplicate_conflicting"]


def test_about_tells_the_counts_as_they_are_now(answers: Answers, workbook: Path):
    mend(workbook, written(GOOD))
    take_back(answers, workbook)
    about = reopened(answers).about
    assert (about["rows"]["rows_in"], about["rows"]["kept"], about["rows"]["set_aside"]) == (6, 5, 1)
    assert about["rows"]["changes"] == len(rows_of(answers, "changes.parquet"))
    assert about["reasons"] == [{"reason": "date_impossible", "rows": 1, "why": "There is no such day."}]
    assert about["taken_back"][0]["now_kept"] == 3
    assert "9434765919" not in json.dumps(about)
