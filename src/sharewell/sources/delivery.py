"""Settle what the columns of one delivery mean, against what is remembered of its supplier.

This is the one call that a flow needs: ``require_settled(settle_mapping(...), file)``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from sharewell.sources.changed import Change, Changed, compare
from sharewell.sources.confirmed import load_confirmed, save_confirmed
from sharewell.sources.guess import by_names
from sharewell.sources.imprint import ROWS, Imprint, take_imprints
from sharewell.sources.layout import Layout, Remembered, load_layout, save_layout
from sharewell.sources.map import confirming_command, guess_mapping, require_certain
from sharewell.sources.terms import ColumnGuess, ColumnMapping, HowMapped, Standard
from sharewell.store.engine import Relation, quoted
from sharewell.vocab.errors import DeliveryChanged, Where

Meanings = Mapping[str, str | None]


@dataclass(frozen=True)
class Settled:
    """What a delivery's columns are taken to mean, and how it differs from the supplier's last one.

    ``supplier`` None: nobody said whose file it is, so only its headings were looked up. ``options`` are
    more words of the command that settles it: the sheet that was read, and the place.
    """

    mapping: ColumnMapping
    supplier: str | None
    changes: tuple[Change, ...]
    imprints: Mapping[str, Imprint]
    options: tuple[str, ...] = ()

    @property
    def is_settled(self) -> bool:
        """Return whether it may go unattended: every column certain, nothing changed but their order."""
        return self.mapping.is_certain and not self.questions

    @property
    def questions(self) -> tuple[Change, ...]:
        """Return the changes that a person must look at."""
        return tuple(change for change in self.changes if change.needs_a_person)

    def command(self, file: str) -> str:
        """Return the command that confirms it as it is taken."""
        also = {name for change in self.questions for name in change.columns}
        return confirming_command(self.mapping, file, self.supplier, also, self.options)


def sample_of(kept: Relation) -> pa.Table:
    """Return 2,000 rows, or a little fewer, from all over a list that was read, to tell its columns by.

    Not its first rows: a list that is only sorted in another way must look the same.
    """
    every = max(1, -(-kept.count() // ROWS))
    return kept.engine.fetch(f"SELECT * FROM {quoted(kept.name)} WHERE source_row % {every} = 0")


def settle_mapping(
    columns: Sequence[str],
    standard: Standard,
    sample: pa.Table,
    folder: Path | None,
    supplier: str | None = None,
    told: Meanings | None = None,
) -> Settled:
    """Return what a delivery's columns mean by what is remembered, known and guessed, and what has changed.

    ``folder`` is the place's standards folder; ``told`` is what a person says now, and wins. The supplier's
    layout is looked up first, then mappings confirmed for the same headings. Nothing is written.
    Raises UnknownColumn (a field that is not there, or given twice), StandardInvalid (a damaged memory).
    """
    told = told or {}
    layout = load_layout(folder, supplier, standard.name) if folder and supplier else None
    if layout is None:
        confirmed = load_confirmed(folder, standard.name, columns, supplier) if folder else None
        mapping = guess_mapping(columns, standard, sample, _merged(confirmed or {}, told))
        return Settled(mapping, supplier, (), take_imprints(sample, columns) if supplier else {})
    imprints = take_imprints(sample, columns)
    named = {name: guess.field or "" for name, guess in by_names(columns, standard, set()).items()}
    changes = compare(layout, columns, imprints, named)
    suggested = _suggested(changes, layout)
    remembered = {
        name: field
        for name, field in layout.meanings(columns).items()
        if name not in suggested and (field is None or field in standard.names)
    }
    mapping = guess_mapping(columns, standard, sample, _merged(remembered, told), suggested)
    return Settled(mapping, supplier, changes, imprints)


def _merged(remembered: Meanings, told: Meanings) -> dict[str, str | None]:
    """Return what was remembered and what is told now; a field told for one column is taken from another."""
    taken = {field for field in told.values() if field}
    kept = {name: field for name, field in remembered.items() if field not in taken}
    return {**kept, **told}


def _suggested(changes: Sequence[Change], layout: Layout) -> dict[str, ColumnGuess]:
    """Return what renamed and moved columns are now thought to mean."""
    meant = {column.heading: column.field for column in layout.columns}
    found: dict[str, ColumnGuess] = {}
    for change in changes:
        pairs: tuple[tuple[str, ...], ...] = ()
        if change.kind is Changed.RENAMED:
            pairs = (change.columns[1::-1],)
        elif change.kind is Changed.SWAPPED:
            pairs = (change.columns[:2], change.columns[1::-1])
        elif change.kind is Changed.SHIFTED and len(change.columns) == 2:
            pairs = (change.columns[:2],)
        for name, other in pairs:
            guess = ColumnGuess(name, meant.get(other), HowMapped.VALUES, change.confidence, change.text)
            found[name] = guess
    return found


def require_settled(settled: Settled, file: str) -> ColumnMapping:
    """Return the mapping if the delivery may go unattended.

    Raises DeliveryChanged (what differs from the supplier's last layout, and the command that settles it) or
    MappingUnconfirmed (columns that were only guessed).
    """
    if not settled.questions:
        return require_certain(settled.mapping, file, settled.supplier, settled.options)
    said = " ".join(f"{change.text} ({change.confidence:.0%} sure)" for change in settled.questions)
    raise DeliveryChanged(
        f"This delivery is not laid out as the last confirmed one of '{settled.supplier}'. {said}",
        f"Ask the sender if in doubt; else check, correct and run `{settled.command(file)}`.",
        Where(file=file, column=settled.questions[0].columns[-1]),
    )


def remember(folder: Path, settled: Settled, columns: Sequence[str]) -> None:
    """Keep a mapping as confirmed: by its headings, and as its supplier's layout where one is named.

    Raises FolderReadOnly, DiskFull.
    """
    meanings = {guess.column: guess.field for guess in settled.mapping.guesses}
    save_confirmed(folder, settled.mapping.standard, columns, meanings, settled.supplier)
    if settled.supplier:
        save_layout(folder, _layout(settled, settled.supplier, columns))


def keep_layout(folder: Path, settled: Settled, columns: Sequence[str]) -> None:
    """Keep how a settled delivery was laid out, for its supplier's next one; nobody confirmed anything.

    A shorter delivery of the same columns says less of them, so what is known stays; so does what a person
    confirmed to mean something else while the run went on. Raises FolderReadOnly, DiskFull.
    """
    if not settled.supplier or not settled.is_settled:
        return
    now = _layout(settled, settled.supplier, columns)
    known = load_layout(folder, settled.supplier, settled.mapping.standard)
    if known is None or (now != known and _rows(now) >= _rows(known) and _mean_alike(now, known)):
        save_layout(folder, now)


def _mean_alike(now: Layout, known: Layout) -> bool:
    meanings = {column.heading: column.field for column in now.columns}
    return known.meanings(list(meanings)) == meanings


def _layout(settled: Settled, supplier: str, columns: Sequence[str]) -> Layout:
    meanings = {guess.column: guess.field for guess in settled.mapping.guesses}
    nothing = Imprint(0, 0.0)
    kept = tuple(Remembered(n, meanings.get(n), settled.imprints.get(n, nothing)) for n in columns)
    return Layout(supplier, settled.mapping.standard, kept)


def _rows(layout: Layout) -> int:
    return max((column.imprint.rows for column in layout.columns), default=0)
