"""Twenty thousand rows with every kind of mess planted: each mistake handled, nothing else touched."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from benchmarks import mess

pytestmark = pytest.mark.real
ROWS = 20_000
CUT_OFF = ("short_row", "unquoted_comma_in_address")
"""Records that cannot be told from their line alone: cells are missing, or a comma splits one in two."""
REWRITTEN = ("cp1252_line", "unclosed_quote")
"""Records that the sample gives other cells in the broken file than in the well-formed one."""
LAST_ROW = 1


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


def test_a_broken_extract_loses_no_line_and_sets_aside_only_records_whose_cells_were_cut_off(sample: Path):
    found = mess.clean_people(str(sample / "wild.csv"))
    events = json.loads((sample / "wild_truth.json").read_text(encoding="utf-8"))["events"]
    cut_off = sum(kind in CUT_OFF for _, kind in events) + LAST_ROW
    rewritten = sum(kind in REWRITTEN for _, kind in events)
    assert (cut_off, rewritten) > (1, 1)
    assert found["lines_unaccounted"] == 0
    assert found["set_aside_reading"] <= cut_off
    assert found["intact"] >= found["rows"] - cut_off - rewritten
