"""Two rows of one key: exact, superseded, conflicting."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

import pyarrow as pa
import pytest

from sharewell.cleaning.clean import Cleaned, clean
from sharewell.sources.terms import Field, FieldType, Standard
from sharewell.store.duckdb import DuckDB

ID = Field("id", FieldType.TEXT, "Id")
NAME = Field("name", FieldType.TEXT, "Name", required=True)
DAY = Field("day", FieldType.DATE, "Day")
PLAIN = Standard("s", "1", "S", "", (ID, NAME, DAY), primary_key=("id",))
NEWEST = replace(PLAIN, newest_by="day")
PAIRS = replace(PLAIN, primary_key=(), unique_keys=(("id", "name"),))
UNIQUE = replace(PLAIN, primary_key=(), fields=(ID, replace(NAME, unique=True), DAY))
KEYLESS = replace(PLAIN, primary_key=())

Row = tuple[str, str, str]
Reasons = dict[int, str]

CASES: list[tuple[str, Standard, list[Row], Reasons]] = [
    ("alike", PLAIN, [("1", "a", ""), ("1", "a", "")], {2: "duplicate_exact"}),
    ("alike once clean", PLAIN, [("1", "a", "2/1/2021"), (" 1", "a ", "2021-01-02")], {2: "duplicate_exact"}),
    ("unlike: the first is kept", PLAIN, [("1", "a", ""), ("1", "b", "")], {2: "duplicate_conflicting"}),
    (
        "three of one key",
        PLAIN,
        [("1", "a", ""), ("2", "a", ""), ("1", "b", ""), ("1", "a", "")],
        {3: "duplicate_conflicting", 4: "duplicate_exact"},
    ),
    ("a missing key is no key", PLAIN, [("", "a", ""), ("", "a", "")], {}),
    (
        "a row that cannot be used does not take another's place",
        PLAIN,
        [("1", "", ""), ("1", "a", "")],
        {1: "missing_required_name"},
    ),
    (
        "the newest is kept",
        NEWEST,
        [("1", "a", "2021-01-02"), ("1", "b", "2022-01-02"), ("1", "b", "2022-01-02"), ("1", "c", "")],
        {1: "duplicate_superseded", 3: "duplicate_exact", 4: "duplicate_superseded"},
    ),
    (
        "as new and unlike",
        NEWEST,
        [("1", "a", "2021-01-02"), ("1", "b", "2021-01-02")],
        {2: "duplicate_conflicting"},
    ),
    ("all of a key must be the same", PAIRS, [("1", "a", ""), ("1", "b", ""), ("1", "a", "2021-01-02")],
     {3: "duplicate_conflicting"}),
    ("a unique field", UNIQUE, [("1", "a", ""), ("2", "a", "")], {2: "duplicate_conflicting"}),
    ("no key, no duplicates set aside", KEYLESS, [("1", "a", ""), ("1", "a", "")], {}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("standard", "rows", "reasons"), [pytest.param(*case, id=name) for name, *case in CASES]
)
def test_which_rows_of_one_key_are_set_aside(
    engine: DuckDB, standard: Standard, rows: Sequence[Row], reasons: Mapping[int, str]
) -> None:
    done = clean_all(engine, standard, rows)
    aside = {row["source_row"]: row["reasons"] for row in done.set_aside.arrow().to_pylist()}
    assert aside == {number: [reason] for number, reason in reasons.items()}
    kept = done.kept.arrow(["source_row"])["source_row"].to_pylist()
    assert sorted([*kept, *aside]) == list(range(1, len(rows) + 1))


def clean_all(engine: DuckDB, standard: Standard, rows: Sequence[Row]) -> Cleaned:
    numbers = pa.array(range(1, len(rows) + 1), pa.int64())
    columns = dict(zip(standard.names, zip(*rows, strict=True), strict=True))
    table = pa.table({"source_row": numbers, "line": numbers, **columns})
    return clean(engine.load("rows", table), standard, "unique", as_of=date(2026, 1, 1))
