"""Where the next sound item of a damaged JSON list begins: the one that is like those before it.

An object inside the damaged item must never be taken for a record. So it takes an object that stands where an
item may, no deeper in brackets than one stray sign can explain, with the names of the last sound item.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any, Final

from sharewell.sources.line_account import WHITE

FARTHEST: Final = 16 << 20
"""Signs looked through for the next sound item."""

_TOKEN: Final = re.compile(r'"(?:[^"\\\n]|\\.)*"|[{}\[\],]|[^\s"{}\[\],]+|"')
_DEPTHS: Final = {"{": 1, "[": 1, "}": -1, "]": -1}
_MOST_DEPTH: Final = 1


class Lost(ValueError):
    """No sound item comes within reach."""


class _More(Exception):
    """The text ends before it can be said."""


@dataclass(frozen=True)
class Fits:
    """Says whether an item of a list may begin at a place.

    ``keys`` are the last sound item's names; ``after`` the signs that may follow an item.
    """

    decode: Callable[[str, int], tuple[Any, int]]
    keys: Collection[str] | None
    after: str

    def at(self, text: str, place: int) -> bool:
        """Return whether an object like the last one stands here whole, and another or an end after it."""
        try:
            value, end = self.decode(text, place)
        except json.JSONDecodeError as error:
            if error.msg.startswith("Unterminated") or error.pos >= len(text):
                raise _More from None
            return False
        except RecursionError:
            return False
        return self.is_alike(value) and self._goes_on(text, end)

    def is_alike(self, value: object) -> bool:
        """Return whether a value is an object like the last sound one; any will do where there is none."""
        if not isinstance(value, dict):
            return False
        if self.keys is None:
            return bool(value)
        return 2 * len(value.keys() & set(self.keys)) >= len(value.keys() | set(self.keys))

    def _goes_on(self, text: str, end: int) -> bool:
        after = text[end : end + 200].lstrip(WHITE)
        if not after:
            raise _More
        if after[0] == ",":
            return after[1:].lstrip(WHITE)[:1] in {"", "{"}
        return after[0] in self.after


def find_next(text: Callable[[], str], more: Callable[[], bool], fits: Fits, error_at: int) -> int | None:
    """Return where the next sound item or the list's end is, counted from the damaged item, or None.

    ``text`` returns what there is from the damaged item on, ``more`` fetches more of it; up to ``error_at``
    it is sound. Raises Lost when nothing is within reach.
    """
    while True:
        place, is_certain = _look(text(), fits, error_at)
        if place is not None and is_certain:
            return place
        if not more():
            return place
        if len(text()) > FARTHEST and place is None:
            raise Lost


def _look(text: str, fits: Fits, error_at: int) -> tuple[int | None, bool]:
    """Return the nearest place, if there is one, and whether more text could not change the answer.

    What is a text and what stands between texts may be turned round by a stray quotation mark. So it is
    looked for both from the error on and from the next mark on.
    """
    depth, last = 0, ""
    for token in _TOKEN.finditer(text, 0, error_at):
        depth, last = depth + _DEPTHS.get(token[0], 0), token[0]
    ways = [_scan(text, error_at, depth, last, fits)]
    if (mark := text.find('"', error_at)) >= 0:
        ways.append(_scan(text, mark + 1, depth, '"', fits))
    found = [(place, is_certain) for place, is_certain in ways if place is not None]
    return min(found, default=(None, False))


def _scan(text: str, start: int, depth: int, last: str, fits: Fits) -> tuple[int | None, bool]:
    for token in _TOKEN.finditer(text, start, FARTHEST):
        sign, place = token[0], token.start()
        if sign == "]" and depth == 0 and place and "]" in fits.after:
            return place, True
        if sign == "{" and place and _may_begin(depth, last):
            try:
                if fits.at(text, place):
                    return place, True
            except _More:
                return place if _is_whole(text, place, fits) else None, False
        depth += _DEPTHS.get(sign, 0)
        last = sign
    return None, False


def _may_begin(depth: int, last: str) -> bool:
    """Return whether an item may begin after a sign: after another item, or after stray signs outside all."""
    return (depth <= _MOST_DEPTH and last in {",", "}"}) or (depth == 0 and not last.endswith(":"))


def _is_whole(text: str, place: int, fits: Fits) -> bool:
    """Return whether the last object of the text, which nothing follows, is whole and like the others."""
    try:
        value, _ = fits.decode(text, place)
    except (ValueError, RecursionError):
        return False
    return fits.is_alike(value)
