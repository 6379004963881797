"""A log with entries in it, and copies of it that a test may tamper with as an attacker would."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pytest_django.plugin import DjangoDbBlocker

from sharewell.settings import Place, open_place
from sharewell.store.control import close_control_plane, open_control_plane

START = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
BATCHES = (1, 4, 1, 7, 2, 8)
ENTRIES = sum(BATCHES)
TABLES = ("audit_entry", "audit_checkpoint", "audit_head")


@dataclass(frozen=True)
class Copy:
    """A copy of a store folder: its database, its checkpoints file, and the log's true public key."""

    folder: Path
    public_key: bytes

    @property
    def database(self) -> Path:
        return self.folder / "control.sqlite3"

    @property
    def checkpoints(self) -> Path:
        return self.folder / "checkpoints.jsonl"

    def attack(self, *statements: str) -> None:
        """Run SQL as one who may write to the file: constraints and triggers are gone."""
        with closing(sqlite3.connect(self.database, isolation_level=None)) as opened:
            opened.execute("PRAGMA synchronous = OFF")
            for statement in statements:
                opened.execute(statement)

    def dump(self) -> tuple[object, ...]:
        """Return everything the log is made of, so that a test can tell whether it changed anything."""
        with closing(sqlite3.connect(self.database)) as opened:
            opened.text_factory = bytes
            there = {
                name for (name,) in opened.execute("SELECT CAST(name AS BLOB) FROM sqlite_master").fetchall()
            }
            rows = [
                sorted(map(repr, opened.execute(f"SELECT * FROM {table}").fetchall()))
                if table.encode() in there
                else None
                for table in TABLES
            ]
        lines = self.checkpoints.read_bytes() if self.checkpoints.exists() else None
        return (*map(repr, rows), lines)


@pytest.fixture(scope="session")
def written_log(
    tmp_path_factory: pytest.TempPathFactory, empty_control_plane: Path, django_db_blocker: DjangoDbBlocker
) -> Copy:
    """A place's store after six batches of entries, closed, and the log's public key."""
    from sharewell.store.keys import KeyRing

    folder = tmp_path_factory.mktemp("written")
    with django_db_blocker.unblock():
        place = new_place(folder, empty_control_plane)
        write_batches(BATCHES)
        key = KeyRing.open(place).log_key().public_key().public_bytes_raw()
        close_control_plane()
    return Copy(place.store, key)


@pytest.fixture
def copy_of(written_log: Copy, tmp_path: Path) -> Iterator[Callable[[], Copy]]:
    """Makes a fresh copy of the written log, its tables without a constraint or trigger."""
    unlocked = tmp_path / "unlocked"
    shutil.copytree(written_log.folder, unlocked)
    steps = [step for table in TABLES for step in _without_guards(table)]
    Copy(unlocked, b"").attack("PRAGMA journal_mode = DELETE", *steps, *_without_others(unlocked), "VACUUM")
    made = 0

    def make() -> Copy:
        nonlocal made
        made += 1
        target = tmp_path / f"copy{made}"
        shutil.copytree(unlocked, target)
        return Copy(target, written_log.public_key)

    yield make


def new_place(folder: Path, template: Path) -> Place:
    """Make a place with a root key and open its control plane."""
    from sharewell.store.keys import KeyRing

    (folder / "sharewell.toml").write_text('[place]\norganisation = "testborough"\n', encoding="utf-8")
    place = open_place(folder)
    place.store.mkdir()
    shutil.copy(template, place.control)
    open_control_plane(place)
    KeyRing.create(place)
    return place


def write_batches(batches: tuple[int, ...], by: str = "operator") -> None:
    """Record entries as runs do: each batch in one transaction."""
    from django.db import transaction

    from sharewell.audit.actions import record_many
    from sharewell.audit.terms import Event

    number = 0
    for batch, size in enumerate(batches):
        events = []
        for _ in range(size):
            number += 1
            at = START + timedelta(minutes=number)
            subjects = [f"{number * 1000 + n:064x}" for n in range(number % 3)]
            details = {"rows": number, "note": 'ward "Ynys Môn"'}
            events.append(Event(by, "list.read", at, f"run-{batch}", "agr-1", "nhs", details, subjects))
        with transaction.atomic():
            record_many(events)


def _without_others(folder: Path) -> list[str]:
    """Return what makes the database small, so that a copy costs little."""
    with closing(sqlite3.connect(folder / "control.sqlite3")) as opened:
        names = [name for (name,) in opened.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    return [f'DROP TABLE "{name}"' for name in names if not name.startswith(("audit_", "sqlite_"))]


def _without_guards(table: str) -> tuple[str, ...]:
    return (
        f"CREATE TABLE bare AS SELECT * FROM {table}",
        f"DROP TABLE {table}",
        f"ALTER TABLE bare RENAME TO {table}",
    )


@pytest.fixture
def write() -> Callable[..., None]:
    """Records batches of entries in the open place."""
    return write_batches


@pytest.fixture
def ready(place: Place) -> Place:
    """A place that has its root key."""
    from sharewell.store.keys import KeyRing

    KeyRing.create(place)
    return place
