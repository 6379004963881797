"""Turn a field's values into sketches: bits that agree as often as the values share pieces.

One bit of a min-hash (Broder, 1997; Li and Koenig, 2010; for private linking Smith, 2017): every bit is a
fair coin whatever the value, so neither the number of ones nor a pattern of bits tells a name, and two values
agree in half of the bits plus half of the share of pieces that they have in common.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from sharewell.people.encoded.rules import BITS, tokens_of

Words = npt.NDArray[np.uint64]
Numbers = npt.NDArray[np.int64]
Hashes = npt.NDArray[np.uint16]

WORDS = BITS // 64
_AT_ONCE = 4_000


@dataclass(frozen=True)
class Pieces:
    """A column as numbers: each row's distinct value (-1 for none), and the pieces of each distinct value."""

    field: str
    value: Numbers
    flat: Numbers
    starts: Numbers
    counts: Numbers
    tokens: Sequence[bytes]


def pieces_of(field: str, column: pa.ChunkedArray[Any]) -> Pieces:
    """Return a column's distinct values and their pieces."""
    encoded: Any = pc.dictionary_encode(column.combine_chunks())
    known: dict[str, int] = {}
    flat: list[int] = []
    starts: list[int] = []
    for value in encoded.dictionary.to_pylist():
        starts.append(len(flat))
        flat += [known.setdefault(token, len(known)) for token in tokens_of(field, value)]
    numbers: Numbers = pc.fill_null(encoded.indices, -1).to_numpy(zero_copy_only=False).astype(np.int64)
    tokens = [token.encode() for token in known]
    counts: Numbers = np.diff(np.array([*starts, len(flat)])).astype(np.int64)
    return Pieces(field, numbers, np.array(flat, np.int64), np.array(starts, np.int64), counts, tokens)


def sketches(pieces: Pieces, secret: bytes, positions: Numbers) -> Words:
    """Return 512 bits for each pass and distinct value, those outside a pass's ``positions`` zero.

    ``positions`` has a row for each pass; the answer has the shape (passes, values, 8).
    """
    passes, width = positions.shape
    made = np.zeros((passes, len(pieces.starts), WORDS), np.uint64)
    for part in _parts(pieces):
        least = _least(pieces, part, secret, passes * width).reshape(len(part), passes, width)
        for place in range(passes):
            bits = np.zeros((len(part), BITS), np.uint8)
            bits[:, positions[place]] = least[:, place] & 1
            made[place, part] = packed(bits)
    return made


def packed(bits: npt.NDArray[np.uint8]) -> Words:
    """Return rows of 512 zeros and ones as rows of eight words."""
    return np.packbits(bits, axis=1).view(np.uint64)


def _parts(pieces: Pieces) -> Iterator[Numbers]:
    """Yield some thousand values at a time, those of most pieces first, so that memory stays bounded."""
    order = np.argsort(-pieces.counts, kind="stable")
    for begin in range(0, len(order), _AT_ONCE):
        yield order[begin : begin + _AT_ONCE]


def _least(pieces: Pieces, values: Numbers, secret: bytes, bits: int) -> Hashes:
    """Return the least hash among each value's pieces for each bit; ``values`` have most pieces first."""
    starts, counts = pieces.starts[values], pieces.counts[values]
    runs = [pieces.flat[starts[: _more_than(counts, nth)] + nth] for nth in range(int(counts[0]))]
    used, place = np.unique(np.concatenate(runs), return_inverse=True)
    hashed = _hashed([pieces.tokens[token] for token in used.tolist()], secret, bits)
    least = hashed[place[: len(values)]]
    begin = len(values)
    for run in runs[1:]:
        np.minimum(least[: len(run)], hashed[place[begin : begin + len(run)]], out=least[: len(run)])
        begin += len(run)
    return least


def _more_than(counts: Numbers, nth: int) -> int:
    """Return how many of some falling counts are more than a number."""
    return int(np.searchsorted(-counts, -nth))


def _hashed(tokens: Sequence[bytes], secret: bytes, bits: int) -> Hashes:
    """Return a hash of 16 bits for each token and bit, independent: not two that make all the others."""
    drawn = b"".join(hashlib.shake_256(secret + token).digest(2 * bits) for token in tokens)
    return np.frombuffer(drawn, np.uint16).reshape(len(tokens), bits)
