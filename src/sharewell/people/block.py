"""Choose which pairs of records are worth comparing: those that share something rare enough."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sharewell.people.prepare import Prepared
from sharewell.people.rules import MOSTLY
from sharewell.store.duckdb import DuckDB
from sharewell.store.engine import quoted

PAIRS_PER_RECORD = 5
"""One rule brings at most this many pairs for each record: beyond it, crowded values are left out."""

_STRICT = (
    ("nhs_number",),
    ("home",),
    ("surname", "date_of_birth"),
    ("first_name", "date_of_birth"),
    ("postcode", "date_of_birth"),
    ("known_as", "surname"),
)
_LOOSE = (
    ("postcode", "first_name"),
    ("postcode", "surname"),
    ("outward", "date_of_birth"),
    ("outward", "first_name"),
    ("outward", "surname"),
    ("substr(first_name, 1, 3)", "substr(surname, 1, 4)"),
    ("substr(first_name, 1, 2)", "substr(surname, 1, 2)", "substr(date_of_birth, 1, 4)"),
    ("surname",),
    ("date_of_birth",),
)
"""For lists without addresses, where a slip in a name must be caught by something else."""

_NEEDS = {"outward": "postcode", "known_as": "first_name"}


@dataclass(frozen=True)
class Block:
    """Columns, or parts of them, on all of which a pair must agree to be compared.

    ``largest``: values that more records than this hold are left out (every John Smith, every 1 January); the
    table then has the column ``key``, which is NULL for those.
    """

    parts: tuple[str, ...]
    largest: int | None = None
    key: str | None = None

    @property
    def joined(self) -> str:
        """Return SQL for all parts as one text, NULL where one is unknown."""
        known = " AND ".join(f"{part} IS NOT NULL" for part in self.parts)
        return f"CASE WHEN {known} THEN concat_ws(chr(31), {', '.join(self.parts)}) END"

    @property
    def columns(self) -> tuple[str, ...]:
        """Return the columns of the table that was prepared on which a pair must agree."""
        return self.parts if self.key is None else (self.key,)


def choose_blocks(prepared: Prepared, engine: DuckDB) -> tuple[Block, ...]:
    """Return the blocks: a pair is compared if it agrees on all parts of any of them.

    A block whose pairs would be too many leaves out the values too common to help.
    """
    blocks: list[Block] = []
    for parts in _candidates(prepared):
        largest, total = _largest_block(prepared, engine, parts)
        if total == 0 or largest < 2:
            continue
        is_bounded = total > PAIRS_PER_RECORD * prepared.rows
        key = f"key_{sum(block.key is not None for block in blocks)}"
        blocks.append(Block(parts, largest, key) if is_bounded else Block(parts))
    _add_keys(prepared, engine, [block for block in blocks if block.key])
    return tuple(blocks)


def _candidates(prepared: Prepared) -> list[tuple[str, ...]]:
    extra = [(column, "date_of_birth") for column in prepared.extra if column in prepared.holds]
    wanted = [*_STRICT, *extra]
    if prepared.homes_known < MOSTLY:
        wanted += [*_LOOSE, *((column,) for column in prepared.extra if column in prepared.holds)]
    possible = [rule for rule in wanted if all(_held(part, prepared) for part in rule)]
    return possible or [(column,) for column in sorted(prepared.holds)]


def _held(part: str, prepared: Prepared) -> bool:
    column = part.removeprefix("substr(").split(",")[0]
    return _NEEDS.get(column, column) in prepared.holds


def _largest_block(prepared: Prepared, engine: DuckDB, rule: Sequence[str]) -> tuple[int, int]:
    """Return the largest block's size that keeps the rule within its pairs, and all the pairs it makes."""
    known = " AND ".join(f"{part} IS NOT NULL" for part in rule)
    budget = PAIRS_PER_RECORD * prepared.rows
    [row] = engine.fetch(f"""
        WITH blocks AS (
          SELECT count(*) AS size FROM {quoted(prepared.table)} WHERE {known} GROUP BY {", ".join(rule)}
        ), sizes AS (
          SELECT size, sum(size * (size - 1) / 2) AS pairs FROM blocks WHERE size > 1 GROUP BY size
        ), running AS (SELECT size, pairs, sum(pairs) OVER (ORDER BY size) AS so_far FROM sizes)
        SELECT coalesce(max(size) FILTER (so_far <= {budget}), 0) AS largest,
          coalesce(sum(pairs), 0)::BIGINT AS total FROM running""").to_pylist()
    return int(row["largest"]), int(row["total"])


def _add_keys(prepared: Prepared, engine: DuckDB, blocks: Sequence[Block]) -> None:
    if not blocks:
        return
    columns = []
    for block in blocks:
        size = f"count(*) OVER (PARTITION BY {', '.join(block.parts)})"
        columns.append(f"CASE WHEN {size} <= {block.largest} THEN {block.joined} END AS {block.key}")
    engine.create(prepared.table, f"SELECT *, {', '.join(columns)} FROM {quoted(prepared.table)} ORDER BY id")


def block_column(place: int) -> str:
    """Return the column that tells by a hash which block a record is in, by the block's place."""
    return f"block_{place}"


def with_block_columns(table: str, blocks: Sequence[Block], further: Sequence[str] = ()) -> str:
    """Return SQL for a table with a column for each block: a hash of its parts, NULL where one is unknown.

    ``further``: more columns, as SQL.
    """
    hashed = [
        f"CAST(md5_number_lower({block.joined}) >> 1 AS BIGINT) AS {block_column(place)}"
        for place, block in enumerate(blocks)
    ]
    return f"SELECT {', '.join(['*', *hashed, *further])} FROM {quoted(table)} ORDER BY id"


def pairs_query(table: str, blocks: Sequence[Block], *, across: str | None = None) -> str:
    """Return SQL for the pairs of records, l < r, that are together in any block; each comes once.

    The tables have the columns of ``with_block_columns``. ``across``: a second table; each pair then has its
    ``l`` in the first and its ``r`` in the second.
    """
    found = [_block_query(table, across, block, block_column(place)) for place, block in enumerate(blocks)]
    none = "SELECT 0::BIGINT AS l, 0::BIGINT AS r WHERE 1 = 0"
    return f"SELECT DISTINCT l, r FROM ({' UNION ALL '.join(found) or none}) AS every_block"


def _block_query(table: str, across: str | None, block: Block, column: str) -> str:
    other = across or table
    pairs = (
        f"SELECT l.id AS l, r.id AS r FROM {quoted(table)} AS l "
        f"JOIN {quoted(other)} AS r ON l.{column} = r.{column}"
    )
    if block.largest is not None:
        pairs += f" QUALIFY count(*) OVER (PARTITION BY r.id) <= {block.largest}"
    return f"SELECT l, r FROM ({pairs}) AS agreeing{' WHERE l < r' if across is None else ''}"
