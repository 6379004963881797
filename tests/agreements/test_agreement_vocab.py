"""The controlled lists an agreement is written with."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml

from sharewell.agreements.rules import forms_at
from sharewell.agreements.terms import Form, Level
from sharewell.vocab import lawful, parties, purposes


@pytest.fixture(scope="module")
def gateways(shared: Path) -> dict[str, Any]:
    written: dict[str, Any] = yaml.safe_load((shared / "law" / "gateways.yaml").read_text(encoding="utf-8"))
    return written


def test_the_purposes_are_those_of_the_gateways(gateways: dict[str, Any]) -> None:
    assert {each for gateway in gateways["gateways"] for each in gateway["purposes"]} - {
        "*"
    } == purposes.PURPOSES


def test_the_body_types_are_those_of_the_gateways(gateways: dict[str, Any]) -> None:
    assert set(gateways["body_types"]) == set(parties.BODY_TYPES)


def test_the_bases_and_conditions_are_those_of_the_law(gateways: dict[str, Any]) -> None:
    assert {each["id"] for each in gateways["lawful_bases"]} == set(lawful.ARTICLE6)
    assert {each["id"] for each in gateways["special_conditions"]} == set(lawful.SPECIAL)


def test_every_special_condition_is_written_as_one() -> None:
    assert all(lawful.is_special_id(each) for each in lawful.SPECIAL)
    assert not any(
        lawful.is_special_id(each) for each in ("art9-2-z", "art9-2-g/sch1-0", "sch1-6", "art9-2-g ")
    )


@pytest.mark.parametrize(
    ("text", "is_one"), [("official-authority", True), ("sch1-10", True), ("art10", False)]
)
def test_an_article_10_route_is_known_by_its_form(text: str, is_one: bool) -> None:
    assert lawful.is_article10_id(text) is is_one


@pytest.mark.parametrize(
    ("types", "implied"),
    [
        (["la_upper"], {"la_upper", "la_any", "cat1", "any_person"}),
        (["la_district"], {"la_district", "la_any", "cat1", "any_person"}),
        (["police"], {"police", "cat1", "any_person"}),
        (["fire", "voluntary"], {"fire", "voluntary", "cat1", "any_person"}),
        (["nhs_provider"], {"nhs_provider", "cat1", "any_person"}),
        (["ukhsa"], {"ukhsa", "cat1", "any_person"}),
        (["voluntary"], {"voluntary", "any_person"}),
        ([], {"any_person"}),
    ],
)
def test_a_body_is_also_what_its_types_imply(types: list[str], implied: set[str]) -> None:
    assert parties.implied_types(types) == implied


def test_each_level_shows_all_that_the_one_below_it_shows() -> None:
    rungs = [forms_at(level) for level in Level]
    assert all(lower < higher for lower, higher in pairwise(rungs))
    assert rungs[0] == {Form.COUNT}
    assert rungs[-1] == set(Form)


def test_no_level_below_identifiable_shows_a_direct_identifier() -> None:
    assert [level for level in Level if Form.IDENTIFIABLE in forms_at(level)] == [Level.IDENTIFIABLE]
