"""The same link on DuckDB and on Spark in local mode: how right, how alike, what it costs and how that grows.

Half of the made-up borough's people, all, and five copies of them: names are kept, and dates, postcodes,
UPRNs and NHS numbers moved for each copy, so that no copy links with another. Spark links by the figures
that DuckDB learned of all rows, so the answers differ only where chance decides; and by figures of its own,
where there are more rows than it learns from. Its CPU seconds are of Java and all its Python workers; to
start Java is not counted.
Without PySpark or Java it says so and does nothing.
"""

from __future__ import annotations

import math
import os
import pickle
import sys
import tempfile
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.measure import Answer, Stopwatch, in_its_own_process, machine, serve, shared, table
from benchmarks.people import SETS, pairwise

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

MODULE = "benchmarks.spark_link"
SIZES = (100_000, 200_000, 1_000_000)
COPY = 200_000
MEMORY = "6GB"
SHORT_RUNS = "-XX:TieredStopAtLevel=1"
"""Java compiles for a long life by default, which is half of what a run of minutes takes."""
_TICKS = os.sysconf("SC_CLK_TCK")
_PAGES = "VmHWM:"

ROWS = """
    SELECT source_dataset AS source, unique_id::BIGINT + copy * 1000000 AS source_row, first_name, surname,
      coalesce(strftime(try_cast(dob AS DATE) + (copy * 1487)::INT, '%Y-%m-%d'), dob) AS date_of_birth,
      substr('EKMQV', copy + 1, 1) || postcode[2:] AS postcode,
      (uprn::BIGINT + copy * 100000000000)::VARCHAR AS uprn,
      lpad(((nhs_number::BIGINT + copy * 1234567891) % 10000000000)::VARCHAR, 10, '0') AS nhs_number,
      copy || '-' || person AS truth
    FROM read_csv(?, all_varchar=true), (SELECT unnest(range(?)) AS copy) WHERE hash(person) % ? = 0"""
"""People are drawn whole: half a borough is every second person."""


def main(sizes: tuple[int, ...] = SIZES) -> None:
    """Link each size on both engines and print the figures."""
    print(machine())
    os.environ.setdefault("JDK_JAVA_OPTIONS", SHORT_RUNS)
    path = shared("data", "linkage", SETS["borough"])
    if path and _is_here():
        with tempfile.TemporaryDirectory() as folder:
            runs = {rows: _runs(path, rows, Path(folder)) for rows in sizes}
        _print(runs)


def _is_here() -> bool:
    told = in_its_own_process(MODULE, "start")["missing"]
    if told:
        print(f"skipped: {told}")
    return not told


def start() -> Answer:
    """Return what Spark says is missing on this machine, if anything."""
    from sharewell.store.spark import Spark
    from sharewell.vocab.errors import ExtraMissing

    try:
        Spark().close()
    except ExtraMissing as missing:
        return {"missing": str(missing)}
    return {"missing": None}


def _runs(path: Path, rows: int, folder: Path) -> dict[str, Answer]:
    """Return what each way of linking gave; DuckDB is first because its figures are used by the next."""
    from sharewell.people.spark_learn import LEARN_FROM

    run = partial(in_its_own_process, MODULE)
    ways = ("duckdb", "same", "own") if rows > LEARN_FROM else ("duckdb", "same")
    told = {way: run(way, path, rows, folder) for way in ways}
    for way in ways[1:]:
        told[way] |= run("compared", folder / f"duckdb-{rows}.parquet", folder / f"{way}-{rows}.parquet")
    return told


def duckdb(path: str, rows: str, folder: str) -> Answer:
    """Link with DuckDB, and keep the answer and the figures it learned."""
    from sharewell.people.link import link_people
    from sharewell.people.spark_learn import learned_from
    from sharewell.store.duckdb import DuckDB, Limits

    engine, watch = DuckDB(limits=Limits(threads=2, memory=MEMORY)), Stopwatch()
    _read(engine.connection, path, int(rows))
    records = engine.create("records", "SELECT * EXCLUDE (truth) FROM everyone")
    with watch.step("link"):
        linkage = link_people(records, engine, "linked", is_held=True)
    answer = watch.figures()
    (Path(folder) / f"learned-{rows}").write_bytes(pickle.dumps(learned_from(linkage, ())))
    return answer | _told(engine.connection, Path(folder) / f"duckdb-{rows}.parquet")


def same(path: str, rows: str, folder: str) -> Answer:
    """Link on Spark by the figures that DuckDB learned."""
    return _on_spark(path, int(rows), Path(folder), "same")


def own(path: str, rows: str, folder: str) -> Answer:
    """Link on Spark by figures learned on a sample."""
    return _on_spark(path, int(rows), Path(folder), "own")


