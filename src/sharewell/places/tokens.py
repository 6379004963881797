"""Turn lists of tokens into flat arrays of atoms: Python sees each distinct token once, numpy the rest."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow.compute as pc

from sharewell.places import rules
from sharewell.places.terms import Atom, Kind

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Hashes = npt.NDArray[np.uint64]
Texts = Any
"""An Arrow array of text; the stubs' generic arrays say less than this."""
ListOfTexts = Any
_Encoded = tuple[int, int, int, float]

UNKNOWN = -1
"""The word id of a word the gazetteer has never seen."""
GUESSED = 0.7
"""How much a word counts that was mended to the gazetteer's nearest word."""


@dataclass(frozen=True)
class Atoms:
    """Addresses as one flat sequence of atoms, each address closed by an END; commas become ``gap``."""

    kind: Ints
    code: Ints
    word: Ints
    sure: Floats
    gap: Bools
    address: Ints
    addresses: int


@dataclass
class Lexicon:
    """The gazetteer's words. Reading a record never changes it, so one lexicon serves many matches."""

    ids: dict[str, int] = field(default_factory=dict)
    _flags: dict[tuple[frozenset[str], int], Bools] = field(default_factory=dict, repr=False)

    def learn(self, text: str) -> int:
        """Return the id of a word, giving it one if it is new."""
        return self.ids.setdefault(text, len(self.ids))

    def having(self, words: frozenset[str]) -> Bools:
        """Return which word ids are among some words, with one place more for UNKNOWN at the end."""
        flags = self._flags.get((words, len(self.ids)))
        if flags is None:
            flags = np.zeros(len(self.ids) + 1, dtype=bool)
            flags[[self.ids[word] for word in words if word in self.ids]] = True
            self._flags[words, len(self.ids)] = flags
        return flags

    @cached_property
    def in_order(self) -> list[str]:
        """Return the words in the order of the alphabet."""
        return sorted(self.ids)

    @cached_property
    def _shortened(self) -> dict[str, list[str]]:
        """Every word of four letters or more under itself with one letter left out."""
        index: dict[str, list[str]] = {}
        for word in self.ids.keys() | rules.STRUCTURAL:
            if len(word) >= 4 and word.isalpha():
                for short in _one_shorter(word):
                    index.setdefault(short, []).append(word)
        return index

    def knows(self, word: str) -> bool:
        """Return whether a word is the gazetteer's or gives addresses their structure."""
        return word in rules.STRUCTURAL or word in self.ids

    def mend(self, token: str) -> tuple[str, ...]:
        """Return the known words an unknown one most likely was: nearest spelling, or two run together."""
        nearest = self._nearest(token)
        if nearest and (len(token) < 8 or _distance(token, nearest) == 1):
            return (nearest,)
        split = self._split(token)
        return split or ((nearest,) if nearest else ())

    def _nearest(self, token: str) -> str | None:
        allowed = 1 if len(token) < 7 else 2
        found = {
            word
            for short in _one_shorter(token)
            for word in (*self._shortened.get(short, ()), *((short,) if self.knows(short) else ()))
        } | set(self._shortened.get(token, ()))
        near = sorted((_distance(token, word), word) for word in found if len(word) >= 4)
        return near[0][1] if near and near[0][0] <= allowed else None

    def _split(self, token: str) -> tuple[str, ...]:
        for cut in sorted(range(3, len(token) - 1), key=lambda cut: -min(cut, len(token) - cut)):
            left, right = token[:cut], token[cut:]
            if self.knows(left) and self.knows(right):
                return left, right
        return ()


def read_atoms(tokens: ListOfTexts, lexicon: Lexicon, *, learning: bool) -> Atoms:
    """Return the atoms of token lists. ``learning`` adds new words to the lexicon; else they are mended."""
    flat = pc.dictionary_encode(tokens.flatten())
    codes = flat.indices.to_numpy(zero_copy_only=False).astype(np.int64)
    texts = flat.dictionary.to_pylist()
    lengths = np.diff(tokens.offsets.to_numpy())
    owner = np.repeat(np.arange(len(lengths)), lengths)
    if not learning:
        codes, owner = _rejoin(texts, codes, owner, lexicon)
    table = [_encode(text, lexicon, learning) for text in texts]
    return _flatten(table, codes, owner, len(lengths))


def expand(lengths: Ints) -> tuple[Ints, Ints]:
    """Return, for runs of the given lengths, each element's run and its place within the run."""
    runs = np.repeat(np.arange(len(lengths)), lengths)
    starts = np.cumsum(lengths) - lengths
    return runs, np.arange(len(runs)) - starts[runs]


def sums(owner: Ints, weights: npt.ArrayLike, owners: int) -> Floats:
    """Return the sum of weights of each owner."""
    total = np.bincount(owner, weights=np.asarray(weights, dtype=np.float64), minlength=owners)
    return total.astype(np.float64, copy=False)


