"""Small counts are hidden so that no other count betrays them; shapes, lengths, months are told plainly."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sharewell.cleaning.profile import rules
from sharewell.cleaning.profile.kinds import Seen, kind_of, may_show_values
from sharewell.cleaning.profile.terms import Fill, Tally
from sharewell.sources.terms import Field, FieldType
from sharewell.vocab.sensitivity import Sensitivity

COUNTS = st.dictionaries(st.text("abcdef", min_size=1, max_size=3), st.integers(1, 5_000), max_size=12)


@pytest.mark.parametrize(
    ("rows", "shown"), [(0, 0), (1, None), (7, None), (8, 10), (12, 10), (13, 15), (9_998, 10_000)]
)
def test_counts_from_1_to_7_are_hidden_and_others_told_to_the_nearest_5(rows: int, shown: int | None):
    assert rules.shown_count(rows) == shown


def test_a_few_blanks_hide_the_filled_too_and_say_the_same_whatever_they_are():
    assert {rules.fill_of(100, blanks) for blanks in range(1, 8)} == {Fill(None, None, 0.93, "at least")}
    assert {rules.fill_of(100, 100 - filled) for filled in range(1, 8)} == {Fill(None, None, 0.07, "at most")}


def test_a_full_an_empty_and_a_half_filled_column_are_told():
    assert rules.fill_of(100, 0) == Fill(100, 0, 1.0)
    assert rules.fill_of(100, 100) == Fill(0, 100, 0.0)
    assert rules.fill_of(100, 52) == Fill(50, 50, 0.5)
    assert rules.fill_of(7, 0) == Fill(None, None, None)


@given(COUNTS)
def test_no_count_from_1_to_7_is_shown_or_left_over(counts: dict[str, int]):
    told = rules.pooled(counts)
    assert all(tally.rows >= rules.SMALLEST - 3 for tally in told.shown)
    assert told.pooled_rows is None or told.pooled_rows == 0 or told.pooled_rows >= rules.SMALLEST
    assert len(told.shown) + told.pooled == len(counts)
    if told.pooled_rows is None and told.shown:
        left_over = sum(counts.values()) - sum(rules.rounded(counts[t.label]) for t in told.shown[1:])
        assert left_over - told.shown[0].rows >= rules.SMALLEST - 1 - 3 * len(told.shown)


@given(st.integers(1_000, 9_000), st.integers(8, 900))
def test_what_is_told_beside_a_small_count_is_the_same_whatever_it_is(great: int, other: int):
    whole = great + 7
    told = {rules.pooled({"a": whole - small, "b": other, "c": small}) for small in range(1, 8)}
    assert len(told) == 1


def test_the_next_smallest_joins_a_pool_that_is_too_small():
    told = rules.pooled({"a": 90, "b": 40, "c": 3})
    assert (told.shown, told.pooled, told.pooled_rows) == ((Tally("a", 90),), 2, 45)


def test_months_become_years_where_they_are_too_many():
    assert rules.binned_months({"2024-01": 9, "2024-03": 20})[0] == "month"
    unit, years = rules.binned_months({"1950-01": 9, "1950-02": 9, "2024-03": 20})
    assert (unit, years) == ("year", {"1950": 18, "2024": 20})


def test_a_lone_odd_year_does_not_turn_months_into_years():
    assert rules.binned_months({"1900-01": 1, "2024-03": 20, "2024-04": 20})[0] == "month"


def test_many_lengths_are_put_in_ranges():
    assert list(rules.binned_lengths({1: 2, 9: 3})) == ["1", "9"]
    assert list(rules.binned_lengths({10: 2, 90: 3})) == ["10 to 14", "90 to 94"]


@pytest.mark.parametrize(
    ("shape", "shown"),
    [
        ("AA9 9AA", "AA9 9AA"),
        (" 999 ", "[space]999[space]"),
        ("9\u00a09", "9[no-break space]9"),
        ("a\x00", "a[other sign]"),
        ("a" * 60, "a" * 39 + "…"),
    ],
)
def test_shapes_show_what_cannot_be_seen(shape: str, shown: str):
    assert rules.written_shape(shape) == shown


@pytest.mark.parametrize(
    ("number", "told"), [(0, 0), (1234.5, 1200), (-987, -990), (0.0456, 0.046), (float("inf"), 0)]
)
def test_ranges_are_told_to_two_figures(number: float, told: float):
    assert rules.two_figures(number) == pytest.approx(told)


# --- what a column holds, and what of it may be seen ----------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "shape", "sample"),
    [
        (FieldType.DATE, "99/99/9999", ["01/02/2025"]),
        (FieldType.DATE, "99 Aa 9999", ["01 May 2025"]),
        (FieldType.DATETIME, "9999-99-99 99:99:99", ["2025-01-01 10:00:00"]),
        (FieldType.POSTCODE, "AA9 9AA", ["LS1 4AP"]),
        (FieldType.EMAIL, "a@a.a", ["ann@example.org"]),
        (FieldType.NHS_NUMBER, "9999999999", ["943 476 5919"]),
        (FieldType.NINO, "AA999999A", ["AB123456C"]),
        (FieldType.PHONE, "99999 999999", ["07700 900123"]),
        (FieldType.INTEGER, "9999", ["1234", "9999"]),
        (FieldType.NUMBER, "-99.99", ["-12.50"]),
        (FieldType.TEXT, "Aa Aa", ["Ann Lee"]),
    ],
)
def test_a_columns_kind_is_told_by_its_values(kind: FieldType, shape: str, sample: list[str]):
    assert kind_of(Seen({shape: 90, "Aa": 10}, distinct=90, filled=100, sample=sample)) is kind


def test_few_short_values_that_repeat_are_codes():
    assert kind_of(Seen({"A": 100}, 3, 100, ["A", "B", "C"])) is FieldType.CODE
    assert kind_of(Seen({"A": 100}, 2, 100, ["Y", "N"])) is FieldType.BOOLEAN


@pytest.mark.parametrize(
    ("sensitivity", "categories", "may"),
    [
        (Sensitivity.OPEN, {}, True),
        (Sensitivity.PERSONAL, {}, False),
        (Sensitivity.QUASI, {"1": ("Male",)}, True),
        (Sensitivity.SPECIAL, {"A": ("Asthma",)}, False),
        (Sensitivity.CRIMINAL, {"Y": ()}, False),
        (Sensitivity.DIRECT, {"Y": ()}, False),
    ],
)
def test_values_are_shown_only_where_the_standard_lets_them(
    sensitivity: Sensitivity, categories: dict[str, tuple[str, ...]], may: bool
):
    field = Field("x", FieldType.CODE, "X", categories=categories, sensitivity=sensitivity)
    assert may_show_values(field) is may
    assert may_show_values(None) is False
