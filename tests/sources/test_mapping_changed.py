"""A supplier's next delivery: what changed is noticed, said in words, and never silently taken."""

from __future__ import annotations

import random
import shlex
from datetime import date, timedelta
from itertools import pairwise

import pyarrow as pa
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from sharewell.sources.changed import Changed
from sharewell.sources.delivery import remember, require_settled, settle_mapping
from sharewell.sources.layout import layout_path, load_layout, supplier_of
from sharewell.sources.name_words import FORENAMES, SURNAMES
from sharewell.sources.standards import load_standard
from sharewell.vocab.errors import DeliveryChanged, MappingUnconfirmed, StandardInvalid
from sharewell.vocab.identifiers import is_nhs_number

PEOPLE = load_standard("people")
NHS = [str(n) for n in range(4_010_000_000, 4_010_009_000) if is_nhs_number(str(n))]


def delivery(seed, rows=200):
    """Return one month's list of a supplier: the same columns, other people."""
    chance = random.Random(seed)
    born = [date(1930, 1, 1) + timedelta(chance.randrange(30_000)) for _ in range(rows)]
    return {
        "NHS No": chance.sample(NHS, rows),
        "Forename": [chance.choice(sorted(FORENAMES)).title() for _ in range(rows)],
        "Surname": [chance.choice(sorted(SURNAMES)).title() for _ in range(rows)],
        "DOB": [f"{day:%d/%m/%Y}" for day in born],
        "Seen on": [f"{date(2026, 1, 1) + timedelta(chance.randrange(60)):%d/%m/%Y}" for _ in range(rows)],
        "Post": [f"BN{chance.randrange(1, 9)} {chance.randrange(1, 9)}AB" for _ in range(rows)],
        "Visits": [str(chance.randrange(40)) for _ in range(rows)],
    }


def settle(columns, folder, supplier="X26", told=None):
    table = pa.table(columns)
    return settle_mapping(tuple(columns), PEOPLE, table, folder, supplier, told)


@pytest.fixture
def known(tmp_path):
    """Return a place's standards folder in which the supplier's first delivery was confirmed."""
    first = delivery(1)
    settled = settle(first, tmp_path, told={"Post": "postcode", "Visits": None, "Seen on": None})
    remember(tmp_path, settled, tuple(first))
    return tmp_path


def kinds(settled):
    return {(change.kind, *change.columns) for change in settled.changes}


def test_the_next_delivery_goes_unattended_in_any_order(known):
    same = settle(delivery(2), known)
    assert (same.is_settled, same.changes) == (True, ())
    turned = settle(dict(reversed(delivery(3).items())), known)
    assert turned.is_settled
    assert kinds(turned) == {(Changed.REORDERED,)}
    fields = {guess.column: guess.field for guess in require_settled(turned, "list.csv").guesses}
    assert fields["Post"] == "postcode"


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(10, 10_000), rows=st.integers(20, 300))
def test_another_month_of_the_same_people_is_no_change(seed, rows, tmp_path_factory):
    folder = tmp_path_factory.mktemp("standards")
    first = delivery(1)
    remember(
        folder,
        settle(first, folder, told={"Post": "postcode", "Visits": None, "Seen on": None}),
        tuple(first),
    )
    assert settle(delivery(seed, rows), folder).changes == ()


def test_a_new_a_missing_and_a_renamed_column_are_told_apart(known):
    coming = delivery(4)
    coming["Home code"] = coming.pop("Post")
    coming["Colour"] = ["red", "blue"] * 100
    del coming["Visits"]
    settled = settle(coming, known)
    assert kinds(settled) >= {
        (Changed.RENAMED, "Post", "Home code"), (Changed.NEW, "Colour"), (Changed.MISSING, "Visits"),
    }  # fmt: skip
    guesses = {guess.column: guess for guess in settled.mapping.guesses}
    assert guesses["Home code"].field == "postcode"
    assert guesses["Home code"].confidence > 0.7
    with pytest.raises(DeliveryChanged, match="'Post' is probably now called 'Home code'") as caught:
        require_settled(settled, "inbox/X26/list.csv")
    assert caught.value.exit_code == 26


def test_the_command_that_settles_a_change_settles_it(known):
    coming = delivery(4)
    coming["Home code"] = coming.pop("Post")
    words = shlex.split(settle(coming, known).command("list.csv"))
    assert words[:7] == ["sharewell", "map", "list.csv", "--standard", "people", "--supplier", "X26"]
    told = {
        name: field
        for flag, pair in pairwise(words)
        if flag == "--set"
        for name, _, field in [pair.partition("=")]
    }
    assert told == {"Home code": "postcode"}
    remember(known, settle(coming, known, told=told), tuple(coming))
    assert settle(coming, known).is_settled


def test_a_known_heading_for_the_same_field_is_a_renaming(known):
    coming = delivery(5)
    coming["Date of birth"] = coming.pop("DOB")
    change = next(c for c in settle(coming, known).changes if c.kind is Changed.RENAMED)
    assert change.columns == ("DOB", "Date of birth")
    assert change.confidence > 0.9


def test_two_columns_whose_values_changed_places_are_found(known):
    for first, second in (("Forename", "Surname"), ("DOB", "Seen on"), ("NHS No", "Post")):
        coming = delivery(6)
        coming[first], coming[second] = coming[second], coming[first]
        settled = settle(coming, known)
        swaps = [set(change.columns) for change in settled.changes if change.kind is Changed.SWAPPED]
        assert swaps == [{first, second}]
        assert not settled.is_settled
    fields = {guess.column: guess.field for guess in settled.mapping.guesses}
    assert (fields["NHS No"], fields["Post"]) == ("postcode", "nhs_number")


