"""Sign an agreement for a party, and see which signatures stand.

Signatures lie beside the file in ``<id>.signatures.json``, one a party: Ed25519 (RFC 8032) over the canonical
form, who signed, for which organisation, and when. Any change but of the status voids them all.
"""

from __future__ import annotations

import fcntl
import json
import os
from base64 import b64decode, b64encode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from sharewell.agreements.read import read_agreement
from sharewell.agreements.read.faults import refusal
from sharewell.agreements.rules import check_agreement, check_signer
from sharewell.agreements.terms import Agreement, Severity, SignatureState
from sharewell.store.disk import sync_file, writing
from sharewell.vocab.clock import LONDON
from sharewell.vocab.errors import AgreementUnsigned, Where

DOMAIN: Final = b"sharewell agreement signature v1\n"
"""Stands before what is signed, so that a signature made for anything else never passes for one of these."""

Entry = Mapping[str, str]
PARTS: Final = ("org", "by", "at", "sha256", "signature")


def sign_agreement(path: Path, party: str, key: Ed25519PrivateKey, by: str, at: datetime) -> Path:
    """Sign the agreement as it lies in the file, for a party, and return the signatures' file.

    ``by`` is the role that signs, ``at`` an aware datetime. Raises AgreementInvalid when the file breaks the
    grammar, a check refuses it, the party is none of its parties or ``by`` may not sign; AgreementUnsigned
    when the signatures' file is damaged; FolderReadOnly or DiskFull when it cannot be written.
    """
    agreement = read_agreement(path)
    require_may_sign(agreement, party, by, at, path.name)
    beside = signatures_path(agreement, path)
    with _held(path.parent):
        signatures = dict(_signatures(beside))
        signatures[party] = _entry(agreement, party, key, by, at)
        _write(beside, {"agreement": agreement.id, "sha256": agreement.sha256, "signatures": signatures})
    return beside


def require_may_sign(agreement: Agreement, party: str, by: str, at: datetime, file: str) -> None:
    """Refuse unless the agreement may be signed, for this party, by this role, on that day.

    Raises AgreementInvalid with every finding that refuses; ValueError when ``at`` is naive.
    """
    if at.tzinfo is None:
        raise ValueError("at must be an aware datetime")
    findings = check_agreement(agreement, at.astimezone(LONDON).date()) + check_signer(agreement, party, by)
    refused = tuple(each for each in findings if each.severity is Severity.REFUSE)
    if refused:
        raise refusal(refused, "The agreement may not be signed", file)


def signatures_path(agreement: Agreement, path: Path) -> Path:
    """Return the file that holds the signatures of the agreement that lies at ``path``."""
    return path.with_name(f"{agreement.id}.signatures.json")


def signature_state(agreement: Agreement, path: Path, public_keys: Mapping[str, bytes]) -> SignatureState:
    """Return which parties' signatures stand over the agreement as it is.

    ``path`` is the agreement's file; ``public_keys`` holds each organisation's Ed25519 public key, 32 bytes.
    Raises AgreementUnsigned when the signatures' file is damaged.
    """
    entries = _signatures(signatures_path(agreement, path))
    found: dict[str, list[str]] = {"signed": [], "missing": [], "stale": [], "unknown": []}
    for party in agreement.parties:
        found[_standing(agreement, party, entries.get(party), public_keys)].append(party)
    found["unknown"] += sorted(entries.keys() - agreement.parties.keys())
    return SignatureState(**{kind: tuple(parties) for kind, parties in found.items()})


def require_signed(agreement: Agreement, path: Path, public_keys: Mapping[str, bytes]) -> SignatureState:
    """Return the state of the signatures, or refuse unless every party has signed the agreement as it is.

    Raises AgreementUnsigned, naming who has not and the command that signs.
    """
    state = signature_state(agreement, path, public_keys)
    if set(state.signed) == set(agreement.parties):
        return state
    unchecked = tuple(party for party in state.unknown if party in agreement.parties)
    said = {
        "has not been signed by": state.missing,
        "has changed since it was signed, or the signature is not theirs, for": state.stale,
        "carries a signature that cannot be checked, for want of a public key, by": unchecked,
    }
    what = "; it ".join(f"{words} {', '.join(parties)}" for words, parties in said.items() if parties)
    first = (state.missing + state.stale + unchecked)[0]
    raise AgreementUnsigned(
        f"Agreement {agreement.id} {what}.",
        f"Sign it: `sharewell agreement sign {path.name} --party {first} --by ROLE --dir DIR`.",
        Where(file=path.name),
    )


def _standing(agreement: Agreement, party: str, entry: Entry | None, public_keys: Mapping[str, bytes]) -> str:
    org = agreement.parties[party].org
    if entry is None:
        return "missing"
    if entry["org"] != org or entry["sha256"] != agreement.sha256:
        return "stale"
    if org not in public_keys:
        return "unknown"
    return "signed" if _verifies(agreement, party, entry, public_keys[org]) else "stale"


def _verifies(agreement: Agreement, party: str, entry: Entry, public_key: bytes) -> bool:
    try:
        signature = b64decode(entry["signature"], validate=True)
        message = _message(agreement, party, entry["org"], entry["by"], entry["at"])
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, message)
    except (ValueError, InvalidSignature):
        return False
    return True


def _entry(agreement: Agreement, party: str, key: Ed25519PrivateKey, by: str, at: datetime) -> Entry:
    org = agreement.parties[party].org
    instant = at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    signature = key.sign(_message(agreement, party, org, by, instant))
    return {
        "org": org,
        "by": by,
        "at": instant,
        "sha256": agreement.sha256,
        "signature": b64encode(signature).decode("ascii"),
    }


def _message(agreement: Agreement, party: str, org: str, by: str, at: str) -> bytes:
    """Return the bytes that are signed: as JSON, so that no part can run into the next."""
    signed = {"agreement": agreement.canonical, "party": party, "org": org, "by": by, "at": at}
    return DOMAIN + json.dumps(signed, sort_keys=True, separators=(",", ":")).encode("ascii")


def _signatures(beside: Path) -> Mapping[str, Entry]:
    if not beside.exists():
        return {}
    try:
        written = json.loads(beside.read_bytes())["signatures"]
        return {str(party): {part: _text(entry[part]) for part in PARTS} for party, entry in written.items()}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise AgreementUnsigned(
            "The file of signatures is damaged.",
            "Bring back a copy of it, or move it away and have every party sign again.",
            Where(file=beside.name),
        ) from None


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("a part of a signature is text")
    return value


@contextmanager
def _held(folder: Path) -> Iterator[None]:
    """Hold the folder, so that two parties signing at once both keep their signatures."""
    handle = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _write(beside: Path, content: Mapping[str, object]) -> None:
    """Write the whole file or none of it."""
    half = beside.with_name(f".{beside.name}.{os.getpid()}.tmp")
    with writing(beside.name):
        try:
            half.write_text(json.dumps(content, indent=2, sort_keys=True) + "\n", encoding="utf-8")
            sync_file(half)
            half.replace(beside)
        finally:
            half.unlink(missing_ok=True)
        sync_file(beside.parent)
