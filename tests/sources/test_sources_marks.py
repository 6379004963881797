"""What people saw in a workbook, alike in every format: hidden, merged, in error, zeros in front, locked."""

from __future__ import annotations

import contextlib
import io
import struct
import zipfile
from pathlib import Path

import openpyxl
import pytest

from sharewell.sources import marks_of_xlsb
from sharewell.sources.marks import Marks, number_of_rk, zeros_of
from sharewell.sources.ole import NotOle, read_stream, runs_away
from sharewell.sources.read import read_source
from sharewell.vocab.errors import FileTooLarge, FileUnreadable

FILES = Path(__file__).parent / "files"
"""Workbooks that other writers made: xlwt, pyxlsbwriter; the locked ones through msoffcrypto and by hand."""

SPACES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
)


def rows(found):
    return [tuple(row.values())[2:] for row in found.kept.arrow().to_pylist()]


def notes(found):
    return {note.code: note.rows for note in found.notes}


def ods(*lines: str, manifest: str = "<manifest/>") -> bytes:
    content = (
        f'<?xml version="1.0"?><office:document-content {SPACES} xmlns:calcext="urn:c"><office:body>'
        f'<office:spreadsheet><table:table table:name="List">{"".join(lines)}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", manifest)
        archive.writestr("content.xml", content)
    return file.getvalue()


def cell(text: str, more: str = 'office:value-type="string"') -> str:
    return f"<table:table-cell {more}><text:p>{text}</text:p></table:table-cell>"


def row(*cells: str, more: str = "") -> str:
    return f"<table:table-row {more}>{''.join(cells)}</table:table-row>"


def test_an_xls_workbook_is_read_as_people_saw_it(engine):
    found = read_source(FILES / "marked.xls", engine, "raw")
    assert rows(found)[0] == ("00001", "07700900001", "1980-03-01", "10", "House A", "0.25")
    assert [line[3] for line in rows(found)[5:]] == ["60", "#N/A", "#DIV/0!"]
    told = notes(found)
    assert (told["hidden_rows"], told["hidden_columns"], told["merged_rows"]) == (2, 1, 1)
    assert (told["cell_errors"], told["shown_otherwise"]) == (2, 16)
    assert "marks_unseen" not in told


def test_an_xlsb_workbook_is_read_as_people_saw_it(engine):
    found = read_source(FILES / "marked.xlsb", engine, "raw")
    assert rows(found)[0] == ("1", "07700900001", "10", "0.25")
    assert [line[2] for line in rows(found)[4:]] == ["50", "#N/A", "#DIV/0!", "80"]
    told = notes(found)
    assert (told["hidden_rows"], told["hidden_columns"], told["merged_rows"]) == (2, 1, 1)
    assert (told["cell_errors"], told["shown_otherwise"]) == (2, 8)


def test_an_open_workbook_is_read_as_people_saw_it(read):
    number = 'office:value-type="float" office:value="{}"'
    broken = 'office:value-type="string" office:string-value="" calcext:value-type="error"'
    found = read(
        ods(
            row(cell("Ref"), cell("Phone"), cell("Home")),
            row(
                cell("00001", number.format(1)),
                cell("07700900001", number.format(7700900001)),
                cell("A", 'office:value-type="string" table:number-rows-spanned="2"'),
            ),
            row(cell("2", number.format(2)), cell("#REF!", broken), "<table:covered-table-cell/>"),
            row(cell("3", number.format(3)), cell("0"), cell("B"), more='table:visibility="collapse"'),
        ),
        "list.ods",
    )
    assert rows(found) == [("00001", "07700900001", "A"), ("2", "#REF!", ""), ("3", "0", "B")]
    told = notes(found)
    assert (told["hidden_rows"], told["merged_rows"], told["cell_errors"]) == (1, 1, 1)
    assert told["shown_otherwise"] == 2


def test_a_workbook_that_cannot_be_looked_into_says_so(engine, monkeypatch):
    monkeypatch.setattr(marks_of_xlsb, "LARGEST", 10)
    found = read_source(FILES / "marked.xlsb", engine, "raw")
    assert "marks_unseen" in notes(found)
    assert rows(found)[0][1] == "7700900001"


@pytest.mark.parametrize("name", ["locked.xls", "locked.xlsb", "locked.xlsx"])
def test_a_workbook_locked_with_a_password_is_refused(engine, name):
    with pytest.raises(FileUnreadable, match="locked with a password") as caught:
        read_source(FILES / name, engine, "raw")
    assert "without a password" in caught.value.next_step


@pytest.mark.parametrize("entry", ["content.xml", "encrypted-package"])
def test_an_open_workbook_locked_with_a_password_is_refused(read, entry):
    manifest = (
        f'<manifest:manifest><manifest:file-entry manifest:full-path="{entry}"><manifest:encryption-data/>'
        "</manifest:file-entry></manifest:manifest>"
    )
    with pytest.raises(FileUnreadable, match="locked with a password"):
        read(ods(row(cell("\x7f")), manifest=manifest), "locked.ods")


def test_a_workbook_without_styles_is_looked_into(read):
    file, book = io.BytesIO(), openpyxl.Workbook()
    for line in (["id", "name"], [1, "Ann"]):
        book.active.append(line)
    book.active.row_dimensions[2].hidden = True
    book.save(file)
    bare = io.BytesIO()
    with zipfile.ZipFile(file) as whole, zipfile.ZipFile(bare, "w") as copy:
        for name in whole.namelist():
            if name != "xl/styles.xml":
                copy.writestr(name, whole.read(name))
    assert notes(read(bare.getvalue(), "list.xlsx")) == {"hidden_rows": 1}


@pytest.mark.parametrize(
    ("packed", "number"), [(0x3FF00000, 1.0), (0x3FF00001, 0.01), (30 << 2 | 2, 30.0), (0xFFFFFFFE, -1.0)]
)
def test_packed_numbers_are_unpacked(packed, number):
    assert number_of_rk(packed) == number


def test_only_whole_numbers_too_short_for_their_format_are_shown_otherwise():
    marks = Marks()
    for place, value in enumerate([7.0, 123456.0, 1.5, -7.0, 1e300, float("nan"), float("inf")]):
        marks.note_number(0, place, value, 5)
    assert marks.shown == {(0, 0): "00007"}
    assert [zeros_of(code) for code in ("00000", "0", "0.00", "000 000", "#,##0", "General")] == [
        5,
        0,
        0,
        6,
        0,
        0,
    ]


@pytest.mark.parametrize("size", [0, 100, 512, 600, 1024, 2048, 5000])
def test_a_damaged_container_is_told_from_a_sound_one(size):
    content = (FILES / "marked.xls").read_bytes()
    assert read_stream(io.BytesIO(content), ["Workbook"])[:2] == b"\x09\x08"
    with pytest.raises(NotOle):
        read_stream(io.BytesIO(content), ["Nothing"])
    with contextlib.suppress(NotOle):
        read_stream(io.BytesIO(content[:size]), ["Workbook"])


def with_list_of_tables(content: bytes, next_one: int | None = None) -> bytes:
    """Return a container whose first table is told in a sector of its own, as those over 7 MB have it."""
    content += bytes(-len(content) % 512)
    here = len(content) // 512 - 1
    [first] = struct.unpack_from("<I", content, 76)
    none, end = 0xFFFFFFFF, 0xFFFFFFFE
    head = content[:68] + struct.pack("<III", here, 1, none) + content[80:]
    follows = end if next_one is None else here + next_one
    return head + struct.pack("<128I", first, *[none] * 126, follows)


def test_a_container_with_a_list_of_tables_is_read():
    content = (FILES / "marked.xls").read_bytes()
    expected = read_stream(io.BytesIO(content), ["Workbook"])
    assert read_stream(io.BytesIO(with_list_of_tables(content)), ["Workbook"]) == expected


def test_a_list_of_tables_that_runs_in_a_circle_is_refused(read):
    content = with_list_of_tables((FILES / "marked.xls").read_bytes(), next_one=0)
    with pytest.raises(NotOle):
        read_stream(io.BytesIO(content), ["Workbook"])
    with pytest.raises(FileUnreadable, match="damaged"):
        read(content, "list.xls")


def test_a_stream_that_runs_in_a_circle_is_refused_before_it_fills_the_memory(read):
    content = bytearray((FILES / "marked.xls").read_bytes())
    [table] = struct.unpack_from("<I", content, 76)
    for sector in range(128):
        struct.pack_into("<I", content, (table + 1) * 512 + 4 * sector, sector)
    assert runs_away(io.BytesIO(content), ["Workbook"])
    with pytest.raises(FileUnreadable, match="damaged"):
        read(bytes(content), "list.xls")


def test_a_sound_or_cut_workbook_does_not_run_away():
    content = (FILES / "marked.xls").read_bytes()
    for name in ("marked.xls", "locked.xls", "locked.xlsx", "two_sheets.xls", "list.ods"):
        assert not runs_away(io.BytesIO((FILES / name).read_bytes()), ["Workbook"])
    assert not any(runs_away(io.BytesIO(content[:size]), ["Workbook"]) for size in range(0, 5632, 512))


def test_more_tables_than_the_file_has_room_for_are_refused():
    content = with_list_of_tables((FILES / "marked.xls").read_bytes())
    [first] = struct.unpack_from("<I", content, len(content) - 512)
    with pytest.raises(NotOle):
        full = content[:-512] + struct.pack("<127I", *[first] * 127) + content[-4:]
        read_stream(io.BytesIO(full), ["Workbook"])


@pytest.mark.parametrize("name", ["marked.xls", "marked.xlsb"])
def test_damage_is_refused_or_read_and_never_runs_away(read, name):
    content = (FILES / name).read_bytes()
    for at in range(0, len(content), 97):
        copy = bytearray(content)
        copy[at] ^= 0xFF
        try:
            found = read(bytes(copy), name)
        except Exception as error:
            assert hasattr(error, "code"), f"{at}: {error!r}"
        else:
            assert found.kept.count() == found.facts.records


REPEATED = 'office:value-type="string" table:number-columns-repeated="1000"'


@pytest.mark.parametrize(
    ("times", "text", "what"),
    [(1_000_000, "x", "reaches over 1,000,001 rows"), (60, "x" * 80_000, "texts of")],
)
def test_cells_repeated_until_they_fill_the_memory_are_refused_before_they_do(read, times, text, what):
    line = row(cell(text, REPEATED), more=f'table:number-rows-repeated="{times}"')
    with pytest.raises(FileTooLarge, match=what):
        read(ods(row(cell("ID"), cell("Name")), line), "list.ods")


def test_a_sheet_whose_empty_cells_reach_to_its_end_is_read(read):
    tail = row(
        '<table:table-cell table:number-columns-repeated="16384"/>',
        more='table:number-rows-repeated="1048500"',
    )
    found = read(ods(row(cell("ID"), cell("Name")), row(cell("1"), cell("Ann")), tail), "list.ods")
    assert rows(found) == [("1", "Ann")]
