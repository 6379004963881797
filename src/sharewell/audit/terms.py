"""The nouns of the log: what is recorded, a signed checkpoint, a proof, and what a check of the log found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    import pyarrow as pa

Subjects: TypeAlias = "Sequence[str] | pa.Array[Any] | pa.ChunkedArray[Any]"


@dataclass(frozen=True)
class Event:
    """Something that happened, before it has a place in the log.

    ``details`` holds counts, codes and hashes, never a value from a person's record; ``subjects`` are keyed
    tokens (64 hex digits each), of which the log keeps the number and one digest.
    """

    by: str
    action: str
    at: datetime
    run: str | None = None
    agreement: str | None = None
    recipient: str | None = None
    details: Mapping[str, object] = field(default_factory=dict)
    subjects: Subjects = ()


@dataclass(frozen=True)
class LogEntry:
    """One entry as it stands in the log; ``run``, ``agreement``, ``recipient`` may be empty."""

    sequence: int
    recorded_at: str
    by: str
    action: str
    run: str
    agreement: str
    recipient: str
    details: Mapping[str, Any]
    subjects_count: int
    subjects_digest: str
    previous_hash: str
    hash: str


@dataclass(frozen=True)
class SignedCheckpoint:
    """The log's size and Merkle root at one moment, signed by the place's log key; hashes and keys in hex.

    ``number`` counts checkpoints from 1 and ``previous`` is the digest of the one before, so that none can be
    taken out; ``chain`` is the hash of entry ``size``.
    """

    number: int
    size: int
    root: str
    chain: str
    at: str
    previous: str
    public_key: str
    signature: str = ""


class ProblemKind(StrEnum):
    """What is wrong with a log."""

    ENTRY_EDITED = "entry_edited"
    ENTRY_MISSING = "entry_missing"
    ENTRY_INSERTED = "entry_inserted"
    ENTRY_UNLINKED = "entry_unlinked"
    LOG_TRUNCATED = "log_truncated"
    LOG_EXTENDED = "log_extended"
    LOG_REWRITTEN = "log_rewritten"
    HEAD_MISSING = "head_missing"
    HEAD_EDITED = "head_edited"
    CHECKPOINT_EDITED = "checkpoint_edited"
    CHECKPOINT_MISSING = "checkpoint_missing"
    FILE_AHEAD = "checkpoints_file_ahead"
    FILE_BEHIND = "checkpoints_file_behind"
    FILE_EDITED = "checkpoints_file_edited"
    KEY_CHANGED = "key_changed"
    TABLE_MISSING = "table_missing"
    UNREADABLE = "unreadable"
    MORE = "more"


@dataclass(frozen=True)
class Problem:
    """One thing wrong with the log: its kind, the entry it is met at (None where no one entry), and why."""

    kind: ProblemKind
    sequence: int | None
    words: str


@dataclass(frozen=True)
class Verified:
    """What a check of the log found. ``root`` is the Merkle root, in hex, of the entries that lie there."""

    ok: bool
    entries: int
    root: str
    problems: tuple[Problem, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """Return the finding as JSON-ready data."""
        return asdict(self)


@dataclass(frozen=True)
class Proof:
    """Proof that an entry is in the log whose root a party holds (RFC 6962, section 2.1.1).

    ``leaf`` is the entry's canonical JSON, ``path`` the hashes (hex) from the leaf up, ``note`` the signed
    checkpoint as a C2SP signed note.
    """

    sequence: int
    size: int
    leaf: str
    path: tuple[str, ...]
    root: str
    note: str

    def as_dict(self) -> dict[str, Any]:
        """Return the proof as JSON-ready data."""
        return asdict(self)
