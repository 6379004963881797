"""Encode a list: for each blocking key of a record 512 bits that mean something beside the same key alone.

A record is sketched as a whole, its fields scattered over the bits by the key, and the sketch is covered
with a one-time pad drawn from the blocking key's value. Two rows whose blocking keys differ are unrelated
random bits to whoever lacks the key; two that share one differ where their sketches differ.
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from sharewell.people.encoded.block import COLUMNS, lay_out
from sharewell.people.encoded.keys import check_value, require_party, stream, subkey
from sharewell.people.encoded.rules import BITS, bits_of, passes_of
from sharewell.people.encoded.sketch import WORDS, Numbers, Words, packed, pieces_of, sketches
from sharewell.people.encoded.terms import EncodingKey, Reason, Terms
from sharewell.people.gather import Gathered
from sharewell.store.duckdb import DuckDB
from sharewell.store.engine import quoted
from sharewell.vocab.errors import NoRecords, RowsNotConserved, UnknownColumn, Where

Blocks = npt.NDArray[np.uint16]
HANDLE_BYTES = 16
_LABEL_BYTES = 2
_ROW_BYTES = BITS // 8


@dataclass(frozen=True)
class Encoded:
    """A list encoded, and the private file that tells its holder which handle is which record.

    ``rows``: handle, then ``block_N`` and ``encoding_N`` for each pass, in the order of the random handles.
    ``handles``: handle, source, source_row, reason: every record once, and every decoy.
    """

    terms: Terms
    party: str
    check: str
    rows: pa.Table
    handles: pa.Table
    records: int
    set_aside: int


def encode_records(gathered: Gathered, engine: DuckDB, key: EncodingKey, party: str) -> Encoded:
    """Return a list's encoding under a key; the same list and key give the same bits under new handles.

    ``party``: which of the two organisations the list is of. Raises SettingsInvalid when it is neither,
    UnknownColumn when the list holds nothing in a field agreed, and NoRecords for an empty list or one in
    which no record can be found by anything.
    """
    require_party(key.terms, party)
    _require_fields(gathered, key.terms)
    laid = lay_out(gathered, engine, key, party)
    chosen = pc.or_kleene(pc.is_null(laid["reason"]), pc.equal(laid["reason"], pa.scalar(Reason.DECOY.value)))
    kept, aside = laid.filter(chosen), laid.filter(pc.invert(chosen))
    records = kept.num_rows - kept["source"].null_count
    if not records:
        raise NoRecords(
            "No record of the list holds enough to be found by.",
            "Give more columns: a name with a birth date, a postcode or a UPRN.",
        )
    handles = _new_handles(kept.num_rows)
    unread = engine.fetch(f"SELECT source, source_row FROM {quoted(gathered.aside.name)}")
    told = _handles_table(kept, aside, unread, handles)
    _require_conserved(gathered, told)
    rows = _encode(kept, handles, key, party).sort_by("handle")
    return Encoded(key.terms, party, check_value(key), rows, told, records, aside.num_rows + unread.num_rows)


def _require_fields(gathered: Gathered, terms: Terms) -> None:
    """Refuse a list that holds nothing in a field that was agreed: half of its bits would differ for all."""
    counts = ", ".join(f"count({quoted(field)}) AS {quoted(field)}" for field in terms.fields)
    [held] = gathered.records.engine.fetch(
        f"SELECT count(*) AS records, {counts} FROM {quoted(gathered.records.name)}"
    ).to_pylist()
    if not held["records"]:
        raise NoRecords("No record of the list could be read.", "Look at the list, and run again.")
    empty = [field for field in terms.fields if not held[field]]
    if "full_name" in gathered.extra:
        empty = [field for field in empty if field not in ("first_name", "surname")]
    if empty:
        raise UnknownColumn(
            f"The agreed terms compare {empty[0]}, and the list holds none.",
            "Name its column, or make a key with the fields that both lists hold (`--field`).",
            Where(column=empty[0]),
        )


def _new_handles(size: int) -> pa.Array[Any]:
    """Return random handles of 128 bits: they say nothing of the record, nor of its place in the list."""
    drawn = os.urandom(HANDLE_BYTES * size).hex().encode()
    return pa.array(np.frombuffer(drawn, f"S{2 * HANDLE_BYTES}").astype(str), pa.string())


def _handles_table(kept: pa.Table, aside: pa.Table, unread: pa.Table, handles: pa.Array[Any]) -> pa.Table:
    named = ["source", "source_row", "reason"]
    reasons = pa.array([Reason.UNREADABLE.value] * unread.num_rows, pa.string())
    parts = [
        kept.select(named).append_column("handle", handles),
        aside.select(named),
        unread.append_column("reason", reasons),
    ]
    joined = pa.concat_tables(parts, promote_options="permissive")
    return joined.select(["handle", *named]).sort_by([("source", "ascending"), ("source_row", "ascending")])


def _require_conserved(gathered: Gathered, told: pa.Table) -> None:
    rows_in = gathered.records.count() + gathered.aside.count()
    accounted = told.num_rows - told["source"].null_count
    if accounted != rows_in:
        raise RowsNotConserved(
            f"Encoding took {rows_in} rows and accounts for {accounted}.",
            "Nothing was written. Please report this with the file's shape, never its content.",
        )


def _encode(kept: pa.Table, handles: pa.Array[Any], key: EncodingKey, party: str) -> pa.Table:
    sketched = _sketched(kept, key, party)
    columns: dict[str, pa.Array[Any]] = {"handle": handles}
    for place, sketch in enumerate(sketched):
        blocks, pad = _blocks_and_pad(kept[f"pass_{place}"], key, place, party)
        columns[f"block_{place}"] = pa.array(blocks)
        columns[f"encoding_{place}"] = _as_binary(sketch ^ pad)
    return pa.table(columns)


def _blocks_and_pad(
    values: pa.ChunkedArray[Any], key: EncodingKey, place: int, party: str
) -> tuple[Blocks, Words]:
    """Return each row's block and one-time pad, from the value of its blocking key.

    A row without one gets both at random, as if its key were held by nobody else: what it lacks is not seen.
    Each party's are its own, so that the other's rows never meet them.
    """
    secret, size = subkey(key, f"pass {place}"), _LABEL_BYTES + _ROW_BYTES
    missing = stream(subkey(key, f"missing {place} {party}"), size * values.null_count)
    spare = iter(range(0, len(missing), size))
    drawn = b"".join(
        missing[(at := next(spare)) : at + size]
        if value is None
        else hashlib.shake_256(secret + value.encode()).digest(size)
        for value in values.to_pylist()
    )
    rows = np.frombuffer(drawn, np.uint8).reshape(-1, size)
    labels = np.ascontiguousarray(rows[:, :_LABEL_BYTES]).view(np.uint16).ravel()
    pad = np.ascontiguousarray(rows[:, _LABEL_BYTES:]).view(np.uint64)
    return labels & np.uint16((1 << key.terms.block_bits) - 1), pad


def _sketched(kept: pa.Table, key: EncodingKey, party: str) -> Words:
    """Return every row's sketch for each pass, shape (passes, rows, 8); an empty field's bits are random."""
    fields = key.terms.fields
    orders = np.stack([_scattered(key, place) for place in range(len(passes_of(fields)))])
    rows = np.zeros((len(orders), kept.num_rows, WORDS), np.uint64)
    begin = 0
    for field, share in bits_of(fields).items():
        pieces = pieces_of(field, kept[COLUMNS[field]])
        positions = orders[:, begin : begin + share]
        begin += share
        table = sketches(pieces, subkey(key, f"field {field}"), positions)
        filled = pieces.value >= 0
        for place, taken in enumerate(positions):
            rows[place, filled] |= table[place, pieces.value[filled]]
            rows[place, ~filled] |= _random(
                key, f"empty {field} {place} {party}", int((~filled).sum()), taken
            )
    return rows


def _scattered(key: EncodingKey, place: int) -> Numbers:
    """Return the order in which fields take the bits of a pass: known to holders of the key alone."""
    drawn = np.frombuffer(stream(subkey(key, f"order {place}"), 8 * BITS), np.uint64)
    return np.argsort(drawn, kind="stable")


def _random(key: EncodingKey, name: str, rows: int, positions: Numbers) -> Words:
    mask = np.zeros((1, BITS), np.uint8)
    mask[:, positions] = 1
    drawn = np.frombuffer(stream(subkey(key, name), _ROW_BYTES * rows), np.uint64)
    return drawn.reshape(rows, WORDS) & packed(mask)


def _as_binary(rows: Words) -> pa.Array[Any]:
    return pa.FixedSizeBinaryArray.from_buffers(
        pa.binary(_ROW_BYTES), len(rows), [None, pa.py_buffer(rows.tobytes())]
    )
