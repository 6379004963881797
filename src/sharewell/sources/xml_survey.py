"""What an XML file is made of: every path, the element that is a record, and its columns."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Final

from sharewell.sources.line_account import LineFate
from sharewell.sources.xml_visitor import NIL
from sharewell.vocab.errors import SeveralLists, UnknownColumn, Where

MOST_PATHS: Final = 20_000
_FAR_MORE: Final = 5


@dataclass
class Seen:
    """What was seen at one path: how often, how often under one parent, and what stood there."""

    times: int = 0
    most: int = 0
    is_leaf: bool = False
    has_text: bool = False
    is_structured: bool = False

    def add(self, other: Seen) -> None:
        """Take what was seen elsewhere at the same path."""
        self.times += other.times
        self.most = max(self.most, other.most)
        self.is_leaf |= other.is_leaf
        self.has_text |= other.has_text
        self.is_structured |= other.is_structured


class TooManyPaths(Exception):
    """The file has more kinds of elements than any list has columns."""


@dataclass
class Survey:
    """The first walk: every path of the file, so that the list is known before it is read.

    ``known`` is the path of the records where a walk before has found it; then nothing is noted of a record
    that turns out to be damaged. ``guess`` is what was taken for it when damage was met before that.
    """

    wanted: str | None
    file: str
    known: str | None = None
    guess: str | None = None
    paths: dict[str, Seen] = field(default_factory=dict)
    _draft: dict[str, Seen] | None = None
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
        if path == self.known and self._draft is not None:
            for place, noted in self._draft.items():
                self.paths.setdefault(place, Seen()).add(noted)
            self._draft = None
            if len(self.paths) > MOST_PATHS:
                raise TooManyPaths

    def fate(self, path: str) -> LineFate | None:
        """Return that an element is a record, once that is known."""
        if path != self.known:
            return None
        self._draft = {}
        return LineFate.RECORD

    def record(self) -> str | None:
        """Return the path of the records, guessed from what has been seen so far where it is not known."""
        if not self.known and not self.guess:
            self.guess = plain_list(self.paths, self.wanted, self.file)
        return self.known or self.guess

    def damaged(self, raw: str, line: int, fault: str) -> None:
        """Note nothing of a damaged record."""

    def resume(self, depth: int) -> None:
        """Forget the record that was begun, and go on below so many elements."""
        self._draft = None
        del self._siblings[depth + 1 :]
        self._siblings += [Counter() for _ in range(depth + 1 - len(self._siblings))]

    def _seen(self, path: str) -> Seen:
        noted = self.paths if self._draft is None else self._draft
        if path not in noted:
            if len(noted) >= MOST_PATHS:
                raise TooManyPaths
            noted[path] = Seen()
        return noted[path]


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


def plain_list(paths: dict[str, Seen], wanted: str | None, name: str) -> str | None:
    """Return the path of the records of a file that is damaged, or None where it could be another.

    Of a file that breaks off too early, a list inside the first record may be all there is to see. So the
    records must be repeated, and the element above them hold no values of its own, unless it is the root.
    Raises what ``choose_list`` raises.
    """
    if wanted is None and not any(seen.most > 1 and seen.is_structured for seen in paths.values()):
        return None
    record = choose_list(paths, wanted, name)
    above = record.rpartition("/")[0]
    beside = [seen for path, seen in paths.items() if path.rpartition("/")[0] == above and "@" not in path]
    is_plain = "/" not in above or not any(seen.is_leaf and not seen.is_structured for seen in beside)
    return record if is_plain or wanted else None


def other_lists(paths: dict[str, Seen], record: str) -> list[str]:
    """Return the paths of the file's other lists of structured elements, which stand beside the records."""
    lists = [path for path, seen in paths.items() if "@" not in path and seen.most > 1 and seen.is_structured]
    beside = [path for path in lists if path.rpartition("/")[0] != record.rpartition("/")[0]]
    apart = [path for path in beside if not f"{path}/".startswith(f"{record}/")]
    return [path for path in apart if not f"{record}/".startswith(f"{path}/")]
