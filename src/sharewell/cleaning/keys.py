"""Rows of one key: the first is kept, or the newest where a standard says how to tell; the others set aside.

Only rows that could be kept are compared, so that a row never goes for the sake of one that went before it.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final, Protocol

from sharewell.cleaning.terms import Undone
from sharewell.sources.terms import Standard
from sharewell.store.engine import Relation, literal, quoted

RULES: Final = {
    "duplicate_exact": "Another row of the same key says the same in every cell, so this one was set aside.",
    "duplicate_superseded": "A newer row of the same key takes this one's place.",
    "duplicate_conflicting": "Another row of the same key says something else; that one was kept.",
}

Key = tuple[str, ...]


class Cleaned(Protocol):
    """Gives the query for some columns of cleaned rows: of all, or of those that a table names."""

    def __call__(self, names: Sequence[str], only: str | None = None) -> str:
        """Return the query."""
        ...


def keys_of(standard: Standard) -> tuple[Key, ...]:
    """Return the groups of fields whose values no two rows may share, the primary key first."""
    single = tuple((field.name,) for field in standard.fields if field.unique)
    keys = (standard.primary_key, *single, *standard.unique_keys)
    return tuple(dict.fromkeys(key for key in keys if key))


def set_duplicates_aside(
    problems: Relation,
    cleaned: Cleaned,
    standard: Standard,
    without: Collection[Undone],
) -> None:
    """Add to the problems the rows whose key another has; ``cleaned`` gives the query for some columns."""
    engine, scratch = problems.engine, f"{problems.name}_repeats"
    for key in keys_of(standard):
        places = engine.create(f"{scratch}_places", _repeats_query(cleaned(("source_row", *key)), key))
        if places.count():
            rows = cleaned(("source_row", *standard.names), places.name)
            repeats = engine.create(scratch, _usable_query(rows, problems.name))
            _tell(problems, _judged_query(repeats.name, standard, key), key, without)
            repeats.drop()
        places.drop()


def _tell(problems: Relation, judged: str, key: Key, without: Collection[Undone]) -> None:
    engine, told = problems.engine, f"{problems.name}_told"
    undone = [literal(each.rule) for each in without if each.column in key]
    where = f" WHERE reason NOT IN ({', '.join(undone)})" if undone else ""
    engine.create(
        told, f"SELECT * FROM {quoted(problems.name)} UNION ALL SELECT * FROM ({judged}) AS j{where}"
    )
    engine.create(problems.name, f"SELECT * FROM {quoted(told)}")
    engine.drop(told)


def _repeats_query(keyed: str, key: Key) -> str:
    """Return the query for where the rows stand whose key comes more than once."""
    names = ", ".join(quoted(name) for name in key)
    same = " AND ".join(f"u.{quoted(name)} = g.{quoted(name)}" for name in key)
    groups = f"SELECT {names} FROM ({keyed}) AS t GROUP BY {names} HAVING count(*) > 1"
    return f"SELECT u.source_row FROM ({keyed}) AS u JOIN ({groups}) AS g ON {same}"


def _usable_query(rows: str, problems: str) -> str:
    return f"SELECT c.* FROM ({rows}) AS c ANTI JOIN {quoted(problems)} AS p ON p.source_row = c.source_row"


def _judged_query(repeats: str, standard: Standard, key: Key) -> str:
    """Return the query for what is wrong with each repeat but the one that is kept."""
    names = ", ".join(f"c.{quoted(name)}" for name in key)
    newest = quoted(standard.newest_by) if standard.newest_by else ""
    latest = f"coalesce(c.{newest}, '') DESC, " if newest else ""
    turn = f"row_number() OVER (PARTITION BY {names} ORDER BY {latest}c.source_row)"
    rows = f"SELECT c.*, {turn} AS turn FROM {quoted(repeats)} AS c"
    same = " AND ".join(f"k.{quoted(name)} = o.{quoted(name)}" for name in key)
    older = f"coalesce(o.{newest}, '') < coalesce(k.{newest}, '')" if newest else "1 = 0"
    reason = (
        f"CASE WHEN {_alike(standard.names)} THEN 'duplicate_exact'"
        f" WHEN {older} THEN 'duplicate_superseded' ELSE 'duplicate_conflicting' END"
    )
    place = standard.names.index(key[0])
    return (
        f"SELECT o.source_row, {place} AS place, {reason} AS reason, {literal(key[0])} AS field"
        f" FROM ({rows}) AS o JOIN ({rows}) AS k ON {same} WHERE k.turn = 1 AND o.turn > 1"
    )


def _alike(names: Sequence[str]) -> str:
    return " AND ".join(f"o.{quoted(name)} IS NOT DISTINCT FROM k.{quoted(name)}" for name in names)
