"""Open a finished region: check that its files are there and whole, and ask them by SQL."""

from __future__ import annotations

import csv
import json
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from sharewell.store.duckdb import DuckDB, Limits
from sharewell.store.engine import literal
from sharewell.vocab.errors import FileMissing, FileUnreadable, Where

ABOUT, GAZETTEER = "region.json", "gazetteer.csv"
NEXT = "Make the region again with `sharewell region`."
FILES: Mapping[str, tuple[str, ...]] = {
    "people": ("person", "uprn", "area", "district", "sex", "born", "died_on", "is_resident"),
    "households": ("uprn", "area", "district", "size", "tenure", "accommodation"),
    "truth": ("list", "source_row", "person", "uprn", "class"),
    "errors": ("list", "source_row", "column", "kind"),
    "margins": ("level", "area", "margin", "category", "target"),
    "pairs": ("class", "person", "other"),
}
"""By table: the columns that the description reads."""
PLACE_COLUMNS = ("uprn", "usage", "easting", "northing")
MEMORY = "1GB"


@dataclass(frozen=True)
class Region:
    """A region's files, and an engine to ask them with."""

    folder: Path
    told: Mapping[str, Any]
    engine: DuckDB

    @property
    def as_of(self) -> date:
        """Return the day the region is true for."""
        return date.fromisoformat(self.told["as_of"])

    @property
    def lists(self) -> tuple[str, ...]:
        """Return the names of the lists, in their order."""
        return tuple(self.told["lists"])

    def name_of(self, district: str) -> str:
        """Return a district's name, or its code where the region does not name it."""
        return str(self.told.get("districts", {}).get(district, district))

    def table(self, name: str) -> str:
        """Return a Parquet file of the region as SQL."""
        return f"read_parquet({literal(str(self.folder / f'{name}.parquet'))})"

    def gazetteer(self) -> str:
        """Return the gazetteer as SQL, every column text."""
        path = literal(str(self.folder / GAZETTEER))
        return (
            f"""read_csv({path}, header = true, all_varchar = true, delim = ',', quote = '"', escape = '"')"""
        )

    def rows(self, query: str) -> list[dict[str, Any]]:
        """Return a small answer, row by row."""
        return self.engine.fetch(query).to_pylist()


@contextmanager
def opened(folder: Path) -> Iterator[Region]:
    """Give a region whose files are there and whole. Raises FileMissing, FileUnreadable, OutOfMemory."""
    told = _told(folder)
    for name, columns in FILES.items():
        _require(folder / f"{name}.parquet", columns)
    _require_gazetteer(folder / GAZETTEER)
    with tempfile.TemporaryDirectory() as scratch:
        engine = DuckDB(Path(scratch), Limits(memory=MEMORY))
        try:
            yield Region(folder, told, engine)
        finally:
            engine.close()


def _told(folder: Path) -> dict[str, Any]:
    path = _there(folder / ABOUT)
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        date.fromisoformat(told["as_of"])
        [(each["rows"], each["dirt"]) for each in told["lists"].values()]
    except (ValueError, KeyError, TypeError, AttributeError):
        raise _unreadable(path) from None
    return dict(told)


def _require(path: Path, columns: tuple[str, ...]) -> None:
    try:
        names = pq.read_schema(_there(path)).names
    except (pa.ArrowInvalid, OSError):
        raise _unreadable(path) from None
    for column in columns:
        if column not in names:
            raise _unreadable(path, column)


def _require_gazetteer(path: Path) -> None:
    try:
        with _there(path).open(encoding="utf-8", newline="") as file:
            names = next(csv.reader(file), [])
    except UnicodeDecodeError:
        raise _unreadable(path) from None
    for column in PLACE_COLUMNS:
        if column not in names:
            raise _unreadable(path, column)


def _there(path: Path) -> Path:
    if not path.is_file():
        raise FileMissing("A file of the region is not there.", NEXT, Where(file=path.name))
    return path


def _unreadable(path: Path, column: str | None = None) -> FileUnreadable:
    what = (
        "A column of the region is not there."
        if column
        else "This file is not one of a region, or is cut short."
    )
    return FileUnreadable(what, NEXT, Where(file=path.name, column=column))
