"""Reads: which organisations take part, and the public keys their signatures are checked by."""

from __future__ import annotations

from collections.abc import Mapping

from sharewell.accounts import models
from sharewell.accounts.terms import Organisation


def organisations() -> tuple[Organisation, ...]:
    """Return every organisation of the place, in order of code."""
    return tuple(as_term(row) for row in models.Organisation.objects.order_by("code"))


def public_keys() -> Mapping[str, bytes]:
    """Return the Ed25519 public key, 32 bytes, of every organisation that has one, by code."""
    held = organisations()
    return {each.code: each.public_key for each in held if each.public_key is not None}


def as_term(row: models.Organisation) -> Organisation:
    """Return an organisation's row as a plain value."""
    key = None if row.signing_public_key is None else bytes(row.signing_public_key)
    return Organisation(row.code, row.name, key, row.joined_at)
