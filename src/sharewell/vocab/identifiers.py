"""The numbers that point at one person or place: their checks, and the types that carry them.

A check answers for the canonical form only (no spaces but a postcode's one, capital letters). Making a
value canonical is the work of ``cleaning``; ``parse`` is for the edge, where a value must already be right.
"""

from __future__ import annotations

import re
from operator import mul
from typing import ClassVar, Final, Self

UPN_LETTERS: Final = "ABCDEFGHJKLMNPQRTUVWXYZ"
"""The check letters of a UPN by remainder modulo 23 (no I, O or S)."""

NINO_PATTERN: Final = "[ABCEGHJ-PRSTW-Z][ABCEGHJ-NPRSTW-Z][0-9]{6}[A-D]"
NINO_UNUSED_PREFIXES: Final = ("BG", "GB", "KN", "NK", "NT", "TN", "ZZ")
POSTCODE_PATTERN: Final = (
    "(GIR 0AA|([A-PR-UWYZ]([0-9][0-9]?|[0-9][ABCDEFGHJKPSTUW]"
    "|[A-HK-Y][0-9][0-9]?|[A-HK-Y][0-9][ABEHMNPRVWXY])) [0-9][ABD-HJLNP-UW-Z]{2})"
)
UPRN_PATTERN: Final = "[1-9][0-9]{0,11}"
USRN_PATTERN: Final = "[1-9][0-9]{0,7}"
UPN_PATTERN: Final = "[A-HJ-NP-RT-Z][0-9]{12}"
PERSON_REF_PATTERN: Final = "P[0-9A-HJKMNP-TV-Z]{16}"

_NINO = re.compile(NINO_PATTERN)
_POSTCODE = re.compile(POSTCODE_PATTERN)
_UPRN = re.compile(UPRN_PATTERN)
_USRN = re.compile(USRN_PATTERN)
_UPN = re.compile("[A-HJ-NP-RT-Z][0-9]{11}[0-9A-HJ-NP-RT-Z]")
_NHS_WEIGHTS: Final = range(10, 0, -1)
_NHS_NUMBER = re.compile("[0-9]{10}")
_PERSON_REF = re.compile(PERSON_REF_PATTERN)


def is_nhs_number(text: str) -> bool:
    """Return whether ten digits end in their check digit (modulus 11; NHS Data Dictionary, NHS NUMBER)."""
    if not _NHS_NUMBER.fullmatch(text):
        return False
    # the check digit weighs 1, so that the sum of all ten is a multiple of 11
    total: int = sum(map(mul, map(int, text), _NHS_WEIGHTS))
    return total % 11 == 0


def is_nino(text: str) -> bool:
    """Return whether it is a National Insurance number that could be issued (HMRC manual NIM39110)."""
    return bool(_NINO.fullmatch(text)) and text[:2] not in NINO_UNUSED_PREFIXES


def upn_check_letter(twelve: str) -> str:
    """Return the check letter of a UPN's other twelve characters, weighted 2 to 13, modulo 23.

    A temporary UPN ends in a letter, which counts as its place in the check alphabet (DfE, UPN guide).
    """
    values = [int(sign) if sign.isdigit() else UPN_LETTERS.index(sign) for sign in twelve]
    return UPN_LETTERS[sum(value * weight for value, weight in zip(values, range(2, 14), strict=True)) % 23]


def is_upn(text: str) -> bool:
    """Return whether it is a unique pupil number, permanent or temporary, with the right check letter."""
    return bool(_UPN.fullmatch(text)) and upn_check_letter(text[1:]) == text[0]


def is_uprn(text: str) -> bool:
    """Return whether it is a unique property reference number: 1 to 12 digits, no leading zero (GeoPlace)."""
    return bool(_UPRN.fullmatch(text))


def is_usrn(text: str) -> bool:
    """Return whether it is a unique street reference number: 1 to 8 digits, no leading zero (GeoPlace)."""
    return bool(_USRN.fullmatch(text))


def is_postcode(text: str) -> bool:
    """Return whether it has the shape of a British postcode, in capitals with its one space (BS 7666)."""
    return bool(_POSTCODE.fullmatch(text))


def is_person_ref(text: str) -> bool:
    """Return whether it is one of our references to a person: P and 16 characters of Crockford base 32."""
    return bool(_PERSON_REF.fullmatch(text))


class _Identifier(str):
    """Text that has passed its check. Its repr hides it, so that a log or traceback does not carry it."""

    __slots__ = ()
    called: ClassVar[str]

    @classmethod
    def _passes(cls, text: str) -> bool:
        raise NotImplementedError

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the identifier, or raise ValueError, which never quotes the value."""
        if not cls._passes(text):
            raise ValueError(f"This is not a valid {cls.called} in its canonical form.")
        return cls(text)

    def __repr__(self) -> str:
        return f"{type(self).__name__}(…)"


class NHSNumber(_Identifier):
    """An NHS number: ten digits, no spaces."""

    __slots__ = ()
    called = "NHS number"

    @classmethod
    def _passes(cls, text: str) -> bool:
        return is_nhs_number(text)


class NINO(_Identifier):
    """A National Insurance number: AB123456C."""

    __slots__ = ()
    called = "National Insurance number"

    @classmethod
    def _passes(cls, text: str) -> bool:
        return is_nino(text)


class UPN(_Identifier):
    """A unique pupil number: a check letter and twelve characters."""

    __slots__ = ()
    called = "unique pupil number"

    @classmethod
    def _passes(cls, text: str) -> bool:
        return is_upn(text)


class UPRN(_Identifier):
    """A unique property reference number, without leading zeros."""

    __slots__ = ()
    called = "unique property reference number"

    @classmethod
    def _passes(cls, text: str) -> bool:
        return is_uprn(text)


class Postcode(_Identifier):
    """A British postcode with its one space."""

    __slots__ = ()
    called = "postcode"

    @classmethod
    def _passes(cls, text: str) -> bool:
        return is_postcode(text)

    @property
    def outward(self) -> str:
        """Return the part before the space: the post town's area and district."""
        return self.partition(" ")[0]

    @property
    def sector(self) -> str:
        """Return the outward part and the first figure after the space."""
        return self[:-2]


class PersonRef(_Identifier):
    """Our own reference to a person: safe in a page, a URL and a log, and made from nothing about them."""

    __slots__ = ()
    called = "person reference"

    @classmethod
    def _passes(cls, text: str) -> bool:
        return is_person_ref(text)

    def __repr__(self) -> str:
        return f"PersonRef({str(self)!r})"
