"""One address at a time against four million: what a look-up and a suggestion take, warm, and what memory.

``python -m benchmarks lookup``. The gazetteer is the made-up borough's 100,000 UPRNs, forty times over: first
as it is, then with other real street names, another postcode area and other UPRNs. The addresses are messy
ones of the borough, so each has its true UPRN among four million. Wall and CPU time are both printed: on a
machine that is shared only CPU compares. The peer takes one address against 100,000 UPRNs in
``benchmarks.places``, where it takes 5.0 s.
"""

from __future__ import annotations

import os
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.measure import Answer, Stopwatch, in_its_own_process, machine, peak_mb, serve, shared, table

if TYPE_CHECKING:
    import pyarrow as pa

MODULE = "benchmarks.lookup"
FOLDER = "SHAREWELL_LOOKUP_FOLDER"
"""A folder to keep the prepared gazetteer in; without it, it is made and thrown away."""
COPIES, LOOK_UPS, TYPISTS = 40, 2_000, 200
LENGTHS = (3, 6, 9, 12, 16, 24)
"""How many letters of an address have been typed when a suggestion is asked for."""
BOROUGH = ("data", "linkage", "gaz100k.csv.gz")
STREETS = ("data", "uk", "addresses", "street_name_frequency.csv.gz")


def main() -> None:
    """Make the gazetteer, prepare it, look up and print the figures."""
    print(machine())
    gazetteer, streets = shared(*BOROUGH), shared(*STREETS)
    if not gazetteer or not streets:
        return
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(os.environ.get(FOLDER) or scratch)
        made = {}
        if not (folder / "ready").exists():
            in_its_own_process(MODULE, "make", gazetteer, streets, folder)
            made = in_its_own_process(MODULE, "prepare", folder)
        found = in_its_own_process(MODULE, "ask", folder, gazetteer.with_name("messy_base.csv.gz"))
    _print(made, found)


def make(gazetteer: str, streets: str, folder: str) -> Answer:
    """Write forty boroughs as one Parquet file."""
    import pyarrow as pa
    import pyarrow.csv as arrow_csv
    import pyarrow.parquet as pq

    text = dict.fromkeys(
        ("uprn", "subname", "name", "number", "streetname", "postcode", "parentuprn"), pa.string()
    )
    borough = arrow_csv.read_csv(gazetteer, convert_options=arrow_csv.ConvertOptions(column_types=text))
    names = [name.upper() for name in arrow_csv.read_csv(streets).column("street").to_pylist()]
    with pq.ParquetWriter(Path(folder) / "gazetteer.parquet", borough.schema) as file:
        for copy in range(COPIES):
            file.write_table(_copied(borough, copy, names) if copy else borough)
    return {"rows": COPIES * borough.num_rows}


def _copied(borough: pa.Table, copy: int, names: list[str]) -> pa.Table:
    """Return the borough elsewhere: other streets, another postcode area, other UPRNs."""
    import pyarrow as pa
    import pyarrow.compute as pc

    def moved(column: str) -> pa.ChunkedArray:
        numbers = pc.cast(
            pc.if_else(pc.equal(borough.column(column), ""), None, borough.column(column)), pa.int64()
        )
        return pc.cast(pc.add(numbers, copy * 10_000_000), pa.string())

    coded = borough.column("streetname").combine_chunks().dictionary_encode()
    renamed = pa.array(
        [names[(place * 7 + copy * 911) % len(names)] for place in range(len(coded.dictionary))]
    )
    area = f"{chr(65 + copy // 20)}{chr(65 + copy % 20)}"
    changed = {
        "uprn": moved("uprn"), "parentuprn": moved("parentuprn"), "streetname": renamed.take(coded.indices),
        "postcode": pc.replace_substring_regex(borough.column("postcode"), "^[A-Z]+", area),
    }  # fmt: skip
    for column, values in changed.items():
        borough = borough.set_column(borough.column_names.index(column), column, values)
    return borough


