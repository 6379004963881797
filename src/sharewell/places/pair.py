"""Pair each record with the places worth comparing it to: its postcode's, or those a search finds."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sharewell.places.index import CROWDED, Index
from sharewell.places.parse import Parts
from sharewell.places.place_words import PlaceWords, distinct_words, search_keys, take_words, word_totals
from sharewell.places.tokens import Bools, Floats, Ints, Texts, expand


@dataclass(frozen=True)
class Records:
    """The distinct addresses to match, parsed. ``postcode`` is the gazetteer's code for it, -1 for none."""

    parts: Parts
    postcode: Ints
    postcode_text: Texts
    words: PlaceWords
    total: Floats


@dataclass(frozen=True)
class Pairs:
    """Records paired with places; ``searched`` tells pairs found by search from those of the postcode."""

    record: Ints
    place: Ints
    searched: Bools


def as_records(parts: Parts, postcodes: Texts, index: Index) -> Records:
    """Return parsed addresses with their postcodes and words looked up in the gazetteer's index."""
    postcode = index.postcode_codes(postcodes)
    words = distinct_words(parts, index.lexicon, streets_lead=True)
    return Records(parts, postcode, postcodes, words, word_totals(words, index.weight))


def pair_by_postcode(records: Records, chosen: Ints, index: Index) -> Pairs:
    """Pair some records with every place of their postcode."""
    chosen = chosen[records.postcode[chosen] >= 0]
    start = index.postcode_start[records.postcode[chosen]]
    run, step = expand(index.postcode_start[records.postcode[chosen] + 1] - start)
    return Pairs(chosen[run], start[run] + step, np.zeros(len(run), dtype=bool))


def pair_by_search(records: Records, chosen: Ints, index: Index) -> Pairs:
    """Pair some records with places that share their number and a rare word, or two words side by side.

    Places of the record's own postcode are left out: they are paired already.
    """
    words = take_words(records.words, chosen)
    found = [search_keys(words, number[chosen], index.weight) for number in _numbers(records.parts)]
    keys = np.concatenate([key for key, _ in found])
    owner = chosen[np.concatenate([own for _, own in found])]
    known, places = index.postings
    low, high = np.searchsorted(known, keys, "left"), np.searchsorted(known, keys, "right")
    count = np.where(high - low > CROWDED, 0, high - low)
    run, step = expand(count)
    width = len(index.postcode)
    both = np.unique(owner[run] * width + places[low[run] + step])
    record, place = both // width, both % width
    other = index.postcode[place] != records.postcode[record]
    return Pairs(record[other], place[other], np.ones(int(other.sum()), dtype=bool))


def _numbers(parts: Parts) -> tuple[Ints, ...]:
    """Return the numbers an address may be found by: its own, the end of its range."""
    return parts.number, np.where(parts.upto > 0, parts.upto, 0)


def joined_pairs(*many: Pairs) -> Pairs:
    """Return several sets of pairs as one, ordered by record."""
    record = np.concatenate([pairs.record for pairs in many])
    order = np.argsort(record, kind="stable")
    place = np.concatenate([pairs.place for pairs in many])
    searched = np.concatenate([pairs.searched for pairs in many])
    return Pairs(record[order], place[order], searched[order])


def kept_pairs(pairs: Pairs, kept: Bools | Ints) -> Pairs:
    """Return some of the pairs."""
    return Pairs(pairs.record[kept], pairs.place[kept], pairs.searched[kept])
