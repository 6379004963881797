"""Build the made-up town: generated streets, Faker's names, households with pairs hard to tell apart."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import accumulate
from random import Random

from faker.providers.person.en_GB import Provider as Names

from sharewell.demo.terms import Home, Person, Town

# fmt: off
STREET_NAMES = (
    "Alder", "Ashgrove", "Beacon", "Bramble", "Canal", "Chapel", "Clough", "Cotton", "Dyer's",
    "Ferndale", "Foundry", "Garth", "Hawthorn", "Heron", "Ingham", "Juniper", "Kiln", "Larch", "Linnet",
    "Mill", "Moorland", "Nightingale", "Orchard", "Packhorse", "Quarry", "Rowan", "Sandstone",
    "Spinners", "Tannery", "Thornfield", "Upper Moor", "Viaduct", "Weavers", "Willow", "Wool", "Yarrow",
)
# fmt: on
STREET_KINDS = ("Street", "Road", "Lane", "Avenue", "Close", "Terrace", "Crescent", "Grove")
BLOCK_NAMES = ("Court", "House", "Mill", "Point", "Heights")
WARDS = ("Beckside", "Castle Hill", "Northgate", "Tannery Bank", "Upper Moor")
TOWN_NAME = "Marlbeck"
FIRST_UPRN = 10_099_000_001
HOMES_EACH_POSTCODE = 18
UNIT_LETTERS = "ABDEFGHJLNPQRSTUWXYZ"
NHS_FIRST = 999_000_000
SURNAMES: list[str] = list(Names.last_names)
SURNAME_WEIGHTS: list[float] = list(accumulate(Names.last_names.values()))


def build_town(people: int, seed: int, as_of: date) -> Town:
    """Return a town of about ``people`` people; the same seed gives the same town.

    Everybody lives in a home of one of ``WARDS``; NHS numbers come from the range 999 that is never issued,
    phones from the ranges Ofcom keeps for drama.
    """
    chance = Random(seed)  # noqa: S311 - a made-up town wants repeatable chance, not secrets
    homes = tuple(_homes(chance, max(40, round(people / 2.1))))
    lived_in = [place for place, home in enumerate(homes) if not home.is_block]
    return Town(homes, tuple(_people(chance, lived_in, people, as_of)), as_of)


def _homes(chance: Random, wanted: int) -> Iterator[Home]:
    """Yield houses and blocks of flats, street by street, until there are enough to live in."""
    names = [f"{name} {kind}" for name in STREET_NAMES for kind in STREET_KINDS]
    chance.shuffle(names)
    uprn, made = FIRST_UPRN, 0
    for place in range(10**6):
        street = _street(names, place)
        ward = WARDS[place % len(WARDS)]
        for home in _street_homes(chance, street, ward, place, uprn):
            yield home
            uprn += 1
            made += not home.is_block
        if made >= wanted:
            return


def _street(names: Sequence[str], place: int) -> str:
    around, first = divmod(place, len(names))
    return (
        names[first] if around == 0 else f"{('Little', 'New', 'Old', 'Far')[(around - 1) % 4]} {names[first]}"
    )


def _street_homes(chance: Random, street: str, ward: str, place: int, uprn: int) -> Iterator[Home]:
    numbers = range(1, chance.randrange(20, 70))
    for offset, number in enumerate(numbers):
        postcode = _postcode(place, offset)
        plain = Home(str(uprn), None, None, None, str(number), street, ward, postcode)
        if chance.random() < 0.06:
            flats = list(_block(chance, plain, uprn))
            yield from flats
            uprn += len(flats)
        else:
            yield replace(plain, number=f"{number}A") if chance.random() < 0.02 else plain
            uprn += 1


def _block(chance: Random, plain: Home, uprn: int) -> Iterator[Home]:
    """Yield a block and its flats, each flat's parent being the block."""
    name = f"{chance.choice(STREET_NAMES)} {chance.choice(BLOCK_NAMES)}" if chance.random() < 0.6 else None
    yield replace(plain, building=name, is_block=True)
    for flat in range(1, chance.randrange(4, 16)):
        yield replace(plain, uprn=str(uprn + flat), parent=str(uprn), unit=f"Flat {flat}", building=name)


def _postcode(place: int, offset: int) -> str:
    block = place * 5 + offset // HOMES_EACH_POSTCODE
    district, rest = divmod(block, 9 * 400)
    sector, unit = divmod(rest, 400)
    first, second = divmod(unit, 20)
    return f"ZM{district + 1} {sector + 1}{UNIT_LETTERS[first % 20]}{UNIT_LETTERS[second]}"


