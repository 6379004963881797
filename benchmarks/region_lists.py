"""Read a made-up region's lists as a flow would, so that every contender sees the same cleaned records.

Kept in a folder: ``records.parquet`` (``id, source, source_row, first_name, surname, date_of_birth,
postcode, uprn, nhs_number``), ``further.parquet`` (``id`` and what a flow compares besides),
``truths.parquet`` (``id, person, class, uprn, household``), ``couples.parquet`` (``class, person, other``),
``addresses.parquet`` (``id, address, postcode``), ``placed.parquet`` (``id, uprn, answer, probability,
evidence, as_of``) and ``buildings.parquet`` (``uprn, building``). The UPRN of a record is the one
its list gives, where the gazetteer has it; else the answer of sharewell's own matcher, where that is a unit:
as in a flow.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.measure import Answer, Stopwatch, serve
from benchmarks.region_score import Ints, Truth
from sharewell.cleaning.clean import clean
from sharewell.flows.link import FURTHER, identity_query
from sharewell.flows.prepare import PreparedList
from sharewell.flows.terms import SourceSpec
from sharewell.places.gazetteer import Gazetteer, load_gazetteer
from sharewell.places.households import unit_buildings
from sharewell.places.match import match_addresses
from sharewell.places.split import joined
from sharewell.sources.delivery import sample_of
from sharewell.sources.map import apply_mapping, guess_mapping
from sharewell.sources.read import read_source
from sharewell.sources.standards import load_standard
from sharewell.sources.terms import ColumnMapping, HowMapped, Role, Standard
from sharewell.store.duckdb import DuckDB, Limits
from sharewell.store.engine import Relation, literal, quoted

MEMORY = "6GB"
IDENTITY = ("first_name", "surname", "date_of_birth", "postcode", "uprn", "nhs_number")
KEPT = ("records", "further", "truths", "couples", "addresses", "placed", "buildings")
CERTAIN = {HowMapped.EXACT, HowMapped.SYNONYM, HowMapped.CONFIRMED}


def engine() -> DuckDB:
    """Return an engine as every contender has it: two threads."""
    return DuckDB(limits=Limits(threads=2, memory=MEMORY))


def prepare(region: str, out: str) -> Answer:
    """Read, clean and place every list of a region, and keep what the contenders need in a folder."""
    folder, store, watch = Path(region), engine(), Stopwatch()
    told = json.loads((folder / "region.json").read_text(encoding="utf-8"))
    with watch.step("gazetteer"):
        gazetteer = load_gazetteer(folder / "gazetteer.csv", store)
    lists, unsure = [], []
    with watch.step("lists"):
        for name, about in told["lists"].items():
            day = date.fromisoformat(about["as_of"])
            item, left_out = _prepare_list(store, name, folder / about["file"], day, gazetteer)
            lists.append(item)
            unsure += [f"{name}: {column}" for column in left_out]
    _make_tables(store, lists, folder)
    unit_buildings(gazetteer, store, "buildings")
    for name in KEPT:
        path = literal(str(Path(out) / f"{name}.parquet"))
        store.connection.execute(f"COPY {name} TO {path} (FORMAT parquet)").fetchall()
    read = {item.spec.name: [item.facts.records, item.records.count()] for item in lists}
    sizes = {"people": told["residents"], "addresses": told["addresses"], "as_of": told["as_of"]}
    return watch.figures() | sizes | {"lists": read, "unsure": unsure}


def _prepare_list(
    store: DuckDB, name: str, path: Path, as_of: date, gazetteer: Gazetteer
) -> tuple[PreparedList, list[str]]:
    """Return a list read, cleaned and placed, and the columns that nothing certain is known of."""
    standard = load_standard(name)
    read = read_source(path, store, f"{name}_raw")
    mapping = guess_mapping(read.facts.columns, standard, sample_of(read.kept))
    sure, unsure = _certain(mapping)
    mapped = apply_mapping(read.kept, sure, standard, f"{name}_mapped")
    cleaned = clean(mapped, standard, f"{name}_clean", as_of=as_of)
    spec = SourceSpec(name, "", path.name, standard.name, name.replace("-", "_"), as_of)
    placed = _place(store, name, standard, cleaned.kept, gazetteer, as_of)
    for spent in (read.kept, mapped, cleaned.kept):
        spent.drop()
    item = PreparedList(
        spec, standard, "", read.facts, as_of, placed, cleaned.set_aside, cleaned.changes, notes=()
    )
    return item, unsure


def _certain(mapping: ColumnMapping) -> tuple[ColumnMapping, list[str]]:
    """Return a mapping with its doubtful columns left out, as somebody careful would confirm it."""
    doubtful = [guess.column for guess in mapping.guesses if guess.how not in CERTAIN]
    guesses = tuple(
        replace(each, field=None) if each.column in doubtful else each for each in mapping.guesses
    )
    return ColumnMapping(mapping.standard, guesses), doubtful


def _place(
    store: DuckDB, name: str, standard: Standard, kept: Relation, gazetteer: Gazetteer, as_of: date
) -> Relation:
    """Add the UPRN that a flow would give each row, and the address as one text."""
    lines = [item.name for item in standard.with_role(Role.ADDRESS_LINE)]
    postcode, uprn = (
        next((each.name for each in standard.with_role(role)), None) for role in (Role.POSTCODE, Role.UPRN)
    )
    matched = match_addresses(
        kept, gazetteer, f"{name}_matched", address=lines, postcode=postcode, uprn=uprn
    )  # fmt: skip
    placed = store.create(
        f"{name}_placed",
        f"SELECT {literal(name)} AS source, kept.*, matched.uprn AS place_uprn, "
        "matched.answer AS place_answer, matched.probability AS place_probability, "
        f"matched.evidence AS place_evidence, {literal(as_of.isoformat())} AS as_of, "
        f"{joined(lines)} AS place_text, "
        f"{quoted(postcode) if postcode else 'NULL::VARCHAR'} AS place_postcode "
        f"FROM {quoted(kept.name)} AS kept JOIN {quoted(matched.name)} AS matched USING (source_row)",
    )
    matched.drop()
    return placed


def _make_tables(store: DuckDB, lists: Sequence[PreparedList], region: Path) -> None:
    known = ", ".join(f"nullif(trim({name}), '') AS {name}" for name in IDENTITY)
    rows = " UNION ALL ".join(f"({identity_query(item)})" for item in lists)
    store.create(
        "records",
        "SELECT row_number() OVER (ORDER BY source, source_row) - 1 AS id, source, source_row, "
        f"{known} FROM ({rows}) ORDER BY id",
    )
    numbered = "JOIN records USING (source, source_row)"
    further = ", ".join(f"nullif(trim({name}), '') AS {name}" for name in FURTHER)
    store.create("further", f"SELECT id, {further} FROM ({rows}) AS told {numbered} ORDER BY id")
    texts = " UNION ALL ".join(
        "SELECT source, source_row, place_text AS address, place_postcode AS postcode, "
        "place_uprn AS uprn, place_answer AS answer, place_probability AS probability, "
        f"place_evidence AS evidence, as_of FROM {quoted(item.records.name)}"
        for item in lists
    )
    told = "texts.uprn, answer, probability, evidence, as_of"
    store.create("placed", f"SELECT id, {told} FROM ({texts}) AS texts {numbered} ORDER BY id")
    store.create(
        "addresses",
        f"SELECT id, address, texts.postcode FROM ({texts}) AS texts {numbered} WHERE address <> '' "
        "ORDER BY id",
    )
    truth, pairs = (literal(str(region / f"{name}.parquet")) for name in ("truth", "pairs"))
    store.create(
        "truths",
        "SELECT id, person, class, t.uprn, household "
        f"FROM (SELECT list AS source, * FROM {truth}) AS t {numbered} ORDER BY id",
    )
    store.create(
        "couples",
        "SELECT DISTINCT class, least(person, other) AS person, greatest(person, other) AS other "
        f"FROM {pairs} WHERE person <> other ORDER BY ALL",
    )


def load_truth(kept: Path) -> tuple[Truth, pa.Table]:
    """Return what is true of every record, in order of id, and the table it came from.

    Raises AssertionError when a record has no truth.
    """
    table = pq.read_table(kept / "truths.parquet")
    assert table["id"].to_pylist() == list(range(len(table)))
    encoded = table["person"].combine_chunks().dictionary_encode()
    names, person = encoded.dictionary.to_pylist(), encoded.indices.to_numpy().astype(np.int64)
    number = {name: place for place, name in enumerate(names)}
    person[person == number.get("", -1)] = -1
    couples = [
        (name, number[one], number[other])
        for name, one, other in zip(
            *pq.read_table(kept / "couples.parquet").to_pydict().values(), strict=True
        )
        if one in number and other in number
    ]
    return Truth(person, table["class"].to_numpy(zero_copy_only=False), couples), table


def load_households(kept: Path) -> tuple[Truth, Ints]:
    """Return what is true of every record, and its person's household as a number, -1 for none."""
    truth, table = load_truth(kept)
    encoded = table["household"].combine_chunks().dictionary_encode()
    none = encoded.dictionary.to_pylist().index("") if "" in encoded.dictionary.to_pylist() else -1
    household = encoded.indices.to_numpy().astype(np.int64)
    return truth, np.where((household == none) | truth.nobody, -1, household)


if __name__ == "__main__":
    serve({"prepare": prepare})
