"""Turn cells into the bytes of a list's native file, part by part, and put the parts together."""

from __future__ import annotations

import json
import shutil
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sharewell.demo.region.chance import Texts
from sharewell.demo.region.draft import Draft
from sharewell.demo.region.lists.form import Form

SHEET_ROWS = 1_000_000
"""Rows on a sheet: Excel holds 1,048,576, title and header among them."""
LOST = "lost_letter"
ZIP_DAY = (1980, 1, 1, 0, 0, 0)


def settle_encoding(draft: Draft, form: Form) -> None:
    """Plant what a narrow encoding does to letters it has not got: each becomes a question mark."""
    if form.encoding.startswith("utf"):
        return
    lost_in = np.zeros(len(draft), dtype=bool)
    for name, cells in draft.cells.items():
        rows = np.flatnonzero(~_fits(cells, form.encoding))
        lost_in[rows] = True
        lost = [str(cell).encode(form.encoding, "replace").decode(form.encoding) for cell in cells[rows]]
        draft.plant(name, LOST, rows, np.array(lost, dtype=object))
    draft.count(LOST, int(lost_in.sum()), int(lost_in.sum()))


def _fits(cells: Texts, encoding: str) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    plain = pc.string_is_ascii(pa.array(cells, pa.string())).to_numpy(zero_copy_only=False)
    fits = np.asarray(plain, dtype=bool).copy()
    for row in np.flatnonzero(~fits):
        fits[row] = _encodes(cells[row], encoding)
    return fits


def _encodes(cell: str, encoding: str) -> bool:
    try:
        cell.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def rows_as_bytes(cells: Mapping[str, Texts], form: Form) -> bytes:
    """Return the rows in the file's own form, without what stands before them."""
    if form.kind == "csv":
        return _csv(cells, form)
    names = list(cells)
    rows = zip(*cells.values(), strict=True)
    lines = [json.dumps(dict(zip(names, row, strict=True)), ensure_ascii=False) for row in rows]
    if form.kind == "json":
        return (",\n".join(lines)).encode(form.encoding)
    return "".join(f"{line}\n" for line in lines).encode(form.encoding)


def _csv(cells: Mapping[str, Texts], form: Form) -> bytes:
    """Return rows as delimited text; the engine that joins the columns lays them end to end in memory."""
    if not len(next(iter(cells.values()))):
        return b""
    columns: list[Any] = [_quoted(pa.array(column, pa.string()), form.delimiter) for column in cells.values()]
    lines: Any = pc.binary_join_element_wise(*columns, pa.scalar(form.delimiter))
    lines = pc.binary_join_element_wise(lines, pa.scalar(form.line_end), pa.scalar(""))
    content = _content(lines)
    return content if form.encoding.startswith("utf-8") else content.decode().encode(_bare(form.encoding))


def _content(text: pa.StringArray) -> bytes:
    """Return an array's texts one behind the other, as they lie in memory."""
    _, offsets, values = text.buffers()
    if offsets is None or values is None:
        return b""
    ends = np.frombuffer(offsets.to_pybytes(), dtype=np.int32)
    return values.to_pybytes()[int(ends[text.offset]) : int(ends[text.offset + len(text)])]


def _quoted(column: pa.StringArray, delimiter: str) -> pa.StringArray:
    """Return a column with quotes round the cells that need them (RFC 4180), and no others."""
    special = "[" + ("\\t" if delimiter == "\t" else delimiter) + '"\\r\\n]'
    needs: Any = pc.match_substring_regex(column, special)
    if not pc.any(needs).as_py():
        return column
    quote: Any = pa.scalar('"')
    doubled: Any = pc.replace_substring(column, '"', '""')
    quoted: Any = pc.binary_join_element_wise(quote, doubled, quote, pa.scalar(""))
    made: pa.StringArray = pc.if_else(needs, quoted, column)
    return made


def _bare(encoding: str) -> str:
    """Return an encoding that writes no byte order mark of its own: parts are joined, and have none."""
    return {"utf-16": "utf-16-le", "utf-8-sig": "utf-8"}.get(encoding, encoding)


