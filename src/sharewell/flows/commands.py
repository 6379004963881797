"""The commands of a place: ``init``, ``run`` and ``trace``."""

from __future__ import annotations

import contextlib
import getpass
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Annotated

import typer

from sharewell.vocab.errors import TraceNotFound

Json = Annotated[bool, typer.Option("--json", help="Print JSON only.")]
By = Annotated[str, typer.Option("--by", help="Who acts: a role or an account. Yours by default.")]
FOLDER = typer.Option("--dir", help="The place. Found from the file by default.")


def register(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    app.command("init")(init)
    app.command("run")(run)
    app.command("trace")(trace)


def init(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A new or empty folder.")],
    name: Annotated[str, typer.Option(help="What the place is called.")] = "A place",
    organisation: Annotated[str, typer.Option(help="Code of the organisation that runs it.")] = "place",
    code: Annotated[str, typer.Option(help="ONS code of the area.")] = "",
    by: By = "",
    as_json: Json = False,
) -> None:
    """Make a place: settings, keys, and folders for standards, agreements, flows and the inbox."""
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
    if file and row.isascii() and row.isdigit() and int(row) > 0:
        return file, int(row)
    raise TraceNotFound(
        "A row is named by its file and its number, FILE:ROW.",
        "Count records after the header from 1, as in `sharewell trace inbox/bins.csv:17`.",
    )
