"""The shipped standards hold what real lists hold, and a broken standard says where it is broken."""

from __future__ import annotations

import json

import pytest

from sharewell.sources.map import guess_mapping
from sharewell.sources.rules import normal_heading
from sharewell.sources.schema import parse_standard
from sharewell.sources.standards import SHIPPED, every_standard, load_standard, shipped_standards
from sharewell.sources.table_schema import as_table_schema
from sharewell.sources.terms import FieldType, OnFailure, Role
from sharewell.vocab.errors import StandardInvalid, StandardMissing
from sharewell.vocab.sensitivity import Sensitivity

NOBODYS = {"care-home-return", "address-gazetteer"}
LISTS = {
    *(
        "shielded-patient-list",
        "shielding-support-submissions",
        "contact-tracing",
        "food-hub",
        "school-census",
    ),
    *("free-school-meals", "council-tax", "council-tax-support", "assisted-bins", "adult-social-care"),
    *("address-gazetteer", "housing-tenancy", "homelessness", "childrens-social-care", "electoral-roll"),
    *("gp-register", "personal-demographics", "care-home-return", "messy-sample"),
}
REAL_HEADERS = {
    "shielded-patient-list": (
        "Traced_NHSNUMBER PatientFirstName PatientOtherName PatientSurname DateOfBirth "
        "PatientAddress_Line1 PatientAddress_Line2 PatientAddress_Line3 PatientAddress_Line4 "
        "PatientAddress_Line5 PatientAddress_PostCode PatientEmailAddress mobile landline "
        "DateOfDeath Flag_PDSInformallyDeceased oslaua oscty Data_Source category InceptionDate "
        "SPL_Version uprn"
    ),
    "shielding-support-submissions": (
        "ID nhs_number first_name middle_name last_name date_of_birth address_line1 address_line2 "
        "address_town_city address_postcode address_uprn contact_number_calls contact_number_texts "
        "contact_email uid_submission submission_datetime "
        "are_you_applying_on_behalf_of_someone_else have_you_received_an_nhs_letter "
        "do_you_want_supermarket_deliveries need_someone_to_contact_you_about_local_support "
        "do_you_have_one_of_the_listed_medical_conditions "
        "do_you_have_someone_to_go_shopping_for_you ladcode active_status spl_category "
        "spl_address_line1 spl_address_line2 spl_address_line3 spl_address_line4 spl_address_line5 "
        "spl_address_postcode spl_address_uprn"
    ),
    "contact-tracing": (
        "Account ID|NHS Number|Forename|Surname|Gender|Date of Birth|House Number|Postcode|Email|"
        "Phone|Phone2|First Symptomatic At|Date Tested|Comments|Date Updated|Date Time Extracted|"
        "UTLA"
    ),
    "food-hub": (
        "First name|Surname|d.o.b|Help Request Type|Address Line 1|Address Line 2|City|Postcode|"
        "Email|Phone number|Phone number 2|UPRN|Subtype|Case Note 1|Case Note 2|Case Note 3|"
        "Case Note 4"
    ),
    "messy-sample": (
        "record_id nhs_number nino upn full_name date_of_birth sex address postcode uprn phone balance"
    ),
    "historical-figures": (
        "unique_id cluster full_name first_and_surname first_name surname dob birth_place "
        "postcode_fake gender occupation"
    ),
}


@pytest.mark.parametrize("name", REAL_HEADERS)
def test_the_columns_of_real_lists_are_known_word_for_word(name):
    text = REAL_HEADERS[name]
    columns = text.split("|") if "|" in text else text.split()
    mapping = guess_mapping(columns, load_standard(name))
    assert [guess.column for guess in mapping.guesses if guess.field is None] == []
    assert mapping.is_certain


def test_the_renamed_columns_of_a_wild_extract_are_known():
    columns = "Record ID|NHS Number|NI No.|UPN|Full Name|D.O.B.|Sex (code)|"
    columns += "Address|Post Code|UPRN|Tel. No|Balance (£)"
    mapping = guess_mapping(columns.split("|"), load_standard("messy-sample"))
    assert mapping.is_certain
    assert len({guess.field for guess in mapping.guesses}) == 12


@pytest.mark.parametrize("name", shipped_standards())
def test_every_shipped_standard_is_whole(name):
    standard = load_standard(name)
    assert standard.name == name
    assert standard.description.endswith(".")
    names = {Role.FIRST_NAME, Role.SURNAME, Role.FULL_NAME, Role.NHS_NUMBER}
    for field in standard.fields:
        assert field.title
        assert field.role not in names or field.sensitivity is Sensitivity.DIRECT
        assert not field.required or field.on_failure is OnFailure.SET_ASIDE
        assert field.role is not Role.PHONE or field.type is FieldType.PHONE
    single = set(Role) - {Role.ADDRESS_LINE, Role.PHONE, Role.EMAIL}
    assert all(len(standard.with_role(role)) <= 1 for role in single)
    assert name in NOBODYS or any(standard.with_role(role) for role in names)
    assert name in {*NOBODYS, "historical-figures"} or standard.with_role(Role.ADDRESS_LINE)


@pytest.mark.parametrize("name", shipped_standards())
def test_every_field_has_an_example_synonyms_and_a_sensitivity(name):
    document = json.loads((SHIPPED / f"{name}.json").read_text())
    for field in document["fields"]:
        assert field["example"], field["name"]
        assert field["sharewell:synonyms"], field["name"]
        assert field["sharewell:sensitivity"], field["name"]
    assert load_standard(name).version


