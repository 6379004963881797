"""Windows-1252 both ways, its five undefined bytes as Latin-1, so that 256 bytes are 256 letters."""

from __future__ import annotations

import codecs
from typing import Final

HOLES: Final = bytes((0x81, 0x8D, 0x8F, 0x90, 0x9D))
"""The bytes that Windows-1252 leaves undefined (WHATWG Encoding Standard)."""

_LETTERS: Final = "".join(
    chr(byte) if byte in HOLES else bytes([byte]).decode("cp1252") for byte in range(256)
)
_BYTES: Final = codecs.charmap_build(_LETTERS)


def from_windows(line: bytes) -> str:
    """Return the text that bytes stand for; any bytes stand for some."""
    return codecs.charmap_decode(line, "strict", _LETTERS)[0]


def to_windows(text: str) -> bytes:
    """Return the bytes that were read as this text. Raises UnicodeEncodeError for letters that none give."""
    return codecs.charmap_encode(text, "strict", _BYTES)[0]
