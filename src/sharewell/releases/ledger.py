"""What a recipient already holds: which rows of a release are new or changed since the last delivery.

The ledger has ``person, reference, row_hash, release_id, released_at``: for each reference the row last
delivered. It never leaves the place.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlglot import exp

from sharewell.releases.tree import (
    Node,
    alias,
    called,
    cast,
    coalesce,
    col,
    every,
    is_among,
    joined,
    joining,
    missing,
    select,
    stacked,
    table,
    whole,
    within,
    words,
)

REFERENCE, ROW_HASH = "ledger_reference", "row_hash"
WHOLE_TABLE = "table"
_HELD = ("person", "reference", "row_hash", "release_id", "released_at")
_SHARD_DIGITS = 3


def hashed_query(released: exp.Select, keys: Sequence[str], visible: Sequence[str]) -> exp.Select:
    """Return the rows with the name and the hash the ledger knows them by in front.

    The hash is SHA-256 of every visible cell with its column and length, so no two different rows run
    together. The keys are left out: they say whose row it is, not what it says.
    """
    reference = joined(*_between(words(":"), [col(name) for name in keys])) if keys else words(WHOLE_TABLE)
    cells = [
        part
        for name in visible
        if name not in keys
        for part in (words(f"{name}="), _measured(cast(col(name), "text")))
    ]
    hashed = called("SHA256", joined(*_between(words(","), cells)))
    return select(
        within(released, "released"), exp.Star(), alias(reference, REFERENCE), alias(hashed, ROW_HASH)
    )


def new_query(hashed: str, ledger: str | None) -> exp.Select:
    """Return the rows that the ledger does not hold as they are now."""
    query = select(table(hashed, "now"), exp.Column(this=exp.Star(), table=exp.Identifier(this="now")))
    if ledger is None:
        return query
    same = every(
        [
            exp.EQ(this=col("reference", "held"), expression=col(REFERENCE, "now")),
            exp.EQ(this=col("row_hash", "held"), expression=col(ROW_HASH, "now")),
        ]
    )
    query = joining(query, table(ledger, "held"), same, left=True)
    return query.where(missing(col("reference", "held")))


def ledger_query(new: exp.Select, ledger: str | None, release_id: str, at: datetime) -> exp.Query:
    """Return the ledger after a delivery: the new rows, and what was held of everyone else.

    ``new`` gives ``person, reference, row_hash``.
    """
    delivered = select(
        within(new, "new"),
        *(col(name) for name in _HELD[:3]),
        alias(words(release_id), "release_id"),
        alias(words(at.isoformat()), "released_at"),
    )
    if ledger is None:
        return delivered
    replaced = select(within(new.copy(), "new"), col("reference"))
    rest = select(table(ledger), *(col(name) for name in _HELD)).where(
        exp.Not(this=is_among(col("reference"), replaced))
    )
    return stacked([rest, delivered])


def new_rows_of(new: str) -> exp.Select:
    """Return what the ledger keeps of a table of new rows."""
    return select(table(new), col("person"), alias(col(REFERENCE), "reference"), col(ROW_HASH))


def whole_table_row(content: str) -> exp.Select:
    """Return the ledger's one row for a table of counts."""
    return exp.Select(
        expressions=[
            alias(cast(exp.Null(), "text"), "person"),
            alias(words(WHOLE_TABLE), "reference"),
            alias(words(content), ROW_HASH),
        ]
    )


def content_query(source: str, reference: str) -> exp.Select:
    """Return one SHA-256 over every row's reference and hash, whatever their order: ``content``.

    Rows are hashed in shards first, so that no text grows with the whole table.
    """
    row = joined(col(reference), words(" "), col(ROW_HASH))
    shard = called("LEFT", col(ROW_HASH), whole(_SHARD_DIGITS))
    shards = select(table(source), alias(shard, "shard"), alias(_gathered(row), "content")).group_by(
        shard.copy()
    )
    return select(within(shards, "shards"), alias(_gathered(joined(col("shard"), col("content"))), "content"))


def _gathered(value: Node) -> Node:
    """Return the hash of a column's values in their own order; of nothing, for no rows."""
    ordered = exp.Order(this=value, expressions=[exp.Ordered(this=value.copy(), nulls_first=False)])
    text = exp.GroupConcat(this=ordered, separator=words("\n"))
    return called("SHA256", coalesce(text, words("")))


def _measured(value: Node) -> Node:
    """Return a cell's length and text, or a mark for none."""
    length = cast(called("LENGTH", value.copy()), "text")
    return coalesce(exp.Paren(this=joined(length, words(":"), value)), words("-"))


def _between(separator: Node, values: Sequence[Node]) -> list[Node]:
    first, *rest = values
    return [first, *(item for value in rest for item in (separator.copy(), value))]
