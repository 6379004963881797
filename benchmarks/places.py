"""Matching addresses to UPRNs: real ones among real distractors, and a made-up borough's, ever messier.

The floor is the least any tool must do: DuckDB reads both files, brings addresses to one form and joins what
is then equal. The peer is uk-address-matcher, which cannot live beside Splink 5: name a Python that has it
(``pip install uk-address-matcher==1.5.3``) in ``SHAREWELL_PEER_PYTHON``, or it is skipped.

The matcher's weights were fitted on the even rows of the messy files, so all are matched and only odd rows
are scored, for every contender alike.
"""

from __future__ import annotations

import os
import statistics
import tempfile
import time
from collections.abc import Callable
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
LEAST = (0.0, 0.8, 0.9, 0.95, 0.98, 0.99, 0.993, 0.994)
"""Units less probable than these are left out, one after another: the whole trade-off."""
TOLD = """
    SELECT answers.uprn, coalesce(answer, 'none') AS answer, truth,
      coalesce(mine.parent = theirs.parent, false) AS inside
    FROM truths LEFT JOIN answers USING (n) JOIN parents AS theirs ON theirs.uprn = truth
    LEFT JOIN parents AS mine ON mine.uprn = answers.uprn WHERE n % 2 = 1"""
"""Answers beside the truth: ``inside`` says that the answer lies in the true building."""


HEADINGS = (
    "", "unit precision", "unit recall", "F1", "in the right building", "CPU s", "rows a CPU s", "peak MB",
)  # fmt: skip


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
        _bare(gazetteer, gazetteer.with_name(f"{MESSES[0]}.csv.gz"))


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
    told = "SELECT *, coalesce(uprn = truth, false) AS inside FROM matched JOIN records USING (source_row)"
    rows = {"rows": records.count(), "gazetteer": gazetteer.relation.count()}
    return watch.figures() | rows | _scored(engine.connection, told)


def borough(gazetteer_file: str, messy_file: str, bare: str = "") -> Answer:
    """Match a messy file of the made-up borough, from both files to the table of answers.

    ``bare`` leaves its postcodes out.
    """
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
        postcode = None if bare else "postcode"
        match_addresses(records, gazetteer, "matched", address=["address_concat"], postcode=postcode)
    answer = watch.figures() | {"rows": records.count()}
    engine.create("answers", "SELECT source_row - 1 AS n, uprn, answer, probability FROM matched")
    _know_the_truth(engine.connection, gazetteer_file, messy_file)
    answer |= _scored(engine.connection, TOLD)
    engine.connection.execute("ALTER TABLE answers RENAME TO every_answer").fetchall()
    at = {}
    for least in LEAST:
        kept = f"CASE WHEN answer = 'unit' AND probability < {least} THEN 'none' ELSE answer END"
        engine.create("answers", f"SELECT n, uprn, {kept} AS answer FROM every_answer")
        at[str(least)] = _scored(engine.connection, TOLD)
    return answer | {"at": at}


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
            "CREATE TABLE answers AS SELECT unique_id::BIGINT AS n, min(uprn) AS uprn, 'unit' AS answer "
            f"FROM (SELECT *, {plain.format('address_concat')} AS key, {plain.format('postcode')} AS pc "
            f"FROM records) JOIN (SELECT uprn, {plain.format(f'concat({parts})')} AS key, "
            f"{plain.format('postcode')} AS pc FROM gazetteer) USING (key, pc) GROUP BY unique_id"
        )
    answer = watch.figures()
    _know_the_truth(engine, gazetteer_file, messy_file)
    return answer | _scored(engine, TOLD)


def score_peer(gazetteer_file: str, messy_file: str, answers: str) -> Answer:
    """Score the peer's answers: all of them, and only those it is surest of."""
    import duckdb

    engine = duckdb.connect()
    engine.execute(f"CREATE TABLE found AS FROM '{answers}'")
    _know_the_truth(engine, gazetteer_file, messy_file)
    at = {}
    for least in (0, 1, 2, 5, 10, 15):
        engine.execute(
            "CREATE OR REPLACE TABLE answers AS SELECT source_row AS n, uprn, 'unit' AS answer FROM found "
            f"WHERE uprn IS NOT NULL AND ({least} = 0 OR coalesce(distinguishability, 99) >= {least})"
        )
        at[str(least)] = _scored(engine, TOLD)
    return {"at": at}


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


def _know_the_truth(engine: DuckDBPyConnection, gazetteer_file: str, messy_file: str) -> None:
    engine.execute(
        "CREATE TABLE truths AS SELECT unique_id::BIGINT AS n, source_uprn AS truth "
        f"FROM read_csv('{messy_file}', all_varchar=true)"
    ).fetchall()
    engine.execute(
        "CREATE TABLE parents AS SELECT uprn, coalesce(parentuprn, uprn) AS parent "
        f"FROM read_csv('{gazetteer_file}', all_varchar=true)"
    ).fetchall()