def _on_spark(path: str, rows: int, folder: Path, way: str) -> Answer:
    from sharewell.people.spark_link import link_people_on_spark
    from sharewell.store.duckdb import DuckDB, Limits
    from sharewell.store.spark import Spark

    here, spark = DuckDB(), Spark(limits=Limits(threads=2, memory=MEMORY))
    _read(here.connection, path, rows)
    records = spark.load("records", here.fetch("SELECT * EXCLUDE (truth) FROM everyone"))
    learned = pickle.loads((folder / f"learned-{rows}").read_bytes()) if way == "same" else None
    watch, before = Stopwatch(), _family()
    with watch.step("link"):
        linkage = link_people_on_spark(records, spark, "linked", learned=learned, progress=_say)
    after, answer = _family(), watch.figures()
    here.load("linked", linkage.linked.arrow())
    spark.close()
    cost = {"cpu_s": after["cpu_s"] - before["cpu_s"], "peak_mb": after["peak_mb"]}
    return answer | cost | _told(here.connection, folder / f"{way}-{rows}.parquet")


def _say(what: str) -> None:
    print(what, file=sys.stderr, flush=True)


def _read(connection: DuckDBPyConnection, path: str, rows: int) -> None:
    copies, part = max(rows // COPY, 1), max(COPY // rows, 1)
    connection.execute(f"CREATE TABLE everyone AS {ROWS}", [path, copies, part]).fetchall()


def _told(connection: DuckDBPyConnection, path: Path) -> Answer:
    told = "SELECT source, source_row, person, truth FROM linked JOIN everyone USING (source, source_row)"
    connection.execute(f"COPY ({told}) TO '{path}' (FORMAT parquet)").fetchall()
    [[rows]] = connection.execute(f"SELECT count(*) FROM ({told})").fetchall()
    return {"rows": rows, "found": pairwise(connection, told)}


def _family() -> dict[str, float]:
    """Return the CPU seconds of this process and all that it started, and the sum of their most memory."""
    parents = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
            peak = next(
                (int(line.split()[1]) for line in (stat.parent / "status").open() if line.startswith(_PAGES)),
                0,
            )
        except OSError:
            continue  # it has ended
        parents[int(stat.parent.name)] = (int(fields[1]), sum(map(int, fields[11:15])) / _TICKS, peak / 1024)
    mine, found = {os.getpid()}, 0
    while len(mine) > found:
        found = len(mine)
        mine |= {number for number, (parent, *_) in parents.items() if parent in mine}
    return {
        "cpu_s": sum(parents[number][1] for number in mine),
        "peak_mb": sum(parents[number][2] for number in mine),
    }


def compared(mine: str, theirs: str) -> Answer:
    """Return the share of the joined pairs that two answers differ in, and how many records moved."""
    import duckdb

    connection = duckdb.connect()
    told = " JOIN ".join(f"read_parquet('{path}') AS {name}" for name, path in (("a", mine), ("b", theirs)))
    connection.execute(
        f"CREATE TABLE beside AS SELECT a.person AS p, b.person AS q FROM {told} USING (source, source_row)"
    ).fetchall()
    pairs = "SELECT coalesce(sum(n * (n - 1) / 2), 0) FROM (SELECT count(*) AS n FROM beside GROUP BY {})"
    [[mine_only, theirs_only, common]] = connection.execute(
        f"SELECT ({pairs.format('p')}), ({pairs.format('q')}), ({pairs.format('p, q')})"
    ).fetchall()
    [[moved]] = connection.execute("""
        SELECT count(*) FILTER (of_mine <> of_both OR of_theirs <> of_both) FROM (
          SELECT count(*) OVER (PARTITION BY p) AS of_mine, count(*) OVER (PARTITION BY q) AS of_theirs,
            count(*) OVER (PARTITION BY p, q) AS of_both FROM beside)""").fetchall()
    every = mine_only + theirs_only - common
    return {"pairs_apart": (every - common) / max(every, 1), "regrouped": moved}


def _print(runs: dict[int, dict[str, Answer]]) -> None:
    titles = {"duckdb": "DuckDB", "same": "Spark, DuckDB's figures", "own": "Spark, figures of a sample"}
    rows: list[list[object]] = [
        [
            f"{titles[way]}",
            told["rows"],
            *(f"{told['found'][key]:.4f}" for key in ("precision", "recall", "f1")),
            f"{told['pairs_apart']:.3%}" if "pairs_apart" in told else "",
            told.get("regrouped", ""),
            float(told["cpu_s"]),
            float(told["s"]),
            int(told["peak_mb"]),
        ]
        for each in runs.values()
        for way, told in each.items()
    ]
    headings = ["", "rows", "precision", "recall", "F1", "pairs that differ", "records regrouped"]
    table([*headings, "CPU s", "s", "peak MB"], rows)
    if len(runs) > 1:
        for way in ("duckdb", "same"):
            print(f"{titles[way]}: CPU grows with rows to the power {_power(runs, way):.2f}.")


def _power(runs: dict[int, dict[str, Answer]], way: str) -> float:
    first, last = (runs[size][way] for size in (min(runs), max(runs)))
    return math.log(last["cpu_s"] / first["cpu_s"]) / math.log(last["rows"] / first["rows"])


if __name__ == "__main__":
    serve({"start": start, "duckdb": duckdb, "same": same, "own": own, "compared": compared})
