"""Hold the signed checkpoints against each other, the entries as they are read, and the published file."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from sharewell.audit.merkle import Frontier
from sharewell.audit.publish import Published
from sharewell.audit.rules import GENESIS, checkpoint_line, parse_checkpoint
from sharewell.audit.seal import is_sealed
from sharewell.audit.terms import Problem, ProblemKind, SignedCheckpoint

MOST_PROBLEMS = 100
NONE_DUE = -1
_OF_ENTRIES = (
    ProblemKind.ENTRY_EDITED,
    ProblemKind.ENTRY_MISSING,
    ProblemKind.ENTRY_INSERTED,
    ProblemKind.ENTRY_UNLINKED,
)


@dataclass
class Findings:
    """What has been found so far, kept to a number a person can read."""

    problems: list[Problem] = field(default_factory=list)
    has_wrong_entry: bool = False
    has_wrong_root: bool = False

    def add(self, kind: ProblemKind, sequence: int | None, words: str) -> None:
        """Keep one more problem."""
        self.has_wrong_entry |= kind in _OF_ENTRIES
        if len(self.problems) < MOST_PROBLEMS:
            self.problems.append(Problem(kind, sequence, words))
        elif len(self.problems) == MOST_PROBLEMS:
            self.problems.append(Problem(ProblemKind.MORE, None, "There are more problems than these."))

    def add_wrong_root(self, checkpoint: SignedCheckpoint) -> None:
        """Say, once, that entries are not those that were signed, unless a wrong entry already says so."""
        if not self.has_wrong_entry and not self.has_wrong_root:
            self.add(
                ProblemKind.LOG_REWRITTEN,
                checkpoint.size,
                f"The first {checkpoint.size} entries are not those signed at {checkpoint.at}: "
                "they were written anew, hashes included.",
            )
        self.has_wrong_root = True


class FileCheck:
    """Holds the published lines against the database's checkpoints. Without a file it finds nothing.

    ``may_lag`` is for a party's copy, which ends where it was taken; ``again`` reads the file once more,
    since a writer may publish between the reading of the file and that of the database.
    """

    def __init__(
        self, again: Callable[[], Published] | None, findings: Findings, *, may_lag: bool = False
    ) -> None:
        self._again = again
        self._published = again() if again else Published()
        self._findings = findings
        self._may_lag = may_lag
        self._differs = False

    @property
    def key(self) -> str | None:
        """Return the public key of the first line, the log's first word about itself."""
        first = _parsed(self._published.lines[0]) if self._published.lines else None
        return first.public_key if first else None

    def hold(self, number: int, line: str) -> None:
        """Hold the published line of that number against the database's."""
        lines = self._published.lines
        if not self._differs and 0 < number <= len(lines) and lines[number - 1] != line:
            self._say_why(number)

    def finish(self, last: int) -> None:
        """Hold the number of lines against the database's last checkpoint."""
        if self._again is None or self._differs:
            return
        if len(self._published.lines) > last:
            self._say_why(last + 1)
        elif not _is_settled(self._published, last, self._may_lag) and not _is_settled(
            self._again(), last, self._may_lag
        ):
            self._findings.add(
                ProblemKind.FILE_BEHIND,
                None,
                f"The checkpoints file stops at line {len(self._published.lines)} and the log has {last} "
                "checkpoints: lines were taken from the file.",
            )

    def _say_why(self, number: int) -> None:
        self._differs = True
        found = _parsed(self._published.lines[number - 1])
        if found is None or found.number != number or not is_sealed(found):
            self._findings.add(
                ProblemKind.FILE_EDITED,
                None,
                f"Line {number} of the checkpoints file is not checkpoint {number} as it was signed.",
            )
            return
        self._findings.add(
            ProblemKind.FILE_AHEAD,
            found.size,
            f"Line {number} of the checkpoints file, signed at {found.at}, says {found.size} entries that "
            "the database does not hold so: it was cut, set back to an older copy, or written anew.",
        )


class CheckpointWalk:
    """Walks the database's checkpoints beside the entries; ``due`` is the size at which the next is met."""

    def __init__(self, rows: Iterator[Sequence[Any]], file: FileCheck, findings: Findings) -> None:
        self._rows = rows
        self._file = file
        self._findings = findings
        self._line_digest: str | None = GENESIS
        self._next: SignedCheckpoint | None = None
        self.last: SignedCheckpoint | None = None
        self.due = NONE_DUE
        self._advance()

    @property
    def last_number(self) -> int:
        """Return the number of the last checkpoint read, 0 when there is none."""
        return self.last.number if self.last else 0

    def meet(self, frontier: Frontier, chain: str) -> int:
        """Hold the entries so far against the checkpoint due, and return the size of the next."""
        met = self._next
        if met and (met.root != frontier.root().hex() or met.chain != chain):
            self._findings.add_wrong_root(met)
        self._advance()
        return self.due

    def finish(self) -> None:
        """Read the checkpoints that no entry reached."""
        while self.due != NONE_DUE:
            self._advance()
        self._file.finish(self.last_number)

    def _advance(self) -> None:
        for row in self._rows:
            found, before = SignedCheckpoint(*row), self.last
            if not is_plain(found):
                self._say_edited(found.number)
                self._line_digest = None
                continue
            self._link(found)
            self.last = found
            if before is None or found.size > before.size:
                self._next, self.due = found, found.size
                return
            self._say_edited(found.number)
        self._next, self.due = None, NONE_DUE

    def _link(self, found: SignedCheckpoint) -> None:
        line = checkpoint_line(found)
        self._file.hold(found.number, line)
        expected = self.last_number + 1
        if self._line_digest is not None:
            if found.number != expected:
                self._say_missing(expected, found.number)
            elif found.previous != self._line_digest:
                self._say_edited(expected - 1 if self.last and not is_sealed(self.last) else expected)
        self._line_digest = sha256(line.encode()).hexdigest()

    def _say_edited(self, number: object) -> None:
        known = number if isinstance(number, int) else "of no number"
        self._findings.add(
            ProblemKind.CHECKPOINT_EDITED,
            None,
            f"Checkpoint {known} in the database is not as it was signed.",
        )

    def _say_missing(self, expected: int, number: int) -> None:
        self._findings.add(
            ProblemKind.CHECKPOINT_MISSING,
            None,
            f"Checkpoint {expected} is missing from the database: the next one there is {number}.",
        )


def is_plain(found: SignedCheckpoint) -> bool:
    """Return whether every value has the type it was written with."""
    whole = type(found.number) is int and type(found.size) is int
    texts = (found.root, found.chain, found.at, found.previous, found.public_key, found.signature)
    return whole and all(type(text) is str for text in texts)


def _parsed(line: str) -> SignedCheckpoint | None:
    try:
        return parse_checkpoint(line)
    except ValueError:
        return None


def _is_settled(published: Published, last: int, may_lag: bool) -> bool:
    """Return whether the file ends where it may: at the log's end, or where a commit was under way."""
    lines, after = len(published.lines), published.underway_after
    is_underway = after is not None and after <= lines
    return is_underway or (not published.is_torn and (may_lag or lines >= last))
