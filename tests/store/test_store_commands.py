from __future__ import annotations

import base64
import json
import os
import subprocess
import sys

import pytest
import typer
from typer.testing import CliRunner

from sharewell.audit.commands import register
from sharewell.store import rootkey
from sharewell.store.keys import KeyRing
from sharewell.store.lock import only_run
from sharewell.vocab.errors import RunInProgress


@pytest.fixture
def run(place):
    app = typer.Typer()
    register(app)
    app.callback()(lambda: None)

    def run(*arguments):
        done = CliRunner().invoke(app, ["key", *arguments, "--dir", str(place.folder)])
        if done.exception and not isinstance(done.exception, SystemExit):
            raise done.exception
        assert done.exit_code == 0, done.output
        return done.stdout

    return run


def test_the_keys_are_shown_by_fingerprint_and_never_themselves(run, keys):
    secret = keys.agreement_key("flu-2026")
    shown = run("show")
    assert keys.fingerprint in shown and "flu-2026" in shown
    assert secret.hex() not in shown and base64.b64encode(secret).decode() not in shown
    listed = json.loads(run("show", "--json"))
    assert listed["root"] == keys.fingerprint
    assert [(key["kind"], key["owner"]) for key in listed["keys"]] == [("agreement", "flu-2026")]


def test_the_root_key_is_rotated(run, place, keys):
    before = keys.fingerprint
    answer = json.loads(run("rotate", "--json"))
    assert answer["rotated"] == "root"
    assert answer["root"] == KeyRing.open(place).fingerprint != before


def test_an_organisations_key_is_rotated(run, keys, snapshots, keep):
    keep(["p1"])
    assert "council" in run("rotate", "--organisation", "council")
    assert snapshots.read("council", "people").num_rows == 1


def test_a_root_key_in_the_environment_is_rotated_to_the_next(run, place, monkeypatch):
    old, new = (base64.b64encode(os.urandom(32)).decode() for _ in range(2))
    monkeypatch.setenv("SHAREWELL_ROOT_KEY", old)
    monkeypatch.setenv("SHAREWELL_NEXT_ROOT_KEY", new)
    answer = json.loads(run("rotate", "--json"))
    assert answer["root"] == rootkey.fingerprint(base64.b64decode(new))


def test_keys_are_not_rotated_while_a_run_works(run, place, keys):
    with only_run(place), pytest.raises(RunInProgress):
        run("rotate")


def test_the_commands_load_nothing_heavy():
    script = (
        "import sys, sharewell.audit.commands; "
        "sys.exit(any(name in sys.modules for name in ('django', 'duckdb', 'pyarrow', 'cryptography')))"
    )
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0
