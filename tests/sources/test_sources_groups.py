"""Headers of two rows in text: groups of columns above their names, and titles that are no groups."""

from __future__ import annotations

import pyarrow as pa
import pytest

from sharewell.sources.groups import About, part_heading
from sharewell.sources.map import guess_mapping
from sharewell.sources.read import read_source
from sharewell.sources.standards import load_standard
from sharewell.sources.terms import HowMapped
from sharewell.store.duckdb import DuckDB
from sharewell.vocab.errors import HeaderDuplicate

PEOPLE = load_standard("people")
BODY = "1,Ann,1980-01-02,2,Bob,1950-03-04\n2,Cy,1981-02-03,3,Di,1951-04-05\n"
TWICE = ("Patient - Ref", "Patient - Name", "Patient - DOB", "Carer - Ref", "Carer - Name", "Carer - DOB")


def rows(found):
    return [tuple(row.values())[2:] for row in found.kept.arrow().to_pylist()]


@pytest.mark.parametrize(
    "groups",
    [
        "Patient,,,Carer,,",
        "Patient,,,Carer",
        "Patient,Patient,Patient,Carer,Carer,Carer",
        '"Patient",,,"Carer",,',
    ],
)
@pytest.mark.parametrize("above", ["", "Shielding list\n", "Shielding list,,,,,\n,,,,,\n"])
def test_groups_part_names_that_repeat(read, groups, above):
    found = read(f"{above}{groups}\nRef,Name,DOB,Ref,Name,DOB\n{BODY}")
    assert found.facts.columns == TWICE
    assert found.facts.lines.items() >= {"header": 2, "record": 2}.items()
    assert found.facts.header_line == above.count("\n") + 1
    first = 3 + above.count("\n")
    assert [row["line"] for row in found.kept.arrow().to_pylist()] == [first, first + 1]
    assert rows(found)[0] == ("1", "Ann", "1980-01-02", "2", "Bob", "1950-03-04")


def test_names_before_the_first_group_belong_to_none(read):
    found = read(f",,,Carer,,\nRef,Name,DOB,Ref,Name,DOB\n{BODY}")
    assert found.facts.columns == ("Ref", "Name", "DOB", "Carer - Ref", "Carer - Name", "Carer - DOB")


def test_a_column_named_in_the_upper_row_alone_keeps_its_name(read):
    found = read(f"Ref,Person,,Address,,\n,Name,DOB,Line 1,Town,Postcode\n{BODY}")
    assert found.facts.columns == (
        *("Ref", "Person - Name", "Person - DOB"),
        *("Address - Line 1", "Address - Town", "Address - Postcode"),
    )
    assert found.facts.lines == {"header": 2, "record": 2}


def test_a_group_of_another_person_is_never_lost(read):
    found = read(f"Patient,,,Next of kin,,\nRef,Surname,DOB,Relation,Forename,Phone\n{BODY}")
    assert found.facts.columns[3:] == (
        "Next of kin - Relation",
        "Next of kin - Forename",
        "Next of kin - Phone",
    )


def test_trailing_delimiters_and_other_delimiters_part_groups_alike(read):
    text = f"Patient,,,Carer,,,\nRef,Name,DOB,Ref,Name,DOB,\n{BODY}".replace("5\n", "5,\n").replace(
        "4\n", "4,\n"
    )
    assert read(text).facts.columns == TWICE
    assert read(text.replace(",", ";")).facts.columns == TWICE


@pytest.mark.parametrize(
    "title",
    [
        "Shielding list,,,,,",
        "Carer,,,,,",
        "Produced by,Jo,,,,",
        "Produced by,Jo Carer,,,,",
        "Patients,,,For: GP practices,,",
        "Housing extract,,,Run by: Jo,,03/04/2021",
        "OFFICIAL-SENSITIVE",
        "Person,,,Address,,",
    ],
)
def test_a_title_is_no_group_where_the_names_can_do_without(read, title):
    found = read(f"{title}\nRef,Name,DOB,Line 1,Town,Postcode\n{BODY}")
    assert found.facts.columns == ("Ref", "Name", "DOB", "Line 1", "Town", "Postcode")
    assert found.facts.lines == {"title": 1, "header": 1, "record": 2}


@pytest.mark.parametrize("title", ["Shielding list,,,,,", "Patient,,,,,", "03/04/2021,,,1,,"])
def test_names_that_no_group_parts_are_refused_as_before(read, title):
    with pytest.raises(HeaderDuplicate, match="Ref"):
        read(f"{title}\nRef,Name,DOB,Ref,Name,DOB\n{BODY}")


@pytest.mark.parametrize(
    "text",
    [
        "surname,,town,\nSmith,Ann,Hove,Flat\nJones,Bob,Hove,House\n",
        "ref,name,\n,Ann,Smith\n,Bob,Jones\n",
        "surname,,town,\nSmith,Ann,Hove,Hove\nLee,Bob,Hove,Hove\n",
    ],
)
def test_a_first_record_of_words_is_no_second_row_of_a_header(read, text):
    assert read(text).kept.count() == 2


