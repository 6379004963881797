"""The frame: areas taken whole, fitted to their margins; bad reference folders are refused by name."""

from __future__ import annotations

import gzip
import shutil
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sharewell.demo.region.chance import Chance
from sharewell.demo.region.frame.build import build_frame
from sharewell.demo.region.frame.fit import CHILDREN, SIZE, fit_two_way, whole
from sharewell.demo.region.world.part import parts_of, residents_of
from sharewell.vocab.errors import FileMissing, FileUnreadable


def distance(made: np.ndarray, wanted: np.ndarray) -> float:
    """Return total variation between two sets of counts."""
    return float(np.abs(made / made.sum() - wanted / wanted.sum()).sum() / 2)


@pytest.mark.parametrize("people", [200, 1_000, 10_000, 40_000])
def test_a_made_up_county_holds_at_least_the_people_asked_for_and_few_more(people: int):
    held = residents_of(build_frame(people, 1, None)).sum()
    assert people <= held <= people * 1.05 + 300


def test_households_add_up_to_each_area_s_households_people_and_children():
    frame = build_frame(20_000, 1, None)
    assert (frame.counts.sum(axis=1) == frame.margins.households).all()
    people = frame.counts @ SIZE + frame.care + frame.halls
    assert np.abs(people - frame.margins.ages.sum(axis=1)).max() <= 0.03 * people.max()
    assert np.abs(frame.counts @ CHILDREN - frame.margins.ages[:, :18].sum(axis=1)).max() <= 15


def test_the_same_seed_gives_the_same_frame_and_another_seed_another():
    one, same, other = (build_frame(5_000, seed, None) for seed in (1, 1, 2))
    assert (one.counts == same.counts).all() and (one.streets.street == same.streets.street).all()
    assert list(one.streets.street) != list(other.streets.street)


def test_parts_hold_every_area_once_and_count_people_on():
    frame = build_frame(70_000, 1, None)
    parts = parts_of(frame, 1, date(2021, 3, 21))
    assert [part.first for part in parts] == [0, *(part.end for part in parts[:-1])]
    assert parts[-1].end == len(frame) and len(parts) >= 2
    assert sum(part.residents for part in parts) == residents_of(frame).sum()
    assert [part.before for part in parts[1:]] == list(np.cumsum([part.people for part in parts])[:-1])


@given(
    st.lists(st.lists(st.floats(0, 50), min_size=3, max_size=3), min_size=1, max_size=6),
    st.integers(0, 2**31),
)
def test_rounding_keeps_every_total_and_moves_no_share_by_more_than_one(shares: list[list[float]], seed: int):
    table = np.array(shares)
    totals = np.rint(table.sum(axis=1)).astype(int)
    counts = whole(table, totals, Chance(seed, "round"))
    assert (counts.sum(axis=1) == totals).all() and (counts >= 0).all()
    sums = table.sum(axis=1)
    scaled = table * np.where(sums > 0, totals / np.where(sums > 0, sums, 1), 0)[:, None]
    assert (np.abs(counts - scaled)[totals > 0] < 1 + 1e-6).all()


def test_two_way_fitting_gives_both_margins():
    table = fit_two_way(np.array([10.0, 30.0]), np.array([8.0, 12.0, 20.0]), np.ones((2, 3)))
    assert np.allclose(table.sum(axis=1), [10, 30]) and np.allclose(table.sum(axis=0), [8, 12, 20])


@pytest.mark.real
def test_districts_of_the_reference_come_out_as_published(shared: Path):
    frame = build_frame(300_000, 1, shared / "data" / "uk")
    bolton = frame.districts[0]
    own = frame.district == 0
    sizes = np.bincount(np.minimum(SIZE, 8) - 1, weights=frame.counts[own].sum(axis=0), minlength=8)
    assert bolton.sizes is not None
    assert distance(sizes, bolton.sizes) < 0.01
    assert distance(frame.margins.ages[own].sum(axis=0), bolton.ages) < 0.01


@pytest.mark.real
def test_a_district_taken_in_part_is_still_like_the_whole(shared: Path):
    whole_one = build_frame(295_000, 1, shared / "data" / "uk")
    part = build_frame(150_000, 1, shared / "data" / "uk")
    assert distance(part.margins.tenure.sum(axis=0), whole_one.margins.tenure.sum(axis=0)) < 0.03


@pytest.mark.real
@pytest.mark.parametrize(
    "name", ["population/lsoa21_tenure_census2021.csv.gz", "postcodes/gm_postcodes.csv.gz"]
)
def test_a_reference_folder_that_lacks_a_file_is_refused_by_its_name(shared: Path, tmp_path: Path, name: str):
    folder = copy(shared, tmp_path)
    (folder / name).unlink()
    with pytest.raises(FileMissing) as refused:
        build_frame(5_000, 1, folder)
    assert refused.value.where.file == name


@pytest.mark.real
@pytest.mark.parametrize("has_sums", [True, False])
def test_a_reference_file_that_is_cut_short_is_refused_by_its_name(
    shared: Path, tmp_path: Path, has_sums: bool
):
    folder = copy(shared, tmp_path)
    name = "population/lsoa21_accommodation_type_census2021.csv.gz"
    path = folder / name
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    if not has_sums:
        (folder / "SHA256SUMS").unlink()
    with pytest.raises(FileUnreadable) as refused:
        build_frame(5_000, 1, folder)
    assert refused.value.where.file == name


@pytest.mark.real
def test_a_reference_file_that_ends_early_without_being_torn_is_refused_too(shared: Path, tmp_path: Path):
    folder = copy(shared, tmp_path)
    (folder / "SHA256SUMS").unlink()
    path = folder / "population" / "lsoa21_tenure_census2021.csv.gz"
    lines = gzip.decompress(path.read_bytes()).splitlines(keepends=True)
    path.write_bytes(gzip.compress(b"".join(lines[:500])))
    with pytest.raises(FileUnreadable):
        build_frame(5_000, 1, folder)


def test_a_reference_folder_that_is_not_there_is_refused(tmp_path: Path):
    with pytest.raises(FileMissing):
        build_frame(5_000, 1, tmp_path / "nowhere")


def copy(shared: Path, tmp_path: Path) -> Path:
    """Return a copy of the reference data that a test may spoil."""
    folder = tmp_path / "uk"
    for name in ("geo", "population", "postcodes", "deprivation", "addresses", "names"):
        shutil.copytree(shared / "data" / "uk" / name, folder / name, ignore=too_large)
    shutil.copy(shared / "data" / "uk" / "SHA256SUMS", folder)
    return folder


def too_large(_: str, names: list[str]) -> list[str]:
    """Leave out what the region does not read."""
    return [name for name in names if name.startswith(("gb_codepoint", "openregister", "london_lsoa"))]
