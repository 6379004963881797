"""The whole flow at two sizes: seconds and peak memory by step, and how they grow.

The floor beside them is the least any tool must do with the same rows: read the files and join them once.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.measure import in_its_own_process, machine, measured

ROWS = (100_000, 1_000_000)
ROWS_EACH_PERSON = 2.35
FLOW = "over-75-alone"


def main() -> None:
    """Run the flow at both sizes and print a table of steps."""
    print(machine())
    with tempfile.TemporaryDirectory() as folder:
        runs = [in_its_own_process("benchmarks.flow", str(rows), folder) for rows in ROWS]
    _print(runs)


def one(rows: int, folder: Path) -> dict[str, Any]:
    """Make a town large enough for so many rows, then run its largest flow."""
    from sharewell.demo.make import demo_place
    from sharewell.flows.run import run_flow

    place = demo_place(folder / str(rows), round(rows / ROWS_EACH_PERSON), seed=1)
    report = run_flow(place.flows / f"{FLOW}.yaml", place, by="benchmark")
    return {
        "rows": sum(source.rows_in for source in report.sources),
        "kept": sum(source.kept for source in report.sources),
        "people": report.people,
        "released": report.released,
        "seconds": dict(report.seconds),
        "peak_mb_by_step": dict(report.peak_mb),
    }


def _print(runs: list[dict[str, Any]]) -> None:
    small, large = runs
    grew = large["rows"] / small["rows"]
    print(f"\n| step | {small['rows']:,} rows, s | {large['rows']:,} rows, s | growth for {grew:.1f}x rows | peak MB |")
    print("|---|---:|---:|---:|---:|")
    for step, seconds in large["seconds"].items():
        first = small["seconds"].get(step, 0.0)
        growth = f"{seconds / first:.1f}x" if first else "-"
        print(f"| {step} | {first:.1f} | {seconds:.1f} | {growth} | {large['peak_mb_by_step'][step]:,.0f} |")
    totals = [sum(run["seconds"].values()) for run in runs]
    print(f"| all | {totals[0]:.1f} | {totals[1]:.1f} | {totals[1] / totals[0]:.1f}x | {large['peak_mb']:,} |")


if __name__ == "__main__":
    measured(lambda: one(int(sys.argv[1]), Path(sys.argv[2])))
