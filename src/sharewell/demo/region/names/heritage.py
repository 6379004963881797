"""Names of each heritage: lists typed by hand, a tail of Faker's and of a table of popular names."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Any, Final

from faker.providers.person.en_GB import Provider as Faker

from sharewell.demo.region.frame.folder import Folder
from sharewell.demo.region.names.pools import blend, ranked
from sharewell.demo.region.names.wordlists import options, sections, words

BRITISH: Final = "british"
HERITAGES: Final[tuple[str, ...]] = (BRITISH, *sections("heritages.txt"))
YOUNG_FROM: Final = 1996
"""Born from this year on, people bear names of the young lists as a rule."""
YOUNG, TAIL = 0.65, 0.12
_SEXES: Final = {"1": ("male", "boys", "M"), "2": ("female", "girls", "F")}
DISTINCT: Final = (
    "pakistani",
    "indian_hindu",
    "indian_sikh",
    "indian_muslim",
    "bangladeshi",
    "tamil",
    "afghan",
    "iranian",
    "arab",
    "kurdish",
    "nigerian_yoruba",
    "nigerian_igbo",
    "somali",
    "turkish",
    "eritrean",
    "chinese",
    "vietnamese",
)
"""Heritages whose names are seldom borne by others."""
SHARED: Final = frozenset(words(sections("shared.txt")["any"]["shared"]))
"""Names of those lists that the British bear as well, beside those that Faker and the generations have."""


@dataclass(frozen=True)
class Heritage:
    """The lists of one heritage; ``british_first`` and ``british_last`` are who bear British names."""

    name: str
    lists: Mapping[str, Sequence[str]]
    british_first: float
    british_last: float
    faker: str
    tail: float
    countries: tuple[str, ...]


@cache
def heritage(name: str) -> Heritage:
    """Return the lists of a heritage; young lists are borrowed where it says so."""
    section = sections("heritages.txt")[name]
    told = options(section[""])
    first, last = map(float, told["british"].split(","))
    lists = {key: words(text) for key, text in section.items() if key}
    if "young" in told:
        lent = sections("heritages.txt")[told["young"]]
        lists |= {key: words(lent[key]) for key in ("boys", "girls")}
    countries = tuple(told["cc0"].split(",")) if "cc0" in told else ()
    return Heritage(name, lists, first, last, told.get("faker", ""), float(told.get("tail", 0.0)), countries)


class Popular:
    """The table of popular names by country; empty where there is no reference folder."""

    def __init__(self, folder: Folder | None) -> None:
        self._names: dict[tuple[str, str], dict[str, float]] = {}
        if folder:
            self._read(folder, "names/cc0_common-forenames-by-country.csv", "Gender")
            self._read(folder, "names/cc0_common-surnames-by-country.csv", "")

    def of(self, countries: Sequence[str], kind: str) -> dict[str, float]:
        """Return the names of some countries: kind M or F for forenames, "" for surnames."""
        made: dict[str, float] = {}
        for country in countries:
            made |= self._names.get((country, kind), {})
        return made

    def _read(self, folder: Folder, path: str, kind: str) -> None:
        names = ["Country", *([kind] if kind else []), "Romanized Name"]
        read = folder.columns(path, names, texts=names)
        kinds = read[kind].tolist() if kind else [""] * len(read["Country"])
        rows = zip(read["Country"].tolist(), kinds, read["Romanized Name"].tolist(), strict=True)
        for country, each, name in rows:
            written = unicodedata.normalize("NFC", name.partition("/")[0])
            if written[:1].isupper():
                self._names.setdefault((country, each), {})[written] = 1.0


def forenames(of: Heritage, popular: Popular, sex: str, is_young: bool) -> dict[str, float]:
    """Return weights of a heritage's own forenames."""
    old, young, letter = _SEXES[sex]
    parts = [(1.0, ranked(of.lists[old]))]
    if is_young and young in of.lists:
        parts = [(1.0 - YOUNG, parts[0][1]), (YOUNG, ranked(of.lists[young]))]
    tail = _of_faker(of, f"first_names_{old}") | popular.of(of.countries, letter)
    return blend(*parts, (TAIL, tail))


def surnames(of: Heritage, popular: Popular) -> dict[str, float]:
    """Return weights of a heritage's own surnames, as its men bear them."""
    top = {name: weight for name, weight in ranked(of.lists["surnames"]).items() if name not in FEMININE}
    tail = popular.of(of.countries, "")
    for attribute in ("last_names", "unisex_last_names", "male_last_names"):
        tail |= _of_faker(of, attribute)
    kept = {name: weight for name, weight in tail.items() if not _is_womans(name, of.name)}
    return blend((1.0, top), (of.tail / (1.0 - of.tail) if of.faker else TAIL, kept))


def _is_womans(surname: str, of: str) -> bool:
    return surname in FEMININE or (
        of in SLAVIC and surname.endswith(("ska", "cka", "ova", "eva", "ová", "á", "ienė"))
    )


SLAVIC: Final = ("polish", "czech", "bulgarian", "ukrainian", "lithuanian")
FEMININE: Final = frozenset(words(sections("shared.txt")["any"]["feminine"]))
"""Surnames that women alone bear: heritage lists may have them, but men and families are not called so."""


def _of_faker(of: Heritage, attribute: str) -> dict[str, float]:
    """Return a list of the locale that Faker keeps, leaving out names of the heritages of other places."""
    if not of.faker:
        return {}
    lists: Any = getattr(import_module(f"faker.providers.person.{of.faker}").Provider, attribute, ())
    others = names_elsewhere() if of.name == "indian_hindu" else frozenset[str]()
    return {name: 1.0 for name in lists if name[:1].isupper() and name not in others and "{" not in name}


@cache
def names_elsewhere() -> frozenset[str]:
    """Return the names of the distinct heritages, but the Hindu, that are seldom British."""
    return _names_of(each for each in DISTINCT if each != "indian_hindu")


@cache
def names_not_british() -> tuple[str, ...]:
    """Return the names to be made rare among the British, in a settled order."""
    return tuple(sorted(_names_of(DISTINCT)))


def _names_of(heritages: Iterable[str]) -> frozenset[str]:
    every = (heritage(each) for each in heritages)
    return (
        frozenset(name for each in every for names in each.lists.values() for name in names) - _british_too()
    )


@cache
def _british_too() -> frozenset[str]:
    tables = sections("generations.txt").values()
    old = {name for table in tables for text in table.values() for name in words(text)}
    used = old | set(Faker.first_names_male) | set(Faker.first_names_female)
    return SHARED | {name for name in used if not name.startswith(("Moham", "Muham", "Abdul"))}
