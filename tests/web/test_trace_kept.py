"""A row's trace is of the file that its run read, or it is refused."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import pytest
from pytest_django.plugin import DjangoDbBlocker

from sharewell.flows.models import Run
from sharewell.flows.trace import trace_in_run
from sharewell.settings import Place
from sharewell.store.control import close_control_plane, open_control_plane
from sharewell.vocab.errors import TraceNotFound


@pytest.fixture
def older(run_town: Place, django_db_blocker: DjangoDbBlocker) -> Iterator[Run]:
    """A run like one of the town's, whose own snapshots are gone."""
    with django_db_blocker.unblock():
        open_control_plane(run_town)
        run = Run.objects.get(flow="over-75-alone", state="finished")
        run.pk, run.report = "older", copy.deepcopy(run.report)
        yield run
        close_control_plane()


def _source(run: Run) -> dict[str, Any]:
    source: dict[str, Any] = run.report["sources"][0]
    return source


def test_the_rows_of_a_newer_run_stand_for_an_older_one_that_read_the_same_file(run_town: Place, older: Run):
    assert trace_in_run(run_town, older, _source(older)["name"], 3).row == 3


def test_the_rows_of_another_file_never_do(run_town: Place, older: Run):
    _source(older)["sha256"] = "0" * 64
    with pytest.raises(TraceNotFound, match="not kept any more"):
        trace_in_run(run_town, older, _source(older)["name"], 3)


def test_a_record_that_was_erased_is_not_said_never_to_have_been(run_town: Place, older: Run):
    _source(older)["rows_in"] += 1
    with pytest.raises(TraceNotFound, match="The record of that row is not kept any more"):
        trace_in_run(run_town, older, _source(older)["name"], _source(older)["rows_in"])


def test_a_run_of_before_clauses_were_kept_still_names_what_it_let_out(run_town: Place, older: Run):
    del older.report["clauses"]
    traces = (trace_in_run(run_town, older, _source(older)["name"], row) for row in range(1, 300))
    released = next(trace for trace in traces if trace.outcome == "released")
    assert released.decision
    assert list(released.decision["fields_released"]) == older.report["fields_released"]
