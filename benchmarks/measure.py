"""Measure a piece of work in a process of its own: wall and CPU seconds by step, peak memory."""

from __future__ import annotations

import json
import os
import platform
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"
STATUS = Path("/proc/self/status")
Answer = dict[str, Any]


class Stopwatch:
    """Adds up wall and CPU seconds by step. CPU counts every thread of this process, and no other process."""

    def __init__(self) -> None:
        self.steps: dict[str, dict[str, float]] = {}

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Add the seconds spent inside to a step."""
        begun, cpu = time.perf_counter(), time.process_time()
        try:
            yield
        finally:
            self.add(name, time.perf_counter() - begun, time.process_time() - cpu)

    def add(self, name: str, wall: float, cpu: float) -> None:
        """Add seconds to a step."""
        total = self.steps.setdefault(name, {"s": 0.0, "cpu_s": 0.0})
        total["s"] += wall
        total["cpu_s"] += cpu

    def figures(self) -> Answer:
        """Return the steps, their sums and the most memory this process has held so far."""
        sums = {key: round(sum(step[key] for step in self.steps.values()), 3) for key in ("s", "cpu_s")}
        return {"steps": self.steps, **sums, "peak_mb": peak_mb(), "load": round(os.getloadavg()[0], 1)}


def peak_mb() -> int:
    """Return the most memory this process has held, in MB; its parents' memory does not count."""
    if STATUS.exists():
        for line in STATUS.read_text().splitlines():
            if line.startswith("VmHWM:"):
                return round(int(line.split()[1]) / 1024)
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def in_its_own_process(module: str, *arguments: str | Path, python: str = sys.executable) -> Answer:
    """Run ``python -m module arguments`` and return the JSON that it prints last."""
    command = [python, "-m", module, *map(str, arguments)]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True, cwd=ROOT)
    answer: Answer = json.loads(done.stdout.strip().splitlines()[-1])
    return answer


def serve(jobs: Mapping[str, Callable[..., Answer]]) -> None:
    """Do the job named first on the command line and print its answer as JSON."""
    name, *arguments = sys.argv[1:]
    print(json.dumps(jobs[name](*arguments), default=str), flush=True)


def in_turn(rivals: Mapping[str, Callable[[], Answer]], times: int) -> dict[str, list[Answer]]:
    """Run each rival in turn, so many times over, so that a busy spell falls on all alike."""
    answers: dict[str, list[Answer]] = {name: [] for name in rivals}
    for _ in range(times):
        for name, run in rivals.items():
            answers[name].append(run())
    return answers


def median(answers: Sequence[Answer], key: str) -> float:
    """Return the median of one figure over several runs."""
    return statistics.median(float(answer[key]) for answer in answers)


def table(headings: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Print a table in Markdown: the first column is text, the others are figures."""
    print()
    print(f"| {' | '.join(headings)} |")
    print("|---|" + "---:|" * (len(headings) - 1))
    for row in rows:
        print(f"| {' | '.join(_shown(cell) for cell in row)} |")
    print(flush=True)


def _shown(cell: object) -> str:
    if isinstance(cell, int):
        return f"{cell:,}"
    return f"{cell:,.2f}" if isinstance(cell, float) else str(cell)


def machine() -> str:
    """Return one line about the machine, with how busy it was."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"{os.cpu_count()} cores ({_processor()}), {memory:.0f} GiB, {platform.system()}, "
        f"Python {platform.python_version()}, load {os.getloadavg()[0]:.1f}"
    )


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.machine()
    return next((line.split(":")[1].strip() for line in lines if line.startswith("model name")), "unknown")


def shared(*parts: str) -> Path | None:
    """Return a path in the open data beside the repository, or None with a word about it."""
    path = SHARED.joinpath(*parts)
    if path.exists():
        return path
    print(f"skipped: {'/'.join(parts)} is not beside the repository")
    return None
