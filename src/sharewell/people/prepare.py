"""Lay records out for comparing: one form of each name, date and postcode, and which columns hold anything.

Nothing here judges a value: an NHS number or UPRN is text, and a date that is no date is compared whole.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pyarrow as pa

from sharewell.people.rules import CROWDED_HOME, FEWEST_TO_LEARN_FROM, KNOWN_AS
from sharewell.store.duckdb import DuckDB
from sharewell.store.engine import Relation, literal, quoted

COMPARED = ("first_name", "surname", "date_of_birth", "nhs_number")
PLACED = ("home", "postcode")

LARGEST_STREET = 300
"""A postcode holds up to 100 delivery points; one with more records than this is a default value."""

TRAINING_PAIRS = 40_000
"""About how many pairs of one address, and of one postcode, training looks at."""


@dataclass(frozen=True)
class Prepared:
    """Records ready to compare: the table, its rows, its columns that hold at least two values.

    ``extra`` maps a column of the table to the name it came with.
    """

    table: str
    rows: int
    holds: frozenset[str]
    extra: dict[str, str]
    homes_known: float


def prepare(records: Relation, engine: DuckDB, extra: Sequence[str], seed: int) -> Prepared:
    """Return the records in comparable form, numbered from 0 in the order of source and source_row.

    Two runs on the same records give the same numbers, whatever order the rows arrive in.
    """
    table = f"{records.name}_prepared"
    named = {f"extra_{place}": column for place, column in enumerate(extra) if column != "full_name"}
    short_forms = engine.load(
        f"{table}_short",
        pa.table({"name": list(KNOWN_AS), "full": list(KNOWN_AS.values())}),
    )
    plain = engine.create(
        f"{table}_plain", _plain_sql(records, named, split_names=_must_split(records, extra))
    )
    engine.create(table, _placed_sql(plain.name, short_forms.name, seed, tuple(named)))
    short_forms.drop()
    plain.drop()
    rows = records.count()
    holds = _holding(engine, table, (*COMPARED, *PLACED, *named), rows)
    [homes_known] = engine.fetch(f"SELECT avg((home IS NOT NULL)::INT) AS share FROM {quoted(table)}")[
        "share"
    ]
    return Prepared(table, rows, holds, named, float(homes_known.as_py() or 0))


def _must_split(records: Relation, extra: Sequence[str]) -> bool:
    """Return whether the only names are full names."""
    if "full_name" not in extra:
        return False
    seen = records.engine.fetch(
        f"SELECT count(first_name) + count(surname) AS named FROM {quoted(records.name)}"
    )
    return bool(seen["named"][0].as_py() == 0)


def _plain_sql(records: Relation, extra: dict[str, str], *, split_names: bool) -> str:
    first, last = "first_name", "surname"
    if split_names:
        first = r"regexp_extract(trim(full_name), '^(\S+)', 1)"
        last = r"regexp_extract(trim(full_name), '\s(\S+)$', 1)"
    extras = "".join(f", {_bare(quoted(column))} AS {name}" for name, column in extra.items())
    content = "first_name, surname, date_of_birth, postcode, uprn, nhs_number"
    return f"""
        SELECT row_number() OVER (ORDER BY source, source_row, {content}) - 1 AS id, source, source_row,
          {_name(first)} AS first_name, {_name(last)} AS surname, {_bare("date_of_birth")} AS date_of_birth,
          nullif(upper(replace(postcode, ' ', '')), '') AS postcode,
          nullif(trim(uprn), '') AS uprn, nullif(replace(nhs_number, ' ', ''), '') AS nhs_number{extras}
        FROM {quoted(records.name)}"""


def _bare(column: str) -> str:
    return f"nullif(lower(trim({column})), '')"


def _name(column: str) -> str:
    """Return SQL for a name without case, accents and punctuation; a hyphen parts two words."""
    spaced = rf"regexp_replace(strip_accents(lower({column})), '[\p{{Pd}}\s]+', ' ', 'g')"
    return rf"nullif(trim(regexp_replace({spaced}, '[\p{{P}}\p{{S}}]+', '', 'g')), '')"


def _placed_sql(plain: str, short_forms: str, seed: int, extra: Sequence[str]) -> str:
    iso = "regexp_full_match(date_of_birth, '[0-9]{4}-[0-9]{2}-[0-9]{2}')"
    extras = "".join(f", {name}" for name in extra)
    return f"""
        WITH placed AS (
          SELECT *,
            count(*) OVER (PARTITION BY uprn) AS at_home, count(*) OVER (PARTITION BY postcode) AS in_street
          FROM {quoted(plain)}
        ), sizes AS (
          SELECT sum(at_home - 1) FILTER (at_home <= {CROWDED_HOME} AND uprn IS NOT NULL) / 2 AS homes,
            sum(in_street - 1) FILTER (in_street <= {LARGEST_STREET} AND postcode IS NOT NULL) / 2 AS streets
          FROM placed
        )
        SELECT id, source, source_row, first_name, coalesce("full", first_name) AS known_as, surname,
          date_of_birth, CASE WHEN {iso} THEN date_of_birth END AS iso_date, postcode,
          CASE WHEN length(postcode) >= 5 THEN postcode[:-3] END AS outward,
          CASE WHEN length(postcode) >= 5 THEN postcode[:-2] END AS sector,
          CASE WHEN at_home <= {CROWDED_HOME} THEN uprn END AS home, nhs_number,
          {_sampled("uprn", "at_home", CROWDED_HOME, "homes", seed)} AS home_sample,
          {_sampled("postcode", "in_street", LARGEST_STREET, "streets", seed)} AS street_sample{extras}
        FROM placed CROSS JOIN sizes LEFT JOIN {quoted(short_forms)} ON first_name = "name"
        ORDER BY id"""


def _sampled(column: str, size: str, largest: int, pairs: str, seed: int) -> str:
    """Return SQL that keeps whole addresses or postcodes, about as many as training needs, chosen by seed."""
    every = f"greatest(1, {pairs} // {TRAINING_PAIRS})::UBIGINT"
    chosen = f"md5_number_lower({column} || {literal(str(seed))}) % {every} = 0"
    return f"CASE WHEN {column} IS NOT NULL AND {size} <= {largest} AND {chosen} THEN {column} END"


def _holding(engine: DuckDB, table: str, columns: Sequence[str], rows: int) -> frozenset[str]:
    """Return the columns that can tell people apart.

    One value through a long list says nothing; in a list of a few records it may be what they share.
    """
    needed = "min({0}) <> max({0})" if rows >= FEWEST_TO_LEARN_FROM else "count({0}) > 1"
    tests = ", ".join(f"coalesce({needed.format(column)}, false) AS {column}" for column in columns)
    [row] = engine.fetch(f"SELECT {tests} FROM {quoted(table)}").to_pylist()
    return frozenset(column for column in columns if row[column])
