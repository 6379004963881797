"""Small lists of made-up people, told row by row."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import pytest
from people_cases import Row, people_of, records_table

from sharewell.people.link import link_people
from sharewell.store.duckdb import DuckDB, Limits
from sharewell.store.engine import Relation

Lister = Callable[[Sequence[Row]], Relation]
Linker = Callable[[Sequence[Row]], dict[tuple[str, int], str]]


@pytest.fixture
def engine() -> Iterator[DuckDB]:
    made = DuckDB(limits=Limits(threads=1, memory="2GB"))
    yield made
    made.close()


@pytest.fixture
def listed(engine: DuckDB) -> Lister:
    return lambda rows: engine.load("records", records_table(rows))


@pytest.fixture
def linked(engine: DuckDB, listed: Lister) -> Linker:
    return lambda rows: people_of(link_people(listed(rows), engine, "linked"))
