"""Read the log: check it whole, list its entries, prove that one is in it.

A check needs the SQLite file alone, opened read-only, so that a party or an auditor can run it on a copy.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

from sharewell.audit.merkle import EMPTY_ROOT, Frontier, inclusion_ranges, leaf_hash
from sharewell.audit.publish import FILE, read_published
from sharewell.audit.read import OpenLog, require_database, require_log, with_current, with_file
from sharewell.audit.rules import canonical_entry, signed_note
from sharewell.audit.terms import LogEntry, Problem, ProblemKind, Proof, SignedCheckpoint, Verified
from sharewell.audit.verify import (
    ENTRIES,
    ENTRY_COLUMNS,
    HASHED_COLUMNS,
    HEAD,
    SIGNED_COLUMNS,
    Row,
    check_log,
)
from sharewell.settings import Place
from sharewell.vocab.errors import KeyMissing, TraceNotFound


def verify_log(
    file: Path | None = None,
    *,
    checkpoints: Path | None = None,
    public_key: bytes | None = None,
    may_lag: bool = False,
) -> Verified:
    """Return whether a log is whole, and everything that is wrong with it.

    ``file`` is a control database, or a folder that holds one; without it, the one that is open.
    ``checkpoints`` is the place's checkpoints file, or with ``may_lag`` a copy that a party kept.
    ``public_key`` is the log's, 32 bytes, where it is known. A file by itself cannot show that the whole of
    it, signed head included, was set back to an older copy: that takes the checkpoints.

    Raises FileMissing, or FileUnreadable for a file that is no control database.
    """
    key = public_key.hex() if public_key else None
    published = partial(read_published, checkpoints) if checkpoints else None
    if file is None:
        return with_current(lambda log: check_log(log, published, key, may_lag=may_lag))
    require_database(file)
    require_log(file, has_lines=bool(published and published().lines))
    try:
        return with_file(file, lambda log: check_log(log, published, key, may_lag=may_lag))
    except sqlite3.Error:
        words = "The database is damaged: its entries cannot all be read."
        return Verified(False, 0, EMPTY_ROOT.hex(), (Problem(ProblemKind.UNREADABLE, None, words),))


def verify_place(place: Place) -> Verified:
    """Return whether a place's log is whole, against its checkpoints file and the log key of its keyring.

    Raises FileMissing when the place has no control database yet.
    """
    require_database(place.control)
    return verify_log(place.control, checkpoints=place.store / FILE, public_key=_log_key_of(place))


def entries(
    *,
    run: str | None = None,
    agreement: str | None = None,
    recipient: str | None = None,
    action: str | None = None,
    newest: int | None = None,
) -> tuple[LogEntry, ...]:
    """Return the entries of the open control plane that match, in order; with ``newest``, only that many."""
    from sharewell.audit.models import Entry

    wanted = {"run": run, "agreement": agreement, "recipient": recipient, "action": action}
    given = {name: value for name, value in wanted.items() if value is not None}
    found = Entry.objects.filter(**given).order_by("-sequence")[:newest].values_list(*ENTRY_COLUMNS)
    return tuple(reversed([_as_entry(row) for row in found]))


def checkpoints_beside(file: Path) -> Path | None:
    """Return the checkpoints file that lies beside a control database, if one does."""
    beside = (file if file.is_dir() else file.parent) / FILE
    return beside if beside.is_file() else None


def prove(sequence: int, file: Path | None = None) -> Proof:
    """Return the proof that an entry is in the log, for a party that holds a checkpoint.

    Raises TraceNotFound when there is no such entry, or no signed head to prove it against.
    """
    if file is None:
        return with_current(lambda log: _prove(log, sequence))
    require_database(file)
    return with_file(file, lambda log: _prove(log, sequence))


def _prove(log: OpenLog, sequence: int) -> Proof:
    """Read the log once, keeping one frontier for each subtree of the proof and nothing else."""
    head = next(
        (SignedCheckpoint(*row) for batch in log.rows(HEAD, SIGNED_COLUMNS, "id") for row in batch), None
    )
    if head is None or not 1 <= sequence <= head.size:
        raise TraceNotFound(
            f"The log has no entry {sequence}.", "List the entries there are with `sharewell audit list`."
        )
    ranges = inclusion_ranges(sequence - 1, head.size)
    parts = {span: Frontier() for span in sorted(ranges)}
    spans, leaf = iter(parts), b""
    span = next(spans, (0, 0))
    for index, body in enumerate(_bodies(log)):
        if index == sequence - 1:
            leaf = body
        if index >= span[1]:
            span = next((later for later in spans if index < later[1]), span)
        if span[0] <= index < span[1]:
            parts[span].append(leaf_hash(body))
    path = tuple(parts[span].root().hex() for span in ranges)
    return Proof(sequence, head.size, leaf.decode(), path, head.root, signed_note(head))


def _bodies(log: OpenLog) -> Iterator[bytes]:
    for batch in log.rows(ENTRIES, HASHED_COLUMNS, "sequence"):
        for row in batch:
            yield canonical_entry(*row)


def _as_entry(row: Row) -> LogEntry:
    values: dict[str, Any] = dict(zip(ENTRY_COLUMNS, row, strict=True))
    return LogEntry(**{**values, "details": json.loads(values["details"])})


def _log_key_of(place: Place) -> bytes | None:
    """Return the public half of the log key in the place's keyring; None when there is none that opens.

    The first published line then says which key it was.
    """
    from sharewell.store.control import close_control_plane, point_at, set_up_django

    set_up_django()
    from django.db import connection

    if connection.settings_dict["NAME"] == str(place.control):
        return _held_log_key(place)
    point_at(place.control)
    try:
        return _held_log_key(place)
    finally:
        close_control_plane()


def _held_log_key(place: Place) -> bytes | None:
    from django.db import DatabaseError

    from sharewell.store.keys import KeyRing
    from sharewell.store.models import WrappedKey

    try:
        if not WrappedKey.objects.filter(kind=WrappedKey.Kind.LOG).exists():
            return None
        return KeyRing.open(place).log_key().public_key().public_bytes_raw()
    except (KeyMissing, DatabaseError):
        return None
