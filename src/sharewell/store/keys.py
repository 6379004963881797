"""The keys of a place, each wrapped by another, the root key at the top and never in the database.

The root key wraps the organisations' keys, the agreements' keys and the signing keys; an organisation's key
wraps the key of each of its snapshots. To destroy a snapshot's key is to erase the snapshot, in every copy.
"""

from __future__ import annotations

from collections.abc import Callable

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import transaction
from django.utils import timezone

from sharewell.settings import Place
from sharewell.store import rootkey
from sharewell.store.control import forget_overwritten
from sharewell.store.models import Snapshot, WrappedKey
from sharewell.store.wrapping import unwrap, wrap
from sharewell.vocab.errors import KeyMissing, SettingsInvalid, SnapshotMissing

Kind = WrappedKey.Kind
SNAPSHOT = "snapshot"


class KeyRing:
    """The keys of one place. Make or open it once its control plane is open; nothing of it prints a key."""

    def __init__(self, place: Place, root: bytes) -> None:
        self._place = place
        self._root = root

    def __repr__(self) -> str:
        return f"KeyRing({self.fingerprint})"

    @classmethod
    def create(cls, place: Place) -> KeyRing:
        """Make a place's root key in store/keys/root.key (mode 0600), or open the one it has.

        Nothing is written when SHAREWELL_ROOT_KEY is set. Raises KeyMissing when the place holds keys of a
        root key that is not here: a new one could not open them.
        """
        if not rootkey.candidates(place) and _fingerprint_held() is None:
            rootkey.write_first(place, rootkey.new_key())
        return cls.open(place)

    @classmethod
    def open(cls, place: Place) -> KeyRing:
        """Open a place's keys. Raises KeyMissing when the root key is not here or is another place's."""
        ring = cls(place, _root_at_hand(place))
        if place.settings.root_key is None:
            rootkey.adopt_next(place, ring.fingerprint)
        return ring

    @property
    def fingerprint(self) -> str:
        """Return sixteen letters that tell this root key from another."""
        return rootkey.fingerprint(self._root)

    def agreement_key(self, agreement_id: str) -> bytes:
        """Return the 32-byte HMAC key of an agreement's pseudonyms, made at first use."""
        return self._held_or_made(Kind.AGREEMENT, agreement_id)

    def signing_key(self, org: str) -> Ed25519PrivateKey:
        """Return an organisation's signing key, made at first use."""
        return Ed25519PrivateKey.from_private_bytes(self._held_or_made(Kind.SIGNING, org, _new_signing_key))

    def log_key(self) -> Ed25519PrivateKey:
        """Return the key that signs the head of the audit log, made at first use."""
        return Ed25519PrivateKey.from_private_bytes(self._held_or_made(Kind.LOG, "", _new_signing_key))

    def wrap_snapshot_key(self, key: bytes, org: str, snapshot: str) -> bytes:
        """Return a snapshot's key under its organisation's, made at first use."""
        return wrap(key, self._held_or_made(Kind.ORGANISATION, org), SNAPSHOT, snapshot)

    def open_snapshot_key(self, row: Snapshot) -> bytes:
        """Return the key a snapshot's file is written under.

        Raises SnapshotMissing when it has been destroyed, KeyMissing when it cannot be opened.
        """
        if row.wrapped_key is None:
            raise SnapshotMissing(
                f"The snapshot of {row.table} has been erased: its key was destroyed.",
                "Nobody can open it again. Run the flow to make a new one.",
            )
        return unwrap(
            bytes(row.wrapped_key), self._held(Kind.ORGANISATION, row.organisation), SNAPSHOT, row.id
        )

    def held(self) -> list[dict[str, str]]:
        """Return the kind, owner and age of every key the root key wraps, and no key."""
        rows = WrappedKey.objects.order_by("kind", "owner")
        return [
            {"kind": row.kind, "owner": row.owner, "made_at": row.made_at.isoformat(timespec="seconds")}
            for row in rows
        ]

    def rotate_root(self, new: bytes | None = None) -> None:
        """Wrap every key anew under a new root key, all or none; the keys themselves stay.

        The key file is replaced last, so that a rotation killed at any moment leaves a place that opens.
        Raises SettingsInvalid when the root key is in the environment and no new one is given: set
        SHAREWELL_ROOT_KEY to the new one afterwards.
        """
        in_file = self._place.settings.root_key is None
        if new is None and not in_file:
            raise SettingsInvalid(
                "The root key is in the environment, so sharewell cannot write a new one there.",
                f"Give the next key as SHAREWELL_NEXT_ROOT_KEY, then set {rootkey.VARIABLE} to it.",
            )
        root = rootkey.new_key() if new is None else new
        if len(root) != rootkey.LENGTH:
            raise SettingsInvalid("A root key is 32 bytes.", "`openssl rand -base64 32` makes one.")
        if in_file:
            rootkey.write_next(self._place, root)
        self._wrap_all_under(root)
        if in_file:
            rootkey.adopt_next(self._place, rootkey.fingerprint(root))

    def rotate_organisation(self, org: str) -> None:
        """Give an organisation a new key and wrap its snapshots' keys under it; no file is rewritten.

        Raises KeyMissing when the organisation has no key.
        """
        with transaction.atomic():
            transaction.on_commit(forget_overwritten)
            live = list(Snapshot.objects.filter(organisation=org, wrapped_key__isnull=False))
            data_keys = [self.open_snapshot_key(row) for row in live]
            self._held(Kind.ORGANISATION, org)
            WrappedKey.objects.filter(kind=Kind.ORGANISATION, owner=org).delete()
            self._held_or_made(Kind.ORGANISATION, org)
            for row, key in zip(live, data_keys, strict=True):
                row.wrapped_key = self.wrap_snapshot_key(key, org, row.id)
                row.save(update_fields=["wrapped_key"])

    def _wrap_all_under(self, root: bytes) -> None:
        with transaction.atomic(durable=True):
            transaction.on_commit(forget_overwritten)
            before = self._current_root()
            for row in WrappedKey.objects.all():
                key = unwrap(bytes(row.wrapped), before, row.kind, row.owner)
                row.wrapped = wrap(key, root, row.kind, row.owner)
                row.root_fingerprint = rootkey.fingerprint(root)
                row.save(update_fields=["wrapped", "root_fingerprint"])
        self._root = root

    def _held_or_made(self, kind: Kind, owner: str, make: Callable[[], bytes] = rootkey.new_key) -> bytes:
        with transaction.atomic():
            row = WrappedKey.objects.filter(kind=kind, owner=owner).first()
            root = self._current_root()
            if row is not None:
                return unwrap(bytes(row.wrapped), root, kind, owner)
            key = make()
            WrappedKey.objects.create(
                kind=kind,
                owner=owner,
                wrapped=wrap(key, root, kind, owner),
                made_at=timezone.now(),
                root_fingerprint=rootkey.fingerprint(root),
            )
            return key

    def _held(self, kind: Kind, owner: str) -> bytes:
        row = WrappedKey.objects.filter(kind=kind, owner=owner).first()
        if row is None:
            raise KeyMissing(
                f"There is no {kind.value} key of {owner or 'the place'}.",
                "Check the code's spelling; a key is made when its organisation first keeps a table.",
            )
        return unwrap(bytes(row.wrapped), self._current_root(), kind, owner)

    def _current_root(self) -> bytes:
        """Return the root key, read again when another process has rotated it since this ring was opened."""
        if _fingerprint_held() not in (None, self.fingerprint):
            self._root = _root_at_hand(self._place)
        return self._root


def _fingerprint_held() -> str | None:
    return WrappedKey.objects.values_list("root_fingerprint", flat=True).first()


def _root_at_hand(place: Place) -> bytes:
    """Return the root key that opens what the place holds, or any there is while it holds nothing."""
    at_hand, held = rootkey.candidates(place), _fingerprint_held()
    found = next(iter(at_hand.values()), None) if held is None else at_hand.get(held)
    if found is None and not at_hand:
        raise KeyMissing(
            "The place's root key is missing.",
            f"Put store/keys/{rootkey.FILE} back from its backup, or set {rootkey.VARIABLE}.",
        )
    if found is None:
        raise KeyMissing(
            f"The root key here is not this place's, whose root key has the fingerprint {held}.",
            f"Put that one back in store/keys/{rootkey.FILE}, or set {rootkey.VARIABLE} to it.",
        )
    return found


def _new_signing_key() -> bytes:
    return Ed25519PrivateKey.generate().private_bytes_raw()
