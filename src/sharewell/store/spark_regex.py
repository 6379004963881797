"""Regular expressions of DuckDB (RE2) in the words of Spark (Java), for the part of the language both share.

Java reads several signs otherwise than RE2 without a word: ``$`` also matches before a last line end, a dot
stops at five kinds of line end, ``&&`` and ``[`` inside brackets mean sets. What cannot be said alike
(look-around, back references, word edges) is refused, so that no cell is ever changed by accident.
"""

from __future__ import annotations

import re
from typing import Final

OPAQUE: Final = "\ue000"
"""Stands for a piece of a pattern that is known only when the query runs: plain letters, digits, ``' ?'``."""

ANY_CASE: Final = "(?i)"
ALSO: Final = {"k": "\u212a", "s": "\u017f"}
"""The signs beyond ASCII that RE2 takes for a plain letter in either case (Kelvin's K, the long s)."""

_ESCAPED: Final = {
    "d": "0-9",
    "w": "0-9A-Za-z_",
    "s": "\\t\\n\\f\\r ",
    "t": "\\t",
    "n": "\\n",
    "r": "\\r",
    "f": "\\f",
    "v": "\\x0B",
}
_CLASSES: Final = "dws"
_TOKEN: Final = re.compile(
    r"\\(?P<escape>.)|\[(?P<negated>\^?)(?P<set>\]?(?:\\.|[^\]\\])*)\]|\(\?(?P<group>[^)]?)"
    r"|(?P<repeat>(?:[*+?]|\{(?:0|[1-9][0-9]*)(?:,(?:0|[1-9][0-9]*)?)?\})\??(?P<more>[*+]?))|(?P<plain>.)",
    re.DOTALL,
)
_PLAIN: Final = {"$": "\\z", "{": "\\{"}
"""Plain signs said otherwise; a brace that counts nothing is a sign to RE2, a mistake to Java."""


def java_pattern(pattern: str) -> str:
    """Return a pattern that finds in Java what ``pattern`` finds in RE2.

    Raises NotImplementedError for what Java and RE2 do not share.
    """
    any_case = pattern.startswith(ANY_CASE)
    rest = pattern.removeprefix(ANY_CASE)
    if any_case and not rest.replace(OPAQUE, "").isascii():
        raise NotImplementedError("A pattern for either case holds plain letters.")
    return ("(?di)" if any_case else "(?d)") + "".join(
        _token(found, any_case) for found in _TOKEN.finditer(rest)
    )


def java_replacement(replacement: str, *, skipped: int = 0) -> str:
    """Return RE2's replacement text in Java's words; ``skipped`` groups come before the pattern's own.

    When groups are skipped the last of them holds the whole match.
    """
    plain = replacement.replace("$", "\\$")
    if re.search(r"\\[^0-9$]|\\$", plain):
        raise NotImplementedError("A replacement may hold \\0 to \\9 and no other backslash.")
    return re.sub(r"\\([0-9])([0-9]?)", lambda found: _group_of(found[1], found[2], skipped), plain)


def _group_of(number: str, digit: str, skipped: int) -> str:
    return f"${int(number) + skipped}" + (f"\\{digit}" if digit else "")


def _token(found: re.Match[str], any_case: bool) -> str:
    if found["escape"]:
        return _escape(found["escape"])
    if found["set"] is not None:
        return f"[{found['negated']}{_set(found['set'], any_case)}]"
    if found["group"] is not None:
        return _group(found["group"])
    if found["repeat"]:
        return _repeat(found["repeat"], found["more"])
    if any_case and found["plain"].lower() in ALSO:
        return f"[{found['plain']}{ALSO[found['plain'].lower()]}]"
    return _PLAIN.get(found["plain"], found["plain"])


def _repeat(repeat: str, more: str) -> str:
    if more:
        raise _differs(repeat)
    return repeat


def _escape(sign: str) -> str:
    if sign in _CLASSES:
        return f"[{_ESCAPED[sign]}]"
    if sign in _ESCAPED:
        return _ESCAPED[sign]
    if sign.isalnum():
        raise _differs(f"\\{sign}")
    return f"\\{sign}"


def _set(inside: str, any_case: bool) -> str:
    """Return what stands between brackets, with the signs escaped that mean more in Java."""
    if "[:" in inside:
        raise _differs("[:")
    parts = re.findall(r"\\.|.", inside, re.DOTALL)
    holds = re.compile(f"[{inside.replace('[', chr(92) + '[')}]", re.IGNORECASE) if any_case else None
    also = "".join(sign for letter, sign in ALSO.items() if holds and holds.search(letter))
    return "".join(_member(part) for part in parts) + also


def _member(part: str) -> str:
    if part.startswith("\\"):
        sign = part[1]
        if sign.isalnum() and sign not in _ESCAPED:
            raise _differs(part)
        return _ESCAPED.get(sign, part)
    return f"\\{part}" if part in "[]&^" else part


def _group(sign: str) -> str:
    if sign != ":":
        raise _differs(f"(?{sign}")
    return "(?:"


def _differs(piece: str) -> NotImplementedError:
    return NotImplementedError(f"The pattern has {piece}, which engines read differently.")
