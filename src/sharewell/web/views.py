"""The pages: the runs, one run, a row's trace. Read only."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.template.loader import get_template
from django.utils.translation import gettext as _
from django.views.static import serve

from sharewell.flows import queries
from sharewell.flows.models import Run
from sharewell.flows.trace import trace_in_run
from sharewell.settings import Place
from sharewell.vocab.errors import SharewellError, TraceNotFound
from sharewell.web import present_run, present_trace
from sharewell.web.door import DOOR, cookie_name, is_inside, nonce_of
from sharewell.web.forms import RowAsked, read_row
from sharewell.web.names import Names

STATIC = Path(__file__).parent / "static"
NEWEST = 100
PLACE: list[Place] = []
"""The place this server shows; set once by ``serve``."""


def enter(request: HttpRequest) -> HttpResponseBase:
    """Let in whoever holds the one-time token, and take it out of the address."""
    is_let_in = request.method == "GET" and DOOR.open(request.GET.get("token", ""))
    if not (is_let_in or is_inside(request)):
        return closed(request)
    response = HttpResponseRedirect("/")
    response.set_cookie(cookie_name(request), DOOR.cookie, httponly=True, samesite="Strict")
    return response


def closed(request: HttpRequest) -> HttpResponse:
    """Say how to be let in."""
    return _page(request, "closed.html", {"title": _("You need the address that sharewell printed")}, 403)


def static(request: HttpRequest, name: str) -> HttpResponseBase:
    """Return the style sheet or the script."""
    return serve(request, name, document_root=str(STATIC))


def runs(request: HttpRequest) -> HttpResponse:
    """List the runs of the place, newest first."""
    lines = [present_run.run_line(run) for run in queries.runs(NEWEST)]
    return _page(request, "runs.html", {"title": _("Runs"), "lines": lines, "full": len(lines) == NEWEST})


def run(request: HttpRequest, run_id: str) -> HttpResponse:
    """Show a run: its facts, its counts, why rows were set aside, what was let out."""
    found, names = _run(run_id), Names(PLACE[0])
    shown = {"title": found.title, "run": found, "facts": present_run.facts(found, names)}
    if not found.report:
        told = {"problem": present_run.problem(found), "ending": present_run.ending(found)}
        return _page(request, "refused.html", {**shown, **told})
    return _page(request, "run.html", {**shown, **_reported(found, names)})


def counts(request: HttpRequest, run_id: str) -> HttpResponse:
    """Return the rows of each list as CSV."""
    header = ["name", "organisation", "rows_in", "kept", "set_aside", "matched_uprn", "people"]
    sources = _run(run_id, finished=True).report["sources"]
    return _csv(header, ([source[name] for name in header] for source in sources))


def reasons(request: HttpRequest, run_id: str) -> HttpResponse:
    """Return why rows were set aside as CSV."""
    totals = present_run.reason_totals(_run(run_id, finished=True).report, Names(PLACE[0]))
    return _csv(["reason", "means", "rows"], totals)


def trace(request: HttpRequest, run_id: str) -> HttpResponse:
    """Show one row's way through a run, without any personal value."""
    found, names = _run(run_id, finished=True), Names(PLACE[0])
    choices = present_run.choices(found.report, names)
    asked = read_row(request.GET, [code for code, _title in choices])
    shown = {
        "run": found,
        "choices": choices,
        "asked": asked,
        "started": present_run.instant(found.started_at),
    }
    if asked.error:
        return _not_traced(request, shown, asked.error, 400)
    try:
        traced = trace_in_run(PLACE[0], found, asked.source, asked.number)
    except SharewellError as error:
        status = 404 if isinstance(error, TraceNotFound) else 503
        return _not_traced(request, shown, f"{error.what} {error.next_step}", status)
    told = {
        "title": present_trace.trace_title(traced, names),
        "outcome": present_trace.trace_outcome(traced),
        "steps": present_trace.trace_steps(traced, names),
    }
    return _page(request, "trace.html", {**shown, **told})


def missing(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Say that there is no such page, and nothing about what there is."""
    return _page(request, "missing.html", {"title": _("Page not found")}, 404)


def refused(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Say that the request itself is wrong."""
    return _page(request, "missing.html", {"title": _("That address cannot be used")}, 400)


def failed(request: HttpRequest) -> HttpResponse:
    """Say that the page could not be made, without detail."""
    return _page(request, "failed.html", {"title": _("This page could not be shown")}, 500)


def _reported(found: Run, names: Names) -> dict[str, Any]:
    report = found.report
    clauses = report.get("clauses", {})
    return {
        "charts": [present_run.counts_chart(found, names), present_run.reasons_chart(found, names)],
        "lists": present_run.lists_read(report, names),
        "released": present_run.released_items(report["fields_released"], clauses, names),
        "withheld": present_run.withheld_items(report, names),
        "unnamed": present_run.unnamed_items(report, names),
        "unnamed_count": present_run.unnamed_count(report),
        "people": present_run.people_left_out(report),
        "choices": present_run.choices(report, names),
        "asked": RowAsked("", ""),
    }


def _not_traced(request: HttpRequest, shown: dict[str, Any], error: str, status: int) -> HttpResponse:
    return _page(request, "trace.html", {**shown, "title": _("Follow one row"), "error": error}, status)


def _run(run_id: str, *, finished: bool = False) -> Run:
    found = queries.run_named(run_id)
    if found is None or (finished and not found.report):
        raise Http404
    return found


def _page(request: HttpRequest, template: str, shown: dict[str, Any], status: int = 200) -> HttpResponse:
    """Return a page. The place's name is for those who were let in."""
    place = PLACE[0].settings.place.name if PLACE and is_inside(request) else ""
    around = {"place": place, "nonce": nonce_of(request)}
    return HttpResponse(get_template(template).render({**around, **shown}, request), status=status)


def _csv(header: Sequence[str], rows: Iterable[Iterable[object]]) -> HttpResponse:
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = "attachment"
    writer = csv.writer(response)
    writer.writerow(header)
    writer.writerows(rows)
    return response
