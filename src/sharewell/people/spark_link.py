"""Link records on Spark by the figures that a linkage on one machine learned.

What has to be known of all records is counted by Spark; all else is done part by part by the SQL and numpy
of one machine (``spark_tasks``). Only likely pairs come to one place, as numbers (``spark_groups``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Final

import pyarrow as pa

from sharewell.people.doubt import WRITTEN_DOUBTS
from sharewell.people.hold import Learned
from sharewell.people.link import Linkage, Progress
from sharewell.people.rules import LINK_AT
from sharewell.people.spark_count import default_days, in_blocks, marked_turned, rated
from sharewell.people.spark_groups import groups_of, shared_groups
from sharewell.people.spark_learn import learn
from sharewell.people.spark_parts import by_part, keep, numbered, rows_of
from sharewell.people.spark_tasks import (
    ANSWERS,
    LIKELY,
    divide_part,
    find_likely,
    lay_out,
    person_sql,
    read_names,
)
from sharewell.store.engine import Relation, quoted
from sharewell.store.spark import Spark
from sharewell.vocab.step import Note

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

BLOCKED_A_PART: Final = 300_000
"""About how many records, each once for each of its blocks, a worker compares at once."""

_CONTENT: Final = (
    "source", "source_row", "first_name", "surname", "date_of_birth", "postcode", "uprn", "nhs_number"
)  # fmt: skip
_SPENT: Final = (
    "ordered", "ordered_firsts", "named", "named_turned", "laid", "rated", "likely", "groups",
    "answers",
)  # fmt: skip
_NOTHING: Final = tuple(
    f"CAST(NULL AS {kind}) AS {name}"
    for name, kind in (
        ("match_weight", "DOUBLE"),
        ("linked_by", "STRING"),
        ("tie_source", "STRING"),
        ("tie_row", "BIGINT"),
        ("reason", "STRING"),
    )
)


@dataclass(frozen=True)
class _Work:
    """A linkage under way: the engine, how many records there are, and the name of the table to make."""

    engine: Spark
    total: int
    table: str
    say: Progress

    def name(self, part: str) -> str:
        return f"{self.table}_{part}"


def link_people_on_spark(
    records: Relation,
    engine: Spark,
    table: str,
    *,
    extra: Sequence[str] = (),
    learned: Learned | None = None,
    progress: Progress | None = None,
    seed: int = 1,
    threshold: float = LINK_AT,
) -> Linkage:
    """Return every record with the person it belongs to, as ``link_people`` does, for lists of any length.

    ``records``: as ``link_people`` takes them. ``learned``: what an earlier linkage of such lists learned;
    without it a sample is linked first, on the machine that drives Spark. Raises OutOfMemory, DiskFull.
    """
    work = _Work(engine, records.count(), table, progress or (lambda _: None))
    work.say("learning what each agreement is worth")
    known = learned or learn(records, engine, extra, seed=seed, threshold=threshold)
    try:
        notes = _link(work, records, known) if known else _alone(work, records)
        linked, doubts = _linked(work), _doubts(work)
    finally:
        for part in _SPENT:
            engine.drop(work.name(part))
    people = engine.fetch(f"SELECT count(DISTINCT person) AS people FROM {quoted(table)}")["people"]
    told = [Note("people_linked", "Records were grouped into people.", people[0].as_py()), *notes]
    return Linkage(linked, _model(known), tuple(told), doubts)


def _link(work: _Work, records: Relation, learned: Learned) -> list[Note]:
    work.say("laying the records out")
    learned = _lay_out(work, records, learned)
    work.say("comparing the records")
    _compare(work, learned)
    work.say("dividing the records into people")
    cut = _group(work)
    _divide(work, learned)
    told = "Records were in groups too large for one worker: their weakest likenesses were left out."
    return [Note("groups_cut", told, cut)] if cut else []


def _lay_out(work: _Work, records: Relation, learned: Learned) -> Learned:
    """Make the tables of the records as they are compared; return what was learned with the forms' dates."""
    from pyspark.sql import functions as sql

    engine, total = work.engine, work.total
    ordered = _numbered(work, records)
    task = partial(read_names, learned)
    named = by_part(engine, work.name("named"), ordered, ["id"], task, total=total)
    learned = replace(learned, default_days=default_days(engine, named))
    home = sql.coalesce("uprn", sql.col("id").cast("string"))
    marked = marked_turned(engine, named)
    laid = by_part(engine, work.name("laid"), marked, [home], partial(lay_out, learned), total=total)
    rated(engine, laid, learned, work.name("rated"))
    return learned


