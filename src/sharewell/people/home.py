"""Name the flat of a record that names only its building, by what lists say of the same linked person."""

from __future__ import annotations

from sharewell.store.engine import Relation, quoted

NEAR_DAYS = 366
"""A list names the flat of another list's record when their dates lie no further apart."""

_UNDECIDED = "'undecided', 'exact+ambiguous'"
"""Addresses that were like several: one that is like none may be of a home that no gazetteer has yet.

The unit named must then be of the postcode itself, not found by a search beyond it.
"""

_IN_THE_POSTCODE = (
    f"a.answer = 'none' AND a.evidence IN ({_UNDECIDED}) AND n.postcode = a.postcode "
    "AND NOT starts_with(n.evidence, 'search:')"
)

LIKELY = 0.5
"""A flat is named when it is likelier than all else together, as the address matcher has it."""


def name_homes(records: Relation, buildings: Relation, table: str) -> Relation:
    """Return ``source, source_row, uprn, probability, named_by`` of each record whose flat others name.

    ``records``: source, source_row, person, surname, postcode, uprn, answer, probability, evidence, linked
    (the probability that the record is its person's, NULL where nothing was weighed) and day (its list's date
    as a number of days). ``buildings``: uprn and building, the UPRN of the building that a unit is in.

    The answer ``building``, or ``none`` where the postcode has candidates, becomes a unit when every unit
    that the person's other records name in that building, or in that postcode, is the same one; when a list
    of a near date says so; and when nobody of another surname was first seen in it after the person was seen
    there last. ``probability`` is that of the link times that of the match. ``named_by`` is the list that
    says it best.
    """
    return records.engine.create(
        table,
        f"""
        WITH dated AS (
          SELECT r.source, r.source_row, r.person, lower(r.surname) AS surname, r.uprn, r.answer,
            upper(replace(r.postcode, ' ', '')) AS postcode, r.probability, r.evidence, r.linked, r.day,
            b.building
          FROM {quoted(records.name)} AS r LEFT JOIN {quoted(buildings.name)} AS b ON b.uprn = r.uprn
        ), named AS (
          SELECT * FROM dated WHERE answer = 'unit' AND building IS NOT NULL
        ), offers AS (
          {_offers("a.answer = 'building' AND n.building = a.uprn")} UNION ALL
          {_offers(_IN_THE_POSTCODE)}
        ), agreed AS (
          SELECT source, source_row FROM offers GROUP BY source, source_row HAVING min(uprn) = max(uprn)
        ), last_there AS (
          SELECT person, uprn, max(day) AS day FROM named GROUP BY person, uprn
        ), moved_in AS (
          SELECT uprn, person, surname, min(day) AS day FROM named GROUP BY uprn, person, surname
        ), taken AS (
          SELECT DISTINCT o.source, o.source_row FROM offers AS o
          JOIN last_there AS mine ON mine.person = o.person AND mine.uprn = o.uprn
          JOIN moved_in AS theirs ON theirs.uprn = o.uprn AND theirs.person <> o.person
          WHERE theirs.day > mine.day AND theirs.day <= o.day
            AND coalesce(theirs.surname <> o.surname, true)
        ), ranked AS (
          SELECT o.source, o.source_row, o.uprn, o.named_by, o.probability,
            row_number() OVER (
              PARTITION BY o.source, o.source_row ORDER BY o.probability DESC, o.days, o.named_by, o.named_row
            ) AS place
          FROM offers AS o JOIN agreed ON agreed.source = o.source AND agreed.source_row = o.source_row
          LEFT JOIN taken ON taken.source = o.source AND taken.source_row = o.source_row
          WHERE o.days <= {NEAR_DAYS} AND taken.source IS NULL
        )
        SELECT source, source_row, uprn, probability, named_by FROM ranked
        WHERE place = 1 AND probability > {LIKELY} ORDER BY source, source_row""",
    )


def _offers(same_building: str) -> str:
    """Return SQL for each unit that another record of its person offers to a record without one."""
    link = "coalesce(least(coalesce(a.linked, n.linked), coalesce(n.linked, a.linked)), CAST(1 AS DOUBLE))"
    return f"""
          SELECT a.source, a.source_row, a.person, a.surname, a.day, n.uprn, n.source AS named_by,
            n.source_row AS named_row, abs(a.day - n.day) AS days, n.probability * {link} AS probability
          FROM dated AS a JOIN named AS n ON n.person = a.person AND {same_building}"""
