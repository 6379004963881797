"""The one form of an agreement that is hashed and signed."""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Mapping

LEFT_OUT = "status"
"""The only key that may change without voiding the signatures."""


def canonical_json(document: Mapping[str, object]) -> str:
    """Return the document without its status as JSON: keys sorted, no spaces, text in NFC."""
    kept = {key: value for key, value in document.items() if key != LEFT_OUT}
    written = json.dumps(kept, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return unicodedata.normalize("NFC", written)


def sha256_of(canonical: str) -> str:
    """Return the SHA-256 of a canonical form, in hexadecimal."""
    return hashlib.sha256(canonical.encode("utf-8")).hexdigest()
