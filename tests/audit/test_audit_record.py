from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.apps import apps
from django.db import DatabaseError, connection, transaction
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState

from sharewell.audit import publish
from sharewell.audit.actions import heal_checkpoints, record, record_many
from sharewell.audit.merkle import is_included, leaf_hash
from sharewell.audit.models import AppendOnly, Checkpoint, Entry, Head
from sharewell.audit.publish import FILE, UNDERWAY, read_published
from sharewell.audit.queries import entries, prove, verify_log, verify_place
from sharewell.audit.rules import checkpoint_line
from sharewell.audit.terms import Event, Verified
from sharewell.settings import Place
from sharewell.store.control import close_control_plane
from sharewell.vocab.errors import AuditBroken, FileMissing, FolderReadOnly, KeyMissing, TraceNotFound

AT = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
EVENT = Event("operator", "list.read", AT)
Write = Callable[..., None]


def note(action: str = "list.read", **more: object) -> Entry:
    with transaction.atomic():
        return record(by="operator", action=action, at=AT, **more)  # type: ignore[arg-type]


def lines(place: Place) -> tuple[str, ...]:
    return read_published(place.store / FILE).lines


def is_whole(place: Place) -> Verified:
    found = verify_place(place)
    assert found.ok, found.problems
    return found


def test_an_entry_says_who_did_what_when_for_whom_and_about_how_many(ready: Place) -> None:
    made = note(
        "release.handed_over",
        run="r1",
        agreement="agr-1",
        recipient="nhs",
        details={"rows": 2},
        subjects=["ab" * 32, "cd" * 32, "ab" * 32],
    )
    [kept] = entries()
    assert (kept.sequence, kept.hash) == (1, made.hash)
    assert (kept.by, kept.action, kept.recorded_at) == (
        "operator",
        "release.handed_over",
        "2026-03-01T09:30:00.000000Z",
    )
    assert (kept.run, kept.agreement, kept.recipient, kept.details) == ("r1", "agr-1", "nhs", {"rows": 2})
    assert kept.subjects_count == 2


def test_an_entry_can_only_be_recorded_inside_the_callers_transaction(ready: Place) -> None:
    with pytest.raises(transaction.TransactionManagementError):
        record(by="operator", action="list.read", at=AT)
    assert entries() == ()


def test_a_transaction_that_fails_leaves_no_entry_and_no_gap(ready: Place) -> None:
    note()
    with pytest.raises(RuntimeError), transaction.atomic():
        record(by="operator", action="list.read", at=AT)
        raise RuntimeError
    note("list.read_again")
    assert [entry.sequence for entry in entries()] == [1, 2]
    assert is_whole(ready).entries == 2


def test_entries_are_numbered_chained_and_covered_by_one_checkpoint_a_batch(
    ready: Place, write: Write
) -> None:
    write((3, 1, 5))
    found = entries()
    assert [entry.sequence for entry in found] == list(range(1, 10))
    assert [entry.previous_hash for entry in found[1:]] == [entry.hash for entry in found[:-1]]
    assert list(Checkpoint.objects.values_list("number", "size")) == [(1, 3), (2, 4), (3, 9)]
    assert is_whole(ready).root == Head.objects.get().root


def test_the_checkpoints_file_holds_every_signed_checkpoint(ready: Place, write: Write) -> None:
    write((2, 1))
    held = [json.loads(line) for line in lines(ready)]
    assert [(line["number"], line["size"]) for line in held] == [(1, 2), (2, 3)]
    assert not (ready.store / UNDERWAY).exists()


def test_nothing_recorded_is_nothing_signed(ready: Place) -> None:
    with transaction.atomic():
        assert record_many([]) == []
    assert is_whole(ready) == Verified(True, 0, is_whole(ready).root)


def test_entries_are_found_by_what_they_are_about(ready: Place, write: Write) -> None:
    write((2, 3))
    note("agreement.signed", agreement="agr-2")
    assert [entry.sequence for entry in entries(run="run-1")] == [3, 4, 5]
    assert [entry.sequence for entry in entries(agreement="agr-2")] == [6]
    assert [entry.sequence for entry in entries(action="list.read", recipient="nhs", newest=2)] == [4, 5]


