"""What the pages of runs show, worked out here so that templates hold no logic."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sharewell.flows.models import Run
from sharewell.flows.terms import RunState
from sharewell.releases.terms import NOT_NAMED
from sharewell.vocab.clock import LONDON
from sharewell.web.chart import Bar, Chart, bar_chart
from sharewell.web.names import Names
from sharewell.web.wording import FORMS, LEVELS, PEOPLE_LEFT_OUT, STATES, plain, say

COLOURS = {"finished": "green", "running": "blue", "committed": "blue", "refused": "red", "stopped": "orange"}
Report = Mapping[str, Any]
Facts = list[tuple[str, str]]
Rows = list[tuple[str, ...]]


def instant(at: datetime) -> str:
    """Return an instant as people in Britain write it, on their clock."""
    return at.astimezone(LONDON).strftime("%-d %B %Y, %H:%M")


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
        started=instant(run.started_at),
        state=say(STATES, run.state),
        colour=COLOURS.get(run.state, "grey"),
        released=f"{run.report['released_new']:,}" if run.report else _("None"),
    )


def facts(run: Run, names: Names) -> Facts:
    """Return a run's facts, label and words."""
    found = [
        (_("State"), say(STATES, run.state)),
        (_("Started"), instant(run.started_at)),
        (_("Took"), _took(run)),
        (_("Run by"), run.by),
        (_("Agreement"), run.agreement),
    ]
    if run.report:
        found += _outcome(run.report, names)
    return [(label, text) for label, text in found if text]


def _outcome(report: Report, names: Names) -> Facts:
    went_to = report["went_to"]
    return [
        (_("Recipient"), names.organisation(report["recipient"])),
        (_("Role"), plain(report["role"])),
        (_("Level"), say(LEVELS, report["level"])),
        (_("People in these lists"), f"{report['people']:,}"),
        (_("Rows the agreement allows"), f"{report['released']:,}"),
        (_("New rows handed over"), f"{report['released_new']:,}"),
        (_("Handed over in"), went_to or _("Nothing was new, so nothing was handed over")),
        (_("Written to the audit log"), _entries(report["audit_entries"])),
    ]


def _entries(count: int) -> str:
    return ngettext("%(count)s entry", "%(count)s entries", count) % {"count": f"{count:,}"}


def _took(run: Run) -> str:
    if run.finished_at is None:
        return ""
    seconds = max(1, round((run.finished_at - run.started_at).total_seconds()))
    if seconds < 120:
        return ngettext("%(count)d second", "%(count)d seconds", seconds) % {"count": seconds}
    return _("%(count)d minutes") % {"count": round(seconds / 60)}


def ending(run: Run) -> str:
    """Return one sentence on what a run without a report let out."""
    if run.state == RunState.RUNNING:
        return _("This run has not finished. It has let nothing out so far.")
    return _("Nothing was let out by this run.")


def problem(run: Run) -> list[str]:
    """Return why a run was refused, in words: where, what, and what to do next."""
    told = run.problem
    if run.state == RunState.STOPPED:
        return [_("The run was stopped before it had finished."), _("Run it again.")]
    where = [
        _("File: %s.") % told["file"] if told.get("file") else "",
        _("Row: %s.") % f"{told['row']:,}" if told.get("row") else "",
        _("Column: %s.") % told["column"] if told.get("column") else "",
    ]
    return [part for part in (" ".join(filter(None, where)), told.get("what"), told.get("next")) if part]


def counts_chart(run: Run, names: Names) -> Chart:
    """Return rows kept and set aside, by list."""
    sources = run.report["sources"]
    aside, rows = sum(each["set_aside"] for each in sources), sum(each["rows_in"] for each in sources)
    told = {"kept": f"{rows - aside:,}", "rows": f"{rows:,}"}
    finding = _("%(kept)s of %(rows)s rows could be used") if aside else _("All %(rows)s rows could be used")
    return bar_chart(
        [Bar(names.list_title(each["name"]), (each["kept"], each["set_aside"])) for each in sources],
        id="counts",
        title=finding % told,
        summary=_("Every row is either kept or set aside with its reason; none is lost."),
        header=(_("List"), _("Kept"), _("Set aside")),
        csv=reverse("counts", args=[run.pk]),
    )


