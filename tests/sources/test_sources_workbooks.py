"""Workbooks as people see them: sheets, two-row headers, hidden rows, formulas, errors, macros, passwords."""

from __future__ import annotations

import datetime
import io
import zipfile
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter

from sharewell.sources.read import read_source
from sharewell.sources.sheets import is_pair, join_names
from sharewell.vocab.errors import FileUnreadable, UnknownColumn

FILES = Path(__file__).parent / "files"
"""Workbooks that other writers made: xlwt, pyxlsbwriter, odfpy, msoffcrypto."""


def rows(found):
    return [tuple(row.values())[2:] for row in found.kept.arrow().to_pylist()]


def notes(found):
    return {note.code: (note.text, note.rows) for note in found.notes}


def saved(book: openpyxl.Workbook) -> bytes:
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def sheet(*lines, merge=(), title="list"):
    book = openpyxl.Workbook()
    book.active.title = title
    for line in lines:
        book.active.append(line)
    for item in merge:
        book.active.merge_cells(item)
    return book


def test_a_workbook_of_excel_97_is_read_by_its_sheet_and_both_rows_of_its_header(engine):
    found = read_source(FILES / "two_sheets.xls", engine, "raw")
    assert found.facts.columns == (
        *("Ref", "Person - First name", "Person - Surname", "Address - Line 1", "Address - Postcode"),
        *("Seen", "Total"),
    )
    assert rows(found)[1] == ("2", "Zoë", "Jones", "2 High Street", "BN1 1AB", "1980-03-04", "")
    assert found.facts.lines == {"record": 3, "header": 2}
    assert "'List' was read" in notes(found)["other_sheets"][0]
    assert "no table: 'Cover'" in notes(found)["other_sheets"][0]


@pytest.mark.parametrize("name", ["list.xlsb", "list.ods"])
def test_binary_and_open_workbooks_give_the_same_text(engine, name):
    found = read_source(FILES / name, engine, "raw")
    assert found.facts.columns == ("nhs_number", "surname", "date_of_birth", "share")
    assert rows(found)[0] == ("9999668577", "Smith", "1980-03-04", "0.25")
    assert rows(found)[1][1:3:2] == ("Zoë",)
    assert rows(found)[1][3] == "20"


def test_a_workbook_locked_with_a_password_is_refused(engine):
    with pytest.raises(FileUnreadable, match="password"):
        read_source(FILES / "locked.xlsx", engine, "raw")


def test_an_open_workbook_locked_with_a_password_is_refused(read):
    content = io.BytesIO()
    with zipfile.ZipFile(FILES / "list.ods") as whole, zipfile.ZipFile(content, "w") as copy:
        for name in whole.namelist():
            text = whole.read(name)
            if name == "META-INF/manifest.xml":
                lock = b'<manifest:encryption-data manifest:checksum-type="SHA1" manifest:checksum="x"/>'
                text = text.replace(b'"content.xml"/>', b'"content.xml">' + lock + b"</manifest:file-entry>")
                text = text.replace(b'"text/xml"/>', b'"text/xml">' + lock + b"</manifest:file-entry>")
                assert lock in text
            copy.writestr(name, text)
    with pytest.raises(FileUnreadable):
        read(content.getvalue(), "locked.ods")


def test_notes_say_which_sheet_was_read_and_which_others_hold_tables(read):
    book = sheet(["id", "name"], ["1", "Ann"], title="Now")
    for title, line in (("Old", ["id", "name"]), ("Words", ["Confidential"])):
        other = book.create_sheet(title)
        other.append(line)
        other.append(["2", "Bob"] if len(line) > 1 else [])
    found = read(saved(book), "list.xlsx")
    text, count = notes(found)["other_sheets"]
    assert "'Now' was read" in text
    assert "not read: 'Old'" in text
    assert "no table: 'Words'" in text
    assert count == 2
    assert rows(read(saved(book), "list.xlsx", sheet="Old")) == [("2", "Bob")]
    with pytest.raises(UnknownColumn):
        read(saved(book), "list.xlsx", sheet="Never")


PAIRED = (
    ["Ref", "Person", None, "Address", None, None],
    [None, "First name", "Surname", "Line 1", "Town", "Postcode"],
    [1, "Ann", "Smith", "1 High Street", "Hove", "BN1 1AA"],
    [2, "Bob", "Jones", "2 High Street", "Hove", "BN1 1AB"],
)


@pytest.mark.parametrize("merge", [(), ("A1:A2", "B1:C1", "D1:F1")])
def test_a_header_of_two_rows_is_joined_group_and_name(read, merge):
    found = read(saved(sheet(*PAIRED, merge=merge)), "list.xlsx")
    assert found.facts.columns == (
        *("Ref", "Person - First name", "Person - Surname"),
        *("Address - Line 1", "Address - Town", "Address - Postcode"),
    )
    assert found.facts.lines == {"record": 2, "header": 2}
    assert [row["line"] for row in found.kept.arrow().to_pylist()] == [3, 4]


def test_a_header_of_two_rows_is_known_again_in_the_body(read):
    found = read(saved(sheet(*PAIRED, [None] * 6, *PAIRED[:2], [3, "Cy", "Lee", "x", "y", "z"])), "list.xlsx")
    assert [row[0] for row in rows(found)] == ["1", "2", "3"]
    assert found.facts.lines == {"header": 2, "record": 3, "blank": 1, "repeated_header": 2}


def test_one_group_beside_the_persons_own_columns_parts_names_that_repeat(read):
    lines = [["List of April"], [None, None, "Carer", None], ["Ref", "Name", "Ref", "Name"], [1, "a", 2, "b"]]
    found = read(saved(sheet(*lines)), "list.xlsx")
    assert found.facts.columns == ("Ref", "Name", "Carer - Ref", "Carer - Name")


