"""The signed checkpoints outside the database: ``checkpoints.jsonl``, a line each, which any party may keep.

Lines follow the commit that made them. Between the two a file beside it, ``checkpoints.underway``, holds the
number of the last line written, so that a crash there can be told from lines that were taken away.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from sharewell.audit.rules import checkpoint_line, parse_checkpoint
from sharewell.audit.terms import SignedCheckpoint
from sharewell.store.disk import sync_file, writing
from sharewell.vocab.errors import AuditBroken, Where

FILE = "checkpoints.jsonl"
UNDERWAY = "checkpoints.underway"
_TAIL = 16_384


@dataclass(frozen=True)
class Published:
    """What the file holds: its whole lines, whether the last is torn, and where a commit was under way."""

    lines: tuple[str, ...] = ()
    is_torn: bool = False
    underway_after: int | None = None


@dataclass(frozen=True)
class LastLine:
    """The newest checkpoint in the file, None when there is none, and where whole lines end, in bytes."""

    checkpoint: SignedCheckpoint | None
    end: int


def read_published(file: Path) -> Published:
    """Return what the checkpoints file holds; a missing file holds nothing.

    The announcement is read first: a writer that ends in between has then written its lines.
    """
    after = underway_after(file.parent)
    try:
        text = file.read_bytes().decode("utf-8", "replace")
    except FileNotFoundError:
        text = ""
    *lines, rest = text.split("\n")
    return Published(tuple(lines), bool(rest), after)


def underway_after(folder: Path) -> int | None:
    """Return the number of the last line written before a commit that is not published, if there is one."""
    try:
        return int((folder / UNDERWAY).read_text(encoding="ascii"))
    except (FileNotFoundError, ValueError):
        return None


def last_line(folder: Path) -> LastLine:
    """Return the newest checkpoint published. Raises AuditBroken when the last line is not one."""
    try:
        with (folder / FILE).open("rb") as file:
            end = file.seek(0, os.SEEK_END)
            start = file.seek(max(0, end - _TAIL))
            tail = file.read()
    except FileNotFoundError:
        return LastLine(None, 0)
    whole = tail[: tail.rfind(b"\n") + 1]
    if not whole:
        return LastLine(None, start)
    try:
        newest = parse_checkpoint(whole[:-1].rsplit(b"\n", 1)[-1].decode())
    except ValueError:
        raise AuditBroken(
            "The last line of the checkpoints file is not a checkpoint: it has been edited.",
            "Put the file back from a party's copy, then run `sharewell audit verify`.",
            Where(file=FILE),
        ) from None
    return LastLine(newest, start + len(whole))


def announce(folder: Path, last: LastLine) -> None:
    """Say on disk that a commit is under way, before it; does nothing when that is already said.

    Raises DiskFull or FolderReadOnly, and so before anything is committed.
    """
    marker = folder / UNDERWAY
    if marker.exists():
        return
    with writing(UNDERWAY):
        marker.write_text(str(last.checkpoint.number if last.checkpoint else 0), encoding="ascii")
        sync_file(marker)
        sync_file(folder)


def append_lines(folder: Path, last: LastLine, checkpoints: Iterable[SignedCheckpoint]) -> None:
    """Write checkpoints after the last whole line, cutting off a torn one, and let the announcement go."""
    text = "".join(checkpoint_line(checkpoint) + "\n" for checkpoint in checkpoints)
    with writing(FILE):
        with (folder / FILE).open("ab") as file:
            file.truncate(last.end)
            file.write(text.encode())
            file.flush()
            os.fsync(file.fileno())
        sync_file(folder)
        (folder / UNDERWAY).unlink(missing_ok=True)
