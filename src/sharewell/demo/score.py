"""Score a run against the truth of the made-up town: who was joined to whom, and where they were put."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pyarrow.parquet as pq

from sharewell.settings import Place
from sharewell.store.duckdb import DuckDB
from sharewell.store.engine import quoted
from sharewell.store.keys import KeyRing
from sharewell.store.snapshots import Snapshots

Figures = Mapping[str, float | int]


def score(place: Place, sources: Sequence[tuple[str, str]], truth: Path) -> dict[str, Figures]:
    """Return the figures of the rows that runs kept: ``links`` and ``uprn``.

    ``sources`` are (organisation, source) pairs. A pair of rows is right when both are truly one person;
    precision is the share of joined pairs that are right, recall the share of true pairs that were joined.
    """
    engine = DuckDB()
    snapshots = Snapshots(place, KeyRing.open(place))
    names = []
    for organisation, source in sources:
        held = snapshots.load(organisation, f"{source}-records", engine, f"held_{source}")
        names.append(held.name)
    engine.load("truth", pq.read_table(truth))
    engine.create("scored", _scored(names))
    figures = {"links": _links(engine), "uprn": _places(engine)}
    engine.close()
    return figures


def _scored(names: Sequence[str]) -> str:
    held = " UNION ALL ".join(
        f"SELECT source, source_row, person, place_uprn, place_answer FROM {quoted(name)}" for name in names
    )
    return (
        "SELECT held.*, truth.person AS true_person, truth.uprn AS true_uprn "
        f"FROM ({held}) AS held JOIN truth ON truth.list = held.source AND truth.source_row = held.source_row"
    )


def _links(engine: DuckDB) -> Figures:
    """Return pairwise precision, recall and F1."""
    pairs = "coalesce(sum(n * (n - 1) / 2), 0)"
    [row] = engine.fetch(
        f"SELECT (SELECT {pairs} FROM (SELECT count(*) AS n FROM scored GROUP BY person)) AS joined, "
        f"(SELECT {pairs} FROM (SELECT count(*) AS n FROM scored GROUP BY true_person)) AS truly, "
        f"(SELECT {pairs} FROM (SELECT count(*) AS n FROM scored GROUP BY person, true_person)) AS both"
    ).to_pylist()
    precision = _share(row["both"], row["joined"])
    recall = _share(row["both"], row["truly"])
    f1 = _share(2 * precision * recall, precision + recall)
    return {"precision": precision, "recall": recall, "f1": f1, "true_pairs": int(row["truly"])}


def _places(engine: DuckDB) -> Figures:
    """Return how many rows got a unit, and how many of those the right one."""
    [row] = engine.fetch(
        "SELECT count(*) AS n, count(*) FILTER (place_answer = 'unit') AS units, "
        "count(*) FILTER (place_answer = 'building') AS buildings, "
        "count(*) FILTER (place_answer = 'unit' AND place_uprn = true_uprn) AS matched FROM scored"
    ).to_pylist()
    return {
        "precision": _share(row["matched"], row["units"]),
        "recall": _share(row["matched"], row["n"]),
        "building_only": _share(row["buildings"], row["n"]),
        "rows": int(row["n"]),
    }


def _share(part: float, whole: float) -> float:
    return round(float(part) / float(whole), 4) if whole else 0.0
