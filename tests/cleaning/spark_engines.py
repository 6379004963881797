"""DuckDB and Spark side by side for the tests, which skip with the reason where Spark cannot run."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Final

import pytest
from benchmarks.spark import Compared, Job, compare

from sharewell.store.duckdb import DuckDB, Limits
from sharewell.store.engine import Engine
from sharewell.vocab.errors import ExtraMissing

NO_PYSPARK: Final = "PySpark is not installed (`sharewell[spark]`)"
FEW_VALUES: Final = 600
LESS_COMPILING: Final = {"JDK_JAVA_OPTIONS": "-XX:TieredStopAtLevel=1"}
"""Java compiles each query's code for a long life by default; with a few rows that is half of the time."""

Engines = tuple[Engine, Engine]


def open_engines() -> Iterator[Engines]:
    """Give DuckDB and Spark, or skip."""
    pytest.importorskip("pyspark", reason=NO_PYSPARK)
    from sharewell.store.spark import Spark

    os.environ.update({**LESS_COMPILING, **os.environ})
    limits = Limits(threads=2, memory="2GB")
    try:
        spark = Spark(limits=limits)
    except ExtraMissing as missing:
        pytest.skip(str(missing))
    duck = DuckDB(limits=limits)
    yield duck, spark
    for engine in (duck, spark):
        engine.close()


def same(engines: Engines, job: Job) -> Compared:
    """Clean on both engines and find no cell differing."""
    done = compare(engines, job)
    assert done.differing[:5] == ()
    return done
