"""A flow names the flat of a row by the same person's other rows, and its trace says which list knew."""

from __future__ import annotations

import re
from collections.abc import Callable

import pyarrow as pa

from sharewell.flows.link import members_query
from sharewell.flows.terms import RunReport
from sharewell.flows.trace import trace_row
from sharewell.places.households import find_households
from sharewell.settings import Place
from sharewell.store.control import open_control_plane
from sharewell.store.duckdb import DuckDB
from sharewell.store.keys import KeyRing
from sharewell.store.snapshots import Snapshots

Go = Callable[..., RunReport]
FLOW = "over-75-alone"


def test_a_flat_that_only_another_list_names_is_told_and_traced(run: Go, town: Place):
    register = town.folder / "inbox" / "QMB" / "gp register.csv"
    text = register.read_text(encoding="utf-8-sig")
    register.write_text(re.sub(r"Flat [0-9]+ (Kings Point)", r"\1", text), encoding="utf-8")
    report = run(FLOW)
    open_control_plane(town)
    snapshots = Snapshots(town, KeyRing.open(town))
    named = []
    for source in report.sources:
        rows = snapshots.read(source.organisation, f"{source.name}-records").to_pylist()
        assert {row["place_answer"] for row in rows if "+joint:" in row["place_evidence"]} <= {"unit"}
        named += [(source, row) for row in rows if "+joint:" in row["place_evidence"]]
    [(source, row), *_] = named
    [trace] = trace_row(town, source.file, row["source_row"], show=True, by="test")
    told = trace.place or {}
    assert told["answer"] == "unit"
    assert told["evidence"].rpartition("+joint:")[2] in {each.name for each in report.sources}
    assert 0.5 < told["probability"] < 1
    assert told["uprn"] == row["place_uprn"]


def test_nobody_and_the_dead_make_no_household_and_a_couple_is_never_one_alone():
    kinds = {"day": pa.int64(), "names_two": pa.bool_()}
    columns = ("person", "kind", "uprn", "answer", "day", "as_of", "date_of_death", "reading")
    seen = {"uprn": "9", "answer": "unit", "day": 20_000, "as_of": "2026-11-20"}
    rows = [
        {"person": "a", "kind": "gp", "reading": "person", **seen},
        {"person": "a", "kind": "tax", "reading": "person", **seen},
        {"person": "o", "kind": "tax", "reading": "nobody", **seen},
        {"person": "e", "kind": "tax", "reading": "estate", **seen},
        {"person": "d", "kind": "gp", "reading": "person", "date_of_death": "2026-10-01", **seen},
        {"person": "c", "kind": "tax", "reading": "couple", **seen, "uprn": "10"},
        {"person": "c", "kind": "gp", "reading": "person", **seen, "uprn": "10"},
        {
            "person": "f",
            "kind": "gp",
            "reading": "person",
            "date_of_death": "2027-01-01",
            **seen,
            "uprn": "11",
        },
    ]
    schema = pa.schema([(name, kinds.get(name, pa.string())) for name in columns])
    engine = DuckDB()
    placed = engine.load("placed", pa.Table.from_pylist(rows, schema))
    buildings = engine.load("buildings", pa.table({"uprn": ["10"], "building": ["5"]}))
    at = engine.create("at", members_query(placed, buildings))
    found = {row["person"]: row for row in find_households(at, "homes").arrow().to_pylist()}
    engine.close()
    assert {person: row["people_known"] for person, row in found.items()} == {"a": 1, "c": 1, "f": 1}
    assert (found["a"]["seen_alone"], found["c"]["seen_alone"]) == (None, False)
