"""The command line: every folder's commands, one way of failing.

Exit codes: 0 done; 2 the command line itself is wrong; 10 and up one for each kind of refusal
(``sharewell errors`` lists them; docs/errors.md).
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sys
import traceback
from collections.abc import Iterator
from pathlib import Path
from types import FrameType
from typing import Annotated, Any, NoReturn

import typer

from sharewell import __version__
from sharewell.vocab.errors import SharewellError, Unforeseen, every_error

INTERRUPTED = 130


def build_app() -> typer.Typer:
    """Return the whole command line."""
    from sharewell import doctor
    from sharewell.agreements import commands as agreements
    from sharewell.audit import commands as audit
    from sharewell.cleaning import check_commands as check
    from sharewell.cleaning import commands as cleaning
    from sharewell.cleaning import giveback_commands as giveback
    from sharewell.cleaning import profile_commands as profile
    from sharewell.demo import commands as demo
    from sharewell.flows import commands as flows
    from sharewell.people import commands as people
    from sharewell.people.encoded import commands as encoded
    from sharewell.people.explain import commands as explaining
    from sharewell.places import commands as places
    from sharewell.sources import commands as sources
    from sharewell.web import commands as web

    app = typer.Typer(
        name="sharewell",
        help="A lawful flow of data between the public services of one place.",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
    )
    app.callback()(_about)
    app.command("errors")(list_errors)
    cleaners = (cleaning, check, giveback, profile)
    linkers = (people, explaining, encoded)
    for folder in (flows, demo, sources, *cleaners, places, *linkers, agreements, audit, doctor, web):
        folder.register(app)
    return app


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"sharewell {__version__}")
        raise typer.Exit


def main() -> NoReturn:
    """Run the command line; a refusal prints what is wrong and what to do next, and sets its exit code."""
    _use_utf8()
    signal.signal(signal.SIGTERM, _stop)
    try:
        with _plain_errors():
            build_app()(standalone_mode=True)
    except SharewellError as error:
        _print_refusal(error)
        sys.exit(error.exit_code)
    except Exception as error:
        _print_refusal(_unforeseen(error))
        sys.exit(Unforeseen.exit_code)
    except KeyboardInterrupt:
        sys.stderr.write("Stopped. Nothing half-made was released; run it again to carry on.\n")
        sys.exit(INTERRUPTED)
    sys.exit(0)


def list_errors(
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON only.")] = False,
) -> None:
    """List every refusal with its code and exit code."""
    rows = [
        {"exit_code": kind.exit_code, "error": kind.code, "means": (kind.__doc__ or "").strip()}
        for kind in every_error()
    ]
    if as_json:
        typer.echo(json.dumps(rows))
        return
    for row in rows:
        typer.echo(f"{row['exit_code']:>4}  {row['error']:<24} {row['means']}")


def _about(
    version: Annotated[
        bool, typer.Option("--version", help="Print the version and stop.", is_eager=True, callback=_version)
    ] = False,
) -> None:
    """A lawful flow of data between the public services of one place."""


def _unforeseen(error: Exception) -> Unforeseen:
    """Say where something failed that nobody foresaw, and never what it said: that may quote a value."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if "sharewell" in frame.filename] or frames
    where = f"{Path(ours[-1].filename).name}:{ours[-1].lineno}" if ours else "nowhere"
    return Unforeseen(
        f"Something failed that was not foreseen: {type(error).__name__} at {where}.",
        "Nothing half-made was released. Please report this line, and never a record.",
    )


def _print_refusal(error: SharewellError) -> None:
    """Print to standard error for people, or to standard output as JSON when ``--json`` was asked for."""
    if "--json" in sys.argv:
        sys.stdout.write(json.dumps(error.as_dict()) + "\n")
    else:
        where = f" ({error.where})" if str(error.where) else ""
        sys.stderr.write(f"Refused [{error.code}]{where}: {error.what}\nNext: {error.next_step}\n")


@contextlib.contextmanager
def _plain_errors() -> Iterator[None]:
    """Let the machine's own failures (disk full, read-only folder) come out as refusals too."""
    from sharewell.store.disk import as_refusal

    try:
        yield
    except SharewellError:
        raise
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except Exception as error:
        refusal = as_refusal(error)
        if refusal is None:
            raise
        raise refusal from None


def _use_utf8() -> None:
    for stream in (sys.stdout, sys.stderr):
        reconfigure: Any = getattr(stream, "reconfigure", None)
        if reconfigure:
            reconfigure(encoding="utf-8", errors="replace")


def _stop(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt
