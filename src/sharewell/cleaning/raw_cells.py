"""The cells of one record's own bytes: split where reading split its text, NUL bytes left in their cells."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from sharewell.sources.windows_1252 import from_windows


def raw_cells(raw: bytes, delimiter: str, encoding: str, *, is_spaced: bool = False) -> list[bytes]:
    """Return a record's cells without their quotation marks. ``is_spaced`` lets spaces stand before one."""
    letters = "latin-1" if encoding == "utf-8" else encoding
    text = raw.decode(letters)
    places = [place for place, sign in enumerate(text) if sign != "\0"]
    clean = text.replace("\0", "")
    cells = []
    for start, stop, is_quoted in _spans(clean, delimiter, is_spaced):
        begin = places[start - 1] + 1 if start else 0
        cell = text[begin : places[stop] if stop < len(places) else len(text)]
        cells.append((re.sub('"(\0*)"', r'"\1', cell) if is_quoted else cell).encode(letters))
    return cells


def _spans(text: str, delimiter: str, is_spaced: bool) -> Iterator[tuple[int, int, bool]]:
    """Return where each cell begins and ends, and whether in quotation marks, as ``split_cells`` splits."""
    at = 0
    while True:
        start = at
        while is_spaced and text[start : start + 1] == " ":
            start += 1
        if found := _quoted(delimiter).match(text, start):
            at = found.end()
            yield start + 1, at - 1, True
        else:
            end = text.find(delimiter, at)
            start, at = at, len(text) if end < 0 else end
            yield start, at, False
        if at >= len(text):
            return
        at += 1
        if at == len(text):
            yield at, at, False
            return


@lru_cache(maxsize=8)
def _quoted(delimiter: str) -> re.Pattern[str]:
    sign = re.escape(delimiter)
    return re.compile(f'"(?:[^"]|""|"(?=[^"{sign}]))*+"(?=[{sign}]|\\Z)')


def joined_again(
    cells: list[bytes], texts: Sequence[str | None], delimiter: str, encoding: str
) -> list[bytes]:
    """Return cells with those joined that a delimiter split, so that each is as its text says; else none.

    ``texts`` holds the text of each column, None where it is not known.
    """
    spare = len(cells) - len(texts)
    sign = delimiter.encode(encoding)
    for place in range(len(texts)):
        joined = sign.join(cells[place : place + spare + 1])
        way = [*cells[:place], joined, *cells[place + spare + 1 :]]
        told = zip(way, texts, strict=True)
        if all(text is None or text in _readings(cell, encoding) for cell, text in told):
            return way
    return []


def _readings(cell: bytes, encoding: str) -> tuple[str, ...]:
    if encoding == "utf-8":
        clean = cell.replace(b"\0", b"")
        return clean.decode("utf-8", "replace"), from_windows(clean)
    return (cell.decode(encoding).replace("\0", ""),)
