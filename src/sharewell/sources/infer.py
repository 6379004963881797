"""Propose a standard from a file: names, types from values, what is always filled in, codes and synonyms.

A proposal is for a person to read and correct. It holds no value from the file but codes that many rows
share: examples are made up.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import islice
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from sharewell.sources.rules import RESERVED, normal_heading
from sharewell.sources.standards import load_standard, shipped_standards
from sharewell.sources.table_schema import as_table_schema
from sharewell.sources.terms import Field, FieldType, OnFailure, Role, Standard
from sharewell.sources.value_kinds import EXAMPLES, SHAPES, sensitivity_of
from sharewell.vocab.sensitivity import Sensitivity

SAMPLE: Final = 100_000
_DISTINCT: Final = 2_000
_SHARE: Final = 0.9
_KNOWN_SHARE: Final = 0.6
_MOST_CODES: Final = 20
_ROWS_A_CODE: Final = 10
_LONGEST_CODE: Final = 40
_PLAIN: Final = "people"
_MANY: Final = frozenset({Role.ADDRESS_LINE, Role.PHONE, Role.EMAIL})
_NEVER_CODES: Final = frozenset({Sensitivity.DIRECT, Sensitivity.QUASI})


@dataclass(frozen=True)
class Guess:
    """A field proposed for a column, how sure that is (0 to 1) and on what grounds."""

    column: str
    field: Field
    confidence: float
    grounds: str


@dataclass(frozen=True)
class Inferred:
    """A standard proposed from a file, field by field."""

    standard: Standard
    guesses: tuple[Guess, ...]

    def document(self) -> dict[str, Any]:
        """Return the proposal as a Table Schema document, each field with its confidence."""
        made = as_table_schema(self.standard)
        for field, guess in zip(made["fields"], self.guesses, strict=True):
            field["sharewell:confidence"] = guess.confidence
        return made


def infer_standard(rows: pa.Table, columns: Sequence[str], name: str, title: str) -> Inferred:
    """Propose a standard for some rows of a file; ``columns`` are its headings in order."""
    guesses: list[Guess] = []
    taken: set[str] = set()
    for column in columns:
        guess = _guess(column, _Values.of(rows, column))
        guess = replace(guess, field=replace(guess.field, name=_unique(guess.field.name, taken)))
        taken.add(guess.field.name)
        guesses.append(guess)
    fields = _apart([guess.field for guess in guesses])
    told = tuple(replace(guess, field=field) for guess, field in zip(guesses, fields, strict=True))
    description = f"Proposed from {rows.num_rows:,} rows of a file; to be read and corrected."
    return Inferred(Standard(name, "0.1", title, description, fields), told)


@dataclass(frozen=True)
class _Values:
    """What a column holds: its distinct values with how often each comes, and how many cells are filled."""

    counts: Mapping[str, int]
    filled: int
    rows: int

    @classmethod
    def of(cls, rows: pa.Table, column: str) -> _Values:
        values: Any = pc.utf8_trim_whitespace(rows.column(column).cast(pa.string()))
        counted: Any = pc.value_counts(values)
        found = sorted(counted.to_pylist(), key=lambda each: -each["counts"])
        found = [each for each in found if each["values"]]
        counts = {each["values"]: each["counts"] for each in found}
        return cls(dict(islice(counts.items(), _DISTINCT)), sum(counts.values()), rows.num_rows)

    def share(self, check: Callable[[str], bool]) -> float:
        """Return the share of distinct values that pass a check."""
        return sum(map(check, self.counts)) / len(self.counts) if self.counts else 0.0


def _guess(column: str, values: _Values) -> Guess:
    known = _known().get(normal_heading(column))
    if known:
        share = values.share(SHAPES.get(known.type, lambda _: True))
        if not values.counts or share >= _KNOWN_SHARE:
            sure = 0.99 if values.counts and known.type in SHAPES else 0.9
            grounds = "its name and its values" if known.type in SHAPES else "its name"
            field = _with_codes(_from_known(known, column, values), values)
            return Guess(column, field, round(sure * max(share, 0.5), 2), grounds)
    return _by_values(column, values)


def _from_known(known: Field, column: str, values: _Values) -> Field:
    """Return a shipped standard's field as this file has it."""
    synonyms = (
        (column, *known.synonyms) if normal_heading(column) != normal_heading(known.name) else known.synonyms
    )
    required = _is_always_filled(values)
    failing = OnFailure.SET_ASIDE if required else OnFailure.BLANK
    return replace(
        known, required=required, on_failure=failing, unique=False, synonyms=_distinct_headings(synonyms)
    )


