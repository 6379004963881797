"""The dates of a column by month, read by the same rule that cleaning reads them by."""

from __future__ import annotations

from datetime import date

import pyarrow as pa

from sharewell.cleaning.compile import recipe
from sharewell.cleaning.profile import rules
from sharewell.cleaning.profile.terms import Days
from sharewell.cleaning.terms import Rule
from sharewell.sources.terms import Field, FieldType
from sharewell.store.engine import Relation

_MONTH = "CASE WHEN m.v IS NULL THEN substr(p.v, 1, 7) ELSE m.month END"


def days_of(rows: Relation, kind: FieldType, as_of: date) -> Days:
    """Return the dates of the values just grouped, by month or year; what holds no date is counted apart."""
    engine = rows.engine
    made = recipe(Field("day", kind, "Date"), as_of)
    failing = [str(v) for v in engine.fetch(made.failing("v", "profile_values")).column(0).to_pylist()]
    rule = made.rule(failing)
    months = [_month_of(value, rule) for value in failing]
    table = pa.table({"v": pa.array(failing, pa.string()), "month": pa.array(months, pa.string())})
    engine.load("profile_months", table)
    try:
        found = engine.fetch(
            f"SELECT {_MONTH} AS month, sum(p.n)::BIGINT AS n FROM profile_values AS p"
            " LEFT JOIN profile_months AS m ON p.v = m.v GROUP BY 1"
        ).to_pylist()
    finally:
        engine.drop("profile_months")
    counts = {row["month"]: row["n"] for row in found}
    not_read = counts.pop(None, 0)
    unit, by = rules.binned_months(counts)
    return Days(unit, rules.pooled(by, in_order=True), rules.shown_count(not_read))


def _month_of(value: str, rule: Rule) -> str | None:
    """Return the month of a value that is not in one form yet; None when it holds no date."""
    decision = rule(value)
    day = decision.after if decision else value
    return day[:7] if day else None
