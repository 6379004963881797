"""The contents page: what a flow does, in order, from its sources to its recipient."""

from __future__ import annotations

from pathlib import Path

from sharewell.flows.actions import Clock, Tell, opened_run, right_now, silently
from sharewell.flows.fetch import fetch_lists
from sharewell.flows.finish import finish_run, report_only
from sharewell.flows.link import link_lists
from sharewell.flows.permit import permitted
from sharewell.flows.prepare import prepare_list, read_gazetteer
from sharewell.flows.read import read_flow
from sharewell.flows.release import release_people
from sharewell.flows.terms import RunReport
from sharewell.settings import Place
from sharewell.store.lock import only_run


def run_flow(
    path: Path,
    place: Place,
    *,
    by: str,
    is_dry_run: bool = False,
    clock: Clock = right_now,
    tell: Tell = silently,
) -> RunReport:
    """Carry a flow from its sources to its recipient, and return what was done, in counts.

    Nothing is visible to anyone until the end, when the audit entries, the new snapshots and the run's state
    change in one transaction; a run that is killed leaves what was there before. Each step returns
    ``Step(kept, set_aside, notes)`` and rows in is always rows kept plus rows set aside.

    Raises the refusal of whichever step refuses; a refusal is itself written to the audit log.
    """
    flow = read_flow(path)
    with only_run(place), opened_run(place, flow, by=by, clock=clock, tell=tell, dry=is_dry_run) as run:
        agreement = permitted(run)  # agreements: refuse before a byte of a list is read
        fetch_lists(run)  # sources: what lies in a database or on a server
        gazetteer = read_gazetteer(run)
        lists = [prepare_list(run, source, gazetteer) for source in flow.sources]  # sources, cleaning, places
        people = link_lists(run, lists, gazetteer)  # people
        release = release_people(
            run, agreement, lists, people
        )  # releases: rows, fields, forms, small numbers
        if is_dry_run:
            return report_only(run, lists, people, release)
        return finish_run(run, lists, people, release)  # audit, snapshots swapped, handed over
