"""``sharewell gazetteer``: make a gazetteer ready once. ``sharewell lookup``: ask it for one address."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from sharewell.places.prepared import Summary

File = Annotated[Path, typer.Argument(help="The gazetteer: CSV, compressed CSV or Parquet.")]
Folder = Annotated[Path, typer.Argument(help="A prepared gazetteer.")]
Changes = Annotated[Path, typer.Argument(help="A change-only update, with CHANGE_TYPE I, U or D.")]
Out = Annotated[Path, typer.Option("--out", "-o", help="The folder to keep it in.")]
Coordinates = Annotated[
    Path | None, typer.Option("--coordinates", help="OS Open UPRN, for eastings and northings.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON and nothing else.")]
Address = Annotated[str, typer.Argument(help="One address, with or without its postcode.")]
Prepared = Annotated[Path, typer.Option("--gazetteer", "-g", help="A prepared gazetteer.")]
Postcode = Annotated[str, typer.Option("--postcode", help="Its postcode, where the address has none.")]
Suggest = Annotated[int, typer.Option("--suggest", help="Instead, so many addresses that begin like this.")]


def register(app: typer.Typer) -> None:
    """Add ``sharewell gazetteer`` and ``sharewell lookup`` to the command line."""
    group = typer.Typer(help="Make an address gazetteer ready once, and keep it up to date.")
    group.command("prepare")(prepare)
    group.command("update")(update)
    group.command("show")(show)
    app.add_typer(group, name="gazetteer")
    app.command("lookup")(lookup)


def prepare(file: File, out: Out, coordinates: Coordinates = None, as_json: AsJson = False) -> None:
    """Make a gazetteer ready and keep it in a folder, which `match` and `lookup` take as theirs."""
    from sharewell.places.prepared import prepare_folder

    started = time.monotonic()
    _tell("Prepared", prepare_folder(file, out, coordinates=coordinates), started, as_json)


def update(folder: Folder, changes: Changes, as_json: AsJson = False) -> None:
    """Apply a change-only update to a prepared gazetteer: the same as preparing the full supply again."""
    from sharewell.places.prepared import update_folder

    started = time.monotonic()
    _tell("Updated", update_folder(folder, changes), started, as_json)


def show(folder: Folder, as_json: AsJson = False) -> None:
    """Check a prepared gazetteer, file by file, and say what it holds."""
    from sharewell.places.prepared import show_folder

    started = time.monotonic()
    _tell("Prepared gazetteer", show_folder(folder), started, as_json)


def lookup(
    address: Address,
    gazetteer: Prepared,
    postcode: Postcode = "",
    suggest: Suggest = 0,
    as_json: AsJson = False,
) -> None:
    """Find one address: its unit, its building when the unit is unknown, or none."""
    from sharewell.places.lookup import open_places

    places = open_places(gazetteer)
    if suggest > 0:
        found = [vars(each) for each in places.suggest(address, suggest)]
        typer.echo(json.dumps(found) if as_json else "\n".join(_line(each) for each in found))
        return
    place = vars(places.lookup(address, postcode))
    if as_json:
        typer.echo(json.dumps(place))
    else:
        typer.echo(f"{place['answer']} ({place['probability']:.3f}; {place['evidence']})")
        if place["uprn"] is not None:
            typer.echo(_line(place))


def _line(found: dict[str, Any]) -> str:
    where = ", ".join(str(found[name]) for name in ("address", "postcode") if found[name])
    return f"{found['uprn']}  {where}"


def _tell(title: str, holds: Summary, started: float, as_json: bool) -> None:
    told = {**vars(holds), "seconds": round(time.monotonic() - started, 2)}
    if as_json:
        typer.echo(json.dumps(told))
        return
    from rich.console import Console
    from rich.table import Table

    table = Table(title=title, show_header=False)
    for name, value in told.items():
        table.add_row(name.replace("_", " "), f"{value:,}")
    Console(stderr=True).print(table)
    if holds.conflicting:
        typer.echo(
            f"{holds.conflicting:,} UPRNs have addresses under two outward postcodes: ask its keeper.",
            err=True,
        )
    if holds.without_postcode == holds.rows:
        typer.echo("No address has a postcode: each will be searched for by its number and words.", err=True)
