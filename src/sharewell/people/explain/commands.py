"""``sharewell explain-link`` and ``model-card``: why two held records are, or are not, one person."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from sharewell.people.explain.pair import Named, PairExplained
    from sharewell.people.explain.scene import Scene

Store = Annotated[Path, typer.Argument(metavar="STORE", help="The folder of `sharewell link --existing`.")]
One = Annotated[
    str, typer.Argument(metavar="LIST:ROW", help="A record: its list and row, or its record key.")
]
Other = Annotated[str, typer.Argument(metavar="LIST:ROW", help="The other record.")]
Page = Annotated[
    Path | None, typer.Option("--out", "-o", help="A page to write (HTML), with its JSON beside it.")
]
CardPage = Annotated[Path, typer.Option("--out", "-o", help="The page to write (HTML), its JSON beside it.")]
Show = Annotated[bool, typer.Option("--show", help="Show the two records' values. It is then personal data.")]
Memory = Annotated[str, typer.Option("--memory", help="How much memory the engine may use.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON and nothing else.")]


def register(app: typer.Typer) -> None:
    """Add what explains links to the command line."""
    app.command("explain-link")(explain_link)
    app.command("model-card")(model_card)


def explain_link(
    store: Store,
    one: One,
    other: Other,
    out: Page = None,
    show: Show = False,
    memory: Memory = "4GB",
    as_json: AsJson = False,
) -> None:
    """Show why two records are, or are not, one person: what each comparison adds, and what forbids it.

    Columns and how alike they are is all that is told, never a value, unless --show is given.
    """
    from sharewell.people.explain.pair import explain_pair
    from sharewell.people.explain.waterfall import write_pair

    with _opened(store, memory) as scene:
        pair = explain_pair(scene, _named(one), _named(other), show_values=show)
    if out is not None:
        write_pair(pair, out, _inside(store))
    if as_json:
        typer.echo(json.dumps(pair.as_dict(), ensure_ascii=False))
    else:
        _show(pair)


def model_card(store: Store, out: CardPage, memory: Memory = "4GB", as_json: AsJson = False) -> None:
    """Write the model card of held people: weights, priors, threshold, expected error, and what it misses."""
    from sharewell.people.explain.card_page import write_card

    with _opened(store, memory) as scene:
        page, kept = write_card(scene, out, _inside(store), day=date.today())
    if as_json:
        typer.echo(kept.read_text(encoding="utf-8").rstrip())
    else:
        typer.echo(f"The card: {page}")


@contextmanager
def _opened(store: Path, memory: str) -> Iterator[Scene]:
    from sharewell.people.explain.scene import Scene
    from sharewell.people.held import ABOUT, opened_held
    from sharewell.store.duckdb import DuckDB, Limits
    from sharewell.vocab.errors import FileMissing, Where

    if not (store / ABOUT).is_file():
        raise FileMissing(
            "The folder holds no linked people.",
            "Name a folder made by `sharewell link --existing`.",
            Where(file=store.name),
        )
    with opened_held(store) as held:
        assert held is not None  # noqa: S101 (its file was there a line ago, and nobody else may write)
        yield Scene.of_held(held, DuckDB(limits=Limits(memory=memory)))


def _inside(store: Path) -> list[Path]:
    return sorted(store.iterdir())


def _named(word: str) -> Named:
    name, _, row = word.rpartition(":")
    return (name, int(row)) if name and row.isdecimal() else word


def _show(pair: PairExplained) -> None:
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    table = Table(title=escape(f"{pair.left}, and {pair.right}"))
    for name in ("Compared", "Found"):
        table.add_column(name)
    table.add_column("Bits", justify="right")
    for cells in pair.lines():
        table.add_row(*map(escape, cells))
    console = Console()
    console.print(table)
    console.print(escape(pair.verdict))
    if not pair.blocks:
        console.print("The run never compared them: they share nothing that it looks for pairs by.")
