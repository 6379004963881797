"""What was decided before is used again only where it would be decided so again: else the rule is asked."""

from __future__ import annotations

import ast
import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pytest_django.plugin import DjangoDbBlocker

import sharewell
from cleaning.cleaning_files import GOOD, Answers, people, run, write_list
from sharewell.cleaning import actions
from sharewell.cleaning.compile import recipe
from sharewell.cleaning.decisions import recipe_key, rule_files
from sharewell.settings import open_place
from sharewell.sources.standards import SHIPPED, load_standard
from sharewell.sources.terms import Bounds, Field, FieldType, OnFailure, Role
from sharewell.store.control import close_control_plane, open_control_plane
from sharewell.store.keys import KeyRing

Change = Callable[[dict[str, Any]], object]
DIRTY = GOOD | {"full_name": "SMITH, ANN", "sex": "Woman", "balance": "£1,050.00", "phone": "07700 900123"}


SETTINGS = '[place]\nname = "Testborough"\norganisation = "testborough"\n'


class Cleaner:
    """Cleans a list again and again against one standard, which can be changed in between."""

    def __init__(self, folder: Path, times: int = 0) -> None:
        self.place, self.file, self.times = open_place(folder / "place"), folder / "list.csv", times
        self.standard = json.loads((SHIPPED / "messy-sample.json").read_text("utf-8")) | {"name": "ours"}

    def field(self, name: str) -> dict[str, Any]:
        """Return a field of the standard, to be changed."""
        found: dict[str, Any] = next(each for each in self.standard["fields"] if each["name"] == name)
        return found

    def clean(self, as_of: str = "2026-01-01") -> Answers:
        """Clean the list against the standard as it is now."""
        self.times += 1
        self.keep_standard()
        out = self.file.parent / f"out{self.times}"
        told = ("--standard", "ours", "--out", out, "--as-of", as_of, "--dir", self.place.folder)
        answer = run("clean", self.file, *told)
        assert answer.exit_code == 0, answer.output
        return Answers(out)

    def keys(self) -> dict[str, str]:
        """Return what decisions about each field are kept under, by the standard as it is now."""
        self.keep_standard()
        return {field.name: recipe_key(field) for field in load_standard("ours", self.place.standards).fields}

    def keep_standard(self) -> None:
        self.place.standards.mkdir(exist_ok=True)
        (self.place.standards / "ours.json").write_text(json.dumps(self.standard), "utf-8")


@pytest.fixture(scope="module", autouse=True)
def small_lists_too() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(actions, "_WORTH_REMEMBERING", 0)
        yield


@pytest.fixture(scope="module")
def cleaned_once(
    tmp_path_factory: pytest.TempPathFactory, empty_control_plane: Path, django_db_blocker: DjangoDbBlocker
) -> Path:
    """A folder with a place and a list that was cleaned in it once; whoever uses it works on a copy."""
    folder = tmp_path_factory.mktemp("cleaned")
    (folder / "place" / "store").mkdir(parents=True)
    (folder / "place" / "sharewell.toml").write_text(SETTINGS, "utf-8")
    write_list(folder / "list.csv", [DIRTY, *people(3)[1:]])
    with django_db_blocker.unblock():
        cleaner = Cleaner(folder)
        shutil.copy(empty_control_plane, cleaner.place.control)
        open_control_plane(cleaner.place)
        KeyRing.create(cleaner.place)
        cleaner.clean()
        close_control_plane()
    return folder


@pytest.fixture
def cleaner(cleaned_once: Path, tmp_path: Path, django_db_blocker: DjangoDbBlocker) -> Iterator[Cleaner]:
    """What cleans the list for the second time and on."""
    with django_db_blocker.unblock():
        yield Cleaner(shutil.copytree(cleaned_once, tmp_path / "cleaned"), times=1)
        close_control_plane()


@pytest.fixture
def first(cleaner: Cleaner) -> Answers:
    return Answers(cleaner.file.parent / "out1")


def asked(answers: Answers) -> dict[str, int]:
    """Count the values that rules were asked about, by column; dates are asked each time."""
    told: dict[str, int] = answers.about["decisions"]["asked"]
    return {name: values for name, values in told.items() if values and name != "date_of_birth"}


REQUIRED = {"constraints": {"required": True}, "sharewell:onFailure": "set_aside"}
FIRST = {"full_name": 1, "sex": 1, "balance": 1, "phone": 1}
CHANGES: dict[str, tuple[str, Change]] = {
    "a bound": ("balance", lambda field: field.update(constraints={"maximum": 1000})),
    "a pattern": ("full_name", lambda field: field.update(constraints={"pattern": "[A-Z].*"})),
    "a length": ("phone", lambda field: field.update(constraints={"maxLength": 15})),
    "a required field": ("phone", lambda field: field.update(REQUIRED)),
    "what a failure costs": ("phone", lambda field: field.update({"sharewell:onFailure": "set_aside"})),
    "a role": ("full_name", lambda field: field.update({"sharewell:role": "surname"})),
}


def test_a_standard_as_it_was_asks_nothing_again(cleaner: Cleaner, first: Answers) -> None:
    assert asked(first) == FIRST
    assert asked(cleaner.clean()) == {}


@pytest.mark.parametrize("case", CHANGES)
def test_a_changed_field_has_a_key_of_its_own_and_no_other_field_has(case: str, cleaner: Cleaner) -> None:
    before = cleaner.keys()
    name, change = CHANGES[case]
    change(cleaner.field(name))
    after = cleaner.keys()
    assert {field for field in before if before[field] != after[field]} == {name}


