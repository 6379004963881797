"""Keep each person's reference from run to run, and tell every new, merged and split person.

A reference is 'P' and sixteen characters drawn at random when a person is first seen, so it says nothing of
the person. A group of records takes the reference that most of its records had; where two groups claim one,
the group with more of its records has it.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from sharewell.people.decisions import Touched, latest_words, settle
from sharewell.people.divide import each_others_best
from sharewell.people.keys import record_keys
from sharewell.people.occurrences import tell_events
from sharewell.people.rules import REFERENCE_ALPHABET, REFERENCE_LENGTH
from sharewell.store.duckdb import DuckDB
from sharewell.store.engine import Relation, literal, quoted
from sharewell.vocab.errors import RowsNotConserved

__all__ = ["Kept", "keep_references", "new_references", "record_keys"]

_TEXT: pa.DataType = pa.string()
MEMBERS = pa.schema(
    [
        ("source", _TEXT),
        ("source_row", pa.int64()),
        ("record_key", _TEXT),
        ("person", _TEXT),
        ("match_weight", pa.float64()),
        ("linked_by", _TEXT),
        ("run", _TEXT),
    ]
)


@dataclass(frozen=True)
class Kept:
    """Every record with its person's lasting reference, and what changed since the last run.

    ``members``: source, source_row, record_key, person, match_weight, linked_by, run (the run that last saw
    the record): the records of this run, then those held of lists that this run did not read.
    ``events``: person, event (new | merged | split), from_persons, to_persons, reason, run, at, and for
    merges record_keys and was: the records joined and the reference each had, so that it can be undone.
    """

    members: Relation
    events: Relation


def keep_references(
    linked: Relation,
    held: pa.Table | None,
    engine: DuckDB,
    table: str,
    *,
    at: datetime,
    run: str,
    keys: Relation | None = None,
    decisions: pa.Table | None = None,
) -> Kept:
    """Give every linked record its person's lasting reference.

    ``linked``: as ``link_people`` gives it. ``keys``: source, source_row, record_key of the same records;
    without it ``linked`` must have a record_key. ``held``: the members of the last run, or None at first.
    ``decisions``: record_a, record_b, verdict, by, at: the newest word on two records holds for ever.

    Makes ``table`` and ``<table>_events``. Raises RowsNotConserved.
    """
    scratch = _Scratch(engine, table)
    scratch.load_held(held)
    scratch.create_keyed(linked, keys)
    scratch.settle(decisions)
    _assign(scratch)
    members = scratch.write_members(run)
    _require_every_record(linked, members, run)
    events = tell_events(engine, table, at=at, run=run)
    scratch.drop()
    return Kept(members, events)


def new_references(count: int) -> pa.Array[pa.StringScalar]:
    """Return that many references, each with 80 random bits (RFC 4648's idea, Crockford's letters)."""
    drawn = np.frombuffer(os.urandom(10 * count), dtype=np.uint8).reshape(count, 10)
    bits = np.unpackbits(drawn, axis=1).reshape(count, REFERENCE_LENGTH, 5)
    alphabet = np.frombuffer(REFERENCE_ALPHABET.encode("ascii"), dtype="S1")
    letters = alphabet[(bits @ np.array([16, 8, 4, 2, 1], dtype=np.uint8)).astype(np.int64)]
    spelled = letters.reshape(count, REFERENCE_LENGTH).view(f"S{REFERENCE_LENGTH}").reshape(count)
    return pa.array(np.char.add("P", spelled.astype(f"U{REFERENCE_LENGTH}")), pa.string())


@dataclass(frozen=True)
class _Scratch:
    """The tables that keeping references works with, named after the one it makes."""

    engine: DuckDB
    table: str

    def name(self, what: str) -> str:
        return quoted(f"{self.table}_{what}")

    def create(self, what: str, query: str) -> Relation:
        return self.engine.create(f"{self.table}_{what}", query)

    def drop(self) -> None:
        for what in ("held", "keyed", "claims", "persons", "parts"):
            self.engine.drop(f"{self.table}_{what}")

    def load_held(self, held: pa.Table | None) -> None:
        rows = MEMBERS.empty_table() if held is None else held
        if "run" not in rows.column_names:
            rows = rows.append_column("run", pa.nulls(rows.num_rows, pa.string()))
        self.engine.load(f"{self.table}_held", rows.select(MEMBERS.names))

    def create_keyed(self, linked: Relation, keys: Relation | None) -> None:
        """Lay out this run's records with their key, group, last reference and strongest tie."""
        keyed = linked if keys is None else keys
        tied = "tie_source" in linked.columns
        same = "tie.source = l.tie_source AND tie.source_row = l.tie_row"
        tie = f"LEFT JOIN {quoted(keyed.name)} AS tie ON {same}"
        tied_to = "tie.record_key" if tied else "CAST(NULL AS VARCHAR)"
        self.create(
            "keyed",
            f"""
            SELECT l.source, l.source_row, key.record_key, l.person AS part, h.person AS held, l.match_weight,
              l.linked_by, {tied_to} AS tied_to, false AS decided
            FROM {quoted(linked.name)} AS l
            JOIN {quoted(keyed.name)} AS key ON key.source = l.source AND key.source_row = l.source_row
            LEFT JOIN {self.name("held")} AS h ON h.record_key = key.record_key {tie if tied else ""}""",
        )

    def settle(self, decisions: pa.Table | None) -> None:
        """Regroup the records of every group that a steward's word touches."""
        words = latest_words(decisions)
        if not words:
            return
        named = pa.table({"record_key": sorted({key for a, b, _ in words for key in (a, b)})})
        self.engine.load(f"{self.table}_parts", named)
        touched = self.engine.fetch(f"""
            SELECT record_key AS "key", part AS "group", held, tied_to, match_weight AS bits
            FROM {self.name("keyed")} WHERE part IN (
              SELECT part FROM {self.name("keyed")} SEMI JOIN {self.name("parts")} USING (record_key)
            ) ORDER BY record_key""").to_pylist()
        settled = settle([Touched(**row) for row in touched], words)
        parts = pa.table({"record_key": list(settled), "settled": list(settled.values())})
        self.engine.load(
            f"{self.table}_parts", parts.cast(pa.schema([(n, pa.string()) for n in parts.column_names]))
        )
        self.create(
            "keyed",
            f"""
            SELECT * EXCLUDE (settled)
              REPLACE (coalesce('S' || settled, part) AS part, settled IS NOT NULL AS decided)
            FROM {self.name("keyed")} LEFT JOIN {self.name("parts")} USING (record_key)""",
        )

    def write_members(self, run: str) -> Relation:
        """Write this run's records, then held ones of lists it did not read, which follow a merge."""
        columns = ", ".join(MEMBERS.names)
        now = f"""
            SELECT source, source_row, record_key, person, match_weight, linked_by, {literal(run)} AS run
            FROM {self.name("keyed")} JOIN {self.name("persons")} USING (part)"""
        absent = f"""
            SELECT source, source_row, record_key, coalesce(went.person, held.person) AS person, match_weight,
              linked_by, run
            FROM {self.name("held")} AS held LEFT JOIN (
              SELECT k.held AS lost, p.person, count(*) AS records
              FROM {self.name("keyed")} AS k JOIN {self.name("persons")} AS p USING (part)
              WHERE k.held NOT IN (SELECT person FROM {self.name("persons")})
              GROUP BY k.held, p.person
              QUALIFY row_number() OVER (PARTITION BY k.held ORDER BY count(*) DESC, p.person) = 1
            ) AS went ON went.lost = held.person
            WHERE source NOT IN (SELECT DISTINCT source FROM {self.name("keyed")})"""
        return self.engine.create(
            self.table,
            f"SELECT {columns} FROM ({now} UNION ALL {absent}) ORDER BY source, source_row",
        )


