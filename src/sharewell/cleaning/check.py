"""Check a list against a standard before it is sent: every failing cell found, none changed.

The engine finds what fails the same tests that cleaning runs, one scan a column. The rules of cleaning are
then asked about each distinct failing value, so that a sender learns what sharewell puts right by itself and
what only the sender can mend.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pyarrow as pa

from sharewell.cleaning import check_queries as sql
from sharewell.cleaning.check_words import advice_on, kind_of, what_is_wrong
from sharewell.cleaning.checked import Checked, Example, Outcome, Problem, Unreadable
from sharewell.cleaning.compile import Recipe, recipe
from sharewell.cleaning.keys import keys_of
from sharewell.cleaning.shape import shape_of
from sharewell.cleaning.terms import Decision, Verdict
from sharewell.sources.map import guess_mapping
from sharewell.sources.read import Read, read_source
from sharewell.sources.rulers import spans_of
from sharewell.sources.terms import Bounds, ColumnMapping, Field, OnFailure, Standard
from sharewell.store.engine import Engine, Relation, quoted
from sharewell.store.lent import LentDuckDB

_SAMPLE = 10_000
_OUTCOMES, _RIGHT = tuple(Outcome), -1
_WHOLE = {"place", "found", "kind", "outcome"}
_ORDER = ("place", "found", "before", "kind", "outcome", "rule")
DECIDED = pa.schema([(name, pa.int32() if name in _WHOLE else pa.string()) for name in _ORDER])
Settled = Callable[[tuple[str, ...]], Mapping[str, str | None]]
Row = tuple[int, int, str, int | None, int, str]


@dataclass(frozen=True)
class Ask:
    """What a check is asked: whether to say what becomes of each cell, and how much to show of it.

    Without ``advise`` the cells are found and counted, and no rule is asked what it would make of them.
    ``examples`` is how many failing cells of a kind are listed; ``show`` lists values, not their shapes.
    """

    advise: bool = True
    examples: int = 20
    show: bool = False


def check_file(
    path: Path,
    standard: Standard,
    *,
    as_of: date | None = None,
    engine: Engine | None = None,
    sheet: str | None = None,
    settled: Settled | None = None,
    ask: Ask | None = None,
) -> Checked:
    """Read a list and return every way in which its cells fail a standard.

    ``settled`` is asked for what a person said of the columns' meanings; others are guessed, and the guesses
    that should be confirmed are told. Raises what ``read_source`` raises, and UnknownColumn.
    """
    own = engine or LentDuckDB()
    try:
        read = read_source(path, own, "checked", sheet=sheet, spans=spans_of(standard))
        told = settled(read.facts.columns) if settled else None
        mapping = _mapping(read, standard, told)
        return check_read(read, mapping, standard, as_of or date.today(), ask or Ask())
    finally:
        if engine is None:
            own.close()


def _mapping(read: Read, standard: Standard, told: Mapping[str, str | None] | None) -> ColumnMapping:
    """Return what the columns mean; values are looked at only where the headings leave something open."""
    columns = read.facts.columns
    by_name = guess_mapping(columns, standard, None, told)
    return by_name if by_name.is_certain else guess_mapping(columns, standard, _sample(read.kept), told)


def _sample(kept: Relation) -> pa.Table:
    return kept.engine.fetch(f"SELECT * FROM {quoted(kept.name)} LIMIT {_SAMPLE}")


def check_read(read: Read, mapping: ColumnMapping, standard: Standard, as_of: date, ask: Ask) -> Checked:
    """Return what is wrong with a list that was read, by what its columns mean."""
    columns = _tested(mapping, standard, as_of)
    judged = _judged(read.kept, columns, standard, ask)
    rows_failing, rows_to_mend = _count_rows(judged)
    return Checked(
        facts=read.facts,
        standard=standard,
        mapping=mapping,
        rows=read.facts.records,
        problems=_problems(judged, read.kept.name, columns, ask),
        rows_failing=rows_failing,
        rows_to_mend=rows_to_mend,
        unreadable=tuple(_unreadable(read.set_aside, ask.examples)),
    )


def _tested(mapping: ColumnMapping, standard: Standard, as_of: date) -> tuple[sql.Tested, ...]:
    column_of = {guess.field: guess.column for guess in mapping.guesses if guess.field}
    return tuple(
        sql.Tested(place, field, column_of[field.name], _unbounded(field, as_of))
        for place, field in enumerate(standard.fields)
        if field.name in column_of
    )


def _unbounded(field: Field, as_of: date) -> Recipe:
    """Return how a field is tested but for its bounds, which a check tells of apart."""
    return recipe(replace(field, bounds=Bounds()), as_of)


def _judged(raw: Relation, columns: Sequence[sql.Tested], standard: Standard, ask: Ask) -> Relation:
    """Make the table of failing cells: source_row, place, kind, what becomes of the cell, rule and value."""
    engine, decided = raw.engine, f"{raw.name}_decided"
    query = " UNION ALL ".join([sql.cells_query(raw.name, columns), *_repeats(raw, columns, standard)])
    found = engine.create(f"{raw.name}_found", query)
    asked = [batch for column in columns for batch in _of_cells(found, column, ask)]
    engine.load(decided, pa.Table.from_batches(asked, DECIDED))
    judged = engine.create(f"{raw.name}_judged", sql.judged_query(found.name, decided))
    for scratch in (decided, found.name):
        engine.drop(scratch)
    return judged


def _repeats(raw: Relation, columns: Sequence[sql.Tested], standard: Standard) -> Iterator[str]:
    """Yield the queries for rows that share a key which no two rows may share."""
    by_name = {column.field.name: column for column in columns}
    for key in keys_of(standard):
        if all(name in by_name for name in key):
            place = by_name[key[0]].place
            yield sql.repeated_query(raw.name, place, [by_name[name].column for name in key])


def _of_cells(found: Relation, column: sql.Tested, ask: Ask) -> Iterator[pa.RecordBatch]:
    """Ask the column's rule about the distinct values of cells that were found failing.

    Without advice it is asked only about those that it may call right.
    """
    if ask.advise or not column.is_settled:
        query = sql.values_query(found.name, column, every=ask.advise)
        yield from _asked(found.engine.fetch(query), column)


def _asked(failing: pa.Table, column: sql.Tested) -> Iterator[pa.RecordBatch]:
    """Yield the decisions about distinct failing values."""
    values = [str(value) for value in failing.column("v").to_pylist()]
    kinds = failing.column("kind").to_numpy().tolist()
    rule = column.recipe.rule(values)
    rows = [_row(column, value, kind, rule(value)) for value, kind in zip(values, kinds, strict=True)]
    if rows:
        cells = zip(zip(*rows, strict=True), DECIDED, strict=True)
        arrays = [pa.array(column, field.type) for column, field in cells]
        yield pa.RecordBatch.from_arrays(arrays, schema=DECIDED)


def _row(column: sql.Tested, value: str, found: int, decision: Decision | None) -> Row:
    """Return what becomes of one distinct value, as a row of the decisions."""
    field, place = column.field, column.place
    after = value if decision is None else decision.after
    if after is not None and not field.bounds.allow(after):
        return place, found, value, sql.BOUNDS, _at(_lost(field)), ""
    if decision is None:
        return place, found, value, None, _RIGHT, ""
    if decision.verdict is Verdict.REPAIRED:
        return place, found, value, None, _at(Outcome.PUT_RIGHT), decision.rule
    if decision.rule == "missing_marker" and field.required:
        return place, found, value, sql.MISSING, _at(Outcome.ROW_LOST), decision.rule
    outcome = Outcome.PUT_RIGHT if decision.rule == "missing_marker" else _lost(field)
    return place, found, value, None, _at(outcome), decision.rule


def _lost(field: Field) -> Outcome:
    sets_aside = field.required or field.on_failure is OnFailure.SET_ASIDE
    return Outcome.ROW_LOST if sets_aside else Outcome.CELL_LOST


def _at(outcome: Outcome) -> int:
    return _OUTCOMES.index(outcome)


def _outcome(number: int | None, kind: int) -> Outcome:
    if number is not None:
        return _OUTCOMES[number]
    return Outcome.ROW_LOST if kind in (sql.MISSING, sql.REPEATED) else Outcome.UNKNOWN


def _count_rows(judged: Relation) -> tuple[int, int]:
    mended = f"outcome = {_at(Outcome.PUT_RIGHT)}"
    counts = judged.engine.fetch(
        "SELECT count(*) AS failing, count(*) FILTER (WHERE needs) AS needs FROM (SELECT source_row,"
        f" bool_or(({mended}) IS NOT TRUE) AS needs FROM {quoted(judged.name)} GROUP BY source_row)"
    )
    [row] = counts.to_pylist()
    return int(row["failing"]), int(row["needs"])


def _problems(judged: Relation, table: str, columns: Sequence[sql.Tested], ask: Ask) -> tuple[Problem, ...]:
    """Return the ways in which cells fail, the worst first and then by how many they are."""
    engine = judged.engine
    counts = engine.fetch(
        f"SELECT place, kind, outcome, rule, count(*) AS cells FROM {quoted(judged.name)} GROUP BY ALL"
    ).to_pylist()
    examples: dict[tuple[object, ...], list[Example]] = {}
    by_place = {column.place: column for column in columns}
    for cell in engine.fetch(sql.examples_query(judged.name, table, ask.examples)).to_pylist():
        shown = cell["v"] if ask.show else shape_of(cell["v"], by_place[cell["place"]].field.type)
        examples.setdefault(_apart(cell), []).append(Example(cell["source_row"], cell["line"], shown))
    found = [_problem(by_place[row["place"]], row, examples.get(_apart(row), [])) for row in counts]
    return tuple(
        sorted(found, key=lambda each: (_at(each.outcome) % 3, -each.cells, each.field.name, each.rule))
    )


def _apart(row: Mapping[str, object]) -> tuple[object, ...]:
    return row["place"], row["kind"], row["outcome"], row["rule"]


def _problem(column: sql.Tested, row: Mapping[str, int | str | None], examples: Iterable[Example]) -> Problem:
    number, told = int(row["kind"] or 0), row["outcome"]
    kind = kind_of(number, column.field)
    outcome = _outcome(None if told is None else int(told), number)
    rule = str(row["rule"])
    return Problem(
        field=column.field,
        column=column.column,
        kind=kind,
        outcome=outcome,
        rule=rule,
        cells=int(row["cells"] or 0),
        what=what_is_wrong(kind, column.field, rule),
        advice=advice_on(kind, outcome, column.field),
        examples=tuple(examples),
    )


def _unreadable(aside: Relation, most: int) -> Iterator[Unreadable]:
    """Yield the reasons for which rows could not be read, with where the first of them stand."""
    rows = aside.engine.fetch(
        f"SELECT source_row, line, reasons FROM {quoted(aside.name)} ORDER BY source_row"
    )
    by_reason: dict[str, list[Example]] = {}
    for row in rows.to_pylist():
        for reason in row["reasons"]:
            by_reason.setdefault(reason, []).append(Example(row["source_row"], row["line"], ""))
    for reason, where in by_reason.items():
        yield Unreadable(reason, len(where), tuple(where[:most]))
