"""Twenty thousand rows with every kind of mess planted: each mistake handled, nothing else touched."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from benchmarks import mess

pytestmark = pytest.mark.real
ROWS = 20_000


@pytest.fixture(scope="module")
def sample(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    generator = shared.joinpath(*mess.GENERATOR)
    if not generator.is_file():
        pytest.skip("the messy sample's generator is not beside the repository")
    folder = tmp_path_factory.mktemp("messy")
    mess.make_sample(generator, folder, ROWS, seed=11)
    return folder


def test_every_planted_mistake_is_handled_and_nothing_else_is_touched(sample: Path):
    found = mess.clean_people(str(sample / "messy.csv"))
    score = found["score"]
    assert found["rows"] > ROWS
    assert found["kept"] + found["set_aside_reading"] + found["set_aside_cleaning"] == found["rows"]
    assert score["planted"] > 9_000
    assert score["wrong_by_kind"] == {}
    assert score["handled_right"] == score["planted"]
    assert score["false_edits_by_rule"] == {}
    assert score["rows_set_aside_wrongly"] == 0


def test_a_broken_extract_of_the_same_rows_loses_no_line_and_hardly_a_record(sample: Path):
    found = mess.clean_people(str(sample / "wild.csv"))
    assert found["lines_unaccounted"] == 0
    assert found["set_aside_reading"] <= 1
    assert found["intact"] >= 0.9995 * found["rows"]
