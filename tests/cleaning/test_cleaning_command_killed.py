"""A run killed at a random moment leaves no answers; the next one is exact and clears up after it.

``SHAREWELL_KILLS=30`` kills thirty runs in place of a handful.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

from cleaning.cleaning_files import Answers, clean, people, write_list

KILLS = int(os.environ.get("SHAREWELL_KILLS", "3"))
ROWS = 3_000


def test_a_killed_run_leaves_nothing_and_the_next_is_exact(tmp_path: Path) -> None:
    dirty = [row | {"sex": "F", "nhs_number": "943 476 5919"} for row in people(ROWS)]
    file = write_list(tmp_path / "list.csv", [*dirty, *dirty[:100]])
    begun = time.monotonic()
    assert start(file, tmp_path / "whole").wait() == 0
    whole_run = time.monotonic() - begun
    chance = random.Random(7)
    killed = [kill_at(file, tmp_path / f"out{turn}", chance.uniform(0, whole_run)) for turn in range(KILLS)]
    assert any(killed)
    for turn, was_killed in enumerate(killed):
        out = tmp_path / f"out{turn}"
        assert out.exists() != was_killed
        assert exact(clean(file, out)) == exact(Answers(tmp_path / "whole"))
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def start(file: Path, out: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "sharewell", "clean", str(file), "--standard", "messy-sample"]
    command += ["--out", str(out), "--as-of", "2026-01-01", "--json"]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def kill_at(file: Path, out: Path, seconds: float) -> bool:
    """Start a run, kill it after so long, and return whether it was killed before it had written all."""
    running = start(file, out)
    time.sleep(seconds)
    running.send_signal(signal.SIGKILL)
    running.wait()
    return not out.exists()


def exact(answers: Answers) -> tuple[object, ...]:
    rows = answers.rows("kept")
    assert len({row["record_id"] for row in rows}) == len(rows) == ROWS
    return rows, answers.rows("set_aside"), answers.changes()
