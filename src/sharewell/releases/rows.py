"""Which rows of a list count: bars and objections, then the row tests, then one row a person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlglot import exp

from sharewell.agreements.terms import Form, Level, RowTest, Test, Value
from sharewell.releases.show import WARD
from sharewell.releases.terms import Dataset, DatasetDecision, Decision
from sharewell.releases.tree import (
    Node,
    alias,
    called,
    case,
    cast,
    coalesce,
    col,
    every,
    is_among,
    present,
    select,
    table,
    tried,
    truth,
    whole,
    within,
    words,
)
from sharewell.sources.terms import FieldType
from sharewell.vocab.errors import AgreementInvalid, NotCovered, UnknownColumn, Where

GATE_COLUMNS = ("person", "source", "source_row", "as_of", "objected", "protected")
_NUMBERS = {FieldType.INTEGER: "bigint", FieldType.NUMBER: "double"}
_DATES = frozenset({FieldType.DATE, FieldType.DATETIME})


@dataclass(frozen=True)
class Part:
    """One list of a release: its data, what was decided for it, and the names of its steps in the query."""

    place: int
    dataset: Dataset
    decided: DatasetDecision
    own: bool
    level: Level

    @property
    def base(self) -> str:
        """Return the name of the rows as they are held."""
        return f"gate_{self.place}_base"

    @property
    def rows(self) -> str:
        """Return the name of the rows that pass bars and tests."""
        return f"gate_{self.place}_rows"

    @property
    def one(self) -> str:
        """Return the name of the one row a person."""
        return f"gate_{self.place}_one"

    @property
    def has_ward(self) -> bool:
        """Return whether the list knows the ward of its addresses."""
        return WARD in self.dataset.relation.columns

    def steps(self) -> Mapping[str, exp.Query]:
        """Return the named steps of this list, in order."""
        return {self.base: _base(self), self.rows: _rows(self), self.one: _one(self)}


def parts_of(decision: Decision, datasets: Mapping[str, Dataset]) -> Mapping[str, Part]:
    """Return each list with what was decided for it.

    A list that the agreement does not name may take part only as the recipient's own, to choose people.
    Raises NotCovered, UnknownColumn.
    """
    found = {name: _part(place, decision, item) for place, (name, item) in enumerate(datasets.items())}
    for part in found.values():
        _require_columns(part)
    return found


def passing(part: Part) -> Node:
    """Return whether a row passes every test of its list."""
    return every(_test(part, item) for item in part.decided.tests)


def first_failing(part: Part) -> Node:
    """Return the place of the first test a row fails; the number of tests when it passes all."""
    failing = [
        (exp.Not(this=exp.Paren(this=_test(part, item))), whole(place))
        for place, item in enumerate(part.decided.tests)
    ]
    end = whole(len(failing))
    return case(*failing, otherwise=end) if failing else end


def _part(place: int, decision: Decision, item: Dataset) -> Part:
    decided = decision.dataset(item.name)
    if decided is None and not item.own:
        raise NotCovered(
            f"Agreement {decision.agreement_id} does not cover {item.name}.",
            f"The nearest it allows: {', '.join(held.dataset for held in decision.datasets) or 'nothing'}.",
        )
    if decided is not None and item.own and decided.party != decision.party:
        raise NotCovered(
            f"{item.name} is {decided.party}'s list, not {decision.party}'s own.",
            "Leave out `own`, and the agreement's terms for it apply.",
        )
    decided = decided or DatasetDecision(item.name, decision.party, f"own.{item.name}", (), (), ())
    return Part(place, item, decided, decided.party == decision.party, decision.level)


def _needed(part: Part) -> tuple[str, ...]:
    """Return the columns a release reads: nothing that is withheld is even looked at."""
    shown = [item.field for item in part.decided.shown if item.form is not Form.WARD]
    tests = [item.field for item in part.decided.tests]
    ward = [WARD] if _wants_ward(part) else []
    return tuple(name for name in dict.fromkeys([*shown, *tests, *ward]) if name not in GATE_COLUMNS)


def _wants_ward(part: Part) -> bool:
    if part.level is Level.AGGREGATE:
        return part.has_ward
    return any(item.form is Form.WARD for item in part.decided.shown)


def _require_columns(part: Part) -> None:
    held = part.dataset.relation.columns
    for name in (*GATE_COLUMNS, *_needed(part)):
        if name not in held:
            raise UnknownColumn(
                f"The list {part.dataset.name} has no column {name}, which the release needs.",
                "Match its addresses to places first."
                if name == WARD
                else "Mend the agreement, or the standard.",
                Where(column=name),
            )


def _base(part: Part) -> exp.Select:
    kept = [
        col("person"),
        col("source"),
        col("source_row"),
        col("as_of"),
        alias(coalesce(cast(col("objected"), "boolean"), truth(False)), "objected"),
        alias(coalesce(cast(col("protected"), "boolean"), truth(False)), "protected"),
        *(col(name) for name in _needed(part)),
    ]
    return select(table(part.dataset.relation.name), *kept).where(present(col("person")))


def _rows(part: Part) -> exp.Select:
    """Leave out everyone who objected in this list, then the rows that fail a test."""
    objectors = select(table(part.base), col("person")).where(col("objected"))
    kept = select(table(part.base), exp.Star())
    return kept.where(exp.Not(this=is_among(col("person"), objectors))).where(passing(part))


def _one(part: Part) -> exp.Select:
    """Keep one row a person: the latest, then by source, then the first in its file."""
    order = exp.Order(
        expressions=[
            exp.Ordered(this=col("as_of"), desc=True, nulls_first=False),
            exp.Ordered(this=col("source"), nulls_first=False),
            exp.Ordered(this=col("source_row"), nulls_first=False),
        ]
    )
    number = exp.Window(this=exp.RowNumber(), partition_by=[col("person")], order=order)
    numbered = select(table(part.rows), exp.Star(), alias(number, "row_of_person"))
    first = exp.EQ(this=col("row_of_person"), expression=whole(1))
    return select(within(numbered, "numbered"), exp.Star()).where(first)


def _test(part: Part, item: RowTest) -> Node:
    """Return one row test; a value that cannot be read fails it."""
    kind = _kind(part, item)
    value = _typed(col(item.field), kind)
    wanted = [_literal(part, item, raw, kind) for raw in item.values]
    return coalesce(exp.Paren(this=_compared(item.test, value, wanted)), truth(False))


def _compared(test: Test, value: Node, wanted: list[Node]) -> Node:
    match test:
        case Test.IS | Test.IS_PLACE:
            return exp.EQ(this=value, expression=wanted[0])
        case Test.IN:
            return exp.In(this=value, expressions=wanted)
        case Test.BETWEEN:
            return exp.Between(this=value, low=wanted[0], high=wanted[1])
        case Test.SINCE:
            return exp.GTE(this=value, expression=wanted[0])


def _kind(part: Part, item: RowTest) -> FieldType:
    field = part.dataset.standard.field(item.field)
    if field is None or item.test is Test.IS_PLACE:
        return FieldType.CODE
    return field.type


def _typed(value: Node, kind: FieldType) -> Node:
    if kind in _DATES:
        return tried(called("LEFT", value, whole(10)), "date")
    if kind in _NUMBERS:
        return tried(value, _NUMBERS[kind])
    return tried(value, "boolean") if kind is FieldType.BOOLEAN else value


def _literal(part: Part, item: RowTest, raw: Value, kind: FieldType) -> Node:
    """Return a test's value in the type of its field. Dates and times are compared by their day."""
    text = str(raw).lower() if isinstance(raw, bool) else str(raw)
    try:
        if kind in _DATES:
            return cast(words(date.fromisoformat(text[:10]).isoformat()), "date")
        if kind is FieldType.INTEGER:
            return whole(int(text))
        if kind is FieldType.NUMBER:
            return cast(words(str(float(text))), "double")
    except ValueError:
        raise AgreementInvalid(
            f"A row test of {part.decided.clause}.rows on {item.field} holds a value that is no {kind}.",
            "Write dates as YYYY-MM-DD and numbers as digits.",
            Where(column=item.field),
        ) from None
    if kind is FieldType.BOOLEAN and text in ("true", "false"):
        return truth(text == "true")
    return words(text)
