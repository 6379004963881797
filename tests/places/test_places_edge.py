"""The hard addresses that uk-address-matcher publishes with its tests (MIT): 79 candidates, 21 to find."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from places_cases import answers, as_table, said

from sharewell.places.gazetteer import prepare_gazetteer
from sharewell.store.duckdb import DuckDB

HIGH = "ZZ1 1AA"


@pytest.mark.real
def test_nineteen_of_the_twenty_one_edge_cases_are_right(engine: DuckDB, shared: Path):
    path = shared / "data" / "linkage" / "edge_case_addresses.yaml"
    if not path.exists():
        pytest.skip("the edge cases are not in ../shared")
    cases = yaml.safe_load(path.read_text(encoding="utf-8"))["addresses"]
    right, wrong_units = 0, 0
    for case in cases:
        rows = [(place, *row) for place, row in enumerate(case["canonical_addresses"], 1)]
        gazetteer = prepare_gazetteer(engine.load("raw", as_table(("uprn", "address", "postcode"), rows)))
        [found] = answers(engine, gazetteer, [tuple(case["messy_address"])])
        right += (
            found["uprn"] == "1"
        )  # the first is the true one; a building is right when it is the true one
        wrong_units += said(found) not in (("unit", "1"), ("building", found["uprn"]), ("none", None))
    assert len(cases) == 21
    assert right >= 19
    assert wrong_units == 0


@pytest.mark.parametrize(
    ("rows", "asked", "answer"),
    [
        # a house with a garage or an annexe is a home still
        (["8 Church Gardens, Lynn", "Annexe at, 8 Church Gardens, Lynn"], "8 Church Gardens", ("unit", "1")),
        # a gazetteer always tells a building: FLAT 74 HIGH STREET is the flat at 74
        (["FLAT 74 HIGH STREET LYNN", "NAIL BAR 74 HIGH STREET LYNN"], "74 High Street", ("unit", "1")),
        (["FLAT 7 MARLOW COURT LYNN", "FLAT 8 MARLOW COURT LYNN"], "7 Marlow Court", ("unit", "1")),
        # what names a unit without an id is that unit where the gazetteer names it so too
        (["Suite Crown House, Mill Road, Lynn", "Court House, Mill Road, Lynn"], "Suite Crown House",
         ("unit", "1")),
        (["The Flat, 12 High Street, Lynn", "12 High Street, Lynn"], "The Flat, 12 High St", ("unit", "1")),
        (["The Flat, 12 High Street, Lynn", "12 High Street, Lynn"], "12 High St", ("unit", "2")),
        (["12 Heol yr Eglwys, Tywod", "12 Stryd Fawr, Tywod"], "12 Heol-yr-Eglwys", ("unit", "1")),
        (["12 Stryd Fawr, Tywod", "14 Stryd Fawr, Tywod"], "12 Stryd Fawr", ("unit", "1")),
        # a new-build that the gazetteer does not have
        (["1 Mill Close, Lynn", "2 Mill Close, Lynn"], "3 Mill Close, Lynn", ("none", None)),
        (["1 Mill Close, Lynn", "2 Mill Close, Lynn"], "1 Orchard Gate, Lynn ZZ7 7ZZ", ("none", None)),
    ],
)  # fmt: skip
def test_a_gazetteer_of_two_answers_the_right_one_or_neither(
    engine: DuckDB, rows: list[str], asked: str, answer: tuple[str, str | None]
):
    numbered = [(place, text, HIGH) for place, text in enumerate(rows, 1)]
    table = as_table(("uprn", "address", "postcode"), numbered)
    asked_with = (asked, "" if "ZZ7" in asked else HIGH)
    [found] = answers(engine, prepare_gazetteer(engine.load("raw", table)), [asked_with])
    assert said(found) == answer
