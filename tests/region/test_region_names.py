"""Names of the made-up region: as common as they are, by age and heritage, and every dirt they carry."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sharewell.demo.region.chance import Chance, texts
from sharewell.demo.region.dirt.name_slips import unaccented
from sharewell.demo.region.dirt.names import (
    NAME_KINDS,
    NAME_RATES,
    can_have,
    change_of,
    placeholders,
    spoil_names,
    spoil_newborns,
    swap_names,
)
from sharewell.demo.region.draft import Draft
from sharewell.demo.region.names import NICKNAMES, Names
from sharewell.demo.region.names.heritage import HERITAGES, heritage
from sharewell.demo.region.names.kindred import FEMININE
from sharewell.demo.region.names.mixes import GROUPS
from sharewell.demo.region.names.spelling import spelled_forename, spelled_surname
from sharewell.demo.region.names.wordlists import sections, shares

MANY = 20_000


@pytest.fixture(scope="module")
def small() -> Names:
    return Names.load(None)


@pytest.fixture(scope="module")
def registered(shared: Path) -> Names:
    folder = shared / "data" / "uk"
    if not folder.is_dir():
        pytest.skip("the reference data of the United Kingdom is not beside the repository")
    return Names.load(folder)


def born(names: Names, sex: str, year: int, of: str = "british", n: int = MANY) -> Counter[str]:
    drawn = names.forenames(Chance(1, "test"), texts([sex] * n), np.full(n, year), texts([of] * n))
    return Counter(drawn.tolist())


def share_of_ten(names: Counter[str]) -> float:
    return sum(count for _, count in names.most_common(10)) / names.total()


def a_draft(columns: dict[str, list[str]], n: int) -> Draft:
    draft = Draft("a-list", np.arange(n), np.arange(n), texts([""] * n), Chance(7, "a list"))
    draft.fill({name: texts(values) for name, values in columns.items()})
    return draft


def test_the_old_and_the_young_are_called_otherwise(small: Names):
    old, young = born(small, "2", 1930), born(small, "2", 2015)
    assert old["Margaret"] > 20 * young["Margaret"]
    assert young["Amelia"] > 20 * old["Amelia"]


def test_registers_give_the_commonest_names_of_each_time(registered: Names):
    born_1950, born_2015 = born(registered, "1", 1950), born(registered, "1", 2015)
    assert {"David", "John"} <= {name for name, _ in born_1950.most_common(3)}
    assert "Oliver" in {name for name, _ in born_2015.most_common(2)}
    assert 0.25 < share_of_ten(born_1950) < 0.45
    assert 0.10 < share_of_ten(born_2015) < 0.20


def test_years_outside_the_registers_take_the_nearest(registered: Names):
    assert born(registered, "2", 2020, n=500) == born(registered, "2", 2026, n=500)
    assert born(registered, "2", 1904, n=500) == born(registered, "2", 1890, n=500)


def test_smith_is_the_commonest_surname_in_its_true_share(registered: Names):
    drawn = Counter(registered.surnames(Chance(2), texts(["british"] * MANY)).tolist())
    assert drawn.most_common(1)[0][0] == "Smith"
    assert 0.010 < drawn["Smith"] / MANY < 0.017
    assert len(drawn) > 3000
    assert 0.008 < sum("-" in name for name in drawn.elements()) / MANY < 0.016


def test_the_british_seldom_bear_the_names_of_others(registered: Names):
    drawn = Counter(registered.surnames(Chance(3), texts(["british"] * MANY)).tolist())
    assert drawn["Patel"] + drawn["Khan"] + drawn["Hussain"] < 0.0005 * MANY
    assert born(registered, "1", 2015)["Muhammad"] < 0.003 * MANY


@pytest.mark.parametrize("of", HERITAGES)
def test_every_heritage_has_names_of_every_age_and_sex(small: Names, of: str):
    for sex in "12":
        for year in (1930, 2018):
            assert len(born(small, sex, year, of, 400)) > 8
    assert len(set(small.surnames(Chance(4), texts([of] * 400)))) > 8


def test_names_keep_their_accents(small: Names):
    assert {"Łukasz", "Paweł"} & set(born(small, "1", 1980, "polish", 500))
    assert "José" in born(small, "1", 1970, "spanish", 500)
    assert "Zoë" in born(small, "2", 2000)


def test_a_heritage_is_of_the_ethnic_group_and_the_district(small: Names, registered: Names):
    for names, district in ((small, "D001"), (registered, "E08000002"), (registered, "E09000025")):
        for group, sure in (("white", "british"), ("asian", "pakistani"), ("black", "caribbean")):
            drawn = names.heritages(Chance(5), texts([group] * 3000), texts([district] * 3000))
            assert sure in set(drawn)
            assert set(drawn) <= set(HERITAGES)


def test_districts_with_a_table_follow_it_and_london_is_not_manchester(registered: Names):
    def share(district: str, group: str, of: str) -> float:
        drawn = registered.heritages(Chance(6), texts([group] * 5000), texts([district] * 5000))
        return float((drawn == of).mean())

    assert share("E08000002", "asian", "pakistani") > 0.75  # Bury
    assert share("E08000004", "asian", "bangladeshi") > 0.3  # Oldham
    assert share("E09000025", "asian", "pakistani") < 0.4
    assert share("E09000025", "asian", "indian_hindu") > share("E08000002", "asian", "indian_hindu")


def test_every_share_names_a_heritage_there_is():
    detailed = [
        text for group in set(GROUPS.values()) for key, text in sections("shares.txt")[group].items() if key
    ]
    elsewhere = [text for of in sections("elsewhere.txt").values() for key, text in of.items() if key]
    named = {name for text in (*detailed, *elsewhere) for name in shares(text)}
    assert named <= set(HERITAGES)
    assert all(heritage(of).lists["surnames"] for of in HERITAGES[1:])


def test_the_same_chance_draws_the_same_names_in_any_company():
    def draw(names: Names) -> list[str]:
        n = 300
        of = texts(["british", "polish", "somali"] * 100)
        first = names.forenames(Chance(8), texts(["1", "2"] * 150), 1930 + np.arange(n) % 90, of)
        return [*first, *names.surnames(Chance(9), of)]

    used = Names.load(None)
    born(used, "2", 1999)
    assert draw(used) == draw(Names.load(None))


def test_nobody_is_no_trouble(small: Names):
    none = texts([])
    assert len(small.forenames(Chance(1), none, np.array([], dtype=np.int64), none)) == 0
    assert len(small.surnames(Chance(1), none)) == len(small.alike(Chance(1), none, none)) == 0
    assert len(small.heritages(Chance(1), none, none)) == 0


@pytest.mark.parametrize(
    ("of", "husband", "wife", "daughter"),
    [
        ("polish", "Kowalski", "Kowalska", "Kowalska"),
        ("polish", "Nowak", "Nowak", "Nowak"),
        ("czech", "Novák", "Nováková", "Nováková"),
        ("czech", "Černý", "Černá", "Černá"),
        ("bulgarian", "Ivanov", "Ivanova", "Ivanova"),
        ("lithuanian", "Kazlauskas", "Kazlauskienė", "Kazlauskaitė"),
        ("lithuanian", "Butkus", "Butkienė", "Butkutė"),
        ("indian_sikh", "Singh", "Kaur", "Kaur"),
        ("british", "Smith", "Smith", "Smith"),
    ],
)
def test_women_bear_the_form_of_the_surname_that_is_theirs(
    small: Names, of: str, husband: str, wife: str, daughter: str
):
    assert small.surnames_of_wives(Chance(1), texts([husband]), texts([of])).tolist() == [wife]
    assert small.surnames_of_children(Chance(1), texts([husband]), texts(["2"]), texts([of])).tolist() == [
        daughter
    ]
    assert small.surnames_of_children(Chance(1), texts([husband]), texts(["1"]), texts([of])).tolist() == [
        husband
    ]


def test_a_son_bears_the_mans_form_of_his_mothers_surname(small: Names):
    mothers = texts(["Kowalska", "Nováková", "Ivanova", "Kaur", "Smith"])
    of = texts(["polish", "czech", "bulgarian", "indian_sikh", "british"])
    sons = small.surnames_of_children(Chance(1), mothers, texts(["1"] * 5), of)
    assert sons.tolist() == ["Kowalski", "Novák", "Ivanov", "Singh", "Smith"]


def test_surnames_of_women_are_drawn_for_women_alone(small: Names):
    of = texts(["bangladeshi"] * 2000)
    drawn = small.surnames(Chance(1), of)
    assert not {"Begum", "Khatun", "Bibi"} & set(drawn)
    wives = small.surnames_of_wives(Chance(2), drawn, of)
    assert (
        0.6
        < float(np.isin(wives.astype(str), ["Begum", "Khatun", "Bibi", "Akter", "Sultana", "Khanom"]).mean())
        < 0.9
    )
    assert set(FEMININE) <= set(HERITAGES)


def test_names_alike_differ_and_share_their_beginning(small: Names):
    ones = texts(["Jack", "Ella", "Hassan", "Zuzanna", "Oluwaseun", "Margaret", "Qwertz"] * 20)
    twos = small.alike(Chance(3), ones, texts(["1", "2", "1", "2", "1", "2", "1"] * 20))
    assert all(one != two for one, two in zip(ones, twos, strict=True))
    assert {"Jake", "Ellie", "Hussain"} <= set(twos)


@pytest.mark.parametrize(
    ("small_letters", "written"),
    [
        ("smith", "Smith"),
        ("mcintyre", "McIntyre"),
        ("macleod", "MacLeod"),
        ("mackay", "Mackay"),
        ("mackie", "Mackie"),
        ("machin", "Machin"),
        ("obrien", "O'Brien"),
        ("osborne", "Osborne"),
        ("oconnor", "O'Connor"),
        ("darcy", "D'Arcy"),
    ],
)
def test_surnames_are_written_as_people_write_them(small_letters: str, written: str):
    assert spelled_surname(small_letters) == written


def test_forenames_of_two_have_two_capitals():
    assert spelled_forename("Ellie-may") == "Ellie-May"


def test_there_are_nicknames_for_at_least_a_hundred_and_fifty_names():
    assert len(NICKNAMES) >= 150
    assert [name for name, short in NICKNAMES.items() if name in short or not short] == []


# What each kind makes of a name: an example each, and what must hold of whatever it makes.
SAYS = {
    "name_nickname": ("Elizabeth", lambda was, now: now in NICKNAMES[was]),
    "name_known_as": (
        "Elizabeth",
        lambda was, now: was in now and any(short in now for short in NICKNAMES[was]),
    ),
    "name_title": (
        "Margaret",
        lambda was, now: now.split(" ", 1)[0] in ("Mrs", "Miss", "Ms") and now.endswith(was),
    ),
    "name_misheard": ("Stephen", lambda was, now: now in ("Steven", "Stephan")),
    "name_key_slip": ("Robert", lambda was, now: abs(len(now) - len(was)) <= 1 and now[0] == "R"),
    "name_misread": ("Barnes", lambda was, now: len(now) - len(was) in (-1, 0, 1)),
    "name_initial_only": ("John", lambda was, now: now in ("J", "J.")),
    "name_half": ("Smith-Jones", lambda was, now: now in ("Smith", "Jones")),
    "name_hyphen_lost": ("Smith-Jones", lambda was, now: now in ("Smith Jones", "SmithJones")),
    "name_apostrophe_lost": ("O'Brien", lambda was, now: now in ("OBrien", "O Brien")),
    "name_accent_lost": ("Łukasz", lambda was, now: now == "Lukasz"),
    "name_mojibake": ("Zoë", lambda was, now: now == "ZoÃ«"),
    "name_capitals": ("O'Brien", lambda was, now: now == "O'BRIEN"),
    "name_small_letters": ("McKay", lambda was, now: now == "mckay"),
    "name_stray_space": ("McKay", lambda was, now: now.replace(" ", "") == was and " " in now),
}


@pytest.mark.parametrize("kind", NAME_KINDS)
def test_each_kind_of_dirt_is_what_it_says(kind: str):
    name, holds = SAYS[kind]
    many = texts([name] * 200)
    made = change_of(kind, Chance(11, kind))(many, np.arange(200))
    assert [now for now in made if now == name or not holds(name, now)] == []


LETTERS = st.sampled_from("abcdehilmnorstuwyzABCDMOPSZëéłßÁíž-' .")
A_NAME = st.one_of(
    st.text(LETTERS, max_size=12),
    st.sampled_from(
        [*list(NICKNAMES)[:80], "O'Brien", "Smith-Jones", "Zoë", "J.", "Ng", "A", "  ", "Nguyễn", "Ólafur"]
    ),
)


@pytest.mark.parametrize("kind", NAME_KINDS)
@given(names=st.lists(A_NAME, min_size=1, max_size=20), seed=st.integers(0, 10**6))
def test_a_kind_changes_every_name_that_can_have_it(kind: str, names: list[str], seed: int):
    values = texts(names)
    rows = can_have(kind, values)
    made = change_of(kind, Chance(seed))(values[rows], rows)
    assert [(was, now) for was, now in zip(values[rows], made, strict=True) if was == now or not now] == []


@pytest.mark.parametrize(
    ("kind", "cannot"),
    [
        ("name_nickname", ["Xerxes", "", "elizabeth"]),
        ("name_half", ["Smith", "A-Jones", "Ann-Marie-Lee", "-"]),
        ("name_hyphen_lost", ["Smith"]),
        ("name_apostrophe_lost", ["OBrien"]),
        ("name_accent_lost", ["Zoe", ""]),
        ("name_mojibake", ["Zoe", "Álvaro"]),
        ("name_capitals", ["SMITH", "", "1"]),
        ("name_small_letters", ["smith"]),
        ("name_initial_only", ["J", "J.", ""]),
        ("name_title", ["Xqz", ""]),
        ("name_key_slip", ["Ng", "", "J."]),
        ("name_misheard", ["", "Z"]),
        ("name_stray_space", [""]),
    ],
)
def test_names_that_a_kind_would_leave_as_they_are_are_not_chosen(kind: str, cannot: list[str]):
    assert can_have(kind, texts(cannot)).tolist() == []


def test_plain_letters_stand_for_every_letter_with_an_accent():
    assert [unaccented(name) for name in ("Zoë", "José", "Łukasz", "Søren", "Şahin", "Nguyễn")] == [
        "Zoe", "Jose", "Lukasz", "Soren", "Sahin", "Nguyen",
    ]  # fmt: skip


FIRSTS = ["Elizabeth", "Zoë", "Mary-Jane", "John", "Mohammed"]
LASTS = ["O'Brien", "Smith-Jones", "Müller", "Taylor", "Khan"]


def spoilt(rates: dict[str, float], n: int = 4000) -> Draft:
    draft = a_draft({"First": FIRSTS * (n // 5), "Last": LASTS * (n // 5), "Other": ["as it was"] * n}, n)
    spoil_names(draft, "First", "Last", rates, middle=texts(["Rose"] * n))
    return draft


@pytest.mark.parametrize("kind", NAME_RATES)
def test_a_kind_is_planted_at_its_rate_and_nothing_else_is_touched(kind: str):
    draft = spoilt({kind: 0.25})
    could, has, wanted = draft.tally[kind]
    assert set(draft.tally) == {kind} == {each.kind for each in draft.errors}
    assert has == pytest.approx(wanted, abs=2)
    assert has == pytest.approx(0.25 * could, abs=2)
    cells = 2 if kind == "names_swapped" else 1
    assert sum(len(each.row) for each in draft.errors) == has * cells
    assert set(draft.cells["Other"]) == {"as it was"}


def test_every_error_is_logged_so_that_the_list_can_be_put_right():
    draft = spoilt(dict.fromkeys(NAME_RATES, 0.1))
    for each in reversed(draft.errors):
        assert (draft.cells[each.column][each.row] == each.after).all()
        draft.cells[each.column][each.row] = each.before
    assert draft.cells["First"].tolist() == FIRSTS * 800
    assert draft.cells["Last"].tolist() == LASTS * 800


def test_the_same_seed_spoils_the_same_names():
    one, two = spoilt(dict(NAME_RATES)), spoilt(dict(NAME_RATES))
    assert one.cells["First"].tolist() == two.cells["First"].tolist()
    assert one.cells["Last"].tolist() == two.cells["Last"].tolist()


def test_a_list_may_have_one_of_the_two_columns():
    draft = a_draft({"Name": FIRSTS * 20}, 100)
    spoil_names(draft, "Name", None, {"name_capitals": 1.0, "names_swapped": 1.0})
    assert set(draft.cells["Name"]) == {name.upper() for name in FIRSTS}
    spoil_names(draft, None, "Name", {"name_nickname": 1.0})
    assert "name_nickname" not in draft.tally


def test_swapped_names_are_swapped_in_both_columns():
    draft = a_draft({"First": ["John", "Lee", ""], "Last": ["Smith", "Lee", "Jones"]}, 3)
    assert swap_names(draft, "First", "Last", 1.0).tolist() == [0]
    assert (draft.cells["First"][0], draft.cells["Last"][0]) == ("Smith", "John")
    assert draft.tally["names_swapped"] == [1, 1, 1.0]


def test_newborns_without_a_name_are_called_baby():
    draft = a_draft({"First": ["Olivia", "Noah", "Ada", "Max"]}, 4)
    rows = spoil_newborns(draft, "First", np.array([0, 1]), texts(["2", "1", "2", "1"]))
    assert rows.tolist() == [0, 1]
    assert draft.cells["First"][2:].tolist() == ["Ada", "Max"]
    boys = set(placeholders(Chance(1), texts(["1"] * 100)))
    assert boys == {"Baby", "Baby Boy", "Male Infant", "Infant Of"}
