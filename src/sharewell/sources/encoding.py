"""From a file's bytes to clean UTF-8, one block of whole lines at a time.

Detectors that guess from statistics call Windows-1252 text Polish and miss a file with one odd line, so the
rule is fixed: a byte order mark; the NUL pattern of UTF-16; strict UTF-8; and only for lines that are not,
Windows-1252, its five undefined bytes read as Latin-1 (WHATWG Encoding Standard, windows-1252).
"""

from __future__ import annotations

import codecs
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np
import pyarrow as pa

from sharewell.sources.nuls import end_with_nuls, nuls_of
from sharewell.sources.raw_lines import RawLines
from sharewell.sources.windows_1252 import HOLES, from_windows
from sharewell.vocab.errors import EncodingUnknown, FileTooLarge, FileUnreadable, Where

_UTF16: Final = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
LONGEST_LINE: Final = 256 << 20
"""Bytes that one line may have: more is no list, and would have to be held in memory whole."""

_LONG_WITH_NULS: Final = 1 << 20
"""Bytes from which an unfinished line loses its NUL bytes at once: no hole in a file may fill the memory."""

_WHITE: Final = b"\t\n\x0b\x0c\r"


class Charset(StrEnum):
    """How a file's bytes stand for letters. ``MIXED`` files are UTF-8 with some Windows-1252 lines."""

    UTF_8 = "utf-8"
    UTF_8_BOM = "utf-8-sig"
    UTF_16_LE = "utf-16-le"
    UTF_16_BE = "utf-16-be"
    WINDOWS_1252 = "windows-1252"
    MIXED = "utf-8 and windows-1252"


@dataclass
class Decoding:
    """What decoding met: filled in while the blocks go by, complete when they have all gone by.

    ``fallen_back`` counts lines read as Windows-1252, ``undefined`` those of them with a byte that has no
    meaning there, ``nuls`` the NUL bytes dropped, ``lines`` the physical lines. ``raw`` has which lines these
    were, where that is wanted.
    """

    charset: Charset
    skip: int = 0
    fallen_back: int = 0
    undefined: int = 0
    nuls: int = 0
    lines: int = 0
    beyond_ascii: bool = False
    raw: RawLines | None = None

    def note_lines(self) -> RawLines:
        """Have the lines noted that are read otherwise than they stand, and return where."""
        self.raw = RawLines(self.charset.value if self.charset.startswith("utf-16") else "utf-8")
        return self.raw

    @property
    def found(self) -> str:
        """Return the encoding as it turned out, for people."""
        if not self.fallen_back:
            return self.charset.value
        return (Charset.MIXED if self.beyond_ascii else Charset.WINDOWS_1252).value


def decide_charset(head: bytes, name: str) -> Decoding:
    """Decide from a file's first bytes (up to a megabyte) how to read it.

    Raises FileUnreadable when it is no text, EncodingUnknown when it is text in an encoding we do not read.
    """
    if head.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        raise _unknown_encoding(name)
    if head.startswith(codecs.BOM_UTF8):
        return Decoding(Charset.UTF_8_BOM, skip=3)
    if head[:2] in _UTF16:
        return Decoding(Charset(_UTF16[head[:2]]), skip=2)
    counts = np.bincount(np.frombuffer(head, np.uint8), minlength=256)
    if counts[0] and len(head) > 1 and (charset := _utf16_by_nuls(head)):
        return Decoding(charset)
    _refuse_what_is_not_text(counts, len(head), _is_utf8(head), name)
    return Decoding(Charset.UTF_8)


def _is_utf8(head: bytes) -> bool:
    try:
        codecs.getincrementaldecoder("utf-8")("strict").decode(head, final=False)
    except UnicodeDecodeError:
        return False
    return True


