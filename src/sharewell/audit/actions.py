"""Record what happened: the entries, the tree, the signed head, and the checkpoint that parties may keep."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, fields
from datetime import datetime
from functools import partial
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import transaction

from sharewell.audit import publish
from sharewell.audit.merkle import Frontier, leaf_hash
from sharewell.audit.models import Checkpoint, Entry, Head
from sharewell.audit.rules import (
    GENESIS,
    canonical_entry,
    canonical_json,
    chain_hash,
    checkpoint_digest,
    recorded_text,
)
from sharewell.audit.seal import is_sealed, seal
from sharewell.audit.subjects import count_and_digest
from sharewell.audit.terms import Event, SignedCheckpoint, Subjects
from sharewell.settings import find_place
from sharewell.store.keys import KeyRing
from sharewell.vocab.errors import AuditBroken, KeyMissing

_SIGNED = tuple(field.name for field in fields(SignedCheckpoint))


def record(
    *,
    by: str,
    action: str,
    at: datetime,
    run: str | None = None,
    agreement: str | None = None,
    recipient: str | None = None,
    details: Mapping[str, object] | None = None,
    subjects: Subjects = (),
    key: Ed25519PrivateKey | None = None,
) -> Entry:
    """Add one entry to the log, inside the caller's transaction; see ``record_many``.

    ``details`` holds counts, codes and hashes, never a value from a person's record. ``subjects`` are keyed
    tokens from ``subjects.tokens``; the log keeps how many and one digest, the caller keeps the list.
    """
    event = Event(by, action, at, run, agreement, recipient, details or {}, subjects)
    return record_many([event], key=key)[0]


def record_many(events: Sequence[Event], *, key: Ed25519PrivateKey | None = None) -> list[Entry]:
    """Add entries in order, as one batch with one signed checkpoint, inside the caller's transaction.

    ``key`` is the place's log key; without it the place of the open control plane gives it. Raises
    AuditBroken when the log is already cut or signed by another key, KeyMissing, and DiskFull or
    FolderReadOnly when the checkpoints file beside the database could not be written after the commit.
    """
    _require_transaction()
    if not events:
        return []
    folder = _folder()
    key = key or _log_key(folder)
    head = _locked_head(key)
    frontier = _frontier(head)
    if folder is not None:
        publish.announce(folder, _require_not_cut(folder, head))
    entries = _link(events, head.chain if head else GENESIS, frontier)
    made = Entry.objects.bulk_create(entries)
    _sign(head, frontier, made[-1], key)
    if folder is not None:
        transaction.on_commit(partial(_publish, folder))
    return made


def heal_checkpoints() -> None:
    """Write the checkpoints that a crash kept out of the file; call it when work on a place starts.

    Raises AuditBroken when the file says more than the log, or otherwise: that is evidence, never mended.
    """
    folder = _folder()
    if folder is not None:
        _catch_up(folder)


def _link(events: Iterable[Event], previous: str, frontier: Frontier) -> list[Entry]:
    """Return the entries of events, chained after ``previous`` and added to the frontier."""
    entries = []
    for event in events:
        entry = _entry(event, frontier.size + 1, previous)
        body = canonical_entry(
            entry.sequence,
            entry.recorded_at,
            entry.by,
            entry.action,
            entry.run,
            entry.agreement,
            entry.recipient,
            entry.details,
            entry.subjects_count,
            entry.subjects_digest,
        )
        previous = entry.hash = chain_hash(bytes.fromhex(previous), body).hex()
        frontier.append(leaf_hash(body))
        entries.append(entry)
    return entries


def _entry(event: Event, sequence: int, previous: str) -> Entry:
    count, digest = count_and_digest(event.subjects)
    return Entry(
        sequence=sequence,
        recorded_at=recorded_text(event.at),
        by=event.by,
        action=event.action,
        run=event.run or "",
        agreement=event.agreement or "",
        recipient=event.recipient or "",
        details=canonical_json(event.details),
        subjects_count=count,
        subjects_digest=digest,
        previous_hash=previous,
    )


def _sign(head: Head | None, frontier: Frontier, last: Entry, key: Ed25519PrivateKey) -> None:
    signed = seal(
        SignedCheckpoint(
            number=head.number + 1 if head else 1,
            size=frontier.size,
            root=frontier.root().hex(),
            chain=last.hash,
            at=last.recorded_at,
            previous=checkpoint_digest(_signed(head)) if head else GENESIS,
            public_key="",
        ),
        key,
    )
    Checkpoint.objects.bulk_create([Checkpoint(**asdict(signed))])
    newest = Head(id=1, frontier=frontier.hex(), **asdict(signed))
    newest.save(force_insert=head is None, force_update=head is not None)


def _locked_head(key: Ed25519PrivateKey) -> Head | None:
    """Return the head, held against other writers until the transaction ends."""
    head = Head.objects.select_for_update().filter(id=1).first()
    if head is None and Entry.objects.exists():
        raise AuditBroken(
            "The audit log has entries and no head.",
            "Run `sharewell audit verify`, and restore the place's store folder from a backup.",
        )
    if head is not None and head.public_key != key.public_key().public_bytes_raw().hex():
        raise AuditBroken(
            "The audit log is signed by another key than this place's.",
            "Restore the place's store folder, its keys included, from one backup.",
        )
    return head


def _frontier(head: Head | None) -> Frontier:
    """Return the tree to add to. Raises AuditBroken rather than sign on top of a head that was edited."""
    if head is None:
        return Frontier()
    with contextlib.suppress(ValueError):
        frontier = Frontier.from_hex(head.size, head.frontier)
        if frontier.root().hex() == head.root and is_sealed(_signed(head)):
            return frontier
    raise AuditBroken(
        "The head of the audit log has been edited: it is not what the log key signed.",
        "Run `sharewell audit verify`, and restore the place's store folder from a backup.",
    )


def _require_not_cut(folder: Path, head: Head | None) -> publish.LastLine:
    """Return the file's last line once the log is seen to hold what it says. Raises AuditBroken otherwise."""
    last = publish.last_line(folder)
    newest = last.checkpoint
    if newest is None or (head is not None and _signed(head) == newest):
        return last
    row = Checkpoint.objects.filter(number=newest.number).first()
    if row is None or _signed(row) != newest:
        raise AuditBroken(
            "The audit log does not hold what its checkpoints file says: it was cut or set back.",
            "Run `sharewell audit verify`, restore the newest backup of the store, and tell the parties.",
        )
    return last


