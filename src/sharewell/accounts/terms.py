"""The nouns of accounts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Organisation:
    """An organisation of the place. ``public_key`` is its Ed25519 public key, 32 bytes, or None."""

    code: str
    name: str
    public_key: bytes | None
    joined_at: datetime
