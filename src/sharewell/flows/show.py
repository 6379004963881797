"""Print a run's report and a trace at a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from rich.console import Console
from rich.table import Column, Table

from sharewell.flows.terms import RunReport, SourceReport, Trace

TOP = 3
NUMBERS = ("rows in", "kept", "set aside", "UPRN", "building", "people")


def print_report(report: RunReport) -> None:
    """Print what a run did, in counts."""
    console = Console()
    title = "dry run, nothing let out" if report.is_dry_run else f"run {report.run}"
    console.print(f"\n[bold]{report.title}[/] ({title})")
    console.print(_sources(report.sources))
    for line in _reasons(report.sources):
        console.print(line)
    console.print(
        f"{report.people:,} people. Agreement {report.agreement}: "
        f"{report.recipient}, {report.role}, {report.level}."
    )
    console.print(f"Fields released: {', '.join(report.fields_released) or 'none'}.")
    for field, why in report.fields_named.items():
        console.print(f"Withheld: [yellow]{field}[/] - {why}", highlight=False)
    others = len(report.fields_withheld) - len(report.fields_named)
    console.print(f"Withheld: {others} more fields of these lists, which the agreement does not name.")
    for reason, count in report.withheld_people.items():
        console.print(f"Not in the release: {count:,} people, {reason.replace('_', ' ')}.")
    console.print(_outcome(report))


def _sources(sources: Iterable[SourceReport]) -> Table:
    table = Table("source", *(Column(name, justify="right") for name in NUMBERS))
    for each in sources:
        numbers = (
            each.rows_in,
            each.kept,
            each.set_aside,
            each.matched_uprn,
            each.matched_building,
            each.people,
        )
        table.add_row(each.name, *(f"{number:,}" for number in numbers))
    return table


def _reasons(sources: Iterable[SourceReport]) -> Iterable[str]:
    for each in sources:
        for reason, count in list(each.reasons.items())[:TOP]:
            yield f"Set aside: {count:,} of {each.name}, {reason.replace('_', ' ')}."


def _outcome(report: RunReport) -> str:
    if report.is_dry_run:
        return f"[bold]{report.released:,} rows would be released, {report.released_new:,} of them new.[/]"
    if not report.released_new:
        return (
            f"[bold]Nothing new to release:[/] all {report.released:,} rows were sent before. "
            f"{report.audit_entries} audit entries."
        )
    return (
        f"[bold]{report.released:,} rows released, {report.released_new:,} of them new,[/] "
        f"to {report.went_to}. {report.audit_entries} audit entries."
    )


def print_trace(trace: Trace) -> None:
    """Print one row's way."""
    console = Console(highlight=False)
    console.print(f"\n[bold]{trace.file} row {trace.row}[/] in run {trace.run} of {trace.flow}")
    console.print(f"  source      {trace.source}, from {trace.organisation}")
    if trace.set_aside:
        console.print(f"  set aside   {', '.join(trace.set_aside)}")
    for change in trace.changes:
        values = "" if change.before is None else f" ({change.before!r} to {change.after!r})"
        console.print(f"  {change.verdict:<11} {change.column}: {change.why}{values}", markup=False)
    for name in ("place", "link", "decision", "delivery", "audit"):
        for line in _section(getattr(trace, name)):
            console.print(f"  {name:<11} {line}", markup=False)
    for field, text in (trace.record or {}).items():
        console.print(f"  {'record':<11} {field}: {text}", markup=False)
    console.print(f"  outcome     [bold]{trace.outcome}[/]")


def _section(section: Mapping[str, object] | None) -> Iterable[str]:
    """Return a section's lines; what is not known is left out."""
    for key, value in (section or {}).items():
        name = key.replace("_", " ")
        if isinstance(value, Mapping):
            yield from (f"{name}: {part} ({_plain(words)})" for part, words in value.items())
        elif value is not None:
            yield f"{name}: {_plain(value)}"


def _plain(value: object) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(_plain(part) for part in value)
    if isinstance(value, float):
        return f"{value:.3f}"
    return "yes" if value is True else "no" if value is False else str(value)
