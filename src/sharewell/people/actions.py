"""A steward's verbs: say that records are of one person or of two, take a person apart, undo a merge.

Each takes the decisions and members as they are and returns them as they become; the caller, which holds
the place, keeps them and writes the audit entry. A decision is never edited or removed: a newer word
on the same two records takes its place.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from sharewell.people.decisions import DECISIONS
from sharewell.people.terms import Event, Verdict
from sharewell.vocab.errors import PersonUnknown


@dataclass(frozen=True)
class Undone:
    """What undoing a merge leaves: more decisions, and members with the references they had before."""

    decisions: pa.Table
    members: pa.Table


def decide(
    decisions: pa.Table | None,
    record_a: str,
    record_b: str,
    verdict: Verdict,
    *,
    by: str,
    at: datetime,
    reason: str,
) -> pa.Table:
    """Return the decisions with a steward's word on two records, by their record keys."""
    return _with_words(decisions, [(record_a, record_b)], verdict, by=by, at=at, reason=reason)


def split_person(
    decisions: pa.Table | None,
    members: pa.Table,
    person: str,
    part: Iterable[str],
    *,
    by: str,
    at: datetime,
    reason: str,
) -> pa.Table:
    """Return the decisions that part some records of a person (their record keys) from the rest, for ever.

    The next run gives the larger part the person's reference and the other a new one. Raises PersonUnknown
    when the person has no such records, or no others.
    """
    chosen = set(part)
    own = _keys_of(members, person)
    if not chosen or not chosen < own:
        raise PersonUnknown(
            "The person does not hold those records, or holds no others.",
            "Look the person's records up again and choose some of them.",
        )
    pairs = [(a, b) for a in sorted(chosen) for b in sorted(own - chosen)]
    return _with_words(decisions, pairs, Verdict.DIFFERENT, by=by, at=at, reason=reason)


def undo_merge(
    decisions: pa.Table | None,
    members: pa.Table,
    events: pa.Table,
    person: str,
    *,
    run: str,
    by: str,
    at: datetime,
    reason: str,
) -> Undone:
    """Return decisions and members in which a merge of that run never happened, nor ever will again.

    Every record joined gets back the reference it had; records of different parts are said to differ. Records
    that came later stay with the part the next run finds them tied to. Raises PersonUnknown when the run
    merged nobody into that person.
    """
    before = _before_merge(events, person, run)
    restored = [
        before.get(str(key), str(now)) if now == person else str(now)
        for key, now in zip(*(members[name].to_pylist() for name in ("record_key", "person")), strict=True)
    ]
    place = members.column_names.index("person")
    parts: dict[str, list[str]] = {}
    for key, reference in before.items():
        parts.setdefault(reference, []).append(key)
    pairs = list(_across(list(parts.values())))
    return Undone(
        _with_words(decisions, pairs, Verdict.DIFFERENT, by=by, at=at, reason=reason),
        members.set_column(place, "person", pa.array(restored, pa.string())),
    )


def _keys_of(members: pa.Table, person: str) -> set[str]:
    """Return the record keys of a person."""
    rows = members.select(["person", "record_key"]).filter(pc.field("person") == person)
    return {str(key) for key in rows["record_key"].to_pylist()}


def _before_merge(events: pa.Table, person: str, run: str) -> dict[str, str]:
    """Return each joined record with the reference it had before."""
    wanted = {"person": person, "run": run, "event": Event.MERGED.value}
    for event in events.to_pylist():
        if all(event[name] == value for name, value in wanted.items()):
            return dict(zip(event["record_keys"], event["was"], strict=True))
    raise PersonUnknown(
        "No merge into that person is recorded in that run.",
        "Look up the person's events, and name the run that merged them.",
    )


def _across(parts: Sequence[Sequence[str]]) -> Iterable[tuple[str, str]]:
    for place, part in enumerate(parts):
        for other in parts[place + 1 :]:
            yield from ((a, b) for a in part for b in other)


def _with_words(
    decisions: pa.Table | None,
    pairs: Sequence[tuple[str, str]],
    verdict: Verdict,
    *,
    by: str,
    at: datetime,
    reason: str,
) -> pa.Table:
    ordered = [(min(pair), max(pair)) for pair in pairs]
    said: dict[str, list[Any]] = {
        "record_a": [a for a, _ in ordered],
        "record_b": [b for _, b in ordered],
        "verdict": [verdict.value] * len(ordered),
        "by": [by] * len(ordered),
        "at": [at] * len(ordered),
        "reason": [reason] * len(ordered),
    }
    spoken = pa.table(said, DECISIONS)
    return spoken if decisions is None else pa.concat_tables([decisions.cast(DECISIONS), spoken])
