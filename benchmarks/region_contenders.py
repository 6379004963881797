"""Every way of linking and of placing that the made-up region is put to, each run in a process of its own.

All see the records of ``benchmarks.region_lists`` and nothing else; the clock stops before the truth is read.
An answer's ``lines`` hold, by what is scored, the counts by class and the couples that were mixed up.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import region_homes as homes
from benchmarks.measure import Answer, Stopwatch, serve
from benchmarks.region_lists import engine, load_households, load_truth
from benchmarks.region_rules import (
    MATCH,
    POSSIBLE,
    find_resident_pairs,
    nearest_address,
    plain_text,
    searchable,
    sui_pairs,
    sui_searches,
)
from benchmarks.region_score import (
    Counts,
    Ints,
    Mixed,
    Truth,
    components,
    mixed_in_clusters,
    mixed_in_pairs,
    pair_count,
    score_clusters,
    score_pairs,
    score_places,
)
from sharewell.store.duckdb import DuckDB
from sharewell.store.engine import literal

REGISTER = "gp-register"
"""The list that stands for the Personal Demographics Service, in which DfE's matcher searches."""
NOBODY_LOOKS = np.empty(0, dtype=np.int64)
"""Rivals show nothing to a person: what they join is joined."""
LOWER = (0.0, 2.0, 3.0, 5.0, 6.0)
"""Match weights to try besides those of ``benchmarks.people``, whose lowest would else be the best here."""
POSTCODE_AT_END = "' ([A-Z]{1,2}[0-9][0-9A-Z]?) ?([0-9][A-Z]{2})$'"


def ours(region: str, kept: str) -> Answer:
    """Link the records with sharewell, as a flow does, with all that a flow compares, and name flats."""
    from sharewell.people.link import link_people

    store, watch = _opened(kept), Stopwatch()
    further = [name for name in store.columns("further") if name != "id"]
    records = store.create("people", "SELECT * EXCLUDE (id) FROM records JOIN further USING (id)")
    with watch.step("link"):
        linkage = link_people(records, store, "linked", extra=further)
    units = {"before": homes.score_units(store, kept)}
    with watch.step("flats"):
        named = homes.name_flats(store, linkage)
    homes.placed_with(store, named)
    units["after"] = homes.score_units(store, kept)
    cluster = _column(store, "SELECT person FROM records JOIN linked USING (source, source_row) ORDER BY id")
    seen = homes.seen_inside(store, cluster, linkage.doubts)
    line = _clustered(cluster, kept, store, seen)
    return watch.figures() | {"lines": {"as shipped": line}, "units": units, "seen": linkage.doubts.num_rows}


def find_resident(region: str, kept: str) -> Answer:
    """Link the records by Hackney's FindResident."""
    store, watch = _opened(kept), Stopwatch()
    with watch.step("rule"):
        left, right = _pairs(store, find_resident_pairs("records"))
    return watch.figures() | {"lines": _paired("", left, right, kept, store)}


def sui(region: str, kept: str) -> Answer:
    """Link the records by the cascade of DfE's matcher, every record against every other."""
    store, watch = _opened(kept), Stopwatch()
    with watch.step("rule"):
        store.create("searchable", searchable("records"))
        store.create("found", sui_pairs("searchable"))
    truth, lines = _truth(kept), dict[str, Answer]()
    for least in (MATCH, POSSIBLE):
        left, right = _pairs(store, f"SELECT l, r FROM found WHERE score >= {least}")
        lines |= _paired(f"{least} or more, ", left, right, kept, store)
    within_reach = truth.person[store.fetch("SELECT id FROM searchable")["id"].to_numpy()]
    return watch.figures() | {"lines": lines, "reach": pair_count(within_reach[within_reach >= 0])}


def sui_register(region: str, kept: str) -> Answer:
    """Link the records by searching for each in the GP register with DfE's matcher."""
    store, watch = _opened(kept), Stopwatch()
    with watch.step("rule"):
        store.create("searchable", searchable("records"))
        store.create("register", f"SELECT * FROM searchable WHERE source = {literal(REGISTER)}")
        store.create("asked", f"SELECT * FROM searchable WHERE source <> {literal(REGISTER)}")
        store.create("found", sui_searches("asked", "register"))
    truth, lines = _truth(kept), dict[str, Answer]()
    for least in (MATCH, POSSIBLE):
        asked, found = _pairs(store, f"SELECT id, found FROM found WHERE score >= {least}")
        cluster = np.arange(len(truth.person))
        cluster[asked] = found
        lines[f"{least} or more"] = _clustered(cluster, kept, store)
    return watch.figures() | {"lines": lines}


