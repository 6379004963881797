"""The words of dates: months in English and Welsh, also shortened and misspelt, and days in words."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

_MONTHS: Final = (
    ("january", "ionawr"),
    ("february", "chwefror"),
    ("march", "mawrth"),
    ("april", "ebrill"),
    ("may", "mai"),
    ("june", "mehefin"),
    ("july", "gorffennaf"),
    ("august", "awst"),
    ("september", "medi"),
    ("october", "hydref"),
    ("november", "tachwedd"),
    ("december", "rhagfyr"),
)
_SHORTEST: Final = 3
_SHORTEST_MISSPELT: Final = 4
_UNITS: Final = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth")
_ORDINALS: Final = (
    *_UNITS,
    *("tenth", "eleventh", "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth"),
    *("eighteenth", "nineteenth", "twentieth"),
    *(f"twenty {unit}" for unit in _UNITS),
    *("thirtieth", "thirty first"),
)
_DAY_IN_WORDS = re.compile(
    f"(?i)^(?:the )?({'|'.join(sorted(_ORDINALS, key=len, reverse=True)).replace(' ', '[ -]')})(?: day)?(?= )"
)


@lru_cache(maxsize=1 << 10)
def month_called(word: str) -> int | None:
    """Return the number of the month that a word means; None when it means none, or might mean two.

    A beginning of three letters or more will do; so will a word of four or more with one letter wrong, too
    many or too few, or two changed over, where no other month is as near.
    """
    low = word.lower()
    meant = {at for at, name in _names() if len(low) >= _SHORTEST and name.startswith(low)}
    if not meant and len(low) >= _SHORTEST_MISSPELT:
        meant = {at for at, name in _names() if is_one_slip(low, name)}
    return meant.pop() if len(meant) == 1 else None


def _names() -> list[tuple[int, str]]:
    return [(number, name) for number, names in enumerate(_MONTHS, start=1) for name in names]


def is_one_slip(word: str, right: str) -> bool:
    """Return whether one letter wrong, added or lost, or two changed over, made a word of another."""
    if abs(len(word) - len(right)) > 1:
        return False
    start = next((at for at, (one, two) in enumerate(zip(word, right, strict=False)) if one != two), None)
    if start is None:
        return len(word) != len(right)
    one, two = word[start:], right[start:]
    turned = len(one) > 1 and one[:2] == two[1::-1] and one[2:] == two[2:]
    return one[1:] == two[1:] or one[1:] == two or one == two[1:] or turned


def day_in_figures(text: str) -> str:
    """Return a date whose day opens it in words ("the twenty-first of March 1985") with it in figures."""
    found = _DAY_IN_WORDS.match(text)
    if not found:
        return text
    return f"{_ORDINALS.index(found[1].lower().replace('-', ' ')) + 1}{text[found.end() :]}"
