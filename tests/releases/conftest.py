"""An engine of its own for every test of the gate."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from sharewell.store.duckdb import DuckDB


@pytest.fixture
def engine() -> Iterator[DuckDB]:
    """An empty engine."""
    opened = DuckDB()
    yield opened
    opened.close()
