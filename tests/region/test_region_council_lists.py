"""The council's lists hold whom they should, in columns that are known, with the dirt they say they have."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import numpy as np
import pytest

from sharewell.demo.region.chance import Chance
from sharewell.demo.region.draft import Draft
from sharewell.demo.region.frame.build import build_frame
from sharewell.demo.region.lists import (
    assisted_bins,
    childrens_social_care,
    council_tax,
    council_tax_support,
    electoral_roll,
    housing_tenancy,
    school_census,
    writing,
)
from sharewell.demo.region.names import Names
from sharewell.demo.region.rates import RATES
from sharewell.demo.region.terms import NOBODY, World
from sharewell.demo.region.world.build import build_world
from sharewell.demo.region.world.part import parts_of
from sharewell.sources.map import guess_mapping
from sharewell.sources.standards import load_standard
from sharewell.vocab.identifiers import is_upn

LISTS = (
    council_tax,
    council_tax_support,
    assisted_bins,
    housing_tenancy,
    school_census,
    childrens_social_care,
    electoral_roll,
)
NAMES = [module.NAME for module in LISTS]
SEED = 3
DAY = date(2021, 3, 21)


@pytest.fixture(scope="module")
def world() -> World:
    """A part of the made-up county of some 25,000 people, with its pairs that are hard to tell apart."""
    frame = build_frame(50_000, SEED, None)
    return build_world(frame, parts_of(frame, SEED, DAY)[0], Names.load(None), SEED, RATES).world


@pytest.fixture(scope="module")
def drafts(world: World) -> Mapping[str, Draft]:
    return {module.NAME: module.draft(world, Chance(SEED, module.NAME)) for module in LISTS}


def rows_of(draft: Draft, kind: str) -> list[tuple[str, str, str]]:
    """Return column, value before and value after of every error of a kind."""
    return [
        (each.column, before, after)
        for each in draft.errors
        if each.kind == kind
        for before, after in zip(each.before, each.after, strict=True)
    ]


@pytest.mark.parametrize("module", LISTS, ids=NAMES)
def test_every_column_is_known_to_the_lists_own_standard(module, drafts):
    mapping = guess_mapping(list(drafts[module.NAME].cells), load_standard(module.NAME))
    assert [guess.column for guess in mapping.guesses if guess.field is None] == []
    assert mapping.is_certain
    assert module.FORM.name == module.NAME


@pytest.mark.parametrize("name", NAMES)
def test_every_cell_is_text_and_every_row_has_its_truth(name, drafts, world):
    draft = drafts[name]
    assert all(type(cell) is str for column in draft.cells.values() for cell in column)
    assert {len(column) for column in draft.cells.values()} == {len(draft)}
    assert draft.person.min() >= (NOBODY if name == "council-tax" else 0)
    assert draft.person.max() < len(world.people.id)
    assert draft.home.min() >= 0


@pytest.mark.parametrize("module", LISTS, ids=NAMES)
def test_the_same_seed_gives_the_same_list_and_another_does_not(module, drafts, world):
    first, again = drafts[module.NAME], module.draft(world, Chance(SEED, module.NAME))
    other = module.draft(world, Chance(SEED + 1, module.NAME))
    assert all(np.array_equal(first.cells[name], again.cells[name]) for name in first.cells)
    assert len(first.errors) == len(again.errors)
    assert len(other) != len(first) or any(
        not np.array_equal(first.cells[name], other.cells[name]) for name in first.cells
    )


@pytest.mark.parametrize("name", NAMES)
def test_the_log_leads_back_from_every_cell_to_what_stood_there_first(name, drafts):
    draft = drafts[name]
    cells = {column: values.copy() for column, values in draft.cells.items()}
    for each in reversed(draft.errors):
        assert np.array_equal(cells[each.column][each.row], each.after), (each.column, each.kind)
        cells[each.column][each.row] = each.before


@pytest.mark.parametrize("name", NAMES)
def test_every_rate_is_within_a_tenth_of_what_was_asked(name, drafts):
    for kind, (_, has, wanted) in drafts[name].tally.items():
        assert abs(has - wanted) <= max(2.0, 0.1 * wanted), kind


@pytest.mark.parametrize("module", LISTS, ids=NAMES)
def test_every_kind_that_a_list_rates_is_planted_where_enough_rows_could_have_it(module, drafts):
    draft = drafts[module.NAME]
    logged = {each.kind for each in draft.errors}
    for kind, (_, has, wanted) in draft.tally.items():
        assert (kind in logged) == (has > 0), kind
        assert has > 0 or wanted < 2, kind


def test_each_home_has_one_open_account_and_those_counted_twice_have_two(drafts, world):
    draft = drafts["council-tax"]
    is_open = draft.cells["End Date"] == ""
    twice = (draft.person != NOBODY) & (world.people.hard[draft.person] == "moved_or_duplicate")
    homes = draft.home[is_open & ~twice]
    assert len(np.unique(homes)) == len(homes)
    left_open = [each for each in draft.errors if each.kind == "account_left_open"]
    assert left_open
    for each in left_open:
        assert (world.people.home[draft.person[each.row]] != draft.home[each.row]).all()


def test_only_grown_people_are_liable_for_council_tax(drafts, world):
    draft = drafts["council-tax"]
    named = draft.person[draft.person != NOBODY]
    assert world.ages()[named].min() >= 17
    assert (draft.person == NOBODY).any()
    assert set(draft.cells["SPD"]) == {"Y", "N"}


def test_nearly_everybody_who_is_the_only_adult_at_home_has_the_discount(drafts, world):
    draft, people = drafts["council-tax"], world.people
    here = (draft.person != NOBODY) & (people.home[draft.person] == draft.home) & (draft.person != NOBODY)
    alone = here & (people.role[draft.person] == "alone")
    assert 0.85 < (draft.cells["SPD"][alone] == "Y").mean() < 0.97
    couple = here & (people.role[draft.person] == "head") & (people.partner[draft.person] != NOBODY)
    assert (draft.cells["SPD"][couple] == "Y").mean() < 0.05


def test_couples_and_wives_are_named_by_the_husbands_initial_and_labelled(drafts, world):
    draft = drafts["council-tax"]
    couples = rows_of(draft, "couple_in_one_name")
    names = [after for column, _, after in couples if column == "Liable Person"]
    assert names
    assert all(name.startswith("Mr & Mrs ") and len(name.split()[3]) == 1 for name in names)
    assert {after for column, _, after in couples if column == "Joint Liable Person"} <= {""}
    assert (draft.hard == "husbands_initials").sum() >= len(names)


def test_initials_companies_and_executors_are_what_they_say(drafts):
    draft = drafts["council-tax"]
    initials = [after for _, _, after in rows_of(draft, "initials_only")]
    assert all(any(len(word) == 1 for word in name.split()) for name in initials)
    assert 0.15 < len(initials) / (draft.person != NOBODY).sum() < 0.25
    assert {before for _, before, _ in rows_of(draft, "business")} == {"The Owner"}
    executors = [after for _, _, after in rows_of(draft, "executors")]
    assert executors
    assert all("xec" in name or "Exors" in name or "Reps" in name for name in executors)


def test_account_references_end_in_their_check_digit(drafts):
    cells = drafts["council-tax"].cells
    reference, check = cells["Account Reference"][0], cells["Check Digit"][0]
    total = sum(int(figure) * weight for figure, weight in zip(reference, range(10, 1, -1), strict=True))
    assert "0123456789X"[(11 - total % 11) % 11] == check
    assert len(np.unique(cells["Account Reference"])) == len(cells["Account Reference"])


def test_every_claim_is_of_a_poor_household_and_names_an_account_of_council_tax(drafts, world):
    draft, people = drafts["council-tax-support"], world.people
    assert world.households.is_poor[people.household[draft.person]].all()
    accounts = set(drafts["council-tax"].cells["Account Reference"])
    known = [account in accounts for account in draft.cells["Council Tax Account"]]
    assert np.mean(known) > 0.97
    assert len(np.unique(draft.home)) == len(draft)


def test_partners_and_children_of_claimants_are_named(drafts):
    cells = drafts["council-tax-support"].cells
    named = cells["Dependant Details"] != ""
    assert ((cells["Dependants"] != "0") == named).all()
    assert (cells["Partner Forename"] != "").any()
    assert ((cells["Weekly HB"] != "") == (cells["Claim Type"] == "HB and CTS")).all()


def test_assisted_bins_hold_neither_birth_nor_number_and_some_are_only_described(drafts):
    draft = drafts["assisted-bins"]
    assert not {"DOB", "Date of Birth", "NHS Number"} & set(draft.cells)
    described = [after for _, _, after in rows_of(draft, "described_not_named")]
    assert {name.split()[0] for name in described} <= {"The", "Old", "Elderly"}
    assert described
    codes = load_standard("assisted-bins").field("reason").categories
    known = {word.lower() for code, words in codes.items() for word in (code.replace("_", " "), *words)}
    assert {word.lower() for word in draft.cells["Reason"]} <= known


def test_tenants_live_in_social_homes_or_have_left_them(drafts, world):
    draft, people = drafts["housing-tenancy"], world.people
    gone = np.zeros(len(draft), dtype=bool)
    for each in draft.errors:
        if each.kind in {"sublet", "left_over"}:
            gone[each.row] = True
    assert (people.home[draft.person[gone]] != draft.home[gone]).all()
    tenure = world.households.tenure[people.household[draft.person[~gone]]]
    assert np.isin(tenure, ("social_council", "social_other")).all()


def test_a_sublet_home_is_let_privately_to_somebody_else_today(drafts, world):
    draft = drafts["housing-tenancy"]
    tenure = dict(zip(world.households.home.tolist(), world.households.tenure, strict=True))
    [sublet] = [each for each in draft.errors if each.kind == "sublet"]
    assert {tenure[home] for home in draft.home[sublet.row].tolist()} == {"private_landlord"}


def test_joint_tenants_share_a_tenancy(drafts):
    cells = drafts["housing-tenancy"].cells
    seconds = {reference[:-2] for reference in cells["Tenancy Reference"] if reference.endswith("/2")}
    firsts = {reference[:-2] for reference in cells["Tenancy Reference"] if reference.endswith("/1")}
    assert seconds
    assert seconds <= firsts
    assert ((cells["Tenant Flag"] == "O") == [ref.endswith("/2") for ref in cells["Tenancy Reference"]]).all()


def test_pupils_are_of_school_age_with_true_numbers(drafts, world):
    draft = drafts["school-census"]
    assert world.ages()[draft.person].min() >= 4
    assert world.ages()[draft.person].max() <= 17
    assert all(is_upn(number) for number in world.people.upn[draft.person][:500])
    assert all(is_upn(number) for number in draft.cells["Former UPN"] if number)
    assert draft.cells["Former UPN"].astype(bool).any()


def test_a_ninth_of_those_who_may_have_free_meals_are_not_registered(drafts, world):
    draft = drafts["school-census"]
    may = school_census.is_eligible(world, draft.person)
    has = draft.cells["FSM Start Date"] != ""
    assert not has[~may].any()
    assert 0.09 < 1 - has[may].mean() < 0.13


def test_some_pupils_go_by_a_middle_name_or_their_other_parents_surname(drafts, world):
    draft, people = drafts["school-census"], world.people
    for each in draft.errors:
        who = draft.person[each.row]
        if (each.kind, each.column) == ("known_as", "Forename"):
            assert (each.after == people.middle_name[who]).all()
        if (each.kind, each.column) == ("other_parents_surname", "Surname"):
            parents = (people.mother[who], people.father[who])
            names = (people.surname, people.former_surname)
            theirs = [column[parent] == each.after for parent in parents for column in names]
            assert np.logical_or.reduce(theirs).all()


def test_children_in_need_are_children_and_need_follows_poverty_and_place_alone(drafts, world):
    draft, people = drafts["childrens-social-care"], world.people
    assert world.ages()[draft.person].max() < 18
    children = np.flatnonzero((world.ages() < 18) & (people.household != NOBODY))
    is_known = np.isin(children, draft.person)
    household = people.household[children]
    poor = world.households.is_poor[household]
    assert is_known[poor].mean() > 1.8 * is_known[~poor].mean()
    decile = world.areas.deprivation[world.homes.area[world.households.home[household]]]
    weight = np.array(childrens_social_care.BY_DEPRIVATION)[decile - 1]
    weight = weight * np.where(poor, childrens_social_care.POOR, 1)
    expected = weight * is_known.sum() / weight.sum()
    for group in np.unique(people.ethnic_group[children]):
        own = people.ethnic_group[children] == group
        spread = 4 * np.sqrt(expected[own].sum()) + 3
        assert abs(is_known[own].sum() - expected[own].sum()) < spread, group


def test_plans_and_closures_of_children_in_need_hang_together(drafts):
    cells = drafts["childrens-social-care"].cells
    assert ((cells["CPPstartDate"] != "") == (cells["LatestCategoryOfAbuse"] != "")).all()
    assert ((cells["CINclosureDate"] != "") == (cells["ReasonForClosure"] != "")).all()
    assert not ((cells["CINclosureDate"] != "") & (cells["CINPlanStartDate"] != "")).any()
    late = cells["AssessmentAuthorisationDate"] != ""
    assert (cells["CINreferralDate"][late] <= cells["AssessmentAuthorisationDate"][late]).all()


def test_no_child_is_on_the_electoral_roll_but_those_about_to_be_18(drafts, world):
    draft = drafts["electoral-roll"]
    age = world.ages()[draft.person]
    assert age.min() >= 16
    assert ((draft.cells["Date of Attainment"] != "") == (age < 18)).all()
    assert 0.7 < len(np.unique(draft.person)) / (world.ages() >= 18).sum() < 0.95
    assert rows_of(draft, "stale_address")


def test_a_canvass_is_on_the_first_of_december_before():
    assert electoral_roll.canvass_before(np.datetime64("2021-03-21")) == np.datetime64("2020-12-01")
    assert electoral_roll.canvass_before(np.datetime64("2021-12-02")) == np.datetime64("2021-12-01")


@pytest.mark.parametrize("name", ["council-tax", "electoral-roll"])
def test_people_counted_twice_stand_at_both_addresses(name, drafts, world):
    draft = drafts[name]
    rows = (draft.person != NOBODY) & (world.people.hard[draft.person] == "moved_or_duplicate")
    who, times = np.unique(draft.person[rows], return_counts=True)
    assert (times > 1).any()
    person = who[times > 1][0]
    assert set(draft.home[draft.person == person]) == {
        world.people.home[person], world.people.home_before[person]
    }  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_a_stale_address_is_one_that_the_person_has_left(name, drafts, world):
    draft = drafts[name]
    for each in draft.errors:
        if each.kind == "stale_address":
            assert (world.people.home[draft.person[each.row]] != draft.home[each.row]).all()
        if each.kind == "dead_still_listed":
            assert not np.isnat(world.people.died_on[draft.person[each.row]]).any()


def test_only_a_share_of_the_rows_is_written_where_a_sum_or_a_flag_is_due():
    assert list(writing.pounds(np.array([1.0, 2.345]))) == ["1.00", "2.35"]
    assert list(writing.yes_no(np.array([True, False]))) == ["Y", "N"]
