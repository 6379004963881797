"""Link a batch against the people that are held: only those whom the batch touches are looked at again.

The figures stand as they were learned. A new or changed record is compared with all that are held; those
whose people it may belong to are then divided anew together with it, by the rules of a whole linkage. Nobody
else's reference can change. What is held is gone through in Arrow, and only what is wanted of it is given to
the engine: a small batch must not cost what a whole linkage does.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sharewell.people.block import block_column, pairs_query, with_block_columns
from sharewell.people.doubt import WRITTEN_DOUBTS
from sharewell.people.held import HeldPeople
from sharewell.people.hold import CONTENT, Learned, key_records
from sharewell.people.link import into_people, write_linked
from sharewell.people.prepare import Prepared, prepare
from sharewell.people.references import MEMBERS, Kept, keep_references
from sharewell.people.rules import CROWDED_HOME
from sharewell.people.score import Pairs, discount_names_alone
from sharewell.people.weigh import Weighed, weigh
from sharewell.store.duckdb import DuckDB
from sharewell.store.engine import Relation, literal, quoted

KNOWN, FRESH, CLOSE, NEAR, ASKED = "known_records", "fresh", "close_records", "near_records", "asked_pairs"


@dataclass(frozen=True)
class Added:
    """A batch's records with their people's references, and what that did.

    ``linked``: source, source_row, person, match_weight of every record of the batch. ``events``: as
    ``keep_references`` tells them; ``doubts``: as ``link_people`` does. ``counts``: records of the batch that
    were ``new``, ``changed`` and ``unchanged``; held records ``looked_at`` again.
    """

    linked: Relation
    held: HeldPeople
    events: pa.Table
    doubts: pa.Table
    counts: Mapping[str, int]


@dataclass(frozen=True)
class _Work:
    """The engine, every record that is held, and what is known of how to compare them."""

    engine: DuckDB
    rows: pa.Table
    learned: Learned

    def among(self, column: str, values: pa.ChunkedArray[Any], columns: list[str] | None = None) -> pa.Table:
        """Return the held records whose value is one of these, or some columns of them."""
        wanted = self.rows if columns is None else self.rows.select(columns)
        return wanted.filter(pc.is_in(self.rows[column], value_set=values.combine_chunks()))

    def column(self, table: str, column: str) -> pa.ChunkedArray[Any]:
        found = self.engine.fetch(f"SELECT DISTINCT {column} FROM {quoted(table)} WHERE {column} IS NOT NULL")
        return found[column]


def add_records(
    held: HeldPeople, records: Relation, engine: DuckDB, table: str, *, at: datetime, run: str
) -> Added:
    """Link the records of a batch against what is held, and hold them too.

    ``records``: as ``link_people`` takes them, with the columns that were held. A record whose list and id
    (without one: whose every word) is held already is that record: unchanged it keeps its person, changed it
    takes the older one's place. Raises OutOfMemory, DiskFull, FolderReadOnly.
    """
    learned = Learned.of(held.about)
    keys = key_records(records, engine, has_ids=learned.has_ids)
    rows = held.records()
    work = _Work(engine, rows.append_column("id", pa.array(np.arange(rows.num_rows))), learned)
    counts = _set_apart(work, records, keys)
    events, doubts, looked_at = pa.table({}), WRITTEN_DOUBTS.empty_table(), 0
    now = engine.load("now_linked", MEMBERS.empty_table())
    if counts["new"] + counts["changed"]:
        near, before = _gather(work, _lay_out(work))
        kept, doubts = _divide_anew(work, near, before, at=at, run=run)
        events, now = kept.events.arrow(), kept.members
        held = _hold(work, held, kept, before, events, counts["new"])
        looked_at = before.num_rows
    linked = engine.create(table, _answers_query(keys, now))
    for spent in (KNOWN, FRESH, NEAR, keys.name, now.name):
        engine.drop(spent)
    return Added(linked, held, events, doubts, {**counts, "looked_at": looked_at})


def _set_apart(work: _Work, records: Relation, keys: Relation) -> dict[str, int]:
    """Make the tables of the batch's records that are held and of those that are new or changed."""
    engine = work.engine
    known = work.among(
        "record_key", work.column(keys.name, "record_key"), ["record_key", CONTENT, "person", "match_weight"]
    )
    engine.load(KNOWN, known)
    engine.create(
        FRESH,
        f"""
        SELECT r.*, k.record_key, k.{CONTENT}, h.record_key IS NOT NULL AS is_known
        FROM {quoted(records.name)} AS r
        JOIN {quoted(keys.name)} AS k ON k.source = r.source AND k.source_row = r.source_row
        LEFT JOIN {quoted(KNOWN)} AS h ON h.record_key = k.record_key
        WHERE h.record_key IS NULL OR h.{CONTENT} <> k.{CONTENT}""",
    )
    told = engine.fetch(
        f"SELECT count(*) AS fresh, count(*) FILTER (is_known) AS changed FROM {quoted(FRESH)}"
    )
    [row] = told.to_pylist()
    new = row["fresh"] - row["changed"]
    return {"new": new, "changed": row["changed"], "unchanged": records.count() - row["fresh"]}


