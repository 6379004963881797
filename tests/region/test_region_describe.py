"""A region's page and its likeness report, over a tiny region where every figure is known."""

from __future__ import annotations

import json
import re
import shutil
from collections import Counter
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st
from playwright.sync_api import Page

from region.tiny_region import AREAS, ATTRIBUTION, NOTE, band, people, truth, write_region
from sharewell.demo.region.describe import describe, likeness
from sharewell.demo.region.describe.atlas import SHADES, breaks
from sharewell.demo.region.describe.counted import Counted, counted
from sharewell.demo.region.describe.matrix import LIGHTEST_INK, shade
from sharewell.demo.region.describe.read import opened
from sharewell.demo.region.describe.rules import distance
from sharewell.demo.region.describe.squares import pieces
from sharewell.demo.region.describe.terms import BANDS
from sharewell.vocab.errors import FileMissing, FileUnreadable, OutputIsInput
from web.accessibility import axe
from web.conftest import base_url, browser_type_launch_args  # noqa: F401 (fixtures)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_region(tmp_path_factory.mktemp("tiny") / "region")


@pytest.fixture
def region(made: Path, tmp_path: Path) -> Path:
    shutil.copytree(made, tmp_path / "region")
    return tmp_path / "region"


@pytest.fixture(scope="module")
def figures(made: Path) -> Counted:
    with opened(made) as held:
        return counted(held)


