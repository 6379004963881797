"""XML lists: one element repeated under one parent is a record; its attributes and children are columns."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

import pyarrow as pa

from sharewell.sources.aside import Aside, raw_schema
from sharewell.sources.encoding import decide_charset
from sharewell.sources.formats import Found
from sharewell.sources.headings import name_columns_of
from sharewell.sources.reading import notes_of, odd_bytes
from sharewell.sources.terms import FileFacts
from sharewell.sources.xml_walk import NIL, Walk
from sharewell.vocab.errors import (
    FileUnreadable,
    HeaderMissing,
    SeveralLists,
    SharewellError,
    UnknownColumn,
    Where,
)
from sharewell.vocab.step import Note

_MOST_PATHS: Final = 20_000
_FAR_MORE: Final = 5
Values = dict[str, list[str | None]]


@dataclass
class Seen:
    """What was seen at one path: how often, how often under one parent, and what stood there."""

    times: int = 0
    most: int = 0
    is_leaf: bool = False
    has_text: bool = False
    is_structured: bool = False


@dataclass
class Survey:
    """The first walk: every path of the file, so that the list is known before it is read."""

    paths: dict[str, Seen] = field(default_factory=dict)
    _siblings: list[Counter[str]] = field(default_factory=lambda: [Counter()])

    def start(self, path: str, attributes: dict[str, str | None], line: int) -> None:
        """Count an element and its attributes."""
        siblings = self._siblings[-1]
        siblings[path] += 1
        seen = self._seen(path)
        seen.times += 1
        seen.most = max(seen.most, siblings[path])
        if len(self._siblings) > 1 and (above := path.rpartition("/")[0]):
            self._seen(above).is_structured = True
        for name in attributes:
            seen.is_structured |= name != NIL
            self._seen(f"{path}/@{name}").is_leaf = name != NIL
        self._siblings.append(Counter())

    def end(self, path: str, text: str) -> None:
        """Note whether the element had children, and text beside them."""
        has_children = bool(self._siblings.pop())
        seen = self._seen(path)
        seen.is_leaf |= not has_children
        seen.has_text |= bool(text.strip())

    def _seen(self, path: str) -> Seen:
        if path not in self.paths:
            if len(self.paths) >= _MOST_PATHS:
                raise _TooMany
            self.paths[path] = Seen()
        return self.paths[path]


class _TooMany(Exception):
    """The file has more kinds of elements than any list has columns."""


def choose_list(paths: dict[str, Seen], wanted: str | None, name: str) -> str:
    """Return the path of the element that is a record.

    Raises SeveralLists when the file has a list within a list, UnknownColumn (no such element).
    """
    elements = {path: seen for path, seen in paths.items() if "@" not in path}
    if wanted is not None:
        found = [path for path in elements if path == wanted or path.rpartition("/")[2] == wanted]
        if len(found) != 1:
            raise UnknownColumn(
                "The file has no such element, or several.",
                "Name its path, such as people/person.",
                Where(name),
            )
        return found[0]
    lists = {path: seen for path, seen in elements.items() if seen.most > 1}
    lists = {path: seen for path, seen in lists.items() if seen.is_structured} or lists
    if not lists:
        return _only_record(elements)
    most = max(lists, key=lambda path: lists[path].most)
    top = min((path for path in lists if f"{most}/".startswith(f"{path}/")), key=len)
    if lists[most].times > lists[top].times * _FAR_MORE and lists[most].is_structured:
        raise SeveralLists(
            f"The file holds a list within a list: {top} and {most}.",
            f"Name the element that is a record, such as --sheet {most}.",
            Where(file=name),
        )
    return top


def _only_record(elements: dict[str, Seen]) -> str:
    """Return the element that is a record where none is repeated: the first that holds values."""
    for path, seen in elements.items():
        children = [elements[other] for other in elements if other.rpartition("/")[0] == path]
        if seen.is_structured and (not children or any(not child.is_structured for child in children)):
            return path
    return next(iter(elements))


def columns_under(paths: dict[str, Seen], record: str) -> dict[str, str]:
    """Return the columns of a list by path below its record: attributes plainly named where no child is.

    A deeper value is named with dots. The record's own text is named for the record.
    """
    below = {
        path.removeprefix(record): seen for path, seen in paths.items() if f"{path}/".startswith(f"{record}/")
    }
    values = [path for path, seen in below.items() if (seen.is_leaf and path) or seen.has_text]
    plain = Counter(_plain(path, record) for path in values)
    return {
        path: _plain(path, record) if plain[_plain(path, record)] == 1 else path[1:].replace("/", ".")
        for path in values
    }


def _plain(path: str, record: str) -> str:
    return path[1:].replace("@", "").replace("/", ".") or record.rpartition("/")[2]


@dataclass
class Gather:
    """The second walk: the values of each record, and of structured elements that stand between records."""

    record: str
    paths: dict[str, Seen]
    ready: list[tuple[int, bool, Values]] = field(default_factory=list)
    outside: int = 0
    _current: Values | None = None
    _root: str = ""
    _line: int = 0

    def start(self, path: str, attributes: dict[str, str | None], line: int) -> None:
        """Begin a record, or take an element's attributes."""
        if self._current is None and self._is_row(path):
            self._current, self._root, self._line = {}, path, line
        if self._current is None:
            self.outside += bool(attributes)
            return
        below = path.removeprefix(self._root)
        for name, value in attributes.items():
            self._current.setdefault(f"{below}/@{name}", []).append(value)

    def end(self, path: str, text: str) -> None:
        """Take an element's text, or end the record."""
        if self._current is None:
            self.outside += bool(text.strip())
            return
        below = path.removeprefix(self._root)
        is_nil = self._current.pop(f"{below}/@{NIL}", None) is not None
        has_below = (
            any(place.startswith(f"{below}/") for place in self._current) if not text.strip() else False
        )
        if text.strip() or (below and not has_below):
            self._current.setdefault(below, []).append(None if is_nil else text)
        if path == self._root:
            self.ready.append((self._line, path == self.record, self._current))
            self._current = None

    def _is_row(self, path: str) -> bool:
        """Return whether an element is a record, or stands among the records with values of its own."""
        if path == self.record:
            return True
        beside = "/" in path and path.rpartition("/")[0] == self.record.rpartition("/")[0]
        return beside and self.paths[path].is_structured


