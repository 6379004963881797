from __future__ import annotations

import base64
import errno
import logging
import os
import stat
from dataclasses import replace

import pytest
from pydantic import SecretStr

from sharewell.store import keys as keys_module
from sharewell.store import rootkey
from sharewell.store.keys import KeyRing
from sharewell.store.models import Snapshot, WrappedKey
from sharewell.vocab.errors import FolderReadOnly, KeyMissing, SettingsInvalid, SnapshotMissing


def with_root_key(place, key):
    text = SecretStr(base64.b64encode(key).decode())
    return replace(place, settings=place.settings.model_copy(update={"root_key": text}))


def bytes_under(folder):
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def test_the_root_key_is_made_once_for_the_owner_only(place):
    first = KeyRing.create(place)
    file = place.keys / "root.key"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(place.keys.stat().st_mode) == 0o700
    written = file.read_bytes()
    assert KeyRing.create(place).fingerprint == first.fingerprint
    assert file.read_bytes() == written
    assert [path.name for path in place.keys.iterdir()] == ["root.key"]


def test_the_root_key_is_never_in_the_database(place, keys):
    keys.agreement_key("a-1")
    root = base64.b64decode((place.keys / "root.key").read_bytes())
    database = b"".join(path.read_bytes() for path in place.store.glob("control.sqlite3*"))
    assert root not in database and base64.b64encode(root) not in database


def test_a_key_in_the_environment_is_used_and_no_file_is_made(place):
    root = os.urandom(32)
    ring = KeyRing.create(with_root_key(place, root))
    assert ring.fingerprint == rootkey.fingerprint(root)
    assert not place.keys.exists()


@pytest.mark.parametrize("text", ["", "short", "not base64 at all!", base64.b64encode(b"x" * 31).decode()])
def test_a_malformed_key_in_the_environment_is_refused_without_quoting_it(place, text):
    wrong = replace(place, settings=place.settings.model_copy(update={"root_key": SecretStr(text)}))
    with pytest.raises(KeyMissing, match="SHAREWELL_ROOT_KEY") as refusal:
        KeyRing.open(wrong)
    assert not text or text not in str(refusal.value)


def test_without_a_root_key_the_place_does_not_open(place):
    with pytest.raises(KeyMissing, match=r"root key is missing"):
        KeyRing.open(place)


def test_a_lost_root_key_is_not_replaced_by_a_new_one(place, keys):
    keys.agreement_key("a-1")
    (place.keys / "root.key").unlink()
    with pytest.raises(KeyMissing):
        KeyRing.create(place)
    assert not (place.keys / "root.key").exists()


def test_another_places_root_key_is_refused_by_fingerprint(place, keys):
    keys.agreement_key("a-1")
    with pytest.raises(KeyMissing, match=keys.fingerprint):
        KeyRing.open(with_root_key(place, os.urandom(32)))


def test_a_key_file_that_is_not_a_key_is_refused(place, keys):
    (place.keys / "root.key").write_text("scribble")
    with pytest.raises(KeyMissing, match=r"root\.key"):
        KeyRing.open(place)


def test_each_key_is_made_once_and_differs_from_every_other(place, keys):
    again = KeyRing.open(place)
    assert keys.agreement_key("a-1") == again.agreement_key("a-1")
    assert keys.agreement_key("a-1") != keys.agreement_key("a-2")
    assert len(keys.agreement_key("a-1")) == 32
    signature = keys.signing_key("council").sign(b"words")
    again.signing_key("council").public_key().verify(signature, b"words")
    assert keys.signing_key("council").private_bytes_raw() != keys.signing_key("nhs").private_bytes_raw()
    assert keys.log_key().private_bytes_raw() == again.log_key().private_bytes_raw()


def test_nothing_of_a_key_ring_prints_a_key(place, keys, stage, caplog):
    caplog.set_level(logging.DEBUG)
    staged = stage(["p1"])
    root = base64.b64decode((place.keys / "root.key").read_bytes())
    printed = repr(keys) + str(keys) + repr(staged) + caplog.text
    for key in (root, staged.key, keys.agreement_key("a-1")):
        for form in (key.hex(), base64.b64encode(key).decode(), repr(key)[2:-1]):
            assert form not in printed


def test_rotating_the_root_key_keeps_every_key_it_wraps(place, keys, snapshots, keep):
    keep(["p1"])
    before = (keys.agreement_key("a"), keys.signing_key("o").private_bytes_raw(), keys.fingerprint)
    keys.rotate_root()
    again = KeyRing.open(place)
    assert again.fingerprint != before[2]
    assert again.fingerprint == keys.fingerprint
    assert (again.agreement_key("a"), again.signing_key("o").private_bytes_raw()) == before[:2]
    assert snapshots.read("council", "people")["person"].to_pylist() == ["p1"]
    assert set(WrappedKey.objects.values_list("root_fingerprint", flat=True)) == {again.fingerprint}
    assert [path.name for path in place.keys.iterdir()] == ["root.key"]


