"""Leave records in doubt that two people could claim; name the pairs that a person should look at.

A record without a date of birth at the home of a father and a son of one name, or "J Hall" at the home of
John and Jane, agrees with both as well as with either: whom it was joined to would be chance.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from sharewell.people.contradict import Judged, reasons, unsure_pairs
from sharewell.people.couples import name_wives
from sharewell.people.divide import FORBIDDEN
from sharewell.people.neighbours import neighbours
from sharewell.people.prepare import Prepared
from sharewell.people.rules import (
    CLEARLY_TWO,
    NAMESAKES_TOLD_APART_BY,
    STRONGEST_PAIR,
    TOLD_APART_BY,
    WEAKEST_PAIR,
)
from sharewell.people.score import Pairs
from sharewell.people.weights import Numbers
from sharewell.store.duckdb import DuckDB
from sharewell.store.engine import quoted

TWO_ALIKE = "two_people_alike"
_INTEGER: pa.DataType = pa.int64()
_FLOAT: pa.DataType = pa.float64()
_TEXT: pa.DataType = pa.string()
DOUBTS = pa.schema([("l", _INTEGER), ("r", _INTEGER), ("bits", _FLOAT), ("reason", _TEXT)])
WRITTEN_DOUBTS = pa.schema(
    [
        ("source", _TEXT),
        ("source_row", _INTEGER),
        ("other_source", _TEXT),
        ("other_row", _INTEGER),
        ("match_weight", _FLOAT),
        ("reason", _TEXT),
    ]
)


@dataclass(frozen=True)
class Doubtful:
    """The people with doubtful records left alone, and the pairs to look at: l, r, bits, reason."""

    people: Numbers
    pairs: pa.Table


def leave_in_doubt(
    people: Numbers, judged: Judged, every: Pairs, at: float, prepared: Prepared, engine: DuckDB
) -> Doubtful:
    """Leave each record alone that agrees as well with another, clearly different person of its home.

    ``judged`` holds the pairs that could be one person's, ``every`` all that were weighed.
    """
    pairs = judged.pairs
    across = (pairs.bits >= at) & (people[pairs.left] != people[pairs.right])
    weighed = Pairs(pairs.left, pairs.right, np.where(judged.parted, FORBIDDEN, pairs.bits))
    unsure = across & ~judged.parted
    torn = _torn(people, weighed.only(_touching(people, pairs, pairs.only(unsure))), at, prepared, engine)
    told = reasons(pairs.only(across & judged.parted), prepared, engine)
    alone = people.copy()
    chosen = np.unique(torn["l"].to_numpy()).astype(np.int64)
    alone[chosen] = -1 - chosen
    alone = _smallest(alone)
    alone, wives = name_wives(alone, prepared, engine)
    twice = unsure_pairs(pairs.only(alone[pairs.left] == alone[pairs.right]), prepared, engine)
    alone = _smallest(alone)
    alone, beside = neighbours(alone, every, prepared, engine)
    tables = [table.cast(DOUBTS) for table in (torn, told, twice, wives, beside)]
    return Doubtful(_smallest(alone), pa.concat_tables(tables))


def _touching(people: Numbers, pairs: Pairs, across: Pairs) -> npt.NDArray[np.bool_]:
    """Return which pairs run between records of people that some pair across them would join."""
    is_near = np.zeros(len(people), dtype=bool)
    is_near[people[across.left]] = True
    is_near[people[across.right]] = True
    chosen: npt.NDArray[np.bool_] = is_near[people[pairs.left]] & is_near[people[pairs.right]]
    return chosen


def _smallest(people: Numbers) -> Numbers:
    """Return the people named anew after their smallest record."""
    _, first, place = np.unique(people, return_index=True, return_inverse=True)
    return first[place].astype(np.int64)


def _torn(people: Numbers, pairs: Pairs, at: float, prepared: Prepared, engine: DuckDB) -> pa.Table:
    """Return l (the record in doubt), r (one that could be of its person), bits and the reason."""
    edges = engine.load(
        f"{prepared.table}_edges",
        pairs.arrow()
        .append_column("p", pa.array(people[pairs.left]))
        .append_column("q", pa.array(people[pairs.right])),
    )
    found = engine.fetch(f"""
        WITH ways AS (
          SELECT l, r, p, q, bits FROM {quoted(edges.name)} UNION ALL
          SELECT r, l, q, p, bits FROM {quoted(edges.name)}
        ), claims AS (
          SELECT l, q, avg(greatest({WEAKEST_PAIR}, least({STRONGEST_PAIR}, bits))) AS mean FROM ways
          WHERE p <> q GROUP BY l, q HAVING mean >= {at}
        ), torn AS (
          SELECT own.l, own.r AS mine, other.r AS theirs, own.bits, other.bits AS other_bits,
            CASE WHEN x.namesakes THEN {NAMESAKES_TOLD_APART_BY} ELSE {TOLD_APART_BY} END AS least
          FROM ways AS other JOIN claims ON claims.l = other.l AND claims.q = other.q
          JOIN ways AS own ON own.l = other.l AND own.p = own.q
          JOIN ways AS apart ON apart.l = own.r AND apart.r = other.r
          JOIN {quoted(prepared.table)} AS x ON x.id = own.l
          JOIN {quoted(prepared.table)} AS y ON y.id = other.r
          WHERE x.home = y.home AND other.bits >= {at} AND own.bits >= {at} AND apart.bits <= {CLEARLY_TWO}
        ), best AS (
          SELECT l, theirs, max(bits) AS bits, max(other_bits) AS other_bits, arg_max(mine, (bits, -mine))
            AS mine
          FROM torn GROUP BY l, theirs HAVING max(bits) - max(other_bits) < min(least)
        )
        SELECT DISTINCT l, r, bits, '{TWO_ALIKE}' AS reason FROM (
          SELECT l, theirs AS r, other_bits AS bits FROM best UNION ALL SELECT l, mine, bits FROM best
        ) ORDER BY l, r, bits""")
    edges.drop()
    return found


def write_doubts(doubts: pa.Table, prepared: Prepared, engine: DuckDB) -> pa.Table:
    """Return the pairs to look at by source and source_row, the likeliest first."""
    if not doubts.num_rows:
        return WRITTEN_DOUBTS.empty_table()
    told = engine.load(f"{prepared.table}_doubts", doubts)
    found = engine.fetch(f"""
        SELECT l.source, l.source_row, r.source AS other_source, r.source_row AS other_row,
          round(told.bits, 6) AS match_weight, reason
        FROM {quoted(told.name)} AS told
        JOIN {quoted(prepared.table)} AS l ON l.id = told.l JOIN {quoted(prepared.table)} AS r ON r.id =
          told.r
        ORDER BY match_weight DESC, l.id, r.id, reason""")
    told.drop()
    return found.cast(WRITTEN_DOUBTS)
