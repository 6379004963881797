"""Clean a file from end to end: read it, map it, decide every cell and row, write the answers."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pyarrow as pa

from sharewell.cleaning.about import Account, about
from sharewell.cleaning.clean import Decided, decide
from sharewell.cleaning.decisions import PlaceDecisions
from sharewell.cleaning.rebuild import RAW_LINES
from sharewell.cleaning.sentences import why
from sharewell.cleaning.terms import Undone
from sharewell.cleaning.write import whole_folder, write_about, write_rows
from sharewell.settings import Place
from sharewell.sources.map import apply_mapping, guess_mapping, require_certain
from sharewell.sources.read import Read, read_source
from sharewell.sources.rulers import spans_of
from sharewell.sources.terms import ColumnMapping, FieldType, Standard
from sharewell.store.duckdb import Limits
from sharewell.store.engine import Engine, Relation, quoted
from sharewell.store.lent import LentDuckDB
from sharewell.vocab.errors import RowsNotConserved, RunInProgress, Where

_REPEAT = {FieldType.CODE, FieldType.BOOLEAN, FieldType.DATE, FieldType.PERSON_NAME, FieldType.PHONE}
"""Types whose values come many times in a list, so that writing each once saves time and space."""

_CHANGES_REPEAT = ["column", "rule", "verdict", "why"]
_ASIDE = "source_row, line, reasons, columns, raw"
_RECORDS = {"record", "continuation", "set_aside"}
_WORTH_REMEMBERING = 1_000_000
"""Bytes; a smaller file is decided afresh, to the same answers, sooner than a place's store is opened."""

Confirmed = Callable[[tuple[str, ...]], Mapping[str, str | None] | None]


@dataclass(frozen=True)
class Order:
    """What to clean, against what, and how.

    ``confirmed`` gives what people confirmed about columns of these names. ``place`` is where decisions are
    kept for the next delivery; outside a place nothing is kept.
    """

    file: Path
    standard: Standard
    as_of: date
    sheet: str | None = None
    without: frozenset[Undone] = frozenset()
    confirmed: Confirmed = lambda _: None
    limits: Limits = field(default_factory=Limits)
    place: Place | None = None


@dataclass(frozen=True)
class Work:
    """A file read, mapped and decided, nothing written yet. ``aside`` has the rows set aside by any step."""

    order: Order
    engine: Engine
    read: Read
    mapping: ColumnMapping
    decided: Decided
    aside: Relation
    decisions: PlaceDecisions | None


def clean_file(order: Order, out: Path) -> Account:
    """Clean a file into a folder: kept, set_aside, changes and raw_lines.parquet, and about.json.

    The folder appears whole or not at all. Raises the refusals of each step, OutputTaken, OutputIsInput,
    DiskFull, FolderReadOnly, RowsNotConserved.
    """
    with whole_folder(out, order.file) as folder:
        with decided_file(order, folder / "scratch") as work:
            account = _write(work, folder)
            told = about(work.read, work.mapping, work.decided, work.aside, account, folder)
            write_about(folder, told)
            _keep_decisions(work)
        return account


@contextlib.contextmanager
def decided_file(order: Order, scratch: Path | None) -> Iterator[Work]:
    """Read, map and decide a file in an engine of its own, which goes with the block."""
    engine = LentDuckDB(scratch, order.limits)
    try:
        yield _decide(order, engine)
    finally:
        engine.close()
        if scratch is not None:
            shutil.rmtree(scratch, ignore_errors=True)


def _decide(order: Order, engine: Engine) -> Work:
    read = read_source(order.file, engine, "raw", sheet=order.sheet, spans=spans_of(order.standard))
    mapping = _map(order, read)
    mapped = _as_mapped(read, mapping, order.standard)
    memory = _memory(order, read)
    decided = decide(
        mapped, order.standard, "cleaned", as_of=order.as_of, without=order.without, memory=memory
    )
    every = (
        f"SELECT {_ASIDE} FROM {quoted(read.set_aside.name)}"
        f" UNION ALL SELECT {_ASIDE} FROM ({decided.set_aside()}) AS c ORDER BY source_row"
    )
    return Work(order, engine, read, mapping, decided, engine.create("cleaned_aside", every), memory)


def _memory(order: Order, read: Read) -> PlaceDecisions | None:
    if order.place is None or order.file.stat().st_size < _WORTH_REMEMBERING:
        return None
    return PlaceDecisions(order.place, order.standard, read.facts.columns)


def _keep_decisions(work: Work) -> None:
    """Keep what was decided; where another run holds the place, the next delivery is decided afresh."""
    if work.decisions is not None and work.decisions.taken:
        with contextlib.suppress(RunInProgress):
            work.decisions.save(work.engine, as_of=work.order.as_of)


def _map(order: Order, read: Read) -> ColumnMapping:
    """Say what the columns mean, for certain or not at all."""
    columns = read.facts.columns
    sample = read.kept.engine.fetch(f"SELECT * FROM {quoted(read.kept.name)} LIMIT 2000")
    mapping = guess_mapping(columns, order.standard, sample, order.confirmed(columns))
    return require_certain(mapping, str(order.file))


def _as_mapped(read: Read, mapping: ColumnMapping, standard: Standard) -> Relation:
    """Return the records under the standard's names; those that have them already are not copied."""
    named = {guess.column for guess in mapping.guesses if guess.field == guess.column}
    if set(standard.names) <= named:
        return read.kept
    mapped = apply_mapping(read.kept, mapping, standard, "mapped")
    read.kept.drop()
    return mapped


def _write(work: Work, folder: Path) -> Account:
    """Write the four tables, then hold them to the law: rows in is kept plus set aside."""
    engine, facts, standard = work.engine, work.read.facts, work.order.standard
    repeating = [item.name for item in standard.fields if item.type in _REPEAT]
    rows = engine.stream(work.decided.kept(("source_row", *standard.names)))
    kept = write_rows(rows, folder / "kept.parquet", repeating)
    rows = engine.stream(f"SELECT * FROM {quoted(work.aside.name)}")
    aside = write_rows(rows, folder / "set_aside.parquet")
    cells = _with_why(engine.stream(work.decided.changes()))
    changes = write_rows(cells, folder / "changes.parquet", _CHANGES_REPEAT)
    write_rows(work.read.raw_lines.rows(), folder / RAW_LINES, ["why", "encoding"])
    if kept + aside != facts.records:
        raise RowsNotConserved(
            f"The file has {facts.records} records; {kept} were kept and {aside} set aside.",
            "Nothing was written. Please report this with the file's shape, never its content.",
            Where(file=facts.name),
        )
    return Account(facts.records, kept, aside, _not_records(work.read), changes)


def _not_records(read: Read) -> int:
    return sum(count for fate, count in read.facts.lines.items() if fate not in _RECORDS)


def _with_why(changes: pa.RecordBatchReader) -> pa.RecordBatchReader:
    """Add to each change the sentence that says why."""
    schema = changes.schema.append(pa.field("why", pa.string()))
    return pa.RecordBatchReader.from_batches(schema, (_told(batch, schema) for batch in changes))


def _told(batch: pa.RecordBatch, schema: pa.Schema) -> pa.RecordBatch:
    rules = batch.column("rule").dictionary_encode()
    sentences = pa.array([why(str(rule)) for rule in rules.dictionary.to_pylist()], pa.string())
    told = sentences.take(rules.indices)
    return pa.RecordBatch.from_arrays([*batch.columns, told], schema=schema)
