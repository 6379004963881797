"""Real and realistic files, from the open data beside the repository: no record is lost."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from pathlib import Path

import pytest

from sharewell.sources.read import read_source

SHARED = Path(__file__).resolve().parents[2].parent / "shared"
ADDRESSES = SHARED / "data/uk/addresses/openregister_bulk_addresses_2016.tsv.gz"
MESSY = SHARED / "data/cleaning/messy.py"

pytestmark = pytest.mark.real


def needs(path: Path) -> None:
    if not path.exists():
        pytest.skip(f"the open data is not beside the repository: {path.name}")


def accounted(found) -> None:
    """Check the two laws: every record kept or set aside, every line with its fate."""
    assert found.kept.count() + found.set_aside.count() == found.facts.records
    records = found.facts.lines["record"] + found.facts.lines.get("set_aside", 0)
    assert records == found.facts.records


def physical_lines(content: bytes) -> int:
    text = content.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return text.count(b"\n") + (not text.endswith(b"\n"))


def test_a_register_of_addresses_is_read_whole(engine):
    needs(ADDRESSES)
    found = read_source(ADDRESSES, engine, "raw")
    accounted(found)
    assert sum(found.facts.lines.values()) == physical_lines(gzip.decompress(ADDRESSES.read_bytes()))
    assert found.facts.delimiter == "\t"
    assert found.facts.records == 112_797


@pytest.fixture(scope="module")
def messy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    needs(MESSY)
    folder = tmp_path_factory.mktemp("messy")
    command = [sys.executable, str(MESSY), str(folder), "--rows", "20000"]
    subprocess.run(command, check=True, capture_output=True)
    return folder


def test_every_record_of_a_messy_extract_is_kept(engine, messy):
    found = read_source(messy / "messy.csv", engine, "raw")
    accounted(found)
    assert not found.set_aside.count()
    assert found.kept.count() == json.loads((messy / "wild_truth.json").read_text())["records"]


def test_hardly_a_record_of_a_wild_extract_is_changed_and_none_lost(engine, messy):
    wild = read_source(messy / "wild.csv", engine, "wild")
    accounted(wild)
    assert sum(wild.facts.lines.values()) == physical_lines((messy / "wild.csv").read_bytes())
    truth = read_source(messy / "messy.csv", engine, "truth")
    [answer] = engine.fetch(
        f"SELECT count(*) AS intact FROM ({_cells(truth)} INTERSECT ALL {_cells(wild)})"
    ).to_pylist()
    assert answer["intact"] >= truth.kept.count() * 0.999
    assert [row["reasons"] for row in wild.set_aside.arrow().to_pylist()] == [["truncated_row"]]


def _cells(found) -> str:
    columns = ", ".join(f'"{name}" AS c{place}' for place, name in enumerate(found.facts.columns))
    return f'SELECT {columns} FROM "{found.kept.name}"'
