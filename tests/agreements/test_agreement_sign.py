"""Signatures: one a party, over everything but the status, void on any other change."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from agreement_samples import DROP, WINTER, broken, document, good
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from sharewell.agreements import sign
from sharewell.agreements.read import parse_agreement, read_agreement
from sharewell.agreements.sign import require_signed, sign_agreement, signature_state
from sharewell.agreements.terms import Agreement, SignatureState
from sharewell.vocab.errors import AgreementInvalid, AgreementUnsigned, FolderReadOnly

AT = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
KEYS = {
    org: Ed25519PrivateKey.from_private_bytes(org.encode().ljust(32, b"0")) for org in ("E06000008", "DWP")
}
PUBLIC: Mapping[str, bytes] = {org: key.public_key().public_bytes_raw() for org, key in KEYS.items()}
BY = {"council": "Senior Information Risk Owner", "dwp": "Data Protection Officer"}
ORG = {"council": "E06000008", "dwp": "DWP"}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "winter.yaml"
    path.write_text(WINTER, encoding="utf-8")
    return path


def sign_for(path: Path, *parties: str) -> Path:
    for party in parties:
        beside = sign_agreement(path, party, KEYS[ORG[party]], BY[party], AT)
    return beside


def state(path: Path, public: Mapping[str, bytes] = PUBLIC) -> SignatureState:
    return signature_state(read_agreement(path), path, public)


def test_all_parties_sign_and_the_signatures_stand(file: Path) -> None:
    beside = sign_for(file, "council")
    assert state(file) == SignatureState(("council",), ("dwp",), ())
    sign_for(file, "dwp")
    assert state(file).is_complete
    assert require_signed(read_agreement(file), file, PUBLIC).signed == ("council", "dwp")
    assert beside.name == "bwd-2026-014.signatures.json"


def test_the_file_of_signatures_says_who_signed_what_and_when(file: Path) -> None:
    written = json.loads(sign_for(file, "dwp").read_text(encoding="utf-8"))
    sha256 = read_agreement(file).sha256
    entry = written["signatures"]["dwp"]
    assert (written["agreement"], written["sha256"], entry["sha256"]) == ("bwd-2026-014", sha256, sha256)
    assert (entry["org"], entry["by"], entry["at"]) == (
        "DWP",
        "Data Protection Officer",
        "2026-11-23T09:30:00Z",
    )
    assert [each.name for each in file.parent.iterdir() if each.suffix == ".tmp"] == []


def test_nobody_signing_is_said_with_the_command_that_signs(file: Path) -> None:
    with pytest.raises(AgreementUnsigned) as caught:
        require_signed(read_agreement(file), file, PUBLIC)
    assert "council, dwp" in caught.value.what
    assert "sharewell agreement sign winter.yaml --party council" in caught.value.next_step


def test_the_status_may_change_and_the_signatures_stand(file: Path) -> None:
    sign_for(file, "council", "dwp")
    file.write_text(WINTER.replace("status: active", "status: suspended"), encoding="utf-8")
    assert state(file).is_complete


def test_a_change_to_anything_else_voids_every_signature(file: Path) -> None:
    sign_for(file, "council", "dwp")
    file.write_text(WINTER.replace("is: true", "is: false"), encoding="utf-8")
    assert state(file) == SignatureState((), (), ("council", "dwp"))
    with pytest.raises(AgreementUnsigned, match=r"changed since it was signed.* council, dwp"):
        require_signed(read_agreement(file), file, PUBLIC)
    sign_for(file, "dwp")
    assert state(file) == SignatureState(("dwp",), (), ("council",))


@given(data=st.data())
@settings(max_examples=40, deadline=None)
def test_any_change_of_a_value_voids_a_signature(signed_once: Path, data: st.DataObject) -> None:
    changed = {
        "title": data.draw(st.text("abc ", min_size=1, max_size=9).filter(str.strip)),
        "time/delete_within_days": data.draw(st.integers(0, 90)),
        "data/0/rows/1/is": data.draw(st.booleans()),
        "status": data.draw(st.sampled_from(["draft", "active", "ended"])),
    }
    chosen = data.draw(st.sets(st.sampled_from(sorted(changed))))
    agreement = parse_agreement(broken("winter-calls", {key: changed[key] for key in chosen}), "a")
    whole = document()
    is_same = {**agreement.document, "status": ""} == {**whole, "status": ""}
    assert (signature_state(agreement, signed_once, PUBLIC).signed == ("council", "dwp")) == is_same


@pytest.fixture(scope="module")
def signed_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("signed") / "winter.yaml"
    path.write_text(WINTER, encoding="utf-8")
    sign_for(path, "council", "dwp")
    return path


@pytest.mark.parametrize(
    ("part", "value"),
    [
        ("by", "Chief Executive"),
        ("at", "2026-11-22T09:30:00Z"),
        ("org", "E06000008"),
        ("sha256", "0" * 64),
        ("signature", "AAAA"),
        ("signature", "not base 64"),
    ],
)
def test_a_signature_that_was_meddled_with_does_not_stand(file: Path, part: str, value: str) -> None:
    beside = sign_for(file, "council", "dwp")
    meddle(beside, lambda entries: entries["dwp"].__setitem__(part, value))
    assert state(file) == SignatureState(("council",), (), ("dwp",))


def test_one_party_cannot_pass_off_its_signature_as_anothers(file: Path) -> None:
    beside = sign_for(file, "council")
    meddle(beside, lambda entries: entries.__setitem__("dwp", {**entries["council"], "org": "DWP"}))
    assert state(file) == SignatureState(("council",), (), ("dwp",))
    sign_agreement(file, "dwp", KEYS["E06000008"], BY["dwp"], AT)
    assert state(file).stale == ("dwp",)


def meddle(beside: Path, change: Any) -> None:
    written = json.loads(beside.read_text(encoding="utf-8"))
    change(written["signatures"])
    beside.write_text(json.dumps(written), encoding="utf-8")


def test_a_signature_without_a_public_key_is_unknown(file: Path) -> None:
    sign_for(file, "council", "dwp")
    public = {"E06000008": PUBLIC["E06000008"]}
    assert state(file, public) == SignatureState(("council",), (), (), ("dwp",))
    with pytest.raises(AgreementUnsigned, match="for want of a public key, by dwp"):
        require_signed(read_agreement(file), file, public)
    assert state(file, {**PUBLIC, "DWP": b"short"}).stale == ("dwp",)


def test_a_signature_of_no_party_is_unknown_and_keeps_nobody_waiting(file: Path) -> None:
    beside = sign_for(file, "council", "dwp")
    meddle(beside, lambda entries: entries.__setitem__("stranger", entries["dwp"]))
    assert state(file).unknown == ("stranger",)
    require_signed(read_agreement(file), file, PUBLIC)


@pytest.mark.parametrize(
    "content", ["", "{", "[]", "{}", '{"signatures": {"dwp": {}}}', '{"signatures": {"dwp": []}}']
)
def test_a_damaged_file_of_signatures_is_neither_trusted_nor_overwritten(file: Path, content: str) -> None:
    beside = file.with_name("bwd-2026-014.signatures.json")
    beside.write_text(content, encoding="utf-8")
    with pytest.raises(AgreementUnsigned, match="damaged"):
        state(file)
    with pytest.raises(AgreementUnsigned, match="damaged"):
        sign_for(file, "dwp")
    assert beside.read_text(encoding="utf-8") == content


def test_what_may_not_be_signed_is_not_signed(file: Path) -> None:
    file.write_text(broken("winter-calls", {"dpia": DROP}), encoding="utf-8")
    with pytest.raises(AgreementInvalid, match="may not be signed") as caught:
        sign_for(file, "dwp")
    assert [each.code for each in caught.value.findings] == ["no_dpia"]
    assert not file.with_name("bwd-2026-014.signatures.json").exists()


@pytest.mark.parametrize(
    ("party", "by", "code"),
    [
        ("nhs", "Caldicott Guardian", "unknown_party"),
        ("council", "svc-sharewell", "machine_account"),
        ("council", "noreply@council.example", "machine_account"),
        ("council", "", "machine_account"),
        ("council", "head of housing", "approves_own_request"),
    ],
)
def test_only_a_person_of_the_party_who_did_not_ask_for_it_signs(
    file: Path, party: str, by: str, code: str
) -> None:
    with pytest.raises(AgreementInvalid) as caught:
        sign_agreement(file, party, KEYS["DWP"], by, AT)
    assert [each.code for each in caught.value.findings] == [code]


def test_a_signature_needs_the_zone_of_its_time(file: Path) -> None:
    with pytest.raises(ValueError, match="aware"):
        sign_agreement(file, "dwp", KEYS["DWP"], BY["dwp"], AT.replace(tzinfo=None))


def test_a_write_that_fails_leaves_the_old_signatures(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    beside = sign_for(file, "council")
    before = beside.read_bytes()

    def refuse_write(path: Path) -> None:
        raise PermissionError(13, "no")

    monkeypatch.setattr(sign, "sync_file", refuse_write)
    with pytest.raises(FolderReadOnly):
        sign_for(file, "dwp")
    assert beside.read_bytes() == before
    assert sorted(each.name for each in file.parent.iterdir()) == [beside.name, file.name]


def test_what_is_signed_is_marked_as_an_agreements_signature() -> None:
    agreement: Agreement = good("winter-calls")
    message = sign._message(agreement, "dwp", "DWP", "DPO", "2026-11-23T09:30:00Z")
    assert message.startswith(b"sharewell agreement signature v1\n")
    assert json.loads(message.split(b"\n", 1)[1])["agreement"] == agreement.canonical
