"""How right the matcher is on open and made-up data. Floors lie a little below what was measured."""

from __future__ import annotations

import csv
import gzip
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pytest
from places_cases import as_table

from sharewell.places.gazetteer import Gazetteer, load_gazetteer, prepare_gazetteer
from sharewell.places.match import match_addresses
from sharewell.store.duckdb import DuckDB

pytestmark = pytest.mark.real
FIRST_DISTRACTOR = 990000000001


@dataclass(frozen=True)
class Borough:
    engine: DuckDB
    gazetteer: Gazetteer
    folder: Path
    parents: dict[str, str]


@dataclass(frozen=True)
class Score:
    precision: float
    recall: float
    building: float
    in_building: float


@pytest.fixture(scope="module")
def borough(shared: Path) -> Iterator[Borough]:
    folder, engine = shared / "data" / "linkage", DuckDB()
    if not (folder / "gaz100k.csv.gz").exists():
        pytest.skip("the made-up borough is not in ../shared")
    gazetteer = load_gazetteer(folder / "gaz100k.csv.gz", engine)
    rows = engine.fetch("SELECT uprn, coalesce(parent, uprn) AS parent FROM gazetteer").to_pydict()
    yield Borough(engine, gazetteer, folder, dict(zip(rows["uprn"], rows["parent"], strict=True)))
    engine.close()


def measure(borough: Borough, name: str, rows: int = 10_000, postcodes: bool = True) -> Score:
    """Match the first odd rows of a messy file (weights were fitted on even ones)."""
    with gzip.open(borough.folder / f"{name}.csv.gz", "rt", encoding="utf-8") as file:
        records = [row for place, row in enumerate(csv.DictReader(file)) if place % 2 and place < 2 * rows]
    table = pa.table({
        "source_row": pa.array(range(len(records)), pa.int64()),
        "line": [row["address_concat"] for row in records],
        "pc": [row["postcode"] if postcodes else "" for row in records],
    })  # fmt: skip
    matched = match_addresses(
        borough.engine.load("records", table), borough.gazetteer, "out", address=["line"], postcode="pc"
    )
    found = matched.arrow().to_pylist()
    assert [row["source_row"] for row in found] == list(range(len(records)))
    return score(found, [row["source_uprn"] for row in records], borough.parents)


def score(found: list[dict[str, str]], truth: list[str], parents: dict[str, str]) -> Score:
    pairs = list(zip(found, truth, strict=True))
    units = [(row, true) for row, true in pairs if row["answer"] == "unit"]
    right = sum(row["uprn"] == true for row, true in units)
    buildings = sum(row["answer"] == "building" and row["uprn"] == parents[true] for row, true in pairs)
    inside = sum(parents[row["uprn"]] == parents[true] for row, true in units)
    return Score(
        right / len(units),
        right / len(pairs),
        (right + buildings) / len(pairs),
        (inside + buildings) / len(pairs),
    )


def test_messy_addresses_of_a_borough_find_their_units(borough: Borough):
    found = measure(borough, "messy_base")
    assert found.precision >= 0.993
    assert found.recall >= 0.960
    assert found.building >= 0.988
    assert found.in_building >= 0.992


@pytest.mark.parametrize(
    ("name", "postcodes", "precision", "recall"),
    [
        ("messy_x2", True, 0.991, 0.93),
        ("messy_stress", True, 0.983, 0.865),
        ("messy_base", False, 0.99, 0.935),
    ],
)
def test_messier_addresses_lose_recall_before_precision(
    borough: Borough, name: str, postcodes: bool, precision: float, recall: float
):
    found = measure(borough, name, postcodes=postcodes)
    assert found.precision >= precision
    assert found.recall >= recall


def test_real_land_registry_addresses_find_their_units_among_a_hundred_thousand(shared: Path):
    with (shared / "data/linkage/land_registry_230_with_uprn.csv").open(encoding="utf-8") as file:
        registry = list(csv.DictReader(file))
    path = shared / "data/uk/addresses/openregister_bulk_addresses_2016.tsv.gz"
    with gzip.open(path, "rt", encoding="utf-8", newline="\n") as lines:
        heading, *others = [line.rstrip("\n").split("\t") for line in lines]
    text, postcode = heading.index("text"), heading.index("postcode")
    rows = [(row["UPRN"], row["MATCHED_ABP_E32_ADDRESS"]) for row in registry]
    rows += [
        (str(FIRST_DISTRACTOR + place), f"{row[text]} {row[postcode]}") for place, row in enumerate(others)
    ]
    engine = DuckDB()
    gazetteer = prepare_gazetteer(engine.load("raw", as_table(("uprn", "address"), rows)))
    table = {"source_row": pa.array(range(230), pa.int64()), "address": [row["address"] for row in registry]}
    records = engine.load("records", pa.table(table))
    found = match_addresses(records, gazetteer, "out", address=["address"]).arrow().to_pylist()
    pairs = list(zip(found, registry, strict=True))
    assert len(others) == 112_797
    assert sum(row["answer"] == "unit" and row["uprn"] == true["UPRN"] for row, true in pairs) >= 228
    assert sum(row["answer"] == "unit" and row["uprn"] != true["UPRN"] for row, true in pairs) <= 1
    engine.close()
