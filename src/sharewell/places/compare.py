"""Compare records with places: do the numbers and suffixes allow it, which words agree.

A number that differs ends the comparison: 12 is never 14. A suffix may be a unit where there are units: 39A
is then flat A at 39; it is never the house 39.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sharewell.places import rules
from sharewell.places.index import Index
from sharewell.places.pair import Pairs, Records, kept_pairs
from sharewell.places.reading import suffixed_code
from sharewell.places.tokens import Bools, Floats, Ints, expand, sums

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
    same_head: Bools
    other_head: Bools
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
    same_head: Bools
    other_head: Bools


@dataclass(frozen=True)
class _Suffixes:
    """How the suffixes of a pair stand: equal, one of them a unit of the other's number, or different."""

    mine: Ints
    theirs: Ints
    as_unit: Bools
    from_unit: Bools
    differs: Bools


def compare(records: Records, pairs: Pairs, index: Index) -> Compared:
    """Compare pairs and drop those that cannot be: another number, another suffix."""
    pairs = kept_pairs(pairs, _plausible(records, pairs, index))
    words = _words(records, pairs, index)
    q, g, parts = pairs.record, pairs.place, records.parts
    number, unit, storey = parts.number[q], parts.unit[q], parts.storey[q]
    named = words.named >= NAME_WEIGHT
    overlap = _overlap(number, parts.upto[q], index.number[g], index.upto[g])
    suffixes = _suffixes(records, pairs, index, words, overlap)
    only_building = suffixes.differs & (suffixes.mine > 0) & (suffixes.theirs == 0) & ~named
    bare = _may_be_unit(records, pairs, index, overlap, named)
    reverse = _may_be_number(records, pairs, index, overlap, words, suffixes)
    agreeing = np.where(suffixes.as_unit & overlap, suffixes.mine, unit)
    both = (number > 0) & (index.number[g] > 0)
    extra = (suffixes.mine > 0) & (suffixes.theirs == 0) & overlap & ~named & ~index.has_units[g]
    other = extra | (suffixes.differs & ~named & ~only_building)
    possible = ~other & (~both | overlap | bare | reverse)
    whole = np.where(suffixes.mine > 0, suffixed_code(number, suffixes.mine), number)
    compared = Compared(
        pairs=pairs,
        shared=words.shared,
        named=words.named,
        same_street=(parts.street[q] == index.street[g]) & (parts.street[q] > 0),
        same_head=words.same_head,
        other_head=words.other_head,
        same_number=((number == index.number[g]) & (number > 0)) | reverse,
        in_range=overlap & (number != index.number[g]),
        suffix_differs=suffixes.differs,
        only_building=only_building,
        unit=np.where(suffixes.from_unit | reverse, 0, agreeing),
        storey=storey,
        bare_unit=np.where(bare, whole, 0),
        needs_unit=bare & (index.number[g] > 0),
    )
    return kept_compared(compared, possible)


def _suffixes(records: Records, pairs: Pairs, index: Index, words: _Words, overlap: Bools) -> _Suffixes:
    """Compare suffixes. A letter that stands alone may begin the street: 91, A SOUTHFIELD WAY."""
    q, g, parts = pairs.record, pairs.place, records.parts
    mine = np.where(parts.loose_suffix[q] & (index.suffix[g] == 0) & words.letter, 0, parts.suffix[q])
    theirs = np.where(index.loose_suffix[g] & (mine == 0) & words.letter, 0, index.suffix[g])
    specific = (parts.unit[q] > 0) | (parts.storey[q] > 0)
    as_unit = (mine > 0) & (theirs == 0) & ~specific
    from_unit = (mine == 0) & (theirs > 0) & (parts.unit[q] == theirs)
    differs = (mine != theirs) & ~as_unit & ~from_unit & overlap
    return _Suffixes(mine, theirs, as_unit, from_unit, differs)


