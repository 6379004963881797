"""The distinct words of addresses: which name the building, how much each tells, what to search by."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sharewell.places.hashes import mixed
from sharewell.places.parse import Parts
from sharewell.places.rules import BUILDING_TYPES, ROADS
from sharewell.places.tokens import UNKNOWN, Bools, Floats, Hashes, Ints, Lexicon, expand, sums

PRIOR_PLACES = 200
"""Added to the number of places when words are weighed, so that a tiny gazetteer's words still count."""
UNSEEN_WEIGHT = 5.0
"""The weight of a word the gazetteer has never seen: it can agree with nothing, it only casts doubt."""
RARE = 6.0
"""A word weighing this much (one place in four hundred has it) is enough to search by alone."""

_NAME_WORDS = 3


@dataclass(frozen=True)
class PlaceWords:
    """The distinct words of each place (or record), as runs: where each starts and how many there are."""

    start: Ints
    count: Ints
    word: Ints
    sure: Floats
    leading: Bools
    after: Ints


def distinct_words(parts: Parts, lexicon: Lexicon, *, streets_lead: bool = False) -> PlaceWords:
    """Return each address's words once, in order, unknown ones left in; a word counts as it is surest.

    ``leading`` marks the words of a building's name: those before its number or, where it has none, the
    first words up to a comma, three at most. ``after`` is the word that follows, UNKNOWN where none does.
    """
    raw, width = parts.words, len(lexicon.ids)
    follows = np.full(len(raw.word), UNKNOWN, dtype=np.int64)
    next_to = (raw.address[1:] == raw.address[:-1]) & (raw.place[1:] == raw.place[:-1] + 1)
    follows[:-1][next_to] = raw.word[1:][next_to]
    unseen = raw.word == UNKNOWN
    marked = np.where(unseen, width + np.arange(len(raw.word)), raw.word)
    _, first = np.unique(raw.address * (width + len(raw.word) + 1) + marked, return_index=True)
    first = np.sort(first)
    count = np.bincount(raw.address[first], minlength=len(parts.number))
    leading = _leading(parts, lexicon, streets_lead)[first]
    word = np.where(unseen, width, raw.word)[first]
    return PlaceWords(np.cumsum(count) - count, count, word, raw.sure[first], leading, follows[first])


def _leading(parts: Parts, lexicon: Lexicon, streets_lead: bool) -> Bools:
    raw = parts.words
    types, buildings = lexicon.having(ROADS), lexicon.having(BUILDING_TYPES)
    count = np.bincount(raw.address, minlength=len(parts.number))
    start = np.cumsum(count) - count
    rank = np.arange(len(raw.word)) - start[raw.address]
    commas = np.cumsum(raw.gap & (rank > 0))
    opening = (commas == commas[start[raw.address]]) & (rank < _NAME_WORDS)
    before_building = np.append(buildings[raw.word[1:]] & (rank[1:] == 2), False)
    ends_street = types[raw.word] & (rank == 1) & ~before_building
    is_street = sums(raw.address, ends_street, len(count)) > 0
    unnumbered = (parts.number == 0)[raw.address]
    by_number = raw.place < parts.number_place[raw.address]
    named: Bools = np.where(unnumbered, opening & (streets_lead | ~is_street[raw.address]), by_number)
    return named


def take_words(words: PlaceWords, chosen: Ints) -> PlaceWords:
    """Return the words of some addresses, in that order."""
    count = words.count[chosen]
    run, step = expand(count)
    at = words.start[chosen][run] + step
    start = np.cumsum(count) - count
    return PlaceWords(start, count, words.word[at], words.sure[at], words.leading[at], words.after[at])


def word_totals(words: PlaceWords, weight: Floats) -> Floats:
    """Return the summed weight of each address's words."""
    owner = np.repeat(np.arange(len(words.count)), words.count)
    return sums(owner, weight[words.word] * words.sure, len(words.count))


def search_keys(words: PlaceWords, number: Ints, weight: Floats, rarest: int = 4) -> tuple[Hashes, Ints]:
    """Return search keys: an address's number with its rarest words, words side by side, rare words alone."""
    owner = np.repeat(np.arange(len(words.count)), words.count)
    known = words.word < len(weight) - 1
    heavy = np.where(known, weight[words.word], -1.0)
    order = np.lexsort((-heavy, owner))
    rank = np.empty(len(owner), dtype=np.int64)
    rank[order] = np.arange(len(owner)) - words.start[owner[order]]
    numbered = known & (rank < rarest) & (number[owner] > 0) & (heavy > 1.0)
    paired = known & (words.after >= 0) & (heavy + weight[words.after] > 6.0)
    rare = known & (rank < 2) & (heavy > RARE)
    single = number[owner].astype(np.uint64) * np.uint64(1 << 40) + words.word.astype(np.uint64)
    alone = words.word.astype(np.uint64) + np.uint64(1 << 62)
    pair = (
        (words.word.astype(np.uint64) << np.uint64(32)) + words.after.astype(np.uint64) + np.uint64(1 << 63)
    )
    keys = np.concatenate([mixed(single[numbered]), mixed(pair[paired]), mixed(alone[rare])])
    return keys, np.concatenate([owner[numbered], owner[paired], owner[rare]])


def word_weights(words: PlaceWords, places: int, width: int) -> Floats:
    """Weigh words by how few places have them (inverse document frequency, Spärck Jones 1972)."""
    seen = np.bincount(words.word, minlength=width + 1)[: width + 1]
    weight = np.log((places + PRIOR_PLACES) / (seen + 1.0))
    weight[width] = UNSEEN_WEIGHT
    return weight
