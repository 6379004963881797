from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime

import pyarrow as pa
import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from sharewell.audit.actions import record
from sharewell.audit.queries import verify_place
from sharewell.audit.subjects import count_and_digest, ensure_keys, tokens
from sharewell.settings import Place
from sharewell.store.duckdb import DuckDB
from sharewell.store.engine import Relation
from sharewell.vocab.errors import KeyMissing

AT = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
hex_tokens = st.binary(min_size=32, max_size=32).map(bytes.hex)


@pytest.fixture
def engine() -> Iterator[DuckDB]:
    made = DuckDB()
    yield made
    made.close()


def people(engine: DuckDB, names: list[str | None], table: str = "people") -> Relation:
    return engine.load(table, pa.table({"person": pa.array(names, pa.string())}))


def as_dict(relation: Relation, column: str) -> dict[str, object]:
    rows = relation.arrow().to_pydict()
    return dict(zip(rows["person"], rows[column], strict=True))


def test_each_person_gets_one_random_key_of_32_bytes(engine: DuckDB) -> None:
    keys = ensure_keys(people(engine, ["p1", "p2", "p1", None]), None, engine, "keys").arrow()
    assert sorted(keys["person"].to_pylist()) == ["p1", "p2"]
    assert {len(key) for key in keys["key"].to_pylist()} == {32}
    assert len(set(keys["key"].to_pylist())) == 2


def test_held_keys_are_kept_for_those_who_are_in_the_run_and_those_who_are_not(engine: DuckDB) -> None:
    held = ensure_keys(people(engine, ["p1", "p2"]), None, engine, "held")
    later = ensure_keys(people(engine, ["p2", "p3"], "later"), held, engine, "keys")
    before, after = as_dict(held, "key"), as_dict(later, "key")
    assert set(after) == {"p1", "p2", "p3"}
    assert {name: after[name] for name in before} == before


def test_nobody_new_and_nobody_at_all_are_no_trouble(engine: DuckDB) -> None:
    nobody = people(engine, [], "nobody")
    keys = ensure_keys(nobody, None, engine, "keys")
    assert keys.count() == 0
    assert tokens(nobody, keys, engine, "named").count() == 0
    held = ensure_keys(people(engine, ["p1"]), None, engine, "held")
    assert as_dict(ensure_keys(nobody, held, engine, "again"), "key") == as_dict(held, "key")


def test_a_token_is_the_hash_of_the_key_and_the_person(engine: DuckDB) -> None:
    persons = people(engine, ["p1", "Siân", "p1"])
    keys = ensure_keys(persons, None, engine, "keys")
    named = as_dict(tokens(persons, keys, engine, "named"), "token")
    expected = {
        person: hashlib.sha256(key + person.encode()).hexdigest()  # type: ignore[operator]
        for person, key in as_dict(keys, "key").items()
    }
    assert named == expected


def test_a_person_without_a_key_is_refused_and_not_left_out(engine: DuckDB) -> None:
    keys = ensure_keys(people(engine, ["p1"]), None, engine, "keys")
    with pytest.raises(KeyMissing, match="1 people"):
        tokens(people(engine, ["p1", "p2"], "more"), keys, engine, "named")


def test_somebody_whose_key_is_destroyed_gets_another_and_the_old_token_is_nobodys(engine: DuckDB) -> None:
    persons = people(engine, ["p1", "p2"])
    keys = ensure_keys(persons, None, engine, "keys")
    before = as_dict(tokens(persons, keys, engine, "before"), "token")
    left = engine.create("left_keys", "SELECT * FROM keys WHERE person <> 'p1'")
    after = as_dict(tokens(persons, ensure_keys(persons, left, engine, "new"), engine, "after"), "token")
    assert after["p2"] == before["p2"]
    assert after["p1"] != before["p1"]


@settings(deadline=None)
@given(st.lists(hex_tokens, max_size=20), st.randoms())
def test_the_digest_is_over_the_distinct_tokens_in_sorted_order(given_tokens: list[str], chance) -> None:
    ordered = sorted(set(given_tokens))
    expected = (len(ordered), hashlib.sha256("".join(ordered).encode()).hexdigest())
    chance.shuffle(given_tokens)
    assert count_and_digest(given_tokens) == expected
    assert count_and_digest(pa.array(given_tokens, pa.string())) == expected
    assert count_and_digest(pa.chunked_array([given_tokens, given_tokens], pa.string())) == expected
    assert count_and_digest(pa.array([None, *given_tokens], pa.string())[1:]) == expected


@pytest.mark.parametrize("wrong", ["9434765919", "P-1", "AB" * 32, "ab" * 33, "ab" * 32 + "\n", None])
def test_what_is_not_a_token_never_enters_the_log(wrong: str | None) -> None:
    with pytest.raises(ValueError, match="token"):
        count_and_digest(pa.array(["ab" * 32, wrong], pa.string()))


def test_erasing_a_person_breaks_no_proof_and_leaves_nobody_to_tie_the_token_to(
    engine: DuckDB, ready: Place
) -> None:
    persons = people(engine, ["p1", "p2"])
    keys = ensure_keys(persons, None, engine, "keys")
    named = tokens(persons, keys, engine, "named").arrow()["token"]
    with transaction.atomic():
        made = record(by="operator", action="release.handed_over", at=AT, subjects=named)
    assert (made.subjects_count, made.subjects_digest) == count_and_digest(named)
    left = engine.create("left_keys", "SELECT * FROM keys WHERE person <> 'p1'")
    keys.drop()
    still_tied = tokens(people(engine, ["p2"], "left"), left, engine, "tied").arrow()["token"].to_pylist()
    assert set(named.to_pylist()) - set(still_tied) != set()
    with pytest.raises(KeyMissing):
        tokens(persons, left, engine, "again")
    assert verify_place(ready).ok
    assert count_and_digest(named) == (made.subjects_count, made.subjects_digest)