def _scored(engine: DuckDBPyConnection, told: str) -> Answer:
    """Return counts over the rows told, of units, right units and answers in the true building."""
    [found] = engine.execute(
        "SELECT count(*), count(*) FILTER (answer = 'unit'), "
        "count(*) FILTER (answer = 'unit' AND uprn = truth), "
        "count(*) FILTER (answer = 'building'), count(*) FILTER (answer <> 'none' AND inside), "
        f"count(*) FILTER (answer = 'none') FROM ({told})"
    ).fetchall()
    return dict(zip(("scored", "units", "right", "buildings", "in_building", "none"), found, strict=True))


def _borough(gazetteer: Path, messy: Path, *, with_peer: bool) -> None:
    files = (gazetteer, messy)
    ours = partial(in_its_own_process, MODULE, "borough", *files)
    least = partial(in_its_own_process, MODULE, "floor", *files)
    runs = in_turn({"ours": ours, "floor": least}, TIMES)
    peer = _peer(files) if with_peer else None
    rows = [_line("sharewell", runs["ours"]), _line("floor: equal once normalised", runs["floor"])]
    if peer:
        rows += [_line(f"uk-address-matcher, {name}", [run]) for name, run in peer.items()]
    print(f"\n{messy.name}: {runs['ours'][0]['rows']:,} addresses, 100,000 UPRNs; {TIMES} runs in turn")
    table(HEADINGS, rows)
    _print_trade_off(runs["ours"][0])
    _print_ratios(runs, peer)
    if with_peer:
        _print_look_ups(files)


def _bare(gazetteer: Path, messy: Path) -> None:
    runs = [in_its_own_process(MODULE, "borough", gazetteer, messy, "bare") for _ in range(TIMES)]
    print(f"\n{messy.name} without its postcodes")
    table(HEADINGS, [_line("sharewell", runs)])
    _print_trade_off(runs[0])


def _print_trade_off(run: Answer) -> None:
    """Print precision and recall of units at least so probable."""
    rows = []
    for least, found in run["at"].items():
        right, units = found["right"], found["units"]
        rows.append([f"at least {least}", f"{right / max(units, 1):.4f}", f"{right / found['scored']:.4f}"])
    table(["unit's probability", "precision", "recall"], rows)


def _peer(files: tuple[Path, Path]) -> dict[str, Answer] | None:
    python = os.environ.get(PEER)
    if not python:
        print(f"uk-address-matcher is skipped: {PEER} names no Python that has it.")
        return None
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "answers.parquet"
        cost = in_its_own_process(PEER_MODULE, "match", *files, out, python=python)
        at = in_its_own_process(MODULE, "score_peer", *files, out)["at"]
    named = {"0": "every answer", "5": "distinguishability 5 or more", "10": "distinguishability 10 or more"}
    return {name: {**cost, **at[least]} for least, name in named.items()}


def _line(name: str, runs: list[Answer]) -> list[object]:
    first = runs[0]
    precision, recall = first["right"] / first["units"], first["right"] / first["scored"]
    shares = (
        precision,
        recall,
        2 * precision * recall / (precision + recall),
        first["in_building"] / first["scored"],
    )
    cpu = median(runs, "cpu_s")
    pace = round(2 * first["scored"] / cpu)
    return [name, *(f"{share:.4f}" for share in shares), cpu, pace, int(median(runs, "peak_mb"))]


def _print_ratios(runs: dict[str, list[Answer]], peer: dict[str, Answer] | None) -> None:
    cpu, least = median(runs["ours"], "cpu_s"), median(runs["floor"], "cpu_s")
    print(f"CPU: {cpu / least:.1f} times the floor.")
    if peer:
        theirs = next(iter(peer.values()))["cpu_s"]
        print(f"CPU: uk-address-matcher takes {theirs / cpu:.1f} times as much, in one run.")


def _print_look_ups(files: tuple[Path, Path]) -> None:
    one = in_its_own_process(MODULE, "look_up", *files)
    print(
        f"One address, gazetteer ready: {one['median_ms']:.0f} ms (95th percentile {one['p95_ms']:.0f} ms)."
    )
    if os.environ.get(PEER):
        theirs = in_its_own_process(PEER_MODULE, "look_up", *files, python=os.environ[PEER])
        print(f"One address, uk-address-matcher, gazetteer prepared: {1000 * theirs['s']:,.0f} ms.")


def _print_registry(found: Answer) -> None:
    rows: list[list[object]] = [
        [f"of {found['rows']} real addresses among {found['gazetteer']:,}", ""],
        ["answered with the right unit", found["right"]],
        ["answered with a wrong unit", found["units"] - found["right"]],
        ["answered with a building", found["buildings"]],
        ["not answered", found["none"]],
        *([f"CPU s: {step}", cost["cpu_s"]] for step, cost in found["steps"].items()),
    ]
    table(["Land Registry", "figure"], rows)


JOBS: dict[str, Callable[..., Answer]] = {
    "registry": registry,
    "borough": borough,
    "floor": floor,
    "look_up": look_up,
    "score_peer": score_peer,
}

if __name__ == "__main__":
    serve(JOBS)