def splink_tutorial(region: str, kept: str) -> Answer:
    """Link the records with plain Splink by its tutorial; other thresholds are tried off the clock."""
    from benchmarks import region_splink as tutorial

    store, watch = _opened(kept), Stopwatch()
    with watch.step("link"):
        linker, predicted = tutorial.link(store.connection)
        tutorial.clusters(linker, predicted, tutorial.DOCUMENTED)
    answer, tried = watch.figures(), dict[float, Ints]()
    for weight in tutorial.WEIGHTS:
        table = tutorial.clusters(linker, predicted, weight)
        tried[weight] = _column(store, f'SELECT cluster_id FROM "{table}" ORDER BY unique_id')
    lines = _at_best(tried, tutorial.DOCUMENTED, "probability 0.95", kept, store)
    return answer | {
        "lines": lines,
        "blocks": [list(each) for each in tutorial.surname_rules(store.connection)],
    }


def splink_home(region: str, kept: str) -> Answer:
    """Link the records with plain Splink by the recipe of ``benchmarks.people``, homes compared."""
    from benchmarks import splink_alone

    store, watch = _opened(kept), Stopwatch()
    store.create(
        "everyone", "SELECT * REPLACE (replace(source, '-', '_') AS source), id AS truth FROM records"
    )
    rival = splink_alone.borough(store.connection)
    with watch.step("link"):
        linker, predicted = rival.link()
    answer = watch.figures()
    tried = {
        weight: _column(store, f"SELECT person FROM ({rival.told(linker, predicted, weight)}) ORDER BY truth")
        for weight in (rival.documented, *rival.others, *LOWER)
    }
    return answer | {"lines": _at_best(tried, rival.documented, f"weight {rival.documented}", kept, store)}


def our_places(region: str, kept: str) -> Answer:
    """Find the UPRN of every address with sharewell's matcher; UPRNs that lists give are not looked at."""
    from sharewell.places.gazetteer import load_gazetteer
    from sharewell.places.match import match_addresses

    store, watch = _opened(kept), Stopwatch()
    with watch.step("gazetteer"):
        gazetteer = load_gazetteer(Path(region) / "gazetteer.csv", store)
    records = store.create("asked", "SELECT id AS source_row, address, postcode FROM addresses")
    with watch.step("match"):
        match_addresses(records, gazetteer, "matched", address=["address"], postcode="postcode")
    told = (
        "SELECT source_row AS id, CASE WHEN answer = 'unit' THEN uprn END AS uprn, "
        "answer = 'building' AS is_building FROM matched"
    )
    return watch.figures() | {"places": _placed(store, told, kept)}


def hackney_places(region: str, kept: str) -> Answer:
    """Find the UPRN of every address by Hackney's edit distance."""
    store, watch = _opened(kept), Stopwatch()
    with watch.step("gazetteer"):
        _gazetteer_forms(store, Path(region) / "gazetteer.csv")
    with watch.step("match"):
        store.create("asked", _asked())
        store.create("found", nearest_address("asked", "forms"))
        store.create("answers", "SELECT id, uprn FROM asked LEFT JOIN found USING (text, postcode)")
    told = "SELECT id, uprn, false AS is_building FROM answers"
    return watch.figures() | {"places": _placed(store, told, kept)}


def _asked() -> str:
    """Return SQL for the addresses in plain text; a postcode at the end comes off, and is used for want."""
    code = "upper(regexp_replace(coalesce(postcode, ''), '[^A-Za-z0-9]', '', 'g'))"
    tail = f"regexp_replace(regexp_extract(full_text, {POSTCODE_AT_END}), ' ', '', 'g')"
    return (
        f"SELECT id, regexp_replace(full_text, {POSTCODE_AT_END}, '') AS text, "
        f"CASE WHEN {code} <> '' THEN {code} ELSE {tail} END AS postcode "
        f"FROM (SELECT *, {plain_text('address')} AS full_text FROM addresses)"
    )


