"""``sharewell map`` and ``sharewell standard``: say what columns mean, and see what lists should hold."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from sharewell.settings import Place
    from sharewell.sources.changed import Change
    from sharewell.sources.delivery import Settled
    from sharewell.sources.read import Read
    from sharewell.sources.terms import ColumnGuess, Standard

File = Annotated[str, typer.Argument(help="The list whose columns to map: a file, or its address.")]
StandardName = Annotated[str, typer.Option("--standard", "-s", help="The standard it should follow.")]
Folder = Annotated[Path, typer.Option("--dir", help="The place, or a folder inside it.")]
Set = Annotated[
    list[str] | None, typer.Option("--set", help="COLUMN=FIELD: what a column means. Repeat at will.")
]
LeaveOut = Annotated[
    list[str] | None, typer.Option("--leave-out", help="A column to leave out. Repeat at will.")
]
Confirm = Annotated[
    bool, typer.Option("--confirm", help="Keep this mapping: the next delivery goes unattended.")
]
Supplier = Annotated[
    str | None,
    typer.Option("--supplier", help="Whose file it is. The inbox folder it lies in unless given."),
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON and nothing else.")]
Sheet = Annotated[str | None, typer.Option("--sheet", help="The workbook's sheet to read.")]


def register(app: typer.Typer) -> None:
    """Add these commands to sharewell's."""
    from sharewell.sources import standard_commands

    standards = typer.Typer(help="See the standards that lists should follow.", no_args_is_help=True)
    standards.command("list")(list_standards)
    standards.command("show")(show_standard)
    standard_commands.register(standards)
    app.add_typer(standards, name="standard")
    app.command("map")(map_columns)


def map_columns(
    file: File,
    standard: StandardName,
    folder: Folder = Path(),
    supplier: Supplier = None,
    settings: Set = None,
    leave_out: LeaveOut = None,
    confirm: Confirm = False,
    sheet: Sheet = None,
    json: Json = False,
) -> None:
    """Show what the columns of a file are taken to mean, and what changed since its supplier's last one.

    --confirm accepts every guess and change as shown; columns without a guess are left out.
    """
    from dataclasses import replace

    from sharewell.settings import find_place
    from sharewell.sources.delivery import remember, sample_of, settle_mapping
    from sharewell.sources.layout import supplier_of
    from sharewell.sources.standards import load_standard

    place = find_place(folder)
    wanted = load_standard(standard, place.standards)
    read = _read(file, sheet, wanted, place)
    columns, own, sample = read.facts.columns, place.standards, sample_of(read.kept)
    whose = supplier or supplier_of(Path(file), place.inbox)
    told = _told(settings or [], leave_out or [], columns)
    settled = settle_mapping(columns, wanted, sample, own, whose, told)
    if confirm:
        remember(own, settled, columns)
        settled = settle_mapping(columns, wanted, sample, own, whose)
    settled = replace(settled, options=_options(sheet, folder))
    _show_mapping(settled, read, file, json=json, confirmed=confirm)


def _options(sheet: str | None, folder: Path) -> tuple[str, ...]:
    """Return those of the words given that the confirming command needs too."""
    place = () if folder == Path() else ("--dir", str(folder))
    return (*(("--sheet", sheet) if sheet else ()), *place)


def _read(file: str, sheet: str | None, standard: Standard, place: Place) -> Read:
    """Read a file, or what lies at an address; what was fetched is removed again."""
    from sharewell.sources.origin import is_origin
    from sharewell.sources.read import read_source
    from sharewell.sources.rulers import spans_of
    from sharewell.store.duckdb import DuckDB

    def read(path: Path) -> Read:
        return read_source(path, DuckDB(), "mapping", sheet=sheet, spans=spans_of(standard))

    if not is_origin(file):
        return read(Path(file))
    from sharewell.sources.connect import fetched
    from sharewell.store.lock import only_run

    with only_run(place), fetched(file, place) as path:
        return read(path)


