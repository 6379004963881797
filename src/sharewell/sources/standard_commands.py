"""``sharewell standard infer|check|diff|export|publish``: make standards, test them, hand them on."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from sharewell.sources.differ import Difference
    from sharewell.sources.infer import Inferred
    from sharewell.sources.read import Read
    from sharewell.sources.terms import Standard

Named = Annotated[str, typer.Argument(help="A standard's name, or a Table Schema file.", metavar="STANDARD")]
Folder = Annotated[Path, typer.Option("--dir", help="The place, or a folder inside it.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON and nothing else.")]


class Form(StrEnum):
    """The forms that a standard can be had in."""

    ODCS = "odcs"
    CSVW = "csvw"
    TABLE_SCHEMA = "table-schema"


def register(standards: typer.Typer) -> None:
    """Add these commands to ``sharewell standard``."""
    standards.command("infer")(infer)
    standards.command("check")(check)
    standards.command("diff")(diff)
    standards.command("export")(export)
    standards.command("publish")(publish)


def infer(
    file: Annotated[Path, typer.Argument(help="The list to propose a standard for.")],
    out: Annotated[
        Path | None, typer.Option("--out", dir_okay=False, help="The file to write; else NAME.json here.")
    ] = None,
    name: Annotated[str | None, typer.Option("--name", help="The standard's name; else the file's.")] = None,
    sheet: Annotated[str | None, typer.Option("--sheet", help="The workbook's sheet to read.")] = None,
    json: Json = False,
) -> None:
    """Propose a standard from a list: names, types from values, codes, what is always filled in.

    It is a draft for a person to correct. Examples in it are made up, never values of the list.
    """
    from sharewell.look.pages import write_whole
    from sharewell.store.disk import require_other

    stem = _stem(name or (out.name.removesuffix(".json") if out else file.name.split(".")[0]))
    path = (out.parent if out else Path()) / f"{stem}.json"
    require_other(path, [file])
    found = _infer(file, sheet, stem)
    write_whole(path, _as_json(found.document()))
    _show_inferred(found, path, json=json)


def _stem(text: str) -> str:
    import re

    return re.sub("[^a-z0-9]+", "-", text.lower()).strip("-") or "list"


def _infer(file: Path, sheet: str | None, name: str) -> Inferred:
    from sharewell.sources.infer import SAMPLE, infer_standard
    from sharewell.sources.read import read_source
    from sharewell.store.engine import quoted
    from sharewell.store.lent import LentDuckDB

    engine = LentDuckDB()
    try:
        read: Read = read_source(file, engine, "inferred", sheet=sheet)
        rows = engine.fetch(f"SELECT * FROM {quoted(read.kept.name)} LIMIT {SAMPLE}")
        return infer_standard(rows, read.facts.columns, name, name.replace("-", " ").capitalize())
    finally:
        engine.close()


def _show_inferred(found: Inferred, path: Path, *, json: bool) -> None:
    if json:
        fields = [
            {
                "column": guess.column,
                "field": guess.field.name,
                "type": guess.field.type.value,
                "confidence": guess.confidence,
                "grounds": guess.grounds,
                "required": guess.field.required,
                "codes": len(guess.field.categories),
            }
            for guess in found.guesses
        ]
        typer.echo(_as_json({"file": str(path), "standard": found.standard.name, "fields": fields}))
        return
    rows = [
        (
            guess.column,
            guess.field.name,
            guess.field.type.value,
            f"{guess.confidence:.0%}",
            guess.grounds,
            "yes" if guess.field.required else "",
        )
        for guess in found.guesses
    ]
    _table(f"Proposed: {path}", ("Column", "Field", "Type", "Sure", "By", "Required"), rows)
    typer.echo(f"Read and correct it, then: sharewell standard check {path}")


def check(standard: Named, folder: Folder = Path(), json: Json = False) -> None:
    """Hold a standard to sense: a key that cannot be used, or that contradicts another, is refused."""
    found = _load(standard, folder)
    if json:
        told = {"standard": found.name, "version": found.version, "fields": len(found.fields), "sound": True}
        typer.echo(_as_json(told))
        return
    typer.echo(
        f"{found.name}, version {found.version}: {len(found.fields)} fields, and none contradicts itself."
    )


def diff(
    old: Annotated[str, typer.Argument(help="The standard as it was: a name or a file.")],
    new: Annotated[str, typer.Argument(help="The standard as it is: a name or a file.")],
    folder: Folder = Path(),
    json: Json = False,
) -> None:
    """Say in words what changed between two standards, and what of it breaks files or readers."""
    from sharewell.sources.differ import differences

    before, after = _load(old, folder), _load(new, folder)
    found = differences(before, after)
    breaks = any(each.breaks for each in found)
    if json:
        changes = [each.as_dict() for each in found]
        told = {"old": f"{before.name} {before.version}", "new": f"{after.name} {after.version}"}
        typer.echo(_as_json({**told, "breaks": breaks, "changes": changes}))
        return
    _show_changes(found, before, after, breaks=breaks)


def _show_changes(found: tuple[Difference, ...], before: Standard, after: Standard, *, breaks: bool) -> None:
    if not found:
        typer.echo("Nothing changed.")
        return
    for each in found:
        typer.echo(
            f"{'BREAKS  ' if each.breaks else '        '}{each.change.value:10} {each.field}: {each.text}."
        )
    kind = "breaking" if breaks else "not breaking"
    told = f"{len(found)} changes from {before.version} to {after.version}: {kind}."
    same = " Give the new one a version of its own." if before.version == after.version else ""
    typer.echo(told + same)


def export(
    standard: Named,
    form: Annotated[Form, typer.Option("--as", help="The form to write it in.")],
    out: Annotated[
        Path | None, typer.Option("--out", dir_okay=False, help="The file to write; else printed.")
    ] = None,
    folder: Folder = Path(),
) -> None:
    """Write a standard as an open data contract (ODCS), CSV on the Web metadata or a Table Schema."""
    from sharewell.look.pages import write_whole
    from sharewell.sources.publish import export as exported

    text = exported(_load(standard, folder), form.value)
    if out is None:
        typer.echo(text, nl=False)
        return
    write_whole(out, text)


def publish(
    out: Annotated[Path, typer.Option("--out", file_okay=False, help="The folder to write into.")],
    standard: Annotated[
        list[str] | None, typer.Option("--standard", "-s", help="Only this one. Repeat at will.")
    ] = None,
    folder: Folder = Path(),
    json: Json = False,
) -> None:
    """Write a page for each standard and its files, for others to read and use."""
    from sharewell.sources.publish import publish as published
    from sharewell.sources.standards import every_standard

    names = standard or every_standard(_own(folder))
    written = published([_load(name, folder) for name in names], out)
    if json:
        typer.echo(_as_json({"folder": str(out), "standards": len(names), "files": len(written)}))
        return
    typer.echo(f"{len(names)} standards in {len(written)} files. Open {out / 'index.html'}")


def _load(name: str, folder: Path) -> Standard:
    from sharewell.sources.standards import load_standard

    return load_standard(name, _own(folder))


def _own(folder: Path) -> Path | None:
    """Return the place's standards folder; outside a place only the shipped standards are there."""
    from sharewell.settings import find_place
    from sharewell.vocab.errors import PlaceMissing

    try:
        return find_place(folder).standards
    except PlaceMissing:
        return None


def _as_json(document: object) -> str:
    import json

    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def _table(title: str, headings: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> None:
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    table = Table(title=escape(title))
    for place, heading in enumerate(headings):
        table.add_column(heading, overflow="fold", no_wrap=place == 0)
    for row in rows:
        table.add_row(*map(escape, row))
    Console().print(table)
