"""Find the typed parts of addresses: unit, floor, room, building number with its suffix or range, words.

Everything is arithmetic on flat arrays of atoms (see ``tokens.py``); no address is a Python object. The parts
follow BS 7666: the secondary addressable object (unit, floor) and the primary one (number, name).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np

from sharewell.places import rules
from sharewell.places.hashes import Words, address_hashes, street_hashes, street_heads
from sharewell.places.numbers import read_numbers
from sharewell.places.reading import Reading, after, shifted, use_suffixes, whole_code
from sharewell.places.terms import Kind
from sharewell.places.tokens import UNKNOWN, Atoms, Bools, Hashes, Ints, Lexicon

OUTBUILDING_CODE = 10_000_000_000
"""A garage's or store's id is its own code plus this, so that it never equals a flat's."""
_IDS = (Kind.NUMBER, Kind.LETTER, Kind.MIXED)
_WORDS = (Kind.WORD, Kind.LETTER, Kind.MIXED, Kind.STOREY, Kind.OUTBUILDING, Kind.ROOM)


@dataclass(frozen=True)
class Parts:
    """The typed parts of addresses, one place in each array per address; 0 means not given.

    ``bare`` says that the one number stands without a unit word before it, so that it may be a unit's;
    ``loose_suffix`` that the suffix was a letter alone; ``vague`` that a unit is named without an id.
    ``number_place`` is where the building number stands among the atoms, -1 where there is none.
    ``street`` is a hash of the words from the number to the first word such as ROAD, ``key`` of the whole
    address in order; either is 0 when some word is unknown. ``head`` is the first word after the number.
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
    head: Ints
    key: Hashes
    words: Words


def joined_parts(many: Sequence[Parts]) -> Parts:
    """Return the parts of several lots of addresses as one; words keep count of whose they are."""
    if len(many) == 1:
        return many[0]
    before = np.cumsum([0, *(len(parts.unit) for parts in many)])
    names = [field.name for field in fields(Parts) if field.name != "words"]
    joined = {name: np.concatenate([getattr(parts, name) for parts in many]) for name in names}
    words = {
        field.name: np.concatenate([getattr(parts.words, field.name) for parts in many])
        for field in fields(Words)
        if field.name != "address"
    }
    address = np.concatenate(
        [parts.words.address + start for parts, start in zip(many, before, strict=False)]
    )
    return Parts(**joined, words=Words(address=address, **words))


def parse(atoms: Atoms, lexicon: Lexicon, *, complete: bool = False) -> Parts:
    """Return the typed parts of addresses.

    ``complete`` addresses, a gazetteer's, always tell a building: FLAT 74 HIGH STREET is a flat at number 74,
    where in anybody's words it may be the flat 74 of a building left out.
    """
    word = _saints(atoms, lexicon)
    kind = np.where(atoms.kind == Kind.SAINT_OR_STREET, Kind.WORD, atoms.kind)
    reading = Reading(atoms, kind, np.zeros(len(kind), dtype=bool))
    storey = _storeys(reading)
    room = _rooms(reading)
    if complete:
        _use_lone_units(reading, lexicon.having(rules.ROADS)[word])
    unit, vague = _units(reading)
    numbers = read_numbers(reading, unit)
    words = _words(reading, word)
    return Parts(
        unit=numbers.unit,
        storey=storey,
        room=room,
        number=numbers.number,
        upto=numbers.upto,
        suffix=numbers.suffix,
        loose_suffix=numbers.loose,
        bare=numbers.bare,
        vague=(vague | reading.lone) & (numbers.unit == 0) & (storey == 0),
        number_place=numbers.place,
        street=street_hashes(words, numbers.place, lexicon),
        head=street_heads(words, numbers.place, lexicon),
        key=address_hashes(atoms, word),
        words=words,
    )


def _saints(atoms: Atoms, lexicon: Lexicon) -> Ints:
    """Read each ST as SAINT or STREET: saint before a saint's name or where no street's name precedes it."""
    types = lexicon.having(rules.STREET_TYPES | rules.BUILDING_TYPES)
    names = lexicon.having(rules.SAINTS)
    abbreviated = atoms.kind == Kind.SAINT_OR_STREET
    before, following = shifted(atoms.kind, -1, 0), shifted(atoms.kind, 1, 0)
    ends = (following != Kind.WORD) | np.append(atoms.gap[1:], True)
    opens = (before != Kind.WORD) | atoms.gap | types[shifted(atoms.word, -1, UNKNOWN)]
    saint = abbreviated & ~ends & (opens | names[shifted(atoms.word, 1, UNKNOWN)])
    street = lexicon.ids.get("STREET", UNKNOWN)
    read = np.where(abbreviated, street, atoms.word)
    return np.where(saint, lexicon.ids.get("SAINT", UNKNOWN), read)


def _storeys(reading: Reading) -> Ints:
    """Find floors: GROUND FLOOR, FIRST AND SECOND FLOORS, BASEMENT FLAT, FLAT 3 REAR."""
    kind, gap = reading.kind, reading.atoms.gap
    is_storey = kind == Kind.STOREY
    one, two, before = reading.ahead(1), reading.ahead(2), reading.ahead(-1)
    floor = (one == Kind.FLOOR) | ((one == Kind.STOREY) & (two == Kind.FLOOR))
    flat = (one == Kind.UNIT) & ~reading.gap_after
    below = (reading.atoms.code == rules.storey_code("BASEMENT")) & (one != Kind.WORD)
    trailing = (one != Kind.WORD) & ((reading.ahead(-2) == Kind.UNIT) | (before == Kind.UNIT)) & ~gap
    found = is_storey & (floor | flat | below | trailing)
    reading.use(found | (kind == Kind.FLOOR) | (is_storey & after(found) & (one == Kind.FLOOR)))
    return reading.first(found, reading.atoms.code)


def _rooms(reading: Reading) -> Ints:
    """Find rooms and plots, which lie inside the smallest thing that has a UPRN."""
    named = (reading.kind == Kind.ROOM) & reading.is_among(_IDS, 1)
    ids = after(named)
    room = reading.first(ids, whole_code(reading))
    reading.use(named | ids)
    use_suffixes(reading, ids)
    return room


def _use_lone_units(reading: Reading, road: Bools) -> None:
    """Use up the FLAT of FLAT 74 HIGH STREET, so that 74 is the building's number."""
    atoms = reading.atoms
    several = np.bincount(atoms.address[reading.kind == Kind.NUMBER], minlength=atoms.addresses) > 1
    beside = ~(reading.gap_after | after(reading.gap_after, -1) | after(reading.gap_after, -2))
    shape = (reading.ahead(1) == Kind.NUMBER) & (reading.ahead(2) == Kind.WORD) & after(road, -3)
    lone = (reading.kind == Kind.UNIT) & shape & beside & ~several[atoms.address]
    reading.rename(np.where(lone, Kind.FILLER, reading.kind))
    reading.lone = reading.first(lone, lone.astype(np.int64)) > 0


