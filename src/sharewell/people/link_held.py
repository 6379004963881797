"""Link lists against the people that a folder holds, or hold the first ones in it."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa

from sharewell.people.add import Added, add_records
from sharewell.people.gather import Gathered
from sharewell.people.held import HeldPeople, opened_held
from sharewell.people.hold import hold_people
from sharewell.people.link import Progress, link_people
from sharewell.store.duckdb import DuckDB
from sharewell.store.engine import Relation
from sharewell.vocab.errors import UnknownColumn, Where
from sharewell.vocab.step import Note


@dataclass(frozen=True)
class LinkedHeld:
    """Every record with its person's lasting reference; what people should know, and pairs to look at."""

    linked: Relation
    notes: tuple[Note, ...]
    doubts: pa.Table


def link_against_held(
    folder: Path, gathered: Gathered, engine: DuckDB, progress: Progress, *, seed: int = 1
) -> LinkedHeld:
    """Link a batch against the people a folder holds; an empty or new folder then holds these first ones.

    Raises UnknownColumn when the batch comes with other columns than those that are held, and what
    ``opened_held``, ``hold_people`` and ``add_records`` raise.
    """
    at, run = datetime.now(UTC), secrets.token_hex(8)
    with opened_held(folder) as held:
        if held is None:
            return _hold_first(folder, gathered, engine, progress, seed=seed, at=at, run=run)
        _require_same_columns(folder, held, gathered)
        progress(f"comparing with {held.about.records:,} records that are held")
        return _told(add_records(held, gathered.records, engine, "linked", at=at, run=run))


def _hold_first(
    folder: Path, gathered: Gathered, engine: DuckDB, progress: Progress, *, seed: int, at: datetime, run: str
) -> LinkedHeld:
    linkage = link_people(
        gathered.records,
        engine,
        "linked",
        extra=gathered.extra,
        progress=progress,
        seed=seed,
        is_held=True,
    )
    progress("holding them for the next batch")
    _, kept = hold_people(folder, gathered.records, linkage, engine, given=gathered.extra, at=at, run=run)
    return LinkedHeld(kept.members, linkage.notes, linkage.doubts)


def _require_same_columns(folder: Path, held: HeldPeople, gathered: Gathered) -> None:
    known = tuple(held.about.laid_out["given"])
    others = sorted(set(known) ^ set(gathered.extra))
    if others:
        raise UnknownColumn(
            "The batch is to be compared by other columns than the people who are held.",
            f"Beside names, births, addresses and NHS numbers name {', '.join(known) or 'nothing else'}.",
            Where(file=folder.name, column=others[0]),
        )


def _told(added: Added) -> LinkedHeld:
    new, changed, same = (added.counts[name] for name in ("new", "changed", "unchanged"))
    notes = [
        Note("records_new", "Records were new.", new),
        Note("records_changed", "Records took the place of older forms of themselves.", changed),
        Note("records_unchanged", "Records were held already, word for word.", same),
        Note("records_looked_at", "Held records were looked at again.", added.counts["looked_at"]),
    ]
    return LinkedHeld(added.linked, tuple(note for note in notes if note.rows), added.doubts)