def _lay_out(work: _Work) -> Prepared:
    """Lay the fresh records out as the held ones were: no default dates, no homes that are crowded by now."""
    engine, learned = work.engine, work.learned
    laid = prepare(Relation(engine, FRESH), engine, learned.given, learned.seed)
    days = ", ".join(f"({literal(source)}, {literal(day)})" for source, day in learned.default_days)
    is_default = f"coalesce((source, date_of_birth) IN ({days}), false)" if days else "false"
    engine.load(CLOSE, work.among("uprn", work.column(laid.table, "uprn"), ["uprn"]))
    crowded = f"""
        SELECT uprn FROM (
          SELECT uprn FROM {quoted(CLOSE)} UNION ALL
          SELECT uprn FROM {quoted(laid.table)} WHERE uprn IS NOT NULL
        ) GROUP BY uprn HAVING count(*) > {CROWDED_HOME}"""
    engine.create(
        laid.table,
        f"""
        SELECT * REPLACE (
          CASE WHEN NOT {is_default} THEN date_of_birth END AS date_of_birth,
          CASE WHEN NOT {is_default} THEN iso_date END AS iso_date,
          CASE WHEN home NOT IN ({crowded}) THEN home END AS home)
        FROM {quoted(laid.table)} ORDER BY id""",
    )
    engine.create(laid.table, with_block_columns(laid.table, learned.blocks, learned.unknown_shares))
    engine.drop(CLOSE)
    return laid


def _gather(work: _Work, batch: Prepared) -> tuple[Prepared, pa.Table]:
    """Make the table of the batch and of all held records whose people it may touch, numbered anew.

    ``source_row`` is there the number itself: rows of one list come from many deliveries. Returns also those
    held records, with older forms of changed ones.
    """
    engine, learned = work.engine, work.learned
    people = (*_people_touched(work, batch).chunks, *_people_changed(work).chunks)
    touched = pa.chunked_array(people, pa.string())
    before = work.among("person", touched)
    engine.load(CLOSE, before)
    columns = [name for name in learned.held_columns if name != "source_row"]
    kept, fresh = (", ".join(f"{side}.{quoted(name)}" for name in columns) for side in ("h", "b"))
    engine.create(
        NEAR,
        f"""
        WITH every AS (
          SELECT h.source_row AS true_row, h.record_key, h.{CONTENT}, false AS is_fresh, {kept}
          FROM {quoted(CLOSE)} AS h WHERE record_key NOT IN (SELECT record_key FROM {quoted(FRESH)})
          UNION ALL
          SELECT b.source_row, f.record_key, f.{CONTENT}, true, {fresh} FROM {quoted(batch.table)} AS b
          JOIN {quoted(FRESH)} AS f ON f.source = b.source AND f.source_row = b.source_row
        ), numbered AS (
          SELECT row_number() OVER (ORDER BY source, true_row, record_key) - 1 AS id, * FROM every
        )
        SELECT *, id AS source_row FROM numbered ORDER BY id""",
    )
    for spent in (CLOSE, batch.table):
        engine.drop(spent)
    return learned.near(NEAR, engine.count(NEAR)), before


def _people_touched(work: _Work, batch: Prepared) -> pa.ChunkedArray[Any]:
    """Return the people of held records that a record of the batch may belong to."""
    engine, learned = work.engine, work.learned
    blocks = [block_column(place) for place in range(len(learned.blocks))]
    engine.load(CLOSE, work.rows.select(["id", *blocks]))
    engine.create(ASKED, pairs_query(CLOSE, learned.blocks, across=batch.table))
    engine.load(CLOSE, work.among("id", work.column(ASKED, "l")))
    found = _weigh(work, CLOSE, batch.table)
    likely = pa.chunked_array([pa.array(found.left[found.total >= learned.threshold])])
    engine.drop(CLOSE)
    return work.among("id", likely, ["person"])["person"]


