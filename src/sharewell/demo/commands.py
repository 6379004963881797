"""The command ``sharewell demo``."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sharewell.store.control import set_up_django

if TYPE_CHECKING:
    from sharewell.demo.play import Played

PEOPLE, SEED = 5000, 1
MOST = 900_000


def register(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command("demo")(demo)


def demo(
    folder: Annotated[Path, typer.Option("--dir", help="Where the made-up town goes.")] = Path("demo-place"),
    people: Annotated[int, typer.Option(min=200, max=MOST, help="How many people live there.")] = PEOPLE,
    seed: Annotated[int, typer.Option(help="The same seed gives the same town.")] = SEED,
    serve: Annotated[bool, typer.Option(help="Show the page afterwards, at a terminal.")] = True,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON only.")] = False,
) -> None:
    """Make a town up and carry two lawful flows through it: eight messy lists of five organisations."""
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


def _print(played: Played) -> None:
    set_up_django()
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
