"""Every bad file is refused with its own error, names only the file, and leaves nothing behind."""

from __future__ import annotations

import gzip
import io
import zipfile
import zlib

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from sharewell.sources.read import read_source
from sharewell.vocab.errors import (
    EncodingUnknown,
    FileEmpty,
    FileMissing,
    FileUnreadable,
    FormatUnknown,
    HeaderDuplicate,
    HeaderMissing,
    NoRecords,
    SharewellError,
    UnknownColumn,
)

GOOD = "id,name\n" + "".join(f"{number},Ann Secretname\n" for number in range(5000))


def workbook(*rows, title="list") -> bytes:
    book = openpyxl.Workbook()
    book.active.title = title
    for row in rows:
        book.active.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def zipped(**files: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in files.items():
            archive.writestr(name.replace("__", "/"), content)
    return file.getvalue()


def parquet(**columns) -> bytes:
    file = io.BytesIO()
    pq.write_table(pa.table(columns), file)
    return file.getvalue()


PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20
NOISE = zlib.compress(GOOD.encode() * 3, 9)[2:]
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
XLSX = workbook(["id", "name"], [1, "Ann"])
PARQUET = parquet(id=["1"], name=["Ann"])

CASES = [
    ("empty.csv", b"", FileEmpty),
    ("blank.csv", b"\n\r\n   \n", FileEmpty),
    ("blank.json", b"\n\n", FileEmpty),
    ("bom.csv", b"\xef\xbb\xbf", FileEmpty),
    ("picture.csv", PNG, FileUnreadable),
    ("picture.txt", PNG, FileUnreadable),
    ("report.csv", b"%PDF-1.7\n" + bytes(range(256)) * 9, FileUnreadable),
    ("noise.csv", NOISE, FileUnreadable),
    ("nuls.csv", b"id,name\n1,\0\0\0\0\0\0\0\0\0\0Ann\n", FileUnreadable),
    ("report.pdf", b"%PDF-1.7\n", FormatUnknown),
    ("letter.docx", zipped(word__document="x"), FormatUnknown),
    ("page.csv", b"<!DOCTYPE html><html><table><tr><td>id</td></tr></table>", FormatUnknown),
    ("letter.doc", OLE + b"\0" * 600 + "WordDocument".encode("utf-16-le"), FormatUnknown),
    ("cut.csv.gz", gzip.compress(GOOD.encode())[:-40], FileUnreadable),
    ("cut-late.csv.gz", gzip.compress(GOOD.encode())[:-4], FileUnreadable),
    ("broken.gz", b"\x1f\x8b\x08\0" + b"\x99" * 300, FileUnreadable),
    ("locked.xlsx", OLE + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"), FileUnreadable),
    ("cut.xlsx", XLSX[: len(XLSX) // 2], FileUnreadable),
    ("cut.xls", OLE + b"\0" * 600, FileUnreadable),
    ("hollow.xlsx", zipped(xl__workbook="x"), FileUnreadable),
    ("cut.parquet", PARQUET[:-30], FileUnreadable),
    ("cut.json", b'[{"id": 1, "name": "Secretname', FileUnreadable),
    ("cut.xml", b"<r><p><id>1</id></p></r", FileUnreadable),
    ("twice.json", b'[{"id": 1, "id": 2}]', FileUnreadable),
    ("words.jsonl", b"not json\nnor this\n", FileUnreadable),
    ("ebcdic.csv", "id,name\n1,Ann Secretname\n".encode("cp500"), EncodingUnknown),
    ("cyrillic.csv", "имя;возраст\nанна;двадцать\n".encode("cp1251"), EncodingUnknown),
    ("utf32.csv", GOOD.encode("utf-32"), EncodingUnknown),
    ("half.csv", "id,name\n1,Ann\n".encode("utf-16")[:-1], EncodingUnknown),
    ("twice.csv", b"id,name,Name\n1,Ann,Secretname\n", HeaderDuplicate),
    ("twice.xlsx", workbook(["id", "name", "NAME"], [1, "Ann", "Secretname"]), HeaderDuplicate),
    ("twice.jsonl", b'{"id": "1", "ID": "Secretname"}\n', HeaderDuplicate),
    ("header.csv", b"id,name,born\n", NoRecords),
    ("header.xlsx", workbook(["id", "name"]), NoRecords),
    ("header-blank.csv", b"id,name,born\n,,\n\n", NoRecords),
    ("header.parquet", parquet(id=pa.array([], pa.string())), NoRecords),
    ("none.csv", b"1,9999668577,1980-01-01\n2,9999668577,1980-01-01\n", HeaderMissing),
    ("none.xlsx", workbook([1, 2], [3, 4]), HeaderMissing),
    ("none.json", b"[]", HeaderMissing),
    ("void.xlsx", workbook(), FileEmpty),
]


@pytest.mark.parametrize(("name", "content", "error"), CASES, ids=[name for name, _, _ in CASES])
def test_a_bad_file_is_refused_by_name_and_leaves_nothing(engine, tmp_path, name, content, error):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(error) as caught:
        read_source(path, engine, "raw")
    assert type(caught.value) is error
    assert caught.value.where.file == name
    assert caught.value.next_step.endswith(".")
    assert not {"Secretname", str(tmp_path)} & set(str(caught.value).replace("'", " ").split())
    assert engine.fetch("SHOW TABLES").num_rows == 0
    assert [item.name for item in tmp_path.iterdir()] == [name]


def test_a_duplicate_heading_is_named(read):
    with pytest.raises(HeaderDuplicate) as caught:
        read("id,Name,name\n1,a,b\n")
    assert caught.value.where.column == "Name"


def test_a_missing_file_and_a_folder_are_refused(engine, tmp_path):
    with pytest.raises(FileMissing):
        read_source(tmp_path / "none.csv", engine, "raw")
    with pytest.raises(FileUnreadable):
        read_source(tmp_path, engine, "raw")


def test_a_sheet_that_is_not_there_is_refused_with_the_sheets_that_are(read):
    with pytest.raises(UnknownColumn, match="list"):
        read(workbook(["id", "name"], [1, "Ann"]), "book.xlsx", sheet="other")


def test_a_refusal_keeps_no_earlier_table_of_the_name(engine, read):
    read("id,name\n1,Ann\n")
    with pytest.raises(SharewellError):
        read("id,name\n")
    assert engine.fetch("SHOW TABLES").num_rows == 0
