"""Every class of hard pairs is found in the cells of the files; the truth only says that it is so."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator
from difflib import SequenceMatcher
from functools import partial
from itertools import combinations, product
from pathlib import Path

import pytest

from region.region_reader import ADDRESS, Region, Row
from region.region_row_sayings import NEWBORN
from region.region_sayings import TITLE, day, folded, national

GP, ROLL, TAX = "gp-register", "electoral-roll", "council-tax"
Found = tuple[str, int]
"""A row of a list, counted from 0."""
Pair = tuple[Found, Found]
NAMED = {
    "shielded-patient-list": ("PatientFirstName", "PatientSurname"),
    "adult-social-care": ("First Name", "Last Name"),
    "housing-tenancy": ("Forenames", "Surname"),
    "school-census": ("Forename", "Surname"),
    "food-hub": ("First name", "Surname"),
    "council-tax-support": ("Claimant Forename", "Claimant Surname"),
    GP: ("Forename", "Surname"),
}
BORN = {
    "shielded-patient-list": "DateOfBirth",
    "adult-social-care": "Date of Birth",
    "housing-tenancy": "Date of Birth",
    "council-tax-support": "Claimant DOB",
    "food-hub": "d.o.b",
}


@pytest.fixture(scope="module")
def region(made_region: Path) -> Region:
    return Region(made_region)


def lines(name: str, row: Row) -> tuple[str, ...]:
    return tuple(folded(row[column]) for column in ADDRESS[name])


def full_name(row: Row, name: str = GP) -> tuple[str, str]:
    first, last = NAMED[name]
    return folded(row[first]), folded(row[last])


def alike(rows: list[Row], key: Callable[[Row], Hashable], *, name: str = GP) -> Iterator[Pair]:
    """Yield every two rows of a list that share a key."""
    groups: dict[Hashable, list[int]] = defaultdict(list)
    for at, row in enumerate(rows):
        groups[key(row)].append(at)
    for members in groups.values():
        if len(members) < 9:
            yield from (((name, one), (name, two)) for one, two in combinations(members, 2))


def across(one: dict[Hashable, list[Found]], two: dict[Hashable, list[Found]]) -> Iterator[Pair]:
    """Yield every two rows, of two lists, that share a key."""
    for key in one.keys() & two.keys():
        yield from product(one[key], two[key])


def keyed(name: str, rows: Iterable[Row], key: Callable[[Row], Hashable]) -> dict[Hashable, list[Found]]:
    found: dict[Hashable, list[Found]] = defaultdict(list)
    for at, row in enumerate(rows):
        found[key(row)].append((name, at))
    return found


def born_apart(one: Row, two: Row) -> float:
    days = [day(row["Date of Birth"]) for row in (one, two)]
    return abs((days[0] - days[1]).days / 365.25) if all(days) else 0.0


def fathers_and_sons(region: Region) -> Iterator[Pair]:
    rows = region.lists[GP]
    for one, two in alike(rows, lambda row: (full_name(row), lines(GP, row), row["Gender"])):
        if born_apart(rows[one[1]], rows[two[1]]) >= 14:
            yield one, two


def twins(region: Region) -> Iterator[Pair]:
    rows = region.lists[GP]
    for one, two in alike(rows, lambda row: (row["Date of Birth"], folded(row["Surname"]), lines(GP, row))):
        names = [folded(rows[at]["Forename"]) for _, at in (one, two)]
        if names[0] != names[1] and SequenceMatcher(None, *names, autojunk=False).ratio() >= 0.5:
            yield one, two


def numbered(row: Row) -> tuple[int, str]:
    found = re.fullmatch(r"(\d+) (.+)", row["Address Line 1"])
    return (int(found[1]), found[2].casefold()) if found else (0, "")


def next_door(region: Region) -> Iterator[Pair]:
    rows = region.lists[GP]
    for one, two in alike(rows, lambda row: (full_name(row), numbered(row)[1], row["Postcode"])):
        numbers = [numbered(rows[at])[0] for _, at in (one, two)]
        if all(numbers) and 1 <= abs(numbers[0] - numbers[1]) <= 2:
            yield one, two


def one_block(region: Region) -> Iterator[Pair]:
    rows = region.lists[GP]

    def block(row: Row) -> Hashable:
        return (
            full_name(row),
            re.sub(r"\d+", "#", row["Address Line 1"]),
            row["Address Line 2"],
            row["Postcode"],
        )

    for one, two in alike(rows, block):
        doors = [rows[at]["Address Line 1"] for _, at in (one, two)]
        if doors[0] != doors[1] and all(re.match(r"(?:Flat|Apartment|Unit) \d", door) for door in doors):
            yield one, two


def swapped_siblings(region: Region) -> Iterator[Pair]:
    rows = region.lists[GP]
    for one, two in alike(
        rows, lambda row: (folded(row["Surname"]), lines(GP, row), row["Date of Birth"][3:5])
    ):
        dates = [rows[at]["Date of Birth"] for _, at in (one, two)]
        if all(dates) and dates[0][:2] == dates[1][:2][::-1] != dates[1][:2] and dates[0][6:] != dates[1][6:]:
            yield one, two


def married(region: Region) -> Iterator[Pair]:
    """One forename, or initial, at one address on two lists, or of one birth date, and two surnames."""
    rows, roll, tax = (region.lists[name] for name in (GP, ROLL, TAX))
    there = keyed(
        GP, rows, lambda row: (f"{row['Forename']} {row['Middle Names']}".strip(), row["Address Line 1"])
    )
    there |= keyed(GP, rows, lambda row: (row["Forename"][:1], row["Address Line 1"], row["Postcode"]))
    others = keyed(ROLL, roll, lambda row: (row["Elector Name"].partition(", ")[2], row["Address 1"]))
    others |= keyed(
        TAX, tax, lambda row: (initial(row), row["Property Address Line 1"], row["Property Postcode"])
    )
    there |= keyed(GP, rows, lambda row: (full_name(row)[0], day(row["Date of Birth"])))
    for name, column in BORN.items():
        others |= keyed(name, region.lists[name], partial(name_and_birth, name, column))
    for one, (name, at) in across(there, others):
        if rows[one[1]]["Surname"].casefold() not in " ".join(region.lists[name][at].values()).casefold():
            yield one, (name, at)


def initial(bill: Row) -> str:
    """Return the initial of who is billed, behind the title."""
    return " ".join(bill["Liable Person"].split()[1:2])[:1]


def name_and_birth(name: str, column: str, row: Row) -> Hashable:
    return full_name(row, name)[0], day(row[column])


def placeholders(region: Region) -> Iterator[Pair]:
    """A newborn called Baby, and the child with a name of its own whose number its row leads to."""
    rows = region.lists[GP]
    named = keyed(GP, rows, lambda row: row["NHS Number"])
    for at, row in enumerate(rows):
        if re.fullmatch(NEWBORN, row["Forename"]):
            same = (
                other
                for other in named.get(row["Superseded By"], [])
                if rows[other[1]]["Date of Birth"] == row["Date of Birth"]
            )
            yield from (((GP, at), other) for other in same)


def husbands_initials(region: Region) -> Iterator[Pair]:
    """A bill in the name of "Mrs J Smith" where a man whose initial is J lives, and no woman's is."""
    at_home = defaultdict(list)
    for at, row in enumerate(region.lists[GP]):
        at_home[row["Address Line 1"], row["Postcode"], row["Surname"]].append(
            (at, row["Gender"], row["Forename"][:1])
        )
    for at, row in enumerate(region.lists[TAX]):
        found = re.fullmatch(r"Mrs (\w) (.+)", row["Liable Person"])
        key = (row["Property Address Line 1"], row["Property Postcode"], found[2]) if found else ("", "", "")
        there = at_home.get(key, [])
        men = [one for one, sex, initial in there if found and (sex, initial) == ("M", found[1])]
        women = [(one, initial) for one, sex, initial in there if sex == "F"]
        if found and men and women and found[1] not in {initial for _, initial in women}:
            yield from (((TAX, at), (GP, one)) for one, _ in women)


