"""What kinds of dirt claim that a cell alone does not show: of a row, its address and whom it is about."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from region.region_address_sayings import NAME, Home, cores
from region.region_reader import Event, Region, Row
from region.region_sayings import day, nhs_valid

NEWBORN = r"Baby(?: Boy| Girl)?|(?:Male|Female) Infant|Infant Of"
FULL_NUMBER = r"07700900\d{3}|0\d{10}"


@dataclass(frozen=True)
class Case:
    """An error with what is true of its row."""

    region: Region
    event: Event
    truth: Row

    @property
    def home(self) -> Home | None:
        return self.region.gazetteer.get(self.truth["uprn"])

    @property
    def person(self) -> dict:
        return self.region.people[self.truth["person"]]

    @property
    def others(self) -> list[dict]:
        """Whoever else is or was of the household."""
        mine = self.person
        return [each for each in self.region.at_home[mine["household"]] if each["person"] != mine["person"]]

    @property
    def cells(self) -> tuple[str, str]:
        """The one cell before and after."""
        (name,) = self.event.changed
        return self.event.was[name], self.event.now[name]

    @property
    def words(self) -> list[tuple[str, str]]:
        """The words of the address that went and that came, as they may be told apart."""
        return cores(self.event.lines(self.event.was), self.event.lines(self.event.now))

    def turn(self, column: str) -> tuple[str, str]:
        return self.event.was[column], self.event.now[column]


Saying = Callable[[Case], bool]


def home_of(case: Case) -> Home:
    assert case.home is not None
    return case.home


def next_number(case: Case) -> bool:
    ((gone, new),), home = case.words, home_of(case)
    is_real = new in {each["building_number"] for each in case.region.on_street[home["usrn"]]}
    is_new = f"{new} {home['street']}".casefold() in case.region.new_builds
    return gone == home["building_number"] and abs(int(gone) - int(new)) == 2 and (is_real or is_new)


def street_missing(case: Case) -> bool:
    return (home_of(case)["street"], "") in case.words


def town_missing(case: Case) -> bool:
    is_gone = home_of(case)["town"] not in case.event.lines(case.event.now)
    return is_gone and any(new == "" and re.fullmatch(rf"{NAME}(?: \d+)?", gone) for gone, new in case.words)


def town_wrong(case: Case) -> bool:
    ((gone, new),) = case.words
    return gone == home_of(case)["town"] != new and re.fullmatch(NAME, new) is not None


def locality_as_town(case: Case) -> bool:
    lines = case.event.lines(case.event.now)
    text = ", ".join(lines)
    home = home_of(case)
    return (
        home["town"] not in lines and home["locality"] != "" and text.rstrip(", ").endswith(home["locality"])
    )


def of_next_street(case: Case) -> bool:
    before, after = case.cells
    home = home_of(case)
    there = {each["street"] for each in case.region.of_postcode[after]}
    return before == home["postcode"] != after and bool(there - {home["street"]})


def care_setting(case: Case) -> bool:
    home = home_of(case)
    return (
        home["blpu_class"] == "RI01"
        and case.cells[1] == home["postcode"]
        and case.person["uprn"] != home["uprn"]
    )


def written(case: Case, uprn: str) -> str | None:
    """Return an address as the column of the note has it; None where the gazetteer does not know."""
    (name,) = case.event.changed
    if uprn == "" or "UPRN" in name.upper():
        return uprn
    return case.region.gazetteer[uprn]["postcode"] if uprn in case.region.gazetteer else None


def lives_elsewhere(case: Case) -> bool:
    """Say that somebody lives, but not where the row says: today's address is what the log has as right."""
    (before, after), today, stated = case.cells, case.person["uprn"], case.truth["uprn"]
    is_right = written(case, today) in (None, before) and written(case, stated) in (None, after)
    return case.person["died_on"] is None and today != stated and is_right


def at_the_home_before(case: Case) -> bool:
    return lives_elsewhere(case) and case.truth["uprn"] == case.person["uprn_before"]


def not_known_dead(case: Case) -> bool:
    before, after = case.cells
    died = case.person["died_on"]
    return (
        died is not None
        and (before, after) != ("", "")
        and (before in ("", "inactive") or day(before) == died)
    )


def former_name(case: Case) -> bool:
    (before, after), mine = case.cells, case.person
    names = mine["surname"], mine["former_surname"]
    return (
        names[0] in before
        and names[1] in after
        and before.replace(names[0], "") == after.replace(names[1], "")
    )


def swapped(first: str, second: str) -> Saying:
    return lambda case: case.turn(first) == case.turn(second)[::-1] and len(set(case.turn(first))) == 2


