"""What a walk over XML tells of each element, and to whom."""

from __future__ import annotations

from typing import Final, Protocol

from sharewell.sources.line_account import LineFate

NIL: Final = "!nil"
"""The name under which an element says that it has no value: no attribute can have it."""


class Visitor(Protocol):
    """What is told of each element, by its path from the root (``people/person/surname``)."""

    def start(self, path: str, attributes: dict[str, str | None], line: int) -> None:
        """Take note that an element begins; ``NIL`` comes as None."""
        ...

    def end(self, path: str, text: str) -> None:
        """Take note that an element ends, with the text that stood directly in it."""
        ...

    def fate(self, path: str) -> LineFate | None:
        """Return what becomes of an element that is an item of the list, or None where it is none."""
        ...

    def record(self) -> str | None:
        """Return the path of the records, as far as it is known."""
        ...

    def damaged(self, raw: str, line: int, fault: str) -> None:
        """Take the text of a damaged item (``bad_xml``), or of one that is cut off (``truncated_row``)."""
        ...

    def resume(self, depth: int) -> None:
        """Drop the item that was begun, if one was; the next one begins below so many elements."""
        ...


def local_name(tag: str) -> str:
    """Return a tag without its prefix."""
    return tag.rpartition(":")[2]


def own_attributes(attributes: dict[str, str]) -> dict[str, str | None]:
    """Return an element's own attributes, without those that are about the XML itself."""
    values: dict[str, str | None] = {}
    for name, value in attributes.items():
        if name.endswith(":nil") and value in ("true", "1"):
            values[NIL] = None
        elif not name.startswith(("xmlns", "xsi:", "xml:")):
            values[local_name(name)] = value
    return values
