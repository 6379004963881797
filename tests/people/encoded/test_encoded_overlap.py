"""Who is on both lists is found without the key, and no more is told than was asked for."""

from __future__ import annotations

import re
import stat
from datetime import timedelta

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from encoded_cases import (
    BOTH,
    COUNCIL,
    ENDS,
    TODAY,
    TRUST,
    a_key,
    bits,
    encoded,
    person_of,
    two_lists,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from sharewell.people.encoded.block import without_common
from sharewell.people.encoded.compare import Near, Pass, near_pairs, one_to_one
from sharewell.people.encoded.files import EncodedFile, write_encoded
from sharewell.people.encoded.overlap import overlap
from sharewell.people.encoded.rules import (
    FIELDS,
    LARGEST_GROUP,
    bits_of,
    block_bits,
    passes_of,
    tokens_of,
    told,
)
from sharewell.people.encoded.terms import Answer
from sharewell.vocab.errors import (
    AgreementEnded,
    EncodingsDiffer,
    FileMissing,
    FileUnreadable,
    NoRecords,
    SettingsInvalid,
    UnknownColumn,
)


def links(pair) -> list[tuple[int | None, int | None]]:
    found = overlap(*pair.files, Answer.LINKED, TODAY)
    rows = [person_of(one) for one in pair.encoded]
    return [
        (rows[0][a], rows[1][b]) for a, b in zip(*(c.to_pylist() for c in found.linked.columns), strict=True)
    ]


def test_people_on_both_lists_are_found_one_to_one_in_spite_of_slips(pair):
    pairs = links(pair)
    right = sum(a == b for a, b in pairs)
    assert right / len(pairs) > 0.98
    assert right / BOTH > 0.9
    assert len({a for a, _ in pairs}) == len({b for _, b in pairs}) == len(pairs)


def test_counts_are_told_by_default_without_handles_and_rounded(pair):
    found = overlap(*pair.files, Answer.COUNTS, TODAY)
    assert found.linked is None
    assert found.both.rounded % 5 == 0
    assert set(found.counts) == {"on_both", "rows_a", "rows_b"}


@pytest.mark.parametrize(
    ("count", "shown"), [(0, "fewer than 10"), (9, "fewer than 10"), (10, "10"), (13, "15"), (1234, "1,235")]
)
def test_small_counts_are_hidden_and_others_rounded(count, shown):
    assert str(told(count)) == shown


def test_the_order_of_the_two_files_makes_no_difference(pair):
    one = overlap(*pair.files, Answer.LINKED, TODAY).linked
    other = overlap(*reversed(pair.files), Answer.LINKED, TODAY).linked
    assert {tuple(row.values()) for row in one.to_pylist()} == {
        (row["handle_b"], row["handle_a"]) for row in other.to_pylist()
    }


def test_every_row_in_is_encoded_or_set_aside_and_decoys_are_marked(pair):
    for made, rows in zip(pair.encoded, two_lists(), strict=True):
        records = [row for row in made.handles.to_pylist() if row["source"] is not None]
        assert len(records) == len(rows)
        assert {row["reason"] is None for row in records} == {True}
        decoys = [row for row in made.handles.to_pylist() if row["source"] is None]
        assert len(decoys) == round(len(rows) * 0.25)
        assert {row["reason"] for row in decoys} == {"a decoy: no record"}


def test_a_record_with_too_little_is_set_aside_with_the_reason():
    rows = [["a.csv", 1, "ann", "hall", "1950-01-02", "E1 1AA"], ["a.csv", 2, "bob", None, None, None]]
    made = encoded(rows, a_key())
    assert [row["reason"] for row in made.handles.to_pylist() if row["source"]] == [
        None,
        "holds too little to be found by",
    ]
    assert (made.records, made.set_aside) == (1, 1)


def test_one_list_and_key_give_the_same_bits_under_new_handles(pair):
    again = encoded(two_lists()[0], pair.key, COUNCIL)
    assert np.array_equal(bits(again, 0), bits(pair.encoded[0], 0))
    assert not set(again.rows["handle"].to_pylist()) & set(pair.encoded[0].rows["handle"].to_pylist())


def test_encodings_hold_no_word_of_the_list_and_the_key_is_in_neither(pair):
    for file in pair.files:
        raw = file.read_bytes()
        assert pair.key.secret not in raw
        assert not re.search(rb"Hartley|Thornton|council1|1950-", raw)
        assert pq.read_schema(file).names[:3] == ["handle", "block_0", "encoding_0"]
    assert pair.key.secret.hex() not in repr(pair.key)
    assert str(pair.key.secret) not in repr(pair.key)


def test_the_handles_file_is_closed_to_other_accounts(pair):
    assert stat.S_IMODE(pair.files[0].with_suffix(".handles").stat().st_mode) == 0o600


@pytest.mark.parametrize(
    ("agreement", "party", "said"),
    [
        ("parcels", TRUST, "with different keys"),
        ("visits", TRUST, "different agreements"),
        ("parcels", COUNCIL, "with different keys"),
    ],
)
def test_encodings_that_do_not_belong_together_are_refused(pair, tmp_path, agreement, party, said):
    other = encoded(two_lists()[1][:20], a_key(agreement), party)
    write_encoded(other, tmp_path / "other.parquet", tmp_path / "other.handles")
    with pytest.raises(EncodingsDiffer, match=said):
        overlap(pair.files[0], tmp_path / "other.parquet", Answer.COUNTS, TODAY)


def test_one_party_twice_and_other_terms_are_refused(pair, tmp_path):
    with pytest.raises(EncodingsDiffer, match="by one organisation"):
        overlap(pair.files[0], pair.files[0], Answer.COUNTS, TODAY)
    other = encoded(two_lists()[1][:20], a_key(fields=FIELDS[:3]), TRUST)
    write_encoded(other, tmp_path / "other.parquet", tmp_path / "other.handles")
    with pytest.raises(EncodingsDiffer, match="different terms"):
        overlap(pair.files[0], tmp_path / "other.parquet", Answer.COUNTS, TODAY)


def test_nothing_is_compared_after_the_last_day(pair):
    overlap(*pair.files, Answer.COUNTS, ENDS)
    with pytest.raises(AgreementEnded):
        overlap(*pair.files, Answer.COUNTS, ENDS + timedelta(days=1))


def test_a_damaged_file_another_parquet_and_no_file_are_refused(pair, tmp_path):
    whole = pair.files[1].read_bytes()
    damaged, plain = tmp_path / "damaged.parquet", tmp_path / "plain.parquet"
    for cut in (0, 7, len(whole) // 2, len(whole) - 9):
        damaged.write_bytes(whole[:cut])
        with pytest.raises(FileUnreadable):
            overlap(pair.files[0], damaged, Answer.COUNTS, TODAY)
    damaged.write_bytes(whole[:3000] + bytes(4000) + whole[7000:])
    with pytest.raises(FileUnreadable):
        overlap(pair.files[0], damaged, Answer.COUNTS, TODAY)
    pq.write_table(pa.table({"handle": ["a"]}), plain)
    with pytest.raises(FileUnreadable, match="no encoded list"):
        EncodedFile(plain)
    with pytest.raises(FileMissing):
        EncodedFile(tmp_path / "none.parquet")


def test_an_empty_list_one_column_and_an_unknown_party_are_refused():
    key = a_key()
    with pytest.raises(NoRecords):
        encoded([], key)
    with pytest.raises(UnknownColumn, match="surname"):
        encoded([["a.csv", 1, "ann"]], key)
    with pytest.raises(SettingsInvalid, match="council and trust"):
        encoded([["a.csv", 1, "ann", "hall", "1950-01-02", "E1 1AA"]], key, "hospital")


def test_one_name_a_hundred_thousand_times_finds_nobody():
    """The bound lies where blocking keys are counted: nothing is compared that all records hold."""
    size = 100_000
    keys = pa.chunked_array([pa.array(["john smith"] * size + ["ann hall"] * LARGEST_GROUP)])
    kept = without_common(keys)
    assert kept.null_count == size
    assert kept[size:].null_count == 0
    alike = [["a.csv", row, "john", "smith", "1950-01-02", "E1 1AA"] for row in range(1, LARGEST_GROUP + 2)]
    with pytest.raises(NoRecords):
        encoded(alike, a_key())
    one_more = encoded([*alike, ["a.csv", 99, "bo", "lee", "1999-01-05", "N1 2BB"]], a_key())
    assert (one_more.records, one_more.set_aside) == (1, LARGEST_GROUP + 1)
    assert one_more.handles["reason"].to_pylist().count("all it holds is shared by too many records") == 51


def test_a_block_of_fifty_thousand_is_refused_at_once():
    crowded = Pass(np.zeros(50_000, np.uint16), np.zeros((50_000, 8), np.uint64))
    with pytest.raises(EncodingsDiffer, match="50,000 rows"):
        near_pairs(crowded, crowded)


@settings(max_examples=20)
@given(st.integers(1, 60), st.integers(1, 60), st.integers(0, 2**32 - 1))
def test_pairs_are_compared_within_their_block_and_only_there(rows_a, rows_b, seed):
    draw = np.random.default_rng(seed)
    same = draw.integers(0, 2**63, (1, 8), np.int64).astype(np.uint64)
    a, b = (
        Pass(draw.integers(0, 3, rows).astype(np.uint16), np.repeat(same, rows, axis=0))
        for rows in (rows_a, rows_b)
    )
    near = near_pairs(a, b)
    expected = {(i, j) for i in range(rows_a) for j in range(rows_b) if a.blocks[i] == b.blocks[j]}
    assert set(zip(near.left.tolist(), near.right.tolist(), strict=True)) == expected
    assert near.compared == len(expected)


@settings(max_examples=50)
@given(
    st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5), st.integers(0, 9)), unique_by=lambda p: p[:2])
)
def test_one_to_one_is_what_a_greedy_choice_would_be(pairs):
    left, right, distance = (np.array([pair[place] for pair in pairs], np.int64) for place in range(3))
    ties = np.arange(len(pairs)).astype(np.uint64)
    chosen = one_to_one(Near(left, right, distance.astype(np.float64), 0), ties)
    used: set[tuple[str, int]] = set()
    greedy = []
    for place in sorted(range(len(pairs)), key=lambda place: (pairs[place][2], place)):
        ends = {("a", pairs[place][0]), ("b", pairs[place][1])}
        if not ends & used:
            used |= ends
            greedy.append(place)
    assert chosen.tolist() == sorted(greedy)


