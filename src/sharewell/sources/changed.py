"""Notice how a supplier's delivery differs from its last confirmed layout, and say so in words.

Columns in another order are no matter: they are known by their headings. Anything else waits for a person,
who sees what is thought to have happened, how sure that is, and the command that settles it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Final

from sharewell.sources.alike import alike, drifted, retyped, shapes_shared, sureness
from sharewell.sources.imprint import Imprint
from sharewell.sources.layout import Layout, Remembered, heading_key
from sharewell.sources.rules import normal_heading

_SUSPECT: Final = 0.75
_MOST_SUSPECTS: Final = 150


class Changed(StrEnum):
    """In what way a delivery differs from the layout that was remembered."""

    REORDERED = "reordered"
    NEW = "new"
    MISSING = "missing"
    RENAMED = "renamed"
    EMPTIED = "emptied"
    RETYPED = "retyped"
    SWAPPED = "swapped"
    SHIFTED = "shifted"


@dataclass(frozen=True)
class Change:
    """One difference. ``columns`` are headings: of a renamed column the old and the new one."""

    kind: Changed
    columns: tuple[str, ...]
    confidence: float
    text: str

    @property
    def needs_a_person(self) -> bool:
        """Return whether somebody must say what it means before the delivery is used."""
        return self.kind is not Changed.REORDERED


@dataclass(frozen=True)
class _Kept:
    """A column that stands in both: how it was remembered and how it is now."""

    was: Remembered
    heading: str
    now: Imprint

    @property
    def same(self) -> float:
        return alike(self.was.imprint, self.now)


def compare(
    layout: Layout, columns: Sequence[str], imprints: Mapping[str, Imprint], fields: Mapping[str, str]
) -> tuple[Change, ...]:
    """Return every way in which a delivery differs from its supplier's layout, what matters most first.

    ``fields``: what the standard itself knows the headings to mean, by name or synonym.
    """
    here = {heading_key(name): name for name in columns}
    known = {column.key for column in layout.columns}
    gone = [column for column in layout.columns if column.key not in here]
    came = [name for name in columns if heading_key(name) not in known]
    kept = [
        _Kept(column, here[column.key], imprints[here[column.key]])
        for column in layout.columns
        if column.key in here and here[column.key] in imprints
    ]
    moved = _moved(kept)
    touched = {
        name
        for change in moved
        for name in (change.columns if change.kind is Changed.SWAPPED else change.columns[:1])
    }
    written = [change for each in kept if each.heading not in touched and (change := _written(each))]
    renamed = _renamed(gone, came, imprints, fields)
    old, new = {change.columns[0] for change in renamed}, {change.columns[1] for change in renamed}
    missing = [_missing(column) for column in gone if column.heading not in old]
    added = [_added(name, imprints.get(name)) for name in came if name not in new]
    return (*moved, *written, *renamed, *missing, *added, *_reordered(layout, columns))


def _reordered(layout: Layout, columns: Sequence[str]) -> list[Change]:
    before = [column.key for column in layout.columns]
    now = [heading_key(name) for name in columns]
    both = set(before) & set(now)
    first, second = ([key for key in keys if key in both] for keys in (before, now))
    if first == second:
        return []
    text = "The columns stand in another order; each is still known by its heading."
    return [Change(Changed.REORDERED, (), 1.0, text)]


def _missing(column: Remembered) -> Change:
    meant = f", which gave {column.field}," if column.field else ""
    return Change(
        Changed.MISSING, (column.heading,), 1.0, f"The column '{column.heading}'{meant} is no longer there."
    )


def _added(name: str, imprint: Imprint | None) -> Change:
    looks = f"; {imprint.said}" if imprint and imprint.said else ""
    return Change(Changed.NEW, (name,), 1.0, f"The column '{name}' is new{looks}.")


def _renamed(
    gone: Sequence[Remembered],
    came: Sequence[str],
    imprints: Mapping[str, Imprint],
    fields: Mapping[str, str],
) -> list[Change]:
    """Pair columns that went with columns that came, the surest first."""
    scored = [
        (score, column, name)
        for column in gone[:_MOST_SUSPECTS]
        for name in came[:_MOST_SUSPECTS]
        if (score := _one_and_the_same(column, name, imprints.get(name), fields)) >= 0.45
    ]
    found: list[Change] = []
    done: set[str] = set()
    for score, column, name in sorted(scored, key=lambda pair: -pair[0]):
        if {f"-{column.heading}", f"+{name}"} & done:
            continue
        rivals = [s for s, c, n in scored if (c is column) != (n == name)]
        sure = min(0.97, score * (1 - 0.4 * max(0.0, 1 - (score - max(rivals, default=0.0)) / 0.3)))
        found.append(_said_renamed(column, name, imprints.get(name), round(sure, 2)))
        done |= {f"-{column.heading}", f"+{name}"}
    return found


def _one_and_the_same(column: Remembered, name: str, now: Imprint | None, fields: Mapping[str, str]) -> float:
    """Return how likely it is that a column that came is one that went, under another heading."""
    if column.field and fields.get(name) == column.field:
        return 0.97
    likeness = SequenceMatcher(None, normal_heading(column.heading), normal_heading(name)).ratio()
    values = alike(column.imprint, now) if now else 0.5
    if fields.get(name) not in (None, column.field) or (likeness < 0.6 and values < 0.6):
        return 0.0
    return values * (0.55 + 0.4 * max(likeness, _telling(column.imprint)))


def _telling(imprint: Imprint) -> float:
    """Return how much it says that another column looks the same: much of NHS numbers, little of words."""
    plain = {"WHOLE", "DECIMAL", "CODE", "WORD", "WORDS", "TEXT", "YES_NO", "LONG_NUMBER"}
    return 0.4 if imprint.main is None or imprint.main.name in plain else 0.9


def _said_renamed(column: Remembered, name: str, now: Imprint | None, sure: float) -> Change:
    share = shapes_shared(column.imprint, now) if now else 0.0
    text = (
        f"'{column.heading}' is probably now called '{name}': {share:.0%} of the values are alike in shape."
    )
    return Change(Changed.RENAMED, (column.heading, name), sure, text)


def _written(each: _Kept) -> Change | None:
    """Return how a column that kept its heading and its place in the world is written otherwise."""
    before, now, name = each.was.imprint, each.now, each.heading
    if now.rows >= 20 and before.filled >= 0.5 and now.filled < 0.01:
        text = f"The column '{name}' is now empty; {before.filled:.0%} of it was filled."
        return Change(Changed.EMPTIED, (name,), 0.95, text)
    if how := retyped(before, now):
        sure = round(min(0.97, sureness(before, now)), 2)
        return Change(Changed.RETYPED, (name,), sure, f"In the column '{name}', {how}.")
    if how := drifted(before, now):
        sure = round(0.9 * sureness(before, now), 2)
        return Change(Changed.SHIFTED, (name,), sure, f"The column '{name}' may mean something else: {how}.")
    return None


def _moved(kept: Sequence[_Kept]) -> list[Change]:
    """Return columns whose values look like those that stood under other headings before."""
    suspects = [each for each in kept if min(each.was.imprint.values, each.now.values) >= 10]
    suspects = [each for each in suspects if each.same < _SUSPECT][:_MOST_SUSPECTS]
    found: list[Change] = []
    done: set[str] = set()
    for gain, first, second in sorted(_swaps(suspects), key=lambda swap: -swap[0]):
        if {first.heading, second.heading} & done:
            continue
        found.append(_said_swapped(first, second, gain))
        done |= {first.heading, second.heading}
    rest = [each for each in suspects if each.heading not in done]
    return found + [change for each in rest if (change := _shifted(each, rest))]


def _swaps(suspects: Sequence[_Kept]) -> list[tuple[float, _Kept, _Kept]]:
    swaps = []
    for place, first in enumerate(suspects):
        for second in suspects[place + 1 :]:
            across = min(alike(first.was.imprint, second.now), alike(second.was.imprint, first.now))
            gain = across - max(first.same, second.same)
            if across >= 0.6 and gain >= 0.25:
                swaps.append((gain, first, second))
    return swaps


def _said_swapped(first: _Kept, second: _Kept, gain: float) -> Change:
    sure = min(0.97, (0.6 + 0.6 * gain) * min(sureness(e.was.imprint, e.now) for e in (first, second)))
    text = (
        f"The values of '{first.heading}' and '{second.heading}' seem to have changed places: "
        "each column now looks as the other did."
    )
    return Change(Changed.SWAPPED, (first.heading, second.heading), round(sure, 2), text)


def _shifted(each: _Kept, others: Sequence[_Kept]) -> Change | None:
    scored = [(alike(other.was.imprint, each.now), other) for other in others if other is not each]
    best, other = max(scored, key=lambda pair: pair[0], default=(0.0, each))
    if best < 0.7 or best - each.same < 0.3:
        return None
    sure = min(0.95, (0.5 + 0.5 * (best - each.same)) * sureness(other.was.imprint, each.now))
    text = f"The values of '{each.heading}' now look like those that stood under '{other.heading}'."
    return Change(Changed.SHIFTED, (each.heading, other.heading), round(sure, 2), text)
