"""Who is left in doubt, who is nobody, and whom a name that is not a name means: told as small cases."""

from __future__ import annotations

import pyarrow as pa
import pytest
from people_cases import COLUMNS, people_of, records_table

from sharewell.people.link import link_people

HOME = ("E8 1AA", "100000000001")
NEXT_DOOR = ("E8 1AA", "100000000002")
FATHER = ("gp", 1, "Robert", "Hall", "1950-03-12", *HOME)
SON = ("gp", 2, "Robert", "Hall", "1981-07-25", *HOME)
NOBODY = [
    ("The", "Owner"),
    ("The Owner /", "Occupier"),
    ("Zebrolet Lettings", "Ltd"),
    ("Riverside Housing", "Association"),
    ("Executors of Robert", "Hall"),
    ("Executors of Mr Robert Hall", "(Deceased)"),
    ("Test", "Patient"),
]


@pytest.fixture
def link(engine):
    def run(rows, **further):
        table = records_table(rows)
        for name, values in further.items():
            table = table.append_column(name, pa.array(values, pa.string()))
        linkage = link_people(engine.load("records", table), engine, "linked", extra=tuple(further))
        return people_of(linkage), linkage.doubts.to_pylist()

    return run


@pytest.mark.parametrize("name", NOBODY, ids=" ".join)
def test_who_is_no_person_joins_nobody(name, link):
    rows = [
        FATHER,
        ("tax", 1, *name, None, *HOME),
        ("tax", 2, *name, None, *HOME),
        ("rent", 1, *name, None, *HOME),
    ]
    people, _ = link(rows)
    assert len(set(people.values())) == 4


def test_a_record_that_father_and_son_could_claim_is_left_in_doubt(link):
    people, doubts = link([FATHER, SON, ("tax", 1, "Robert", "Hall", None, *HOME)])
    assert len(set(people.values())) == 3
    told = {(row["source"], row["source_row"], row["other_source"], row["other_row"]) for row in doubts}
    assert told == {("tax", 1, "gp", 1), ("tax", 1, "gp", 2)}
    assert {row["reason"] for row in doubts} == {"two_people_alike"}


def test_a_record_that_only_one_of_them_could_claim_is_not(link):
    people, doubts = link(
        [FATHER, ("gp", 2, "Ian", "Hall", "1981-07-25", *HOME), ("tax", 1, "Robert", "Hall", None, *HOME)]
    )
    assert people["tax", 1] == people["gp", 1]
    assert doubts == []


def test_an_initial_of_husband_and_wife_is_left_in_doubt(link):
    john, jane = (
        ("gp", n, name, "Hall", f"195{n}-0{n}-1{n}", *HOME) for n, name in ((1, "John"), (2, "Jane"))
    )
    people, doubts = link([john, jane, ("tax", 1, "J", "Hall", None, *HOME)])
    assert len(set(people.values())) == 3
    assert {row["reason"] for row in doubts} == {"two_people_alike"}


def test_a_title_tells_whose_initial_it_is(link):
    john, jane = (
        ("gp", n, name, "Hall", f"195{n}-0{n}-1{n}", *HOME) for n, name in ((1, "John"), (2, "Jane"))
    )
    people, _ = link([john, jane, ("tax", 1, "J", "Hall", None, *HOME)], title=["Mr", "Mrs", "Mrs"])
    assert people["tax", 1] == people["gp", 2] != people["gp", 1]


def test_a_wife_under_her_husbands_initials_is_joined_to_her_and_shown(link):
    john, mary = (("gp", n, name, "Hall", f"195{n}-03-12", *HOME) for n, name in ((1, "John"), (2, "Mary")))
    people, doubts = link([john, mary, ("tax", 1, "J", "Hall", None, *HOME)], title=["Mr", "Mrs", "Mrs"])
    assert people["tax", 1] == people["gp", 2] != people["gp", 1]
    assert [row["reason"] for row in doubts] == ["husbands_initials"]


def test_a_couple_in_one_cell_is_his_record_and_names_her_too(link):
    john, mary = (("gp", n, name, "Hall", f"195{n}-03-12", *HOME) for n, name in ((1, "John"), (2, "Mary")))
    people, doubts = link(
        [john, mary, ("tax", 1, "Mr & Mrs J", "Hall", None, *HOME)], title=["Mr", "Mrs", None]
    )
    assert people["tax", 1] == people["gp", 1] != people["gp", 2]
    assert [(row["other_row"], row["reason"]) for row in doubts] == [(2, "also_names")]


