"""Compare the encodings of two lists block by block, and give each row at most one partner."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sharewell.people.encoded.rules import GLANCE, GLANCE_WORDS, LARGEST_BLOCK
from sharewell.people.encoded.sketch import Numbers, Words
from sharewell.vocab.errors import EncodingsDiffer

Blocks = npt.NDArray[np.uint16]
_PAIRS_AT_ONCE = 1 << 18


@dataclass(frozen=True)
class Pass:
    """One list's rows in one pass: which block each is in, and its encoding of eight words."""

    blocks: Blocks
    encodings: Words


@dataclass(frozen=True)
class Near:
    """Pairs of rows that are not strangers, in how many bits each differs, and how many were compared."""

    left: Numbers
    right: Numbers
    distance: npt.NDArray[np.float64]
    compared: int


def near_pairs(a: Pass, b: Pass) -> Near:
    """Return the pairs of one block that are near in one pass. Memory is bounded; time is the pairs compared.

    Raises EncodingsDiffer when a block holds too many rows to be one that sharewell made.
    """
    rows_a, starts_a = _by_block(a.blocks)
    rows_b, starts_b = _by_block(b.blocks)
    sizes_a, sizes_b = np.diff(starts_a), np.diff(starts_b)
    _require_bounded(max(sizes_a.max(), sizes_b.max()))
    sorted_a, sorted_b = a.encodings[rows_a], b.encodings[rows_b]
    found = [
        _near(sorted_a, sorted_b, (i, min(i + step, starts_a[block + 1])), (j, starts_b[block + 1]))
        for block in np.flatnonzero((sizes_a > 0) & (sizes_b > 0))
        for j in [starts_b[block]]
        for step in [max(1, _PAIRS_AT_ONCE // int(sizes_b[block]))]
        for i in range(starts_a[block], starts_a[block + 1], step)
    ]
    left, right, distance = (
        np.concatenate([part[place] for part in found]) if found else np.empty(0, np.int64)
        for place in range(3)
    )
    return Near(rows_a[left], rows_b[right], distance.astype(np.float64), int(sizes_a @ sizes_b))


def merged(passes: list[Near], rows_b: int) -> Near:
    """Return each pair once, with the mean of its distances over the passes in which it met."""
    key = np.concatenate([near.left * rows_b + near.right for near in passes])
    distance = np.concatenate([near.distance for near in passes])
    pairs, place, met = np.unique(key, return_inverse=True, return_counts=True)
    mean = np.bincount(place, distance, len(pairs)) / met
    return Near(pairs // rows_b, pairs % rows_b, mean, sum(near.compared for near in passes))


def one_to_one(near: Near, ties: npt.NDArray[np.uint64]) -> Numbers:
    """Return which pairs to keep, so that no row is in two: the nearest first, as a greedy choice would.

    ``ties`` decides between pairs equally near. In each round every pair that is the best of both its rows
    is kept, and other pairs of those rows go.
    """
    order = np.lexsort((ties, near.distance))
    kept = []
    while len(order):
        best_left = _first_of_each(near.left[order])
        best_right = _first_of_each(near.right[order])
        chosen = order[best_left & best_right]
        kept.append(chosen)
        used = np.isin(near.left[order], near.left[chosen]) | np.isin(near.right[order], near.right[chosen])
        order = order[~used]
    return np.sort(np.concatenate(kept)) if kept else np.empty(0, np.int64)


def _first_of_each(values: Numbers) -> npt.NDArray[np.bool_]:
    first = np.zeros(len(values), np.bool_)
    first[np.unique(values, return_index=True)[1]] = True
    return first


def _by_block(blocks: Blocks) -> tuple[Numbers, Numbers]:
    """Return the rows in the order of their blocks, and where each block starts."""
    starts = np.concatenate([[0], np.cumsum(np.bincount(blocks, minlength=1 << 16))])
    return np.argsort(blocks, kind="stable"), starts


def _near(
    a: Words, b: Words, in_a: tuple[int, int], in_b: tuple[int, int]
) -> tuple[Numbers, Numbers, npt.NDArray[np.int64]]:
    """Return the near pairs of two runs of rows: a glance at half the words, a whole look at what is left."""
    left, right = a[in_a[0] : in_a[1]], b[in_b[0] : in_b[1]]
    seen = np.bitwise_count(left[:, None, 0] ^ right[None, :, 0])
    for word in range(1, GLANCE_WORDS):
        seen += np.bitwise_count(left[:, None, word] ^ right[None, :, word])
    i, j = np.nonzero(seen <= GLANCE)
    whole = np.bitwise_count(left[i] ^ right[j]).sum(axis=1, dtype=np.int64)
    return i + in_a[0], j + in_b[0], whole


def _require_bounded(largest: int) -> None:
    if largest > LARGEST_BLOCK:
        raise EncodingsDiffer(
            f"A block holds {largest:,} rows; at most {LARGEST_BLOCK:,} can be compared.",
            "Make a key with `--records` of the longer list's size, and encode both lists with it.",
        )
