"""What computers do to letters on the way, undone exactly: wrong encodings, codes for letters, look-alikes.

Nothing here guesses: text counts as misread only where reading it again in the wrong way gives what stands
there, sign for sign.
"""

from __future__ import annotations

import html
import re
from functools import lru_cache
from html.entities import html5
from typing import Final

from sharewell.sources.windows_1252 import from_windows, to_windows

CONTROL: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]")

_ENTITY = re.compile("&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});")
_ESCAPE = re.compile(r"\\[uU]([0-9a-fA-F]{4})")
_WORD = re.compile("[^ ,]+")
_SURROGATES: Final = range(0xD800, 0xE000)
_FULL_WIDTH: Final = {
    code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F) if not chr(code - 0xFEE0).isdigit()
}
_LATIN_OF: Final = dict(
    zip("АВЕКМНОРСТУХІЈЅаеорсухіјѕΑΒΕΖΗΙΚΜΝΟΡΤΥΧο", "ABEKMHOPCTYXIJSaeopcyxijsABEZHIKMNOPTYXo", strict=True)
)
"""Letters of the Cyrillic and Greek alphabets that look like Latin ones, with these."""
_LOOK_ALIKES: Final = str.maketrans(_LATIN_OF)
_FOREIGN = re.compile(f"[{''.join(_LATIN_OF)}]")
_OTHER_LETTER = re.compile("[\u0370-\u052f]")
_LATIN_LETTER = re.compile("[A-Za-zÀ-ɏ]")
_OTHER_CODECS: Final = {"mac_roman": "√¬‚", "cp850": "├┬Ô", "cp437": "├┬Γ"}
"""Wrong encodings besides Windows-1252, each with the signs that stand for the first byte of a letter."""


def misread(text: str) -> str:
    """Return the text as it is seen when its UTF-8 bytes are read as Windows-1252.

    The five bytes that Windows-1252 leaves undefined stand for themselves, as browsers and Excel have it.
    """
    return from_windows(text.encode("utf-8"))


def _seen_as(byte: int) -> str:
    return from_windows(bytes([byte]))


_BYTE_OF: Final = {_seen_as(byte): byte for byte in range(256)}
_MAYBE_MISREAD = re.compile(
    f"[{_seen_as(0xC2)}-{_seen_as(0xF4)}][{re.escape(''.join(map(_seen_as, range(0x80, 0xC0))))}]"
    f"|[{''.join(set(''.join(_OTHER_CODECS.values())))}]"
)
"""Finds the first two bytes of a letter as they are seen when misread: without them nothing was."""
_C1: Final = {code: _seen_as(code) for code in range(0x80, 0xA0) if _seen_as(code) != chr(code)}


def reread(text: str) -> str:
    """Return the text that was misread as Windows-1252 or another encoding, or the text itself when not.

    Only an exact round trip counts: the answer, misread again, gives the value letter for letter. Where the
    text as a whole was not misread, each of its words is looked at alone.
    """
    if not _MAYBE_MISREAD.search(text):
        return text
    whole = _reread(text)
    return whole if whole != text else _WORD.sub(lambda word: _reread(word.group()), text)


def _reread(text: str) -> str:
    if text.isascii():
        return text
    found = _from_windows(text) if all(letter in _BYTE_OF for letter in text) else _from_others(text)
    return text if found is None or CONTROL.search(found) else found


def _from_windows(text: str) -> str | None:
    try:
        found = to_windows(text).decode("utf-8")
    except UnicodeDecodeError:
        return None
    return found if misread(found) == text else None


def _from_others(text: str) -> str | None:
    for codec, signs in _OTHER_CODECS.items():
        if any(sign in text for sign in signs):
            try:
                return text.encode(codec).decode("utf-8")
            except UnicodeError:
                continue
    return None


def from_c1(text: str) -> str:
    """Return the text with control characters 80 to 9F as the Windows-1252 signs that they were."""
    return text if text.isascii() else text.translate(_C1)


def decode_entities(text: str) -> str:
    """Return the text with its closed HTML entities decoded; what is no entity's name is left alone."""
    return _ENTITY.sub(lambda found: _entity(found.group()), text)


def _entity(code: str) -> str:
    return html.unescape(code) if code[1] == "#" or code[1:] in html5 else code


def decode_escapes(text: str) -> str:
    r"""Return the text with escapes such as \u00e9 as the letters that they stand for."""
    return _ESCAPE.sub(lambda found: _escaped(found), text)


def _escaped(found: re.Match[str]) -> str:
    code = int(found[1], 16)
    return found.group() if code in _SURROGATES or code < 0xA0 else chr(code)


def half_width(text: str) -> str:
    """Return the text with full-width letters and signs as ordinary ones; digits have a rule of their own."""
    return text if text.isascii() else text.translate(_FULL_WIDTH)


def latin_letters(text: str) -> str:
    """Return an identifier with Cyrillic and Greek letters as the Latin ones that they look like."""
    return text if text.isascii() else text.translate(_LOOK_ALIKES)


@lru_cache(maxsize=1 << 12)
def latin_words(text: str) -> str:
    """Return the text with look-alikes put right in words that are Latin but for them; other words stay."""
    if text.isascii() or not _FOREIGN.search(text):
        return text
    return re.sub(r"[^\W\d_]+", lambda word: _latin_word(word.group()), text)


def _latin_word(word: str) -> str:
    latin = word.translate(_LOOK_ALIKES)
    is_mixed = _LATIN_LETTER.search(word) and not _OTHER_LETTER.search(latin)
    return latin if is_mixed else word
