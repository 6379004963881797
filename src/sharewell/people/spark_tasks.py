"""What a Spark worker does with its part of the records: the steps of ``link``, by the same SQL and numpy.

Each task takes rows that belong together and an empty DuckDB. What needs to be known of all records (how
often a word is a surname, how common a name is) was counted on Spark and arrives as columns.
"""

from __future__ import annotations

from typing import Final

import pyarrow as pa

from sharewell.people.block import Block, block_column, pairs_query, with_block_columns
from sharewell.people.doubt import write_doubts
from sharewell.people.hold import Learned
from sharewell.people.link import into_people, write_linked
from sharewell.people.names import named_sql
from sharewell.people.prepare import Prepared, _placed_sql, _said_sql
from sharewell.people.rules import KNOWN_AS
from sharewell.people.score import Pairs, discount_names_alone
from sharewell.people.weigh import weigh
from sharewell.store.duckdb import DuckDB
from sharewell.store.engine import Relation

PART, ASKED, NEAR = "part", "asked_pairs", "near_records"
PAIRS_AT_ONCE: Final = 1_000_000
_INTEGER: pa.DataType = pa.int64()
_FLOAT: pa.DataType = pa.float64()
_TEXT: pa.DataType = pa.string()
LIKELY = pa.schema([("l", _INTEGER), ("r", _INTEGER), ("bits", _FLOAT)])
ANSWERS = pa.schema(
    [
        ("source", _TEXT),
        ("source_row", _INTEGER),
        ("person", _TEXT),
        ("match_weight", _FLOAT),
        ("linked_by", _TEXT),
        ("tie_source", _TEXT),
        ("tie_row", _INTEGER),
        ("reason", _TEXT),
    ]
)
"""A record with its person, as ``link_people`` has it; with a reason: a pair that a person should look at."""


def plain_blocks(learned: Learned) -> list[Block]:
    """Return the blocks without their bounds: what is too common has no hash on Spark."""
    return [Block(block.parts) for block in learned.blocks]


def read_names(learned: Learned, rows: pa.Table, engine: DuckDB) -> pa.Table:
    """Return the rows as they are read, with the ids they came with."""
    engine.load(PART, rows)
    said = _said_sql(Relation(engine, PART), dict(learned.extra), learned.given)
    engine.create(f"{PART}_named", named_sql(f"({said})"))
    # both are in the order of source, source_row and content: the first read is the lowest id
    return engine.fetch(f"""
        SELECT * REPLACE (given.given_id AS id) FROM {PART}_named AS named
        JOIN (SELECT id AS given_id, row_number() OVER (ORDER BY id) - 1 AS place FROM {PART}) AS given
          ON given.place = named.id""").drop_columns(["given_id", "place"])


def lay_out(learned: Learned, rows: pa.Table, engine: DuckDB) -> pa.Table:
    """Return the rows in comparable form with the hashes of their blocks; all of one address are here.

    ``family``: one record of those of an address and surname among whom a wife may have to be found.
    """
    days = [pa.array(column, pa.string()) for column in _columns(learned.default_days)]
    engine.load(f"{PART}_all", rows)
    engine.create(f"{PART}_plain", f"SELECT * EXCLUDE (is_turned) FROM {PART}_all")
    engine.create(f"{PART}_turned", f"SELECT id FROM {PART}_all WHERE is_turned")
    engine.load(f"{PART}_short", pa.table({"name": list(KNOWN_AS), "full": list(KNOWN_AS.values())}))
    engine.load(f"{PART}_defaults", pa.table(days, ["source", "date_of_birth"]))
    engine.create(PART, _placed_sql(PART, learned.seed, tuple(learned.extra)))
    return engine.fetch(f"""
        SELECT * EXCLUDE (home_sample, street_sample),
          CASE WHEN home IS NOT NULL AND surname IS NOT NULL AND bool_or(reading = 'couple'
              OR coalesce(sex = 'f' AND length(first_name) = 1 AND iso_date IS NULL, false)) OVER families
            THEN min(id) OVER families END AS family
        FROM ({with_block_columns(PART, plain_blocks(learned))})
        WINDOW families AS (PARTITION BY home, surname)""")


def _columns(pairs: tuple[tuple[str, str], ...]) -> list[list[str]]:
    return [[pair[place] for pair in pairs] for place in (0, 1)]


