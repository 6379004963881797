"""The journeys of a data engineer through the pages, each ending in axe."""

from __future__ import annotations

import csv
import os
import urllib.error
import urllib.request

import pytest
from playwright.sync_api import Page, expect

from sharewell.settings import Place
from web.accessibility import axe

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
pytestmark = pytest.mark.browser


def test_the_address_opens_once_and_then_never_again(inside: Page, address: str, browser):
    expect(inside.get_by_role("heading", level=1)).to_have_text("Runs")
    assert "token" not in inside.url
    other = browser.new_page()
    assert other.goto(address).status == 403
    assert other.get_by_role("heading", level=1).inner_text() == "You need the address that sharewell printed"
    assert axe(other) == []
    other.close()


def test_without_the_token_nothing_is_shown(page: Page, address: str):
    root = address.split("/enter")[0]
    for path in ("/", "/runs/x", "/runs/x/trace?source=a&row=1", "/enter?token=wrong"):
        assert page.goto(root + path).status == 403


def test_the_list_of_runs_shows_each_run_and_its_state(inside: Page):
    for words in ("Food parcels for people shielding", "Who may live alone and is over 75", "Refused"):
        expect(inside.get_by_text(words).first).to_be_visible()
    assert axe(inside) == []


def test_a_run_shows_its_counts_reasons_and_fields(inside: Page):
    inside.get_by_role("link", name="Who may live alone").first.click()
    expect(inside.get_by_role("img")).not_to_have_count(0)
    expect(inside.get_by_text("Withheld, and why")).to_be_visible()
    for details in inside.locator("details").all():
        details.locator("summary").click()
    assert axe(inside) == []


def test_a_refused_run_says_why(inside: Page):
    inside.get_by_role("row", name="Refused").get_by_role("link").click()
    expect(inside.get_by_text("Nothing was let out by this run.")).to_be_visible()
    assert axe(inside) == []


def test_one_row_can_be_followed_and_no_personal_value_is_on_the_page(inside: Page, run_town: Place):
    inside.get_by_role("link", name="Who may live alone").first.click()
    inside.get_by_label("Row number").fill("3")
    inside.get_by_role("button", name="Show its way").click()
    for step in ("Cleaned", "Place", "Person", "Proof", "Outcome"):
        expect(inside.get_by_role("heading", name=step, exact=True)).to_be_visible()
    with (run_town.inbox / "QMB" / "gp register.csv").open(encoding="utf-8", newline="") as file:
        row = list(csv.DictReader(file))[2]
    shown = inside.content()
    assert not [value for value in row.values() if len(value.strip()) > 3 and value.strip() in shown]
    assert axe(inside) == []


def test_a_row_number_that_is_none_is_explained(inside: Page):
    inside.get_by_role("link", name="Who may live alone").first.click()
    for wrong in ("", "-1", "abc", "999999"):
        inside.get_by_label("Row number").fill(wrong)
        inside.get_by_role("button", name="Show its way").click()
        expect(inside.get_by_role("alert")).to_be_visible()
    assert axe(inside) == []


def test_the_pages_work_without_a_mouse(inside: Page):
    inside.keyboard.press("Tab")
    expect(inside.get_by_text("Skip to main content")).to_be_focused()
    inside.keyboard.press("Enter")
    for _ in range(3):
        inside.keyboard.press("Tab")
    assert inside.evaluate("document.activeElement.tagName") in ("A", "DIV")


@pytest.mark.parametrize("width", [320, 375, 1280])
def test_nothing_runs_off_the_side(inside: Page, width: int):
    inside.set_viewport_size({"width": width, "height": 800})
    inside.get_by_role("link", name="Who may live alone").first.click()
    assert inside.evaluate("document.documentElement.scrollWidth") <= width


def test_the_numbers_come_as_csv(inside: Page):
    inside.get_by_role("link", name="Who may live alone").first.click()
    answer = inside.request.get(inside.url + "/counts.csv")
    rows = list(csv.DictReader(answer.text().splitlines()))
    assert sum(int(row["rows_in"]) for row in rows) == sum(
        int(row["kept"]) + int(row["set_aside"]) for row in rows
    )


def test_the_pages_can_only_be_read_and_say_so_in_their_headers(address: str):
    root = address.split("/enter")[0]
    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.urlopen(urllib.request.Request(root + "/", data=b"x", method="POST"))
    assert caught.value.code == 405
    headers = caught.value.headers
    caught.value.close()
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Cache-Control"] == "no-store"
    assert headers["Referrer-Policy"] == "no-referrer"


def test_another_host_name_is_refused(address: str):
    root = address.split("/enter")[0]
    request = urllib.request.Request(root + "/enter?token=x", headers={"Host": "evil.example"})
    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.urlopen(request)
    assert caught.value.code in (400, 403)
    caught.value.close()
