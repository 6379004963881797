"""A batch of 1 % linked against people who are held, beside linking all of them again.

The borough's 200,000 rows: one in a hundred, by a hash of its number, comes later. Both in turn, two threads
for the whole linkage and one for the batch, CPU seconds; reading the CSV is not counted for either, opening
what is held is told apart.
"""

from __future__ import annotations

import shutil
import tempfile
from datetime import UTC, datetime
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
from benchmarks.people import READ, SETS, pairwise

if TYPE_CHECKING:
    from sharewell.store.lent import LentDuckDB

MODULE, TIMES = "benchmarks.batch", 3
LATE = "hash(source_row) % 100 = 7"
AT = datetime(2026, 1, 1, tzinfo=UTC)


def main() -> None:
    """Hold 99 % once, then link everybody anew and the last 1 % as a batch, in turn."""
    print(machine())
    path = shared("data", "linkage", SETS["borough"])
    if path is None:
        return
    with tempfile.TemporaryDirectory() as folder:
        in_its_own_process(MODULE, "hold", path, Path(folder) / "held")
        rivals = {
            "everybody linked anew": partial(
                in_its_own_process, "benchmarks.people", "ours", "borough", path
            ),
            "the batch against what is held": partial(
                in_its_own_process, MODULE, "add", path, Path(folder) / "held", Path(folder) / "copy"
            ),
        }
        _print(in_turn(rivals, TIMES))


def hold(path: str, folder: str) -> Answer:
    """Link all but the late rows, and hold them."""
    from sharewell.people.held import opened_held
    from sharewell.people.hold import hold_people
    from sharewell.people.link import link_people
    from sharewell.store.duckdb import DuckDB, Limits

    engine, watch = DuckDB(limits=Limits(threads=2, memory="8GB")), Stopwatch()
    engine.connection.execute(
        f"CREATE TABLE records AS SELECT * EXCLUDE (truth) FROM ({READ['borough']}) WHERE NOT ({LATE})",
        [path],
    ).fetchall()
    records = engine.create("first", "SELECT * FROM records")
    with opened_held(Path(folder)), watch.step("link and hold"):
        linkage = link_people(records, engine, "linked", is_held=True)
        hold_people(Path(folder), records, linkage, engine, at=AT, run="first")
    return watch.figures()


def add(path: str, held_folder: str, copy: str) -> Answer:
    """Link the late rows against what is held, in a copy of it."""
    from sharewell.people.add import add_records
    from sharewell.people.held import opened_held
    from sharewell.store.duckdb import Limits
    from sharewell.store.lent import LentDuckDB

    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(held_folder, copy)
    engine, watch = LentDuckDB(limits=Limits(threads=1, memory="8GB")), Stopwatch()
    engine.connection.execute(f"CREATE TABLE everyone AS {READ['borough']}", [path]).fetchall()
    late = engine.create("late", f"SELECT * EXCLUDE (truth) FROM everyone WHERE {LATE}")
    with opened_held(Path(copy)) as held:
        assert held is not None
        with watch.step("open"):
            before = held.records()
        with watch.step("open and add"):
            added = add_records(held, late, engine, "answer", at=AT, run="second")
    answer = watch.figures()
    engine.load("before", before.select(["record_key", "person"]))
    engine.load("now", added.held.records())
    told = "SELECT person, truth FROM now JOIN everyone USING (source, source_row)"
    return answer | dict(added.counts) | pairwise(engine.connection, told) | _kept(engine)


def _kept(engine: LentDuckDB) -> dict[str, float]:
    """Return how many people were held before, and how many of the same records have another reference."""
    [[people, moved]] = engine.connection.execute("""
        WITH old AS (SELECT person, list_sort(list(record_key)) AS records FROM before GROUP BY person),
        new AS (
          SELECT person, list_sort(list(record_key)) AS records FROM now
          WHERE record_key IN (SELECT record_key FROM before) GROUP BY person
        )
        SELECT (SELECT count(*) FROM old),
          (SELECT count(*) FROM old JOIN new USING (records) WHERE old.person <> new.person)""").fetchall()
    return {"people_before": people, "moved": moved}


def _print(runs: dict[str, list[Answer]]) -> None:
    whole, batch = runs.values()
    full = median(whole, "cpu_s")
    opened, added = (median([answer["steps"][name] for answer in batch], "cpu_s") for name in _STEPS)
    one = batch[0]
    rows: list[list[object]] = [
        ["everybody linked anew", full, "100 %"],
        ["the batch: opening what is held", opened, f"{100 * opened / full:.1f} %"],
        ["the batch: the rest", added - opened, f"{100 * (added - opened) / full:.1f} %"],
    ]
    table([f"median of {TIMES} in turn", "CPU s", "of the whole"], rows)
    print(
        f"{one['new']} new, {one['unchanged']} held already, {one['looked_at']} held records looked at again"
    )
    print(f"pairwise F1 afterwards {one['f1']:.4f}; anew {whole[0]['at']['as shipped']['f1']:.4f}")
    print(
        f"{one['moved']} of {one['people_before']} people whose records are the same have another reference"
    )


_STEPS = ("open", "open and add")

if __name__ == "__main__":
    serve(globals())
