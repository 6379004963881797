from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner, Result

from sharewell.audit.commands import register
from sharewell.audit.merkle import is_included, leaf_hash
from sharewell.settings import Place
from sharewell.store.control import close_control_plane
from sharewell.vocab.errors import FileMissing, FileUnreadable, PlaceMissing, SettingsInvalid

Copies = Callable[[], Any]


def run(*words: object) -> Result:
    app = typer.Typer()
    app.callback()(lambda: None)
    register(app)
    return CliRunner().invoke(app, ["audit", *map(str, words)])


def test_a_whole_log_is_said_to_be_whole(ready: Place, write: Any) -> None:
    write((3, 2))
    found = run("verify", "--dir", ready.folder, "--json")
    said = json.loads(found.output)
    assert found.exit_code == 0
    assert (said["ok"], said["entries"], said["problems"]) == (True, 5, [])
    assert len(bytes.fromhex(said["root"])) == 32
    assert "Whole. 5 entries" in run("verify", "--dir", ready.folder).output


def test_a_broken_log_ends_with_its_exit_code_and_says_where(copy_of: Copies) -> None:
    copy = copy_of()
    copy.attack("UPDATE audit_entry SET action = 'another' WHERE sequence = 7")
    found = run("verify", "--file", copy.database, "--json")
    assert found.exit_code == 70
    [problem] = json.loads(found.output)["problems"]
    assert (problem["kind"], problem["sequence"]) == ("entry_edited", 7)
    plain = run("verify", "--file", copy.database)
    assert (plain.exit_code, "Entry 7 was edited" in plain.output) == (70, True)


def test_a_place_is_checked_against_its_checkpoints_and_its_keyring(ready: Place, write: Any) -> None:
    write((1,))
    close_control_plane()
    older = ready.control.read_bytes()
    write((1,))
    close_control_plane()
    ready.control.write_bytes(older)
    found = run("verify", "--dir", ready.folder, "--json")
    assert found.exit_code == 70
    assert json.loads(found.output)["problems"][0]["kind"] == "checkpoints_file_ahead"


def test_a_party_checks_a_copy_with_the_checkpoints_and_key_it_kept(copy_of: Copies, tmp_path: Path) -> None:
    copy, kept = copy_of(), tmp_path / "kept.jsonl"
    kept.write_text(copy.checkpoints.read_text().splitlines(keepends=True)[0])
    words = ("verify", "--file", copy.database, "--checkpoints", kept)
    assert run(*words, "--public-key", copy.public_key.hex()).exit_code == 0
    assert run(*words, "--public-key", "ab" * 32).exit_code == 70
    assert isinstance(run(*words, "--public-key", "short").exception, SettingsInvalid)


def test_a_store_folder_may_be_named(copy_of: Copies) -> None:
    assert run("verify", "--file", copy_of().folder).exit_code == 0


@pytest.mark.parametrize(
    ("content", "refusal"), [(None, FileMissing), (b"", FileUnreadable), (b"bins", FileUnreadable)]
)
def test_a_missing_or_garbage_file_is_refused(tmp_path: Path, content: bytes | None, refusal: type) -> None:
    file = tmp_path / "control.sqlite3"
    if content is not None:
        file.write_bytes(content)
    assert isinstance(run("verify", "--file", file, "--json").exception, refusal)


def test_a_folder_that_is_no_place_is_refused(tmp_path: Path) -> None:
    for command in (("verify",), ("list",), ("prove", "1")):
        assert isinstance(run(*command, "--dir", tmp_path).exception, PlaceMissing)


def test_the_newest_entries_are_listed(ready: Place, write: Any) -> None:
    write((4,))
    listed = json.loads(run("list", "--dir", ready.folder, "--newest", 2, "--json").output)
    assert [entry["sequence"] for entry in listed] == [3, 4]
    assert listed[0]["details"] == {"rows": 3, "note": 'ward "Ynys Môn"'}
    assert "list.read" in run("list", "--dir", ready.folder).output


def test_a_proof_can_be_checked_by_hand(ready: Place, write: Any) -> None:
    write((5,))
    proof = json.loads(run("prove", 3, "--dir", ready.folder, "--json").output)
    path = [bytes.fromhex(step) for step in proof["path"]]
    assert is_included(leaf_hash(proof["leaf"].encode()), 2, 5, path, bytes.fromhex(proof["root"]))
    plain = run("prove", 3, "--dir", ready.folder).output
    assert all(part in plain for part in (*proof["path"], proof["leaf"], proof["note"]))


def test_naming_the_commands_loads_nothing_heavy() -> None:
    script = (
        "import sys, typer; from sharewell.audit.commands import register; register(typer.Typer())\n"
        "print([name for name in ('django', 'duckdb', 'pyarrow', 'cryptography') if name in sys.modules])"
    )
    said = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "[]"
