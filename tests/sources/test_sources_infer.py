"""A standard is proposed from a file: names, types, codes, what is filled in; and never a person's value."""

from __future__ import annotations

import json

import pyarrow as pa
import pytest

from sharewell.sources.infer import infer_standard
from sharewell.sources.schema import parse_standard
from sharewell.sources.terms import FieldType, OnFailure, Role
from sharewell.vocab.sensitivity import Sensitivity

ROWS = {
    "Patient No": ["999 000 0018"] * 40,
    "Forename": ["Amelia"] * 40,
    "DOB": ["01/02/1980", "1980-03-04"] * 20,
    "Where": ["9 Mill Lane", "2 High Street"] * 20,
    "Postal": ["M1 1AE", "ls14ap"] * 20,
    "Tel": ["07700900123", ""] * 20,
    "Colour": ["Red", "Green"] * 20,
    "Owed": ["£12.50", "3"] * 20,
    "Moved In": ["2 March 2020"] * 40,
    "Notes": [f"note {number}" for number in range(40)],
}


def infer(rows):
    return infer_standard(pa.table(rows), tuple(rows), "their-list", "Their list")


def test_types_come_from_names_and_values():
    types = {guess.column: guess.field.type for guess in infer(ROWS).guesses}
    assert types == {
        "Patient No": FieldType.NHS_NUMBER,
        "Forename": FieldType.PERSON_NAME,
        "DOB": FieldType.DATE,
        "Where": FieldType.ADDRESS,
        "Postal": FieldType.POSTCODE,
        "Tel": FieldType.PHONE,
        "Colour": FieldType.CODE,
        "Owed": FieldType.NUMBER,
        "Moved In": FieldType.DATE,
        "Notes": FieldType.TEXT,
    }


def test_a_known_heading_brings_its_role_and_sensitivity():
    found = {guess.column: guess for guess in infer(ROWS).guesses}
    assert found["Forename"].field.role is Role.FIRST_NAME
    assert found["DOB"].field.sensitivity is Sensitivity.QUASI
    assert found["DOB"].confidence > found["Notes"].confidence


def test_what_is_always_filled_in_is_required():
    found = {guess.column: guess.field for guess in infer(ROWS).guesses}
    assert found["DOB"].required
    assert found["DOB"].on_failure is OnFailure.SET_ASIDE
    assert not found["Tel"].required


def test_codes_are_proposed_where_few_values_come_again():
    found = {guess.column: guess.field for guess in infer(ROWS).guesses}
    assert set(found["Colour"].categories) == {"Red", "Green"}
    assert not found["Notes"].categories


def test_the_proposal_can_be_read_and_holds_no_value_of_the_list():
    found = infer(ROWS)
    document = found.document()
    assert parse_standard(document, "their-list") == found.standard
    assert all(0 < field["sharewell:confidence"] <= 1 for field in document["fields"])
    text = json.dumps(document)
    assert [
        value for value in ("999 000 0018", "Amelia", "9 Mill Lane", "ls14ap", "note 3") if value in text
    ] == []


def test_the_old_headings_are_kept_as_synonyms():
    found = {guess.column: guess.field for guess in infer(ROWS).guesses}
    assert "Moved In" not in found["Moved In"].synonyms
    assert found["Moved In"].name == "moved_in"
    assert "Tel" in found["Tel"].synonyms


@pytest.mark.parametrize(
    "columns",
    [
        ("Name", "name ", "NAME"),
        ("DOB", "Date of birth", "D.O.B."),
        ("1st", "£", "source_row", "Line"),
        ("Sex",),
    ],
)
def test_headings_that_clash_still_make_a_standard(columns):
    rows = {column: ["x", "y", ""] for column in columns}
    found = infer(rows)
    assert parse_standard(found.document(), "their-list").names == found.standard.names
    assert len(set(found.standard.names)) == len(columns)


def test_an_empty_list_makes_a_standard_all_the_same():
    rows = {"DOB": pa.array([], pa.string()), "Shoe size": pa.array([], pa.string())}
    assert parse_standard(infer(rows).document(), "their-list").names == ("date_of_birth", "shoe_size")
