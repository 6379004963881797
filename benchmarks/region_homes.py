"""What follows from who is who: flats that a person's other rows name, households, merges nobody could see.

Households are found by one rule for every contender, from its people and sharewell's addresses; only
sharewell's own have the flats that it named by joint resolution. They are scored by pairs of rows of two
people: those put into one home, those truly of one household.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from benchmarks.region_score import Bools, Counts, Ints, Truth, score_clusters, score_places
from sharewell.people.home import name_homes
from sharewell.people.link import Linkage
from sharewell.places.households import find_households
from sharewell.store.duckdb import DuckDB
from sharewell.store.engine import Relation, literal, quoted

UNSEEN = ("father_and_son", "like_named_twins", "next_number")
"""Classes of which no wrong merge may be hidden from the person who looks through the review."""
DAY = "CAST(as_of AS DATE) - DATE '2000-01-01'"


def open_homes(store: DuckDB, kept: str) -> None:
    """Load what a household is found from: ``placed``, ``buildings`` and ``further``."""
    for name in ("placed", "buildings", "further"):
        store.create(name, f"SELECT * FROM {literal(str(Path(kept) / f'{name}.parquet'))}")


def name_flats(store: DuckDB, linkage: Linkage) -> Relation:
    """Return the flats that the rows of each linked person name, as a flow finds them."""
    placed = store.create(
        "placed_people",
        "SELECT source, source_row, person, surname, postcode, placed.uprn, answer, probability, evidence, "
        f"1 / (1 + power(2.0, -match_weight)) AS linked, {DAY} AS day "
        f"FROM records JOIN placed USING (id) JOIN {quoted(linkage.linked.name)} USING (source, source_row)",
    )
    return name_homes(placed, Relation(store, "buildings"), "named_homes")


def placed_with(store: DuckDB, named: Relation) -> None:
    """Put named flats into ``placed``."""
    store.create(
        "placed",
        "SELECT placed.* REPLACE (coalesce(h.uprn, placed.uprn) AS uprn, "
        "CASE WHEN h.uprn IS NULL THEN answer ELSE 'unit' END AS answer) FROM placed "
        f"JOIN records USING (id) LEFT JOIN {quoted(named.name)} AS h USING (source, source_row)",
    )


def score_units(store: DuckDB, kept: str) -> dict[str, Any]:
    """Score the units in ``placed``, UPRNs that lists give among them, of rows that truly have an address."""
    truths = literal(str(Path(kept) / "truths.parquet"))
    rows = store.fetch(
        "SELECT CASE WHEN answer = 'unit' THEN placed.uprn ELSE '' END AS uprn, "
        "answer = 'building' AS is_building, t.uprn AS truth, class "
        f"FROM placed JOIN {truths} AS t USING (id) WHERE t.uprn <> '' ORDER BY id"
    )
    answer, building, true_uprn, hard = (
        rows[name].to_numpy() for name in ("uprn", "is_building", "truth", "class")
    )
    return {name: vars(each) for name, each in score_places(answer, building, true_uprn, hard).items()}


def household_counts(store: DuckDB, cluster: Ints, truth: Truth, household: Ints) -> dict[str, Counts]:
    """Score pairs of rows of two people put into one home; -1 is the household of nobody who lives there."""
    store.load("clusters", pa.table({"id": np.arange(len(cluster)), "person": cluster.astype(str)}))
    members = store.create(
        "members",
        f"SELECT person, 'any' AS source, placed.uprn, building, answer, {DAY} AS day, "
        "CASE WHEN TRY_CAST(date_of_death AS DATE) <= CAST(as_of AS DATE) THEN date_of_death END AS died_on, "
        "false AS names_two FROM placed JOIN clusters USING (id) JOIN further USING (id) "
        "LEFT JOIN buildings ON buildings.uprn = placed.uprn",
    )
    find_households(members, "found_households")
    found = store.fetch(
        "SELECT coalesce(uprn, 'row ' || id) AS home FROM clusters LEFT JOIN found_households USING (person) "
        "ORDER BY id"
    )
    home = found["home"].combine_chunks().dictionary_encode().indices.to_numpy().astype(np.int64)
    people = np.where(household < 0, -1, truth.person)
    together = score_clusters(home, Truth(household, truth.hard))
    alone = score_clusters(home, Truth(people, truth.hard))
    return {
        name: Counts(each.joined - one.both, each.truly - one.truly, each.both - one.both)
        for name, each in together.items()
        for one in (alone[name],)
    }


def merges(cluster: Ints, truth: Truth, seen: Ints) -> dict[str, list[int]]:
    """Return by class how many people as linked are really several, and how many of those nobody could see.

    ``seen``: the people as linked of whom a pair inside them is in the review.
    """
    order = np.argsort(cluster, kind="stable")
    groups = np.split(order, np.flatnonzero(np.diff(cluster[order])) + 1)
    mixed = [rows for rows in groups if len(np.unique(truth.person[rows])) > 1]
    visible = set(seen.tolist())
    told = {name: [0, 0] for name in UNSEEN}
    for rows in mixed:
        for name in _classes(rows, truth):
            told[name][0] += 1
            told[name][1] += int(cluster[rows[0]]) not in visible
    return told


def _classes(rows: Ints, truth: Truth) -> Iterator[str]:
    people = set(truth.person[rows].tolist())
    for name in UNSEEN:
        couples = [{one, other} for kind, one, other in truth.couples if kind == name]
        if any(couple <= people for couple in couples) or (
            name == "next_number" and (truth.hard[rows] == name).any()
        ):
            yield name


def seen_inside(store: DuckDB, cluster: Ints, doubts: pa.Table) -> Ints:
    """Return the people as linked of whom two rows stand side by side in the review."""
    store.load("doubts", doubts)
    found = store.fetch(
        "SELECT l.id AS l, r.id AS r FROM doubts JOIN records AS l USING (source, source_row) "
        "JOIN records AS r ON r.source = other_source AND r.source_row = other_row"
    )
    left, right = (cluster[found[name].to_numpy()] for name in ("l", "r"))
    inside: Bools = left == right
    return np.unique(left[inside])
