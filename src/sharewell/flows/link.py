"""Link the rows of every list of a run to people, and give each row its person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sharewell.flows.prepare import PreparedList
from sharewell.people.home import name_homes
from sharewell.people.link import Linkage, link_people
from sharewell.people.names import title_within
from sharewell.people.references import Kept, keep_references, record_keys
from sharewell.people.whole_names import whole_names_sql
from sharewell.places.gazetteer import Gazetteer
from sharewell.places.households import find_households, unit_buildings
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

COPIES_OF = {
    "council-tax-support": "council-tax",
    "personal-demographics": "gp-register",
    "shielded-patient-list": "gp-register",
}
"""Lists that have their addresses from another one, and so are no second witness of who lives where."""


@dataclass(frozen=True)
class LinkedPeople:
    """Every row's person, the events since last time, and the households of the run's people.

    ``households`` is as ``find_households`` gives it; ``wards`` has ``uprn, ward``.
    """

    members: Relation
    events: Relation
    households: Relation
    wards: Relation
    linkage: Linkage


def link_lists(run: Work, lists: Sequence[PreparedList], gazetteer: Gazetteer | None = None) -> LinkedPeople:
    """Link rows across and within lists; a person keeps the reference held from earlier runs.

    A row that names only its building gets the flat that the same person's other rows name.
    """
    run.tell("linking people")
    records = run.engine.create("link_records", " UNION ALL ".join(identity_query(item) for item in lists))
    with run.timed("people"):
        return _link(run, lists, records, gazetteer)


def _link(
    run: Work, lists: Sequence[PreparedList], records: Relation, gazetteer: Gazetteer | None
) -> LinkedPeople:
    linkage, told = _linked(run, records)
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
    households = _at_home(run, lists, kept, told, gazetteer)
    return LinkedPeople(kept.members, kept.events, households, _wards(run, lists), linkage)


def _linked(run: Work, records: Relation) -> tuple[Linkage, Relation]:
    """Link the records, and keep of how they were read what tells who is at home where."""
    linkage = link_people(records, run.engine, "linked", extra=tuple(FURTHER), is_held=True)
    assert linkage.laid_out is not None  # noqa: S101 - asked for
    laid_out = linkage.laid_out.table
    told = run.engine.create(
        "link_told",
        f"SELECT source, source_row, surname, postcode, date_of_death, reading FROM {quoted(laid_out)}",
    )
    run.engine.drop(laid_out)
    return replace(linkage, laid_out=None), told


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


def _at_home(
    run: Work,
    lists: Sequence[PreparedList],
    kept: Kept,
    told: Relation,
    gazetteer: Gazetteer | None,
) -> Relation:
    """Name flats by the other rows of each person, then gather people by the unit they were last seen at."""
    nothing = "SELECT CAST(NULL AS VARCHAR) AS uprn, CAST(NULL AS VARCHAR) AS building WHERE false"
    buildings = (
        unit_buildings(gazetteer, run.engine, "unit_buildings")
        if gazetteer
        else run.engine.create("unit_buildings", nothing)
    )
    placed = run.engine.create("link_placed", _placed_query(lists, kept, told))
    if gazetteer:
        _name_flats(run, lists, placed, buildings, gazetteer)
        placed = run.engine.create("link_placed", _placed_query(lists, kept, told))
    at = run.engine.create("members_at", members_query(placed, buildings))
    households = find_households(at, "households")
    for spent in (told, placed, buildings, at):
        spent.drop()
    return households


def _placed_query(lists: Sequence[PreparedList], kept: Kept, told: Relation) -> str:
    """Return SQL for every row's person, place and time, and what its name and other columns say of it."""
    placed = " UNION ALL ".join(
        "SELECT source, source_row, place_uprn AS uprn, place_answer AS answer, "
        f"place_probability AS probability, place_evidence AS evidence, {item.as_of.toordinal()} AS day, "
        f"as_of, {literal(_independent(item))} AS kind "
        f"FROM {quoted(item.records.name)}"
        for item in lists
    )
    return (
        "SELECT placed.*, members.person, 1 / (1 + power(2.0, -members.match_weight)) AS linked, surname, "
        "postcode, date_of_death, reading "
        f"FROM ({placed}) AS placed JOIN {quoted(kept.members.name)} AS members USING (source, source_row) "
        f"JOIN {quoted(told.name)} AS told USING (source, source_row)"
    )


def _independent(item: PreparedList) -> str:
    """Return the name under which a list counts as a witness: its standard's, or that of what it copies."""
    return COPIES_OF.get(item.standard.name, item.standard.name)


def _name_flats(
    run: Work, lists: Sequence[PreparedList], placed: Relation, buildings: Relation, gazetteer: Gazetteer
) -> None:
    """Give rows the flat that their person's other rows name, and say in the evidence who named it."""
    homes = name_homes(placed, buildings, "named_homes")
    found = set(run.engine.fetch(f"SELECT DISTINCT source FROM {quoted(homes.name)}")["source"].to_pylist())
    wards = f"SELECT uprn, min(ward) AS ward FROM {quoted(gazetteer.relation.name)} GROUP BY uprn"
    for item in lists:
        if item.spec.name in found:
            run.engine.create(
                item.records.name,
                "SELECT placed.* REPLACE (coalesce(named.uprn, place_uprn) AS place_uprn, "
                "CASE WHEN named.uprn IS NULL THEN place_answer ELSE 'unit' END AS place_answer, "
                "coalesce(named.probability, place_probability) AS place_probability, "
                "CASE WHEN named.uprn IS NULL THEN place_evidence "
                "ELSE place_evidence || '+joint:' || named.named_by END AS place_evidence, "
                "coalesce(wards.ward, placed.ward) AS ward) "
                f"FROM {quoted(item.records.name)} AS placed LEFT JOIN {quoted(homes.name)} AS named "
                "ON named.source = placed.source AND named.source_row = placed.source_row "
                f"LEFT JOIN ({wards}) AS wards ON wards.uprn = named.uprn",
            )
    homes.drop()


def members_query(placed: Relation, buildings: Relation) -> str:
    """Return SQL for who was seen where and when, without the rows that are about nobody who lives there."""
    return (
        "SELECT person, kind AS source, placed.uprn, building, answer, day, "
        "CASE WHEN TRY_CAST(date_of_death AS DATE) <= CAST(as_of AS DATE) THEN date_of_death END AS died_on, "
        "reading = 'couple' AS names_two "
        f"FROM {quoted(placed.name)} AS placed LEFT JOIN {quoted(buildings.name)} AS buildings "
        "ON buildings.uprn = placed.uprn WHERE reading NOT IN ('nobody', 'estate')"
    )


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
