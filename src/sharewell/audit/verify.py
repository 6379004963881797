"""Find whatever was done to the log: every entry hashed again, in one pass and in bounded memory.

The signature at the head is checked once. It covers the digest of the checkpoint before, which covers the one
before that, so that no other signature need be checked unless something is found.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import fields
from hashlib import sha256
from itertools import chain as chained
from typing import Any, Protocol

from sharewell.audit.compare import CheckpointWalk, FileCheck, Findings, is_plain
from sharewell.audit.merkle import Frontier, leaf_hash
from sharewell.audit.publish import Published
from sharewell.audit.rules import CHAIN_DOMAIN, GENESIS, canonical_entry, chain_hash
from sharewell.audit.seal import is_sealed
from sharewell.audit.terms import ProblemKind, SignedCheckpoint, Verified

Row = Sequence[Any]
Batches = Iterable[Sequence[Row]]

ENTRIES, CHECKPOINTS, HEAD = "audit_entry", "audit_checkpoint", "audit_head"
HASHED_COLUMNS = (
    "sequence",
    "recorded_at",
    "by",
    "action",
    "run",
    "agreement",
    "recipient",
    "details",
    "subjects_count",
    "subjects_digest",
)
ENTRY_COLUMNS = (*HASHED_COLUMNS, "previous_hash", "hash")
SIGNED_COLUMNS = tuple(field.name for field in fields(SignedCheckpoint))
_HASHED = len(HASHED_COLUMNS)
_PREVIOUS, _HASH = _HASHED, _HASHED + 1


class Log(Protocol):
    """A control database opened for reading, in one snapshot."""

    def tables(self) -> frozenset[str]:
        """Return the names of the tables there are."""
        ...

    def rows(self, table: str, columns: Sequence[str], order: str) -> Batches:
        """Return a table's rows, in batches, ordered by a column."""
        ...

    def given_out(self) -> int:
        """Return the highest sequence the database remembers giving out, 0 when it does not remember."""
        ...


def check_log(
    log: Log, published: Callable[[], Published] | None, key: str | None, *, may_lag: bool = False
) -> Verified:
    """Return everything wrong with a log.

    ``published`` reads the checkpoints file, ``key`` is the log's public key in hex where it is known from
    elsewhere; without it the first published line is believed, and without that the head itself.
    """
    findings = Findings()
    tables = log.tables()
    file = FileCheck(published, findings, may_lag=may_lag)
    head = _read_head(log, tables, findings)
    signed = CheckpointWalk(
        chained.from_iterable(_rows(log, tables, CHECKPOINTS, SIGNED_COLUMNS, "number", findings)),
        file,
        findings,
    )
    frontier, last = _walk(_rows(log, tables, ENTRIES, ENTRY_COLUMNS, "sequence", findings), signed, findings)
    signed.finish()
    _check_end(head, signed.last, frontier, last, findings)
    _check_key(head, key or file.key, findings)
    _check_given_out(log.given_out(), frontier.size, findings)
    return Verified(not findings.problems, frontier.size, frontier.root().hex(), tuple(findings.problems))


def _walk(batches: Batches, signed: CheckpointWalk, findings: Findings) -> tuple[Frontier, str]:
    """Hash every entry again; return the tree of what lies there and the last entry's hash. The hot loop."""
    frontier, due = Frontier(), signed.due
    expected, previous, link = 1, GENESIS, bytes.fromhex(GENESIS)
    for batch in batches:
        for row in batch:
            try:
                body = canonical_entry(*row[:_HASHED])
                digest = sha256(CHAIN_DOMAIN + link + body).digest()
                is_whole = row[0] == expected and row[_PREVIOUS] == previous and row[_HASH] == digest.hex()
            except (TypeError, UnicodeEncodeError):
                body, digest, is_whole = repr(row).encode("utf-8", "replace"), b"", False
            if not is_whole:
                expected = _explain(row, expected, previous, findings)
                digest = _hash_bytes(row[_HASH])
            frontier.append(leaf_hash(body))
            expected, previous, link = expected + 1, row[_HASH], digest
            if frontier.size == due:
                due = signed.meet(frontier, previous)
    return frontier, previous


def _explain(row: Row, expected: int, previous: object, findings: Findings) -> int:
    """Say what is wrong with an entry, and return the sequence it is to be taken for."""
    sequence = row[0] if type(row[0]) is int else expected
    if sequence > expected:
        words = (
            f"Entry {expected} is"
            if sequence == expected + 1
            else f"Entries {expected} to {sequence - 1} are"
        )
        findings.add(ProblemKind.ENTRY_MISSING, expected, f"{words} missing: removed after being recorded.")
    elif sequence < expected:
        findings.add(
            ProblemKind.ENTRY_INSERTED, sequence, f"There is a second entry {sequence}, or one out of order."
        )
    elif row[_PREVIOUS] != previous:
        findings.add(
            ProblemKind.ENTRY_UNLINKED,
            sequence,
            f"Entry {sequence} does not follow the entry before it: one of the two was edited or exchanged.",
        )
    if not _is_own_hash(row):
        findings.add(
            ProblemKind.ENTRY_EDITED,
            sequence,
            f"Entry {sequence} was edited: its hash is not that of its content.",
        )
    return sequence


