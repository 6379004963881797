"""XML lists: one element repeated under one parent is a record; its attributes and children are columns."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

import pyarrow as pa

from sharewell.sources.aside import Aside, raw_schema
from sharewell.sources.batches import Row, in_batches
from sharewell.sources.encoding import decide_charset
from sharewell.sources.formats import Found
from sharewell.sources.headings import name_columns_of
from sharewell.sources.line_account import LineFate
from sharewell.sources.reading import notes_of, odd_bytes
from sharewell.sources.terms import FileFacts
from sharewell.sources.xml_survey import (
    MOST_PATHS,
    Seen,
    Survey,
    TooManyPaths,
    choose_list,
    columns_under,
    other_lists,
    plain_list,
)
from sharewell.sources.xml_visitor import NIL
from sharewell.sources.xml_walk import Walk
from sharewell.vocab.errors import FileUnreadable, HeaderMissing, SharewellError, Where
from sharewell.vocab.step import Note

Values = dict[str, list[str | None]]


@dataclass(frozen=True)
class Ready:
    """An item that has ended: its line, and its values or, where it is damaged, its text and the fault."""

    line: int
    values: Values
    raw: str = ""
    fault: str = ""


@dataclass
class Gather:
    """The second walk: the values of each record, and of structured elements that stand between records."""

    path: str
    paths: dict[str, Seen]
    ready: list[Ready] = field(default_factory=list)
    outside: int = 0
    _current: Values | None = None
    _root: str = ""
    _line: int = 0

    def start(self, path: str, attributes: dict[str, str | None], line: int) -> None:
        """Begin a record, or take an element's attributes."""
        if self._current is None and self.fate(path) is not None:
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
            fault = "" if path == self.path else "other_element"
            self.ready.append(Ready(self._line, self._current, fault=fault))
            self._current = None

    def fate(self, path: str) -> LineFate | None:
        """Return whether an element is a record, or stands among the records with values of its own."""
        if path == self.path:
            return LineFate.RECORD
        beside = "/" in path and path.rpartition("/")[0] == self.path.rpartition("/")[0]
        seen = self.paths.get(path)
        return LineFate.SET_ASIDE if beside and seen and seen.is_structured else None

    def record(self) -> str | None:
        """Return the path of the records."""
        return self.path

    def damaged(self, raw: str, line: int, fault: str) -> None:
        """Take a damaged item as its text."""
        self.ready.append(Ready(line, {}, raw, fault))

    def resume(self, depth: int) -> None:
        """Drop the item that was begun."""
        self._current = None


class XmlReading:
    """An XML file: two walks, the second in batches of bounded size."""

    def __init__(self, found: Found) -> None:
        """Walk it once to find the list and its columns. Raises what the walk raises, and HeaderMissing."""
        self._found, self.aside, self.name = found, Aside(), found.path.name
        self.error: SharewellError | None = None
        self._records = 0
        survey, walk = self._survey(None)
        if walk.is_damaged or walk.is_cut:
            record = plain_list(survey.paths, found.part, self.name) or ""
            if not record or survey.guess not in (None, record):
                raise self._damaged()
            survey, walk = self._survey(record)
        else:
            record = choose_list(survey.paths, found.part, self.name)
        places = columns_under(survey.paths, record)
        if not places:
            raise self._damaged() if walk.is_damaged or walk.is_cut else self._no_values()
        self._places = tuple(places)
        self._columns = name_columns_of(tuple(places.values()), self.name)
        self._gather = Gather(record, survey.paths)
        self._walk = walk

    def _damaged(self) -> FileUnreadable:
        what = "The XML is damaged or cut short before a record is whole."
        return FileUnreadable(what, "Ask the sender to export it again.", Where(self.name))

    def _no_values(self) -> HeaderMissing:
        what = "The file's elements hold no values."
        return HeaderMissing(what, "Ask the sender to export it again.", Where(self.name))

    def _survey(self, record: str | None) -> tuple[Survey, Walk]:
        survey = Survey(self._found.part, self.name, record)
        walk = Walk(self._found, decide_charset(self._found.head, self.name), survey)
        try:
            for _ in walk.blocks():
                pass
        except TooManyPaths:
            raise FileUnreadable(
                f"The XML has more than {MOST_PATHS:,} kinds of elements, which no list has.",
                "Ask the sender for a list: one element a record.",
                Where(file=self.name),
            ) from None
        return survey, walk

    def rows(self) -> pa.RecordBatchReader:
        """Return the records as a stream. A refusal on the way is kept in ``error``: engines reword it."""
        return pa.RecordBatchReader.from_batches(raw_schema(self._columns), self._carefully())

    def _carefully(self) -> Iterator[pa.RecordBatch]:
        self._decoding = decide_charset(self._found.head, self.name)
        self._walk = Walk(self._found, self._decoding, self._gather)
        try:
            yield from in_batches(self._kept(), self._places, raw_schema(self._columns))
        except SharewellError as error:
            self.error = error
            raise

    def _kept(self) -> Iterator[Row]:
        """Return the records with their places; set the other items aside."""
        for _ in self._walk.blocks():
            ready, self._gather.ready = self._gather.ready, []
            for item in ready:
                self._records += 1
                if item.fault:
                    self.aside.add(self._records, item.line, item.fault, _raw(item))
                else:
                    yield self._records, item.line, {place: _one(item.values[place]) for place in item.values}

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
            lines=self._walk.account.named(),
        )

    def notes(self) -> tuple[Note, ...]:
        """Return what was odd about the file, and which element was taken for a record."""
        gather = self._gather
        counts = {**odd_bytes(self._decoding), "outside": gather.outside, **Counter(self.aside.reason)}
        told = Note("xml_list", f"Each element '{gather.path}' was read as one record.", self._records)
        return (told, *self._notes_of_the_rest(), *notes_of(counts))

    def _notes_of_the_rest(self) -> Iterator[Note]:
        if others := other_lists(self._gather.paths, self._gather.path):
            names = ", ".join(f"'{path}'" for path in others[:20])
            yield Note("other_lists", f"Other lists in the file were not read: {names}.", len(others))
        if damaged := sum(reason == "bad_xml" for reason in self.aside.reason):
            yield Note("bad_xml", "Records that are not well-formed XML were set aside.", damaged)
        if self._walk.is_cut:
            yield Note(
                "cut_short",
                "The file breaks off before its list ends; what came before was read. "
                "Ask the sender whether more records were meant to come.",
            )


def _raw(item: Ready) -> str:
    """Return a damaged item's text, or the values of one that is no record."""
    if item.raw:
        return item.raw
    return json.dumps({_plain(k): _one(v) for k, v in item.values.items()}, ensure_ascii=False)


def _plain(place: str) -> str:
    return place[1:].replace("@", "").replace("/", ".")


def _one(values: list[str | None] | None) -> str | None:
    """Return one value as it is, several as a JSON list."""
    if values is None:
        return None
    return values[0] if len(values) == 1 else json.dumps(values, ensure_ascii=False)
