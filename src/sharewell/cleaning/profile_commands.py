"""``sharewell profile``: what is in a file, as one page, with small counts hidden and no person's value."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sharewell.settings import Place

File = Annotated[Path, typer.Argument(help="The list to describe.")]
StandardName = Annotated[
    str | None,
    typer.Option("--standard", "-s", help="The standard it follows: a name or a Table Schema file."),
]
Last = Annotated[Path | None, typer.Option("--last", help="The JSON of an earlier profile, to compare with.")]
Out = Annotated[Path | None, typer.Option("--out", "-o", help="The page to write; its JSON goes beside it.")]
Sheet = Annotated[str | None, typer.Option("--sheet", help="The workbook's sheet to read.")]
Folder = Annotated[Path, typer.Option("--dir", help="The place, or a folder inside it.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON and nothing else.")]


def register(app: typer.Typer) -> None:
    """Add this command to sharewell's."""
    app.command("profile")(profile_list)


def profile_list(
    file: File,
    standard: StandardName = None,
    last: Last = None,
    out: Out = None,
    sheet: Sheet = None,
    folder: Folder = Path(),
    json: Json = False,
) -> None:
    """Show what is in a file: types, blanks, lengths, shapes, dates, and what changed since last time.

    No value of a record is shown, and no count of 1 to 7.
    """
    from sharewell.cleaning.profile import profile_file, write_profile
    from sharewell.cleaning.profile.show import show_profile
    from sharewell.sources.standards import load_standard

    place = _place(folder)
    wanted = load_standard(standard, place.standards if place else None) if standard else None

    def confirmed(columns: tuple[str, ...]) -> Mapping[str, str | None] | None:
        from sharewell.sources.map import load_confirmed

        return load_confirmed(place.standards, wanted.name, columns) if place and wanted else None

    made = profile_file(file, wanted, last=last, sheet=sheet, confirmed=confirmed)
    inputs = [file, *([last] if last else [])]
    show_profile(made, write_profile(made, out, inputs) if out else None, as_json=json)


def _place(folder: Path) -> Place | None:
    """Return the place that holds a folder; a list may be described outside any place."""
    from sharewell.settings import find_place
    from sharewell.vocab.errors import PlaceMissing

    try:
        return find_place(folder)
    except PlaceMissing:
        return None
