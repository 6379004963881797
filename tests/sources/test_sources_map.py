"""What columns mean: certain, guessed, confirmed; and nothing goes unattended that was only guessed."""

from __future__ import annotations

import shlex

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sharewell.sources.map import (
    apply_mapping,
    fingerprint,
    guess_mapping,
    load_confirmed,
    require_certain,
    save_confirmed,
)
from sharewell.sources.standards import load_standard
from sharewell.sources.terms import HowMapped
from sharewell.vocab.errors import FolderReadOnly, MappingUnconfirmed, StandardInvalid, UnknownColumn

PEOPLE = load_standard("people")


def by_column(mapping):
    return {guess.column: (guess.field, guess.how) for guess in mapping.guesses}


@pytest.mark.parametrize(
    ("column", "field", "how"),
    [
        ("surname", "surname", HowMapped.EXACT),
        ("First Name", "first_name", HowMapped.EXACT),
        ("Last name", "surname", HowMapped.SYNONYM),
        ("D.O.B.", "date_of_birth", HowMapped.SYNONYM),
        ("POST CODE", "postcode", HowMapped.EXACT),
        ("Surnames", "surname", HowMapped.SIMILAR),
        ("Dat of birth", "date_of_birth", HowMapped.SIMILAR),
        ("favourite colour", None, HowMapped.NOTHING),
    ],
)
def test_a_heading_is_matched_by_name_synonym_or_likeness(column, field, how):
    assert by_column(guess_mapping([column], PEOPLE)) == {column: (field, how)}


@pytest.mark.parametrize(
    ("values", "field"),
    [
        (["BN1 1AA", "bn11ab", "M1 1AE", "SW1A 1AA"], "postcode"),
        (["a@b.org", "c@d.org.uk", "e.f@g.net"], "email"),
        (["100023336956", "10001234567", "10009876543"], "uprn"),
        (["red", "blue", "green"], None),
        (["1", "2", "3", "4"], None),
    ],
)
def test_a_strange_heading_is_guessed_by_its_values(values, field):
    mapping = guess_mapping(["zzz"], PEOPLE, pa.table({"zzz": values}))
    [guess] = mapping.guesses
    assert guess.field == field
    assert not mapping.is_certain
    assert guess.confidence < 1


def test_a_number_of_the_health_service_is_told_from_a_property():
    sample = pa.table(
        {"a": _valid_nhs_numbers(), "b": ["10001234567"] * 9 + [str(10001234560 + n) for n in range(11)]}
    )
    assert by_column(guess_mapping(["a", "b"], PEOPLE, sample)) == {
        "a": ("nhs_number", HowMapped.VALUES),
        "b": ("uprn", HowMapped.VALUES),
    }


def _valid_nhs_numbers():
    from sharewell.vocab.identifiers import is_nhs_number

    return [str(n) for n in range(9990000000, 9990000400) if is_nhs_number(str(n))][:20]


def test_two_columns_never_take_one_field_and_the_exact_name_wins():
    found = by_column(guess_mapping(["Forename", "first_name", "Given name"], PEOPLE))
    assert found["first_name"] == ("first_name", HowMapped.EXACT)
    assert [found[name][0] for name in ("Forename", "Given name")].count("first_name") == 0


@given(
    st.lists(
        st.sampled_from(["Forename", "first_name", "FIRST NAME ", "Surnam", "surname", "x", "Sex", "Gender"]),
        unique=True,
    )
)
def test_no_field_is_given_twice_whatever_the_headings(columns):
    mapping = guess_mapping(columns, PEOPLE)
    fields = [guess.field for guess in mapping.guesses if guess.field]
    assert len(fields) == len(set(fields))
    assert [guess.column for guess in mapping.guesses] == columns


def test_guesses_stand_in_the_order_of_the_file():
    columns = ["x", "surname", "Surnam", "first_name"]
    assert [guess.column for guess in guess_mapping(columns, PEOPLE).guesses] == columns


def test_what_a_person_confirmed_wins_and_none_leaves_a_column_out():
    mapping = guess_mapping(["surname", "zzz"], PEOPLE, confirmed={"zzz": "surname", "surname": None})
    assert mapping.is_certain
    assert by_column(mapping) == {
        "surname": (None, HowMapped.CONFIRMED),
        "zzz": ("surname", HowMapped.CONFIRMED),
    }


