"""What every folder's tests may use: a place of their own, and the open data beside the repository."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest
from pytest_django.plugin import DjangoDbBlocker

from sharewell.settings import Place, open_place
from sharewell.store.control import close_control_plane, open_control_plane

# A worker that has opened a browser keeps an event loop; Django would then refuse its plain queries.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
# A shared machine can be slow for a moment: how long an example takes says nothing of whether it is right.
hypothesis.settings.register_profile("house", deadline=None)
hypothesis.settings.load_profile("house")

TOWN_PEOPLE = 400
SETTINGS = """[place]
name = "Testborough"
organisation = "testborough"
"""


@pytest.fixture(scope="session")
def empty_control_plane(tmp_path_factory: pytest.TempPathFactory, django_db_blocker: DjangoDbBlocker) -> Path:
    """A control database with every table and no rows, made once, so that a place costs a copy."""
    place = _place_at(tmp_path_factory.mktemp("template"))
    with django_db_blocker.unblock():
        open_control_plane(place)
        close_control_plane()
    return place.control


@pytest.fixture
def place(tmp_path: Path, empty_control_plane: Path, django_db_blocker: DjangoDbBlocker) -> Iterator[Place]:
    """A place in a folder of its own, its control plane open; it has no root key yet (``KeyRing.create``)."""
    made = _place_at(tmp_path / "place")
    made.store.mkdir()
    shutil.copy(empty_control_plane, made.control)
    with django_db_blocker.unblock():
        open_control_plane(made)
        yield made
        close_control_plane()


@pytest.fixture(scope="session")
def made_town(tmp_path_factory: pytest.TempPathFactory, django_db_blocker: DjangoDbBlocker) -> Path:
    """A small made-up town, made once; whoever uses it works on a copy."""
    from sharewell.demo.make import demo_place

    folder = tmp_path_factory.mktemp("town") / "place"
    with django_db_blocker.unblock():
        demo_place(folder, TOWN_PEOPLE, seed=7)
        close_control_plane()
    return folder


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of open data beside the repository; tests that need it skip where it is absent."""
    folder = Path(__file__).resolve().parents[2] / "shared"
    if not folder.is_dir():
        pytest.skip("the open data in ../shared is not on this machine")
    return folder


def _place_at(folder: Path) -> Place:
    folder.mkdir(exist_ok=True)
    (folder / "sharewell.toml").write_text(SETTINGS, encoding="utf-8")
    return open_place(folder)
