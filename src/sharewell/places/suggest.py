"""Find the addresses that what is typed so far may become: a postcode first, or number and street."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass

import numpy as np

from sharewell.places import rules
from sharewell.places.index import HIDDEN, Index
from sharewell.places.split import split_one
from sharewell.places.terms import Kind
from sharewell.places.tokens import Bools, Ints, expand

MOST_PLACES = 50_000
"""No more places than these are weighed for one suggestion: what is typed is then too little to choose by."""
_SHORTEST = 2
_OPENS = re.compile(r"\s*([A-Z]{1,2}[0-9][0-9A-Z]?)\s*([0-9][A-Z]{2})\b[\s,]*(.*)", re.DOTALL)
_BEGUN = re.compile(r"\s*([A-Z]{1,2}[0-9][0-9A-Z]?)(?:\s*|\s+([0-9][A-Z]?))\s*")


@dataclass(frozen=True)
class Typed:
    """What was typed: a postcode's beginning, numbers, and for each word which of the gazetteer's fit it."""

    postcode: str
    numbers: tuple[int, ...]
    words: tuple[tuple[int, ...], ...]


def suggested_rows(typed: str, limit: int, index: Index) -> Ints:
    """Return the gazetteer rows to suggest, best first, at most so many."""
    asked = read_typed(typed, index)
    places = _candidates(asked, index)
    if not len(places):
        return places
    fits = _fit(asked, places, index)
    return _rows(asked, places[fits], limit, index)


def read_typed(typed: str, index: Index) -> Typed:
    """Read what was typed; its last word may be unfinished, unless a space or comma follows it."""
    text = typed.upper()
    if begun := _BEGUN.fullmatch(text):
        return Typed(begun[1] + (begun[2] or ""), (), ())
    opens = _OPENS.fullmatch(text)
    tokens, postcode = split_one(opens[3], opens[1] + opens[2]) if opens else split_one(text, "")
    numbers, words = [], []
    finished = text[-1:] in (" ", ",") or (bool(postcode) and opens is None)
    for place, token in enumerate(tokens):
        is_last = place == len(tokens) - 1 and not finished
        for atom in rules.atoms_of(token) if token else ():
            if atom.kind == Kind.NUMBER:
                numbers.append(atom.code)
            elif atom.kind in (Kind.WORD, Kind.STOREY, Kind.SAINT_OR_STREET):
                words.append(_fitting(atom.text, token if is_last else "", index))
    return Typed(postcode, tuple(numbers), tuple(word for word in words if word is not None))


def _fitting(text: str, begun: str, index: Index) -> tuple[int, ...] | None:
    """Return the ids of the words that a typed one is, or may become; None where it says too little."""
    spelt = ("STREET", "SAINT") if text == rules.SAINT_OR_STREET else (text,)
    ids = [index.lexicon.ids[word] for word in spelt if word in index.lexicon.ids]
    if begun:
        if len(begun) < _SHORTEST:
            return None
        words = index.lexicon.in_order
        start, end = bisect_left(words, begun), bisect_left(words, begun + "~")
        ids += [index.lexicon.ids[word] for word in words[start:end]]
    elif not ids:
        ids = [index.lexicon.ids[word] for word in index.lexicon.mend(text) if word in index.lexicon.ids][:1]
    return tuple(ids)


def _candidates(asked: Typed, index: Index) -> Ints:
    """Return the places to weigh: of the postcodes that begin so, else of the word fewest places have."""
    if asked.postcode:
        start, end = index.postcodes_beginning(asked.postcode)
        first, last = int(index.postcode_start[start]), int(index.postcode_start[end])
        return np.arange(first, min(last, first + MOST_PLACES))
    telling = [ids for ids in asked.words if not index.lexicon.having(rules.STREET_TYPES)[list(ids)].any()]
    if not telling:
        return np.zeros(0, dtype=np.int64)
    starts, places = index.by_word
    spans = [[(int(starts[word]), int(starts[word + 1])) for word in ids] for ids in telling]
    fewest = min(spans, key=lambda span: sum(end - start for start, end in span))
    chosen = [_narrowed(places[start:end], asked, index) for start, end in fewest if end > start]
    return np.unique(np.concatenate(chosen))[:MOST_PLACES] if chosen else np.zeros(0, dtype=np.int64)


def _narrowed(places: Ints, asked: Typed, index: Index) -> Ints:
    """Return those of some places whose number was typed, or all where none was."""
    if not asked.numbers:
        return places[:MOST_PLACES]
    number = index.number[places]
    narrowed: Ints = places[np.isin(number, asked.numbers) | (number == 0)]
    return narrowed


def _fit(asked: Typed, places: Ints, index: Index) -> Bools:
    """Return which places have every word typed."""
    pair, step = expand(index.words.count[places])
    word = index.words.word[index.words.start[places][pair] + step]
    fits = np.ones(len(places), dtype=bool)
    for ids in asked.words:
        has = np.isin(word, ids)
        fits &= np.bincount(pair[has], minlength=len(places)) > 0
    return fits


def _rows(asked: Typed, places: Ints, limit: int, index: Index) -> Ints:
    """Return rows of places in order: those with every number typed, street by street, number by number."""
    pair, step = expand(index.row_count[places])
    row = index.row_start[places][pair] + step
    place, unit = places[pair], index.rows.unit[row]
    wanted = np.array(asked.numbers or (0,), dtype=np.int64)
    number = np.isin(index.number[place], wanted) & (index.number[place] > 0)
    met = number.astype(np.int64) + (np.isin(unit, wanted) & (unit > 0))
    kept = (index.rows.rank[row] < HIDDEN) & (met >= min(len(asked.numbers), 2))
    row, place, unit = row[kept], place[kept], unit[kept]
    opening = np.isin(index.head[place], asked.words[0] if asked.words else ())
    order = np.lexsort((index.rows.storey[row], unit, index.number[place], index.head[place], ~opening))
    chosen: Ints = index.rows.order[row[order]]
    return chosen[:limit]
