"""Open a control database for reading: a SQLite file, strictly read-only, or the one Django has open."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from sharewell.audit.verify import ENTRIES, Batches
from sharewell.store.engine import quoted
from sharewell.vocab.errors import FileMissing, FileUnreadable, Where

if TYPE_CHECKING:
    from django.db.backends.utils import CursorWrapper

CONTROL = "control.sqlite3"
BATCH = 2_000
_MAGIC = b"SQLite format 3\x00"

Answer = TypeVar("Answer")


@dataclass(frozen=True)
class OpenLog:
    """A control database opened for reading: ``execute`` runs a query on a cursor of its own."""

    execute: Callable[[str], sqlite3.Cursor | CursorWrapper]
    names: Callable[[], Sequence[str]]
    is_sqlite: bool = True

    def tables(self) -> frozenset[str]:
        """Return the names of the tables there are."""
        return frozenset(self.names())

    def rows(self, table: str, columns: Sequence[str], order: str) -> Batches:
        """Return a table's rows, in batches, ordered by a column."""
        wanted = ", ".join(quoted(column) for column in columns)
        cursor = self.execute(f"SELECT {wanted} FROM {quoted(table)} ORDER BY {quoted(order)}")
        while batch := cursor.fetchmany(BATCH):
            yield batch

    def given_out(self) -> int:
        """Return the highest sequence the database remembers giving out, 0 when it does not remember."""
        if not self.is_sqlite or "sqlite_sequence" not in self.tables():
            return 0
        found = self.execute(f"SELECT max(seq) FROM sqlite_sequence WHERE name = '{ENTRIES}'").fetchall()
        return found[0][0] if found and isinstance(found[0][0], int) else 0


def with_current(ask: Callable[[OpenLog], Answer]) -> Answer:
    """Ask the database that Django has open, in one transaction so that it stands still."""
    from django.db import connection, transaction

    def execute(query: str) -> CursorWrapper:
        cursor = connection.cursor()
        cursor.execute(query)
        return cursor

    with transaction.atomic():
        return ask(OpenLog(execute, connection.introspection.table_names, connection.vendor == "sqlite"))


def with_file(file: Path, ask: Callable[[OpenLog], Answer]) -> Answer:
    """Ask a SQLite file, and once more when it was written to meanwhile or holds text that is not text."""
    path = _database(file)
    before = _state(path)
    try:
        answer = _ask(path, ask, is_still=not _has_wal(path))
    except sqlite3.Error:
        answer = None
    if answer is None or _state(path) != before:
        answer = _ask(path, ask, is_still=not _has_wal(path), text=_any_text)
    return answer


def _ask(
    path: Path,
    ask: Callable[[OpenLog], Answer],
    *,
    is_still: bool,
    text: Callable[[bytes], str] | None = None,
) -> Answer:
    """Open the file read-only. Where no write-ahead log lies beside it, not even a lock file is made."""
    how = "mode=ro&immutable=1" if is_still else "mode=ro"
    with closing(
        sqlite3.connect(f"{path.resolve().as_uri()}?{how}", uri=True, isolation_level=None)
    ) as opened:
        if text is not None:
            opened.text_factory = text
        opened.execute("BEGIN")
        names = "SELECT name FROM sqlite_master WHERE type IN ('table', 'view')"
        return ask(OpenLog(opened.execute, lambda: [name for (name,) in opened.execute(names)]))


def _any_text(raw: bytes) -> str:
    return raw.decode("utf-8", "replace")


def _has_wal(path: Path) -> bool:
    return any(size for _, size in _state(path)[1:])


def _state(path: Path) -> tuple[tuple[int, int], ...]:
    """Return when the database and its write-ahead log were written, and their sizes; 0 for a missing one."""
    found = []
    for each in (path, path.with_name(f"{path.name}-wal")):
        try:
            facts = each.stat()
            found.append((facts.st_mtime_ns, facts.st_size))
        except FileNotFoundError:
            found.append((0, 0))
    return tuple(found)


def _database(file: Path) -> Path:
    return file / CONTROL if file.is_dir() else file


def require_database(file: Path) -> None:
    """Refuse a file that is not there (FileMissing) or is no SQLite database (FileUnreadable)."""
    path = _database(file)
    try:
        with path.open("rb") as opened:
            magic = opened.read(len(_MAGIC))
    except FileNotFoundError:
        raise FileMissing(
            "There is no control database of that name.",
            "Name the file with `--file`, or the place with `--dir`.",
            Where(file=path.name),
        ) from None
    except OSError:
        magic = b""
    if magic != _MAGIC:
        raise _no_log(path)


def require_log(file: Path, *, has_lines: bool) -> None:
    """Refuse a database that never was a control plane; with published lines it was, and its log is gone."""
    path = _database(file)
    try:
        names = with_file(file, OpenLog.tables)
    except sqlite3.Error:
        raise _no_log(path) from None
    if not has_lines and not any(name.startswith("audit_") for name in names):
        raise _no_log(path)


def _no_log(path: Path) -> FileUnreadable:
    return FileUnreadable(
        "This file cannot be read as the control database of a place.",
        "Give store/control.sqlite3 of a place, or a whole copy of it with its -wal file.",
        Where(file=path.name),
    )
