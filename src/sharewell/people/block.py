"""Choose which pairs of records are worth comparing: those that share something rare enough."""

from __future__ import annotations

from collections.abc import Sequence

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


def blocking_rules(prepared: Prepared, engine: DuckDB) -> tuple[tuple[str, ...], ...]:
    """Return the columns of each rule in turn: a pair is compared if it agrees on all columns of any rule.

    A rule whose pairs would be too many is replaced by a key column, added to the table, that is NULL for
    the values too common to help (every John Smith, every 1 January).
    """
    rules: list[tuple[str, ...]] = []
    keys: list[tuple[str, tuple[str, ...], int]] = []
    for rule in _candidates(prepared):
        largest, total = _largest_block(prepared, engine, rule)
        if total == 0 or largest < 2:
            continue
        if total > PAIRS_PER_RECORD * prepared.rows:
            keys.append((f"key_{len(keys)}", rule, largest))
            rule = (keys[-1][0],)
        rules.append(rule)
    if keys:
        _add_keys(prepared, engine, keys)
    return tuple(rules)


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


def _add_keys(prepared: Prepared, engine: DuckDB, keys: Sequence[tuple[str, Sequence[str], int]]) -> None:
    columns = []
    for name, rule, largest in keys:
        known = " AND ".join(f"{part} IS NOT NULL" for part in rule)
        parts = ", ".join(rule)
        columns.append(
            f"CASE WHEN {known} AND count(*) OVER (PARTITION BY {parts}) <= {largest} "
            f"THEN concat_ws(chr(31), {parts}) END AS {name}"
        )
    engine.create(prepared.table, f"SELECT *, {', '.join(columns)} FROM {quoted(prepared.table)} ORDER BY id")