def _told(settings: list[str], leave_out: list[str], columns: tuple[str, ...]) -> dict[str, str | None]:
    """Return what the options say about columns. Raises UnknownColumn."""
    pairs: list[tuple[str, str | None]] = [(name, None) for name in leave_out]
    pairs += [(name.strip(), field.strip()) for name, _, field in (text.rpartition("=") for text in settings)]
    return {_column(name, columns): field for name, field in pairs}


def _column(name: str, columns: tuple[str, ...]) -> str:
    from sharewell.vocab.errors import UnknownColumn, Where

    if name not in columns:
        raise UnknownColumn(
            f"The file has no column '{name}'.", f"Name one of: {', '.join(columns)}.", Where(column=name)
        )
    return name


def _show_mapping(settled: Settled, read: Read, file: str, *, json: bool, confirmed: bool) -> None:
    command = None if settled.is_settled else settled.command(file)
    guesses = settled.mapping.guesses
    if json:
        _print_json(
            {
                "file": read.facts.name,
                "standard": settled.mapping.standard,
                "supplier": settled.supplier,
                "certain": settled.is_settled,
                "confirmed": confirmed,
                "columns": [_plainly(guess) for guess in guesses],
                "changes": [
                    {**_plainly(change), "needs_a_person": change.needs_a_person}
                    for change in settled.changes
                ],
                "next": command,
            }
        )
        return
    rows = [
        (g.column, g.field or "(left out)", g.how.value, f"{g.confidence:.0%}", g.reason) for g in guesses
    ]
    title = f"{read.facts.name} as {settled.mapping.standard}"
    _print_table(title, ("Column", "Field", "How", "Sure", "Why"), rows)
    _say_changes(settled)
    typer.echo(f"To confirm: {command}" if command else "Every column is certain.")


def _plainly(item: ColumnGuess | Change) -> dict[str, object]:
    from dataclasses import asdict

    return asdict(item)


def _say_changes(settled: Settled) -> None:
    if settled.changes:
        typer.echo(f"Since the last confirmed delivery of '{settled.supplier}':")
    for change in settled.changes:
        typer.echo(f"- {change.text} ({change.confidence:.0%} sure)")


def list_standards(folder: Folder = Path(), json: Json = False) -> None:
    """List the standards: the place's own and those that come with sharewell."""
    from sharewell.sources.standards import every_standard, load_standard

    own = _own_standards(folder)
    found = [load_standard(name, own) for name in every_standard(own)]
    if json:
        _print_json(
            [{"name": s.name, "version": s.version, "title": s.title, "fields": len(s.fields)} for s in found]
        )
        return
    rows = [(item.name, item.title, str(len(item.fields))) for item in found]
    _print_table("Standards", ("Name", "Title", "Fields"), rows)


def show_standard(
    name: Annotated[str, typer.Argument()], folder: Folder = Path(), json: Json = False
) -> None:
    """Show the fields of a standard."""
    from sharewell.sources.standards import load_standard

    standard = load_standard(name, _own_standards(folder))
    if json:
        _print_json(_as_dict(standard))
        return
    rows = [
        (field.name, field.title, field.type.value, "yes" if field.required else "", field.sensitivity.value)
        for field in standard.fields
    ]
    _print_table(standard.title, ("Field", "Title", "Type", "Required", "Sensitivity"), rows)
    typer.echo(standard.description)


def _own_standards(folder: Path) -> Path | None:
    """Return the place's standards folder; outside a place only the shipped standards are there."""
    from sharewell.settings import find_place
    from sharewell.vocab.errors import PlaceMissing

    try:
        return find_place(folder).standards
    except PlaceMissing:
        return None


def _as_dict(standard: Standard) -> object:
    from dataclasses import asdict

    return asdict(standard)


def _print_json(document: object) -> None:
    import json

    typer.echo(json.dumps(document, ensure_ascii=False, indent=2))


def _print_table(title: str, headings: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> None:
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    table = Table(title=escape(title))
    for place, heading in enumerate(headings):
        table.add_column(heading, overflow="fold", no_wrap=place == 0)
    for row in rows:
        table.add_row(*map(escape, row))
    Console().print(table)
