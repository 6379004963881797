"""What is true of the made-up region holds together: ages, families, homes, numbers, lives, hard pairs."""

from __future__ import annotations

import csv
import gzip
import re
from pathlib import Path

import numpy as np
import pytest

from sharewell.demo.region.frame.terms import Frame
from sharewell.demo.region.names import Names
from sharewell.demo.region.rates import RATES
from sharewell.demo.region.terms import NOBODY, World, whole_years
from sharewell.demo.region.world.build import Built, build_world
from sharewell.demo.region.world.needs import WORDS
from sharewell.demo.region.world.numbers import nhs_numbers, upns
from sharewell.demo.region.world.part import Part
from sharewell.vocab.identifiers import is_nhs_number, is_nino, is_postcode, is_upn, is_uprn

PEOPLE_CLASSES = [
    "father_and_son", "like_named_twins", "same_name_next_door", "same_name_one_block",
    "sibling_swapped_birth_date",
    "married_name", "placeholder_newborn", "moved_or_duplicate", "dead_or_alive_namesake", "care_home_mover",
    "shared_mobile", "protected",
]  # fmt: skip


def test_every_household_has_a_home_of_its_own_and_as_many_people_as_its_size(built: Built):
    households, people = built.world.households, built.world.people
    assert len(np.unique(households.home)) == len(households.home)
    living = people.household[: built.residents]
    assert (np.bincount(living[living != NOBODY]) == households.size).all()


def test_people_of_a_household_live_at_its_home(built: Built):
    people, households = built.world.people, built.world.households
    housed = np.flatnonzero(people.household[: built.residents] != NOBODY)
    assert (people.home[housed] == households.home[people.household[housed]]).all()


def test_nobody_lives_in_a_shop_or_in_the_shell_of_a_block(world: World):
    lived_in = world.people.home[world.people.home != NOBODY]
    assert not set(world.homes.kind[lived_in]) & {"shop", "block"}


def test_children_have_parents_old_enough_and_siblings_names_of_their_own(world: World):
    people = world.people
    for parents in (people.mother, people.father):
        child = np.flatnonzero(parents != NOBODY)
        gap = whole_years(people.born[parents[child]], people.born[child])
        assert gap.min() >= 14
    children = np.flatnonzero(people.role == "child")
    key = list(zip(people.household[children], people.first_name[children], strict=True))
    assert len(set(key)) >= 0.999 * len(key)


def test_numbers_are_valid_and_nobody_shares_them(world: World):
    people = world.people
    assert len(set(people.id)) == len(set(people.nhs_number)) == len(people.id)
    assert all(is_nhs_number(number) and number.startswith("999") for number in people.nhs_number)
    assert all(is_nino(number) for number in people.nino if number)
    assert all(is_upn(number) for number in people.upn if number)
    assert all(is_uprn(number) and number.startswith("999") for number in world.homes.uprn)
    assert len(set(world.homes.uprn)) == len(world.homes.uprn)
    assert all(is_postcode(code) for code in set(world.homes.postcode))


def test_phones_come_from_the_ranges_kept_for_drama(world: World):
    people = world.people
    assert all(re.fullmatch("07700900[0-9]{3}", number) for number in people.mobile if number)
    drama = "01632960[0-9]{3}|01614960[0-9]{3}|02079460[0-9]{3}"
    assert all(re.fullmatch(drama, number) for number in people.landline if number)
    assert all(address.split("@")[1].startswith("example.") for address in people.email if address)


@pytest.mark.parametrize("start", [0, 908_000, 1_900_000])
def test_nhs_numbers_go_on_below_999_when_those_run_out(start: int):
    numbers = nhs_numbers(np.arange(start, start + 2_000))
    assert len(set(numbers)) == 2_000 and all(map(is_nhs_number, numbers))
    assert {number[:3] for number in numbers} <= {"999", "998", "997"}
    assert "9999999999" not in numbers


def test_upns_are_valid():
    assert all(map(is_upn, upns(np.arange(500))))


def test_homes_change_hands_in_order(world: World):
    """Whoever left a home did so before its present household came."""
    people = world.people
    left = np.flatnonzero((people.home_before != NOBODY) & ~np.isnat(people.moved_on))
    came = np.full(len(world.homes.uprn), np.datetime64("NaT", "D"))
    here = np.flatnonzero(~np.isnat(people.moved_on) & (people.home != NOBODY) & (people.role != "resident"))
    came[people.home[here]] = people.moved_on[here]
    next_came = came[people.home_before[left]]
    known = ~np.isnat(next_came) & np.isin(people.role[left], ("head", "alone"))
    assert (next_came[known] >= people.moved_on[left][known]).mean() > 0.97


def test_the_dead_died_before_today_and_those_who_left_have_no_home(built: Built):
    people, today = built.world.people, built.world.today
    gone = np.arange(len(people.id)) >= built.residents
    died, left = ~np.isnat(people.died_on), ~np.isnat(people.left_on)
    assert (gone == (died | left)).all()
    assert (people.died_on[died] < today).all() and (people.born[died] <= people.died_on[died]).all()
    assert (people.home[left] == NOBODY).all() and (people.home_before[left] != NOBODY).all()


