"""Ways to guess what a column means: its name, then its values and the likeness of its name together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final

import pyarrow as pa

from sharewell.sources.fits import Fit, Looked, contradiction, fit, look_at
from sharewell.sources.groups import About, part_heading
from sharewell.sources.rules import normal_heading
from sharewell.sources.terms import ColumnGuess, Field, FieldType, HowMapped, Role, Standard

_LIKENESS: Final = 0.75
_LIKE_ENOUGH_WITH_VALUES: Final = 0.6
_LIKE_ENOUGH_WITH_GROUP: Final = 0.9
"""A heading as like as this together with its group has a field of its own, whoever the group is about."""

_HIGHEST: Final = 0.99
_MOST_CELLS: Final = 500_000
_MOST_COLUMNS: Final = 500
"""A file with more open columns than this is no list we know: its columns are not compared one by one."""

_OF_AN_ADDRESS: Final = {FieldType.ADDRESS, FieldType.POSTCODE, FieldType.UPRN, FieldType.USRN}
_OF_A_CONTACT: Final = {*_OF_AN_ADDRESS, FieldType.PHONE, FieldType.EMAIL}
_UNDER_A_GROUP: Final = {About.UNKNOWN: 0.8, About.CONTACT: 0.8, About.SOMEBODY_ELSE: 0.4}
"""How far a heading under such a group is believed, as a share of what it says by itself."""

Guesses = dict[str, ColumnGuess]


def by_names(columns: Sequence[str], standard: Standard, taken: set[str]) -> Guesses:
    """Return the columns whose heading is a field's name, or else a heading known for it.

    Last come headings known by what stands after their group, where the group is about the person or, for
    the parts of an address, about an address, or is a contact that names nobody.
    """
    exact = {normal_heading(field.name): field.name for field in standard.fields}
    known = {
        normal_heading(text): field.name
        for field in standard.fields
        for text in (field.title, *field.synonyms)
    }
    found: Guesses = {}
    for headings, how, why in (
        (exact, HowMapped.EXACT, "Its heading is the field's name."),
        (known, HowMapped.SYNONYM, "Its heading is known for the field."),
    ):
        rest = [column for column in columns if column not in found]
        found |= _first_come(rest, headings, how, why, taken | _fields_of(found))
    rest = [column for column in columns if column not in found]
    return found | _under_groups(rest, {**known, **exact}, standard, taken | _fields_of(found))


def _fields_of(found: Guesses) -> set[str]:
    return {guess.field for guess in found.values() if guess.field}


def _first_come(
    columns: Sequence[str], headings: dict[str, str], how: HowMapped, why: str, taken: set[str]
) -> Guesses:
    found: Guesses = {}
    for column in columns:
        field = headings.get(normal_heading(column))
        if field and field not in taken:
            found[column] = ColumnGuess(column, field, how, 1.0, why)
            taken = taken | {field}
    return found


def _under_groups(
    columns: Sequence[str], headings: dict[str, str], standard: Standard, taken: set[str]
) -> Guesses:
    found: Guesses = {}
    parts = {column: part_heading(column) for column in columns}
    with_names = {group for group, name, _ in parts.values() if "name" in normal_heading(name)}
    for column, (group, name, about) in parts.items():
        field = standard.field(headings.get(normal_heading(name), ""))
        if field is None or field.name in taken | _fields_of(found) or not _vouches(about, field):
            continue
        if about is About.CONTACT and group in with_names:
            continue
        why = f"Its heading, under the group '{group}', is known for the field."
        found[column] = ColumnGuess(column, field.name, HowMapped.SYNONYM, 1.0, why)
    return found


def _vouches(about: About, field: Field) -> bool:
    """Return whether a group says enough: an address has a name too, and that is nobody's."""
    if about is About.CONTACT:
        return field.type in _OF_A_CONTACT
    return about is About.PERSON or (about is About.ADDRESS and field.type in _OF_AN_ADDRESS)


