"""Find whom a record means that names a wife by her husband's initials, or husband and wife in one cell."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from sharewell.people.prepare import Prepared
from sharewell.people.weights import Numbers
from sharewell.store.duckdb import DuckDB
from sharewell.store.engine import quoted

HUSBANDS_INITIALS = "husbands_initials"
ALSO_NAMES = "also_names"
YEARS_BETWEEN = 20
"""Married people are taken to be born within so many years: a daughter is no wife."""


def name_wives(people: Numbers, prepared: Prepared, engine: DuckDB) -> tuple[Numbers, pa.Table]:
    """Return the people with wives' records joined, and l, r, bits, reason of what a person should look at.

    "Mrs J Hall", of no date of birth, is the one woman called Hall at that address who could be the wife of
    the J Hall there. "Mr & Mrs J Hall" stays J Hall's record, and says that it names his wife too.
    """
    at = engine.load(f"{prepared.table}_at", pa.table({"id": np.arange(len(people)), "p": people}))
    found = engine.fetch(_wives(prepared.table, at.name))
    at.drop()
    joined = people.copy()
    is_hers = np.array([reason == HUSBANDS_INITIALS for reason in found["reason"].to_pylist()], dtype=bool)
    left, right = (found[name].to_numpy().astype(np.int64) for name in ("l", "r"))
    joined[left[is_hers]] = people[right[is_hers]]
    return joined, found


def _wives(table: str, at: str) -> str:
    return f"""
        WITH told AS (
          SELECT * FROM {quoted(table)} JOIN {quoted(at)} USING (id) WHERE home IS NOT NULL AND surname IS
            NOT NULL
        ), asking AS (
          SELECT *, count(*) OVER (PARTITION BY p) AS records FROM told
        ), mrs AS (
          SELECT id, home, surname, p, substr(first_name, 1, 1) AS initial, reading, other_name FROM asking
          WHERE (reading = 'couple' AND coalesce(other_sex, 'f') = 'f' AND coalesce(sex, 'm') = 'm')
            OR (reading = 'person' AND sex = 'f' AND length(first_name) = 1 AND iso_date IS NULL AND
              records = 1)
        ), persons AS (
          SELECT home, surname, p, min(id) AS id, max(sex) AS sex, min(iso_date[:4])::INT AS born,
            arg_max(first_name, (length(first_name), -id)) AS called
          FROM told WHERE (home, surname) IN (SELECT (home, surname) FROM mrs) AND reading = 'person' GROUP
            BY ALL
          HAVING min(sex) = max(sex)
        ), husbands AS (
          SELECT mrs.id AS l, any_value(persons.born) AS born FROM mrs JOIN persons USING (home, surname)
          WHERE persons.sex = 'm' AND substr(called, 1, 1) = initial GROUP BY mrs.id HAVING count(*) = 1
        ), wives AS (
          SELECT mrs.id AS l, min(persons.id) AS r, any_value(mrs.reading) AS reading
          FROM mrs JOIN husbands ON husbands.l = mrs.id JOIN persons USING (home, surname)
          WHERE persons.sex = 'f' AND persons.p <> mrs.p
            AND coalesce(abs(persons.born - husbands.born) <= {YEARS_BETWEEN}, true)
            AND coalesce(substr(persons.called, 1, length(other_name)) = other_name, true)
          GROUP BY mrs.id HAVING count(*) = 1
            AND (any_value(mrs.reading) = 'couple' OR any_value(substr(persons.called, 1, 1) <> mrs.initial))
        )
        SELECT l, r, 0.0::DOUBLE AS bits,
          CASE WHEN reading = 'couple' THEN '{ALSO_NAMES}' ELSE '{HUSBANDS_INITIALS}' END AS reason
        FROM wives ORDER BY l"""