def _is_own_hash(row: Row) -> bool:
    try:
        body = canonical_entry(*row[:_HASHED])
        return bool(chain_hash(bytes.fromhex(row[_PREVIOUS]), body).hex() == row[_HASH])
    except (TypeError, ValueError):
        return False


def _hash_bytes(text: object) -> bytes:
    """Return the bytes of a stored hash; whatever is none links to nothing."""
    try:
        return bytes.fromhex(text) if isinstance(text, str) else b""
    except ValueError:
        return b""


def _read_head(log: Log, tables: frozenset[str], findings: Findings) -> tuple[SignedCheckpoint, str] | None:
    """Return the head's signed state and its frontier; None when it is missing or not as it was written."""
    columns = ("id", "frontier", *SIGNED_COLUMNS)
    found = [row for batch in _rows(log, tables, HEAD, columns, "id", findings) for row in batch]
    if not found:
        return None
    row_id, frontier, *values = found[0]
    head = SignedCheckpoint(*values)
    if len(found) > 1 or row_id != 1 or not is_plain(head) or not is_sealed(head):
        findings.add(
            ProblemKind.HEAD_EDITED,
            None,
            "The head of the log was edited: it is not what the log key signed.",
        )
    return (head, frontier) if is_plain(head) else None


def _check_end(
    head: tuple[SignedCheckpoint, str] | None,
    last: SignedCheckpoint | None,
    frontier: Frontier,
    chain: str,
    findings: Findings,
) -> None:
    """Hold the head against the last checkpoint and the end of the log."""
    if head is None:
        if (frontier.size or last) and not _has(findings, ProblemKind.HEAD_EDITED):
            findings.add(ProblemKind.HEAD_MISSING, None, "The head of the log is missing: it was removed.")
        return
    state, kept = head
    if state != last:
        _say_unlike(state, last, findings)
    _check_size(state.size, frontier.size, findings)
    if state.size == frontier.size:
        if (state.root, state.chain) != (frontier.root().hex(), chain):
            findings.add_wrong_root(state)
        elif kept != frontier.hex():
            findings.add(
                ProblemKind.HEAD_EDITED, None, "The head's frontier was edited: it is not the tree's."
            )


def _check_size(signed: int, found: int, findings: Findings) -> None:
    if signed > found:
        findings.add(
            ProblemKind.LOG_TRUNCATED,
            found + 1,
            f"The log was signed with {signed} entries and holds {found}: entries were removed.",
        )
    elif signed < found:
        findings.add(
            ProblemKind.LOG_EXTENDED,
            signed + 1,
            f"The log was signed with {signed} entries and holds {found}: entries were added without the log "
            "key, or the head was set back.",
        )


def _say_unlike(head: SignedCheckpoint, last: SignedCheckpoint | None, findings: Findings) -> None:
    number = last.number if last else 0
    if head.number > number:
        findings.add(
            ProblemKind.CHECKPOINT_MISSING,
            None,
            f"The head is at checkpoint {head.number}, the database at {number}: checkpoints were removed.",
        )
    elif head.number < number:
        findings.add(
            ProblemKind.HEAD_EDITED, None, f"The head was set back to {head.number} of {number} checkpoints."
        )
    else:
        findings.add(
            ProblemKind.CHECKPOINT_EDITED, None, f"Checkpoint {number} and the head do not say the same."
        )


def _check_key(head: tuple[SignedCheckpoint, str] | None, key: str | None, findings: Findings) -> None:
    if head and key not in (None, head[0].public_key):
        findings.add(
            ProblemKind.KEY_CHANGED,
            None,
            "The head is signed by another key than this log's: the log was written anew.",
        )


def _check_given_out(given_out: int, size: int, findings: Findings) -> None:
    if given_out > size and not findings.problems:
        findings.add(
            ProblemKind.LOG_TRUNCATED,
            size + 1,
            f"The database has given out {given_out} numbers and holds {size} entries: it was set back.",
        )


def _rows(
    log: Log, tables: frozenset[str], table: str, columns: Sequence[str], order: str, findings: Findings
) -> Iterator[Sequence[Row]]:
    if table in tables:
        yield from log.rows(table, columns, order)
    else:
        findings.add(ProblemKind.TABLE_MISSING, None, f"The table {table} is missing: it was removed.")


def _has(findings: Findings, kind: ProblemKind) -> bool:
    return any(problem.kind is kind for problem in findings.problems)
