"""A stream inside an OLE2 compound file: what .xls files are wrapped in ([MS-CFB])."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from typing import IO, Final

_HEADER: Final = struct.Struct("<30xHH14xI8xI4xI")
_ENTRY: Final = struct.Struct("<64sHBxIII16x4x16xIQ")
_END: Final = 0xFFFFFFF0
"""Sector numbers from here on are signs, not sectors."""

_SMALL: Final = 4096
_MOST: Final = 256 << 20
_MOST_STREAMS: Final = 8
_TABLES_TO_SPARE: Final = 109
"""As many tables as the file's head has room for may be told beyond those that its sectors need."""

_STREAM, _ROOT = 2, 5


class NotOle(ValueError):
    """The file is no compound file, or a damaged one."""


class RunsAway(NotOle):
    """The file's sectors run in a circle, or are more than it has room for: some readers never come back."""


class _Container:
    """The sectors of a compound file and the chains that they form."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        head = self._at(0, 512)
        if len(head) < 512:
            raise NotOle
        large, small, self._directory, small_table, more_tables = _HEADER.unpack_from(head)
        if not (7 <= large <= 16 and 4 <= small <= 12):
            raise NotOle
        self._size, self._small_size = 1 << large, 1 << small
        self._tables = self._all_tables(head, more_tables)
        self._small_chain = self._numbers(small_table)

    def _at(self, place: int, size: int) -> bytes:
        self._file.seek(place)
        return self._file.read(size)

    def _sector(self, number: int) -> bytes:
        return self._at((number + 1) * self._size, self._size)

    def _all_tables(self, head: bytes, more: int) -> list[int]:
        """Return the table of all sectors: which one follows each."""
        places = list(struct.unpack_from("<109I", head, 76))
        seen = set[int]()
        while more < _END:
            if more in seen:
                raise RunsAway
            seen.add(more)
            *listed, more = self._numbers_in(more)
            places += listed
        places = [place for place in places if place < _END]
        if len(places) > self._file.seek(0, 2) // self._size // (self._size // 4) + _TABLES_TO_SPARE:
            raise RunsAway
        return [number for place in places for number in self._numbers_in(place)]

    def _numbers_in(self, sector: int) -> tuple[int, ...]:
        return struct.unpack(f"<{self._size // 4}I", self._sector(sector).ljust(self._size, b"\xff"))

    def _chain(self, start: int, table: Sequence[int]) -> Iterator[int]:
        steps = 0
        while start < _END:
            if start >= len(table):
                raise NotOle
            if steps > len(table):
                raise RunsAway
            yield start
            start, steps = table[start], steps + 1

    def _numbers(self, start: int) -> list[int]:
        content = b"".join(map(self._sector, self._chain(start, self._tables)))
        return list(struct.unpack(f"<{len(content) // 4}I", content[: len(content) // 4 * 4]))

    def entries(self) -> Iterator[tuple[str, int, int, int]]:
        """Return what the directory holds: name, kind, first sector and size."""
        for number in self._chain(self._directory, self._tables):
            sector = self._sector(number)
            for at in range(0, len(sector) - 127, 128):
                name, length, kind, _, _, _, start, size = _ENTRY.unpack_from(sector, at)
                yield (
                    name[: max(length - 2, 0)].decode("utf-16-le", "replace"),
                    kind,
                    start,
                    size & 0xFFFFFFFF,
                )

    def follow(self, entry: tuple[str, int, int, int]) -> None:
        """Follow an entry's sectors to their end. Raises RunsAway, NotOle."""
        _, kind, start, size = entry
        is_small = kind == _STREAM and size < _SMALL
        for _ in self._chain(start, self._small_chain if is_small else self._tables):
            pass

    def stream(self, start: int, size: int, root: tuple[int, int]) -> bytes:
        """Return a stream's bytes; small ones lie inside the root's."""
        if size > _MOST:
            raise NotOle
        if size >= _SMALL:
            return b"".join(map(self._sector, self._chain(start, self._tables)))[:size]
        inside = b"".join(map(self._sector, self._chain(root[0], self._tables)))
        step = self._small_size
        parts = (inside[at * step : (at + 1) * step] for at in self._chain(start, self._small_chain))
        return b"".join(parts)[:size]


def runs_away(file: IO[bytes], names: Sequence[str]) -> bool:
    """Return whether a reader that follows the sectors of these streams would never come to an end."""
    try:
        container = _Container(file)
        entries = list(container.entries())
        wanted = {name.casefold() for name in names}
        streams = [entry for entry in entries if entry[1] == _STREAM and entry[0].casefold() in wanted]
        for entry in (*entries[:1], *streams[:_MOST_STREAMS]):
            container.follow(entry)
    except RunsAway:
        return True
    except (NotOle, struct.error):
        return False
    return len(streams) > _MOST_STREAMS


def read_stream(file: IO[bytes], names: Sequence[str]) -> bytes:
    """Return the first stream of one of these names. Raises NotOle when there is none, or it is damaged."""
    container = _Container(file)
    entries = list(container.entries())
    root = next(((start, size) for _, kind, start, size in entries if kind == _ROOT), (_END, 0))
    for name in names:
        for there, kind, start, size in entries:
            if kind == _STREAM and there.casefold() == name.casefold():
                return container.stream(start, size, root)
    raise NotOle
