"""Count on Spark what has to be known of all records: uses of words, dates, shares and sizes of blocks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from sharewell.people.block import PAIRS_PER_RECORD, block_column
from sharewell.people.hold import Learned
from sharewell.people.prepare import _default_dates_sql
from sharewell.people.spark_parts import keep, rows_of
from sharewell.people.weigh import rare_columns, share_column
from sharewell.people.whole_names import turned_sql
from sharewell.store.engine import Relation, quoted
from sharewell.store.spark import Spark, _Plainly

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

LARGEST_BLOCK: Final = 3_000
"""A value that more records hold than this is left out of its block: one worker compares all its pairs."""


def marked_turned(engine: Spark, named: Relation) -> DataFrame:
    """Return the records as they were read; ``is_turned`` tells whose names stand the wrong way round."""
    from pyspark.sql import functions as sql

    turned = engine.create(f"{named.name}_turned", turned_sql(quoted(named.name)))
    found = rows_of(engine, turned.name).distinct().withColumn("is_turned", sql.lit(True))
    rows = rows_of(engine, named.name).join(found, "id", "left")
    return rows.withColumn("is_turned", sql.coalesce("is_turned", sql.lit(False)))


def default_days(engine: Spark, named: Relation) -> tuple[tuple[str, str], ...]:
    """Return the list and day of each date that its form filled in."""
    # Spark has no slices of text
    query = _default_dates_sql(named.name).replace("date_of_birth[5:]", "substr(date_of_birth, 5)")
    found = engine.fetch(query).to_pylist()
    return tuple(sorted((row["source"], row["date_of_birth"]) for row in found))


def rated(engine: Spark, laid: Relation, learned: Learned, table: str) -> Relation:
    """Make a table of the records with how common their values are; a block too large has no hash."""
    from pyspark.sql import functions as sql

    rows, columns = rows_of(engine, laid.name), rare_columns(learned.model)
    counts = ", ".join(["count(*) AS total", *(f"count({column}) AS {column}" for column in columns)])
    known = engine.fetch(f"SELECT {counts} FROM {quoted(laid.name)}")
    for column in columns:
        of_all = known[column][0].as_py()
        share = (sql.count("*").cast("double") / sql.lit(of_all)).alias(share_column(column))
        values = rows_of(engine, laid.name).where(f"{column} IS NOT NULL").groupBy(column).agg(share)
        rows = rows.join(values, column, "left")
    return keep(
        engine,
        table,
        _bounded(rows_of(engine, laid.name), rows, len(learned.blocks), known["total"][0].as_py()),
    )


def _bounded(laid: DataFrame, rows: DataFrame, blocks: int, total: int) -> DataFrame:
    from pyspark.sql import functions as sql

    if not blocks:
        return rows
    sizes = _block_sizes(laid, blocks)
    with _Plainly():
        told = sizes.groupBy("place", "size").count().collect()
    for place in range(blocks):
        largest = largest_block([(row[1], row[2]) for row in told if row[0] == place], total)
        if largest is None:
            continue
        column = block_column(place)
        crowded = sizes.where(f"place = {place} AND size > {largest}")
        rows = rows.join(crowded.select(sql.col("block").alias(column), "size"), column, "left")
        hidden = sql.when(sql.col("size").isNull(), sql.col(column))
        rows = rows.withColumn(column, hidden).drop("size")
    return rows


def _block_sizes(rows: DataFrame, blocks: int) -> DataFrame:
    """Return place, block and size of every block of at least two records."""
    return (
        in_blocks(rows.select(*map(block_column, range(blocks))), blocks)
        .groupBy("place", "block")
        .count()
        .withColumnRenamed("count", "size")
        .where("size > 1")
    )


def in_blocks(rows: DataFrame, blocks: int) -> DataFrame:
    """Return each record once for each block that it is in, with the block's place and hash."""
    from pyspark.sql import functions as sql

    hashes = sql.array(*map(block_column, range(blocks)))
    return rows.select("*", sql.posexplode(hashes).alias("place", "block")).where("block IS NOT NULL")


def largest_block(sizes: list[tuple[int, int]], records: int) -> int | None:
    """Return the size up to which blocks bring few enough pairs, or None where all of them do.

    ``sizes``: how many blocks there are of each size.
    """
    if not sizes:
        return None
    size, blocks = np.array(sorted(sizes), dtype=np.float64).T
    so_far = np.cumsum(size * (size - 1) / 2 * blocks)
    fits = size[(so_far <= PAIRS_PER_RECORD * records) & (size <= LARGEST_BLOCK)]
    if len(fits) == len(size):
        return None
    return int(fits.max(initial=0))
