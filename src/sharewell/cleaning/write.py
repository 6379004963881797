"""A folder of answers that is written whole or not at all.

Everything is written into a folder beside the one asked for, which takes its name when all of it is on the
disk. The kernel holds a lock on the folder being written, so the next run can tell what a killed run left
from what another run is writing, and clear the former away.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import shutil
import uuid
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final, cast

import pyarrow as pa
import pyarrow.parquet as pq

from sharewell.store.disk import sync_file, writing
from sharewell.vocab.errors import OutputIsInput, OutputTaken, Where

ABOUT: Final = "about.json"
"""The file that every folder of answers has, and by which one is known."""


@contextlib.contextmanager
def whole_folder(out: Path, source: Path) -> Iterator[Path]:
    """Give an empty folder to write; it becomes ``out`` when the block ends without an error.

    An earlier folder of answers under that name is replaced. Raises OutputTaken when ``out`` is something
    else, OutputIsInput when ``source`` lies inside it, DiskFull, FolderReadOnly.
    """
    _require_free(out, source)
    with writing(out.name):
        out.parent.mkdir(parents=True, exist_ok=True)
        _clear_away(out)
        part, lock = _open_part(out)
        try:
            yield part
            for path in part.iterdir():
                sync_file(path)
            _take_its_place(part, out)
        finally:
            shutil.rmtree(part, ignore_errors=True)
            os.close(lock)


def write_rows(rows: pa.RecordBatchReader, path: Path, repeating: Sequence[str] = ()) -> int:
    """Write a stream of batches as Parquet and return the number of rows.

    ``repeating`` names the columns whose values come again and again.
    """
    written, dictionary = 0, cast(bool, list(repeating) or False)  # pyarrow takes names too, its types do not
    # the least and greatest of other columns are people's own values, and would lie bare in the file's footer
    kept = [name for name in rows.schema.names if name == "source_row"]
    writer = pq.ParquetWriter(
        path, rows.schema, compression="zstd", use_dictionary=dictionary, write_statistics=cast(bool, kept)
    )
    with writer as file:
        for batch in rows:
            file.write_batch(batch)
            written += batch.num_rows
    return written


def write_about(folder: Path, about: object) -> None:
    """Write what a folder of answers holds and how it was made."""
    (folder / ABOUT).write_text(json.dumps(about, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def _require_free(out: Path, source: Path) -> None:
    if out.is_dir() and out.resolve() in source.resolve().parents:
        raise OutputIsInput(
            "The file to read lies in the folder to write.",
            "Choose another folder for --out.",
            Where(file=out.name),
        )
    ours = out.is_dir() and ((out / ABOUT).is_file() or not any(out.iterdir()))
    if not ours and (out.exists() or out.is_symlink()):
        raise OutputTaken(
            "There is something of that name already, and sharewell did not put it there.",
            "Choose another folder for --out.",
            Where(file=out.name),
        )


def _open_part(out: Path) -> tuple[Path, int]:
    """Make and lock a folder to write in, again if another run cleared it away before it was locked."""
    while True:
        part = out.parent / f".{out.name}.{uuid.uuid4().hex[:12]}.part"
        part.mkdir(mode=0o700)
        with contextlib.suppress(FileNotFoundError):
            lock = os.open(part, os.O_RDONLY | os.O_CLOEXEC)
            fcntl.flock(lock, fcntl.LOCK_EX)
            if part.exists():
                return part, lock
            os.close(lock)


def _clear_away(out: Path) -> None:
    """Remove what killed runs left: their folders are locked by nobody."""
    for part in out.parent.glob(f".{_as_pattern(out.name)}.*.part"):
        with contextlib.suppress(OSError):
            lock = os.open(part, os.O_RDONLY | os.O_CLOEXEC)
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(part, ignore_errors=True)
            finally:
                os.close(lock)


def _as_pattern(name: str) -> str:
    """Return a name as a pattern that matches that name alone."""
    return "".join(f"[{sign}]" if sign in "*?[" else sign for sign in name)


def _take_its_place(part: Path, out: Path) -> None:
    old = out.parent / f".{out.name}.{uuid.uuid4().hex[:12]}.part"
    if out.exists():
        out.rename(old)
    part.rename(out)
    sync_file(out.parent)
    shutil.rmtree(old, ignore_errors=True)
