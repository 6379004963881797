"""Compare records with places: do the numbers and suffixes allow it, which words agree.

A number that differs ends the comparison: 12 is never 14. A suffix may be a unit: 39A is flat A at 39.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sharewell.places import rules
from sharewell.places.index import Index
from sharewell.places.pair import Pairs, Records, kept_pairs
from sharewell.places.parse import SUFFIXED_CODE
from sharewell.places.tokens import Bools, Floats, Ints, expand

NAME_WEIGHT = 3.5
"""How much weight of words before the number must agree for a building's name to agree."""


@dataclass(frozen=True)
class Compared:
    """Pairs that may be, with what agrees in each.

    ``shared`` is the weight of agreeing words, ``named`` that of those naming the building. ``unit`` and
    ``storey`` are what to look for inside the place; ``bare_unit`` a number that may be a unit's instead.
    ``only_building`` says that no unit may be answered.
    """

    pairs: Pairs
    shared: Floats
    named: Floats
    same_street: Bools
    same_number: Bools
    in_range: Bools
    suffix_differs: Bools
    only_building: Bools
    unit: Ints
    storey: Ints
    bare_unit: Ints
    needs_unit: Bools


@dataclass(frozen=True)
class _Words:
    shared: Floats
    named: Floats
    typed: Bools
    letter: Bools


def compare(records: Records, pairs: Pairs, index: Index) -> Compared:
    """Compare pairs and drop those that cannot be: another number, another suffix."""
    pairs = kept_pairs(pairs, _plausible(records, pairs, index))
    words = _words(records, pairs, index)
    q, g, parts = pairs.record, pairs.place, records.parts
    number, upto, suffix = parts.number[q], parts.upto[q], parts.suffix[q]
    unit, storey = parts.unit[q], parts.storey[q]
    suffix = np.where(parts.loose_suffix[q] & (index.suffix[g] == 0) & words.letter, 0, suffix)
    theirs = np.where(index.loose_suffix[g] & (suffix == 0) & words.letter, 0, index.suffix[g])
    overlap = _overlap(number, upto, index.number[g], index.upto[g])
    named = words.named >= NAME_WEIGHT
    specific = (unit > 0) | (storey > 0)

    as_suffix = (suffix > 0) & (theirs == 0) & ~specific
    from_theirs = (suffix == 0) & (theirs > 0) & (unit == theirs)
    differs = (suffix != theirs) & ~as_suffix & ~from_theirs & overlap & (index.number[g] > 0) & (number > 0)
    only_building = differs & (suffix > 0) & (theirs == 0) & ~named

    bare = parts.bare[q] & (number > 0) & ~overlap
    bare &= (index.number[g] == 0) | (upto == index.number[g]) | named
    whole = np.where(suffix > 0, _suffixed(number, suffix), number)
    their_whole = np.where(theirs > 0, _suffixed(index.number[g], theirs), index.number[g])
    reversed_ = (unit > 0) & (unit == their_whole) & ~overlap & ~index.has_units[g]
    reversed_ &= ((number == 0) & (words.typed | (theirs > 0))) | ((number > 0) & named)

    unit = np.where(as_suffix & overlap, suffix, np.where(from_theirs | reversed_, 0, unit))
    both = (number > 0) & (index.number[g] > 0)
    possible = ~(differs & ~named & ~only_building) & (~both | overlap | bare | reversed_)
    compared = Compared(
        pairs=pairs, shared=words.shared, named=words.named,
        same_street=(parts.street[q] == index.street[g]) & (parts.street[q] > 0),
        same_number=(number == index.number[g]) & (number > 0) | reversed_,
        in_range=overlap & (number != index.number[g]), suffix_differs=differs,
        only_building=only_building, unit=unit, storey=storey,
        bare_unit=np.where(bare, whole, 0), needs_unit=bare & (index.number[g] > 0),
    )  # fmt: skip
    return kept_compared(compared, possible)


def kept_compared(compared: Compared, kept: Bools) -> Compared:
    """Return some of the compared pairs."""
    rest = {name: values[kept] for name, values in vars(compared).items() if name != "pairs"}
    return Compared(pairs=kept_pairs(compared.pairs, kept), **rest)


def _plausible(records: Records, pairs: Pairs, index: Index) -> Bools:
    """Drop most pairs at once: both have numbers, and no reading of them agrees."""
    q, g, parts = pairs.record, pairs.place, records.parts
    mine, theirs = parts.number[q], index.number[g]
    overlap = _overlap(mine, parts.upto[q], theirs, index.upto[g])
    return (mine == 0) | (theirs == 0) | overlap | parts.bare[q] | (parts.unit[q] > 0)


def _suffixed(number: Ints, suffix: Ints) -> Ints:
    """Return the code a unit has that is written as this number and suffix (48A)."""
    code: Ints = SUFFIXED_CODE + number * 27 + suffix - rules.LETTER_CODE
    return code


def _overlap(mine: Ints, mine_to: Ints, theirs: Ints, theirs_to: Ints) -> Bools:
    """Return whether two numbers or ranges meet, on the same side of the street where one is inside the other."""
    mine_to, theirs_to = np.maximum(mine, mine_to), np.maximum(theirs, theirs_to)
    meets = (mine > 0) & (theirs > 0) & (mine <= theirs_to) & (theirs <= mine_to)
    ends = (mine == theirs) | (mine_to == theirs_to) | (mine == theirs_to) | (mine_to == theirs)
    return meets & (ends | ((mine - theirs) % 2 == 0))


def _words(records: Records, pairs: Pairs, index: Index) -> _Words:
    mine = records.words
    pair, step = expand(mine.count[pairs.record])
    at = mine.start[pairs.record][pair] + step
    word = mine.word[at]
    held, leading = index.holding
    key = pairs.place[pair] * len(index.weight) + word
    place = np.minimum(np.searchsorted(held, key), max(len(held) - 1, 0))
    hit = (held[place] == key) if len(held) else np.zeros(len(key), dtype=bool)
    pair, at, word, place = pair[hit], at[hit], word[hit], place[hit]
    weight = index.weight[word] * mine.sure[at]
    count = len(pairs.record)
    theirs_named = index.named[pairs.place]
    numbered = records.parts.number[pairs.record] > 0
    names = np.where(numbered[pair], np.where(theirs_named[pair], leading[place], mine.leading[at]),
                     leading[place] & mine.leading[at])  # fmt: skip
    loose = np.maximum(records.parts.suffix[pairs.record], index.suffix[pairs.place]) - rules.LETTER_CODE
    letter = index.letters[np.clip(loose, 0, 26)]
    typed = index.lexicon.having(rules.BUILDING_TYPES)
    return _Words(
        shared=np.bincount(pair, weights=weight, minlength=count),
        named=np.bincount(pair, weights=weight * names, minlength=count),
        typed=np.bincount(pair, weights=typed[word], minlength=count) > 0,
        letter=np.bincount(pair, weights=word == letter[pair], minlength=count) > 0,
    )