class XmlReading:
    """An XML file: two walks, the second in batches of bounded size."""

    def __init__(self, found: Found) -> None:
        """Walk it once to find the list and its columns. Raises what the walk raises, and HeaderMissing."""
        self._found, self.aside, self.name = found, Aside(), found.path.name
        self.error: SharewellError | None = None
        self._records = 0
        survey = Survey()
        self._walk_through(survey)
        record = choose_list(survey.paths, found.part, self.name)
        places = columns_under(survey.paths, record)
        if not places:
            raise HeaderMissing(
                "The file's elements hold no values.", "Ask the sender to export it again.", Where(self.name)
            )
        self._places = tuple(places)
        self._columns = name_columns_of(tuple(places.values()), self.name)
        self._gather = Gather(record, survey.paths)

    def _walk_through(self, survey: Survey) -> None:
        try:
            for _ in Walk(self._found, decide_charset(self._found.head, self.name), survey).blocks():
                pass
        except _TooMany:
            raise FileUnreadable(
                f"The XML has more than {_MOST_PATHS:,} kinds of elements, which no list has.",
                "Ask the sender for a list: one element a record.",
                Where(file=self.name),
            ) from None

    def rows(self) -> pa.RecordBatchReader:
        """Return the records as a stream. A refusal on the way is kept in ``error``: engines reword it."""
        return pa.RecordBatchReader.from_batches(raw_schema(self._columns), self._carefully())

    def _carefully(self) -> Iterator[pa.RecordBatch]:
        self._decoding = decide_charset(self._found.head, self.name)
        try:
            for _ in Walk(self._found, self._decoding, self._gather).blocks():
                ready, self._gather.ready = self._gather.ready, []
                yield self._batch(ready)
        except SharewellError as error:
            self.error = error
            raise

    def _batch(self, ready: list[tuple[int, bool, Values]]) -> pa.RecordBatch:
        rows: list[tuple[int, int, Values]] = []
        for line, is_record, values in ready:
            self._records += 1
            if is_record:
                rows.append((self._records, line, values))
            else:
                raw = json.dumps({_plain(k, ""): _one(v) for k, v in values.items()}, ensure_ascii=False)
                self.aside.add(self._records, line, "other_element", raw)
        columns = [pa.array([_one(row[2].get(p)) for row in rows], pa.string()) for p in self._places]
        places = [pa.array([row[at] for row in rows], pa.int64()) for at in (0, 1)]
        return pa.record_batch([*places, *columns], schema=raw_schema(self._columns))

    def facts(self) -> FileFacts:
        """Return what the file turned out to be. XML has no lines of its own; its records have."""
        return FileFacts(
            name=self.name,
            sha256=self._found.sha256,
            format=f"xml{self._found.content.wrap}",
            encoding=self._decoding.found,
            delimiter=None,
            header_line=0,
            columns=self._columns,
            records=self._records,
        )

    def notes(self) -> tuple[Note, ...]:
        """Return what was odd about the file, and which element was taken for a record."""
        counts = {**odd_bytes(self._decoding), "outside": self._gather.outside, **Counter(self.aside.reason)}
        told = Note(
            "xml_list", f"Each element '{self._gather.record}' was read as one record.", self._records
        )
        return (told, *notes_of(counts))


def _one(values: list[str | None] | None) -> str | None:
    """Return one value as it is, several as a JSON list."""
    if values is None:
        return None
    return values[0] if len(values) == 1 else json.dumps(values, ensure_ascii=False)