def _by_values(column: str, values: _Values) -> Guess:
    name = _field_name(column)
    kind, share = _best_type(values)
    sensitivity = sensitivity_of(kind)
    field = Field(
        name=name,
        type=kind,
        title=_title(column),
        required=_is_always_filled(values),
        synonyms=(column,) if normal_heading(column) != normal_heading(name) else (),
        sensitivity=sensitivity,
        on_failure=OnFailure.SET_ASIDE if _is_always_filled(values) else OnFailure.BLANK,
        example=EXAMPLES.get(kind, ""),
    )
    field = _with_codes(field, values)
    return Guess(column, field, round(min(share, 0.95), 2), "its values")


def _best_type(values: _Values) -> tuple[FieldType, float]:
    """Return the narrowest type that nearly every value fits; text fits anything, and says little."""
    for kind, check in SHAPES.items():
        share = values.share(check)
        if share >= _SHARE:
            return kind, share
    return FieldType.TEXT, 0.5


def _with_codes(field: Field, values: _Values) -> Field:
    """Return the field with the codes that its rows share, where few values come again and again."""
    if field.type not in (FieldType.TEXT, FieldType.CODE) or field.sensitivity in _NEVER_CODES:
        return field
    counts = values.counts
    few = 2 <= len(counts) <= _MOST_CODES and values.filled >= _ROWS_A_CODE * len(counts)
    if field.categories:
        words = {_folded(word) for code, known in field.categories.items() for word in (code, *known)}
        fits = sum(_folded(value) in words for value in counts) >= _SHARE * len(counts)
        return field if fits else replace(field, type=FieldType.TEXT, categories={}, example="")
    if not few or any(len(value) > _LONGEST_CODE for value in counts):
        return field
    return replace(
        field, type=FieldType.CODE, categories=dict.fromkeys(counts, ()), example=next(iter(counts))
    )


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()


def _is_always_filled(values: _Values) -> bool:
    return values.rows > 0 and values.filled == values.rows


def _apart(fields: Sequence[Field]) -> tuple[Field, ...]:
    """Return the fields with no heading that means two of them, and no role played twice."""
    names = {normal_heading(text) for field in fields for text in (field.name, field.title)}
    headings: set[str] = set()
    roles: set[Role] = set()
    told = []
    for field in fields:
        mine = [text for text in field.synonyms if normal_heading(text) not in names | headings]
        headings |= {normal_heading(text) for text in mine}
        role = None if field.role in roles and field.role not in _MANY else field.role
        roles |= {role} if role else set()
        same = [other for other in fields if other is not field and _shares_title(other, field)]
        title = field.name.replace("_", " ").capitalize() if same else field.title
        told.append(replace(field, synonyms=tuple(mine), role=role, title=title))
    return tuple(told)


def _shares_title(one: Field, other: Field) -> bool:
    texts = {normal_heading(one.name), normal_heading(one.title)}
    return bool(texts & {normal_heading(other.name), normal_heading(other.title)})


def _distinct_headings(texts: Sequence[str]) -> tuple[str, ...]:
    return tuple({normal_heading(text): text for text in reversed(texts)}.values())[::-1]


def _field_name(column: str) -> str:
    spaced = re.sub("([a-z0-9])([A-Z])", r"\1_\2", column)
    plain = re.sub("[^a-z0-9]+", "_", spaced.lower()).strip("_")
    name = plain if plain[:1].isalpha() else f"column_{plain}".rstrip("_")
    return f"{name}_in_file" if name in RESERVED else name


def _title(column: str) -> str:
    words = " ".join(column.replace("_", " ").split())
    return words[:1].upper() + words[1:] or column


def _unique(name: str, taken: set[str]) -> str:
    tried, nth = name, 1
    while normal_heading(tried) in {normal_heading(each) for each in taken}:
        nth += 1
        tried = f"{name}_{nth}"
    return tried


@cache
def _known() -> dict[str, Field]:
    """Return the fields of the shipped standards by heading; where they differ, the list of people's."""
    votes: dict[str, list[Field]] = {}
    for name in sorted(shipped_standards(), key=lambda name: name != _PLAIN):
        for field in load_standard(name).fields:
            for text in {normal_heading(text) for text in (field.name, field.title, *field.synonyms)}:
                votes.setdefault(text, []).append(field)
    return {heading: _commonest(fields) for heading, fields in votes.items()}


def _commonest(fields: Sequence[Field]) -> Field:
    """Return the field of the commonest name: the first of those that are not nobody's, if there is one."""
    names = [field.name for field in fields]
    return max(fields, key=lambda field: (names.count(field.name), field.sensitivity is not Sensitivity.OPEN))
