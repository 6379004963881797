"""Tell what became of people's references in a run: who is new, who merged, who was split."""

from __future__ import annotations

from datetime import datetime

from sharewell.people.terms import Event
from sharewell.store.duckdb import DuckDB
from sharewell.store.engine import Relation, literal, quoted

BY_EVIDENCE = "the records' own evidence"
BY_STEWARD = "a steward's decision"


def tell_events(engine: DuckDB, table: str, *, at: datetime, run: str) -> Relation:
    """Make ``<table>_events`` from the scratch tables of keeping references, which must still be there."""
    keyed, persons = quoted(f"{table}_keyed"), quoted(f"{table}_persons")
    reason = f"CASE WHEN bool_or(decided) THEN {literal(BY_STEWARD)} ELSE {literal(BY_EVIDENCE)} END"
    moment = f"TIMESTAMPTZ {literal(at.isoformat())}"
    nothing = "CAST([] AS VARCHAR[])"
    return engine.create(
        f"{table}_events",
        f"""
        WITH placed AS (SELECT * FROM {keyed} JOIN {persons} USING (part)),
        surviving AS (SELECT person FROM {persons}),
        born AS (
          SELECT person, {literal(Event.NEW)} AS event, {nothing} AS from_persons, [person] AS to_persons,
            {reason} AS reason, {nothing} AS record_keys, {nothing} AS was
          FROM placed GROUP BY person HAVING count(held) = 0
        ), merged AS (
          SELECT person, {literal(Event.MERGED)} AS event,
            list_sort(list_distinct(list(held))) AS from_persons, [person] AS to_persons, {reason} AS reason,
            list(record_key ORDER BY record_key) AS record_keys, list(held ORDER BY record_key) AS was
          FROM placed WHERE held IS NOT NULL GROUP BY person
          HAVING count(*) FILTER (held <> person AND held NOT IN (SELECT person FROM surviving)) > 0
        ), split AS (
          SELECT held AS person, {literal(Event.SPLIT)} AS event, [held] AS from_persons,
            list_sort(list_distinct(list(person))) AS to_persons, {reason} AS reason,
            list(record_key ORDER BY record_key) AS record_keys, list(held ORDER BY record_key) AS was
          FROM placed WHERE held IS NOT NULL GROUP BY held HAVING count(DISTINCT person) > 1
        ), every AS (FROM born UNION ALL FROM merged UNION ALL FROM split)
        SELECT person, event, from_persons, to_persons, reason, {literal(run)} AS run, {moment} AS at,
          record_keys, was
        FROM every ORDER BY event, person""",
    )