def _assign(scratch: _Scratch) -> None:
    """Give each group a reference: the held one it has most claim to, else a new one."""
    claims = scratch.create(
        "claims",
        f"""
        SELECT part, held, count(*) AS records FROM {scratch.name("keyed")} WHERE held IS NOT NULL
        GROUP BY ALL""",
    )
    found = scratch.engine.fetch(f"""
        SELECT dense_rank() OVER (ORDER BY part) - 1 AS p, dense_rank() OVER (ORDER BY held) - 1 AS h,
          part, held, records FROM {quoted(claims.name)} ORDER BY held, part""")
    won = _best_claims(*(found[name].to_numpy() for name in ("p", "h", "records")))
    scratch.engine.load(f"{scratch.table}_persons", found.select(["part", "held"]).filter(pa.array(won)))
    without = scratch.engine.fetch(
        f"SELECT DISTINCT part FROM {scratch.name('keyed')} "
        f"WHERE part NOT IN (SELECT part FROM {scratch.name('persons')}) ORDER BY part"
    )
    kept = scratch.engine.fetch(f"SELECT part, held AS person FROM {scratch.name('persons')}")
    fresh = pa.table({"part": without["part"], "person": new_references(without.num_rows)})
    scratch.engine.load(f"{scratch.table}_persons", pa.concat_tables([kept.cast(fresh.schema), fresh]))


def _best_claims(
    part: npt.NDArray[np.int64], held: npt.NDArray[np.int64], records: npt.NDArray[np.int64]
) -> npt.NDArray[np.bool_]:
    """Return which claims win: the most records first, then the smallest reference; one each way."""
    won = np.zeros(len(part), dtype=bool)
    if not len(part):
        return won
    parts = int(part.max()) + 1
    open_ = np.ones(len(part), dtype=bool)
    order = -np.arange(len(part), dtype=np.int64)
    while open_.any():
        at = np.flatnonzero(open_)
        best = at[
            each_others_best(
                parts + int(held.max()) + 1, part[at], held[at] + parts, (records[at], order[at])
            )
        ]
        won[best] = True
        open_ &= ~(np.isin(part, part[best]) | np.isin(held, held[best]))
    return won


def _require_every_record(linked: Relation, members: Relation, run: str) -> None:
    rows = linked.count()
    counted = members.engine.fetch(
        f"SELECT count(*) AS n FROM {quoted(members.name)} WHERE run = {literal(run)}"
    )
    kept = int(counted["n"][0].as_py())
    if kept != rows:
        raise RowsNotConserved(
            f"The linking step took {rows} records and accounts for {kept}.",
            "Nothing was released. Please report this with the lists' shapes, never their content.",
        )
