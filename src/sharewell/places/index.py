"""The gazetteer made ready for matching: rows gathered into places, words weighed, blocks laid out.

A *place* is a set of rows that differ only in their unit: one postcode, number, suffix and set of words.
Records are matched to places first and to a unit inside the place second, as BS 7666 orders an address.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from sharewell.places.place_words import PlaceWords, search_keys
from sharewell.places.rules import STREET_TYPES
from sharewell.places.terms import Use
from sharewell.places.tokens import UNKNOWN, Bools, Floats, Hashes, Ints, Lexicon, Texts, expand, sums

CROWDED = 60
"""A search key that more places than this share (a street's name) tells too little to search by."""
ANCILLARY = 2 * int(Use.ANCILLARY)
HIDDEN = 9
"""The rank of a garage or the like whose own address does not say that it is one: it is never answered."""
_POSTCODE_BYTES = "S16"
_OPENING = 4


@dataclass(frozen=True)
class Rows:
    """The gazetteer's rows, ordered by place. UPRNs are numbers; a parent of 0 means none.

    ``rank`` says which row to prefer where several fit alike: twice its use (see ``Use``), plus one while it
    is provisional. ``vague`` rows name a unit without an id; ``order`` is the row's place in the gazetteer.
    """

    uprn: Ints
    parent: Ints
    unit: Ints
    storey: Ints
    room: Ints
    place: Ints
    is_parent: Bools
    rank: Ints
    vague: Bools
    order: Ints


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
    head: Ints
    has_units: Bools
    has_rooms: Bools
    has_vague: Bools
    use: Ints
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

    @cached_property
    def by_word(self) -> tuple[Ints, Ints]:
        """Return where each word's places start, one more for the end, and the places word by word.

        Only the first words of an address count, which name its building or street, never ROAD or the like.
        """
        place, rank = expand(self.words.count)
        opening = (rank < _OPENING) & ~self.lexicon.having(STREET_TYPES)[self.words.word]
        word, place = self.words.word[opening], place[opening]
        order = np.argsort(word, kind="stable")
        return np.searchsorted(word[order], np.arange(len(self.weight) + 1)), place[order]

    @cached_property
    def has_ranks(self) -> bool:
        """Return whether any row is to be preferred to another."""
        return bool(self.rows.rank.any())

    @cached_property
    def has_any_vague(self) -> bool:
        """Return whether any row names a unit without an id."""
        return bool(self.has_vague.any())

    @cached_property
    def provisional(self) -> Ints:
        """Return the UPRNs that no approved row has, sorted."""
        planned = self.rows.rank % 2 == 1
        if not planned.any():
            return np.zeros(0, dtype=np.int64)
        return np.setdiff1d(self.rows.uprn[planned], self.rows.uprn[~planned])

    @cached_property
    def known(self) -> tuple[Ints, Bools, Ints]:
        """Return every UPRN, sorted, whether it is a building that has units, and the first of its rows."""
        uprn, first = np.unique(self.rows.uprn, return_index=True)
        parents = np.zeros(len(uprn), dtype=bool)
        parents[np.searchsorted(uprn, self.rows.uprn[self.rows.is_parent])] = True
        return uprn, parents, first

    @cached_property
    def _postcode_keys(self) -> npt.NDArray[np.bytes_]:
        return np.array(self.postcodes.to_pylist(), dtype=_POSTCODE_BYTES)

    def postcodes_beginning(self, begun: str) -> tuple[int, int]:
        """Return the span of codes of the postcodes that begin so."""
        start = int(np.searchsorted(self._postcode_keys, begun.encode()))
        return start, int(np.searchsorted(self._postcode_keys, f"{begun}~".encode()))

    def postcode_codes(self, postcodes: Texts) -> Ints:
        """Return each postcode's code; -1 for those that are blank or that the gazetteer has not."""
        known = self._postcode_keys
        asked = np.array(postcodes.to_pylist(), dtype=_POSTCODE_BYTES)
        at = np.minimum(np.searchsorted(known, asked), max(len(known) - 1, 0))
        found = (known[at] == asked) & (asked != b"") if len(known) else np.zeros(len(asked), dtype=bool)
        return np.where(found, at, -1)
