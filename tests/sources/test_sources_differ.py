"""What changed between two standards is said in words, and whether it breaks files or readers."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sharewell.sources.differ import Change, differences
from sharewell.sources.standards import load_standard, shipped_standards
from sharewell.sources.terms import Bounds, Field, FieldType, OnFailure, Role, Standard
from sharewell.vocab.sensitivity import Sensitivity

CODE = Field("kind", FieldType.CODE, "Kind", categories={"1": ("One", "I"), "2": ("Two",)})
DAY = Field("day", FieldType.DATE, "Day", earliest="2020-01-01", latest="today")
TEXT = Field("note", FieldType.TEXT, "Note", synonyms=("Remark",))


def standard(*fields: Field, **more: object) -> Standard:
    return Standard("list", "1", "List", "", fields, **more)  # type: ignore[arg-type]


def told(old: Field, new: Field) -> list[tuple[Change, bool]]:
    return [(each.change, each.breaks) for each in differences(standard(old), standard(new))]


@pytest.mark.parametrize("name", shipped_standards())
def test_nothing_changed_between_a_standard_and_itself(name):
    assert differences(load_standard(name), load_standard(name)) == ()


@pytest.mark.parametrize(
    ("old", "new", "change", "breaks"),
    [
        (TEXT, replace(TEXT, type=FieldType.DATE), Change.RETYPED, True),
        (DAY, replace(DAY, type=FieldType.TEXT), Change.WIDENED, False),
        (TEXT, replace(TEXT, required=True), Change.NARROWED, True),
        (replace(TEXT, required=True), TEXT, Change.WIDENED, False),
        (TEXT, replace(TEXT, unique=True), Change.NARROWED, True),
        (TEXT, replace(TEXT, on_failure=OnFailure.SET_ASIDE), Change.NARROWED, True),
        (CODE, replace(CODE, categories={"1": ("One", "I")}), Change.NARROWED, True),
        (CODE, replace(CODE, categories={**CODE.categories, "3": ()}), Change.WIDENED, False),
        (CODE, replace(CODE, categories={"1": ("One",), "2": ("Two",)}), Change.NARROWED, True),
        (TEXT, replace(TEXT, bounds=Bounds(longest=5)), Change.NARROWED, True),
        (
            replace(TEXT, bounds=Bounds(longest=5)),
            replace(TEXT, bounds=Bounds(longest=9)),
            Change.WIDENED,
            False,
        ),
        (
            replace(TEXT, bounds=Bounds(shortest=2)),
            replace(TEXT, bounds=Bounds(shortest=3)),
            Change.NARROWED,
            True,
        ),
        (
            replace(TEXT, bounds=Bounds(least="9")),
            replace(TEXT, bounds=Bounds(least="10")),
            Change.NARROWED,
            True,
        ),
        (TEXT, replace(TEXT, bounds=Bounds(pattern="a")), Change.NARROWED, True),
        (DAY, replace(DAY, earliest="2019-01-01"), Change.WIDENED, False),
        (DAY, replace(DAY, latest="2025-01-01"), Change.NARROWED, True),
        (DAY, replace(DAY, latest=None), Change.WIDENED, False),
        (TEXT, replace(TEXT, sensitivity=Sensitivity.SPECIAL), Change.RECLASSED, True),
        (TEXT, replace(TEXT, role=Role.OCCUPATION), Change.RECLASSED, True),
        (TEXT, replace(TEXT, synonyms=()), Change.NARROWED, True),
        (TEXT, replace(TEXT, synonyms=("Remark", "Comment")), Change.WIDENED, False),
        (TEXT, replace(TEXT, description="What was said."), Change.REWORDED, False),
    ],
)
def test_each_kind_of_change_is_named(old, new, change, breaks):
    assert told(old, new) == [(change, breaks)]


def test_fields_added_and_removed_are_told():
    found = differences(
        standard(TEXT, DAY), standard(TEXT, CODE, replace(DAY, name="must", title="Must", required=True))
    )
    assert {(each.change, each.field, each.breaks) for each in found} == {
        (Change.REMOVED, "day", True),
        (Change.ADDED, "kind", False),
        (Change.ADDED, "must", True),
    }


@pytest.mark.parametrize(
    "new",
    [
        replace(TEXT, name="remarks", synonyms=("Note", "Remark")),
        replace(TEXT, name="notes", title="Note"),
    ],
)
def test_a_renamed_field_is_no_loss_and_gain(new):
    [first, *_] = differences(standard(TEXT, DAY), standard(new, DAY))
    assert (first.change, first.field) == (Change.RENAMED, "note")
    assert new.name in first.text


def test_a_role_tells_a_renamed_field():
    born = Field("dob", FieldType.DATE, "Born", role=Role.DATE_OF_BIRTH)
    then = Field("birthday", FieldType.DATE, "Date of birth", role=Role.DATE_OF_BIRTH, synonyms=("Born",))
    assert differences(standard(born), standard(then))[0].change is Change.RENAMED


def test_keys_and_order_are_compared_too():
    found = differences(standard(TEXT, DAY), standard(DAY, TEXT, primary_key=("day",)))
    assert [each.change for each in found] == [Change.NARROWED, Change.REORDERED]
