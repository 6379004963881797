"""JSON: one object a line, or one array of objects. Nested objects get dotted names."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final

import pyarrow as pa

from sharewell.sources.aside import Aside
from sharewell.sources.encoding import clean_blocks, decide_charset
from sharewell.sources.formats import Found, read_blocks
from sharewell.sources.headings import header_missing
from sharewell.sources.parquet import same_name
from sharewell.sources.reading import notes_of
from sharewell.sources.rules import column_names, duplicate_name
from sharewell.sources.terms import FileFacts
from sharewell.vocab.errors import FileEmpty, FileUnreadable, Where
from sharewell.vocab.step import Note

_BATCH: Final = 20_000
_WHITE: Final = " \t\r\n\x1a\ufeff"
Flat = dict[str, str | None]


class NameTwice(ValueError):
    """An object has one name twice, so a value would be lost."""


class JsonReading:
    """A JSON file: objects become rows, their union of names the columns."""

    def __init__(self, found: Found) -> None:
        """Decide the encoding and whether it is lines or an array."""
        self._found, self.aside, self.name = found, Aside(), found.path.name
        self._decoding = decide_charset(found.head, self.name)
        self._lines = {"record": 0, "blank": 0, "set_aside": 0}
        self._records, self._columns = 0, tuple[str, ...]()
        self._is_array = _is_array(found.head)

    def rows(self) -> pa.Table:
        """Return the records.

        Raises FileEmpty, FileUnreadable (cut short, or no JSON), HeaderMissing, HeaderDuplicate.
        """
        items = self._array_items() if self._is_array else self._line_items()
        parts = list(_tables(items))
        table = pa.concat_tables(parts, promote_options="default") if parts else None
        if table is None or table.num_columns <= 2:
            raise self._nothing()
        names = column_names(table.column_names[2:])
        if twice := duplicate_name(names):
            raise same_name(twice, self.name)
        self._columns = names
        return table.rename_columns(["source_row", "line", *names])

    def _nothing(self) -> Exception:
        where = Where(file=self.name)
        if len(self.aside):
            return FileUnreadable(
                "No line of the file is a JSON object.", "Ask the sender to export it again.", where
            )
        if self._is_array or self._records:
            return header_missing(self.name)
        return FileEmpty("The file holds nothing but blank lines.", "Ask the sender to send it again.", where)

    def _line_items(self) -> Iterator[tuple[int, int | None, Flat]]:
        for number, line in enumerate(self._text_lines(), 1):
            if not line.strip(_WHITE):
                self._lines["blank"] += 1
                continue
            self._records += 1
            flat = _flat_object(line)
            self._lines["record" if flat is not None else "set_aside"] += 1
            if flat is None:
                self.aside.add(self._records, number, "bad_json", line.rstrip("\r\n"))
            else:
                yield self._records, number, flat

    def _text_lines(self) -> Iterator[str]:
        blocks = read_blocks(self._found.path, self._found.gzipped)
        for block in clean_blocks(blocks, self._decoding, self.name):
            yield from block.decode().replace("\r\n", "\n").replace("\r", "\n").removesuffix("\n").split("\n")

    def _array_items(self) -> Iterator[tuple[int, int | None, Flat]]:
        blocks = read_blocks(self._found.path, self._found.gzipped)
        text = b"".join(clean_blocks(blocks, self._decoding, self.name)).decode()
        try:
            items = _load(text.strip(_WHITE))
            if not isinstance(items, list):
                raise ValueError
        except (ValueError, RecursionError) as error:
            raise self._broken(isinstance(error, NameTwice)) from None
        for item in items:
            self._records += 1
            if isinstance(item, dict):
                yield self._records, None, _flatten(item)
            else:
                self.aside.add(self._records, None, "bad_json", json.dumps(item, ensure_ascii=False))

    def _broken(self, twice: bool) -> FileUnreadable:
        what = (
            "An object in the file has one name twice."
            if twice
            else "The JSON array is damaged or cut short."
        )
        return FileUnreadable(what, "Ask the sender to export it again.", Where(file=self.name))

    def facts(self) -> FileFacts:
        """Return what the file turned out to be."""
        kind = "json" if self._is_array else "jsonl"
        return FileFacts(
            name=self.name,
            sha256=self._found.sha256,
            format=f"{kind}.gz" if self._found.gzipped else kind,
            encoding=self._decoding.found,
            delimiter=None,
            header_line=0,
            columns=self._columns,
            records=self._records,
            lines={} if self._is_array else {fate: count for fate, count in self._lines.items() if count},
        )

    def notes(self) -> tuple[Note, ...]:
        """Return what was odd about the file."""
        return notes_of({"windows_1252": self._decoding.fallen_back, "blank": self._lines["blank"]})


def _is_array(head: bytes) -> bool:
    return head.lstrip(b"\xef\xbb\xbf\xff\xfe\0 \t\r\n").startswith(b"[")


def _load(text: str) -> object:
    found: object = json.loads(text, parse_int=str, parse_float=str, object_pairs_hook=_once)
    return found


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise NameTwice
    return found


def _flat_object(line: str) -> Flat | None:
    try:
        item = _load(line.strip(_WHITE))
    except (ValueError, RecursionError):
        return None
    return _flatten(item) if isinstance(item, dict) else None


def _flatten(item: dict[str, Any], above: str = "") -> Flat:
    flat: Flat = {}
    for name, value in item.items():
        if isinstance(value, dict) and value:
            flat |= _flatten(value, f"{above}{name}.")
        else:
            flat[f"{above}{name}"] = _text(value)
    return flat


def _text(value: object) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    return json.dumps(value, ensure_ascii=False)


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