def names_swapped(case: Case) -> bool:
    one, two = case.event.changed
    return swapped(one, two)(case)


def other_parents_surname(case: Case) -> bool:
    """Say that a pupil is under the surname of somebody at home, or of a parent's age in the region."""
    before, after = case.turn("Surname")
    kin = {each[name] for each in case.others for name in ("surname", "former_surname")}
    is_of_an_elder = after in kin or case.region.oldest[after] < case.person["born"] - timedelta(14 * 365)
    preferred = case.turn("Preferred Surname")
    return before != after and is_of_an_elder and preferred in (("", ""), ("", case.person["surname"]))


def initial_of_husband(case: Case, title: str) -> bool:
    after = case.event.now["Liable Person"]
    husbands = [each for each in [*case.others, case.person] if each["sex"] == "1"]
    bills = {f"{title} {each['first_name'][0]} {each['surname']}" for each in husbands}
    formers = {f"{title} {each['first_name'][0]} {each['former_surname']}" for each in husbands}
    return case.event.now["Joint Liable Person"] == "" and after in bills | formers


def husbands_initials(case: Case) -> bool:
    before, after = case.turn("Liable Person")
    own = case.person["first_name"][0]
    return (
        case.person["sex"] == "2"
        and after.split()[1] != own
        and initial_of_husband(case, "Mrs")
        and before != after
    )


def of_household(column: str) -> Saying:
    """Say that the number is that of somebody else of the household, and not one's own."""
    return lambda case: (
        case.cells[1] in {each[column] for each in case.others} and case.cells[0] != case.cells[1]
    )


def contact_of_another(case: Case) -> bool:
    before, after = case.turn("contact_number_calls")
    return (
        re.fullmatch(FULL_NUMBER, after) is not None
        and after not in (before, case.person["mobile"])
        and case.event.now["contact_number_texts"] == ""
        and case.event.now["are_you_applying_on_behalf_of_someone_else"] == "yes"
    )


def phone_wrong_column(case: Case) -> bool:
    one, two = case.event.changed
    return swapped(one, two)(case) and "" in case.turn(one)


def placeholder(case: Case) -> bool:
    row = case.event.now
    first, surname = row["Forename"], row["Surname"]
    women = {each["surname"] for each in case.others if each["sex"] == "2"}
    return (
        re.fullmatch(NEWBORN, first) is not None
        and surname in women
        and case.person["class"] == "placeholder_newborn"
    )


def superseded(case: Case) -> bool:
    before, after = case.cells
    is_first = after.startswith("900") and nhs_valid(after)
    return is_first and before == case.person["nhs_number"] == case.event.now["Superseded By"]


ROWS: dict[str, Saying] = {
    "account_left_open": at_the_home_before,
    "contact_of_another": contact_of_another,
    "couple_in_one_name": lambda case: initial_of_husband(case, "Mr & Mrs"),
    "dead_still_listed": not_known_dead,
    "former_name": former_name,
    "fsm_unregistered": lambda case: (
        case.turn("FSM UK Country") == ("ENG", "")
        and day(case.turn("FSM Start Date")[0]) is not None
        and case.turn("FSM Start Date")[1] == ""
    ),
    "husbands_initials": husbands_initials,
    "known_as": swapped("Forename", "Middle Names"),
    "left_over": at_the_home_before,
    "name_with_middle": lambda case: case.cells[1] == f"{case.cells[0]} {case.person['middle_name']}",
    "names_swapped": names_swapped,
    "nhs_number_of_household": of_household("nhs_number"),
    "other_parents_surname": other_parents_surname,
    "phone_of_household": of_household("mobile"),
    "phone_wrong_column": phone_wrong_column,
    "placeholder_name": placeholder,
    "stale_address": lives_elsewhere,
    "sublet": at_the_home_before,
    "superseded_number": superseded,
    "upn_unknown": lambda case: (
        case.turn("UPN")[0] != "" == case.turn("UPN")[1]
        and re.fullmatch(r"UN\d", case.turn("UPNunknown")[1]) is not None
    ),
}
"""Of kinds that the row or the person shows."""
HOMES: dict[str, Saying] = {
    "building_dropped": lambda case: any(new == "" and re.fullmatch(NAME, gone) for gone, new in case.words),
    "care_setting_address": care_setting,
    "locality_as_town": locality_as_town,
    "next_number": next_number,
    "postcode_of_next_street": of_next_street,
    "street_missing": street_missing,
    "town_missing": town_missing,
    "town_wrong": town_wrong,
}
"""Of kinds that show beside what the gazetteer has of the address, where it has it."""
