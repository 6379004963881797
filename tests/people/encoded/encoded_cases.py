"""Two made-up lists with people in common, encoded in memory or to files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
from people_cases import Row, crowd, records_table

from sharewell.people.encoded.encode import Encoded, encode_records
from sharewell.people.encoded.files import write_encoded
from sharewell.people.encoded.keys import make_key
from sharewell.people.encoded.terms import EncodingKey
from sharewell.people.gather import Gathered
from sharewell.store.duckdb import DuckDB, Limits

TODAY = date(2026, 12, 1)
ENDS = date(2027, 3, 31)
COUNCIL, TRUST = "council", "trust"
FIELDS = ("first_name", "surname", "date_of_birth", "postcode")
ONLY_COUNCIL, BOTH, ONLY_TRUST = 200, 400, 100


def a_key(agreement: str = "parcels", fields: Sequence[str] = FIELDS, records: int = 600) -> EncodingKey:
    return make_key(agreement, (COUNCIL, TRUST), ENDS, records, fields)


def encoded(rows: Sequence[Row] | pa.Table, key: EncodingKey, party: str = COUNCIL) -> Encoded:
    engine = DuckDB(limits=Limits(threads=1, memory="2GB"))
    try:
        table = rows if isinstance(rows, pa.Table) else records_table(rows)
        records = engine.load("records", table)
        aside = engine.load("aside", table.select(["source", "source_row"]).slice(0, 0))
        return encode_records(Gathered(records, aside, (), ()), engine, key, party)
    finally:
        engine.close()


def two_lists() -> tuple[list[Row], list[Row]]:
    """A council's list of 600 and a trust's of 500, of whom 400 are the same people, with slips."""
    rows = [row[:8] for row in crowd(ONLY_COUNCIL + BOTH + ONLY_TRUST, 2)]
    people = len(rows) // 2
    council = [rows[2 * person] for person in range(ONLY_COUNCIL + BOTH)]
    trust = [rows[2 * person + 1] for person in range(ONLY_COUNCIL, people)]
    return council, trust


@dataclass(frozen=True)
class Pair:
    """Two lists encoded to files, with what their holders keep."""

    key: EncodingKey
    files: tuple[Path, Path]
    encoded: tuple[Encoded, Encoded]


def a_pair(folder: Path) -> Pair:
    key = a_key()
    files, lists = (folder / "council.parquet", folder / "trust.parquet"), two_lists()
    made = (encoded(lists[0], key, COUNCIL), encoded(lists[1], key, TRUST))
    for one, path in zip(made, files, strict=True):
        write_encoded(one, path, path.with_suffix(".handles"))
    return Pair(key, files, made)


def bits(made: Encoded, place: int) -> np.ndarray:
    """One pass's encodings as rows of zeros and ones, in the order of source_row; decoys are left out."""
    rows = made.rows.join(made.handles, "handle", join_type="inner")
    rows = rows.filter(pa.compute.is_valid(rows["source"])).sort_by("source_row")
    held = rows[f"encoding_{place}"].to_pylist()
    return np.unpackbits(np.frombuffer(b"".join(held), np.uint8).reshape(len(held), -1), axis=1)


def person_of(made: Encoded) -> dict[str, int | None]:
    return dict(zip(made.handles["handle"].to_pylist(), made.handles["source_row"].to_pylist(), strict=True))