def moved_or_twice(region: Region) -> Iterator[Pair]:
    rows = region.lists[GP]
    for one, two in alike(rows, lambda row: (row["NHS Number"], full_name(row), row["Date of Birth"])):
        if rows[one[1]]["NHS Number"] and lines(GP, rows[one[1]]) != lines(GP, rows[two[1]]):
            yield one, two


def dead_namesakes(region: Region) -> Iterator[Pair]:
    """A person with a day of death, or an estate, and somebody of that name alive."""
    rows, shielded = region.lists[GP], region.lists["shielded-patient-list"]
    alive = keyed(GP, rows, lambda row: "" if row["Date of Death"] else " ".join(full_name(row)))
    dead = [(GP, at, " ".join(full_name(row))) for at, row in enumerate(rows) if row["Date of Death"]]
    dead += [
        ("shielded-patient-list", at, " ".join(full_name(row, "shielded-patient-list")))
        for at, row in enumerate(shielded)
        if row["DateOfDeath"] or row["category"] == "Deceased"
    ]
    estate = (
        r"(?:The )?(?:Executors|Exors|Personal Reps) of (?:the late )?" + TITLE + r" (.+?)(?: \(Deceased\))?"
    )
    for at, row in enumerate(region.lists[TAX]):
        if found := re.fullmatch(estate, row["Liable Person"]):
            dead.append((TAX, at, folded(found[1])))
    return (((name, at), other) for name, at, called in dead for other in alive.get(called, []))


def everywhere(region: Region) -> Iterator[tuple[Found, Row, Row, Row | None]]:
    """Yield every row of every list with its truth and what the gazetteer has there."""
    for name in region.lists:
        for at, (row, truth) in enumerate(region.rows(name)):
            yield (name, at), row, truth, region.gazetteer.get(truth["uprn"])


def flats_missing(region: Region) -> Iterator[Pair]:
    for found, row, _, home in everywhere(region):
        text = " ".join(row[column] for column in ADDRESS[found[0]]).casefold()
        if (
            home
            and home["unit_name"]
            and region.flats[home["parent_uprn"]] > 1
            and not row_says(home["unit_name"], text)
        ):
            yield found, found