def before_rows(names: Sequence[str], form: Form, as_of: date) -> bytes:
    """Return what stands before the rows: byte order mark, title rows and header."""
    if form.kind == "jsonl":
        return b""
    if form.kind == "json":
        return b"[\n"
    text = "".join(f"{line}{form.line_end}" for line in titles(form, as_of))
    header = _csv({name: np.array([name], dtype=object) for name in names}, _plain(form)).decode()
    mark = {"utf-16": b"\xff\xfe", "utf-8-sig": b"\xef\xbb\xbf"}.get(form.encoding, b"")
    return mark + (text + header).encode(_bare(form.encoding))


def _plain(form: Form) -> Form:
    return Form(**{**vars(form), "encoding": "utf-8"})


def titles(form: Form, as_of: date) -> list[str]:
    """Return a list's title rows, the day it was cut put in for ``{day}``."""
    return [line.replace("{day}", as_of.strftime("%d/%m/%Y")) for line in form.title]


def write_text(path: Path, form: Form, names: Sequence[str], as_of: date, parts: Iterable[Path]) -> None:
    """Write a list's file from its parts. Raises OSError when the disk is full."""
    with path.open("wb") as file:
        file.write(before_rows(names, form, as_of))
        has_rows = False
        for part in parts:
            if form.kind == "json" and has_rows and part.stat().st_size:
                file.write(b",\n")
            has_rows = has_rows or part.stat().st_size > 0
            with part.open("rb") as rows:
                shutil.copyfileobj(rows, file, 1 << 20)
        if form.kind == "json":
            file.write(b"\n]\n")


def write_workbook(
    path: Path, form: Form, names: Sequence[str], as_of: date, rows: Iterable[Sequence[str]]
) -> None:
    """Write a list's Excel file: title rows, the header, and every cell as text."""
    import xlsxwriter

    beside = path.with_suffix(".zip")
    with xlsxwriter.Workbook(str(beside), {"constant_memory": True, "strings_to_numbers": False}) as book:
        book.set_properties({"created": datetime(as_of.year, as_of.month, as_of.day)})
        for at, chunk in enumerate(_sheets(rows)):
            sheet = book.add_worksheet(form.sheet if at == 0 else f"{form.sheet} {at + 1}")
            top = titles(form, as_of)
            for row, line in enumerate(top):
                sheet.write_string(row, 0, line)
            for column, name in enumerate(names):
                sheet.write_string(len(top), column, name)
            _write_rows(sheet, chunk, len(top) + 1)
    _store(beside, path)


def _sheets(rows: Iterable[Sequence[str]]) -> Iterator[list[Sequence[str]]]:
    """Yield the rows a sheet at a time; at least one sheet."""
    chunk: list[Sequence[str]] = []
    for row in rows:
        if len(chunk) == SHEET_ROWS:
            yield chunk
            chunk = []
        chunk.append(row)
    yield chunk


def _write_rows(sheet: object, rows: Iterable[Sequence[str]], top: int) -> None:
    for at, row in enumerate(rows):
        for column, cell in enumerate(row):
            if cell:
                sheet.write_string(top + at, column, cell)  # type: ignore[attr-defined]


def _store(beside: Path, path: Path) -> None:
    """Write a workbook again without compressing it: how a machine's zlib compresses is its own affair."""
    with zipfile.ZipFile(beside) as packed, zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as plain:
        for name in packed.namelist():
            info = zipfile.ZipInfo(name, ZIP_DAY)
            with packed.open(name) as content, plain.open(info, "w", force_zip64=True) as copy:
                shutil.copyfileobj(content, copy, 1 << 20)
    beside.unlink()


def rows_of_cells(tables: Iterable[pa.Table]) -> Iterator[Sequence[str]]:
    """Yield the rows of tables of cells, one table in memory at a time."""
    for table in tables:
        columns = [column.to_pylist() for column in table.columns]
        yield from zip(*columns, strict=True)
