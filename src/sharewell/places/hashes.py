"""Hashes of addresses and of their streets, so that equal ones are found by equal numbers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sharewell.places import rules
from sharewell.places.terms import Kind
from sharewell.places.tokens import UNKNOWN, Atoms, Bools, Floats, Hashes, Ints, Lexicon


@dataclass(frozen=True)
class Words:
    """The words of addresses in order: whose, which, how sure, where, and whether after a comma."""

    address: Ints
    word: Ints
    sure: Floats
    place: Ints
    gap: Bools


def street_hashes(words: Words, number_place: Ints, lexicon: Lexicon) -> Hashes:
    """Hash each address's street: its words after the number, up to the first ROAD, STREET or the like."""
    types = lexicon.having(rules.STREET_TYPES)
    letters = lexicon.having(frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
    started = (number_place[words.address] >= 0) & (words.place > number_place[words.address])
    kept = (started & ~letters[words.word]).nonzero()[0]
    owner, word = words.address[kept], words.word[kept]
    ended: Ints = np.cumsum(types[word]) - types[word]
    first = np.searchsorted(owner, owner)
    inside: Bools = ended == (ended[first] if len(first) else ended)
    owner, word, rank = owner[inside], word[inside], (np.arange(len(kept)) - first)[inside]
    streets = np.zeros(len(number_place), dtype=np.uint64)
    np.add.at(streets, owner, mixed((word + 2).astype(np.uint64) * np.uint64(64) + rank.astype(np.uint64)))
    closed = np.bincount(owner, weights=types[word], minlength=len(streets)) > 0
    unknown = np.bincount(owner, weights=word == UNKNOWN, minlength=len(streets)) > 0
    return np.where(closed & ~unknown, streets, np.uint64(0))


def street_heads(words: Words, number_place: Ints, lexicon: Lexicon) -> Ints:
    """Return the word each address's street begins with: the first after its number, UNKNOWN without one."""
    letters = lexicon.having(frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
    started = (number_place[words.address] >= 0) & (words.place > number_place[words.address])
    kept = (started & ~letters[words.word]).nonzero()[0][::-1]
    heads = np.full(len(number_place), UNKNOWN, dtype=np.int64)
    heads[words.address[kept]] = words.word[kept]
    return heads


def address_hashes(atoms: Atoms, word: Ints) -> Hashes:
    """Hash each address's atoms in order, so that equal keys mean equal addresses."""
    spelt = (atoms.kind == Kind.WORD) | (atoms.kind == Kind.SAINT_OR_STREET)
    value = np.where(spelt, word, atoms.code).astype(np.uint64) * np.uint64(31) + spelt.astype(np.uint64)
    value = mixed(value * np.uint64(17) + np.where(spelt, Kind.WORD, atoms.kind).astype(np.uint64))
    starts = (np.append(True, atoms.kind == Kind.END)[:-1]).nonzero()[0]
    place = (np.arange(len(value)) - starts[atoms.address]).astype(np.uint64)
    hashed = np.add.reduceat(mixed(value + place * np.uint64(0x9E3779B97F4A7C15)), starts)
    unknown = np.add.reduceat((spelt & (word == UNKNOWN)).astype(np.int64), starts) > 0
    return np.where(unknown, np.uint64(0), hashed)


def mixed(values: Hashes) -> Hashes:
    """Scatter 64-bit values (the finaliser of SplitMix64, Steele, Lea and Flood 2014)."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))
