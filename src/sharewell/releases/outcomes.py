"""What became of every person at the gate, and which clause decided: for tracing one row's journey."""

from __future__ import annotations

from collections.abc import Iterable

from sqlglot import exp

from sharewell.agreements.terms import Level
from sharewell.releases.gate import Gate, excluded_people, gate_steps, protected_people
from sharewell.releases.rows import Part, first_failing, passing
from sharewell.releases.terms import Outcome, Reason
from sharewell.releases.tree import (
    Node,
    alias,
    case,
    cast,
    col,
    is_among,
    joined,
    joining,
    missing,
    select,
    stacked,
    table,
    with_parts,
    within,
    words,
)

_PEOPLE = "gate_everyone"
Branch = tuple[Node, Reason, Node]


def outcome_query(gate: Gate, released: str | None = None) -> exp.Select:
    """Return ``person, outcome, reason, clause``: one row for every person of any list of the release.

    ``released`` names the table of rows that may leave, with its ``person`` column; without it (counts)
    everyone who passes the people rule was counted. Rows: released plus withheld is everyone.
    """
    branches = list(_branches(gate, released))
    reasons = case(*((condition, words(reason)) for condition, reason, _ in branches))
    clauses = case(*((condition.copy(), clause) for condition, _, clause in branches))
    query = select(table(_PEOPLE), col("person", _PEOPLE), alias(reasons, "reason"), alias(clauses, "clause"))
    standings = {_standing_name(part): _standing(part) for part in _deciding(gate)}
    for part in _deciding(gate):
        name = _standing_name(part)
        same = exp.EQ(this=col("person", _PEOPLE), expression=col("person", name))
        query = joining(query, table(name), same, left=True)
    out = case((missing(col("reason")), words(Outcome.RELEASED)), otherwise=words(Outcome.WITHHELD))
    shown = select(
        within(query, "decided"), col("person"), alias(out, "outcome"), col("reason"), col("clause")
    )
    return with_parts(shown, {**gate_steps(gate), _PEOPLE: _everyone(gate), **standings})


def _deciding(gate: Gate) -> list[Part]:
    return [gate.parts[name] for name in dict.fromkeys(gate.people.in_all)]


def _standing_name(part: Part) -> str:
    return f"gate_{part.place}_standing"


def _standing(part: Part) -> exp.Select:
    """Return how each person stands in a list: objected, passing, and the furthest test a row reached."""
    return select(
        table(part.base),
        col("person"),
        alias(exp.LogicalOr(this=col("objected")), "objected"),
        alias(exp.LogicalOr(this=passing(part)), "passing"),
        alias(exp.Max(this=first_failing(part)), "reached"),
    ).group_by(col("person"))


def _everyone(gate: Gate) -> exp.Select:
    rows = stacked([select(table(part.base), col("person")) for part in gate.parts.values()])
    return select(within(rows, "everyone"), col("person")).distinct()


def _branches(gate: Gate, released: str | None) -> Iterable[Branch]:
    """Yield each reason to withhold, in the order the gate asks, with the clause that says so."""
    person = col("person", _PEOPLE)
    if gate.decision.level is not Level.AGGREGATE:
        yield is_among(person, protected_people()), Reason.PROTECTED, words("protected")
    for part in _deciding(gate):
        yield from _standing_branches(part)
    for name in gate.people.not_in:
        excluded = excluded_people(gate.parts[name])
        yield is_among(person.copy(), excluded), Reason.IN_EXCLUDED_LIST, words(f"people.not_in.{name}")
    if released is not None:
        left_out = exp.Not(this=is_among(person.copy(), select(table(released), col("person"))))
        yield _left_out(gate, left_out)


def _standing_branches(part: Part) -> Iterable[Branch]:
    standing, name = _standing_name(part), part.dataset.name
    yield missing(col("person", standing)), Reason.NOT_IN_ALL, words(f"people.in_all.{name}")
    yield col("objected", standing), Reason.OBJECTION, words(f"objection.{name}")
    reached = cast(col("reached", standing), "text")
    clause = joined(words(f"{part.decided.clause}.rows["), reached, words("]"))
    yield exp.Not(this=col("passing", standing)), Reason.ROW_TEST, clause


def _left_out(gate: Gate, condition: Node) -> Branch:
    if gate.decision.level is Level.EXISTENCE:
        return condition, Reason.NOTHING_KNOWN, words("use.existence")
    return condition, Reason.SMALL_GROUP, words("use.k")
