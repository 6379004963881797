"""The whole flow at two sizes: CPU and wall seconds and peak memory by step, how they grow, how right it is.

The floor beside them is the least any tool must do with the same rows: read the lists and the gazetteer once,
touching every cell, and join each list to the gazetteer and to the other lists.
"""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

from benchmarks.measure import Answer, Stopwatch, in_its_own_process, machine, serve, table

ROWS = (100_000, 1_000_000)
ROWS_EACH_PERSON = 1.457
"""How many rows the flow's three lists hold for each person of the made-up town."""
FLOW = "over-75-alone"
SEED = 2
MOST_GIB = 8
STEPS = {
    "reading the gazetteer": "places",
    "reading": "sources",
    "cleaning": "cleaning",
    "matching": "places",
    "linking people": "people",
    "asking the gate": "releases",
    "keeping snapshots": "store and audit",
}
"""What a run says when it begins a part, and the step that the part belongs to."""


def main() -> None:
    """Run the flow at both sizes and print its steps, the floor and how right it was."""
    print(machine())
    with tempfile.TemporaryDirectory() as folder:
        runs = [_at(rows, Path(folder) / str(rows)) for rows in ROWS]
    _print_steps(runs)
    _print_totals(runs)


def make(rows: str, folder: str) -> Answer:
    """Make a town large enough for so many rows."""
    from sharewell.demo.make import demo_place

    demo_place(Path(folder), round(int(rows) / ROWS_EACH_PERSON), seed=SEED)
    return {}


def run(folder: str) -> Answer:
    """Run the flow once and return what it cost, by step."""
    from sharewell.flows.run import run_flow
    from sharewell.settings import open_place

    place = open_place(Path(folder))
    parts = _Parts()
    report = run_flow(place.flows / f"{FLOW}.yaml", place, by="benchmark", tell=parts.begin)
    parts.end()
    answer = parts.watch.figures()
    return answer | {
        "rows": sum(source.rows_in for source in report.sources),
        "kept": sum(source.kept for source in report.sources),
        "set_aside": sum(source.set_aside for source in report.sources),
        "people": report.people,
        "released": report.released,
        "sources": [[source.organisation, source.name] for source in report.sources],
        "peak_mb": max(answer["peak_mb"], *report.peak_mb.values()),
        "peak_mb_by_step": {**report.peak_mb, "store and audit": report.peak_mb["store"]},
    }


class _Parts:
    """Times the parts of a run by what the run says when each begins."""

    def __init__(self) -> None:
        self.watch, self.now = Stopwatch(), "opening"
        self.begun, self.cpu = time.perf_counter(), time.process_time()

    def begin(self, message: str) -> None:
        """Close the part before, and begin the one that the message speaks of."""
        self.end()
        said = message.split(": ")[-1]
        self.now = next((step for words, step in STEPS.items() if said.startswith(words)), self.now)

    def end(self) -> None:
        """Add what has passed to the part that is running."""
        wall, cpu = time.perf_counter(), time.process_time()
        self.watch.add(self.now, wall - self.begun, cpu - self.cpu)
        self.begun, self.cpu = wall, cpu


def score(folder: str, *sources: str) -> Answer:
    """Return how right the last run was, against the truth of the made-up town."""
    from sharewell.demo.make import REGION, TRUTH
    from sharewell.demo.score import score as against_truth
    from sharewell.settings import open_place
    from sharewell.store.control import open_control_plane

    place = open_place(Path(folder))
    open_control_plane(place)
    pairs = [(source.split("/")[0], source.split("/")[1]) for source in sources]
    return dict(against_truth(place, pairs, place.folder / REGION / TRUTH))


def plain_copies(folder: str) -> Answer:
    """Write the lists as plain CSV files with the standards' headings: all that the floor could read."""
    from sharewell.flows.read import read_flow
    from sharewell.settings import open_place
    from sharewell.sources.map import guess_mapping
    from sharewell.sources.read import read_source
    from sharewell.sources.standards import load_standard
    from sharewell.store.duckdb import DuckDB
    from sharewell.store.engine import literal, quoted

    place, engine = open_place(Path(folder)), DuckDB()
    for spec in read_flow(place.flows / f"{FLOW}.yaml").sources:
        read = read_source(place.folder / spec.file, engine, "raw")
        guesses = guess_mapping(read.facts.columns, load_standard(spec.standard)).guesses
        named = ", ".join(f"{quoted(guess.column)} AS {guess.field}" for guess in guesses if guess.field)
        path = literal(str(place.folder / f"plain-{spec.name}.csv"))
        engine.connection.execute(f"COPY (SELECT {named} FROM raw) TO {path}").fetchall()
    return {}


