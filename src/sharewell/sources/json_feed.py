"""JSON a piece at a time: a long list item by item, and numbers as they are written."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final

from sharewell.sources.encoding import LONGEST_LINE

WHITE: Final = " \t\r\n\x1a\ufeff"
_NEAR_THE_END: Final = 1 << 16
_DEEPEST: Final = 20


class NameTwice(ValueError):
    """An object has one name twice, so a value would be lost."""


class TooLong(ValueError):
    """One item is longer than any record."""


class Number(str):
    """A number as it is written in the file."""


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise NameTwice
    return found


DECODER: Final = json.JSONDecoder(
    parse_int=Number, parse_float=Number, parse_constant=Number, object_pairs_hook=_once
)


def as_json(value: object) -> str:
    """Return a value as JSON, its numbers as they were written."""
    if isinstance(value, Number):
        return str(value)
    if isinstance(value, list):
        return "[" + ", ".join(map(as_json, value)) + "]"
    if isinstance(value, dict):
        pairs = (f"{json.dumps(name, ensure_ascii=False)}: {as_json(item)}" for name, item in value.items())
        return "{" + ", ".join(pairs) + "}"
    return json.dumps(value, ensure_ascii=False)


class Feed:
    """A JSON document that is asked for one value after the other. Raises ValueError when it is damaged."""

    def __init__(self, blocks: Iterator[str]) -> None:
        """Take the document's text in blocks of any size."""
        self._blocks, self._text, self._at = blocks, "", 0

    def _more(self) -> bool:
        block = next(self._blocks, None)
        if block is None:
            return False
        self._text, self._at = self._text[self._at :] + block, 0
        if len(self._text) > LONGEST_LINE:
            raise TooLong
        return True

    def peek(self) -> str:
        """Return the next sign that is not white, or nothing at the end."""
        while True:
            while self._at < len(self._text) and self._text[self._at] in WHITE:
                self._at += 1
            if self._at < len(self._text):
                return self._text[self._at]
            if not self._more():
                return ""

    def take(self, signs: str) -> str:
        """Return the next sign, which must be one of these."""
        sign = self.peek()
        if not sign or sign not in signs:
            raise ValueError(f"not one of {signs}")
        self._at += 1
        return sign

    def value(self) -> Any:  # noqa: ANN401  # JSON holds anything
        """Return the next value whole."""
        self.peek()
        while True:
            try:
                value, end = DECODER.raw_decode(self._text, self._at)
            except json.JSONDecodeError as error:
                if not self._may_go_on(error) or not self._more():
                    raise
                continue
            if end < len(self._text) or not isinstance(value, Number) or not self._more():
                self._at = end
                return value
            # a number at the end of a block may go on in the next

    def _may_go_on(self, error: json.JSONDecodeError) -> bool:
        return error.msg.startswith("Unterminated") or error.pos > len(self._text) - _NEAR_THE_END

    def items(self) -> Iterator[Any]:
        """Return the items of the list that comes next, one after the other."""
        self.take("[")
        if self.peek() == "]":
            self.take("]")
            return
        yield self.value()
        while self.take(",]") == ",":
            yield self.value()

    def names(self) -> Iterator[str]:
        """Return the names of the object that comes next; each one's value must be taken in between."""
        self.take("{")
        if self.peek() == "}":
            self.take("}")
            return
        while True:
            name = self.value()
            self.take(":")
            yield str(name)
            if self.take(",}") == "}":
                return


def survey(feed: Feed, above: str = "", depth: int = 0) -> dict[str, int]:
    """Return the lists of objects in a document of one object: where each lies, and its number of objects."""
    found: dict[str, int] = {}
    for name in feed.names():
        path, sign = f"{above}{name}", feed.peek()
        if sign == "[":
            found[path] = sum(isinstance(item, dict) for item in feed.items())
        elif sign == "{" and depth < _DEEPEST:
            found |= survey(feed, f"{path}.", depth + 1)
        else:
            feed.value()
    return {path: count for path, count in found.items() if count}


def items_under(feed: Feed, wanted: str, above: str = "") -> Iterator[Any]:
    """Return the items of the list that lies at ``wanted``."""
    for name in feed.names():
        path, sign = f"{above}{name}", feed.peek()
        if sign == "[" and path == wanted:
            yield from feed.items()
        elif sign == "{" and wanted.startswith(f"{path}."):
            yield from items_under(feed, wanted, f"{path}.")
        else:
            feed.value()
