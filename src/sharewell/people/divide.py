"""Divide the records into people: join groups that agree on the whole, never over a flat contradiction.

Groups are joined by the mean evidence between them, strongest first (average linkage; Sokal and Michener,
1958). One chance likeness then cannot chain two people together, as it does in connected components.
"""

from __future__ import annotations

from collections.abc import Callable

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
    while True:
        people = _join_groups(size, bounded, at)
        more = hidden(people)
        if not len(more.left):
            return people
        bounded = Pairs(
            np.concatenate([bounded.left, more.left]),
            np.concatenate([bounded.right, more.right]),
            np.concatenate([bounded.bits, more.bits]),
        )


def _join_groups(size: int, pairs: Pairs, at: float) -> Numbers:
    group = np.arange(size)
    for least in (*(level for level in (8.0, 6.0, 4.0, 2.0) if level > at), at):
        while True:
            left, right, mean = _between(group, pairs)
            enough = mean >= least - 1e-9
            if not enough.any():
                break
            left, right = left[enough], right[enough]
            best = each_others_best(size, left, right, _by_strength(left, right, mean[enough]))
            group = connected(size, left[best], right[best])[group]
    return group


def _between(group: Numbers, pairs: Pairs) -> tuple[Numbers, Numbers, Floats]:
    """Return each two groups that a pair runs between, the lower first, with the mean evidence."""
    left, right = group[pairs.left], group[pairs.right]
    apart = left != right
    low, high = np.minimum(left, right)[apart], np.maximum(left, right)[apart]
    both, place = np.unique(low * len(group) + high, return_inverse=True)
    mean = np.bincount(place, pairs.bits[apart]) / np.maximum(np.bincount(place), 1)
    return both // len(group), both % len(group), mean


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
