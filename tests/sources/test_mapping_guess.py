"""Columns known by their values whatever their headings, each with a confidence that keeps its word."""

from __future__ import annotations

import random
from datetime import date, timedelta

import pyarrow as pa
import pytest

from sharewell.sources.imprint import Shape, shape_of, take_imprint
from sharewell.sources.map import guess_mapping, require_certain
from sharewell.sources.name_words import FORENAMES, SURNAMES
from sharewell.sources.standards import load_standard
from sharewell.sources.terms import HowMapped
from sharewell.vocab.errors import MappingUnconfirmed
from sharewell.vocab.identifiers import is_nhs_number, upn_check_letter

PEOPLE = load_standard("people")
CENSUS = load_standard("school-census")
SUPPORT = load_standard("council-tax-support")
ROWS = 120
CHANCE = random.Random(3)
NHS = [str(n) for n in range(4_010_000_000, 4_010_002_000) if is_nhs_number(str(n))][:ROWS]


def days(first, last):
    return [
        f"{date(first, 1, 1) + timedelta(CHANCE.randrange(365 * (last - first))):%d/%m/%Y}"
        for _ in range(ROWS)
    ]


UPNS = [f"{upn_check_letter(twelve)}{twelve}" for twelve in (f"8{n:011d}" for n in range(ROWS))]
VALUES = {
    "nhs_number": [f"{text[:3]} {text[3:6]} {text[6:]}" for text in NHS],
    "first_name": [CHANCE.choice(sorted(FORENAMES)).upper() for _ in range(ROWS)],
    "surname": [CHANCE.choice(sorted(SURNAMES)).title() for _ in range(ROWS)],
    "date_of_birth": days(1935, 2010),
    "sex": ["M", "F", "Female", ""] * (ROWS // 4),
    "title": ["Mr", "Mrs.", "Dr", "Ms"] * (ROWS // 4),
    "address_line_1": [f"{n} High Street" for n in range(ROWS)],
    "postcode": [f"bn{n % 8 + 1}{n % 9}ab" for n in range(ROWS)],
    "uprn": [str(100_023_336_000 + n) for n in range(ROWS)],
    "phone": [f"07700 900{n:03d}" for n in range(ROWS)],
    "email": [f"a{n}@example.org" for n in range(ROWS)],
}


def guess(columns, standard=PEOPLE):
    mapping = guess_mapping(list(columns), standard, pa.table(columns))
    return {guess.column: guess for guess in mapping.guesses}


def test_every_column_of_a_list_of_people_is_known_by_its_values_alone():
    found = guess({f"c{place}": values for place, values in enumerate(VALUES.values())})
    assert [item.field for item in found.values()] == list(VALUES)
    assert all(item.how is HowMapped.VALUES and 0.4 < item.confidence < 1 for item in found.values())


@pytest.mark.parametrize(
    ("standard", "field", "values"),
    [
        (CENSUS, "upn", UPNS),
        (SUPPORT, "nino", [f"AB{n:06d}C" for n in range(ROWS)]),
    ],
)
def test_numbers_of_pupils_and_of_national_insurance_are_known(standard, field, values):
    [found] = guess({"zzz": values}, standard).values()
    assert (found.field, found.how) == (field, HowMapped.VALUES)
    assert found.confidence > 0.9


def test_the_date_of_birth_is_told_from_the_day_of_a_visit():
    found = guess({"a": days(2025, 2026), "b": days(1935, 2010)})
    assert found["b"].field == "date_of_birth"
    assert found["a"].field is None


def test_a_forename_is_told_from_a_surname():
    found = guess({"n1": VALUES["surname"], "n2": VALUES["first_name"]})
    assert (found["n1"].field, found["n2"].field) == ("surname", "first_name")


def test_two_columns_that_could_be_one_field_are_both_less_sure():
    [alone] = guess({"a": NHS}).values()
    found = guess({"a": NHS, "b": NHS[::-1]})
    given = [item for item in found.values() if item.field == "nhs_number"]
    assert len(given) == 1
    assert given[0].confidence < alone.confidence - 0.2


def test_the_reason_is_words_and_holds_no_value():
    for item in guess({f"c{place}": values for place, values in enumerate(VALUES.values())}).values():
        assert item.reason.endswith(".")
        assert not any(value and value in item.reason for value in VALUES[item.field][:20] if len(value) > 2)
    [found] = guess({"zzz": NHS}).values()
    assert found.reason == "100% of its values are valid NHS numbers."


def test_a_heading_that_its_values_belie_goes_to_a_person():
    mapping = guess_mapping(
        ["postcode", "phone"], PEOPLE, pa.table({"postcode": NHS, "phone": VALUES["email"]})
    )
    found = {item.column: item for item in mapping.guesses}
    assert found["postcode"].how is HowMapped.DOUBTED
    assert (found["postcode"].field, found["phone"].field) == ("nhs_number", "email")
    with pytest.raises(MappingUnconfirmed, match="heading says postcode, but 100% of its values"):
        require_certain(mapping, "list.csv")


def test_a_dirty_column_under_its_own_heading_is_not_doubted():
    dirty = [text if place % 4 else "not known" for place, text in enumerate(NHS)]
    assert guess({"nhs_number": dirty})["nhs_number"].how is HowMapped.EXACT
    assert guess({"postcode": ["N/A"] * ROWS})["postcode"].how is HowMapped.EXACT


@pytest.mark.parametrize(
    ("value", "shape"),
    [
        ("401 023 2137", Shape.NHS_NUMBER if is_nhs_number("4010232137") else Shape.LONG_NUMBER),
        ("AB 12 34 56 C", Shape.NINO),
        ("sw1a1aa", Shape.POSTCODE),
        ("31/12/1980", Shape.DATE_DAY_FIRST),
        ("12/31/1980", Shape.DATE_MONTH_FIRST),
        ("01.02.80", Shape.DATE_EITHER),
        ("1980-12-31 00:00:00", Shape.DATE_YEAR_FIRST),
        ("3rd March 1980", Shape.DATE_IN_WORDS),
        ("+44 (0)1273 290000", Shape.PHONE),
        ("1.00E+11", Shape.SCIENTIFIC),
        ("£1,200.50", Shape.DECIMAL),
        ("12.0", Shape.WHOLE),
        ("Yes", Shape.YES_NO),
        ("Flat 2, 10 High Street", Shape.ADDRESS),
        ("O'Brien-Smith", Shape.WORD),
        ("van der Berg", Shape.WORDS),
        ("E06000043", Shape.CODE),
        ("?", Shape.TEXT),
    ],
)
def test_what_a_value_looks_like(value, shape):
    assert shape_of(value) is shape


def test_a_very_long_cell_and_very_many_columns_cost_little():
    long = take_imprint(pa.chunked_array([pa.array(["1 a" * 10_000_000, "2"])]))
    assert long.rows == 2
    many = {f"x{n}": ["a"] * 60 for n in range(3_000)}
    assert all(item.field is None for item in guess(many).values())
