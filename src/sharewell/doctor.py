"""Look a place and its machine over, and say for each finding what to do next."""

from __future__ import annotations

import importlib.metadata
import json
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sharewell.vocab.errors import SharewellError

if TYPE_CHECKING:
    from sharewell.settings import Place

NEEDED = ("duckdb", "pyarrow", "splink", "django", "cryptography", "sqlglot")
LOW_DISK_GB = 5.0
UNHEALTHY = 1


class Health(StrEnum):
    """How a finding bites: all well, worth knowing, or in the way of a run."""

    WELL = "well"
    WARN = "warn"
    ILL = "ill"


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at: what, how it is, and what to do next if anything."""

    what: str
    health: Health
    words: str
    next_step: str = ""


def register(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command("doctor")(doctor)


def doctor(
    folder: Annotated[Path, typer.Option("--dir", help="The place to look over.")] = Path(),
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON only.")] = False,
) -> None:
    """Look the machine and the place over; exit code 1 when something is in the way of a run."""
    findings = list(examine(folder))
    if as_json:
        typer.echo(json.dumps({"ok": _is_well(findings), "findings": [asdict(each) for each in findings]}))
    else:
        _print(findings)
    if not _is_well(findings):
        raise typer.Exit(UNHEALTHY)


def examine(folder: Path) -> Iterator[Finding]:
    """Yield every finding about this machine and the place in ``folder``, if it is one."""
    from sharewell.settings import open_place
    from sharewell.store.control import set_up_django

    yield _python()
    yield from (_package(name) for name in NEEDED)
    yield _disk(folder)
    try:
        place = open_place(folder)
    except SharewellError as error:
        yield Finding("place", Health.ILL, error.what, error.next_step)
        return
    set_up_django()
    yield Finding("place", Health.WELL, f"{place.settings.place.name}, settings read.")
    yield from (_checked(what, look, place) for what, look in LOOKS.items())


def _checked(what: str, look: Callable[[Place], Finding], place: Place) -> Finding:
    try:
        return look(place)
    except SharewellError as error:
        return Finding(what, Health.ILL, error.what, error.next_step)


def _python() -> Finding:
    version = ".".join(map(str, sys.version_info[:3]))
    return Finding("python", Health.WELL, f"Python {version}.")


def _package(name: str) -> Finding:
    try:
        return Finding(name, Health.WELL, f"{name} {importlib.metadata.version(name)}.")
    except importlib.metadata.PackageNotFoundError:
        return Finding(name, Health.ILL, f"{name} is not installed.", "Run `make install`.")


def _disk(folder: Path) -> Finding:
    free = shutil.disk_usage(folder if folder.exists() else Path()).free / 1e9
    if free >= LOW_DISK_GB:
        return Finding("disk", Health.WELL, f"{free:.0f} GB free.")
    return Finding("disk", Health.WARN, f"{free:.1f} GB free.", "Free some space before a large run.")


def _folders(place: Place) -> Finding:
    folders = (place.folder, place.inbox, place.outbox, place.store)
    closed = [each.name for each in folders if each.exists() and not os.access(each, os.W_OK)]
    if not closed:
        return Finding("folders", Health.WELL, "Every folder can be written.")
    return Finding(
        "folders",
        Health.ILL,
        f"These cannot be written: {', '.join(closed)}.",
        "Give this account the right to write there.",
    )


def _keys(place: Place) -> Finding:
    from sharewell.store.control import open_control_plane
    from sharewell.store.keys import KeyRing

    open_control_plane(place)
    KeyRing.open(place)
    file = place.keys / "root.key"
    if file.exists() and file.stat().st_mode & 0o077:
        return Finding("keys", Health.ILL, "Others can read the root key file.", "Set its mode to 0600.")
    return Finding("keys", Health.WELL, "The root key opens the place's keys.")


def _log(place: Place) -> Finding:
    from sharewell.audit.queries import verify_place

    verified = verify_place(place)
    if verified.ok:
        return Finding("audit", Health.WELL, f"{verified.entries} entries, unchanged.")
    return Finding(
        "audit", Health.ILL, "The log has been changed.", "Run `sharewell audit verify` and keep a copy."
    )


def _runs(place: Place) -> Finding:
    from sharewell.flows.queries import unfinished_runs

    waiting = unfinished_runs()
    if not waiting:
        return Finding("runs", Health.WELL, "No run was interrupted.")
    return Finding(
        "runs", Health.WARN, f"{waiting} run(s) were interrupted.", "The next run tidies up by itself."
    )


LOOKS: dict[str, Callable[[Place], Finding]] = {
    "folders": _folders,
    "keys": _keys,
    "audit": _log,
    "runs": _runs,
}


def _is_well(findings: list[Finding]) -> bool:
    return all(each.health is not Health.ILL for each in findings)


def _print(findings: list[Finding]) -> None:
    from rich.console import Console
    from rich.table import Table

    colour = {Health.WELL: "green", Health.WARN: "yellow", Health.ILL: "red"}
    table = Table("what", "health", "finding", "next")
    for each in findings:
        table.add_row(each.what, f"[{colour[each.health]}]{each.health}[/]", each.words, each.next_step)
    Console().print(table)