def test_ages_are_those_that_the_frame_asks_for(built: Built, frame: Frame, part: Part):
    ages = np.minimum(built.world.ages()[: built.residents], 90)
    made = np.bincount(ages // 5, minlength=19)
    wanted = np.add.reduceat(frame.margins.ages[part.first : part.end].sum(axis=0), np.arange(0, 91, 5))
    assert np.abs(made / made.sum() - wanted / wanted.sum()).sum() / 2 < 0.02


@pytest.mark.parametrize("name", PEOPLE_CLASSES)
def test_every_class_of_pairs_of_people_is_made(world: World, name: str):
    assert any(each == name for each, _, _ in world.pairs)


def test_hard_pairs_are_what_their_names_say(world: World):
    people, homes, ages = world.people, world.homes, world.ages()
    for name, one, two in world.pairs:
        same_name = (
            people.first_name[one] == people.first_name[two] and people.surname[one] == people.surname[two]
        )
        match name:
            case "father_and_son":
                assert same_name and people.home[one] == people.home[two] and ages[one] - ages[two] >= 14
            case "like_named_twins":
                assert people.born[one] == people.born[two] and people.home[one] == people.home[two]
                assert people.first_name[one] != people.first_name[two]
            case "same_name_next_door":
                assert same_name and people.home[one] != people.home[two]
                assert homes.street[people.home[one]] == homes.street[people.home[two]]
            case "same_name_one_block":
                assert (
                    same_name and homes.parent[people.home[one]] == homes.parent[people.home[two]] != NOBODY
                )
            case "sibling_swapped_birth_date":
                days = [str(people.born[each])[8:] for each in (one, two)]
                assert days[0] == days[1][::-1] and str(people.born[one])[5:7] == str(people.born[two])[5:7]
            case "dead_or_alive_namesake":
                assert same_name and not np.isnat(people.died_on[one]) and np.isnat(people.died_on[two])
            case "shared_mobile":
                assert people.mobile[one] == people.mobile[two] != ""
            case _:
                assert one == two


def test_rates_of_hard_pairs_can_be_set(frame: Frame, part: Part):
    none = build_world(frame, part, Names.load(None), 3, {**RATES, "father_and_son": 0.0})
    assert not any(name == "father_and_son" for name, _, _ in none.world.pairs)


def test_needs_follow_age_and_deprivation(world: World):
    ages, people = world.ages(), world.people
    living = people.home != NOBODY
    assert (
        people.is_shielding[living & (ages > 70)].mean()
        > 2 * people.is_shielding[living & (ages < 40)].mean()
    )
    assert 0.02 < people.is_shielding[living].mean() < 0.07


def test_nothing_happens_to_anybody_before_they_were_born(world: World):
    people = world.people
    for day in (people.moved_on, people.died_on, people.left_on):
        happened = ~np.isnat(day)
        assert (day[happened] >= people.born[happened]).all()
    renamed = ~np.isnat(people.renamed_on) & (people.former_surname != "")
    assert whole_years(people.born[renamed], people.renamed_on[renamed]).min() >= 16


def test_an_address_at_an_example_domain_is_made_of_the_name_somebody_has(world: World):
    people = world.people
    for row in np.flatnonzero(people.email != "")[:2000]:
        plain = "".join(sign for sign in people.first_name[row].lower() if sign.isascii() and sign.isalpha())
        assert people.email[row].startswith(plain or "mail")


def test_twins_agree_in_what_follows_from_their_age(world: World):
    people = world.people
    for name, one, two in world.pairs:
        if name == "like_named_twins":
            assert people.sex[one] == people.sex[two]
            assert (people.upn[one] == "") == (people.upn[two] == "")
            assert (people.nino[one] == "") == (people.nino[two] == "")


def test_nobody_moves_within_a_postcode(world: World):
    people, homes = world.people, world.homes
    moved = (people.home_before != NOBODY) & (people.home != NOBODY)
    assert (homes.postcode[people.home[moved]] != homes.postcode[people.home_before[moved]]).all()


def test_national_insurance_numbers_have_prefixes_that_were_never_allocated(world: World):
    assert {number[:2] for number in world.people.nino if number} == {"WW"}


@pytest.mark.real
def test_no_practice_of_the_region_has_a_real_one_s_name_or_code(shared: Path, world: World):
    file = shared / "data" / "uk" / "health" / "gp_practices_england_active_2023.csv.gz"
    with gzip.open(file, "rt", encoding="utf-8") as opened:
        real = {value.upper() for row in csv.DictReader(opened) for value in (row["name"], row["code"])}
    settings = world.settings
    assert not real & {value.upper() for value in (*settings.practice_name, *settings.practice_code)}
    kinds = ("Medical Practice", "Surgery", "Health Centre", "Primary School", "High School")
    assert not real & {f"{word} {kind}".upper() for word in WORDS for kind in kinds}
