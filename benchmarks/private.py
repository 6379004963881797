"""Linking two lists without showing names: how right, how many comparisons, how much CPU, beside the peers.

The peers are clkhash and anonlink (all pairs, Dice, greedy), run by a Python of their own that
SHAREWELL_PRIVATE_PEERS names (``pip install clkhash==0.18.3 anonlink==0.15.3 bitarray==2.9.3
cryptography==40.0.2``); they are given the threshold that serves them best, by the truth. Ours has one
threshold, in its rules. Plain text is our own linker on the same rows. One row a person of each list.
"""

from __future__ import annotations

import csv
import json
import os
import tempfile
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.measure import (
    Answer,
    Stopwatch,
    in_its_own_process,
    in_turn,
    machine,
    median,
    serve,
    shared,
    table,
)

if TYPE_CHECKING:
    from sharewell.store.duckdb import DuckDB

Peer = Any
"""Something of a library that sharewell's own Python does not have."""

PEERS = "SHAREWELL_PRIVATE_PEERS"
MODULE = "benchmarks.private"
TIMES = 3
FIELDS = ("first_name", "surname", "date_of_birth", "postcode")
COLUMNS = (*FIELDS, "uprn")
PEER_BITS, PEER_BITS_A_FIELD = 1024, 200
PEER_LEAST, PEER_STEPS = 0.70, 13
REGION_PEOPLE, REGION_SEED = 60_000, 2
REGION_LISTS = ("housing-tenancy", "school-census")


def main() -> None:
    """Compare on the made-up borough, then on a region's lists, on which nothing was chosen."""
    print(machine())
    if path := shared("data", "linkage", "people200k.csv.gz"):
        with tempfile.TemporaryDirectory() as folder:
            _borough(path, Path(folder))
    with tempfile.TemporaryDirectory() as folder:
        _region(Path(folder))


def _borough(path: Path, folder: Path) -> None:
    sizes = in_its_own_process(MODULE, "split", path, folder)
    print(f"\nA made-up borough: {sizes['a']:,} x {sizes['b']:,} people, {sizes['both']:,} on both.")
    _show(in_turn(_rivals(folder), TIMES))


def _region(folder: Path) -> None:
    in_its_own_process(MODULE, "region", folder)
    for name in REGION_LISTS:
        sizes = in_its_own_process(MODULE, "split_region", folder, name)
        print(
            f"\nA region of seed {REGION_SEED}: {sizes['a']:,} x {sizes['b']:,}, {sizes['both']:,} on both."
        )
        _show(in_turn(_rivals(folder), 1))


def _rivals(folder: Path) -> dict[str, Any]:
    own = {
        "ours": partial(in_its_own_process, MODULE, "ours", folder, *FIELDS),
        "ours, with UPRNs": partial(in_its_own_process, MODULE, "ours", folder, *COLUMNS),
        "plain text (our linker, with UPRNs)": partial(in_its_own_process, MODULE, "plain", folder),
    }
    python = os.environ.get(PEERS)
    if not python:
        print(f"clkhash and anonlink are skipped: {PEERS} names no Python that has them.")
        return own
    peers = {
        f"clkhash + anonlink, {place}": partial(
            in_its_own_process, MODULE, "peer", folder, *FIELDS[:3], place, python=python
        )
        for place in ("postcode", "uprn")
    }
    return own | peers


def _show(answers: dict[str, list[Answer]]) -> None:
    rows = [
        [
            name,
            *(f"{median(runs, key):.4f}" for key in ("precision", "recall", "f1")),
            round(median(runs, "compared")) or "",
            *(median(runs, key) for key in ("encode_cpu_s", "compare_cpu_s", "cpu_s")),
            runs[0]["peak_mb"],
        ]
        for name, runs in answers.items()
    ]
    headings = "linked by", "precision", "recall", "F1", "pairs compared", "encode CPU s", "compare CPU s"
    table([*headings, "CPU s", "peak MB"], rows)


def split(path: str, folder: str) -> Answer:
    """Write the borough's GP register and housing list, one row a person, with the truth apart."""
    from sharewell.store.duckdb import DuckDB
    from sharewell.store.engine import literal

    engine = DuckDB()
    engine.create(
        "everyone",
        f"""
        SELECT source_dataset AS list, unique_id::BIGINT AS source_row, first_name, surname,
          dob AS date_of_birth, postcode, uprn, person FROM read_csv({literal(path)}, all_varchar=true)
        QUALIFY row_number() OVER (PARTITION BY source_dataset, person ORDER BY unique_id::BIGINT) = 1""",
    )
    return _write(engine, {"a": "gp_register", "b": "housing"}, Path(folder))


