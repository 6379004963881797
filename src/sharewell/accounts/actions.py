"""Verbs: register an organisation. The caller writes the audit entry, since audit stands above accounts."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from sharewell.accounts import models
from sharewell.accounts.queries import as_term
from sharewell.accounts.terms import Organisation
from sharewell.store.keys import KeyRing


def register_organisation(code: str, name: str, *, keys: KeyRing, by: str, at: datetime) -> Organisation:
    """Register an organisation with a signing key of its own, and return it.

    Doing it again changes nothing but the name: who joined when, and the key, stay. Raises KeyMissing when
    the place's root key is not there.
    """
    with transaction.atomic():
        public = keys.signing_key(code).public_key().public_bytes_raw()
        row, _ = models.Organisation.objects.update_or_create(
            code=code,
            defaults={"name": name, "signing_public_key": public},
            create_defaults={
                "name": name,
                "signing_public_key": public,
                "joined_at": at,
                "registered_by": by,
            },
        )
        return as_term(row)
