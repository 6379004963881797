"""Zip and gzip: one list inside, of any format; bombs and boxes within boxes are refused."""

from __future__ import annotations

import gzip
import io
import struct
import zipfile
import zlib
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from sharewell.sources import archives
from sharewell.vocab.errors import FileTooLarge, FileUnreadable, FormatUnknown, SeveralLists, UnknownColumn

CSV = "id,name\n1,Ann\n2,Zoë\n"


def rows(found):
    return [tuple(row.values())[2:] for row in found.kept.arrow().to_pylist()]


def zipped(files: dict[str, bytes | str], compression=zipfile.ZIP_DEFLATED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", compression) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return file.getvalue()


def workbook(**sheets) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, lines in sheets.items():
        sheet = book.create_sheet(title)
        for line in lines:
            sheet.append(line)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def parquet() -> bytes:
    file = io.BytesIO()
    pq.write_table(pa.table({"id": ["1", "2"], "name": ["Ann", "Zoë"]}), file)
    return file.getvalue()


INSIDE = {
    "list.csv": CSV.encode(),
    "list.txt": "id  name\n--- ----\n1   Ann\n2   Zoë\n".encode(),
    "list.json": '[{"id": 1, "name": "Ann"}, {"id": 2, "name": "Zoë"}]'.encode(),
    "list.jsonl": '{"id": 1, "name": "Ann"}\n{"id": 2, "name": "Zoë"}\n'.encode(),
    "list.xml": "<r><p><id>1</id><name>Ann</name></p><p><id>2</id><name>Zoë</name></p></r>".encode(),
    "list.xlsx": workbook(list=[["id", "name"], [1, "Ann"], [2, "Zoë"]]),
    "list.parquet": parquet(),
}


@pytest.mark.parametrize("name", INSIDE)
@pytest.mark.parametrize("wrap", ["zip", "gz"])
def test_every_format_is_read_from_zip_and_gzip(read, name, wrap):
    packed = zipped({name: INSIDE[name]}) if wrap == "zip" else gzip.compress(INSIDE[name])
    found = read(packed, f"{name}.{wrap}")
    assert rows(found) == [("1", "Ann"), ("2", "Zoë")]
    assert found.facts.format.endswith(f".{wrap}")


def test_what_computers_add_to_a_zip_is_no_list_and_other_files_are_named(read):
    found = read(zipped({"__MACOSX/._list.csv": "x", "list.csv": CSV, ".DS_Store": "x", "out/": ""}), "a.zip")
    assert rows(found) == [("1", "Ann"), ("2", "Zoë")]
    assert found.notes == ()
    found = read(zipped({"read me.pdf": "%PDF", "in/list.csv": CSV}), "a.zip")
    assert [note.code for note in found.notes] == ["other_files"]
    assert "read me.pdf" in found.notes[0].text


def test_of_several_lists_one_must_be_named(read):
    content = zipped({"a.csv": CSV, "b.csv": "id,name\n3,Bob\n"})
    with pytest.raises(SeveralLists, match=r"a\.csv"):
        read(content, "a.zip")
    assert rows(read(content, "a.zip", sheet="b.csv")) == [("3", "Bob")]


def test_a_sheet_of_a_workbook_in_a_zip_can_be_named(read):
    book = workbook(One=[["id", "name"], [1, "Ann"]], Two=[["id", "name"], [2, "Bob"]])
    assert rows(read(zipped({"book.xlsx": book}), "a.zip", sheet="Two")) == [("2", "Bob")]
    content = zipped({"book.xlsx": book, "a.csv": CSV})
    assert rows(read(content, "a.zip", sheet="book.xlsx#Two")) == [("2", "Bob")]
    with pytest.raises(UnknownColumn):
        read(zipped({"book.xlsx": book}), "a.zip", sheet="Three")


def locked() -> bytes:
    content = bytearray(zipped({"list.csv": CSV}))
    content[6] |= 1
    content[content.rindex(b"PK\x01\x02") + 8] |= 1
    return bytes(content)


REFUSED = {
    "a zip in a zip": (zipped({"inner.zip": zipped({"list.csv": CSV})}), FileUnreadable),
    "a gzip in a zip": (zipped({"list.csv.gz": gzip.compress(CSV.encode())}), FileUnreadable),
    "a zip in a gzip": (gzip.compress(zipped({"list.csv": CSV})), FileUnreadable),
    "a gzip in a gzip": (gzip.compress(gzip.compress(CSV.encode())), FileUnreadable),
    "a locked zip": (locked(), FileUnreadable),
    "an empty zip": (zipped({}), FileUnreadable),
    "a cut zip": (zipped({"list.csv": CSV * 99})[:-30], FileUnreadable),
    "a picture in a zip": (zipped({"a.png": b"\x89PNG\r\n"}), FormatUnknown),
    "an archive of tar": (
        gzip.compress(b"list.csv".ljust(257, b"\0") + b"ustar" + b"\0" * 250),
        FormatUnknown,
    ),
}


@pytest.mark.parametrize("what", REFUSED)
def test_a_box_that_is_no_list_is_refused_and_leaves_nothing(engine, read, what):
    content, error = REFUSED[what]
    with pytest.raises(error) as caught:
        read(content, "box.zip")
    assert caught.value.where.file == "box.zip"
    assert engine.fetch("SHOW TABLES").num_rows == 0


def bomb(member: str, size: int = 100 << 20) -> bytes:
    """Return a zip of one member so large; its packed megabytes are all the same one."""
    packer, name = zlib.compressobj(wbits=-15), member.encode()
    head = packer.compress(b"id,name\n") + packer.flush(zlib.Z_FULL_FLUSH)
    piece = packer.compress(b"1,a\n" * (1 << 18)) + packer.flush(zlib.Z_FULL_FLUSH)
    data = head + piece * (size >> 20) + packer.flush()
    told = (20, 0, 8, 0, 33, 0, len(data), size + 8, len(name), 0)
    inside = struct.pack("<4s5H3L2H", b"PK\3\4", *told) + name + data
    listed = struct.pack("<4s6H3L5H2L", b"PK\1\2", 20, *told, 0, 0, 0, 0, 0) + name
    return inside + listed + struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 1, 1, len(listed), len(inside), 0)