def floor(folder: str) -> Answer:
    """Read the plain copies and the gazetteer, touch every cell, and join by postcode and by name."""
    import duckdb

    watch, engine = Stopwatch(), duckdb.connect(config={"threads": 2})
    with watch.step("read"):
        for name, path in _plain(Path(folder)).items():
            engine.execute(f"CREATE TABLE {name} AS SELECT * FROM read_csv('{path}', all_varchar=true)")
    with watch.step("join"):
        joined = [engine.execute(query).fetchall()[0][0] for query in JOINS]
    return watch.figures() | {"joined": sum(joined)}


LINES = "lower(concat_ws(' ', gp.address_line_1, gp.address_line_2, gp.address_line_3))"
JOINS = (
    "SELECT count(*) FROM gp JOIN gazetteer AS g ON gp.postcode = g.postcode "
    f"AND contains({LINES}, lower(concat_ws(' ', g.number, g.streetname)))",
    "SELECT count(*) FROM gp JOIN tax ON gp.postcode = tax.postcode "
    "AND contains(lower(tax.full_name), lower(gp.surname))",
    "SELECT count(*) FROM gp JOIN care ON gp.nhs_number = care.nhs_number",
)


def _plain(folder: Path) -> dict[str, Path]:
    lists = {"gp": "gp-register", "tax": "council-tax", "care": "adult-social-care"}
    plain = {name: folder / f"plain-{spec}.csv" for name, spec in lists.items()}
    return {**plain, "gazetteer": folder / "reference" / "gazetteer.csv"}


def _at(rows: int, folder: Path) -> Answer:
    for job in (("make", str(rows), folder), ("plain_copies", folder)):
        in_its_own_process("benchmarks.flow", *job)
    least = in_its_own_process("benchmarks.flow", "floor", folder)
    done = in_its_own_process("benchmarks.flow", "run", folder)
    names = [f"{organisation}/{name}" for organisation, name in done["sources"]]
    right = in_its_own_process("benchmarks.flow", "score", folder, *names)
    return done | {"floor_cpu_s": least["cpu_s"], "right": right}


def _print_steps(runs: list[Answer]) -> None:
    small, large = runs
    grew = large["rows"] / small["rows"]
    headings = ["step"]
    headings += [f"{run['rows']:,} rows, {what}" for run in runs for what in ("CPU s", "s")]
    rows: list[list[object]] = []
    for step, cost in large["steps"].items():
        first = small["steps"].get(step, {"s": 0.0, "cpu_s": 0.0})
        growth = f"{cost['cpu_s'] / first['cpu_s']:.1f}x" if first["cpu_s"] else "-"
        peak = large["peak_mb_by_step"].get(step)
        rows.append([step, first["cpu_s"], first["s"], cost["cpu_s"], cost["s"], growth, peak or "-"])
    table([*headings, f"CPU growth for {grew:.1f}x rows", "peak MB, large"], rows)


def _print_totals(runs: list[Answer]) -> None:
    small, large = runs
    figures = ("rows", "kept", "set_aside", "people", "released", "cpu_s", "s", "peak_mb", "floor_cpu_s")
    rows: list[list[object]] = [[figure, *(run[figure] for run in runs)] for figure in figures]
    rows += [["CPU, times the floor", *(run["cpu_s"] / run["floor_cpu_s"] for run in runs)]]
    rows += [["CPU growth", "-", f"{large['cpu_s'] / small['cpu_s']:.1f}x"]]
    for what, values in large["right"].items():
        rows += [
            [f"{what}: {name}", *(f"{run['right'][what][name]:.4f}" for run in runs)]
            for name in values
            if name not in ("rows", "true_pairs")
        ]
    table(["", "small", "large"], rows)
    assert all(run["rows"] == run["kept"] + run["set_aside"] for run in runs)
    within = "within" if large["peak_mb"] <= MOST_GIB * 1024 else "MORE THAN"
    slowest = max(large["steps"], key=lambda step: large["steps"][step]["cpu_s"])
    print(f"The slowest step is {slowest}. The large run stayed {within} {MOST_GIB} GiB.")


if __name__ == "__main__":
    from sharewell.store.control import set_up_django

    set_up_django()
    serve({"make": make, "run": run, "score": score, "plain_copies": plain_copies, "floor": floor})
