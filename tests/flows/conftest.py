"""A copy of the made-up town for each test."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytest_django.plugin import DjangoDbBlocker

from sharewell.flows.run import run_flow
from sharewell.flows.terms import RunReport
from sharewell.settings import Place, open_place
from sharewell.store.control import close_control_plane


@pytest.fixture
def town(made_town: Path, tmp_path: Path, django_db_blocker: DjangoDbBlocker) -> Iterator[Place]:
    folder = tmp_path / "town"
    shutil.copytree(made_town, folder)
    with django_db_blocker.unblock():
        yield open_place(folder)
        close_control_plane()


@pytest.fixture
def run(town: Place) -> Callable[..., RunReport]:
    def run_named(flow: str = "food-parcels", **options: object) -> RunReport:
        return run_flow(town.flows / f"{flow}.yaml", town, by="test", **options)

    return run_named
