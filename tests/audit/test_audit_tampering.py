"""Whatever is done to the log is found; and what was not touched is always whole."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sharewell.audit.actions import record_many
from sharewell.audit.publish import UNDERWAY, Published, read_published
from sharewell.audit.queries import verify_log
from sharewell.audit.read import OpenLog, with_file
from sharewell.audit.rules import canonical_entry, chain_hash
from sharewell.audit.terms import ProblemKind, Verified
from sharewell.audit.verify import ENTRY_COLUMNS, SIGNED_COLUMNS, check_log
from sharewell.settings import Place
from sharewell.store.control import close_control_plane
from sharewell.vocab.errors import FileMissing, FileUnreadable

Copies = Callable[[], Any]
ENTRIES, CHECKPOINTS = 23, 6
SIZES = (1, 5, 6, 13, 15, 23)
COLUMNS = {
    "audit_entry": ENTRY_COLUMNS,
    "audit_checkpoint": SIGNED_COLUMNS,
    "audit_head": ("id", "frontier", *SIGNED_COLUMNS),
}
ROWS = {"audit_entry": ENTRIES, "audit_checkpoint": CHECKPOINTS, "audit_head": 1}


def check(copy: Any, *, file_only: bool = False) -> Verified:
    if file_only:
        return verify_log(copy.database)
    return verify_log(copy.database, checkpoints=copy.checkpoints, public_key=copy.public_key)


def kinds(found: Verified) -> set[ProblemKind]:
    return {problem.kind for problem in found.problems}


def sequences(found: Verified) -> set[int | None]:
    return {problem.sequence for problem in found.problems}


@pytest.mark.parametrize("file_only", [False, True])
def test_a_log_that_nobody_touched_is_whole(written_log: Any, copy_of: Copies, file_only: bool) -> None:
    for log in (written_log, copy_of()):
        found = check(log, file_only=file_only)
        assert (found.ok, found.entries, found.problems) == (True, ENTRIES, ())


def test_checking_a_file_leaves_nothing_beside_it_and_changes_nothing(
    written_log: Any, tmp_path: Path
) -> None:
    for file in (written_log.database, written_log.checkpoints):
        shutil.copy(file, tmp_path)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert verify_log(tmp_path / "control.sqlite3", checkpoints=tmp_path / "checkpoints.jsonl").ok
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def _quoted(value: object) -> str:
    if value is None or isinstance(value, int | float):
        return "NULL" if value is None else repr(value)
    if isinstance(value, bytes):
        return f"X'{value.hex()}'"
    return f"CAST(X'{str(value).encode('utf-8', 'surrogatepass').hex()}' AS TEXT)"


@st.composite
def edits(draw: st.DrawFn) -> Callable[[Any], None]:
    """One value of one row becomes another: a small change of the text, or anything at all."""
    table = draw(st.sampled_from(sorted(COLUMNS)))
    column = draw(st.sampled_from(COLUMNS[table]))
    row = draw(st.integers(0, ROWS[table] - 1))
    anything = (
        st.none() | st.integers(-5, 30) | st.text(max_size=6) | st.binary(max_size=4) | st.just("\ud800")
    )
    change = draw(
        st.sampled_from(["upper", "space", "first", "last", "swap"]) | anything.map(lambda new: (new,))
    )

    def edit(copy: Any) -> None:
        with closing(sqlite3.connect(copy.database)) as opened:
            opened.text_factory = lambda raw: raw.decode("utf-8", "replace")
            found = opened.execute(f'SELECT rowid, "{column}" FROM {table} LIMIT 1 OFFSET {row}').fetchone()
        if found is None:
            return
        new = change[0] if isinstance(change, tuple) else _nudged(str(found[1]), change)
        copy.attack(f'UPDATE {table} SET "{column}" = {_quoted(new)} WHERE rowid = {found[0]}')

    return edit


def _nudged(text: str, how: str) -> str:
    if how == "upper":
        return text.upper()
    if how == "space":
        return text + " "
    if how == "first":
        return ("1" if text[:1] != "1" else "2") + text[1:]
    if how == "last":
        return text[:-1] + ("0" if text[-1:] != "0" else "1")
    return text[::-1]


@st.composite
def removals(draw: st.DrawFn) -> Callable[[Any], None]:
    """A row goes, or the tail from a row on, or a whole table."""
    table = draw(st.sampled_from(sorted(COLUMNS)))
    row = draw(st.integers(0, ROWS[table] - 1))
    how = draw(st.sampled_from(["=", ">=", "drop"]))
    if how == "drop":
        return lambda copy: copy.attack(f"DROP TABLE IF EXISTS {table}")
    return lambda copy: copy.attack(
        f"CREATE TABLE IF NOT EXISTS {table} (x)", f"DELETE FROM {table} WHERE rowid {how} {row + 1}"
    )


@st.composite
def insertions(draw: st.DrawFn) -> Callable[[Any], None]:
    """A row is there twice, or again under a number of its own."""
    table = draw(st.sampled_from(sorted(COLUMNS)))
    row = draw(st.integers(1, ROWS[table]))
    names = ", ".join(f'"{name}"' for name in COLUMNS[table])
    first = COLUMNS[table][0]
    number = draw(st.sampled_from([f'"{first}"', str(ROWS[table] + 1), "0", "-1"]))
    values = ", ".join([number, *(f'"{name}"' for name in COLUMNS[table][1:])])
    insert = f"INSERT INTO {table} ({names}) SELECT {values} FROM {table} WHERE rowid = {row}"
    return lambda copy: copy.attack(insert)


@st.composite
def swaps(draw: st.DrawFn) -> Callable[[Any], None]:
    """Two entries or checkpoints change places."""
    table, key = draw(st.sampled_from([("audit_entry", "sequence"), ("audit_checkpoint", "number")]))
    one, other = draw(
        st.lists(st.integers(1, ROWS[table]), min_size=2, max_size=2, unique=True).map(tuple)  # type: ignore[arg-type]
    )
    swap = f"UPDATE {table} SET {key} = CASE {key} WHEN {one} THEN {other} ELSE {one} END"
    return lambda copy: copy.attack(f"{swap} WHERE {key} IN ({one}, {other})")


@st.composite
def set_backs(draw: st.DrawFn) -> Callable[[Any], None]:
    """The head becomes an earlier checkpoint again, properly signed, with or without cutting the entries."""
    number = draw(st.integers(1, CHECKPOINTS - 1))
    columns = ", ".join(SIGNED_COLUMNS)
    earlier = f"SELECT {columns} FROM audit_checkpoint WHERE number = {number}"
    steps = [f"UPDATE audit_head SET ({columns}) = ({earlier})"]
    if draw(st.booleans()):
        steps.append(f"DELETE FROM audit_entry WHERE sequence > {SIZES[number - 1]}")
    return lambda copy: copy.attack(*steps)


@st.composite
def file_changes(draw: st.DrawFn) -> Callable[[Any], None]:
    """A line of the checkpoints file goes, is there twice, changes places, or changes by a letter."""
    how = draw(
        st.sampled_from(["delete", "twice", "swap", "letter", "cut", "tear", "blank", "junk", "remove"])
    )
    row, place = draw(st.integers(0, CHECKPOINTS - 1)), draw(st.integers(0, 500))

    def change(copy: Any) -> None:
        lines = copy.checkpoints.read_text().splitlines(keepends=True)
        if how == "remove":
            copy.checkpoints.unlink()
            return
        if how == "delete":
            del lines[row]
        elif how == "twice":
            lines.insert(row, lines[row])
        elif how == "swap":
            lines[row], lines[row - 1] = lines[row - 1], lines[row]
        elif how == "letter":
            at = place % (len(lines[row]) - 1)
            lines[row] = lines[row][:at] + chr(ord(lines[row][at]) ^ 1) + lines[row][at + 1 :]
        elif how == "cut":
            del lines[row:]
        elif how == "tear":
            lines[-1] = lines[-1][: place % len(lines[-1])]
        elif how == "junk":
            lines.append(lines[row][: place + 1].rstrip("\n"))
        else:
            lines.insert(row, "\n")
        copy.checkpoints.write_text("".join(lines))

    return change


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(attack=st.one_of(edits(), edits(), removals(), insertions(), swaps(), set_backs()))
def test_whatever_is_done_to_the_database_is_found_even_without_the_checkpoints(
    copy_of: Copies, attack: Callable[[Any], None]
) -> None:
    copy = copy_of()
    before = copy.dump()
    attack(copy)
    changed = copy.dump() != before
    assert check(copy, file_only=True).ok is not changed
    assert check(copy).ok is not changed
    shutil.rmtree(copy.folder)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    attacks=st.lists(
        st.one_of(edits(), removals(), insertions(), swaps(), set_backs()), min_size=2, max_size=4
    ),
    on_file=st.none() | file_changes(),
)
def test_several_attacks_at_once_are_found(
    copy_of: Copies, attacks: list[Callable[[Any], None]], on_file: Callable[[Any], None] | None
) -> None:
    copy = copy_of()
    before = copy.dump()
    for attack in attacks:
        try:
            attack(copy)
        except sqlite3.OperationalError:
            break
    if on_file:
        on_file(copy)
    assert check(copy).ok is (copy.dump() == before)
    shutil.rmtree(copy.folder)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(attack=file_changes())
def test_whatever_is_done_to_the_checkpoints_file_is_found(
    copy_of: Copies, attack: Callable[[Any], None]
) -> None:
    copy = copy_of()
    before = copy.dump()
    attack(copy)
    assert check(copy).ok is (copy.dump() == before)
    shutil.rmtree(copy.folder)


@pytest.mark.parametrize("column", ENTRY_COLUMNS[1:])
@pytest.mark.parametrize("sequence", [1, 9, ENTRIES])
def test_an_edited_entry_is_named(copy_of: Copies, column: str, sequence: int) -> None:
    copy = copy_of()
    copy.attack(f'UPDATE audit_entry SET "{column}" = "{column}" || \'1\' WHERE sequence = {sequence}')
    for file_only in (False, True):
        assert sequence in sequences(check(copy, file_only=file_only))


@pytest.mark.parametrize(
    ("statement", "kind", "sequence"),
    [
        ("DELETE FROM audit_entry WHERE sequence = 4", ProblemKind.ENTRY_MISSING, 4),
        ("DELETE FROM audit_entry WHERE sequence = 1", ProblemKind.ENTRY_MISSING, 1),
        ("DELETE FROM audit_entry WHERE sequence > 20", ProblemKind.LOG_TRUNCATED, 21),
        (
            "INSERT INTO audit_entry SELECT * FROM audit_entry WHERE sequence = 7",
            ProblemKind.ENTRY_INSERTED,
            7,
        ),
        ("UPDATE audit_head SET size = 22", ProblemKind.HEAD_EDITED, None),
        ("UPDATE audit_head SET frontier = ''", ProblemKind.HEAD_EDITED, None),
        ("DELETE FROM audit_head", ProblemKind.HEAD_MISSING, None),
        ("DROP TABLE audit_head", ProblemKind.TABLE_MISSING, None),
        ("DELETE FROM audit_checkpoint WHERE number = 2", ProblemKind.CHECKPOINT_MISSING, None),
        ("DELETE FROM audit_checkpoint WHERE number = 6", ProblemKind.CHECKPOINT_MISSING, None),
        ("UPDATE audit_checkpoint SET root = chain WHERE number = 3", ProblemKind.CHECKPOINT_EDITED, None),
        (f"UPDATE audit_head SET public_key = '{'ab' * 32}'", ProblemKind.KEY_CHANGED, None),
    ],
)
def test_the_finding_says_what_was_done(
    copy_of: Copies, statement: str, kind: ProblemKind, sequence: int | None
) -> None:
    copy = copy_of()
    copy.attack(statement)
    assert (kind, sequence) in {(problem.kind, problem.sequence) for problem in check(copy).problems}


def test_two_entries_that_changed_places_are_named(copy_of: Copies) -> None:
    copy = copy_of()
    copy.attack(
        "UPDATE audit_entry SET sequence = CASE sequence WHEN 5 THEN 9 ELSE 5 END WHERE sequence IN (5, 9)"
    )
    assert {5, 9} <= sequences(check(copy, file_only=True))


def test_an_entry_edited_with_its_own_hash_made_anew_is_found_at_the_next(copy_of: Copies) -> None:
    copy = copy_of()
    _rewrite(copy, first=8, last=8)
    assert (ProblemKind.ENTRY_UNLINKED, 9) in {
        (problem.kind, problem.sequence) for problem in check(copy, file_only=True).problems
    }


def test_an_entry_numbered_anew_with_its_own_hash_leaves_a_gap_that_is_named(copy_of: Copies) -> None:
    copy = copy_of()
    copy.attack("UPDATE audit_entry SET sequence = 30 WHERE sequence = 23")
    _rewrite(copy, first=30, last=30)
    found = check(copy, file_only=True).problems[0]
    assert (found.kind, found.sequence) == (ProblemKind.ENTRY_MISSING, 23)


def test_a_log_written_anew_with_every_hash_is_found_by_what_was_signed(copy_of: Copies) -> None:
    copy = copy_of()
    _rewrite(copy, first=8, last=ENTRIES)
    found = check(copy, file_only=True)
    assert [(problem.kind, problem.sequence) for problem in found.problems] == [
        (ProblemKind.LOG_REWRITTEN, 13)
    ]


def _rewrite(copy: Any, first: int, last: int) -> None:
    """Edit entry ``first`` and make the hashes from there to ``last`` anew."""
    with closing(sqlite3.connect(copy.database)) as opened, opened:
        opened.execute("UPDATE audit_entry SET \"by\" = 'another' WHERE sequence = ?", (first,))
        names = ", ".join(f'"{name}"' for name in ENTRY_COLUMNS)
        rows = opened.execute(
            f"SELECT {names} FROM audit_entry WHERE sequence BETWEEN ? AND ? ORDER BY sequence", (first, last)
        ).fetchall()
        previous = rows[0][10]
        for row in rows:
            made = chain_hash(bytes.fromhex(previous), canonical_entry(*row[:10])).hex()
            opened.execute(
                "UPDATE audit_entry SET previous_hash = ?, hash = ? WHERE sequence = ?",
                (previous, made, row[0]),
            )
            previous = made


def test_a_log_set_back_whole_is_found_by_the_checkpoints_and_only_by_them(ready: Place, write: Any) -> None:
    write((2, 2))
    close_control_plane()
    older = ready.control.read_bytes()
    write((1,))
    close_control_plane()
    ready.control.write_bytes(older)
    assert verify_log(ready.control).ok
    found = verify_log(ready.control, checkpoints=ready.store / "checkpoints.jsonl")
    assert [(problem.kind, problem.sequence) for problem in found.problems] == [(ProblemKind.FILE_AHEAD, 5)]


def test_a_log_written_anew_with_a_new_key_is_found_by_key_or_checkpoints(
    ready: Place, write: Any, written_log: Any
) -> None:
    write((1, 4, 1, 7, 2, 8), by="somebody else")
    close_control_plane()
    assert verify_log(ready.control).ok
    by_key = verify_log(ready.control, public_key=written_log.public_key)
    assert kinds(by_key) == {ProblemKind.KEY_CHANGED}
    by_file = verify_log(ready.control, checkpoints=written_log.checkpoints)
    assert ProblemKind.KEY_CHANGED in kinds(by_file)
    assert ProblemKind.FILE_AHEAD in kinds(by_file)


def test_a_partys_older_copy_of_the_checkpoints_may_end_before_the_log(
    copy_of: Copies, tmp_path: Path
) -> None:
    copy, kept = copy_of(), tmp_path / "kept.jsonl"
    kept.write_text("".join(copy.checkpoints.read_text().splitlines(keepends=True)[:3]))
    assert verify_log(copy.database, checkpoints=kept, may_lag=True).ok
    assert kinds(verify_log(copy.database, checkpoints=kept)) == {ProblemKind.FILE_BEHIND}
    _rewrite(copy, first=2, last=ENTRIES)
    assert not verify_log(copy.database, checkpoints=kept, may_lag=True).ok


def test_an_announcement_left_behind_hides_no_line_taken_from_before_it(copy_of: Copies) -> None:
    copy = copy_of()
    (copy.folder / UNDERWAY).write_text("6")
    assert check(copy).ok
    copy.checkpoints.write_text("".join(copy.checkpoints.read_text().splitlines(keepends=True)[:5]))
    assert kinds(check(copy)) == {ProblemKind.FILE_BEHIND}


def test_a_log_emptied_altogether_is_found_by_the_databases_own_memory(
    written_log: Any, tmp_path: Path
) -> None:
    target = tmp_path / "emptied.sqlite3"
    shutil.copy(written_log.database, target)
    with closing(sqlite3.connect(target, isolation_level=None)) as opened:
        for (name,) in opened.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            opened.execute(f"DROP TRIGGER {name}")
        for table in COLUMNS:
            opened.execute(f"DELETE FROM {table}")
    assert kinds(verify_log(target)) == {ProblemKind.LOG_TRUNCATED}


def test_a_hundred_problems_are_enough_to_read(ready: Place) -> None:
    from datetime import UTC, datetime

    from django.db import connection, transaction

    from sharewell.audit.terms import Event

    with transaction.atomic():
        record_many([Event("operator", "list.read", datetime(2026, 1, 1, tzinfo=UTC))] * 150)
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER audit_entry_no_update")
        cursor.execute("UPDATE audit_entry SET action = 'another'")
    found = verify_log(ready.control)
    assert (len(found.problems), found.problems[-1].kind) == (101, ProblemKind.MORE)


def test_a_missing_file_is_said_to_be_missing(tmp_path: Path) -> None:
    with pytest.raises(FileMissing):
        verify_log(tmp_path / "none.sqlite3")
    with pytest.raises(FileMissing):
        verify_log(tmp_path)


@pytest.mark.parametrize(
    "content", [b"", b"person,nhs_number\n", b"SQLite format 3\x00", b"SQLite format 3\x00" * 400]
)
def test_a_file_that_is_no_database_is_refused(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "garbage.sqlite3"
    file.write_bytes(content)
    with pytest.raises(FileUnreadable):
        verify_log(file)


def test_a_database_that_never_was_a_control_plane_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "other.sqlite3"
    with closing(sqlite3.connect(file)) as opened:
        opened.execute("CREATE TABLE bins (uprn TEXT)")
    with pytest.raises(FileUnreadable):
        verify_log(file)


def test_a_damaged_database_is_found_and_not_a_crash(copy_of: Copies) -> None:
    copy = copy_of()
    whole = copy.database.read_bytes()
    where = whole.index(b"Ynys M") // 4096 * 4096
    copy.database.write_bytes(whole[:where] + bytes(range(256)) * 16 + whole[where + 4096 :])
    assert not check(copy, file_only=True).ok


def test_a_database_with_a_write_ahead_log_is_read_with_it(ready: Place, write: Any, tmp_path: Path) -> None:
    write((3,))
    assert ready.control.with_name("control.sqlite3-wal").stat().st_size
    for name in ("control.sqlite3", "control.sqlite3-wal"):
        shutil.copy(ready.store / name, tmp_path / name)
    assert (verify_log(tmp_path).ok, verify_log(tmp_path).entries) == (True, 3)


def test_a_file_written_to_while_it_is_read_is_read_again(copy_of: Copies) -> None:
    copy, asked = copy_of(), []

    def ask(log: OpenLog) -> int:
        asked.append(log.tables())
        if len(asked) == 1:
            copy.attack("UPDATE audit_head SET at = 'another'")
        return len(asked)

    assert with_file(copy.database, ask) == 2


def test_lines_published_while_the_log_is_checked_are_not_taken_for_missing(copy_of: Copies) -> None:
    copy = copy_of()
    now = read_published(copy.checkpoints)
    then = Published(now.lines[:-1])
    for readings, ok in (([then, now], True), ([then, then], False)):
        reading = iter(readings)
        found = with_file(
            copy.database, lambda log, reading=reading: check_log(log, lambda: next(reading), None)
        )
        assert found.ok is ok
