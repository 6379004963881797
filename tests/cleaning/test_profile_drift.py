"""What changed since last time is told, one sentence each with its size; chance is not."""

from __future__ import annotations

from dataclasses import replace

from sharewell.cleaning.profile.drift import drifts
from sharewell.cleaning.profile.terms import ColumnProfile, Days, Fill, Profile, Range, Tallies, Tally


def tallies(**rows: int) -> Tallies:
    return Tallies(tuple(Tally(label.replace("_", " "), n) for label, n in rows.items()))


POSTCODE = ColumnProfile(
    name="Postcode",
    field="postcode",
    kind="uk.postcode",
    told_by="standard",
    fill=Fill(980, 20, 0.98),
    distinct=400,
    distinct_share=0.408,
    lengths=tallies(**{"7": 500, "8": 480}),
    shapes=tallies(**{"AA9 9AA": 900, "AA99 9AA": 80}),
)
SEEN = replace(
    POSTCODE,
    name="Seen",
    kind="date",
    days=Days("month", tallies(**{"2025-01": 400, "2025-02": 580})),
)
OWED = replace(POSTCODE, name="Owed", kind="number", range=Range(0, 50, 100))
LAST = Profile("march.csv", "csv", "clinic", 1_000, 0, (POSTCODE, SEEN, OWED))
NOW = replace(LAST, file="april.csv")


def told(now: Profile, last: Profile = LAST) -> list[str]:
    return [drift.text for drift in drifts(now, last)]


def with_column(**changed: object) -> Profile:
    return replace(NOW, columns=(replace(POSTCODE, **changed), SEEN, OWED))  # type: ignore[arg-type]


def test_the_same_again_has_no_drift():
    assert told(NOW) == []


def test_more_and_fewer_rows_are_told_with_their_size():
    assert told(replace(NOW, rows=1_300)) == ["The file has 1,300 rows and had 1,000: 30 % more."]
    assert told(replace(NOW, rows=500)) == ["The file has 500 rows and had 1,000: 50 % fewer."]
    assert told(replace(NOW, rows=1_040)) == []


def test_columns_that_come_go_or_move_are_told_first():
    extra = replace(POSTCODE, name="Notes")
    assert told(replace(NOW, columns=(POSTCODE, SEEN, extra)))[:2] == [
        "The column “Notes” is new.",
        "The column “Owed” is gone.",
    ]
    assert told(replace(NOW, columns=(SEEN, POSTCODE, OWED))) == ["The columns are in another order."]


def test_a_column_that_empties_is_told_in_points():
    emptied = with_column(fill=Fill(710, 290, 0.71))
    assert told(emptied) == ["Postcode: 71 % filled, 98 % last time (27 points fewer)."]


def test_a_column_that_repeats_more_is_told():
    [text] = told(with_column(distinct_share=0.2))
    assert text == "Postcode: 20 % distinct values, 41 % last time (21 points fewer)."


def test_a_new_shape_is_told():
    shapes = tallies(**{"AA9 9AA": 600, "AA99AA": 300, "AA99 9AA": 80})
    assert told(with_column(shapes=shapes)) == [
        "Postcode: the shape AA9 9AA is 61 % of values, 92 % last time (31 points fewer).",
        "Postcode: the shape AA99AA is new: 31 % of values, 0 % last time (31 points more).",
    ]


def test_ranges_that_move_are_told():
    days = Days("month", tallies(**{"2025-02": 400, "2025-03": 580}))
    assert told(replace(NOW, columns=(POSTCODE, replace(SEEN, days=days), OWED))) == [
        "Seen: dates run from 2025-02 to 2025-03; last time from 2025-01 to 2025-02"
        " (59 % lie where none did)."
    ]
    pennies = replace(OWED, range=Range(0, 5_000, 10_000))
    assert told(replace(NOW, columns=(POSTCODE, SEEN, pennies))) == [
        "Owed: nine in ten numbers lie from 0 to 10,000; last time from 0 to 100"
        " (moved by 9900 % of that range)."
    ]


def test_lengths_and_types_that_change_are_told():
    assert told(with_column(lengths=tallies(**{"6": 100, "8": 880}))) == [
        "Postcode: lengths run from 6 to 8 characters; last time from 7 to 8 characters."
    ]
    assert "Postcode held values like a postcode and now a text." in told(with_column(kind="text"))


def test_in_a_small_file_a_change_of_a_few_rows_is_chance():
    small = replace(LAST, rows=50)
    emptied = replace(with_column(fill=Fill(45, 5, 0.9)), rows=50)
    assert told(emptied, small) == []


def test_the_greatest_drift_comes_first():
    changed = with_column(fill=Fill(710, 290, 0.71), distinct_share=0.3)
    assert [drift.kind for drift in drifts(changed, LAST)] == ["fill", "distinct"]
