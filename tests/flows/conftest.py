"""A copy of the made-up town for each test; where one list is enough, of a town that has only one."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytest_django.plugin import DjangoDbBlocker

from sharewell.flows.run import run_flow
from sharewell.flows.terms import RunReport
from sharewell.settings import Place, open_place
from sharewell.store.control import close_control_plane

SOURCE = "  - {party: "


@pytest.fixture
def town(made_town: Path, tmp_path: Path, django_db_blocker: DjangoDbBlocker) -> Iterator[Place]:
    with opened(shutil.copytree(made_town, tmp_path / "town"), django_db_blocker) as place:
        yield place


@pytest.fixture(scope="session")
def short_town(made_town: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The town with the first list of its first flow alone, and no gazetteer: its runs take a third."""
    folder = shutil.copytree(made_town, tmp_path_factory.mktemp("short") / "town")
    flow = folder / "flows" / "food-parcels.yaml"
    _, *others = [line for line in flow.read_text().splitlines() if line.startswith(SOURCE)]
    kept = [line for line in flow.read_text().splitlines() if line not in others]
    flow.write_text("\n".join(line for line in kept if not line.startswith("gazetteer")) + "\n")
    settings = folder / "sharewell.toml"
    settings.write_text(settings.read_text().replace("threads = 2", "threads = 1"))
    return folder


@pytest.fixture(scope="session")
def ran_once(
    short_town: Path, tmp_path_factory: pytest.TempPathFactory, django_db_blocker: DjangoDbBlocker
) -> tuple[Path, RunReport]:
    """The short town after its flow has run once, and the report of that run."""
    folder = shutil.copytree(short_town, tmp_path_factory.mktemp("ran") / "town")
    with opened(folder, django_db_blocker) as place:
        return folder, run_flow(place.flows / "food-parcels.yaml", place, by="test")


@pytest.fixture
def ran_town(
    ran_once: tuple[Path, RunReport], tmp_path: Path, django_db_blocker: DjangoDbBlocker
) -> Iterator[Place]:
    """A copy of the short town whose flow has run once."""
    with opened(shutil.copytree(ran_once[0], tmp_path / "ran"), django_db_blocker) as place:
        yield place


@contextlib.contextmanager
def opened(folder: Path, blocker: DjangoDbBlocker) -> Iterator[Place]:
    with blocker.unblock():
        yield open_place(folder)
        close_control_plane()


@pytest.fixture
def run(town: Place) -> Callable[..., RunReport]:
    def run_named(flow: str = "food-parcels", **options: object) -> RunReport:
        return run_flow(town.flows / f"{flow}.yaml", town, by="test", **options)

    return run_named


@pytest.fixture
def settles(run: Callable[..., RunReport]) -> Callable[..., None]:
    """Run the flow until its first list is read and settled, and stop it there: the rest takes long."""

    class Reached(Exception):
        pass

    def reached(*_: object, **__: object) -> None:
        raise Reached

    def settles_now(**options: object) -> None:
        with pytest.MonkeyPatch.context() as patched, pytest.raises(Reached):
            patched.setattr("sharewell.flows.prepare.clean", reached)
            run(**options)

    return settles_now
