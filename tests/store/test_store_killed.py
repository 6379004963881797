"""What happens when a run is killed, and while runs and readers meet: with real processes."""

from __future__ import annotations

import contextlib
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime

import pytest

from sharewell.store.lock import only_run
from sharewell.vocab.errors import FolderReadOnly, RunInProgress

OPEN = """
import sys, time
from datetime import date
from pathlib import Path
from sharewell.settings import open_place
from sharewell.store.control import open_control_plane
place = open_place(Path(sys.argv[1]))
open_control_plane(place)
from django.db import transaction
from sharewell.store.duckdb import DuckDB
from sharewell.store.keys import KeyRing
from sharewell.store.lock import only_run
from sharewell.store.snapshots import Snapshots
snapshots, engine = Snapshots(place, KeyRing.open(place)), DuckDB()
def stage(rows, number, table="people"):
    query = f"SELECT i, {number} AS run, md5(i::VARCHAR) AS person FROM range({rows}) r(i)"
    made = engine.create("made", query)
    return snapshots.stage(made, "council", table, as_of=date(2026, 7, 1), run=str(number))
"""
STAGE_MUCH = (
    OPEN
    + """
with only_run(place):
    print("started", flush=True)
    stage(5_000_000, 2)
"""
)
SWAP_OFTEN = (
    OPEN
    + """
until, number = time.monotonic() + 1, 0
while time.monotonic() < until:
    number += 1
    staged = [stage(30_000, number), stage(30_000, number, "households")]
    with transaction.atomic():
        snapshots.swap(staged)
print(number)
"""
)


@contextlib.contextmanager
def process(script, place):
    running = subprocess.Popen(
        [sys.executable, "-c", script, str(place.folder)], stdout=subprocess.PIPE, text=True
    )
    try:
        yield running
    finally:
        running.kill()
        running.communicate()


def wait_for(condition, seconds=20):
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "waited too long"
        time.sleep(0.01)


def test_a_run_killed_while_it_writes_leaves_the_last_good_snapshot(place, snapshots, keep):
    held = keep(["p1"])
    with process(STAGE_MUCH, place) as run:
        wait_for(lambda: any(path.stat().st_size > 200_000 for path in place.records.rglob("*.part")))
        with pytest.raises(RunInProgress, match=rf"Process {run.pid} .* since {datetime.now(UTC):%Y-}"):
            only_run(place).__enter__()
        run.send_signal(signal.SIGKILL)
        run.wait()
    assert snapshots.read("council", "people")["person"].to_pylist() == ["p1"]
    with only_run(place):
        assert snapshots.sweep() == 1
    assert [path.stem for path in place.records.rglob("*") if path.is_file()] == [held.id]


@pytest.mark.parametrize("keep_snapshots", [1, 2])
def test_a_reader_sees_whole_snapshots_only_while_runs_swap_them(place, snapshots, keep_snapshots):
    (place.folder / "sharewell.toml").write_text(f"[store]\nkeep_snapshots = {keep_snapshots}\n")
    seen = set()
    with process(SWAP_OFTEN, place) as writer:
        wait_for(lambda: snapshots.current("council", "people"))
        while writer.poll() is None:
            rows = snapshots.read("council", "people", ["run", "i"])
            [number] = rows["run"].unique().to_pylist()
            assert rows.num_rows == 30_000
            seen.add(number)
        assert writer.returncode == 0
        last = int(writer.stdout.read())
    assert len(seen) > 2
    assert max(seen) <= last
    assert snapshots.current("council", "people").run == snapshots.current("council", "households").run
    assert len([path for path in place.records.rglob("*") if path.is_file()]) == 2 * keep_snapshots


def test_one_run_at_a_time_and_the_next_when_it_ends(place):
    with only_run(place), pytest.raises(RunInProgress), only_run(place):
        pass
    with only_run(place):
        pass


def test_the_lock_is_let_go_when_a_run_fails(place):
    with contextlib.suppress(RuntimeError), only_run(place):
        raise RuntimeError
    with only_run(place):
        pass


def test_an_unreadable_lock_file_still_says_that_a_run_is_on(place):
    with only_run(place):
        (place.store / "run.lock").write_text("scribble")
        with pytest.raises(RunInProgress, match="Another process"):
            only_run(place).__enter__()


def test_a_store_that_cannot_be_written_cannot_be_locked(place, without_rights):
    with without_rights(place.store), pytest.raises(FolderReadOnly), only_run(place):
        pass
