"""``sharewell link``: say which records of which files are of one person."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sharewell.store.disk import require_other

if TYPE_CHECKING:
    from sharewell.people.gather import Gathered
    from sharewell.people.link import Linkage
    from sharewell.store.duckdb import DuckDB

Files = Annotated[list[Path], typer.Argument(help="The lists: CSV, Excel, JSON or Parquet.")]
Out = Annotated[Path, typer.Option("--out", "-o", help="Where to write who is who, as Parquet.")]
StandardName = Annotated[
    str | None,
    typer.Option("--standard", "-s", help="The standard the files follow: they are cleaned by it."),
]
Folder = Annotated[Path, typer.Option("--dir", help="The place, or a folder inside it.")]
Source = Annotated[str | None, typer.Option("--source", help="Column that says which list a record is of.")]
FirstName = Annotated[str | None, typer.Option("--first-name", help="Column of first names.")]
Surname = Annotated[str | None, typer.Option("--surname", help="Column of surnames.")]
FullName = Annotated[str | None, typer.Option("--full-name", help="Column of whole names.")]
Born = Annotated[str | None, typer.Option("--dob", help="Column of dates of birth.")]
Postcode = Annotated[str | None, typer.Option("--postcode", help="Column of postcodes.")]
Uprn = Annotated[str | None, typer.Option("--uprn", help="Column of UPRNs.")]
NhsNumber = Annotated[str | None, typer.Option("--nhs-number", help="Column of NHS numbers.")]
BirthPlace = Annotated[str | None, typer.Option("--birth-place", help="Column of birth places.")]
Occupation = Annotated[str | None, typer.Option("--occupation", help="Column of occupations.")]
Memory = Annotated[str, typer.Option("--memory", help="How much memory the engine may use.")]
Seed = Annotated[int, typer.Option("--seed", help="For the same answer from the same lists.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON and nothing else.")]


def register(app: typer.Typer) -> None:
    """Add ``sharewell link`` to the command line."""
    app.command("link")(link)


def link(
    files: Files,
    out: Out,
    standard: StandardName = None,
    folder: Folder = Path(),
    source: Source = None,
    first_name: FirstName = None,
    surname: Surname = None,
    full_name: FullName = None,
    dob: Born = None,
    postcode: Postcode = None,
    uprn: Uprn = None,
    nhs_number: NhsNumber = None,
    birth_place: BirthPlace = None,
    occupation: Occupation = None,
    memory: Memory = "4GB",
    seed: Seed = 1,
    as_json: AsJson = False,
) -> None:
    """Link the records of one person across files and within them.

    Writes one row for every record of every file: source, source_row (the record's number after the header,
    from 1), person and match_weight (bits of evidence; empty for a record that stands alone).
    """
    named = {
        "first_name": first_name,
        "surname": surname,
        "full_name": full_name,
        "date_of_birth": dob,
        "postcode": postcode,
        "uprn": uprn,
        "nhs_number": nhs_number,
        "birth_place": birth_place,
        "occupation": occupation,
    }
    columns = {name: column for name, column in named.items() if column}
    started = time.monotonic()
    tell = _silent if as_json else _tell
    require_other(out, files)
    engine = _engine(memory)
    gathered = _gather(files, engine, standard, folder, columns, source, tell)
    linkage = _link(gathered, engine, seed, tell)
    _finish(linkage, gathered, out, seconds=lambda: time.monotonic() - started, as_json=as_json)


def _silent(_: str) -> None:
    return None


def _tell(step: str) -> None:
    typer.echo(f"  {step}", err=True)


def _engine(memory: str) -> DuckDB:
    from sharewell.store.duckdb import DuckDB, Limits

    return DuckDB(limits=Limits(memory=memory))


def _gather(
    files: list[Path],
    engine: DuckDB,
    standard: str | None,
    folder: Path,
    columns: dict[str, str],
    source: str | None,
    tell: Callable[[str], None],
) -> Gathered:
    from sharewell.people.gather import gather_by_columns, gather_by_standard

    if standard is None:
        _require_something(columns)
        tell("reading the files")
        return gather_by_columns(files, engine, columns, source)
    from datetime import date

    from sharewell.sources.standards import load_standard

    if columns or source:
        raise typer.BadParameter("give --standard or name the columns, not both")
    own = _own_standards(folder)
    tell("reading the files")
    return gather_by_standard(files, engine, load_standard(standard, own), own, date.today())


def _require_something(columns: dict[str, str]) -> None:
    if not columns:
        raise typer.BadParameter(
            "nothing to compare: give --standard NAME, or name at least one column, "
            "such as --surname SURNAME --dob BORN"
        )


def _own_standards(folder: Path) -> Path | None:
    from sharewell.settings import find_place
    from sharewell.vocab.errors import PlaceMissing

    try:
        return find_place(folder).standards
    except PlaceMissing:
        return None


def _link(gathered: Gathered, engine: DuckDB, seed: int, tell: Callable[[str], None]) -> Linkage:
    from sharewell.people.link import link_people

    return link_people(gathered.records, engine, "linked", extra=gathered.extra, progress=tell, seed=seed)


def _finish(
    linkage: Linkage, gathered: Gathered, out: Path, *, seconds: Callable[[], float], as_json: bool
) -> None:
    from sharewell.people.gather import write_people
    from sharewell.store.engine import quoted

    linked = linkage.linked
    alone = gathered.aside.count()
    counted = linked.engine.fetch(f"SELECT count(DISTINCT person) AS people FROM {quoted(linked.name)}")
    summary = {
        "records": write_people(linked, gathered.aside, out),
        "people": int(counted["people"][0].as_py()) + alone,
        "set_aside": alone,
        "seconds": round(seconds(), 2),
        "out": out.name,
    }
    notes = [*gathered.notes, *linkage.notes]
    if as_json:
        told = [{"code": note.code, "text": note.text, "rows": note.rows} for note in notes]
        typer.echo(json.dumps({**summary, "notes": told}))
        return
    _show(summary, [note.text for note in notes if note.code != "people_linked"])


def _show(summary: dict[str, object], notes: list[str]) -> None:
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    table = Table(title="Linked", show_header=False)
    for name, value in summary.items():
        shown = f"{value:,}" if isinstance(value, (int, float)) else str(value)
        table.add_row(name.replace("_", " "), escape(shown))
    console = Console()
    console.print(table)
    for note in notes:
        console.print(f"Note: {escape(note)}")
