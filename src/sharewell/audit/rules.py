"""What is hashed and what is signed: an entry's canonical bytes, the hash chain, and a checkpoint's text.

Pure: standard library only. The Merkle tree over the entries is in ``merkle.py``.
"""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from hashlib import sha256
from json.encoder import encode_basestring
from typing import Any

from sharewell.audit.terms import SignedCheckpoint

GENESIS = "0" * 64
"""Stands where the first entry and the first checkpoint would name the one before."""

CHAIN_DOMAIN = b"\x00sharewell audit entry 1\x00"
_NOTE_ED25519 = b"\x01"

_quote = encode_basestring


def canonical_json(value: Mapping[str, object]) -> str:
    """Return the one JSON text of a value: keys sorted, no spaces, no NaN.

    Raises ValueError for NaN and infinities, TypeError for what JSON cannot hold.
    """
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def recorded_text(at: datetime) -> str:
    """Return an instant as the log writes it: UTC, microseconds, Z. Raises ValueError without a time zone."""
    if at.tzinfo is None:
        raise ValueError("the instant needs a time zone")
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def canonical_entry(
    sequence: int,
    recorded_at: str,
    by: str,
    action: str,
    run: str,
    agreement: str,
    recipient: str,
    details: str,
    subjects_count: int,
    subjects_digest: str,
) -> bytes:
    """Return the bytes of an entry that are hashed: canonical JSON, written out by hand because it is hot.

    ``details`` goes in as the text that is stored, so that no reader need agree on how numbers are written.
    Raises TypeError when a value is not of its type, UnicodeEncodeError for text that is not Unicode.
    """
    if type(sequence) is not int or type(subjects_count) is not int:
        raise TypeError("sequence and subjects_count are whole numbers")
    return (
        f'{{"action":{_quote(action)},"agreement":{_quote(agreement)},"by":{_quote(by)},'
        f'"details":{_quote(details)},"recipient":{_quote(recipient)},"recorded_at":{_quote(recorded_at)},'
        f'"run":{_quote(run)},"sequence":{sequence},"subjects_count":{subjects_count},'
        f'"subjects_digest":{_quote(subjects_digest)}}}'
    ).encode()


def chain_hash(previous: bytes, entry: bytes) -> bytes:
    """Return the hash of an entry: over the hash before it and its own canonical bytes."""
    return sha256(CHAIN_DOMAIN + previous + entry).digest()


def checkpoint_text(checkpoint: SignedCheckpoint) -> bytes:
    """Return what the log key signs: a C2SP tlog-checkpoint body, which any monitor of such logs can read.

    Origin, size and root in base64, then our own lines. Raises ValueError when a hash is not hex.
    """
    root = b64encode(bytes.fromhex(checkpoint.root)).decode()
    return (
        f"{log_origin(checkpoint.public_key)}\n{checkpoint.size}\n{root}\nchain {checkpoint.chain}\n"
        f"at {checkpoint.at}\nnumber {checkpoint.number}\nprevious {checkpoint.previous}\n"
    ).encode()


def checkpoint_line(checkpoint: SignedCheckpoint) -> str:
    """Return a checkpoint as its one line of ``checkpoints.jsonl``, without the line's end."""
    return canonical_json(asdict(checkpoint))


def checkpoint_digest(checkpoint: SignedCheckpoint) -> str:
    """Return the digest by which the next checkpoint names this one."""
    return sha256(checkpoint_line(checkpoint).encode()).hexdigest()


def parse_checkpoint(line: str) -> SignedCheckpoint:
    """Return the checkpoint of a line. Raises ValueError unless the line is exactly as we would write it."""
    try:
        values: Any = json.loads(line)
        found = SignedCheckpoint(**values)
        is_exact = checkpoint_line(found) == line
    except (TypeError, RecursionError):
        raise ValueError("not a checkpoint") from None
    if not is_exact or not _has_right_types(found):
        raise ValueError("not a checkpoint as it is written")
    return found


def log_origin(public_key: str) -> str:
    """Return the log's own name, taken from its public key (hex)."""
    return f"sharewell/{sha256(bytes.fromhex(public_key)).hexdigest()[:16]}"


def signed_note(checkpoint: SignedCheckpoint) -> str:
    """Return a checkpoint as a C2SP signed note: its text, an empty line, and the Ed25519 signature line."""
    name, key = log_origin(checkpoint.public_key), bytes.fromhex(checkpoint.public_key)
    key_id = sha256(name.encode() + b"\n" + _NOTE_ED25519 + key).digest()[:4]
    signature = b64encode(key_id + bytes.fromhex(checkpoint.signature)).decode()
    return f"{checkpoint_text(checkpoint).decode()}\n— {name} {signature}\n"


def _has_right_types(checkpoint: SignedCheckpoint) -> bool:
    values = asdict(checkpoint)
    whole = (values.pop("number"), values.pop("size"))
    return all(type(value) is int for value in whole) and all(type(value) is str for value in values.values())
