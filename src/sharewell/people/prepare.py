"""Lay records out for comparing: one form of each name, date and postcode, and which columns hold anything.

Nothing here judges a value: an NHS number or UPRN is text, and a date that is no date is compared whole.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pyarrow as pa

from sharewell.people.names import named_sql, plain_name
from sharewell.people.rules import CROWDED_HOME, FEWEST_TO_LEARN_FROM, GENERATION, KNOWN_AS
from sharewell.people.whole_names import turned_sql, whole_names_sql
from sharewell.store.duckdb import DuckDB
from sharewell.store.engine import Relation, literal, quoted

COMPARED = ("first_name", "surname", "date_of_birth", "nhs_number")
PLACED = ("home", "postcode")
NUMBERS = ("upn", "nino")
CARRIED = ("date_of_death", "seen_on")
"""Days that say whether a person lived, and are compared with nothing."""
KNOWN_EXTRA = (*NUMBERS, "phone", "email", "middle_name", "sex", *CARRIED)
READ = ("full_name", "title", "middle_name", "sex")
"""Columns that names are read from, or that are read together with them."""

DEFAULTS_OF_A_DAY = 2
"""A form may have been filled with 1 January of two years; births known by year alone fill every year."""

DEFAULT_ROWS, DEFAULT_SHARE, DEFAULT_TIMES = 20, 0.005, 15
"""A date is a form's default when so many rows of a list hold it: so great a share, so often the mean."""

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
    named = {
        column if column in KNOWN_EXTRA else f"extra_{place}": column
        for place, column in enumerate(extra)
        if column not in READ
    }
    short_forms = engine.load(
        f"{table}_short",
        pa.table({"name": list(KNOWN_AS), "full": list(KNOWN_AS.values())}),
    )
    plain = engine.create(f"{table}_plain", named_sql(f"({_said_sql(records, named, extra)})"))
    turned = engine.create(f"{table}_turned", turned_sql(quoted(plain.name)))
    defaults = engine.create(f"{table}_defaults", _default_dates_sql(plain.name))
    engine.create(table, _placed_sql(table, seed, tuple(named)))
    for spent in (short_forms, turned, defaults, plain):
        spent.drop()
    rows = records.count()
    compared = [column for column in named if column not in CARRIED]
    holds = _holding(engine, table, (*COMPARED, *PLACED, *compared, "sex", "middle_name"), rows)
    [homes_known] = engine.fetch(f"SELECT avg((home IS NOT NULL)::INT) AS share FROM {quoted(table)}")[
        "share"
    ]
    return Prepared(table, rows, holds, named, float(homes_known.as_py() or 0))


def _said_sql(records: Relation, extra: dict[str, str], given: Sequence[str]) -> str:
    """Return SQL for the records' text as it will be read, numbered; a whole name stands in for its parts."""
    rows, first, last, middle = quoted(records.name), "first_name", "surname", "NULL::VARCHAR"
    if "full_name" in given:
        rows = f"({whole_names_sql(f'SELECT * FROM {rows}', 'full_name')})"
        has_none = "nullif(trim(concat(first_name, surname)), '') IS NULL"
        first, last, middle = (
            f"CASE WHEN {has_none} THEN whole_{part} ELSE {name} END"
            for part, name in (("first", first), ("last", last), ("middle", middle))
        )
    if "middle_name" in given:
        middle = f"coalesce(middle_name, {middle})"
    shown = {name: _bare(quoted(column)) for name, column in extra.items() if name not in NUMBERS}
    shown |= {name: _number(quoted(column)) for name, column in extra.items() if name in NUMBERS}
    shown["title_text"] = _text("title") if "title" in given else "NULL::VARCHAR"
    shown["sex_text"] = _text("sex") if "sex" in given else "NULL::VARCHAR"
    shown["middle_name"] = plain_name(_text(middle)) if middle != "NULL::VARCHAR" else middle
    shown["first_text"], shown["last_text"] = _text(first), _text(last)
    extras = "".join(f", {sql} AS {name}" for name, sql in shown.items())
    content = "first_name, surname, date_of_birth, postcode, uprn, nhs_number"
    return f"""
        SELECT row_number() OVER (ORDER BY source, source_row, {content}) - 1 AS id, source, source_row,
          {_bare("date_of_birth")} AS date_of_birth, nullif(upper(replace(postcode, ' ', '')), '') AS
            postcode,
          nullif(trim(uprn), '') AS uprn, {_number("nhs_number")} AS nhs_number{extras}
        FROM {rows}"""


def _bare(column: str) -> str:
    return f"nullif(lower(trim({column})), '')"


def _number(column: str) -> str:
    return f"nullif(upper(replace({column}, ' ', '')), '')"


def _text(column: str) -> str:
    return f"nullif(strip_accents(lower(trim({column}))), '')"