def _gazetteer_forms(store: DuckDB, path: Path) -> None:
    """Make a table of the gazetteer's addresses, each with and without its locality and its town."""
    store.create("listed", f"SELECT * FROM read_csv({literal(str(path))}, all_varchar=true)")
    lines = "line1, line2, line3, line4"
    texts = [f"concat_ws(' ', {lines}{end})" for end in ("", ", locality", ", town", ", locality, town")]
    forms = " UNION ".join(
        f"SELECT uprn, {plain_text(text)} AS text, replace(postcode, ' ', '') AS postcode FROM listed"
        for text in texts
    )
    store.create("forms", forms)


def _opened(kept: str) -> DuckDB:
    store = engine()
    for name in ("records", "addresses"):
        store.create(name, f"SELECT * FROM {literal(str(Path(kept) / f'{name}.parquet'))} ORDER BY id")
    homes.open_homes(store, kept)
    return store


def _truth(kept: str) -> Truth:
    return load_truth(Path(kept))[0]


def _pairs(store: DuckDB, query: str) -> tuple[Ints, Ints]:
    found = store.fetch(query)
    left, right = (found.column(place).to_numpy() for place in (0, 1))
    return left.astype(np.int64), right.astype(np.int64)


def _column(store: DuckDB, query: str) -> Ints:
    """Return a clustering's labels as whole numbers from 0, in the order of the query."""
    labels = store.fetch(query).column(0).combine_chunks()
    return labels.dictionary_encode().indices.to_numpy().astype(np.int64)


def _at_best(
    tried: dict[float, Ints], documented: float, name: str, kept: str, store: DuckDB
) -> dict[str, Any]:
    """Return two lines: the documented threshold's, and the best one's, which only the truth can tell."""
    truth = _truth(kept)
    best = max(tried, key=lambda weight: score_clusters(tried[weight], truth)["overall"].f1 or 0.0)
    at_best = f"best F1 of {len(tried)} thresholds (weight {best:.1f})"
    lines = {name: tried[documented], at_best: tried[best]}
    return {line: _clustered(cluster, kept, store) for line, cluster in lines.items()}


def _clustered(cluster: Ints, kept: str, store: DuckDB, seen: Ints = NOBODY_LOOKS) -> Answer:
    truth, household = load_households(Path(kept))
    nobody = pair_count(cluster[truth.nobody])
    line = _line(score_clusters(cluster, truth), mixed_in_clusters(cluster, truth), nobody)
    together = homes.household_counts(store, cluster, truth, household)
    found = {name: each.as_dict() for name, each in together.items()}
    return line | {"households": found, "merges": homes.merges(cluster, truth, seen)}


def _paired(name: str, left: Ints, right: Ints, kept: str, store: DuckDB) -> dict[str, Answer]:
    """Return the line of pairs as they stand, and that of all whom they connect."""
    truth = _truth(kept)
    cluster = components(len(truth.person), left, right)
    nobody = int((truth.nobody[left] & truth.nobody[right]).sum())
    as_pairs = _line(score_pairs(left, right, truth), mixed_in_pairs(left, right, truth), nobody)
    return {f"{name}pairs": as_pairs, f"{name}connected": _clustered(cluster, kept, store)}


def _line(counts: dict[str, Counts], mixed: dict[str, Mixed], nobody: int) -> Answer:
    return {
        "nobody": nobody,
        "counts": {name: each.as_dict() for name, each in counts.items()},
        "mixed": {name: vars(each) for name, each in mixed.items()},
    }


def _placed(store: DuckDB, told: str, kept: str) -> Answer:
    """Score answers (``id, uprn, is_building``) of the rows that truly have an address."""
    truths = literal(str(Path(kept) / "truths.parquet"))
    rows = store.fetch(
        f"SELECT coalesce(told.uprn, '') AS uprn, is_building, t.uprn AS truth, class FROM ({told}) AS told "
        f"JOIN {truths} AS t USING (id) WHERE t.uprn <> '' ORDER BY id"
    )
    answer, building, true_uprn, hard = (
        rows[name].to_numpy() for name in ("uprn", "is_building", "truth", "class")
    )
    scored = score_places(answer, building.astype(bool), true_uprn, hard)
    return {name: vars(each) for name, each in scored.items()}


LINKING: dict[str, Callable[[str, str], Answer]] = {
    "ours": ours,
    "find_resident": find_resident,
    "sui": sui,
    "sui_register": sui_register,
    "splink_tutorial": splink_tutorial,
    "splink_home": splink_home,
}
PLACING: dict[str, Callable[[str, str], Answer]] = {
    "our_places": our_places,
    "hackney_places": hackney_places,
}

if __name__ == "__main__":
    serve({**LINKING, **PLACING})
