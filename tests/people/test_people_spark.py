"""The same link on Spark: the same people, weights and doubts, but for what chance decides."""

from __future__ import annotations

import os
from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pytest
from people_cases import crowd, records_table

from sharewell.people.link import Linkage, link_people
from sharewell.people.spark_count import LARGEST_BLOCK, largest_block
from sharewell.people.spark_groups import groups_of, shared_groups
from sharewell.people.spark_link import link_people_on_spark
from sharewell.store.duckdb import DuckDB, Limits
from sharewell.store.engine import Engine
from sharewell.vocab.errors import ExtraMissing

FAMILIES = [
    ("tax", 1, "Mr & Mrs J", "Hall", None, "N1 1AA", "77", None),
    ("gp", 1, "John", "Hall", "1950-03-04", "N1 1AA", "77", None),
    ("gp", 2, "Jane", "Hall", "1952-05-06", "N1 1AA", "77", None),
    ("gp", 3, "Mrs J", "Hall", None, "N1 1AA", "77", None),
    ("tax", 2, "The", "Occupier", None, "N1 1AA", "78", None),
    ("tax", 3, "Baby", "Hall", "2025-03-04", "N1 1AA", "77", None),
    ("tax", 4, None, None, None, None, None, None),
    ("tax", 4, None, None, None, None, None, None),
]
TOLERATED = 0.01
"""Groups that agree equally well are joined in an order that hangs on the records' numbers."""


@pytest.fixture(scope="module")
def spark() -> Iterator[Engine]:
    pytest.importorskip("pyspark", reason="PySpark is not installed (`sharewell[spark]`)")
    from sharewell.store.spark import Spark

    os.environ.setdefault("JDK_JAVA_OPTIONS", "-XX:TieredStopAtLevel=1")
    try:
        made = Spark(limits=Limits(threads=2, memory="2GB"))
    except ExtraMissing as missing:
        pytest.skip(str(missing))
    yield made
    made.close()


def rows_of(linkage: Linkage) -> list[dict[str, object]]:
    return sorted(linkage.linked.arrow().to_pylist(), key=repr)


def without_weight(rows: list[dict[str, object]]) -> list[dict[str, object]]:
    return [{name: value for name, value in row.items() if name != "match_weight"} for row in rows]


def _same_tie(mine: dict[str, object], theirs: dict[str, object]) -> bool:
    return all(mine[name] == theirs[name] for name in ("tie_source", "tie_row"))


def test_the_same_link_on_spark_answers_the_same(spark, engine: DuckDB):
    rows = records_table([row[:8] for row in crowd(700, 3)] + FAMILIES)
    phones = [f"0{number // 5}" if number % 3 else None for number in range(rows.num_rows)]
    rows = rows.append_column("phone", pa.array(phones, pa.string()))
    here = link_people(engine.load("records", rows), engine, "linked", extra=("phone",))
    there = link_people_on_spark(spark.load("records", rows), spark, "linked", extra=("phone",))
    assert there.linked.columns == here.linked.columns
    mine, theirs = rows_of(here), rows_of(there)
    differing = [
        (a, b)
        for a, b in zip(without_weight(mine), without_weight(theirs), strict=True)
        if a["person"] != b["person"]
    ]
    assert len(differing) <= TOLERATED * len(mine), differing[:3]
    weights = [
        (a["match_weight"], b["match_weight"])
        for a, b, same in zip(mine, theirs, map(_same_tie, mine, theirs), strict=True)
        if same
    ]
    strange = [pair for pair in weights if pair[0] != pytest.approx(pair[1], abs=0.001)]
    assert strange == []
    families = [
        [row for row in without_weight(each) if row["source"] in ("tax", "gp")] for each in (mine, theirs)
    ]
    assert families[0] == families[1]
    doubts = [sorted(map(repr, without_weight(each.doubts.to_pylist()))) for each in (here, there)]
    assert len(set(doubts[0]) ^ set(doubts[1])) <= 2 * TOLERATED * len(mine)
    assert there.model["weights"] == here.model["weights"] and there.model["prior"] == here.model["prior"]
    assert sorted(spark._tables) == ["linked", "records"]


def test_records_that_say_nothing_are_each_alone_on_spark(spark):
    rows = records_table([("a", number) for number in range(1, 6)])
    found = link_people_on_spark(spark.load("records", rows), spark, "linked")
    answers = found.linked.arrow().to_pylist()
    assert [row["person"] for row in answers] == [f"L00000000{number}" for number in range(5)]
    assert [note.code for note in found.notes] == ["people_linked", "nothing_to_compare"]


def likely(*pairs: tuple[int, int, float]) -> pa.Table:
    left, right, bits = zip(*pairs, strict=True)
    return pa.table({"l": left, "r": right, "bits": bits})


NO_FAMILIES = pa.table({"id": pa.array([], pa.int64()), "family": pa.array([], pa.int64())})


def test_records_joined_by_any_path_are_divided_together():
    families = pa.table({"id": [5], "family": [3]})
    group, cut = groups_of(7, likely((0, 1, 0.5), (1, 2, 3.0), (3, 4, 9.0)), families)
    assert group.tolist() == [0, 0, 0, 3, 3, 3, 6] and cut == 0
    assert shared_groups(group).column("id").to_pylist() == [0, 1, 2, 3, 4, 5]


def test_a_group_too_large_for_a_worker_loses_its_weakest_likenesses_first():
    chain = [(place, place + 1, 0.5 if place % 3 == 2 else 9.0) for place in range(8)]
    group, cut = groups_of(9, likely(*chain), NO_FAMILIES, largest=4)
    assert group.tolist() == [0, 0, 0, 3, 3, 3, 6, 6, 6] and cut == 9
    lump, _ = groups_of(9, likely(*((0, place, 99.0) for place in range(1, 9))), NO_FAMILIES, largest=4)
    assert np.array_equal(lump, np.arange(9))


@pytest.mark.parametrize(
    ("sizes", "records", "largest"),
    [
        ([(2, 10), (3, 1)], 100, None),
        ([(2, 10), (100, 1)], 100, 2),
        ([(2, 10), (LARGEST_BLOCK + 1, 1)], 10_000_000, 2),
        ([(100, 1)], 10, 0),
        ([], 10, None),
    ],
)
def test_a_block_is_bounded_as_on_one_machine(sizes, records, largest):
    assert largest_block(sizes, records) == largest