def _rejoin(texts: list[str], codes: Ints, owner: Ints, lexicon: Lexicon) -> tuple[Ints, Ints]:
    """Put words back together that a space has split (BLAK EWAY), adding the whole words to ``texts``."""
    strange = np.array(
        [text.isalpha() and len(text) > 1 and not lexicon.knows(text) for text in texts], dtype=bool
    )
    wordy = np.array([text.isalpha() for text in texts], dtype=bool)
    if not len(codes) or not strange.any():
        return codes, owner
    left, right = codes[:-1], codes[1:]
    beside = (owner[:-1] == owner[1:]) & wordy[left] & wordy[right] & (strange[left] | strange[right])
    places = beside.nonzero()[0]
    pairs, which = np.unique(left[places] * len(texts) + right[places], return_inverse=True)
    made = [texts[pair // len(texts)] + texts[pair % len(texts)] for pair in pairs.tolist()]
    whole = np.array([len(word) >= 5 and word in lexicon.ids for word in made], dtype=bool)
    number = len(texts) + np.cumsum(whole) - 1
    texts.extend(word for word, kept in zip(made, whole, strict=True) if kept)
    joined = places[whole[which]]
    codes, gone = codes.copy(), np.zeros(len(codes), dtype=bool)
    codes[joined] = number[which[whole[which]]]
    gone[joined + 1] = True
    return codes[~gone], owner[~gone]


def _encode(token: str, lexicon: Lexicon, learning: bool) -> list[_Encoded]:
    atoms = rules.atoms_of(token)
    if learning:
        return [(atom.kind, atom.code, lexicon.learn(atom.text), 1.0) for atom in atoms]
    return [row for atom in atoms for row in _recognise(atom, lexicon)]


def _recognise(atom: Atom, lexicon: Lexicon) -> list[_Encoded]:
    known = lexicon.ids.get(atom.text)
    if known is not None or atom.kind != Kind.WORD or len(atom.text) < 4 or not atom.text.isalpha():
        return [(atom.kind, atom.code, UNKNOWN if known is None else known, 1.0)]
    mended = lexicon.mend(atom.text)
    guessed: list[_Encoded] = [
        (made.kind, made.code, lexicon.ids.get(made.text, UNKNOWN), GUESSED)
        for word in mended
        for made in rules.atoms_of(word)
    ]
    return guessed or [(atom.kind, atom.code, UNKNOWN, 1.0)]


def _flatten(table: list[list[_Encoded]], codes: Ints, owner: Ints, addresses: int) -> Atoms:
    sizes = np.array([len(rows) for rows in table], dtype=np.int64)
    parts = np.array([row for rows in table for row in rows] or [(0, 0, 0, 0.0)], dtype=np.float64)
    token, place = expand(sizes[codes])
    picked = parts[(np.cumsum(sizes) - sizes)[codes[token]] + place]
    address = owner[token]
    kind = picked[:, 0].astype(np.int64)
    kept = (kind != Kind.COMMA) & (kind != Kind.FILLER)
    comma_before = np.cumsum(kind == Kind.COMMA)
    kept_places = kept.nonzero()[0]
    gap_kept = np.diff(comma_before[kept_places], prepend=0) > 0
    return _close(picked[kept_places], gap_kept, address[kept_places], addresses)


def _close(picked: Floats, gap: Bools, address: Ints, addresses: int) -> Atoms:
    """Put an END after each address, so that looking at neighbours never crosses into the next one."""
    places = np.arange(len(address)) + address
    size = len(address) + addresses
    flat = np.zeros((size, 4))
    flat[:, 2] = UNKNOWN
    flat[places] = picked
    gaps = np.ones(size, dtype=bool)
    gaps[places] = gap
    owner = np.empty(size, dtype=np.int64)
    ends = np.ones(size, dtype=bool)
    ends[places] = False
    owner[places] = address
    owner[ends] = np.arange(addresses)
    return Atoms(
        kind=flat[:, 0].astype(np.int64),
        code=flat[:, 1].astype(np.int64),
        word=flat[:, 2].astype(np.int64),
        sure=flat[:, 3],
        gap=gaps,
        address=owner,
        addresses=addresses,
    )


def _one_shorter(word: str) -> set[str]:
    return {word[:place] + word[place + 1 :] for place in range(len(word))}


def _distance(left: str, right: str) -> int:
    """Return the optimal string alignment distance: edits and swaps of neighbouring letters."""
    before: list[int] = []
    row = list(range(len(right) + 1))
    for i, letter in enumerate(left, 1):
        after = [i]
        for j, other in enumerate(right, 1):
            cost = min(row[j] + 1, after[j - 1] + 1, row[j - 1] + (letter != other))
            if before and j > 1 and letter == right[j - 2] and left[i - 2] == other:
                cost = min(cost, before[j - 2] + 1)
            after.append(cost)
        before, row = row, after
    return row[-1]