def test_every_list_that_services_hold_has_its_standard():
    assert set(shipped_standards()) >= LISTS


@pytest.mark.parametrize("name", shipped_standards())
def test_a_standard_written_and_read_again_is_the_same(name):
    document = as_table_schema(load_standard(name))
    assert parse_standard(document, name) == load_standard(name)
    assert document == json.loads((SHIPPED / f"{name}.json").read_text())


def test_flags_that_agreements_turn_on_are_there():
    assert load_standard("council_tax").field("single_person_discount").type is FieldType.BOOLEAN
    register = load_standard("gp-register")
    assert register.with_role(Role.OBJECTION)
    assert register.with_role(Role.PROTECTED)


def test_people_of_the_past_have_no_bounds_on_their_dates():
    [born] = load_standard("historical-figures").with_role(Role.DATE_OF_BIRTH)
    assert (born.earliest, born.latest) == (None, None)
    assert [f.name for f in load_standard("historical-figures").fields if f.required] == ["unique_id"]


def test_an_underscore_or_a_hyphen_names_the_same_standard():
    assert load_standard("shielded_patient_list") == load_standard("shielded-patient-list")


@pytest.mark.parametrize("name", ["no-such-list", "", "../people", "/etc/passwd", "people.json"])
def test_a_standard_that_is_not_there_is_refused(name, tmp_path):
    with pytest.raises(StandardMissing):
        load_standard(name, tmp_path)


def test_a_places_own_standard_comes_first(tmp_path):
    document = json.loads((SHIPPED / "people.json").read_text())
    (tmp_path / "people.json").write_text(json.dumps({**document, "version": "2.0"}))
    (tmp_path / "meals.json").write_text(json.dumps({**document, "name": "meals"}))
    assert load_standard("people", tmp_path).version == "2.0"
    assert "meals" in every_standard(tmp_path)
    assert load_standard("people").version == "1.0"


@pytest.mark.parametrize(
    ("change", "field", "key"),
    [
        ({"name": "other"}, None, "name"),
        ({"version": None}, None, "version"),
        ({"title": ""}, None, "title"),
        ({"fields": []}, None, "fields"),
        ({"fields": ["name"]}, None, "fields[1]"),
        ({"fields": [{"name": "First Name"}]}, "First Name", "name"),
        ({"fields": [{"name": "source_row"}]}, "source_row", "name"),
        ({"fields": [{"title": "x"}]}, "field 1", "name"),
        ({"fields": [{"name": "a"}, {"name": "a"}]}, "a", "name"),
        ({"fields": [{"name": "a", "type": "text"}]}, "a", "type"),
        ({"fields": [{"name": "a", "sharewell:type": "uk.nhs"}]}, "a", "sharewell:type"),
        ({"fields": [{"name": "a", "sharewell:role": "name"}]}, "a", "sharewell:role"),
        ({"fields": [{"name": "a", "sharewell:onFailure": "drop"}]}, "a", "sharewell:onFailure"),
        ({"fields": [{"name": "a", "sharewell:sensitivity": "secret"}]}, "a", "sharewell:sensitivity"),
        ({"fields": [{"name": "a", "sharewell:synonyms": "b"}]}, "a", "sharewell:synonyms"),
        ({"fields": [{"name": "a", "sharewell:synonym": ["b"]}]}, "a", "sharewell:synonym"),
        ({"fields": [{"name": "a", "sharewell:earliest": "01/01/1900"}]}, "a", "sharewell:earliest"),
        ({"fields": [{"name": "a", "constraints": {"required": "yes"}}]}, "a", "constraints.required"),
        ({"fields": [{"name": "a", "categories": {"1": "x"}}]}, "a", "categories"),
        ({"fields": [{"name": "a", "categories": [{"value": "1"}, {"value": "1"}]}]}, "a", "categories"),
        ({"fields": [{"name": "a", "sharewell:synonyms": ["B"]}, {"name": "b"}]}, "a", "sharewell:synonyms"),
    ],
)
def test_a_broken_standard_names_its_file_field_and_key(tmp_path, change, field, key):
    whole = {"name": "mine", "version": "1", "title": "Mine", "fields": [{"name": "a"}]}
    (tmp_path / "mine.json").write_text(json.dumps({**whole, **change}))
    with pytest.raises(StandardInvalid) as caught:
        load_standard("mine", tmp_path)
    assert caught.value.where.file == "mine.json"
    assert caught.value.where.column == field
    assert f"'{key}'" in caught.value.what


def test_a_plain_table_schema_will_do(tmp_path):
    fields = [{"name": "born", "type": "date"}, {"name": "kind", "categories": ["a", "b"], "x": 1}]
    (tmp_path / "mine.json").write_text(
        json.dumps({"name": "mine", "version": "1", "title": "M", "fields": fields})
    )
    standard = load_standard("mine", tmp_path)
    assert [field.type for field in standard.fields] == [FieldType.DATE, FieldType.CODE]
    assert standard.fields[1].categories == {"a": (), "b": ()}


def test_a_file_that_is_no_json_is_refused(tmp_path):
    (tmp_path / "mine.json").write_text("{")
    with pytest.raises(StandardInvalid):
        load_standard("mine", tmp_path)


@pytest.mark.parametrize(
    ("text", "normal"), [("D.O.B.", "dob"), ("NI No.", "nino"), ("Señor £", "senor"), ("2nd_Line", "2ndline")]
)
def test_headings_are_compared_by_letters_and_digits_alone(text, normal):
    assert normal_heading(text) == normal