def guesses(columns, sample=None):
    return {each.column: each for each in guess_mapping(columns, PEOPLE, sample).guesses}


def test_a_heading_is_known_under_a_group_of_the_person_or_the_address():
    columns = ["Patient - DOB", "Person - Surname", "Personal details - Forename", "Home address - Post code"]
    found = guesses(columns)
    assert [found[name].field for name in columns] == ["date_of_birth", "surname", "first_name", "postcode"]
    assert {each.how for each in found.values()} == {HowMapped.SYNONYM}
    assert "'Patient'" in found["Patient - DOB"].reason


@pytest.mark.parametrize("group", ["Carer", "Next of kin", "GP", "GP practice", "Mother", "Referred by"])
def test_a_heading_under_another_persons_group_is_hardly_believed(group):
    [guess] = guess_mapping([f"{group} - Surname"], PEOPLE).guesses
    assert guess.how is HowMapped.SIMILAR
    assert guess.confidence <= 0.4
    assert "somebody else" in guess.reason


def test_values_do_not_make_another_persons_column_the_persons():
    values = {"Carer - NHS number": ["9990003312", "9990002189", "9990002359", "9990000011"]}
    guess = guesses(list(values), pa.table(values))["Carer - NHS number"]
    assert guess.confidence <= 0.4


def test_a_heading_under_an_unknown_group_is_asked_about():
    [guess] = guess_mapping(["Previous - Surname"], PEOPLE).guesses
    assert (guess.field, guess.how) == ("surname", HowMapped.SIMILAR)
    assert 0.4 < guess.confidence < 0.9


def test_the_persons_own_column_comes_before_the_carers():
    found = guesses(["Carer - Surname", "Patient - Surname", "GP - Surname"])
    assert found["Patient - Surname"].field == "surname"
    assert found["Carer - Surname"].field is None
    found = guesses(["Patient - Surname", "Surname"])
    assert (found["Surname"].how, found["Surname"].field) == (HowMapped.EXACT, "surname")


def test_a_houses_name_is_no_persons_name():
    standard = load_standard("messy-sample")
    [guess] = guess_mapping(["Address - Full name"], standard).guesses
    assert guess.how is not HowMapped.SYNONYM


def test_a_field_of_its_own_for_the_carer_is_known_by_the_whole_heading(tmp_path):
    (tmp_path / "mine.json").write_text(
        '{"fields": [{"name": "carer_surname"}, {"name": "surname", "sharewell:type": "person-name"}]}'
    )
    mapping = guess_mapping(["Carer - Surname", "Surname"], load_standard(str(tmp_path / "mine.json")))
    assert [(each.field, each.how) for each in mapping.guesses] == [
        ("carer_surname", HowMapped.EXACT),
        ("surname", HowMapped.EXACT),
    ]


def test_a_heading_is_known_in_a_nested_object_of_json_or_xml():
    found = guesses(["name.First name", "name.surname", "patient.dob", "address.postcode", "gp.surname"])
    assert [guess.field for guess in found.values()][:4] == [
        *("first_name", "surname", "date_of_birth", "postcode"),
    ]
    assert {guess.how for guess in list(found.values())[:4]} == {HowMapped.SYNONYM}
    assert found["gp.surname"].field is None


@pytest.mark.parametrize("heading", ["D.O.B.", "Tel. No", "N.H.S", "v1.2", ".name", "a.b"])
def test_a_dot_that_parts_no_words_makes_no_group(heading):
    assert part_heading(heading) == ("", heading, About.NO_GROUP)


def test_contact_is_the_persons_own_where_it_names_nobody():
    found = guesses(["Patient - Surname", "Contact details - Phone", "Contact details - Post code"])
    assert {guess.how for guess in found.values()} == {HowMapped.SYNONYM}
    assert found["Contact details - Post code"].field == "postcode"


@pytest.mark.parametrize("name", ["Surname", "Name", "Forename"])
def test_a_contact_with_a_name_is_somebody_and_is_asked_about(name):
    found = guesses([f"Contact - {name}", "Contact - Phone", "Contact - Post code"])
    assert not {HowMapped.SYNONYM, HowMapped.EXACT} & {guess.how for guess in found.values()}


def test_a_first_record_in_words_is_never_taken_for_names(tmp_path):
    rows = ["Client,,Address,,Postcode,Phone", "Smith,John,York,Yorkshire,Unknown,"]
    rows += ["Jones,Ann,Leeds,Yorkshire,LS1 4AA,01132000000"] * 20
    path = tmp_path / "list.csv"
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    read = read_source(path, DuckDB(), "raw")
    assert read.facts.records == 21
    assert not [name for name in read.facts.columns if "Smith" in name]
