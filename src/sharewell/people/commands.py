"""``sharewell link``: say which records of which files are of one person."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sharewell.store.disk import require_other

if TYPE_CHECKING:
    from sharewell.people.gather import Gathered
    from sharewell.people.link import Linkage
    from sharewell.people.link_held import LinkedHeld
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
Review = Annotated[
    Path | None, typer.Option("--review", help="Where to write the pairs to look at, as Parquet.")
]
Title = Annotated[str | None, typer.Option("--title", help="Column of titles: Mr, Mrs.")]
MiddleName = Annotated[str | None, typer.Option("--middle-name", help="Column of middle names.")]
Sex = Annotated[str | None, typer.Option("--sex", help="Column of sexes: M, F, male, female, 1, 2.")]
Upn = Annotated[str | None, typer.Option("--upn", help="Column of unique pupil numbers.")]
Nino = Annotated[str | None, typer.Option("--nino", help="Column of National Insurance numbers.")]
Phone = Annotated[str | None, typer.Option("--phone", help="Column of telephone numbers.")]
Email = Annotated[str | None, typer.Option("--email", help="Column of e-mail addresses.")]
DateOfDeath = Annotated[str | None, typer.Option("--date-of-death", help="Column of dates of death.")]
SeenOn = Annotated[str | None, typer.Option("--seen-on", help="Column of the day somebody was last seen.")]
Memory = Annotated[str, typer.Option("--memory", help="How much memory the engine may use.")]
Seed = Annotated[int, typer.Option("--seed", help="For the same answer from the same lists.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON and nothing else.")]

Card = Annotated[
    Path | None, typer.Option("--card", help="Where to write the model card (HTML), its JSON beside it.")
]
Existing = Annotated[
    Path | None,
    typer.Option(
        "--existing",
        help="A folder of linked people: link against them, and hold these too. A new one holds these first.",
    ),
]
RecordId = Annotated[
    str | None,
    typer.Option("--id", help="Column of the list's own ids, by which a changed record is known again."),
]

_PEOPLE = ("first_name", "surname", "full_name", "title", "middle_name", "sex", "birth_place", "occupation")
_NUMBERS = ("nhs_number", "upn", "nino", "phone", "email", "postcode", "uprn", "record_id")
COMPARED = (*_PEOPLE, *_NUMBERS, "date_of_birth", "date_of_death", "seen_on")
"""What a column can be named for: the options of ``link``, and --dob for the date of birth."""


@dataclass(frozen=True)
class Beside:
    """What stands beside the answer: the pairs to look at, the model card, the folder of held people."""

    review: Path | None
    card: Path | None
    existing: Path | None

    def require_others(self, files: list[Path], out: Path) -> None:
        """Refuse what would write over a list or over another answer. Raises OutputIsInput, BadParameter."""
        require_other(out, files)
        for path in (self.review, self.card):
            if path is not None:
                require_other(path, [*files, out])
        if self.card is not None and self.existing is not None:
            raise typer.BadParameter("of held people, write it with `sharewell model-card STORE --out PAGE`")


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
    title: Title = None,
    middle_name: MiddleName = None,
    sex: Sex = None,
    upn: Upn = None,
    nino: Nino = None,
    phone: Phone = None,
    email: Email = None,
    date_of_death: DateOfDeath = None,
    seen_on: SeenOn = None,
    record_id: RecordId = None,
    review: Review = None,
    card: Card = None,
    existing: Existing = None,
    memory: Memory = "4GB",
    seed: Seed = 1,
    as_json: AsJson = False,
) -> None:
    """Link the records of one person across files and within them.

    Writes one row for every record of every file: source, source_row (the record's number after the header,
    from 1), person and match_weight (bits of evidence; empty for a record that stands alone). With
    --existing, people have references that last from batch to batch.
    """
    columns = columns_named(locals() | {"date_of_birth": dob})
    beside = Beside(review, card, existing)
    beside.require_others(files, out)
    tell = silently if as_json else aloud
    started = time.monotonic()
    engine = engine_of(memory, is_lent=existing is not None and existing.is_dir())
    gathered = gather(files, engine, standard, folder, columns, source, tell)
    linkage = _link(gathered, engine, seed, tell, beside)
    _finish(linkage, gathered, out, seconds=lambda: time.monotonic() - started, as_json=as_json)


def columns_named(options: Mapping[str, object]) -> dict[str, str]:
    """Return the column named for each thing compared, of a command's options."""
    return {name: str(options[name]) for name in COMPARED if options.get(name)}


def silently(_: str) -> None:
    """Say nothing."""


def aloud(step: str) -> None:
    """Say what is being done now."""
    typer.echo(f"  {step}", err=True)


def engine_of(memory: str, *, is_lent: bool = False) -> DuckDB:
    """Return an engine of its own; ``is_lent``: one that rows are lent to, for a batch beside many held.

    That one has one thread: its queries are so small that a second costs more than it helps.
    """
    from sharewell.store.duckdb import DuckDB, Limits
    from sharewell.store.lent import LentDuckDB

    if is_lent:
        return LentDuckDB(limits=Limits(threads=1, memory=memory))
    return DuckDB(limits=Limits(memory=memory))


def gather(
    files: list[Path],
    engine: DuckDB,
    standard: str | None,
    folder: Path,
    columns: dict[str, str],
    source: str | None,
    tell: Callable[[str], None],
) -> Gathered:
    """Read the records of lists, by a standard or by the columns named."""
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


def _link(
    gathered: Gathered, engine: DuckDB, seed: int, tell: Callable[[str], None], beside: Beside
) -> Linkage | LinkedHeld:
    """Link the records, against held people where a folder is named, and write what is wanted beside."""
    from sharewell.people.gather import write_review
    from sharewell.people.link_held import link_against_held

    if beside.existing is not None:
        linkage: Linkage | LinkedHeld = link_against_held(beside.existing, gathered, engine, tell, seed=seed)
    else:
        linkage = _link_alone(gathered, engine, seed, tell, beside.card)
    if beside.review is not None:
        write_review(linkage.doubts, beside.review)
    return linkage


def _link_alone(
    gathered: Gathered, engine: DuckDB, seed: int, tell: Callable[[str], None], card: Path | None
) -> Linkage:
    from sharewell.people.link import link_people

    linkage = link_people(
        gathered.records,
        engine,
        "linked",
        extra=gathered.extra,
        progress=tell,
        seed=seed,
        is_held=card is not None,
    )
    if card is not None:
        from datetime import date

        from sharewell.people.explain.card_page import write_card

        write_card(linkage, card, [], day=date.today())
    return linkage


def _finish(
    linkage: Linkage | LinkedHeld,
    gathered: Gathered,
    out: Path,
    *,
    seconds: Callable[[], float],
    as_json: bool,
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
