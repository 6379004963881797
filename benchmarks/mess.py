"""Reading and cleaning a million messy rows and a national register of addresses: cost, losses, mistakes.

Every mistake in the messy sample was planted, so each can be looked up afterwards. The floor is the least a
tool must do with the same file: DuckDB's own reader, touching every cell and answering nothing.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from datetime import date
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
    from sharewell.sources.terms import Standard
    from sharewell.store.duckdb import DuckDB

ROWS, SEED, TIMES = 1_000_000, 7, 3
GENERATOR = ("data", "cleaning", "messy.py")
REGISTER = ("data", "uk", "addresses", "openregister_bulk_addresses_2016.tsv.gz")
AS_OF = date(2026, 1, 1)


def main() -> None:
    """Make the sample, clean it and the register, and print what came of them."""
    print(machine())
    generator, register = shared(*GENERATOR), shared(*REGISTER)
    if generator:
        with tempfile.TemporaryDirectory() as folder:
            make_sample(generator, Path(folder), ROWS, SEED)
            _sample(Path(folder))
    if register:
        _register(register)


def make_sample(generator: Path, folder: Path, rows: int, seed: int) -> None:
    """Write messy.csv, wild.csv, clean.csv and the truth about them into a folder."""
    command = [sys.executable, str(generator), str(folder), "--rows", str(rows), "--seed", str(seed)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def clean_people(file: str) -> Answer:
    """Read and clean one extract of the messy sample, then look at what became of each planted mistake."""
    from benchmarks import planted
    from sharewell.sources.standards import load_standard

    path = Path(file)
    engine, answer, _ = _read_and_clean(path, load_standard("messy-sample"))
    if path.name == "messy.csv":
        answer["score"] = planted.score(engine, "people", path.parent)
    else:
        answer["intact"] = planted.intact(engine, "people_raw", path.parent / "messy.csv")
        answer["lines_unaccounted"] = _physical_lines(path) - sum(answer["lines"].values())
    return answer


def clean_register(file: str) -> Answer:
    """Read and clean the register of addresses."""
    _, answer, reasons = _read_and_clean(Path(file), register_standard())
    return answer | {"reasons": reasons}


def register_standard() -> Standard:
    """Return a standard for the register of addresses: its address lines and the postcode it needs."""
    from sharewell.sources.terms import Field, FieldType, OnFailure, Role, Standard

    aside = OnFailure.SET_ASIDE
    fields = (
        Field("source", FieldType.TEXT, "Register"),
        Field("record_id", FieldType.TEXT, "Id", role=Role.RECORD_ID, synonyms=("test",)),
        Field("name", FieldType.TEXT, "Name"),
        Field("address", FieldType.ADDRESS, "Address", required=True, role=Role.ADDRESS_LINE,
              synonyms=("text",), on_failure=aside),
        Field("postcode", FieldType.POSTCODE, "Postcode", role=Role.POSTCODE),
        Field("lad", FieldType.TEXT, "Local authority"),
    )  # fmt: skip
    return Standard("register", "1.0", "Register of addresses", "Public registers, one row a place.", fields)


def touch(file: str) -> Answer:
    """Read a CSV file with DuckDB's own reader and touch every cell: the floor."""
    import duckdb

    watch, engine = Stopwatch(), duckdb.connect(config={"threads": 2})
    with watch.step("read"):
        read = f"read_csv('{file}', all_varchar=true)"
        columns = [row[0] for row in engine.execute(f"DESCRIBE SELECT * FROM {read}").fetchall()]
        wanted = ", ".join(f'sum(length("{column}")), count(*)' for column in columns)
        rows = engine.execute(f"SELECT {wanted} FROM {read}").fetchall()[0][1]
    return watch.figures() | {"rows": rows}


