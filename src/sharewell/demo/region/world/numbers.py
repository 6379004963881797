"""Numbers that nobody has: NHS, National Insurance and pupil numbers, phones, e-mail addresses."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sharewell.demo.region.chance import Bools, Chance, Ints, Texts, texts
from sharewell.demo.region.terms import NOBODY, whole_years
from sharewell.demo.region.world.lives import Lives
from sharewell.demo.region.world.needs import FIRST_LA
from sharewell.demo.region.world.part import Part
from sharewell.vocab.identifiers import UPN_LETTERS

UNISSUED = 998
"""NHS numbers that begin with 999 are for tests; when they run out, 998 downwards are not issued."""
RANGE = 1_000_000
SHUFFLE = 654_323
"""Prime to the count of valid numbers in a range: neighbours in the region are not neighbours in number."""
NINO_PREFIXES = ("WW", "WX", "WY")
"""Well-formed, and not among the prefixes that have been allocated (HMRC, NIM39110, and forms that check)."""
NINO_SERIES = 1_000_000
HAS_MOBILE, HAS_LANDLINE, HAS_EMAIL = 0.95, 0.55, 0.7
LANDLINES = {"0161": "0161496", "020": "0207946", "": "01632960"}
"""Numbers that Ofcom keeps for drama: Manchester, London and no area."""
MAIL = ("example.org", "example.com", "example.net")


@dataclass(frozen=True)
class Numbers:
    """By person; "" where somebody has none. Phones are eleven digits from 0, without spaces."""

    nhs_number: Texts
    nino: Texts
    upn: Texts
    mobile: Texts
    landline: Texts


def numbers_of(part: Part, lives: Lives, district: Texts, chance: Chance) -> Numbers:
    """Return the numbers of everybody in a part; they differ from those of every other part."""
    serial = part.before + np.arange(len(lives.home))
    age = whole_years(lives.born, part.today)
    return Numbers(
        nhs_number=nhs_numbers(serial),
        nino=np.where(age >= 16, _ninos(serial), ""),
        upn=np.where((age >= 4) & (age <= 18), upns(serial), ""),
        mobile=_mobiles(age >= 12, chance.stream("mobile")),
        landline=_landlines(lives, district, chance.stream("landline")),
    )


def nhs_numbers(serial: Ints) -> Texts:
    """Return the NHS number of each serial number: valid, different, of ranges that nobody living has.

    The check digit is the NHS Data Dictionary's (modulus 11); numbers that would need a 10 are passed over.
    """
    numbers = np.empty(len(serial), dtype=np.int64)
    top, left = UNISSUED + 1, serial.astype(np.int64)
    pending = np.ones(len(serial), dtype=bool)
    while pending.any():
        valid = _valid_in(top)
        here = pending & (left < len(valid))
        numbers[here] = valid[left[here] * SHUFFLE % len(valid)]
        pending &= ~here
        left, top = left - len(valid), top - 1
    return numbers.astype("U10").astype(object)


def _valid_in(top: int) -> Ints:
    """Return every valid NHS number that begins with three digits, but for the one of all nines."""
    base = top * RANGE + np.arange(RANGE)
    total, rest = np.zeros(RANGE, dtype=np.int64), base.copy()
    for weight in range(2, 11):
        rest, digit = np.divmod(rest, 10)
        total += digit * weight
    check = (11 - total % 11) % 11
    valid: Ints = (base * 10 + check)[check != 10]
    made: Ints = valid[valid != 9_999_999_999]
    return made


def _ninos(serial: Ints) -> Texts:
    series, number = np.divmod(serial, NINO_SERIES)
    prefix = texts(NINO_PREFIXES)[series % len(NINO_PREFIXES)]
    suffix = texts("ABCD")[series // len(NINO_PREFIXES) % 4]
    made: Texts = prefix + _digits(number, 6) + suffix
    return made


def upns(serial: Ints) -> Texts:
    """Return a pupil number for each serial number, of an authority number not in use, its letter right."""
    number = FIRST_LA * 1_000_000_000 + serial
    total, rest = np.zeros(len(serial), dtype=np.int64), number.copy()
    for weight in range(13, 1, -1):
        rest, digit = np.divmod(rest, 10)
        total += digit * weight
    made: Texts = texts(UPN_LETTERS)[total % 23] + number.astype("U12").astype(object)
    return made


def _digits(number: Ints, width: int) -> Texts:
    return np.char.zfill(number.astype("U12"), width).astype(object)


def _mobiles(may_have: Bools, chance: Chance) -> Texts:
    number = texts("0") + "7700900" + _digits(chance.integers(0, 1000, len(may_have)), 3)
    return np.where(may_have & chance.stream("has").happens(HAS_MOBILE, len(may_have)), number, "")


def _landlines(lives: Lives, district: Texts, chance: Chance) -> Texts:
    """Return landlines, one for a household; those in homes and halls have none."""
    kinds = np.array(
        [LANDLINES["0161" if code[:3] == "E08" else "020" if code[:3] == "E09" else ""] for code in district]
    )
    number = chance.integers(0, 1000, len(kinds))
    has = chance.stream("has").happens(HAS_LANDLINE, len(kinds))
    shared = np.where(lives.household == NOBODY, 0, lives.household)
    width = np.where(np.char.str_len(kinds) == 7, 4, 3)
    tail = np.where(width == 4, _digits(number, 4), _digits(number, 3))[shared]
    made = kinds.astype(object) + tail
    return np.where((lives.household != NOBODY) & has[shared], made, "")


def emails(first: Texts, surname: Texts, age: Ints, chance: Chance) -> Texts:
    """Return e-mail addresses of domains that are kept for examples (RFC 2606)."""
    number = chance.integers(1, 9999, len(first))
    domain = texts(MAIL)[number % 3]
    has = np.flatnonzero((age >= 14) & chance.stream("has").happens(HAS_EMAIL, len(first)))
    made = np.full(len(first), "", dtype=object)
    rows = zip(first[has], surname[has], number[has], domain[has], strict=True)
    made[has] = [f"{_plain(one)}.{_plain(two)}{n}@{at}" for one, two, n, at in rows]
    return made


def _plain(name: str) -> str:
    return "".join(letter for letter in name.lower() if letter.isascii() and letter.isalpha()) or "mail"
