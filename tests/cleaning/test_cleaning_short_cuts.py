"""The rules' short cuts for the commonest forms come to the same as the long way round."""

from __future__ import annotations

import re
import unicodedata

from hypothesis import given, settings
from hypothesis import strategies as st

from sharewell.cleaning.rules import amounts, dates, encodings, identifiers, postcodes, text
from sharewell.cleaning.rules.encodings import (
    decode_entities,
    decode_escapes,
    from_c1,
    half_width,
    latin_words,
    reread,
)
from sharewell.vocab.identifiers import is_nhs_number

PLAIN = st.text(alphabet=[chr(code) for code in range(32, 127)] + list("£−–’"), max_size=12)
CHANGES = (
    *(reread, from_c1, decode_entities, decode_escapes, half_width, latin_words, text.drop_invisible),
    lambda value: unicodedata.normalize("NFC", value),
)


@settings(max_examples=300, deadline=None)
@given(PLAIN)
def test_nothing_but_its_spaces_is_mended_in_plain_text(value: str) -> None:
    if text.is_plain(value):
        assert [change for change in CHANGES if change(value) != value] == []
        assert text.tidy(value).text == text.single_spaced(value)


@settings(max_examples=200, deadline=None)
@given(st.from_regex(dates._BARE, fullmatch=True))
def test_nothing_stands_round_a_bare_date(value: str) -> None:
    draft = dates._bare(value)
    assert isinstance(draft, text.Draft)
    assert (draft.text, draft.rules) == (value, [])


@settings(max_examples=200, deadline=None)
@given(st.from_regex(identifiers._BARE, fullmatch=True))
def test_a_bare_number_needs_no_unwrapping(value: str) -> None:
    long_way = text.Draft(value)
    identifiers.take_off_wrapping(long_way)
    assert (long_way.text, long_way.rules) == (value, [])


@settings(max_examples=200, deadline=None)
@given(st.from_regex(identifiers._IN_THREES, fullmatch=True))
def test_an_nhs_number_in_threes_is_decided_as_any_other(value: str) -> None:
    other = value[:3] + " " + value[4:7] + "-" + value[8:]
    short, long_way = identifiers._decide_nhs_number(value), identifiers._decide_nhs_number(other)
    assert short == long_way


@settings(max_examples=200, deadline=None)
@given(st.from_regex(postcodes._UNSPACED, fullmatch=True))
def test_a_postcode_without_its_space_is_decided_as_any_other(value: str) -> None:
    assert postcodes._decide_postcode(value) == postcodes.decide_mended(value)


@settings(max_examples=200, deadline=None)
@given(st.from_regex(amounts._IN_POUNDS, fullmatch=True))
def test_an_amount_in_pounds_is_decided_as_any_other(value: str) -> None:
    assert amounts._decide_number(value) == amounts.decide_amount(value)


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=8), st.sampled_from(["cp1252", "mac_roman", "cp850", "cp437", "latin-1"]))
def test_whatever_was_misread_is_looked_at(value: str, codec: str) -> None:
    seen = value.encode().decode(codec, "ignore")
    words = [word for word in re.findall("[^ ,]+", seen) if encodings._reread(word) != word]
    if words or encodings._reread(seen) != seen:
        assert encodings._MAYBE_MISREAD.search(seen)


@given(st.text(alphabet="0123456789", min_size=10, max_size=10))
def test_the_check_digit_is_that_of_the_data_dictionary(number: str) -> None:
    remainder = sum(int(digit) * weight for digit, weight in zip(number, range(10, 1, -1), strict=False)) % 11
    assert is_nhs_number(number) == ((11 - remainder) % 11 == int(number[9]))


def test_no_mark_for_nothing_opens_with_a_digit() -> None:
    marks = text.NOTHING | text.NOTHING_IN_TEXT | text.SPREADSHEET_ERRORS
    assert not [mark for mark in marks if mark[0].isdigit()]
    assert all(mark.startswith("#") for mark in text.SPREADSHEET_ERRORS)


def test_the_order_of_figures_is_the_order_of_the_date() -> None:
    from sharewell.cleaning.rules.calendar import order_of, order_of_figures

    pairs = [(first, second) for first in range(33) for second in range(33)]
    assert all(order_of(f"{one}/{two}/1990") == order_of_figures(one, two) for one, two in pairs)
