"""A standard that contradicts itself is refused by field and reason; a plain Table Schema is understood."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from sharewell.sources.standards import load_standard
from sharewell.sources.terms import Bounds, FieldType, OnFailure, Standard
from sharewell.vocab.errors import StandardInvalid, StandardMissing

NHS = {"name": "a", "sharewell:type": "uk.nhs-number"}
CODES = {"name": "a", "categories": ["1", "2"]}


def load(folder: Path, fields: list[dict[str, Any]], **more: object) -> Standard:
    path = folder / "their list.json"
    path.write_text(json.dumps({"fields": fields, **more}))
    return load_standard(str(path))


@pytest.mark.parametrize(
    ("field", "key"),
    [
        ({**NHS, "type": "integer"}, "type"),
        ({"name": "a", "type": "date", "sharewell:type": "person-name"}, "type"),
        ({"name": "a", "sharewell:type": "text", "sharewell:role": "date_of_birth"}, "sharewell:role"),
        ({**NHS, "sharewell:sensitivity": "open"}, "sharewell:sensitivity"),
        ({"name": "a", "constraints": {"required": True}, "sharewell:onFailure": "blank"},
         "sharewell:onFailure"),
        ({"name": "a", "type": "date", "sharewell:earliest": "2020-01-02", "sharewell:latest": "2020-01-01"},
         "sharewell:earliest"),
        ({"name": "a", "type": "date", "constraints": {"minimum": "2020-01-02", "maximum": "2020-01-01"}},
         "sharewell:earliest"),
        ({"name": "a", "constraints": {"minLength": 3, "maxLength": 2}}, "constraints.maxLength"),
        ({"name": "a", "constraints": {"required": True, "maxLength": 0}}, "constraints.maxLength"),
        ({**NHS, "constraints": {"maxLength": 9}}, "constraints.maxLength"),
        ({**NHS, "constraints": {"minLength": 11}}, "constraints.minLength"),
        ({"name": "a", "type": "number", "constraints": {"minimum": 2, "maximum": 1.5}},
         "constraints.minimum"),
        ({"name": "a", "constraints": {"minimum": 2}}, "constraints.minimum"),
        ({**CODES, "constraints": {"enum": ["1", "3"]}}, "constraints.enum"),
        ({**CODES, "constraints": {"pattern": "[A-Z]"}}, "constraints.pattern"),
        ({"name": "a", "categories": [{"value": "1", "label": "Yes"}, {"value": "2", "label": "yes"}]},
         "categories"),
        ({**NHS, "example": "9990010006"}, "example"),
        ({**CODES, "example": "3"}, "example"),
        ({"name": "a", "constraints": {"pattern": "[A-Z]+"}, "example": "a"}, "example"),
        ({"name": "a", "constraints": {"maxLength": 2}, "example": "abc"}, "example"),
        ({"name": "a", "constraints": {"pattern": "["}}, "constraints.pattern"),
        ({"name": "a", "constraints": {"pattern": "(?=a)a"}}, "constraints.pattern"),
        ({"name": "a", "constraints": {"minLength": "3"}}, "constraints.minLength"),
        ({"name": "a", "type": "number", "constraints": {"minimum": "low"}}, "constraints.minimum"),
        ({"name": "a", "constraints": ["required"]}, "constraints"),
        ({"name": "a", "example": ["a"]}, "example"),
    ],
)  # fmt: skip
def test_a_field_that_contradicts_itself_is_refused_by_name(tmp_path, field, key):
    with pytest.raises(StandardInvalid) as caught:
        load(tmp_path, [field])
    assert caught.value.where.column == "a"
    assert f"'{key}'" in caught.value.what
    assert caught.value.next_step


def test_two_fields_may_not_play_one_role(tmp_path):
    role = {"sharewell:type": "uk.nhs-number", "sharewell:role": "nhs_number"}
    with pytest.raises(StandardInvalid) as caught:
        load(tmp_path, [{"name": "a", **role}, {"name": "b", **role}])
    assert caught.value.where.column == "b"


@pytest.mark.parametrize("key", ["primaryKey", "uniqueKeys", "sharewell:newestBy"])
def test_a_key_must_name_fields_that_are_there(tmp_path, key):
    with pytest.raises(StandardInvalid) as caught:
        load(tmp_path, [{"name": "a"}], **{key: [["b"]] if key == "uniqueKeys" else ["b"]})
    assert caught.value.where.column == "b"


def test_any_table_schema_will_do_as_a_file(tmp_path):
    standard = load(
        tmp_path,
        [
            {"name": "OrganisationURI", "type": "string", "format": "email"},
            {"name": "Amount (GBP)", "type": "number", "constraints": {"required": True, "minimum": 0}},
            {"name": "when", "type": "date", "constraints": {"minimum": "2020-01-01"}},
            {"name": "kind", "constraints": {"enum": ["A", "B"], "unique": True}},
            {"name": "open", "type": "boolean", "trueValues": ["Oui"], "falseValues": ["Non"]},
            {"name": "year", "type": "year"},
        ],
    )
    assert (standard.name, standard.version, standard.title) == ("their-list", "1", "their-list")
    first, amount, when, kind, is_open, year = standard.fields
    assert first.type is FieldType.EMAIL
    assert (amount.name, amount.bounds) == ("Amount (GBP)", Bounds(least="0"))
    assert amount.on_failure is OnFailure.SET_ASIDE
    assert (when.earliest, when.latest) == ("2020-01-01", None)
    assert (kind.type, list(kind.categories), kind.unique) == (FieldType.CODE, ["A", "B"], True)
    assert is_open.categories == {"true": ("Oui",), "false": ("Non",)}
    assert year.type is FieldType.INTEGER


def test_a_standards_file_that_is_not_there_is_told(tmp_path):
    with pytest.raises(StandardMissing):
        load_standard(str(tmp_path / "none.json"))


@pytest.mark.parametrize(
    ("bounds", "right", "wrong"),
    [
        (Bounds(pattern="[A-Z]{2}"), "AB", "ABC"),
        (Bounds(shortest=2), "ab", "a"),
        (Bounds(longest=2), "ab", "abc"),
        (Bounds(least="-1.5"), "-1.5", "-1.6"),
        (Bounds(most="10"), "10.0", "10.01"),
        (Bounds(most="10"), "no number", "11"),
    ],
)
def test_bounds_say_which_values_they_allow(bounds, right, wrong):
    assert bounds.allow(right)
    assert not bounds.allow(wrong)
