"""What cannot be one person, whatever else agrees: SQL over two prepared records ``l`` and ``r``."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from sharewell.people.divide import FORBIDDEN
from sharewell.people.evidence import FIRST_NAME
from sharewell.people.prepare import Prepared
from sharewell.people.score import Pairs
from sharewell.people.weights import Numbers
from sharewell.store.duckdb import DuckDB
from sharewell.store.engine import quoted

NUMBERS = ("nhs_number", "upn", "nino")


def _two_numbers(column: str) -> str:
    return f"l.{column} <> r.{column} AND levenshtein(l.{column}, r.{column}) > 2"


TWO_BIRTHS = """
    abs(try_cast(l.iso_date[:4] AS INT) - try_cast(r.iso_date[:4] AS INT)) >= 2
    AND l.iso_date[6:] <> r.iso_date[6:]
    AND (hamming(l.iso_date[:4], r.iso_date[:4]) >= 2
         OR (l.iso_date[6:7] <> r.iso_date[6:7] AND l.iso_date[9:] <> r.iso_date[9:]))"""
"""Two births in different years that no single slip explains: a father and a son, not a misprint."""


def _of_two(sql: str) -> str:
    """Return a level's test with its columns taken from l and r."""
    for column in ("first_name", "surname", "known_as"):
        sql = sql.replace(f"{column}_l", f"l.{column}").replace(f"{column}_r", f"r.{column}")
    return sql


_ALIKE = " OR ".join(f"({_of_two(level.sql)})" for level in FIRST_NAME.levels if level.sql)

TWINS = f"""
    l.home = r.home AND l.date_of_birth = r.date_of_birth
    AND jaro_winkler_similarity(l.surname, r.surname) >= 0.92
    AND l.first_name <> r.first_name AND NOT coalesce({_ALIKE}, false)"""
"""One address, surname and birthday, and first names with nothing in common."""

GENERATIONS = "l.generation <> r.generation"
"""Senior and junior."""

NEWBORNS = "l.reading = 'newborn' AND r.reading = 'newborn' AND l.source = r.source"
"""Two newborns of one list that have no names yet."""

INITIALS = "l.sex <> r.sex AND (length(l.first_name) = 1 OR length(r.first_name) = 1)"
"""A man's and a woman's record, of which one has but an initial: Mrs J Hall is not John."""

AGREE_BESIDES = ("middle_name", "phone", "email")
TWICE = """l.source = r.source AND l.home = r.home AND (l.date_of_birth IS NULL OR r.date_of_birth IS NULL)
    AND coalesce(l.nhs_number <> r.nhs_number, true)"""
"""Twice in one list, at one address, with nothing but a name to tell by: a father and his son, or one man."""

LIFE = {"date_of_death", "seen_on"}
DIED_BEFORE = "(l.date_of_death < r.seen_on OR r.date_of_death < l.seen_on)"
"""A death before a contact with somebody alive."""


def twice_in_one_list(columns: Collection[str]) -> str:
    """Return SQL for two records that one list holds of one address, with only their names to compare."""
    known = [column for column in AGREE_BESIDES if column in {"middle_name", *columns}]
    return TWICE + "".join(f" AND coalesce(l.{column} <> r.{column}, true)" for column in known)


def broken_rules(columns: Collection[str]) -> dict[str, str]:
    """Return by word the rules that two records of one person cannot break, as far as columns go."""
    numbers = {f"two_{column}s": _two_numbers(column) for column in NUMBERS if column in columns}
    others = {
        "two_births": TWO_BIRTHS,
        "twins": TWINS,
        "two_generations": GENERATIONS,
        "two_newborns": NEWBORNS,
    }
    others["initials_of_another"] = INITIALS
    others["twice_in_one_list"] = f"l.namesakes AND {twice_in_one_list(columns)}"
    return {**numbers, **others, **({"died_before_contact": DIED_BEFORE} if set(columns) >= LIFE else {})}


def cannot_be_one(columns: Collection[str], *, but: str = "") -> str:
    """Return SQL that tells whether two records cannot be of one person; one rule may be left out.

    One number that both hold outweighs all rules but a death before a contact.
    """
    rules = broken_rules(columns)
    dead = rules.pop("died_before_contact", "false")
    same = " OR ".join(f"coalesce(l.{column} = r.{column}, false)" for column in NUMBERS if column in columns)
    broken = " OR ".join(f"({rule})" for word, rule in rules.items() if word != but)
    return f"(NOT ({same}) AND ({broken}) OR {dead})"