def _units(reading: Reading) -> tuple[Ints, Bools]:
    """Find units named as such (FLAT 2, UNIT B, GARAGE 4), and whether a unit is named without an id."""
    is_unit, outbuilding = reading.kind == Kind.UNIT, reading.kind == Kind.OUTBUILDING
    named = _named_units(reading, is_unit, outbuilding)
    ids = after(named)
    code = whole_code(reading) + np.where(after(named & outbuilding), OUTBUILDING_CODE, 0)
    unit = reading.first(ids, code)
    joined_word = (reading.ahead(1) == Kind.WORD) & ~reading.gap_after
    opens = outbuilding & ~named & (reading.ahead(-1) == Kind.END) & ~joined_word
    unit = np.where(unit > 0, unit, reading.first(opens, reading.atoms.code + OUTBUILDING_CODE))
    reading.use(named | ids | opens)
    use_suffixes(reading, ids)
    vague = reading.first(is_unit & ~named, is_unit.astype(np.int64)) > 0
    return _leading_ids(reading, unit), vague


def _named_units(reading: Reading, is_unit: Bools, outbuilding: Bools) -> Bools:
    """Return which unit words have their id next to them.

    A number after a comma is the building's ("Flat, 5, High Street") unless another follows; so is the one
    number after a floor's flat ("Ground Floor Flat 115 High Street") or an annexe.
    """
    one, two, atoms = reading.ahead(1), reading.ahead(2), reading.atoms
    id_next = reading.is_among(_IDS, 1) & ~after(reading.used, -1)
    several = np.bincount(atoms.address[reading.kind == Kind.NUMBER], minlength=atoms.addresses) > 1
    floored = after(reading.used) & ~after(reading.gap_after, -1) & ~several[atoms.address]
    gap = reading.gap_after
    annexe = outbuilding & (atoms.code == rules.ANNEXE) & ~several[atoms.address]
    numbered = (one != Kind.NUMBER) | ~(gap | floored | annexe) | ((two == Kind.NUMBER) & gap)
    named: Bools = (is_unit | (outbuilding & ~gap)) & id_next & numbered
    return named


def _leading_ids(reading: Reading, unit: Ints) -> Ints:
    """Take an id that opens the address as its unit: A15 FORSTER COURT, 2/1 12 HIGH STREET, C 35 ROAD."""
    opens = (reading.ahead(-1) == Kind.END) & ~reading.used
    apart = reading.gap_after & (reading.ahead(1) != Kind.END)
    lettered = (reading.kind == Kind.LETTER) & ((reading.ahead(1) == Kind.NUMBER) | apart)
    leading = opens & ((reading.kind == Kind.MIXED) | lettered)
    leading &= unit[reading.atoms.address] == 0
    reading.use(leading)
    return np.where(unit > 0, unit, reading.first(leading, reading.atoms.code))


def _words(reading: Reading, word: Ints) -> Words:
    atoms = reading.atoms
    places = (reading.is_among(_WORDS) & ~reading.used).nonzero()[0]
    commas = atoms.gap.cumsum()[places]
    gap = commas > 0
    gap[1:] = commas[1:] > commas[:-1]
    return Words(atoms.address[places], word[places], atoms.sure[places], places, gap)
