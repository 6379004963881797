"""Standards as pages and files: contracts that tools read, pages that need no other file, commands."""

from __future__ import annotations

import csv
import json
import re
from html.parser import HTMLParser

import pytest
import typer
import yaml
from playwright.sync_api import Page
from typer.testing import CliRunner

from sharewell.sources import standard_commands
from sharewell.sources.csvw import as_csvw
from sharewell.sources.odcs import as_odcs
from sharewell.sources.publish import FORMS, TYPE_WORDS, export, publish
from sharewell.sources.standards import load_standard, shipped_standards
from sharewell.sources.terms import FieldType
from sharewell.vocab.errors import OutputIsInput, StandardInvalid, StandardMissing
from web.accessibility import axe
from web.conftest import base_url, browser_type_launch_args  # noqa: F401 (fixtures)

REQUIRED = {"apiVersion", "kind", "id", "version", "status", "schema"}
LIST = "Forename,DOB,Colour\n" + "Amelia,1980-01-02,Red\nOlu,1981-02-03,Green\n" * 20


@pytest.fixture
def run():
    app = typer.Typer()
    standards = typer.Typer()
    standard_commands.register(standards)
    app.add_typer(standards, name="standard")

    def invoke(*words: object):
        return CliRunner().invoke(app, ["standard", *map(str, words)])

    return invoke


@pytest.mark.parametrize("name", shipped_standards())
def test_a_contract_says_what_the_standard_says(name):
    standard = load_standard(name)
    contract = yaml.safe_load(export(standard, "odcs"))
    assert contract == as_odcs(standard)
    assert contract.keys() >= REQUIRED
    assert contract["apiVersion"].startswith("v3.")
    [table] = contract["schema"]
    for field, told in zip(standard.fields, table["properties"], strict=True):
        assert (told["name"], told["required"], told["classification"]) == (
            field.name, field.required, field.sensitivity.value
        )  # fmt: skip
        assert told["logicalType"] in {"string", "date", "timestamp", "boolean", "integer", "number"}
        pattern = told.get("logicalTypeOptions", {}).get("pattern")
        assert pattern is None or re.search(pattern, field.example)


@pytest.mark.parametrize("name", shipped_standards())
def test_csvw_knows_every_heading(name):
    standard = load_standard(name)
    columns = as_csvw(standard)["tableSchema"]["columns"]
    assert [column["name"] for column in columns] == list(standard.names)
    for field, column in zip(standard.fields, columns, strict=True):
        assert set(column["titles"]) == {field.name, field.title, *field.synonyms}


def test_every_type_has_words():
    assert set(TYPE_WORDS) == set(FieldType)


class Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.outside: list[str] = []
        self.ids: list[str] = []
        self.to: list[str] = []

    def handle_starttag(self, tag, attrs):
        told = dict(attrs)
        self.ids += [told["id"]] if "id" in told else []
        self.to += [told["href"]] if tag == "a" else []
        self.outside += [tag] if tag in {"script", "img", "iframe"} or "src" in told else []


def test_pages_need_no_other_file_and_their_links_lead_somewhere(tmp_path):
    names = ("council-tax", "homelessness")
    written = publish([load_standard(name) for name in names], tmp_path / "pages")
    assert {path.name for path in written} >= {"index.html", "council-tax.html", "homelessness.odcs.yaml"}
    assert not list((tmp_path / "pages").glob(".*"))
    for path in written:
        if path.suffix == ".html":
            links = Links()
            links.feed(path.read_text("utf-8"))
            assert links.outside == []
            assert len(set(links.ids)) == len(links.ids)
            inside = {f"#{name}" for name in links.ids}
            assert [to for to in links.to if to not in inside and not (path.parent / to).is_file()] == []


def test_the_empty_list_has_the_fields_as_headings(tmp_path):
    publish([load_standard("food-hub")], tmp_path)
    with (tmp_path / "food-hub.csv").open(newline="") as file:
        assert list(csv.reader(file)) == [list(load_standard("food-hub").names)]


def test_a_page_escapes_what_a_standard_says(tmp_path):
    (tmp_path / "mine.json").write_text(
        json.dumps({"title": "<b>&", "fields": [{"name": "a", "title": "<i>"}]})
    )
    publish([load_standard(str(tmp_path / "mine.json"))], tmp_path / "out")
    page = (tmp_path / "out" / "mine.html").read_text()
    assert "<b>" not in page
    assert "&lt;i&gt;" in page


def test_infer_writes_a_standard_that_check_passes(run, tmp_path):
    (tmp_path / "people.csv").write_text(LIST)
    out = tmp_path / "mine.json"
    told = json.loads(run("infer", tmp_path / "people.csv", "--out", out, "--json").stdout)
    assert [field["type"] for field in told["fields"]] == ["person-name", "date", "code"]
    assert json.loads(run("check", out, "--json").stdout)["sound"]
    assert "Amelia" not in out.read_text()
    assert "mine, version 0.1: 3 fields" in run("check", out).stdout


def test_infer_does_not_write_over_its_list(run, tmp_path):
    (tmp_path / "people.json").write_text('[{"Forename": "Amelia"}]')
    assert isinstance(
        run("infer", tmp_path / "people.json", "--out", tmp_path / "people.json").exception, OutputIsInput
    )


def test_check_refuses_a_standard_that_contradicts_itself(run, tmp_path):
    path = tmp_path / "mine.json"
    path.write_text(json.dumps({"fields": [{"name": "a", "type": "integer", "sharewell:type": "uk.nino"}]}))
    answer = run("check", path)
    assert isinstance(answer.exception, StandardInvalid)
    assert answer.exception.where.column == "a"
    assert isinstance(run("check", "no-such-list").exception, StandardMissing)


def test_diff_says_what_breaks(run, tmp_path):
    document = json.loads(export(load_standard("food-hub"), "table-schema"))
    document["fields"] = [field for field in document["fields"] if field["name"] != "uprn"]
    (tmp_path / "food-hub.json").write_text(json.dumps(document))
    answer = run("diff", "food-hub", tmp_path / "food-hub.json")
    assert "BREAKS  removed    uprn" in answer.stdout
    told = json.loads(run("diff", "food-hub", tmp_path / "food-hub.json", "--json").stdout)
    assert told["breaks"]
    assert run("diff", "food-hub", "food-hub").stdout.strip() == "Nothing changed."


@pytest.mark.parametrize("form", FORMS)
def test_export_prints_or_writes(run, tmp_path, form):
    answer = run("export", "council_tax", "--as", form)
    assert answer.exit_code == 0
    assert run("export", "council_tax", "--as", form, "--out", tmp_path / "told").exit_code == 0
    assert (tmp_path / "told").read_text() == answer.stdout


def test_publish_tells_what_it_wrote(run, tmp_path):
    told = json.loads(run("publish", "--out", tmp_path / "p", "-s", "people", "--json").stdout)
    assert told["standards"] == 1
    assert told["files"] == len(list((tmp_path / "p").iterdir()))


@pytest.mark.browser
def test_axe_has_nothing_against_the_pages_and_they_fit_a_phone(page: Page, tmp_path):
    publish([load_standard("council-tax")], tmp_path)
    for name in ("index.html", "council-tax.html"):
        for width in (1280, 375):
            page.set_viewport_size({"width": width, "height": 900})
            page.goto((tmp_path / name).as_uri())
            page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
            assert axe(page) == []
            assert page.evaluate("document.documentElement.scrollWidth") == width
