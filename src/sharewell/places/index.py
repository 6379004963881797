"""The gazetteer made ready for matching: rows gathered into places, words weighed, blocks laid out.

A *place* is a set of rows that differ only in their unit: one postcode, number, suffix and set of words.
Records are matched to places first and to a unit inside the place second, as BS 7666 orders an address.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pyarrow.compute as pc

from sharewell.places.hashes import mixed
from sharewell.places.parse import Parts
from sharewell.places.rules import BUILDING_TYPES, ROADS
from sharewell.places.tokens import UNKNOWN, Bools, Floats, Hashes, Ints, Lexicon, Texts, expand, sums

PRIOR_PLACES = 200
"""Added to the number of places when words are weighed, so that a tiny gazetteer's words still count."""
UNSEEN_WEIGHT = 5.0
"""The weight of a word the gazetteer has never seen: it can agree with nothing, it only casts doubt."""
CROWDED = 60
"""A search key that more places than this share (a street's name) tells too little to search by."""

RARE = 6.0
"""A word weighing this much (one place in four hundred has it) is enough to search by alone."""

_NAME_WORDS = 3


@dataclass(frozen=True)
class Rows:
    """The gazetteer's rows, ordered by place. UPRNs are numbers; a parent of 0 means none."""

    uprn: Ints
    parent: Ints
    unit: Ints
    storey: Ints
    room: Ints
    place: Ints
    is_parent: Bools


@dataclass(frozen=True)
class PlaceWords:
    """The distinct words of each place (or record), as runs: where each starts and how many there are."""

    start: Ints
    count: Ints
    word: Ints
    sure: Floats
    leading: Bools
    after: Ints


@dataclass(frozen=True)
class Index:
    """All that matching needs, in arrays. ``exact`` and ``exact_row`` are sorted whole-address hashes."""

    lexicon: Lexicon
    postcodes: Texts
    rows: Rows
    row_start: Ints
    row_count: Ints
    postcode: Ints
    number: Ints
    upto: Ints
    suffix: Ints
    loose_suffix: Bools
    street: Hashes
    has_units: Bools
    has_rooms: Bools
    parent: Ints
    words: PlaceWords
    weight: Floats
    total: Floats
    postcode_start: Ints
    exact: Hashes
    exact_row: Ints

    @cached_property
    def holding(self) -> tuple[Ints, Bools]:
        """Return every (place, word) as one number, sorted, and whether the word names the building."""
        owner = np.repeat(np.arange(len(self.number)), self.words.count)
        keys = owner * len(self.weight) + self.words.word
        order = np.argsort(keys, kind="stable")
        return keys[order], self.words.leading[order]

    @cached_property
    def named(self) -> Bools:
        """Return whether each place has words that name its building."""
        owner = np.repeat(np.arange(len(self.number)), self.words.count)
        return sums(owner, self.words.leading, len(self.number)) > 0

    @cached_property
    def letters(self) -> Ints:
        """Return the word id of each letter by its code, UNKNOWN where the gazetteer has none alone."""
        ids = [self.lexicon.ids.get(chr(64 + place), UNKNOWN) for place in range(27)]
        return np.array(ids, dtype=np.int64)

    @cached_property
    def postings(self) -> tuple[Hashes, Ints]:
        """Return search keys and their places, for addresses whose postcode does not help."""
        keys, places = search_keys(self.words, self.number, self.weight)
        more, others = search_keys(self.words, np.where(self.upto > 0, self.upto, 0), self.weight)
        keys, places = np.concatenate([keys, more]), np.concatenate([places, others])
        order = np.argsort(keys, kind="stable")
        return keys[order], places[order]


def build_index(
    parts: Parts, postcodes: Texts, uprn: Ints, parent: Ints, shell: Bools, lexicon: Lexicon
) -> Index:
    """Return the index of a parsed gazetteer. ``shell`` marks rows that are a building and never a home."""
    coded = pc.dictionary_encode(postcodes)
    postcode = coded.indices.to_numpy(zero_copy_only=False).astype(np.int64)
    first, place, order = _places(parts, postcode)
    rows = _rows(parts, uprn, parent, shell, place, order)
    row_count = np.bincount(rows.place, minlength=len(first))
    row_start = np.cumsum(row_count) - row_count
    words = distinct_words(parts, lexicon)
    words = take_words(words, first)
    weight = _weights(words, len(first), len(lexicon.ids))
    keys = exact_keys(parts, postcode)[order]
    by_key = np.argsort(keys, kind="stable")
    return Index(
        lexicon=lexicon, postcodes=coded.dictionary, rows=rows, row_start=row_start, row_count=row_count,
        postcode=postcode[first], number=parts.number[first], upto=parts.upto[first],
        suffix=parts.suffix[first], street=parts.street[first], loose_suffix=parts.loose_suffix[first],
        has_units=_any(rows, (rows.unit > 0) | (rows.storey > 0) | (rows.room > 0), len(first)),
        has_rooms=_any(rows, rows.room > 0, len(first)), parent=_parents(rows, row_start),
        words=words, weight=weight, total=word_totals(words, weight),
        postcode_start=np.searchsorted(postcode[first], np.arange(len(coded.dictionary) + 1)),
        exact=keys[by_key], exact_row=by_key,
    )  # fmt: skip


def exact_keys(parts: Parts, postcode: Ints) -> Hashes:
    """Return a hash of each whole address with its postcode; 0 where a word or the postcode is unknown."""
    keys = mixed(parts.key + (postcode + 1).astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15))
    return np.where((parts.key == 0) | (postcode < 0), np.uint64(0), keys)


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


def _rows(parts: Parts, uprn: Ints, parent: Ints, shell: Bools, place: Ints, order: Ints) -> Rows:
    parents = shell | np.isin(uprn, parent[parent > 0])
    return Rows(
        uprn=uprn[order], parent=np.where(parents, uprn, parent)[order], unit=parts.unit[order],
        storey=parts.storey[order], room=parts.room[order], place=place, is_parent=parents[order],
    )  # fmt: skip


def _any(rows: Rows, flags: Bools, places: int) -> Bools:
    return sums(rows.place, flags, places) > 0


def _parents(rows: Rows, start: Ints) -> Ints:
    """Return each place's one parent: that of its rows, else its own row without a unit, else 0."""
    plain = (rows.unit == 0) & (rows.storey == 0) & (rows.room == 0)
    known = _only(rows.parent, start)
    own = _only(np.where(plain, rows.uprn, 0), start)
    return np.where(known > 0, known, own)


def _only(values: Ints, start: Ints) -> Ints:
    """Return the one value above 0 in each run, 0 where there are none or several."""
    high = np.maximum.reduceat(values, start)
    low = np.minimum.reduceat(np.where(values > 0, values, np.iinfo(np.int64).max), start)
    return np.where(high == low, high, 0)


def _weights(words: PlaceWords, places: int, width: int) -> Floats:
    """Weigh words by how few places have them (inverse document frequency, Spärck Jones 1972)."""
    seen = np.bincount(words.word, minlength=width + 1)[: width + 1]
    weight = np.log((places + PRIOR_PLACES) / (seen + 1.0))
    weight[width] = UNSEEN_WEIGHT
    return weight
