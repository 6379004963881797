"""Capitals of names and addresses: ordinary ones for a text written without them."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from sharewell.sources.terms import Role

PARTICLES: Final = frozenset(
    {"de", "da", "di", "do", "del", "della", "dos", "das", "du", "van", "von", "der", "den", "ter", "ten"}
    | {"bin", "ibn", "bint", "ap", "ab", "ferch", "zu", "zum", "zur", "af", "av", "e", "y"}
)
AFTER_DE: Final = frozenset({"la", "las", "los", "le", "les", "l'"})
"""Small only behind "de": elsewhere "La" and "Le" open a name."""
HONOURS: Final = frozenset(
    {
        "esq",
        "mbe",
        "obe",
        "cbe",
        "kbe",
        "dbe",
        "bem",
        "qpm",
        "phd",
        "md",
        "ba",
        "bsc",
        "ma",
        "msc",
        "rn",
        "kc",
        "qc",
    }
    | {
        "jp",
        "mp",
        "ms",
        "mep",
        "ceo",
        "frcs",
        "frcp",
        "mrcp",
        "mrcgp",
        "frcgp",
        "mbbs",
        "mbchb",
        "rgn",
        "rmn",
        "cpa",
    }
    | {"deceased", "dec'd", "decd", "dec"}
)
INITIALS: Final = frozenset({"jp", "mp", "ms", "kc", "qc"})
"""Letters after a name that are more often the initials of forenames when they stand alone."""
GENERATIONS: Final = frozenset({"jr", "snr", "jnr", "sr", "ii", "iii", "iv"})

_ROMAN: Final = frozenset({"II", "III", "IV", "VII", "VIII"})
_SMALL_WORDS: Final = frozenset({"and", "nee", "née", "aka"})
_NOT_INITIALS: Final = frozenset({"NG", "MD", "MC", "ST", "DR", "MR", "MRS", "MS"})
_PIECES = re.compile('([-–. /(&"])')
_TWO_CAPITALS = re.compile("[A-Z][A-Z]")
_VOWEL = re.compile("[AEIOUYÀ-ÖØ-Ý]")
_SHOUTED_MC = re.compile("(Ma?c)([A-Z]{2,}(?:[-'’][A-Z]+)*)")
_INVERTED = re.compile("[a-z][A-Z]{2,}(?:[-' ][a-z][A-Z]{2,})*")
_BUSINESS = re.compile(
    "(?i)(?:^|[ (])(?:ltd|limited|plc|llp|cic|inc|co|company|council|trust|housing|association|group"
    "|services|church|school|college|bank|care|homes?|centre|club|society|properties|estates?|nhs|uk|hotel)"
    "(?:[ .,)]|$)"
)


def capitalised_name(text: str, role: Role | None = None) -> str:
    """Return a name all in capitals or all in small letters with ordinary capitals; others hardly changed.

    Two capitals alone may be initials, so they stay, but for a surname. In a name with ordinary capitals
    only what can mean nothing by its capitals is changed: McDONALD, jOHN, and in a full name Ann SMITH.
    """
    if _INVERTED.fullmatch(text):
        text = text.lower()
    if not (text.islower() or (text.isupper() and sum(sign.isalpha() for sign in text) > 1)):
        return _calmed(text, role)
    words = text.split(" ")
    if len(words) == 1 and len(text) == 2 and text.isupper() and role is not Role.SURNAME:
        return text
    return " ".join(_capitalised(words, place, role) for place in range(len(words)))


def _capitalised(words: list[str], place: int, role: Role | None) -> str:
    word, is_first, is_last = words[place], place == 0, place == len(words) - 1
    if is_last and not is_first and _stays(word):
        return word.upper()
    if is_first and not is_last and _are_initials(word):
        return word
    if not is_first and word.lower() in _SMALL_WORDS:
        return word.lower()
    may_be_particle = not is_last and role is not Role.FIRST_NAME and (not is_first or role is Role.SURNAME)
    if may_be_particle and _is_particle(word.lower(), "" if is_first else words[place - 1].lower()):
        return word.lower()
    return capitalised_word(word)


def _stays(word: str) -> bool:
    """Return whether the last word is a number or an honour, and neither needs other capitals."""
    return word.upper() in _ROMAN or (word.isupper() and word.lower() in HONOURS and len(word) > 2)


def _are_initials(word: str) -> bool:
    return (
        word.isupper()
        and 2 <= len(word) <= 3
        and word.isalpha()
        and not (_VOWEL.search(word) or word in _NOT_INITIALS)
    )


def _is_particle(word: str, before: str) -> bool:
    return word in PARTICLES or (word in AFTER_DE and before == "de")


def _calmed(text: str, role: Role | None) -> str:
    if not _TWO_CAPITALS.search(text):
        return text
    text = _SHOUTED_MC.sub(lambda found: found[1] + capitalised_word(found[2]), text)
    if role is not Role.FULL_NAME or _BUSINESS.search(text):
        return text
    words = _with_calm_surname(text.split(" "))
    return " ".join(
        capitalised_word(word) if _is_shouted(word, is_last=place == len(words) - 1) else word
        for place, word in enumerate(words)
    )


def _with_calm_surname(words: list[str]) -> list[str]:
    """Return the words of a full name with ordinary capitals for a surname of several shouted words."""
    at = len(words)
    while at > 1 and words[at - 1].isupper() and "." not in words[at - 1] and len(words[at - 1]) > 1:
        at -= 1
    if len(words) - at < 2 or not _is_shouted(words[-1], is_last=True):
        return words
    return words[:at] + capitalised_name(" ".join(words[at:]), Role.SURNAME).split(" ")


def _is_shouted(word: str, *, is_last: bool) -> bool:
    """Return whether a word is a name in capitals, and neither initials nor letters after a name."""
    if not word.isupper() or not _VOWEL.search(word) or "." in word:
        return False
    letters = sum(sign.isalpha() for sign in word)
    is_name = word.lower() not in HONOURS | GENERATIONS and word not in _ROMAN
    return is_name and (letters > 3 or (letters == 3 and is_last))


@lru_cache(maxsize=1 << 12)
def capitalised_word(word: str) -> str:
    """Return one word with ordinary capitals: O'Brien, McKenzie, John's, Smith-Jones, J.R.

    "Mac" is not split: Mackie and Machin are as common as MacDonald, and capitals do not tell them apart.
    """
    return "".join(_capitalised_piece(piece) for piece in _PIECES.split(word))


def _capitalised_piece(piece: str) -> str:
    head, mark, tail = re.match("([^'’]*)(['’]?)(.*)", piece, re.DOTALL).groups()  # type: ignore[union-attr]
    if mark and len(head) <= 2 <= len(tail):
        return _opened(head) + mark + _opened(tail)
    return _opened(head) + mark + tail.lower()


def _opened(letters: str) -> str:
    low = letters.lower()
    if low.startswith("mc") and len(low) > 3:
        return f"Mc{low[2].title()}{low[3:]}"
    return letters[:1].title() + low[1:] if len(low) == len(letters) else letters