def _columns(prepared: Prepared) -> frozenset[str]:
    return frozenset({"nhs_number", *prepared.extra})


@dataclass(frozen=True)
class Judged:
    """Pairs, and which of them cannot be one person."""

    pairs: Pairs
    parted: npt.NDArray[np.bool_]


def contradictions(pairs: Pairs, prepared: Prepared, engine: DuckDB) -> npt.NDArray[np.bool_]:
    """Return which pairs cannot be one person."""
    asked = engine.load(f"{prepared.table}_asked", pairs.arrow())
    found = engine.fetch(f"""
        SELECT coalesce({cannot_be_one(_columns(prepared))}, false) AS parted FROM {quoted(asked.name)} AS
          asked
        JOIN {quoted(prepared.table)} AS l ON l.id = asked.l
        JOIN {quoted(prepared.table)} AS r ON r.id = asked.r
        ORDER BY asked.l, asked.r""")
    asked.drop()
    return found["parted"].to_numpy(zero_copy_only=False).astype(bool)


def reasons(pairs: Pairs, prepared: Prepared, engine: DuckDB) -> pa.Table:
    """Return l, r, bits and reason (which rule it breaks) of pairs that cannot be one person."""
    asked = engine.load(f"{prepared.table}_asked", pairs.arrow())
    rules = "".join(f"WHEN {rule} THEN '{word}' " for word, rule in broken_rules(_columns(prepared)).items())
    found = engine.fetch(f"""
        SELECT asked.l, asked.r, asked.bits, CASE {rules} END AS reason FROM {quoted(asked.name)} AS asked
        JOIN {quoted(prepared.table)} AS l ON l.id = asked.l
        JOIN {quoted(prepared.table)} AS r ON r.id = asked.r
        ORDER BY asked.l, asked.r""")
    asked.drop()
    return found


def unsure_pairs(pairs: Pairs, prepared: Prepared, engine: DuckDB) -> pa.Table:
    """Return l, r, bits and reason of pairs of one person that a list holds twice, by name alone."""
    asked = engine.load(f"{prepared.table}_asked", pairs.arrow())
    found = engine.fetch(f"""
        SELECT asked.l, asked.r, asked.bits, 'twice_in_one_list' AS reason FROM {quoted(asked.name)} AS asked
        JOIN {quoted(prepared.table)} AS l ON l.id = asked.l
        JOIN {quoted(prepared.table)} AS r ON r.id = asked.r
        WHERE {twice_in_one_list(_columns(prepared))} ORDER BY asked.l, asked.r""")
    asked.drop()
    return found


def hidden_contradictions(people: Numbers, prepared: Prepared, engine: DuckDB) -> Pairs:
    """Return pairs inside one person, never compared before, that cannot be one person."""
    divided = engine.load(f"{prepared.table}_divided", pa.table({"id": np.arange(len(people)), "p": people}))
    table = quoted(prepared.table)
    found = engine.fetch(f"""
        WITH doubtful AS (
          SELECT p FROM {quoted(divided.name)} JOIN {table} USING (id) GROUP BY p
          HAVING {_differing(prepared)}
        ), suspect AS (
          SELECT * FROM {table} JOIN {quoted(divided.name)} USING (id) SEMI JOIN doubtful USING (p)
        )
        SELECT l.id AS l, r.id AS r FROM suspect AS l JOIN suspect AS r ON l.p = r.p AND l.id < r.id
        WHERE {cannot_be_one(_columns(prepared), but="twins")} ORDER BY l.id, r.id""")
    divided.drop()
    return Pairs(found["l"].to_numpy(), found["r"].to_numpy(), np.full(found.num_rows, FORBIDDEN))


def _differing(prepared: Prepared) -> str:
    """Return SQL for the people in whom something differs that might be of two."""
    columns = [*(column for column in NUMBERS if column in _columns(prepared)), "iso_date", "generation"]
    tests = [f"min({column}) <> max({column})" for column in columns]
    if _columns(prepared) >= LIFE:
        tests.append("min(date_of_death) < max(seen_on)")
    return " OR ".join([*tests, "count(*) FILTER (reading = 'newborn') > 1"])
