"""Making a region: the same seed the same bytes, whole or not at all, stopped and resumed."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from sharewell.demo.region.lists.every import EVERY
from sharewell.demo.region.make import Wish, make_region
from sharewell.vocab.errors import DiskFull, FileMissing, PlaceExists, RunInProgress

TWO_PARTS = 11_000


def digests(folder: Path) -> dict[str, str]:
    """Return the SHA-256 of every file below a folder."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def command(out: Path, *more: str, people: int = 300) -> list[str]:
    return [sys.executable, "-m", "sharewell", "region", "--people", str(people), "--out", str(out), *more]


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others(make_small: Callable[..., Path]):
    one, same, other = digests(make_small("a")), digests(make_small("b")), digests(make_small("c", seed=2))
    assert one == same
    assert not [name for name in one if one[name] == other[name]]


def test_two_processes_give_the_bytes_that_one_gives(tmp_path: Path):
    lists = ("assisted-bins", "shielded-patient-list")
    made = []
    for workers in (1, 2):
        make_region(Wish(TWO_PARTS, 1, lists=lists), tmp_path / str(workers), workers=workers)
        made.append(digests(tmp_path / str(workers)))
    assert made[0] == made[1]


def test_a_region_has_every_list_the_gazetteer_and_the_truth(made_region: Path):
    told = json.loads((made_region / "region.json").read_text(encoding="utf-8"))
    assert set(told["lists"]) == {form.name for form in EVERY} and len(told["lists"]) >= 12
    for each in told["lists"].values():
        assert (made_region / each["file"]).stat().st_size > 0
    assert pq.read_schema(made_region / "truth.parquet").names == [
        "list", "source_row", "person", "household", "uprn", "class",
    ]  # fmt: skip
    assert pq.read_schema(made_region / "errors.parquet").names == [
        "list", "source_row", "column", "kind", "before", "after",
    ]  # fmt: skip
    assert (made_region / "gazetteer.csv").stat().st_size > 0


def test_every_row_of_every_list_has_one_row_of_truth(made_region: Path):
    told = json.loads((made_region / "region.json").read_text(encoding="utf-8"))
    table = pq.read_table(made_region / "truth.parquet", columns=["list", "source_row"])
    rows: dict[str, list[int]] = {}
    for name, row in zip(table["list"].to_pylist(), table["source_row"].to_pylist(), strict=True):
        rows.setdefault(name, []).append(row)
    assert {name: sorted(found) for name, found in rows.items()} == {
        name: list(range(1, each["rows"] + 1)) for name, each in told["lists"].items()
    }


def test_a_folder_that_holds_files_is_refused(tmp_path: Path):
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(PlaceExists):
        make_region(Wish(300, 1), tmp_path)


def test_a_run_that_fails_leaves_nothing(tmp_path: Path):
    with pytest.raises(FileMissing):
        make_region(Wish(300, 1, reference=tmp_path / "nowhere"), tmp_path / "out")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("limit", [2_000, 60_000])
def test_a_disk_that_fills_up_is_said_and_leaves_nothing(tmp_path: Path, limit: int):
    done = subprocess.run(
        command(tmp_path / "out"),
        capture_output=True,
        text=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)),
    )
    assert done.returncode == DiskFull.exit_code, done.stderr
    assert "Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("people", ["0", "-5", "many", "100000001"])
def test_a_number_of_people_that_makes_no_sense_is_refused(tmp_path: Path, people: str):
    done = subprocess.run(
        [*command(tmp_path / "out")[:4], "--people", people, "--out", str(tmp_path / "out")],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 2 and "--people" in done.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "rate", ["father_and_son", "father_and_son=x", "nobody=1", "father_and_son=-1", "next_number=2"]
)
def test_a_rate_that_makes_no_sense_is_refused(tmp_path: Path, rate: str):
    done = subprocess.run(command(tmp_path / "out", "--rate", rate), capture_output=True, text=True)
    assert done.returncode == 2 and ("one of father_and_son" in done.stderr or "a class and a" in done.stderr)
    assert list(tmp_path.iterdir()) == []


