"""Slips in writing a name: of a hand on a keyboard, of a machine that reads, of how it is kept."""

from __future__ import annotations

import unicodedata
from typing import Final

_ROWS: Final = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_BESIDE: Final = {
    **{row[at]: row[max(at - 1, 0) : at] + row[at + 1 : at + 2] for row in _ROWS for at in range(len(row))},
}
"""By letter, the letters beside it on a keyboard."""
_MISREAD: Final = (
    ("rn", "m"), ("m", "rn"), ("cl", "d"), ("d", "cl"), ("l", "1"), ("l", "I"), ("i", "l"), ("o", "0"),
    ("O", "0"), ("S", "5"), ("B", "8"), ("h", "b"), ("b", "h"), ("u", "v"), ("v", "u"), ("w", "vv"),
    ("nn", "m"), ("e", "c"), ("g", "q"), ("I", "l"), ("Z", "2"), ("G", "6"),
)  # fmt: skip
"""What a machine that reads takes for what (after the rules of sdglinkage)."""
_NO_MARKS: Final = str.maketrans(
    {"ł": "l", "Ł": "L", "ø": "o", "Ø": "O", "đ": "d", "Đ": "D", "ı": "i", "ß": "ss"}
)


def key_spots(name: str) -> list[int]:
    """Return where a finger may slip: small letters of the keyboard behind the first sign."""
    return [at for at in range(1, len(name)) if name[at] in _BESIDE] if len(name) > 2 else []


def key_slip(name: str, number: int) -> str:
    """Return the name with one slip of a key: a letter too many, too few or wrong, or two swapped."""
    spots = key_spots(name)
    at = spots[number // 4 % len(spots)]
    beside = _BESIDE[name[at]]
    wrong = beside[number // 1024 % len(beside)]
    if number % 4 == 0:
        return name[: at + 1] + wrong + name[at + 1 :]
    if number % 4 == 1:
        return name[:at] + name[at + 1 :]
    if number % 4 == 2 and name[at + 1 : at + 2] not in ("", name[at]):
        return name[:at] + name[at + 1] + name[at] + name[at + 2 :]
    return name[:at] + wrong + name[at + 1 :]


def misread_spots(name: str) -> list[tuple[int, str, str]]:
    """Return where a machine may misread a name: the place, what stands there and what is read."""
    return [(name.index(old), old, new) for old, new in _MISREAD if old in name]


def misread(name: str, number: int) -> str:
    """Return the name with one sign or two misread by a machine."""
    spots = misread_spots(name)
    at, old, new = spots[number % len(spots)]
    return name[:at] + new + name[at + len(old) :]


def unaccented(name: str) -> str:
    """Return the name with plain letters for those with accents: Zoe for Zoë, Lukasz for Łukasz."""
    if name.isascii():
        return name
    plain = unicodedata.normalize("NFD", name.translate(_NO_MARKS))
    return unicodedata.normalize("NFC", "".join(sign for sign in plain if not unicodedata.combining(sign)))


def can_be_mojibake(name: str) -> bool:
    """Return whether the name has signs that come out wrong, every one of which Windows-1252 has."""
    return not name.isascii() and mojibake(name) not in ("", name)


def mojibake(name: str) -> str:
    """Return UTF-8 taken for Windows-1252: ZoÃ« for Zoë; "" where that has signs which are not defined."""
    try:
        return name.encode("utf-8").decode("cp1252")
    except UnicodeDecodeError:
        return ""


def stray_space(name: str, number: int) -> str:
    """Return the name with a space before it, behind it or inside it: "Mc Donald", "Mary  Jane"."""
    kind = number % 8
    if kind == 0:
        return f" {name}"
    if kind == 1 and " " in name.strip():
        return name.replace(" ", "  ", 1)
    if kind == 1 and name[:2] in ("Mc", "O'"):
        return f"{name[:2]} {name[2:]}"
    return f"{name}{' ' * (1 + (kind == 2))}"
