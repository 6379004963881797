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
from sharewell.vocab.errors import SharewellError
from sharewell.web import present
from sharewell.web.guard import COOKIE, DOOR

STATIC = Path(__file__).parent / "static"
PLACE: list[Place] = []
"""The place this server shows; set once by ``serve``."""


def enter(request: HttpRequest) -> HttpResponseBase:
    """Let in whoever holds the one-time token, and take it out of the address."""
    if not DOOR.open(request.GET.get("token", "")):
        return closed(request)
    response = HttpResponseRedirect("/")
    response.set_cookie(COOKIE, DOOR.cookie, httponly=True, samesite="Strict")
    return response


def closed(request: HttpRequest) -> HttpResponse:
    """Say how to be let in."""
    return _page(request, "closed.html", {"title": _("You need the address that sharewell printed")}, 403)


def static(request: HttpRequest, name: str) -> HttpResponseBase:
    """Return the style sheet or the script."""
    return serve(request, name, document_root=str(STATIC))


def runs(request: HttpRequest) -> HttpResponse:
    """List the runs of the place, newest first."""
    lines = [present.run_line(run) for run in queries.runs()]
    return _page(request, "runs.html", {"title": _("Runs"), "lines": lines})


def run(request: HttpRequest, run_id: str) -> HttpResponse:
    """Show a run: its facts, its counts, why rows were set aside, what was let out."""
    found = _run(run_id)
    shown = {"title": found.title, "run": found, "facts": present.facts(found)}
    if not found.report:
        return _page(request, "refused.html", {**shown, "problem": present.problem(found)})
    released, withheld = present.field_rows(found.report)
    return _page(
        request,
        "run.html",
        {
            **shown,
            "charts": [present.counts_chart(found), present.reasons_chart(found)],
            "sources": found.report["sources"],
            "words": present.words,
            "released": released,
            "withheld": withheld,
            "people": present.people_rows(found.report),
        },
    )


def counts(request: HttpRequest, run_id: str) -> HttpResponse:
    """Return the rows of each list as CSV."""
    header = ["name", "organisation", "rows_in", "kept", "set_aside", "matched_uprn", "people"]
    sources = _run(run_id).report.get("sources", [])
    return _csv(header, ([source[name] for name in header] for source in sources))


def reasons(request: HttpRequest, run_id: str) -> HttpResponse:
    """Return why rows were set aside as CSV."""
    return _csv(["reason", "rows"], present.reason_totals(_run(run_id).report).items())


def trace(request: HttpRequest, run_id: str) -> HttpResponse:
    """Show one row's way through a run, without any personal value."""
    found, source, row = _run(run_id), request.GET.get("source", ""), request.GET.get("row", "")
    shown: dict[str, Any] = {"title": _("One row's way"), "run": found, "source": source, "row": row}
    if not (row.isascii() and row.isdigit() and int(row) > 0):
        return _page(request, "trace.html", {**shown, "error": _("Enter a row number, such as 17")}, 400)
    try:
        steps = present.trace_steps(trace_in_run(PLACE[0], found, source, int(row)))
    except SharewellError as error:
        return _page(request, "trace.html", {**shown, "error": f"{error.what} {error.next_step}"}, 404)
    return _page(request, "trace.html", {**shown, "steps": steps})


def _run(run_id: str) -> Run:
    found = queries.run_named(run_id)
    if found is None:
        raise Http404
    return found


def _page(request: HttpRequest, template: str, shown: dict[str, Any], status: int = 200) -> HttpResponse:
    place = PLACE[0].settings.place.name if PLACE else ""
    around = {"place": place, "nonce": request.META.get("sharewell.nonce", "")}
    return HttpResponse(get_template(template).render({**around, **shown}, request), status=status)


def _csv(header: Sequence[str], rows: Iterable[Iterable[object]]) -> HttpResponse:
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = "attachment"
    writer = csv.writer(response)
    writer.writerow(header)
    writer.writerows(rows)
    return response
