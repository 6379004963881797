"""Carry one list from its file to clean rows with their UPRN: sources, cleaning, places."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from sharewell.cleaning.clean import clean
from sharewell.flows.settle import settle_columns, told_of_layout
from sharewell.flows.terms import SourceSpec
from sharewell.places.gazetteer import Gazetteer, load_gazetteer
from sharewell.places.match import match_addresses
from sharewell.sources.delivery import Settled
from sharewell.sources.map import apply_mapping
from sharewell.sources.read import read_source
from sharewell.sources.rulers import spans_of
from sharewell.sources.terms import FileFacts, Role, Standard
from sharewell.store.engine import Relation, literal, quoted
from sharewell.vocab.step import conserve

if TYPE_CHECKING:
    from sharewell.flows.actions import Work


@dataclass(frozen=True)
class PreparedList:
    """One list, read, cleaned and matched, with everything needed to explain each row of it.

    ``records`` holds the kept rows, ``set_aside`` the others, ``changes`` every changed cell. ``settled`` is
    how it was laid out, to be remembered of its supplier once the run has counted.
    """

    spec: SourceSpec
    standard: Standard
    organisation: str
    facts: FileFacts
    as_of: date
    records: Relation
    set_aside: Relation
    changes: Relation
    notes: tuple[str, ...]
    settled: Settled | None = None


def prepare_list(run: Work, spec: SourceSpec, gazetteer: Gazetteer | None) -> PreparedList:
    """Read, map, clean and place one list; rows in is kept plus set aside, or nothing goes on.

    Raises the refusals of each step, naming the file, the row and the column.
    """
    path, standard, name = run.source_path(spec), run.standards[spec.dataset], spec.name
    as_of = spec.as_of or run.today
    run.tell(f"{name}: reading")
    with run.timed("sources"):
        read = read_source(path, run.engine, f"{name}_raw", sheet=spec.sheet, spans=spans_of(standard))
        conserve(read, read.facts.records, "sources", path.name)
        settled = settle_columns(run, spec, read, standard, path)
        mapped = apply_mapping(read.kept, settled.mapping, standard, f"{read.kept.name}_mapped")
        read.kept.drop()
    rows = mapped.count()
    run.tell(f"{name}: cleaning {rows:,} rows")
    with run.timed("cleaning"):
        cleaned = clean(mapped, standard, f"{name}_clean", as_of=as_of)
        conserve(cleaned, rows, "cleaning", path.name)
        mapped.drop()
    run.tell(f"{name}: matching {cleaned.kept.count():,} addresses")
    with run.timed("places"):
        records = _place(run, spec, standard, cleaned.kept, gazetteer, as_of)
    return PreparedList(
        spec=spec,
        standard=standard,
        organisation=run.organisation(spec.party),
        facts=read.facts,
        as_of=as_of,
        records=records,
        set_aside=_both(run, name, read.set_aside, cleaned.set_aside),
        changes=cleaned.changes,
        notes=(*told_of_layout(settled), *(note.text for note in (*read.notes, *cleaned.notes))),
        settled=settled,
    )


def read_gazetteer(run: Work) -> Gazetteer | None:
    """Read the flow's gazetteer, if it names one."""
    if run.flow.gazetteer is None:
        return None
    run.tell("reading the gazetteer")
    with run.timed("places"):
        return load_gazetteer(run.inside(run.flow.gazetteer, "the gazetteer"), run.engine)


def _both(run: Work, name: str, first: Relation, second: Relation) -> Relation:
    """Return the rows that either step set aside as one table."""
    wanted = "source_row, line, reasons, columns, raw"
    both = run.engine.create(
        f"{name}_set_aside",
        f"SELECT {wanted} FROM {quoted(first.name)} "
        f"UNION ALL SELECT {wanted} FROM {quoted(second.name)} ORDER BY source_row",
    )
    first.drop()
    second.drop()
    return both


def _place(
    run: Work, spec: SourceSpec, standard: Standard, kept: Relation, gazetteer: Gazetteer | None, as_of: date
) -> Relation:
    """Add the UPRN, the ward and what is known of objection and protection to every kept row."""
    matched = _match(run, spec, standard, kept, gazetteer)
    table = f"{spec.name}_placed"
    placed = run.engine.create(
        table,
        f"SELECT {literal(spec.name)} AS source, kept.*, {literal(as_of.isoformat())} AS as_of, "
        f"{_flag(standard, Role.OBJECTION)} AS objected, {_flag(standard, Role.PROTECTED)} AS protected, "
        "matched.uprn AS place_uprn, matched.answer AS place_answer, "
        "matched.probability AS place_probability, matched.evidence AS place_evidence, "
        f"{'wards.ward' if gazetteer else 'CAST(NULL AS VARCHAR)'} AS ward "
        f"FROM {quoted(kept.name)} AS kept JOIN {quoted(matched.name)} AS matched USING (source_row) "
        f"{_wards(gazetteer)}",
    )
    kept.drop()
    matched.drop()
    return placed


def _wards(gazetteer: Gazetteer | None) -> str:
    if gazetteer is None:
        return ""
    return (
        f"LEFT JOIN (SELECT uprn, min(ward) AS ward FROM {quoted(gazetteer.relation.name)} GROUP BY uprn) "
        "AS wards ON wards.uprn = matched.uprn"
    )


def _match(
    run: Work, spec: SourceSpec, standard: Standard, kept: Relation, gazetteer: Gazetteer | None
) -> Relation:
    lines = [item.name for item in standard.with_role(Role.ADDRESS_LINE)]
    if gazetteer is None or not lines:
        return run.engine.create(
            f"{spec.name}_matched",
            "SELECT source_row, CAST(NULL AS VARCHAR) AS uprn, 'none' AS answer, "
            f"CAST(0 AS DOUBLE) AS probability, 'no address' AS evidence FROM {quoted(kept.name)}",
        )
    return match_addresses(
        kept,
        gazetteer,
        f"{spec.name}_matched",
        address=lines,
        postcode=_first(standard, Role.POSTCODE),
        uprn=_first(standard, Role.UPRN),
    )


def _first(standard: Standard, role: Role) -> str | None:
    found = standard.with_role(role)
    return found[0].name if found else None


def _flag(standard: Standard, role: Role) -> str:
    """Return SQL for whether a row objects or is protected; NULL where the list does not say."""
    name = _first(standard, role)
    if name is None:
        return "CAST(NULL AS BOOLEAN)"
    return f"TRY_CAST(kept.{quoted(name)} AS BOOLEAN)"
