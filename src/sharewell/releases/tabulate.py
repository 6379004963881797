"""Counts: one table a field, small groups suppressed, the rest rounded, totals added up from what is shown.

A total never tells a suppressed group, because it is the sum of the rounded groups beside it and of nothing
else. Each table is one-way: no field is crossed with another.
"""

from __future__ import annotations

from sqlglot import exp

from sharewell.agreements.terms import Form
from sharewell.releases.gate import ELIGIBLE, Gate, gate_steps, same_person
from sharewell.releases.ladder import identifies, ladder
from sharewell.releases.layout import TABLE_COLUMNS, shown_fields
from sharewell.releases.rows import Part
from sharewell.releases.show import shown_value
from sharewell.releases.terms import FieldDecision
from sharewell.releases.tree import (
    Node,
    alias,
    case,
    cast,
    coalesce,
    col,
    joining,
    missing,
    select,
    stacked,
    table,
    truth,
    whole,
    with_parts,
    within,
    words,
)
from sharewell.sources.terms import Field, FieldType

_PLACE, _FIELD, _VALUE, _COUNT, _LISTED = "place", "field", "value", "count", "listed"
_CELLS, _ROUNDED = "gate_cells", "gate_rounded"
_DATES = frozenset({FieldType.DATE, FieldType.DATETIME})
_LISTED_FORMS = frozenset({Form.AGE_BAND_10, Form.WARD, Form.FLAG, Form.EXISTENCE})
_UNLISTED = "all other values"


def tables_query(gate: Gate) -> exp.Select:
    """Return ``field, value, count``: every shown field's groups, then its total; NULL is suppressed."""
    steps = {**gate_steps(gate), _CELLS: _cells(gate), _ROUNDED: _rounded(gate)}
    groups = select(table(_ROUNDED), whole_column(0), *(col(name) for name in (_PLACE, *TABLE_COLUMNS)))
    total = alias(exp.Sum(this=col(_COUNT)), _COUNT)
    totals = select(
        table(_ROUNDED), whole_column(1), col(_PLACE), col(_FIELD), alias(words("total"), _VALUE), total
    ).group_by(col(_PLACE), col(_FIELD))
    shown = select(
        within(stacked([groups, totals]), "tables"),
        col(_FIELD),
        col(_VALUE),
        alias(cast(col(_COUNT), "bigint"), _COUNT),
    ).order_by(col(_PLACE), col("is_total"), col(_VALUE))
    return with_parts(shown, steps)


def whole_column(is_total: int) -> Node:
    """Return the column that keeps a table's total under its groups."""
    return alias(whole(is_total), "is_total")


def _cells(gate: Gate) -> exp.Query:
    """Count the people of every group of every field. ``listed`` groups may be named when suppressed."""
    fields = [
        _values(gate, place, name, part, item)
        for place, (name, part, item) in enumerate(shown_fields(gate.parts))
    ]
    keys = [col(name) for name in (_PLACE, _FIELD, _VALUE, _LISTED)]
    counted = alias(exp.Count(this=exp.Star()), _COUNT)
    return select(within(stacked(fields), "people"), *keys, counted).group_by(*(key.copy() for key in keys))


def _values(gate: Gate, place: int, name: str, part: Part, item: FieldDecision) -> exp.Select:
    value, listed = _group(gate, part, item)
    query = select(
        table(ELIGIBLE),
        alias(whole(place), _PLACE),
        alias(words(name), _FIELD),
        alias(coalesce(value, words("not known")), _VALUE),
        alias(listed, _LISTED),
    )
    return joining(query, table(part.one), same_person(ELIGIBLE, part.one), left=True)


def _group(gate: Gate, part: Part, item: FieldDecision) -> tuple[Node, Node]:
    """Return the group a person falls in, and whether its name may be shown though its count may not."""
    form = _grouped_form(part, item)
    value = shown_value(item, form, part.one, gate.as_of)
    if form is not Form.AS_IS:
        said = _said(value) if form is Form.FLAG and item.type is not FieldType.BOOLEAN else value
        return said, truth(True) if form in _LISTED_FORMS else missing(value.copy())
    field = part.dataset.standard.field(item.field)
    codes = [words(code) for code in field.categories] if field else []
    if not codes:
        return value, missing(value.copy())
    return value, coalesce(exp.In(this=value.copy(), expressions=codes), truth(True))


def _said(flag: Node) -> Node:
    return case(
        (exp.EQ(this=flag, expression=words("true")), words("present")), otherwise=words("not present")
    )


def _grouped_form(part: Part, item: FieldDecision) -> Form:
    """Return the coarse form whose values are counted: never more informative than the agreed one."""
    field = part.dataset.standard.field(item.field) or Field(item.field, item.type, item.field)
    if item.agreed in (Form.FLAG, Form.EXISTENCE):
        return item.agreed
    if item.type in _DATES:
        return Form.AGE_BAND_10 if identifies(field) else Form.YEAR
    if item.type is FieldType.POSTCODE:
        return _area(part, item)
    if item.type is FieldType.BOOLEAN:
        return Form.FLAG
    if identifies(field) or Form.AS_IS not in ladder(field):
        return Form.FLAG
    return Form.AS_IS


def _area(part: Part, item: FieldDecision) -> Form:
    if part.has_ward:
        return Form.WARD
    return Form.FLAG if item.agreed is Form.WARD else Form.OUTCODE


def _rounded(gate: Gate) -> exp.Select:
    """Hide small counts, round the rest, and put hidden groups whose names would tell together."""
    rule = gate.decision.small_numbers
    few = exp.LTE(this=col(_COUNT), expression=whole(rule.suppress_at_or_below))
    step = max(rule.round_to, 1)
    steps = exp.Round(this=exp.Div(this=col(_COUNT), expression=cast(whole(step), "double")))
    rounded = exp.Mul(this=steps, expression=whole(step))
    hidden = exp.And(this=few, expression=exp.Not(this=col(_LISTED)))
    cells = select(
        table(_CELLS),
        col(_PLACE),
        col(_FIELD),
        alias(case((hidden, words(_UNLISTED)), otherwise=col(_VALUE)), _VALUE),
        alias(case((few.copy(), exp.Null()), otherwise=rounded), "shown"),
    )
    keys = [col(name) for name in (_PLACE, _FIELD, _VALUE)]
    total = alias(exp.Sum(this=col("shown")), _COUNT)
    return select(within(cells, "cells"), *keys, total).group_by(*(key.copy() for key in keys))