def test_groups_part_columns_of_one_name(read):
    lines = [["Ref", "Mother", None, "Father", None], [None, "Name", "Born", "Name", "Born"]]
    found = read(saved(sheet(*lines, [1, "Ann", "x", "Bob", "y"], merge=["B1:C1", "D1:E1"])), "list.xlsx")
    assert found.facts.columns == ("Ref", "Mother - Name", "Mother - Born", "Father - Name", "Father - Born")


def test_a_title_merged_over_the_whole_list_is_no_group(read):
    lines = [["Shielding list", None, None], ["id", "name", "born"], [1, "Ann", "x"]]
    found = read(saved(sheet(*lines, merge=["A1:C1"])), "list.xlsx")
    assert found.facts.columns == ("id", "name", "born")
    found = read(saved(sheet(["Produced by", "Jo", None], *lines[1:])), "list.xlsx")
    assert found.facts.columns == ("id", "name", "born")


def test_a_first_record_of_words_is_no_second_row_of_the_header():
    assert not is_pair(["name", "town"], ["Ann", "Hove"], [])
    assert not is_pair(["name", "", "town", ""], ["Ann", "", "Hove", ""], [])
    assert not is_pair(["name", "town", "x"], ["Ann", "Hove", "1"], [(0, 2)])
    assert join_names(["A", "", "B"], ["x", "y", ""], []) == ["A - x", "A - y", "B"]


def test_a_list_that_does_not_begin_in_the_first_cell_keeps_its_rows(read):
    book = openpyxl.Workbook()
    for place, value in {"C4": "id", "D4": "name", "C5": 1, "D5": "Ann"}.items():
        book.active[place] = value
    book.active.column_dimensions["D"].hidden = True
    book.active.row_dimensions[5].hidden = True
    found = read(saved(book), "list.xlsx")
    assert [row["line"] for row in found.kept.arrow().to_pylist()] == [5]
    assert found.facts.header_line == 4
    assert "'name'" in notes(found)["hidden_columns"][0]
    assert notes(found)["hidden_rows"][1] == 1


def test_hidden_rows_and_columns_are_kept_and_noted(engine, read):
    book = sheet(["id", "name", "note"], *[[n, "Ann", "x"] for n in range(20)])
    for row in (3, 7):
        book.active.row_dimensions[row].hidden = True
    book.active.column_dimensions["C"].hidden = True
    found = read(saved(book), "list.xlsx")
    assert found.kept.count() == 20
    assert notes(found)["hidden_rows"][1] == 2
    assert notes(found)["hidden_columns"] == ("Columns hidden in the sheet were read too: 'note'.", 1)
    found = read_source(FILES / "list.ods", engine, "raw")
    assert notes(found)["hidden_rows"][1] == 1
    assert "'surname'" in notes(found)["hidden_columns"][0]


def test_formulas_give_their_values_and_those_never_worked_out_are_named(read):
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file)
    for row, cells in enumerate([["id", "name", "sum", "words"], [1, "Ann", None, None]]):
        book.add_worksheet() if not row else None
        book.worksheets()[0].write_row(row, 0, cells)
    book.worksheets()[0].write_formula("C2", "=A2+1", None, 2)
    book.worksheets()[0].write_formula("D2", '="a"', None, "a")
    book.worksheets()[0].write_string("B2", "=1+1")
    book.close()
    found = read(file.getvalue(), "list.xlsx")
    assert rows(found) == [("1", "=1+1", "2", "a")]
    assert "unvalued_formulas" not in notes(found)
    found = read(saved(sheet(["id", "sum"], [1, "=A2+1"], [2, "=A3+1"])), "list.xlsx")
    assert rows(found) == [("1", ""), ("2", "")]
    assert notes(found)["unvalued_formulas"][1] == 2


def test_errors_dates_spans_and_zeros_in_front_are_read_as_people_saw_them(read):
    book = sheet(["id", "phone", "born", "typed", "serial", "stay", "bad"], ["7"] * 7, ["8"] * 7)
    row = ["1", 7700900000, datetime.date(1980, 3, 4), "04/03/80", 29284, datetime.timedelta(hours=26), None]
    for column, value in enumerate(row, 1):
        book.active.cell(3, column, value)
    book.active["B3"].number_format = "00000000000"
    book.active["G3"].value, book.active["G3"].data_type = "#REF!", "e"
    found = read(saved(book), "list.xlsx")
    assert rows(found)[1] == ("1", "07700900000", "1980-03-04", "04/03/80", "29284", "26:00:00", "#REF!")
    assert notes(found)["cell_errors"][1] == 1
    assert notes(found)["shown_otherwise"][1] == 1


def test_cells_merged_over_rows_are_noted(read):
    found = read(
        saved(sheet(["home", "name"], ["A", "Ann"], [None, "Bob"], ["B", "Cy"], merge=["A2:A3"])), "list.xlsx"
    )
    assert rows(found) == [("A", "Ann"), ("", "Bob"), ("B", "Cy")]
    assert notes(found)["merged_rows"][1] == 1


def test_a_workbook_with_macros_is_read_as_a_list_and_said_to_have_them(read):
    content = io.BytesIO(saved(sheet(["id", "name"], [1, "Ann"])))
    with zipfile.ZipFile(content, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"\xd0\xcf\x11\xe0 Sub Auto_Open()")
    found = read(content.getvalue(), "list.xlsm")
    assert rows(found) == [("1", "Ann")]
    assert "macros" in notes(found)
