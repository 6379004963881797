"""Text in which lines mean nothing: one odd byte costs its own piece the reading as UTF-8, not a whole line.

JSON and XML often come as one long line. Read as Windows-1252 whole because of one byte, every accented
letter of the list would be spoilt.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from sharewell.sources.encoding import Decoding


def in_pieces(blocks: Iterable[bytes], decoding: Decoding, sign: bytes) -> Iterator[bytes]:
    """Return blocks that are UTF-8 as they are, others in pieces that end after a sign.

    Each piece with a letter beyond ASCII comes by itself, so that its encoding is judged by itself.
    """
    odd = re.compile(rb"[^%b\n]*[\x80-\xff][^%b\n]*[%b\n]?" % (sign, sign, sign))
    for block in blocks:
        if decoding.charset.startswith("utf-16") or _is_utf8(block):
            yield block
        else:
            yield from _pieces(block, odd)


def _is_utf8(block: bytes) -> bool:
    """Return whether a block is UTF-8; a letter cut in two at its end makes it odd, and costs only time."""
    try:
        block.decode()
    except UnicodeDecodeError:
        return False
    return True


def _pieces(block: bytes, odd: re.Pattern[bytes]) -> Iterator[bytes]:
    at = 0
    for found in odd.finditer(block):
        if at < found.start():
            yield block[at : found.start()]
        yield found[0]
        at = found.end()
    if at < len(block):
        yield block[at:]
