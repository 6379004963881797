"""Link the rows of every list of a run to people, and give each row its person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sharewell.flows.prepare import PreparedList
from sharewell.people.link import Linkage, link_people
from sharewell.people.references import Kept, keep_references, record_keys
from sharewell.places.households import find_households
from sharewell.sources.terms import Role, Standard
from sharewell.store.engine import Relation, quoted

if TYPE_CHECKING:
    from sharewell.flows.actions import Work

IDENTITY = {
    "first_name": Role.FIRST_NAME,
    "surname": Role.SURNAME,
    "record_id": Role.RECORD_ID,
    "date_of_birth": Role.DATE_OF_BIRTH,
    "postcode": Role.POSTCODE,
    "nhs_number": Role.NHS_NUMBER,
}


@dataclass(frozen=True)
class LinkedPeople:
    """Every row's person, the events since last time, and the households of the run's people.

    ``households`` has ``person, uprn, household, people_known``; ``wards`` has ``uprn, ward``.
    """

    members: Relation
    events: Relation
    households: Relation
    wards: Relation
    linkage: Linkage


def link_lists(run: Work, lists: Sequence[PreparedList]) -> LinkedPeople:
    """Link rows across and within lists; a person keeps the reference held from earlier runs."""
    run.tell("linking people")
    records = run.engine.create("link_records", " UNION ALL ".join(identity_query(item) for item in lists))
    with run.timed("people"):
        return _link(run, lists, records)


def _link(run: Work, lists: Sequence[PreparedList], records: Relation) -> LinkedPeople:
    linkage = link_people(records, run.engine, "linked")
    keyed = record_keys(records, "record_keys", id_column="record_id")
    kept = keep_references(
        linkage.linked,
        run.held("members"),
        run.engine,
        "members",
        keys=keyed,
        decisions=run.held("person-decisions"),
        at=run.at,
        run=run.id,
    )
    for spent in (records, keyed, linkage.linked):
        spent.drop()
    households = _households(run, lists, kept)
    return LinkedPeople(kept.members, kept.events, households, _wards(run, lists), linkage)


def with_person(run: Work, item: PreparedList, people: LinkedPeople) -> Relation:
    """Return a list's rows with the person each is linked to; the rows without are dropped."""
    records = run.engine.create(
        f"{item.spec.name}_records",
        "SELECT placed.*, members.person, members.match_weight, members.linked_by, members.record_key "
        f"FROM {quoted(item.records.name)} AS placed "
        f"JOIN {quoted(people.members.name)} AS members USING (source, source_row)",
    )
    item.records.drop()
    return records


def _households(run: Work, lists: Sequence[PreparedList], kept: Kept) -> Relation:
    """Gather people by the unit their rows were matched to."""
    placed = " UNION ALL ".join(
        "SELECT source, source_row, place_uprn AS uprn, place_answer AS answer "
        f"FROM {quoted(item.records.name)}"
        for item in lists
    )
    at = run.engine.create(
        "members_at",
        f"SELECT members.person, placed.uprn, placed.answer FROM ({placed}) AS placed "
        f"JOIN {quoted(kept.members.name)} AS members USING (source, source_row)",
    )
    return find_households(at, "households")


def _wards(run: Work, lists: Sequence[PreparedList]) -> Relation:
    rows = " UNION ALL ".join(
        f"SELECT place_uprn AS uprn, ward FROM {quoted(item.records.name)}" for item in lists
    )
    return run.engine.create(
        "wards", f"SELECT uprn, min(ward) AS ward FROM ({rows}) WHERE uprn IS NOT NULL GROUP BY uprn"
    )


def identity_query(item: PreparedList) -> str:
    """Return SQL that shows a list's rows as the linker wants them."""
    standard = item.standard
    columns = {name: _column(standard, role) for name, role in IDENTITY.items()}
    if standard.with_role(Role.FULL_NAME):
        columns |= _split_names(columns, _column(standard, Role.FULL_NAME))
    shown = ", ".join(f"{sql} AS {quoted(name)}" for name, sql in columns.items())
    return (
        "SELECT source, source_row, CASE WHEN place_answer = 'unit' THEN place_uprn END AS uprn, "
        f"{shown} FROM {quoted(item.records.name)}"
    )


def _column(standard: Standard, role: Role) -> str:
    found = standard.with_role(role)
    if not found:
        return "CAST(NULL AS VARCHAR)"
    return "coalesce(" + ", ".join(quoted(each.name) for each in found) + ")"


def _split_names(columns: Mapping[str, str], full_name: str) -> Mapping[str, str]:
    """Return SQL for the names of a list that may hold them in one column: its first and its last word."""
    words = f"string_split({full_name}, ' ')"
    has_none = f"{columns['first_name']} IS NULL AND {columns['surname']} IS NULL"
    first = f"CASE WHEN len({words}) > 1 THEN list_extract({words}, 1) END"
    return {
        "first_name": f"CASE WHEN {has_none} THEN {first} ELSE {columns['first_name']} END",
        "surname": f"CASE WHEN {has_none} THEN list_extract({words}, -1) ELSE {columns['surname']} END",
    }