def test_values_that_all_moved_on_by_one_column_are_found(known):
    coming = delivery(7)
    names = ["NHS No", "Forename", "DOB", "Post"]
    values = [coming[name] for name in names]
    coming |= dict(zip(names, values[1:] + values[:1], strict=True))
    moved = {c.columns for c in settle(coming, known).changes if c.kind is Changed.SHIFTED}
    assert moved == set(zip(names, names[1:] + names[:1], strict=True))


def test_dates_that_are_now_month_first_are_found(known):
    coming = delivery(8)
    coming["DOB"] = [f"{text[3:5]}/{text[:2]}/{text[6:]}" for text in coming["DOB"]]
    [change] = settle(coming, known).changes
    assert (change.kind, change.columns) == (Changed.RETYPED, ("DOB",))
    assert "now month first; they were day first" in change.text


def test_a_few_dates_month_first_among_others_are_found(known):
    coming = delivery(8)
    coming["DOB"] = [
        f"{text[3:5]}/{text[:2]}/{text[6:]}" if place % 4 == 0 else text
        for place, text in enumerate(coming["DOB"])
    ]
    [change] = settle(coming, known).changes
    assert "are now month first and the others day first" in change.text


@pytest.mark.parametrize(
    ("column", "values"),
    [
        ("Visits", ["many"] * 200),
        ("DOB", [str(20_000 + n) for n in range(200)]),
        ("NHS No", [f"{n / 1e9:.2f}E+09" for n in range(4_010_000_000, 4_010_000_200)]),
    ],
)
def test_values_of_another_type_are_found(known, column, values):
    coming = delivery(9) | {column: values}
    [change] = settle(coming, known).changes
    assert (change.kind, change.columns) == (Changed.RETYPED, (column,))


def test_a_column_that_is_now_empty_and_one_of_another_time_are_found(known):
    coming = delivery(10)
    coming["Post"] = [""] * 200
    coming["DOB"] = coming["Seen on"]
    assert kinds(settle(coming, known)) == {(Changed.EMPTIED, "Post"), (Changed.SHIFTED, "DOB")}


def test_a_delivery_of_few_rows_is_no_change(known):
    assert settle(delivery(11, rows=3), known).changes == ()


def test_a_whole_number_as_decimals_or_spaced_is_no_change(known):
    coming = delivery(12)
    coming["Visits"] = [f"{text}.0" for text in coming["Visits"]]
    coming["NHS No"] = [f"{text[:3]} {text[3:6]} {text[6:]}" for text in coming["NHS No"]]
    assert settle(coming, known).changes == ()


def test_a_layout_is_of_one_supplier_and_a_confirmation_does_not_speak_for_another(known):
    other = settle(delivery(2), known, supplier="E06000008")
    assert not other.is_settled
    with pytest.raises(MappingUnconfirmed, match="'Visits'"):
        require_settled(other, "list.csv")
    assert settle(delivery(2), known, supplier=None).is_settled


def test_what_is_remembered_holds_no_value(known):
    text = layout_path(known, "X26", "people").read_text()
    first = delivery(1)
    for name in ("NHS No", "Surname", "DOB", "Post"):
        assert not any(value in text for value in first[name])
    layout = load_layout(known, "X26", "people")
    assert [column.heading for column in layout.columns] == list(first)
    born = next(column for column in layout.columns if column.heading == "DOB")
    assert all(year % 5 == 0 for year in born.imprint.years)


def test_no_years_are_kept_of_fewer_than_thirty_dates(tmp_path):
    few = delivery(1, rows=20)
    remember(tmp_path, settle(few, tmp_path), tuple(few))
    layout = load_layout(tmp_path, "X26", "people")
    assert all(column.imprint.years == () for column in layout.columns)


@pytest.mark.parametrize(
    "text", ["[", "columns: 3", "columns: [{heading: 1}]", "columns: [{heading: a, field: b}]"]
)
def test_a_damaged_memory_asks_again(known, text):
    layout_path(known, "X26", "people").write_text(text)
    with pytest.raises(StandardInvalid):
        settle(delivery(2), known)


def test_an_old_confirmation_without_a_supplier_is_still_read(known):
    path = next((known / "mappings").glob("people-*.yaml"))
    document = yaml.safe_load(path.read_text())
    del document["supplier"]
    path.write_text(yaml.safe_dump(document))
    assert settle(delivery(2), known, supplier="E06000008").is_settled


@pytest.mark.parametrize("name", ["../../x", "a/b", "Ärzte GmbH", "", "." * 300])
def test_any_supplier_name_stays_inside_the_folder(tmp_path, name):
    path = layout_path(tmp_path, name, "people").resolve()
    assert path.is_relative_to(tmp_path / "mappings" / "suppliers")
    assert path.parent != tmp_path / "mappings" / "suppliers"


def test_the_supplier_is_the_inbox_folder(tmp_path):
    inbox = tmp_path / "inbox"
    assert supplier_of(inbox / "X26" / "march" / "a.csv", inbox) == "X26"
    assert supplier_of(inbox / "a.csv", inbox) is None
    assert supplier_of(tmp_path / "a.csv", inbox) is None