@dataclass
class _Maker:
    """Makes people one after another, each with a number and a phone of their own."""

    chance: Random
    as_of: date
    made: int = 0
    nine: int = NHS_FIRST

    def person(self, home: int, surname: str, age: int, sex: str | None = None) -> Person:
        sex = sex or self.chance.choice("12")
        person = Person(
            id=self.made,
            first_name=self.first_name(sex),
            middle_name=self.first_name(sex) if self.chance.random() < 0.4 else None,
            surname=surname,
            former_surname=surname_of(self.chance) if sex == "2" and age > 25 else None,
            sex=sex,
            born=self.as_of - timedelta(days=age * 365 + self.chance.randrange(365)),
            home=home,
            nhs_number=self.nhs_number(),
            phone=self.phone(),
            is_shielding=self.chance.random() < (0.14 if age > 69 else 0.03),
            is_protected=self.chance.random() < 0.003,
            has_objected=self.chance.random() < 0.01,
        )
        self.made += 1
        return person

    def nhs_number(self) -> str:
        """Return the next valid NHS number of the range 999, which is never issued."""
        self.nine += 1
        while _check_digit(self.nine) == 10:
            self.nine += 1
        return f"{self.nine}{_check_digit(self.nine)}"

    def first_name(self, sex: str) -> str:
        names = Names.first_names_male if sex == "1" else Names.first_names_female
        return self.chance.choice(names)

    def phone(self) -> str:
        return f"+447700900{self.chance.randrange(1000):03d}"


def _people(chance: Random, homes: Sequence[int], wanted: int, as_of: date) -> Iterator[Person]:
    maker = _Maker(chance, as_of)
    for home in homes:
        if maker.made >= wanted:
            return
        yield from _household(maker, home)


def _household(maker: _Maker, home: int) -> list[Person]:
    """Return one household: alone, a couple, a family, sharers, or a father and son of one name."""
    chance, kind = maker.chance, maker.chance.random()
    surname = surname_of(chance)
    if kind < 0.33:
        return [maker.person(home, surname, _adult_age(chance, alone=True))]
    if kind < 0.60:
        return _couple(maker, home, surname, _adult_age(chance))
    if kind < 0.90:
        return _family(maker, home, surname)
    if kind < 0.93:
        return _father_and_son(maker, home, surname)
    return [
        maker.person(home, surname_of(chance), chance.randrange(18, 40))
        for _ in range(chance.randrange(2, 5))
    ]


def _couple(maker: _Maker, home: int, surname: str, age: int) -> list[Person]:
    other = surname if maker.chance.random() < 0.8 else surname_of(maker.chance)
    return [
        maker.person(home, surname, age, "1"),
        maker.person(home, other, max(18, age + maker.chance.randrange(-6, 4)), "2"),
    ]


def _family(maker: _Maker, home: int, surname: str) -> list[Person]:
    chance = maker.chance
    age = chance.randrange(24, 52)
    adults = (
        _couple(maker, home, surname, age)
        if chance.random() < 0.75
        else [maker.person(home, surname, age, "2")]
    )
    children = [
        maker.person(home, surname, chance.randrange(0, min(18, age - 17)))
        for _ in range(chance.randrange(1, 4))
    ]
    if chance.random() < 0.04:
        twin = maker.person(home, surname, 5, children[0].sex)
        children.append(replace(twin, born=children[0].born))
    return adults + children


def _father_and_son(maker: _Maker, home: int, surname: str) -> list[Person]:
    age = maker.chance.randrange(45, 80)
    father = maker.person(home, surname, age, "1")
    son = maker.person(home, surname, age - maker.chance.randrange(20, 35), "1")
    return [father, replace(son, first_name=father.first_name)]


def _adult_age(chance: Random, alone: bool = False) -> int:
    return min(99, max(18, round(chance.gauss(64 if alone else 52, 17))))


def surname_of(chance: Random) -> str:
    """Return a surname, common ones more often."""
    return chance.choices(SURNAMES, cum_weights=SURNAME_WEIGHTS)[0]


def _check_digit(nine: int) -> int:
    """Return the NHS number's mod 11 check digit (NHS Data Dictionary); 10 means the number is not used."""
    total = sum(int(digit) * weight for digit, weight in zip(f"{nine:09d}", range(10, 1, -1), strict=True))
    return (11 - total % 11) % 11
