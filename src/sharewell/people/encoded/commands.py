"""``sharewell encode-key``, ``encode`` and ``overlap``: who is on both lists, without showing who."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sharewell.people.commands import (
    AsJson,
    Born,
    FirstName,
    Folder,
    FullName,
    Memory,
    NhsNumber,
    Postcode,
    StandardName,
    Surname,
    Uprn,
    columns_named,
    engine_of,
    gather,
    silently,
)
from sharewell.people.encoded.terms import Answer
from sharewell.store.disk import require_other

if TYPE_CHECKING:
    from sharewell.people.encoded.encode import Encoded
    from sharewell.store.duckdb import DuckDB

Agreement = Annotated[str, typer.Option("--agreement", help="The agreement that the key is for.")]
Between = Annotated[list[str], typer.Option("--between", help="An organisation. Give it twice.")]
Ends = Annotated[datetime, typer.Option("--ends", formats=["%Y-%m-%d"], help="The key's last day.")]
Records = Annotated[int, typer.Option("--records", min=1, help="About how many records the longer list has.")]
Fields = Annotated[list[str] | None, typer.Option("--field", help="What is compared. Repeat for each field.")]
KeyFile = Annotated[Path, typer.Option("--key", help="The key of the agreement.")]
KeyOut = Annotated[Path, typer.Option("--out", "-o", help="The key file to write. Guard it like the lists.")]
Party = Annotated[str, typer.Option("--as", help="Which of the two organisations you are.")]
Handles = Annotated[
    Path, typer.Option("--handles", help="Where to write which handle is which row. Keep it.")
]
EncodedOut = Annotated[Path, typer.Option("--out", "-o", help="The encoded list to write, as Parquet.")]
List = Annotated[Path, typer.Argument(help="The list: CSV, Excel, JSON or Parquet.")]
OneList = Annotated[Path, typer.Argument(metavar="A", help="One organisation's encoded list.")]
OtherList = Annotated[Path, typer.Argument(metavar="B", help="The other's.")]
AnswerOut = Annotated[Path | None, typer.Option("--out", "-o", help="The answer: linked handles as Parquet.")]
Linked = Annotated[bool, typer.Option("--linked/--counts", help="Say which handles are linked, or how many.")]


def register(app: typer.Typer) -> None:
    """Add the commands of private linking to the command line."""
    app.command("encode-key")(encode_key)
    app.command("encode")(encode)
    app.command("overlap")(overlap)


def encode_key(
    agreement: Agreement,
    between: Between,
    ends: Ends,
    records: Records,
    out: KeyOut,
    field: Fields = None,
    as_json: AsJson = False,
) -> None:
    """Make the key that two organisations encode their lists with, for one agreement. It is never shown.

    Give both organisations the file, and whoever compares the encoded lists never.
    """
    from sharewell.people.encoded.keys import make_key, require_not_ended, write_key
    from sharewell.people.encoded.rules import DEFAULT_FIELDS

    key = make_key(agreement, between, ends.date(), records, field or DEFAULT_FIELDS)
    require_not_ended(key.terms, date.today())
    write_key(key, out)
    told: dict[str, object] = {
        "out": out.name,
        "agreement": agreement,
        "fields": list(key.terms.fields),
        "ends": str(ends.date()),
    }
    _show(told, as_json=as_json)


def encode(
    file: List,
    key: KeyFile,
    party: Party,
    out: EncodedOut,
    handles: Handles,
    standard: StandardName = None,
    folder: Folder = Path(),
    first_name: FirstName = None,
    surname: Surname = None,
    full_name: FullName = None,
    dob: Born = None,
    postcode: Postcode = None,
    uprn: Uprn = None,
    nhs_number: NhsNumber = None,
    memory: Memory = "4GB",
    as_json: AsJson = False,
) -> None:
    """Encode a list under a key, to be compared without being read.

    The encoded list holds random handles and bits. Which handle is which record stays in --handles, with
    every record that was set aside and why, and the decoys.
    """
    from sharewell.people.encoded.files import write_encoded

    columns = columns_named(locals() | {"date_of_birth": dob})
    for path in (out, handles):
        require_other(path, [file, key])
    _require_two_files(out, handles)
    engine = engine_of(memory)
    encoded = _encode(file, engine, key, party, (standard, folder, columns))
    told: dict[str, object] = {
        "records": encoded.records + encoded.set_aside,
        "encoded": encoded.records,
        "set_aside": encoded.set_aside,
        "decoys": encoded.rows.num_rows - encoded.records,
    }
    write_encoded(encoded, out, handles)
    _show({**told, "out": out.name, "handles": handles.name}, as_json=as_json)


def _encode(
    file: Path, engine: DuckDB, key: Path, party: str, told: tuple[str | None, Path, dict[str, str]]
) -> Encoded:
    """Read a list by its standard or by the columns named, and encode it."""
    from sharewell.people.encoded.encode import encode_records
    from sharewell.people.encoded.keys import read_key, require_not_ended

    standard, folder, columns = told
    secret = read_key(key)
    require_not_ended(secret.terms, date.today())
    gathered = gather([file], engine, standard, folder, columns, None, silently)
    return encode_records(gathered, engine, secret, party)


def overlap(
    a: OneList,
    b: OtherList,
    out: AnswerOut = None,
    linked: Linked = False,
    as_json: AsJson = False,
) -> None:
    """Say how many people are on both of two encoded lists; the key is not needed and must not be here.

    Fewer than 10 are not counted, and counts are rounded to 5. With --linked, the linked handles are
    written: handle_a and handle_b, which only the organisations can read.
    """
    from sharewell.people.encoded.overlap import overlap as compare
    from sharewell.people.encoded.overlap import write_answer

    if linked and out is None:
        raise typer.BadParameter("--linked needs --out for the linked handles")
    if out is not None:
        require_other(out, [a, b])
    found = compare(a, b, Answer.LINKED if linked else Answer.COUNTS, date.today())
    told: dict[str, object] = {**found.counts}
    if out is not None:
        write_answer(found, out)
        told["out"] = out.name
    _show(told, as_json=as_json)


def _require_two_files(out: Path, handles: Path) -> None:
    if out.absolute() == handles.absolute():
        raise typer.BadParameter("--out is handed over and --handles is kept: they must be two files")


def _show(told: dict[str, object], *, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(told))
        return
    for name, value in told.items():
        shown = ", ".join(value) if isinstance(value, list) else str(value)
        typer.echo(f"{name.replace('_', ' ')}: {shown}")