def region(folder: str) -> Answer:
    """Make a region and clean its lists, as the region's own benchmark does."""
    from benchmarks.region import make
    from benchmarks.region_lists import prepare

    made = Path(folder) / "region"
    make(str(REGION_PEOPLE), str(REGION_SEED), str(made))
    prepare(str(made), folder)
    return {"people": REGION_PEOPLE}


def split_region(folder: str, name: str) -> Answer:
    """Write a region's GP register and another of its lists, one row a person, with the truth apart."""
    from sharewell.store.duckdb import DuckDB
    from sharewell.store.engine import literal

    engine = DuckDB()
    records, truths = (literal(str(Path(folder) / f"{kind}.parquet")) for kind in ("records", "truths"))
    engine.create(
        "everyone",
        f"""
        SELECT source AS list, source_row, first_name, surname, date_of_birth, postcode, r.uprn, person
        FROM read_parquet({records}) AS r JOIN read_parquet({truths}) USING (id)
        QUALIFY row_number() OVER (PARTITION BY source, person ORDER BY source_row) = 1""",
    )
    return _write(engine, {"a": "gp-register", "b": name}, Path(folder))


def _write(engine: DuckDB, lists: dict[str, str], folder: Path) -> Answer:
    """Write each list and, apart from it, whose its rows are; return the sizes."""
    truth: dict[str, list[str]] = {}
    for name, source in lists.items():
        rows = engine.fetch(
            f"SELECT {', '.join(COLUMNS)}, person FROM everyone WHERE list = '{source}' ORDER BY source_row"
        ).to_pydict()
        truth[name] = rows.pop("person")
        with (folder / f"{name}.csv").open("w", newline="", encoding="utf-8") as file:
            written = csv.writer(file)
            written.writerow(rows)
            written.writerows(zip(*rows.values(), strict=True))
    (folder / "truth.json").write_text(json.dumps(truth))
    return {
        **{name: len(whose) for name, whose in truth.items()},
        "both": len(set(truth["a"]) & set(truth["b"])),
    }


def ours(folder: str, *fields: str) -> Answer:
    """Make a key, encode both lists, compare the files without the key and score the linked handles."""
    from datetime import date

    import pyarrow.parquet as pq

    from sharewell.people.encoded.encode import encode_records
    from sharewell.people.encoded.files import write_encoded
    from sharewell.people.encoded.keys import make_key
    from sharewell.people.encoded.overlap import overlap
    from sharewell.people.encoded.terms import Answer as Asked
    from sharewell.people.gather import gather_by_columns
    from sharewell.store.duckdb import DuckDB

    today, watch, home = date(2026, 12, 1), Stopwatch(), Path(folder)
    key = make_key("benchmark", ("a", "b"), today, REGION_PEOPLE, fields)
    for name in "ab":
        with watch.step("encode"):
            engine = DuckDB()
            gathered = gather_by_columns([home / f"{name}.csv"], engine, {c: c for c in fields}, None)
            encoded = encode_records(gathered, engine, key, name)
            write_encoded(encoded, home / f"{name}.parquet", home / f"{name}.handles")
    with watch.step("compare"):
        found = overlap(home / "a.parquet", home / "b.parquet", Asked.LINKED, today)
    rows = {
        name: dict(
            zip(
                *(pq.read_table(home / f"{name}.handles")[c].to_pylist() for c in ("handle", "source_row")),
                strict=True,
            )
        )
        for name in "ab"
    }
    pairs = [
        (rows["a"][a], rows["b"][b])
        for a, b in zip(*(c.to_pylist() for c in found.linked.columns), strict=True)
    ]
    known = [(a - 1, b - 1) for a, b in pairs if a is not None and b is not None]
    return _figures(watch, found.compared) | _score(home, known) | {"decoys_linked": len(pairs) - len(known)}