def test_senior_and_junior_are_two(link):
    people, _ = link(
        [("a", 1, "Robert", "Hall Snr", None, *HOME), ("b", 1, "Robert", "Hall Jnr", None, *HOME)]
    )
    assert len(set(people.values())) == 2


def test_a_namesake_next_door_is_somebody_else_until_something_else_agrees(link):
    rows = [
        FATHER,
        ("tax", 1, "Robert", "Hall", None, *NEXT_DOOR),
        ("bins", 1, "Robert", "Hall", None, *NEXT_DOOR),
    ]
    people, _ = link(rows)
    assert people["tax", 1] == people["bins", 1] != people["gp", 1]
    phones = ["020 7946 0001", "020 7946 0001", None]
    people, _ = link(rows[:2], phone=phones[:2])
    assert people["tax", 1] == people["gp", 1]


def test_a_placeholder_is_no_name_and_a_newborns_first_number_is_no_veto(link):
    born = "2021-02-03"
    baby = ("gp", 1, "Baby Girl", "Hall", born, *HOME, "9000000009")
    named = ("visits", 1, "Ines", "Hall", born, *HOME, "9434765919")
    people, _ = link([baby, named])
    assert people["gp", 1] == people["visits", 1]


def test_twins_without_names_yet_are_two(link):
    rows = [("gp", n, "Baby Boy", "Hall", "2021-02-03", *HOME, f"900000000{n}") for n in (1, 2)]
    assert len(set(link(rows)[0].values())) == 2


def test_two_numbers_go_to_review(link):
    rows = [(*FATHER, "9434765919"), ("rent", 1, "Robert", "Hall", "1950-03-12", *HOME, "4010232137")]
    people, doubts = link(rows)
    assert len(set(people.values())) == 2
    assert [row["reason"] for row in doubts] == ["two_nhs_numbers"]


def test_a_phone_of_the_household_does_not_make_a_couple_one(link):
    rows = [("gp", 1, "Robert", "Hall", None, *HOME), ("tax", 1, "Rose", "Hall", None, *HOME)]
    assert len(set(link(rows, phone=["020 7946 0001"] * 2)[0].values())) == 2


def test_a_name_in_the_wrong_order_is_turned_by_every_other_use(link):
    others = [("gp", n, "Robert", f"Smith{n}", None, f"N{n} 1AA", str(n)) for n in range(2, 22)]
    more = [("gp", n, f"Name{n}", "Hall", None, f"S{n} 1AA", str(n)) for n in range(22, 42)]
    swapped = ("roll", 1, "Hall", "Robert", None, *HOME)
    people, _ = link([FATHER, swapped, *others, *more])
    assert people["roll", 1] == people["gp", 1]


def test_a_whole_name_may_stand_surname_first(link):
    names = [
        "Robert James Hall",
        "Ann Mary Hall",
        "Tom Hall",
        "Jo Hall",
        "Robert Lee",
        "Robert Shah",
        "Hall Robert Ian",
    ]
    names += [f"Robert Name{n}" for n in range(20)] + [f"Ann{n} Ian Hall" for n in range(20)]
    rows = [
        ("roll", n, None, None, None, *(HOME if n == 7 else (f"N{n} 1AA", str(n))))
        for n in range(1, len(names) + 1)
    ]
    people, _ = link([FATHER, *rows], full_name=[None, *names])
    assert people["roll", 7] == people["gp", 1]


def test_a_forms_default_date_is_no_birthday(engine):
    from sharewell.people.prepare import prepare

    rows = [("tax", n, f"Name{n}", f"Family{n}", "1900-01-01", None, None) for n in range(40)]
    rows += [
        ("tax", n, f"Name{n}", f"Family{n}", f"19{n % 90 + 10}-0{n // 90 % 9 + 1}-1{n % 9}", None, None)
        for n in range(40, 900)
    ]
    rows += [("old", n, f"Name{n}", f"Family{n}", f"18{n % 40 + 10}-01-01", None, None) for n in range(2000)]
    laid = prepare(engine.load("records", records_table(rows)), engine, (), seed=1)
    told = engine.fetch(
        f'SELECT source, count(*) - count(date_of_birth) AS n FROM "{laid.table}" GROUP BY 1 ORDER BY 1'
    )
    assert told.to_pylist() == [{"source": "old", "n": 0}, {"source": "tax", "n": 40}]


