"""No value of any list is on any page: every page is asked for and searched."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

import pyarrow as pa
import pytest

from sharewell.flows.models import Run
from sharewell.settings import Place
from sharewell.sources.standards import load_standard
from sharewell.sources.terms import Role
from sharewell.store.keys import KeyRing
from sharewell.store.snapshots import Snapshots

ALONE = (
    Role.NHS_NUMBER,
    Role.DATE_OF_BIRTH,
    Role.POSTCODE,
    Role.PHONE,
    Role.EMAIL,
    Role.RECORD_ID,
    Role.UPRN,
)
"""What points at somebody by itself. A surname can be an ordinary word: names count together."""


def _finished() -> list[Run]:
    return list(Run.objects.filter(state="finished"))


def _personal(place: Place) -> Iterator[str]:
    """Every identifier, full name and first address line of every list, as cleaned."""
    snapshots = Snapshots(place, KeyRing.open(place))
    for run in _finished():
        for source in run.report["sources"]:
            rows = snapshots.read(source["organisation"], f"{source['name']}-records")
            yield from _values(rows, source["name"])


def _values(rows: pa.Table, source: str) -> Iterator[str]:
    standard = load_standard(source)
    for role in (*ALONE, Role.ADDRESS_LINE):
        for item in standard.with_role(role)[:1]:
            yield from (value for value in rows[item.name].unique().to_pylist() if value)
    names = [item.name for role in (Role.FIRST_NAME, Role.SURNAME) for item in standard.with_role(role)]
    if len(names) == 2:
        for first, last in zip(*(rows[name].to_pylist() for name in names), strict=True):
            if first and last:
                yield from (f"{first} {last}", f"{last} {first}", f"{last}, {first}")


def _pages() -> Iterator[str]:
    yield from ("/", "/nothing")
    for run in Run.objects.all():
        yield f"/runs/{run.pk}"
    for run in _finished():
        yield from (f"/runs/{run.pk}/counts.csv", f"/runs/{run.pk}/reasons.csv")
        for source in run.report["sources"]:
            for row in ("1", "2", str(source["rows_in"]), str(source["rows_in"] + 1), "x"):
                yield f"/runs/{run.pk}/trace?source={source['name']}&row={row}"


def _plain(text: str) -> str:
    return f" {re.sub(r'[^0-9A-Za-z@.+-]+', ' ', text).strip()} "


def _on(page: str, personal: set[str]) -> set[str]:
    """Return the values that a page holds as whole words."""
    words = _plain(html.unescape(page))
    return {value for value in personal if _plain(value) in words}


def test_no_personal_value_of_any_list_is_on_any_page(visitor, run_town: Place):
    personal = {value for value in _personal(run_town) if len(value) > 4}
    assert len(personal) > 1000, "there is something to look for"
    one = min(personal)
    assert _on(f"<p>{html.escape(one)}</p>", personal) >= {one}, "and it would be found"
    pages = {path: visitor.get(path).text for path in _pages()}
    assert len(pages) > 30
    told = [path for path, page in pages.items() if _on(page, personal)]
    assert told == [], "a personal value is on these pages"


@pytest.mark.parametrize("row", ["9" * 30, "9" * 5000, "0", "-1", "1e3", "٣", "1;2", "<b>"])
def test_a_row_number_that_is_none_is_answered_and_never_shown_as_markup(visitor, run_town: Place, row: str):
    from urllib.parse import quote

    run = _finished()[0]
    source = run.report["sources"][0]["name"]
    answer = visitor.get(f"/runs/{run.pk}/trace?source={source}&row={quote(row)}")
    assert answer.status == 400
    assert "Enter a row number, such as 17" in answer.text
    assert "<b>" not in answer.text


def test_a_list_that_the_run_has_not_is_answered(visitor, run_town: Place):
    answer = visitor.get(f"/runs/{_finished()[0].pk}/trace?source=none&row=1")
    assert answer.status == 400
    assert "Choose one of the lists of this run" in answer.text


def test_a_refused_run_has_no_rows_and_no_numbers_to_ask_for(visitor, run_town: Place):
    refused = Run.objects.get(state="refused")
    assert visitor.get(f"/runs/{refused.pk}").status == 200
    for rest in ("/trace?source=a&row=1", "/counts.csv", "/reasons.csv"):
        assert visitor.get(f"/runs/{refused.pk}{rest}").status == 404
