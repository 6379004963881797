"""Historical figures with errors in their records, in two lists: linked across and within them."""

from __future__ import annotations

from pathlib import Path

import pytest
from benchmarks import people

from sharewell.store.duckdb import DuckDB
from sharewell.store.engine import literal

pytestmark = pytest.mark.real


@pytest.fixture
def figures(shared: Path) -> Path:
    path = shared / "data" / "linkage" / people.SETS["figures"]
    if not path.is_file():
        pytest.skip("the historical figures are not beside the repository")
    return path


def some_of(figures: Path, folder: Path) -> Path:
    """Every record of about one person in six."""
    sample, engine = folder / "sample.parquet", DuckDB()
    wanted = f"SELECT * FROM read_parquet({literal(str(figures))}) WHERE hash(cluster) % 6 = 0"
    engine.connection.execute(f"COPY ({wanted}) TO {literal(str(sample))} (FORMAT parquet)").fetchall()
    engine.close()
    return sample


def test_one_in_six_historical_figures_are_linked_well(figures: Path, tmp_path: Path):
    found = people.ours("figures", str(some_of(figures, tmp_path)))
    assert 7_000 < found["rows"] < 10_000
    assert found["at"]["as shipped"]["precision"] >= 0.985
    assert found["at"]["as shipped"]["recall"] >= 0.87
    assert found["at"]["as shipped"]["f1"] >= 0.925


@pytest.mark.slow
def test_all_historical_figures_are_linked_well_above_plain_splink(figures: Path):
    ours, theirs = (rival("figures", str(figures)) for rival in (people.ours, people.splink))
    mine = ours["at"]["as shipped"]
    assert mine["precision"] >= 0.98
    assert mine["recall"] >= 0.85
    assert mine["f1"] >= 0.915
    assert mine["f1"] >= max(at["f1"] for at in theirs["at"].values()) + 0.08
