"""Checking and cleaning a million messy rows beside frictionless and pandera; growth; a bound on memory.

One file, the same 24 checks (8 required, 7 patterns, 3 check digits or prefixes, a day and its range, a code
list, 2 lengths, 1 unique), each contender in a process of its own, in turn, CPU seconds. Our full clean also
repairs, logs every changed cell, sets rows aside and writes its files. The floor reads every cell and answers
nothing. Name a Python with the peers in ``SHAREWELL_CLEANING_PEERS`` (``pip install frictionless
"pandera[polars]" pandas polars duckdb pyarrow``), or they are skipped.

``python -m benchmarks.cleaning growth 10000000`` and ``... memory 5000000`` run one part at a size.
"""

from __future__ import annotations

import itertools
import math
import os
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

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
from benchmarks.mess import AS_OF, GENERATOR, SEED, make_sample
from benchmarks.wild import PEERS

MODULE, PEER_MODULE = "benchmarks.cleaning", "benchmarks.cleaning_peer"
STANDARD = "messy-sample"
ROWS, TIMES = 1_000_000, 3
SIZES = (100_000, 1_000_000)
MANY, TOLD_MB, ALLOWED_MB = 5_000_000, 1_000, 1_200


def check(file: str) -> Answer:
    """Find every failing cell, as the validators do."""
    from sharewell.cleaning.check import Ask, check_file
    from sharewell.sources.standards import load_standard

    watch = Stopwatch()
    with watch.step("check"):
        found = check_file(Path(file), load_standard(STANDARD), as_of=AS_OF, ask=Ask(advise=False))
    cells = {problem.field.name: 0 for problem in found.problems}
    for problem in found.problems:
        cells[problem.field.name] += problem.cells
    return watch.figures() | {"failing": sum(cells.values()), "by_column": cells}


def full_clean(file: str, memory: str = "4GB") -> Answer:
    """Clean as the command does: repair, log, set aside, find duplicates, write the files."""
    from sharewell.cleaning.actions import Order, clean_file
    from sharewell.cleaning.share import engine_limits
    from sharewell.sources.standards import load_standard

    watch, standard = Stopwatch(), load_standard(STANDARD)
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "out"
        with watch.step("clean"):
            done = clean_file(Order(Path(file), standard, AS_OF, limits=engine_limits(2, memory)), out)
        size = {path.name: path.stat().st_size // 2**20 for path in out.iterdir()}
    return watch.figures() | {"account": str(done), "mb": size}


def main() -> None:
    """Make the sample and print every figure."""
    print(machine())
    generator = shared(*GENERATOR)
    if not generator:
        return
    with tempfile.TemporaryDirectory() as folder:
        make_sample(generator, Path(folder), ROWS, SEED)
        _race(Path(folder) / "messy.csv")
    growth(SIZES)
    memory(MANY)


def _race(messy: Path) -> None:
    rivals: dict[str, Callable[[], Answer]] = {
        "floor": partial(in_its_own_process, "benchmarks.mess", "touch", messy),
        "our check": partial(in_its_own_process, MODULE, "check", messy),
        "our full clean": partial(in_its_own_process, MODULE, "full_clean", messy),
        **_peers(messy),
    }
    runs = in_turn(rivals, TIMES)
    least = median(runs["floor"], "cpu_s")
    rows: list[list[object]] = []
    for name, answers in runs.items():
        cpu = median(answers, "cpu_s")
        told = answers[0].get("failing", "")
        rows.append(
            [name, cpu, median(answers, "s"), f"{cpu / least:.1f}x", int(median(answers, "peak_mb")), told]
        )
    headings = [
        f"median of {TIMES} in turn",
        "CPU s",
        "s",
        "CPU, times the floor",
        "peak MB",
        "failing cells",
    ]
    table(headings, rows)
    _print_ratios({name: median(answers, "cpu_s") for name, answers in runs.items()})
    for name in ("our check", "pandera", "frictionless"):
        if name in runs:
            print(f"{name}: {runs[name][0]['by_column']}")


def _peers(messy: Path) -> dict[str, Callable[[], Answer]]:
    python = os.environ.get(PEERS)
    if not python:
        print(f"frictionless and pandera are skipped: {PEERS} names no Python that has them.")
        return {}
    return {
        name: partial(in_its_own_process, PEER_MODULE, name, messy, python=python)
        for name in ("pandera", "frictionless")
    }


def _print_ratios(cpu: dict[str, float]) -> None:
    if "frictionless" not in cpu:
        return
    ours, full = cpu["our check"], cpu["our full clean"]
    rows: list[list[object]] = [
        ["frictionless / our check", f"{cpu['frictionless'] / ours:.1f}", "30 or more"],
        ["our check / pandera", f"{ours / cpu['pandera']:.2f}", "1.0 or less"],
        ["frictionless / our full clean", f"{cpu['frictionless'] / full:.1f}", "14 or more"],
    ]
    table(["CPU seconds", "measured", "wanted"], rows)


def growth(sizes: tuple[int, ...]) -> None:
    """Print how the time of a full clean grows with the rows: the slope between sizes on a log scale."""
    found = [(rows, _at_size(rows)) for rows in sizes]
    rows = [[f"{size:,} rows", answer["cpu_s"], answer["s"], answer["peak_mb"]] for size, answer in found]
    table(["full clean", "CPU s", "s", "peak MB"], rows)
    for (small, less), (large, more) in itertools.pairwise(found):
        slope = math.log(more["cpu_s"] / less["cpu_s"]) / math.log(large / small)
        print(f"slope from {small:,} to {large:,} rows: {slope:.2f} (1.1 or less is wanted)")


def memory(rows: int) -> None:
    """Print the peak memory of a full clean that was told how much it may use."""
    answer = _at_size(rows, f"{TOLD_MB}MB")
    print(
        f"{rows:,} rows, told {TOLD_MB} MB: peak {answer['peak_mb']:,} MB (wanted: {ALLOWED_MB:,} or less), "
        f"{answer['cpu_s']:.0f} CPU s, {answer['s']:.0f} s"
    )


def _at_size(rows: int, memory: str = "4GB") -> Answer:
    generator = shared(*GENERATOR)
    assert generator
    with tempfile.TemporaryDirectory() as folder:
        make_sample(generator, Path(folder), rows, SEED)
        for name in ("wild.csv", "clean.csv", "truth.parquet"):
            (Path(folder) / name).unlink()
        return in_its_own_process(MODULE, "full_clean", Path(folder) / "messy.csv", memory)


if __name__ == "__main__":
    if sys.argv[1] == "growth":
        growth((SIZES[0], int(sys.argv[2])))
    elif sys.argv[1] == "memory":
        memory(int(sys.argv[2]))
    else:
        serve({"check": check, "full_clean": full_clean})
