"""Gather people into households: those whose addresses were matched to one unit."""

from __future__ import annotations

from sharewell.store.engine import Relation, literal, quoted


def find_households(members: Relation, table: str) -> Relation:
    """Return ``person, uprn, household, people_known``, one row for each person with a unit.

    ``members`` has ``person, uprn, answer``, repeats allowed; only unit answers count. A person seen at
    several units takes the one seen most often, ties going to the smallest UPRN. ``people_known`` is how many
    people these records place there: never a finding that somebody lives alone.
    """
    name = quoted(members.name)
    return members.engine.create(
        table,
        f"""
        WITH seen AS (
          SELECT person, uprn, count(*) AS times FROM {name}
          WHERE answer = {literal("unit")} AND uprn IS NOT NULL AND person IS NOT NULL GROUP BY person, uprn
        ), homes AS (
          SELECT person, uprn FROM (
            SELECT *, row_number() OVER (
              PARTITION BY person ORDER BY times DESC, length(uprn), uprn) AS place FROM seen
          ) WHERE place = 1
        )
        SELECT person, uprn, 'H' || substr(sha256({literal("household:")} || uprn), 1, 16) AS household,
          count(*) OVER (PARTITION BY uprn) AS people_known
        FROM homes ORDER BY person""",
    )
