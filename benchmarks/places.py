"""Matching addresses to UPRNs: real ones among real distractors, and a made-up borough at three levels of mess.

The floor is the least any tool must do: DuckDB reads both files, brings addresses to one form and joins what
is then equal. The peer is uk-address-matcher, which cannot live beside Splink 5: name a Python that has it
(``pip install uk-address-matcher==1.5.3``) in ``SHAREWELL_PEER_PYTHON``, or it is skipped.

The matcher's weights were fitted on the even rows of the messy files, so all are matched and only odd rows
are scored, for every contender alike.
"""

from __future__ import annotations

import os
import statistics
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.measure import (
    Answer,
    Stopwatch,
    in_its_own_process,
    in_turn,
    machine,
    median,
    serve,
    shared,
    table,
)

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

TIMES = 3
MODULE, PEER_MODULE = "benchmarks.places", "benchmarks.address_peer"
PEER = "SHAREWELL_PEER_PYTHON"
MESSES = ("messy_base", "messy_x2", "messy_stress")
REGISTRY = ("data", "linkage", "land_registry_230_with_uprn.csv")
OTHERS = ("data", "uk", "addresses", "openregister_bulk_addresses_2016.tsv.gz")
FIRST_OTHER = 990_000_000_001
"""Openregister addresses have no UPRN: they are numbered from here, where no real one is."""
LOOK_UPS = 40


def main() -> None:
    """Match the real addresses and the borough's, and print the figures."""
    print(machine())
    registry, others = shared(*REGISTRY), shared(*OTHERS)
    if registry and others:
        _print_registry(in_its_own_process(MODULE, "registry", registry, others))
    gazetteer = shared("data", "linkage", "gaz100k.csv.gz")
    if gazetteer:
        for place, mess in enumerate(MESSES):
            _borough(gazetteer, gazetteer.with_name(f"{mess}.csv.gz"), with_peer=place == 0)


def registry(addresses: str, others: str) -> Answer:
    """Find 230 real Land Registry addresses, whose gazetteer strings are hidden among 112,797 others."""
    from sharewell.places.gazetteer import prepare_gazetteer
    from sharewell.places.match import match_addresses
    from sharewell.sources.read import read_source
    from sharewell.store.duckdb import DuckDB

    engine, watch = DuckDB(), Stopwatch()
    read_source(Path(addresses), engine, "registry")
    read_source(Path(others), engine, "others")
    raw = engine.create(
        "both",
        'SELECT "UPRN" AS uprn, "MATCHED_ABP_E32_ADDRESS" AS address FROM registry UNION ALL '
        f"SELECT ({FIRST_OTHER} + source_row - 1)::VARCHAR, concat_ws(' ', text, postcode) FROM others",
    )
    records = engine.create("records", 'SELECT source_row, "UPRN" AS truth, address FROM registry')
    with watch.step("gazetteer"):
        gazetteer = prepare_gazetteer(raw)
    with watch.step("match"):
        match_addresses(records, gazetteer, "matched", address=["address"])
    answer = watch.figures() | {"rows": records.count(), "gazetteer": gazetteer.relation.count()}
    return answer | _scored(engine.connection, "SELECT *, uprn = truth AS inside FROM matched JOIN records USING (source_row)")


def borough(gazetteer_file: str, messy_file: str) -> Answer:
    """Match a messy file of the made-up borough, from both files to the table of answers."""
    from sharewell.places.gazetteer import load_gazetteer
    from sharewell.places.match import match_addresses
    from sharewell.sources.read import read_source
    from sharewell.store.duckdb import DuckDB

    engine, watch = DuckDB(), Stopwatch()
    with watch.step("gazetteer"):
        gazetteer = load_gazetteer(Path(gazetteer_file), engine)
    with watch.step("read"):
        records = read_source(Path(messy_file), engine, "records").kept
    with watch.step("match"):
        match_addresses(records, gazetteer, "matched", address=["address_concat"], postcode="postcode")
    answer = watch.figures() | {"rows": records.count()}
    engine.create("truths", "SELECT source_row, unique_id::BIGINT AS n, source_uprn AS truth FROM records")
    engine.create("parents", "SELECT DISTINCT uprn, coalesce(parent, uprn) AS parent FROM gazetteer")
    return answer | _scored(engine.connection, TOLD)


TOLD = """
    SELECT matched.*, truth, coalesce(mine.parent = theirs.parent, false) AS inside
    FROM matched JOIN truths USING (source_row) JOIN parents AS theirs ON theirs.uprn = truth
    LEFT JOIN parents AS mine ON mine.uprn = matched.uprn WHERE n % 2 = 1"""
"""Answers beside the truth: ``inside`` says that the answer lies in the true building."""


def floor(gazetteer_file: str, messy_file: str) -> Answer:
    """Join what is equal once case, spaces and punctuation are gone: the least there is to do."""
    import duckdb

    engine, watch = duckdb.connect(config={"threads": 2}), Stopwatch()
    plain = "regexp_replace(upper({}), '[^A-Z0-9]+', '', 'g')"
    parts = "subname, name, number, streetname, locality, townname"
    with watch.step("read and join"):
        engine.execute(f"CREATE TABLE gazetteer AS FROM read_csv('{gazetteer_file}', all_varchar=true)")
        engine.execute(f"CREATE TABLE records AS FROM read_csv('{messy_file}', all_varchar=true)")
        engine.execute(
            "CREATE TABLE matched AS SELECT unique_id::BIGINT AS source_row, min(uprn) AS uprn, 'unit' AS answer "
            f"FROM (SELECT *, {plain.format('address_concat')} AS key, {plain.format('postcode')} AS pc "
            f"FROM records) JOIN (SELECT uprn, {plain.format(f'concat({parts})')} AS key, "
            f"{plain.format('postcode')} AS pc FROM gazetteer) USING (key, pc) GROUP BY unique_id"
        )
    answer = watch.figures()
    _borough_truth(engine)
    return answer | _scored(engine, TOLD_IF_ANY)


def look_up(gazetteer_file: str, messy_file: str) -> Answer:
    """Match one address at a time against a gazetteer that is ready."""
    from sharewell.places.gazetteer import load_gazetteer
    from sharewell.places.match import match_addresses
    from sharewell.sources.read import read_source
    from sharewell.store.duckdb import DuckDB

    engine = DuckDB()
    gazetteer = load_gazetteer(Path(gazetteer_file), engine)
    read_source(Path(messy_file), engine, "records")
    waits = []
    for place in range(LOOK_UPS):
        one = engine.create("one", f"SELECT * FROM records WHERE source_row = {1 + 997 * place}")
        begun = time.perf_counter()
        match_addresses(one, gazetteer, "matched", address=["address_concat"], postcode="postcode")
        waits.append(1000 * (time.perf_counter() - begun))
    waits.sort()
    return {"median_ms": statistics.median(waits), "p95_ms": waits[int(0.95 * len(waits))]}
