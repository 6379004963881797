"""Clean a mapped table: one form for every value, every change explained, no row lost.

The engine finds the distinct values that are not canonical; a plain rule decides each one once; the decisions
go back as a table that the engine joins. So the work is by distinct dirty value, never by row, and the tables
of decisions are the explanation.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date

import pyarrow as pa

from sharewell.cleaning.compile import Recipe, recipe
from sharewell.cleaning.explain import explain
from sharewell.cleaning.queries import Column, aside_query, changes_query, kept_query, problems_query
from sharewell.cleaning.terms import Rule
from sharewell.sources.terms import Field, Standard
from sharewell.store.engine import Relation, quoted
from sharewell.vocab.errors import UnknownColumn
from sharewell.vocab.step import Step, conserve

Progress = Callable[[str], None]

DECISIONS = pa.schema([(name, pa.string()) for name in ("before", "after", "rule", "verdict")])
_BATCH = 50_000


@dataclass(frozen=True)
class Cleaned(Step[Relation]):
    """What cleaning did. ``changes`` has one row for every cell of a kept row that was changed.

    Its columns: source_row, column, before, after, rule (ids joined by ``+``), verdict (repaired | blanked).
    """

    changes: Relation = field(kw_only=True)


def clean(
    mapped: Relation, standard: Standard, table: str, *, as_of: date, progress: Progress | None = None
) -> Cleaned:
    """Bring every field of a mapped table to its canonical form, and set aside rows that cannot be used.

    ``mapped`` has ``source_row``, ``line`` and every field of the standard as text; the kept relation
    ``table`` has the same columns. Rows whose required field is empty or cannot be decided, or whose field is
    to be set aside on failure, go to ``<table>_aside``; changed cells to ``<table>_changes``. Nothing already
    right is changed. Raises UnknownColumn when ``mapped`` lacks a field, RowsNotConserved never in practice.
    """
    engine = mapped.engine
    columns = _decide_columns(mapped, standard, table, as_of, progress or (lambda _: None))
    problems = engine.create(f"{table}_problems", problems_query(mapped.name, columns))
    aside = engine.create(f"{table}_aside", aside_query(mapped.name, problems.name, standard))
    kept = engine.create(table, kept_query(mapped, problems.name, columns, standard))
    changes = engine.create(f"{table}_changes", changes_query(mapped.name, kept.name, columns, standard))
    notes = explain(kept, aside, changes, standard)
    for scratch in (problems.name, *(column.decisions for column in columns if column.decisions)):
        engine.drop(scratch)
    step = Cleaned(kept=kept, set_aside=aside, notes=notes, changes=changes)
    conserve(step, mapped.count(), "cleaning")
    return step


def _decide_columns(
    mapped: Relation, standard: Standard, table: str, as_of: date, progress: Progress
) -> tuple[Column, ...]:
    missing = [name for name in standard.names if name not in mapped.columns]
    if missing:
        raise UnknownColumn(
            f"The mapped table lacks the field {missing[0]} of the standard {standard.name}.",
            "Map the file to this standard again.",
        )
    columns = []
    for number, item in enumerate(standard.fields):
        progress(f"Cleaning {item.title}")
        columns.append(_decide_column(mapped, item, f"{table}_decided_{number}", as_of))
    return tuple(columns)


def _decide_column(mapped: Relation, item: Field, table: str, as_of: date) -> Column:
    made = recipe(item, as_of)
    failing = mapped.engine.fetch(made.failing(quoted(item.name), quoted(mapped.name)))
    rule = made.rule([value for batch in _batches(failing) for value in batch] if made.reads_column else ())
    decisions = _decided(failing, rule, made)
    if not decisions.num_rows:
        return Column(item, None)
    mapped.engine.load(table, decisions)
    return Column(item, table, for_empty=made.for_empty)


def _decided(failing: pa.Table, rule: Rule, made: Recipe) -> pa.Table:
    batches = [_decide_batch(values, rule) for values in _batches(failing)]
    if made.for_empty is not None:
        batches.append(_batch([("", made.for_empty, "code_from_empty", "repaired")]))
    return pa.Table.from_batches(batches, DECISIONS)


def _batches(failing: pa.Table) -> Iterator[list[str]]:
    for batch in failing.to_batches(max_chunksize=_BATCH):
        yield [str(value) for value in batch.column(0).to_pylist()]


def _decide_batch(values: list[str], rule: Rule) -> pa.RecordBatch:
    return _batch([(value, *decision) for value in values if (decision := rule(value))])


def _batch(rows: list[tuple[str, str | None, str, str]]) -> pa.RecordBatch:
    columns = zip(*rows, strict=True) if rows else ((), (), (), ())
    return pa.RecordBatch.from_arrays([pa.array(column, pa.string()) for column in columns], schema=DECISIONS)
