"""Hold linked people in a folder, so that a batch is linked against them and not the whole world again.

The folder has a key of its own, ``store.json`` (what was learned, and which files count) and encrypted
files. A batch writes new files and then puts a new ``store.json`` in the old one's place: whoever
reads, and a batch that is killed, sees all of it or nothing.
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from sharewell.store.disk import sync_file, writing
from sharewell.store.lock import only_one
from sharewell.store.sealed import read_sealed, write_sealed
from sharewell.vocab.errors import FileMissing, FileUnreadable, PlaceExists, Where

FORMAT: Final = "sharewell people 1"
ABOUT: Final = "store.json"
KEY: Final = "store.key"
LARGEST_CHANGE: Final = 0.25
"""A file of changes with more rows than this share of the first file is written into a new first one."""


@dataclass(frozen=True)
class About:
    """What ``store.json`` says: the model, how records were laid out, and the files that count.

    ``base``: the file with most records; ``change``: the one whose records take their place or come beside;
    ``events``: the files that tell who was new, merged or split, a batch each.
    """

    model: Mapping[str, Any]
    laid_out: Mapping[str, Any]
    records: int
    people: int
    base: str
    change: str | None = None
    events: tuple[str, ...] = ()


@dataclass(frozen=True)
class HeldPeople:
    """A folder of held people, as it was when it was opened."""

    folder: Path
    about: About
    key: bytes

    def records(self) -> pa.Table:
        """Return every record as it last was: record_key, content, person, then its columns as laid out."""
        base = self._file(self.about.base)
        return base if self.about.change is None else _replaced(base, self._file(self.about.change))

    def events(self) -> Iterator[pa.Table]:
        """Return who was new, merged or split, batch by batch."""
        for name in self.about.events:
            yield self._file(name)

    def _file(self, name: str) -> pa.Table:
        try:
            return read_sealed(self.folder / name, self.key)
        except FileNotFoundError:
            raise _damaged(self.folder, name) from None

    def with_changes(self, changed: pa.Table, events: pa.Table, people: int, records: int) -> HeldPeople:
        """Keep the records that a batch brought or changed, and what it did to people. Raises DiskFull."""
        if self.about.change is not None:
            changed = _replaced(self._file(self.about.change), changed)
        about = replace(self.about, people=people, records=records)
        if changed.num_rows <= LARGEST_CHANGE * records:
            name = _write(self.folder, "change", changed, self.key)
            return self._now(replace(about, change=name), events)
        every = _replaced(self._file(self.about.base), changed)
        name = _write(self.folder, "base", every, self.key)
        return self._now(replace(about, base=name, change=None), events)

    def _now(self, about: About, events: pa.Table) -> HeldPeople:
        if events.num_rows:
            told = _write(self.folder, "events", events, self.key)
            about = replace(about, events=(*about.events, told))
        _write_about(self.folder, about)
        _sweep(self.folder, about)
        return replace(self, about=about)


def _replaced(rows: pa.Table, by: pa.Table) -> pa.Table:
    """Return records, those of ``by`` in the place of older ones of the same key."""
    newer = by["record_key"].combine_chunks()
    older = rows.filter(pc.invert(pc.is_in(rows["record_key"], value_set=newer)))
    return pa.concat_tables([older, by.select(rows.column_names).cast(rows.schema)])


@contextlib.contextmanager
def opened_held(folder: Path) -> Iterator[HeldPeople | None]:
    """Open a folder of held people for one batch; None where there is none yet.

    Raises RunInProgress (another batch works there), PlaceExists (the folder holds something else),
    FileMissing and FileUnreadable (it is damaged), FolderReadOnly.
    """
    _require_own(folder)
    with only_one(folder):
        yield _open(folder) if (folder / ABOUT).is_file() else None


def hold(
    folder: Path,
    rows: pa.RecordBatchReader,
    events: pa.Table,
    *,
    model: Mapping[str, Any],
    laid_out: Mapping[str, Any],
    people: int,
    records: int,
) -> HeldPeople:
    """Hold the first records in a folder that has none. Raises DiskFull, FolderReadOnly."""
    key = _new_key(folder)
    base = _write(folder, "base", rows, key)
    about = About(model, laid_out, records, people, base)
    return HeldPeople(folder, about, key)._now(about, events)


def _require_own(folder: Path) -> None:
    if folder.exists() and not folder.is_dir():
        raise PlaceExists(
            "What --existing names is a file.",
            "Name a folder, new or made by `sharewell link --existing`.",
            Where(file=folder.name),
        )
    if folder.is_dir() and not (folder / ABOUT).exists() and any(_foreign(folder)):
        raise PlaceExists(
            "The folder holds other things and no linked people.",
            "Name a new folder, or one made by `sharewell link --existing`.",
            Where(file=folder.name),
        )


def _foreign(folder: Path) -> Iterator[Path]:
    """Return what no batch could have left behind."""
    own = ("base-", "change-", "events-", "store.", "run.lock", ".")
    return (path for path in folder.iterdir() if not path.name.startswith(own))


def _open(folder: Path) -> HeldPeople:
    try:
        written: Any = json.loads((folder / ABOUT).read_bytes())
        if written.pop("format") != FORMAT:
            raise ValueError
        about = About(**{**written, "events": tuple(written["events"])})
        key = (folder / KEY).read_bytes()
    except FileNotFoundError:
        raise _damaged(folder, KEY) from None
    except (ValueError, TypeError, KeyError, AttributeError):
        raise FileUnreadable(
            "What is known of the linked people cannot be read: the file is damaged, or of another version.",
            "Put the folder back from its backup, or link all lists again into a new one.",
            Where(file=f"{folder.name}/{ABOUT}"),
        ) from None
    return HeldPeople(folder, about, key)


def _damaged(folder: Path, name: str) -> FileMissing:
    return FileMissing(
        "A file of the linked people is gone.",
        "Put the folder back from its backup, or link all lists again into a new one.",
        Where(file=f"{folder.name}/{name}"),
    )


def _new_key(folder: Path) -> bytes:
    key = secrets.token_bytes(32)
    with writing(folder.name):
        (folder / KEY).unlink(missing_ok=True)
        handle = os.open(folder / KEY, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(key)
        sync_file(folder / KEY)
    return key


def _write(folder: Path, what: str, rows: pa.RecordBatchReader | pa.Table, key: bytes) -> str:
    name = f"{what}-{secrets.token_hex(8)}"
    write_sealed(rows, folder / name, key)
    return name


def _write_about(folder: Path, about: About) -> None:
    part = folder / f".{ABOUT}.part"
    with writing(folder.name):
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump({"format": FORMAT, **vars(about)}, file)
        sync_file(part)
        part.replace(folder / ABOUT)
        sync_file(folder)


def _sweep(folder: Path, about: About) -> None:
    """Delete the files that no longer count, and what a killed batch left."""
    counting = {about.base, about.change, *about.events}
    for path in folder.iterdir():
        is_spent = path.name.startswith(("base-", "change-", "events-")) and path.name not in counting
        if is_spent or path.name.endswith(".part"):
            path.unlink(missing_ok=True)