def test_the_bomb_is_a_zip_that_unpacks_to_its_size():
    with zipfile.ZipFile(io.BytesIO(bomb("list.csv", 3 << 20))) as archive:
        file = archive.open("list.csv")
        assert len(file.read(3 << 20)) == 3 << 20


def test_bombs_are_refused_for_their_ratio(read):
    with pytest.raises(FileTooLarge):
        read(bomb("list.csv"), "bomb.zip")
    with pytest.raises(FileTooLarge):
        read(bomb("xl/worksheets/sheet1.xml"), "bomb.xlsx")
    with pytest.raises(FileTooLarge):
        read(gzip.compress(b"id,name\n" + b"1,a\n" * (25 << 20), 4), "bomb.csv.gz")


def test_bombs_are_refused_for_their_size_whatever_they_say(read, monkeypatch):
    monkeypatch.setattr(archives, "MOST_UNPACKED", 1 << 20)
    with pytest.raises(FileTooLarge):
        read(zipped({"list.csv": "id,name\n" + "1,a\n" * (1 << 19)}, zipfile.ZIP_STORED), "bomb.zip")


def test_a_zip_that_lies_about_its_size_is_refused(read):
    content = bytearray(zipped({"list.csv": CSV * 500}))
    at = content.rindex(b"PK\x01\x02") + 24
    content[at : at + 4] = (40).to_bytes(4, "little")
    with pytest.raises(FileUnreadable):
        read(bytes(content), "liar.zip")


def test_nothing_is_unpacked_to_a_name_on_the_disk(read, tmp_path: Path, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    read(zipped({"../../evil.xlsx": INSIDE["list.xlsx"]}), "a.zip")
    assert [path.name for path in tmp_path.iterdir()] == ["a.zip"]
