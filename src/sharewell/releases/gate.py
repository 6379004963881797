"""Who a release is about: the steps every release shares, from the lists as held to the people who count.

Order: base, bars and objections, row tests, one row a person, people, not expired.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime

from sqlglot import exp

from sharewell.agreements.terms import Level
from sharewell.releases.rows import Part, parts_of, passing
from sharewell.releases.terms import Dataset, Decision, PeopleRule
from sharewell.releases.tree import Node, cast, col, every, is_among, joining, select, stacked, table, words
from sharewell.vocab.errors import FlowInvalid, NotCovered

ELIGIBLE = "gate_people"
_PROTECTED = "gate_protected"


@dataclass(frozen=True)
class Gate:
    """One release to compile: what was decided, over which lists, about which people, on which day.

    ``now`` is the instant the caller's clock gives; it stands in the query as a literal beside the
    agreement's own start and end, so that a query kept past the end yields nothing when it is compiled again
    and a test can move time. Make one with ``open_gate``.
    """

    decision: Decision
    parts: Mapping[str, Part]
    people: PeopleRule
    as_of: date
    now: datetime


def open_gate(
    decision: Decision, datasets: Mapping[str, Dataset], people: PeopleRule, *, as_of: date, now: datetime
) -> Gate:
    """Check that the lists, people and columns of a release fit together.

    Raises NotCovered (a list the agreement does not name; an existence answer without the recipient's own
    list; nothing to show), UnknownColumn, FlowInvalid (the people rule names no list, or an absent one).
    """
    parts = parts_of(decision, datasets)
    unknown = sorted({*people.in_all, *people.not_in} - set(parts))
    if unknown or not people.in_all:
        raise FlowInvalid(
            f"The flow's people rule names {', '.join(unknown) or 'no list'}.",
            f"Say who is in the release by its lists: {', '.join(parts)}.",
        )
    if not any(part.decided.shown for part in parts.values()):
        raise NotCovered(
            f"Agreement {decision.agreement_id} shows no field of these lists at the {decision.level} level.",
            "See why each is withheld with `sharewell check`, or ask at another level.",
        )
    if decision.level is Level.EXISTENCE and not any(part.own for part in parts.values()):
        raise NotCovered(
            "An existence answer is given beside the recipient's own list, and the flow has none.",
            f"Add a list that comes from {decision.party}, or ask at the aggregate level.",
        )
    return Gate(decision, parts, people, as_of, now)


def gate_steps(gate: Gate) -> dict[str, exp.Query]:
    """Return the named steps that every release shares: the lists, the protected people, the people."""
    steps: dict[str, exp.Query] = {}
    for part in gate.parts.values():
        steps.update(part.steps())
    return {**steps, _PROTECTED: _protected(gate), ELIGIBLE: _eligible(gate)}


def protected_people() -> exp.Select:
    """Return the people held back from every list because some list marks them as protected."""
    return select(table(_PROTECTED), col("person"))


def excluded_people(part: Part) -> exp.Select:
    """Return the people whom a list excludes. An objection there does not bring them back in."""
    return select(table(part.base), col("person")).where(passing(part))


def _protected(gate: Gate) -> exp.Query:
    return stacked(
        [select(table(part.base), col("person")).where(col("protected")) for part in gate.parts.values()]
    )


def _eligible(gate: Gate) -> exp.Select:
    """Return the people of the release: in all, in none, nobody protected in a list, and not expired."""
    first, *others = [gate.parts[name] for name in dict.fromkeys(gate.people.in_all)]
    query = select(table(first.one, "first"), col("person", "first"))
    for part in others:
        query = joining(query, table(part.one, part.one), same_person("first", part.one))
    for name in gate.people.not_in:
        excluded = excluded_people(gate.parts[name])
        query = query.where(exp.Not(this=is_among(col("person", "first"), excluded)))
    if gate.decision.level is not Level.AGGREGATE:
        query = query.where(exp.Not(this=is_among(col("person", "first"), protected_people())))
    return query.where(_live(gate))


def _live(gate: Gate) -> Node:
    now = _instant(gate.now)
    return every(
        [
            exp.LTE(this=_instant(gate.decision.starts), expression=now),
            exp.LT(this=now.copy(), expression=_instant(gate.decision.ends)),
        ]
    )


def _instant(at: datetime) -> Node:
    return cast(words(at.astimezone(UTC).isoformat(sep=" ")), "timestamptz")


def same_person(left: str, right: str) -> Node:
    """Return whether the rows of two tables are about one person."""
    return exp.EQ(this=col("person", left), expression=col("person", right))
