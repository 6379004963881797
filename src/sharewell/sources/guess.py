"""Ways to guess what a column means: its name, its values, the likeness of its name."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from difflib import SequenceMatcher
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from sharewell.sources.rules import normal_heading
from sharewell.sources.terms import ColumnGuess, Field, FieldType, HowMapped, Role, Standard

_DISTINCT: Final = 2_000
_FEWEST: Final = 3
_SHARE: Final = 0.8
_LIKENESS: Final = 0.75

Guesses = dict[str, ColumnGuess]
Check = Callable[[str], bool]


def by_names(columns: Sequence[str], standard: Standard, taken: set[str]) -> Guesses:
    """Return the columns whose heading is a field's name, or else a heading known for it."""
    exact = {normal_heading(field.name): field.name for field in standard.fields}
    found = _first_come(columns, exact, HowMapped.EXACT, taken)
    known = {
        normal_heading(text): field.name
        for field in standard.fields
        for text in (field.title, *field.synonyms)
    }
    rest = [column for column in columns if column not in found]
    taken = taken | {guess.field for guess in found.values() if guess.field}
    return found | _first_come(rest, known, HowMapped.SYNONYM, taken)


def _first_come(columns: Sequence[str], headings: dict[str, str], how: HowMapped, taken: set[str]) -> Guesses:
    found: Guesses = {}
    for column in columns:
        field = headings.get(normal_heading(column))
        if field and field not in taken:
            found[column] = ColumnGuess(column, field, how, 1.0)
            taken = taken | {field}
    return found


def by_values(
    columns: Sequence[str], standard: Standard, taken: set[str], sample: pa.Table | None
) -> Guesses:
    """Return the columns whose values pass the check of a field that no column has, the surest first."""
    if sample is None:
        return {}
    free = [field for field in standard.fields if field.name not in taken and field.type in _checks()]
    free = [field for field in free if _is_the_one(field)]
    scored = [
        (share * _WEIGHT.get(field.type, 1.0), column, field)
        for column in columns
        if column in sample.column_names and len(values := _distinct(sample, column)) >= _FEWEST
        for field in free
        if (share := _share(values, field.type)) >= _SHARE
    ]
    return _best_first(scored, HowMapped.VALUES)


def by_similarity(columns: Sequence[str], standard: Standard, taken: set[str], _: pa.Table | None) -> Guesses:
    """Return the columns whose heading is much like a heading of a field that no column has."""
    free = [field for field in standard.fields if field.name not in taken]
    scored = [(likeness, column, field) for column in columns for field in free
              if (likeness := _likeness(column, field)) >= _LIKENESS]  # fmt: skip
    return _best_first(scored, HowMapped.SIMILAR)


def _best_first(scored: list[tuple[float, str, Field]], how: HowMapped) -> Guesses:
    found: Guesses = {}
    given: set[str] = set()
    for score, column, field in sorted(scored, key=lambda guess: -guess[0]):
        if column not in found and field.name not in given:
            found[column] = ColumnGuess(column, field.name, how, round(min(score, 0.99), 2))
            given.add(field.name)
    return found


def _likeness(column: str, field: Field) -> float:
    heading = normal_heading(column)
    texts = {normal_heading(text) for text in (field.name, field.title, *field.synonyms)}
    return max(SequenceMatcher(None, heading, text).ratio() for text in texts)


_WEIGHT: Final = {FieldType.UPRN: 0.6}
"""Any whole number looks like a UPN's or a property's, so passing as a UPRN says less."""

_THE_ONE: Final = {
    *(Role.NHS_NUMBER, Role.NINO, Role.UPN, Role.UPRN, Role.POSTCODE, Role.EMAIL),
}


def _is_the_one(field: Field) -> bool:
    """Return whether a field is the list's main one of its type: others of the type look just the same."""
    return field.role in _THE_ONE


def _distinct(sample: pa.Table, column: str) -> list[str]:
    values = pc.unique(sample.column(column).cast(pa.string()).slice(0, 20 * _DISTINCT)).to_pylist()
    written = [value.strip() for value in values if value and value.strip()]
    return written[:_DISTINCT]


def _share(values: Sequence[str], kind: FieldType) -> float:
    check = _checks()[kind]
    return sum(check(value) for value in values) / len(values)


def _checks() -> dict[FieldType, Check]:
    from sharewell.vocab import identifiers

    def bare(check: Check) -> Check:
        return lambda value: check(value.replace(" ", "").replace("-", "").removesuffix(".0").upper())

    return {
        FieldType.NHS_NUMBER: bare(identifiers.is_nhs_number),
        FieldType.NINO: bare(identifiers.is_nino),
        FieldType.UPN: bare(identifiers.is_upn),
        FieldType.UPRN: lambda value: len(value) >= 6 and bare(identifiers.is_uprn)(value),
        FieldType.POSTCODE: lambda value: identifiers.is_postcode(_spaced(value)),
        FieldType.EMAIL: lambda value: (
            value.count("@") == 1 and "." in value.partition("@")[2] and " " not in value
        ),
    }


def _spaced(value: str) -> str:
    bare = value.replace(" ", "").upper()
    return f"{bare[:-3]} {bare[-3:]}"
