"""A small made-up gazetteer with the places that matchers get wrong."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import pyarrow as pa

from sharewell.places.gazetteer import Gazetteer, prepare_gazetteer
from sharewell.places.match import match_addresses
from sharewell.store.duckdb import DuckDB

HEADINGS = ("uprn", "subname", "name", "number", "streetname", "townname", "postcode", "parentuprn")
ROWS = (
    (10, "", "", "12", "HIGH STREET", "SANDHAM", "ZZ1 1AA", ""),
    (11, "", "", "14", "HIGH STREET", "SANDHAM", "ZZ1 1AA", ""),
    (12, "", "", "20", "HIGH STREET", "SANDHAM", "ZZ1 1AA", ""),
    (13, "FLAT 1", "", "20", "HIGH STREET", "SANDHAM", "ZZ1 1AA", 12),
    (14, "FLAT 2", "", "20", "HIGH STREET", "SANDHAM", "ZZ1 1AA", 12),
    (15, "", "", "39A", "HIGH STREET", "SANDHAM", "ZZ1 1AA", ""),
    (16, "", "", "39", "HIGH STREET", "SANDHAM", "ZZ1 1AA", ""),
    (17, "", "", "50-52", "HIGH STREET", "SANDHAM", "ZZ1 1AA", ""),
    (20, "", "", "7", "ST GEORGE STREET", "SANDHAM", "ZZ1 2BB", ""),
    (21, "", "", "9", "ST GEORGE STREET", "SANDHAM", "ZZ1 2BB", ""),
    (22, "GROUND FLOOR FLAT", "", "9", "ST GEORGE STREET", "SANDHAM", "ZZ1 2BB", 21),
    (23, "FIRST FLOOR FLAT", "", "9", "ST GEORGE STREET", "SANDHAM", "ZZ1 2BB", 21),
    (24, "FLAT A", "", "11", "ST GEORGE STREET", "SANDHAM", "ZZ1 2BB", 29),
    (25, "FLAT B", "", "11", "ST GEORGE STREET", "SANDHAM", "ZZ1 2BB", 29),
    (29, "", "", "11", "ST GEORGE STREET", "SANDHAM", "ZZ1 2BB", ""),
    (30, "", "MARLOW COURT", "3", "WADE ROAD", "SANDHAM", "ZZ2 3CC", ""),
    (31, "FLAT 1", "MARLOW COURT", "3", "WADE ROAD", "SANDHAM", "ZZ2 3CC", 30),
    (32, "FLAT 14", "MARLOW COURT", "3", "WADE ROAD", "SANDHAM", "ZZ2 3CC", 30),
    (33, "GARAGE 14", "MARLOW COURT", "3", "WADE ROAD", "SANDHAM", "ZZ2 3CC", 30),
    (34, "", "ROSE COTTAGE", "", "WADE ROAD", "SANDHAM", "ZZ2 3CC", ""),
    (35, "", "", "1", "WADE ROAD", "SANDHAM", "ZZ2 3CC", ""),
    (36, "", "", "91", "A SOUTHFIELD WAY", "SANDHAM", "ZZ2 4DD", ""),
    (37, "ANNEXE", "", "93", "A SOUTHFIELD WAY", "SANDHAM", "ZZ2 4DD", 38),
    (38, "", "", "93", "A SOUTHFIELD WAY", "SANDHAM", "ZZ2 4DD", ""),
    (40, "FLAT 1", "TWIN HOUSE", "5", "MILL LANE", "SANDHAM", "ZZ3 5EE", 49),
    (41, "FLAT 1", "TWIN HOUSE", "5", "MILL LANE", "SANDHAM", "ZZ3 5EE", 49),
    (42, "", "", "8", "MILL LANE", "SANDHAM", "ZZ3 5EE", ""),
    (43, "", "", "8", "MILL LANE", "SANDHAM", "ZZ3 5EE", ""),
    (44, "FLAT 3", "", "6", "MILL LANE", "SANDHAM", "ZZ3 5EE", ""),
    (45, "FLAT 4", "", "6", "MILL LANE", "SANDHAM", "ZZ3 5EE", ""),
)

Match = Callable[[Sequence[tuple[str, str]]], list[dict[str, object]]]


def as_table(headings: Sequence[str], rows: Sequence[Sequence[object]]) -> pa.Table:
    columns = zip(*rows, strict=True)
    return pa.table(
        {name: [str(cell) for cell in cells] for name, cells in zip(headings, columns, strict=True)}
    )


def make_gazetteer(engine: DuckDB, rows: Sequence[Sequence[object]] = ROWS) -> Gazetteer:
    return prepare_gazetteer(engine.load("raw", as_table(HEADINGS, rows)))


def answers(
    engine: DuckDB, gazetteer: Gazetteer, addresses: Sequence[tuple[str, str]]
) -> list[dict[str, object]]:
    """Match (address, postcode) pairs and return their answers in order."""
    texts, postcodes = zip(*addresses, strict=True)
    rows = pa.table(
        {"source_row": pa.array(range(1, len(texts) + 1), pa.int64()), "line": texts, "pc": postcodes}
    )
    records = engine.load("records", rows)
    matched = match_addresses(records, gazetteer, "matched", address=["line"], postcode="pc")
    found: list[dict[str, object]] = matched.arrow().to_pylist()
    return found


def said(row: Mapping[str, object]) -> tuple[object, object]:
    return row["answer"], row["uprn"]
