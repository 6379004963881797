"""Map a file's columns to a standard's fields: certain, guessed, or left for a person to say."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence

import pyarrow as pa

from sharewell.sources.confirmed import fingerprint, load_confirmed, save_confirmed
from sharewell.sources.guess import by_names, by_similarity, by_values
from sharewell.sources.terms import ColumnGuess, ColumnMapping, HowMapped, Standard
from sharewell.store.engine import Relation, quoted
from sharewell.vocab.errors import MappingUnconfirmed, UnknownColumn, Where

__all__ = [
    "apply_mapping",
    "fingerprint",
    "guess_mapping",
    "load_confirmed",
    "require_certain",
    "save_confirmed",
]

_CERTAIN = {HowMapped.EXACT, HowMapped.SYNONYM, HowMapped.CONFIRMED}


def guess_mapping(
    columns: Sequence[str],
    standard: Standard,
    sample: pa.Table | None = None,
    confirmed: Mapping[str, str | None] | None = None,
) -> ColumnMapping:
    """Guess what each column of a file means in a standard, one field for one column at most.

    In this order: what a person confirmed (None: left out); the same name, capitals and punctuation aside; a
    known synonym; the values in ``sample`` (up to 2,000 distinct ones a column); the most similar name; else
    nothing. Raises UnknownColumn when ``confirmed`` names a field the standard lacks, or one field twice.
    """
    found = _confirmed_guesses(columns, standard, confirmed or {})
    found |= by_names([name for name in columns if name not in found], standard, _fields_of(found))
    for way in (by_values, by_similarity):
        open_columns = [name for name in columns if name not in found]
        found |= way(open_columns, standard, _fields_of(found), sample)
    nothing = {name: ColumnGuess(name, None, HowMapped.NOTHING, 0.0) for name in columns}
    return ColumnMapping(standard.name, tuple({**nothing, **found}.values()))


def _fields_of(found: Mapping[str, ColumnGuess]) -> set[str]:
    return {guess.field for guess in found.values() if guess.field}


def _confirmed_guesses(
    columns: Sequence[str], standard: Standard, confirmed: Mapping[str, str | None]
) -> dict[str, ColumnGuess]:
    told = {name: confirmed[name] for name in columns if name in confirmed}
    fields = [field for field in told.values() if field]
    for field in fields:
        if field not in standard.names:
            raise _no_such_field(field, standard)
        if fields.count(field) > 1:
            raise UnknownColumn(
                f"Two columns are mapped to the field '{field}'.",
                "Leave one of them out.",
                Where(column=field),
            )
    return {name: ColumnGuess(name, field, HowMapped.CONFIRMED, 1.0) for name, field in told.items()}


def _no_such_field(field: str, standard: Standard) -> UnknownColumn:
    return UnknownColumn(
        f"The standard '{standard.name}' has no field '{field}'.",
        f"See its fields with `sharewell standard show {standard.name}`.",
        Where(column=field),
    )


def require_certain(mapping: ColumnMapping, file: str) -> ColumnMapping:
    """Return the mapping if it may go unattended.

    Raises MappingUnconfirmed, which lists the doubtful columns, each with its guess, and the command that
    settles them.
    """
    if mapping.is_certain:
        return mapping
    doubtful = [guess for guess in mapping.guesses if guess.how not in _CERTAIN]
    raise MappingUnconfirmed(
        f"The meaning of {_count(len(doubtful))} must be confirmed: {'; '.join(map(_in_words, doubtful))}.",
        f"Check, correct and run `{confirming_command(mapping, file)}`.",
        Where(file=file),
    )


def _count(columns: int) -> str:
    return "1 column" if columns == 1 else f"{columns} columns"


def _in_words(guess: ColumnGuess) -> str:
    if guess.field is None:
        return f"'{guess.column}' is like no free field of the standard"
    ground = "values" if guess.how is HowMapped.VALUES else "name"
    return f"'{guess.column}' may be {guess.field} (by its {ground}, {guess.confidence:.0%})"


def confirming_command(mapping: ColumnMapping, file: str) -> str:
    """Return the command that confirms a mapping's doubtful columns as they were guessed."""
    words = ["sharewell", "map", file, "--standard", mapping.standard]
    for guess in mapping.guesses:
        if guess.how not in _CERTAIN:
            words += (
                ["--set", f"{guess.column}={guess.field}"] if guess.field else ["--leave-out", guess.column]
            )
    return shlex.join([*words, "--confirm"])


def apply_mapping(raw: Relation, mapping: ColumnMapping, standard: Standard, table: str) -> Relation:
    """Make ``table`` from ``raw``: its places, then every field of the standard, NULL where it has no column.

    Values are copied as they are. Raises UnknownColumn when the mapping disagrees with the file or standard.
    """
    sources = {guess.field: guess.column for guess in mapping.guesses if guess.field}
    for field, column in sources.items():
        if field not in standard.names:
            raise _no_such_field(field, standard)
        if column not in raw.columns:
            raise UnknownColumn(
                f"The file has no column '{column}'.",
                "Map the file's own columns again.",
                Where(column=column),
            )
    wanted = ", ".join(_selected(field, sources.get(field)) for field in standard.names)
    return raw.engine.create(table, f"SELECT source_row, line, {wanted} FROM {quoted(raw.name)}")


def _selected(field: str, column: str | None) -> str:
    return f"CAST({quoted(column) if column else 'NULL'} AS VARCHAR) AS {quoted(field)}"
