"""Immutable encrypted tables: a run stages them unseen and swaps them in all at once.

A snapshot is one file under a key of its own, wrapped in the control database by its organisation's key. The
row in the database is what makes it visible, so a reader sees a whole snapshot or the one before it, and a
killed run leaves only a file that nobody can open, which ``sweep`` removes. See docs/adr/0003 and 0005.
"""

from __future__ import annotations

import contextlib
import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

import pyarrow as pa
from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from sharewell.settings import Place
from sharewell.store.control import forget_overwritten
from sharewell.store.engine import Engine, Relation, quoted
from sharewell.store.keys import KeyRing
from sharewell.store.models import Snapshot
from sharewell.store.parquet import Encrypted, write_encrypted
from sharewell.store.rootkey import new_key
from sharewell.store.rules import folder_name
from sharewell.store.terms import Facts, Staged
from sharewell.vocab.errors import SnapshotMissing

PERSON = "person"
TRIES = 5


class Snapshots:
    """The snapshots of one place. Whoever writes or erases holds ``lock.only_run``; readers hold nothing."""

    def __init__(self, place: Place, keys: KeyRing) -> None:
        self._place = place
        self._keys = keys

    def stage(self, rows: Relation, organisation: str, table: str, *, as_of: date, run: str) -> Staged:
        """Write a relation as a snapshot that no reader can see yet, streaming, in bounded memory.

        Raises DiskFull or FolderReadOnly; nothing half-written stays.
        """
        stream = rows.engine.stream(f"SELECT * FROM {quoted(rows.name)}")
        return self._write(stream, organisation, table, as_of, run)

    def swap(self, staged: Sequence[Staged]) -> None:
        """Make staged snapshots current, all at once, and destroy those beyond ``keep_snapshots``.

        The caller's ``transaction.atomic()`` decides: if it rolls back, nothing has changed. Raises
        TransactionManagementError outside one, SnapshotMissing when a staged file has been swept away.
        """
        if not connection.in_atomic_block:
            raise transaction.TransactionManagementError("swap needs the caller's transaction.atomic()")
        for each in staged:
            self._show(each)
            older = _live(each.organisation, each.table).filter(is_current=False).order_by("-created_at")
            self._destroy(older[self._place.settings.store.keep_snapshots - 1 :])

    def load(
        self,
        organisation: str,
        table: str,
        engine: Engine,
        name: str,
        *,
        columns: Sequence[str] | None = None,
        equals: Mapping[str, str | int] | None = None,
        snapshot: str | None = None,
    ) -> Relation:
        """Copy a table's current snapshot, or the one named by id, into an engine, in bounded memory.

        ``columns`` and ``equals`` (column to value) take a part of it. Raises SnapshotMissing, KeyMissing,
        UnknownColumn.
        """
        file = self._open(organisation, table, snapshot)
        try:
            return engine.load(name, file.reader(columns, file.equal(equals or {})))
        except Exception:
            if file.refusal is not None:
                raise file.refusal from None
            raise

    def read(
        self,
        organisation: str,
        table: str,
        columns: Sequence[str] | None = None,
        equals: Mapping[str, str | int] | None = None,
        *,
        snapshot: str | None = None,
    ) -> pa.Table:
        """Return a table's current snapshot, or the one named by id, or a part of it, as an Arrow table.

        Only the row groups that can hold the values of ``equals`` are decrypted. Raises as ``load`` does.
        """
        file = self._open(organisation, table, snapshot)
        return file.reader(columns, file.equal(equals or {})).read_all()

    def held(self, organisation: str, table: str) -> pa.Table | None:
        """Return a table's current snapshot, or None where there is none. Raises KeyMissing."""
        try:
            return self.read(organisation, table)
        except SnapshotMissing:
            return None

    def current(self, organisation: str, table: str) -> Facts | None:
        """Return what is known of a table's current snapshot, or None where there is none."""
        row = _live(organisation, table).filter(is_current=True).first()
        return None if row is None else _facts(row)

    def history(self, organisation: str, table: str) -> tuple[Facts, ...]:
        """Return every snapshot a table ever had, newest first, with those destroyed since."""
        rows = Snapshot.objects.filter(organisation=organisation, table=table).order_by("-created_at")
        return tuple(_facts(row) for row in rows)

    def tables(self) -> tuple[Facts, ...]:
        """Return the current snapshot of every table of every organisation, by organisation and table."""
        rows = Snapshot.objects.filter(is_current=True).order_by("organisation", "table")
        return tuple(_facts(row) for row in rows)

    def sweep(self) -> int:
        """Remove the files that no live snapshot names, as a killed run leaves them, and return how many."""
        records = self._place.records
        named = {
            records / file
            for file in Snapshot.objects.exclude(wrapped_key=None).values_list("file", flat=True)
        }
        orphans = [path for path in records.rglob("*") if path.is_file() and path not in named]
        for path in orphans:
            path.unlink(missing_ok=True)
        return len(orphans)

    def delete_list(self, organisation: str, table: str) -> int:
        """Erase every snapshot of a table, so that none can be opened again, and return how many."""
        with transaction.atomic():
            return self._destroy(_live(organisation, table))

    def delete_person(self, person: str) -> int:
        """Erase a person from every table that has a ``person`` column; return the current rows erased.

        See ``delete_rows``. Tables that know the person only by a source's row number are the caller's to
        name, through ``delete_rows``.
        """
        tables = Snapshot.objects.exclude(wrapped_key=None).values_list("organisation", "table").distinct()
        return sum(self.delete_rows(organisation, table, PERSON, [person]) for organisation, table in tables)

    def delete_rows(self, organisation: str, table: str, column: str, values: Sequence[str | int]) -> int:
        """Erase the rows of a table whose column holds one of these values; return the current rows erased.

        The current snapshot is written anew without them and every older one is destroyed, whichever of them
        held such a row. A table without the column is left as it is.
        """
        found = {row.id: self._rows_holding(row, column, values) for row in _live(organisation, table)}
        current = self.current(organisation, table)
        if not any(found.values()):
            return 0
        staged = self._without(current, column, values) if current and found[current.id] else None
        with transaction.atomic():
            if staged is not None:
                self._show(staged)
            self._destroy(_live(organisation, table).filter(is_current=False))
        return found[current.id] if current else 0

    def _without(self, facts: Facts, column: str, values: Sequence[str | int]) -> Staged:
        file = self._open(facts.organisation, facts.table, facts.id)
        rest = file.reader(where=~file.among(column, values))
        return self._write(rest, facts.organisation, facts.table, facts.as_of, facts.run)

    def _rows_holding(self, row: Snapshot, column: str, values: Sequence[str | int]) -> int:
        """Return how many rows hold one of the values; a damaged old file counts as if it did."""
        try:
            file = self._open(row.organisation, row.table, row.id)
            return file.count(file.among(column, values)) if column in file.schema.names else 0
        except SnapshotMissing:
            if row.is_current:
                raise
            return 1

    def _write(
        self, rows: pa.RecordBatchReader, organisation: str, table: str, as_of: date, run: str
    ) -> Staged:
        snapshot, key = uuid.uuid4().hex, new_key()
        file = f"{folder_name(organisation)}/{folder_name(table)}/{snapshot}.parquet"
        count = write_encrypted(rows, self._place.records / file, key, snapshot)
        return Staged(snapshot, organisation, table, file, count, as_of, run, key)

    def _show(self, staged: Staged) -> None:
        if not (self._place.records / staged.file).is_file():
            raise SnapshotMissing(
                f"The file staged for the table {staged.table} is gone.",
                "Run the flow again, one run at a time.",
            )
        _live(staged.organisation, staged.table).update(is_current=False)
        Snapshot.objects.create(
            id=staged.id,
            organisation=staged.organisation,
            table=staged.table,
            file=staged.file,
            rows=staged.rows,
            as_of=staged.as_of,
            run=staged.run,
            created_at=timezone.now(),
            wrapped_key=self._keys.wrap_snapshot_key(staged.key, staged.organisation, staged.id),
            is_current=True,
        )

    def _destroy(self, rows: Iterable[Snapshot]) -> int:
        """Destroy the keys now and the files once that is certain; return how many."""
        gone = list(rows)
        if gone:
            Snapshot.objects.filter(pk__in=[row.pk for row in gone]).update(
                wrapped_key=None, destroyed_at=timezone.now(), is_current=False
            )
            transaction.on_commit(lambda: self._remove([row.file for row in gone]))
        return len(gone)

    def _remove(self, files: Sequence[str]) -> None:
        forget_overwritten()
        for file in files:
            with contextlib.suppress(OSError):
                (self._place.records / file).unlink()

    def _open(self, organisation: str, table: str, snapshot: str | None) -> Encrypted:
        """Open a snapshot's file, looking again when swaps have taken the one just found."""
        rows = Snapshot.objects.filter(organisation=organisation, table=table)
        wanted = rows.filter(is_current=True) if snapshot is None else rows.filter(id=snapshot)
        for _ in range(TRIES):
            row = wanted.first()
            if row is None:
                break
            with contextlib.suppress(FileNotFoundError):
                return Encrypted(
                    self._place.records / row.file, self._keys.open_snapshot_key(row), row.id, table
                )
        else:
            raise SnapshotMissing(
                f"The file of the table {table} is gone from store/records.",
                "Put store/records back from its backup, or run the flow again to make a new one.",
            )
        raise SnapshotMissing(
            f"No snapshot of the table {table} of {organisation} is held.",
            "Run the flow that makes it first.",
        )


def _live(organisation: str, table: str) -> QuerySet[Snapshot]:
    """Return the snapshots of a table that can still be opened."""
    return Snapshot.objects.filter(organisation=organisation, table=table, wrapped_key__isnull=False)


def _facts(row: Snapshot) -> Facts:
    return Facts(
        id=row.id,
        organisation=row.organisation,
        table=row.table,
        rows=row.rows,
        as_of=row.as_of,
        run=row.run,
        created_at=row.created_at,
        is_current=row.is_current,
        destroyed_at=row.destroyed_at,
    )
