"""A profile tells what is in a file, and nothing of anybody in it."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import pytest
from playwright.sync_api import Page

from sharewell.cleaning.profile import profile_file, write_profile
from sharewell.cleaning.profile.keep import as_json, read_profile
from sharewell.cleaning.profile.page import render
from sharewell.cleaning.profile.terms import Profile, Tally
from sharewell.sources.terms import Field, FieldType, Standard
from sharewell.vocab.errors import FileMissing, FileUnreadable, OutputIsInput
from sharewell.vocab.sensitivity import Sensitivity
from web.accessibility import axe
from web.conftest import base_url, browser_type_launch_args  # noqa: F401 (fixtures)

AS_OF = date(2026, 1, 1)
NAMES = ("Ann Lee", "Zoë Hart", "Bob McKay", "Jo O'Neil")
STANDARD = Standard(
    "clinic",
    "1",
    "Clinic",
    "",
    (
        Field("ref", FieldType.TEXT, "Reference", sensitivity=Sensitivity.DIRECT),
        Field("ward", FieldType.TEXT, "Ward", sensitivity=Sensitivity.OPEN),
        Field("sex", FieldType.CODE, "Sex", categories={"1": ("Male", "M"), "2": ("Female", "F")}),
        Field("need", FieldType.CODE, "Need", categories={"A": ("Asthma",)}, sensitivity=Sensitivity.SPECIAL),
        Field("seen", FieldType.DATE, "Seen"),
    ),
)


def row(place: int) -> str:
    ward = "Deansgate" if place < 5 else ("Hulme", "Ardwick")[place % 2]
    sex = "Gladys" if place < 9 else ("1", "2", "Male")[place % 3]
    postcode = "" if place % 4 == 0 else "LS1 4AP" if place % 5 else "ls14ap"
    seen = f"{1 + place % 28:02d}/{1 + place % 3:02d}/2025" if place else "30/07/1931"
    return f"R{place:05d},{NAMES[place % 4]},{ward},{sex},A,{postcode},{seen},{place * 7}.50"


@pytest.fixture(scope="module")
def listed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("lists") / "clinic.csv"
    heading = "ref,name,ward,sex,need,postcode,seen,owed"
    path.write_text("\n".join([heading, *map(row, range(400))]) + "\n", encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def made(listed: Path) -> Profile:
    return profile_file(listed, STANDARD, as_of=AS_OF)


def column(profile: Profile, name: str):  # type: ignore[no-untyped-def]
    found = profile.column(name)
    assert found is not None
    return found


def test_rows_columns_and_their_types_are_told(made: Profile):
    assert (made.rows, made.set_aside) == (400, 0)
    told = {each.name: (each.kind, each.told_by) for each in made.columns}
    assert told["seen"] == ("date", "standard")
    assert told["postcode"] == ("uk.postcode", "values")
    assert told["owed"] == ("number", "values")


def test_blanks_distinct_values_shapes_and_lengths_are_told(made: Profile):
    postcode = column(made, "postcode")
    assert (postcode.fill.filled, postcode.fill.blank, postcode.fill.share) == (300, 100, 0.75)
    assert (postcode.distinct, column(made, "ref").distinct, column(made, "ref").distinct_share) == (
        2,
        400,
        1.0,
    )
    assert postcode.shapes.shown == (Tally("AA9 9AA", 240), Tally("a99a", 60))
    assert column(made, "ref").shapes.shown == (Tally("A99999", 400),)
    assert postcode.lengths.shown == (Tally("6", 60), Tally("7", 240))


def test_dates_are_told_by_month_and_a_lone_early_one_is_not(made: Profile):
    days = column(made, "seen").days
    assert days is not None
    assert (days.unit, days.first, days.last) == ("month", "2025-01", "2025-03")
    assert days.by.pooled >= 1
    assert "1931" not in as_json(made)


def test_numbers_are_told_by_where_nine_in_ten_lie_to_two_figures(made: Profile):
    found = column(made, "owed").range
    assert found is not None
    assert (found.low, found.middle, found.high) == (130, 1400, 2700)


def test_only_open_values_and_the_standards_own_codes_are_shown(made: Profile):
    assert {tally.label for tally in column(made, "ward").codes.shown} <= {"Hulme", "Ardwick"}
    assert {tally.label for tally in column(made, "sex").codes.shown} == {
        *("1 (Male)", "2 (Female)", "Male", "[not in the list]"),
    }
    assert column(made, "need").codes is None
    assert column(made, "name").codes is None


def test_no_value_of_a_person_and_no_small_count_is_on_the_page_or_in_its_json(made: Profile):
    for text in (render(made), as_json(made)):
        for secret in (*NAMES, "Zo", "Gladys", "Deansgate", "LS1", "R00", "Asthma", "1931", "30/07"):
            assert secret not in text
    counts = [
        int(n) for n in re.findall(r'"(?:rows|filled|blank|pooled_rows|not_read)": ([0-9]+)', as_json(made))
    ]
    assert counts
    assert not [n for n in counts if 0 < n < 8]


def test_without_a_standard_no_value_is_shown_at_all(listed: Path):
    plain = profile_file(listed, as_of=AS_OF)
    assert {each.codes for each in plain.columns} == {None}
    assert "Hulme" not in render(plain)


def test_a_file_of_a_few_rows_says_so_and_no_more(tmp_path: Path):
    path = tmp_path / "few.csv"
    path.write_text("name,town\nAnn,Leeds\nBob,Hull\n", encoding="utf-8")
    few = profile_file(path, as_of=AS_OF)
    assert few.rows is None
    assert "fewer than 8 rows" in render(few)
    assert {(each.fill.share, each.shapes.shown, each.lengths.shown) for each in few.columns} == {
        (None, (), ())
    }


def test_empty_columns_odd_signs_and_headings_that_are_html_do_no_harm(tmp_path: Path):
    path = tmp_path / "odd.csv"
    lines = [f'x\u00a0y{place},,"<i>\u0001\u4e2d</i>"' for place in range(20)]
    path.write_text("\n".join(["<script>alert(1)</script>,Empty,Ünï", *lines]), encoding="utf-8")
    page = render(profile_file(path, as_of=AS_OF))
    assert "<script" not in page
    assert "[no-break space]" in page
    assert "Nothing" in page


class Outline(HTMLParser):
    """What a page's images are labelled by, its ids and what it fetches."""

    def __init__(self) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.labels: list[str] = []
        self.fetched: list[str] = []
        self.tags: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        own = dict(attrs)
        self.tags.append(tag)
        self.ids += [str(own["id"])] if own.get("id") else []
        self.labels += str(own["aria-labelledby"]).split() if own.get("role") == "img" else []
        self.fetched += [str(own[name]) for name in ("src", "href", "srcset") if own.get(name)]


