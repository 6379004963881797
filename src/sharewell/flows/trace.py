"""Follow one row from its file to a recipient, from what the runs kept."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pyarrow.compute as pc
from django.db import transaction

from sharewell.audit.actions import record
from sharewell.audit.queries import verify_place
from sharewell.cleaning.rules import RULES
from sharewell.flows.actions import right_now
from sharewell.flows.fetch import reported_file
from sharewell.flows.finish import source_table
from sharewell.flows.models import Run
from sharewell.flows.queries import is_file, runs_of_file
from sharewell.flows.terms import ChangedCell, RunReport, Trace
from sharewell.settings import Place
from sharewell.store.control import open_control_plane
from sharewell.store.keys import KeyRing
from sharewell.store.snapshots import Snapshots
from sharewell.vocab.errors import SnapshotMissing, TraceNotFound, Where

Row = Mapping[str, Any]
HIDDEN = {"raw"}
ADDED = (
    "place_",
    "as_of",
    "objected",
    "protected",
    "match_weight",
    "linked_by",
    "record_key",
    "person",
    "line",
)


def trace_row(place: Place, file: str, row: int, *, show: bool, by: str) -> list[Trace]:
    """Return the row's way through the newest run of each flow that read the file.

    ``row`` counts records after the header from 1. With ``show`` the values are there too, and that somebody
    looked is written to the audit log. Raises TraceNotFound.
    """
    file = reported_file(file)
    open_control_plane(place)
    newest = {run.flow: run for run in reversed(runs_of_file(file))}
    if not newest:
        raise TraceNotFound(
            "No finished run has read a file of that name.",
            "Name it as the flow does, such as inbox/bins.csv, and look with `sharewell serve` at the runs.",
            Where(file=file.rpartition("/")[2], row=row),
        )
    if show:
        _record_look(place, file, row, by)
    return [
        _Tracer(place, run, source, row, show).trace()
        for run in newest.values()
        for source in run.report["sources"]
        if is_file(source["file"], file)
    ]


def trace_in_run(place: Place, run: Run, source: str, row: int) -> Trace:
    """Return the row's way through one run, without any value."""
    for each in run.report.get("sources", []):
        if each["name"] == source:
            return _Tracer(place, run, each, row, False).trace()
    raise TraceNotFound("The run has no list of that name.", "Choose one of its lists.")


def trace_one_released(place: Place, report: RunReport) -> Trace | None:
    """Return the trace of a row of the run's first list that led to a release, if any did.

    A row whose person has records in other lists too is chosen before others: there is more to see.
    """
    open_control_plane(place)
    run, source = Run.objects.get(pk=report.run), report.sources[0]
    snapshots = Snapshots(place, KeyRing.open(place))
    operator = place.operator
    released = snapshots.read(operator, f"outcomes-{report.flow}", equals={"outcome": "released"})
    members = snapshots.read(operator, "members", ["source", "source_row", "person"])
    members = members.filter(pc.is_in(members["person"], released["person"]))
    records = members.group_by("person").aggregate([("person", "count")])
    rows = members.join(records, "person").filter(pc.field("source") == source.name)
    if rows.num_rows == 0:
        return None
    most = rows.sort_by([("person_count", "descending"), ("source_row", "ascending")])
    return trace_in_run(place, run, source.name, int(most["source_row"][0].as_py()))


def _record_look(place: Place, file: str, row: int, by: str) -> None:
    with transaction.atomic():
        record(
            by=by,
            action="trace.shown",
            details={"file": file.rpartition("/")[2], "row": row},
            at=right_now(),
            key=KeyRing.open(place).log_key(),
        )


