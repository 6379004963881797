"""Presenters: what the templates show, worked out here so that templates hold no logic."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.translation import gettext as _

from sharewell.flows.models import Run
from sharewell.flows.terms import Trace, named_by_agreement
from sharewell.web.chart import Bar, Chart, bar_chart

LONDON = ZoneInfo("Europe/London")
COLOURS = {"finished": "green", "running": "blue", "committed": "blue", "refused": "red", "stopped": "orange"}
Report = Mapping[str, Any]


def words(code: str) -> str:
    """Return a code as words: ``ragged_row`` becomes ``Ragged row``."""
    return code.replace("_", " ").replace("-", " ").capitalize()


@dataclass(frozen=True)
class RunLine:
    """A run in the list of runs."""

    title: str
    href: str
    started: str
    state: str
    colour: str
    released: str


def run_line(run: Run) -> RunLine:
    """Return how a run looks in the list."""
    return RunLine(
        title=run.title,
        href=reverse("run", args=[run.pk]),
        started=run.started_at.astimezone(LONDON).strftime("%-d %B %Y, %H:%M"),
        state=words(run.state),
        colour=COLOURS.get(run.state, "grey"),
        released=f"{run.report.get('released_new', 0):,}" if run.report else "-",
    )


def facts(run: Run) -> list[tuple[str, str]]:
    """Return a run's facts, label and words."""
    report: Report = run.report
    found = [
        (_("State"), words(run.state)),
        (_("Agreement"), run.agreement),
        (_("Started"), run.started_at.astimezone(LONDON).strftime("%-d %B %Y, %H:%M:%S")),
        (_("Run by"), run.by),
    ]
    if report:
        found += [
            (_("Recipient"), f"{report['recipient']}, {words(report['role']).lower()}"),
            (_("Level"), words(report["level"])),
            (_("People linked"), f"{report['people']:,}"),
            (_("Rows the agreement allows"), f"{report['released']:,}"),
            (_("New rows handed over"), f"{report['released_new']:,}"),
            (_("Went to"), report["went_to"] or _("Nothing new, so nothing was sent")),
            (_("Entries in the audit log"), str(report["audit_entries"])),
        ]
    return found


def problem(run: Run) -> str:
    """Return why a run was refused, in words, or nothing."""
    return " ".join(str(run.problem[part]) for part in ("what", "next") if run.problem.get(part))


def counts_chart(run: Run) -> Chart:
    """Return rows kept and set aside, by source."""
    sources = run.report["sources"]
    aside, rows = sum(each["set_aside"] for each in sources), sum(each["rows_in"] for each in sources)
    return bar_chart(
        [Bar(words(each["name"]), (each["kept"], each["set_aside"])) for each in sources],
        id="counts",
        title=_("%(kept)s of %(rows)s rows could be used")
        % {"kept": f"{rows - aside:,}", "rows": f"{rows:,}"},
        summary=_("Every row is either kept or set aside with its reason; none is lost."),
        header=(_("List"), _("Kept"), _("Set aside")),
        csv=reverse("counts", args=[run.pk]),
    )


def reasons_chart(run: Run) -> Chart:
    """Return why rows were set aside, most frequent first."""
    totals = reason_totals(run.report)
    worst = next(iter(totals), None)
    title = _("No row was set aside") if worst is None else _("Most often: %s") % words(worst).lower()
    return bar_chart(
        [Bar(words(reason), (count,)) for reason, count in totals.items()],
        id="reasons",
        title=title,
        summary=_("A row can have more than one reason. It goes back to its sender to be mended."),
        header=(_("Reason"), _("Rows")),
        csv=reverse("reasons", args=[run.pk]),
    )


def reason_totals(report: Report) -> dict[str, int]:
    """Return how many rows each reason set aside over all sources, most first."""
    totals: dict[str, int] = {}
    for source in report["sources"]:
        for reason, count in source["reasons"].items():
            totals[reason] = totals.get(reason, 0) + count
    return dict(sorted(totals.items(), key=lambda item: (-item[1], item[0])))


def field_rows(report: Report) -> tuple[list[str], list[tuple[str, str]]]:
    """Return the released fields as words, and the withheld ones with why."""
    withheld = [(words(field), why) for field, why in named_by_agreement(report["fields_withheld"]).items()]
    return [words(field) for field in report["fields_released"]], withheld


def people_rows(report: Report) -> list[tuple[str, str]]:
    """Return how many people are not in the release, by reason."""
    return [(words(reason), f"{count:,}") for reason, count in report["withheld_people"].items()]


@dataclass(frozen=True)
class TraceStep:
    """One step of a row's way, with what it did."""

    title: str
    lines: tuple[str, ...]


def trace_steps(trace: Trace) -> list[TraceStep]:
    """Return a row's way as steps; no personal value is in them."""
    changes = tuple(f"{words(each.column)}: {each.why}" for each in trace.changes)
    steps = [TraceStep(_("Read"), (_("Row %(row)s of %(file)s") % {"row": trace.row, "file": trace.file},))]
    if trace.set_aside:
        return [*steps, TraceStep(_("Set aside"), tuple(words(reason) for reason in trace.set_aside))]
    steps.append(TraceStep(_("Cleaned"), changes or (_("Nothing had to be changed"),)))
    named = (
        (_("Place"), trace.place),
        (_("Person"), trace.link),
        (_("Decision"), trace.decision),
        (_("Delivery"), trace.delivery),
        (_("Proof"), trace.audit),
    )
    steps += [TraceStep(title, tuple(_lines(section.items()))) for title, section in named if section]
    return [*steps, TraceStep(_("Outcome"), (words(trace.outcome),))]


def _lines(section: Iterable[tuple[str, Any]]) -> Iterable[str]:
    for key, value in section:
        if isinstance(value, Mapping):
            parts = (f"{words(part).lower()} - {what}" for part, what in value.items())
            yield f"{words(key)}: " + "; ".join(parts)
        elif isinstance(value, list | tuple):
            yield f"{words(key)}: " + ", ".join(str(part) for part in value)
        else:
            yield f"{words(key)}: {_plain(value)}"


def _plain(value: object) -> str:
    if value is None:
        return _("not known")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return str(value)
