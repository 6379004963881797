"""A run killed anywhere leaves what was there before; run again, nothing is lost or sent twice."""

from __future__ import annotations

import csv
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from sharewell.audit.queries import verify_place
from sharewell.flows.models import Run
from sharewell.flows.terms import RunState
from sharewell.settings import Place
from sharewell.store.control import open_control_plane

KILLS = int(os.environ.get("SHAREWELL_TEST_KILLS", "4"))
FLOW = "food-parcels"
OF_ONE_RUN = ("people-events-", "subjects-")


def start(town: Place) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "sharewell", "run", str(town.flows / f"{FLOW}.yaml"), "--json"]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def finish(town: Place) -> float:
    begun = time.perf_counter()
    process = start(town)
    _, problem = process.communicate(timeout=120)
    assert process.returncode == 0, problem
    return time.perf_counter() - begun


def references(town: Place) -> list[str]:
    found: list[str] = []
    for path in town.outbox.rglob("release.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            found += [row["reference"] for row in csv.DictReader(file)]
    return found


def runs_of_current_snapshots(town: Place) -> set[str]:
    """Which runs the tables that every run writes are from, as any reader sees them at this moment."""
    with closing(sqlite3.connect(f"file:{town.control}?mode=ro", uri=True)) as database:
        rows = database.execute('SELECT run, "table" FROM store_snapshot WHERE is_current').fetchall()
    return {run for run, table in rows if not table.startswith(OF_ONE_RUN)}


@pytest.fixture(scope="module")
def expected(made_town: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[int, float]:
    """How many people an undisturbed run reaches, and how long it takes."""
    import shutil

    from sharewell.settings import open_place

    folder = tmp_path_factory.mktemp("undisturbed") / "town"
    shutil.copytree(made_town, folder)
    seconds = finish(open_place(folder))
    return len(references(open_place(folder))), seconds


@pytest.mark.parametrize("kill", range(KILLS))
def test_killed_anywhere_then_run_again(kill: int, town: Place, expected: tuple[int, float]):
    people, seconds = expected
    process = start(town)
    # The last fifth, where a run commits, gets half of the kills.
    share = random.uniform(0.8, 1.05) if kill % 2 else random.uniform(0.1, 0.8)
    time.sleep(seconds * share)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert len(runs_of_current_snapshots(town)) <= 1
    finish(town)
    sent = references(town)
    assert len(sent) == len(set(sent)) == people
    assert len(runs_of_current_snapshots(town)) == 1
    open_control_plane(town)
    assert verify_place(town).ok
    assert Run.objects.filter(state__in=[RunState.RUNNING, RunState.COMMITTED]).count() == 0


def test_a_kill_between_the_commit_and_the_hand_over_is_carried_on(
    town: Place, monkeypatch: pytest.MonkeyPatch
):
    from sharewell.flows import finish as finishing
    from sharewell.flows.run import run_flow

    def killed(*_: object) -> bool:
        raise KeyboardInterrupt

    path = town.flows / f"{FLOW}.yaml"
    monkeypatch.setattr(finishing, "hand_over", killed)
    with pytest.raises(KeyboardInterrupt):
        run_flow(path, town, by="test")
    assert references(town) == []
    open_control_plane(town)
    assert Run.objects.get().state == RunState.COMMITTED
    monkeypatch.undo()
    report = run_flow(path, town, by="test")
    assert report.released_new == 0
    assert len(references(town)) == report.released


def test_readers_see_only_whole_snapshots_while_runs_go_by(town: Place):
    finish(town)
    seen = []
    with start(town) as process:
        while process.poll() is None:
            seen.append(runs_of_current_snapshots(town))
            time.sleep(0.005)
    assert process.returncode == 0
    assert all(len(each) == 1 for each in seen)
    assert len(set.union(*seen, runs_of_current_snapshots(town))) == 2
