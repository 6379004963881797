"""Find the typed parts of addresses: unit, floor, room, building number with its suffix or range, words.

Everything is arithmetic on flat arrays of atoms (see ``tokens.py``); no address is a Python object. The parts
follow BS 7666: the secondary addressable object (unit, floor) and the primary one (number, name).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sharewell.places import rules
from sharewell.places.tokens import UNKNOWN, Atoms, Bools, Floats, Hashes, Ints, Lexicon
from sharewell.places.terms import Kind

SUFFIXED_CODE = 50_000_000
"""A unit such as 5B is this plus the number times 27 plus the letter's place."""
OUTBUILDING_CODE = 10_000_000_000
"""A garage's or store's id is its own code plus this, so that it never equals a flat's."""
LONGEST_RANGE = 40
"""Two bare numbers side by side are a range ("41 43") only when no further apart than this."""
_NUMBERS = 4


@dataclass(frozen=True)
class Words:
    """The words of addresses in order: which address, which word, how sure, where, and whether after a comma."""

    address: Ints
    word: Ints
    sure: Floats
    place: Ints
    gap: Bools


@dataclass(frozen=True)
class Parts:
    """The typed parts of addresses, one place in each array per address; 0 means not given.

    ``bare`` says that the one number stands without a unit word before it, so that it may be a unit's;
    ``loose_suffix`` that the suffix was a letter standing alone; ``vague`` that a unit is named without an id.
    ``number_place`` is where the building number stands among the atoms, -1 where there is none.
    ``street`` is a hash of the words from the number to the first word such as ROAD, ``key`` of the whole
    address in order; either is 0 when some word is unknown.
    """

    unit: Ints
    storey: Ints
    room: Ints
    number: Ints
    upto: Ints
    suffix: Ints
    loose_suffix: Bools
    bare: Bools
    vague: Bools
    number_place: Ints
    street: Hashes
    key: Hashes
    words: Words


@dataclass
class _Reading:
    """Atoms being read: which are used up, and the parts found so far."""

    atoms: Atoms
    kind: Ints
    used: Bools

    def ahead(self, steps: int) -> Ints:
        """Return each atom's neighbour's kind; END beyond the address."""
        return _shifted(self.kind, steps, int(Kind.END))

    def first(self, where: Bools, values: Ints) -> Ints:
        """Return each address's first value among some atoms, 0 where it has none."""
        found = np.zeros(self.atoms.addresses, dtype=np.int64)
        places = np.flatnonzero(where)[::-1]
        found[self.atoms.address[places]] = values[places]
        return found


def parse(atoms: Atoms, lexicon: Lexicon) -> Parts:
    """Return the typed parts of addresses."""
    word = _saints(atoms, lexicon)
    reading = _Reading(atoms, np.where(atoms.kind == Kind.SAINT_OR_STREET, int(Kind.WORD), atoms.kind),
                       np.zeros(len(atoms.kind), dtype=bool))  # fmt: skip
    storey = _storeys(reading)
    room = _rooms(reading)
    unit, vague = _units(reading)
    numbers = _numbers(reading, unit, storey)
    words = _words(reading, word)
    return Parts(
        storey=storey, room=room, vague=vague & (numbers.unit == 0) & (storey == 0), key=_keys(atoms, word),
        unit=numbers.unit, number=numbers.number, upto=numbers.upto, suffix=numbers.suffix,
        loose_suffix=numbers.loose, bare=numbers.bare, number_place=numbers.place, words=words, street=_streets(words, numbers.place, lexicon),
    )  # fmt: skip


def _shifted(values: Ints, steps: int, fill: int) -> Ints:
    moved = np.full(len(values), fill, dtype=values.dtype)
    if steps > 0:
        moved[:-steps] = values[steps:]
    else:
        moved[-steps:] = values[:steps]
    return moved