def find_likely(learned: Learned, rows: pa.Table, engine: DuckDB) -> pa.Table:
    """Return the pairs of records of one block that are likelier than not of one person.

    ``rows``: a record once for each of its blocks that is in this part, with ``place`` and ``block``. A pair
    is weighed in the first block that it shares, so that it comes once.
    """
    engine.load(f"{PART}_blocks", rows)
    engine.create(PART, f"SELECT DISTINCT ON (id) * EXCLUDE (place, block) FROM {PART}_blocks")
    engine.create(f"{PART}_pairs", _first_meetings(len(learned.blocks)))
    near = learned.near(PART, engine.count(PART))
    turns = max(1, -(-engine.count(f"{PART}_pairs") // PAIRS_AT_ONCE))
    found = []
    for turn in range(turns):
        engine.create(ASKED, f"SELECT l, r FROM {PART}_pairs WHERE l % {turns} = {turn}")
        pairs = _weighed(learned, near, engine)
        found.append(pairs.only(pairs.bits >= learned.threshold).arrow())
    return pa.concat_tables(found)


def _first_meetings(blocks: int) -> str:
    columns = [block_column(place) for place in range(blocks)]
    same = [f"coalesce(l.{column} = r.{column}, false)" for column in columns]
    before = "".join(f"WHEN {place} THEN {' OR '.join(same[:place])} " for place in range(1, blocks))
    is_late = f"CASE l.place {before}ELSE false END" if before else "false"
    return (
        f"SELECT l.id AS l, r.id AS r FROM {PART}_blocks AS l JOIN {PART}_blocks AS r "
        f"ON l.place = r.place AND l.block = r.block AND l.id < r.id WHERE NOT {is_late}"
    )


def _weighed(learned: Learned, near: Prepared, engine: DuckDB) -> Pairs:
    """Weigh the pairs asked about; how common a value is comes with the records."""
    found = weigh(engine, near.table, ASKED, learned.model, None)
    return discount_names_alone(Pairs(found.left, found.right, found.total), near, engine)


def divide_part(learned: Learned, rows: pa.Table, engine: DuckDB) -> pa.Table:
    """Return whole groups of records divided into people; ``part`` tells the groups apart.

    Pairs are found and weighed anew within each group: that is cheaper than to send them through Spark.
    """
    engine.load("arrived", rows)
    engine.create(NEAR, _near_query(len(learned.blocks)))
    engine.create(ASKED, pairs_query(NEAR, plain_blocks(learned)))
    near = learned.near(NEAR, rows.num_rows)
    pairs = _weighed(learned, near, engine)
    divided = into_people(near, pairs, learned.threshold, engine)
    write_linked(near, divided.people, pairs, engine, "linked")
    engine.load("doubts", write_doubts(divided.pairs, near, engine))
    return engine.fetch(_answers_query())


def _near_query(blocks: int) -> str:
    """Return SQL that numbers the records from 0; records meet only in a block of their own group."""
    columns = [block_column(place) for place in range(blocks)]
    own = "".join(
        f", CASE WHEN {column} IS NOT NULL THEN CAST(hash({column}, part) >> 1 AS BIGINT) END AS {column}"
        for column in columns
    )
    left_out = ", ".join(["id", "source_row", "part", *columns])
    return f"""
        SELECT *, id AS source_row FROM (
          SELECT * EXCLUDE ({left_out}){own}, id AS record_id, source_row AS true_row,
            row_number() OVER (ORDER BY arrived.id) - 1 AS id
          FROM arrived
        ) ORDER BY id"""


def _answers_query() -> str:
    return f"""
        SELECT n.source, n.true_row AS source_row, {person_sql("p.record_id")} AS person,
          match_weight, linked_by, tie.source AS tie_source, tie.true_row AS tie_row, NULL::VARCHAR AS reason
        FROM linked JOIN {NEAR} AS n ON n.id = linked.source_row
        JOIN {NEAR} AS p ON p.id = CAST(substr(person, 2) AS BIGINT)
        LEFT JOIN {NEAR} AS tie ON tie.id = linked.tie_row
        UNION ALL
        SELECT n.source, n.true_row, NULL, match_weight, NULL, o.source, o.true_row, reason
        FROM doubts JOIN {NEAR} AS n ON n.id = doubts.source_row JOIN {NEAR} AS o ON o.id = other_row"""


def person_sql(number: str, text: str = "VARCHAR") -> str:
    """Return SQL for the name of a person's cluster, as ``write_linked`` says it."""
    return f"'L' || lpad(CAST({number} AS {text}), 9, '0')"
