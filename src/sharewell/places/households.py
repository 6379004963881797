"""Gather people into households: those who were last seen at one unit."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from sharewell.places.gazetteer import Gazetteer
from sharewell.store.engine import Engine, Relation, literal, quoted

EQUALLY_NEW_DAYS = 3
"""Evidence of so many days before a person's newest is as new: lists of one week are drawn on other days."""

LISTS_TO_BE_SEEN_ALONE = 2
"""One list never says that somebody lives alone: it may know of nobody else for want of asking."""


def find_households(members: Relation, table: str) -> Relation:
    """Return ``person, uprn, household, people_known, lists_known, seen_alone`` of each person with a unit.

    ``members``: person, source (the list, one name for lists that copy each other), uprn, building (that of
    the unit, or NULL), answer, day (its list's date as a number of days), died_on (NULL while alive) and
    names_two (whether the row names a second person); repeats allowed. A person is where the newest evidence
    has them: of what is about equally new the building seen most often, then its unit likewise, ties going to
    the smaller UPRN. Who died is nowhere, nor is who was last seen in a building of which no list names the
    unit.

    ``people_known`` is how many people these records place there, ``lists_known`` how many lists place
    anybody there. ``seen_alone`` is true when at least two lists place this person there and nobody else,
    false when somebody else is known of, and otherwise NULL. None is a finding that somebody lives alone.
    """
    name = quoted(members.name)
    return members.engine.create(
        table,
        f"""
        WITH told AS (
          SELECT person, source, coalesce(building, uprn) AS building, names_two, day,
            CASE WHEN answer = {literal("unit")} THEN uprn END AS uprn, died_on
          FROM {name} WHERE answer IN ({literal("unit")}, {literal("building")}) AND uprn IS NOT NULL
        ), living AS (
          SELECT told.* FROM told LEFT JOIN (
            SELECT DISTINCT person AS gone FROM told WHERE died_on IS NOT NULL
          ) AS dead ON gone = person WHERE gone IS NULL AND person IS NOT NULL
        ), buildings AS ({_last_seen("living", "building")}
        ), units AS ({_last_seen(_there("living", "building", "uprn IS NOT NULL"), "uprn")}
        ), homes AS (
          SELECT person, uprn, count(*) OVER (PARTITION BY uprn) AS people_known FROM units
        ), lists AS (
          SELECT uprn, source, min(person) AS one, max(person) AS other, bool_or(names_two) AS names_two
          FROM told WHERE uprn IS NOT NULL GROUP BY uprn, source
        ), known AS (
          SELECT uprn, count(*) AS lists_known, bool_or(names_two) AS names_two FROM lists GROUP BY uprn
        ), alone AS (
          SELECT uprn, one AS person, count(*) AS lists FROM lists WHERE one = other GROUP BY uprn, one
        )
        SELECT homes.person, homes.uprn, people_known, lists_known,
          'H' || substr(sha256({literal("household:")} || homes.uprn), 1, 16) AS household,
          CASE WHEN people_known > 1 OR names_two THEN false
            WHEN alone.lists >= {LISTS_TO_BE_SEEN_ALONE} THEN true END AS seen_alone
        FROM homes JOIN known ON known.uprn = homes.uprn
        LEFT JOIN alone ON alone.uprn = homes.uprn AND alone.person = homes.person ORDER BY homes.person""",
    )


def _last_seen(rows: str, place: str) -> str:
    """Return SQL for ``person`` and the one place that the newest evidence of each has."""
    return f"""
          SELECT person, {place} FROM (
            SELECT person, {place}, row_number() OVER (
              PARTITION BY person ORDER BY count(*) DESC, length({place}), {place}) AS rank
            FROM (SELECT *, max(day) OVER (PARTITION BY person) AS newest FROM {rows}) AS seen
            WHERE newest - day <= {EQUALLY_NEW_DAYS} GROUP BY person, {place}
          ) AS ranked WHERE rank = 1"""


def _there(rows: str, place: str, where: str) -> str:
    """Return SQL for the rows of each person at the place they were last seen at."""
    return (
        f"(SELECT {rows}.* FROM {rows} JOIN {place}s AS here ON here.person = {rows}.person "
        f"AND here.{place} = {rows}.{place} WHERE {where}) AS there"
    )


def unit_buildings(gazetteer: Gazetteer, engine: Engine, table: str) -> Relation:
    """Return ``uprn, building``: every unit that is in a building of several, and that building's UPRN."""
    rows = gazetteer.index.rows
    building = gazetteer.index.parent[rows.place]
    inside = (building > 0) & (building != rows.uprn) & ~rows.is_parent
    uprn, first = np.unique(rows.uprn[inside], return_index=True)
    texts = (pa.array(values).cast(pa.string()) for values in (uprn, building[inside][first]))
    return engine.load(table, pa.table(list(texts), names=["uprn", "building"]))
