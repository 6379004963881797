"""Build the index of a gazetteer from its parsed addresses."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sharewell.places.hashes import mixed
from sharewell.places.index import ANCILLARY, HIDDEN, Index, Rows
from sharewell.places.parse import OUTBUILDING_CODE, Parts
from sharewell.places.place_words import (
    PlaceWords,
    distinct_words,
    take_words,
    word_totals,
    word_weights,
)
from sharewell.places.tokens import Bools, Hashes, Ints, Lexicon, Texts, sums

_SPREAD = np.uint64(0x9E3779B97F4A7C15)


@dataclass(frozen=True)
class Facts:
    """What the gazetteer says of each row besides its address; ``rank`` as in ``index.Rows``.

    ``shell`` marks rows that are a building and never a home; ``order`` is the row's place in the gazetteer.
    """

    uprn: Ints
    parent: Ints
    shell: Bools
    rank: Ints
    order: Ints


def build_index(parts: Parts, postcodes: Texts, facts: Facts, lexicon: Lexicon) -> Index:
    """Return the index of a parsed gazetteer."""
    names = pc.unique(postcodes).sort()
    found: Texts = pc.index_in(postcodes, value_set=names)
    postcode = found.to_numpy(zero_copy_only=False).astype(np.int64)
    first, place, order = _places(parts, postcode)
    words = distinct_words(parts, lexicon)
    rows = _rows(parts, facts, words, place, order)
    row_count = np.bincount(rows.place, minlength=len(first))
    row_start = np.cumsum(row_count) - row_count
    words = take_words(words, first)
    weight = word_weights(words, len(first), len(lexicon.ids))
    exact, exact_row = _exact(exact_keys(parts, postcode)[order], rows)
    return Index(
        lexicon=lexicon, postcodes=_whole(names), rows=rows, row_start=row_start, row_count=row_count,
        postcode=postcode[first], number=parts.number[first], upto=parts.upto[first],
        suffix=parts.suffix[first], street=parts.street[first], head=parts.head[first],
        loose_suffix=parts.loose_suffix[first],
        has_units=_any(rows, _are_units(rows), len(first)),
        has_rooms=_any(rows, rows.room > 0, len(first)), has_vague=_any(rows, rows.vague, len(first)),
        use=np.minimum.reduceat(rows.rank, row_start) // 2, parent=_parents(rows, row_start),
        words=words, weight=weight, total=word_totals(words, weight),
        postcode_start=np.searchsorted(postcode[first], np.arange(len(names) + 1)),
        exact=exact, exact_row=exact_row,
    )  # fmt: skip


def exact_keys(parts: Parts, postcode: Ints) -> Hashes:
    """Return a hash of each whole address with its postcode; 0 where a word or the postcode is unknown."""
    keys = mixed(parts.key + (postcode + 1).astype(np.uint64) * _SPREAD)
    return np.where((parts.key == 0) | (postcode < 0), np.uint64(0), keys)


def _whole(texts: Texts) -> Texts:
    return texts.combine_chunks() if isinstance(texts, pa.ChunkedArray) else texts


def _exact(keys: Hashes, rows: Rows) -> tuple[Hashes, Ints]:
    """Return whole-address hashes, sorted, with their rows: of equal addresses those preferred."""
    by_key = np.lexsort((rows.rank, keys))
    keys, rank = keys[by_key], rows.rank[by_key]
    first = np.searchsorted(keys, keys, "left")
    kept = (rank == rank[first]) & (rank < HIDDEN)
    return keys[kept], by_key[kept]


def _places(parts: Parts, postcode: Ints) -> tuple[Ints, Ints, Ints]:
    """Return each place's first row, each row's place and the rows' order, places ordered by postcode."""
    raw = parts.words
    bag = np.zeros(len(postcode), dtype=np.uint64)
    np.add.at(bag, raw.address, mixed(raw.word.astype(np.uint64) + np.uint64(7)))
    house = (parts.number * 131_071 + parts.upto) * 31 + parts.suffix
    identity = mixed(bag + mixed(house.astype(np.uint64)))
    order = np.lexsort((identity, postcode))
    new = np.ones(len(order), dtype=bool)
    new[1:] = np.diff(postcode[order]).astype(bool) | (identity[order][1:] != identity[order][:-1])
    return order[new], np.cumsum(new) - 1, order


def _rows(parts: Parts, facts: Facts, words: PlaceWords, place: Ints, order: Ints) -> Rows:
    parents = facts.shell | np.isin(facts.uprn, facts.parent[facts.parent > 0])
    rank = np.where((facts.rank >= ANCILLARY) & ~_says_so(parts, words), HIDDEN, facts.rank)
    return Rows(
        uprn=facts.uprn[order], parent=np.where(parents, facts.uprn, facts.parent)[order],
        unit=parts.unit[order], storey=parts.storey[order], room=parts.room[order], place=place,
        is_parent=parents[order], rank=rank[order], vague=parts.vague[order],
        order=facts.order[order],
    )  # fmt: skip


def _says_so(parts: Parts, words: PlaceWords) -> Bools:
    """Return whether an address names an outbuilding or a building: GARAGE 4, THE PUMP HOUSE."""
    owner = np.repeat(np.arange(len(words.count)), words.count)
    named = sums(owner, words.leading, len(words.count)) > 0
    said: Bools = (parts.unit >= OUTBUILDING_CODE) | named
    return said


def _are_units(rows: Rows) -> Bools:
    """Return which rows are part of a building; a house with a garage or an annexe is a house still."""
    flats = (rows.unit > 0) & (rows.unit < OUTBUILDING_CODE)
    units: Bools = flats | (rows.storey > 0) | (rows.room > 0)
    return units


def _any(rows: Rows, flags: Bools, places: int) -> Bools:
    return sums(rows.place, flags, places) > 0


def _parents(rows: Rows, start: Ints) -> Ints:
    """Return each place's one parent: that of its rows, else its own row without a unit, else 0."""
    plain = (rows.unit == 0) & (rows.storey == 0) & (rows.room == 0)
    known = _only(rows.parent, start)
    own = _only(np.where(plain & (rows.rank < ANCILLARY), rows.uprn, 0), start)
    return np.where(known > 0, known, own)


def _only(values: Ints, start: Ints) -> Ints:
    """Return the one value above 0 in each run, 0 where there are none or several."""
    high = np.maximum.reduceat(values, start)
    low = np.minimum.reduceat(np.where(values > 0, values, np.iinfo(np.int64).max), start)
    return np.where(high == low, high, 0)
