"""Pseudonyms: HMAC-SHA-256 (RFC 2104) under a key of one agreement, computed by the engine for whole columns.

The key lies in a one-row table while a release is made, never in the text of a query.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pyarrow as pa

from sharewell.releases.tree import Node, called, col, joined, words
from sharewell.store.engine import Engine
from sharewell.vocab.errors import KeyMissing

KEY_TABLE = "_release_key"
KEY_BYTES = 32
_BLOCK = 64
_INNER, _OUTER = 0x36, 0x5C
PERSON = "person"


@contextmanager
def key_in(engine: Engine, key: bytes) -> Iterator[None]:
    """Hold an agreement's key in the engine for the length of the block.

    Raises KeyMissing when the key is not 32 bytes.
    """
    if len(key) != KEY_BYTES:
        raise KeyMissing(
            "The agreement's key is damaged: it must be 32 bytes.", "Restore the place's keys from backup."
        )
    engine.load(KEY_TABLE, pa.table({"ipad": _pad(key, _INNER), "opad": _pad(key, _OUTER)}))
    try:
        yield
    finally:
        engine.drop(KEY_TABLE)


def pseudonym(value: Node, domain: str) -> Node:
    """Return the pseudonym of a text column, 64 hexadecimal digits; NULL for NULL.

    ``domain`` (a field type) is part of what is hashed, so the same identifier has the same pseudonym in
    every dataset of the agreement, and a phone number never meets an NHS number. Needs ``KEY_TABLE`` joined.
    """
    message = called("ENCODE", joined(words(domain), words(":"), value))
    inner = called("UNHEX", called("SHA256", joined(col("ipad", KEY_TABLE), message)))
    return called("SHA256", joined(col("opad", KEY_TABLE), inner))


def _pad(key: bytes, mask: int) -> pa.BinaryArray:
    block = key.ljust(_BLOCK, b"\0")
    return pa.array([bytes(byte ^ mask for byte in block)], pa.binary())
