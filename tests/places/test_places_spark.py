"""The same match on Spark: not one answer differs."""

from __future__ import annotations

import os
import random

import pyarrow as pa
import pytest
from places_cases import ROWS, make_gazetteer
from test_places_match import BUILDINGS, NOTHING, UNITS

from sharewell.places.match import match_addresses
from sharewell.store.duckdb import DuckDB, Limits
from sharewell.store.engine import Engine
from sharewell.vocab.errors import ExtraMissing


def matched(engine: Engine, gazetteer: object) -> list[dict[str, object]]:
    asked = [*(case[:2] for case in (*UNITS, *BUILDINGS)), *NOTHING, (" é, 12 High Street;", None)] * 2
    given = random.Random(3)
    rows = pa.table({
        "source_row": pa.array(range(len(asked)), pa.int64()), "line": [text for text, _ in asked],
        "pc": pa.array([code for _, code in asked], pa.string()),
        "known": [given.choice(["", "0010", "12", "777", "x", str(ROWS[3][0])]) for _ in asked],
    })  # fmt: skip
    records = engine.load("records", rows)
    plain = match_addresses(records, gazetteer, "plain", address=["line"], postcode="pc")  # type: ignore[arg-type]
    known = match_addresses(records, gazetteer, "known", address=["line"], postcode="pc", uprn="known")  # type: ignore[arg-type]
    return [*plain.arrow().to_pylist(), *known.arrow().to_pylist()]


def test_spark_gives_the_answers_that_duckdb_gives(engine: DuckDB):
    pytest.importorskip("pyspark", reason="PySpark is not installed (`sharewell[spark]`)")
    from sharewell.store.spark import Spark

    os.environ.setdefault("JDK_JAVA_OPTIONS", "-XX:TieredStopAtLevel=1")
    try:
        spark = Spark(limits=Limits(threads=2, memory="2GB"))
    except ExtraMissing as missing:
        pytest.skip(str(missing))
    gazetteer = make_gazetteer(engine)
    here, there = matched(engine, gazetteer), matched(spark, gazetteer)
    assert [pair for pair in zip(here, there, strict=True) if pair[0] != pair[1]] == []
    spark.close()
