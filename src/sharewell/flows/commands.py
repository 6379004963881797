"""The commands of a place: ``init``, ``run`` and ``trace``."""

from __future__ import annotations

import contextlib
import getpass
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Annotated

import typer

from sharewell.store.control import set_up_django
from sharewell.vocab.errors import TraceNotFound

Json = Annotated[bool, typer.Option("--json", help="Print JSON only.")]
By = Annotated[str, typer.Option("--by", help="Who acts: a role or an account. Yours by default.")]
LONGEST_NUMBER = 12
FOLDER = typer.Option("--dir", help="The place. Found from the file by default.")


def register(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    app.command("init")(init)
    app.command("run")(run)
    app.command("trace")(trace)
    people = typer.Typer(name="people", help="Merges of people, and undoing them.", no_args_is_help=True)
    people.command("merges")(merges)
    people.command("undo")(undo)
    app.add_typer(people)


def init(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A new or empty folder.")],
    name: Annotated[str, typer.Option(help="What the place is called.")] = "A place",
    organisation: Annotated[str, typer.Option(help="Code of the organisation that runs it.")] = "place",
    code: Annotated[str, typer.Option(help="ONS code of the area.")] = "",
    by: By = "",
    as_json: Json = False,
) -> None:
    """Make a place: settings, keys, and folders for standards, agreements, flows and the inbox."""
    set_up_django()
    from sharewell.flows.make import make_place

    place = make_place(folder, name=name, organisation=organisation, code=code, by=by or whoever())
    if as_json:
        typer.echo(json.dumps({"place": name, "folder": str(folder)}))
        return
    typer.echo(f"Made {place.settings.place.name} in {folder}.")
    typer.echo("Next: put lists into inbox/, a gazetteer into reference/, write an agreement and a flow,")
    typer.echo("then `sharewell run flows/FLOW.yaml --dry-run`. `sharewell demo` shows all of it at work.")


def run(
    flow: Annotated[Path, typer.Argument(metavar="FLOW.yaml", help="The flow's file.")],
    folder: Annotated[Path | None, FOLDER] = None,
    is_dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Let nothing out; say what would be.")
    ] = False,
    by: By = "",
    as_json: Json = False,
) -> None:
    """Carry a flow from its sources to its recipient, and print what was done, in counts."""
    set_up_django()
    from sharewell.flows.run import run_flow
    from sharewell.flows.show import print_report
    from sharewell.settings import find_place

    place = find_place(folder or flow.parent)
    with progress(not as_json) as tell:
        report = run_flow(flow, place, by=by or whoever(), is_dry_run=is_dry_run, tell=tell)
    if as_json:
        typer.echo(json.dumps(report.as_dict()))
    else:
        print_report(report)


def trace(
    target: Annotated[
        str, typer.Argument(metavar="FILE:ROW", help="A file of a run, and a record's number.")
    ],
    folder: Annotated[Path, FOLDER] = Path(),
    show: Annotated[bool, typer.Option("--show", help="Show personal values too. It is recorded.")] = False,
    by: By = "",
    as_json: Json = False,
) -> None:
    """Follow one row to its recipient: changes, match, link, decision, delivery and proof."""
    set_up_django()
    from sharewell.flows.show import print_trace
    from sharewell.flows.trace import trace_row
    from sharewell.settings import find_place

    file, row = _split(target)
    found = trace_row(find_place(folder), file, row, show=show, by=by or whoever())
    if as_json:
        typer.echo(json.dumps([each.as_dict() for each in found]))
    else:
        for each in found:
            print_trace(each)


def merges(folder: Annotated[Path, FOLDER] = Path(), as_json: Json = False) -> None:
    """List the merges that runs have made: the person, the run and when."""
    set_up_django()
    from sharewell.flows import steward
    from sharewell.settings import find_place

    found = steward.merges(find_place(folder))
    if as_json:
        typer.echo(json.dumps(found))
        return
    for each in found:
        typer.echo(f"{each['at']}  {each['person']}  run {each['run']}")
    typer.echo(f"{len(found)} merges.")


def undo(
    person: Annotated[str, typer.Argument(metavar="PERSON", help="The reference that was merged into.")],
    run: Annotated[str, typer.Option(help="The run that merged; `people merges` lists them.")],
    reason: Annotated[str, typer.Option(help="Why: it is kept with the decision.")],
    folder: Annotated[Path, FOLDER] = Path(),
    by: By = "",
    as_json: Json = False,
) -> None:
    """Undo a merge: every record gets back the reference it had, and no run joins them again."""
    set_up_django()
    from sharewell.flows.steward import undo_merge_in
    from sharewell.settings import find_place

    parted = undo_merge_in(find_place(folder), person, run, by=by or whoever(), reason=reason)
    if as_json:
        typer.echo(json.dumps({"person": parted.person, "people": parted.people, "records": parted.records}))
    else:
        typer.echo(f"Undone: {parted.records} records are now of {', '.join(parted.people)}.")


def whoever() -> str:
    """Return the account that runs the command."""
    with contextlib.suppress(OSError, KeyError):
        return getpass.getuser()
    return "unknown"


@contextlib.contextmanager
def progress(is_shown: bool) -> Iterator[Callable[[str], None]]:
    """Show what is being done now on standard error, with the time it takes."""
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    console = Console(stderr=True)
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=not is_shown) as shown:
        task = shown.add_task("starting", total=None)
        yield lambda message: shown.update(task, description=message)


def _split(target: str) -> tuple[str, int]:
    file, _, row = target.rpartition(":")
    if file and row.isascii() and row.isdigit() and len(row) <= LONGEST_NUMBER and int(row) > 0:
        return file, int(row)
    raise TraceNotFound(
        "A row is named by its file and its number, FILE:ROW.",
        "Count records after the header from 1, as in `sharewell trace inbox/bins.csv:17`.",
    )
