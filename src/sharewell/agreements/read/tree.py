"""Read the YAML itself, event by event, so that nothing YAML can do beyond plain lists and maps gets in."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import Final

import yaml
from yaml import events

from sharewell.agreements.read.faults import Faults, TooManyFaults
from sharewell.agreements.read.scalars import Unclear, invisible_character, plain_key, plain_value
from sharewell.agreements.terms import Finding, Severity

DEEPEST: Final = 12
MOST_PARTS: Final = 20_000
SAFE: Final = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-/*%")


class Broken:
    """Stands where a value was refused, so that one fault is told once."""


class _Stop(Exception):
    """The shape is lost; what follows could not be placed."""


@dataclass
class _Open:
    """A list or map being filled. ``key`` awaits its value, ``twice`` says that it is a repeat."""

    clause: str
    holds: dict[str, object] | list[object]
    key: str | None = None
    twice: bool = False


def read_tree(text: str, faults: Faults) -> object:
    """Return the file as maps, lists, text, whole numbers and booleans; ``Broken`` where one was refused.

    Notes every fault, and the line of every clause, in ``faults``. Raises AgreementInvalid at once only
    when the text is no YAML at all or the shape is lost.
    """
    reader = _Reader(faults)
    try:
        for event in yaml.parse(text, Loader=yaml.SafeLoader):
            reader.take(event)
    except (_Stop, TooManyFaults):
        raise faults.refusal() from None
    except yaml.YAMLError as error:
        _note_syntax(error, faults)
        raise faults.refusal() from None
    except (ValueError, OverflowError):
        faults.found.append(_unreadable())
        raise faults.refusal() from None
    return reader.root


class _Reader:
    """Builds the tree from events."""

    def __init__(self, faults: Faults) -> None:
        self.faults = faults
        self.open: list[_Open] = []
        self.root: object = None
        self.documents = 0
        self.parts = 0

    def take(self, event: events.Event) -> None:
        """Take one event of the YAML stream."""
        line = event.start_mark.line + 1 if event.start_mark else None
        if isinstance(event, events.DocumentStartEvent):
            self._document(event, line)
        elif isinstance(event, events.CollectionEndEvent):
            self.open.pop()
        elif isinstance(event, events.NodeEvent):
            self._node(event, line)

    def _document(self, event: events.DocumentStartEvent, line: int | None) -> None:
        self.documents += 1
        if self.documents > 1:
            self._add(
                "", "many_documents", "The file holds more than one document.", "Keep one a file.", line
            )
            raise _Stop
        if event.version or event.tags:
            self._add("", "directive", "YAML directives (%) may not be used.", "Take the line out.", line)

    def _node(self, event: events.NodeEvent, line: int | None) -> None:
        self._count(line)
        if self._is_key_next():
            self._key(event, line)
            return
        clause = self._next_clause()
        if line:
            self.faults.lines.setdefault(clause, line)
        self._refuse_extras(event, clause, line)
        if isinstance(event, events.ScalarEvent):
            self._put(self._scalar(event, clause, line))
        elif isinstance(event, events.CollectionStartEvent):
            self._begin([] if isinstance(event, events.SequenceStartEvent) else {}, clause, line)
        else:
            self._put(Broken())

    def _count(self, line: int | None) -> None:
        self.parts += 1
        if self.parts > MOST_PARTS:
            self._add(
                "", "too_large", "The file holds too many parts.", "Keep it to what people can read.", line
            )
            raise _Stop

    def _begin(self, holds: dict[str, object] | list[object], clause: str, line: int | None) -> None:
        if len(self.open) >= DEEPEST:
            self._add(
                clause, "too_deep", "The file is nested too deeply.", "See docs/agreement-file.md.", line
            )
            raise _Stop
        self._put(holds)
        self.open.append(_Open(clause, holds))

    def _is_key_next(self) -> bool:
        return bool(self.open) and isinstance(self.open[-1].holds, dict) and self.open[-1].key is None

    def _key(self, event: events.NodeEvent, line: int | None) -> None:
        top = self.open[-1]
        self._refuse_extras(event, top.clause, line)
        if not isinstance(event, events.ScalarEvent):
            self._add(top.clause, "bad_key", "A key must be one word.", "See docs/agreement-file.md.", line)
            raise _Stop
        top.key = self._key_text(event, top.clause, line)
        top.twice = top.key in top.holds
        if top.twice:
            self._add(
                _join(top.clause, top.key),
                "duplicate_key",
                "The key is there twice.",
                "Keep one of them.",
                line,
            )

    def _key_text(self, event: events.ScalarEvent, clause: str, line: int | None) -> str:
        try:
            return unicodedata.normalize("NFC", event.value if event.style else plain_key(event.value))
        except Unclear as unclear:
            self._add(_join(clause, event.value), unclear.code, unclear.what, unclear.instead, line)
            return str(event.value)

    def _scalar(self, event: events.ScalarEvent, clause: str, line: int | None) -> object:
        try:
            value = event.value if event.style else plain_value(event.value)
        except Unclear as unclear:
            self._add(clause, unclear.code, unclear.what, unclear.instead, line)
            return Broken()
        return self._text(value, clause, line) if isinstance(value, str) else value

    def _text(self, value: str, clause: str, line: int | None) -> object:
        hidden = invisible_character(value)
        if hidden is None:
            return unicodedata.normalize("NFC", value)
        what = f"The text holds a character that cannot be seen ({hidden})."
        self._add(clause, "invisible_character", what, "Type the text again.", line)
        return Broken()

    def _put(self, value: object) -> None:
        if not self.open:
            self.root = value
            return
        top = self.open[-1]
        if isinstance(top.holds, list):
            top.holds.append(value)
        elif top.key is not None:
            if not top.twice:
                top.holds[top.key] = value
            top.key, top.twice = None, False

    def _next_clause(self) -> str:
        if not self.open:
            return ""
        top = self.open[-1]
        if isinstance(top.holds, list):
            return f"{top.clause}[{len(top.holds)}]"
        return _join(top.clause, top.key or "")

    def _refuse_extras(self, event: events.NodeEvent, clause: str, line: int | None) -> None:
        if isinstance(event, events.AliasEvent):
            self._add(
                clause, "alias", "Aliases (*name) may not be used.", "Write the value out, quoted.", line
            )
            return
        if event.anchor is not None:
            self._add(clause, "anchor", "Anchors (&name) may not be used.", "Take the anchor out.", line)
        if getattr(event, "tag", None) is not None:
            self._add(clause, "tag", "Tags (!name) may not be used.", "Take the tag out.", line)

    def _add(self, clause: str, code: str, what: str, instead: str, line: int | None) -> None:
        self.faults.add(clause, code, what, instead, line)


def shown(name: str) -> str:
    """Return a name as a message may carry it: short, and every look-alike character spelt out."""
    return "".join(each if each in SAFE else f"\\u{ord(each):04x}" for each in name[:40])


def _join(clause: str, key: str) -> str:
    return f"{clause}.{shown(key)}" if clause else shown(key)


def _note_syntax(error: yaml.YAMLError, faults: Faults) -> None:
    mark = getattr(error, "problem_mark", None)
    problem = getattr(error, "problem", None) or "it holds a character that may not be in it"
    line = mark.line + 1 if mark else None
    faults.found.append(_unreadable(str(problem), line))


def _unreadable(problem: str = "an escape sequence means no character", line: int | None = None) -> Finding:
    what = f"The file cannot be read as YAML: {problem}."
    return Finding(Severity.REFUSE, "not_yaml", "file", what, "Mend the line, or what comes before it.", line)