def _people_changed(work: _Work) -> pa.ChunkedArray[Any]:
    return work.among("record_key", work.column(FRESH, "record_key"), ["person"])["person"]


def _weigh(work: _Work, table: str, other: str) -> Weighed:
    found = weigh(work.engine, table, ASKED, work.learned.model, None, beside=other)
    work.engine.drop(ASKED)
    return found


def _divide_anew(
    work: _Work, near: Prepared, before: pa.Table, *, at: datetime, run: str
) -> tuple[Kept, pa.Table]:
    engine, learned = work.engine, work.learned
    engine.create(ASKED, pairs_query(NEAR, learned.blocks))
    found = _weigh(work, NEAR, NEAR)
    pairs = discount_names_alone(Pairs(found.left, found.right, found.total), near, engine)
    divided = into_people(near, pairs, learned.threshold, engine)
    linked = write_linked(near, divided.people, pairs, engine, "near_linked")
    keys = engine.create("near_keys", f"SELECT source, source_row, record_key FROM {quoted(NEAR)}")
    kept = keep_references(
        linked, before.select(MEMBERS.names), engine, "near_members", at=at, run=run, keys=keys
    )
    for spent in (linked.name, keys.name):
        engine.drop(spent)
    return kept, _true_rows(engine, divided.pairs)


def _true_rows(engine: DuckDB, doubts: pa.Table) -> pa.Table:
    """Return the pairs to look at by the rows they have in their lists."""
    engine.load("near_doubts", doubts)
    found = engine.fetch(f"""
        SELECT l.source, l.true_row AS source_row, r.source AS other_source, r.true_row AS other_row,
          round(d.bits, 6) AS match_weight, d.reason FROM near_doubts AS d
        JOIN {quoted(NEAR)} AS l ON l.id = d.l JOIN {quoted(NEAR)} AS r ON r.id = d.r
        WHERE l.is_fresh OR r.is_fresh ORDER BY match_weight DESC, d.l, d.r""")
    engine.drop("near_doubts")
    return found


def _hold(
    work: _Work, held: HeldPeople, kept: Kept, before: pa.Table, events: pa.Table, new: int
) -> HeldPeople:
    """Keep the fresh records, and the held ones whose person or weight is another now."""
    engine = work.engine
    own = ("record_key", CONTENT, "person", "match_weight", "linked_by", "run")
    columns = [name for name in held.about.laid_out["held_columns"] if name not in own]
    shown = ", ".join("n.true_row AS source_row" if c == "source_row" else f"n.{quoted(c)}" for c in columns)
    engine.load(CLOSE, before.select(["record_key", "person", "match_weight"]))
    changed = engine.fetch(f"""
        SELECT n.record_key, n.{CONTENT}, m.person, m.match_weight, m.linked_by, m.run, {shown}
        FROM {quoted(NEAR)} AS n JOIN {quoted(kept.members.name)} AS m USING (record_key)
        LEFT JOIN {quoted(CLOSE)} AS h ON h.record_key = n.record_key
        WHERE n.is_fresh OR h.person <> m.person OR h.match_weight IS DISTINCT FROM m.match_weight""")
    engine.drop(CLOSE)
    people = [
        pc.count_distinct(table["person"]).as_py() for table in (before, kept.members.arrow(["person"]))
    ]
    about = held.about
    return held.with_changes(changed, events, about.people - people[0] + people[1], about.records + new)


def _answers_query(keys: Relation, now: Relation) -> str:
    """Return SQL for every record of the batch with its person: as it is held, or as it was now linked."""
    return f"""
        SELECT k.source, k.source_row, coalesce(n.person, h.person) AS person,
          CASE WHEN n.person IS NULL THEN h.match_weight ELSE n.match_weight END AS match_weight
        FROM {quoted(keys.name)} AS k LEFT JOIN {quoted(now.name)} AS n ON n.record_key = k.record_key
        LEFT JOIN {quoted(KNOWN)} AS h ON h.record_key = k.record_key ORDER BY k.source, k.source_row"""
