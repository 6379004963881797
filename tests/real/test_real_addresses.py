"""Real addresses: a national register cleaned whole, and the Land Registry's found among its rows."""

from __future__ import annotations

from pathlib import Path

import pytest
from benchmarks import mess, places

pytestmark = pytest.mark.real


def open_data(shared: Path, *parts: str) -> str:
    path = shared.joinpath(*parts)
    if not path.is_file():
        pytest.skip(f"{parts[-1]} is not beside the repository")
    return str(path)


def test_every_land_registry_address_finds_its_unit_among_a_hundred_thousand(shared: Path):
    found = places.registry(open_data(shared, *places.REGISTRY), open_data(shared, *places.OTHERS))
    assert (found["rows"], found["gazetteer"]) == (230, 113_000)
    assert found["right"] >= 228
    assert found["units"] - found["right"] <= 1


def test_a_national_register_of_addresses_loses_only_rows_without_an_address(shared: Path):
    found = mess.clean_register(open_data(shared, *places.OTHERS))
    assert found["rows"] == 112_797
    assert found["kept"] + found["set_aside_reading"] + found["set_aside_cleaning"] == found["rows"]
    assert set(found["reasons"]) == {"missing_required_address"}
    assert found["set_aside_cleaning"] <= 40