def test_a_newborn_without_a_birthday_joins_nobody(link):
    rows = [
        ("gp", 1, "Baby", "Hall", None, *HOME, "9000000009"),
        ("tax", 1, "Robert", "Hall", None, *HOME),
        (*FATHER[:1], 2, *FATHER[2:]),
    ]
    people, _ = link(rows, phone=["020 7946 0001", "020 7946 0001", "020 7946 0001"])
    assert people["gp", 1] not in (people["tax", 1], people["gp", 2])


def test_a_newborn_is_the_child_of_its_home_and_birthday_whatever_its_surname(link):
    born = "2021-02-03"
    rows = [("gp", 1, "Baby", "Hall", born, *HOME), ("gp", 2, "Ines", "Shah", born, *HOME)]
    people, _ = link(rows, sex=["f", "f"])
    assert people["gp", 1] == people["gp", 2]
    people, _ = link(rows, sex=["f", "m"])
    assert people["gp", 1] != people["gp", 2]


def test_a_newborn_of_two_twins_is_left_in_doubt(link):
    born = "2021-02-03"
    twins = [("gp", n, name, "Shah", born, *HOME) for n, name in ((2, "Ines"), (3, "Olga"))]
    people, doubts = link([("gp", 1, "Baby", "Hall", born, *HOME), *twins])
    assert len(set(people.values())) == 3
    assert "two_people_alike" in {row["reason"] for row in doubts}


def test_a_father_with_his_second_name_in_the_first_ones_column_is_a_namesake_too(link):
    father = (*FATHER[:2], "Robert Ian", *FATHER[3:])
    people, doubts = link([father, SON, ("tax", 1, "Robert", "Hall", None, *HOME)])
    assert len(set(people.values())) == 3
    assert {row["reason"] for row in doubts} == {"two_people_alike"}


def test_who_may_stand_under_a_neighbours_number_is_shown_and_kept_apart(link):
    people, doubts = link([FATHER, ("tax", 1, "Robert", "Hall", None, *NEXT_DOOR)])
    assert people["gp", 1] != people["tax", 1]
    assert [row["reason"] for row in doubts] == ["neighbours_number"]


def test_a_lone_record_beside_its_family_is_joined_and_shown(link):
    family = [
        ("gp", 2, "Rose", "Hall", "1952-01-02", *NEXT_DOOR),
        ("tax", 1, "Robert", "Hall", None, *NEXT_DOOR),
    ]
    people, doubts = link([FATHER, *family])
    assert people["gp", 1] == people["tax", 1] != people["gp", 2]
    assert [row["reason"] for row in doubts] == ["neighbours_number"]


NAMESAKES = {
    "one list names both": [("gp", 2, "Robert", "Hall", None, *NEXT_DOOR)],
    "another sex": [("tax", 1, "Robert", "Hall", None, *NEXT_DOOR)],
    "two could be meant": [
        ("tax", 1, "Robert", "Hall", None, *NEXT_DOOR),
        ("tax", 2, "Robert", "Hall", None, "E8 1AA", "100000000003"),
    ],
}


@pytest.mark.parametrize("case", NAMESAKES)
def test_a_namesake_next_door_stays_one(case, link):
    family = ("gp", 9, "Rose", "Hall", "1952-01-02", *NEXT_DOOR)
    rows = [FATHER, *NAMESAKES[case], family]
    sexes = ["m", *["f" if case == "another sex" else None] * len(NAMESAKES[case]), None]
    people, _ = link(rows, sex=sexes)
    assert len(set(people.values())) == len(rows)


BAD = {
    "one name many times": [("a", n, "John", "Hall") for n in range(3000)],
    "nothing but blanks": [("a", n, " ", "") for n in range(3000)],
    "one column": [("a", n, None, f"N{n % 50}") for n in range(3000)],
    "one hostel": [("a", n, f"N{n % 70}", f"S{n % 90}", None, *HOME) for n in range(3000)],
    "owners everywhere": [("a", n, "The", "Owner", None, f"E{n % 9} 1AA", str(n % 50)) for n in range(3000)],
}


@pytest.mark.parametrize("case", BAD)
def test_bad_lists_take_little_and_lose_no_row(case, link):
    rows = [[*row, *[None] * (len(COLUMNS) - len(row))] for row in BAD[case]]
    people, _ = link(rows)
    assert len(people) == len(rows)
