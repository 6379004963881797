"""An engine for each test, and the small gazetteer made ready once."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from places_cases import Match, answers, make_gazetteer

from sharewell.store.duckdb import DuckDB


@pytest.fixture
def engine() -> Iterator[DuckDB]:
    made = DuckDB()
    yield made
    made.close()


@pytest.fixture(scope="session")
def small() -> Iterator[Match]:
    """Match addresses to the small gazetteer, which is made ready once."""
    engine = DuckDB()
    gazetteer = make_gazetteer(engine)
    yield lambda addresses: answers(engine, gazetteer, addresses)
    engine.close()