def _publish(folder: Path) -> None:
    """Publish what was committed; another writer may already have done so."""
    if publish.underway_after(folder) is not None:
        _catch_up(folder)


def _catch_up(folder: Path) -> None:
    """Append the checkpoints the file lacks. The transaction is the lock that keeps other writers out."""
    with transaction.atomic():
        head = Head.objects.select_for_update().filter(id=1).first()
        last = _require_not_cut(folder, head)
        number = last.checkpoint.number if last.checkpoint else 0
        missing = Checkpoint.objects.filter(number__gt=number).iterator()
        publish.append_lines(folder, last, map(_signed, missing))


def _signed(row: Head | Checkpoint) -> SignedCheckpoint:
    return SignedCheckpoint(**{name: getattr(row, name) for name in _SIGNED})


def _require_transaction() -> None:
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("an entry is recorded inside the caller's transaction")


def _folder() -> Path | None:
    """Return the folder of the control database, or None when it is not a file of ours."""
    connection = transaction.get_connection()
    file = Path(str(connection.settings_dict["NAME"]))
    return file.parent if connection.vendor == "sqlite" and file.is_absolute() else None


def _log_key(folder: Path | None) -> Ed25519PrivateKey:
    if folder is None:
        raise KeyMissing(
            "The control database is no file of a place, so the log key is not known.",
            "Give the log key to `record`.",
        )
    return KeyRing.open(find_place(folder)).log_key()
