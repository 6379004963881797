"""The lists of the NHS, of social care and of the food hub: whom they hold, how, and with which dirt."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest

from sharewell.demo.region.chance import Chance
from sharewell.demo.region.dirt.calendar import D_MONTH_Y, DMY, DOTS, RUN, read_days, write_days
from sharewell.demo.region.draft import Draft
from sharewell.demo.region.files import before_rows, rows_as_bytes, settle_encoding, write_workbook
from sharewell.demo.region.lists import (
    adult_social_care,
    contact_tracing,
    food_hub,
    gp_register,
    pds,
    rows,
    shielded_patient_list,
    shielding_support_submissions,
)
from sharewell.demo.region.terms import NOBODY, World
from sharewell.sources.map import guess_mapping
from sharewell.sources.read import read_source
from sharewell.sources.standards import load_standard
from sharewell.store.duckdb import DuckDB
from sharewell.vocab.identifiers import is_nhs_number

LISTS = (
    shielded_patient_list,
    shielding_support_submissions,
    contact_tracing,
    gp_register,
    adult_social_care,
    food_hub,
)
NAMES = [module.NAME for module in LISTS]
SPL, NSSS, CTAS, GP, ASC, HUB = NAMES
SEED = 3


@pytest.fixture(scope="module")
def drafts(world: World) -> Mapping[str, Draft]:
    return {module.NAME: module.FORM.draft(world, Chance(SEED, module.NAME)) for module in LISTS}


def clean(draft: Draft) -> dict[str, np.ndarray]:
    """Return the cells as they were before any dirt, and check that the errors chain."""
    cells = {name: column.copy() for name, column in draft.cells.items()}
    for each in reversed(draft.errors):
        assert (cells[each.column][each.row] == each.after).all(), (each.column, each.kind)
        cells[each.column][each.row] = each.before
    return cells


def errors_of(draft: Draft, kind: str) -> list[tuple[int, str, str, str]]:
    """Return row, column, value before and value after of every error of a kind."""
    return [
        (int(row), each.column, before, after)
        for each in draft.errors
        if each.kind == kind
        for row, before, after in zip(each.row, each.before, each.after, strict=True)
    ]


@pytest.mark.parametrize("module", LISTS, ids=NAMES)
def test_a_lists_file_is_read_whole_and_every_column_is_known(module, world, tmp_path: Path):
    form = module.FORM
    draft = form.draft(world, Chance(SEED, module.NAME))
    settle_encoding(draft, form)
    path, names = tmp_path / form.file, list(draft.cells)
    if form.kind == "xlsx":
        write_workbook(path, form, names, world.as_of, zip(*draft.cells.values(), strict=True))
    else:
        path.write_bytes(before_rows(names, form, world.as_of) + rows_as_bytes(draft.cells, form))
    engine = DuckDB()
    read = read_source(path, engine, "raw")
    mapping = guess_mapping(read.facts.columns, load_standard(module.NAME))
    assert tuple(read.facts.columns) == tuple(names) == tuple(module.COLUMNS)
    assert engine.connection.execute("SELECT count(*) FROM raw").fetchall() == [(len(draft),)]
    assert [guess.column for guess in mapping.guesses if guess.field is None] == []
    assert mapping.is_certain


@pytest.mark.parametrize("name", NAMES)
def test_every_cell_is_text_and_every_row_has_its_truth(name, drafts, world):
    draft = drafts[name]
    assert all(type(cell) is str for column in draft.cells.values() for cell in column)
    assert {len(column) for column in draft.cells.values()} == {len(draft)}
    assert draft.person.min() >= 0
    assert draft.person.max() < len(world.people.id)
    assert draft.home.min() >= 0


@pytest.mark.parametrize("module", LISTS, ids=NAMES)
def test_the_same_seed_gives_the_same_list_and_another_does_not(module, drafts, world):
    first, again = drafts[module.NAME], module.FORM.draft(world, Chance(SEED, module.NAME))
    other = module.FORM.draft(world, Chance(SEED + 1, module.NAME))
    assert all(np.array_equal(first.cells[name], again.cells[name]) for name in first.cells)
    assert len(other) != len(first) or any(
        not np.array_equal(first.cells[name], other.cells[name]) for name in first.cells
    )


@pytest.mark.parametrize("name", NAMES)
def test_every_kind_of_dirt_is_at_its_rate(name, drafts):
    # Two columns that share a kind are each rounded: few rows may be off by two.
    tally = drafts[name].tally
    off = {kind: told for kind, told in tally.items() if abs(told[1] - told[2]) > max(2.0, 0.1 * told[2])}
    assert off == {}


@pytest.mark.parametrize("name", NAMES)
def test_rates_are_of_kinds_that_the_list_tells_and_are_shares(name, drafts):
    module = LISTS[NAMES.index(name)]
    assert all(0.0 <= rate <= 1.0 for rate in module.RATES.values())


@pytest.mark.parametrize(
    ("name", "first", "last", "born", "form"),
    [
        (SPL, "PatientFirstName", "PatientSurname", "DateOfBirth", RUN),
        (NSSS, "first_name", "last_name", "date_of_birth", DMY),
        (CTAS, "Forename", "Surname", "Date of Birth", DMY),
        (GP, "Forename", "Surname", "Date of Birth", DMY),
        (ASC, "First Name", "Last Name", "Date of Birth", D_MONTH_Y),
        (HUB, "First name", "Surname", "d.o.b", DOTS),
    ],
)
def test_taking_every_error_back_leaves_who_it_is_about(name, first, last, born, form, drafts, world):
    draft, people = drafts[name], world.people
    cells = clean(draft)
    assert (cells[first] == people.first_name[draft.person]).all()
    assert (cells[last] == people.surname[draft.person]).all()
    assert (cells[born] == write_days(people.born[draft.person], form)).all()


@pytest.mark.parametrize(
    ("name", "column"),
    [(SPL, "Traced_NHSNUMBER"), (NSSS, "nhs_number"), *((name, "NHS Number") for name in (CTAS, GP, ASC))],
)
def test_taking_every_error_back_leaves_the_persons_nhs_number(name, column, drafts, world):
    draft = drafts[name]
    assert (clean(draft)[column] == world.people.nhs_number[draft.person]).all()


@pytest.mark.parametrize(
    ("name", "column"),
    [(SPL, "PatientAddress_PostCode"), (NSSS, "address_postcode"), (CTAS, "Postcode"), (GP, "Postcode"),
     (ASC, "Postcode"), (HUB, "Postcode")],
)  # fmt: skip
def test_taking_every_error_back_leaves_todays_postcode_of_the_living(name, column, drafts, world):
    draft = drafts[name]
    cells, now = clean(draft)[column], world.people.home[draft.person]
    lives = np.isnat(world.people.died_on[draft.person])
    today = rows.of(world.homes.postcode, now)
    assert (cells[lives] == today[lives]).all()
    stale = lives & (now != draft.home)
    told = {row for row, *_ in errors_of(draft, "stale_address") + errors_of(draft, "care_setting_address")}
    differ = stale & (world.homes.postcode[draft.home] != today)
    assert told == set(np.flatnonzero(differ).tolist())


def test_the_shielded_list_holds_those_shielding_and_some_who_died(drafts, world):
    draft, people = drafts[SPL], world.people
    assert people.is_shielding[draft.person].all()
    assert len(set(draft.person.tolist())) == len(draft)
    here = people.is_shielding & np.isnat(people.died_on) & (people.home != NOBODY)
    here &= people.shielding_since < world.today - np.timedelta64(60, "D")
    assert np.isin(np.flatnonzero(here), draft.person).mean() > 0.95
    dead = ~np.isnat(people.died_on[draft.person])
    marked = draft.cells["category"] == "Deceased"
    assert marked.any()
    assert (marked <= dead).all()
    assert {row for row, *_ in errors_of(draft, "dead_still_listed")} == set(
        np.flatnonzero(dead & (draft.cells["DateOfDeath"] == "")).tolist()
    )


def test_the_shielded_list_has_no_phone_for_a_fifth_and_its_columns_are_as_councils_got_them(drafts):
    cells = drafts[SPL].cells
    none = (cells["mobile"] == "") & (cells["landline"] == "")
    assert none.mean() == pytest.approx(0.19, abs=0.005)
    serial = np.array([value.isdigit() for value in cells["InceptionDate"]])
    assert serial.mean() == pytest.approx(0.4, abs=0.01)
    assert set(cells["Data_Source"].tolist()) == {"COVID-19 PRA", "Initial"}
    assert all(len(value) in (0, 8) for value in cells["DateOfBirth"])
    assert set(cells["Flag_PDSInformallyDeceased"].tolist()) <= {"0", "1"}


def test_the_nhs_lists_hold_the_same_address_of_a_person_unless_they_were_made_on_another_day(drafts, world):
    spl, gp = drafts[SPL], drafts[GP]
    of_gp = dict(zip(gp.person.tolist(), gp.home.tolist(), strict=True))
    same = [of_gp[one] == home for one, home in zip(spl.person.tolist(), spl.home.tolist(), strict=True)
            if one in of_gp and world.people.hard[one] != "moved_or_duplicate"]  # fmt: skip
    assert np.mean(same) > 0.98


def test_some_people_submit_two_or_three_times_and_later(drafts, world):
    draft = drafts[NSSS]
    times = Counter(Counter(draft.person.tolist()).values())
    assert set(times) <= {1, 2, 3}
    people = sum(times.values())
    assert (times[2] + times[3]) / people == pytest.approx(0.065, abs=0.003)
    assert len(set(draft.cells["ID"].tolist())) == len(draft)
    assert len(set(draft.cells["uid_submission"].tolist())) == len(draft)
    assert 0.8 < world.people.is_shielding[draft.person].mean() < 0.98


def test_who_applies_for_another_leaves_their_own_contact(drafts, world):
    draft = drafts[NSSS]
    told = [each for each in errors_of(draft, "contact_of_another") if each[1] == "contact_number_calls"]
    column = draft.cells["are_you_applying_on_behalf_of_someone_else"]
    assert {row for row, *_ in told} == set(np.flatnonzero(column == "yes").tolist())
    others = rows.others_at_home(world, 18)
    for row, _, _, after in told:
        assert after == rows.best_phones(world, others[draft.person[row : row + 1]])[0]


def test_submissions_are_timed_in_mixed_forms_and_tell_what_the_list_has(drafts, world):
    draft = drafts[NSSS]
    shapes = Counter("".join("9" if sign.isdigit() else sign for sign in value)
                     for value in draft.cells["submission_datetime"])  # fmt: skip
    assert {"9999-99-99 99:99:99", "9999-99-99T99:99:99.999Z", "99/99/9999 99:99"} <= set(shapes)
    listed = np.isin(draft.person, shielded_patient_list.shielded(world, world.today))
    assert ((draft.cells["spl_address_postcode"] != "") == listed).all()


def test_cases_have_a_house_number_and_a_postcode_and_sometimes_no_flat(drafts, world):
    draft = drafts[CTAS]
    missing = errors_of(draft, "flat_missing")
    assert missing
    assert {column for _, column, *_ in missing} == {"House Number"}
    tested = read_days(clean(draft)["Date Tested"], DMY)
    assert (tested <= world.today).all()
    assert (world.people.born[draft.person] <= tested).all()
    assert "," not in "".join(draft.cells["UTLA"].tolist())


def test_nearly_everybody_is_registered_and_ghosts_are_few(drafts, world):
    draft, people = drafts[GP], world.people
    here = np.isnat(people.died_on) & (people.home != NOBODY)
    assert 0.96 < np.isin(np.flatnonzero(here), draft.person).mean() < 1.0
    ghosts = ~here[draft.person]
    assert 0.002 < ghosts.mean() < 0.06
    assert (people.left_on[draft.person] <= world.today).any()
    marked = draft.cells["Sensitivity Flag"] == "Y"
    assert (marked == people.is_protected[draft.person]).all()
    assert ((draft.cells["Opt Out"] == "Y") == people.has_objected[draft.person]).all()


def test_movers_are_registered_at_both_addresses(drafts, world):
    draft, people = drafts[GP], world.people
    movers = np.flatnonzero(people.hard[draft.person] == "moved_or_duplicate")
    by_person: dict[int, set[int]] = {}
    for row in movers.tolist():
        by_person.setdefault(int(draft.person[row]), set()).add(int(draft.home[row]))
    assert by_person
    for person, homes in by_person.items():
        assert homes == {int(people.home[person]), int(people.home_before[person])}


def test_a_newborn_is_held_twice_and_the_placeholder_says_by_which_number_it_is_superseded(drafts, world):
    draft, people = drafts[GP], world.people
    kept = clean(draft)
    placeholders = np.flatnonzero(draft.cells["Superseded By"] != "")
    assert len(placeholders)
    for row in placeholders.tolist():
        person = draft.person[row]
        assert people.hard[person] == "placeholder_newborn"
        assert draft.cells["Superseded By"][row] == people.nhs_number[person] == kept["NHS Number"][row]
        assert (draft.person == person).sum() == 2
    planted = [each for each in errors_of(draft, "placeholder_name") if each[1] == "Forename"]
    names = {"Baby", "Baby Boy", "Baby Girl", "Male Infant", "Female Infant", "Infant Of"}
    assert {after for *_, after in planted} <= names
    assert all(is_nhs_number(after) for *_, after in errors_of(draft, "superseded_number"))


def test_first_numbers_of_the_newborn_are_valid_and_differ_from_everybodys(world):
    made = gp_register.first_numbers(world.people.nhs_number[:2000])
    assert all(is_nhs_number(number) for number in made)
    assert len(set(made.tolist())) == 2000
    assert not set(made.tolist()) & set(world.people.nhs_number.tolist())


def test_social_care_holds_grown_ups_and_states_some_care_settings(drafts, world):
    draft = drafts[ASC]
    assert (world.ages()[draft.person] >= 18).all()
    assert (draft.cells["NHS Number"] == "").mean() == pytest.approx(0.075, abs=0.01)
    for row, *_ in errors_of(draft, "care_setting_address"):
        assert world.homes.kind[draft.home[row]] == "care_home"
        assert world.homes.kind[world.people.home[draft.person[row]]] != "care_home"
    assert {"Service User", "Carer"} <= set(draft.cells["Client Type"].tolist())


def test_half_of_the_food_hubs_rows_have_no_birth_date_and_some_people_are_there_twice(drafts):
    draft = drafts[HUB]
    assert (draft.cells["d.o.b"] == "").mean() == pytest.approx(0.5, abs=0.01)
    times = Counter(Counter(draft.person.tolist()).values())
    assert times[2] / sum(times.values()) == pytest.approx(0.06, abs=0.005)
    moved = [each for each in errors_of(draft, "phone_wrong_column") if each[1] == "Email"]
    assert all(before == "" and "@" not in after for *_, before, after in moved)


def test_who_shares_a_home_comes_after_one_in_turn(world):
    others = rows.others_at_home(world)
    people = world.people
    found = others != NOBODY
    assert (people.household[others[found]] == people.household[found]).all()
    assert (others[found] != np.flatnonzero(found)).all()
    assert np.isnat(people.died_on[others[found]]).all()
    alone = np.isnat(people.died_on) & (people.role == "alone")
    assert (others[alone] == NOBODY).mean() > 0.99


def test_lots_are_even_and_unlike_each_other(world):
    everybody = np.arange(len(world.people.id))
    one, two = pds.lot(world, everybody, 1), pds.lot(world, everybody, 2)
    counts, _ = np.histogram(one, bins=10, range=(0, 1))
    assert counts.min() > 0.8 * len(one) / 10
    assert abs(np.corrcoef(one, two)[0, 1]) < 0.05


def test_babies_are_registered_within_weeks_of_their_birth(world: World):
    from sharewell.demo.region.lists.pds import held_on

    people, on = world.people, world.today
    days = (on - people.born).astype(int)
    babies = np.flatnonzero((days > 30) & (days < 700) & np.isnat(people.died_on) & (people.home >= 0))
    assert held_on(world, babies, on).is_listed.mean() > 0.97
