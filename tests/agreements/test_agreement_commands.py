"""``sharewell agreement check`` and ``sharewell agreement sign``, as people run them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import typer
from agreement_samples import DROP, TODAY, WINTER, broken
from typer.testing import CliRunner, Result

from sharewell.agreements import commands
from sharewell.settings import Place
from sharewell.vocab.errors import AgreementInvalid, AgreementUnsigned


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    from datetime import UTC, datetime, time

    monkeypatch.setattr(commands, "_now", lambda: datetime.combine(TODAY, time(9), UTC))
    path = tmp_path / "winter.yaml"
    path.write_text(WINTER, encoding="utf-8")
    return path


def run(*words: str | Path) -> Result:
    app = typer.Typer()
    commands.register(app)
    app.command("other")(lambda: None)
    return CliRunner(env={"COLUMNS": "200"}).invoke(app, ["agreement", *map(str, words)])


def test_a_good_file_passes_and_nobody_calls_it_lawful(file: Path) -> None:
    result = run("check", file)
    assert result.exit_code == 0
    assert "nothing refuses it" in result.output
    assert "is lawful" not in result.output


def test_a_bad_file_is_told_in_a_table_and_by_the_exit_code(file: Path) -> None:
    file.write_text(broken("winter-calls", {"dpia": DROP, "time/review_by": "2027-06-01"}), encoding="utf-8")
    result = run("check", file)
    assert result.exit_code == AgreementInvalid.exit_code
    for word in ("refuse", "dpia", "time.review_by", "may not be signed"):
        assert word in result.output


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (WINTER.replace("active", "live", 1), "not_in_list"),
        (broken("winter-calls", {"dpia": DROP}), "no_dpia"),
    ],
)
def test_json_holds_every_finding(file: Path, text: str, code: str) -> None:
    file.write_text(text, encoding="utf-8")
    result = run("check", file, "--json")
    told = json.loads(result.output)
    assert result.exit_code == AgreementInvalid.exit_code
    assert told["may_be_signed"] is False
    assert [(each["severity"], each["code"]) for each in told["findings"]] == [("refuse", code)]


def test_a_place_also_sees_who_has_not_signed(file: Path, place: Place) -> None:
    result = run("check", file, "--dir", place.folder, "--json")
    told = json.loads(result.output)
    assert result.exit_code == 0
    codes = [(each["severity"], each["code"], each["clause"]) for each in told["findings"]]
    assert ("attest", "unsigned", "parties.council") in codes
    assert ("attest", "unsigned", "parties.dwp") in codes
    assert ("warn", "no_standard", "data[0].dataset") in codes


def test_signing_registers_signs_and_records(file: Path, place: Place) -> None:
    from sharewell.accounts.queries import public_keys
    from sharewell.agreements.read import read_agreement
    from sharewell.agreements.sign import require_signed
    from sharewell.audit.models import Entry
    from sharewell.store.keys import KeyRing

    KeyRing.create(place)
    for party, by in (("council", "Senior Information Risk Owner"), ("dwp", "Data Protection Officer")):
        result = run("sign", file, "--party", party, "--by", by, "--dir", place.folder)
        assert result.exit_code == 0, result.exception
    state = require_signed(read_agreement(file), file, public_keys())
    assert state.signed == ("council", "dwp")
    assert [(each.by, each.agreement) for each in Entry.objects.order_by("pk")] == [
        ("Senior Information Risk Owner", "bwd-2026-014"),
        ("Data Protection Officer", "bwd-2026-014"),
    ]


def test_nothing_is_signed_or_recorded_when_it_may_not_be(file: Path, place: Place) -> None:
    from sharewell.audit.models import Entry
    from sharewell.store.keys import KeyRing

    KeyRing.create(place)
    result = run("sign", file, "--party", "dwp", "--by", "svc-sharewell", "--dir", place.folder)
    assert isinstance(result.exception, AgreementInvalid)
    file.with_name("bwd-2026-014.signatures.json").write_text("{", encoding="utf-8")
    result = run("sign", file, "--party", "dwp", "--by", "Data Protection Officer", "--dir", place.folder)
    assert isinstance(result.exception, AgreementUnsigned)
    assert not Entry.objects.exists()
