"""Lay a list out for encoding: values in one form, decoys among them, every record's blocking keys."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sharewell.people.encoded.keys import stream, subkey
from sharewell.people.encoded.rules import DECOYS, FEWEST_DECOYS, LARGEST_GROUP, passes_of
from sharewell.people.encoded.terms import EncodingKey, Reason
from sharewell.people.gather import Gathered
from sharewell.people.prepare import prepare
from sharewell.store.duckdb import DuckDB
from sharewell.store.engine import literal, quoted

COLUMNS = {
    "first_name": "first_name",
    "surname": "surname",
    "date_of_birth": "born",
    "postcode": "postcode",
    "uprn": "home",
    "nhs_number": "nhs_number",
}
"""A field -> the column of the layout that holds it."""

_VALUES, _DECOYS = "encode_values", "encode_decoys"
_DATES = "['%d/%m/%Y', '%d-%m-%Y', '%d.%m.%Y', '%Y/%m/%d', '%d %b %Y', '%d %B %Y']"
_SHARED: tuple[dict[str, tuple[int, ...]], ...] = (
    {"first_name": (0, 1, 2), "known_as": (0, 1, 2), "born": (0, 1), "postcode": (2,)},
    {"surname": (0, 1), "born": (0, 1, 2), "postcode": (2,)},
)
"""For each party: a column -> the kinds of decoy, of four, that share it with a record of the list."""

_SOUNDED = {"first_sound": "known_as", "surname_sound": "surname"}
_LETTERS, _SOUNDS = "bfpvcgjkqsxzdtlmnr", "111122222222334556"


def lay_out(gathered: Gathered, engine: DuckDB, key: EncodingKey, party: str) -> pa.Table:
    """Return one row for every record and decoy: id, source, source_row, reason, values and ``pass_N``.

    A decoy has no source. ``reason`` is null where a record can be found by something. A blocking key that
    more than ``LARGEST_GROUP`` records hold is null. The same list and key give the same rows.
    """
    prepared = prepare(gathered.records, engine, gathered.extra, seed=0)
    engine.create(_VALUES, _values_sql(prepared.table))
    _add_decoys(engine, prepared.rows, key, party)
    passes = [_joined(parts) for parts in passes_of(key.terms.fields)]
    rows = engine.fetch(_rows_sql(passes))
    for table in (prepared.table, _VALUES):
        engine.drop(table)
    return _with_reasons(rows)


def _values_sql(prepared: str) -> str:
    parsed = f"strftime(try_strptime(date_of_birth, {_DATES}), '%Y-%m-%d')"
    born = f"CASE WHEN iso_date IS NULL THEN coalesce({parsed}, date_of_birth) ELSE iso_date END"
    return f"""
        SELECT id, source, source_row, first_name, known_as, surname, postcode, home, nhs_number,
          {born} AS born
        FROM {quoted(prepared)}"""


def _add_decoys(engine: DuckDB, records: int, key: EncodingKey, party: str) -> None:
    """Add decoys: three in four share two values of a record that seldom two people share, and nothing else.

    What else they hold is nonsense, which no list can match. Decoys of the two parties share different
    values, so that they do not match each other. They are drawn anew when the list changes.
    """
    [content] = engine.fetch(f"SELECT coalesce(bit_xor(hash(v)), 0)::VARCHAR AS it FROM {_VALUES} AS v")["it"]
    size = max(FEWEST_DECOYS, round(records * DECOYS))
    secret = subkey(key, f"decoys {party} {content}")
    drawn = np.frombuffer(stream(secret, size * 16), np.uint64).reshape(size, 2)
    alike = (drawn[:, 0] % np.uint64(max(records, 1))).astype(np.int64)
    nonsense = pa.array([f"{number:016x}" for number in drawn[:, 1].tolist()], pa.string())
    engine.load(_DECOYS, pa.table({"nth": np.arange(size), "alike": alike, "nonsense": nonsense}))
    kinds = _SHARED[key.terms.between.index(party)]
    columns = ("first_name", "known_as", "surname", "postcode", "home", "nhs_number", "born")
    values = ", ".join(_or_nonsense(column, kinds.get(column, ())) for column in columns)
    engine.create(
        _VALUES,
        f"""
        SELECT * FROM {_VALUES} UNION ALL
        SELECT {records} + nth, NULL, NULL, {values} FROM {_DECOYS} JOIN {_VALUES} ON alike = id""",
    )
    engine.drop(_DECOYS)


def _or_nonsense(column: str, kinds: Sequence[int]) -> str:
    """Return SQL for a decoy's value: the record's own for some kinds of decoy, else nonsense."""
    nonsense = f"left(md5(nonsense || {literal(column)}), 8)"
    own = ", ".join(map(str, kinds))
    return f"CASE WHEN nth % 4 IN ({own}) THEN {column} ELSE {nonsense} END" if own else nonsense


def _joined(parts: tuple[str, ...]) -> str:
    """Return SQL for a blocking key: all its parts, or null."""
    return " || chr(31) || ".join(_part(part) for part in parts)


def _part(part: str) -> str:
    match part:
        case "initial":
            return "left(known_as, 1)"
        case "year":
            return "nullif(regexp_extract(born, '^[0-9]{4}'), '')"
        case _:
            return part


def _sound(column: str) -> str:
    """Return SQL for a name's first letter and the sounds of its next three consonants, after Soundex."""
    letters = f"nullif(regexp_replace({column}, '[^a-z]', '', 'g'), '')"
    coded = f"translate({letters}, {literal(_LETTERS)}, {literal(_SOUNDS)})"
    for sound in sorted(set(_SOUNDS)):
        coded = f"regexp_replace({coded}, '{sound}+', '{sound}', 'g')"
    return f"left({letters}, 1) || left(regexp_replace(substr({coded}, 2), '[^1-6]', '', 'g'), 3)"


