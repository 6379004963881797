"""Dirt in the files: what is logged stands there, every kind is found, is what it says, as rare as told."""

from __future__ import annotations

from collections import Counter, defaultdict
from itertools import pairwise
from pathlib import Path

import pytest

from region.region_address_sayings import ADDRESSES
from region.region_reader import Region
from region.region_row_sayings import HOMES, ROWS, Case
from region.region_sayings import CELLS

NOTES = {"stale_address", "dead_still_listed", "former_name", "account_left_open", "sublet", "left_over"}
"""Kinds that a list came by honestly: nobody spoilt the cell, the log says what would be right today."""
AGAIN = {"sent_again": "shielding-support-submissions", "signed_up_again": "food-hub"}
"""Kinds that are a row more, not a cell spoilt, and so are not in the log."""
NEVER = {
    "county_added": "needs a real postcode: made-up ones have no county",
}
FEW, LEAST, MANY = 4, 8, 100
"""So often wanted in the region, a kind is found; so often in a list, found there; so often, at its rate."""
NEAR = 0.1
SAYINGS = {*CELLS, *ADDRESSES, *ROWS, *HOMES}


@pytest.fixture(scope="module")
def region(made_region: Path) -> Region:
    return Region(made_region)


def counted(region: Region) -> Counter[tuple[str, str]]:
    """Return how often each kind is found in each list; what is no error of a cell is counted in rows."""
    found = Counter((event.list, event.kind) for event in region.events)
    for kind, name in AGAIN.items():
        people = Counter(row["person"] for row in region.truth[name])
        found[name, kind] = sum(times > 1 for times in people.values())
    shielded = region.lists["shielded-patient-list"]
    found["shielded-patient-list", "phone_missing"] = sum(
        not row["mobile"] + row["landline"] for row in shielded
    )
    return found


def wanted(region: Region) -> dict[tuple[str, str], float]:
    return {
        (name, kind): each["could"] * each["target"]
        for name, about in region.told["lists"].items()
        for kind, each in about["dirt"].items()
    }


def test_every_row_of_a_file_has_one_row_of_truth(region: Region):
    for name, rows in region.lists.items():
        assert len(rows) == region.told["lists"][name]["rows"]
        assert [each["source_row"] for each in region.truth[name]] == list(range(1, len(rows) + 1))
    assert set(region.truth) == set(region.lists) == set(region.told["lists"])


def test_the_address_of_every_row_is_in_the_gazetteer_unless_it_is_a_new_build(region: Region):
    """A wife under her husband's initials at a new build is of that class: it is given first."""
    unknown = [row for rows in region.truth.values() for row in rows if row["uprn"] not in region.gazetteer]
    assert {"new_build"} <= {row["class"] for row in unknown} <= {"new_build", "husbands_initials"}
    assert all(row["uprn"].startswith("999") for row in unknown)
    in_gazetteer = [row for rows in region.truth.values() for row in rows if row["uprn"] in region.gazetteer]
    assert [row for row in in_gazetteer if row["class"] == "new_build"] == []


def test_the_errors_of_a_cell_follow_one_another_down_to_what_the_file_says(region: Region):
    chains = defaultdict(list)
    for error in region.errors:
        chains[error.list, error.row, error.column].append(error)
    for (name, row, column), errors in chains.items():
        assert errors[-1].after == region.lists[name][row - 1][column]
        for one, two in pairwise(errors):
            assert one.after == two.before
        assert not [each for each in errors[1:] if each.kind in NOTES], (
            "what is noted comes before what is spoilt"
        )
        assert all(each.before != each.after for each in errors)


def test_every_kind_of_dirt_is_found_and_known_by_what_it_does(region: Region):
    found = {event.kind for event in region.events}
    assert found - SAYINGS == set()
    times = Counter()
    for (_, kind), each in wanted(region).items():
        times[kind] += each
    assert {kind for kind in SAYINGS - found if times[kind] >= FEW} == set(), (
        "others are chance; see the slow test"
    )
    assert {kind for kind in times if times[kind] == 0} <= set(NEVER)
    assert set(times) - SAYINGS <= {*AGAIN, *NEVER}
    counts = counted(region)
    assert all(counts[name, kind] for kind, name in AGAIN.items())


def test_every_list_has_every_kind_that_it_should_have_a_few_of(region: Region):
    counts = counted(region)
    assert [each for each, times in wanted(region).items() if times >= LEAST and not counts[each]] == []


