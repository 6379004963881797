"""Hand the linked lists to the gate, and keep what it prepared."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sharewell.agreements.terms import Agreement
from sharewell.flows import household
from sharewell.flows.lineage import carried_ledger
from sharewell.flows.link import LinkedPeople, with_person
from sharewell.flows.prepare import PreparedList
from sharewell.flows.terms import Flow
from sharewell.releases.actions import Prepared, ReleaseRequest, prepare_release
from sharewell.releases.terms import Dataset, PeopleRule
from sharewell.store.engine import Relation

if TYPE_CHECKING:
    from sharewell.flows.actions import Work


@dataclass(frozen=True)
class Release:
    """What the gate prepared, and the linked rows of each list by source name."""

    prepared: Prepared
    records: Mapping[str, Relation]


def release_people(
    run: Work, agreement: Agreement, lists: Sequence[PreparedList], people: LinkedPeople
) -> Release:
    """Let the gate decide, compile and stage what is new; nothing leaves yet."""
    run.tell("asking the gate")
    with run.timed("releases"):
        records = {item.spec.name: with_person(run, item, people) for item in lists}
        request = _request(run, agreement, _datasets(run, lists, people, records))
        return Release(prepare_release(request, run.engine), records)


def _request(run: Work, agreement: Agreement, datasets: Mapping[str, Dataset]) -> ReleaseRequest:
    """Return what the flow asks of the gate, with what was delivered before."""
    flow, key = run.flow, run.keys.agreement_key(agreement.id)
    held = run.load_held(ledger_table(flow), "held_ledger")
    return ReleaseRequest(
        flow=flow.id,
        agreement=agreement,
        party=flow.to.party,
        role=flow.to.role,
        level=flow.to.level,
        recipient=run.organisation(flow.to.party),
        datasets=datasets,
        people=PeopleRule(flow.people.in_all, flow.people.not_in),
        as_of=run.today,
        at=run.at,
        key=key,
        staging=run.staging,
        outbox=run.place.outbox,
        asked=asked(flow.fields),
        ledger=carried_ledger(run, held, key),
    )


def ledger_table(flow: Flow) -> str:
    """Return the name of the table that remembers what a flow has delivered, to whom and under what."""
    to = flow.to
    told = json.dumps([flow.agreement, to.party, to.role, to.level])
    return f"ledger-{flow.id}-{hashlib.sha256(told.encode()).hexdigest()[:12]}"


def asked(fields: Sequence[str]) -> Mapping[str, Sequence[str]]:
    """Return the fields a flow asks for (``dataset.field``) by dataset."""
    wanted: dict[str, list[str]] = {}
    for item in fields:
        dataset, _, name = item.partition(".")
        wanted.setdefault(dataset, []).append(name)
    return wanted


def _datasets(
    run: Work, lists: Sequence[PreparedList], people: LinkedPeople, records: Mapping[str, Relation]
) -> Mapping[str, Dataset]:
    to = run.flow.to.party
    datasets = {
        item.spec.dataset: Dataset(
            item.spec.dataset, records[item.spec.name], item.standard, own=item.spec.party == to
        )
        for item in lists
    }
    if household.NAME in run.standards:
        relation = household.household_dataset(run, people)
        datasets[household.NAME] = Dataset(household.NAME, relation, household.STANDARD)
    return datasets
