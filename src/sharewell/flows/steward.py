"""A steward's verbs over a place: undo a merge for good, with who and why in the audit log."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

import pyarrow as pa
import pyarrow.compute as pc
from django.db import transaction

from sharewell.audit.actions import record
from sharewell.flows.actions import Clock, recover_runs, right_now
from sharewell.people.actions import undo_merge
from sharewell.people.terms import Event
from sharewell.settings import Place
from sharewell.store.control import close_control_plane, open_control_plane
from sharewell.store.duckdb import DuckDB
from sharewell.store.keys import KeyRing
from sharewell.store.lock import only_run
from sharewell.store.snapshots import Snapshots
from sharewell.vocab.errors import PersonUnknown

DECISIONS, MEMBERS = "person-decisions", "members"


@dataclass(frozen=True)
class Parted:
    """What undoing a merge did: the references there are now, and how many records have them."""

    person: str
    run: str
    people: tuple[str, ...]
    records: int


@dataclass(frozen=True)
class _Desk:
    """A place held for one decision."""

    place: Place
    keys: KeyRing
    snapshots: Snapshots
    by: str
    at: datetime

    @property
    def operator(self) -> str:
        return self.place.operator

    def held(self, table: str) -> pa.Table | None:
        return self.snapshots.held(self.operator, table)

    def keep(
        self, tables: Mapping[str, pa.Table], run: str, action: str, details: Mapping[str, object]
    ) -> None:
        """Make the tables current and write the entry, all at once."""
        engine = DuckDB()
        staged = [
            self.snapshots.stage(engine.load(name, rows), self.operator, name, as_of=self.at.date(), run=run)
            for name, rows in tables.items()
        ]
        engine.close()
        with transaction.atomic():
            self.snapshots.swap(staged)
            record(by=self.by, action=action, details=details, at=self.at, run=run, key=self.keys.log_key())


def merges(place: Place) -> list[dict[str, str]]:
    """Return every merge still on record: the person, the run and when, oldest first."""
    open_control_plane(place)
    desk = _desk(place, "", right_now())
    found: list[dict[str, str]] = []
    for facts in desk.snapshots.tables():
        if facts.organisation == desk.operator and facts.table.startswith("people-events-"):
            rows = desk.snapshots.read(facts.organisation, facts.table)
            joined = rows.filter(pc.field("event") == Event.MERGED.value)
            found += [
                {"person": each["person"], "run": each["run"], "at": str(each["at"])}
                for each in joined.to_pylist()
            ]
    close_control_plane()
    return sorted(found, key=lambda each: each["at"])


def undo_merge_in(
    place: Place, person: str, run: str, *, by: str, reason: str, clock: Clock = right_now
) -> Parted:
    """Give the records of a merged person the references they had before the run, for good.

    Raises PersonUnknown when that run merged nobody into that person, RunInProgress while a run works.
    """
    with _held_desk(place, by, clock()) as desk:
        members, events = desk.held(MEMBERS), desk.held(f"people-events-{run}")
        if members is None or events is None:
            raise PersonUnknown("No run of that id has linked people here.", "See `sharewell people merges`.")
        undone = undo_merge(
            desk.held(DECISIONS), members, events, person, run=run, by=by, at=desk.at, reason=reason
        )
        moved = undone.members.filter(_is(members, person))
        people = tuple(sorted(str(each) for each in pc.unique(moved["person"]).to_pylist()))
        details = {"people": len(people), "records": moved.num_rows, "undone_run": run}
        desk.keep({MEMBERS: undone.members, DECISIONS: undone.decisions}, run, "merge.undone", details)
    return Parted(person, run, people, moved.num_rows)


def _is(members: pa.Table, person: str) -> pa.BooleanArray:
    return pc.is_in(members["person"], pa.array([person]))


def _desk(place: Place, by: str, at: datetime) -> _Desk:
    keys = KeyRing.open(place)
    return _Desk(place, keys, Snapshots(place, keys), by, at)


@contextmanager
def _held_desk(place: Place, by: str, at: datetime) -> Iterator[_Desk]:
    open_control_plane(place)
    with only_run(place):
        recover_runs(place)
        yield _desk(place, by, at)
    close_control_plane()
