"""Find who may have been written under a neighbour's number: one name at two homes of one postcode."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from sharewell.people.contradict import cannot_be_one
from sharewell.people.prepare import Prepared
from sharewell.people.rules import NAMES_ALONE, WEAKEST_PAIR
from sharewell.people.score import Pairs
from sharewell.people.weights import Numbers
from sharewell.store.duckdb import DuckDB
from sharewell.store.engine import quoted

NEIGHBOURS_NUMBER = "neighbours_number"
_CALLED = """coalesce(l.known_as = r.known_as OR starts_with(l.first_name, r.first_name || ' ')
    OR starts_with(r.first_name, l.first_name || ' '), false)"""
_CONTRARY = """coalesce(l.sex <> r.sex, false) OR coalesce(l.nhs_number <> r.nhs_number, false)
    OR coalesce(l.iso_date <> r.iso_date, false) OR coalesce(l.generation <> r.generation, false)
    OR coalesce(NOT starts_with(l.middle_name, r.middle_name)
      AND NOT starts_with(r.middle_name, l.middle_name), false)"""


def neighbours(people: Numbers, pairs: Pairs, prepared: Prepared, engine: DuckDB) -> tuple[Numbers, pa.Table]:
    """Return the people with some joined, and l, r, bits, reason of each two who may be one.

    They bear one name at two homes of one postcode, no list names both, neither is known where the other
    lives, and nothing that both give differs. They are joined when the list of a lone record holds others of
    that surname at the other home, none at its own, and it could be nobody else; otherwise they are kept
    apart, for a namesake next door looks the same. A person should look at both.
    """
    near = (pairs.bits <= NAMES_ALONE) & (pairs.bits >= WEAKEST_PAIR)
    near &= people[pairs.left] != people[pairs.right]
    asked = engine.load(f"{prepared.table}_asked", _by_person(people, pairs.only(near)))
    at = engine.load(f"{prepared.table}_at", pa.table({"id": np.arange(len(people)), "p": people}))
    contrary = f"{_CONTRARY} OR coalesce({cannot_be_one({'nhs_number', *prepared.extra})}, false)"
    found = engine.fetch(_neighbours(prepared.table, asked.name, at.name, contrary))
    asked.drop()
    at.drop()
    is_joined = found["is_family"].to_numpy(zero_copy_only=False).astype(bool)
    left, right = (people[found[name].to_numpy().astype(np.int64)] for name in ("l", "r"))
    one = np.arange(len(people))
    one[right[is_joined]] = left[is_joined]
    return one[people], found.drop_columns(["is_family"])


def _by_person(people: Numbers, pairs: Pairs) -> pa.Table:
    """Return the pairs with their people p and q, the lower first."""
    turned = people[pairs.left] > people[pairs.right]
    left = np.where(turned, pairs.right, pairs.left)
    right = np.where(turned, pairs.left, pairs.right)
    return pa.table({"l": left, "r": right, "bits": pairs.bits, "p": people[left], "q": people[right]})


def _neighbours(table: str, asked: str, at: str, contrary: str) -> str:
    return f"""
        WITH alike AS (
          SELECT asked.* FROM {quoted(asked)} AS asked
          JOIN {quoted(table)} AS l ON l.id = asked.l JOIN {quoted(table)} AS r ON r.id = asked.r
          WHERE l.postcode = r.postcode AND l.home <> r.home AND l.surname = r.surname
            AND {_CALLED} AND length(l.first_name) > 1 AND length(r.first_name) > 1
        ), met AS (
          SELECT p, q, min(l) AS l, arg_min(r, (l, r)) AS r, max(bits) AS bits FROM alike GROUP BY p, q
        ), told AS (
          SELECT *, count(*) OVER (PARTITION BY p) AS records
          FROM {quoted(table)} JOIN {quoted(at)} USING (id)
          WHERE p IN (SELECT p FROM met UNION ALL SELECT q FROM met)
        ), apart AS (
          SELECT DISTINCT met.p, met.q FROM met JOIN told AS l ON l.p = met.p JOIN told AS r ON r.p = met.q
          WHERE l.source = r.source OR l.home = r.home OR {contrary}
        ), left_over AS (
          SELECT * FROM met ANTI JOIN apart USING (p, q)
        ), asking AS (
          SELECT p, count(*) AS claims FROM (SELECT p FROM left_over UNION ALL SELECT q FROM left_over)
          GROUP BY p
        ), family AS (
          SELECT source, home, surname, count(DISTINCT p) AS relatives
          FROM {quoted(table)} JOIN {quoted(at)} USING (id)
          WHERE home IS NOT NULL AND (surname, postcode) IN (
            SELECT (surname, postcode) FROM told WHERE id IN (SELECT l FROM left_over)) GROUP BY ALL
        )
        SELECT left_over.l, left_over.r, left_over.bits, '{NEIGHBOURS_NUMBER}' AS reason,
          a.claims = 1 AND b.claims = 1 AND ({_stray("x", "y")} OR {_stray("y", "x")}) AS is_family
        FROM left_over JOIN asking AS a ON a.p = left_over.p JOIN asking AS b ON b.p = left_over.q
        JOIN told AS x ON x.id = left_over.l JOIN told AS y ON y.id = left_over.r ORDER BY l, r"""


def _stray(lone: str, other: str) -> str:
    """Return SQL for whether a lone record's list has its family at the other's home, and none at its own."""
    there, here = (
        f"(SELECT count(*) FROM family WHERE surname = {lone}.surname AND home = {home}.home{more})"
        for home, more in ((other, f" AND source = {lone}.source"), (lone, f" AND source <> {lone}.source"))
    )
    alone = (
        f"(SELECT coalesce(sum(relatives), 0) FROM family WHERE surname = {lone}.surname "
        f"AND home = {lone}.home AND source = {lone}.source)"
    )
    return f"({lone}.records = 1 AND {there} > 0 AND {here} = 0 AND {alone} = 1)"
