"""Memory: it depends on the widest record and never on the list's length; what would fill it is refused."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import tracemalloc
import zipfile
from pathlib import Path

import pytest
import xlsxwriter

from sharewell.sources import batches, encoding, sheet_reach
from sharewell.sources.formats import find_format
from sharewell.sources.marks_of_xls import has_stray_columns
from sharewell.sources.read import _open
from sharewell.vocab.errors import FileTooLarge, FileUnreadable

MB = 1 << 20
FILES = Path(__file__).parent / "files"
PEAK = """
import resource, sys
from pathlib import Path
from sharewell.sources.formats import find_format
from sharewell.sources.read import _open
base = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
rows = sum(batch.num_rows for batch in _open(find_format(Path(sys.argv[1])), ()).rows())
print(rows, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - base) // 1024)
"""


def record(number: int) -> dict[str, object]:
    return {"id": number, "name": f"Ann {number}", "home": {"postcode": "BN1 1AA"}, "note": "x" * 120}


def write(path: Path, size: int) -> int:
    """Write a list of about so many bytes and return its number of records."""
    pieces = {
        "array.json": ("[", ", ", "]", json.dumps),
        "keyed.json": ('{"n": 1, "rows": [', ",\n", "]}", json.dumps),
        "lines.jsonl": ("", "\n", "\n", json.dumps),
        "list.xml": ("<r>", "\n", "</r>", as_xml),
        "list.csv": ("id,name,postcode,note\n", "\n", "\n", as_csv),
    }
    start, between, end, text = pieces[path.name]
    written = count = 0
    with path.open("w") as file:
        file.write(start)
        while written < size:
            written += file.write((between if count else "") + text(record(count)))
            count += 1
        file.write(end)
    return count


def as_xml(row: dict[str, object]) -> str:
    return f"<p><id>{row['id']}</id><name>{row['name']}</name><note>{row['note']}</note></p>"


def as_csv(row: dict[str, object]) -> str:
    return f"{row['id']},{row['name']},BN1 1AA,{row['note']}"


def peak(path: Path) -> tuple[int, int]:
    """Return the records of a file read in a process of its own, and the megabytes that it took."""
    command = [sys.executable, "-c", PEAK, str(path)]
    answer = subprocess.run(command, capture_output=True, text=True, check=True)
    rows, size = map(int, answer.stdout.split())
    return rows, size


KINDS = ["array.json", "keyed.json", "lines.jsonl", "list.xml", "list.csv"]


def held(path: Path) -> tuple[int, int]:
    """Return the records of a file, and the most bytes that were held at once while it was read."""
    tracemalloc.start()
    try:
        rows = sum(batch.num_rows for batch in _open(find_format(path), ()).rows())
        return rows, tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("name", KINDS)
def test_a_list_four_times_as_long_takes_no_more_memory(tmp_path: Path, monkeypatch, name):
    for limit in ("archives.BLOCK", "formats.HEAD", "preflight._HEADER_ZONE"):
        monkeypatch.setattr(f"sharewell.sources.{limit}", 1 << 14)
    monkeypatch.setattr(batches, "MOST_ROWS", 50)
    path, sizes = tmp_path / name, []
    for size in (MB // 16, MB // 4):
        count = write(path, size)
        rows, most = held(path)
        assert rows == count
        sizes.append(most)
    assert sizes[1] < sizes[0] * 1.1 + (1 << 14), sizes


@pytest.mark.slow
@pytest.mark.parametrize("name", KINDS)
def test_three_hundred_megabytes_take_no_more_memory_than_thirty(tmp_path: Path, name):
    path = tmp_path / name
    sizes = []
    for megabytes in (30, 300):
        count = write(path, megabytes * 1_000_000)
        rows, size = peak(path)
        assert rows == count
        sizes.append(size)
    assert sizes[1] < sizes[0] * 1.3 + 20, sizes
    assert sizes[1] < 250


def one_cell(name: str, size: int) -> bytes:
    """Return a list of two records, one cell of which is so long."""
    cell = "x" * size
    rows = [{"id": "1", "note": cell}, {"id": "2", "note": "short"}]
    if name.endswith("xlsx"):
        return workbook([["id", "note"], *[list(row.values()) for row in rows]])
    return {
        "list.csv": f'id,note\n1,"{cell}"\n2,short\n',
        "array.json": json.dumps(rows),
        "lines.jsonl": "".join(json.dumps(row) + "\n" for row in rows),
        "keyed.json": json.dumps({"rows": rows}, indent=1),
        "list.xml": f"<r><p><id>1</id><note>{cell}</note></p><p><id>2</id><note>short</note></p></r>",
        "attributes.xml": f"<r><p id='1' note='{cell}'/><p id='2' note='short'/></r>",
    }[name].encode()


def workbook(lines, changed: dict[str, bytes] | None = None) -> bytes:
    """Return a workbook of texts; ``changed`` puts other bytes in place of some of a part's."""
    plain, file = io.BytesIO(), io.BytesIO()
    with xlsxwriter.Workbook(plain) as book:
        sheet = book.add_worksheet("List")
        for row, line in enumerate(lines):
            for column, cell in enumerate(line):
                if cell is not None:
                    sheet.write_string(row, column, cell[:100])
    longest = max((cell for line in lines for cell in line if cell), key=len)
    with zipfile.ZipFile(plain) as whole, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as copy:
        for name in whole.namelist():
            text = whole.read(name).replace(b"x" * 100, longest.encode())
            copy.writestr(name, (changed or {}).get(name, text))
    return file.getvalue()


