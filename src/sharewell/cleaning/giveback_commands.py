"""``sharewell giveback`` and ``takeback``: rows set aside go back to the sender, and come in mended."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from sharewell.cleaning.giveback.terms import Answers
    from sharewell.settings import Place

Answer = Annotated[Path, typer.Argument(metavar="DIR", help="The folder that `sharewell clean` wrote.")]
Workbook = Annotated[Path, typer.Argument(help="The workbook that came back.")]
Out = Annotated[Path, typer.Option("--out", "-o", help="The workbook to write (.xlsx).")]
StandardName = Annotated[
    str | None,
    typer.Option("--standard", "-s", help="The standard it was cleaned against, where that is a file."),
]
Folder = Annotated[Path, typer.Option("--dir", help="The place, or a folder inside it.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON and nothing else.")]


def register(app: typer.Typer) -> None:
    """Add these commands to sharewell's."""
    app.command("giveback")(give_back)
    app.command("takeback")(take_rows_back)


def give_back(
    answers: Answer, out: Out, standard: StandardName = None, folder: Folder = Path(), json: Json = False
) -> None:
    """Write the rows that were set aside to a workbook for the sender: why, and what to do, beside each."""
    from sharewell.cleaning.giveback import write_giveback
    from sharewell.cleaning.giveback.show import show_given

    opened = _open(answers, standard, _place(folder))
    show_given(opened, write_giveback(opened, out), out, as_json=json)


def take_rows_back(
    answers: Answer,
    workbook: Workbook,
    standard: StandardName = None,
    folder: Folder = Path(),
    json: Json = False,
) -> None:
    """Take mended rows back into the run they came from: good ones are kept now, others stay set aside."""
    from sharewell.cleaning.giveback import take_back
    from sharewell.cleaning.giveback.show import show_taken
    from sharewell.cleaning.share import engine_limits
    from sharewell.settings import Settings

    place = _place(folder)
    store = (place.settings if place else Settings()).store
    taken = take_back(_open(answers, standard, place), workbook, engine_limits(store.threads, store.memory))
    show_taken(taken, as_json=json)


def _open(answers: Path, standard: str | None, place: Place | None) -> Answers:
    from sharewell.cleaning.giveback import open_answers
    from sharewell.sources.standards import load_standard

    own = place.standards if place else None
    return open_answers(answers, lambda name: load_standard(standard or name, own))


def _place(folder: Path) -> Place | None:
    """Return the place that holds a folder; a list may be cleaned outside any place."""
    from sharewell.settings import find_place
    from sharewell.vocab.errors import PlaceMissing

    try:
        return find_place(folder)
    except PlaceMissing:
        return None
