"""Keys, snapshots and an engine for the store's tests."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path

import pyarrow as pa
import pytest
from django.db import transaction

from sharewell.settings import Place
from sharewell.store.duckdb import DuckDB
from sharewell.store.keys import KeyRing
from sharewell.store.snapshots import Snapshots
from sharewell.store.terms import Staged

Stage = Callable[..., Staged]
Keep = Callable[..., Staged]


@pytest.fixture
def keys(place: Place) -> KeyRing:
    return KeyRing.create(place)


@pytest.fixture
def snapshots(place: Place, keys: KeyRing) -> Snapshots:
    return Snapshots(place, keys)


@pytest.fixture
def engine() -> Iterator[DuckDB]:
    made = DuckDB()
    yield made
    made.close()


@pytest.fixture
def stage(snapshots: Snapshots, engine: DuckDB) -> Stage:
    """Stage rows given as an Arrow table or as the values of a ``person`` column."""

    def stage(rows: pa.Table | Sequence[str | None], organisation="council", table="people", run="run-1"):
        given = rows if isinstance(rows, pa.Table) else pa.table({"person": pa.array(rows, pa.string())})
        return snapshots.stage(
            engine.load("given", given), organisation, table, as_of=date(2026, 7, 1), run=run
        )

    return stage


@pytest.fixture
def keep(snapshots: Snapshots, stage: Stage) -> Keep:
    """Stage rows and swap them in."""

    def keep(*args, **kwargs):
        staged = stage(*args, **kwargs)
        with transaction.atomic():
            snapshots.swap([staged])
        return staged

    return keep


@pytest.fixture
def without_rights() -> Callable[[Path], contextlib.AbstractContextManager[None]]:
    """Take away this process's right to write in a folder, even where the tests run as root."""

    @contextlib.contextmanager
    def without_rights(folder: Path):
        mode, user = folder.stat().st_mode, os.geteuid()
        folder.chmod(0o500)
        if user == 0:
            os.seteuid(65534)
        try:
            yield
        finally:
            os.seteuid(user)
            folder.chmod(mode)

    return without_rights
