"""A part of the made-up region, built once, and a small region made once for tests that read its files."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from sharewell.demo.region.frame.build import build_frame
from sharewell.demo.region.frame.terms import Frame
from sharewell.demo.region.names import Names
from sharewell.demo.region.rates import RATES
from sharewell.demo.region.terms import World
from sharewell.demo.region.world.build import Built, build_world
from sharewell.demo.region.world.part import Part, parts_of

DAY = date(2021, 3, 21)
MANY = {name: rate * 4 for name, rate in RATES.items()}
"""Rates high enough for every class of hard pairs to turn up among a few thousand people."""


@pytest.fixture(scope="session")
def frame() -> Frame:
    return build_frame(8_000, 3, None)


@pytest.fixture(scope="session")
def part(frame: Frame) -> Part:
    return parts_of(frame, 3, DAY)[0]


@pytest.fixture(scope="session")
def built(frame: Frame, part: Part) -> Built:
    return build_world(frame, part, Names.load(None), 3, MANY)


@pytest.fixture(scope="session")
def world(built: Built) -> World:
    return built.world


@pytest.fixture(scope="session")
def made_region(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A region of 6,000 people with many hard pairs; nobody may write into it."""
    from sharewell.demo.region.make import Wish, make_region

    folder = tmp_path_factory.mktemp("region") / "made"
    rates = {**MANY, "next_number": 0.02, "husbands_initials": 0.2}
    make_region(Wish(6_000, 5, rates=rates), folder, workers=1)
    return folder


@pytest.fixture
def make_small(tmp_path: Path) -> Callable[..., Path]:
    """Make a region of a few hundred people in a folder of the test's own."""
    from sharewell.demo.region.make import Wish, make_region

    def make(name: str = "small", people: int = 300, seed: int = 1, **wish: object) -> Path:
        folder = tmp_path / name
        make_region(Wish(people, seed, **wish), folder, workers=1)
        return folder

    return make
