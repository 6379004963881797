"""Work through a table on Spark part by part, with DuckDB and numpy in each of Spark's Python workers.

Spark shares the rows out so that those which belong together meet in one part, and keeps what comes back.
What a part goes through is the very SQL and numpy of one machine: nothing has to be said a second time.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa

from sharewell.store.duckdb import DuckDB, Limits
from sharewell.store.engine import Relation
from sharewell.store.spark import Spark, _Plainly

if TYPE_CHECKING:
    from pyspark.sql import Column, DataFrame

Task = Callable[[pa.Table, DuckDB], pa.Table]
"""What is done with one part's rows."""

ROWS_A_PART: Final = 100_000
"""About how many rows a worker takes at once: with their pairs, some 300 MB."""

_SENT: Final = 50_000


def rows_of(engine: Spark, table: str) -> DataFrame:
    """Return a table of the engine's as Spark knows it."""
    return engine._session.table(f"`{table.replace('`', '``')}`")


def keep(engine: Spark, table: str, rows: DataFrame) -> Relation:
    """Write rows as a table of the engine's. Raises OutOfMemory, DiskFull."""
    folder = engine._new_folder()
    with _Plainly():
        rows.write.parquet(str(folder))
    return engine._name(table, folder)


def numbered(engine: Spark, rows: DataFrame, order: Sequence[Column], table: str) -> DataFrame:
    """Return rows with an ``id`` from 0 in the order of the columns; ``table`` holds them meanwhile.

    Each part is sorted and numbered apart and begins where the one before it ends, so no worker sees all.
    """
    from pyspark.sql import functions as sql

    keep(engine, table, rows.orderBy(*order).withColumn("spot", sql.monotonically_increasing_id()))
    part = sql.shiftright("spot", 33)
    with _Plainly():
        sizes = sorted(rows_of(engine, table).groupBy(part.alias("part")).count().collect())
    first, firsts = 0, []
    for number, size in sizes:
        firsts.append(first - (number << 33))
        first += size
    told = pa.table({"part": pa.array([row[0] for row in sizes], pa.int64()), "first": firsts})
    engine.load(f"{table}_firsts", told)
    begun = rows_of(engine, f"{table}_firsts")
    found = rows_of(engine, table).withColumn("part", part).join(sql.broadcast(begun), "part")
    return found.withColumn("id", sql.col("spot") + sql.col("first")).drop("part", "spot", "first")


def by_part(
    engine: Spark,
    table: str,
    rows: DataFrame,
    together: Sequence[Column | str],
    task: Task,
    schema: pa.Schema | None = None,
    *,
    largest: int = ROWS_A_PART,
    total: int,
) -> Relation:
    """Make a table of what ``task`` makes of each part; rows that agree on ``together`` are in one part.

    ``total``: how many rows there are, ``largest`` how many a part should have. Without a ``schema`` the task
    is tried on no rows to tell it. Raises OutOfMemory, DiskFull.
    """
    parts = max(engine.limits.threads, -(-total // largest))
    wanted = schema or _answer_of(task, rows)
    work = partial(_work, task, wanted, engine.limits.memory)
    return keep(engine, table, _mapped(engine, rows.repartition(parts, *together), work, wanted))


def _answer_of(task: Task, rows: DataFrame) -> pa.Schema:
    from pyspark.sql.pandas.types import to_arrow_schema

    engine = DuckDB()
    try:
        return task(to_arrow_schema(rows.schema).empty_table(), engine).schema
    finally:
        engine.close()


def _mapped(engine: Spark, rows: DataFrame, work: Callable[..., Any], schema: pa.Schema) -> DataFrame:
    """Return what ``mapInArrow`` does, which asks for pandas first although nothing of it is used."""
    from pyspark.sql.classic.dataframe import DataFrame
    from pyspark.sql.pandas.types import from_arrow_schema
    from pyspark.sql.udf import UserDefinedFunction
    from pyspark.util import PythonEvalType

    # a bound on bytes makes Spark measure what it sends after every row
    engine._session.conf.set("spark.sql.execution.arrow.maxBytesPerBatch", str(2**31 - 1))
    context = engine._session.sparkContext
    if context.master.startswith("local"):  # workers elsewhere have a Python of their own
        context.pythonExec = sys.executable
    function = UserDefinedFunction(
        work, from_arrow_schema(schema), evalType=PythonEvalType.SQL_MAP_ARROW_ITER_UDF
    )
    called = function(*(rows[name] for name in rows.columns))
    return DataFrame(rows._jdf.mapInArrow(called._jc, False, None), engine._session)


def _work(
    task: Task, schema: pa.Schema, memory: str, batches: Iterator[pa.RecordBatch]
) -> Iterator[pa.RecordBatch]:
    arrived = list(batches)
    if not arrived:
        return
    engine = DuckDB(limits=Limits(threads=1, memory=memory))
    try:
        found = task(pa.Table.from_batches(arrived), engine)
        yield from found.select(schema.names).cast(schema).to_batches(max_chunksize=_SENT)
    finally:
        engine.close()
