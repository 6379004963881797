"""Learn what agreements are worth from a sample that one machine can link."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa

from sharewell.people.block import Block
from sharewell.people.evidence import comparison_of
from sharewell.people.hold import Learned
from sharewell.people.link import Linkage, link_people
from sharewell.people.spark_parts import rows_of
from sharewell.people.weigh import Model
from sharewell.people.weights import Weights
from sharewell.store.duckdb import DuckDB, Limits
from sharewell.store.engine import Relation
from sharewell.store.spark import Spark, _Plainly

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

LEARN_FROM: Final = 250_000
"""About how many records are linked on one machine to learn from; of fewer, all are."""

_MILLION: Final = 1_000_000


def learn(
    records: Relation,
    engine: Spark,
    extra: Sequence[str],
    *,
    seed: int,
    threshold: float,
    learn_from: int = LEARN_FROM,
) -> Learned | None:
    """Return what a sample teaches, or None where there is nothing in it to compare.

    Whole postcode sectors are drawn, so neighbours and families come whole. Of pairs in two sectors, true
    and false ones are drawn alike: the share of all pairs that match stays what it is. Raises OutOfMemory.
    """
    with _Plainly():
        rows: pa.Table = _sample(rows_of(engine, records.name), records.count(), seed, learn_from).toArrow()
    here = DuckDB(engine.scratch, Limits(engine.limits.threads, engine.limits.memory))
    try:
        sample = here.load("records", rows)
        linkage = link_people(
            sample, here, "linked", extra=extra, seed=seed, threshold=threshold, is_held=True
        )
        return learned_from(linkage, extra)
    finally:
        here.close()


def _sample(rows: DataFrame, total: int, seed: int, wanted: int) -> DataFrame:
    from pyspark.sql import functions as sql

    if total <= wanted:
        return rows
    sector = sql.expr("nullif(regexp_replace(upper(replace(postcode, ' ', '')), '..$', ''), '')")
    drawn = sql.coalesce(sector, sql.concat_ws("/", "source", "source_row"))
    place = sql.pmod(sql.xxhash64(drawn, sql.lit(seed)), sql.lit(_MILLION))
    return rows.where(place < round(_MILLION * wanted / total))


def learned_from(linkage: Linkage, given: Sequence[str]) -> Learned | None:
    """Return what a linkage made with ``is_held`` learned, or None where it had nothing to compare."""
    model: dict[str, Any] = dict(linkage.model)
    laid = linkage.laid_out
    if laid is None or "weights" not in model:
        return None
    return Learned(
        Model(
            tuple(comparison_of(column) for column in model["columns"]),
            Weights.from_dict(model["weights"], learned=model["learned"]),
            model["prior"],
        ),
        tuple(Block(tuple(each["parts"])) for each in model["blocks"]),
        model["threshold"],
        model["seed"],
        tuple(given),
        dict(laid.extra),
        laid.holds,
        laid.homes_known,
        (),
        (),
        has_ids=False,
    )
