"""Read a file into the engine: every record kept as text or set aside with its reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from sharewell.sources.fixed_width import FixedWidthReading, find_grid
from sharewell.sources.formats import Format, Found, check_unchanged, find_format
from sharewell.sources.jsons import JsonReading
from sharewell.sources.parquet import ParquetReading
from sharewell.sources.raw_lines import RawLines
from sharewell.sources.reading import Reading, TextReading
from sharewell.sources.rulers import Span
from sharewell.sources.standards import known_headings
from sharewell.sources.terms import FileFacts
from sharewell.sources.workbooks import WorkbookReading
from sharewell.sources.xml_lists import XmlReading
from sharewell.store.engine import Engine, Relation, quoted
from sharewell.vocab.errors import NoRecords, Where
from sharewell.vocab.step import Note, Step, conserve


@dataclass(frozen=True)
class Read(Step[Relation]):
    """A file read: the records kept, those set aside, notes, and what the file turned out to be.

    ``raw_lines`` has the lines of a text that were read otherwise than they stand; ``cells`` names each cell
    of a whole record in the file's order, columns that were left out too.
    """

    facts: FileFacts = field(kw_only=True)
    raw_lines: RawLines = field(kw_only=True, default_factory=RawLines)
    cells: tuple[str, ...] = field(kw_only=True, default=())


def read_source(
    path: Path, engine: Engine, table: str, *, sheet: str | None = None, spans: Sequence[Span] = ()
) -> Read:
    """Read a list into ``table``, and what cannot be read into ``<table>_aside``.

    Delimited and fixed-width text, Excel, JSON (lines, an array, a list under a key), XML and Parquet, told
    apart by content, in gzip or zip or not. The kept table has ``source_row`` (records after the header, from
    1, set-aside ones counted), ``line`` (physical line or sheet row; NULL where there is none), then the
    file's columns as VARCHAR, verbatim. ``sheet`` names the part to read: a workbook's sheet, a zip's member
    (``list.xlsx#Sheet 1`` for a sheet inside it), a JSON key, an XML element; else the first sheet with a
    table, or the one list there is. ``spans`` tells the columns of fixed-width text.

    Raises FileMissing, FileEmpty, FileUnreadable, FileTooLarge, EncodingUnknown, FormatUnknown,
    HeaderMissing, HeaderDuplicate, NoRecords, SeveralLists, UnknownColumn (no such part). A refusal
    leaves no table behind.
    """
    aside = f"{table}_aside"
    try:
        found = find_format(path, sheet)
        reading = _open(found, spans)
        kept = _load(reading, engine, table)
        facts = reading.facts()
        notes = (*found.notes(), *reading.notes(), *check_unchanged(found))
        if not facts.records:
            raise _no_records(facts)
        cells = facts.columns
        facts, more = _drop_unused(kept, facts)
        told, notes = engine.load(aside, reading.aside.table()), (*notes, *more)
        raw_lines = getattr(reading, "raw_lines", None) or RawLines()
        step = Read(kept, told, notes, facts=facts, raw_lines=raw_lines, cells=cells)
        conserve(step, facts.records, "reading", facts.name)
    except BaseException:
        engine.drop(table)
        engine.drop(aside)
        raise
    return step


def _open(found: Found, spans: Sequence[Span]) -> Reading:
    known = known_headings()
    if found.format.is_workbook:
        return WorkbookReading(found, known)
    if found.format is Format.JSON:
        return JsonReading(found)
    if found.format is Format.XML:
        return XmlReading(found)
    if found.format is Format.PARQUET:
        return ParquetReading(found)
    grid = find_grid(found, spans, known)
    return FixedWidthReading(found, grid) if grid else TextReading(found, known)


def _load(reading: Reading, engine: Engine, table: str) -> Relation:
    try:
        return engine.load(table, reading.rows())
    except Exception:
        error = getattr(reading, "error", None)
        if error is not None:
            raise error from None
        raise


def _no_records(facts: FileFacts) -> NoRecords:
    return NoRecords(
        "The file has a header and no records under it.",
        "If the list is truly empty say so to the recipient; else ask the sender to export it again.",
        Where(file=facts.name),
    )


def _drop_unused(kept: Relation, facts: FileFacts) -> tuple[FileFacts, tuple[Note, ...]]:
    """Drop columns that have neither a name nor a value: they come of delimiters at the ends of lines."""
    unnamed = [name for place, name in enumerate(facts.columns, 1) if name == f"column_{place}"]
    if not unnamed:
        return facts, ()
    counts = ", ".join(f"count(NULLIF({quoted(name)}, '')) AS {quoted(name)}" for name in unnamed)
    [answer] = kept.engine.fetch(f"SELECT {counts} FROM {quoted(kept.name)}").to_pylist()
    unused = {name for name, used in answer.items() if not used}
    columns = tuple(name for name in facts.columns if name not in unused)
    wanted = ", ".join(quoted(name) for name in ("source_row", "line", *columns))
    if unused:
        kept.engine.create(kept.name, f"SELECT {wanted} FROM {quoted(kept.name)}")
    note = Note(
        "unnamed_columns", "Columns without a heading and without a value were left out.", len(unused)
    )
    return replace(facts, columns=columns), (note,) if unused else ()
