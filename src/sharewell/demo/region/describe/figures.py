"""Count a region: its people, households and lists, asked of the files and not of what made them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from sharewell.demo.region.describe.read import Region
from sharewell.demo.region.describe.rules import judged_dirt
from sharewell.demo.region.describe.terms import Dirt, Hard, Margins, Stale
from sharewell.demo.region.frame.kinds import LARGEST
from sharewell.demo.region.frame.terms import OLDEST
from sharewell.store.engine import literal


@dataclass(frozen=True)
class Overlap:
    """Who is on which lists. ``both[a][b]`` counts people on both; ``residents[n]`` those on n lists."""

    lists: tuple[str, ...]
    both: tuple[tuple[int, ...], ...]
    residents: tuple[int, ...]


def made_margins(region: Region) -> Margins:
    """Return residents and households counted as the margins are, by district and by area."""
    region.engine.create("ages", _ages(region))
    region.engine.create("housed", _housed(region))
    sized = f"CASE WHEN size >= {LARGEST} THEN '{LARGEST}+' ELSE CAST(size AS VARCHAR) END"
    parts = [
        _counted("ages", place, margin, what, "people")
        for place, margin, what in (
            ("district", "age", "band"), ("area", "age", "band"),
            ("district", "sex_by_age", "sex || ' ' || band"),
        )
    ] + [
        _counted("housed", place, margin, what, "households")
        for place, margin, what in (
            ("district", "tenure", "tenure"), ("area", "tenure", "tenure"),
            ("district", "accommodation", "accommodation"), ("area", "accommodation", "accommodation"),
            ("district", "household_size", sized),
        )
    ]  # fmt: skip
    return _gathered(region, " UNION ALL ".join(parts))


def published_margins(region: Region) -> Margins:
    """Return what the region was fitted to, in the same shape."""
    return _gathered(
        region, f"SELECT level, area AS place, margin, category, target AS n FROM {region.table('margins')}"
    )


def districts_of_areas(region: Region) -> dict[str, str]:
    """Return the district of every area."""
    return {row["area"]: row["district"] for row in region.rows("SELECT DISTINCT area, district FROM ages")}


def _ages(region: Region) -> str:
    """Return residents by place, sex and five-year band; birthdays are counted by month and day."""
    day = region.as_of
    years = (
        f"{day.year} - year(born) - CAST(month(born) * 100 + day(born) > {day.month * 100 + day.day} AS INT)"
    )
    band = f"CASE WHEN age >= {OLDEST} THEN '{OLDEST}+' ELSE (age // 5 * 5) || '-' || (age // 5 * 5 + 4) END"
    return (
        f"SELECT district, area, sex, {band} AS band, count(*) AS people FROM "
        f"(SELECT district, area, sex, {years} AS age FROM {region.table('people')} WHERE is_resident) "
        "GROUP BY ALL"
    )


def _housed(region: Region) -> str:
    return (
        "SELECT district, area, tenure, accommodation, size, count(*) AS households "
        f"FROM {region.table('households')} GROUP BY ALL"
    )


def _counted(table: str, place: str, margin: str, category: str, count: str) -> str:
    return (
        f"SELECT {literal(place)} AS level, {place} AS place, {literal(margin)} AS margin, "
        f"{category} AS category, CAST(sum({count}) AS DOUBLE) AS n FROM {table} GROUP BY ALL"
    )


def _gathered(region: Region, query: str) -> Margins:
    """Return rows by level and margin, then by place; places in the order of their codes."""
    found: dict[tuple[str, str], dict[str, dict[str, float]]] = defaultdict(lambda: defaultdict(dict))
    for row in region.rows(f"{query} ORDER BY ALL"):
        found[row["level"], row["margin"]][row["place"]][row["category"]] = row["n"]
    return {key: dict(places) for key, places in found.items()}


def overlap_of(region: Region) -> Overlap:
    """Return how many people are on each two lists, and on how many lists residents are."""
    lists = region.lists
    known = ", ".join(map(literal, lists))
    region.engine.create(
        "listed",
        f"SELECT person, bit_or(CAST(1 AS BIGINT) << (list_position([{known}], list) - 1)) AS mask "
        f"FROM {region.table('truth')} WHERE person <> '' GROUP BY person",
    )
    rows = region.rows(
        "SELECT coalesce(mask, 0) AS mask, is_resident, count(*) AS n "
        f"FROM {region.table('people')} LEFT JOIN listed USING (person) GROUP BY ALL"
    )
    region.engine.drop("listed")
    both = [[0] * len(lists) for _ in lists]
    residents = [0] * (len(lists) + 1)
    for row in rows:
        on = [at for at in range(len(lists)) if row["mask"] >> at & 1]
        residents[len(on)] += row["n"] * row["is_resident"]
        for one in on:
            for two in on:
                both[one][two] += row["n"]
    return Overlap(lists, tuple(map(tuple, both)), tuple(residents))


def dirt_of(region: Region) -> tuple[Dirt, ...]:
    """Return every kind of dirt of every list, with the rows that ``errors.parquet`` has of it."""
    rows = region.rows(
        f"SELECT list, kind, count(DISTINCT source_row) AS n FROM {region.table('errors')} "
        "GROUP BY ALL ORDER BY ALL"
    )
    logged = {(row["list"], row["kind"]): row["n"] for row in rows}
    told = {
        (name, kind): each
        for name in region.lists
        for kind, each in region.told["lists"][name]["dirt"].items()
    }
    return tuple(
        judged_dirt(name, kind, each["could"], each["has"], each["target"], logged.get((name, kind), 0))
        for (name, kind), each in told.items()
    ) + tuple(
        judged_dirt(name, kind, 0, n, 0.0, n)
        for (name, kind), n in logged.items()
        if (name, kind) not in told
    )


def stale_of(region: Region) -> tuple[Stale, ...]:
    """Return by list the rows that state an address their person does not live at; the dead live nowhere."""
    day = literal(region.as_of.isoformat())
    rows = region.rows(
        "SELECT list, count(*) AS n, count(*) FILTER (WHERE has_died) AS died, "
        "count(*) FILTER (WHERE NOT has_died AND lives = '') AS gone, "
        "count(*) FILTER (WHERE NOT has_died AND lives <> '' AND lives <> uprn) AS moved FROM ("
        "SELECT truth.list, truth.uprn, coalesce(people.uprn, '') AS lives, "
        f"coalesce(people.died_on <= CAST({day} AS DATE), false) AS has_died "
        f"FROM {region.table('truth')} AS truth JOIN {region.table('people')} AS people USING (person) "
        "WHERE truth.uprn <> '') GROUP BY list"
    )
    found = {
        row["list"]: Stale(row["list"], row["n"], row["moved"], row["gone"], row["died"]) for row in rows
    }
    return tuple(found[name] for name in region.lists if name in found)


def hard_of(region: Region) -> tuple[Hard, ...]:
    """Return every class of hard pairs: pairs made on purpose, rows of lists that carry it, people in it."""
    pairs = _by_class(region, "pairs", "count(*)")
    rows = _by_class(region, "truth", "count(*)")
    people = _by_class(region, "truth", "count(DISTINCT person)")
    told: Mapping[str, Mapping[str, str]] = region.told.get("hard", {})
    names = dict.fromkeys([*told, *rows])
    return tuple(
        Hard(
            name,
            told.get(name, {}).get("what", ""),
            pairs.get(name, 0),
            rows.get(name, 0),
            people.get(name, 0),
        )
        for name in names
    )


def _by_class(region: Region, table: str, count: str) -> dict[str, int]:
    found = region.rows(
        f"SELECT class AS name, {count} AS n FROM {region.table(table)} WHERE class <> '' "
        "GROUP BY ALL ORDER BY ALL"
    )
    return {row["name"]: row["n"] for row in found}
