"""Hold to what stewards said: records said to be the same stand together, those said to differ stand apart.

Only the few groups of records that a decision touches are looked at one by one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import pyarrow as pa

from sharewell.people.terms import Verdict

_TEXT: pa.DataType = pa.string()
DECISIONS = pa.schema(
    [
        ("record_a", _TEXT),
        ("record_b", _TEXT),
        ("verdict", _TEXT),
        ("by", _TEXT),
        ("at", pa.timestamp("us", tz="UTC")),
        ("reason", _TEXT),
    ]
)


@dataclass(frozen=True)
class Touched:
    """A record of a group that a decision touches: the reference it had, the record it is most tied to."""

    key: str
    group: str
    held: str | None
    tied_to: str | None
    bits: float | None


@dataclass
class _Parts:
    """Sets of records that only grow, and never take in two that were said to differ."""

    above: dict[str, str]
    apart: dict[str, set[str]] = field(default_factory=dict)

    def part_of(self, key: str) -> str:
        while self.above[key] != key:
            self.above[key] = self.above[self.above[key]]
            key = self.above[key]
        return key

    def join(self, a: str, b: str) -> bool:
        low, high = sorted((self.part_of(a), self.part_of(b)))
        if high in self.apart.get(low, set()):
            return False
        if low != high:
            self.above[high] = low
            for other in self.apart.pop(high, set()):
                self.apart[other].discard(high)
                self._keep_apart(low, other)
        return True

    def part(self, a: str, b: str) -> None:
        one, other = self.part_of(a), self.part_of(b)
        if one != other:
            self._keep_apart(one, other)

    def _keep_apart(self, one: str, other: str) -> None:
        self.apart.setdefault(one, set()).add(other)
        self.apart.setdefault(other, set()).add(one)


def latest_words(decisions: pa.Table | None) -> list[tuple[str, str, Verdict]]:
    """Return the last verdict on each two records, the newest first."""
    said: dict[tuple[str, str], Verdict] = {}
    if decisions is None:
        return []
    rows = sorted(decisions.to_pylist(), key=lambda row: str(row["at"]), reverse=True)
    for row in rows:
        a, b = sorted((row["record_a"], row["record_b"]))
        said.setdefault((a, b), Verdict(row["verdict"]))
    return [(a, b, verdict) for (a, b), verdict in said.items() if a != b]


def settle(records: Iterable[Touched], words: Sequence[tuple[str, str, Verdict]]) -> dict[str, str]:
    """Return for each touched record the smallest record of the part it now belongs to.

    The newest word is heard first, so it wins over older ones that it contradicts through a third record.
    After the words, records stand together as they did in the last run, then as their strongest ties say,
    then as the linkage grouped them: as far as no word keeps them apart.
    """
    touched = {record.key: record for record in records}
    parts = _Parts({key: key for key in touched})
    for a, b, verdict in words:
        if a not in touched or b not in touched:
            continue
        if verdict is Verdict.SAME:
            parts.join(a, b)
        else:
            parts.part(a, b)
    for a, b in (*_as_before(touched), *_by_ties(touched)):
        parts.join(a, b)
    _gather_the_rest(touched, parts)
    return {key: parts.part_of(key) for key in touched}


def _as_before(touched: dict[str, Touched]) -> Iterator[tuple[str, str]]:
    """Return records of one group that had one reference in the last run, two by two."""
    seen: dict[tuple[str, str], list[str]] = {}
    for record in sorted(touched.values(), key=lambda record: record.key):
        if record.held:
            together = seen.setdefault((record.group, record.held), [])
            yield from ((other, record.key) for other in together)
            together.append(record.key)


def _by_ties(touched: dict[str, Touched]) -> list[tuple[str, str]]:
    """Return each record with the one it is most tied to in its group, the strongest tie first."""
    tied = [record for record in touched.values() if record.tied_to in touched]
    tied.sort(key=lambda record: (-(record.bits or 0.0), record.key))
    return [(record.key, str(record.tied_to)) for record in tied]


def _gather_the_rest(touched: dict[str, Touched], parts: _Parts) -> None:
    """Join what the linkage grouped and nothing keeps apart, to the largest part first."""
    groups: dict[str, dict[str, int]] = {}
    for record in touched.values():
        sizes = groups.setdefault(record.group, {})
        part = parts.part_of(record.key)
        sizes[part] = sizes.get(part, 0) + 1
    for group in sorted(groups):
        largest_first = sorted(groups[group], key=lambda part: (-groups[group][part], part))
        for place, part in enumerate(largest_first):
            any(parts.join(larger, part) for larger in largest_first[:place])