CELLS = ["list.csv", "array.json", "lines.jsonl", "keyed.json", "list.xml", "attributes.xml", "list.xlsx"]


@pytest.mark.parametrize("name", CELLS)
def test_one_vast_cell_is_read_whole(read, name):
    found = read(one_cell(name, 3 * MB), name)
    [sizes] = found.kept.engine.fetch('SELECT list(length(note)) AS sizes FROM "raw"').to_pylist()
    assert sizes["sizes"] == [3 * MB, 5]


@pytest.mark.slow
@pytest.mark.parametrize("name", CELLS)
def test_one_cell_of_fifty_megabytes_is_read_in_bounded_memory(tmp_path: Path, name):
    path = tmp_path / name
    path.write_bytes(one_cell(name, 50 * MB))
    rows, size = peak(path)
    assert rows == 2
    assert size < 900


@pytest.mark.parametrize("name", ["array.json", "lines.jsonl", "list.xml"])
def test_a_record_longer_than_any_is_refused(read, monkeypatch, name):
    for module in ("encoding", "json_feed", "xml_walk"):
        monkeypatch.setattr(f"sharewell.sources.{module}.LONGEST_LINE", MB)
    monkeypatch.setattr("sharewell.sources.archives.BLOCK", MB // 4)
    with pytest.raises(FileTooLarge) as caught:
        read(one_cell(name, 3 * MB), name)
    assert caught.value.where.file == name
    assert encoding.LONGEST_LINE == MB


@pytest.mark.parametrize("kind", ["csv", "xlsx", "json", "xml"])
def test_a_thousand_columns_are_read(read, kind):
    names, rows = [f"item_{n}" for n in range(1000)], 5
    text = {
        "csv": ",".join(names) + "\n" + (",".join("1" for _ in names) + "\n") * rows,
        "xlsx": workbook([names, *[["1"] * 1000] * rows]) if kind == "xlsx" else "",
        "json": json.dumps([dict.fromkeys(names, "1")] * rows),
        "xml": "<r>" + ("<p>" + "".join(f"<{n}>1</{n}>" for n in names) + "</p>") * rows + "</r>",
    }[kind]
    found = read(text, f"list.{kind}")
    assert (len(found.facts.columns), found.kept.count()) == (1000, rows)


@pytest.mark.slow
def test_ten_thousand_columns_of_a_workbook_are_read(read):
    names = [f"question {n}" for n in range(10_000)]
    found = read(workbook([names, *[["1"] * 10_000] * 50]), "list.xlsx")
    assert (len(found.facts.columns), found.kept.count()) == (10_000, 50)


def test_a_wide_list_of_short_rows_comes_in_small_batches(monkeypatch):
    import pyarrow as pa

    monkeypatch.setattr(batches, "MOST_CELLS", 10)
    names = ["a", "b", "c", "d"]
    schema = pa.schema({"source_row": pa.int64(), "line": pa.int64(), **dict.fromkeys(names, pa.string())})
    rows = [(n, n, {"b": "x"}) for n in range(7)]
    made = list(batches.in_batches(rows, names, schema))
    assert [batch.num_rows for batch in made] == [2, 2, 2, 1]
    monkeypatch.setattr(batches, "MOST_SIGNS", 3)
    monkeypatch.setattr(batches, "MOST_CELLS", 1000)
    assert [batch.num_rows for batch in batches.in_batches(rows, names, schema)] == [3, 3, 1]


def far_cell(place: str) -> bytes:
    sheet = (
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        '<row r="1"><c r="A1" t="inlineStr"><is><t>id</t></is></c>'
        '<c r="B1" t="inlineStr"><is><t>n</t></is></c></row>'
        f'<row r="2"><c r="A2"><v>1</v></c><c r="B2"><v>2</v></c>{place}</row></sheetData></worksheet>'
    )
    return workbook([["id"]], {"xl/worksheets/sheet1.xml": sheet.encode()})


@pytest.mark.parametrize(
    "place",
    ['<c r="XFD1048576"><v>1</v></c>', '<c r="XFD5000" s="1"><v>1</v></c>', '<c r="A9999999"><v>1</v></c>'],
)
def test_a_stray_cell_far_out_is_refused_before_it_fills_the_memory(read, place):
    with pytest.raises(FileTooLarge, match="'List' reaches over") as caught:
        read(far_cell(place), "list.xlsx")
    assert "stray cells" in caught.value.next_step


@pytest.mark.parametrize("place", ['<c r="XFD1048576" s="1"/>', '<c r="C2"><v>1</v></c>'])
def test_a_far_cell_that_holds_nothing_or_is_not_far_does_no_harm(read, place):
    assert read(far_cell(place), "list.xlsx").kept.count() == 1


def test_cells_that_do_not_say_where_they_stand_are_counted(read, monkeypatch):
    monkeypatch.setattr(sheet_reach, "MOST_CELLS", 1000)
    rows = "<row>" + "<c><v>1</v></c>" * 200 + "</row>" + "<row><c><v>1</v></c></row>" * 20
    sheet = f"<worksheet><sheetData>{rows}</sheetData></worksheet>"
    with pytest.raises(FileTooLarge, match="21 rows and 200 columns"):
        read(workbook([["id"]], {"xl/worksheets/sheet1.xml": sheet.encode()}), "list.xlsx")


def test_one_vast_text_in_many_cells_is_refused(read, monkeypatch):
    monkeypatch.setattr(sheet_reach, "MOST_TEXT", 2 * MB)
    lines = [["id", "note"], *[["1", "x" * 50_000]] * 100]
    with pytest.raises(FileTooLarge, match="texts of the sheet 'List'"):
        read(workbook(lines), "list.xlsx")
    assert read(workbook([*lines[:20], ["1", "short"]]), "list.xlsx").kept.count() == 20


def test_an_xls_cell_right_of_the_last_column_is_damage(read):
    content = bytearray((FILES / "marked.xls").read_bytes())
    assert not has_stray_columns(io.BytesIO(content))
    at = content.index(b"\x03\x02\x0e\x00")
    content[at + 6 : at + 8] = b"\xff\xff"
    assert has_stray_columns(io.BytesIO(content))
    with pytest.raises(FileUnreadable):
        read(bytes(content), "list.xls")


def test_a_workbook_whose_sheet_fails_its_checksum_is_refused(read):
    content = bytearray(workbook([["id", "name"], ["1", "Ann"]]))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        info = archive.getinfo("xl/worksheets/sheet1.xml")
    at = content.rindex(info.filename.encode()) - 46 + 16
    content[at : at + 4] = b"\0\0\0\1"
    with pytest.raises(FileUnreadable):
        read(bytes(content), "list.xlsx")
