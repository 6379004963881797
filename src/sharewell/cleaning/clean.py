"""Clean a mapped table: one form for every value, every change explained, no row lost.

The engine finds the cells that are not canonical; a plain rule decides each distinct value once; the
decisions go back as a table that the engine joins. So the work is by distinct dirty value, never by row, and
the tables of decisions are the explanation.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from sharewell.cleaning.decide import Decider, Memory
from sharewell.cleaning.explain import explain
from sharewell.cleaning.keys import set_duplicates_aside
from sharewell.cleaning.queries import (
    POSTCODE_RULE,
    Column,
    addresses_of,
    aside_query,
    changes_query,
    cleaned_query,
    fixes_query,
    found_query,
    kept_query,
    mixed_blanks_query,
    no_text_query,
    problems_query,
    stripped_query,
)
from sharewell.cleaning.terms import Undone
from sharewell.sources.terms import Standard
from sharewell.store.engine import Relation, quoted
from sharewell.vocab.errors import UnknownColumn
from sharewell.vocab.step import Step, conserve

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Cleaned(Step[Relation]):
    """What cleaning did. ``changes`` has one row for every changed cell, of kept and of set-aside rows.

    Its columns: source_row, column, before (the cell as it came), after, rule (ids joined by ``+``), verdict
    (repaired | blanked | set_aside). A kept row's missing cell without a change was as empty in the file.
    """

    changes: Relation = field(kw_only=True)


@dataclass(frozen=True)
class Decided:
    """Everything decided about a mapped table, and the queries that carry it out.

    ``found`` holds every changed cell, ``fixes`` the same one row a row, ``problems`` why rows are set aside.
    ``blanks`` counts each column's missing cells (``n0``, by place) and its cells without text (``e0``).
    """

    mapped: Relation
    standard: Standard
    columns: tuple[Column, ...]
    found: Relation
    fixes: Relation
    problems: Relation
    decider: Decider
    blanks: Mapping[str, int]

    def cleaned(self, names: Sequence[str], only: str | None = None) -> str:
        """Return the query for some columns of every row, kept or not, or of those that a table names."""
        return cleaned_query(self.mapped.name, names, self.fixes.name, self.columns, only)

    def kept(self, names: Sequence[str] = ()) -> str:
        """Return the query for the kept rows: these columns, or all that were mapped."""
        return kept_query(self.cleaned(names or self.mapped.columns), self.problems.name)

    def set_aside(self) -> str:
        """Return the query for the rows set aside."""
        return aside_query(self.mapped.name, self.problems.name, self.standard)

    def changes(self) -> str:
        """Return the query for the changed cells of all rows."""
        return changes_query(self.found.name, self.columns)

    def drop(self) -> None:
        """Forget the scratch tables."""
        for scratch in (self.found, self.fixes, self.problems):
            scratch.drop()


def clean(
    mapped: Relation,
    standard: Standard,
    table: str,
    *,
    as_of: date,
    progress: Progress | None = None,
    without: Collection[Undone] = (),
    memory: Memory | None = None,
) -> Cleaned:
    """Bring every field of a mapped table to its canonical form, and set aside rows that cannot be used.

    ``mapped`` has ``source_row``, ``line`` and every field of the standard as text; the kept relation
    ``table`` has the same columns. Rows whose required field is empty or cannot be decided, whose field is
    to be set aside on failure, or whose key another row has already, go to ``<table>_aside``; changed cells
    to ``<table>_changes``. Nothing already right is changed. ``without`` undoes rules; ``memory`` keeps
    decisions. Raises UnknownColumn when ``mapped`` lacks a field, RowsNotConserved never in practice.
    """
    engine = mapped.engine
    decided = decide(mapped, standard, table, as_of=as_of, progress=progress, without=without, memory=memory)
    aside = engine.create(f"{table}_aside", decided.set_aside())
    kept = engine.create(table, decided.kept())
    changes = engine.create(f"{table}_changes", decided.changes())
    notes = explain(kept, aside, changes, standard)
    decided.drop()
    step = Cleaned(kept=kept, set_aside=aside, notes=notes, changes=changes)
    conserve(step, mapped.count(), "cleaning")
    return step


def decide(
    mapped: Relation,
    standard: Standard,
    table: str,
    *,
    as_of: date,
    progress: Progress | None = None,
    without: Collection[Undone] = (),
    memory: Memory | None = None,
) -> Decided:
    """Decide every cell and every row of a mapped table, and carry out nothing yet. Raises as ``clean`` does.

    The scratch tables it makes begin with ``table``; ``drop`` of the answer forgets them.
    """
    missing = [name for name in standard.names if name not in mapped.columns]
    if missing:
        raise UnknownColumn(
            f"The mapped table lacks the field {missing[0]} of the standard {standard.name}.",
            "Map the file to this standard again.",
        )
    decider = Decider(mapped, table, as_of, frozenset(without), memory)
    columns = _decide_columns(decider, standard, progress or (lambda _: None))
    engine = mapped.engine
    [blanks] = engine.fetch(mixed_blanks_query(columns, mapped.name)).to_pylist()
    found = _find(mapped, standard, columns, decider, blanks)
    problems = engine.create(f"{table}_problems", problems_query(mapped.name, found.name, columns))
    fixes = engine.create(f"{table}_fixes", fixes_query(found.name, columns))
    decided = Decided(mapped, standard, columns, found, fixes, problems, decider, blanks)
    set_duplicates_aside(problems, decided.cleaned, standard, decider.without)
    return decided


def _decide_columns(decider: Decider, standard: Standard, progress: Progress) -> tuple[Column, ...]:
    columns = []
    for place, item in enumerate(standard.fields):
        progress(f"Cleaning {item.title}")
        columns.append(decider.column(item, place))
    return tuple(columns)


def _find(
    mapped: Relation,
    standard: Standard,
    columns: tuple[Column, ...],
    decider: Decider,
    missing: Mapping[str, int],
) -> Relation:
    """Make the table of every changed cell, with what depends on another cell of the row or column."""
    engine, name = mapped.engine, f"{decider.table}_found"
    parts = [found_query(columns), *_mixed_blanks(mapped, columns, missing)]
    found = engine.create(name, " UNION ALL ".join(parts))
    for column in columns:
        for scratch in (column.cells, column.decisions):
            if scratch:
                engine.drop(scratch)
    lines, postcode = addresses_of(standard)
    code = next((column for column in columns if column.field is postcode), None)
    for column in columns:
        undone = Undone(column.field.name, POSTCODE_RULE) in decider.without
        if code is not None and column.field in lines and not undone:
            found = _strip(mapped, found, column, code)
    return found


def _mixed_blanks(mapped: Relation, columns: tuple[Column, ...], counts: Mapping[str, int]) -> list[str]:
    """Return queries that tell cells without text from missing ones, in columns that hold both."""
    return [
        no_text_query(column, mapped.name)
        for column in columns
        if counts[f"n{column.place}"] and counts[f"e{column.place}"] and not column.fills_empty
    ]


def _strip(mapped: Relation, found: Relation, address: Column, postcode: Column) -> Relation:
    """Take each row's own postcode off the end of its address, and say so among the changes."""
    engine, before = mapped.engine, found
    stripped = engine.create(
        f"{found.name}_stripped", stripped_query(mapped.name, found.name, address, postcode)
    )
    if stripped.count():
        others = f"SELECT f.* FROM {quoted(found.name)} AS f LEFT JOIN {quoted(stripped.name)} AS s"
        others += " ON s.source_row = f.source_row AND s.place = f.place WHERE s.place IS NULL"
        both = f"{others} UNION ALL SELECT * FROM {quoted(stripped.name)}"
        found = engine.create(f"{found.name}_{address.place}", both)
        before.drop()
    stripped.drop()
    return found
