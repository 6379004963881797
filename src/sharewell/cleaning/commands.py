"""``sharewell clean`` and ``sharewell explain``: a clean table with every change told, or one row of it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from sharewell.cleaning.actions import Order
    from sharewell.cleaning.giveback.terms import Answers
    from sharewell.settings import Place
    from sharewell.store.duckdb import Limits

File = Annotated[Path, typer.Argument(help="The list to clean.")]
StandardName = Annotated[
    str,
    typer.Option("--standard", "-s", help="The standard it should follow: a name or a Table Schema file."),
]
Out = Annotated[Path, typer.Option("--out", "-o", help="The folder to write.")]
Sheet = Annotated[str | None, typer.Option("--sheet", help="The workbook's sheet to read.")]
AsOf = Annotated[
    str | None, typer.Option("--as-of", help="The day the list is for, as 2026-01-31; else today.")
]
Without = Annotated[
    list[str] | None,
    typer.Option("--without", help="COLUMN:RULE: undo a rule for a column. Repeat at will."),
]
AnswersOption = Annotated[
    Path | None,
    typer.Option("--answers", help="The folder it was cleaned into, to see what `takeback` made of the row."),
]
Folder = Annotated[Path, typer.Option("--dir", help="The place, or a folder inside it.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON and nothing else.")]


def register(app: typer.Typer) -> None:
    """Add these commands to sharewell's."""
    app.command("clean")(clean_list)
    app.command("explain")(explain_one_row)


def clean_list(
    file: File,
    standard: StandardName,
    out: Out,
    sheet: Sheet = None,
    as_of: AsOf = None,
    without: Without = None,
    folder: Folder = Path(),
    json: Json = False,
) -> None:
    """Clean a list: every change explained, every unusable row set aside with its reason, no row lost."""
    from sharewell.cleaning.actions import clean_file

    place = _place(folder)
    account = clean_file(_order(file, standard, place, sheet, as_of, without), out)
    if json:
        _print_json(vars(account))
        return
    typer.echo(f"{account.rows_in:,} records in {file.name}")
    typer.echo(f"{account.kept:,} kept, {account.set_aside:,} set aside, {account.changes:,} cells changed")
    typer.echo(f"{account.not_records:,} lines were no records (headings, titles, blank lines, footers)")
    typer.echo(f"Written to {out}. `sharewell explain {file}:ROW --standard {standard}` explains one row.")


def explain_one_row(
    where: Annotated[str, typer.Argument(metavar="FILE:ROW", help="The list, and the record from 1.")],
    standard: StandardName,
    sheet: Sheet = None,
    as_of: AsOf = None,
    without: Without = None,
    answers: AnswersOption = None,
    folder: Folder = Path(),
    json: Json = False,
) -> None:
    """Show one row's cells before and after cleaning, each with its rule and why.

    It prints the row's values: they may be personal.
    """
    from sharewell.cleaning.one_row import explain_row

    name, _, row = where.rpartition(":")
    if not name or not row.isdecimal():
        raise typer.BadParameter("Write FILE:ROW, such as list.csv:12.")
    order = _order(Path(name), standard, _place(folder), sheet, as_of, without)
    told = explain_row(order, int(row), _opened(answers, order) if answers else None)
    if json:
        _print_json(told)
        return
    _show_row(told)


def _opened(folder: Path, order: Order) -> Answers:
    from sharewell.cleaning.giveback import open_answers

    return open_answers(folder, lambda _: order.standard)


def _order(
    file: Path,
    standard: str,
    place: Place | None,
    sheet: str | None,
    as_of: str | None,
    without: list[str] | None,
) -> Order:
    from sharewell.cleaning.actions import Order
    from sharewell.cleaning.undo import read_undone
    from sharewell.sources.standards import load_standard

    wanted = load_standard(standard, place.standards if place else None)

    def confirmed(columns: tuple[str, ...]) -> Mapping[str, str | None] | None:
        from sharewell.sources.map import load_confirmed

        return load_confirmed(place.standards, wanted.name, columns) if place else None

    return Order(
        file=file,
        standard=wanted,
        as_of=_day(as_of),
        sheet=sheet,
        without=read_undone(without or [], wanted),
        confirmed=confirmed,
        limits=_limits(place),
        place=place,
    )


def _day(text: str | None) -> date:
    from datetime import date, datetime

    from sharewell.vocab.clock import LONDON

    if text is None:
        return datetime.now(LONDON).date()
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter("Write the day as 2026-01-31.", param_hint="--as-of") from None


def _place(folder: Path) -> Place | None:
    """Return the place that holds a folder; a list may be cleaned outside any place."""
    from sharewell.settings import FILE_NAME, find_place

    start = folder.resolve()
    is_place = any((each / FILE_NAME).is_file() for each in (start, *start.parents))
    return find_place(folder) if is_place else None


def _limits(place: Place | None) -> Limits:
    """Return the engine's share of the memory that the place, or the environment, allows."""
    from sharewell.cleaning.share import engine_limits
    from sharewell.settings import Settings

    store = (place.settings if place else Settings()).store
    return engine_limits(store.threads, store.memory)


def _show_row(told: dict[str, Any]) -> None:
    line = f", line {told['line']}" if told["line"] else ""
    _show_fate(f"{told['file']}, row {told['row']}{line}", told)
    if told["raw"] is not None:
        typer.echo(f"  as it stands: {told['raw']}")
    _show_cells(told["cells"])
    if told["taken_back"]:
        _show_fate("Taken back, mended by its sender", told["taken_back"])
        _show_cells(told["taken_back"]["cells"])


def _show_fate(what: str, told: Mapping[str, Any]) -> None:
    typer.echo(f"{what}: {told['fate'].replace('_', ' ')}")
    for reason in told["reasons"]:
        typer.echo(f"  {reason['reason']}: {reason['why']}")


def _show_cells(cells: Sequence[Mapping[str, str | None]]) -> None:
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    table = Table()
    for heading in ("Column", "Before", "After", "Rule", "Why"):
        table.add_column(heading, overflow="fold")
    for cell in cells:
        table.add_row(*(escape(cell[key] or "") for key in ("column", "before", "after", "rule", "why")))
    if cells:
        Console().print(table)


def _print_json(document: object) -> None:
    import json

    typer.echo(json.dumps(document, ensure_ascii=False))
