"""A standard written as a Table Schema and read again is the same standard, whatever it says."""

from __future__ import annotations

import json
from dataclasses import fields as parts
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sharewell.sources.publish import export
from sharewell.sources.schema import parse_standard
from sharewell.sources.schema_keys import Broken
from sharewell.sources.standards import load_standard, shipped_standards
from sharewell.sources.table_schema import as_table_schema
from sharewell.sources.terms import DateOrder, Field, Standard

WORD = st.text(st.sampled_from("abcdefgh éÉ-/'\"&<1230"), min_size=1, max_size=12).filter(str.strip)
AMOUNT = st.one_of(
    st.integers(-(10**20), 10**20),
    st.floats(-1e6, 1e6, allow_nan=False),
    st.decimals(-999, 999, places=4).map(str),
    st.sampled_from(["0.30", "1E+3", "-0", "0.1000000000000000055511151231257827"]),
)
DAY = st.dates().map(str) | st.just("today")
DISTINCT = st.lists(WORD, min_size=1, max_size=4, unique_by=lambda word: " ".join(word.split()).casefold())


def keys(**optional):
    return st.fixed_dictionaries({}, optional=optional)


TEXT = keys(
    constraints=keys(
        required=st.booleans(),
        unique=st.booleans(),
        pattern=st.sampled_from(["[A-Z]{2}[0-9]+", ".*", "a|b"]),
        minLength=st.integers(0, 3),
        maxLength=st.integers(4, 9),
    )
)
NUMBER = st.fixed_dictionaries({"type": st.just("number"), "constraints": keys(minimum=AMOUNT)})
DATE = st.fixed_dictionaries(
    {"type": st.just("date")},
    optional={"sharewell:earliest": DAY, "sharewell:dateOrder": st.sampled_from(DateOrder)},
)
DATED = st.fixed_dictionaries(
    {"type": st.just("date"), "constraints": keys(minimum=st.dates().map(str), required=st.booleans())}
)
CODES = DISTINCT.map(lambda words: {"categories": [{"value": word} for word in words]})
WORDED = DISTINCT.map(
    lambda words: {
        "sharewell:type": "code",
        "categories": [
            {"value": str(at), "label": word, "sharewell:synonyms": [f"{word} too"]}
            for at, word in enumerate(words)
        ],
    }
)
EMPTY = st.just(
    {"categories": [{"value": "", "label": "not said"}, {"value": "1", "sharewell:synonyms": [""]}]}
)
ENUM = DISTINCT.map(lambda words: {"constraints": {"enum": words}})
FLAG = st.just({"type": "boolean", "trueValues": ["Oui", "O"], "falseValues": ["Non"]})
ABOUT = keys(
    title=WORD | st.just(""),
    description=WORD,
    **{
        "sharewell:sensitivity": st.sampled_from(["direct", "quasi", "special", "criminal", "personal"]),
        "sharewell:characters": st.tuples(st.integers(1, 9), st.integers(9, 20)).map(list),
        "sharewell:confidence": st.floats(0, 1),
    },
)
ANY = st.one_of(TEXT, NUMBER, DATE, DATED, CODES, WORDED, EMPTY, ENUM, FLAG)


NAMES = [f"Field {place}" for place in range(4)]


def told_as(place: int, kind: dict, about: dict) -> dict:
    """One field; its title, if it says any, is no heading of another field."""
    title = {"title": f"{about['title']} {place}"} if about.get("title") else {}
    return {"name": NAMES[place], **kind, **about, **title}


@st.composite
def documents(draw):
    made = draw(st.lists(st.tuples(ANY, ABOUT), min_size=1, max_size=len(NAMES)))
    names = st.sampled_from(NAMES[: len(made)])
    more = keys(
        name=WORD,
        version=WORD,
        title=WORD,
        description=WORD,
        primaryKey=names,
        uniqueKeys=st.lists(st.lists(names, min_size=1, max_size=2, unique=True), max_size=2),
        **{"sharewell:newestBy": names},
    )
    return {**draw(more), "fields": [told_as(place, *parts) for place, parts in enumerate(made)]}


