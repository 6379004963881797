"""The rows that a delivery is told by come from all over the list, so that sorting it changes nothing."""

from __future__ import annotations

import pyarrow as pa
import pytest

from sharewell.sources.delivery import keep_layout, sample_of, settle_mapping
from sharewell.sources.layout import load_layout
from sharewell.sources.standards import load_standard

PEOPLE = load_standard("people")
ROWS = 9_000


def settled(engine, folder, rows):
    loaded = engine.load("raw", pa.table({"source_row": range(1, len(rows) + 1), **_columns(rows)}))
    return settle_mapping(tuple(_columns(rows)), PEOPLE, sample_of(loaded), folder, "X26")


def _columns(rows):
    return {name: [row[name] for row in rows] for name in ("surname", "date_of_birth")}


@pytest.fixture
def rows():
    ended = ["" if place < ROWS // 2 else f"19{place % 90 + 10}-01-02" for place in range(ROWS)]
    return [{"surname": f"Smith{place % 7}", "date_of_birth": day} for place, day in enumerate(ended)]


def test_a_list_sorted_in_another_way_looks_the_same(engine, tmp_path, rows):
    keep_layout(tmp_path, settled(engine, tmp_path, rows), ("surname", "date_of_birth"))
    again = settled(engine, tmp_path, rows[::-1])
    assert again.supplier == "X26"
    assert load_layout(tmp_path, "X26", "people") is not None
    assert again.changes == ()


@pytest.mark.parametrize(("rows_in", "most"), [(1, 1), (2_000, 2_000), (2_001, 1_000), (9_000, 1_800)])
def test_a_sample_has_two_thousand_rows_or_a_little_fewer(engine, rows_in, most):
    loaded = engine.load("raw", pa.table({"source_row": range(1, rows_in + 1)}))
    assert sample_of(loaded).num_rows == most