def test_a_changed_category_is_asked_about_again_and_told_anew(cleaner: Cleaner, first: Answers) -> None:
    assert first.rows("kept")[0]["sex"] == "2"
    for category in cleaner.field("sex")["categories"]:
        if category["value"] == "2":
            category["sharewell:synonyms"] = ["Lady"]
        if category["value"] == "1":
            category["sharewell:synonyms"] = ["Woman"]
    second = cleaner.clean()
    assert asked(second) == {"sex": 1}
    assert second.rows("kept")[0]["sex"] == "1"


def test_a_changed_bound_is_asked_about_again_and_changes_the_answer(
    cleaner: Cleaner, first: Answers
) -> None:
    assert balance(first) == "1050.00"
    cleaner.field("balance")["constraints"] = {"maximum": 1000}
    second = cleaner.clean()
    assert asked(second) == {"balance": 1} and balance(second) is None
    del cleaner.field("balance")["constraints"]
    assert balance(cleaner.clean()) == "1050.00"


def balance(answers: Answers) -> str | None:
    """Return what the first row's balance was changed to."""
    [after] = [each[3] for each in answers.changes() if each[:3] == (1, "balance", "£1,050.00")]
    return str(after) if after else None


def test_a_new_version_of_a_standard_is_asked_about_wholly(cleaner: Cleaner) -> None:
    cleaner.standard["version"] = "2.0"
    assert asked(cleaner.clean()) == FIRST


def test_a_date_that_was_in_the_future_is_decided_by_the_day_of_each_delivery(cleaner: Cleaner) -> None:
    write_list(cleaner.file, [GOOD | {"date_of_birth": "14/03/2026"}])
    assert cleaner.clean("2026-01-01").rows("kept") == []
    assert cleaner.clean("2026-06-01").rows("kept")[0]["date_of_birth"] == "2026-03-14"
    assert cleaner.clean("2026-01-01").rows("kept") == []


def test_the_order_of_day_and_month_is_decided_by_each_delivery(cleaner: Cleaner) -> None:
    write_list(cleaner.file, [GOOD | {"date_of_birth": "03/04/1980"}])
    assert cleaner.clean().rows("kept")[0]["date_of_birth"] == "1980-04-03"
    american = [GOOD | {"record_id": f"P{n}", "date_of_birth": f"03/{n}/1980"} for n in range(13, 29)]
    write_list(cleaner.file, [GOOD | {"date_of_birth": "03/04/1980"}, *american])
    assert cleaner.clean().rows("kept")[0]["date_of_birth"] == "1980-03-04"


@pytest.mark.parametrize("kind", FieldType)
@pytest.mark.parametrize("bounds", [Bounds(), Bounds(longest=40)])
def test_what_depends_on_the_day_or_on_other_values_is_never_remembered(
    kind: FieldType, bounds: Bounds
) -> None:
    field = Field("field", kind, "Field", latest="today", earliest="1900-01-01", bounds=bounds)
    early, late = (recipe(field, day) for day in (date(2000, 1, 1), date(2026, 1, 1)))
    depends = (early.check, early.pattern) != (late.check, late.pattern)
    assert early.reads_column == depends
    if not early.reads_column:
        values = ("1", "x", "01/02/2010", "2010-02-01", "today", "0", "Ann SMITH")
        assert [early.rule(())(value) for value in values] == [late.rule(values)(value) for value in values]


BASE = Field("sex", FieldType.CODE, "Sex", categories={"1": ("Male",), "2": ("Female",)})


@pytest.mark.parametrize(
    "other",
    [
        replace(BASE, categories={"1": ("Male", "M"), "2": ("Female",)}),
        replace(BASE, categories={"2": ("Male",), "1": ("Female",)}),
        replace(BASE, categories={"1": ("Male",)}),
        replace(BASE, bounds=Bounds(pattern="[12]")),
        replace(BASE, bounds=Bounds(least="1")),
        replace(BASE, earliest="1900-01-01"),
        replace(BASE, latest="today"),
        replace(BASE, type=FieldType.TEXT),
        replace(BASE, role=Role.SEX),
        replace(BASE, required=True),
        replace(BASE, on_failure=OnFailure.SET_ASIDE),
        replace(BASE, name="gender"),
    ],
)
def test_every_part_of_a_field_that_a_rule_may_read_is_in_its_key(other: Field) -> None:
    assert recipe_key(other) != recipe_key(BASE)
    assert recipe_key(replace(BASE)) == recipe_key(BASE)


NO_RULES = {"store.engine", "vocab.clock", "vocab.sensitivity", "cleaning.queries"}
"""Modules that rules import and that decide nothing: how SQL is written, the time zone, sensitivity."""


def test_every_module_that_rules_are_made_of_is_in_the_rules_version() -> None:
    root = Path(sharewell.__file__).parent
    counted = set(rule_files())
    for path in counted:
        for name in _imported(path):
            file = root.joinpath(*name.split(".")).with_suffix(".py")
            folder = root.joinpath(*name.split(".")) / "__init__.py"
            assert name in NO_RULES or file in counted or folder in counted, (path.name, name)


def _imported(path: Path) -> set[str]:
    """Return the modules of sharewell that a file imports, without the package's own name."""
    nodes = ast.walk(ast.parse(path.read_text("utf-8")))
    names = {node.module for node in nodes if isinstance(node, ast.ImportFrom) and node.module}
    ours = {name.removeprefix("sharewell.") for name in names if name.startswith("sharewell.")}
    return {name for name in ours if name != "vocab"}
