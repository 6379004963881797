"""The lists of objects in a JSON document: where they lie, what their objects are named, their items."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from sharewell.sources.json_feed import TWICE, Feed, Item, NameTwice, TooLong, as_json
from sharewell.sources.json_resync import Lost

MOST_NAMES: Final = 20_000
_DEEPEST: Final = 20
Flat = dict[str, str | None]


class TooManyNames(ValueError):
    """The objects have more different names than any list has columns."""


class SeveralDocuments(ValueError):
    """One document with a list follows another."""


class ByColumn(ValueError):
    """A document lists one column after the other, so that no object in it is a record."""


def refuse_columns(document: object) -> None:
    """Refuse an object of two columns or more, or one that holds such an object. Raises ByColumn."""
    if not isinstance(document, dict):
        return
    if any(map(_is_by_column, (document, *document.values()))):
        raise ByColumn


def _is_by_column(value: object) -> bool:
    """Return whether an object has lists of one length alone, or objects whose names are row numbers."""
    if not isinstance(value, dict) or len(value) < 2:
        return False
    columns = list(value.values())
    if all(isinstance(column, list) for column in columns):
        return len(columns[0]) > 1 and len({len(column) for column in columns}) == 1
    if not all(isinstance(column, dict) for column in columns):
        return False
    rows = columns[0].keys()
    return len(rows) > 1 and all(row.isdigit() for row in rows) and all(c.keys() == rows for c in columns)


@dataclass
class Names:
    """What a first look at a list finds: how many items and objects it has, and their names in order."""

    items: int = 0
    objects: int = 0
    columns: dict[str, None] = field(default_factory=dict)

    def add(self, flat: Flat | None) -> None:
        """Count one item. Raises TooManyNames."""
        self.items += 1
        if flat is None:
            return
        self.objects += 1
        if not flat.keys() <= self.columns.keys():
            self.columns.update(dict.fromkeys(flat))
            if len(self.columns) > MOST_NAMES:
                raise TooManyNames


def whole_flat(item: object) -> Flat | None:
    """Return an object as columns, or None where it is no object or half a letter is in it."""
    if not isinstance(item, dict):
        return None
    try:
        flat = _flatten(item)
        "".join([*flat, *filter(None, flat.values())]).encode()
    except (NameTwice, UnicodeEncodeError):  # an escape such as \\ud800 names half of a pair of units
        return None
    return flat


def _flatten(item: dict[str, Any]) -> Flat:
    """Name the values of an object's objects with dots, one level deep; what lies deeper stays JSON."""
    pairs: list[tuple[str, str | None]] = []
    for name, value in item.items():
        if isinstance(value, dict) and value:
            pairs += [(f"{name}.{below}", _text(inner)) for below, inner in value.items()]
        else:
            pairs.append((name, _text(value)))
    flat = dict(pairs)
    if len(flat) != len(pairs):
        raise NameTwice
    return flat


def _text(value: object) -> str | None:
    if value is None:
        return None
    return str(value) if isinstance(value, str) else as_json(value)


def survey(feed: Feed) -> dict[str, Names]:
    """Return the lists of objects in a document of one object, by where each lies; none if it has none.

    Raises SeveralDocuments, TooManyNames, and ValueError where the document is damaged outside its lists.
    """
    found: dict[str, Names] = {}
    try:
        _survey(feed, "", 0, found)
    except (TooLong, Lost, TooManyNames):
        raise
    except ValueError:
        if not found or not nothing_left(feed):
            raise
    lists = {path: names for path, names in found.items() if names.objects}
    if lists and feed.peek():
        raise SeveralDocuments
    return lists


def _survey(feed: Feed, above: str, depth: int, found: dict[str, Names]) -> None:
    for name in feed.names():
        path, sign = f"{above}{name}", feed.peek()
        if sign == "[":
            names = found.setdefault(path, Names())
            for item in feed.items():
                names.add(whole_flat(item.value))
        elif sign == "{" and depth < _DEEPEST:
            _survey(feed, f"{path}.", depth + 1, found)
        elif feed.value() is TWICE:
            raise NameTwice


def nothing_left(feed: Feed) -> bool:
    """Return whether no more list can be in what is left of a document that is damaged after its list."""
    feed.is_cut = True
    return not any({"{", "["} & set(piece) for piece in feed.rest())


def items_under(feed: Feed, wanted: str, above: str = "") -> Iterator[Item]:
    """Return the items of the list that lies at ``wanted``; what stands beside it is passed over."""
    for name in feed.names():
        path, sign = f"{above}{name}", feed.peek()
        if sign == "[" and path == wanted:
            yield from feed.items()
        elif sign == "[":
            for item in feed.items():
                feed.account.around(item.before + item.raw)
        elif sign == "{" and wanted.startswith(f"{path}."):
            yield from items_under(feed, wanted, f"{path}.")
        else:
            feed.value()
            feed.tell()
