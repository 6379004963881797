"""Gather the records of files for linking, and write who is who: every record of every file, none lost."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pyarrow as pa

from sharewell.cleaning.clean import clean
from sharewell.sources.map import apply_mapping, guess_mapping, load_confirmed, require_certain
from sharewell.sources.read import Read, read_source
from sharewell.sources.terms import Role, Standard
from sharewell.store.duckdb import DuckDB
from sharewell.store.engine import Relation, literal, quoted
from sharewell.store.parquet import write_plain
from sharewell.vocab.errors import UnknownColumn, Where
from sharewell.vocab.step import Note

RECORD_ID = "record_id"
NAMED = ("first_name", "surname", "date_of_birth", "postcode", "uprn", "nhs_number")
EXTRA = ("birth_place", "occupation", "full_name", "title", "sex", "upn", "nino", "phone", "email")
BY_ROLE = {
    **{name: Role(name) for name in (*NAMED, *EXTRA, "date_of_death", RECORD_ID)},
    "middle_name": Role.MIDDLE_NAMES,
}


@dataclass(frozen=True)
class Gathered:
    """The records of every file. ``aside``: source and source_row of those that cannot be compared."""

    records: Relation
    aside: Relation
    extra: tuple[str, ...]
    notes: tuple[Note, ...]


def name_files(files: Sequence[Path]) -> list[str]:
    """Return each file's name; files of one name are told apart by the folders they are in."""
    names = [path.name for path in files]
    depth = 1
    while len(set(names)) < len(names):
        depth += 1
        doubled = {name for name in names if names.count(name) > 1}
        longer = [
            "/".join(path.resolve().parts[-depth:]) if name in doubled else name
            for path, name in zip(files, names, strict=True)
        ]
        if longer == names:
            return [f"{name}#{place}" for place, name in enumerate(names, 1)]
        names = longer
    return names


def gather_by_columns(
    files: Sequence[Path], engine: DuckDB, columns: Mapping[str, str], source: str | None
) -> Gathered:
    """Read files whose columns are named: ``columns`` maps what is compared to the column that holds it.

    Values are opaque text: an NHS number is not checked. ``source`` names a column that says which list a
    record is of; else it is the file. A file may lack some of the columns, never all of them, nor ``source``.
    Raises UnknownColumn, and what reading raises.
    """
    extra = _compared_too(columns)
    names = name_files(files)
    reads = [read_source(path, engine, f"file_{number}") for number, path in enumerate(files)]
    _require_columns(reads, names, [*columns.values()], source)
    parts, asides = [], []
    for read, name in zip(reads, names, strict=True):
        found = {key: quoted(column) for key, column in columns.items() if column in read.facts.columns}
        listed = literal(name)
        if source:
            listed = f"coalesce(nullif(trim({quoted(source)}), ''), {listed})"
        parts.append(_select(read.kept, listed, found, columns))
        asides.append(_aside(read.set_aside, name))
    return _gathered(engine, parts, asides, extra, [note for read in reads for note in read.notes])


def gather_by_standard(
    files: Sequence[Path], engine: DuckDB, standard: Standard, own: Path | None, as_of: date
) -> Gathered:
    """Read files that follow a standard: map their columns, clean their values, compare what its roles name.

    ``own``: the place's standards folder, for confirmed mappings. Records that cleaning sets aside are kept
    as people of their own. Raises MappingUnconfirmed, and what reading and cleaning raise.
    """
    columns = {
        name: quoted(found[0].name) for name, role in BY_ROLE.items() if (found := standard.with_role(role))
    }
    extra = _compared_too(columns)
    parts: list[str] = []
    asides: list[str] = []
    notes: list[Note] = []
    for number, (path, name) in enumerate(zip(files, name_files(files), strict=True)):
        read = read_source(path, engine, f"file_{number}")
        confirmed = load_confirmed(own, standard.name, read.facts.columns) if own else None
        sample = engine.fetch(f"SELECT * FROM {quoted(read.kept.name)} LIMIT 2000")
        guess = guess_mapping(read.facts.columns, standard, sample, confirmed)
        mapped = apply_mapping(read.kept, require_certain(guess, str(path)), standard, f"mapped_{number}")
        cleaned = clean(mapped, standard, f"clean_{number}", as_of=as_of)
        parts.append(_select(cleaned.kept, literal(name), columns, columns))
        asides += [_aside(read.set_aside, name), _aside(cleaned.set_aside, name)]
        notes += [*read.notes, *cleaned.notes]
    return _gathered(engine, parts, asides, extra, notes)


def _require_columns(
    reads: Sequence[Read], names: Sequence[str], wanted: Sequence[str], source: str | None
) -> None:
    """Refuse a column that no file has, a file that has none of them or not the source column."""
    everywhere = {column for read in reads for column in read.facts.columns}
    for read, name in zip(reads, names, strict=True):
        own = read.facts.columns
        missing = [column for column in wanted if column not in everywhere]
        if not any(column in own for column in wanted):
            missing += wanted
        if source is not None and source not in own:
            missing = [source, *missing]
        if missing:
            raise UnknownColumn(
                f"The file has no column '{missing[0]}'.",
                f"Name one of: {', '.join(own)}.",
                Where(file=name, column=missing[0]),
            )


def _compared_too(columns: Iterable[str]) -> tuple[str, ...]:
    """Return the columns that are compared beside those that every list is asked for."""
    return tuple(name for name in columns if name not in (*NAMED, RECORD_ID))


def _select(rows: Relation, source: str, columns: Mapping[str, str], wanted: Iterable[str]) -> str:
    further = [name for name in wanted if name not in NAMED]
    shown = ", ".join(
        f"CAST({columns.get(name, 'NULL')} AS VARCHAR) AS {quoted(name)}" for name in (*NAMED, *further)
    )
    return f"SELECT {source} AS source, source_row, {shown} FROM {quoted(rows.name)}"


def _aside(rows: Relation, name: str) -> str:
    return f"SELECT {literal(name)} AS source, source_row FROM {quoted(rows.name)}"


def _gathered(
    engine: DuckDB, parts: Sequence[str], asides: Sequence[str], extra: tuple[str, ...], notes: Sequence[Note]
) -> Gathered:
    records = engine.create("link_records", " UNION ALL ".join(parts))
    aside = engine.create("link_aside", " UNION ALL ".join(asides))
    count = aside.count()
    if count:
        text = "Records that could not be read or cleaned are in the answer, each as a person of its own."
        notes = [*notes, Note("set_aside_stand_alone", text, count)]
    return Gathered(records, aside, extra, tuple(notes))


def write_review(doubts: pa.Table, out: Path) -> int:
    """Write the pairs that a person should look at, as ``Linkage.doubts``; return how many.

    Raises DiskFull, FolderReadOnly.
    """
    return write_plain(doubts.to_reader(), out)


def write_people(linked: Relation, aside: Relation, out: Path) -> int:
    """Write source, source_row, person, match_weight for every record; return how many.

    The file appears only when it is whole. Raises DiskFull, FolderReadOnly.
    """
    rows = linked.engine.stream(f"""
        SELECT source, source_row, person, match_weight FROM {quoted(linked.name)} UNION ALL
        SELECT source, source_row,
          'A' || lpad(row_number() OVER (ORDER BY source, source_row)::VARCHAR, 9, '0'), NULL
        FROM {quoted(aside.name)} ORDER BY source, source_row""")
    return write_plain(rows, out)