@dataclass(frozen=True)
class _Tracer:
    """One row of one source in one run."""

    place: Place
    run: Run
    source: Mapping[str, Any]
    row: int
    show: bool

    def trace(self) -> Trace:
        found = {
            "file": self.source["file"],
            "row": self.row,
            "run": self.run.pk,
            "flow": self.run.flow,
            "source": self.source["name"],
            "organisation": self.source["organisation"],
        }
        aside = self.rows("set-aside")
        if aside:
            raw = {"raw": aside[0]["raw"]} if self.show else None
            return Trace(**found, outcome="set_aside", set_aside=tuple(aside[0]["reasons"]), record=raw)
        held = self.rows("records")
        if not held:
            raise self.not_found()
        return self.kept(found, held[0])

    def not_found(self) -> TraceNotFound:
        """Return the refusal for a row that the file never had, or whose record has been erased since."""
        rows, where = self.source["rows_in"], Where(file=self.source["file"].rpartition("/")[2], row=self.row)
        if self.row <= rows:
            return TraceNotFound(
                "The record of that row is not kept any more.",
                "It was erased after the run; the audit log says when and by whom.",
                where,
            )
        return TraceNotFound(
            "The file has no record of that number.",
            f"It has {rows:,} records; they count from 1 after the header.",
            where,
        )

    def kept(self, found: Mapping[str, Any], held: Row) -> Trace:
        outcome = self.outcome(held["person"])
        is_released = outcome.get("outcome") == "released"
        delivery = self.delivery(held["person"]) if is_released else None
        return Trace(
            **found,
            outcome="released" if is_released else "withheld" if outcome else "not_asked_for",
            changes=tuple(self.changes()),
            place=self.matched(held),
            link=self.link(held),
            decision=self.decision(outcome),
            delivery=delivery,
            audit=self.audit(held["person"], delivery),
            record=self.values(held) if self.show else None,
        )

    @property
    def snapshots(self) -> Snapshots:
        return Snapshots(self.place, KeyRing.open(self.place))

    @property
    def operator(self) -> str:
        return self.place.operator

    def rows(self, what: str) -> list[Row]:
        """Return the row's own rows of a table of its list, of this run or of a run that read the same file.

        Raises TraceNotFound where neither is kept any more: another file's row of that number is another row.
        """
        organisation, table = self.source["organisation"], source_table(self.source["name"], what)
        live = [each for each in self.snapshots.history(organisation, table) if not each.destroyed_at]
        found = next((each for each in live if each.run == self.run.pk), None)
        found = found or next((each for each in live if self.is_same_file(each.run)), None)
        if found is None:
            raise TraceNotFound(
                "The rows of this run are not kept any more.",
                "Follow the row in a newer run, or keep more with `keep_snapshots` in sharewell.toml.",
                Where(file=self.source["file"].rpartition("/")[2], row=self.row),
            )
        equals = {"source_row": self.row}
        return list(self.snapshots.read(organisation, table, equals=equals, snapshot=found.id).to_pylist())

    def is_same_file(self, run_id: str) -> bool:
        """Return whether another run read the very same bytes for this list."""
        run = Run.objects.filter(pk=run_id).first()
        read = (run.report or {}).get("sources", []) if run else []
        return any(
            each["name"] == self.source["name"] and each["sha256"] == self.source["sha256"] for each in read
        )

    def held(self, organisation: str, table: str, equals: Mapping[str, str | int]) -> list[Row]:
        """Return the rows this run wrote where they are kept still, else those of the newest run."""
        history = self.snapshots.history(organisation, table)
        own = next((each.id for each in history if each.run == self.run.pk and not each.destroyed_at), None)
        try:
            return list(self.snapshots.read(organisation, table, equals=equals, snapshot=own).to_pylist())
        except SnapshotMissing:
            return []

    def changes(self) -> Iterator[ChangedCell]:
        for change in self.rows("changes"):
            yield ChangedCell(
                column=change["column"],
                rule=change["rule"],
                why=_why(change["rule"]),
                verdict=change["verdict"],
                before=change["before"] if self.show else None,
                after=change["after"] if self.show else None,
            )

    def matched(self, held: Row) -> Mapping[str, Any]:
        return {
            "answer": held["place_answer"],
            "probability": held["place_probability"],
            "evidence": held["place_evidence"],
            **({"uprn": held["place_uprn"]} if self.show else {}),
        }

    def link(self, held: Row) -> Mapping[str, Any]:
        members = self.held(self.operator, "members", {"person": held["person"]})
        return {
            "person": held["person"],
            "records_of_this_person": len(members),
            "linked_by": held["linked_by"] or "nothing: no other record was found",
            "strength": None if held["match_weight"] is None else f"{held['match_weight']:.1f} bits",
        }

    def outcome(self, person: str) -> Row:
        rows = self.held(self.operator, f"outcomes-{self.run.flow}", {"person": person})
        return rows[0] if rows else {}

    def decision(self, outcome: Row) -> Mapping[str, Any] | None:
        if not outcome:
            return None
        return {
            "agreement": self.run.agreement,
            "answer": outcome["outcome"],
            "reason": outcome["reason"],
            "clause": outcome["clause"],
            "fields_released": self.fields() if outcome["outcome"] == "released" else None,
        }

    def fields(self) -> Mapping[str, str]:
        """Return the clause and form of each released field; older runs kept names only."""
        report = self.run.report
        return report.get("clauses") or dict.fromkeys(report["fields_released"], "")

    def delivery(self, person: str) -> Mapping[str, Any] | None:
        rows = self.held(self.operator, self.run.report["ledger"], {"person": person})
        if not rows:
            return None
        newest = max(rows, key=lambda each: str(each["released_at"]))
        at = newest["released_at"]
        return {
            "recipient": self.run.recipient,
            "release": newest["release_id"],
            "handed_over": at.isoformat() if isinstance(at, datetime) else at,
            "folder": f"outbox/{self.run.recipient}/{self.run.flow}/{newest['release_id']}",
        }

    def audit(self, person: str, delivery: Mapping[str, Any] | None) -> Mapping[str, Any]:
        """Return whether the log is whole, and whether it names the person's token in the release."""
        verified = verify_place(self.place)
        shown: dict[str, Any] = {"log_is_whole": verified.ok, "entries_verified": verified.entries}
        if delivery is not None:
            shown["release_names_this_person"] = self.is_subject(person, delivery["release"])
        return shown

    def is_subject(self, person: str, release: str) -> bool:
        """Return whether the person's keyed token is among those of the run that made the release."""
        run = Run.objects.filter(flow=self.run.flow, release_id=release).first()
        keys = self.held(self.operator, "subject-keys", {"person": person})
        if run is None or not keys:
            return False
        token = hashlib.sha256(keys[0]["key"] + person.encode()).hexdigest()
        return bool(self.held(self.operator, f"subjects-{run.pk}", {"token": token}))

    def values(self, held: Row) -> Mapping[str, str]:
        return {
            name: str(value)
            for name, value in held.items()
            if value is not None and not name.startswith(ADDED) and name not in HIDDEN
        }


def _why(rule: str) -> str:
    """Return the sentences of a rule, or of several that were used one after another."""
    return " ".join(RULES.get(part, part) for part in rule.split("+"))