def prepare(folder: str) -> Answer:
    """Prepare it once, as ``sharewell gazetteer prepare`` does."""
    from sharewell.places.prepared import prepare_folder

    watch, ready = Stopwatch(), Path(folder) / "ready"
    with watch.step("prepare"):
        holds = prepare_folder(Path(folder) / "gazetteer.parquet", ready)
    size = sum(path.stat().st_size for path in ready.iterdir())
    return watch.figures() | vars(holds) | {"disk_mb": size // 2**20}


def ask(folder: str, messy: str) -> Answer:
    """Open it, look addresses up one by one, and type some."""
    from sharewell.places.lookup import open_places

    watch = Stopwatch()
    with watch.step("open"):
        places = open_places(Path(folder) / "ready")
    asked = list(_messy(Path(messy)))
    for address, postcode, _ in asked[-50:]:
        places.lookup(address, postcode)
        places.suggest(address[:9])
    known = [lambda a=a, p=p: places.lookup(a, p) for a, p, _ in asked[:LOOK_UPS]]
    bare = [lambda a=a: places.lookup(a) for a, _, _ in asked[: LOOK_UPS // 4]]
    typed = [lambda t=t: places.suggest(t) for t in _typed(asked[:TYPISTS])]
    looked_up, found = _timed(known)
    right = sum(place.uprn == row[2] for place, row in zip(found, asked, strict=False))
    return {
        "open": watch.figures(),
        "look_up": looked_up,
        "without_postcode": _timed(bare)[0],
        "suggest": _timed(typed)[0],
        "right": right / len(found),
        "peak_mb": peak_mb(),
    }


def _messy(path: Path) -> Iterator[tuple[str, str, str]]:
    import csv
    import gzip

    with gzip.open(path, "rt", encoding="utf-8") as file:
        for place, row in enumerate(csv.DictReader(file)):
            if place % 11 == 1:
                yield row["address_concat"], row["postcode"], row["source_uprn"]


def _typed(asked: list[tuple[str, str, str]]) -> Iterator[str]:
    for address, postcode, _ in asked:
        yield from (address[:length] for length in LENGTHS if length <= len(address))
        yield from (postcode[:length] for length in (2, 4, 6, 8) if length <= len(postcode))


def _timed(jobs: list[Callable[[], Any]]) -> tuple[Answer, list[Any]]:
    walls, cpus, found = [], [], []
    for job in jobs:
        begun, cpu = time.perf_counter(), time.process_time()
        found.append(job())
        walls.append(1000 * (time.perf_counter() - begun))
        cpus.append(1000 * (time.process_time() - cpu))
    walls.sort()
    cpus.sort()
    at = int(0.95 * len(walls))
    told = {
        "n": len(walls), "median_ms": statistics.median(walls), "p95_ms": walls[at],
        "cpu_median_ms": statistics.median(cpus), "cpu_p95_ms": cpus[at],
    }  # fmt: skip
    return told, found


def _print(made: Answer, found: Answer) -> None:
    if made:
        print(
            f"{made['uprns']:,} UPRNs prepared in {made['cpu_s']:.0f} CPU s, {made['peak_mb']:,} MB at most, "
            f"{made['disk_mb']:,} MB on disk."
        )
    print(f"Opened in {found['open']['s']:.2f} s; {found['peak_mb']:,} MB held at most, mapped files too.")
    print(f"The true unit was answered {found['right']:.4f} of the time.")
    kinds = {
        "look_up": "one address",
        "without_postcode": "without its postcode",
        "suggest": "what is typed so far",
    }
    keys = ("n", "median_ms", "p95_ms", "cpu_median_ms", "cpu_p95_ms")
    headings = ("warm, ms", "asked", "median", "95th percentile", "CPU median", "CPU 95th percentile")
    table(headings, [[name, *(found[kind][key] for key in keys)] for kind, name in kinds.items()])


if __name__ == "__main__":
    serve({"make": make, "prepare": prepare, "ask": ask})
