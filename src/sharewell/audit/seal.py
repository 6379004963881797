"""Sign checkpoints with the place's log key (Ed25519, RFC 8032), and check such signatures."""

from __future__ import annotations

from dataclasses import replace

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from sharewell.audit.rules import checkpoint_text
from sharewell.audit.terms import SignedCheckpoint


def seal(checkpoint: SignedCheckpoint, key: Ed25519PrivateKey) -> SignedCheckpoint:
    """Return the checkpoint signed by the key, whose public half it then names."""
    named = replace(checkpoint, public_key=key.public_key().public_bytes_raw().hex())
    return replace(named, signature=key.sign(checkpoint_text(named)).hex())


def is_sealed(checkpoint: SignedCheckpoint) -> bool:
    """Return whether the signature is that of the key the checkpoint names. Whose key that is, ask elsewhere."""
    try:
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(checkpoint.public_key))
        key.verify(bytes.fromhex(checkpoint.signature), checkpoint_text(checkpoint))
    except (InvalidSignature, ValueError, TypeError):
        return False
    # The signature covers the text; this holds its own spelling fast, so that no character may change unseen.
    return checkpoint.signature == checkpoint.signature.lower() and len(checkpoint.signature) == 128