def _utf16_by_nuls(head: bytes) -> Charset | None:
    units = np.frombuffer(head[: min(len(head), 65536) // 2 * 2], np.uint8).reshape(-1, 2) == 0
    low, high = units.mean(axis=0)
    if high >= 0.4 and low <= 0.05:
        return Charset.UTF_16_LE
    if low >= 0.4 and high <= 0.05:
        return Charset.UTF_16_BE
    return None


def _refuse_what_is_not_text(counts: np.ndarray, size: int, utf8: bool, name: str) -> None:
    controls = int(counts[1:32].sum()) - sum(int(counts[byte]) for byte in _WHITE)
    nuls, high = int(counts[0]), int(counts[128:].sum())
    if nuls > size * 0.2 or controls > size * 0.06:
        raise FileUnreadable(
            "The file holds binary data, not a table in text.",
            "Ask the sender to export it again as CSV (UTF-8) or as an Excel workbook.",
            Where(file=name),
        )
    if not utf8 and high > size * 0.3:
        raise _unknown_encoding(name)


def _unknown_encoding(name: str) -> EncodingUnknown:
    return EncodingUnknown(
        "The text is in an encoding that sharewell does not read.",
        "Ask the sender to save it again as CSV UTF-8, then run again.",
        Where(file=name),
    )


def clean_blocks(
    blocks: Iterable[bytes], state: Decoding, name: str, *, cut_after: bytes = b""
) -> Iterator[bytes]:
    """Return the file's bytes as clean UTF-8 in blocks of whole lines; only the last may lack a line end.

    NUL bytes are dropped (except where UTF-16 needs them). ``state`` is filled in on the way. ``cut_after``
    names a sign after which a block may also end, for formats in which lines mean nothing.
    Raises EncodingUnknown when UTF-16 turns out not to be, FileTooLarge when a line never ends.
    """
    text = _utf16_as_utf8(blocks, state, name) if state.charset.startswith("utf-16") else blocks
    rest, skip = b"", state.skip if state.charset is Charset.UTF_8_BOM else 0
    for block in text:
        whole, rest = _cut(rest + block[skip:], cut_after)
        skip = 0
        if whole:
            yield _clean(_without_nuls(whole, state), state)
        if len(rest) > _LONG_WITH_NULS:
            rest = _spoilt(rest, state)
        if len(rest) > LONGEST_LINE:
            raise _endless_line(state.lines + 1, name)
    if rest := _without_nuls(rest, state):
        last = _clean(rest, state)
        state.lines += not rest.endswith((b"\n", b"\r"))
        yield last


def _endless_line(line: int, name: str) -> FileTooLarge:
    return FileTooLarge(
        f"Line {line} is longer than {LONGEST_LINE >> 20} MB, which no record is.",
        "Ask the sender to export the list again with one record a line.",
        Where(file=name),
    )


def _without_nuls(block: bytes, state: Decoding) -> bytes:
    clean = block.replace(b"\0", b"") if b"\0" in block else block
    state.nuls += len(block) - len(clean)
    if state.raw is not None:
        state.raw.add_nuls(state.lines, block, clean)
    return clean


def _spoilt(rest: bytes, state: Decoding) -> bytes:
    """Return an unfinished line without its NUL bytes."""
    clean = rest.replace(b"\0", b"") if b"\0" in rest else rest
    state.nuls += len(rest) - len(clean)
    if state.raw is not None and clean is not rest:
        state.raw.spoil()
    return clean


def _cut(block: bytes, cut_after: bytes) -> tuple[bytes, bytes]:
    """Return the whole lines of a block and the rest, told apart as if it held no NUL bytes."""
    at = _last_end(block.replace(b"\0", b"") if b"\0" in block else block, cut_after)
    if at and b"\0" in block:
        at = end_with_nuls(at, nuls_of(block))
    return block[:at], block[at:]


def _last_end(block: bytes, cut_after: bytes) -> int:
    at = block.rfind(b"\n") + 1 or block.rfind(b"\r", 0, len(block) - 1) + 1
    if cut_after and not at:
        at = block.rfind(cut_after) + 1
    return at


def _utf16_as_utf8(blocks: Iterable[bytes], state: Decoding, name: str) -> Iterator[bytes]:
    decoder = codecs.getincrementaldecoder(state.charset.value)("strict")
    skip = state.skip
    try:
        for block in blocks:
            yield decoder.decode(block[skip:]).encode()
            skip = 0
        yield decoder.decode(b"", final=True).encode()
    except UnicodeError:
        raise _unknown_encoding(name) from None


def _clean(block: bytes, state: Decoding) -> bytes:
    before = state.lines
    state.lines += _line_ends(block)
    if block.isascii():
        return block
    if not _is_valid(block):
        lines = enumerate(block.splitlines(keepends=True), before + 1)
        return b"".join([_clean_line(line, number, state) for number, line in lines])
    state.beyond_ascii = True
    return block


def _clean_line(line: bytes, number: int, state: Decoding) -> bytes:
    if line.isascii():
        return line
    try:
        line.decode()
    except UnicodeDecodeError:
        return _as_windows(line, number, state)
    state.beyond_ascii = True
    return line


def _line_ends(block: bytes) -> int:
    signs = np.frombuffer(block, np.uint8)
    feeds = signs == ord("\n")
    ends = int(np.count_nonzero(feeds))
    if b"\r" in block:
        returns = signs == ord("\r")
        ends += int(np.count_nonzero(returns)) - int(np.count_nonzero(returns[:-1] & feeds[1:]))
    return ends


def _is_valid(block: bytes) -> bool:
    """Return whether a block is UTF-8: Arrow's check is twenty times as fast as decoding."""
    offsets = pa.py_buffer(np.array([0, len(block)], np.int64).tobytes())
    try:
        pa.LargeStringArray.from_buffers(1, offsets, pa.py_buffer(block)).validate(full=True)
    except pa.ArrowInvalid:
        return False
    return True


def _as_windows(line: bytes, number: int, state: Decoding) -> bytes:
    state.fallen_back += 1
    state.undefined += any(byte in line for byte in HOLES)
    if state.raw is not None:
        state.raw.add_windows(number)
    return from_windows(line).encode()
