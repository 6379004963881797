"""Gazetteers of every shape, and the refusals of those that are none."""

from __future__ import annotations

import gzip
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from places_cases import answers, as_table, said

from sharewell.places.gazetteer import load_gazetteer, prepare_gazetteer
from sharewell.store.duckdb import DuckDB
from sharewell.vocab.errors import GazetteerInvalid

STRINGS = (
    (1, "Flat 1, 20 High Street, Sandham ZZ1 1AA"),
    (2, "Flat 2, 20 High Street, Sandham ZZ1 1AA"),
    (3, "12 High Street, Sandham ZZ1 1AA"),
)
LLPG = (
    "Address Key,USRN,UPRN,Parent UPRN,Status,Unit Number,Unit Name,Building Number,Building Name,Street,"
    "Locality,Ward,BLPU Class,Line 1,Line 2,Line 3,Line 4,Town,Postcode\n"
    "k1,5,11,,Approved Preferred,,,20,,High Street,,East,PP,,,,,Sandham,ZZ1 1AA\n"
    "k2,5,12,11,Approved Preferred,1,,20,,High Street,,East,RD06,,,,,Sandham,ZZ1 1AA\n"
    "k3,5,13,11,Approved Preferred,,Ground Floor Flat,20,,High Street,,East,RD06,,,,,Sandham,ZZ1 1AA\n"
    "k4,5,14,,Historical,,,22,,High Street,,East,RD04,,,,,Sandham,ZZ1 1AA\n"
    "k5,5,15,,Approved Preferred,,,,,,,West,RD04,Rose Cottage,Wade Road,,,Sandham,ZZ2 3CC\n"
    "k6,5,15,,Alternative,,,,Rose House,Wade Road,,West,RD04,,,,,Sandham,ZZ2 3CC\n"
)


def load(engine: DuckDB, headings: str, rows: tuple[tuple[object, ...], ...]):
    return prepare_gazetteer(engine.load("raw", as_table(headings.split("|"), rows)))


def test_a_single_string_with_the_postcode_inside_is_a_gazetteer(engine: DuckDB):
    gazetteer = load(engine, "UPRN|Address", STRINGS)
    rows = answers(
        engine,
        gazetteer,
        [("Flat 2, 20 High St", "ZZ1 1AA"), ("12 High Street", ""), ("20 High St", "ZZ1 1AA")],
    )
    assert [said(row) for row in rows] == [("unit", "2"), ("unit", "3"), ("none", None)]


def test_headings_may_differ_in_case_spaces_and_underscores(engine: DuckDB):
    gazetteer = load(engine, "Uprn|Full_Address|Post Code", ((7, "12 High Street", "zz1 1aa"),))
    assert [said(row) for row in answers(engine, gazetteer, [("12 High Street", "ZZ1 1AA")])] == [
        ("unit", "7")
    ]


@pytest.mark.parametrize("name", ["llpg.csv", "llpg.csv.gz", "llpg.parquet"])
def test_an_llpg_export_keeps_wards_parents_and_variants(engine: DuckDB, tmp_path: Path, name: str):
    path = tmp_path / name
    if name.endswith("gz"):
        path.write_bytes(gzip.compress(LLPG.encode()))
    elif name.endswith("csv"):
        path.write_text(LLPG, encoding="utf-8")
    else:
        heading, *lines = [line.split(",") for line in LLPG.splitlines()]
        pq.write_table(as_table(heading, lines), path)
    gazetteer = load_gazetteer(path, engine)
    wanted = [
        ("1, 20 High Street", "ZZ1 1AA"), ("GFF, 20 High Street", "ZZ1 1AA"), ("20 High Street", "ZZ1 1AA"),
        ("22 High Street", "ZZ1 1AA"), ("Rose Cottage, Wade Road", "ZZ2 3CC"), ("Rose House", "ZZ2 3CC"),
    ]  # fmt: skip
    assert [said(row) for row in answers(engine, gazetteer, wanted)] == [
        ("unit", "12"), ("unit", "13"), ("building", "11"), ("unit", "14"), ("unit", "15"), ("unit", "15"),
    ]  # fmt: skip
    wards = engine.fetch("SELECT DISTINCT uprn, ward FROM gazetteer ORDER BY uprn").to_pylist()
    assert [(row["uprn"], row["ward"]) for row in wards] == [
        ("11", "East"), ("12", "East"), ("13", "East"), ("14", "East"), ("15", "West"),
    ]  # fmt: skip


def test_rows_without_a_valid_uprn_or_an_address_are_left_out(engine: DuckDB):
    rows = (
        ("0012", "12 High Street"), ("abc", "14 High Street"), ("", "16 High Street"),
        ("1234567890123", "18 High Street"), ("0", "20 High Street"), (" 9 ", "22 High Street"), ("8", " "),
    )  # fmt: skip
    gazetteer = load(engine, "uprn|address", rows)
    kept = engine.fetch("SELECT uprn FROM gazetteer ORDER BY row").column(0).to_pylist()
    assert (gazetteer.relation.count(), kept) == (2, ["12", "9"])


@pytest.mark.parametrize(
    ("headings", "row", "column"),
    [
        ("id|address", (1, "12 High Street"), "uprn"),
        ("uprn|notes", (1, "12 High Street"), "address"),
        ("uprn|address", ("none", "12 High Street"), "uprn"),
        ("uprn|address", (1, ""), "uprn"),
    ],
)
def test_a_file_that_is_no_gazetteer_is_refused(
    engine: DuckDB, headings: str, row: tuple[object, ...], column: str
):
    with pytest.raises(GazetteerInvalid) as refused:
        load(engine, headings, (row,))
    assert refused.value.where.column == column
    assert refused.value.next_step
    assert "High" not in str(refused.value)


def test_a_refused_file_leaves_no_table_behind(engine: DuckDB, tmp_path: Path):
    path = tmp_path / "list.csv"
    path.write_text("uprn,notes\n1,x\n2,y\n", encoding="utf-8")
    with pytest.raises(GazetteerInvalid):
        load_gazetteer(path, engine)
    assert engine.fetch("SELECT table_name FROM information_schema.tables").num_rows == 0


def test_numbers_that_arrive_as_numbers_are_uprns_too(engine: DuckDB):
    raw = engine.load(
        "raw", pa.table({"UPRN": pa.array([5, 6]), "address": ["12 High Street", "14 High Street"]})
    )
    assert prepare_gazetteer(raw).relation.count() == 2
