"""The one dataset a run makes itself: how many people its lists place at each person's unit."""

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
        "People whose rows were matched to one unit. Never a finding that somebody lives alone: only how "
        "many people the lists of this run know of there."
    ),
    fields=(
        Field("people_known", FieldType.INTEGER, "People known at this address"),
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
        "CAST(NULL AS BOOLEAN) AS protected, CAST(people_known AS VARCHAR) AS people_known, uprn, "
        f"wards.ward AS ward FROM {quoted(people.households.name)} AS homes "
        f"LEFT JOIN {quoted(people.wards.name)} AS wards USING (uprn)",
    )
