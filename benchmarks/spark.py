"""One definition of cleaning on two engines, DuckDB and Spark in local mode, compared cell by cell.

The messy sample, every list of a made-up region with its shipped standard, and tables of values that engines
may read differently are each read and cleaned on both. Compared are the rows as they were mapped, the rows
kept, the rows set aside with their reasons and the log of changes. Seconds are of reading, mapping and
cleaning; Spark is started before. ``python -m benchmarks.spark messy awkward`` does only these parts.
Without PySpark or Java it says so and does nothing.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from benchmarks.measure import machine, shared, table
from benchmarks.mess import GENERATOR, make_sample

if TYPE_CHECKING:
    import pyarrow as pa

    from sharewell.sources.terms import Standard
    from sharewell.store.engine import Engine, Relation

AS_OF = date(2026, 1, 1)
ROWS, SEEDS = 10_000, (7, 8)
PEOPLE, REGION_SEED = 3_000, 3
MEMORY = "2GB"
KEYS: Final = {"changes": ("source_row", "column")}
"""What tells the rows of a table apart, where it is not the source row alone."""

Job = partial["Cleaning"]
"""The cleaning of one list, to be given an engine."""


@dataclass(frozen=True)
class Cleaning:
    """What one engine made of a list: its tables by name, rows in no order, what was noted, the seconds."""

    tables: dict[str, pa.Table]
    notes: tuple[object, ...]
    seconds: float


@dataclass(frozen=True)
class Compared:
    """Two engines' answers side by side. ``differing`` names a table's row, column and the two cells."""

    rows: int
    cells: int
    differing: tuple[tuple[Any, ...], ...]
    seconds: tuple[float, float]


def main(wanted: Sequence[str] = ()) -> None:
    """Clean the parts that are wanted, or all, on both engines; print what differs and what it took."""
    print(machine())
    engines = open_engines()
    if engines is None:
        return
    with tempfile.TemporaryDirectory() as folder:
        parts = {
            "messy sample": (job for seed in SEEDS for job in messy_sample(Path(folder), seed=seed)),
            "made-up region": region(Path(folder), PEOPLE, REGION_SEED),
            "awkward values": awkward(),
        }
        for title, jobs in parts.items():
            if not wanted or title.split()[0] in wanted:
                _print_part(title, {name: compare(engines, job) for name, job in jobs})
    for engine in engines:
        engine.close()


def open_engines() -> tuple[Engine, Engine] | None:
    """Return DuckDB and Spark, or None with a word about what is missing."""
    from sharewell.store.duckdb import DuckDB, Limits
    from sharewell.store.spark import Spark
    from sharewell.vocab.errors import ExtraMissing

    limits = Limits(threads=2, memory=MEMORY)
    try:
        spark = Spark(limits=limits)
    except ExtraMissing as missing:
        print(f"skipped: {missing}")
        return None
    return DuckDB(limits=limits), spark


def messy_sample(folder: Path, rows: int = ROWS, seed: int = SEEDS[0]) -> Iterator[tuple[str, Job]]:
    """Yield the cleaning of the messy sample and of its wild twin, or nothing where its generator is not."""
    generator = shared(*GENERATOR)
    if generator:
        made = folder / f"seed-{seed}"
        make_sample(generator, made, rows, seed)
        for name in ("messy.csv", "wild.csv"):
            yield f"{name}, seed {seed}", partial(clean_file, made / name, "messy-sample")


def region(folder: Path, people: int, seed: int) -> Iterator[tuple[str, Job]]:
    """Yield the cleaning of every list of a made-up region."""
    from sharewell.demo.region.make import Wish, make_region

    told = make_region(Wish(people, seed), folder / "region", workers=1)
    for name, item in told["lists"].items():
        yield name, partial(clean_file, folder / "region" / item["file"], name)


def awkward() -> Iterator[tuple[str, Job]]:
    """Yield the cleaning of the tables of awkward values."""
    from benchmarks.spark_values import AWKWARD, VALUES

    for name, make in AWKWARD.items():
        made = make(VALUES)
        yield name, partial(clean_table, made.mapped, made.standard)


def clean_file(path: Path, name: str, engine: Engine) -> Cleaning:
    """Read, map and clean a list as its shipped standard has it."""
    from sharewell.sources.map import apply_mapping, guess_mapping
    from sharewell.sources.read import read_source
    from sharewell.sources.standards import load_standard

    begun, standard = time.perf_counter(), load_standard(name)
    read = read_source(path, engine, "raw")
    mapped = apply_mapping(read.kept, guess_mapping(read.facts.columns, standard), standard, "mapped")
    done = _clean(mapped, standard, begun, unread=read.set_aside)
    return replace(done, notes=(read.facts, *done.notes))


def clean_table(rows: pa.Table, standard: Standard, engine: Engine) -> Cleaning:
    """Clean rows that are mapped already."""
    begun = time.perf_counter()
    return _clean(engine.load("mapped", rows), standard, begun)


def _clean(mapped: Relation, standard: Standard, begun: float, **more: Relation) -> Cleaning:
    from sharewell.cleaning.clean import clean

    done = clean(mapped, standard, "people", as_of=AS_OF)
    seconds = time.perf_counter() - begun
    made = {"mapped": mapped, "kept": done.kept, "set aside": done.set_aside, "changes": done.changes, **more}
    return Cleaning({name: relation.arrow() for name, relation in made.items()}, tuple(done.notes), seconds)


def compare(engines: tuple[Engine, Engine], job: Job) -> Compared:
    """Do a job on both engines and hold their answers together, cell by cell."""
    mine, theirs = (job(engine) for engine in engines)
    cells = 0
    differing: list[tuple[Any, ...]] = []
    if mine.notes != theirs.notes:
        differing.append(("notes", mine.notes, theirs.notes))
    for name, rows in mine.tables.items():
        keys = KEYS.get(name, ("source_row",))
        count, found = _differing(rows, theirs.tables[name], keys)
        cells += count
        differing += [(name, *each) for each in found]
    seconds = (mine.seconds, theirs.seconds)
    return Compared(mine.tables["mapped"].num_rows, cells, tuple(differing), seconds)


def _differing(mine: pa.Table, theirs: pa.Table, keys: tuple[str, ...]) -> tuple[int, list[tuple[Any, ...]]]:
    """Return how many cells two tables have, and each that differs; a row that one lacks differs in all."""
    if mine.column_names != theirs.column_names:
        return mine.num_columns, [("columns", "", mine.column_names, theirs.column_names)]
    left, right = (_by_key(rows, keys) for rows in (mine, theirs))
    none: dict[str, Any] = {}
    every = left.keys() | right.keys()
    found = [
        (key, column, left.get(key, none).get(column), right.get(key, none).get(column))
        for key in sorted(every)
        for column in mine.column_names
        if key not in left or key not in right or left[key][column] != right[key][column]
    ]
    return len(every) * mine.num_columns, found


def _by_key(rows: pa.Table, keys: tuple[str, ...]) -> dict[tuple[Any, ...], dict[str, Any]]:
    """Return a table's rows by their key; of rows with one key each is told apart by its turn."""
    turns: dict[tuple[Any, ...], int] = {}
    found = {}
    for row in sorted(rows.to_pylist(), key=repr):
        key = tuple(row[name] for name in keys)
        turns[key] = turns.get(key, 0) + 1
        found[(*key, turns[key])] = row
    return found


def _print_part(title: str, done: dict[str, Compared]) -> None:
    if not done:
        return
    rows: list[list[object]] = [
        [name, each.rows, each.cells, len(each.differing), *each.seconds] for name, each in done.items()
    ]
    rows.append(["**all**", *(sum(row[at] for row in rows) for at in range(1, 6))])  # type: ignore[misc]
    table([title, "rows", "cells compared", "differing", "DuckDB s", "Spark s"], rows)
    for name, each in done.items():
        for cell in each.differing[:5]:
            print(f"{name}: {cell!r}", file=sys.stderr)


if __name__ == "__main__":
    main(sys.argv[1:])