def _saints(atoms: Atoms, lexicon: Lexicon) -> Ints:
    """Read each ST as SAINT or STREET: saint before a saint's name or where no street's name precedes it."""
    types = lexicon.having(rules.STREET_TYPES | rules.BUILDING_TYPES)
    names = lexicon.having(rules.SAINTS)
    abbreviated = atoms.kind == Kind.SAINT_OR_STREET
    before, after = _shifted(atoms.kind, -1, 0), _shifted(atoms.kind, 1, 0)
    ends = (after != Kind.WORD) | np.append(atoms.gap[1:], True)
    opens = (before != Kind.WORD) | atoms.gap | types[_shifted(atoms.word, -1, UNKNOWN)]
    saint = abbreviated & ~ends & (opens | names[_shifted(atoms.word, 1, UNKNOWN)])
    street = lexicon.ids.get("STREET", UNKNOWN)
    read = np.where(abbreviated, street, atoms.word)
    return np.where(saint, lexicon.ids.get("SAINT", UNKNOWN), read)


def _storeys(reading: _Reading) -> Ints:
    """Find floors: GROUND FLOOR, FIRST AND SECOND FLOORS, BASEMENT FLAT, FLAT 3 REAR."""
    kind, gap = reading.kind, reading.atoms.gap
    is_storey = kind == Kind.STOREY
    one, two, before = reading.ahead(1), reading.ahead(2), reading.ahead(-1)
    joined = ~np.append(gap[1:], True)
    floor = (one == Kind.FLOOR) | ((one == Kind.STOREY) & (two == Kind.FLOOR))
    flat = (one == Kind.UNIT) & joined
    below = (reading.atoms.code == rules.storey_code("BASEMENT")) & (one != Kind.WORD)
    trailing = (one != Kind.WORD) & ((reading.ahead(-2) == Kind.UNIT) | (before == Kind.UNIT)) & ~gap
    found = is_storey & (floor | flat | below | trailing)
    reading.used |= found | (kind == Kind.FLOOR)
    reading.used |= is_storey & _shifted(found.astype(np.int64), -1, 0).astype(bool) & (one == Kind.FLOOR)
    return reading.first(found, reading.atoms.code)


def _rooms(reading: _Reading) -> Ints:
    """Find rooms and plots, which lie inside the smallest thing that has a UPRN."""
    named = (reading.kind == Kind.ROOM) & np.isin(reading.ahead(1), (Kind.NUMBER, Kind.LETTER, Kind.MIXED))
    ids = _shifted(named.astype(np.int64), -1, 0).astype(bool)
    room = reading.first(ids, _whole_code(reading))
    reading.used |= named | ids
    _use_suffixes(reading, ids)
    return room


def _units(reading: _Reading) -> tuple[Ints, Bools]:
    """Find units named as such (FLAT 2, UNIT B, GARAGE 4), and whether a unit is named without an id."""
    kind, gap = reading.kind, reading.atoms.gap
    is_unit, outbuilding = kind == Kind.UNIT, kind == Kind.OUTBUILDING
    one, two = reading.ahead(1), reading.ahead(2)
    after_gap = np.append(gap[1:], True)
    id_next = np.isin(one, (Kind.NUMBER, Kind.LETTER, Kind.MIXED)) & ~_shifted(reading.used, 1, 0)
    several = np.bincount(reading.atoms.address[kind == Kind.NUMBER], minlength=reading.atoms.addresses) > 1
    floored = _shifted(reading.used, -1, 0) & ~_shifted(after_gap, 1, 1) & ~several[reading.atoms.address]
    numbered = (one != Kind.NUMBER) | ~(after_gap | floored) | ((two == Kind.NUMBER) & after_gap)
    named = (is_unit | (outbuilding & ~after_gap)) & id_next & numbered
    ids = _shifted(named.astype(np.int64), -1, 0).astype(bool)
    garage = _shifted((named & outbuilding).astype(np.int64), -1, 0).astype(bool)
    code = _whole_code(reading) + np.where(garage, OUTBUILDING_CODE, 0)
    unit = reading.first(ids, code)
    opens = outbuilding & ~named & (reading.ahead(-1) == Kind.END) & (after_gap | (one != Kind.WORD))
    unit = np.where(unit > 0, unit, reading.first(opens, reading.atoms.code + OUTBUILDING_CODE))
    reading.used |= named | ids | opens
    _use_suffixes(reading, ids)
    unit = _leading_ids(reading, unit)
    vague = reading.first(is_unit & ~named & (reading.atoms.word >= UNKNOWN), is_unit.astype(np.int64)) > 0
    return unit, vague


