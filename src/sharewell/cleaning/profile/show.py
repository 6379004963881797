"""What the command that profiles prints."""

from __future__ import annotations

from pathlib import Path

import typer

from sharewell.cleaning.profile.keep import as_json as in_json
from sharewell.cleaning.profile.terms import Profile


def show_profile(profile: Profile, written: tuple[Path, Path] | None, *, as_json: bool) -> None:
    """Print what is in a file in a few lines, or all of it as JSON."""
    if as_json:
        typer.echo(in_json(profile), nl=False)
        return
    from sharewell.cleaning.profile import words

    rows = "fewer than 8" if profile.rows is None else f"{profile.rows:,}"
    typer.echo(f"{profile.file}: {rows} rows in {words.many(len(profile.columns), 'column')}")
    for column in profile.columns:
        kind, filled = words.kind(column), words.fill(column.fill)
        typer.echo(f"  {column.name}: {kind}, {filled} filled, {column.distinct:,} distinct values")
    for drift in profile.drifts:
        typer.echo(f"  {drift.text}")
    if written:
        typer.echo(f"The page: {written[0]}. Keep {written[1]} for --last next time.")
