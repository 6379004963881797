"""``sharewell check``: hold a list against a standard before it is sent, and say what to mend."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

if TYPE_CHECKING:
    from datetime import date

    from sharewell.cleaning.checked import Checked
    from sharewell.sources.terms import Standard

MEND: Final = 3
"""Exit code when the sender has something to mend; 0 when there is nothing (docs/errors.md)."""

_SHOWN_ROWS: Final = 5


def register(app: typer.Typer) -> None:
    """Add this command to sharewell's."""
    app.command("check")(check)


def check(
    file: Annotated[Path, typer.Argument(help="The list to check.")],
    standard: Annotated[
        str, typer.Option("--standard", "-s", help="The standard it should follow: a name or a file.")
    ],
    out: Annotated[
        Path | None, typer.Option("--out", dir_okay=False, help="The page to write (HTML), for people.")
    ] = None,
    show: Annotated[
        bool, typer.Option("--show", help="Show failing values. The report is then personal data.")
    ] = False,
    examples: Annotated[
        int, typer.Option("--examples", min=1, max=1000, help="How many cells of a kind to list.")
    ] = 20,
    sheet: Annotated[str | None, typer.Option("--sheet", help="The workbook's sheet to read.")] = None,
    folder: Annotated[Path, typer.Option("--dir", help="The place, or a folder inside it.")] = Path(),
    json: Annotated[bool, typer.Option("--json", help="Print JSON and nothing else.")] = False,
) -> None:
    """Check a list against a standard: every failing cell, what is wrong with it and what to do.

    Nothing is changed or kept. Ends with 0 when the list can be sent as it is, with 3 when it must be mended.
    """
    from datetime import date

    from sharewell.cleaning.check import Ask, check_file
    from sharewell.sources.standards import load_standard
    from sharewell.store.disk import require_other

    own = _own(folder)
    wanted = load_standard(standard, own)
    if out:
        require_other(out, [file])
    today = date.today()
    ask = Ask(examples=examples, show=show)
    checked = check_file(
        file,
        wanted,
        as_of=today,
        sheet=sheet,
        ask=ask,
        settled=lambda columns: _settled(own, wanted, columns),
    )
    if out:
        _write(out, checked, today, show=show)
    _tell(checked, out, json=json)
    raise typer.Exit(MEND if checked.needs_mending else 0)


def _settled(own: Path | None, standard: Standard, columns: tuple[str, ...]) -> dict[str, str | None]:
    """Return what a person confirmed about these columns, if this is a place and somebody did."""
    from sharewell.sources.map import load_confirmed

    return dict(load_confirmed(own, standard.name, columns) or {}) if own else {}


def _write(out: Path, checked: Checked, today: date, *, show: bool) -> None:
    from sharewell.cleaning.report import render_report
    from sharewell.look.pages import write_whole

    write_whole(out, render_report(checked, as_of=today, shown=show))


def _tell(checked: Checked, out: Path | None, *, json: bool) -> None:
    if json:
        import json as format

        told = {**checked.as_dict(), "report": str(out) if out else None}
        typer.echo(format.dumps(told, ensure_ascii=False, indent=2))
        return
    from sharewell.cleaning.report import columns_told, summary, verdict

    typer.echo(f"{checked.facts.name}: {verdict(checked)}.")
    for line in (*summary(checked), *columns_told(checked)):
        typer.echo(line)
    _tell_problems(checked)
    if out:
        typer.echo(f"The report: {out}")


def _tell_problems(checked: Checked) -> None:
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    table = Table(title="To mend", show_lines=True)
    for heading in ("Column", "Cells", "What is wrong", "What to do", "Rows"):
        table.add_column(heading, overflow="fold")
    for problem in checked.problems:
        if problem.outcome.needs_mending:
            rows = ", ".join(str(each.row) for each in problem.examples[:_SHOWN_ROWS])
            more = " …" if problem.cells > _SHOWN_ROWS else ""
            cells = (problem.column, f"{problem.cells:,}", problem.what, problem.advice, rows + more)
            table.add_row(*map(escape, cells))
    if table.row_count:
        Console().print(table)


def _own(folder: Path) -> Path | None:
    """Return the place's standards folder; outside a place only the shipped standards are there."""
    from sharewell.settings import find_place
    from sharewell.vocab.errors import PlaceMissing

    try:
        return find_place(folder).standards
    except PlaceMissing:
        return None