@pytest.mark.parametrize("fields", [FIELDS, FIELDS[:2] + FIELDS[2:3], ("surname", "date_of_birth")])
def test_every_field_agreed_has_its_share_of_bits(fields):
    assert sum(bits_of(fields).values()) == 512
    assert passes_of(fields)


def test_pieces_say_what_two_spellings_share():
    assert tokens_of("date_of_birth", "1950-03-12")[-1] == tokens_of("date_of_birth", "1950-12-03")[-1]
    assert "known as robert" in tokens_of("first_name", "bob")
    assert [block_bits(records) for records in (1, 300, 1_000, 60_000, 10**9)] == [0, 0, 2, 8, 16]


def test_what_two_records_lack_never_makes_them_alike():
    rows = [["a.csv", row, "ann", "hall", None, f"E1 {row}AA"] for row in range(1, 9)]
    rows.append(["a.csv", 9, "bo", "lee", "1999-01-05", "N1 2BB"])
    key = a_key()
    one, other = (encoded(rows, key, party) for party in (COUNCIL, TRUST))
    without_key = (bits(one, 0) != bits(other, 0)).sum(axis=1)[:8]
    assert without_key.min() > 256 - 6 * 11.4
    without_date = (bits(one, 2) != bits(other, 2)).sum(axis=1)[:8]
    assert abs(without_date.mean() - bits_of(FIELDS[:4])["date_of_birth"] / 2) < 12
