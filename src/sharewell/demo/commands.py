"""The commands ``sharewell demo`` and ``sharewell region``."""

from __future__ import annotations

import contextlib
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from sharewell.demo.play import Played

PEOPLE, SEED = 25_000, 1
MOST = 900_000
MOST_IN_REGION = 10_000_000
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2040, 12, 31)
Json = Annotated[bool, typer.Option("--json", help="Print JSON only.")]
Reference = Annotated[
    Path | None, typer.Option("--reference", help="Folder of census data; a made-up county without.")
]


def register(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    app.command("demo")(demo)
    group = typer.Typer(name="region", help="A made-up region with the truth known: one truth, many lists.")
    group.callback(invoke_without_command=True)(region)
    group.command("describe")(describe)
    app.add_typer(group)


def demo(
    folder: Annotated[Path, typer.Option("--dir", help="Where the made-up town goes.")] = Path("demo-place"),
    people: Annotated[int, typer.Option(min=200, max=MOST, help="How many people live there.")] = PEOPLE,
    seed: Annotated[int, typer.Option(help="The same seed gives the same town.")] = SEED,
    serve: Annotated[bool, typer.Option(help="Show the page afterwards, at a terminal.")] = True,
    as_json: Json = False,
) -> None:
    """Make a town up and carry two lawful flows through it: messy lists of five organisations."""
    from sharewell.store.control import set_up_django

    set_up_django()
    from sharewell.demo.play import play_demo
    from sharewell.flows.commands import progress

    with progress(not as_json) as tell:
        played = play_demo(folder, people=people, seed=seed, tell=tell)
    if as_json:
        typer.echo(json.dumps(played.as_dict()))
        return
    _print(played)
    if serve and sys.stdin.isatty() and sys.stdout.isatty():
        from sharewell.web.commands import serve as serve_pages

        serve_pages(played.place.folder, port=0, as_json=False)


def region(
    context: typer.Context,
    people: Annotated[
        int, typer.Option(min=1, max=MOST_IN_REGION, help="How many people, at least: whole areas are taken.")
    ] = 10_000,
    seed: Annotated[int, typer.Option(help="The same seed gives the same files.")] = SEED,
    out: Annotated[Path | None, typer.Option("--out", help="A new or empty folder.")] = None,
    reference: Reference = None,
    as_of: Annotated[str, typer.Option(help="The day it is true for, YYYY-MM-DD.")] = "2021-03-21",
    rate: Annotated[
        list[str] | None,
        typer.Option(
            "--rate", metavar="CLASS=RATE", help="How many of a class of hard pairs; can be repeated."
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Make a region up: people in homes, their lives, and thirteen messy lists of them, with the truth."""
    if context.invoked_subcommand:
        return
    from sharewell.demo.region.make import Wish, make_region

    if out is None:
        raise typer.BadParameter("say where the region goes", param_hint="--out")
    wish = Wish(people, seed, reference, _day(as_of), _rates(rate or ()))
    with _bar(not as_json) as tell:
        told = make_region(wish, out, tell=tell)
    typer.echo(json.dumps(told) if as_json else "\n".join(_summary(told, out)))


def describe(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A region that was made.")],
    out: Annotated[Path | None, typer.Option("--out", help="The page to write: DIR/describe.html.")] = None,
    as_json: Json = False,
) -> None:
    """Draw a region: a page of charts and a map, and how like the census it is."""
    from sharewell.demo.region.describe import describe as describe_region

    described = describe_region(folder, out)
    if as_json:
        typer.echo(json.dumps(described.as_dict()))
        return
    for line in described.lines():
        typer.echo(line)


def _day(text: str) -> date:
    try:
        day = datetime.strptime(text, "%Y-%m-%d").date()
    except ValueError:
        day = date.min
    if not FIRST_DAY <= day <= LAST_DAY:
        told = f"a day from {FIRST_DAY} to {LAST_DAY} as YYYY-MM-DD"
        raise typer.BadParameter(told, param_hint="--as-of")
    return day


def _rates(given: Sequence[str]) -> dict[str, float]:
    """Return the rates named on the command line, checked against the classes there are."""
    from sharewell.demo.region.rates import SETTABLE, most_of

    rates: dict[str, float] = {}
    for each in given:
        name, _, number = each.partition("=")
        try:
            rates[name] = float(number)
        except ValueError:
            raise typer.BadParameter("a class and a number: father_and_son=3", param_hint="--rate") from None
        if name not in SETTABLE or not 0 <= rates[name] <= most_of(name):
            told = f"one of {', '.join(SETTABLE)}: 0 to 1,000, or 0 to 1 for a share of rows"
            raise typer.BadParameter(told, param_hint="--rate")
    return rates


@contextlib.contextmanager
def _bar(is_shown: bool) -> Iterator[Callable[[str, int, int], None]]:
    """Show how much is done and how long the rest will take, on standard error."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    left = (TextColumn("left"), TimeRemainingColumn())
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), *left)
    with Progress(*columns, console=Console(stderr=True), transient=True, disable=not is_shown) as shown:
        task = shown.add_task("starting", total=None)
        yield lambda what, done, of: shown.update(task, description=what, completed=done, total=of)


def _summary(told: dict[str, Any], out: Path) -> Iterator[str]:
    yield f"{told['residents']:,} people in {told['areas']:,} areas, {told['addresses']:,} addresses: {out}"
    for name, each in told["lists"].items():
        yield f"  {each['rows']:>10,}  {name}  ({each['file']}, as of {each['as_of']})"
    yield "Who every row is: truth.parquet. Every planted error: errors.parquet. What it is: region.json."
    yield f"Look at it: sharewell region describe {out}"
    yield told["attribution"]


def _print(played: Played) -> None:
    from sharewell.flows.show import print_report, print_trace
    from sharewell.flows.trace import trace_one_released

    for run in played.runs:
        print_report(run)
    typer.echo("\nHow right that was, against the truth of the made-up town:")
    for flow, figures in played.accuracy.items():
        for what, values in figures.items():
            shown = ", ".join(f"{name.replace('_', ' ')} {value:,}" for name, value in values.items())
            typer.echo(f"  {flow}, {what}: {shown}")
    found = trace_one_released(played.place, played.runs[0])
    if found:
        print_trace(found)
    typer.echo(f"\nEverything lies in {played.place.folder}: lists in inbox/, releases in outbox/.")
    typer.echo(
        f"Run it again: nothing new is released. Look around: sharewell serve --dir {played.place.folder}"
    )
