"""Rotate a key and write down that it was done."""

from __future__ import annotations

from datetime import UTC, datetime

from django.db import transaction

from sharewell.audit.actions import record
from sharewell.store.keys import KeyRing


def rotate(ring: KeyRing, organisation: str | None, new_root: bytes | None, *, by: str) -> None:
    """Rotate the root key, or an organisation's, and add an entry to the log.

    The rotation is whole before the entry is written; if the machine stops in between, the keys' own dates
    show it. Raises KeyMissing when what it would wrap cannot be opened.
    """
    if organisation is None:
        ring.rotate_root(new_root)
    else:
        ring.rotate_organisation(organisation)
    with transaction.atomic():
        record(
            by=by,
            action="key.rotated",
            details={"key": "root" if organisation is None else organisation, "root": ring.fingerprint},
            at=datetime.now(UTC),
            key=ring.log_key(),
        )