@pytest.mark.parametrize("sequence", [1, 2, 6, 7, 11])
def test_an_entry_is_proved_to_whoever_holds_the_root(ready: Place, write: Write, sequence: int) -> None:
    write((4, 7))
    for proof in (prove(sequence), prove(sequence, ready.control)):
        path = [bytes.fromhex(step) for step in proof.path]
        root = bytes.fromhex(json.loads(lines(ready)[-1])["root"])
        assert json.loads(proof.leaf)["sequence"] == sequence
        assert is_included(leaf_hash(proof.leaf.encode()), sequence - 1, 11, path, root)
        assert proof.root == root.hex()


@pytest.mark.parametrize("sequence", [0, -1, 4])
def test_an_entry_that_is_not_there_has_no_proof(ready: Place, write: Write, sequence: int) -> None:
    write((3,))
    with pytest.raises(TraceNotFound):
        prove(sequence)


def test_the_log_of_the_open_control_plane_can_be_checked(ready: Place, write: Write) -> None:
    write((3,))
    assert verify_log().ok
    assert verify_log(checkpoints=ready.store / FILE) == verify_place(ready)


@pytest.mark.parametrize(
    "change",
    [
        lambda: Entry.objects.get(sequence=1).save(),
        lambda: Entry.objects.get(sequence=1).delete(),
        lambda: Entry.objects.filter(sequence=1).update(by="nobody"),
        lambda: Entry.objects.bulk_update([Entry.objects.get(sequence=1)], ["by"]),
        lambda: Entry.objects.all().delete(),
        lambda: Checkpoint.objects.get(number=1).delete(),
        lambda: Checkpoint.objects.all().update(at=""),
        lambda: Head.objects.get().delete(),
    ],
)
def test_django_refuses_to_change_what_was_recorded(ready: Place, change: Callable[[], object]) -> None:
    note()
    with pytest.raises(AuditBroken):
        change()
    assert is_whole(ready).entries == 1


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entry SET \"by\" = 'nobody'",
        "DELETE FROM audit_entry",
        "INSERT OR REPLACE INTO audit_entry SELECT * FROM audit_entry WHERE sequence = 1",
        "UPDATE audit_checkpoint SET at = ''",
        "DELETE FROM audit_checkpoint",
        "INSERT OR REPLACE INTO audit_checkpoint SELECT * FROM audit_checkpoint WHERE number = 1",
        "DELETE FROM audit_head",
    ],
)
def test_the_database_refuses_to_change_what_was_recorded(ready: Place, write: Write, statement: str) -> None:
    write((1, 1))
    with pytest.raises(DatabaseError, match="only ever added to"), connection.cursor() as cursor:
        cursor.execute(statement)
    assert is_whole(ready).entries == 2


def test_threads_never_write_one_sequence_twice(ready: Place) -> None:
    def work() -> None:
        try:
            for _ in range(5):
                note()
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert [entry.sequence for entry in entries()] == list(range(1, 16))
    assert is_whole(ready).entries == len(lines(ready)) == 15


def test_processes_never_write_one_sequence_twice(ready: Place) -> None:
    note()
    script = (
        "import sys; from pathlib import Path; from datetime import UTC, datetime\n"
        "from sharewell.settings import open_place; from sharewell.store.control import open_control_plane\n"
        "open_control_plane(open_place(Path(sys.argv[1])))\n"
        "from django.db import transaction; from sharewell.audit.actions import record\n"
        "for _ in range(6):\n"
        "    with transaction.atomic():\n"
        "        record(by=sys.argv[2], action='list.read', at=datetime.now(UTC))\n"
    )
    command = [sys.executable, "-c", script, str(ready.folder)]
    running = [subprocess.Popen([*command, f"process{n}"]) for n in range(2)]
    assert [process.wait(60) for process in running] == [0, 0]
    assert [entry.sequence for entry in entries()] == list(range(1, 14))
    assert {entry.by for entry in entries()} == {"operator", "process0", "process1"}
    assert is_whole(ready).entries == len(lines(ready)) == 13