def _leading_ids(reading: _Reading, unit: Ints) -> Ints:
    """Take an id that opens the address as its unit: A15 FORSTER COURT, 2/1 12 HIGH STREET, C 35 ROAD."""
    opens = (reading.ahead(-1) == Kind.END) & ~reading.used
    lettered = (reading.kind == Kind.LETTER) & (reading.ahead(1) == Kind.NUMBER)
    leading = opens & ((reading.kind == Kind.MIXED) | lettered)
    leading &= unit[reading.atoms.address] == 0
    reading.used |= leading
    found = reading.first(leading, reading.atoms.code)
    return np.where(unit > 0, unit, found)


def _whole_code(reading: _Reading) -> Ints:
    """Return each atom's code, with its suffix folded in where it has one (5B)."""
    code = reading.atoms.code
    letter = _shifted(code, 1, 0) - rules.LETTER_CODE
    suffixed = (reading.kind == Kind.NUMBER) & (reading.ahead(1) == Kind.SUFFIX)
    return np.where(suffixed, SUFFIXED_CODE + code * 27 + letter, code)


def _use_suffixes(reading: _Reading, ids: Bools) -> None:
    after = _shifted(ids.astype(np.int64), -1, 0).astype(bool)
    reading.used |= after & np.isin(reading.kind, (Kind.SUFFIX, Kind.UPTO))


@dataclass(frozen=True)
class _Numbers:
    unit: Ints
    number: Ints
    upto: Ints
    suffix: Ints
    loose: Bools
    bare: Bools
    place: Ints


@dataclass(frozen=True)
class _Row:
    """The first free numbers of each address, side by side."""

    value: Ints
    suffix: Ints
    upto: Ints
    loose: Bools
    beside: Bools
    whole: Ints
    place: Ints

    def at(self, values: Ints, column: Ints) -> Ints:
        """Return one value per address from its column, 0 beyond the last."""
        padded = np.concatenate([values, np.zeros((len(values), 2), dtype=values.dtype)], axis=1)
        picked: Ints = padded[np.arange(len(values)), column]
        return picked


def _numbers(reading: _Reading, unit: Ints, storey: Ints) -> _Numbers:
    """Decide which free number is the building's, and whether the one before it is a unit's."""
    has_unit = unit > 0
    row = _free_numbers(reading)
    first, second = row.value[:, 0], row.value[:, 1]
    close = (second > first) & (second - first <= LONGEST_RANGE)
    repeated = (row.suffix[:, 0] > 0) & ((first == second) | (first == row.value[:, 2]))
    span = row.beside[:, 1] & (close | (first == second) | repeated)
    leads = ~has_unit & (second > 0) & ~span
    start = leads.astype(np.int64)
    number, upto, suffix = row.at(row.value, start), row.at(row.upto, start), row.at(row.suffix, start)
    for step in (1, 2):
        later = row.at(row.value, start + step)
        beside = row.at(row.beside.astype(np.int64), start + step).astype(bool) & (later > 0)
        if step == 2:
            beside &= row.at(row.beside.astype(np.int64), start + 1).astype(bool)
        number = np.where(beside & repeated & (later < number), later, number)
        upto = np.where(beside & (later > np.maximum(number, upto)), later, upto)
    return _Numbers(
        unit=np.where(leads, row.whole[:, 0], unit), number=number, upto=upto, suffix=suffix,
        loose=row.at(row.loose.astype(np.int64), start).astype(bool),
        bare=~has_unit & (storey == 0) & ~leads & (number > 0), place=np.where(number > 0, row.at(row.place, start), -1),
    )  # fmt: skip