def _default_dates_sql(plain: str) -> str:
    """Return SQL for the dates that a list holds far too often to be births: what its form was filled with.

    A list that knows many births by their year alone holds the first of January of every year too often; a
    default is one date that stands out among those of its day of the year.
    """
    return f"""
        WITH days AS (
          SELECT source, date_of_birth, count(*) AS of_day, count(DISTINCT surname) AS families FROM
            {quoted(plain)}
          WHERE date_of_birth IS NOT NULL GROUP BY ALL
        ), ranked AS (
          SELECT *, sum(of_day) OVER (PARTITION BY source) AS dated, count(*) OVER (PARTITION BY source) AS
            days,
            row_number() OVER (PARTITION BY source, date_of_birth[5:] ORDER BY of_day DESC) AS place
          FROM days
        ), usual AS (
          SELECT source, date_of_birth[5:] AS day, max(of_day) AS of_day FROM ranked WHERE place >
            {DEFAULTS_OF_A_DAY}
          GROUP BY ALL
        )
        SELECT ranked.source, date_of_birth FROM ranked
        LEFT JOIN usual ON usual.source = ranked.source AND day = date_of_birth[5:]
        WHERE families >= {DEFAULT_ROWS} AND ranked.of_day >= dated * {DEFAULT_SHARE}
          AND ranked.of_day * days >= dated * {DEFAULT_TIMES}
          AND ranked.of_day >= coalesce(usual.of_day, 1) * {DEFAULT_TIMES}"""


def _placed_sql(table: str, seed: int, extra: Sequence[str]) -> str:
    """Return SQL for the table that is compared; of records that name nobody alive, nothing is."""
    iso = "regexp_full_match(date_of_birth, '[0-9]{4}-[0-9]{2}-[0-9]{2}')"
    alive = "reading NOT IN ('nobody', 'estate')"
    plain, short_forms, turned, defaults = (
        quoted(f"{table}_{part}") for part in ("plain", "short", "turned", "defaults")
    )
    extras = "".join(f", CASE WHEN {alive} THEN {name} END AS {name}" for name in extra)
    said_sex = (
        "CASE WHEN sex_text IN ('m', 'male', '1') THEN 'm' WHEN sex_text IN ('f', 'female', '2') THEN 'f' END"
    )
    return f"""
        WITH known AS (
          SELECT * REPLACE (CASE WHEN {alive} THEN uprn END AS uprn, CASE WHEN {alive} THEN postcode END AS
            postcode,
              CASE WHEN {alive} AND reading <> 'newborn' THEN nhs_number END AS nhs_number,
              CASE WHEN {alive} AND (source, date_of_birth) NOT IN (SELECT (source, date_of_birth) FROM
                {defaults})
                THEN date_of_birth END AS date_of_birth,
              CASE WHEN id IN (SELECT id FROM {turned}) THEN surname ELSE first_name END AS first_name,
              CASE WHEN id IN (SELECT id FROM {turned}) THEN first_name ELSE surname END AS surname)
          FROM {plain}
        ), placed AS (
          SELECT *, coalesce("full", split_part(first_name, ' ', 1)) AS called,
            count(*) OVER (PARTITION BY uprn) AS at_home, count(*) OVER (PARTITION BY postcode) AS in_street
          FROM known LEFT JOIN {short_forms} ON split_part(first_name, ' ', 1) = "name"
        ), namesakes AS (
          SELECT uprn AS shared, called AS same, surname AS family
          FROM placed WHERE uprn IS NOT NULL AND {iso} GROUP BY ALL
          HAVING max(date_of_birth[:4]::INT) - min(date_of_birth[:4]::INT) >= {GENERATION}
        ), sizes AS (
          SELECT sum(at_home - 1) FILTER (at_home <= {CROWDED_HOME} AND uprn IS NOT NULL) / 2 AS homes,
            sum(in_street - 1) FILTER (in_street <= {LARGEST_STREET} AND postcode IS NOT NULL) / 2 AS streets
          FROM placed
        )
        SELECT id, source, source_row, reading, generation, other_name, other_sex, middle_name,
          same IS NOT NULL AND at_home <= {CROWDED_HOME} AS namesakes,
          coalesce({said_sex}, title_sex) AS sex, first_name,
          CASE WHEN first_name LIKE '% %' THEN first_name ELSE called END AS known_as, surname,
          date_of_birth, CASE WHEN {iso} THEN date_of_birth END AS iso_date, postcode,
          CASE WHEN length(postcode) >= 5 THEN postcode[:-3] END AS outward,
          CASE WHEN length(postcode) >= 5 THEN postcode[:-2] END AS sector,
          uprn, CASE WHEN at_home <= {CROWDED_HOME} THEN uprn END AS home, nhs_number,
          {_sampled("uprn", "at_home", CROWDED_HOME, "homes", seed)} AS home_sample,
          {_sampled("postcode", "in_street", LARGEST_STREET, "streets", seed)} AS street_sample{extras}
        FROM placed CROSS JOIN sizes
        LEFT JOIN namesakes ON shared = uprn AND same = called AND family = placed.surname
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
