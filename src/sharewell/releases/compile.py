"""A decision becomes one SQL tree: the people (``gate.py``), then each field in its form.

Nothing here joins text into SQL. An auditor reads ``release_query(...).sql("duckdb", pretty=True)``.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from sqlglot import exp

from sharewell.agreements.terms import Level
from sharewell.releases.gate import ELIGIBLE, Gate, gate_steps, open_gate, same_person
from sharewell.releases.layout import REFERENCE, YOUR_LIST, YOUR_ROW, shown_fields, visible_columns
from sharewell.releases.pseudonyms import KEY_TABLE, PERSON, pseudonym
from sharewell.releases.show import known, shown_value
from sharewell.releases.tabulate import tables_query
from sharewell.releases.terms import Dataset, Decision, PeopleRule
from sharewell.releases.tree import (
    Node,
    alias,
    cast,
    col,
    joining,
    select,
    some,
    stacked,
    table,
    whole,
    with_parts,
    within,
)

_ASKED = "gate_asked"


def release_query(
    decision: Decision, datasets: Mapping[str, Dataset], people: PeopleRule, *, as_of: date, now: datetime
) -> exp.Select:
    """Return the query whose rows are exactly what may leave.

    It reads the agreement's key from the table ``_release_key`` (see ``pseudonyms.key_in``) where it makes
    references or pseudonyms. Raises as ``open_gate``.
    """
    gate = open_gate(decision, datasets, people, as_of=as_of, now=now)
    if decision.level is Level.AGGREGATE:
        return tables_query(gate)
    columns = visible_columns(decision, gate.parts)
    return select(within(keyed_query(gate), "released"), *(col(name) for name in columns))


def keyed_query(gate: Gate) -> exp.Select:
    """Return the rows that may leave with the person each is about in front, for the gate's own books."""
    if gate.decision.level is Level.EXISTENCE:
        return with_parts(_answers(gate), {**gate_steps(gate), _ASKED: _asked(gate)})
    return with_parts(_large_groups(gate, _list(gate)), gate_steps(gate))


def _list(gate: Gate) -> exp.Select:
    """Return one row a person: the reference and every field in its form."""
    reference = alias(pseudonym(col("person", ELIGIBLE), PERSON), REFERENCE)
    query = select(table(ELIGIBLE), col("person", ELIGIBLE), reference, *_forms(gate))
    for part in gate.parts.values():
        query = joining(query, table(part.one), same_person(ELIGIBLE, part.one), left=True)
    return joining(query, table(KEY_TABLE), None, cross=True)


def _forms(gate: Gate) -> list[Node]:
    return [
        alias(shown_value(item, item.form, part.one, gate.as_of), name)
        for name, part, item in shown_fields(gate.parts)
        if item.form is not None
    ]


def _large_groups(gate: Gate, query: exp.Select) -> exp.Select:
    """Hold back people of groups smaller than k, who could be told by age, place or the like together."""
    quasi = [name for name, _, item in shown_fields(gate.parts) if item.quasi]
    if gate.decision.level is not Level.PSEUDONYMISED or gate.decision.k is None or not quasi:
        return query
    alike = exp.Window(this=exp.Count(this=exp.Star()), partition_by=[col(name) for name in quasi])
    counted = select(within(query, "listed"), exp.Star(), alias(alike, "people_alike"))
    enough = exp.GTE(this=col("people_alike"), expression=whole(gate.decision.k))
    columns = ("person", *visible_columns(gate.decision, gate.parts))
    return select(within(counted, "grouped"), *(col(name) for name in columns)).where(enough)


def _asked(gate: Gate) -> exp.Query:
    return stacked(
        [
            select(table(part.rows), col("person"), col("source"), col("source_row"))
            for part in gate.parts.values()
            if part.own
        ]
    )


def _answers(gate: Gate) -> exp.Select:
    """Return one row for each record of the recipient's own list about whom some other list knows.

    A record about whom nothing may be told has no row, whether the person is unknown or protected: the
    absence says neither.
    """
    others = [part for part in gate.parts.values() if not part.own and part.decided.shown]
    query = select(
        table(_ASKED),
        col("person", _ASKED),
        alias(cast(col("source", _ASKED), "text"), YOUR_LIST),
        alias(cast(col("source_row", _ASKED), "text"), YOUR_ROW),
        *_forms(gate),
    )
    query = joining(query, table(ELIGIBLE), same_person(_ASKED, ELIGIBLE))
    for part in others:
        query = joining(query, table(part.one), same_person(_ASKED, part.one), left=True)
    return query.where(some(known(part.one) for part in others))