def _free_numbers(reading: _Reading) -> _Row:
    kind, code, gap = reading.kind, reading.atoms.code, reading.atoms.gap
    is_number = (kind == Kind.NUMBER) & ~reading.used
    one = reading.ahead(1)
    lone_letter = (one == Kind.LETTER) & ~np.append(gap[1:], True) & ~_shifted(reading.used, 1, 0)
    has_suffix, next_code = one == Kind.SUFFIX, _shifted(code, 1, 0)
    limit_at = np.where(has_suffix, 2, 1)
    limit = np.where(
        has_suffix,
        np.where(reading.ahead(2) == Kind.UPTO, _shifted(code, 2, 0), 0),
        np.where(one == Kind.UPTO, next_code, 0),
    )
    length = limit_at + (limit > 0) + (lone_letter & ~has_suffix)
    places = np.flatnonzero(is_number)
    address = reading.atoms.address[places]
    rank = np.arange(len(places)) - np.searchsorted(address, address)
    kept = places[rank < _NUMBERS]
    beside = np.zeros(len(places), dtype=bool)
    beside[1:] = (places[1:] == (places + length[places])[:-1]) & ~gap[places[1:]]
    row = _Row(*(np.zeros((reading.atoms.addresses, _NUMBERS), dtype=t) for t in "qqq??qq"))
    at = (reading.atoms.address[kept], rank[rank < _NUMBERS])
    row.value[at] = code[kept]
    row.suffix[at] = np.where(has_suffix | lone_letter, next_code, 0)[kept]
    row.upto[at] = limit[kept]
    row.loose[at] = (lone_letter & ~has_suffix)[kept]
    row.beside[at] = beside[rank < _NUMBERS] & (rank[rank < _NUMBERS] > 0)
    row.whole[at] = _whole_code(reading)[kept]
    row.place[at] = kept
    reading.used |= is_number
    _use_suffixes(reading, is_number)
    return row


def _words(reading: _Reading, word: Ints) -> Words:
    kinds = (Kind.WORD, Kind.LETTER, Kind.MIXED, Kind.STOREY, Kind.OUTBUILDING, Kind.ROOM)
    atoms = reading.atoms
    places = np.flatnonzero(np.isin(reading.kind, kinds) & ~reading.used)
    commas = np.cumsum(atoms.gap)[places]
    gap = np.diff(commas, prepend=0) > 0
    return Words(atoms.address[places], word[places], atoms.sure[places], places, gap)


def _streets(words: Words, number_place: Ints, lexicon: Lexicon) -> Hashes:
    """Hash each address's street: its words after the number, up to the first ROAD, STREET or the like."""
    types = lexicon.having(rules.STREET_TYPES)
    letters = lexicon.having(frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
    started = (number_place[words.address] >= 0) & (words.place > number_place[words.address])
    kept = np.flatnonzero(started & ~letters[words.word])
    owner, word = words.address[kept], words.word[kept]
    ended = np.cumsum(types[word]) - types[word]
    first = np.searchsorted(owner, owner)
    inside = ended == (ended[first] if len(first) else ended)
    owner, word, rank = owner[inside], word[inside], (np.arange(len(kept)) - first)[inside]
    streets = np.zeros(len(number_place), dtype=np.uint64)
    np.add.at(streets, owner, mixed((word + 2).astype(np.uint64) * np.uint64(64) + rank.astype(np.uint64)))
    closed = np.bincount(owner, weights=types[word], minlength=len(streets)) > 0
    unknown = np.bincount(owner, weights=word == UNKNOWN, minlength=len(streets)) > 0
    return np.where(closed & ~unknown, streets, np.uint64(0))


def _keys(atoms: Atoms, word: Ints) -> Hashes:
    """Hash each address's atoms in order, so that equal keys mean equal addresses."""
    spelt = np.isin(atoms.kind, (Kind.WORD, Kind.SAINT_OR_STREET))
    value = np.where(spelt, word, atoms.code).astype(np.uint64) * np.uint64(31) + spelt.astype(np.uint64)
    value = mixed(value * np.uint64(17) + np.where(spelt, int(Kind.WORD), atoms.kind).astype(np.uint64))
    starts = np.flatnonzero(np.append(True, atoms.kind[:-1] == Kind.END))
    place = (np.arange(len(value)) - starts[atoms.address]).astype(np.uint64)
    hashed = np.add.reduceat(mixed(value + place * np.uint64(0x9E3779B97F4A7C15)), starts)
    unknown = np.add.reduceat((spelt & (word == UNKNOWN)).astype(np.int64), starts) > 0
    return np.where(unknown, np.uint64(0), hashed)


def mixed(values: Hashes) -> Hashes:
    """Scatter 64-bit values (the finaliser of SplitMix64, Steele, Lea and Flood 2014)."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))
