"""The one dataset a run makes itself: whom its lists place at each person's unit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sharewell.sources.terms import Field, FieldType, Role, Standard
from sharewell.store.engine import Relation, literal, quoted
from sharewell.vocab.sensitivity import Sensitivity

if TYPE_CHECKING:
    from sharewell.flows.actions import Work
    from sharewell.flows.link import LinkedPeople

NAME = "household"
STANDARD = Standard(
    name=NAME,
    version="1",
    title="Household",
    description=(
        "People who were last seen at one unit. Never a finding that somebody lives alone: only how many "
        "people, and how many lists, the lists of this run know of there."
    ),
    fields=(
        Field(
            "people_known",
            FieldType.INTEGER,
            "People known at this address",
            "How many people the lists place here. A list may know only one of a household.",
        ),
        Field(
            "lists_known",
            FieldType.INTEGER,
            "Lists that know this address",
            "How many different lists place anybody here. Lists that copy each other count once.",
        ),
        Field(
            "seen_alone",
            FieldType.BOOLEAN,
            "Seen alone by two lists or more",
            "True when at least two lists place this person here and nobody else, false when somebody else "
            "is known of, empty when too few lists know. Never a finding that somebody lives alone.",
        ),
        Field("uprn", FieldType.UPRN, "UPRN", role=Role.UPRN, sensitivity=Sensitivity.QUASI),
        Field("ward", FieldType.CODE, "Ward", sensitivity=Sensitivity.QUASI),
    ),
)


def household_dataset(run: Work, people: LinkedPeople) -> Relation:
    """Return one row per person with a unit, as the gate wants them."""
    return run.engine.create(
        "household_records",
        f"SELECT person, {literal(NAME)} AS source, CAST(row_number() OVER (ORDER BY person) AS BIGINT) "
        f"AS source_row, {literal(run.today.isoformat())} AS as_of, CAST(NULL AS BOOLEAN) AS objected, "
        "CAST(NULL AS BOOLEAN) AS protected, CAST(people_known AS VARCHAR) AS people_known, "
        "CAST(lists_known AS VARCHAR) AS lists_known, CAST(seen_alone AS VARCHAR) AS seen_alone, uprn, "
        f"wards.ward AS ward FROM {quoted(people.households.name)} AS homes "
        f"LEFT JOIN {quoted(people.wards.name)} AS wards USING (uprn)",
    )
