"""Clean a made-up region's lists, whose every planted error is known, and count by kind what came of them.

The rules were not tuned on these errors: another hand wrote them. Each list is cleaned twice: as it is, and
with every planted error taken back. What the second gives is the right answer for the first.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.measure import machine, table
from benchmarks.unseen_kinds import DAYS, has_one_answer, is_left_as_read

if TYPE_CHECKING:
    import pyarrow as pa

    from sharewell.sources.terms import Field, Standard
    from sharewell.store.duckdb import DuckDB
    from sharewell.store.engine import Relation

PEOPLE, SEEDS = 20_000, (11, 12)
OUTCOMES = ("right", "missed", "wrong", "in a row set aside")
Cell = tuple[int, str]
"""A source row and a field of the standard."""


@dataclass
class Score:
    """How often each kind of error came to what, and what was done where nothing was wrong."""

    kinds: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    clean_cells: int = 0
    clean_cells_changed: int = 0
    clean_rows: int = 0
    clean_rows_set_aside: int = 0
    read_otherwise: int = 0
    examples: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def total(self, outcome: str) -> int:
        """Return how many planted errors came to an outcome."""
        return sum(counts[outcome] for counts in self.kinds.values())


@dataclass
class Cellful:
    """The errors of one cell in their order: what it should say, what it says, and which kinds made it so."""

    before: str
    after: str
    kinds: tuple[str, ...]
    left_by_lossy: str | None


@dataclass
class CleanedList:
    """What cleaning made of a list's rows: the cells of kept rows, and the fields that set rows aside."""

    kept: Mapping[int, Mapping[str, str | None]]
    aside: Mapping[int, Sequence[str]]


def main(people: int = PEOPLE, seeds: Sequence[int] = SEEDS, *, show: bool = False) -> None:
    """Make regions, clean their lists and print what became of every kind of error."""
    print(machine())
    for seed in seeds:
        with tempfile.TemporaryDirectory() as folder:
            region = Path(folder) / "region"
            make_region(region, people, seed)
            print_score(score_region(region), f"region of {people:,} people, seed {seed}", show=show)


def make_region(out: Path, people: int, seed: int) -> None:
    """Write a made-up region into a folder."""
    command = [sys.executable, "-m", "sharewell", "region", "--people", str(people)]
    subprocess.run([*command, "--seed", str(seed), "--out", str(out)], check=True, stdout=subprocess.DEVNULL)


def score_region(region: Path) -> Score:
    """Clean every list of a region as it is and with its errors taken back, and compare cell by cell."""
    from sharewell.store.duckdb import DuckDB

    told, score = json.loads((region / "region.json").read_text(encoding="utf-8")), Score()
    for name, about in told["lists"].items():
        engine = DuckDB()
        score_list(engine, region, name, about, score)
        engine.close()
    return score


def score_list(engine: DuckDB, region: Path, name: str, about: Mapping[str, str], score: Score) -> None:
    """Add what became of one list's errors to the score."""
    from sharewell.sources.standards import load_standard

    standard = load_standard(name)
    raw, columns = _read(engine, region / about["file"], standard)
    errors = _errors(engine, region, name, columns)
    day = date.fromisoformat(about["as_of"])
    mapped = raw.arrow()
    dirty = _clean(engine, mapped, standard, "dirty", day)
    mended = _clean(engine, _taken_back(mapped, errors), standard, "mended", day)
    rows = {row["source_row"]: row for row in mapped.to_pylist()}
    fields = {item.name: item for item in standard.fields}
    for (row, column), cell in errors.items():
        score.read_otherwise += (rows[row][column] or "") != cell.after
        outcome = _outcome(fields[column], cell, row, dirty, mended)
        _count(score, outcome, cell, dirty.kept.get(row, {}).get(column))
    _score_clean(rows, errors, dirty, fields, score)


def _read(engine: DuckDB, path: Path, standard: Standard) -> tuple[Relation, dict[str, str]]:
    """Return the mapped list, and the field of each column that is surely one."""
    from benchmarks.region_lists import _certain
    from sharewell.sources.delivery import sample_of
    from sharewell.sources.map import apply_mapping, guess_mapping
    from sharewell.sources.read import read_source

    read = read_source(path, engine, "raw")
    mapping, _ = _certain(guess_mapping(read.facts.columns, standard, sample_of(read.kept)))
    columns = {guess.column: guess.field for guess in mapping.guesses if guess.field}
    return apply_mapping(read.kept, mapping, standard, "mapped"), columns


def _errors(engine: DuckDB, region: Path, name: str, columns: Mapping[str, str]) -> dict[Cell, Cellful]:
    rows = engine.fetch(
        f"SELECT * FROM read_parquet('{region / 'errors.parquet'}', file_row_number=true)"
        f" WHERE list = '{name}' ORDER BY file_row_number"
    ).to_pylist()
    cells: dict[Cell, Cellful] = {}
    for row in rows:
        if row["column"] in columns:
            cell = (row["source_row"], columns[row["column"]])
            cells[cell] = _with_error(cells.get(cell), row)
    return {cell: errors for cell, errors in cells.items() if errors.before != errors.after}


