"""Read the census areas of Greater Manchester and London, and what is published of each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from sharewell.demo.region.chance import Floats, Ints, Texts, texts
from sharewell.demo.region.frame.districts import POPULATION, read_districts
from sharewell.demo.region.frame.folder import Folder
from sharewell.demo.region.frame.terms import OLDEST, District, Margins

ATTRIBUTION = (
    "Contains National Statistics data © Crown copyright and database right 2020-2026. Contains OS data © "
    "Crown copyright and database right 2025. Contains Royal Mail data © Royal Mail copyright and database "
    "right 2025. "
    "Licensed under the Open Government Licence v3.0. Boundary and lookup preparation: drkane/geo-lookups; "
    "humaniverse geographr, demographr, IMD (MIT). Greater Manchester tables: Trafford Data Lab (OGL v3.0). "
    "Names: cran/sdglinkage (MIT), ukbabynames (ONS, OGL v3.0), Faker (MIT), popular-names-by-country (CC0)."
)
TENURE_COLUMNS = (
    "Owned: Owns outright", "Owned: Owns with a mortgage or loan", "Shared ownership: Shared ownership",
    "Social rented: Rents from council or Local Authority", "Social rented: Other social rented",
    "Private rented: Private landlord or letting agency", "Private rented: Other private rented",
    "Lives rent free",
)  # fmt: skip
ACCOMMODATION_COLUMNS = (
    "Detached", "Semi-detached", "Terraced", "In a purpose-built block of flats or tenement",
    "Part of a converted or shared house, including bedsits",
    "Part of another converted building, for example, former school, church or warehouse",
    "In a commercial building, for example, in an office building, hotel or over a shop",
    "A caravan or other mobile or temporary structure",
)  # fmt: skip
ETHNIC_COLUMNS = (
    "Asian, Asian British or Asian Welsh", "Black, Black British, Black Welsh, Caribbean or African",
    "Mixed or Multiple ethnic groups", "Other ethnic group", "White",
)  # fmt: skip
SPARE = 1.01
"""Households fitted to an area can hold a few people fewer than it: so many more are made ready."""


@dataclass(frozen=True)
class Read:
    """The areas of the reference folder, district by district, in the order they are taken."""

    code: Texts
    district: Ints
    ward: Texts
    deprivation: Ints
    child_poverty: Floats
    districts: tuple[District, ...]
    margins: Margins


def read_areas(folder: Folder, people: int) -> Read:
    """Return whole districts until there are people enough, each with its areas in a fair order.

    A district's areas are taken neighbourhood by neighbourhood (MSOA), and the neighbourhoods so that any
    beginning of the list holds poor and rich alike: a district taken in part is still like the whole.
    """
    place = folder.table(
        "geo/lookup_lsoa21_ward24_ltla24.csv.gz",
        ["lsoa21_code", "lsoa21_name", "ward24_name", "ltla24_code", "ltla24_name"],
    ).to_pydict()
    every = [row for row, code in enumerate(place["ltla24_code"]) if code[:6] in ("E08000", "E09000")]
    every = [row for row in every if _is_ours(place["ltla24_code"][row])]
    residents = _residents(folder, [place["lsoa21_code"][row] for row in every])
    rows = _enough(every, place, residents, people)
    codes = texts([place["lsoa21_code"][row] for row in rows])
    deprivation = folder.by_key("deprivation/imd2025_lsoa21.csv.gz", "lsoa21_code", ["IMD_decile"], codes)[
        :, 0
    ]
    rows_order = _fair(rows, place, deprivation)
    rows = [rows[at] for at in rows_order]
    return _read(folder, place, rows, np.asarray(deprivation[rows_order], dtype=np.int64))


def _is_ours(district: str) -> bool:
    return district.startswith("E09") or "E08000001" <= district <= "E08000010"


def _residents(folder: Folder, codes: Sequence[str]) -> dict[str, float]:
    counts = folder.by_key(
        f"{POPULATION}lsoa21_ethnic_group_census2021.csv.gz", "lsoa21_code", ["total_residents"], texts(codes)
    )
    return dict(zip(codes, counts[:, 0], strict=True))


def _enough(
    every: Sequence[int], place: Mapping[str, Sequence[str]], residents: dict[str, float], people: int
) -> list[int]:
    """Return the rows of whole districts, Greater Manchester first, until they hold so many people."""
    by_district: dict[str, list[int]] = defaultdict(list)
    for row in every:
        by_district[place["ltla24_code"][row]].append(row)
    rows: list[int] = []
    held = 0.0
    for district in sorted(by_district):
        if held >= people * SPARE:
            break
        rows += sorted(by_district[district], key=lambda row: place["lsoa21_code"][row])
        held += sum(residents[place["lsoa21_code"][row]] for row in by_district[district])
    return rows


def _fair(rows: Sequence[int], place: Mapping[str, Sequence[str]], deprivation: Ints | Floats) -> list[int]:
    """Return places in ``rows``: by district, then neighbourhoods spread by deprivation, then code."""
    groups: dict[tuple[str, str], list[int]] = defaultdict(list)
    for at, row in enumerate(rows):
        groups[place["ltla24_code"][row], place["lsoa21_name"][row][:-1]].append(at)
    order: list[int] = []
    for district in sorted({district for district, _ in groups}):
        held = [name for of, name in groups if of == district]
        held.sort(key=lambda name: (float(np.mean(deprivation[groups[district, name]])), name))
        for name in _spread(held):
            order += groups[district, name]
    return order


def _spread(names: Sequence[str]) -> list[str]:
    """Return a sorted list in van der Corput order: halves, quarters, eighths, and so on."""
    bits = max(1, (len(names) - 1).bit_length())
    turned = sorted(range(len(names)), key=lambda at: (int(f"{at:0{bits}b}"[::-1], 2), at))
    return [names[at] for at in turned]


def _read(folder: Folder, place: Mapping[str, Sequence[str]], rows: Sequence[int], deprivation: Ints) -> Read:
    codes = texts([place["lsoa21_code"][row] for row in rows])
    of = [place["ltla24_code"][row] for row in rows]
    kept = sorted(set(of))
    names = {place["ltla24_code"][row]: place["ltla24_name"][row] for row in rows}
    district = np.array([kept.index(code) for code in of])
    margins, ages = _margins(folder, place, rows, codes, district, len(kept))
    districts = tuple(read_districts(folder, kept, names, ages))
    children = np.maximum(margins.ages[:, :16].sum(axis=1), 1.0)
    poor = folder.by_key(
        "deprivation/imd2025_lsoa21_indicators.csv.gz",
        "lsoa21_code",
        ["income_deprivation_affecting_children_index_idaci_numerator"],
        codes,
    )[:, 0]
    return Read(
        code=codes,
        district=district,
        ward=texts([place["ward24_name"][row] for row in rows]),
        deprivation=deprivation,
        child_poverty=np.clip(np.nan_to_num(poor, nan=0.05) / children, 0.01, 0.85),
        districts=districts,
        margins=margins,
    )


def _margins(
    folder: Folder,
    place: Mapping[str, Sequence[str]],
    rows: Sequence[int],
    codes: Texts,
    district: Ints,
    n_districts: int,
) -> tuple[Margins, dict[int, Floats]]:
    """Return the areas' margins, and each district's ages before they were fitted to the census."""
    tenure = folder.by_key(
        f"{POPULATION}lsoa21_tenure_census2021.csv.gz",
        "lsoa21_code",
        ["total_households", *TENURE_COLUMNS],
        codes,
    )
    homes = folder.by_key(
        f"{POPULATION}lsoa21_accommodation_type_census2021.csv.gz",
        "lsoa21_code",
        ACCOMMODATION_COLUMNS,
        codes,
    )
    ethnic = folder.by_key(
        f"{POPULATION}lsoa21_ethnic_group_census2021.csv.gz",
        "lsoa21_code",
        ["total_residents", *ETHNIC_COLUMNS],
        codes,
    )
    ages = _ages(folder, codes)
    ages = ages * (ethnic[:, 0] / np.maximum(ages.sum(axis=1), 1.0))[:, None]
    by_district = {each: ages[district == each].sum(axis=0) for each in range(n_districts)}
    margins = Margins(
        ages=ages,
        households=tenure[:, 0].astype(int),
        tenure=tenure[:, 1:].astype(int),
        accommodation=homes.astype(int),
        ethnic=ethnic[:, 1:].astype(int),
        churn=_churn(folder, [place["lsoa21_name"][row][:-1] for row in rows]),
    )
    return margins, by_district


def _ages(folder: Folder, codes: Texts) -> Floats:
    """Return people by single year of age: the mid-2020 estimates of the 2011 areas that became each area."""
    columns = [*map(str, range(OLDEST)), "90+"]
    read = folder.columns(
        f"{POPULATION}lsoa11_mid2020_single_year_age_ew.csv.gz", ["lsoa11_code", *columns], ["lsoa11_code"]
    )
    counts = np.column_stack([read[each].astype(float) for each in columns])
    old = {code: row for row, code in enumerate(read["lsoa11_code"])}
    pairs = folder.columns(
        "geo/lookup_lsoa11_lsoa21_ltla22.csv.gz",
        ["lsoa11_code", "lsoa21_code"],
        ["lsoa11_code", "lsoa21_code"],
    )
    new = {code: row for row, code in enumerate(codes)}
    ages = np.zeros((len(codes), OLDEST + 1))
    for was, now in zip(pairs["lsoa11_code"], pairs["lsoa21_code"], strict=True):
        if now in new and was in old:
            ages[new[now]] += counts[old[was]]
    return ages


def _churn(folder: Folder, msoas: Sequence[str]) -> Floats:
    """Return the share of residents who lived elsewhere a year before, by neighbourhood."""
    read = folder.columns(
        f"{POPULATION}msoa21_migration_one_year_census2021.csv.gz",
        ["msoa21_name", "all_usual_residents", "address_one_year_ago_is_the_same"],
        ["msoa21_name"],
    )
    moved = 1 - read["address_one_year_ago_is_the_same"] / np.maximum(read["all_usual_residents"], 1)
    by_name = dict(zip(read["msoa21_name"], moved, strict=True))
    return np.array([float(by_name.get(name, 0.1)) for name in msoas])
