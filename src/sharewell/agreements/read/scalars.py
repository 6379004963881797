"""What an unquoted word of the file means, and which ones are refused because two readers may disagree.

YAML 1.1 and 1.2 read ``no``, ``0777``, ``1e3`` and ``2026-11-01`` as different things. An agreement means
one thing, so such words must be quoted; only plain integers, ``true`` and ``false`` are not text.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

BOOLEANS_OF_1_1: Final = frozenset({"yes", "no", "on", "off", "y", "n"})
NULLS: Final = frozenset({"", "~", "null"})
INTEGER: Final = re.compile(r"-?(0|[1-9][0-9]*)")
LONGEST_INTEGER: Final = 15
DATE_LIKE: Final = re.compile(r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([Tt \t].*)?", re.DOTALL)
NUMBER_LIKE: Final = re.compile(
    r"[-+]?(0x[0-9a-f_]+|0o[0-7_]+|0b[01_]+|[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?"
    r"|(\.[0-9_]+|[0-9][0-9_]*(\.[0-9_]*)?)(e[-+]?[0-9]+)?|\.inf)|\.nan",
    re.IGNORECASE,
)
INVISIBLE: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


class Unclear(Exception):
    """An unquoted word that may not stand unquoted: a code, what is wrong, what to write instead."""

    def __init__(self, code: str, what: str, instead: str) -> None:
        super().__init__(what)
        self.code, self.what, self.instead = code, what, instead


def plain_value(word: str) -> str | int | bool:
    """Return what an unquoted word means: an integer, true, false, or text. Raises Unclear."""
    if INTEGER.fullmatch(word):
        return _integer(word)
    if word in {"true", "false"}:
        return word == "true"
    _refuse_unclear(word)
    return word


def plain_key(word: str) -> str:
    """Return an unquoted key as text. ``on`` is a key of the grammar, so it may stand. Raises Unclear."""
    if word == "<<":
        raise Unclear("merge_key", "Merge keys (`<<`) may not be used.", "Write the keys out.")
    if word not in {"on", "y", "n"}:
        _refuse_unclear(word)
    return word


def invisible_character(text: str) -> str | None:
    """Return the name of the first character that cannot be seen or turns text round, if there is one."""
    for character in text:
        if unicodedata.category(character) in INVISIBLE and character not in "\n\t":
            return unicodedata.name(character, f"U+{ord(character):04X}")
    return None


def _integer(word: str) -> int:
    if len(word) > LONGEST_INTEGER or word == "-0":
        raise Unclear("unquoted_number", "This number cannot be kept exactly.", "Quote it if it is a code.")
    return int(word)


def _refuse_unclear(word: str) -> None:
    folded = word.casefold()
    if folded in NULLS:
        raise Unclear("null_value", "A value is missing (null).", "Write a value, or leave the key out.")
    if folded in BOOLEANS_OF_1_1 or folded in {"true", "false"}:
        raise Unclear(
            "yaml_1_1_boolean",
            f"`{word}` is read as true or false by some programs and as text by others.",
            "Write true or false, or put quotation marks round it.",
        )
    if DATE_LIKE.fullmatch(word):
        raise Unclear("unquoted_date", "The date is not quoted.", 'Write it as "YYYY-MM-DD".')
    if NUMBER_LIKE.fullmatch(word):
        raise Unclear(
            "unquoted_number",
            "This is read as a number by some programs and not by others.",
            "Write a plain whole number, or put quotation marks round a code.",
        )
    if word == "=":
        raise Unclear("bad_value", "A bare `=` means nothing here.", "Write a value.")
