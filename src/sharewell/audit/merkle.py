"""The Merkle tree of RFC 6962 (Certificate Transparency), section 2.1: roots, a frontier, and two proofs.

Pure: ``hashlib`` only. Sizes and indexes are numbers of leaves; indexes count from 0.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from hashlib import sha256

EMPTY_ROOT = sha256(b"").digest()
"""The root of a tree with no leaves."""

HASH_BYTES = 32


def leaf_hash(leaf: bytes) -> bytes:
    """Return the hash of a leaf; its prefix keeps a leaf from ever passing for a node."""
    return sha256(b"\x00" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of the node above two others."""
    return sha256(b"\x01" + left + right).digest()


@dataclass
class Frontier:
    """The roots of the full subtrees a growing tree is made of, largest first: all that appending needs.

    A tree of ``size`` leaves has one such subtree for each binary 1 in ``size``.
    """

    size: int = 0
    peaks: list[bytes] = field(default_factory=list)

    @classmethod
    def from_hex(cls, size: int, text: str) -> Frontier:
        """Return a kept frontier. Raises ValueError when the text cannot belong to that size."""
        joined = bytes.fromhex(text)
        if len(joined) != size.bit_count() * HASH_BYTES:
            raise ValueError("the frontier does not belong to this size")
        return cls(size, [joined[at : at + HASH_BYTES] for at in range(0, len(joined), HASH_BYTES)])

    def hex(self) -> str:
        """Return the frontier as text to keep."""
        return b"".join(self.peaks).hex()

    def append(self, hashed_leaf: bytes) -> None:
        """Add a leaf's hash, in O(log size) steps and two on average."""
        full, node = self.size, hashed_leaf
        while full & 1:
            node = node_hash(self.peaks.pop(), node)
            full >>= 1
        self.peaks.append(node)
        self.size += 1

    def root(self) -> bytes:
        """Return the root of the tree so far."""
        if not self.peaks:
            return EMPTY_ROOT
        node = self.peaks[-1]
        for peak in reversed(self.peaks[:-1]):
            node = node_hash(peak, node)
        return node


def tree_root(hashed_leaves: Iterable[bytes]) -> bytes:
    """Return the root over leaf hashes."""
    frontier = Frontier()
    for hashed in hashed_leaves:
        frontier.append(hashed)
    return frontier.root()


def inclusion_ranges(index: int, size: int) -> tuple[tuple[int, int], ...]:
    """Return the (start, end) of each subtree whose root proves that a leaf is in the tree, leaf upwards."""
    if not 0 <= index < size:
        raise IndexError("the leaf is not in the tree")
    found: list[tuple[int, int]] = []
    start, end = 0, size
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            found.append((middle, end))
            end = middle
        else:
            found.append((start, middle))
            start = middle
    return tuple(reversed(found))


def consistency_ranges(old: int, new: int) -> tuple[tuple[int, int], ...]:
    """Return the (start, end) of each subtree that proves a tree of ``old`` leaves was only added to."""
    if not 0 <= old <= new:
        raise IndexError("the older tree is the larger")
    if old in (0, new):
        return ()
    found: list[tuple[int, int]] = []
    start, end = 0, new
    while end != old:
        middle = start + _split(end - start)
        if old <= middle:
            found.append((middle, end))
            end = middle
        else:
            found.append((start, middle))
            start = middle
    if start:
        found.append((start, end))
    return tuple(reversed(found))


def inclusion_proof(hashed_leaves: Sequence[bytes], index: int) -> tuple[bytes, ...]:
    """Return the audit path of a leaf (RFC 6962, section 2.1.1)."""
    ranges = inclusion_ranges(index, len(hashed_leaves))
    return tuple(tree_root(hashed_leaves[start:end]) for start, end in ranges)


def consistency_proof(hashed_leaves: Sequence[bytes], old: int) -> tuple[bytes, ...]:
    """Return the proof that the first ``old`` leaves are unchanged (RFC 6962, section 2.1.2)."""
    ranges = consistency_ranges(old, len(hashed_leaves))
    return tuple(tree_root(hashed_leaves[start:end]) for start, end in ranges)


def is_included(hashed: bytes, index: int, size: int, path: Sequence[bytes], root: bytes) -> bool:
    """Return whether a path proves a leaf hash to be at that index under that root (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    at, last, node = index, size - 1, hashed
    for step in path:
        if last == 0:
            return False
        if at & 1 or at == last:
            node = node_hash(step, node)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            node = node_hash(node, step)
        at, last = at >> 1, last >> 1
    return last == 0 and node == root


def is_consistent(old: int, old_root: bytes, new: int, new_root: bytes, path: Sequence[bytes]) -> bool:
    """Return whether a path proves the newer tree to be the older one, added to (RFC 9162, 2.1.4.2)."""
    if not 0 <= old <= new:
        return False
    if old == 0:
        return not path and old_root == EMPTY_ROOT
    if old == new:
        return not path and old_root == new_root
    steps = [old_root, *path] if old.bit_count() == 1 else list(path)
    return bool(steps) and _climb(old - 1, new - 1, steps) == (old_root, new_root)


def _climb(at: int, last: int, steps: Sequence[bytes]) -> tuple[bytes, bytes] | None:
    """Return the older and the newer root that the steps lead to; None if they do not end there."""
    while at & 1:
        at, last = at >> 1, last >> 1
    older = newer = steps[0]
    for step in steps[1:]:
        if last == 0:
            return None
        if at & 1 or at == last:
            older, newer = node_hash(step, older), node_hash(step, newer)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            newer = node_hash(newer, step)
        at, last = at >> 1, last >> 1
    return (older, newer) if last == 0 else None


def _split(size: int) -> int:
    """Return the largest power of two below a size of two or more."""
    return 1 << (size - 1).bit_length() - 1
