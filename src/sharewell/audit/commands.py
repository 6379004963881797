"""``sharewell audit``: check the log, list it, prove an entry."""

from __future__ import annotations

import json
import os
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sharewell.vocab.errors import AuditBroken, SettingsInvalid

if TYPE_CHECKING:
    from sharewell.audit.terms import LogEntry, Verified
    from sharewell.settings import Place

Dir = Annotated[Path, typer.Option("--dir", help="The place's folder, or one inside it.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON only.")]
HERE = Path()
NEXT_VARIABLE = "SHAREWELL_NEXT_ROOT_KEY"


def register(app: typer.Typer) -> None:
    """Add the folder's commands to the command line."""
    audit = typer.Typer(
        help="What happened, who did it, and proof that it is unchanged.", no_args_is_help=True
    )
    audit.command("verify")(verify)
    audit.command("list")(list_entries)
    audit.command("prove")(prove_entry)
    app.add_typer(audit, name="audit")
    key = typer.Typer(help="The keys that the records are encrypted under.", no_args_is_help=True)
    key.command("show")(show_keys)
    key.command("rotate")(rotate_key)
    app.add_typer(key, name="key")


def verify(
    folder: Dir = HERE,
    file: Annotated[
        Path | None, typer.Option("--file", help="A control database, or a store folder, instead of a place.")
    ] = None,
    checkpoints: Annotated[
        Path | None, typer.Option("--checkpoints", help="A checkpoints file that a party kept.")
    ] = None,
    public_key: Annotated[
        str | None, typer.Option("--public-key", help="The log's public key, in hex.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Check that no entry was changed, removed, added or moved. Exit code 0 only when the log is whole."""
    found = _check(folder, file, checkpoints, _key(public_key))
    if as_json:
        typer.echo(json.dumps(found.as_dict()))
    else:
        _print_finding(found)
    if not found.ok:
        raise typer.Exit(AuditBroken.exit_code)


def list_entries(
    folder: Dir = HERE,
    newest: Annotated[int, typer.Option("--newest", min=1, help="How many of the newest entries.")] = 20,
    as_json: AsJson = False,
) -> None:
    """List the newest entries of a place's log."""
    from sharewell.audit.queries import entries

    _open(folder)
    found = entries(newest=newest)
    if as_json:
        typer.echo(json.dumps([asdict(entry) for entry in found]))
    else:
        _print_entries(found)


def prove_entry(
    sequence: Annotated[int, typer.Argument(help="The entry's number.")],
    folder: Dir = HERE,
    as_json: AsJson = False,
) -> None:
    """Print the proof that an entry is in the log, for anyone who holds a checkpoint (RFC 6962)."""
    from sharewell.audit.queries import prove

    found = prove(sequence, _open(folder).control)
    if as_json:
        typer.echo(json.dumps(found.as_dict()))
        return
    typer.echo(f"Entry {found.sequence} of {found.size}\n\n{found.leaf}\n\nPath, from the leaf up:")
    typer.echo("\n".join(found.path) or "(none: it is the only entry)")
    typer.echo(f"\nSigned checkpoint:\n\n{found.note}", nl=False)


def _check(folder: Path, file: Path | None, checkpoints: Path | None, key: bytes | None) -> Verified:
    from sharewell.audit.queries import checkpoints_beside, verify_log, verify_place
    from sharewell.settings import find_place

    if file is None:
        place = find_place(folder)
        if checkpoints is None and key is None:
            return verify_place(place)
        file = place.control
    own = checkpoints_beside(file)
    if checkpoints is None:
        return verify_log(file, checkpoints=own, public_key=key)
    return verify_log(file, checkpoints=checkpoints, public_key=key, may_lag=True)


def _key(text: str | None) -> bytes | None:
    try:
        key = bytes.fromhex(text) if text else None
    except ValueError:
        key = b""
    if key is not None and len(key) != 32:
        raise SettingsInvalid(
            "The public key is not 64 hex digits.", "Copy it from any checkpoint of the log."
        )
    return key


def _open(folder: Path) -> Place:
    from sharewell.settings import find_place
    from sharewell.store.control import open_control_plane

    place = find_place(folder)
    open_control_plane(place)
    return place


def _print_finding(found: Verified) -> None:
    from rich.console import Console

    console = Console(soft_wrap=True, highlight=False)
    if found.ok:
        console.print(f"[green]Whole.[/green] {found.entries} entries, none changed.\nRoot {found.root}")
        return
    console.print(f"[red]Broken.[/red] {found.entries} entries, {len(found.problems)} problems:")
    for problem in found.problems:
        console.print(f"- {problem.words}", markup=False)


def _print_entries(found: tuple[LogEntry, ...]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table("Entry", "When (UTC)", "By", "Action", "Agreement", "Recipient", "People")
    for entry in found:
        about = (entry.recorded_at, entry.by, entry.action, entry.agreement, entry.recipient)
        table.add_row(str(entry.sequence), *about, str(entry.subjects_count))
    Console().print(table)


def show_keys(folder: Dir = Path(), as_json: AsJson = False) -> None:
    """Show which keys the place holds, by kind, owner and age: never a key itself."""
    place = _open_keys(folder)
    from sharewell.store.keys import KeyRing

    ring = KeyRing.open(place)
    held = ring.held()
    if as_json:
        typer.echo(json.dumps({"root": ring.fingerprint, "keys": held}))
        return
    typer.echo(f"Root key {ring.fingerprint}")
    for each in held:
        typer.echo(f"{each['kind']:<14}{each['owner'] or 'the place':<30}{each['made_at']}")


def rotate_key(
    folder: Dir = Path(),
    organisation: Annotated[
        str | None, typer.Option("--organisation", help="Rotate this organisation's key, not the root key.")
    ] = None,
    by: Annotated[str, typer.Option("--by", help="Who acts: a role or an account.")] = "",
    as_json: AsJson = False,
) -> None:
    """Make a new key and wrap what the old one wrapped under it. No file of records is rewritten.

    Where the root key is in the environment, give the next one as SHAREWELL_NEXT_ROOT_KEY, then set
    SHAREWELL_ROOT_KEY to it.
    """
    from sharewell.store.lock import only_run

    place = _open_keys(folder)
    from sharewell.audit.rotate import rotate
    from sharewell.store.keys import KeyRing

    with only_run(place):
        ring = KeyRing.open(place)
        rotate(ring, organisation, _next_root(), by=by or "unknown")
    rotated = "root" if organisation is None else organisation
    if as_json:
        typer.echo(json.dumps({"rotated": rotated, "root": ring.fingerprint}))
        return
    typer.echo(f"Rotated the key: {rotated}. The root key is now {ring.fingerprint}.")


def _open_keys(folder: Path) -> Place:
    from sharewell.settings import find_place
    from sharewell.store.control import open_control_plane

    place = find_place(folder)
    open_control_plane(place)
    return place


def _next_root() -> bytes | None:
    from sharewell.store.rootkey import decoded

    given = os.environ.get(NEXT_VARIABLE)
    return None if given is None else decoded(given, NEXT_VARIABLE)
