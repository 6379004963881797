from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from sharewell.accounts.actions import register_organisation
from sharewell.accounts.queries import organisations, public_keys
from sharewell.store.keys import KeyRing

AT = datetime(2026, 7, 1, 9, tzinfo=UTC)


@pytest.fixture
def keys(place):
    return KeyRing.create(place)


def test_a_registered_organisations_signatures_are_checked_by_its_public_key(keys):
    register_organisation("council", "Testborough Council", keys=keys, by="steward", at=AT)
    register_organisation("nhs", "Testborough NHS", keys=keys, by="steward", at=AT)
    signature = keys.signing_key("council").sign(b"agreed")
    held = public_keys()
    Ed25519PublicKey.from_public_bytes(held["council"]).verify(signature, b"agreed")
    with pytest.raises(InvalidSignature):
        Ed25519PublicKey.from_public_bytes(held["nhs"]).verify(signature, b"agreed")


def test_registering_again_changes_nothing_but_the_name(keys):
    first = register_organisation("council", "Council", keys=keys, by="steward", at=AT)
    again = register_organisation(
        "council", "Testborough Council", keys=keys, by="someone", at=AT + timedelta(1)
    )
    assert (again.public_key, again.joined_at) == (first.public_key, AT)
    assert [each.name for each in organisations()] == ["Testborough Council"]


def test_organisations_are_listed_by_code(keys):
    for code in ("nhs", "care", "council"):
        register_organisation(code, code.title(), keys=keys, by="steward", at=AT)
    assert [each.code for each in organisations()] == ["care", "council", "nhs"]
    assert set(public_keys()) == {"care", "council", "nhs"}


def test_a_place_without_organisations_has_no_public_keys(place):
    assert organisations() == () and public_keys() == {}