def reasons_chart(run: Run, names: Names) -> Chart:
    """Return why rows were set aside, most frequent first."""
    totals = reason_totals(run.report, names)
    title, summary = _("No row was set aside"), _("Nothing has to go back to a sender to be mended.")
    if totals:
        title = _("Why rows were set aside, most often: %s") % totals[0][1]
        summary = _("A row can have more than one reason. It goes back to its sender to be mended.")
    return bar_chart(
        [Bar(words, (count,)) for _code, words, count in totals],
        id="reasons",
        title=title,
        summary=summary,
        header=(_("Reason"), _("Rows")),
        csv=reverse("reasons", args=[run.pk]),
    )


def reason_totals(report: Report, names: Names) -> list[tuple[str, str, int]]:
    """Return each reason rows were set aside for: code, words, rows over all lists; most first."""
    totals: dict[tuple[str, str], int] = {}
    for source in report["sources"]:
        for code, count in source["reasons"].items():
            key = code, names.reason(source["name"], code)
            totals[key] = totals.get(key, 0) + count
    return sorted(((*key, count) for key, count in totals.items()), key=lambda each: (-each[2], each[1]))


@dataclass(frozen=True)
class ListRead:
    """One list of a run: its cells for the table of lists, and what reading and cleaning have to say."""

    title: str
    cells: tuple[str, ...]
    notes: tuple[str, ...]


def lists_read(report: Report, names: Names) -> list[ListRead]:
    """Return each list with who gave it, its file, and how many addresses and people were found."""
    return [_list_read(source, names) for source in report["sources"]]


def _list_read(source: Report, names: Names) -> ListRead:
    counts = (source["rows_in"], source["matched_uprn"], source["matched_building"], source["people"])
    notes = (note for note in source["notes"] if not any(code in note for code in source["reasons"]))
    return ListRead(
        title=names.list_title(source["name"]),
        cells=(names.organisation(source["organisation"]), *(f"{count:,}" for count in counts)),
        notes=tuple(notes),
    )


def choices(report: Report, names: Names) -> list[tuple[str, str]]:
    """Return the lists of a run to choose from: code and title."""
    return [(source["name"], names.list_title(source["name"])) for source in report["sources"]]


def released_items(fields: Iterable[str], clauses: Mapping[str, str], names: Names) -> Rows:
    """Return each data item let out: title, list, the form it leaves in and the clause that says so."""
    return [(*_item(name, names), *_clause(clauses.get(name, ""))) for name in fields]


def withheld_items(report: Report, names: Names) -> Rows:
    """Return each data item that the agreement speaks of and that is withheld: title, list and why."""
    withheld: Mapping[str, str] = report["fields_withheld"]
    return [(*_item(name, names), _(why)) for name, why in withheld.items() if why != NOT_NAMED]


def unnamed_items(report: Report, names: Names) -> Rows:
    """Return what the agreement does not name: each list with its data items in a row."""
    lists: dict[str, list[str]] = {}
    for name, why in report["fields_withheld"].items():
        if why == NOT_NAMED:
            title, held = _item(name, names)
            lists.setdefault(held, []).append(title)
    return [(held, ", ".join(titles)) for held, titles in lists.items()]


def unnamed_count(report: Report) -> str:
    """Return how many data items the agreement does not name, as a sentence; empty for none."""
    count = sum(why == NOT_NAMED for why in report["fields_withheld"].values())
    words = ngettext(
        "%(count)s more data item is withheld, which the agreement does not name",
        "%(count)s more data items are withheld, which the agreement does not name",
        count,
    )
    return words % {"count": f"{count:,}"} if count else ""


def people_left_out(report: Report) -> Rows:
    """Return how many people are not in the release, by reason."""
    left: Sequence[tuple[str, int]] = list(report["withheld_people"].items())
    return [(say(PEOPLE_LEFT_OUT, reason), f"{count:,}") for reason, count in left]


def _item(name: str, names: Names) -> tuple[str, str]:
    dataset, _dot, item = name.partition(".")
    return names.item_title(dataset, item), names.list_title(dataset)


def _clause(told: str) -> tuple[str, str]:
    clause, _comma, form = told.rpartition(", ")
    return (say(FORMS, form) if form else _("Not kept for this run"), clause)
