"""Random tables written in each format and wrapped in each way come back cell for cell."""

from __future__ import annotations

import gzip
import io
import json
import tempfile
import zipfile
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import xlsxwriter
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from sharewell.sources.read import read_source
from sharewell.sources.rulers import Span
from sharewell.store.duckdb import DuckDB, Limits
from sharewell.vocab.errors import RowsNotConserved, SharewellError

ENGINE = DuckDB(limits=Limits(threads=1, memory="1GB"))
NAMES = ("surname", "first_name", "postcode", "uprn")
SIGNS = st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp", "Cn"], exclude_characters="\x1f\ufeff")
CELL = st.text(SIGNS | st.sampled_from(" ,;|\"'<>&]=£é"), max_size=10)
quick = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def tables(cell):
    """Return a strategy for records of one width that no reader may take for a blank line or a footer."""
    return st.integers(2, 4).flatmap(
        lambda width: st.lists(
            st.lists(cell, min_size=width, max_size=width).map(lambda row: [f"x{row[0]}x", *row[1:]]),
            min_size=1,
            max_size=9,
        )
    )


def read_back(content: bytes, name: str, **options):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(content)
        return read_source(path, ENGINE, "raw", **options)


def cells(found):
    return [["" if cell is None else cell for cell in list(row.values())[2:]] for row in
            found.kept.arrow().to_pylist()]  # fmt: skip


def as_objects(records):
    return [dict(zip(NAMES, record, strict=False)) for record in records]


def as_xml(records) -> bytes:
    rows = (
        "<row>" + "".join(f"<{n}>{escape(c)}</{n}>" for n, c in row.items()) + "</row>"
        for row in as_objects(records)
    )
    return f"<list>{''.join(rows)}</list>".encode()


def as_attributes(records) -> bytes:
    rows = (" ".join(f"{n}={quoteattr(c)}" for n, c in row.items()) for row in as_objects(records))
    return f"<?xml version='1.0'?><list>{''.join(f'<row {row}/>' for row in rows)}</list>".encode()


def as_parquet(records) -> bytes:
    file = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(as_objects(records)), file)
    return file.getvalue()


def as_workbook(records, writer) -> bytes:
    file = io.BytesIO()
    lines = [NAMES[: len(records[0])], *records]
    if writer == "openpyxl":
        book = openpyxl.Workbook()
        for place, line in enumerate(lines, 1):
            for column, cell in enumerate(line, 1):
                book.active.cell(place, column).value = cell
                book.active.cell(place, column).data_type = "s"
        book.save(file)
    else:
        with xlsxwriter.Workbook(file) as book:
            sheet = book.add_worksheet()
            for place, line in enumerate(lines):
                for column, cell in enumerate(line):
                    sheet.write_string(place, column, cell)
    return file.getvalue()


def as_ods(records) -> bytes:
    def row(line):
        texts = "".join(
            f'<table:table-cell office:value-type="string"><text:p>{escape(cell)}</text:p></table:table-cell>'
            for cell in line
        )
        return f"<table:table-row>{texts}</table:table-row>"

    spaces = " ".join(
        f'xmlns:{n}="urn:oasis:names:tc:opendocument:xmlns:{n}:1.0"' for n in ("office", "table", "text")
    )
    rows = "".join(map(row, [NAMES[: len(records[0])], *records]))
    content = (
        f"<?xml version='1.0'?><office:document-content {spaces}><office:body><office:spreadsheet>"
        f'<table:table table:name="list">{rows}</table:table></office:spreadsheet></office:body>'
        "</office:document-content>"
    )
    mime = "application/vnd.oasis.opendocument.spreadsheet"
    return zipped({"mimetype": mime, "META-INF/manifest.xml": "<manifest/>", "content.xml": content})


def zipped(files) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return file.getvalue()


FORMATS = {
    "list.json": lambda records: json.dumps(as_objects(records), ensure_ascii=False).encode(),
    "keyed.json": lambda records: json.dumps(
        {"n": 1, "of": {"rows": as_objects(records)}}, indent=1
    ).encode(),
    "list.jsonl": lambda records: "\n".join(map(json.dumps, as_objects(records))).encode(),
    "list.xml": as_xml,
    "attributes.xml": as_attributes,
    "list.parquet": as_parquet,
    "openpyxl.xlsx": lambda records: as_workbook(records, "openpyxl"),
    "xlsxwriter.xlsx": lambda records: as_workbook(records, "xlsxwriter"),
}