def row_says(unit: str, text: str) -> bool:
    number = unit.split()[-1].casefold()
    return unit.casefold() in text or re.search(rf"(?<!\w){re.escape(number)}(?!\w)", text) is not None


def next_numbers(region: Region) -> Iterator[Pair]:
    for found, row, _, home in everywhere(region):
        there = re.match(r"(\d+)(?: |$)", row[ADDRESS[found[0]][found[0] == "school-census"]])
        if home and there and home["building_number"].isdigit() and not home["unit_name"]:
            numbers = {each["building_number"] for each in region.on_street[home["usrn"]]}
            if there[1] in numbers and abs(int(there[1]) - int(home["building_number"])) == 2:
                yield found, found


def new_builds(region: Region) -> Iterator[Pair]:
    """An address in a clean line and postcode that no line of the gazetteer has."""
    known = {(row["line1"].casefold(), row["postcode"]) for row in region.gazetteer.values()}
    streets = {(row["street"].casefold(), row["postcode"]) for row in region.gazetteer.values()}
    for at, row in enumerate(region.lists[GP]):
        number, street = numbered(row)
        if (street, row["Postcode"]) in streets and (f"{number} {street}", row["Postcode"]) not in known:
            yield (GP, at), (GP, at)


def care_home_movers(region: Region) -> Iterator[Pair]:
    """One name and birth date, or name on the roll, in a care home on one list and elsewhere on another."""
    homes = {
        row["building_name"].casefold() for row in region.gazetteer.values() if row["blpu_class"] == "RI01"
    }
    rows = region.lists[GP]
    here = keyed(GP, rows, lambda row: f"{row['Surname']}, {row['Forename']} {row['Middle Names']}".rstrip())
    for one, two in across(here, keyed(ROLL, region.lists[ROLL], lambda row: row["Elector Name"])):
        at_one = rows[one[1]]["Address Line 1"].casefold() in homes
        at_two = region.lists[ROLL][two[1]]["Address 1"].casefold() in homes
        if at_one != at_two:
            yield one, two


def shared_mobiles(region: Region) -> Iterator[Pair]:
    rows = region.lists[GP]
    for one, two in alike(rows, lambda row: (national(row["Mobile Telephone"]), lines(GP, row))):
        numbers = {rows[at]["NHS Number"] for _, at in (one, two)}
        if rows[one[1]]["Mobile Telephone"] and len(numbers) == 2:
            yield one, two


def protected(region: Region) -> Iterator[Pair]:
    """Somebody flagged as sensitive, whose address another list gives away."""
    rows = region.lists[GP]
    flagged = keyed(GP, rows, lambda row: full_name(row) if row["Sensitivity Flag"] == "Y" else None)
    for name in NAMED.keys() - {GP}:
        named = keyed(name, region.lists[name], partial(full_name, name=name))
        yield from (pair for pair in across(flagged, named) if current(region, *pair[1]))


def current(region: Region, name: str, at: int) -> bool:
    truth = region.truth[name][at]
    return truth["uprn"] == region.people[truth["person"]]["uprn"]


FINDERS: dict[str, Callable[[Region], Iterator[Pair]]] = {
    "father_and_son": fathers_and_sons,
    "like_named_twins": twins,
    "same_name_next_door": next_door,
    "same_name_one_block": one_block,
    "sibling_swapped_birth_date": swapped_siblings,
    "married_name": married,
    "placeholder_newborn": placeholders,
    "husbands_initials": husbands_initials,
    "moved_or_duplicate": moved_or_twice,
    "dead_or_alive_namesake": dead_namesakes,
    "flat_missing": flats_missing,
    "next_number": next_numbers,
    "new_build": new_builds,
    "care_home_mover": care_home_movers,
    "shared_mobile": shared_mobiles,
    "protected": protected,
}
TWO = {
    "father_and_son", "like_named_twins", "same_name_next_door", "same_name_one_block",
    "sibling_swapped_birth_date", "dead_or_alive_namesake", "shared_mobile",
}  # fmt: skip
"""Classes of two people; the others are of one person in two places, or of a row."""
OF_ROWS = {"husbands_initials", "flat_missing", "next_number", "new_build"}
"""Classes that say something of a row, not of the person."""


def confirmed(region: Region, kind: str, pairs: Iterable[Pair]) -> list[Pair]:
    """Return the pairs that are what they seem: of the class by the truth, two people or one."""
    made = []
    for pair in pairs:
        truths = [region.truth[name][at] for name, at in pair]
        people = {each["person"] for each in truths}
        is_class = (
            truths[0]["class"] == kind if kind in OF_ROWS else {each["class"] for each in truths} == {kind}
        )
        if is_class and len(people) == 1 + (kind in TWO):
            made.append(pair)
    return made


def test_the_region_names_the_classes_looked_for(region: Region):
    assert set(region.told["hard"]) == set(FINDERS)


@pytest.mark.parametrize("kind", FINDERS)
def test_a_class_of_hard_pairs_is_found_in_the_files(region: Region, kind: str):
    assert confirmed(region, kind, FINDERS[kind](region))