def plain(folder: str) -> Answer:
    """Link the same rows in plain text with sharewell's own linker."""
    from sharewell.people.gather import gather_by_columns
    from sharewell.people.link import link_people
    from sharewell.store.duckdb import DuckDB

    watch, home, engine = Stopwatch(), Path(folder), DuckDB()
    with watch.step("compare"):
        files = [home / "a.csv", home / "b.csv"]
        gathered = gather_by_columns(files, engine, {column: column for column in COLUMNS}, None)
        linked = link_people(gathered.records, engine, "linked", extra=gathered.extra, seed=1).linked
    joined = f"{linked.name} AS a JOIN {linked.name} AS b"
    pairs = engine.fetch(
        f"SELECT a.source_row - 1 AS a, b.source_row - 1 AS b FROM {joined} "
        "ON a.person = b.person AND a.source = 'a.csv' AND b.source = 'b.csv'"
    )
    return _figures(watch, 0) | _score(home, list(zip(*(c.to_pylist() for c in pairs.columns), strict=True)))


def peer(folder: str, *fields: str) -> Answer:
    """Encode with clkhash, compare all pairs with anonlink, and choose their best threshold by the truth."""
    import anonlink
    from clkhash.clk import hash_chunk
    from clkhash.key_derivation import generate_key_lists

    home, watch, encoded = Path(folder), Stopwatch(), []
    schema = _peer_schema(fields)
    keys = generate_key_lists(b"secret", len(fields), key_size=64, salt=b"", info=b"", hash_algo="SHA256")
    for name in "ab":
        with (home / f"{name}.csv").open(newline="", encoding="utf-8") as file:
            rows = [tuple(row[field] for field in fields) for row in csv.DictReader(file)]
        with watch.step("encode"):
            encoded.append(hash_chunk(rows, keys, schema, validate_data=False)[0])
    with watch.step("compare"):
        found = anonlink.candidate_generation.find_candidate_pairs(
            encoded, anonlink.similarities.dice_coefficient, PEER_LEAST
        )
        groups = anonlink.solving.greedy_solve(found)
    scores = [_score(home, _pairs_of(groups))]
    for step in range(1, PEER_STEPS):
        scores.append(_score(home, _at_least(found, PEER_LEAST + step * 0.02)))
    return _figures(watch, len(encoded[0]) * len(encoded[1])) | max(scores, key=lambda score: score["f1"])


def _peer_schema(fields: Sequence[str]) -> Peer:
    from clkhash.comparators import ExactComparison, NgramComparison
    from clkhash.field_formats import BitsPerFeatureStrategy, FieldHashingProperties, StringSpec
    from clkhash.schema import Schema

    compared = {
        "date_of_birth": NgramComparison(2, True),
        "postcode": NgramComparison(2, True),
        "uprn": ExactComparison(),
    }
    return Schema(
        [
            StringSpec(
                field,
                FieldHashingProperties(
                    comparator=compared.get(field, NgramComparison(2)),
                    strategy=BitsPerFeatureStrategy(PEER_BITS_A_FIELD),
                ),
            )
            for field in fields
        ],
        PEER_BITS,
    )


def _at_least(found: Peer, least: float) -> list[tuple[int, int]]:
    """Solve again with only the candidates of a higher similarity (they come with the highest first)."""
    import anonlink

    similarity, lists, rows = found
    many = sum(1 for value in similarity if value >= least)
    return _pairs_of(
        anonlink.solving.greedy_solve(
            (similarity[:many], [x[:many] for x in lists], [x[:many] for x in rows])
        )
    )


def _pairs_of(groups: Peer) -> list[tuple[int, int]]:
    return [(a, b) for (_, a), (_, b) in (sorted(group) for group in groups if len(group) == 2)]


def _figures(watch: Stopwatch, compared: int) -> Answer:
    steps = {f"{name}_cpu_s": watch.steps.get(name, {}).get("cpu_s", 0.0) for name in ("encode", "compare")}
    return watch.figures() | steps | {"compared": compared}


def _score(folder: Path, pairs: Sequence[tuple[int, int]]) -> Answer:
    truth = json.loads((folder / "truth.json").read_text())
    both = len(set(truth["a"]) & set(truth["b"]))
    right = sum(truth["a"][a] == truth["b"][b] for a, b in pairs)
    return {
        "precision": right / max(len(pairs), 1),
        "recall": right / max(both, 1),
        "f1": 2 * right / max(len(pairs) + both, 1),
        "links": len(pairs),
    }


if __name__ == "__main__":
    serve(
        {
            "split": split,
            "region": region,
            "split_region": split_region,
            "ours": ours,
            "plain": plain,
            "peer": peer,
        }
    )
