"""uk-address-matcher on the borough's addresses, run by a Python that has it; see ``benchmarks.places``."""

from __future__ import annotations

import tempfile
from pathlib import Path

import duckdb
from uk_address_matcher import AddressMatcher, prepare_canonical_folder

from benchmarks.measure import Answer, Stopwatch, serve

CANONICAL = """
    SELECT uprn AS unique_id, postcode,
      concat_ws(', ', subname, name, concat_ws(' ', number, streetname), locality, townname) AS address_concat
    FROM read_csv('{}', all_varchar=true)"""
MESSY = "SELECT unique_id, address_concat, postcode FROM read_csv('{}', all_varchar=true)"


def match(gazetteer: str, messy: str, out: str) -> Answer:
    """Match every address with the default stages, from both files to a table of answers, and keep it."""
    engine, watch = duckdb.connect(config={"threads": 2}), Stopwatch()
    with watch.step("read, prepare and match"):
        _match(engine, gazetteer, MESSY.format(messy))
    answer = watch.figures()
    engine.execute(f"COPY answers TO '{out}' (FORMAT parquet)")
    return answer


def look_up(gazetteer: str, messy: str) -> Answer:
    """Match one address against a gazetteer that is prepared; the second of two, so that nothing is cold."""
    engine = duckdb.connect(config={"threads": 2})
    with tempfile.TemporaryDirectory() as folder:
        prepare_canonical_folder(
            engine.sql(CANONICAL.format(gazetteer)), folder, con=engine, overwrite=True, show_progress="off"
        )
        for _ in range(2):
            watch = Stopwatch()
            with watch.step("one address"):
                _answer(engine, Path(folder), engine.sql(f"{MESSY.format(messy)} LIMIT 1"))
    return watch.figures()


def _match(engine: duckdb.DuckDBPyConnection, gazetteer: str, messy: str) -> None:
    engine.execute(f"CREATE TABLE canonical AS {CANONICAL.format(gazetteer)}")
    engine.execute(f"CREATE TABLE messy AS {messy}")
    _answer(engine, engine.table("canonical"), engine.table("messy"))


def _answer(
    engine: duckdb.DuckDBPyConnection,
    canonical: duckdb.DuckDBPyRelation | Path,
    messy: duckdb.DuckDBPyRelation,
) -> None:
    matcher = AddressMatcher(
        canonical_addresses=canonical, addresses_to_match=messy, con=engine, show_progress="off"
    )
    found = matcher.match().matches(all_columns=True)
    answers = "unique_id::BIGINT AS source_row, resolved_canonical_id::VARCHAR AS uprn, distinguishability"
    engine.execute("DROP TABLE IF EXISTS answers")
    found.project(answers).create("answers")


if __name__ == "__main__":
    serve({"match": match, "look_up": look_up})
