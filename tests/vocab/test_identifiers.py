"""The numbers that point at one person or place."""

from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sharewell.vocab.identifiers import (
    NINO,
    UPN,
    UPN_LETTERS,
    UPRN,
    NHSNumber,
    PersonRef,
    Postcode,
    is_nhs_number,
    is_nino,
    is_postcode,
    is_upn,
    is_uprn,
    is_usrn,
    upn_check_letter,
)


@pytest.mark.parametrize("right", ["9434765919", "4010232137", "9999999999"])
def test_an_nhs_number_ends_in_its_check_digit(right: str) -> None:
    assert is_nhs_number(right)


@pytest.mark.parametrize(
    "wrong",
    ["9434765918", "943476591", "94347659190", "943 476 5919", "", "943476591X", "９４３４７６５９１９"],
)
def test_what_is_not_an_nhs_number_is_refused(wrong: str) -> None:
    assert not is_nhs_number(wrong)


@given(st.text("0123456789", min_size=9, max_size=9))
def test_at_most_one_check_digit_makes_nine_digits_an_nhs_number(nine: str) -> None:
    assert sum(is_nhs_number(nine + digit) for digit in string.digits) <= 1


@given(st.text("0123456789", min_size=9, max_size=9), st.integers(0, 9), st.integers(1, 9))
def test_a_wrong_digit_is_always_noticed(nine: str, place: int, change: int) -> None:
    for number in (nine + digit for digit in string.digits if is_nhs_number(nine + digit)):
        wrong = str((int(number[place]) + change) % 10)
        assert not is_nhs_number(number[:place] + wrong + number[place + 1 :])


@pytest.mark.parametrize("right", ["AB123456C", "OA123456D", "ZY000000A"])
def test_national_insurance_numbers_that_could_be_issued_pass(right: str) -> None:
    assert is_nino(right)


@pytest.mark.parametrize(
    "wrong",
    ["BG123456A", "TN123456A", "DA123456A", "AO123456A", "QQ123456A", "AB123456E", "ab123456c", "AB12345C"],
)
def test_national_insurance_numbers_never_issued_fail(wrong: str) -> None:
    assert not is_nino(wrong)


@given(st.text("0123456789", min_size=12, max_size=12))
def test_a_upn_has_exactly_one_right_letter(twelve: str) -> None:
    assert [letter for letter in UPN_LETTERS if is_upn(letter + twelve)] == [upn_check_letter(twelve)]


def test_a_temporary_upn_counts_its_last_letter_by_its_place_in_the_check_alphabet() -> None:
    assert is_upn(upn_check_letter("80120000100B") + "80120000100B")
    assert not is_upn("S801200001001")


@pytest.mark.parametrize("right", ["1", "10023456789", "999999999999"])
def test_uprns_are_whole_numbers_of_at_most_twelve_digits(right: str) -> None:
    assert is_uprn(right)
    assert is_usrn(right[:8])


@pytest.mark.parametrize("wrong", ["0", "0123", "-1", "1234567890123", "1.0", ""])
def test_what_is_not_a_uprn_is_refused(wrong: str) -> None:
    assert not is_uprn(wrong)
    assert not is_usrn(wrong)


@pytest.mark.parametrize(
    "right",
    ["M1 1AE", "B33 8TH", "CR2 6XH", "DN55 1PT", "W1A 0AX", "EC1A 1BB", "GIR 0AA", "BF1 1AA", "JE2 3AB"],
)
def test_every_shape_of_british_postcode_passes(right: str) -> None:
    assert is_postcode(right)


@pytest.mark.parametrize(
    "wrong", ["M11AE", "m1 1ae", "QQ1 1QQ", "B?1 4AB", "M1 1CE", "ZZ99 3VZ", "M1  1AE", "M1 1AE\n"]
)
def test_what_is_not_a_postcode_is_refused(wrong: str) -> None:
    assert not is_postcode(wrong)


def test_a_parsed_identifier_is_text_that_its_repr_hides() -> None:
    number = NHSNumber.parse("9434765919")
    assert number == "9434765919"
    assert repr(number) == "NHSNumber(…)"


@pytest.mark.parametrize("kind", [NHSNumber, NINO, UPN, UPRN, Postcode, PersonRef])
def test_a_value_that_does_not_parse_is_not_quoted(kind: type[NHSNumber]) -> None:
    with pytest.raises(ValueError, match="not a valid") as refused:
        kind.parse("canary value")
    assert "canary" not in str(refused.value)


def test_a_postcode_knows_its_outward_part_and_its_sector() -> None:
    postcode = Postcode.parse("SW1A 1AA")
    assert (postcode.outward, postcode.sector) == ("SW1A", "SW1A 1")


def test_a_person_ref_may_be_shown() -> None:
    assert repr(PersonRef.parse("P0123456789ABCDEF")) == "PersonRef('P0123456789ABCDEF')"
    with pytest.raises(ValueError, match="person reference"):
        PersonRef.parse("P0123456789ABCDEI")
