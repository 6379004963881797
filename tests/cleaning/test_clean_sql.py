"""The SQL that cleaning writes: the same test as the compiled standard's, quoted as sqlglot quotes."""

from __future__ import annotations

from datetime import date

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlglot import exp

from sharewell.cleaning.compile import recipe
from sharewell.cleaning.queries import failing_cells
from sharewell.sources.terms import Field, FieldType
from sharewell.store.duckdb import DuckDB
from sharewell.store.engine import literal, quoted

VALUES = [
    *("9434765919", "943 476 5919", "9434765918", "AB123456C", "ab123456c", "Q651695112951", "100012", "0"),
    *(
        "SW1A 1AA",
        "sw1a1aa",
        "+447700900123",
        "07700",
        "a@b.org",
        "A@B.org",
        "Ann Smith",
        "ANN",
        "1985-03-12",
    ),
    *("12/03/1985", "2021-03-04T09:30:00", "true", "Y", "1", "F", "10.50", "£1", "N/A", "", " ", "x\ny"),
]


@pytest.mark.parametrize("kind", FieldType)
def test_the_cells_that_fail_are_those_whose_values_fail(engine: DuckDB, kind: FieldType) -> None:
    field = Field("v", kind, "V", categories={"1": ("M",), "2": ("F", "")} if kind is FieldType.CODE else {})
    cells = [*VALUES, *VALUES, None]
    engine.load("sql", pa.table({"source_row": range(len(cells)), "v": pa.array(cells, pa.string())}))
    made = recipe(field, date(2026, 1, 1))
    by_value = engine.fetch(made.failing('"v"', '"sql"'))["v"].to_pylist()
    by_cell = engine.fetch(failing_cells(made, field, "sql")).to_pylist()
    assert {row["v"] for row in by_cell} - {""} == set(by_value)
    found = {row["source_row"] for row in by_cell if row["v"]}
    assert found == {place for place, cell in enumerate(cells) if cell in set(by_value)}
    empty = {row["source_row"] for row in by_cell if not row["v"]}
    assert empty == ({p for p, cell in enumerate(cells) if not cell} if made.for_empty is not None else set())


@given(st.text())
def test_names_and_values_are_quoted_as_sqlglot_quotes_them(text: str) -> None:
    assert quoted(text) == exp.to_identifier(text, quoted=True).sql("duckdb")
    assert literal(text) == exp.Literal.string(text).sql("duckdb")
