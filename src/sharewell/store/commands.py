"""The command line's ``sharewell key``: show the keys by fingerprint, and rotate them."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from sharewell.settings import Place

NEXT_VARIABLE = "SHAREWELL_NEXT_ROOT_KEY"

Dir = Annotated[Path, typer.Option("--dir", help="The place's folder, or one inside it.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON only.")]


def register(app: typer.Typer) -> None:
    """Add ``sharewell key`` to the command line."""
    key = typer.Typer(name="key", help="The keys that the records are encrypted under.", no_args_is_help=True)
    key.command("show")(show)
    key.command("rotate")(rotate)
    app.add_typer(key)


def show(folder: Dir = Path(), as_json: AsJson = False) -> None:
    """Show which keys the place holds, by kind, owner and age: never a key itself."""
    from sharewell.store.keys import KeyRing

    ring = KeyRing.open(_open(folder))
    held = ring.held()
    if as_json:
        typer.echo(json.dumps({"root": ring.fingerprint, "keys": held}))
        return
    typer.echo(f"Root key {ring.fingerprint}")
    for each in held:
        typer.echo(f"{each['kind']:<14}{each['owner'] or 'the place':<30}{each['made_at']}")


def rotate(
    folder: Dir = Path(),
    organisation: Annotated[
        str | None, typer.Option("--organisation", help="Rotate this organisation's key, not the root key.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Make a new key and wrap what the old one wrapped under it. No file of records is rewritten.

    Where the root key is in the environment, give the next one as SHAREWELL_NEXT_ROOT_KEY, then set
    SHAREWELL_ROOT_KEY to it.
    """
    from sharewell.store.keys import KeyRing
    from sharewell.store.lock import only_run

    place = _open(folder)
    with only_run(place):
        ring = KeyRing.open(place)
        if organisation is None:
            ring.rotate_root(_next_root())
        else:
            ring.rotate_organisation(organisation)
    rotated = "root" if organisation is None else organisation
    if as_json:
        typer.echo(json.dumps({"rotated": rotated, "root": ring.fingerprint}))
        return
    typer.echo(f"Rotated the key: {rotated}. The root key is now {ring.fingerprint}.")


def _open(folder: Path) -> Place:
    from sharewell.settings import find_place
    from sharewell.store.control import open_control_plane

    place = find_place(folder)
    open_control_plane(place)
    return place


def _next_root() -> bytes | None:
    from sharewell.store.rootkey import decoded

    given = os.environ.get(NEXT_VARIABLE)
    return None if given is None else decoded(given, NEXT_VARIABLE)
