"""How long a made-up region takes to make, how that grows with its people, and how like the census it is.

The floor beside each is what writing so many bytes costs: a copy of the finished region's files.
"""

from __future__ import annotations

import math
import os
import resource
import shutil
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.measure import Answer, in_its_own_process, machine, serve, shared, table

PEOPLE = (10_000, 100_000, 1_000_000)
SEED = 1


def main() -> None:
    """Make a region of each size and print what it cost, how it grew and how like the census it is."""
    print(machine())
    reference = shared("data", "uk")
    with tempfile.TemporaryDirectory() as folder:
        runs = [_at(people, Path(folder) / str(people), reference) for people in PEOPLE]
    headings = (
        "people",
        "s",
        "CPU s",
        "peak MB of a process",
        "files, MB",
        "rows",
        "floor, s",
        "times the floor",
    )
    table(headings, [_row(run) for run in runs])
    first, last = runs[0], runs[-1]
    slope = math.log(last["s"] / first["s"]) / math.log(last["people"] / first["people"])
    print(
        f"Seconds grow with people to the power {slope:.2f} from {first['people']:,} to {last['people']:,}."
    )
    _print_likeness(last)


def _at(people: int, folder: Path, reference: Path | None) -> Answer:
    run = in_its_own_process(__name__, "make", str(people), folder, reference or "")
    run |= in_its_own_process(__name__, "floor", folder)
    run |= in_its_own_process(__name__, "look", folder)
    shutil.rmtree(folder)
    return run


def _row(run: Answer) -> tuple[object, ...]:
    floor = max(run["floor_s"], 0.001)
    figures = (run["s"], run["cpu_s"], run["peak_mb"], run["mb"], run["rows"], round(floor, 2))
    return (f"{run['people']:,}", *figures, f"{run['s'] / floor:.0f}x")


def make(people: str, folder: str, reference: str = "") -> Answer:
    """Make a region as the command does, in two processes, and return what it cost."""
    from sharewell.demo.region.make import Wish, make_region

    begun = time.perf_counter()
    wish = Wish(int(people), SEED, Path(reference) if reference else None)
    told = make_region(wish, Path(folder))
    seconds = time.perf_counter() - begun
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return {
        "people": told["residents"],
        "s": round(seconds, 2),
        "cpu_s": round(sum(each.ru_utime + each.ru_stime for each in used), 2),
        "peak_mb": max(each.ru_maxrss for each in used) // 1024,
        "rows": sum(each["rows"] for each in told["lists"].values()),
    }


def floor(folder: str) -> Answer:
    """Return how long it takes to write the same bytes again, and how many there are."""
    copy = Path(folder).with_suffix(".copy")
    begun = time.perf_counter()
    shutil.copytree(folder, copy)
    os.sync()
    seconds = time.perf_counter() - begun
    size = sum(path.stat().st_size for path in copy.rglob("*") if path.is_file())
    shutil.rmtree(copy)
    return {"floor_s": seconds, "mb": size // 1_000_000}


def look(folder: str) -> Answer:
    """Return the region's likeness to what is published."""
    from sharewell.demo.region.describe import describe

    described = describe(Path(folder), Path(folder).with_suffix(".html"))
    return {"likeness": list(described.lines())[:-1]}


def _print_likeness(run: Answer) -> None:
    print(f"\nLikeness at {run['people']:,} people:\n")
    for line in run["likeness"]:
        print(f"- {line.strip()}")


if __name__ == "__main__":
    sys.exit(serve({"make": make, "floor": floor, "look": look}))
