"""What the commands of giving back print."""

from __future__ import annotations

import json
from pathlib import Path

import typer

from sharewell.cleaning.giveback.terms import Answers, TakenBack


def show_given(answers: Answers, rows: int, out: Path, *, as_json: bool) -> None:
    """Print how many rows went into the workbook."""
    if as_json:
        typer.echo(json.dumps({"file": answers.file, "set_aside": rows, "workbook": str(out)}))
        return
    typer.echo(f"{rows:,} rows of {answers.file} that were set aside are in {out}.")
    typer.echo(f"When it comes back: sharewell takeback {answers.folder} {out}")


def show_taken(taken: TakenBack, *, as_json: bool) -> None:
    """Print what became of the rows that came back."""
    if as_json:
        typer.echo(json.dumps(vars(taken)))
        return
    typer.echo(f"{taken.returned:,} rows came back mended: {taken.now_kept:,} are kept now,")
    typer.echo(
        f"{taken.still_set_aside:,} stay set aside. Of {taken.rows_in:,} records {taken.kept:,} are kept"
    )
    typer.echo(f"and {taken.set_aside:,} set aside.")
