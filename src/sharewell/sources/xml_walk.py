"""A walk over XML, defused: no document type, no entities of its own, nothing from outside, bounded depth.

What is refused is what attacks are made of (https://owasp.org/www-community/vulnerabilities/
XML_External_Entity_(XXE)_Processing); a list has no need of it. A damaged record costs itself: the walk goes
on with the next one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final
from xml.parsers import expat

from sharewell.sources.encoding import LONGEST_LINE, Decoding, clean_blocks
from sharewell.sources.formats import Found
from sharewell.sources.line_account import LineAccount, LineFate, plain_ends
from sharewell.sources.one_line import in_pieces
from sharewell.sources.xml_visitor import Visitor, local_name, own_attributes
from sharewell.sources.xml_window import Window
from sharewell.vocab.errors import EncodingUnknown, FileTooLarge, FileUnreadable, FormatUnknown, Where

DEEPEST: Final = 50
FARTHEST: Final = 16 << 20
"""Bytes looked through for the next record after a damaged one."""

_PIECE: Final = 1 << 18
_CLOSING: Final = re.compile(r"(?:\s|</[^<>]*>)*")
_ENCODINGS: Final = {"utf-8", "utf8", "utf-16", "us-ascii", "ascii", "iso-8859-1", "latin-1", "windows-1252"}
_SPREADSHEET: Final = "urn:schemas-microsoft-com:office:spreadsheet"


class Walk:
    """One walk over one file, a block at a time. ``account`` counts its lines."""

    def __init__(self, found: Found, decoding: Decoding, visitor: Visitor) -> None:
        """Take note of what is walked through and who is told."""
        self._found, self._decoding, self._visitor = found, decoding, visitor
        self._where = Where(file=found.path.name)
        self.account, self.is_damaged, self.is_cut = LineAccount(), False, False
        self._paths: list[str] = []
        self._texts: list[list[str]] = []
        self._tags: dict[str, str] = {}
        self._window = Window()
        self._item_depth = 0
        self._fate = LineFate.RECORD
        self._is_priming = self._is_after_child = self._is_over = False
        self._parser = self._make_parser()

    def _make_parser(self) -> expat.XMLParserType:
        parser = expat.ParserCreate("utf-8")
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        parser.XmlDeclHandler = self._declaration
        parser.StartDoctypeDeclHandler = self._refuse_doctype
        parser.EntityDeclHandler = self._refuse_doctype
        return parser

    def blocks(self) -> Iterator[None]:
        """Walk on by one block each time it is asked.

        Raises FileUnreadable (damaged before any record, a document type, too deep), FileTooLarge,
        EncodingUnknown, FormatUnknown.
        """
        pieces = self._pieces()
        has_begun = False
        for piece in pieces:
            text = piece if has_begun else piece.lstrip()
            self.account.around(piece[: len(piece) - len(text)].decode())
            has_begun = has_begun or bool(text)
            self._parse(text, pieces)
            self._flush()
            yield
        self._finish()
        yield

    def _pieces(self) -> Iterator[bytes]:
        raw = in_pieces(self._found.blocks(), self._decoding, b">")
        blocks = clean_blocks(raw, self._decoding, self._found.path.name, cut_after=b">")
        for text in self.account.watch(plain_ends(block.decode()) for block in blocks):
            block = text.encode()
            yield from (block[at : at + _PIECE] for at in range(0, len(block), _PIECE))

    def _parse(self, text: bytes, pieces: Iterator[bytes]) -> None:
        while text:
            self._window.add(text)
            try:
                self._parser.Parse(text, False)
                return
            except expat.ExpatError as error:
                text = self._go_on_after(error, pieces)

    def _finish(self) -> None:
        try:
            if not self._is_over:
                self._parser.Parse(b"", True)
        except expat.ExpatError as error:
            self.is_cut = True
            record = self._visitor.record()
            if not record or record not in self._tags:
                raise self._unreadable(error) from None
            if self._item_depth or _begins(self._window.see(), self._tags[record]):
                self._set_aside(len(self._window), "truncated_row")
            self._visitor.resume(0)
        self.account.around(self._window.take_all())
        self.account.close(self._found.path.name)

    def _go_on_after(self, error: expat.ExpatError, pieces: Iterator[bytes]) -> bytes:
        """Set the damaged item aside and return the text from the next record on; nothing at the end."""
        self.is_damaged = True
        record = self._visitor.record()
        if not record or record not in self._tags:
            raise self._unreadable(error)
        size = self._find_next(self._tags[record].encode(), self._parser.ErrorByteIndex, pieces)
        self._is_over = size is None
        size = len(self._window) if size is None else size
        if self._item_depth or not _CLOSING.fullmatch(self._window.see(size)):
            self._set_aside(size, "bad_xml")
        else:
            self.account.around(self._window.take(size))
        return self._window.restart(self._prime(record.rpartition("/")[0]))

    def _find_next(self, tag: bytes, at: int, pieces: Iterator[bytes]) -> int | None:
        """Return how many bytes there are up to the next start tag of a record, fetching more."""
        while (size := self._window.find_tag(tag, at)) is None:
            piece = next(pieces, None)
            if piece is None:
                return None
            self._window.add(piece)
            if len(self._window) > FARTHEST:
                raise FileUnreadable(
                    f"The XML is damaged, and no record follows within {FARTHEST >> 20} MB.",
                    "Ask the sender to export it again.",
                    self._where,
                )
        return size

    def _set_aside(self, size: int, fault: str) -> None:
        """Count text as one damaged item."""
        text = self._window.take(size)
        raw = text.strip()
        before, _, after = text.partition(raw)
        self.account.around(before)
        line = self.account.item(raw, LineFate.SET_ASIDE)
        self.account.around(after)
        self._visitor.damaged(raw, line, fault)
        self._item_depth = 0

    def _prime(self, above: str) -> int:
        """Begin with a new parser inside the elements that hold the records; return what it was given."""
        self._parser, self._paths, self._texts = self._make_parser(), [], []
        parts = above.split("/") if above else []
        paths = ["/".join(parts[: depth + 1]) for depth in range(len(parts))]
        tags = b"".join(f"<{self._tags[path]}>".encode() for path in paths)
        self._visitor.resume(len(paths))
        self._is_priming = True
        self._parser.Parse(tags, False)
        self._is_priming = False
        return len(tags)

    def _unreadable(self, error: expat.ExpatError) -> FileUnreadable:
        return FileUnreadable(
            f"The XML is damaged or cut short at line {error.lineno}.",
            "Ask the sender to export it again.",
            self._where,
        )

    def _flush(self) -> None:
        """Count what stands around items, so that it need not be held."""
        if not self._item_depth:
            self.account.around(self._window.take(self._window.after_tags()))
        elif len(self._window) > LONGEST_LINE:
            raise FileTooLarge(
                "One record of the XML is longer than any record.",
                "Ask the sender to export it again.",
                self._where,
            )

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        if not self._paths and attributes.get("xmlns") == _SPREADSHEET:
            raise FormatUnknown(
                "This is an XML spreadsheet of Excel 2003.",
                "Open it in Excel and save it as a workbook (.xlsx), then run again.",
                self._where,
            )
        if len(self._paths) >= DEEPEST:
            raise FileUnreadable(
                f"The XML has elements within elements more than {DEEPEST} deep, which no list has.",
                "Ask the sender for a list: one element a record.",
                self._where,
            )
        path = f"{self._paths[-1]}/{local_name(tag)}" if self._paths else local_name(tag)
        self._paths.append(path)
        self._texts.append([])
        if self._is_priming:
            return
        self._tags[path] = tag
        if not self._item_depth and (fate := self._visitor.fate(path)) is not None:
            self.account.around(self._window.take_to(self._parser.CurrentByteIndex))
            self._item_depth, self._fate = len(self._paths), fate
        self._visitor.start(path, own_attributes(attributes), self.account.line)

    def _end(self, tag: str) -> None:
        depth, self._is_after_child = len(self._paths), True
        self._visitor.end(self._paths.pop(), "".join(self._texts.pop()))
        if depth == self._item_depth:
            end = self._window.end_of_tag(self._parser.CurrentByteIndex)
            self.account.item(self._window.take_to(end), self._fate)
            self._item_depth = 0

    def _text(self, text: str) -> None:
        """Keep an element's text; of the white space between many children, one piece."""
        pieces = self._texts[-1]
        if not (self._is_after_child and pieces and text.isspace() and pieces[-1].isspace()):
            pieces.append(text)
        self._is_after_child = False

    def _declaration(self, version: str, encoding: str | None, standalone: int) -> None:
        if encoding is not None and encoding.lower() not in _ENCODINGS:
            raise EncodingUnknown(
                "The XML declares an encoding that sharewell does not read.",
                "Ask the sender to save it as UTF-8, then run again.",
                self._where,
            )

    def _refuse_doctype(self, *_: object) -> None:
        raise FileUnreadable(
            "The XML declares a document type or entities, which may reach outside the file.",
            "Ask the sender for XML without a DOCTYPE.",
            self._where,
        )


def _begins(text: str, tag: str) -> bool:
    """Return whether text that the file ends in is the beginning of a record's start tag."""
    start = text.strip()
    return len(start) > 1 and (f"<{tag}".startswith(start) or start.startswith(f"<{tag}"))
