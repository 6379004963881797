"""The key of an agreement: made once, kept in one file, and everything else derived from it.

Subkeys are HMAC-SHA-256 (RFC 2104) of the terms and a name, so that an encoding made under other terms has
nothing in common. Streams are SHAKE256 (FIPS 202) with the subkey in front, which is sound for a sponge.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from sharewell.people.encoded.rules import DEFAULT_FIELDS, FEWEST_FIELDS, FIELDS, block_bits, passes_of
from sharewell.people.encoded.terms import EncodingKey, Terms
from sharewell.store.disk import sync_file, writing
from sharewell.vocab.errors import AgreementEnded, KeyMissing, OutputTaken, SettingsInvalid, Where

LENGTH = 32
KIND = "sharewell encoding key/1"


def make_key(
    agreement: str, between: Sequence[str], ends: date, records: int, fields: Sequence[str] = DEFAULT_FIELDS
) -> EncodingKey:
    """Return a new key of 256 random bits for two organisations and one agreement.

    ``records``: about how many the longer list has. Raises SettingsInvalid for terms that cannot be used.
    """
    agreed = tuple(field for field in FIELDS if field in fields)
    _require(bool(agreement.strip()), "The key must name its agreement.")
    _require(len(set(between)) == len(between) == 2, "The key is for two different organisations.")
    _require(set(fields) <= set(FIELDS), f"Fields that can be compared are {', '.join(FIELDS)}.")
    _require(
        len(agreed) >= FEWEST_FIELDS and bool(passes_of(agreed)),
        "Too little is agreed to find anybody by: a name and a birth date, postcode or UPRN are needed.",
    )
    _require(records > 0, "The number of records must be 1 or more.")
    terms = Terms(agreement.strip(), (between[0], between[1]), ends, agreed, block_bits(records))
    return EncodingKey(terms, os.urandom(LENGTH))


def write_key(key: EncodingKey, path: Path) -> None:
    """Write a key file that only this account can read; an existing file is never written over.

    Raises OutputTaken, DiskFull, FolderReadOnly.
    """
    held = {"kind": KIND, **terms_as_dict(key.terms), "key": base64.b64encode(key.secret).decode()}
    try:
        with writing(path.name):
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(json.dumps(held, indent=2) + "\n")
            sync_file(path)
    except FileExistsError:
        raise OutputTaken(
            "A file of that name is there, and a key is never written over.",
            "Choose another name for --out, or use the key that is there.",
            Where(file=path.name),
        ) from None


def read_key(path: Path) -> EncodingKey:
    """Return the key of a file. Raises KeyMissing when it is not there or is no key, never quoting it."""
    try:
        held = json.loads(path.read_text(encoding="utf-8"))
        secret = base64.b64decode(held["key"], validate=True)
        terms = terms_of(held)
        sound = held["kind"] == KIND and len(secret) == LENGTH
    except FileNotFoundError:
        raise KeyMissing(
            "The key's file is not there.",
            "Make one with `sharewell encode-key`, or ask the other organisation for yours.",
            Where(file=path.name),
        ) from None
    except (OSError, ValueError, KeyError, TypeError, binascii.Error):
        sound = False
    if not sound:
        raise KeyMissing(
            "The file is not an encoding key, is damaged or may not be read.",
            "Give the file that `sharewell encode-key` made, as it made it.",
            Where(file=path.name),
        )
    return EncodingKey(terms, secret)


def require_not_ended(terms: Terms, today: date) -> None:
    """Refuse terms whose last day has passed. Raises AgreementEnded."""
    if today > terms.ends:
        raise AgreementEnded(
            f"The key of agreement {terms.agreement} ended on {terms.ends.isoformat()}.",
            "Agree again, make a new key with `sharewell encode-key` and encode both lists with it.",
        )


def require_party(terms: Terms, party: str) -> None:
    """Refuse an organisation that the key is not for. Raises SettingsInvalid."""
    _require(party in terms.between, f"The key is for {' and '.join(terms.between)}, and for nobody else.")


def check_value(key: EncodingKey) -> str:
    """Return 32 letters that tell one key and its terms from another and say nothing about the key."""
    return subkey(key, "check").hex()[:32]


def subkey(key: EncodingKey, name: str) -> bytes:
    """Return 32 bytes for one use of the key under its terms."""
    context = json.dumps([KIND, terms_as_dict(key.terms), name]).encode()
    return hmac.digest(key.secret, context, "sha256")


def stream(secret: bytes, size: int) -> bytes:
    """Return that many bytes which nobody without the subkey can tell from random ones."""
    return hashlib.shake_256(secret).digest(size)


def terms_as_dict(terms: Terms) -> dict[str, Any]:
    """Return the terms as JSON-ready data."""
    return {**asdict(terms), "ends": terms.ends.isoformat()}


def terms_of(held: Mapping[str, Any]) -> Terms:
    """Return terms from what ``terms_as_dict`` gave. Raises KeyError, ValueError or TypeError for others."""
    first, second = held["between"]
    fields = tuple(held["fields"])
    bits = int(held["block_bits"])
    if not set(fields) <= set(FIELDS) or not passes_of(fields) or bits != block_bits(256 << bits):
        raise ValueError("terms")
    return Terms(str(held["agreement"]), (first, second), date.fromisoformat(held["ends"]), fields, bits)


def _require(holds: bool, what: str) -> None:
    if not holds:
        raise SettingsInvalid(what, "See docs/private-linking.md, and give the options again.")