def test_what_the_region_says_of_its_dirt_is_what_is_found(region: Region):
    """Another address of the same postcode is counted, though the postcode does not show it."""
    counts = counted(region)
    told = {
        (name, kind): each["has"]
        for name, about in region.told["lists"].items()
        for kind, each in about["dirt"].items()
    }
    odd = {each: (has, counts[each]) for each, has in told.items() if has != counts[each]}
    assert {kind for _, kind in odd} <= {"stale_address", "care_setting_address"}
    assert all(0 <= has - found <= max(2, 0.05 * has) for has, found in odd.values())
    assert set(counts) <= set(told)


def test_dirt_is_as_frequent_as_was_wanted(region: Region):
    found = counted(region)
    pooled, pooled_wanted = Counter(), Counter()
    for (name, kind), times in wanted(region).items():
        pooled[kind] += found[name, kind]
        pooled_wanted[kind] += times
        assert times < MANY or abs(found[name, kind] - times) <= NEAR * times, (name, kind)
    for kind, times in pooled_wanted.items():
        assert times < MANY or abs(pooled[kind] - times) <= NEAR * times, kind


def untrue(region: Region) -> list[tuple[str, str, int]]:
    """Return the errors that are not what the name of their kind says."""
    made, seen = [], set()
    for event in region.events:
        case = Case(region, event, region.truth[event.list][event.row - 1])
        is_true = says(case)
        seen |= {event.kind} if is_true is not None else set()
        if is_true is False:
            made.append((event.kind, event.list, event.row))
    assert {event.kind for event in region.events} <= seen, "each kind is judged at least once"
    return made


def says(case: Case) -> bool | None:
    """Say whether an error is what it claims to be; None where only the gazetteer could tell, and cannot."""
    event = case.event
    if event.kind in CELLS:
        return all(CELLS[event.kind](*case.turn(name)) for name in event.changed)
    if event.kind in ADDRESSES:
        return ADDRESSES[event.kind](event.lines(event.was), event.lines(event.now))
    if event.kind in HOMES:
        return HOMES[event.kind](case) if case.home else None
    return ROWS[event.kind](case)


def test_every_error_is_what_its_kind_says(region: Region):
    assert untrue(region) == []


def test_no_saying_is_true_of_whatever_stands_there(region: Region):
    """What is said of a kind is not true of a cell left as it is, nor of most errors of other kinds."""
    assert [kind for kind, saying in CELLS.items() if holds(saying, *SAME) or holds(saying, *SAME_DAY)] == []
    for sayings, turns in ((CELLS, cell_turns(region)), (ADDRESSES, line_turns(region))):
        for kind, saying in sayings.items():
            others = [turn for other, turn in turns if other != kind]
            assert sum(holds(saying, *turn) for turn in others) < len(others) / 2, kind


SAME, SAME_DAY = ("Mary", "Mary"), ("07/03/1961", "07/03/1961")


def cell_turns(region: Region) -> list[tuple[str, tuple[str, str]]]:
    """Return one cell in ten that was spoilt, before and after, with the kind of error."""
    return [(each.kind, (each.before, each.after)) for each in region.errors[::10] if each.kind in CELLS]


def line_turns(region: Region) -> list[tuple[str, tuple[tuple[str, ...], tuple[str, ...]]]]:
    events = [event for event in region.events if event.kind in ADDRESSES][::10]
    return [(event.kind, (event.lines(event.was), event.lines(event.now))) for event in events]


def holds(saying, before, after) -> bool:
    """Say whether a saying holds; one that cannot read what it is given does not."""
    try:
        return bool(saying(before, after))
    except (AttributeError, IndexError, KeyError, OverflowError, ValueError):
        return False


@pytest.mark.slow
def test_a_region_ten_times_as_large_has_even_the_rare_kinds(tmp_path: Path):
    from region.conftest import MANY as MANY_PAIRS
    from sharewell.demo.region.make import Wish, make_region

    rates = {**MANY_PAIRS, "next_number": 0.02, "husbands_initials": 0.2}
    make_region(Wish(60_000, 9, rates=rates), tmp_path / "large")
    large = Region(tmp_path / "large")
    assert SAYINGS - {event.kind for event in large.events} == {"county_added"}
    assert untrue(large) == []
