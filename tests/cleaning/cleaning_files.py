"""Lists written for the tests of the command, and what came of cleaning them."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from click.testing import Result
from typer.testing import CliRunner

from sharewell.cli import build_app

HEADER = (
    *("record_id", "nhs_number", "nino", "upn", "full_name", "date_of_birth", "sex", "address"),
    *("postcode", "uprn", "phone", "balance"),
)
GOOD = dict(
    zip(
        HEADER,
        (
            *("P1", "9434765919", "AB123456C", "Q651695112951", "Siân O’Neill", "1985-03-12", "2"),
            *("12 High Street, Hove", "BN3 2QZ", "100012", "+447700900123", "10.50"),
        ),
        strict=True,
    )
)


@dataclass(frozen=True)
class Answers:
    """A folder that ``sharewell clean`` wrote."""

    folder: Path

    def rows(self, name: str) -> list[dict[str, Any]]:
        """Return the rows of one of its tables, by source_row."""
        return pq.read_table(self.folder / f"{name}.parquet").sort_by("source_row").to_pylist()

    @property
    def about(self) -> dict[str, Any]:
        """Return what its about.json says."""
        told: dict[str, Any] = json.loads((self.folder / "about.json").read_text("utf-8"))
        return told

    def reasons(self) -> dict[int, list[str]]:
        """Return the reasons of every row set aside."""
        return {row["source_row"]: row["reasons"] for row in self.rows("set_aside")}

    def changes(self) -> list[tuple[Any, ...]]:
        """Return the changed cells: row, column, before, after, rule."""
        told = ("source_row", "column", "before", "after", "rule")
        return sorted(tuple(row[each] for each in told) for row in self.rows("changes"))


def write_list(path: Path, rows: Sequence[Mapping[str, str]], header: Sequence[str] = HEADER) -> Path:
    """Write a list as CSV, every cell quoted."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, quoting=csv.QUOTE_ALL)
        writer.writerow(header)
        writer.writerows([row.get(name, "") for name in header] for row in rows)
    return path


def people(count: int) -> list[dict[str, str]]:
    """Return rows that are right in every cell, each with an id of its own."""
    return [GOOD | {"record_id": f"P{number}"} for number in range(1, count + 1)]


def run(*arguments: object) -> Result:
    """Run sharewell with arguments."""
    return CliRunner().invoke(build_app(), [str(each) for each in arguments])


def clean(file: Path, out: Path, *options: object, standard: str = "messy-sample") -> Answers:
    """Clean a list and return its answers; a refusal is raised as it is."""
    answer = run("clean", file, "--standard", standard, "--out", out, "--as-of", "2026-01-01", *options)
    if answer.exception and not isinstance(answer.exception, SystemExit):
        raise answer.exception
    assert answer.exit_code == 0, answer.output
    return Answers(out)


def plant(shared: Path, folder: Path, rows: int) -> Path:
    """Make the planted extract of so many rows, or skip where its maker is absent."""
    maker = shared / "data" / "cleaning" / "messy.py"
    if not maker.is_file():
        pytest.skip("the maker of planted extracts is not on this machine")
    command = [sys.executable, str(maker), str(folder), "--rows", str(rows), "--seed", "7"]
    subprocess.run(command, check=True, capture_output=True)
    return folder
