"""The journeys of a data steward through the pages in a browser, each ending in axe."""

from __future__ import annotations

import csv
import os

import pytest
from playwright.sync_api import Browser, Page, expect

from sharewell.flows.models import Run
from sharewell.settings import Place
from sharewell.store.keys import KeyRing
from sharewell.store.snapshots import Snapshots
from web.accessibility import axe

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
pytestmark = pytest.mark.browser
ALONE, PARCELS = "Who may live alone and is over 75", "Food parcels for people shielding"


def _finished(flow: str) -> Run:
    return Run.objects.get(flow=flow, state="finished")


def _trace(run: Run, source: str, row: int) -> str:
    return f"/runs/{run.pk}/trace?source={source}&row={row}"


def _row_with(place: Place, run: Run, outcome: str) -> tuple[str, int]:
    """Return the list and number of a row whose person had an outcome in a run."""
    snapshots = Snapshots(place, KeyRing.open(place))
    operator = place.settings.place.organisation
    people = snapshots.read(operator, f"outcomes-{run.flow}", equals={"outcome": outcome})[
        "person"
    ].to_pylist()
    source = run.report["sources"][0]
    rows = snapshots.read(source["organisation"], f"{source['name']}-records").to_pylist()
    return source["name"], min(row["source_row"] for row in rows if row["person"] in people)


def test_the_address_opens_once_and_then_never_again(inside: Page, address: str, browser: Browser):
    expect(inside.get_by_role("heading", level=1)).to_have_text("Runs")
    assert "token" not in inside.url
    other = browser.new_page()
    assert other.goto(address).status == 403
    assert other.get_by_role("heading", level=1).inner_text() == "You need the address that sharewell printed"
    assert axe(other) == []
    other.close()


def test_the_list_of_runs_shows_each_run_and_its_state(inside: Page):
    for words in (PARCELS, ALONE, "Refused"):
        expect(inside.get_by_text(words).first).to_be_visible()
    assert axe(inside) == []


def test_a_run_shows_its_counts_reasons_and_data_items(inside: Page):
    inside.get_by_role("link", name=ALONE).first.click()
    sources = _finished("over-75-alone").report["sources"]
    rows = sum(source["rows_in"] for source in sources)
    expect(inside.get_by_role("heading", name=f"{rows:,} rows could be used")).to_be_visible()
    bars = inside.locator("section", has_text="rows could be used").locator("li")
    expect(bars).to_have_count(len(sources))
    for bar, source in zip(bars.all(), sources, strict=True):
        expect(bar).to_contain_text(f"{source['kept']:,} kept, {source['set_aside']:,} set aside")
        assert bar.locator("rect").first.bounding_box()["width"] > 2
    expect(inside.get_by_role("heading", name="Withheld, and why")).to_be_visible()
    expect(inside.get_by_role("row", name="Single person discount").first).to_contain_text("Yes or no")
    for details in inside.locator("details").all():
        details.locator("summary").click()
    assert axe(inside) == []


def test_no_page_shows_the_code_of_a_list_where_it_has_a_title(inside: Page, run_town: Place):
    run = _finished("food-parcels")
    source, row = _row_with(run_town, run, "released")
    root = inside.url.rstrip("/")
    for path in (f"/runs/{run.pk}", _trace(run, source, row)):
        inside.goto(root + path)
        for details in inside.locator("details").all():
            details.locator("summary").click()
        text = inside.locator("main").inner_text()
        for code in ("shielded_patient_list", "shielded-patient-list", "Shielded patient list", "nhs_number"):
            assert code not in text
        assert "NHS Shielded Patient List" in text


def test_a_refused_run_says_why_and_what_to_do(inside: Page):
    inside.get_by_role("row", name="Refused").get_by_role("link").click()
    expect(inside.get_by_text("Nothing was let out by this run.")).to_be_visible()
    expect(inside.get_by_text("File: shielded-patients.csv.")).to_be_visible()
    expect(inside.get_by_text("The file is empty (0 bytes).")).to_be_visible()
    expect(inside.get_by_text("Ask the sender to send it again.")).to_be_visible()
    assert axe(inside) == []


def test_one_row_can_be_followed_and_no_personal_value_is_on_the_page(inside: Page, run_town: Place):
    inside.get_by_role("link", name=ALONE).first.click()
    inside.get_by_label("Row number").fill("3")
    inside.get_by_role("button", name="Show its way").click()
    for step in ("Cleaned", "Place", "Person", "Proof", "Outcome"):
        expect(inside.get_by_role("heading", name=step, exact=True)).to_be_visible()
    with (run_town.inbox / "QMB" / "gp register.csv").open(encoding="utf-8", newline="") as file:
        row = list(csv.DictReader(file))[2]
    shown = inside.locator("main").inner_html()
    town = run_town.settings.place.name  # organisations are named for it, and addresses end in it
    values = {value.strip() for value in row.values() if len(value.strip()) > 3} - {town}
    assert len(values) > 5
    assert not [value for value in values if value in shown]
    assert axe(inside) == []


def test_a_row_that_was_let_out_can_be_followed_to_its_delivery(inside: Page, run_town: Place):
    run = _finished("food-parcels")
    source, row = _row_with(run_town, run, "released")
    inside.goto(inside.url.rstrip("/") + _trace(run, source, row))
    expect(inside.get_by_text("This row's person is in the release.")).to_be_visible()
    expect(inside.get_by_text("Handed over to Marlbeck Food Hub (CH9901) on")).to_be_visible()
    expect(inside.get_by_text("entries are whole and unchanged.")).to_be_visible()
    expect(inside.get_by_text("The log's entry of that release covers this person.")).to_be_visible()
    inside.locator("summary", has_text="The data items that the agreement lets out").click()
    expect(inside.get_by_role("row", name="Date of birth").last).to_contain_text("An age band of ten years")
    assert axe(inside) == []


