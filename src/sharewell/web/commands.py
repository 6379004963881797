"""The command ``sharewell serve``."""

from __future__ import annotations

import contextlib
import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from sharewell.store.control import set_up_django


def register(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command("serve")(serve)


def serve(
    folder: Annotated[Path, typer.Option("--dir", help="The place to show.")] = Path(),
    port: Annotated[int, typer.Option(min=0, max=65535, help="The port; 0 takes any free one.")] = 8400,
    as_json: Annotated[bool, typer.Option("--json", help="Print the address as JSON.")] = False,
) -> None:
    """Show the runs of a place as pages, on this machine only, behind a one-time token."""
    from sharewell.settings import find_place

    set_up_django()
    from sharewell.web.serve import open_server

    server, address = open_server(find_place(folder), port)
    if as_json:
        typer.echo(json.dumps({"address": address}))
    else:
        typer.echo(f"The runs are at {address}")
        typer.echo("The address works once, on this machine only. Ctrl-C stops the server.")
    tell_failures()
    with server, contextlib.suppress(KeyboardInterrupt):
        server.serve_forever()


def tell_failures() -> None:
    """Say on standard error when a page fails, from now on."""
    from django.core.signals import got_request_exception

    got_request_exception.connect(_tell_failure)


def _tell_failure(sender: object, **given: object) -> None:
    from sharewell.web.serve import failure_in_words

    error = sys.exc_info()[1]
    if error is not None:
        typer.echo(failure_in_words(error), err=True)
