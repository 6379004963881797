"""End a run: stage its snapshots, let one transaction make everything count, then hand the release over."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from django.db import transaction

from sharewell.audit.actions import record_many
from sharewell.audit.subjects import ensure_keys, tokens
from sharewell.audit.terms import Event
from sharewell.flows.actions import right_now
from sharewell.flows.fetch import shown_file
from sharewell.flows.link import LinkedPeople
from sharewell.flows.models import Run
from sharewell.flows.prepare import PreparedList
from sharewell.flows.release import Release, ledger_table
from sharewell.flows.settle import remember_layouts
from sharewell.flows.terms import RunReport, RunState, SourceReport
from sharewell.releases.actions import Prepared, audit_details, hand_over
from sharewell.store.engine import Relation, literal, quoted
from sharewell.store.terms import Staged
from sharewell.vocab.step import Step, conserve

if TYPE_CHECKING:
    from sharewell.flows.actions import Work


def finish_run(run: Work, lists: Sequence[PreparedList], people: LinkedPeople, release: Release) -> RunReport:
    """Make the run count, all at once, and hand its release over.

    The transaction is the moment it counts. Before it, nobody can see anything of the run; after it, the
    hand-over is certain: if the machine stops in between, the next run does it first.
    """
    run.tell("keeping snapshots")
    with run.timed("store"):
        keys, named = _subjects(run, release)
        staged = list(_stage(run, lists, people, release, keys, named))
    events = _events(run, lists, people, release, named)
    report = _report(run, lists, people, release, audit_entries=len(events))
    with transaction.atomic():
        run.snapshots.swap(staged)
        record_many(events, key=run.keys.log_key())
        _commit(run, release, report)
    hand_over(release.prepared)
    mine = Run.objects.filter(pk=run.id)
    mine.update(state=RunState.FINISHED, finished_at=right_now())
    told = remember_layouts(run, lists, report)
    if told != report:
        mine.update(report=told.as_dict())
    return told


def report_only(
    run: Work, lists: Sequence[PreparedList], people: LinkedPeople, release: Release
) -> RunReport:
    """Return what a run would do, and keep nothing of it."""
    return _report(run, lists, people, release, audit_entries=0)


def source_table(source: str, what: str) -> str:
    """Return the name of a source's table: its ``records``, ``set-aside`` rows or ``changes``."""
    return f"{source}-{what}"


def _stage(
    run: Work,
    lists: Sequence[PreparedList],
    people: LinkedPeople,
    release: Release,
    keys: Relation,
    named: Relation,
) -> Iterator[Staged]:
    """Write every table of the run as a snapshot that nobody can see yet."""
    for item in lists:
        tables = {
            "records": release.records[item.spec.name],
            "set-aside": item.set_aside,
            "changes": item.changes,
        }
        for what, rows in tables.items():
            table = source_table(item.spec.name, what)
            yield run.snapshots.stage(rows, item.organisation, table, as_of=item.as_of, run=run.id)
    prepared = release.prepared
    held = {
        "members": people.members,
        f"people-events-{run.id}": people.events,
        ledger_table(run.flow): prepared.ledger,
        f"outcomes-{run.flow.id}": prepared.outcomes,
        "subject-keys": keys,
        f"subjects-{run.id}": named,
    }
    for table, rows in held.items():
        yield run.snapshots.stage(rows, run.operator, table, as_of=run.today, run=run.id)


def _subjects(run: Work, release: Release) -> tuple[Relation, Relation]:
    """Return every person's token key, new ones included, and the tokens of those in this release."""
    subjects = release.prepared.subjects
    held = run.load_held("subject-keys", "held_subject_keys")
    keys = ensure_keys(subjects, held, run.engine, "subject_keys")
    named = tokens(subjects, keys, run.engine, "subject_tokens")
    only = run.engine.create("subjects_named", f"SELECT token FROM {quoted(named.name)} ORDER BY token")
    return keys, only


def _events(
    run: Work, lists: Sequence[PreparedList], people: LinkedPeople, release: Release, named: Relation
) -> list[Event]:
    """Return what the log is to say: each list read, people linked, and what left or that nothing did."""
    linked = {"records": people.members.count(), "people": _people(run, people)}
    return [
        *(_event(run, "list.read", _list_details(item)) for item in lists),
        _event(run, "people.linked", linked),
        _release_event(run, release.prepared, named),
    ]


def _event(run: Work, action: str, details: Mapping[str, object]) -> Event:
    return Event(by=run.by, action=action, at=run.at, run=run.id, details=details)


