"""Linking people on two labelled sets: how right, and how much CPU, beside plain Splink on the same rows.

The peer is Splink 5 itself, which sharewell uses inside: with the settings its documentation gives for
the historical figures, and with settings by the same recipe, home address included, for the made-up borough.
Both run in turn on the same rows and DuckDB with two threads; reading the file is not counted for either.
"""

from __future__ import annotations

from functools import partial
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
MODULE = "benchmarks.people"
SETS = {
    "figures": "historical_figures_with_errors_50k.parquet",
    "borough": "people200k.csv.gz",
}
READ = {
    "figures": """
        SELECT CASE WHEN n % 2 = 0 THEN 'even' ELSE 'odd' END AS source, n AS source_row, first_name, surname,
          dob AS date_of_birth, postcode_fake AS postcode, NULL::VARCHAR AS uprn, NULL::VARCHAR AS nhs_number,
          birth_place, occupation, cluster AS truth
        FROM (SELECT *, row_number() OVER () AS n FROM read_parquet(?))""",
    "borough": """
        SELECT source_dataset AS source, unique_id::BIGINT AS source_row, first_name, surname,
          dob AS date_of_birth, postcode, uprn, nhs_number, person AS truth
        FROM read_csv(?, all_varchar=true)""",
}
"""Each set as the linker wants it, with the truth beside it: rows of one person share it."""
EXTRA = {"figures": ("birth_place", "occupation"), "borough": ()}
TITLES = {"figures": "Historical figures in two lists", "borough": "A made-up borough of seven lists"}


def main() -> None:
    """Link both sets with both, in turn, and print the figures."""
    print(machine())
    for name, file in SETS.items():
        path = shared("data", "linkage", file)
        if path is None:
            continue
        rivals = {who: partial(in_its_own_process, MODULE, who, name, path) for who in ("ours", "splink")}
        _print(name, in_turn(rivals, TIMES))


def ours(name: str, path: str) -> Answer:
    """Link a set with sharewell."""
    from sharewell.people.link import link_people
    from sharewell.store.duckdb import DuckDB, Limits

    engine, watch = DuckDB(limits=Limits(threads=2, memory="8GB")), Stopwatch()
    engine.connection.execute(f"CREATE TABLE everyone AS {READ[name]}", [path]).fetchall()
    records = engine.create("records", "SELECT * EXCLUDE (truth) FROM everyone")
    with watch.step("link"):
        linked = link_people(records, engine, "linked", extra=EXTRA[name]).linked
    answer = watch.figures()
    assert linked.count() == records.count()
    told = "SELECT person, truth FROM linked JOIN everyone USING (source, source_row)"
    return answer | {"rows": records.count(), "at": {"as shipped": pairwise(engine.connection, told)}}


def splink(name: str, path: str) -> Answer:
    """Link a set with plain Splink; clusters at other thresholds are made after the clock has stopped."""
    import duckdb

    from benchmarks import splink_alone

    makers = {"figures": splink_alone.historical_figures, "borough": splink_alone.borough}
    engine, watch = duckdb.connect(config={"threads": 2}), Stopwatch()
    engine.execute(f"CREATE TABLE everyone AS {READ[name]}", [path]).fetchall()
    rival = makers[name](engine)
    with watch.step("link"):
        linker, predicted = rival.link()
    answer = watch.figures()
    at = {
        f"{'documented, ' if weight == rival.documented else ''}weight {weight:.2f}": pairwise(
            engine, rival.told(linker, predicted, weight)
        )
        for weight in (rival.documented, *rival.others)
    }
    return answer | {"at": at}


def pairwise(engine: DuckDBPyConnection, told: str) -> dict[str, float]:
    """Return precision, recall and F1 over pairs of rows that were joined, and that truly belong together."""
    pairs = "sum(n * (n - 1) / 2)::DOUBLE"
    joined, truly, both = engine.execute(
        f"WITH told AS ({told}) SELECT "
        f"(SELECT {pairs} FROM (SELECT count(*) AS n FROM told GROUP BY person)), "
        f"(SELECT {pairs} FROM (SELECT count(*) AS n FROM told GROUP BY truth)), "
        f"(SELECT {pairs} FROM (SELECT count(*) AS n FROM told GROUP BY person, truth))"
    ).fetchall()[0]
    precision, recall = both / joined, both / truly
    f1 = 2 * precision * recall / (precision + recall)
    return {"precision": precision, "recall": recall, "f1": f1, "true_pairs": truly}


def _print(name: str, runs: dict[str, list[Answer]]) -> None:
    mine, theirs = runs["ours"], runs["splink"]
    found = next(iter(mine[0]["at"].values()))
    documented, at_best = next(iter(theirs[0]["at"].values())), _best(theirs[0]["at"])
    rows: list[list[object]] = [
        ["sharewell, as shipped", *_accuracy(found), *_cost(mine)],
        ["Splink 5, documented threshold", *_accuracy(documented), *_cost(theirs)],
        [
            f"Splink 5, best of {len(theirs[0]['at'])} thresholds ({at_best[0]})",
            *_accuracy(at_best[1]),
            "",
            "",
            "",
        ],
    ]
    print(f"\n{TITLES[name]}: {mine[0]['rows']:,} rows, {int(found['true_pairs']):,} true pairs")
    table(["", "precision", "recall", "F1", "CPU s", "s", "peak MB"], rows)
    ratio = median(mine, "cpu_s") / median(theirs, "cpu_s")
    print(f"CPU: {ratio:.2f} times plain Splink's (medians of {TIMES}, run in turn).")


def _best(at: dict[str, dict[str, float]]) -> tuple[str, dict[str, float]]:
    return max(at.items(), key=lambda item: item[1]["f1"])


def _accuracy(found: dict[str, float]) -> list[object]:
    return [f"{found[key]:.4f}" for key in ("precision", "recall", "f1")]


def _cost(runs: list[Answer]) -> list[object]:
    return [median(runs, "cpu_s"), median(runs, "s"), int(median(runs, "peak_mb"))]


if __name__ == "__main__":
    serve({"ours": ours, "splink": splink})
