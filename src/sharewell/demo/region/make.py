"""Make a region: take areas, make its parts side by side, join them, then name the folder."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import json
import multiprocessing
import os
import shutil
import signal
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from sharewell import __version__
from sharewell.demo.region.frame.build import build_frame
from sharewell.demo.region.frame.folder import SUMS
from sharewell.demo.region.join import join_parts
from sharewell.demo.region.lists.every import EVERY
from sharewell.demo.region.parts import Making, make_part
from sharewell.demo.region.rates import RATES
from sharewell.demo.region.world.part import Part, parts_of
from sharewell.store.disk import writing
from sharewell.vocab.errors import OutOfMemory, PlaceExists, RunInProgress, Where

CENSUS_DAY = date(2021, 3, 21)
STAMP = "making.json"
WATCH_SECONDS = 1.0
Tell = Callable[[str, int, int], None]
"""Told what is being done, how much of it is done and how much there is in all."""


@dataclass(frozen=True)
class Wish:
    """What region is wanted. ``rates`` override the usual ones of hard pairs, by class."""

    people: int
    seed: int
    reference: Path | None = None
    as_of: date = CENSUS_DAY
    rates: Mapping[str, float] | None = None
    lists: tuple[str, ...] = tuple(form.name for form in EVERY)


def make_region(wish: Wish, out: Path, *, tell: Tell = lambda *_: None, workers: int = 2) -> dict[str, Any]:
    """Make a region in a new or empty folder and return what its ``region.json`` says.

    It is made beside the folder and moved there whole. A run that is stopped goes on where it was when it is
    run again with the same wish; one that fails leaves nothing. Raises PlaceExists, FileMissing,
    FileUnreadable, DiskFull, FolderReadOnly, OutOfMemory, RunInProgress.
    """
    out = out.resolve()
    _require_free(out)
    beside = out.with_name(f".{out.name}.making")
    with _nothing_left(beside), writing(out.name), _alone(beside, wish):
        tell("taking areas and fitting them", 0, 1)
        frame = build_frame(wish.people, wish.seed, wish.reference)
        making = Making(
            frame, wish.seed, wish.reference, {**RATES, **(wish.rates or {})}, beside / "parts", wish.lists
        )
        folders = _make_parts(making, parts_of(frame, wish.seed, wish.as_of), tell, workers)
        tell("joining the parts into files", 0, 1)
        whole = beside / "whole"
        shutil.rmtree(whole, ignore_errors=True)
        told = join_parts(making, folders, wish.as_of, whole)
        if out.exists():
            out.rmdir()
        whole.rename(out)
    shutil.rmtree(beside, ignore_errors=True)
    return told


def _require_free(out: Path) -> None:
    above = next(each for each in (out, *out.parents) if each.exists())
    if not above.is_dir() or (above == out and any(out.iterdir())):
        raise PlaceExists("The folder holds files.", "Choose a new or an empty folder.", Where(file=out.name))


@contextmanager
def _nothing_left(beside: Path) -> Iterator[None]:
    """Remove what was made when making fails; keep it when it is stopped, to go on from."""
    new = [each for each in beside.parents if not each.exists()]
    try:
        yield
    except RunInProgress:
        raise
    except Exception:
        shutil.rmtree(beside, ignore_errors=True)
        for folder in new:
            with contextlib.suppress(OSError):
                folder.rmdir()
        raise


@contextmanager
def _alone(beside: Path, wish: Wish) -> Iterator[None]:
    """Hold the folder to work in for one process, made ready for the wish. Raises RunInProgress."""
    beside.mkdir(parents=True, exist_ok=True)
    handle = os.open(beside, os.O_RDONLY | os.O_CLOEXEC)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise RunInProgress(
            "Another process is making this region.", "Wait until it ends, or choose another --out."
        ) from None
    else:
        _begin(beside, wish)
        yield
    finally:
        os.close(handle)


def _begin(beside: Path, wish: Wish) -> None:
    """Empty the folder to work in, unless an earlier run with the same wish left its parts there."""
    stamp = json.dumps(_stamp(wish), sort_keys=True)
    path = beside / STAMP
    if not path.is_file() or path.read_text(encoding="utf-8") != stamp:
        for part in beside.iterdir():
            shutil.rmtree(part) if part.is_dir() else part.unlink()
        path.write_text(stamp, encoding="utf-8")


def _stamp(wish: Wish) -> dict[str, Any]:
    sums = wish.reference / SUMS if wish.reference else None
    return {
        "version": __version__,
        "people": wish.people,
        "seed": wish.seed,
        "as_of": wish.as_of.isoformat(),
        "reference": str(wish.reference),
        "sums": hashlib.sha256(sums.read_bytes()).hexdigest() if sums and sums.is_file() else None,
        "rates": dict(wish.rates or {}),
        "lists": list(wish.lists),
    }


def _make_parts(making: Making, parts: Sequence[Part], tell: Tell, workers: int) -> list[Path]:
    tell("making people, homes and lists", 0, len(parts))
    if len(parts) == 1 or workers == 1:
        return list(_told(parts, (make_part(making, part) for part in parts), tell))
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(min(workers, len(parts)), context, _work_for, (making, os.getpid()))
    try:
        with _deaf_to_interrupts():
            made = pool.map(_make, parts)
        return list(_told(parts, made, tell))
    except BrokenProcessPool:
        raise OutOfMemory(
            "A process that made a part of the region was ended, as a rule for want of memory.",
            "Free some memory, or ask for fewer people.",
        ) from None
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _told(parts: Sequence[Part], made: Iterator[Path], tell: Tell) -> Iterator[Path]:
    for done, folder in enumerate(made, start=1):
        tell("making people, homes and lists", done, len(parts))
        yield folder


@contextmanager
def _deaf_to_interrupts() -> Iterator[None]:
    """Leave Ctrl-C unheard while workers are begun, so that they are born deaf to it and end in order."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    heard = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, heard)


_WORK: list[Making] = []


def _work_for(making: Making, parent: int) -> None:
    """Make a worker ready: it ends with the process that began it, and leaves Ctrl-C to that one."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with, args=(parent,), daemon=True).start()
    _WORK[:] = [making]


def _end_with(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(WATCH_SECONDS)
    os._exit(1)


def _make(part: Part) -> Path:
    return make_part(_WORK[0], part)
