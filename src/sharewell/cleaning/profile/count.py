"""Count what is in each column, on the engine: distinct values, lengths, shapes, codes, dates, ranges.

Each column's values are grouped once; everything else is counted over its distinct values. One column at a
time, so that memory is bounded by the widest column and the engine's own limit.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sharewell.cleaning.profile import rules
from sharewell.cleaning.profile.days import days_of
from sharewell.cleaning.profile.kinds import LONGEST_CODE, MOST_CODES, Seen, kind_of, may_show_values
from sharewell.cleaning.profile.terms import ColumnProfile, Range, Tallies
from sharewell.sources.terms import Field, FieldType
from sharewell.store.engine import Relation, literal, quoted

_BLANK = " \t\r\n\u00a0\u200b\ufeff"
_FROM_VALUES = "FROM profile_values"
_TOP_SHAPES = "SELECT shape, n FROM profile_shapes ORDER BY n DESC, shape"
_MOST_SHAPES_READ = 2_000
_LONGEST_READ = 120
_FOLDS = (
    *(("[A-Z]", "A"), ("[a-z]", "a"), ("[0-9]", "9")),
    *((r"[\p{Lu}\p{Lt}]", "A"), (r"[\p{Ll}\p{Lo}\p{Lm}\p{M}]", "a"), (r"\p{N}", "9")),
    *(("a+", "a"), ("A{4,}", "A+"), ("9{21,}", "9+"), ("([Aa]a? ){3,}[Aa]a?", "[words]")),
)
"""From a value to its shape; ``a`` stands for any run of small letters."""


@dataclass(frozen=True)
class _Counted:
    """A column's distinct values, counted."""

    rows: int
    distinct: int
    filled: int
    shapes: Mapping[str, int]
    shapes_left: tuple[int, int]


def profile_column(rows: Relation, name: str, field: Field | None, total: int, as_of: date) -> ColumnProfile:
    """Return what is in one column of a table of ``total`` rows."""
    engine = rows.engine
    engine.create("profile_values", _values_query(rows.name, name))
    try:
        counted = _count(rows, total)
        kind = field.type if field else _kind(rows, counted)
        return _described(rows, name, field, kind, counted, as_of)
    finally:
        for scratch in ("profile_values", "profile_shapes"):
            engine.drop(scratch)


def _values_query(table: str, name: str) -> str:
    column = quoted(name)
    grouped = f"SELECT {column} AS v, count(*) AS n FROM {quoted(table)} WHERE {column} <> '' GROUP BY 1"
    return f"SELECT v, n FROM ({grouped}) WHERE trim(v, {literal(_BLANK)}) <> ''"


def _count(rows: Relation, total: int) -> _Counted:
    engine = rows.engine
    [[distinct, filled]] = _rows_of(rows, f"SELECT count(*), coalesce(sum(n), 0)::BIGINT {_FROM_VALUES}")
    engine.create("profile_shapes", _shapes_query())
    top = _rows_of(rows, f"{_TOP_SHAPES} LIMIT {_MOST_SHAPES_READ}")
    [[kinds, in_all]] = _rows_of(rows, "SELECT count(*), coalesce(sum(n), 0)::BIGINT FROM profile_shapes")
    left = kinds - len(top), in_all - sum(n for _, n in top)
    return _Counted(total, distinct, filled, rules.written_shapes((shape, n) for shape, n in top), left)


def _shapes_query() -> str:
    shape = f"left(v, {_LONGEST_READ})"
    for pattern, sign in _FOLDS[:3]:
        shape = _replaced(shape, pattern, sign)
    letters = f"SELECT {shape} AS s, sum(n) AS n {_FROM_VALUES} GROUP BY 1"
    folded = "s"
    for pattern, sign in _FOLDS[3:]:
        folded = _replaced(folded, pattern, sign)
    return f"SELECT {folded} AS shape, sum(n)::BIGINT AS n FROM ({letters}) GROUP BY 1"


def _replaced(text: str, pattern: str, sign: str) -> str:
    return f"regexp_replace({text}, {literal(pattern)}, {literal(sign)}, 'g')"


