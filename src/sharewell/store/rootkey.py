"""The root key: 32 bytes in the environment or in one file, never in the database.

A rotation writes ``root.key.new``, commits the keys wrapped anew, then puts the new file in the old one's
place. Whichever moment it is killed at, one of the two files opens the keys, and its fingerprint says which.
"""

from __future__ import annotations

import base64
import binascii
import contextlib
import hashlib
import os
from collections.abc import Mapping
from pathlib import Path

from sharewell.settings import Place
from sharewell.store.disk import sync_file, writing
from sharewell.vocab.errors import KeyMissing, Where

LENGTH = 32
FILE = "root.key"
NEXT_FILE = "root.key.new"
VARIABLE = "SHAREWELL_ROOT_KEY"


def new_key() -> bytes:
    """Return 32 bytes from the system's random source."""
    return os.urandom(LENGTH)


def fingerprint(key: bytes) -> str:
    """Return sixteen letters that tell one root key from another and say nothing about it."""
    return hashlib.sha256(b"sharewell root key:" + key).hexdigest()[:16]


def decoded(text: str, origin: str) -> bytes:
    """Return the 32 bytes that base64 text stands for. Raises KeyMissing, never quoting the text."""
    try:
        key = base64.b64decode(text.strip(), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != LENGTH:
        raise KeyMissing(
            f"{origin} is not a root key: it must be 32 bytes written in base64.",
            "Give the key as it was made, or put its file back from its backup.",
            Where(file=origin),
        )
    return key


def candidates(place: Place) -> Mapping[str, bytes]:
    """Return the root keys at hand by fingerprint: the environment's alone, or those of the key files."""
    written = place.settings.root_key
    if written is not None:
        key = decoded(written.get_secret_value(), VARIABLE)
        return {fingerprint(key): key}
    found = [decoded(text, name) for name in (FILE, NEXT_FILE) if (text := _text(place.keys / name))]
    return {fingerprint(key): key for key in found}


def write_first(place: Place, key: bytes) -> None:
    """Write the first key file; an existing one is never written over (FileExistsError)."""
    with writing(FILE):
        place.keys.mkdir(mode=0o700, parents=True, exist_ok=True)
        made = _write(place.keys, key)
        try:
            (place.keys / FILE).hardlink_to(made)
        finally:
            made.unlink()
        sync_file(place.keys)


def write_next(place: Place, key: bytes) -> None:
    """Write the key that a rotation will end with, beside the one still in use."""
    with writing(NEXT_FILE):
        _write(place.keys, key).replace(place.keys / NEXT_FILE)
        sync_file(place.keys)


def adopt_next(place: Place, wanted: str) -> None:
    """Put the next key file in the first one's place, when it is the key wanted by fingerprint."""
    text = _text(place.keys / NEXT_FILE)
    if text and fingerprint(decoded(text, NEXT_FILE)) == wanted:
        with writing(FILE), contextlib.suppress(FileNotFoundError):
            (place.keys / NEXT_FILE).replace(place.keys / FILE)
            sync_file(place.keys)


def _write(folder: Path, key: bytes) -> Path:
    """Write a key whole under a name of its own, so that no key file is ever half there."""
    path = folder / f".{os.getpid()}.part"
    path.unlink(missing_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(base64.b64encode(key) + b"\n")
    sync_file(path)
    return path


def _text(path: Path) -> str | None:
    try:
        return path.read_text(encoding="ascii", errors="replace")
    except FileNotFoundError:
        return None
    except OSError:
        raise KeyMissing(
            "The root key's file cannot be read.",
            "Run as the account that made the place: only it may read the key.",
            Where(file=path.name),
        ) from None