def look_at_columns(columns: Sequence[str], sample: pa.Table | None) -> dict[str, Looked]:
    """Return what can be seen of the columns that the sample has."""
    if sample is None:
        return {}
    here = set(sample.column_names)
    some = sample.slice(0, max(50, _MOST_CELLS // max(1, len(columns))))
    return {name: look_at(some.column(name)) for name in columns if name in here}


def doubted(found: Guesses, standard: Standard, looked: Mapping[str, Looked]) -> Guesses:
    """Return the columns whose values plainly are something else than their headings say."""
    doubts: Guesses = {}
    for column, guess in found.items():
        field = standard.field(guess.field or "")
        if field is None or column not in looked:
            continue
        if shape := contradiction(field, looked[column]):
            share = looked[column].imprint.share(shape)
            why = f"Its heading says {field.name}, but {share:.0%} of its values are each a {shape}."
            doubts[column] = ColumnGuess(column, None, HowMapped.DOUBTED, round(share, 2), why)
    return doubts


@dataclass(frozen=True)
class _Pair:
    """A column and a field that might be one, and the grounds."""

    score: float
    column: str
    field: Field
    how: HowMapped
    reason: str


def by_evidence(
    columns: Sequence[str], standard: Standard, taken: set[str], looked: Mapping[str, Looked]
) -> Guesses:
    """Return the best pairs of open columns and free fields, by their values and their names together.

    Values count alone only for a list's main field of a kind: others of the kind look just the same.
    A rival that is nearly as good lowers the confidence.
    """
    free = [field for field in standard.fields if field.name not in taken]
    texts = {field.name: _texts(field) for field in free}
    pairs = [
        pair
        for column in columns[:_MOST_COLUMNS]
        for field in free
        if (pair := _pair(column, field, looked.get(column), texts[field.name]))
    ]
    return _best_first(pairs)


def _texts(field: Field) -> tuple[str, ...]:
    return tuple({normal_heading(text) for text in (field.name, field.title, *field.synonyms)})


@dataclass(frozen=True)
class _Heard:
    """What a heading says of a field: how like one of its own it is, and how far its group is believed."""

    likeness: float
    belief: float
    words: str


def _hear(column: str, texts: Sequence[str]) -> _Heard:
    whole = max(_likeness(normal_heading(column), text) for text in texts)
    group, name, about = part_heading(column)
    if about is About.NO_GROUP or whole >= _LIKE_ENOUGH_WITH_GROUP:
        return _Heard(whole, 1.0, f"its heading is {whole:.0%} like one known for the field")
    part = max(_likeness(normal_heading(name), text) for text in texts)
    words = f"its heading after the group '{group}' is {part:.0%} like one known for the field"
    if about is About.SOMEBODY_ELSE:
        words += ", and the group seems to be about somebody else"
    return _Heard(part, _UNDER_A_GROUP.get(about, 1.0), words)


def _pair(column: str, field: Field, looked: Looked | None, texts: Sequence[str]) -> _Pair | None:
    heard = _hear(column, texts)
    found = fit(field, looked) if looked else None
    if looked and contradiction(field, looked):
        return None
    if found and heard.likeness >= _LIKE_ENOUGH_WITH_VALUES:
        score = 1 - (1 - found.confidence) * (1 - _worth(heard.likeness))
        reason = f"{found.reason}, and {heard.words}."
        return _Pair(score * heard.belief, column, field, HowMapped.VALUES, reason)
    if found and _is_the_one(field, found):
        return _Pair(found.confidence * heard.belief, column, field, HowMapped.VALUES, f"{found.reason}.")
    if heard.likeness >= _LIKENESS:
        reason = f"{heard.words[0].upper()}{heard.words[1:]}; its values say nothing more."
        return _Pair(_worth(heard.likeness) * heard.belief, column, field, HowMapped.SIMILAR, reason)
    return None


def _likeness(heading: str, text: str) -> float:
    if not heading or not text or 2 * min(len(heading), len(text)) < 0.6 * (len(heading) + len(text)):
        return 0.0
    return SequenceMatcher(None, heading, text).ratio()


def _worth(likeness: float) -> float:
    """Return how often a heading that much like a field's turned out to be that field."""
    return max(0.0, min(0.9, 2 * likeness - 0.95))


def _is_the_one(field: Field, found: Fit) -> bool:
    """Return whether values alone may point at a field: it is its list's main one, or has its own codes."""
    return field.role is not None or (bool(field.categories) and found.confidence >= 0.6)


def _best_first(pairs: Sequence[_Pair]) -> Guesses:
    found: Guesses = {}
    given: set[str] = set()
    for pair in sorted(pairs, key=lambda pair: -pair.score):
        if pair.column in found or pair.field.name in given:
            continue
        score = min(pair.score * (1 - 0.4 * _rivalry(pair, pairs, given)), _HIGHEST)
        found[pair.column] = ColumnGuess(pair.column, pair.field.name, pair.how, round(score, 2), pair.reason)
        given.add(pair.field.name)
    return found


def _rivalry(pair: _Pair, pairs: Sequence[_Pair], given: set[str]) -> float:
    """Return how near the best other reading of the column, or column for the field, comes: 0 to 1."""
    others = [
        other.score
        for other in pairs
        if other is not pair
        and not other.field.role is pair.field.role is Role.ADDRESS_LINE
        and (other.column == pair.column or other.field.name == pair.field.name)
        and other.field.name not in given
    ]
    gap = pair.score - max(others, default=0.0)
    return max(0.0, 1 - gap / 0.3)
