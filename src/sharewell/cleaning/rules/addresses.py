"""Rules for addresses and lines of them."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from sharewell.cleaning.rules.capitals import capitalised_word
from sharewell.cleaning.rules.encodings import latin_words, reread
from sharewell.cleaning.rules.identifiers import plain_digits
from sharewell.cleaning.rules.text import (
    NOTHING,
    Draft,
    mend,
    nothing_known,
    settled,
    single_spaced,
    unquoted,
)
from sharewell.cleaning.terms import Decision, Rule, blanked

RULES: Final = {
    "address_line_breaks": "Line breaks in the address, or marks for them, became commas.",
    "address_commas": "Doubled commas, spaces round commas and a mark at the end were put right.",
    "address_capitals": "An address in all capitals or all small letters was given ordinary capitals.",
    "postcode_in_address": "The row's own postcode was taken off the end of its address.",
    "no_fixed_abode": "The address says that the person has no fixed abode.",
}

NO_ADDRESS: Final = frozenset(
    {"nfa", "no fixed abode", "no fixed address", "of no fixed abode", "n.f.a.", "n.f.a", "n/f/a", "homeless"}
    | {"no fixed abode (nfa)", "nfa - no fixed abode", "no address", "rough sleeper", "no current address"}
)
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
    {
        "UK",
        "GB",
        "PO",
        "HMP",
        "HMS",
        "RAF",
        "NHS",
        "YMCA",
        "YWCA",
        "NW",
        "NE",
        "SE",
        "SW",
        "USA",
        "BFPO",
        "BT",
    }
    | {"II", "III", "IV", "VI", "VII", "VIII"}
)


_ORDINAL = re.compile("[0-9]+(ST|ND|RD|TH)")
_BREAKS = re.compile(
    " *(?:(?:[\r\n\x0b\x0c\u2028\u2029]+|<br ?/?>|(?:\\\\r)?\\\\n|_x000[Dd]_\n?) *)+", re.IGNORECASE
)
_MAYBE_BREAK = re.compile("[<_\\\\]")
_NUMBER_ALONE = re.compile("[0-9]+[A-Za-z]")
_COMMAS = re.compile(" *,[ ,]*")
_LAST_STOP = re.compile("(?<=[A-Za-z0-9])[ .]*[.]$")
_MAYBE_POSTCODE = re.compile("[0-9] ?[A-Za-z]{2}[ .]*$")
_SHORTENED = re.compile(
    "st|str|rds?|ave?|cl|cresc?|crt?|dr|ln|gdns?|grn|pl|sq|ct|co|ltd|bldgs?|hse|apt|flt|nr|mt|pr?k|terr?|t?ce|tr?ce"
    "|gro?|grv|est|ind|[sn]th|lwr|upr|gt|lt|hosp|sch|ho|pde|wlk|yd|esq|jr|snr|bros|inc|dept|no|.*[.].*|[0-9]*[a-z]?"
)
"""Words of addresses cut short, behind which a full stop belongs; so it does behind one letter."""


def address_rule() -> Rule:
    """Return the rule for an address or one line of it."""
    return _decide_address


def _decide_address(value: str) -> Decision | None:
    draft = Draft(value)
    draft.becomes(value.strip(" \t\r\n"), "spaces")
    if not draft.text.isprintable() or _MAYBE_BREAK.search(draft.text):
        draft.becomes(_BREAKS.sub(", ", draft.text), "address_line_breaks")
    mend(draft, single_spaced)
    draft.becomes(unquoted(draft.text), "quotes_removed")
    draft.becomes(plain_digits(draft.text), "full_width_digits")
    draft.becomes(latin_words(draft.text), "look_alikes")
    draft.becomes(reread(draft.text), "encoding")
    draft.becomes(without_last_stop(_COMMAS.sub(", ", draft.text).strip(" ,;")), "address_commas")
    if nothing := nothing_known(draft.text, NOTHING):
        return nothing
    if draft.text.lower() in NO_ADDRESS:
        return blanked("no_fixed_abode")
    draft.becomes(settled(capitalised_address, draft.text), "address_capitals")
    return draft.against(value, "spaces")


def without_last_stop(text: str) -> str:
    """Return an address without the full stop that ends it, but where the stop is for a word cut short."""
    found = _LAST_STOP.search(text) if text.endswith(".") else None
    last = re.split("[ ,]", text[: found.start()])[-1].lower() if found else ""
    if not found or _MAYBE_POSTCODE.search(text) or (_SHORTENED.fullmatch(last) and not last.isdigit()):
        return text
    return text[: found.start()].rstrip(" ,;")


def capitalised_address(text: str) -> str:
    """Return an address in all capitals or all small letters with ordinary capitals; others unchanged."""
    if not (text.isupper() or text.islower()):
        return text
    if _NUMBER_ALONE.fullmatch(text):
        return text.upper()
    letters = sum(sign.isalpha() for sign in text)
    words = [word for word in text.split() if not any(sign.isdigit() for sign in word)]
    if letters < 2 or not words:
        return text
    return ", ".join(_capitalised_line(line) for line in text.split(", "))


def _capitalised_line(line: str) -> str:
    words = line.split(" ")
    openings = [True, *(any(sign.isdigit() for sign in word) for word in words)]
    return " ".join(_capitalised(word, opens=opens) for word, opens in zip(words, openings, strict=False))


@lru_cache(maxsize=1 << 12)
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
