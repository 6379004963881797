"""A walk over XML, defused: no document type, no entities of its own, nothing from outside, bounded depth.

What is refused is what attacks are made of (https://owasp.org/www-community/vulnerabilities/
XML_External_Entity_(XXE)_Processing); a list has no need of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, Protocol
from xml.parsers import expat

from sharewell.sources.encoding import Decoding, clean_blocks
from sharewell.sources.formats import Found
from sharewell.vocab.errors import EncodingUnknown, FileUnreadable, FormatUnknown, Where

DEEPEST: Final = 50
NIL: Final = "!nil"
"""The name under which an element says that it has no value: no attribute can have it."""

_ENCODINGS: Final = {"utf-8", "utf8", "utf-16", "us-ascii", "ascii", "iso-8859-1", "latin-1", "windows-1252"}
_SPREADSHEET: Final = "urn:schemas-microsoft-com:office:spreadsheet"


class Visitor(Protocol):
    """What is told of each element, by its path from the root (``people/person/surname``)."""

    def start(self, path: str, attributes: dict[str, str | None], line: int) -> None:
        """Take note that an element begins; ``NIL`` comes as None."""
        ...

    def end(self, path: str, text: str) -> None:
        """Take note that an element ends, with the text that stood directly in it."""
        ...


class Walk:
    """One walk over one file, a block at a time."""

    def __init__(self, found: Found, decoding: Decoding, visitor: Visitor) -> None:
        """Make the parser and forbid what a list has no need of."""
        self._found, self._decoding, self._visitor = found, decoding, visitor
        self._where = Where(file=found.path.name)
        self._paths: list[str] = []
        self._texts: list[list[str]] = []
        self._parser = parser = expat.ParserCreate("utf-8")
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        parser.XmlDeclHandler = self._declaration
        parser.StartDoctypeDeclHandler = self._refuse_doctype
        parser.EntityDeclHandler = self._refuse_doctype

    def blocks(self) -> Iterator[None]:
        """Walk on by one block each time it is asked.

        Raises FileUnreadable (damaged, cut short, a document type, too deep), EncodingUnknown, FormatUnknown.
        """
        name = self._found.path.name
        is_first = True
        try:
            for block in clean_blocks(self._found.blocks(), self._decoding, name, cut_after=b">"):
                self._parser.Parse(block.lstrip() if is_first else block, False)
                is_first = False
                yield
            self._parser.Parse(b"", True)
            yield
        except expat.ExpatError as error:
            raise FileUnreadable(
                f"The XML is damaged or cut short at line {error.lineno}.",
                "Ask the sender to export it again.",
                self._where,
            ) from None

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
        path = f"{self._paths[-1]}/{_local(tag)}" if self._paths else _local(tag)
        self._paths.append(path)
        self._texts.append([])
        self._visitor.start(path, _values(attributes), self._parser.CurrentLineNumber)

    def _end(self, tag: str) -> None:
        self._visitor.end(self._paths.pop(), "".join(self._texts.pop()))

    def _text(self, text: str) -> None:
        self._texts[-1].append(text)

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


def _local(tag: str) -> str:
    return tag.rpartition(":")[2]


def _values(attributes: dict[str, str]) -> dict[str, str | None]:
    """Return an element's own attributes, without those that are about the XML itself."""
    values: dict[str, str | None] = {}
    for name, value in attributes.items():
        if name.endswith(":nil") and value in ("true", "1"):
            values[NIL] = None
        elif not name.startswith(("xmlns", "xsi:", "xml:")):
            values[_local(name)] = value
    return values
