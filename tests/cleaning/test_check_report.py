"""The report on a checked list: one page, in words, that shows no value; and the command that writes it."""

from __future__ import annotations

import json
from datetime import date
from html.parser import HTMLParser

import pytest
import typer
from playwright.sync_api import Page
from typer.testing import CliRunner

from sharewell.cleaning import check_commands
from sharewell.cleaning.check import check_file
from sharewell.cleaning.report import render_report
from sharewell.sources.standards import load_standard
from sharewell.vocab.errors import FileMissing, OutputIsInput, StandardMissing
from web.accessibility import axe
from web.conftest import base_url, browser_type_launch_args  # noqa: F401 (fixtures)

AS_OF = date(2026, 1, 1)
GOOD = "Forename,Last name,D.O.B.,NHS No,Post code\nAmelia,Ash,1980-01-02,9990010005,M1 1AE\n"
BAD = "Forename,Last name,D.O.B.,NHS No,Post code,Shoe <b>\n" + (
    "Amelia,Ash,31/02/1980,9990010006,M1 1AE,4\nOlumide,,1980-01-02,9990010005,m11ae,5\n"
)


class Shape(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.outside: list[str] = []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        told = dict(attrs)
        self.outside += [tag] if tag in {"script", "img", "link"} and told.get("href") != "data:," else []


@pytest.fixture
def run():
    app = typer.Typer()
    app.callback()(lambda: None)
    check_commands.register(app)

    def invoke(*words: object):
        return CliRunner().invoke(app, ["check", *map(str, words)])

    return invoke


@pytest.fixture
def bad(tmp_path):
    (tmp_path / "bad.csv").write_text(BAD)
    return tmp_path / "bad.csv"


def test_the_page_names_columns_rows_kinds_and_what_to_do(bad):
    page = render_report(check_file(bad, load_standard("people"), as_of=AS_OF), as_of=AS_OF)
    for words in (
        "NHS number: fails its check, 1 cell",
        "What to do:",
        "Line of the file",
        "Problems by column",
    ):
        assert words in page
    assert "1 January 2026" in page
    assert "Put right by sharewell" in page


def test_the_page_needs_no_other_file_and_shows_no_value(bad):
    page = render_report(check_file(bad, load_standard("people"), as_of=AS_OF), as_of=AS_OF)
    shape = Shape()
    shape.feed(page)
    assert shape.outside == []
    assert "svg" in shape.tags
    assert [
        value for value in ("Amelia", "Olumide", "9990010006", "31/02/1980", "m11ae") if value in page
    ] == []
    assert "Shoe &lt;b&gt;" in page


def test_the_command_ends_with_its_own_code_when_something_must_be_mended(run, bad, tmp_path):
    (tmp_path / "good.csv").write_text(GOOD)
    assert run(tmp_path / "good.csv", "-s", "people").exit_code == 0
    answer = run(bad, "-s", "people", "--out", tmp_path / "report.html")
    assert answer.exit_code == 3
    assert "something to mend" in answer.stdout
    assert "Amelia" not in answer.stdout
    assert (tmp_path / "report.html").read_text().startswith("<!DOCTYPE html>")
    assert not list(tmp_path.glob(".*"))


def test_json_counts_cells_and_names_rows(run, bad):
    answer = run(bad, "-s", "people", "--json")
    told = json.loads(answer.stdout)
    assert (answer.exit_code, told["rows"], told["needs_mending"]) == (3, 2, True)
    assert told["cells_to_mend"] == sum(
        each["cells"] for each in told["problems"] if each["outcome"] != "put_right"
    )
    assert all(row["row"] and row["line"] for each in told["problems"] for row in each["rows"])
    assert told["columns_left_out"] == ["Shoe <b>"]


def test_values_are_in_the_report_only_when_asked_for(run, bad, tmp_path):
    run(bad, "-s", "people", "--out", tmp_path / "r.html", "--show")
    page = (tmp_path / "r.html").read_text()
    assert "9990010006" in page
    assert "treat it as the list itself" in page


def test_what_cannot_be_checked_is_refused(run, bad, tmp_path):
    assert isinstance(run(tmp_path / "none.csv", "-s", "people").exception, FileMissing)
    assert isinstance(run(bad, "-s", "no-such").exception, StandardMissing)
    assert isinstance(run(bad, "-s", "people", "--out", bad).exception, OutputIsInput)
    assert bad.read_text() == BAD


def test_a_table_schema_file_will_do(run, bad, tmp_path):
    fields = [{"name": "Forename", "constraints": {"maxLength": 6}}]
    (tmp_path / "theirs.json").write_text(json.dumps({"fields": fields}))
    told = json.loads(run(bad, "-s", tmp_path / "theirs.json", "--json").stdout)
    assert [(each["column"], each["kind"], each["cells"]) for each in told["problems"]] == [
        ("Forename", "bounds", 1)
    ]


@pytest.mark.browser
def test_axe_has_nothing_against_the_page_and_it_fits_a_phone(page: Page, bad, tmp_path):
    path = tmp_path / "report.html"
    path.write_text(render_report(check_file(bad, load_standard("people"), as_of=AS_OF), as_of=AS_OF))
    for width in (1280, 375):
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(path.as_uri())
        page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
        assert axe(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") == width
