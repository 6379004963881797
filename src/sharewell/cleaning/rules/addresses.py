"""Rules for postcodes and address lines.

A postcode is mended only in its writing: case, spaces, punctuation at its ends, and O for 0 or I for 1 where
one reading alone is a postcode. A character that could stand for something lost (``B?1 4AB``) is never
dropped.
"""

from __future__ import annotations

import re
from typing import Final

from sharewell.cleaning.rules.names import capitalised_word
from sharewell.cleaning.rules.text import (
    NOTHING,
    Draft,
    mend,
    nothing_known,
    settled,
    single_spaced,
    tidy,
    unquoted,
)
from sharewell.cleaning.terms import Decision, Rule, blanked
from sharewell.vocab.identifiers import is_postcode

RULES: Final = {
    "postcode_spacing": "The postcode was given its one space, before the last three characters.",
    "postcode_punctuation": "Punctuation at the postcode's ends, or in place of its space, was taken off.",
    "postcode_letter_for_digit": "O and 0, or I and 1, were exchanged where only one reading is a postcode.",
    "postcode_incomplete": "The cell holds only the first part of a postcode.",
    "postcode_pseudo": "The postcode is one of the NHS's ZZ99 codes, which stand for no place in Britain.",
    "postcode_wrong_form": "The cell does not hold a British postcode.",
    "address_line_breaks": "Line breaks in the address became commas.",
    "address_commas": "Doubled or trailing commas and the spaces round commas were put right.",
    "address_capitals": "An address in all capitals or all small letters was given ordinary capitals.",
    "postcode_in_address": "The row's own postcode was taken off the end of its address.",
    "no_fixed_abode": "The address says that the person has no fixed abode.",
}

NO_ADDRESS: Final = frozenset({"nfa", "no fixed abode", "no fixed address", "of no fixed abode", "n.f.a."})
SMALL_WORDS: Final = frozenset(
    {
        "upon",
        "on",
        "in",
        "under",
        "by",
        "the",
        "of",
        "and",
        "at",
        "next",
        "to",
        "with",
        "near",
        "cum",
        "juxta",
    }
    | {"le", "la", "en", "de", "super", "y", "yr", "ar", "ger", "nr"}
)
KEPT_CAPITALS: Final = frozenset(
    {"UK", "GB", "PO", "HMP", "HMS", "RAF", "NHS", "YMCA", "YWCA", "NW", "NE", "SE", "SW", "II", "III", "USA"}
)

_DIGIT_AT: Final = {"O": "0", "I": "1"}
_LETTER_AT: Final = {"0": "O", "1": "I"}
_OUTWARD_SHAPES: Final = ("A9", "A99", "A9A", "AA9", "AA99", "AA9A")
_ENDS: Final = " .,;:'\"`’“”-_/\\"
_ORDINAL = re.compile("[0-9]+(ST|ND|RD|TH)")
_BREAKS = re.compile(" *(?:[\r\n\x0b\x0c\u2028\u2029]+ *)+")
_COMMAS = re.compile(" *,[ ,]*")


def postcode_rule() -> Rule:
    """Return the rule for postcodes."""
    return _decide_postcode


def _decide_postcode(value: str) -> Decision | None:
    draft = tidy(value)
    if nothing := nothing_known(draft.text):
        return nothing
    if draft.text.lower() in NO_ADDRESS:
        return blanked("no_fixed_abode")
    draft.becomes(draft.text.upper(), "capitals")
    draft.becomes(draft.text.strip(_ENDS).replace("-", " "), "postcode_punctuation")
    compact = draft.text.replace(" ", "")
    if spaced := mended_postcode(compact):
        swapped = spaced.replace(" ", "") != compact
        draft.becomes(spaced, "postcode_letter_for_digit" if swapped else "postcode_spacing")
        return draft.against(value, "postcode_spacing")
    return blanked(_wrong_postcode(compact))


def mended_postcode(compact: str) -> str | None:
    """Return the one postcode that capitals and digits can be read as, spaced; None if not one alone."""
    outward, inward = compact[:-3], compact[-3:]
    inward = _DIGIT_AT.get(inward[:1], inward[:1]) + inward[1:]
    if is_postcode(f"{outward} {inward}"):
        return f"{outward} {inward}"
    readings = {reading for shape in _OUTWARD_SHAPES if (reading := _read_as(outward, shape))}
    right = [f"{reading} {inward}" for reading in readings if is_postcode(f"{reading} {inward}")]
    return right[0] if len(right) == 1 else None


def _read_as(outward: str, shape: str) -> str | None:
    if len(outward) != len(shape):
        return None
    tables = {"A": _LETTER_AT, "9": _DIGIT_AT}
    return "".join(tables[kind].get(sign, sign) for sign, kind in zip(outward, shape, strict=True))


def _wrong_postcode(compact: str) -> str:
    if re.fullmatch("ZZ99[0-9][A-Z]{2}", compact):
        return "postcode_pseudo"
    is_part = any(is_postcode(f"{compact}{rest}") for rest in (" 1AA", "1AA")) or is_postcode(
        f"{compact[:-1]} {compact[-1:]}AA"
    )
    return "postcode_incomplete" if is_part else "postcode_wrong_form"


def address_rule() -> Rule:
    """Return the rule for an address or one line of it."""
    return _decide_address


def _decide_address(value: str) -> Decision | None:
    draft = Draft(value)
    draft.becomes(value.strip(" \t\r\n"), "spaces")
    draft.becomes(_BREAKS.sub(", ", draft.text), "address_line_breaks")
    mend(draft, single_spaced)
    draft.becomes(unquoted(draft.text), "quotes_removed")
    draft.becomes(_COMMAS.sub(", ", draft.text).strip(" ,;"), "address_commas")
    if nothing := nothing_known(draft.text, NOTHING):
        return nothing
    if draft.text.lower() in NO_ADDRESS:
        return blanked("no_fixed_abode")
    draft.becomes(settled(capitalised_address, draft.text), "address_capitals")
    return draft.against(value, "spaces")


def capitalised_address(text: str) -> str:
    """Return an address in all capitals or all small letters with ordinary capitals; others unchanged."""
    if not (text.isupper() or text.islower()):
        return text
    letters = sum(sign.isalpha() for sign in text)
    words = [word for word in text.split() if not any(sign.isdigit() for sign in word)]
    if letters < 2 or not words:
        return text
    return ", ".join(_capitalised_line(line) for line in text.split(", "))


def _capitalised_line(line: str) -> str:
    words = line.split(" ")
    openings = [True, *(any(sign.isdigit() for sign in word) for word in words)]
    return " ".join(_capitalised(word, opens=opens) for word, opens in zip(words, openings, strict=False))


def _capitalised(word: str, *, opens: bool) -> str:
    upper = word.upper()
    if upper in KEPT_CAPITALS:
        return upper
    if any(sign.isdigit() for sign in word):
        return word.lower() if _ORDINAL.fullmatch(upper) else upper
    parts = [
        part.lower() if part.lower() in SMALL_WORDS and (place or not opens) else capitalised_word(part)
        for place, part in enumerate(word.split("-"))
    ]
    return "-".join(parts)
