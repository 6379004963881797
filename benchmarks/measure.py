"""Measure a piece of work in a process of its own: wall and CPU seconds, peak memory."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

SHARED = Path(__file__).resolve().parents[2] / "shared"


def in_its_own_process(module: str, *arguments: str) -> dict[str, Any]:
    """Run ``python -m module arguments`` and return the JSON it prints last, with its cost added.

    ``cpu_s`` counts its children, ``peak_mb`` the largest single process.
    """
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    begun = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", module, *arguments], stdout=subprocess.PIPE, text=True, check=True
    )
    wall = time.perf_counter() - begun
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    answer: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {**answer, "wall_s": round(wall, 2), "cpu_s": round(cpu, 2)}


def measured(work: Callable[[], dict[str, Any]]) -> None:
    """Do the work in this process and print its answer as JSON, with seconds and peak memory."""
    begun, cpu = time.perf_counter(), time.process_time()
    answer = work()
    answer["work_wall_s"] = round(time.perf_counter() - begun, 2)
    answer["work_cpu_s"] = round(time.process_time() - cpu, 2)
    answer["peak_mb"] = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    print(json.dumps(answer), flush=True)


def machine() -> str:
    """Return one line about the machine, with how busy it was."""
    return f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, Python {sys.version.split()[0]}"


def shared(*parts: str) -> Path | None:
    """Return a path in the open data beside the repository, or None with a word about it."""
    path = SHARED.joinpath(*parts)
    if path.exists():
        return path
    print(f"skipped: {'/'.join(parts)} is not beside the repository")
    return None