def _read_and_clean(path: Path, standard: Standard) -> tuple[DuckDB, Answer, dict[str, int]]:
    from sharewell.cleaning.clean import clean
    from sharewell.sources.map import apply_mapping, guess_mapping, require_certain
    from sharewell.sources.read import read_source
    from sharewell.store.duckdb import DuckDB

    engine, watch = DuckDB(), Stopwatch()
    with watch.step("reading"):
        read = read_source(path, engine, "people_raw")
    with watch.step("mapping"):
        mapping = guess_mapping(read.facts.columns, standard)
        mapped = apply_mapping(read.kept, require_certain(mapping, path.name), standard, "mapped")
    with watch.step("cleaning"):
        cleaned = clean(mapped, standard, "people", as_of=AS_OF)
    kept, asides = cleaned.kept.count(), (read.set_aside.count(), cleaned.set_aside.count())
    assert read.facts.records == kept + sum(asides)
    answer = watch.figures() | {
        "rows": read.facts.records,
        "kept": kept,
        "set_aside_reading": asides[0],
        "set_aside_cleaning": asides[1],
        "changed_cells": cleaned.changes.count(),
        "lines": dict(read.facts.lines),
    }
    reasons = engine.fetch(
        "SELECT reason, count(*) AS n FROM "
        f'(SELECT unnest(reasons) AS reason FROM "{cleaned.set_aside.name}") GROUP BY reason ORDER BY n DESC'
    )
    return engine, answer, {row["reason"]: row["n"] for row in reasons.to_pylist()}


def _physical_lines(path: Path) -> int:
    text = path.read_bytes().replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return text.count(b"\n") + (not text.endswith(b"\n"))


def _sample(folder: Path) -> None:
    messy = folder / "messy.csv"
    runs = in_turn(
        {
            "sharewell": lambda: in_its_own_process("benchmarks.mess", "clean_people", messy),
            "floor": lambda: in_its_own_process("benchmarks.mess", "touch", messy),
        },
        TIMES,
    )
    wild = in_its_own_process("benchmarks.mess", "clean_people", folder / "wild.csv")
    _print_cost(runs["sharewell"], wild, runs["floor"])
    _print_rows(runs["sharewell"][0], wild)
    _print_score(runs["sharewell"][0]["score"])


def _print_cost(ours: list[Answer], wild: Answer, floor: list[Answer]) -> None:
    rows: list[list[object]] = []
    for step in ours[0]["steps"]:
        costs = [run["steps"][step] for run in ours]
        rows.append([f"messy.csv: {step}", median(costs, "cpu_s"), median(costs, "s"), "", ""])
    least = median(floor, "cpu_s")
    for name, runs in (("messy.csv: all", ours), ("wild.csv: all", [wild]), ("floor (messy.csv)", floor)):
        cpu = median(runs, "cpu_s")
        rows.append([name, cpu, median(runs, "s"), f"{cpu / least:.1f}x", int(median(runs, "peak_mb"))])
    table([f"median of {TIMES} (wild: one)", "CPU s", "s", "CPU, times the floor", "peak MB"], rows)


def _print_rows(messy: Answer, wild: Answer) -> None:
    keys = ("rows", "kept", "set_aside_reading", "set_aside_cleaning", "changed_cells")
    rows: list[list[object]] = [[key.replace("_", " "), messy[key], wild[key]] for key in keys]
    rows.append(["physical lines unaccounted for", "-", wild["lines_unaccounted"]])
    rows.append(["records whose every cell arrived as it was", "-", wild["intact"]])
    table(["", "messy.csv", "wild.csv"], rows)


def _print_score(score: Answer) -> None:
    rows: list[list[object]] = [[what.replace("_", " "), count] for what, count in score.items()]
    table(["planted mistakes in messy.csv", "count"], [row for row in rows if isinstance(row[1], int)])
    for what, counts in score.items():
        if isinstance(counts, dict) and counts:
            print(f"{what.replace('_', ' ')}: {counts}\n")


def _register(path: Path) -> None:
    ours = in_its_own_process("benchmarks.mess", "clean_register", path)
    floor = in_its_own_process("benchmarks.mess", "touch", path)
    keys = (
        "rows",
        "kept",
        "set_aside_reading",
        "set_aside_cleaning",
        "changed_cells",
        "peak_mb",
        "cpu_s",
        "s",
    )
    rows: list[list[object]] = [[key.replace("_", " "), ours[key]] for key in keys]
    rows.append(["CPU, times the floor", f"{ours['cpu_s'] / floor['cpu_s']:.1f}x"])
    table(["openregister addresses", "figure"], rows)
    print(f"set aside because: {ours['reasons']}\n")


if __name__ == "__main__":
    serve({"clean_people": clean_people, "clean_register": clean_register, "touch": touch})