def _release_event(run: Work, prepared: Prepared, named: Relation) -> Event:
    is_new = prepared.release_id is not None
    event = _event(run, "release.handed_over" if is_new else "release.nothing_new", audit_details(prepared))
    subjects = named.arrow()["token"] if is_new else ()
    return replace(event, agreement=run.flow.agreement, recipient=prepared.recipient, subjects=subjects)


def _list_details(item: PreparedList) -> Mapping[str, object]:
    return {
        "source": item.spec.name,
        "organisation": item.organisation,
        "sha256": item.facts.sha256,
        "rows_in": item.facts.records,
        "kept": item.facts.records - item.set_aside.count(),
        "set_aside": item.set_aside.count(),
    }


def _commit(run: Work, release: Release, report: RunReport) -> None:
    prepared, folder = release.prepared, run.place.folder
    is_new = prepared.staged is not None and prepared.final is not None
    Run.objects.filter(pk=run.id).update(
        state=RunState.COMMITTED if is_new else RunState.FINISHED,
        recipient=prepared.recipient,
        release_id=prepared.release_id or "",
        staging=str(prepared.staged.relative_to(folder)) if prepared.staged else "",
        final=str(prepared.final.relative_to(folder)) if prepared.final else "",
        report=report.as_dict(),
    )


def _report(
    run: Work,
    lists: Sequence[PreparedList],
    people: LinkedPeople,
    release: Release,
    *,
    audit_entries: int,
) -> RunReport:
    prepared, flow = release.prepared, run.flow
    went_to = prepared.final.relative_to(run.place.folder) if prepared.final else None
    return RunReport(
        run=run.id,
        flow=flow.id,
        title=flow.title,
        agreement=flow.agreement,
        recipient=prepared.recipient,
        role=flow.to.role,
        level=flow.to.level,
        as_of=run.today.isoformat(),
        sources=tuple(_source_report(run, item, release) for item in lists),
        people=_people(run, people),
        fields_released=prepared.fields_released,
        fields_withheld=dict(prepared.fields_withheld),
        clauses=_clauses(prepared),
        ledger=ledger_table(flow),
        released=prepared.released,
        released_new=prepared.released_new,
        withheld_people=dict(prepared.withheld),
        went_to=str(went_to) if went_to and not run.is_dry_run else None,
        release_id=prepared.release_id,
        audit_entries=audit_entries,
        seconds=dict(run.seconds),
        peak_mb={step: round(peak) for step, peak in run.peak_mb.items()},
        is_dry_run=run.is_dry_run,
    )


def _clauses(prepared: Prepared) -> dict[str, str]:
    """Return the clause and the form of each field that leaves."""
    return {
        f"{held.dataset}.{item.field}": f"{item.clause}, {item.form}"
        for held in prepared.decision.datasets
        for item in held.shown
    }


def _people(run: Work, people: LinkedPeople) -> int:
    return _number(
        run,
        f"SELECT count(DISTINCT person) AS n FROM {quoted(people.members.name)} "
        f"WHERE run = {literal(run.id)}",
    )


def _source_report(run: Work, item: PreparedList, release: Release) -> SourceReport:
    records = release.records[item.spec.name]
    _require_every_row(item, records)
    [counts] = run.engine.fetch(
        "SELECT count(*) AS kept, count(*) FILTER (place_answer = 'unit') AS units, "
        "count(*) FILTER (place_answer = 'building') AS buildings, "
        f"count(DISTINCT person) AS people FROM {quoted(records.name)}"
    ).to_pylist()
    return SourceReport(
        name=item.spec.name,
        organisation=item.organisation,
        file=shown_file(item.spec.file),
        sha256=item.facts.sha256,
        rows_in=item.facts.records,
        kept=counts["kept"],
        set_aside=item.set_aside.count(),
        reasons=_tally(run, f"SELECT unnest(reasons) AS code FROM {quoted(item.set_aside.name)}"),
        changed_cells=_tally(run, f"SELECT rule AS code FROM {quoted(item.changes.name)}"),
        matched_uprn=counts["units"],
        matched_building=counts["buildings"],
        people=counts["people"],
        notes=item.notes,
    )


def _require_every_row(item: PreparedList, records: Relation) -> None:
    """Refuse when matching or linking lost or made a row: rows in is kept plus set aside, to the end."""
    conserve(Step(records, item.set_aside), item.facts.records, "places and people", item.spec.name)


def _tally(run: Work, query: str) -> dict[str, int]:
    """Return how often each code comes, most frequent first."""
    rows = run.engine.fetch(
        f"SELECT code, count(*) AS n FROM ({query}) GROUP BY code ORDER BY n DESC, code"
    ).to_pylist()
    return {row["code"]: row["n"] for row in rows}


def _number(run: Work, query: str) -> int:
    [row] = run.engine.fetch(query).to_pylist()
    return int(row["n"])