def test_a_crash_between_commit_and_checkpoint_is_no_tampering_and_heals(
    ready: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    note()
    with monkeypatch.context() as patched:
        patched.setattr(publish, "append_lines", _die)
        with pytest.raises(SystemExit):
            note()
    assert (len(lines(ready)), is_whole(ready).entries) == (1, 2)
    heal_checkpoints()
    assert (len(lines(ready)), is_whole(ready).entries) == (2, 2)
    assert not (ready.store / UNDERWAY).exists()


def test_a_crash_that_tears_the_last_line_is_no_tampering_and_heals(ready: Place) -> None:
    note()
    note()
    file = ready.store / FILE
    whole = file.read_bytes()
    for kept in (len(whole) - 1, len(whole) - 100, whole.index(b"\n") + 2):
        file.write_bytes(whole[:kept])
        (ready.store / UNDERWAY).write_text("1")
        assert is_whole(ready).entries == 2
        heal_checkpoints()
        assert file.read_bytes() == whole


def test_the_next_entry_heals_the_checkpoints_too(ready: Place) -> None:
    note()
    note()
    (ready.store / FILE).unlink()
    note()
    assert [json.loads(line)["number"] for line in lines(ready)] == [1, 2, 3]
    assert is_whole(ready).entries == 3


def test_a_checkpoints_file_ahead_of_the_log_is_evidence_and_never_healed(ready: Place) -> None:
    note()
    close_control_plane()
    older = ready.control.read_bytes()
    note()
    close_control_plane()
    said = (ready.store / FILE).read_bytes()
    ready.control.write_bytes(older)
    for work in (heal_checkpoints, note):
        with pytest.raises(AuditBroken, match="cut or set back"):
            work()
    assert (ready.store / FILE).read_bytes() == said
    assert not verify_place(ready).ok


def test_an_edited_last_line_stops_the_log(ready: Place) -> None:
    note()
    file = ready.store / FILE
    file.write_text(file.read_text().replace('"size":1', '"size":2'))
    with pytest.raises(AuditBroken, match="cut or set back"):
        note()
    file.write_text("not a checkpoint\n")
    with pytest.raises(AuditBroken, match="not a checkpoint"):
        note()


@pytest.mark.parametrize("column", ["root", "chain", "frontier", "size", "signature", "previous"])
def test_nothing_is_signed_on_top_of_an_edited_head(ready: Place, write: Write, column: str) -> None:
    write((3,))
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE audit_head SET {column} = 7")
    with pytest.raises(AuditBroken):
        note()


def test_another_log_key_or_a_lost_head_stops_the_log(ready: Place) -> None:
    note()
    with pytest.raises(AuditBroken, match="another key"):
        note(key=Ed25519PrivateKey.generate())
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER audit_head_no_delete")
        cursor.execute("DELETE FROM audit_head")
    with pytest.raises(AuditBroken, match="no head"):
        note()


def test_nothing_is_committed_when_the_checkpoint_could_not_be_written(
    ready: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    def closed(self: Path, *given: object, **more: object) -> int:
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as patched:
        patched.setattr(Path, "write_text", closed)
        with pytest.raises(FolderReadOnly):
            note()
    assert entries() == ()


def test_a_place_without_its_root_key_records_nothing(place: Place) -> None:
    with pytest.raises(KeyMissing):
        note()
    assert entries() == ()


def test_a_place_without_a_database_has_no_log_to_check(ready: Place) -> None:
    with pytest.raises(FileMissing):
        verify_place(replace(ready, folder=ready.folder / "other"))


def test_every_column_says_how_sensitive_it_is_and_how_long_it_is_kept() -> None:
    for model in apps.get_app_config("audit").get_models():
        assert issubclass(model, AppendOnly | Head)
        for field in model._meta.get_fields():
            assert "Kept" in field.help_text or "Replaced" in field.help_text, field  # type: ignore[union-attr]


def test_the_migrations_make_the_models_as_they_are() -> None:
    loader = MigrationLoader(None)
    wanted = ProjectState.from_apps(apps)
    changes = MigrationAutodetector(loader.project_state(), wanted).changes(graph=loader.graph)
    assert "audit" not in changes


def test_the_first_line_of_the_file_is_the_first_checkpoint(ready: Place) -> None:
    note()
    row = Checkpoint.objects.get(number=1)
    assert f'"signature":"{row.signature}"' in lines(ready)[0]
    assert lines(ready)[0] == checkpoint_line(publish.last_line(ready.store).checkpoint)  # type: ignore[arg-type]


def _die(*given: object) -> None:
    raise SystemExit