def _numbered(work: _Work, records: Relation) -> DataFrame:
    from pyspark.sql import functions as sql

    order = [sql.col(column).asc_nulls_last() for column in _CONTENT]
    return numbered(work.engine, rows_of(work.engine, records.name), order, work.name("ordered"))


def _compare(work: _Work, learned: Learned) -> None:
    """Make the table of the likely pairs."""
    blocks = len(learned.blocks)
    rows = rows_of(work.engine, work.name("rated")).drop("source_row", "family")
    each = in_blocks(rows, blocks) if blocks else rows.limit(0).selectExpr("*", "0 AS place", "id AS block")
    by_part(
        work.engine,
        work.name("likely"),
        each,
        ["place", "block"],
        partial(find_likely, learned),
        LIKELY,
        total=work.total * max(blocks, 1),
        largest=BLOCKED_A_PART,
    )


def _group(work: _Work) -> int:
    """Make the table of the groups that are divided together; return how many records' groups were cut."""
    engine = work.engine
    laid = quoted(work.name("laid"))
    homes = f"SELECT surname AS s, postcode AS p, min(id) AS first FROM {laid} WHERE home IS NOT NULL"
    # beside likely pairs, dividing looks at wives, and at those of one surname at two homes of a postcode
    likely = engine.fetch(f"SELECT l, r, bits FROM {quoted(work.name('likely'))}")
    families = engine.fetch(f"""
        SELECT id, family FROM {laid} WHERE family IS NOT NULL UNION ALL
        SELECT id, first FROM {laid} JOIN ({homes} GROUP BY surname, postcode HAVING min(home) <> max(home))
          ON surname = s AND postcode = p WHERE home IS NOT NULL""")
    group, cut = groups_of(work.total, likely, families)
    engine.load(work.name("groups"), shared_groups(group))
    return cut


def _divide(work: _Work, learned: Learned) -> None:
    from pyspark.sql import functions as sql

    engine, task = work.engine, partial(divide_part, learned)
    groups = rows_of(engine, work.name("groups"))
    rows = rows_of(engine, work.name("rated")).join(groups, "id", "left")
    rows = rows.withColumn("part", sql.coalesce("part", "id"))
    by_part(engine, work.name("answers"), rows, ["part"], task, ANSWERS, total=work.total)


def _alone(work: _Work, records: Relation) -> list[Note]:
    """Make the answers where there is nothing to compare: every record stands alone."""
    person = f"{person_sql('id', 'STRING')} AS person"
    rows = _numbered(work, records).selectExpr("source", "source_row", person, *_NOTHING)
    keep(work.engine, work.name("answers"), rows)
    told = "No column holds two values: every record stands alone."
    return [Note("nothing_to_compare", told, work.total)]


def _doubts(work: _Work) -> pa.Table:
    """Return the pairs to look at, the likeliest first."""
    found = work.engine.fetch(f"""
        SELECT source, source_row, tie_source AS other_source, tie_row AS other_row, match_weight, reason
        FROM {quoted(work.name("answers"))} WHERE reason IS NOT NULL
        ORDER BY match_weight DESC, source, source_row, other_source, other_row, reason""")
    return found.cast(WRITTEN_DOUBTS)


def _linked(work: _Work) -> Relation:
    return work.engine.create(
        work.table,
        f"""
        SELECT source, source_row, person, match_weight, linked_by, tie_source, tie_row
        FROM {quoted(work.name("answers"))} WHERE reason IS NULL ORDER BY source, source_row""",
    )


def _model(learned: Learned | None) -> dict[str, object]:
    """Return what was used, JSON-ready, under the names that ``link_people`` gives it."""
    if learned is None:
        return {}
    return {
        "threshold": learned.threshold,
        "seed": learned.seed,
        "learned": learned.model.weights.learned,
        "weights": learned.model.weights.as_dict(),
        "prior": dict(learned.model.priors),
        "columns": [comparison.column for comparison in learned.model.comparisons],
        "blocks": [asdict(block) for block in learned.blocks],
        "extra": dict(learned.extra),
    }
