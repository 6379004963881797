"""A standard with every kind of field, and an engine to clean in."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date

import pyarrow as pa
import pytest

from sharewell.cleaning.clean import Cleaned, clean
from sharewell.sources.terms import Field, FieldType, Role, Standard
from sharewell.store.duckdb import DuckDB

AS_OF = date(2026, 1, 1)

Rows = Sequence[Mapping[str, str | None]]
CleanRows = Callable[[Rows, Sequence[Field]], Cleaned]


@pytest.fixture(scope="module")
def engine() -> Iterator[DuckDB]:
    engine = DuckDB()
    yield engine
    engine.close()


@pytest.fixture(scope="module")
def clean_rows(engine: DuckDB) -> CleanRows:
    def run(rows: Rows, fields: Sequence[Field]) -> Cleaned:
        standard = Standard("made-up", "1", "Made up", "", tuple(fields))
        numbers = pa.array(range(1, len(rows) + 1), pa.int64())
        columns = {name: pa.array([row.get(name) for row in rows], pa.string()) for name in standard.names}
        table = pa.table({"source_row": numbers, "line": numbers, **columns})
        return clean(engine.load("mapped", table), standard, "cleaned", as_of=AS_OF)

    return run


@pytest.fixture(scope="session")
def person_fields() -> tuple[Field, ...]:
    return (
        Field("record_id", FieldType.TEXT, "Record id", required=True, role=Role.RECORD_ID),
        Field("nhs_number", FieldType.NHS_NUMBER, "NHS number", required=True, role=Role.NHS_NUMBER),
        Field("full_name", FieldType.PERSON_NAME, "Name", role=Role.FULL_NAME),
        Field(
            "born",
            FieldType.DATE,
            "Date of birth",
            role=Role.DATE_OF_BIRTH,
            earliest="1900-01-01",
            latest="today",
        ),
        Field(
            "sex",
            FieldType.CODE,
            "Sex",
            categories={"1": ("Male", "M"), "2": ("Female", "F"), "0": ("U", "")},
        ),
        Field("address", FieldType.ADDRESS, "Address", role=Role.ADDRESS_LINE),
        Field("postcode", FieldType.POSTCODE, "Postcode", role=Role.POSTCODE),
    )
