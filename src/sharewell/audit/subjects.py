"""Who an entry is about, as keyed tokens: destroying one key forgets a person, and every proof still holds.

token = SHA-256(key || person), each person having a random key of 32 bytes that is kept apart in an encrypted
snapshot. Without the key a token is a random number that nobody can tie to anyone (UK GDPR Article 17).
"""

from __future__ import annotations

import os
from hashlib import sha256
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from sharewell.audit.terms import Subjects
from sharewell.store.engine import Engine, Relation, quoted
from sharewell.vocab.errors import KeyMissing

KEY_BYTES = 32
TOKEN_PATTERN = "^[0-9a-f]{64}$"  # noqa: S105 - the form of a token, not a secret
TOKEN_LETTERS = 64


def ensure_keys(persons: Relation, held: Relation | None, engine: Engine, table: str) -> Relation:
    """Return (person VARCHAR, key BLOB): every key held, and a new random one for each person without.

    ``persons`` has a column ``person``, repeats allowed. Somebody whose key was destroyed gets another, under
    which their old tokens stay unknown.
    """
    fresh = _fresh_keys(_without_key(persons, held, engine), engine, f"{table}_fresh")
    kept = f'SELECT "person", "key" FROM {quoted(held.name)} UNION ALL ' if held else ""
    made = engine.create(table, f'{kept}SELECT "person", "key" FROM {quoted(fresh.name)}')
    fresh.drop()
    return made


def tokens(persons: Relation, keys: Relation, engine: Engine, table: str) -> Relation:
    """Return (person, token) with one row per person, the token 64 hex digits.

    Raises KeyMissing when a person has no key.
    """
    made = engine.create(
        table,
        f'SELECT p."person", sha256(k."key" || encode(p."person")) AS "token" '
        f'FROM (SELECT DISTINCT "person" FROM {quoted(persons.name)} WHERE "person" IS NOT NULL) p '
        f'LEFT JOIN {quoted(keys.name)} k ON k."person" = p."person"',
    )
    bare = engine.fetch(f'SELECT count(*) AS n FROM {quoted(table)} WHERE "token" IS NULL')["n"][0].as_py()
    if bare:
        made.drop()
        raise KeyMissing(
            f"{bare} people have no key for the audit log's tokens.",
            "Make their keys first, with `ensure_keys`.",
        )
    return made


def count_and_digest(subjects: Subjects) -> tuple[int, str]:
    """Return how many people the tokens stand for, and SHA-256 over the distinct tokens in sorted order.

    Raises ValueError when one is not a token of 64 hex digits, so that no plain reference slips in.
    """
    if len(subjects) == 0:
        return 0, sha256(b"").hexdigest()
    distinct: Any = pc.unique(_strings(subjects))
    is_token: Any = pc.match_substring_regex(distinct, TOKEN_PATTERN)
    if distinct.null_count or not pc.all(is_token).as_py():
        raise ValueError("a subject is not a keyed token")
    ordered = distinct.take(pc.array_sort_indices(distinct))
    letters = pa.py_buffer(ordered.buffers()[2]).slice(0, len(ordered) * TOKEN_LETTERS)
    return len(ordered), sha256(letters).hexdigest()


def _strings(subjects: Subjects) -> pa.Array[Any]:
    given = subjects if isinstance(subjects, pa.Array | pa.ChunkedArray) else pa.array(subjects, pa.string())
    cast = given.cast(pa.large_string())
    return cast.combine_chunks() if isinstance(cast, pa.ChunkedArray) else cast


def _without_key(persons: Relation, held: Relation | None, engine: Engine) -> pa.Array[Any]:
    known = f'ANTI JOIN {quoted(held.name)} h ON h."person" = p."person" ' if held else ""
    rows = engine.fetch(
        f'SELECT DISTINCT p."person" FROM {quoted(persons.name)} p {known}WHERE p."person" IS NOT NULL'
    )
    return rows["person"].combine_chunks()


def _fresh_keys(persons: pa.Array[Any], engine: Engine, table: str) -> Relation:
    random = pa.py_buffer(os.urandom(KEY_BYTES * len(persons)))
    keys = pa.FixedSizeBinaryArray.from_buffers(pa.binary(KEY_BYTES), len(persons), [None, random])
    return engine.load(table, pa.table({"person": persons, "key": keys}))