def _with_error(cell: Cellful | None, row: Mapping[str, str]) -> Cellful:
    kind, before, after = row["kind"], row["before"], row["after"]
    lossy = not has_one_answer(kind, before, after)
    if cell is None:
        return Cellful(before, after, (kind,), after if lossy else None)
    left = after if lossy else cell.left_by_lossy
    return Cellful(cell.before, after, (*cell.kinds, kind), left)


def _taken_back(mapped: pa.Table, errors: Mapping[Cell, Cellful]) -> pa.Table:
    import pyarrow as pa

    numbers = mapped["source_row"].to_pylist()
    by_column: dict[str, dict[int, str]] = defaultdict(dict)
    for (row, column), cell in errors.items():
        by_column[column][row] = cell.before
    for column, befores in by_column.items():
        values = [
            befores.get(int(row or 0), value)
            for row, value in zip(numbers, mapped[column].to_pylist(), strict=True)
        ]
        place = mapped.schema.get_field_index(column)
        mapped = mapped.set_column(place, column, pa.array(values, pa.string()))
    return mapped


def _clean(engine: DuckDB, rows: pa.Table, standard: Standard, name: str, as_of: date) -> CleanedList:
    from sharewell.cleaning.clean import clean

    cleaned = clean(engine.load(f"{name}_mapped", rows), standard, name, as_of=as_of)
    aside = engine.fetch(f'SELECT source_row, columns FROM "{cleaned.set_aside.name}"').to_pylist()
    kept = {row["source_row"]: row for row in cleaned.kept.arrow().to_pylist()}
    return CleanedList(kept, {row["source_row"]: row["columns"] for row in aside})


def _outcome(item: Field, cell: Cellful, row: int, dirty: CleanedList, mended: CleanedList) -> str:
    lossy = cell.left_by_lossy is not None
    if row not in dirty.kept or row not in mended.kept:
        if item.name in dirty.aside.get(row, ()):
            return "right" if lossy else "missed"
        return "in a row set aside"
    got, target = dirty.kept[row][item.name], mended.kept[row][item.name]
    if got == target or (lossy and got is None):
        return "right"
    if got is None:
        return "missed"
    if not lossy and item.type in DAYS:
        return "wrong"
    accepted = [cell.after, cell.left_by_lossy or ""]
    if any(is_left_as_read(item.type, got, each) for each in accepted):
        return "right" if lossy else "missed"
    return "wrong"


def _count(score: Score, outcome: str, cell: Cellful, got: str | None) -> None:
    for kind in set(cell.kinds):
        score.kinds[kind][outcome] += 1
    if outcome in ("missed", "wrong") and len(score.examples["+".join(cell.kinds)]) < 4:
        told = f"{outcome}: {cell.before!r} -> {cell.after!r} -> {got!r}"
        score.examples["+".join(cell.kinds)].append(told)


def _score_clean(
    rows: Mapping[int, Mapping[str, str | None]],
    errors: Mapping[Cell, Cellful],
    dirty: CleanedList,
    fields: Mapping[str, Field],
    score: Score,
) -> None:
    spoilt = {row for row, _ in errors}
    score.clean_rows += len(rows) - len(spoilt)
    score.clean_rows_set_aside += sum(row not in spoilt for row in dirty.aside)
    for row, column, value, got in _clean_cells(rows, errors, dirty, fields):
        score.clean_cells += 1
        if got != value and _is_false_edit(fields[column], value, got):
            score.clean_cells_changed += 1
            examples = score.examples[f"clean {fields[column].type}"]
            if len(examples) < 12:
                examples.append(f"{column} of row {row}: {value!r} -> {got!r}")


def _clean_cells(
    rows: Mapping[int, Mapping[str, str | None]],
    errors: Mapping[Cell, Cellful],
    dirty: CleanedList,
    fields: Mapping[str, Field],
) -> Iterator[tuple[int, str, str, str | None]]:
    for number, cells in dirty.kept.items():
        for column in fields:
            value = rows[number][column]
            if value and (number, column) not in errors:
                yield number, column, value, cells[column]


def _is_false_edit(item: Field, value: str, got: str | None) -> bool:
    """Return whether a right value was blanked, or lost or won letters or figures."""
    return got is None or not is_left_as_read(item.type, got, value)


def print_score(score: Score, title: str, *, show: bool = False) -> None:
    """Print what became of each kind, and what was done where nothing was wrong."""
    rows: list[list[object]] = []
    for kind in sorted(score.kinds):
        counts = score.kinds[kind]
        rows.append([kind, *(counts[outcome] for outcome in OUTCOMES)])
    table([title, *OUTCOMES], [["all", *map(score.total, OUTCOMES)], *rows])
    table(
        ["where nothing was wrong", "count"],
        [
            ["clean cells", score.clean_cells],
            ["clean cells changed", score.clean_cells_changed],
            ["clean rows", score.clean_rows],
            ["clean rows set aside", score.clean_rows_set_aside],
            ["spoilt cells read otherwise than the file says", score.read_otherwise],
        ],
    )
    if show:
        for kind, examples in sorted(score.examples.items()):
            print(kind, *examples, sep="\n    ")


if __name__ == "__main__":
    main(show="--show" in sys.argv)
