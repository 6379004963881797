"""``sharewell match``: give every record of a list the UPRN of its address."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sharewell.store.disk import require_other

if TYPE_CHECKING:
    from sharewell.sources.read import Read
    from sharewell.store.duckdb import DuckDB
    from sharewell.store.engine import Relation

File = Annotated[Path, typer.Argument(help="The list: CSV, Excel, JSON or Parquet.")]
Address = Annotated[
    list[str],
    typer.Option("--address", "-a", help="A column of the address. Repeat for each line, in order."),
]
Postcode = Annotated[str | None, typer.Option("--postcode", help="The column of postcodes.")]
Uprn = Annotated[
    str | None, typer.Option("--uprn", help="A column of known UPRNs: kept where the gazetteer has them.")
]
GazetteerFile = Annotated[
    Path, typer.Option("--gazetteer", "-g", help="The address gazetteer, or a prepared one's folder.")
]
Out = Annotated[Path, typer.Option("--out", "-o", help="Where to write the answers, as Parquet.")]
Sheet = Annotated[str | None, typer.Option("--sheet", help="The workbook's sheet to read.")]
Memory = Annotated[str, typer.Option("--memory", help="How much memory the engine may use.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON and nothing else.")]


def register(app: typer.Typer) -> None:
    """Add ``sharewell match``, ``gazetteer`` and ``lookup`` to the command line."""
    from sharewell.places import gazetteer_commands

    app.command("match")(match)
    gazetteer_commands.register(app)


def match(
    file: File,
    address: Address,
    gazetteer: GazetteerFile,
    out: Out,
    postcode: Postcode = None,
    uprn: Uprn = None,
    sheet: Sheet = None,
    memory: Memory = "4GB",
    as_json: AsJson = False,
) -> None:
    """Match the addresses of a list to UPRNs.

    Writes one row for every record: source_row (the record's number after the header, from 1), uprn, answer
    (unit, building when the unit is unknown, or none) and probability.
    """
    started = time.monotonic()
    require_other(out, [file, gazetteer])
    engine = _engine(memory)
    read = _read(file, engine, sheet)
    matched = _match(read, engine, gazetteer, address, postcode, uprn)
    counts = _counts(matched, read.set_aside)
    records = _write(matched, read.set_aside, out)
    seconds = round(time.monotonic() - started, 2)
    summary = {"records": records, **counts, "seconds": seconds, "out": out.name}
    if as_json:
        typer.echo(json.dumps(summary))
    else:
        _show(summary)


def _engine(memory: str) -> DuckDB:
    from sharewell.store.duckdb import DuckDB, Limits

    return DuckDB(limits=Limits(memory=memory))


def _read(file: Path, engine: DuckDB, sheet: str | None) -> Read:
    from sharewell.sources.read import read_source

    return read_source(file, engine, "records", sheet=sheet)


def _match(
    read: Read,
    engine: DuckDB,
    gazetteer: Path,
    address: Sequence[str],
    postcode: str | None,
    uprn: str | None,
) -> Relation:
    from sharewell.places.gazetteer import load_gazetteer
    from sharewell.places.match import match_addresses

    columns, name = read.facts.columns, read.facts.name
    lines = [_column(line, columns, name) for line in address]
    at = _column(postcode, columns, name) if postcode else None
    known = _column(uprn, columns, name) if uprn else None
    loaded = load_gazetteer(gazetteer, engine)
    return match_addresses(read.kept, loaded, "matched", address=lines, postcode=at, uprn=known)


def _column(name: str, columns: Sequence[str], file: str) -> str:
    """Return the file's column of that name, exactly or but for case. Raises UnknownColumn."""
    from sharewell.vocab.errors import UnknownColumn, Where

    if name in columns:
        return name
    alike = [column for column in columns if column.strip().casefold() == name.strip().casefold()]
    if len(alike) == 1:
        return alike[0]
    raise UnknownColumn(
        f"The file has no column '{name}'."
        if not alike
        else f"Several columns are called '{name}' but for case.",
        f"Name one of: {', '.join(columns)}.",
        Where(file=file, column=name),
    )


def _counts(matched: Relation, aside: Relation) -> dict[str, int]:
    """Return how many records got each answer; those set aside got none."""
    from sharewell.places.terms import Answer
    from sharewell.store.engine import quoted

    found = matched.engine.fetch(f"SELECT answer, count(*) AS n FROM {quoted(matched.name)} GROUP BY answer")
    counts = {answer.value: 0 for answer in (Answer.UNIT, Answer.BUILDING, Answer.NONE)}
    counts |= {row["answer"]: row["n"] for row in found.to_pylist()}
    counts[Answer.NONE] += aside.count()
    return {**counts, "set_aside": aside.count()}


def _write(matched: Relation, aside: Relation, out: Path) -> int:
    from sharewell.places.write import write_matches
    from sharewell.vocab.errors import FileMissing, Where

    if not out.absolute().parent.is_dir():
        raise FileMissing(
            "The folder to write to does not exist.", "Make it first.", Where(file=out.parent.name)
        )
    return write_matches(matched, aside, out)


def _show(summary: dict[str, object]) -> None:
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    table = Table(title="Matched", show_header=False)
    for name, value in summary.items():
        shown = f"{value:,}" if isinstance(value, (int, float)) else str(value)
        table.add_row(name.replace("_", " "), escape(shown))
    Console(stderr=True).print(table)
