"""What changed since last time: each drift one sentence with its size, the greatest first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from sharewell.cleaning.profile.kinds import IN_WORDS
from sharewell.cleaning.profile.rules import SMALLEST
from sharewell.cleaning.profile.terms import ColumnProfile, Drift, Profile, Range, Tallies

ROWS: Final = 0.05
FILL: Final = 0.02
DISTINCT: Final = 0.05
SHAPE: Final = 0.02
NUMBER: Final = 0.1
MOST_SHAPES_TOLD: Final = 3


def drifts(now: Profile, last: Profile) -> tuple[Drift, ...]:
    """Return what is not as it was in an earlier profile of the same list, the greatest first.

    Told are: rows by 5 %, columns come, gone or moved, fill by 2 points, distinct values by 5, shapes by 2,
    ranges that moved. A share must also stand for 8 rows or more, so that chance in small files says nothing.
    """
    found = [*_of_rows(now, last), *_of_columns(now, last)]
    for column in now.columns:
        before = last.column(column.name)
        if before:
            found += _of_column(column, before, _floor(now, last))
    return tuple(sorted(found, key=lambda drift: -drift.size))


def _floor(now: Profile, last: Profile) -> float:
    """Return the least change of a share that stands for 8 rows in the smaller of the two files."""
    fewest = min(now.rows or 1, last.rows or 1)
    return SMALLEST / fewest


def _of_rows(now: Profile, last: Profile) -> Iterator[Drift]:
    if not now.rows or not last.rows:
        return
    change = now.rows / last.rows - 1
    if abs(change) >= ROWS and abs(now.rows - last.rows) >= SMALLEST:
        more = "more" if change > 0 else "fewer"
        text = f"The file has {now.rows:,} rows and had {last.rows:,}: {_percent(abs(change))} {more}."
        yield Drift("rows", None, abs(change), text)


def _of_columns(now: Profile, last: Profile) -> Iterator[Drift]:
    names, before = [each.name for each in now.columns], [each.name for each in last.columns]
    for name in names:
        if name not in before:
            yield Drift("column_new", name, 2.0, f"The column “{name}” is new.")
    for name in before:
        if name not in names:
            yield Drift("column_gone", name, 2.0, f"The column “{name}” is gone.")
    if _order(names, before) != _order(before, names):
        yield Drift("columns_moved", None, 1.5, "The columns are in another order.")


def _order(names: Sequence[str], others: Sequence[str]) -> list[str]:
    return [name for name in names if name in others]


def _of_column(now: ColumnProfile, last: ColumnProfile, floor: float) -> Iterator[Drift]:
    if now.kind != last.kind:
        was, is_ = IN_WORDS.get(last.kind, last.kind).lower(), IN_WORDS.get(now.kind, now.kind).lower()
        yield Drift("type", now.name, 1.2, f"{now.name} held values like {_a(was)} and now {_a(is_)}.")
    yield from _of_share("fill", now, last.fill.share, now.fill.share, max(FILL, floor), "filled")
    distinct = last.distinct_share, now.distinct_share
    yield from _of_share("distinct", now, *distinct, max(DISTINCT, floor), "distinct values")
    yield from _of_shapes(now.name, now.shapes, last.shapes, max(SHAPE, floor))
    yield from _of_lengths(now.name, now.lengths, last.lengths)
    yield from _of_days(now, last)
    yield from _of_range(now.name, now.range, last.range)


def _a(words: str) -> str:
    return f"an {words}" if words[0] in "aeio" else f"a {words}"


def _of_share(
    kind: str, column: ColumnProfile, was: float | None, now: float | None, floor: float, words: str
) -> Iterator[Drift]:
    if was is None or now is None or abs(now - was) < floor:
        return
    text = f"{column.name}: {_percent(now)} {words}, {_percent(was)} last time ({_points(now - was)})."
    yield Drift(kind, column.name, abs(now - was), text)


def _of_shapes(name: str, now: Tallies, last: Tallies, floor: float) -> Iterator[Drift]:
    labels = dict.fromkeys([*(t.label for t in now.shown), *(t.label for t in last.shown)])
    changes = {label: now.share(label) - last.share(label) for label in labels}
    moved = sorted(changes.items(), key=lambda pair: -abs(pair[1]))[:MOST_SHAPES_TOLD]
    for label, change in moved:
        if abs(change) >= floor:
            was, is_ = _percent(last.share(label)), _percent(now.share(label))
            new = "is new: " if not last.share(label) else ""
            text = f"{name}: the shape {label} {new}is {is_} of values, {was} last time ({_points(change)})."
            yield Drift("shape", name, abs(change), text.replace("is new: is", "is new:"))


def _of_lengths(name: str, now: Tallies, last: Tallies) -> Iterator[Drift]:
    was, is_ = _ends(last), _ends(now)
    if was and is_ and was != is_:
        labels = {tally.label for tally in last.shown}
        size = sum(tally.rows for tally in now.shown if tally.label not in labels) / max(now.rows, 1)
        text = f"{name}: lengths run from {_to(is_)}; last time from {_to(was)}."
        yield Drift("length", name, size, text)


def _ends(lengths: Tallies) -> tuple[str, str] | None:
    return (lengths.shown[0].label, lengths.shown[-1].label) if lengths.shown else None


def _to(ends: tuple[str, str]) -> str:
    first, last = ends[0].split(" to ")[0], ends[1].split(" to ")[-1]
    return f"{first} to {last} characters"


def _of_days(now: ColumnProfile, last: ColumnProfile) -> Iterator[Drift]:
    if not now.days or not last.days or not now.days.first or not last.days.first:
        return
    was, is_ = (last.days.first, last.days.last), (now.days.first, now.days.last)
    if was != is_ and now.days.unit == last.days.unit:
        labels = {tally.label for tally in last.days.by.shown}
        beyond = sum(tally.rows for tally in now.days.by.shown if tally.label not in labels)
        size = beyond / max(now.days.by.rows, 1)
        text = f"{now.name}: dates run from {is_[0]} to {is_[1]}; last time from {was[0]} to {was[1]}"
        yield Drift("range", now.name, size, f"{text} ({_percent(size)} lie where none did).")


def _of_range(name: str, now: Range | None, last: Range | None) -> Iterator[Drift]:
    if not now or not last:
        return
    width = max(last.high - last.low, 1e-9)
    size = max(abs(now.low - last.low), abs(now.middle - last.middle), abs(now.high - last.high)) / width
    if size >= NUMBER:
        text = (
            f"{name}: nine in ten numbers lie from {now.low:,g} to {now.high:,g}; last time from"
            f" {last.low:,g} to {last.high:,g} (moved by {_percent(size)} of that range)."
        )
        yield Drift("range", name, size, text)


def _percent(share: float) -> str:
    percent = 100 * share
    return f"{percent:.0f} %" if percent >= 10 or percent == round(percent) else f"{percent:.1f} %"


def _points(change: float) -> str:
    points = abs(100 * change)
    size = f"{points:.0f}" if points >= 10 else f"{points:.1f}".removesuffix(".0")
    return f"{size} points {'more' if change > 0 else 'fewer'}"
