"""Find the unit a record means inside a place. A unit that differs is never taken: its building is known."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sharewell.places.compare import NAME_WEIGHT, Compared
from sharewell.places.index import HIDDEN, Index
from sharewell.places.pair import Records
from sharewell.places.terms import Use
from sharewell.places.tokens import Bools, Ints, expand, sums

_FAR = np.iinfo(np.int64).max


@dataclass(frozen=True)
class Outcome:
    """What each pair would answer: a unit's UPRN or 0, its building's UPRN or 0, and how it came to that.

    ``found`` a unit as given, ``missing`` one the building does not have, ``unitless`` one in a building
    without units, ``bare`` a number without its unit word.
    """

    unit: Ints
    building: Ints
    found: Bools
    missing: Bools
    unitless: Bools
    bare: Bools

    def taken(self, kept: Bools) -> Outcome:
        """Return some of the outcomes."""
        return Outcome(**{name: values[kept] for name, values in vars(self).items()})


@dataclass(frozen=True)
class _Hits:
    count: Ints
    low: Ints
    high: Ints
    parents: Bools

    @property
    def one(self) -> Bools:
        one: Bools = (self.count > 0) & (self.low == self.high)
        return one


def resolve(records: Records, compared: Compared, index: Index) -> Outcome:
    """Return what each compared pair would answer."""
    q, g = compared.pairs.record, compared.pairs.place
    pair, step = expand(index.row_count[g])
    row = index.row_start[g][pair] + step
    unit, storey = compared.unit, compared.storey
    in_room = (records.parts.room[q] > 0) & index.has_rooms[g]
    bare = _gather(pair, row, _same_bare(compared, index, pair, row), index, len(q))
    is_bare = bare.count > 0
    specific = ((unit > 0) | (storey > 0) | in_room) & ~is_bare
    same = _gather(pair, row, _same(records, compared, index, pair, row, in_room), index, len(q))
    every = _gather(pair, row, np.ones(len(row), dtype=bool), index, len(q))

    plain = ~specific & ~is_bare
    vague = records.parts.vague[q] & (records.parts.suffix[q] == 0) & ~index.has_vague[g]
    home = plain & same.one & ~index.has_units[g] & ~same.parents & ~vague
    alone = plain & (same.count == 0) & every.one & ~every.parents
    as_given = specific & same.one & ~same.parents
    as_bare = is_bare & bare.one & ~bare.parents
    answer = np.where(as_given | home, same.low, np.where(alone, every.low, np.where(as_bare, bare.low, 0)))
    absent = specific & (same.count == 0)
    return Outcome(
        unit=np.where(compared.only_building & ~(as_given & (storey > 0)), 0, answer),
        building=index.parent[g], found=as_given | as_bare,
        missing=absent & index.has_units[g], unitless=absent & ~index.has_units[g], bare=is_bare,
    )  # fmt: skip


def are_possible(compared: Compared, outcome: Outcome, index: Index) -> Bools:
    """Return which pairs have what points to one building: its number, its name or a unit it has.

    A place of garages, pumps and the like is one only where the address says so by name or by unit.
    """
    said = (compared.named >= NAME_WEIGHT) | outcome.found
    pointed = compared.same_number | compared.in_range | said
    ancillary = index.use[compared.pairs.place] >= Use.ANCILLARY
    possible: Bools = pointed & ~(compared.needs_unit & ~outcome.bare) & (said | ~ancillary)
    return possible


def _same_bare(compared: Compared, index: Index, pair: Ints, row: Ints) -> Bools:
    wanted = compared.bare_unit[pair]
    same: Bools = (wanted > 0) & (index.rows.unit[row] == wanted)
    return same


def _same(records: Records, compared: Compared, index: Index, pair: Ints, row: Ints, in_room: Bools) -> Bools:
    """Return which rows are the unit a pair's record gives: same id and no other floor, or same floor."""
    rows = index.rows
    unit, storey = compared.unit[pair], compared.storey[pair]
    room = np.where(in_room, records.parts.room[compared.pairs.record], 0)[pair]
    their_unit, their_storey, their_room = rows.unit[row], rows.storey[row], rows.room[row]
    floors = (storey == 0) | (their_storey == 0) | (storey == their_storey)
    by_unit = (unit > 0) & (their_unit == unit) & floors
    by_storey = (unit == 0) & (storey > 0) & (their_storey == storey)
    nothing = (unit == 0) & (storey == 0) & (their_unit == 0) & (their_storey == 0)
    if index.has_any_vague:
        vague = records.parts.vague[compared.pairs.record][pair]
        nothing &= (vague == rows.vague[row]) | ~index.has_vague[rows.place[row]]
    same: Bools = (by_unit | by_storey | nothing) & (their_room == room)
    return same


def _gather(pair: Ints, row: Ints, hit: Bools, index: Index, pairs: int) -> _Hits:
    """Return, for each pair, how many rows hit and the lowest and highest UPRN among them.

    Of rows that the address fits alike only those preferred count: a home before a shop, approved before
    planned; see ``index.Rows``.
    """
    pair, row = pair[hit], row[hit]
    if index.has_ranks:
        best = np.full(pairs, HIDDEN)
        np.minimum.at(best, pair, index.rows.rank[row])
        kept = (index.rows.rank[row] == best[pair]) & (best[pair] < HIDDEN)
        pair, row = pair[kept], row[kept]
    low, high = np.full(pairs, _FAR), np.zeros(pairs, dtype=np.int64)
    count = np.bincount(pair, minlength=pairs)
    if len(pair):
        start = (np.append(True, pair[1:] != pair[:-1])).nonzero()[0]
        low[pair[start]] = np.minimum.reduceat(index.rows.uprn[row], start)
        high[pair[start]] = np.maximum.reduceat(index.rows.uprn[row], start)
    parents = sums(pair, index.rows.is_parent[row], pairs) > 0
    return _Hits(count, low, high, parents)
