"""pandas, DuckDB or polars on damaged copies of a file, told to be lenient; see ``benchmarks.wild``."""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path

from benchmarks.measure import Answer, serve
from benchmarks.wild import TITLES, Record, load_made, total

Rows = Iterable[tuple[str | None, ...]]


def read(name: str, folder: str) -> Answer:
    """Read every copy with one library, and count what it lost without a word."""
    warnings.simplefilter("ignore")
    spans, made = load_made(Path(folder))
    answers = []
    for number, mutation in enumerate(made):
        answer = {"refused": "", "unaccounted": 0, "lost": 0, "aside": [], "way": mutation.way}
        try:
            found = Counter(_record(row) for row in READERS[name](f"{folder}/{number}.csv"))
        except Exception as error:
            answers.append({**answer, "refused": type(error).__name__})
            continue
        there = Counter(spans[place].cells for place in mutation.untouched(spans))
        answers.append({**answer, "lost": (there - found).total()})
    return {**total(answers), "unaccounted": "not told"}


def _record(row: tuple[str | None, ...]) -> Record:
    return tuple("" if cell is None else str(cell) for cell in row)


def _pandas(path: str) -> Rows:
    import pandas as pd

    frame = pd.read_csv(
        path,
        skiprows=TITLES,
        dtype=str,
        keep_default_na=False,
        on_bad_lines="skip",
        encoding_errors="replace",
        skip_blank_lines=True,
        index_col=False,
    )
    return frame.itertuples(index=False, name=None)


def _duckdb(path: str) -> Rows:
    import duckdb

    lenient = "strict_mode=false, null_padding=true, ignore_errors=true, parallel=false"
    told = f"all_varchar=true, header=true, skip={TITLES}, delim=',', quote='\"'"
    return duckdb.execute(f"FROM read_csv('{path}', {lenient}, {told})").fetchall()


def _polars(path: str) -> Rows:
    import polars as pl

    frame = pl.read_csv(
        path,
        skip_lines=TITLES,
        infer_schema=False,
        ignore_errors=True,
        truncate_ragged_lines=True,
        encoding="utf8-lossy",
    )
    return frame.rows()


READERS: dict[str, Callable[[str], Rows]] = {"pandas": _pandas, "duckdb": _duckdb, "polars": _polars}

if __name__ == "__main__":
    serve({"read": read})
