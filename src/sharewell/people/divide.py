"""Divide the records into people: join groups that agree on the whole, never over a flat contradiction.

Groups are joined by the mean evidence between them, strongest first (average linkage; Sokal and Michener,
1958). One chance likeness then cannot chain two people together, as it does in connected components.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sharewell.people.rules import STRONGEST_PAIR, WEAKEST_PAIR
from sharewell.people.score import Pairs
from sharewell.people.weights import Floats, Numbers

FORBIDDEN = -1e6
"""The evidence of a pair that cannot be one person: no other evidence outweighs it."""

Contradictions = Callable[[Pairs], npt.NDArray[np.bool_]]
HiddenContradictions = Callable[[Numbers], Pairs]


def connected(size: int, left: Numbers, right: Numbers) -> Numbers:
    """Return for each of ``size`` nodes the smallest node it is joined to by any path of edges."""
    label = np.arange(size)
    while True:
        lowest = np.minimum(label[left], label[right])
        lower = label.copy()
        np.minimum.at(lower, label[left], lowest)
        np.minimum.at(lower, label[right], lowest)
        while not np.array_equal(lower, lower[lower]):
            lower = lower[lower]
        if np.array_equal(lower, label):
            return label
        label = lower


def divide(
    size: int, pairs: Pairs, at: float, contradict: Contradictions, hidden: HiddenContradictions
) -> Numbers:
    """Return for each record the smallest record of its person.

    ``at``: the mean evidence in bits that joins two groups. ``contradict`` says which pairs cannot be one
    person; ``hidden`` finds such pairs inside people once made, so that those are parted too.
    """
    likely = pairs.bits >= at
    loose = connected(size, pairs.left[likely], pairs.right[likely])
    inside = pairs.only(loose[pairs.left] == loose[pairs.right])
    bits = np.clip(inside.bits, WEAKEST_PAIR, STRONGEST_PAIR)
    bits[contradict(inside)] = FORBIDDEN
    bounded = Pairs(inside.left, inside.right, bits)
    people = _join_groups(size, bounded, at)
    while len((more := hidden(people)).left):
        bounded = bounded.and_more(more)
        people = _part_again(people, bounded, np.unique(people[more.left]), at)
    return people


def _part_again(people: Numbers, pairs: Pairs, doubtful: Numbers, at: float) -> Numbers:
    """Return the people with the doubtful ones divided anew, each within itself."""
    is_doubtful = np.zeros(len(people), dtype=bool)
    is_doubtful[doubtful] = True
    inside = pairs.only((people[pairs.left] == people[pairs.right]) & is_doubtful[people[pairs.left]])
    return np.where(is_doubtful[people], _join_groups(len(people), inside, at), people)


@dataclass(frozen=True)
class _Edges:
    """What runs between two groups, the lower first: the evidence in sum, and the pairs it comes from."""

    low: Numbers
    high: Numbers
    total: Floats
    pairs: Floats

    @property
    def mean(self) -> Floats:
        return self.total / self.pairs

    def between(self, group: Numbers) -> _Edges:
        """Return the edges between the groups that these groups were joined to."""
        left, right = group[self.low], group[self.high]
        apart = left != right
        low, high = np.minimum(left, right)[apart], np.maximum(left, right)[apart]
        both, place = np.unique(low * len(group) + high, return_inverse=True)
        total: Floats = np.bincount(place, self.total[apart], minlength=len(both)).astype(np.float64)
        pairs: Floats = np.bincount(place, self.pairs[apart], minlength=len(both)).astype(np.float64)
        return _Edges(both // len(group), both % len(group), total, pairs)


def _join_groups(size: int, pairs: Pairs, at: float) -> Numbers:
    group = np.arange(size)
    edges = _Edges(pairs.left, pairs.right, pairs.bits, np.ones(len(pairs.bits))).between(group)
    for least in (*(level for level in (8.0, 6.0, 4.0, 2.0) if level > at), at):
        while (enough := edges.mean >= least - 1e-9).any():
            low, high = edges.low[enough], edges.high[enough]
            best = each_others_best(size, low, high, _by_strength(low, high, edges.mean[enough]))
            joined = connected(size, low[best], high[best])
            group = joined[group]
            edges = edges.between(joined)
    return group


def _by_strength(left: Numbers, right: Numbers, mean: Floats) -> tuple[Floats, Numbers]:
    """Return what orders pairs of groups: the evidence, then a fixed scramble that keeps the rounds few."""
    return mean, (left * 2_654_435_761 ^ right * 40_503_059) % 1_000_003


def each_others_best(
    size: int, left: Numbers, right: Numbers, order: tuple[npt.NDArray[np.generic], npt.NDArray[np.generic]]
) -> npt.NDArray[np.bool_]:
    """Return which edges are the best of both their ends, so that no node is in two of them.

    ``order``: what makes an edge better, the most important first; ties fall by place.
    """
    ranked = np.lexsort(order[::-1])
    rank = np.empty(len(ranked), dtype=np.int64)
    rank[ranked] = np.arange(len(ranked))
    best = np.full(size, -1)
    np.maximum.at(best, left, rank)
    np.maximum.at(best, right, rank)
    chosen: npt.NDArray[np.bool_] = (best[left] == rank) & (best[right] == rank)
    return chosen