@quick
@given(tables(CELL), st.sampled_from(sorted(FORMATS)), st.sampled_from(["", ".gz", ".zip"]))
def test_a_table_comes_back_from_every_format_and_wrapping(records, name, wrap):
    content = FORMATS[name](records)
    packed = {"": content, ".gz": gzip.compress(content), ".zip": zipped({name: content})}[wrap]
    found = read_back(packed, name + wrap)
    assert cells(found) == [list(record) for record in records]
    assert found.facts.columns == NAMES[: len(records[0])]
    assert (found.facts.records, found.set_aside.count()) == (len(records), 0)


@quick
@given(tables(st.text(st.sampled_from("abc123 é,'"), max_size=8).map(lambda text: " ".join(text.split()))))
def test_a_table_comes_back_from_an_open_workbook(records):
    assert cells(read_back(as_ods(records), "list.ods")) == [list(record) for record in records]


@quick
@given(tables(CELL), st.sampled_from(["\n", "\r\n"]), st.sampled_from(["told", "ruled"]))
def test_a_table_comes_back_from_fixed_width(records, line_end, how):
    names = NAMES[: len(records[0])]
    records = [[cell.strip(" ") for cell in record] for record in records]
    lines = [list(names), *records]
    widths = [max(len(line[place]) for line in lines) for place in range(len(names))]
    written = [" ".join(f"{c:<{w}}" for c, w in zip(line, widths, strict=True)) for line in lines]
    ruler = " ".join("-" * width for width in widths)
    starts = [sum(widths[:place]) + place for place in range(len(widths))]
    if how == "told":
        spans = [Span(n, s, s + w) for n, s, w in zip(names, starts, widths, strict=True)]
        found = read_back(line_end.join(written[1:]).encode(), "list.txt", spans=spans)
    else:
        found = read_back(line_end.join([written[0], ruler, *written[1:]]).encode(), "list.txt")
    assert cells(found) == records
    assert not found.set_aside.count()


SOMEWHERE = st.floats(0, 1, exclude_max=True)
"""A place in a file as a share of its length: writers date what they write, so lengths vary by a byte."""


@quick
@example([["xx", ""]], "attributes.xml", ".zip", [(0.984375, 1)], 0.5)
@given(
    tables(CELL),
    st.sampled_from(sorted(FORMATS)),
    st.sampled_from(["", ".gz", ".zip"]),
    st.lists(st.tuples(SOMEWHERE, st.integers(0, 255)), max_size=3),
    SOMEWHERE,
)
def test_damage_is_refused_in_our_own_words_or_accounted_for(records, name, wrap, changes, end):
    content = FORMATS[name](records)
    packed = bytearray({"": content, ".gz": gzip.compress(content), ".zip": zipped({name: content})}[wrap])
    for at, byte in changes:
        packed[int(at * len(packed))] = byte
    packed = packed[: 1 + int(end * len(packed))] if end < 0.5 else packed
    try:
        found = read_back(bytes(packed), name + wrap)
    except RowsNotConserved:
        raise
    except SharewellError:
        return
    assert found.kept.count() + found.set_aside.count() == found.facts.records


@quick
@given(st.text(st.sampled_from('ab 12-|\n\r é"'), max_size=120), st.data())
def test_every_line_of_fixed_width_has_one_fate(body, data):
    head = data.draw(st.sampled_from(["ref  surname  postcode\n---- -------- --------\n", ""]))
    spans = () if head else (Span("ref", 0, 3), Span("surname", 4, 9))
    content = (head + body).encode(data.draw(st.sampled_from(["utf-8", "cp1252"])))
    try:
        found = read_back(content, "list.txt", spans=spans)
    except RowsNotConserved:
        raise
    except SharewellError:
        return
    text = content.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    assert sum(found.facts.lines.values()) == text.count(b"\n") + (not text.endswith(b"\n"))
    assert found.kept.count() + found.set_aside.count() == found.facts.records
