"""Verbs: sign an agreement for a party, with the key the place keeps for its organisation."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import transaction

from sharewell.accounts.actions import register_organisation
from sharewell.accounts.queries import public_keys
from sharewell.agreements.read import read_agreement
from sharewell.agreements.sign import require_may_sign, sign_agreement
from sharewell.audit.actions import record
from sharewell.settings import Place
from sharewell.store.keys import KeyRing


def sign_for_party(place: Place, path: Path, party: str, *, by: str, at: datetime) -> Path:
    """Sign the agreement at ``path`` for a party, record who did, and return the signatures' file.

    An organisation that is not registered yet is, under its code, so that its signature can be checked. The
    place's control plane must be open. Raises what ``sign_agreement`` does, and KeyMissing; then nothing is
    recorded.
    """
    agreement = read_agreement(path)
    require_may_sign(agreement, party, by, at, path.name)
    keys = KeyRing.open(place)
    with transaction.atomic():
        key = _key_of(agreement.parties[party].org, keys, by, at)
        details = {"party": party, "sha256": agreement.sha256}
        record(by=by, action="agreement.signed", at=at, agreement=agreement.id, details=details)
        return sign_agreement(path, party, key, by, at)


def _key_of(org: str, keys: KeyRing, by: str, at: datetime) -> Ed25519PrivateKey:
    if org not in public_keys():
        register_organisation(org, org, keys=keys, by=by, at=at)
    return keys.signing_key(org)