def _rows_sql(passes: Sequence[str]) -> str:
    """Return SQL for the layout: each sound is worked out once for each name."""
    made = ", ".join(f"{sql} AS pass_{place}" for place, sql in enumerate(passes))
    sounds = " ".join(
        f"LEFT JOIN (SELECT DISTINCT {name} AS n, {_sound(name)} AS {sound} FROM {_VALUES}) AS {sound}_of "
        f"ON {name} = {sound}_of.n"
        for sound, name in _SOUNDED.items()
    )
    named = ", ".join(COLUMNS.values())
    return f"SELECT id, source, source_row, {named}, {made} FROM {_VALUES} {sounds} ORDER BY id"


def without_common(keys: pa.ChunkedArray[Any]) -> pa.ChunkedArray[Any]:
    """Return blocking keys with those null that too many records hold."""
    found: Any = pc.dictionary_encode(keys.combine_chunks())
    held = np.bincount(found.indices.drop_null().to_numpy(), minlength=len(found.dictionary))
    few = pa.array(held <= LARGEST_GROUP).take(found.indices)
    return pa.chunked_array([pc.if_else(few, keys.combine_chunks(), pa.scalar(None, pa.string()))])


def _with_reasons(rows: pa.Table) -> pa.Table:
    """Add why a row has nothing to be found by, and take away keys that too many records hold."""
    names = [name for name in rows.column_names if name.startswith("pass_")]
    had_key = pc.is_valid(pc.coalesce(*(rows[name] for name in names)))
    for name in names:
        rows = rows.set_column(rows.column_names.index(name), name, without_common(rows[name]))
    is_found = pc.is_valid(pc.coalesce(*(rows[name] for name in names)))
    why = pc.if_else(had_key, Reason.TOO_COMMON.value, Reason.TOO_LITTLE.value)
    why = pc.if_else(is_found, pa.scalar(None, pa.string()), why)
    return rows.append_column("reason", pc.if_else(pc.is_null(rows["source"]), Reason.DECOY.value, why))
