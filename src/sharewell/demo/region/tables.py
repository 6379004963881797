"""What is true, as tables: who every row is, every error, the people, the households, the margins."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pyarrow as pa

from sharewell.demo.region.chance import Floats, Ints, Texts, texts
from sharewell.demo.region.draft import Draft
from sharewell.demo.region.frame.kinds import ACCOMMODATION, LARGEST, TENURES
from sharewell.demo.region.frame.terms import OLDEST, Frame
from sharewell.demo.region.terms import NOBODY, World
from sharewell.demo.region.world.build import Built

_FIELDS: list[pa.Field[Any]] = [
    pa.field("source_row", pa.int64()),
    *(pa.field(name, pa.string()) for name in ("column", "kind", "before", "after")),
]
ERRORS = pa.schema(_FIELDS)


def truth_of(draft: Draft, world: World) -> pa.Table:
    """Return who every row of a list is, in the order of its rows; "" stands for nobody."""
    people, homes = world.people, world.homes
    household = _or_none(world.households.id, _or_none_index(people.household, draft.person))
    return pa.table(
        {
            "person": pa.array(_or_none(people.id, draft.person), pa.string()),
            "household": pa.array(household, pa.string()),
            "uprn": pa.array(_or_none(homes.uprn, draft.home), pa.string()),
            "class": pa.array(draft.hard, pa.string()),
        }
    )


def _or_none(values: Texts, rows: Ints) -> Texts:
    return (
        np.where(rows == NOBODY, "", values[rows]).astype(object) if len(values) else texts([""] * len(rows))
    )


def _or_none_index(values: Ints, rows: Ints) -> Ints:
    return np.where(rows == NOBODY, NOBODY, values[rows])


def errors_of(draft: Draft) -> pa.Table:
    """Return every error planted in a list, in the order they were planted within each row."""
    if not draft.errors:
        return ERRORS.empty_table()
    row = np.concatenate([each.row for each in draft.errors])
    column = np.concatenate([np.full(len(each.row), each.column, dtype=object) for each in draft.errors])
    kind = np.concatenate([np.full(len(each.row), each.kind, dtype=object) for each in draft.errors])
    before = np.concatenate([each.before for each in draft.errors])
    after = np.concatenate([each.after for each in draft.errors])
    order = np.argsort(row, kind="stable")
    columns: list[pa.Array[Any]] = [pa.array(row[order] + 1, pa.int64())]
    columns += [pa.array(each[order], pa.string()) for each in (column, kind, before, after)]
    return pa.Table.from_arrays(columns, schema=ERRORS)


DAYS = ("born", "died_on", "moved_on", "left_on", "renamed_on")
TEXTS = (
    "first_name", "middle_name", "surname", "former_surname", "heritage", "nhs_number", "nino", "upn",
    "mobile", "role",
)  # fmt: skip


def people_of(built: Built) -> pa.Table:
    """Return the people of a part: residents, and those who died or left in the last three years."""
    world, n = built.world, len(built.world.people.id)
    people, areas = world.people, world.areas
    home = np.where(people.home == NOBODY, people.home_before, people.home)
    area = world.homes.area[home]
    is_resident = np.arange(n) < built.residents
    columns: dict[str, Any] = {
        "person": people.id,
        "household": _or_none(world.households.id, people.household),
        "uprn": _or_none(world.homes.uprn, people.home),
        "uprn_before": _or_none(world.homes.uprn, people.home_before),
        "area": areas.code[area], "district": areas.district[area], "sex": people.sex,
        **{name: pa.array(getattr(people, name), pa.date32()) for name in DAYS},
        **{name: getattr(people, name) for name in TEXTS},
        "is_resident": is_resident, "is_communal": is_resident & (people.household == NOBODY),
        "is_shielding": people.is_shielding, "is_protected": people.is_protected, "class": people.hard,
    }  # fmt: skip
    return pa.table(columns)


def households_of(built: Built) -> pa.Table:
    """Return the households of a part."""
    world, households = built.world, built.world.households
    area = world.homes.area[households.home]
    return pa.table(
        {
            "household": households.id, "uprn": world.homes.uprn[households.home],
            "area": world.areas.code[area], "district": world.areas.district[area], "kind": households.kind,
            "size": households.size, "tenure": households.tenure, "accommodation": households.accommodation,
        }
    )  # fmt: skip


def pairs_of(built: Built) -> pa.Table:
    """Return the hard pairs made on purpose: class and two people, the same twice where it is one."""
    people = built.world.people.id
    rows = built.world.pairs
    return pa.table(
        {
            "class": pa.array([name for name, _, _ in rows], pa.string()),
            "person": pa.array([people[one] for _, one, _ in rows], pa.string()),
            "other": pa.array([people[two] for _, _, two in rows], pa.string()),
        }
    )


BANDS = (*(f"{first}-{first + 4}" for first in range(0, OLDEST, 5)), "90+")


def margins_of(frame: Frame) -> pa.Table:
    """Return what the region was fitted to: by area and by district, each category and its count."""
    rows = [*_area_margins(frame), *_district_margins(frame)]
    level, area, margin, category, target = zip(*rows, strict=True)
    return pa.table({"level": level, "area": area, "margin": margin, "category": category, "target": target})


def _area_margins(frame: Frame) -> Iterator[tuple[str, str, str, str, float]]:
    bands = np.add.reduceat(frame.margins.ages, np.arange(0, OLDEST + 1, 5), axis=1)
    tables = (
        ("age", BANDS, bands), ("tenure", TENURES, frame.margins.tenure),
        ("accommodation", ACCOMMODATION, frame.margins.accommodation),
    )  # fmt: skip
    for margin, categories, table in tables:
        for row, code in enumerate(frame.code):
            for at, category in enumerate(categories):
                yield "area", code, margin, category, round(float(table[row, at]), 3)


def _district_margins(frame: Frame) -> Iterator[tuple[str, str, str, str, float]]:
    """Yield each district's own figures; tenure and accommodation are sums of the areas taken."""
    for at in sorted({int(each) for each in frame.district}):
        district, own = frame.districts[at], frame.district == at
        yield from _ages_and_sexes(district.code, district.ages, district.female)
        if district.sizes is not None:
            for size in range(LARGEST):
                name = str(size + 1) if size + 1 < LARGEST else f"{LARGEST}+"
                yield "district", district.code, "household_size", name, float(district.sizes[size])
        for margin, categories, table in (
            ("tenure", TENURES, frame.margins.tenure),
            ("accommodation", ACCOMMODATION, frame.margins.accommodation),
        ):
            for place, category in enumerate(categories):
                yield "district", district.code, margin, category, float(table[own, place].sum())


def _ages_and_sexes(code: str, ages: Floats, female: Floats) -> Iterator[tuple[str, str, str, str, float]]:
    for at, band in enumerate(BANDS):
        years = slice(5 * at, 5 * at + 5)
        people, women = float(ages[years].sum()), float((ages * female)[years].sum())
        yield "district", code, "age", band, round(people, 3)
        yield "district", code, "sex_by_age", f"1 {band}", round(people - women, 3)
        yield "district", code, "sex_by_age", f"2 {band}", round(women, 3)