def test_a_rate_is_set_from_the_command_line(tmp_path: Path):
    more = ("--rate", "father_and_son=9", "--rate", "next_number=0.5", "--json")
    done = subprocess.run(command(tmp_path / "out", *more), capture_output=True, text=True, check=True)
    rates = json.loads(done.stdout)["hard"]
    assert (rates["father_and_son"]["rate"], rates["next_number"]["rate"]) == (9.0, 0.5)


@pytest.mark.parametrize("day", ["1800-01-01", "yesterday", "2021-02-30"])
def test_a_day_that_makes_no_sense_is_refused(tmp_path: Path, day: str):
    done = subprocess.run(command(tmp_path / "out", "--as-of", day), capture_output=True, text=True)
    assert done.returncode == 2 and "--as-of" in done.stderr


def test_a_link_to_an_empty_folder_is_filled_and_a_file_in_the_way_is_refused(tmp_path: Path):
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    make_region(Wish(300, 1), tmp_path / "link", workers=1)
    assert (tmp_path / "real" / "truth.parquet").is_file()
    (tmp_path / "file").write_text("mine")
    with pytest.raises(PlaceExists):
        make_region(Wish(300, 1), tmp_path / "file" / "below")


def test_a_run_that_fails_leaves_no_folder_above_it_either(tmp_path: Path):
    with pytest.raises(FileMissing):
        make_region(Wish(300, 1, reference=tmp_path / "nowhere"), tmp_path / "new" / "deep" / "out")
    assert list(tmp_path.iterdir()) == []


def test_two_runs_do_not_make_one_region(tmp_path: Path):
    beside = tmp_path / ".out.making"
    beside.mkdir()
    held = os.open(beside, os.O_RDONLY)
    fcntl.flock(held, fcntl.LOCK_EX)
    with pytest.raises(RunInProgress):
        make_region(Wish(300, 1), tmp_path / "out", workers=1)
    os.close(held)
    assert beside.is_dir()


def test_a_killed_run_leaves_no_region_and_goes_on_where_it_was(tmp_path: Path):
    undisturbed = tmp_path / "undisturbed"
    make_region(Wish(TWO_PARTS, 1), undisturbed)
    out = tmp_path / "out"
    running = subprocess.Popen(
        command(out, people=TWO_PARTS), stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL
    )
    parts = tmp_path / ".out.making" / "parts"
    until = time.monotonic() + 60
    while time.monotonic() < until and not list(parts.glob("part-0000?")):
        time.sleep(0.02)
    running.send_signal(signal.SIGKILL)
    running.wait()
    assert not out.exists()
    kept = {path.name: path.stat().st_mtime_ns for path in parts.glob("part-0000?")}
    assert kept
    make_region(Wish(TWO_PARTS, 1), out)
    assert digests(out) == digests(undisturbed)
    assert not (tmp_path / ".out.making").exists()


def test_what_a_killed_run_of_another_wish_left_is_not_used(tmp_path: Path, make_small: Callable[..., Path]):
    beside = tmp_path / ".out.making"
    (beside / "parts" / "part-00000").mkdir(parents=True)
    (beside / "making.json").write_text("{}")
    make_region(Wish(300, 1), tmp_path / "out", workers=1)
    assert digests(tmp_path / "out") == digests(make_small("small"))


def test_the_day_can_be_set(make_small: Callable[..., Path]):
    told = json.loads((make_small(as_of=date(2026, 11, 1)) / "region.json").read_text(encoding="utf-8"))
    assert told["as_of"] == "2026-11-01"


def test_progress_is_told_part_by_part(tmp_path: Path):
    said: list[tuple[str, int, int]] = []
    make_region(Wish(300, 1), tmp_path / "out", tell=lambda *each: said.append(each), workers=1)
    assert ("making people, homes and lists", 1, 1) in said


@pytest.mark.real
def test_with_reference_data_the_attribution_is_said(tmp_path: Path, shared: Path):
    told = make_region(Wish(1_500, 1, reference=shared / "data" / "uk"), tmp_path / "out", workers=1)
    assert told["is_reference"] and "Crown copyright" in told["attribution"]
    assert told["residents"] >= 1_500