def _rows_of(rows: Relation, query: str) -> list[list[Any]]:
    return [list(row.values()) for row in rows.engine.fetch(query).to_pylist()]


def _kind(rows: Relation, counted: _Counted) -> FieldType:
    sample = [str(value) for [value] in _rows_of(rows, f"SELECT v {_FROM_VALUES} LIMIT 2000")]
    return kind_of(Seen(counted.shapes, counted.distinct, counted.filled, sample))


def _described(
    rows: Relation, name: str, field: Field | None, kind: FieldType, counted: _Counted, as_of: date
) -> ColumnProfile:
    is_day = kind in (FieldType.DATE, FieldType.DATETIME)
    shapes = rules.pooled({**counted.shapes, **_left(counted)}, rules.MOST_SHAPES)
    return ColumnProfile(
        name=name,
        field=field.name if field else None,
        kind=kind.value,
        told_by="standard" if field else "values",
        fill=rules.fill_of(counted.rows, counted.rows - counted.filled),
        distinct=_distinct(counted.distinct),
        distinct_share=_distinct_share(counted),
        lengths=_lengths(rows),
        shapes=shapes,
        codes=_codes(rows, field, counted) if may_show_values(field) else None,
        days=days_of(rows, kind, as_of) if is_day and counted.filled else None,
        range=_range(rows, counted) if kind in (FieldType.INTEGER, FieldType.NUMBER) else None,
    )


def _left(counted: _Counted) -> Mapping[str, int]:
    """Return the shapes beyond those read as many small ones, so that they fall in the pool."""
    kinds, rows = counted.shapes_left
    return {"[rarer shapes]": rows} if kinds and rows else {}


def _distinct(distinct: int) -> int:
    return distinct if distinct <= MOST_CODES else rules.rounded(distinct)


def _distinct_share(counted: _Counted) -> float | None:
    if counted.filled < rules.SMALLEST:
        return None
    return round(min(_distinct(counted.distinct) / rules.rounded(counted.filled), 1.0), 3)


def _lengths(rows: Relation) -> Tallies:
    found = _rows_of(rows, f"SELECT length(v), sum(n)::BIGINT {_FROM_VALUES} GROUP BY 1 ORDER BY 1")
    return rules.pooled(rules.binned_lengths(dict(found)), in_order=True)


def _codes(rows: Relation, field: Field | None, counted: _Counted) -> Tallies | None:
    """Return rows by code. Of a code list only what the standard itself lists is told apart."""
    if field is None or (not field.categories and counted.distinct > MOST_CODES):
        return None
    found = _rows_of(rows, f"SELECT v, n {_FROM_VALUES} ORDER BY n DESC, v LIMIT 10000")
    known = _known_codes(field)
    counts: dict[str, int] = {}
    for value, n in found:
        label = known.get(value.strip().casefold()) if field.categories else _short(value)
        label = label or "[not in the list]"
        counts[label] = counts.get(label, 0) + n
    return rules.pooled(counts, MOST_CODES)


def _known_codes(field: Field) -> Mapping[str, str]:
    known: dict[str, str] = {}
    for words in field.categories.values():
        known |= {word.casefold(): word for word in words if word}
    for code, words in field.categories.items():
        known[code.casefold()] = f"{code} ({words[0]})" if words and words[0] else code
    return known


def _short(value: str) -> str | None:
    return value.strip() if len(value) <= LONGEST_CODE else None


def _range(rows: Relation, counted: _Counted) -> Range | None:
    bare = "regexp_replace(v, '[£, ]', '', 'g')"
    numbers = f"SELECT try_cast({bare} AS DOUBLE) AS x, n {_FROM_VALUES}"
    summed = f"SELECT x, sum(n) OVER (ORDER BY x) AS up_to, sum(n) OVER () AS n FROM ({numbers})"
    summed += " WHERE isfinite(x)"
    at = ", ".join(f"min(x) FILTER (up_to >= {share} * n)" for share in (0.05, 0.5, 0.95))
    [[low, middle, high, n]] = _rows_of(rows, f"SELECT {at}, max(n)::BIGINT FROM ({summed})")
    if n is None or n < rules.FEWEST_NUMBERS:
        return None
    return rules.range_of(low, middle, high)
