"""Hold what a linkage found and learned, so that later batches are linked against it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa

from sharewell.people.block import Block, with_block_columns
from sharewell.people.evidence import comparison_of
from sharewell.people.gather import RECORD_ID
from sharewell.people.held import About, HeldPeople, hold
from sharewell.people.keys import record_keys
from sharewell.people.link import Linkage
from sharewell.people.prepare import Prepared
from sharewell.people.references import Kept, keep_references
from sharewell.people.weigh import Model, rare_columns, share_column
from sharewell.people.weights import Weights
from sharewell.store.duckdb import DuckDB
from sharewell.store.engine import Relation, quoted
from sharewell.vocab.errors import TooLittleToHold

CONTENT = "content"
_OF_THIS_RUN = ("id", "home_sample", "street_sample")


@dataclass(frozen=True)
class Learned:
    """What a linkage learned of its records: enough to lay out, compare and weigh others like them.

    ``given``: the further columns that the records came with. ``default_days``: the list and day of dates
    that its form fills in. ``held_columns``: the columns that a record is laid out in.
    """

    model: Model
    blocks: tuple[Block, ...]
    threshold: float
    seed: int
    given: tuple[str, ...]
    extra: Mapping[str, str]
    holds: frozenset[str]
    homes_known: float
    default_days: tuple[tuple[str, str], ...]
    held_columns: tuple[str, ...]
    has_ids: bool

    @classmethod
    def of(cls, about: About) -> Learned:
        """Return what is written of held people."""
        model, laid = about.model, about.laid_out
        return cls(
            _model(model),
            _blocks(model),
            model["threshold"],
            model["seed"],
            tuple(laid["given"]),
            laid["extra"],
            frozenset(laid["holds"]),
            laid["homes_known"],
            tuple((source, day) for source, day in laid["default_days"]),
            tuple(laid["held_columns"]),
            laid["has_ids"],
        )

    @property
    def unknown_shares(self) -> list[str]:
        """Return SQL for how frequent the values of new records are: that is only known of held ones."""
        return [f"NULL::DOUBLE AS {share_column(column)}" for column in rare_columns(self.model)]

    def near(self, table: str, rows: int) -> Prepared:
        """Return a table of records that were laid out alike, ready to compare."""
        return Prepared(table, rows, self.holds, dict(self.extra), self.homes_known)


def _model(told: Mapping[str, Any]) -> Model:
    return Model(
        tuple(comparison_of(column) for column in told["columns"]),
        Weights.from_dict(told["weights"], learned=told["learned"]),
        told["prior"],
    )


def _blocks(model: Mapping[str, Any]) -> tuple[Block, ...]:
    return tuple(Block(tuple(each["parts"]), each["largest"], each["key"]) for each in model["blocks"])


def key_records(records: Relation, engine: DuckDB, *, has_ids: bool) -> Relation:
    """Make a table of source, source_row, record_key and content: what a record says, as a key too."""
    own = record_keys(records, f"{records.name}_keys", RECORD_ID if has_ids else None)
    if not has_ids:
        return engine.create(own.name, f"SELECT *, record_key AS {CONTENT} FROM {quoted(own.name)}")
    said = record_keys(records, f"{records.name}_said")
    keyed = engine.create(
        own.name,
        f"SELECT o.*, s.record_key AS {CONTENT} FROM {quoted(own.name)} AS o "
        f"JOIN {quoted(said.name)} AS s USING (source, source_row)",
    )
    said.drop()
    return keyed


def hold_people(
    folder: Path,
    records: Relation,
    linkage: Linkage,
    engine: DuckDB,
    *,
    given: Sequence[str] = (),
    at: datetime,
    run: str,
) -> tuple[HeldPeople, Kept]:
    """Hold a linkage's records, people and model in a folder that holds none.

    ``linkage`` must have been made with ``is_held``, of records with the further columns ``given``. Returns
    also the members with their references. Raises TooLittleToHold, DiskFull, FolderReadOnly.
    """
    laid, has_ids = linkage.laid_out, RECORD_ID in records.columns
    if laid is None or "weights" not in linkage.model:
        raise TooLittleToHold(
            "There is nothing in these lists to compare, so no later batch could be linked against them.",
            "Name more columns, or link more records first.",
        )
    keys = key_records(records, engine, has_ids=has_ids)
    kept = keep_references(linkage.linked, None, engine, "members", at=at, run=run, keys=keys)
    model: dict[str, Any] = {name: value for name, value in linkage.model.items() if name != "splink"}
    _add_columns(engine, laid, model)
    columns = [name for name in engine.columns(laid.table) if _is_lasting(name)]
    rows = engine.stream(
        f"SELECT m.record_key, k.{CONTENT}, m.person, m.match_weight, m.linked_by, m.run, "
        f"{', '.join(f'p.{quoted(name)}' for name in columns)} FROM {quoted(laid.table)} AS p "
        f"JOIN {quoted(kept.members.name)} AS m USING (source, source_row) "
        f"JOIN {quoted(keys.name)} AS k USING (source, source_row) ORDER BY p.id"
    )
    told: dict[str, Any] = {
        "given": list(given),
        "extra": dict(laid.extra),
        "holds": sorted(laid.holds),
        "homes_known": laid.homes_known,
        "default_days": _default_days(records, laid, engine),
        "held_columns": columns,
        "has_ids": has_ids,
    }
    people = engine.fetch(f"SELECT count(DISTINCT person) AS n FROM {quoted(kept.members.name)}")["n"][0]
    held = hold(
        folder, rows, pa.table({}), model=model, laid_out=told, people=people.as_py(), records=records.count()
    )
    engine.drop(keys.name)
    engine.drop(laid.table)
    return held, kept


def _add_columns(engine: DuckDB, laid: Prepared, model: Mapping[str, Any]) -> None:
    """Add to the records what a batch is compared by: their blocks, how frequent their values are."""
    shares = [
        f"CASE WHEN {column} IS NOT NULL THEN count(*) OVER (PARTITION BY {column})"
        f" / count({column}) OVER () END AS {share_column(column)}"
        for column in rare_columns(_model(model))
    ]
    engine.create(laid.table, with_block_columns(laid.table, _blocks(model), shares))


def _is_lasting(name: str) -> bool:
    return name not in _OF_THIS_RUN and not name.startswith("key_")


def _default_days(records: Relation, laid: Prepared, engine: DuckDB) -> list[list[str]]:
    """Return the list and day of the dates that were taken for a form's default."""
    found = engine.fetch(f"""
        SELECT DISTINCT r.source, lower(trim(r.date_of_birth)) AS day FROM {quoted(records.name)} AS r
        JOIN {quoted(laid.table)} AS p USING (source, source_row)
        WHERE p.date_of_birth IS NULL AND p.reading NOT IN ('nobody', 'estate')
          AND nullif(trim(r.date_of_birth), '') IS NOT NULL ORDER BY ALL""")
    return [[row["source"], row["day"]] for row in found.to_pylist()]
