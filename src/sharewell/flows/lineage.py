"""Follow people whose references have merged since something was written about them."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from typing import TYPE_CHECKING

import pyarrow as pa

from sharewell.people.terms import Event
from sharewell.releases.pseudonyms import PERSON
from sharewell.store.engine import Relation, quoted
from sharewell.store.snapshots import Snapshots

if TYPE_CHECKING:
    from sharewell.flows.actions import Work

EVENTS = "people-events-"


def merged_into(snapshots: Snapshots, operator: str) -> dict[str, str]:
    """Return each reference that merged away, with the reference that stands for it now."""
    steps: dict[str, str] = {}
    tables = [each for each in snapshots.tables() if each.organisation == operator]
    for facts in sorted(tables, key=lambda each: each.created_at):
        if facts.table.startswith(EVENTS):
            merged = snapshots.read(operator, facts.table, equals={"event": Event.MERGED.value})
            for event in merged.to_pylist():
                steps |= {old: event["person"] for old in event["from_persons"] if old != event["person"]}
    return {old: _now(steps, old) for old in steps}


def carried_ledger(run: Work, ledger: Relation | None, key: bytes) -> Relation | None:
    """Return what was delivered, told of people as they are known now.

    Without it, somebody whose references merged in another flow would be sent again under a new reference.
    """
    moved = merged_into(run.snapshots, run.operator) if ledger is not None else {}
    if ledger is None or not moved:
        return ledger
    run.engine.load("ledger_moved", _moves(moved, key))
    return run.engine.create(
        "ledger_carried",
        "SELECT coalesce(now, person) AS person, "
        "CASE WHEN reference = was_reference THEN now_reference ELSE reference END AS reference, "
        f"row_hash, release_id, released_at FROM {quoted(ledger.name)} "
        "LEFT JOIN ledger_moved ON was = person",
    )


def _moves(moved: Mapping[str, str], key: bytes) -> pa.Table:
    return pa.table(
        {
            "was": list(moved),
            "now": list(moved.values()),
            "was_reference": [_reference(each, key) for each in moved],
            "now_reference": [_reference(each, key) for each in moved.values()],
        }
    )


def _reference(person: str, key: bytes) -> str:
    """Return what the gate shows as a person's reference (``releases.pseudonyms``)."""
    return hmac.new(key, f"{PERSON}:{person}".encode(), hashlib.sha256).hexdigest()


def _now(steps: Mapping[str, str], reference: str) -> str:
    """Follow merges to their end; an undone merge may lead back, so no step is taken twice."""
    seen = {reference}
    while (following := steps.get(reference)) is not None and following not in seen:
        seen.add(following)
        reference = following
    return reference
