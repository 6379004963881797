"""Link the rows of every list of a run to people, and give each row its person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sharewell.flows.prepare import PreparedList
from sharewell.people.link import Linkage, link_people
from sharewell.people.names import title_within
from sharewell.people.references import Kept, keep_references, record_keys
from sharewell.people.whole_names import whole_names_sql
from sharewell.places.households import find_households
from sharewell.sources.terms import Role, Standard
from sharewell.store.engine import Relation, literal, quoted

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

FURTHER = {
    "title": Role.TITLE,
    "middle_name": Role.MIDDLE_NAMES,
    "sex": Role.SEX,
    "upn": Role.UPN,
    "nino": Role.NINO,
    "phone": Role.PHONE,
    "email": Role.EMAIL,
    "date_of_death": Role.DATE_OF_DEATH,
}
"""What is compared besides, where a list has it; none of it is part of a record's key."""


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
    linkage = link_people(records, run.engine, "linked", extra=tuple(FURTHER))
    lasting = ", ".join(["source", "source_row", "uprn", *IDENTITY])
    identity = run.engine.create("link_identity", f"SELECT {lasting} FROM {quoted(records.name)}")
    keyed = record_keys(identity, "record_keys", id_column="record_id")
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
    for spent in (records, identity, keyed, linkage.linked):
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
    """Return SQL that shows a list's rows as the linker wants them, with what else it can compare."""
    standard = item.standard
    columns = {name: _column(standard, role) for name, role in IDENTITY.items()}
    columns |= {name: _column(standard, role) for name, role in FURTHER.items()}
    rows = f"SELECT * FROM {quoted(item.records.name)}"
    if standard.with_role(Role.FULL_NAME):
        rows = _with_whole_names(item, rows)
        columns |= _names(columns)
    shown = ", ".join(f"{sql} AS {quoted(name)}" for name, sql in columns.items())
    return (
        "SELECT source, source_row, CASE WHEN place_answer = 'unit' THEN place_uprn END AS uprn, "
        f"{shown} FROM ({rows}) AS told"
    )


def _column(standard: Standard, role: Role) -> str:
    found = standard.with_role(role)
    if not found:
        return "CAST(NULL AS VARCHAR)"
    return "coalesce(" + ", ".join(quoted(each.name) for each in found) + ")"


def _with_whole_names(item: PreparedList, rows: str) -> str:
    """Return SQL that adds the parts of whole names, and the title that cleaning took off them."""
    [full_name] = [field.name for field in item.standard.with_role(Role.FULL_NAME)][:1]
    titled = (
        f"SELECT source_row AS titled_row, min({title_within('before')}) AS whole_title "
        f'FROM {quoted(item.changes.name)} WHERE "column" = {literal(full_name)} '
        f"AND rule LIKE '%name_title_removed%' GROUP BY source_row"
    )
    joined = (
        f"SELECT rows.*, whole_title FROM ({rows}) AS rows LEFT JOIN ({titled}) ON titled_row = source_row"
    )
    return whole_names_sql(joined, quoted(full_name))


def _names(columns: Mapping[str, str]) -> Mapping[str, str]:
    """Return SQL for the names of a list that may hold them in one column."""
    has_none = f"{columns['first_name']} IS NULL AND {columns['surname']} IS NULL"
    parts = {"first_name": "first", "surname": "last", "middle_name": "middle"}
    named = {
        name: f"CASE WHEN {has_none} THEN whole_{part} ELSE {columns[name]} END"
        for name, part in parts.items()
    }
    return {**named, "title": f"coalesce({columns['title']}, CASE WHEN {has_none} THEN whole_title END)"}
