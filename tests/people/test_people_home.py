"""A record that names only its building gets the flat that the same person's other records name."""

from __future__ import annotations

import os
from collections.abc import Sequence

import pyarrow as pa
import pytest

from sharewell.people.home import name_homes
from sharewell.store.duckdb import DuckDB
from sharewell.store.engine import Engine
from sharewell.vocab.errors import ExtraMissing

KINDS = {
    "source": pa.string(), "source_row": pa.int64(), "person": pa.string(), "surname": pa.string(),
    "postcode": pa.string(), "uprn": pa.string(), "answer": pa.string(), "probability": pa.float64(),
    "linked": pa.float64(), "evidence": pa.string(), "day": pa.int64(),
}  # fmt: skip
NOW, LONG_BEFORE = 20_000, 19_500
BUILDINGS = {"51": "50", "52": "50", "61": "60"}
USUAL = {"surname": "hall", "postcode": "E8 1AA", "probability": 0.99, "linked": 0.98, "day": NOW}
TAX = {
    "source": "tax",
    "person": "p",
    "uprn": "50",
    "answer": "building",
    "probability": 0.9,
    "evidence": "postcode+number",
}
UNDECIDED = {**TAX, "answer": "none", "uprn": None, "evidence": "undecided"}
GP = {"source": "gp", "person": "p", "uprn": "51", "answer": "unit", "evidence": "exact+postcode"}
Row = dict[str, object]


def laid_out(rows: Sequence[Row]) -> pa.Table:
    told = [{**USUAL, "source_row": place, **row} for place, row in enumerate(rows)]
    return pa.Table.from_pylist(told, pa.schema(list(KINDS.items())))


def named(engine: Engine, rows: Sequence[Row]) -> dict[str, dict[str, object]]:
    buildings = engine.load(
        "buildings", pa.table({"uprn": list(BUILDINGS), "building": list(BUILDINGS.values())})
    )
    found = name_homes(engine.load("placed", laid_out(rows)), buildings, "homes").arrow().to_pylist()
    return {str(row["source"]): row for row in found}


def test_another_list_names_the_flat(engine: DuckDB):
    assert named(engine, [TAX, GP]) == {
        "tax": {
            "source": "tax", "source_row": 0, "uprn": "51", "named_by": "gp",
            "probability": pytest.approx(0.99 * 0.98),
        }
    }  # fmt: skip


NOT_NAMED = {
    "another building": [TAX, {**GP, "uprn": "61"}],
    "somebody else's record": [TAX, {**GP, "person": "q"}],
    "two flats": [TAX, GP, {**GP, "source": "roll", "uprn": "52"}],
    "two flats, one long ago": [TAX, GP, {**GP, "source": "roll", "uprn": "52", "day": LONG_BEFORE}],
    "only an old list": [TAX, {**GP, "day": LONG_BEFORE}],
    "hardly one person": [TAX, {**GP, "linked": 0.3}],
    "hardly that flat": [TAX, {**GP, "probability": 0.4}],
    "another postcode": [UNDECIDED, {**GP, "postcode": "E8 2ZZ"}],
    "a flat of another postcode": [UNDECIDED, {**GP, "evidence": "search:number+street"}],
    "no postcode": [{**UNDECIDED, "postcode": None}, GP],
    "an address like none there, as of a new home": [{**UNDECIDED, "evidence": "no_candidate"}, GP],
    "somebody moved in since": [
        TAX,
        {**GP, "day": NOW - 80},
        {**GP, "source": "bins", "person": "q", "surname": "shah", "day": NOW - 20},
    ],
}


@pytest.mark.parametrize("case", NOT_NAMED)
def test_what_leaves_the_flat_unknown(case: str, engine: DuckDB):
    assert named(engine, NOT_NAMED[case]) == {}


NAMED = {
    "no answer but the postcode": [{**UNDECIDED, "postcode": "e81aa"}, GP],
    "two lists that agree": [TAX, GP, {**GP, "source": "roll", "probability": 0.9}],
    "an old list agrees": [TAX, GP, {**GP, "source": "roll", "day": LONG_BEFORE}],
    "family moved in": [
        TAX,
        {**GP, "day": NOW - 80},
        {**GP, "source": "bins", "person": "q", "day": NOW - 20},
    ],
    "somebody shares it": [TAX, GP, {**GP, "person": "q", "surname": "shah", "source_row": 7}],
    "a steward's word, never weighed": [{**TAX, "linked": None}, {**GP, "linked": None}],
}


@pytest.mark.parametrize("case", NAMED)
def test_what_names_the_flat(case: str, engine: DuckDB):
    found = named(engine, NAMED[case])
    assert (found["tax"]["uprn"], found["tax"]["named_by"]) == ("51", "gp")


def test_spark_names_the_same_flats(engine: DuckDB):
    pytest.importorskip("pyspark", reason="PySpark is not installed (`sharewell[spark]`)")
    from sharewell.store.spark import Spark

    os.environ.setdefault("JDK_JAVA_OPTIONS", "-XX:TieredStopAtLevel=1")
    try:
        spark = Spark()
    except ExtraMissing as missing:
        pytest.skip(str(missing))
    rows = [
        {**row, "person": f"{row['person']}{place}", "source_row": at, "source": f"{row['source']}-{place}"}
        for place, case in enumerate([*NAMED.values(), *NOT_NAMED.values()])
        for at, row in enumerate(case)
    ]
    here, there = (named(each, rows) for each in (engine, spark))
    assert here == there
    assert here
    spark.close()
