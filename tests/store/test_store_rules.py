from __future__ import annotations

from pathlib import PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sharewell.store.rules import folder_name
from sharewell.store.wrapping import unwrap, wrap
from sharewell.vocab.errors import KeyMissing

KEY = b"k" * 32


@pytest.mark.parametrize("code", ["barking", "RF4", "E06000008", "housing_association", "org-1"])
def test_a_plain_code_is_its_own_folder(code):
    assert folder_name(code) == code


@given(st.text())
def test_no_code_climbs_out_of_the_records_folder(code):
    name = folder_name(code)
    assert name.isascii()
    assert "/" not in name and "\\" not in name and not name.startswith(".")
    assert PurePosixPath("records", name).parent == PurePosixPath("records")
    assert len(name) <= 63


@given(st.lists(st.text(), unique=True, max_size=20))
def test_no_two_codes_share_a_folder(codes):
    assert len({folder_name(code) for code in codes}) == len(codes)


@given(st.binary(min_size=1, max_size=64), st.text(), st.text())
def test_a_wrapped_key_opens_for_its_own_purpose_and_owner(key, purpose, owner):
    assert unwrap(wrap(key, KEY, purpose, owner), KEY, purpose, owner) == key


@given(
    st.tuples(st.text(max_size=5), st.text(max_size=5)),
    st.tuples(st.text(max_size=5), st.text(max_size=5)),
)
def test_a_wrapped_key_opens_for_no_other_purpose_or_owner(mine, other):
    if mine != other:
        with pytest.raises(KeyMissing):
            unwrap(wrap(KEY, KEY, *mine), KEY, *other)


@given(st.integers(min_value=0, max_value=59), st.integers(min_value=0, max_value=7))
def test_a_wrapped_key_with_one_bit_changed_does_not_open(byte, bit):
    wrapped = bytearray(wrap(KEY, KEY, "organisation", "council"))
    wrapped[byte] ^= 1 << bit
    with pytest.raises(KeyMissing):
        unwrap(bytes(wrapped), KEY, "organisation", "council")


def test_a_truncated_wrapped_key_does_not_open():
    for length in (0, 5, 12, 20):
        with pytest.raises(KeyMissing):
            unwrap(wrap(KEY, KEY, "log", "")[:length], KEY, "log", "")
