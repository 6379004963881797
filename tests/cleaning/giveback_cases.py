"""A small list with rows that are set aside, its answers, and hands that mend a workbook."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow.parquet as pq
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from sharewell.cleaning.actions import Order, clean_file
from sharewell.cleaning.giveback import open_answers, write_giveback
from sharewell.cleaning.giveback.terms import Answers
from sharewell.sources.standards import load_standard
from sharewell.sources.terms import Standard

AS_OF = date(2026, 1, 1)
SCHEMA = {
    "name": "clinic",
    "version": "1.0",
    "title": "Clinic list",
    "fields": [
        {"name": "ref", "constraints": {"required": True, "unique": True}, "sharewell:synonyms": ["Our ref"]},
        {"name": "nhs_number", "sharewell:type": "uk.nhs-number", "constraints": {"required": True},
         "sharewell:synonyms": ["NHS No."]},
        {"name": "seen_on", "type": "date", "sharewell:type": "date", "constraints": {"required": True},
         "sharewell:synonyms": ["Seen"]},
        {"name": "note", "sharewell:synonyms": ["Notes"]},
    ],
}  # fmt: skip
LIST = """Our ref,NHS No.,Notes,Seen
a1,943 476 5919,=cmd(),04/25/2025
a2,9434765918,+1,04/05/2025
a3,9434765919,fine,2025-05-06
a4,,@home,05/06/2025
a5,9434765919,too,many,cells,2025-05-07
a6,9434765919,,99/99/2025
"""


GOOD = {
    (2, "NHS No."): "943 476 5919",
    (4, "NHS No."): "9434765919",
    (5, "Notes"): "too, many, cells",
    (5, "Seen"): "7 May 2025",
}


@pytest.fixture(scope="module")
def standard(tmp_path_factory: pytest.TempPathFactory) -> Standard:
    path = tmp_path_factory.mktemp("standards") / "clinic.json"
    path.write_text(json.dumps(SCHEMA), encoding="utf-8")
    return load_standard(str(path))


@pytest.fixture
def answers(tmp_path: Path, standard: Standard) -> Answers:
    source = tmp_path / "clinic.csv"
    source.write_text(LIST, encoding="utf-8")
    clean_file(Order(source, standard, AS_OF), tmp_path / "answers")
    return open_answers(tmp_path / "answers", lambda _: standard)


@pytest.fixture
def workbook(answers: Answers, tmp_path: Path) -> Path:
    write_giveback(answers, tmp_path / "rows.xlsx")
    return tmp_path / "rows.xlsx"


def column_of(sheet: Worksheet, heading: str) -> int:
    return [cell.value for cell in sheet[1]].index(heading) + 1


def row_of(sheet: Worksheet, source_row: int) -> int:
    return [cell.value for cell in sheet["A"]].index(str(source_row)) + 1


Mend = Callable[[Worksheet], None]


def mend(workbook: Path, change: Mend) -> None:
    book = openpyxl.load_workbook(workbook)
    change(book["Rows"])
    book.save(workbook)


def written(cells: dict[tuple[int, str], str]) -> Mend:
    def change(sheet: Worksheet) -> None:
        for (source_row, heading), value in cells.items():
            sheet.cell(row_of(sheet, source_row), column_of(sheet, heading)).value = value

    return change


def reopened(answers: Answers) -> Answers:
    return open_answers(answers.folder, lambda _: answers.standard)


def rows_of(answers: Answers, name: str) -> list[dict[str, Any]]:
    return pq.read_table(answers.folder / name).to_pylist()


def kept_rows(answers: Answers) -> dict[int, dict[str, Any]]:
    return {row.pop("source_row"): row for row in rows_of(answers, "kept.parquet")}


def aside_rows(answers: Answers) -> dict[int, dict[str, Any]]:
    return {row.pop("source_row"): row for row in rows_of(answers, "set_aside.parquet")}


def every_cell(sheet: Worksheet) -> Iterator[Any]:
    return (cell for row in sheet.iter_rows() for cell in row)
