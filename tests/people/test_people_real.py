"""Floors on open data with known truth: the figures people are promised, checked wherever it lies."""

from __future__ import annotations

from pathlib import Path

import pytest

from sharewell.people.link import link_people
from sharewell.store.duckdb import DuckDB, Limits
from sharewell.store.engine import Relation, literal

pytestmark = pytest.mark.real


@pytest.fixture
def engine():
    made = DuckDB(limits=Limits(threads=2, memory="4GB"))
    yield made
    made.close()


def found(shared: Path, name: str) -> str:
    path = shared / "data" / "linkage" / name
    if not path.is_file():
        pytest.skip(f"{name} is not on this machine")
    return literal(str(path))


def scored(
    engine: DuckDB, records: Relation, truth: str, extra: tuple[str, ...] = ()
) -> tuple[float, float, float]:
    """Return the pairwise precision, recall and F1 of the groups."""
    linked = link_people(records, engine, "linked", extra=extra).linked
    assert linked.count() == records.count()
    [row] = engine.fetch(f"""
        WITH told AS (
          SELECT linked.person, {truth} AS truth FROM linked JOIN truths USING (source, source_row)
        ), sizes AS (
          SELECT (SELECT sum(n * (n - 1) / 2) FROM (SELECT count(*) AS n FROM told GROUP BY person)) AS found,
            (SELECT sum(n * (n - 1) / 2) FROM (SELECT count(*) AS n FROM told GROUP BY truth)) AS possible,
            (SELECT sum(n * (n - 1) / 2) FROM (SELECT count(*) AS n FROM told GROUP BY ALL)) AS right_
        ) SELECT right_ / found AS p, right_ / possible AS r FROM sizes""").to_pylist()
    return row["p"], row["r"], 2 * row["p"] * row["r"] / (row["p"] + row["r"])


def test_a_borough_of_seven_lists_is_linked_well_above_the_peer(shared, engine):
    path = found(shared, "people200k.csv.gz")
    engine.create(
        "everyone",
        f"SELECT * FROM read_csv({path}, all_varchar=true) WHERE hash(uprn[-3:]) % 5 = 0",
    )
    engine.create(
        "truths", "SELECT source_dataset AS source, unique_id::BIGINT AS source_row, person FROM everyone"
    )
    records = engine.create(
        "records",
        "SELECT source_dataset AS source, unique_id::BIGINT AS source_row, first_name, surname, "
        "dob AS date_of_birth, postcode, uprn, nhs_number FROM everyone",
    )
    precision, recall, f1 = scored(engine, records, "truths.person")
    assert records.count() > 30_000
    assert precision >= 0.99
    assert recall >= 0.94
    assert f1 >= 0.975


@pytest.mark.slow
def test_historical_figures_in_two_lists_are_linked_above_the_peer(shared, engine):
    path = found(shared, "historical_figures_with_errors_50k.parquet")
    engine.create(
        "everyone",
        "SELECT *, row_number() OVER () AS n, NULL::VARCHAR AS nothing FROM read_parquet(" + path + ")",
    )
    source = "CASE WHEN n % 2 = 0 THEN 'even' ELSE 'odd' END AS source, n AS source_row"
    engine.create("truths", f"SELECT {source}, cluster FROM everyone")
    records = engine.create(
        "records",
        f"SELECT {source}, first_name, surname, dob AS date_of_birth, postcode_fake AS postcode, "
        "nothing AS uprn, nothing AS nhs_number, birth_place, occupation FROM everyone",
    )
    precision, _, f1 = scored(engine, records, "truths.cluster", ("birth_place", "occupation"))
    assert precision >= 0.97
    assert f1 >= 0.91