def test_the_page_needs_no_other_file_and_every_drawing_has_title_words_and_table(made: Profile):
    page = Outline()
    page.feed(render(made))
    assert {each.split(":")[0] for each in page.fetched if not each.startswith("#")} <= {"data"}
    assert len(page.ids) == len(set(page.ids))
    assert page.labels
    assert set(page.labels) <= set(page.ids)
    assert "script" not in page.tags
    assert page.tags.count("details") == 5  # fill, dates, codes, shapes, lengths; the columns are open


def test_page_and_json_are_written_together_and_the_json_reads_back(made: Profile, tmp_path: Path):
    page, kept = write_profile(made, tmp_path / "clinic.html")
    assert (page.name, kept.name) == ("clinic.html", "clinic.json")
    assert read_profile(kept) == made
    assert sorted(path.name for path in tmp_path.iterdir()) == ["clinic.html", "clinic.json"]


def test_a_profile_never_writes_over_what_it_read(made: Profile, tmp_path: Path):
    write_profile(made, tmp_path / "last.html")
    with pytest.raises(OutputIsInput):
        write_profile(made, tmp_path / "last.html", [tmp_path / "last.json"])


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"profile": "x"}', '{"profile": "sharewell-profile-1"}', "{" * 9999]
)
def test_what_is_no_profile_is_refused(tmp_path: Path, text: str):
    path = tmp_path / "last.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(FileUnreadable):
        read_profile(path)
    with pytest.raises(FileMissing):
        read_profile(tmp_path / "none.json")


@pytest.mark.browser
def test_axe_has_nothing_against_the_page_wide_or_narrow(
    made: Profile, listed: Path, tmp_path: Path, page: Page
):
    _, kept = write_profile(replace(made, rows=900), tmp_path / "last.html")
    write_profile(profile_file(listed, STANDARD, last=kept, as_of=AS_OF), tmp_path / "page.html")
    for width in (1280, 375):
        page.set_viewport_size({"width": width, "height": 900})
        page.goto((tmp_path / "page.html").as_uri())
        page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
        assert axe(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") == width


def test_json_is_plain_data(made: Profile):
    assert json.loads(as_json(made))["profile"] == "sharewell-profile-1"
