"""Find whatever was done to the log: every entry hashed again, in one pass and bounded memory.

The signature at the head is checked once. It covers the digest of the checkpoint before, which covers the one
before that, so that no other signature need be checked unless something is found.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, fields, replace
from hashlib import sha256
from typing import Any, Protocol

from sharewell.audit.check import Findings, PublishedCheck
from sharewell.audit.merkle import Frontier
from sharewell.audit.rules import CHAIN_DOMAIN, GENESIS, canonical_entry, checkpoint_digest
from sharewell.audit.seal import is_sealed
from sharewell.audit.terms import ProblemKind, SignedCheckpoint, Verified

Row = Sequence[Any]
ENTRY_COLUMNS = (
    "sequence",
    "recorded_at",
    "by",
    "action",
    "run",
    "agreement",
    "recipient",
    "details",
    "subjects_count",
    "subjects_digest",
    "previous_hash",
    "hash",
)
