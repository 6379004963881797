"""Map a file's columns to a standard's fields: certain, guessed, or left for a person to say."""

from __future__ import annotations

import shlex
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Final

import pyarrow as pa

from sharewell.sources.confirmed import fingerprint, load_confirmed, save_confirmed
from sharewell.sources.guess import by_evidence, by_names, doubted, look_at_columns
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
    suggested: Mapping[str, ColumnGuess] | None = None,
) -> ColumnMapping:
    """Guess what each column of a file means in a standard, one field for one column at most.

    In this order: what a person confirmed (None: left out); what is ``suggested`` by the last delivery; the
    same name, capitals and punctuation aside; a known synonym (each unless the values in ``sample`` plainly
    are something else); values and likeness of name together; else nothing. Up to 2,000 rows are looked at.
    Raises UnknownColumn when ``confirmed`` names a field the standard lacks, or one field twice.
    """
    looked = look_at_columns([name for name in columns if name not in (confirmed or {})], sample)
    found = _confirmed_guesses(columns, standard, confirmed or {})
    for name, guess in (suggested or {}).items():
        if name in columns and name not in found and guess.field not in _fields_of(found):
            found[name] = guess
    named = by_names([name for name in columns if name not in found], standard, _fields_of(found))
    doubts = doubted(named, standard, looked)
    found |= {name: guess for name, guess in named.items() if name not in doubts}
    open_columns = [name for name in columns if name not in found]
    guessed = by_evidence(open_columns, standard, _fields_of(found), looked)
    found |= guessed | {name: _with_guess(doubt, guessed.get(name)) for name, doubt in doubts.items()}
    nothing = {name: ColumnGuess(name, None, HowMapped.NOTHING, 0.0, _NOTHING) for name in columns}
    return ColumnMapping(standard.name, tuple({**nothing, **found}.values()))


_NOTHING: Final = "Neither its heading nor its values are like any free field of the standard."


def _with_guess(doubt: ColumnGuess, guess: ColumnGuess | None) -> ColumnGuess:
    """Return a doubted column with the field that its values point at, if they do."""
    return replace(doubt, field=guess.field) if guess else doubt


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
    return {
        name: ColumnGuess(name, field, HowMapped.CONFIRMED, 1.0, "A person confirmed it.")
        for name, field in told.items()
    }


def _no_such_field(field: str, standard: Standard) -> UnknownColumn:
    return UnknownColumn(
        f"The standard '{standard.name}' has no field '{field}'.",
        f"See its fields with `sharewell standard show {standard.name}`.",
        Where(column=field),
    )


MOST_LISTED: Final = 40
"""How many doubtful columns a refusal names; a list with more is seldom the one that was meant."""


def require_certain(
    mapping: ColumnMapping, file: str, supplier: str | None = None, options: Sequence[str] = ()
) -> ColumnMapping:
    """Return the mapping if it may go unattended. ``options`` are more words of the command that settles it.

    Raises MappingUnconfirmed, which lists the doubtful columns, each with its guess, and that command; of a
    great many, the first and the command that shows them all.
    """
    if mapping.is_certain:
        return mapping
    doubtful = [guess for guess in mapping.guesses if guess.how not in _CERTAIN]
    listed = "; ".join(map(_in_words, doubtful[:MOST_LISTED]))
    what = f"The meaning of {_count(len(doubtful))} must be confirmed: {listed}"
    if len(doubtful) > MOST_LISTED:
        shown = shlex.join(["sharewell", "map", file, *options, "--standard", mapping.standard])
        what = f"{what}; and {len(doubtful) - MOST_LISTED:,} more"
        advice = f"Is it the right file, and the right standard? `{shown}` shows what each column may be."
    else:
        command = confirming_command(mapping, file, supplier, options=options)
        advice = f"Check, correct and run `{command}`."
    raise MappingUnconfirmed(f"{what}.", advice, Where(file=file))


def _count(columns: int) -> str:
    return "1 column" if columns == 1 else f"{columns} columns"


def _in_words(guess: ColumnGuess) -> str:
    why = guess.reason.rstrip(".")
    if guess.field is None:
        return f"'{guess.column}' is like no free field ({why})" if guess.reason else f"'{guess.column}'"
    return f"'{guess.column}' may be {guess.field} ({guess.confidence:.0%} sure: {why})"


def confirming_command(
    mapping: ColumnMapping,
    file: str,
    supplier: str | None = None,
    also: Collection[str] = (),
    options: Sequence[str] = (),
) -> str:
    """Return the command that confirms a mapping as guessed: its doubtful columns, and ``also`` these."""
    words = ["sharewell", "map", file, *options, "--standard", mapping.standard]
    words += ["--supplier", supplier] if supplier else []
    for guess in mapping.guesses:
        if guess.how not in _CERTAIN or guess.column in also:
            words += (
                ["--set", f"{guess.column}={guess.field}"] if guess.field else ["--leave-out", guess.column]
            )
    return shlex.join([*words, "--confirm"])


def apply_mapping(raw: Relation, mapping: ColumnMapping, standard: Standard, table: str) -> Relation:
    """Make ``table`` from ``raw``: its places, then every field of the standard, NULL where it has no column.

    Values are copied as they are. Raises UnknownColumn when the mapping disagrees with the file or standard.
    """
    sources = {guess.field: guess.column for guess in mapping.guesses if guess.field}
    columns = raw.columns  # asked once: every look is a query
    for field, column in sources.items():
        if field not in standard.names:
            raise _no_such_field(field, standard)
        if column not in columns:
            raise UnknownColumn(
                f"The file has no column '{column}'.",
                "Map the file's own columns again.",
                Where(column=column),
            )
    wanted = ", ".join(_selected(field, sources.get(field)) for field in standard.names)
    return raw.engine.create(table, f"SELECT source_row, line, {wanted} FROM {quoted(raw.name)}")


def _selected(field: str, column: str | None) -> str:
    return f"CAST({quoted(column) if column else 'NULL'} AS VARCHAR) AS {quoted(field)}"
