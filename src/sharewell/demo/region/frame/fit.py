"""Fit households to each area's published margins by iterative proportional fitting, and round them.

Deming and Stephan 1940 for the plain margins; generalised iterative scaling (Darroch and Ratcliff 1972) for
those that count people in households. Sums go row by row, so that every machine gets the same figures.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sharewell.demo.region.chance import Chance, Floats, Ints
from sharewell.demo.region.frame.kinds import KINDS, LARGEST

ROUNDS = 120
TINY = 1e-9
SIZE = np.array([kind.size for kind in KINDS])
CHILDREN = np.array([kind.children for kind in KINDS])
COMPOSED = np.array([kind.composition for kind in KINDS])
PRIOR = np.array([kind.prior for kind in KINDS])
Table = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Wanted:
    """What one district's households must add up to; the first three are by area."""

    households: Floats
    people: Floats
    children: Floats
    composition: Floats
    sizes: Floats | None


def fit_kinds(wanted: Wanted) -> Table:
    """Return how many households of each of KINDS each area has, as fractions: one row an area.

    An area's households and people come out exactly; its children and the district's compositions and
    sizes as nearly as those allow.
    """
    start = PRIOR * wanted.composition[COMPOSED]
    table = np.outer(wanted.households / max(wanted.households.sum(), 1), start)
    for _ in range(ROUNDS):
        table = _to_districts(table, wanted)
        table = _to_counts(table, CHILDREN, wanted.children)
        for _ in range(3):
            table = _to_counts(table, SIZE, wanted.people)
            table = table * _ratio(wanted.households, np.asarray(table.sum(axis=1), dtype=float))[:, None]
    return table


def _to_districts(table: Table, wanted: Wanted) -> Table:
    """Scale to the district's compositions and sizes; shares are used, so that totals need not agree."""
    total = wanted.households.sum()
    table = table * _group_ratio(table, COMPOSED, wanted.composition, total)
    if wanted.sizes is not None:
        table = table * _group_ratio(table, np.minimum(SIZE, LARGEST) - 1, wanted.sizes, total)
    return table


def _group_ratio(table: Table, group: Ints, wanted: Floats, total: float) -> Floats:
    have = np.asarray(np.bincount(group, weights=table.sum(axis=0), minlength=len(wanted)), dtype=float)
    ratio: Floats = _ratio(wanted / max(wanted.sum(), TINY) * total, have)[group]
    return ratio


def _to_counts(table: Table, each: Ints, wanted: Floats) -> Table:
    """Scale rows so that ``each`` times the households nears what is wanted."""
    have = (table * each).sum(axis=1)
    power = each / each.max()
    scaled: Table = table * _ratio(wanted, have)[:, None] ** power
    return scaled


def _ratio(wanted: Floats, have: Floats) -> Floats:
    ratio: Floats = np.where(have > TINY, np.maximum(wanted, TINY) / np.maximum(have, TINY), 1.0)
    return np.clip(ratio, 0.02, 50.0)


def fit_two_way(rows: Floats, columns: Floats, affinity: Table) -> Table:
    """Return a table with these row and column sums, as near as can be to the affinity's pattern."""
    table = affinity * rows[:, None]
    columns = columns * (rows.sum() / max(columns.sum(), TINY))
    for _ in range(60):
        table = table * _ratio(columns, table.sum(axis=0))
        table = table * _ratio(rows, table.sum(axis=1))[:, None]
    return table


def whole(shares: Table, totals: Ints, chance: Chance) -> npt.NDArray[np.int64]:
    """Round each row to whole numbers that add up to its total, each within one of its share.

    Systematic: one random start a row, so that every column comes out right on average.
    """
    sums = shares.sum(axis=1)
    scaled = shares * np.where(sums > 0, totals / np.where(sums > 0, sums, 1.0), 0.0)[:, None]
    edges = np.cumsum(scaled, axis=1)
    edges[:, -1] = totals
    marks = np.floor(edges + chance.random(len(shares))[:, None] * (1 - TINY))
    marks[:, -1] = totals
    counts = np.diff(np.minimum(marks, totals[:, None]), axis=1, prepend=0.0)
    return counts.astype(np.int64)
