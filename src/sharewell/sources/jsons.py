"""JSON: one object a line, one array of objects, or such a list under a key."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import pyarrow as pa

from sharewell.sources.aside import Aside
from sharewell.sources.encoding import clean_blocks, decide_charset
from sharewell.sources.formats import Found
from sharewell.sources.headings import header_missing
from sharewell.sources.json_feed import DECODER, WHITE, Feed, NameTwice, TooLong, as_json, items_under, survey
from sharewell.sources.parquet import same_name
from sharewell.sources.reading import notes_of
from sharewell.sources.rules import column_names, duplicate_name
from sharewell.sources.terms import FileFacts
from sharewell.vocab.errors import FileEmpty, FileTooLarge, FileUnreadable, SeveralLists, UnknownColumn, Where
from sharewell.vocab.step import Note

_BATCH: Final = 20_000
_HEAD: Final = 1 << 16
Flat = dict[str, str | None]
Item = tuple[int, int | None, Flat]


class JsonReading:
    """A JSON file: objects become rows, their union of names the columns."""

    def __init__(self, found: Found) -> None:
        """Decide the encoding and whether it is lines, an array or a document with a list in it."""
        self._found, self.aside, self.name = found, Aside(), found.path.name
        self._decoding = decide_charset(found.head, self.name)
        self._lines = {"record": 0, "blank": 0, "set_aside": 0}
        self._records, self._columns = 0, tuple[str, ...]()
        self._is_array = _starts_with(found.head, b"[")
        self._key: str | None = None
        self._is_document = not self._is_array and self._looks_like_a_document()

    def rows(self) -> pa.Table:
        """Return the records.

        Raises FileEmpty, FileUnreadable (cut short, or no JSON), FileTooLarge, HeaderMissing,
        HeaderDuplicate, SeveralLists, UnknownColumn (no such key).
        """
        parts = list(_tables(self._line_items() if self._is_lines else self._listed_items()))
        table = pa.concat_tables(parts, promote_options="default") if parts else None
        if table is None or table.num_columns <= 2:
            raise self._nothing()
        names = column_names(table.column_names[2:])
        if twice := duplicate_name(names):
            raise same_name(twice, self.name)
        self._columns = names
        return table.rename_columns(["source_row", "line", *names])

    @property
    def _is_lines(self) -> bool:
        return not (self._is_array or self._is_document)

    @property
    def _where(self) -> Where:
        return Where(file=self.name)

    def _nothing(self) -> Exception:
        if len(self.aside):
            return FileUnreadable(
                "No line of the file is a JSON object.", "Ask the sender to export it again.", self._where
            )
        if self._is_array or self._records:
            return header_missing(self.name)
        return FileEmpty(
            "The file holds nothing but blank lines.", "Ask the sender to send it again.", self._where
        )

    def _looks_like_a_document(self) -> bool:
        """Return whether the file is one object over all its lines, rather than one object a line."""
        if not _starts_with(self._found.head, b"{"):
            return False
        lines = [line for line in self._head_lines() if line.strip(WHITE)]
        if len(lines) == 1:
            return True
        return _object(lines[0]) is None and _object(lines[1]) is None

    def _head_lines(self) -> list[str]:
        decoding = decide_charset(self._found.head, self.name)
        text = b"".join(clean_blocks([self._found.head[:_HEAD]], decoding, self.name)).decode()
        return text.replace("\r", "\n").split("\n")

    def _line_items(self) -> Iterator[Item]:
        for number, line in enumerate(self._text_lines(), 1):
            if not line.strip(WHITE):
                self._lines["blank"] += 1
                continue
            self._records += 1
            flat = _object(line)
            self._lines["record" if flat is not None else "set_aside"] += 1
            if flat is None:
                self.aside.add(self._records, number, "bad_json", line.rstrip("\r\n"))
            else:
                yield self._records, number, flat

    def _text_lines(self) -> Iterator[str]:
        for block in clean_blocks(self._found.blocks(), self._decoding, self.name):
            yield from block.decode().replace("\r\n", "\n").replace("\r", "\n").removesuffix("\n").split("\n")

    def _feed(self) -> Feed:
        self._decoding = decide_charset(self._found.head, self.name)
        blocks = clean_blocks(self._found.blocks(), self._decoding, self.name, cut_after=b",")
        return Feed(block.decode() for block in blocks)

    def _listed_items(self) -> Iterator[Item]:
        try:
            yield from self._numbered(self._values())
        except TooLong:
            raise FileTooLarge(
                "One item of the JSON is longer than any record.",
                "Ask the sender to export it again.",
                self._where,
            ) from None
        except (ValueError, RecursionError) as error:
            raise self._broken(isinstance(error, NameTwice)) from None

    def _values(self) -> Iterator[Any]:
        if self._is_document:
            self._key = self._choose_key()
        feed = self._feed()
        if self._is_array:
            yield from feed.items()
        elif self._key is None:
            yield feed.value()
        else:
            yield from items_under(feed, self._key)
        if feed.peek():
            raise ValueError("more than one document")

    def _choose_key(self) -> str | None:
        lists, wanted = survey(self._feed()), self._found.part
        if wanted is not None and wanted not in lists:
            raise UnknownColumn(
                f"The file has no list '{wanted}'. Its lists are: {', '.join(lists) or 'none'}.",
                "Name one of these, or none.",
                self._where,
            )
        if wanted is None and len(lists) > 1:
            raise SeveralLists(
                f"The file holds several lists: {', '.join(list(lists)[:20])}.",
                f"Name the one to read, such as --sheet '{next(iter(lists))}'.",
                self._where,
            )
        return wanted or next(iter(lists), None)

    def _numbered(self, values: Iterator[Any]) -> Iterator[Item]:
        for item in values:
            self._records += 1
            flat = _whole_flat(item)
            if flat is not None:
                yield self._records, None, flat
            else:
                raw = as_json(item).encode("utf-8", "backslashreplace").decode()
                self.aside.add(self._records, None, "bad_json", raw)

    def _broken(self, twice: bool) -> FileUnreadable:
        what = "An object in the file has one name twice." if twice else "The JSON is damaged or cut short."
        return FileUnreadable(what, "Ask the sender to export it again.", self._where)

    def facts(self) -> FileFacts:
        """Return what the file turned out to be."""
        return FileFacts(
            name=self.name,
            sha256=self._found.sha256,
            format=f"{'jsonl' if self._is_lines else 'json'}{self._found.content.wrap}",
            encoding=self._decoding.found,
            delimiter=None,
            header_line=0,
            columns=self._columns,
            records=self._records,
            lines={fate: count for fate, count in self._lines.items() if count and self._is_lines},
        )

    def notes(self) -> tuple[Note, ...]:
        """Return what was odd about the file, and where in it the list was."""
        text = f"The list under '{self._key}' was read; what stands beside it was left out."
        note = (Note("json_list", text, self._records),) if self._key else ()
        counts = {"windows_1252": self._decoding.fallen_back, "blank": self._lines["blank"]}
        return (*note, *notes_of({**counts, "bad_json": len(self.aside)}))


def _starts_with(head: bytes, sign: bytes) -> bool:
    return head.lstrip(b"\xef\xbb\xbf\xff\xfe\0 \t\r\n").startswith(sign)


def _object(line: str) -> Flat | None:
    """Return a line's object as columns, or None where it is no object."""
    try:
        item = DECODER.decode(line.strip(WHITE))
        return _whole_flat(item)
    except (ValueError, RecursionError):
        return None


