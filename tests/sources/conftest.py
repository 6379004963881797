"""What the tests of reading share: an engine, and a way to read bytes as a file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from sharewell.sources.read import Read, read_source
from sharewell.store.duckdb import DuckDB, Limits

ReadBytes = Callable[..., Read]


@pytest.fixture
def engine() -> Iterator[DuckDB]:
    engine = DuckDB(limits=Limits(threads=1, memory="1GB"))
    yield engine
    engine.close()


@pytest.fixture
def read(engine: DuckDB, tmp_path: Path) -> ReadBytes:
    def read_bytes(content: bytes | str, name: str = "list.csv", **options: object) -> Read:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return read_source(path, engine, "raw", **options)  # type: ignore[arg-type]

    return read_bytes
