"""Sign checkpoints with the place's log key (Ed25519, RFC 8032), and check such signatures."""

from __future__ import annotations

import re
from dataclasses import replace

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from sharewell.audit.rules import checkpoint_text
from sharewell.audit.terms import SignedCheckpoint

_HASH = re.compile("[0-9a-f]{64}")
_SIGNATURE = re.compile("[0-9a-f]{128}")


def seal(checkpoint: SignedCheckpoint, key: Ed25519PrivateKey) -> SignedCheckpoint:
    """Return the checkpoint signed by the key, whose public half it then names."""
    named = replace(checkpoint, public_key=key.public_key().public_bytes_raw().hex())
    return replace(named, signature=key.sign(checkpoint_text(named)).hex())


def is_sealed(checkpoint: SignedCheckpoint) -> bool:
    """Return whether the key that the checkpoint names signed it. Whose key that is, ask elsewhere."""
    if not _is_spelled_as_written(checkpoint):
        return False
    try:
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(checkpoint.public_key))
        key.verify(bytes.fromhex(checkpoint.signature), checkpoint_text(checkpoint))
    except (InvalidSignature, ValueError):
        return False
    return True


def _is_spelled_as_written(checkpoint: SignedCheckpoint) -> bool:
    """Return whether what is signed as bytes is spelled as we do, so that no letter may change unseen."""
    hashes = (checkpoint.root, checkpoint.chain, checkpoint.previous, checkpoint.public_key)
    return all(_HASH.fullmatch(text) for text in hashes) and bool(_SIGNATURE.fullmatch(checkpoint.signature))
