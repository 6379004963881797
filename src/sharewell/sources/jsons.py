"""JSON: one object a line, one array of objects, or such a list under a key. Read twice, never held whole.

The first look finds the list and its names, the second gives its objects in batches of bounded size.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum
from typing import Final

import pyarrow as pa

from sharewell.sources.aside import Aside, raw_schema
from sharewell.sources.batches import in_batches
from sharewell.sources.encoding import clean_blocks, decide_charset
from sharewell.sources.formats import Found
from sharewell.sources.headings import header_missing
from sharewell.sources.json_feed import Feed, Item, NameTwice, TooLong
from sharewell.sources.json_lines import are_lines, line_items
from sharewell.sources.json_lists import (
    MOST_NAMES,
    ByColumn,
    Flat,
    Names,
    SeveralDocuments,
    TooManyNames,
    items_under,
    nothing_left,
    refuse_columns,
    survey,
    whole_flat,
)
from sharewell.sources.json_resync import FARTHEST, Lost
from sharewell.sources.line_account import WHITE, LineAccount, LineFate, plain_ends
from sharewell.sources.one_line import in_pieces
from sharewell.sources.parquet import same_name
from sharewell.sources.reading import notes_of, odd_bytes
from sharewell.sources.rules import column_names, duplicate_name
from sharewell.sources.terms import FileFacts
from sharewell.vocab.errors import (
    FileEmpty,
    FileTooLarge,
    FileUnreadable,
    SeveralLists,
    SharewellError,
    UnknownColumn,
    Where,
)
from sharewell.vocab.step import Note

_HEAD: Final = 1 << 16
_CUT_SHORT: Final = (
    "The file breaks off before its list ends; what came before was read. "
    "Ask the sender whether more records were meant to come."
)
Row = tuple[int, int, Flat]


class _Shape(Enum):
    """How the objects of a file follow each other."""

    LINES = "one object a line"
    ARRAY = "one array"
    KEYED = "a list under a key"
    SEQUENCE = "one object after the other"


class JsonReading:
    """A JSON file: objects become rows, their union of names the columns."""

    def __init__(self, found: Found) -> None:
        """Decide the encoding and whether it is lines, an array or a document with a list in it."""
        self._found, self.aside, self.name = found, Aside(), found.path.name
        self.error: SharewellError | None = None
        self._decoding = decide_charset(found.head, self.name)
        self._account, self._records, self._columns = LineAccount(), 0, tuple[str, ...]()
        self._key, self._is_cut = "", False
        self._shape = _Shape.LINES
        if _starts_with(found.head, b"["):
            self._shape = _Shape.ARRAY
        elif self._looks_like_a_document():
            self._shape = _Shape.KEYED

    def rows(self) -> pa.RecordBatchReader:
        """Return the records as a stream. A refusal on the way is kept in ``error``: engines reword it.

        Raises FileEmpty, FileUnreadable (damaged beyond telling where an item begins, or no JSON),
        FileTooLarge, HeaderMissing, HeaderDuplicate, SeveralLists, UnknownColumn (no such key).
        """
        with self._in_our_words():
            names = self._look()
        if not names.columns:
            raise self._nothing(names)
        self._columns = column_names(tuple(names.columns))
        if twice := duplicate_name(self._columns):
            raise same_name(twice, self.name)
        return pa.RecordBatchReader.from_batches(
            raw_schema(self._columns), self._carefully(tuple(names.columns))
        )

    def _carefully(self, names: tuple[str, ...]) -> Iterator[pa.RecordBatch]:
        try:
            with self._in_our_words():
                yield from in_batches(self._kept(), names, raw_schema(self._columns))
        except SharewellError as error:
            self.error = error
            raise

    @property
    def _where(self) -> Where:
        return Where(file=self.name)

    @contextmanager
    def _in_our_words(self) -> Iterator[None]:
        try:
            yield
        except TooLong:
            raise FileTooLarge(
                "One item of the JSON is longer than any record.",
                "Ask the sender to export it again.",
                self._where,
            ) from None
        except ByColumn:
            raise FileUnreadable(
                "The file lists one column after the other, and no records.",
                "Ask the sender to export it with one object a record.",
                self._where,
            ) from None
        except (ValueError, RecursionError) as error:
            raise FileUnreadable(_what(error), "Ask the sender to export it again.", self._where) from None

    def _nothing(self, names: Names) -> Exception:
        if names.items > names.objects:
            return FileUnreadable(
                "No item of the file is a JSON object.", "Ask the sender to export it again.", self._where
            )
        if self._shape is _Shape.ARRAY or names.items:
            return header_missing(self.name)
        return FileEmpty(
            "The file holds nothing but blank lines.", "Ask the sender to send it again.", self._where
        )

    def _looks_like_a_document(self) -> bool:
        """Return whether the file is one object over all its lines, rather than one object a line."""
        if not _starts_with(self._found.head, b"{"):
            return False
        decoding = decide_charset(self._found.head, self.name)
        text = b"".join(clean_blocks([self._found.head[:_HEAD]], decoding, self.name)).decode()
        return not are_lines([line for line in plain_ends(text).split("\n") if line.strip(WHITE)])

    def _blocks(self, cut_after: bytes = b"") -> Iterator[str]:
        self._decoding = decide_charset(self._found.head, self.name)
        raw = in_pieces(self._found.blocks(), self._decoding, cut_after or b",")
        blocks = clean_blocks(raw, self._decoding, self.name, cut_after=cut_after)
        return (plain_ends(block.decode()) for block in blocks)

    def _feed(self) -> Feed:
        return Feed(self._blocks(b","))

    def _look(self) -> Names:
        """Walk through the file once; return what its list is made of."""
        if self._shape is _Shape.KEYED:
            feed = self._feed()
            lists = survey(feed)
            self._key = self._choose_key(lists)
            if self._key:
                return lists[self._key]
            self._shape = _Shape.SEQUENCE
        names = Names()
        for item, _ in self._items():
            if self._shape is _Shape.SEQUENCE and not names.items:
                refuse_columns(item.value)
            names.add(whole_flat(item.value))
        return names

    def _choose_key(self, lists: dict[str, Names]) -> str:
        wanted = self._found.part
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
        return wanted or next(iter(lists), "")

    def _items(self) -> Iterator[tuple[Item, LineAccount]]:
        """Return every item of the list, damaged ones too, and close the account of lines at the end."""
        if self._shape is _Shape.LINES:
            self._account = LineAccount()
            lines = line_items(self._account.watch(self._blocks()), self._account)
            yield from ((item, self._account) for item in lines)
        else:
            feed = self._feed()
            self._account = feed.account
            yield from ((item, feed.account) for item in self._listed(feed))
            for _ in feed.rest():
                pass
            self._is_cut = feed.is_cut

    def _listed(self, feed: Feed) -> Iterator[Item]:
        if self._shape is _Shape.SEQUENCE:
            yield from feed.go_on("")
        elif self._shape is _Shape.ARRAY:
            yield from feed.items()
            while feed.peek():  # the bracket that seemed to end the list was a stray one
                yield from feed.go_on("]")
        else:
            try:
                yield from items_under(feed, self._key)
            except (TooLong, Lost):
                raise
            except ValueError:
                nothing_left(feed)

    def _kept(self) -> Iterator[Row]:
        """Return the objects with their places; set the other items aside and count every line."""
        for item, account in self._items():
            self._records += 1
            flat = whole_flat(item.value)
            account.around(item.before)
            line = account.item(item.raw, LineFate.RECORD if flat is not None else LineFate.SET_ASIDE)
            if flat is not None:
                yield self._records, line, flat
            else:
                raw = item.raw.rstrip("\n").encode("utf-8", "backslashreplace").decode()
                self.aside.add(self._records, line, item.fault or "bad_json", raw)
        self._account.close(self.name)

    def facts(self) -> FileFacts:
        """Return what the file turned out to be."""
        return FileFacts(
            name=self.name,
            sha256=self._found.sha256,
            format=f"{'jsonl' if self._shape is _Shape.LINES else 'json'}{self._found.content.wrap}",
            encoding=self._decoding.found,
            delimiter=None,
            header_line=0,
            columns=self._columns,
            records=self._records,
            lines=self._account.named(),
        )

    def notes(self) -> tuple[Note, ...]:
        """Return what was odd about the file, and where in it the list was."""
        text = f"The list under '{self._key}' was read; what stands beside it was left out."
        note = (Note("json_list", text, self._records),) if self._key else ()
        cut = (Note("cut_short", _CUT_SHORT),) if self._is_cut else ()
        counts = {**odd_bytes(self._decoding), **Counter(self.aside.reason)}
        blank = self._account.named().get("blank", 0) if self._shape is _Shape.LINES else 0
        return (*note, *cut, *notes_of({**counts, "blank": blank}))


def _what(error: ValueError | RecursionError) -> str:
    if isinstance(error, NameTwice):
        return "An object in the file has one name twice."
    if isinstance(error, TooManyNames):
        return f"The objects of the list have more than {MOST_NAMES:,} different names, which no list has."
    if isinstance(error, SeveralDocuments):
        return "The file holds one JSON document after another, each with a list."
    if isinstance(error, Lost):
        return f"The JSON is damaged, and no whole record follows within {FARTHEST >> 20} MB."
    return "The JSON is damaged or cut short outside its list."


def _starts_with(head: bytes, sign: bytes) -> bool:
    return head.lstrip(b"\xef\xbb\xbf\xff\xfe\0 \t\r\n").startswith(sign)