def read(document: object) -> Standard:
    return parse_standard(json.loads(json.dumps(document)), "mine", loose=True)


@settings(max_examples=100, deadline=None)
@given(documents())
def test_whatever_a_standard_says_is_said_again(document):
    standard = read(document)
    again = read(as_table_schema(standard))
    assert again == standard
    assert as_table_schema(again) == as_table_schema(standard)


@pytest.mark.parametrize(
    "told",
    [
        {"title": ""},
        {"title": "  "},
        {"categories": [{"value": "", "label": "not said"}, "1"]},
        {"sharewell:characters": [3, 9]},
        {"type": "number", "constraints": {"minimum": "0.1000000000000000055511151231257827"}},
        {"type": "number", "constraints": {"minimum": "0.30", "maximum": 10**20}},
        {"type": "number", "constraints": {"minimum": "-0.00"}},
        {"type": "integer", "constraints": {"maximum": "1E+3"}},
    ],
)
def test_what_was_once_lost_is_said_again(told):
    standard = read({"fields": [{"name": "a"}, {"name": "b", **told}]})
    assert read(as_table_schema(standard)) == standard


def test_a_field_with_a_blank_title_goes_by_its_name():
    fields = read({"fields": [{"name": "a", "title": ""}, {"name": "b", "title": " "}]}).fields
    assert [field.title for field in fields] == ["a", "b"]


@pytest.mark.parametrize("told", ["1E+999999999", "-1E-999999999", "NaN", "Infinity", "ten", True])
def test_a_bound_that_no_value_could_be_held_to_is_refused(told):
    with pytest.raises(Broken) as caught:
        read({"fields": [{"name": "a", "type": "number", "constraints": {"minimum": told}}]})
    assert caught.value.key == "constraints.minimum"


@pytest.mark.parametrize("listed", [5, "abc", {"a": 1}])
def test_a_list_of_codes_that_is_no_list_is_refused(listed):
    with pytest.raises(Broken):
        read({"fields": [{"name": "a", "categories": ["a", "b"], "constraints": {"enum": listed}}]})


def changes(standard: Standard):
    """What a place may change in a standard: the places, notes and keys of a few of its fields."""
    names = st.sampled_from(standard.names)
    places = st.tuples(st.integers(1, 50), st.integers(50, 90))
    some = keys(characters=places, description=WORD)
    pairs = st.lists(st.lists(names, min_size=1, max_size=2).map(tuple), max_size=2).map(tuple)
    table = keys(version=WORD, primary_key=st.tuples(names), unique_keys=pairs, newest_by=names)
    return st.tuples(st.dictionaries(names, some, max_size=3), table)


@pytest.mark.parametrize("name", shipped_standards())
@settings(max_examples=8, deadline=None)
@given(data=st.data())
def test_a_shipped_standard_that_a_place_has_changed_is_said_again(name, data):
    shipped = load_standard(name)
    fields, table = data.draw(changes(shipped))
    changed = tuple(replace(field, **fields.get(field.name, {})) for field in shipped.fields)
    standard = replace(shipped, fields=changed, **table)
    assert parse_standard(json.loads(export(standard, "table-schema")), name) == standard


def test_every_part_of_a_field_is_written():
    """A part that is added to our terms and not to the document would be lost without a word."""
    written = {
        *("name", "type", "title", "description", "required", "role", "synonyms", "categories"),
        *("sensitivity", "on_failure", "earliest", "latest", "unique", "example", "bounds", "characters"),
        "date_order",
    }
    assert {part.name for part in parts(Field)} == written
    assert {part.name for part in parts(Standard)} == {
        *("name", "version", "title", "description", "fields", "primary_key", "unique_keys", "newest_by"),
    }


def test_only_one_field_may_say_which_row_is_newer():
    with pytest.raises(Broken) as caught:
        read({"fields": [{"name": "a"}, {"name": "b"}], "sharewell:newestBy": ["a", "b"]})
    assert caught.value.key == "sharewell:newestBy"