@pytest.mark.parametrize("confirmed", [{"a": "no_such_field"}, {"a": "surname", "b": "surname"}])
def test_a_confirmation_that_cannot_be_is_refused(confirmed):
    with pytest.raises(UnknownColumn):
        guess_mapping(["a", "b"], PEOPLE, confirmed=confirmed)


def test_a_guess_stops_the_flow_with_the_command_that_confirms_it():
    mapping = guess_mapping(["surname", "Dat of birth", "favourite colour"], PEOPLE)
    with pytest.raises(MappingUnconfirmed) as caught:
        require_certain(mapping, "list.csv")
    assert "'Dat of birth' may be date_of_birth" in caught.value.what
    assert "'favourite colour'" in caught.value.what
    command = caught.value.next_step.partition("`")[2].rpartition("`")[0]
    assert shlex.split(command) == [
        *("sharewell", "map", "list.csv", "--standard", "people"),
        *("--set", "Dat of birth=date_of_birth", "--leave-out", "favourite colour", "--confirm"),
    ]


def test_of_ten_thousand_doubtful_columns_the_first_are_named():
    mapping = guess_mapping([f"Measure {number}" for number in range(10_000)], PEOPLE)
    with pytest.raises(MappingUnconfirmed, match=r"10000 columns must be confirmed.*9,960 more") as caught:
        require_certain(mapping, "list.csv", options=["--sheet", "2"])
    assert "`sharewell map list.csv --sheet 2 --standard people`" in caught.value.next_step
    assert len(str(caught.value)) < 10_000


def test_a_certain_mapping_goes_unattended():
    mapping = guess_mapping(["surname", "Forename"], PEOPLE)
    assert require_certain(mapping, "list.csv") is mapping


def test_every_field_of_the_standard_comes_out_as_text(read):
    found = read("Last name,favourite colour,line\nSmith,red,4\n,blue,5\n")
    mapping = guess_mapping(
        found.facts.columns, PEOPLE, confirmed={"favourite colour": None, "line_in_file": None}
    )
    mapped = apply_mapping(found.kept, mapping, PEOPLE, "mapped")
    assert mapped.columns == ("source_row", "line", *PEOPLE.names)
    first, second = mapped.arrow().to_pylist()
    assert (first["source_row"], first["line"], first["surname"], first["postcode"]) == (1, 2, "Smith", None)
    assert second["surname"] == ""
    assert {str(kind) for kind in mapped.arrow().schema.types[2:]} == {"string"}


def test_a_mapping_of_another_file_is_refused(read):
    found = read("id,name\n1,Ann\n")
    with pytest.raises(UnknownColumn, match="surname"):
        apply_mapping(found.kept, guess_mapping(["surname"], PEOPLE), PEOPLE, "mapped")


def test_what_was_confirmed_is_kept_for_the_next_delivery_in_any_order(tmp_path):
    columns = ["Zzz", "surname", "£ note"]
    path = save_confirmed(
        tmp_path, "people", columns, {"Zzz": "postcode", "surname": "surname", "£ note": None}
    )
    assert path.parent == tmp_path / "mappings"
    assert load_confirmed(tmp_path, "people", ["SURNAME", "zzz", "£ note"]) == {
        "SURNAME": "surname", "zzz": "postcode", "£ note": None,
    }  # fmt: skip
    assert load_confirmed(tmp_path, "people", [*columns, "new"]) is None
    assert load_confirmed(tmp_path, "food-hub", columns) is None
    assert [item.name for item in path.parent.iterdir()] == [path.name]


def test_the_fingerprint_is_of_the_headings():
    assert fingerprint(["A b", "c"]) == fingerprint(["C", "a_b"])
    assert fingerprint(["a", "b"]) != fingerprint(["ab"])


def test_a_damaged_confirmation_asks_again_and_does_not_guess(tmp_path):
    save_confirmed(tmp_path, "people", ["a"], {"a": None}).write_text("columns: [1")
    with pytest.raises(StandardInvalid):
        load_confirmed(tmp_path, "people", ["a"])


def test_a_folder_that_cannot_be_written_is_said(tmp_path):
    (tmp_path / "mappings").write_text("a file in the way")
    with pytest.raises(FolderReadOnly):
        save_confirmed(tmp_path, "people", ["a"], {"a": None})
