"""What is explained: a linkage's records as they were compared, its model, and which person each came to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from sharewell.people.block import Block
from sharewell.people.held import About, HeldPeople
from sharewell.people.hold import Learned
from sharewell.people.link import Linkage
from sharewell.people.prepare import Prepared
from sharewell.people.weigh import Model
from sharewell.people.weights import Weights
from sharewell.store.duckdb import DuckDB
from sharewell.store.engine import quoted

_NOTHING = Learned(Model((), Weights({}, False), {}), (), 0.0, 1, (), {}, frozenset(), 0.0, (), (), False)


@dataclass(frozen=True)
class Scene:
    """A linkage to be explained.

    ``prepared``: the records as laid out, with an id from 0. ``people``: a table that has source, source_row
    and person. ``doubts``: the pairs left to a person, None where they are not kept.
    """

    engine: DuckDB
    prepared: Prepared
    learned: Learned
    people: str
    doubts: pa.Table | None = None

    @classmethod
    def of(cls, linkage: Linkage) -> Scene:
        """Return the scene of a linkage made with ``is_held``. Raises ValueError where it was not."""
        laid, engine = linkage.laid_out, linkage.linked.engine
        if laid is None or not isinstance(engine, DuckDB):
            raise ValueError("Link with is_held=True: a linkage is explained from its records as laid out.")
        learned = _NOTHING
        if "weights" in linkage.model:
            learned = Learned.of(About(linkage.model, _told(laid), laid.rows, 0, ""))
        return cls(engine, laid, learned, linkage.linked.name, linkage.doubts)

    @classmethod
    def of_held(cls, held: HeldPeople, engine: DuckDB) -> Scene:
        """Return the scene of held people, whose records are loaded into the engine."""
        rows, learned = held.records(), Learned.of(held.about)
        engine.load("held", rows.append_column("id", pa.array(np.arange(rows.num_rows))))
        return cls(engine, learned.near("held", rows.num_rows), learned, "held")

    def label(self, column: str) -> str:
        """Return what a column of the laid-out records is called by whoever sent them, in words."""
        return LABELS.get(column) or self.prepared.extra.get(column, column).replace("_", " ")


LABELS = {
    "date_of_birth": "date of birth",
    "nhs_number": "NHS number",
    "upn": "UPN",
    "nino": "National Insurance number",
    "email": "e-mail address",
    "phone": "telephone number",
    "home": "address (UPRN)",
    "known_as": "usual form of the first name",
    "outward": "first half of the postcode",
}


def _told(laid: Prepared) -> dict[str, object]:
    kept = {"extra": laid.extra, "holds": sorted(laid.holds), "homes_known": laid.homes_known}
    return {**kept, "given": (), "default_days": (), "held_columns": (), "has_ids": False}


def block_words(scene: Scene, block: Block) -> str:
    """Return what two records must agree on to be compared by a block, in words."""
    return " and ".join(_part(scene, part) for part in block.parts)


def _part(scene: Scene, part: str) -> str:
    if not part.startswith("substr("):
        return scene.label(part)
    column, _, length = part.removeprefix("substr(").rstrip(")").split(", ")
    return f"the first {length} letters of {scene.label(column)}"


def in_block(table: str, block: Block) -> str:
    """Return SQL for id and key of the records that a block compares with others of the same key."""
    query = f"SELECT id, {block.joined} AS key FROM {quoted(table)} WHERE {block.joined} IS NOT NULL"
    if block.largest is not None:
        query += f" QUALIFY count(*) OVER (PARTITION BY {', '.join(block.parts)}) <= {block.largest}"
    return query


def pairs_by_block(table: str, blocks: Sequence[Block]) -> str:
    """Return SQL for l, r and blocks of every pair that is compared; bit n of ``blocks`` is block n."""
    found = [
        f"SELECT l.id AS l, r.id AS r, {1 << place}::BIGINT AS block FROM ({in_block(table, block)}) AS l "
        f"JOIN ({in_block(table, block)}) AS r ON l.key = r.key WHERE l.id < r.id"
        for place, block in enumerate(blocks)
    ]
    return f"SELECT l, r, bit_or(block) AS blocks FROM ({' UNION ALL '.join(found)}) AS found GROUP BY l, r"
