"""Decide the distinct values of one column: those decided before are remembered, a rule is asked the rest."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

import pyarrow as pa
import pyarrow.compute as pc

from sharewell.cleaning.compile import Recipe, recipe
from sharewell.cleaning.queries import Column, failing_cells
from sharewell.cleaning.terms import Decision, Rule, Undone, Verdict
from sharewell.sources.terms import Field
from sharewell.store.engine import Relation, quoted

DECISIONS = pa.schema([(name, pa.string()) for name in ("before", "after", "rule", "verdict")])
_BATCH = 50_000
_EVIDENCE = 100_000
"""Cells that are evidence enough of how a column is written; of more, one row in so many is taken."""


class Memory(Protocol):
    """What was decided about distinct values before. One answer for a field is good as long as its rules are.

    ``recall`` loads a field's decisions into the engine as a table with the columns of ``DECISIONS``;
    ``keep`` takes those that this delivery's values met, old and new.
    """

    def recall(self, field: Field, mapped: Relation, table: str) -> Relation | None:
        """Return what is known of a field's values, or None where nothing is."""
        ...

    def keep(self, field: Field, decisions: pa.Table) -> None:
        """Take what was decided about the values of a delivery."""
        ...


@dataclass
class Decider:
    """Decides the columns of one mapped table; ``asked`` and ``remembered`` count distinct values."""

    mapped: Relation
    table: str
    as_of: date
    without: frozenset[Undone] = frozenset()
    memory: Memory | None = None
    asked: dict[str, int] = field(default_factory=dict)
    remembered: dict[str, int] = field(default_factory=dict)

    def column(self, item: Field, place: int) -> Column:
        """Find a field's cells that are not canonical and decide their distinct values."""
        engine, made = self.mapped.engine, recipe(item, self.as_of)
        cells = engine.create(f"{self.table}_cells_{place}", failing_cells(made, item, self.mapped.name))
        decisions = self._decisions(item, made, cells, f"{self.table}_known_{place}")
        self.asked.setdefault(item.name, 0)
        if not decisions.num_rows:
            cells.drop()
            return Column(item, place)
        decided = engine.load(f"{self.table}_decided_{place}", decisions)
        return Column(item, place, cells.name, decided.name, fills_empty=made.for_empty is not None)

    def _decisions(self, item: Field, made: Recipe, cells: Relation, scratch: str) -> pa.Table:
        """Return the decisions that change something, without the rules that are undone."""
        # a column whose values are evidence for one another is decided afresh: its evidence may have changed
        memory = None if made.reads_column else self.memory
        known = memory.recall(item, self.mapped, scratch) if memory else None
        values = f"SELECT v FROM {quoted(cells.name)} WHERE v <> '' GROUP BY v"
        fresh = self._ask(item, made, cells, self.mapped.engine.fetch(_unknown(values, known)))
        found = [fresh]
        if known is not None:
            met = f"SELECT k.* FROM {quoted(known.name)} AS k JOIN ({values}) AS c ON k.before = c.v"
            found.append(self.mapped.engine.fetch(met).cast(DECISIONS))
            self.remembered[item.name] = found[-1].num_rows
            known.drop()
        if memory:
            memory.keep(item, pa.concat_tables(found))
        if made.for_empty is not None:
            found.append(_table([("", Decision(made.for_empty, "code_from_empty", Verdict.REPAIRED))]))
        return self._without_undone(item, pa.concat_tables(found))

    def _ask(self, item: Field, made: Recipe, cells: Relation, failing: pa.Table) -> pa.Table:
        rule = made.rule(_evidence(cells) if made.reads_column else ())
        self.asked[item.name] = failing.num_rows
        keeps_right = self.memory is not None and not made.reads_column
        asked = [_ask_batch(values, rule, keeps_right=keeps_right) for values in _batches(failing)]
        return pa.concat_tables(asked) if asked else DECISIONS.empty_table()

    def _without_undone(self, item: Field, decisions: pa.Table) -> pa.Table:
        undone = [each.rule for each in self.without if each.column == item.name]
        stands = pc.not_equal(decisions["verdict"], pa.scalar(Verdict.RIGHT.value))
        for rule in undone:
            used = pc.match_substring_regex(decisions["rule"], f"(^|[+]){rule}($|[+])")
            stands = pc.and_not(stands, used)
        return decisions.filter(stands)


def _evidence(cells: Relation) -> list[str]:
    """Return a column's cells, by row and not by value: what is rare counts for little in a long list."""
    every = 1 + cells.count() // _EVIDENCE
    query = f"SELECT v FROM {quoted(cells.name)} WHERE v <> '' AND source_row % {every} = 0"
    return [value for batch in _batches(cells.engine.fetch(query)) for value in batch]


def _unknown(values: str, known: Relation | None) -> str:
    if known is None:
        return values
    return f"SELECT c.v FROM ({values}) AS c ANTI JOIN {quoted(known.name)} AS k ON k.before = c.v"


def _batches(failing: pa.Table) -> Iterator[list[str]]:
    for batch in failing.to_batches(max_chunksize=_BATCH):
        yield [str(value) for value in batch.column(0).to_pylist()]


def _ask_batch(values: list[str], rule: Rule, *, keeps_right: bool) -> pa.Table:
    right = Decision(None, "", Verdict.RIGHT) if keeps_right else None
    answers = ((value, rule(value) or right) for value in values)
    return _table((value, decision) for value, decision in answers if decision)


def _table(rows: Iterable[tuple[str, Decision]]) -> pa.Table:
    """Return decisions as a table; only texts are held on the way, which spares the garbage collector."""
    columns: tuple[list[str | None], ...] = ([], [], [], [])
    add_before, add_after, add_rule, add_verdict = (column.append for column in columns)
    for before, (after, rule, verdict) in rows:
        add_before(before)
        add_after(after)
        add_rule(rule)
        add_verdict(verdict)
    return pa.Table.from_arrays([pa.array(column, pa.string()) for column in columns], schema=DECISIONS)