def _may_be_unit(records: Records, pairs: Pairs, index: Index, overlap: Bools, named: Bools) -> Bools:
    """Return whether the record's bare number may be a unit's: 46, PARK HOUSE in the place 12 WADE ROAD."""
    q, g, parts = pairs.record, pairs.place, records.parts
    elsewhere = (index.number[g] == 0) | (parts.upto[q] == index.number[g]) | named
    may: Bools = parts.bare[q] & (parts.number[q] > 0) & ~overlap & elsewhere
    return may


def _may_be_number(
    records: Records, pairs: Pairs, index: Index, overlap: Bools, words: _Words, suffixes: _Suffixes
) -> Bools:
    """Return whether the record's unit is what the place takes for its number: FLAT 18 COURT, 18 COURT."""
    q, g, parts = pairs.record, pairs.place, records.parts
    number, theirs = index.number[g], suffixes.theirs
    whole = np.where(theirs > 0, suffixed_code(number, theirs), number)
    same = (parts.unit[q] > 0) & (parts.unit[q] == whole) & ~overlap & ~index.has_units[g]
    alone = (parts.number[q] == 0) & (words.typed | (theirs > 0))
    may: Bools = same & (alone | ((parts.number[q] > 0) & (words.named >= NAME_WEIGHT)))
    return may


def kept_compared(compared: Compared, kept: Bools) -> Compared:
    """Return some of the compared pairs."""
    rest = {name: values[kept] for name, values in vars(compared).items() if name != "pairs"}
    return Compared(pairs=kept_pairs(compared.pairs, kept), **rest)


def _plausible(records: Records, pairs: Pairs, index: Index) -> Bools:
    """Drop most pairs at once: both have numbers, and no reading of them agrees."""
    q, g, parts = pairs.record, pairs.place, records.parts
    mine, theirs = parts.number[q], index.number[g]
    overlap = _overlap(mine, parts.upto[q], theirs, index.upto[g])
    plausible: Bools = (mine == 0) | (theirs == 0) | overlap | parts.bare[q] | (parts.unit[q] > 0)
    return plausible


def _overlap(mine: Ints, mine_to: Ints, theirs: Ints, theirs_to: Ints) -> Bools:
    """Return whether two numbers or ranges meet; inside a range, only on its side of the street."""
    mine_to, theirs_to = np.maximum(mine, mine_to), np.maximum(theirs, theirs_to)
    meets = (mine > 0) & (theirs > 0) & (mine <= theirs_to) & (theirs <= mine_to)
    ends = (mine == theirs) | (mine_to == theirs_to) | (mine == theirs_to) | (mine_to == theirs)
    overlap: Bools = meets & (ends | ((mine - theirs) % 2 == 0))
    return overlap


def _words(records: Records, pairs: Pairs, index: Index) -> _Words:
    mine = records.words
    pair, step = expand(mine.count[pairs.record])
    at = mine.start[pairs.record][pair] + step
    word = mine.word[at]
    held, leading = index.holding
    key = pairs.place[pair] * len(index.weight) + word
    place = np.minimum(np.searchsorted(held, key), max(len(held) - 1, 0))
    hit = (held[place] == key) if len(held) else np.zeros(len(key), dtype=bool)
    heads = _heads(records, pairs, index, pair, word, hit)
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
        shared=sums(pair, weight, count),
        named=sums(pair, weight * names, count),
        typed=sums(pair, typed[word], count) > 0,
        letter=sums(pair, word == letter[pair], count) > 0,
        same_head=heads[0],
        other_head=heads[1],
    )


def _heads(
    records: Records, pairs: Pairs, index: Index, pair: Ints, word: Ints, hit: Bools
) -> tuple[Bools, Bools]:
    """Return whether a pair's streets begin alike, and whether neither's first word is in the other."""
    mine, theirs = records.parts.head[pairs.record], index.head[pairs.place]
    known = (mine >= 0) & (theirs >= 0)
    seen = (word == theirs[pair]) | (hit & (word == mine[pair]))
    same = known & (mine == theirs)
    return same, known & ~same & (sums(pair, seen, len(mine)) == 0)
