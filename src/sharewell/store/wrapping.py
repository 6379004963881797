"""Wrap a key under another: AES-256-GCM, bound to what the key is for and whose it is (NIST SP 800-38D)."""

from __future__ import annotations

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from sharewell.vocab.errors import KeyMissing

NONCE = 12


def wrap(key: bytes, under: bytes, purpose: str, owner: str) -> bytes:
    """Return a key as ciphertext that opens only for the same purpose and owner."""
    nonce = os.urandom(NONCE)
    return nonce + AESGCM(under).encrypt(nonce, key, _bound(purpose, owner))


def unwrap(wrapped: bytes, under: bytes, purpose: str, owner: str) -> bytes:
    """Return the key that was wrapped. Raises KeyMissing when it was altered or is another's."""
    try:
        return AESGCM(under).decrypt(wrapped[:NONCE], wrapped[NONCE:], _bound(purpose, owner))
    except (InvalidTag, ValueError):
        raise KeyMissing(
            f"The {purpose} key of {owner or 'the place'} cannot be opened: it is damaged or another's.",
            "Restore the control database and the root key from the same backup.",
        ) from None


def _bound(purpose: str, owner: str) -> bytes:
    return f"sharewell/1/{len(purpose)}/{purpose}/{owner}".encode()
