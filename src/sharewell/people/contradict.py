"""What cannot be one person, whatever else agrees: SQL over two prepared records ``l`` and ``r``."""

from __future__ import annotations

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

SAME_NUMBER = "coalesce(l.nhs_number = r.nhs_number, false)"

TWO_NUMBERS = "l.nhs_number <> r.nhs_number AND levenshtein(l.nhs_number, r.nhs_number) > 2"
"""Two NHS numbers further apart than two slips of the hand."""

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

CANNOT_BE_ONE = f"NOT {SAME_NUMBER} AND (({TWO_NUMBERS}) OR ({TWO_BIRTHS}) OR ({TWINS}))"


def contradictions(pairs: Pairs, prepared: Prepared, engine: DuckDB) -> npt.NDArray[np.bool_]:
    """Return which pairs cannot be one person."""
    asked = engine.load(f"{prepared.table}_asked", pairs.arrow())
    found = engine.fetch(f"""
        SELECT coalesce({CANNOT_BE_ONE}, false) AS parted FROM {quoted(asked.name)} AS asked
        JOIN {quoted(prepared.table)} AS l ON l.id = asked.l
        JOIN {quoted(prepared.table)} AS r ON r.id = asked.r
        ORDER BY asked.l, asked.r""")
    asked.drop()
    return found["parted"].to_numpy(zero_copy_only=False).astype(bool)


def hidden_contradictions(people: Numbers, prepared: Prepared, engine: DuckDB) -> Pairs:
    """Return pairs inside one person, never compared before, that cannot be one person."""
    divided = engine.load(f"{prepared.table}_divided", pa.table({"id": np.arange(len(people)), "p": people}))
    table = quoted(prepared.table)
    found = engine.fetch(f"""
        WITH doubtful AS (
          SELECT p FROM {quoted(divided.name)} JOIN {table} USING (id) GROUP BY p
          HAVING min(nhs_number) <> max(nhs_number) OR min(iso_date) <> max(iso_date)
        ), suspect AS (
          SELECT * FROM {table} JOIN {quoted(divided.name)} USING (id) SEMI JOIN doubtful USING (p)
        )
        SELECT l.id AS l, r.id AS r FROM suspect AS l JOIN suspect AS r ON l.p = r.p AND l.id < r.id
        WHERE NOT {SAME_NUMBER} AND (({TWO_NUMBERS}) OR ({TWO_BIRTHS})) ORDER BY l.id, r.id""")
    divided.drop()
    return Pairs(found["l"].to_numpy(), found["r"].to_numpy(), np.full(found.num_rows, FORBIDDEN))