def _whole_flat(item: object) -> Flat | None:
    """Return an object as columns, or None where it is no object or half a letter is in it."""
    if not isinstance(item, dict):
        return None
    flat = _flatten(item)
    try:
        "".join([*flat, *filter(None, flat.values())]).encode()
    except UnicodeEncodeError:  # an escape such as \\ud800 names half of a pair of units
        return None
    return flat


def _flatten(item: dict[str, Any]) -> Flat:
    """Name the values of an object's objects with dots, one level deep; what lies deeper stays JSON."""
    pairs: list[tuple[str, str | None]] = []
    for name, value in item.items():
        if isinstance(value, dict) and value:
            pairs += [(f"{name}.{below}", _text(inner)) for below, inner in value.items()]
        else:
            pairs.append((name, _text(value)))
    flat = dict(pairs)
    if len(flat) != len(pairs):
        raise NameTwice
    return flat


def _text(value: object) -> str | None:
    if value is None:
        return None
    return str(value) if isinstance(value, str) else as_json(value)


def _tables(items: Iterator[tuple[int, int | None, Flat]]) -> Iterator[pa.Table]:
    rows: list[tuple[int, int | None, Flat]] = []
    for item in items:
        rows.append(item)
        if len(rows) == _BATCH:
            yield _table(rows)
            rows = []
    if rows:
        yield _table(rows)


def _table(rows: list[tuple[int, int | None, Flat]]) -> pa.Table:
    names = list(dict.fromkeys(name for _, _, flat in rows for name in flat))
    columns = [pa.array([flat.get(name) for _, _, flat in rows], pa.string()) for name in names]
    places = [pa.array([row[place] for row in rows], pa.int64()) for place in (0, 1)]
    return pa.table([*places, *columns], names=["source_row", "line", *names])
