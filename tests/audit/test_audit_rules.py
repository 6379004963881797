from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from hashlib import sha256

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from sharewell.audit.rules import (
    GENESIS,
    canonical_entry,
    canonical_json,
    chain_hash,
    checkpoint_digest,
    checkpoint_line,
    checkpoint_text,
    parse_checkpoint,
    recorded_text,
    signed_note,
)
from sharewell.audit.seal import is_sealed, seal
from sharewell.audit.terms import SignedCheckpoint
from sharewell.audit.verify import HASHED_COLUMNS

text = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
whole = st.integers(0, 2**63 - 1)
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
CHECKPOINT = seal(
    SignedCheckpoint(3, 12, "ab" * 32, "cd" * 32, "2026-03-01T09:30:00.000000Z", "ef" * 32, ""), KEY
)


@settings(deadline=None)
@given(st.tuples(whole, *[text] * 7, whole, text))
def test_an_entry_is_hashed_as_canonical_json(values: tuple[object, ...]) -> None:
    named = dict(zip(HASHED_COLUMNS, values, strict=True))
    assert canonical_entry(*values).decode() == canonical_json(named)  # type: ignore[arg-type]
    assert json.loads(canonical_entry(*values)) == named  # type: ignore[arg-type]


@pytest.mark.parametrize("position", range(10))
@pytest.mark.parametrize("wrong", [None, b"text", 1.0])
def test_a_value_of_another_type_is_not_hashed(position: int, wrong: object) -> None:
    values: list[object] = [1, *["text"] * 7, 1, "text"]
    values[position] = wrong
    with pytest.raises(TypeError):
        canonical_entry(*values)  # type: ignore[arg-type]


def test_the_chain_hash_covers_the_hash_before_and_the_entry() -> None:
    expected = sha256(b"\x00sharewell audit entry 1\x00" + bytes(32) + b"{}").digest()
    assert chain_hash(bytes.fromhex(GENESIS), b"{}") == expected


@pytest.mark.parametrize(
    ("at", "written"),
    [
        (datetime(2026, 3, 1, 9, 30, tzinfo=UTC), "2026-03-01T09:30:00.000000Z"),
        (datetime(2026, 7, 1, 0, 0, 0, 5, timezone(timedelta(hours=1))), "2026-06-30T23:00:00.000005Z"),
    ],
)
def test_an_instant_is_written_in_utc_with_microseconds(at: datetime, written: str) -> None:
    assert recorded_text(at) == written


def test_an_instant_without_a_time_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        recorded_text(datetime(2026, 3, 1))


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_details_hold_no_number_that_json_lacks(value: float) -> None:
    with pytest.raises(ValueError, match="JSON"):
        canonical_json({"share": value})


def test_a_checkpoint_reads_as_a_tlog_checkpoint() -> None:
    origin, size, root, *ours = checkpoint_text(CHECKPOINT).decode().splitlines()
    assert origin.startswith("sharewell/")
    assert (size, root) == ("12", "q6urq6urq6urq6urq6urq6urq6urq6urq6urq6urq6s=")
    assert [line.split()[0] for line in ours] == ["chain", "at", "number", "previous"]
    assert signed_note(CHECKPOINT).startswith(checkpoint_text(CHECKPOINT).decode() + f"\n— {origin} ")


def test_a_checkpoint_is_read_back_from_its_line() -> None:
    assert parse_checkpoint(checkpoint_line(CHECKPOINT)) == CHECKPOINT


@pytest.mark.parametrize(
    "line",
    [
        "",
        "[]",
        "null",
        "{}",
        "[" * 100_000,
        checkpoint_line(CHECKPOINT) + " ",
        checkpoint_line(CHECKPOINT).replace('"size":12', '"size":12.0'),
        checkpoint_line(CHECKPOINT).replace('"size":12', '"size":"12"'),
        checkpoint_line(CHECKPOINT).replace('"size":12', '"size":12,"size":12'),
        checkpoint_line(CHECKPOINT).replace('"size":12', '"size":12,"more":1'),
    ],
)
def test_a_line_that_is_not_exactly_a_checkpoint_is_refused(line: str) -> None:
    with pytest.raises(ValueError):
        parse_checkpoint(line)


@pytest.mark.parametrize(
    "change",
    [
        {"number": 4},
        {"size": 13},
        {"root": "ac" * 32},
        {"root": "AB" * 32},
        {"chain": "00" * 32},
        {"at": "2026-03-01T09:30:00.000001Z"},
        {"previous": GENESIS},
        {"public_key": CHECKPOINT.public_key.upper()},
        {"public_key": "00" * 32},
        {"public_key": ""},
        {"signature": CHECKPOINT.signature.upper()},
        {"signature": "00" * 64},
        {"signature": ""},
    ],
)
def test_the_signature_covers_every_value(change: dict[str, str | int]) -> None:
    changed = replace(CHECKPOINT, **change)  # type: ignore[arg-type]
    assert is_sealed(CHECKPOINT)
    assert not is_sealed(changed)
    assert checkpoint_digest(changed) != checkpoint_digest(CHECKPOINT)
