"""JSON a piece at a time: a long list item by item, numbers as they are written, damage passed over."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from typing import Any, Final

from sharewell.sources.encoding import LONGEST_LINE
from sharewell.sources.json_resync import Fits, find_next
from sharewell.sources.line_account import WHITE, LineAccount

_NEAR_THE_END: Final = 1 << 16
_BROKEN_OFF: Final = 8
"""Signs before the end within which a literal or an escape that breaks off is met."""


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
_PLAIN: Final = json.JSONDecoder(parse_int=Number)
TWICE: Final = object()
"""Stands for an object that has one name twice."""


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


@dataclass(frozen=True)
class Item:
    """One item of a list: its value, its text and the text between it and what stood before.

    ``fault`` None: it is whole. Else it is damaged (``bad_json``) or the file ends in it (``truncated_row``).
    """

    value: Any
    raw: str
    before: str
    fault: str | None = None


class Feed:
    """A JSON document that is asked for one value after the other.

    ``account`` counts the lines that stand around items; whoever takes an item counts its lines. ``is_cut``
    says that the file ended inside a list. Raises ValueError when what is asked for is not there.
    """

    def __init__(self, blocks: Iterator[str]) -> None:
        """Take the document's text in blocks of any size."""
        self.account, self.is_cut, self.is_damaged = LineAccount(), False, False
        self._blocks, self._text = self.account.watch(blocks), ""
        self._at = self._told = 0
        self._keys: Collection[str] | None = None

    def _more(self) -> bool:
        block = next(self._blocks, None)
        if block is None:
            return False
        self._text, self._at = self._text[self._told :] + block, self._at - self._told
        self._told = 0
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
        """Return the next value whole, or ``TWICE``."""
        self.peek()
        while True:
            try:
                value, end = _decode(self._text, self._at)
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

    def tell(self) -> None:
        """Count what has been taken so far as standing around items."""
        self.account.around(self._text[self._told : self._at])
        self._told = self._at

    def rest(self) -> Iterator[str]:
        """Return what is left of the document, in pieces, counted as standing around items."""
        self.tell()
        while self._at < len(self._text) or self._more():
            self._at = len(self._text)
            yield self._text[self._told :]
            self.tell()

    def items(self) -> Iterator[Item]:
        """Return the items of the list that comes next, one after the other, the damaged ones too."""
        self.take("[")
        yield from self.go_on("]")
        while self._comes_another():
            self.is_damaged = True
            yield from self.go_on("]")

    def _comes_another(self) -> bool:
        """Return whether an object follows the list's end as an item would: the end was a stray sign."""
        if self.peek() != ",":
            return False
        while not (after := self._text[self._at + 1 :].lstrip(WHITE)[:1]) and self._more():
            pass
        return after == "{"

    def go_on(self, end: str) -> Iterator[Item]:
        """Return the items from here to the end of their list. One is held back until the next is sound.

        ``end`` is the sign that ends the list, or nothing where the file does. What follows an item may show
        that it was none: a stray brace ends an object too early.
        """
        held: Item | None = None
        while (sign := self._pass_commas()) and sign != end:
            item = self._item(end)
            if item.fault and held and not item.raw.startswith("{") and {":", "}"} & set(item.raw):
                held = replace(held, value=None, raw=held.raw + item.before + item.raw, fault=item.fault)
                continue
            if held:
                yield self._sound(held)
            held = item
        if held:
            yield self._sound(held)
        self.is_cut |= not sign and bool(end)
        if sign:
            self.take(end)

    def _sound(self, item: Item) -> Item:
        """Return an item that is not doubted any more; a damaged one after it ends at one like it."""
        if isinstance(item.value, dict):
            self._keys = item.value.keys()
        return item

    def _pass_commas(self) -> str:
        while (sign := self.peek()) == ",":
            self._at += 1
        return sign

    def _item(self, end: str) -> Item:
        before, self._told = self._text[self._told : self._at], self._at
        fits = Fits(_decode, self._keys, end or "{")
        try:
            value = self.value()
            size = self._at - self._told
            self._require_sense(value, fits)
        except (json.JSONDecodeError, RecursionError) as error:
            return self._damaged(before, error, fits)
        self._at = self._told + size
        raw, self._told = self._text[self._told : self._at], self._at
        return Item(value, raw, before)

    def _require_sense(self, value: object, fits: Fits) -> None:
        """Refuse a list that has swallowed items, and a word that is followed by the rest of an object."""
        if isinstance(value, list) and self._keys and any(map(fits.is_alike, value[:3])):
            raise json.JSONDecodeError("a stray bracket", self._text, self._told)
        if not isinstance(value, dict) and value is not TWICE:
            sign = self.peek()
            if sign and sign not in ",]{":
                raise json.JSONDecodeError("no end", self._text, self._at)

    def _damaged(self, before: str, error: json.JSONDecodeError | RecursionError, fits: Fits) -> Item:
        """Return everything up to the next item that is like the last whole one, or else to the end."""
        broke_off, error_at = False, 0
        if isinstance(error, json.JSONDecodeError):
            broke_off, error_at = _breaks_off(error), max(0, error.pos - self._told)
        end = find_next(lambda: self._text[self._told :], self._more, fits, error_at)
        self._at = len(self._text) if end is None else self._told + end
        text = self._text[self._told : self._at].rstrip(WHITE + ("," if end else ""))
        self._told += len(text)
        self._at = self._told
        self.is_damaged = True
        is_last = end is None and broke_off
        self.is_cut |= is_last
        return Item(None, text, before, "truncated_row" if is_last else "bad_json")

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
            self.tell()
            if self.take(",}") == "}":
                return


def _decode(text: str, at: int) -> tuple[Any, int]:
    try:
        return DECODER.raw_decode(text, at)
    except NameTwice:
        return TWICE, _PLAIN.raw_decode(text, at)[1]


def _breaks_off(error: json.JSONDecodeError) -> bool:
    """Return whether a text ends where its value does not."""
    end = len(error.doc.rstrip(WHITE))
    return error.msg.startswith("Unterminated") or error.pos >= end - _BROKEN_OFF
