"""The shape of a value: enough to see what is wrong with it, and never what it says."""

from __future__ import annotations

import re
import unicodedata

from sharewell.sources.terms import FieldType

_LONGEST = 32
_WORDS = frozenset(
    {FieldType.PERSON_NAME, FieldType.ADDRESS, FieldType.TEXT, FieldType.EMAIL, FieldType.CODE}
)


def shape_of(value: str, kind: FieldType) -> str:
    """Return a value with every letter as A or a and every digit as 9; runs of letters are cut to one.

    Signs that cannot be seen are named. Words keep no length: a name's letters could be counted.
    """
    drawn = "".join(_sign(sign) for sign in value[: 4 * _LONGEST])
    if kind in _WORDS:
        drawn = re.sub(
            "A+a*|a+", lambda found: "Aa" if found[0][0] == "A" and "a" in found[0] else found[0][0], drawn
        )
        drawn = re.sub("9+", "9", drawn)
    return drawn[:_LONGEST] + "…" if len(drawn) > _LONGEST or len(value) > 4 * _LONGEST else drawn


def _sign(sign: str) -> str:
    if sign.isdigit():
        return "9" if sign.isascii() else "[digit]"
    if sign.isalpha():
        return "A" if sign.isupper() else "a"
    if sign == " " or (sign.isascii() and sign.isprintable()):
        return sign
    if sign in "\r\n":
        return "[new line]"
    category = unicodedata.category(sign)
    if category == "Sc":
        return sign
    names = {"Zs": "[odd space]", "Cc": "[control]", "Cf": "[invisible]", "Mn": "[accent]"}
    return names.get(category, "[sign]")