def test_the_old_root_key_opens_nothing_after_a_rotation(place, keys):
    keys.agreement_key("a")
    old = (place.keys / "root.key").read_bytes()
    keys.rotate_root()
    (place.keys / "root.key").write_bytes(old)
    with pytest.raises(KeyMissing):
        KeyRing.open(place)


@pytest.mark.parametrize("moment", ["write_next", "_wrap_all_under", "adopt_next"])
def test_a_rotation_killed_at_any_moment_leaves_a_place_that_opens(place, keys, monkeypatch, moment):
    key = keys.agreement_key("a")

    class Killed(BaseException):
        pass

    def killed(*_args):
        raise Killed

    owner = KeyRing if moment.startswith("_") else rootkey
    with monkeypatch.context() as patch, pytest.raises(Killed):
        patch.setattr(owner, moment, killed)
        keys.rotate_root()
    assert KeyRing.open(place).agreement_key("a") == key
    KeyRing.open(place).rotate_root()
    assert KeyRing.open(place).agreement_key("a") == key
    assert [path.name for path in place.keys.iterdir()] == ["root.key"]


def test_a_rotation_that_fails_half_way_changes_no_key(place, keys, monkeypatch):
    held = {owner: keys.agreement_key(owner) for owner in ("a", "b", "c")}
    real, calls = keys_module.wrap, iter(range(2))
    monkeypatch.setattr(keys_module, "wrap", lambda *args: next(calls) is not None and real(*args))
    with pytest.raises(StopIteration):
        keys.rotate_root()
    monkeypatch.undo()
    again = KeyRing.open(place)
    assert {owner: again.agreement_key(owner) for owner in held} == held


def test_a_ring_open_elsewhere_follows_a_rotation(place, keys):
    elsewhere = KeyRing.open(place)
    key = keys.agreement_key("a")
    keys.rotate_root()
    elsewhere.agreement_key("b")
    assert elsewhere.agreement_key("a") == key
    assert set(WrappedKey.objects.values_list("root_fingerprint", flat=True)) == {keys.fingerprint}


def test_a_root_key_in_the_environment_is_rotated_only_to_one_that_is_given(place):
    old, new = os.urandom(32), os.urandom(32)
    ring = KeyRing.create(with_root_key(place, old))
    key = ring.agreement_key("a")
    with pytest.raises(SettingsInvalid, match="SHAREWELL_NEXT_ROOT_KEY"):
        ring.rotate_root()
    with pytest.raises(SettingsInvalid, match="32 bytes"):
        ring.rotate_root(b"short")
    ring.rotate_root(new)
    assert KeyRing.open(with_root_key(place, new)).agreement_key("a") == key
    with pytest.raises(KeyMissing):
        KeyRing.open(with_root_key(place, old))


def test_rotating_an_organisations_key_rewrites_no_file(place, keys, snapshots, keep):
    keep(["p1"])
    keep(["p2"], organisation="nhs")
    wrapped = dict(Snapshot.objects.values_list("organisation", "wrapped_key"))
    files = {path: path.read_bytes() for path in place.records.rglob("*.parquet")}
    keys.rotate_organisation("council")
    now = dict(Snapshot.objects.values_list("organisation", "wrapped_key"))
    assert now["council"] != wrapped["council"] and now["nhs"] == wrapped["nhs"]
    assert {path: path.read_bytes() for path in place.records.rglob("*.parquet")} == files
    assert snapshots.read("council", "people")["person"].to_pylist() == ["p1"]
    assert bytes(wrapped["council"]) not in bytes_under(place.store)


def test_rotating_the_key_of_an_unknown_organisation_is_refused(keys):
    with pytest.raises(KeyMissing, match="nobody"):
        keys.rotate_organisation("nobody")


def test_a_snapshots_key_does_not_open_for_another_snapshot_or_organisation(keys, keep):
    keep(["p1"])
    keep(["p2"], organisation="nhs")
    ours, theirs = Snapshot.objects.get(organisation="council"), Snapshot.objects.get(organisation="nhs")
    ours.wrapped_key = theirs.wrapped_key
    with pytest.raises(KeyMissing):
        keys.open_snapshot_key(ours)


def test_a_destroyed_key_is_refused_as_erased(keys, keep):
    keep(["p1"])
    row = Snapshot.objects.get()
    row.wrapped_key = None
    with pytest.raises(SnapshotMissing, match="erased"):
        keys.open_snapshot_key(row)


def test_a_folder_that_cannot_be_written_is_refused(place, monkeypatch):
    def read_only(*_args):
        raise OSError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr(rootkey.os, "open", read_only)
    with pytest.raises(FolderReadOnly):
        KeyRing.create(place)


def test_a_key_that_another_account_made_is_refused(place, keys, without_rights):
    with without_rights(place.keys), pytest.raises(KeyMissing):
        KeyRing.open(place)