def test_a_row_that_was_withheld_says_why_and_was_not_delivered(inside: Page, run_town: Place):
    run = _finished("over-75-alone")
    source, row = _row_with(run_town, run, "withheld")
    inside.goto(inside.url.rstrip("/") + _trace(run, source, row))
    expect(inside.get_by_text("This row's person was not let out.")).to_be_visible()
    expect(inside.get_by_text("does not let this person out.")).to_be_visible()
    expect(inside.get_by_role("heading", name="Delivery")).to_have_count(0)
    assert axe(inside) == []


def test_a_row_that_was_set_aside_says_why_and_whose_it_is(inside: Page, run_town: Place):
    run, source = next(
        (run, source)
        for run in Run.objects.filter(state="finished")
        for source in run.report["sources"]
        if source["set_aside"]
    )
    snapshots = Snapshots(run_town, KeyRing.open(run_town))
    aside = snapshots.read(source["organisation"], f"{source['name']}-set-aside")
    inside.goto(inside.url.rstrip("/") + _trace(run, source["name"], aside["source_row"][0].as_py()))
    expect(inside.get_by_text("This row was set aside. It was not used")).to_be_visible()
    expect(inside.get_by_text("It can go back to")).to_be_visible()
    assert axe(inside) == []


def test_a_row_number_that_is_none_is_explained(inside: Page):
    inside.get_by_role("link", name=ALONE).first.click()
    for wrong in ("", "-1", "abc", "999999"):
        inside.get_by_label("Row number").fill(wrong)
        inside.get_by_role("button", name="Show its way").click()
        expect(inside.get_by_role("alert")).to_be_visible()
        assert inside.title().startswith("Error: ")
    inside.get_by_role("alert").get_by_role("link").click()
    expect(inside.get_by_label("Row number")).to_be_focused()
    assert axe(inside) == []


def test_a_page_that_is_not_there_leads_back(inside: Page):
    assert inside.goto(inside.url + "nothing").status == 404
    assert axe(inside) == []
    inside.get_by_role("link", name="all runs").click()
    expect(inside.get_by_role("heading", level=1)).to_have_text("Runs")


def test_the_pages_work_without_a_mouse_and_show_where_the_focus_is(inside: Page):
    inside.keyboard.press("Tab")
    expect(inside.get_by_text("Skip to main content")).to_be_focused()
    inside.keyboard.press("Enter")
    inside.keyboard.press("Tab")
    inside.keyboard.press("Tab")
    expect(inside.locator("table a").first).to_be_focused()
    inside.keyboard.press("Enter")
    expect(inside.get_by_role("link", name="All runs")).to_be_visible()
    seen = set()
    for _ in range(60):
        inside.keyboard.press("Tab")
        focus = inside.evaluate(
            "() => { const e = document.activeElement, s = getComputedStyle(e);"
            " return [e.tagName, e.id, s.outlineStyle + s.boxShadow + s.backgroundColor] }"
        )
        seen.add((focus[0], focus[1]))
        if focus[0] != "BODY":
            assert any(sign in focus[2] for sign in ("solid", "inset", "255, 221, 0")), focus
    assert ("A", "") in seen


def test_nothing_runs_off_the_side_on_a_phone_or_at_twice_the_size(inside: Page, run_town: Place):
    """640 pixels is what is left of 1280 at 200 % zoom, 320 at 400 %."""
    root, run = inside.url.rstrip("/"), _finished("food-parcels")
    traced = _trace(run, *_row_with(run_town, run, "released"))
    for path in ("/", "/nothing", *(f"/runs/{each.pk}" for each in Run.objects.all()), traced):
        inside.goto(root + path)
        for details in inside.locator("details").all():
            details.locator("summary").click()
        for width in (320, 375, 640, 1280):
            inside.set_viewport_size({"width": width, "height": 800})
            assert inside.evaluate("document.documentElement.scrollWidth") <= width, (path, width)


def test_the_pages_work_without_javascript(address: str, browser: Browser):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address)
    page.get_by_role("link", name=ALONE).first.click()
    page.get_by_text("The numbers as a table").first.click()
    expect(page.get_by_role("link", name="Download as CSV").first).to_be_visible()
    page.get_by_label("Row number").fill("1")
    page.get_by_role("button", name="Show its way").click()
    expect(page.get_by_role("heading", name="Outcome")).to_be_visible()
    context.close()


def test_no_page_is_refused_anything_by_its_own_policy(page: Page, address: str):
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(address)
    page.get_by_role("link", name=ALONE).first.click()
    page.get_by_label("Row number").fill("1")
    page.get_by_role("button", name="Show its way").click()
    expect(page.get_by_role("heading", name="Outcome")).to_be_visible()
    assert said == []


def test_the_numbers_come_as_csv(inside: Page):
    inside.get_by_role("link", name=ALONE).first.click()
    answer = inside.request.get(inside.url + "/counts.csv")
    rows = list(csv.DictReader(answer.text().splitlines()))
    assert len(rows) == 3
    assert sum(int(row["rows_in"]) for row in rows) == sum(
        int(row["kept"]) + int(row["set_aside"]) for row in rows
    )