class Outline(HTMLParser):
    """What elements a page has, and what it fetches."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: Counter[str] = Counter()
        self.ids: list[str] = []
        self.fetched: list[str] = []
        self.images: list[str] = []
        self.labels: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        own = dict(attrs)
        self.tags[tag] += 1
        self.ids += [own["id"]] if own.get("id") else []
        self.fetched += [str(own[name]) for name in ("src", "href", "srcset", "data") if own.get(name)]
        if own.get("role") == "img":
            self.images.append(tag)
            self.labels += str(own["aria-labelledby"]).split()


def outline(page: str) -> Outline:
    read = Outline()
    read.feed(page)
    return read


# --- the likeness report ------------------------------------------------------------------------------


def test_a_region_made_to_its_margins_is_at_no_distance_from_them(made: Path):
    [old, _] = likeness(made).districts
    assert (old.name, old.is_whole, old.taken) == ("Oldbeck", True, 1.0)
    assert {each.distance for each in old.distances.values()} == {0.0}
    assert {each.verdict for each in old.distances.values()} == {"within"}


def test_a_margin_that_is_missed_is_told_by_its_distance_and_its_verdict(made: Path):
    [_, new] = likeness(made).districts
    tenure = new.distances["tenure"]
    assert tenure.distance == pytest.approx(1 / 3, abs=0.01)  # one home in three is in the wrong tenure
    assert (tenure.verdict, tenure.bar) == ("not within", 0.03)
    assert likeness(made).verdict == "not within"


def test_sizes_that_nobody_publishes_are_said_to_be_so(made: Path):
    sizes = likeness(made).districts[1].distances["household_size"]
    assert (sizes.distance, sizes.verdict) == (None, "none published")


def test_the_median_and_the_worst_area_are_named(made: Path):
    areas = likeness(made).areas
    assert (areas["age"].median, areas["age"].areas, areas["age"].verdict) == (0.0, 4, "within")
    assert areas["tenure"].worst_area in AREAS[2:]
    assert areas["tenure"].verdict == "not within"  # half the areas are off by a third


def test_only_errors_in_three_hundred_rows_are_held_to_their_rate(made: Path):
    verdicts = {each.kind: each.verdict for each in likeness(made).dirt}
    assert verdicts == {
        "phone_missing": "within",
        "day_month_swapped": "not within",
        "rare": "not held to it",
    }
    [worst] = likeness(made).missed
    assert (worst.list, worst.miss) == ("gp_register", 0.25)


def test_errors_are_counted_in_the_file_too(made: Path):
    assert {each.kind: each.logged for each in likeness(made).dirt}["phone_missing"] == 50


def test_a_district_taken_in_part_is_held_to_the_areas_that_were_taken(region: Path):
    rows = pq.read_table(region / "margins.parquet").to_pylist()
    for row in rows:
        if row["level"] == "district" and row["area"] == "D1" and row["category"] == BANDS[0]:
            row["target"] += 5000
    pq.write_table(pa.Table.from_pylist(rows), region / "margins.parquet")
    old = likeness(region).districts[0]
    assert not old.is_whole and old.taken < 0.1
    assert (old.distances["age"].distance, old.distances["age"].against) == (0.0, "areas taken")


def test_the_report_is_ready_for_json(made: Path):
    told = json.loads(json.dumps(likeness(made).as_dict()))
    assert told["sharewell"] == "likeness/1"
    assert told["districts"][0]["distances"]["sex_by_age"]["bar"] == 0.03


@given(
    st.dictionaries(st.sampled_from("abcd"), st.integers(1, 99), min_size=1),
    st.dictionaries(st.sampled_from("abcd"), st.integers(1, 99), min_size=1),
)
def test_a_distance_is_between_nought_and_one_and_the_same_both_ways(one: dict, two: dict):
    far = distance(one, two)
    assert 0 <= far <= 1 + 1e-9
    assert far == pytest.approx(distance(two, one))
    assert distance(one, {name: 3 * count for name, count in one.items()}) == pytest.approx(0)


# --- what is counted ----------------------------------------------------------------------------------


def test_ages_are_counted_in_whole_years_on_the_regions_day(figures: Counted):
    own = Counter(band(row["born"]) for row in people() if row["is_resident"])
    counts: Counter[str] = Counter()
    for place in figures.made["district", "age"].values():
        counts.update({name: int(n) for name, n in place.items()})
    assert counts == own


def test_the_overlap_of_lists_counts_people_once(figures: Counted):
    both, everybody = figures.overlap.both, len(people())
    assert both[0][0] == everybody
    assert both[0][2] == both[2][2] == -(-everybody // 8)
    assert sum(figures.overlap.residents) == 600
    assert figures.overlap.residents[0] == 0


def test_stale_rows_are_told_by_what_happened(figures: Counted):
    register = figures.stale[0]
    gone = [row for row in people() if not row["is_resident"]]
    assert register.died == sum(1 for row in gone if row["died_on"]) > 0
    assert register.left == sum(1 for row in gone if row["left_on"]) > 0
    living = [at for at, row in enumerate(people(), start=1) if row["is_resident"] and at % 10 == 0]
    assert register.moved == len(living)


def test_hard_pairs_are_counted_in_pairs_people_and_rows(figures: Counted):
    father, mobile = figures.hard
    assert (father.name, father.pairs) == ("father_and_son", 1)
    assert father.rows == sum(1 for row in truth(people()) if row["class"]) >= father.people > 0
    assert (mobile.rows, mobile.pairs) == (0, 0)


def test_everybody_is_on_the_map_but_those_in_homes_too_new_for_the_gazetteer(figures: Counted):
    assert sum(square.people for square in figures.ground.squares) == 596
    assert figures.ground.unplaced == 4
    assert sum(place.people for place in figures.ground.places) == 596


def test_places_far_apart_are_drawn_each_on_a_piece_of_their_own(figures: Counted):
    found = pieces(figures.ground)
    assert len(found) == 2
    assert max(piece.across for piece in found) < 20


def test_shades_are_as_many_as_there_are_steps_between_them():
    edges = breaks([float(each) for each in range(100)])
    assert len(edges) == len(SHADES) - 1 and list(edges) == sorted(set(edges))
    assert breaks([]) == ()


@pytest.mark.parametrize("share", [0.0, 0.3, 0.64, 0.65, 0.8, 1.0])
def test_numbers_in_the_matrix_stand_out_from_their_shade(share: float):
    assert contrast(shade(share), "#ffffff" if share >= LIGHTEST_INK else "#000000") >= 4.5


@pytest.mark.parametrize("colour", SHADES)
def test_every_shade_of_the_map_stands_out_from_the_paper(colour: str):
    assert contrast(colour, "#ffffff") >= 3


def contrast(one: str, two: str) -> float:
    darker, lighter = sorted(map(luminance, (one, two)))
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    """Relative luminance (WCAG 2.2)."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


# --- the page -----------------------------------------------------------------------------------------


def test_the_page_is_one_file_that_fetches_nothing_and_runs_nothing(region: Path):
    page = describe(region).page.read_text(encoding="utf-8")
    read = outline(page)
    assert read.tags["script"] == read.tags["link"] - 1 == read.tags["img"] == read.tags["iframe"] == 0
    assert [each for each in read.fetched if not each.startswith(("#", "data:,"))] == []
    assert not re.search(r"url\(|@import", page)


def test_every_chart_has_a_title_a_summary_and_its_table(region: Path):
    page = describe(region).page.read_text(encoding="utf-8")
    read = outline(page)
    assert set(read.images) == {"svg"}
    assert set(read.labels) <= set(read.ids) and len(read.ids) == len(set(read.ids))
    for name in ("map", "ages", "sizes", "homes", "overlap", "reach", "dirt", "kinds", "stale", "hard"):
        [section] = re.findall(rf'<section[^>]* id="{name}">.*?</section>', page, re.DOTALL)
        assert all(
            part in section for part in ("<h2", '<p class="text">', 'role="img"', "<details>", "<table>")
        )
    assert page.count(ATTRIBUTION) >= 2 and NOTE in page


