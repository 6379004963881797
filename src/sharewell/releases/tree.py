"""The pieces that release queries are built from: sqlglot nodes, every name quoted, every value a literal.

No text ever becomes SQL here: a name is an identifier node and a value is a literal node.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import reduce

from sqlglot import exp

Node = exp.Expression


def named(text: str) -> exp.Identifier:
    """Return a quoted identifier."""
    return exp.Identifier(this=text, quoted=True)


def col(column: str, table: str | None = None) -> exp.Column:
    """Return a column, of a table where one is named."""
    return exp.Column(this=named(column), table=None if table is None else named(table))


def table(text: str, alias: str | None = None) -> exp.Table:
    """Return a table, under an alias where one is given."""
    shown = exp.TableAlias(this=named(alias)) if alias else None
    return exp.Table(this=named(text), alias=shown)


def words(text: str) -> exp.Literal:
    """Return a text value."""
    return exp.Literal.string(text)


def whole(value: int) -> exp.Expression:
    """Return a whole number."""
    return exp.Literal.number(value) if value >= 0 else exp.Neg(this=exp.Literal.number(-value))


def truth(value: bool) -> exp.Boolean:
    """Return true or false."""
    return exp.Boolean(this=value)


def called(function: str, *arguments: Node) -> exp.Anonymous:
    """Return a call of one of the engine's functions."""
    return exp.Anonymous(this=function, expressions=list(arguments))


def alias(value: Node, column: str) -> exp.Alias:
    """Return a value under a column name."""
    return exp.Alias(this=value, alias=named(column))


def cast(value: Node, kind: str) -> exp.Cast:
    """Return a value cast to a type, failing where it cannot be."""
    return exp.Cast(this=value, to=exp.DataType.build(kind))


def tried(value: Node, kind: str) -> exp.TryCast:
    """Return a value cast to a type, or NULL where it cannot be."""
    return exp.TryCast(this=value, to=exp.DataType.build(kind))


def coalesce(value: Node, otherwise: Node) -> exp.Coalesce:
    """Return the value, or another where it is NULL."""
    return exp.Coalesce(this=value, expressions=[otherwise])


def present(value: Node) -> exp.Expression:
    """Return whether a value is neither NULL nor empty text."""
    return exp.Not(
        this=exp.Is(this=exp.Nullif(this=value.copy(), expression=words("")), expression=exp.Null())
    )


def missing(value: Node) -> exp.Is:
    """Return whether a value is NULL."""
    return exp.Is(this=value, expression=exp.Null())


def case(*branches: tuple[Node, Node], otherwise: Node | None = None) -> exp.Case:
    """Return the first branch whose condition holds."""
    ifs = [exp.If(this=condition, true=value) for condition, value in branches]
    return exp.Case(ifs=ifs, default=otherwise)


def joined(*parts: Node) -> Node:
    """Return texts (or blobs) one after another; NULL when any is NULL."""
    return reduce(lambda left, right: exp.DPipe(this=left, expression=right), parts)


def every(conditions: Iterable[Node]) -> Node:
    """Return whether all conditions hold; true when there are none."""
    wrapped: list[Node] = [exp.Paren(this=condition) for condition in conditions]
    return (
        reduce(lambda left, right: exp.And(this=left, expression=right), wrapped) if wrapped else truth(True)
    )


def some(conditions: Iterable[Node]) -> Node:
    """Return whether any condition holds; false when there are none."""
    wrapped: list[Node] = [exp.Paren(this=condition) for condition in conditions]
    return (
        reduce(lambda left, right: exp.Or(this=left, expression=right), wrapped) if wrapped else truth(False)
    )


def is_among(value: Node, query: exp.Query) -> exp.In:
    """Return whether a value is one of a query's answers, which hold no NULL."""
    return exp.In(this=value, query=exp.Subquery(this=query))


def select(source: exp.Table | exp.Subquery, *columns: Node) -> exp.Select:
    """Return a query of some columns of one source."""
    return exp.Select(expressions=list(columns)).from_(source, copy=False)


def within(query: exp.Query, name: str) -> exp.Subquery:
    """Return a query as a source for another."""
    return exp.Subquery(this=query, alias=exp.TableAlias(this=named(name)))


def joining(
    query: exp.Select, other: exp.Table, on: Node | None, *, left: bool = False, cross: bool = False
) -> exp.Select:
    """Return a query joined with a table, inner, left, or with every row; the query itself is changed."""
    if cross:
        return query.join(other, join_type="cross", copy=False)
    return query.join(other, on=on, join_type="left" if left else "inner", copy=False)


def stacked(queries: Sequence[exp.Query]) -> exp.Query:
    """Return the rows of every query, duplicates kept."""
    return reduce(lambda left, right: exp.Union(this=left, expression=right, distinct=False), queries)


def with_parts(query: exp.Select, parts: Mapping[str, exp.Query]) -> exp.Select:
    """Return a query with named parts put in front of it, in order; the query itself is changed."""
    for name, part in parts.items():
        query = query.with_(named(name), as_=part, copy=False)
    return query
