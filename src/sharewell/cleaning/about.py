"""What about.json says of a folder of answers: what was read, against what, how, and what came of it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sharewell import __version__
from sharewell.cleaning.clean import Decided
from sharewell.cleaning.explain import Row, count_changes, notes_on, reasons_of
from sharewell.cleaning.sentences import why
from sharewell.sources.read import Read
from sharewell.sources.terms import ColumnMapping, FileFacts
from sharewell.store.engine import Relation


@dataclass(frozen=True)
class Account:
    """What became of every line of a file: the answer that ``sharewell clean`` prints."""

    rows_in: int
    kept: int
    set_aside: int
    not_records: int
    changes: int


def about(
    read: Read, mapping: ColumnMapping, decided: Decided, aside: Relation, account: Account, folder: Path
) -> dict[str, Any]:
    """Return the content of about.json; it never holds a value. ``aside`` has every row set aside."""
    standard, decider = decided.standard, decided.decider
    titles = {field.name: field.title for field in standard.fields}
    counts = count_changes(decided.mapped.engine, decided.changes(), aside)
    reasons = reasons_of(aside)
    notes = (*read.notes, *notes_on(counts, reasons, standard))
    return {
        "made_by": f"sharewell {__version__}",
        "file": _file(read.facts) | {"cells": list(read.cells)},
        "standard": {"name": standard.name, "version": standard.version},
        "as_of": decider.as_of.isoformat(),
        "mapping": {guess.column: guess.field for guess in mapping.guesses},
        "without": sorted(f"{each.column}:{each.rule}" for each in decider.without),
        "rows": vars(account),
        "reasons": [
            {"reason": each, "rows": rows, "why": why(each, titles)} for each, rows in reasons.items()
        ],
        "rules": _rules(counts),
        "blank_cells_were": _blanks(decided),
        "decisions": {"asked": decider.asked, "remembered": decider.remembered},
        "notes": [vars(note) for note in notes],
        "files": {path.name: _sha256(path) for path in sorted(folder.glob("*.parquet"))},
    }


def _file(facts: FileFacts) -> dict[str, Any]:
    told = ("name", "sha256", "format", "encoding", "delimiter", "header_line")
    return {**{each: getattr(facts, each) for each in told}, "lines": dict(facts.lines)}


def _rules(counts: Sequence[Row]) -> list[dict[str, Any]]:
    """Return how many cells of kept rows each rule, or rules together, changed in each column."""
    return [
        {
            "column": row["column"],
            "rule": row["rule"],
            "verdict": row["verdict"],
            "cells": row["n"],
            "why": why(str(row["rule"])),
        }
        for row in counts
    ]


def _blanks(decided: Decided) -> dict[str, str | None]:
    """Return what a kept row's missing cell was in the file, by column: no text, or nothing at all."""
    missing = decided.blanks
    return {column.field.name: None if missing[f"n{column.place}"] else "" for column in decided.columns}


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
