"""Run a release in the engine and see what of it is new. Nothing is written here and nothing leaves."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from sqlglot import exp

from sharewell.agreements.terms import Agreement, Level
from sharewell.releases import ledger
from sharewell.releases.compile import keyed_query, release_query
from sharewell.releases.gate import Gate
from sharewell.releases.layout import key_columns, visible_columns
from sharewell.releases.outcomes import outcome_query
from sharewell.releases.tabulate import tables_query
from sharewell.releases.terms import Dataset, Decision, Outcome, PeopleRule
from sharewell.releases.tree import alias, col, select, table, truth, words
from sharewell.store.engine import Engine, Relation


@dataclass(frozen=True)
class ReleaseRequest:
    """What a flow asks the gate for.

    ``at`` is the caller's clock, an aware instant; ``as_of`` the day ages are reckoned on. ``key`` is the
    agreement's 32-byte pseudonym key. ``asked`` maps a dataset to the fields wanted of it; empty, it asks
    for all that was agreed. ``ledger`` is what was delivered before; ``staging`` and ``outbox`` lie on one
    disk.
    """

    flow: str
    agreement: Agreement
    party: str
    role: str
    level: Level
    recipient: str
    datasets: Mapping[str, Dataset]
    people: PeopleRule
    as_of: date
    at: datetime
    key: bytes = field(repr=False)
    staging: Path
    outbox: Path
    asked: Mapping[str, Sequence[str]] = field(default_factory=dict)
    ledger: Relation | None = None


@dataclass(frozen=True)
class Prepared:
    """A release that is ready, or found to hold nothing new (``release_id``, ``staged``, ``final`` None).

    ``released`` counts the rows the decision allows, ``released_new`` those staged. ``outcomes`` has
    ``person, outcome, reason, clause``; ``ledger`` is the new full ledger; ``subjects`` the people of the
    staged rows (``person``). ``withheld`` counts people by reason.
    """

    flow: str
    recipient: str
    decision: Decision
    fields_released: tuple[str, ...]
    fields_withheld: tuple[tuple[str, str], ...]
    released: int
    released_new: int
    withheld: Mapping[str, int]
    outcomes: Relation
    ledger: Relation
    subjects: Relation
    sql: str
    sql_sha256: str
    content_sha256: str
    release_id: str | None = None
    staged: Path | None = None
    final: Path | None = None


@dataclass(frozen=True)
class Made:
    """A release in the engine: the rows it allows, those that are new, who was withheld, the new ledger."""

    rows: Relation
    new: Relation
    outcomes: Relation
    ledger: Relation
    subjects: Relation
    withheld: Mapping[str, int]
    content_sha256: str
    release_id: str | None
    sql: str


@dataclass(frozen=True)
class Making:
    """One release being made: its tables are named after the flow and dropped afterwards."""

    request: ReleaseRequest
    gate: Gate
    engine: Engine
    afterwards: ExitStack

    def make(self) -> Made:
        """Run the release and see what of it is new."""
        rows = self._passing(self._create("rows", self._hashed()))
        outcomes = self._create("outcomes", outcome_query(self.gate, self._keyed(rows)))
        content = self._content(rows.name, ledger.REFERENCE)
        new = self._passing(self._create("new", self._new(rows, content)))
        release_id = self._release_id(new, content) if new.count() else None
        return Made(
            rows=rows,
            new=new,
            outcomes=outcomes,
            ledger=self._create("ledger", self._ledger(new, content, release_id)),
            subjects=self._create("subjects", self._subjects(new, outcomes)),
            withheld=self._withheld_people(outcomes),
            content_sha256=content,
            release_id=release_id,
            sql=self._sql(),
        )

    def delivery(self, new: Relation) -> exp.Select:
        """Return the query of the rows to stage, in an order that tells nothing of the lists' own."""
        query = select(table(new.name), *(col(name) for name in self._visible))
        if self._counts:
            return query
        return query.order_by(*(col(name) for name in key_columns(self.gate.decision.level)))

    @property
    def _counts(self) -> bool:
        return self.gate.decision.level is Level.AGGREGATE

    @property
    def _visible(self) -> tuple[str, ...]:
        return visible_columns(self.gate.decision, self.gate.parts)

    def _create(self, name: str, query: exp.Query) -> Relation:
        return self.engine.create(f"release_{self.request.flow}_{name}", query)

    def _passing(self, relation: Relation) -> Relation:
        """Return a table that is dropped once the release is prepared: its rows are people's."""
        self.afterwards.callback(relation.drop)
        return relation

    def _keyed(self, rows: Relation) -> str | None:
        return None if self._counts else rows.name

    def _held(self) -> str | None:
        return self.request.ledger.name if self.request.ledger else None

    def _hashed(self) -> exp.Select:
        released = tables_query(self.gate) if self._counts else keyed_query(self.gate)
        return ledger.hashed_query(released, key_columns(self.gate.decision.level), self._visible)

    def _new(self, rows: Relation, content: str) -> exp.Select:
        """Return the rows to stage: those not yet delivered; of counts, the whole table or nothing."""
        if not self._counts:
            return ledger.new_query(rows.name, self._held())
        whole = select(table(rows.name), exp.Star())
        return whole.where(truth(False)) if self._holds(content) else whole

    def _holds(self, content: str) -> bool:
        held = self._held()
        if held is None:
            return False
        same = exp.EQ(this=col(ledger.ROW_HASH), expression=words(content))
        return self.engine.fetch(select(table(held), col(ledger.ROW_HASH)).where(same)).num_rows > 0

    def _content(self, source: str, reference: str) -> str:
        answer = self.engine.fetch(ledger.content_query(source, reference))
        return str(answer.column(0)[0].as_py())

    def _release_id(self, new: Relation, content: str) -> str:
        """Return a name that the same inputs and the same deliveries before always give."""
        held = self._held()
        before = self._content(held, "reference") if held else ""
        staged = self._content(new.name, ledger.REFERENCE) if held else content
        said = [
            self.request.flow,
            self.request.recipient,
            self.gate.decision.agreement_sha256,
            content,
            staged,
            before,
        ]
        return hashlib.sha256(json.dumps(said).encode()).hexdigest()[:16]

    def _ledger(self, new: Relation, content: str, release_id: str | None) -> exp.Query:
        rows = ledger.new_rows_of(new.name) if not self._counts else ledger.whole_table_row(content)
        if release_id is None:
            rows = rows.where(truth(False))
        return ledger.ledger_query(rows, self._held(), release_id or "", self.request.at)

    def _subjects(self, new: Relation, outcomes: Relation) -> exp.Select:
        if not self._counts:
            return select(table(new.name), col("person")).distinct()
        counted = exp.EQ(this=col("outcome"), expression=words(Outcome.RELEASED))
        people = select(table(outcomes.name), col("person")).where(counted)
        return people if new.count() else people.where(truth(False))

    def _withheld_people(self, outcomes: Relation) -> Mapping[str, int]:
        number = alias(exp.Count(this=exp.Star()), "people")
        kept_back = exp.Not(this=exp.Is(this=col("reason"), expression=exp.Null()))
        query = select(table(outcomes.name), col("reason"), number).where(kept_back)
        answer = self.engine.fetch(query.group_by(col("reason")).order_by(col("reason")))
        return {str(row["reason"]): int(row["people"]) for row in answer.to_pylist()}

    def _sql(self) -> str:
        request, gate = self.request, self.gate
        query = release_query(
            gate.decision, request.datasets, request.people, as_of=request.as_of, now=request.at
        )
        return query.sql("duckdb", pretty=True)
