"""Let one run work in a place at a time. The lock goes with its process, however that ends."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from sharewell.settings import Place
from sharewell.store.disk import writing
from sharewell.vocab.errors import RunInProgress

FILE = "run.lock"


def only_run(place: Place) -> contextlib.AbstractContextManager[None]:
    """Hold the place for one run, or refuse when another holds it. Raises as ``only_one`` does."""
    return only_one(place.store)


@contextlib.contextmanager
def only_one(folder: Path) -> Iterator[None]:
    """Hold a folder, which is made where it is not there, for one process, or refuse.

    The kernel holds the lock (flock), so that a killed run leaves none behind. Raises RunInProgress, naming
    the other's process id and since when; FolderReadOnly.
    """
    with writing(folder.name):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(folder / FILE, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    with os.fdopen(handle, "r+", encoding="utf-8") as file:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise _in_progress(file.read()) from None
        file.truncate()
        file.write(json.dumps({"pid": os.getpid(), "since": datetime.now(UTC).isoformat(timespec="seconds")}))
        file.flush()
        yield


def _in_progress(written: str) -> RunInProgress:
    try:
        holder = json.loads(written)
        who = f"Process {int(holder['pid'])} has been working in this place since {holder['since']}."
    except (ValueError, KeyError, TypeError):
        who = "Another process is working in this place."
    return RunInProgress(who, "Wait until it ends, then try again. If it hangs, end that process.")