def test_titles_say_the_finding(region: Path):
    page = describe(region).page.read_text(encoding="utf-8")
    titles = [re.sub(r"<.*?>", "", each) for each in re.findall(r"<h2 id=.*?</h2>", page)]
    assert "One kind of error of 2 missed the rate, “Day month swapped” in “GP register” worst" in titles
    assert "1 of 2 whole districts is not within 3% of the published margins" in titles
    assert any(each.startswith("“GP register” is the stalest list:") for each in titles)


def test_names_are_written_as_text_never_as_markup(region: Path):
    told = json.loads((region / "region.json").read_text(encoding="utf-8"))
    told["districts"]["D1"] = "<b>Old & Beck</b>"
    (region / "region.json").write_text(json.dumps(told), encoding="utf-8")
    page = describe(region).page.read_text(encoding="utf-8")
    assert "<b>" not in page and "&lt;b&gt;Old &amp; Beck&lt;/b&gt;" in page


def test_the_same_region_gives_the_same_page(region: Path, tmp_path: Path):
    described = describe(region, tmp_path / "again.html")
    assert described.page.read_bytes() == describe(region).page.read_bytes()
    assert described.as_dict()["page"] == str(tmp_path / "again.html")
    assert [path.name for path in region.iterdir() if path.name.startswith(".")] == []
    assert any("Day month swapped".lower() in line for line in described.lines())


def test_a_region_without_lists_or_names_of_districts_is_described_all_the_same(region: Path):
    told = json.loads((region / "region.json").read_text(encoding="utf-8"))
    del told["districts"], told["hard"]
    told["lists"] = {}
    (region / "region.json").write_text(json.dumps(told), encoding="utf-8")
    for name in ("truth", "errors", "pairs"):
        table = pq.read_table(region / f"{name}.parquet")
        pq.write_table(table.slice(0, 0), region / f"{name}.parquet")
    assert "D1" in describe(region).page.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["region.json", "gazetteer.csv", "people.parquet", "truth.parquet"])
def test_a_file_that_is_not_there_is_named(region: Path, name: str):
    (region / name).unlink()
    with pytest.raises(FileMissing) as refused:
        describe(region)
    assert refused.value.where.file == name
    assert not (region / "describe.html").exists()


@pytest.mark.parametrize("name", ["region.json", "margins.parquet", "people.parquet", "gazetteer.csv"])
def test_a_file_cut_short_is_named(region: Path, name: str):
    (region / name).write_bytes((region / name).read_bytes()[:20])
    with pytest.raises(FileUnreadable) as refused:
        likeness(region)
    assert refused.value.where.file == name


@pytest.mark.parametrize("name", ["truth.parquet", "lists/gp_register.csv"])
def test_the_page_is_never_written_over_the_region(region: Path, name: str):
    with pytest.raises(OutputIsInput):
        describe(region, region / name)


# --- in a browser -------------------------------------------------------------------------------------


@pytest.mark.browser
@pytest.mark.parametrize("width", [1280, 640, 375, 320])
def test_the_page_passes_axe_and_never_scrolls_sideways(page: Page, region: Path, width: int):
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(describe(region).page.as_uri())
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    assert axe(page) == []


@pytest.mark.browser
def test_words_in_charts_keep_their_size_and_stay_inside_on_a_phone(page: Page, region: Path):
    page.set_viewport_size({"width": 375, "height": 900})
    page.goto(describe(region).page.as_uri())
    outside = page.evaluate(
        """() => [...document.querySelectorAll('main > section .drawings:not(.scroll) svg text')]
            .filter(each => getComputedStyle(each).display !== 'none')
            .map(each => [each.textContent, each.getBoundingClientRect()])
            .filter(([, box]) => box.left < 0 || box.right > innerWidth || box.height < 12)
            .map(([words]) => words)"""
    )
    assert outside == []


# --- a region as it is really made --------------------------------------------------------------------


def test_a_made_region_is_drawn_whole_and_its_areas_are_within_their_bar(made_region: Path, tmp_path: Path):
    described = describe(made_region, tmp_path / "page.html")
    assert {each.verdict for each in described.likeness.areas.values()} == {"within"}
    assert described.likeness.missed == ()
    told = json.loads((made_region / "region.json").read_text(encoding="utf-8"))
    assert described.likeness.people == told["residents"]
    page = described.page.read_text(encoding="utf-8")
    assert page.count('role="img"') > len(told["lists"])
    assert not re.search(r"\b(None|nan|inf)\b", page)


def test_a_region_of_a_few_hundred_people_is_drawn_too(make_small: Callable[..., Path]):
    described = describe(make_small())
    assert described.page.is_file() and described.likeness.people >= 300


@pytest.mark.browser
def test_the_page_of_a_made_region_passes_axe(page: Page, made_region: Path, tmp_path: Path):
    page.goto(describe(made_region, tmp_path / "page.html").page.as_uri())
    assert axe(page) == []
