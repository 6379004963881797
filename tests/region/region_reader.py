"""Read a region as somebody would who was only sent it: from region.json and the files it names."""

from __future__ import annotations

import csv
import io
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path

import openpyxl
import pyarrow.parquet as pq

SENT_AS = {
    "shielded-patient-list": ("utf-8-sig", ","),
    "shielding-support-submissions": ("utf-8", ","),
    "contact-tracing": ("cp1252", ","),
    "gp-register": ("utf-8", ","),
    "council-tax": ("cp1252", ";"),
    "council-tax-support": ("utf-8-sig", ","),
    "school-census": ("utf-8", ","),
    "electoral-roll": ("utf-16", "\t"),
    "food-hub": ("utf-16", "\t"),
}
"""What the senders of delimited text say of it: its encoding and what stands between cells."""
MARKS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16"}
ADDRESS = {
    "shielded-patient-list": tuple(f"PatientAddress_Line{at}" for at in range(1, 6)),
    "shielding-support-submissions": ("address_line1", "address_line2", "address_town_city"),
    "contact-tracing": ("House Number",),
    "gp-register": tuple(f"Address Line {at}" for at in range(1, 6)),
    "adult-social-care": tuple(f"Address {at}" for at in range(1, 5)),
    "council-tax": tuple(f"Property Address Line {at}" for at in range(1, 5)),
    "council-tax-support": tuple(f"Address {at}" for at in range(1, 5)),
    "assisted-bins": ("Address",),
    "housing-tenancy": tuple(f"Address {at}" for at in range(1, 5)),
    "school-census": ("SAON", "PAON", "Street", "Locality", "Town"),
    "childrens-social-care": tuple(f"Address Line {at}" for at in range(1, 5)),
    "electoral-roll": tuple(f"Address {at}" for at in range(1, 7)),
    "food-hub": ("Address Line 1", "Address Line 2", "City"),
}
"""The columns of each list that hold an address, but for its postcode."""
TOGETHER = {
    "names_swapped", "known_as", "other_parents_surname", "placeholder_name", "couple_in_one_name",
    "contact_of_another", "phone_wrong_column", "fsm_unregistered", "upn_unknown", "lost_letter",
}  # fmt: skip
"""Kinds of error, beside those of addresses, that fall on several cells of a row at once."""

Row = dict[str, str]


@dataclass(frozen=True)
class Error:
    """One entry of the log: what stood in a cell of a list and what stands there now."""

    list: str
    row: int
    column: str
    kind: str
    before: str
    after: str


@dataclass(frozen=True)
class Event:
    """One kind of error in one row of a list: the whole row as it was and as it came out."""

    list: str
    row: int
    kind: str
    was: Row
    now: Row

    @property
    def changed(self) -> tuple[str, ...]:
        return tuple(name for name in self.now if self.was[name] != self.now[name])

    def lines(self, row: Row) -> tuple[str, ...]:
        return tuple(row[name] for name in ADDRESS[self.list])


@dataclass(frozen=True)
class Region:
    """The files of a region."""

    folder: Path

    @cached_property
    def told(self) -> dict:
        return json.loads((self.folder / "region.json").read_text(encoding="utf-8"))

    @cached_property
    def lists(self) -> dict[str, list[Row]]:
        return {name: list(read_list(self.folder, name, about)) for name, about in self.told["lists"].items()}

    @cached_property
    def gazetteer(self) -> dict[str, Row]:
        with (self.folder / "gazetteer.csv").open(encoding="utf-8", newline="") as file:
            return {row["uprn"]: row for row in csv.DictReader(file)}

    @cached_property
    def truth(self) -> dict[str, list[Row]]:
        rows: dict[str, list[Row]] = defaultdict(list)
        for row in self.table("truth"):
            rows[row["list"]].append(row)
        return rows

    @cached_property
    def errors(self) -> list[Error]:
        return [
            Error(
                each["list"], each["source_row"], each["column"], each["kind"], each["before"], each["after"]
            )
            for each in self.table("errors")
        ]

    @cached_property
    def people(self) -> dict[str, dict]:
        return {row["person"]: row for row in self.table("people")}

    @cached_property
    def at_home(self) -> Mapping[str, list[dict]]:
        """The people of each household."""
        return _by("household", self.people.values())

    @cached_property
    def oldest(self) -> Mapping[str, date]:
        """When the oldest of each surname, today's or the one before, was born."""
        rows = sorted(self.people.values(), key=lambda row: row["born"], reverse=True)
        return {row[name]: row["born"] for row in rows for name in ("surname", "former_surname")}

    @cached_property
    def on_street(self) -> Mapping[str, list[Row]]:
        return _by("usrn", self.gazetteer.values())

    @cached_property
    def of_postcode(self) -> Mapping[str, list[Row]]:
        return _by("postcode", self.gazetteer.values())

    @cached_property
    def new_builds(self) -> set[str]:
        """Every line, in small letters, of rows at addresses that the gazetteer has not got yet."""
        rows = ((name, row, truth) for name in self.lists for row, truth in self.rows(name))
        return {
            row[column].casefold()
            for name, row, truth in rows
            if truth["uprn"] not in self.gazetteer
            for column in ADDRESS[name]
        }

    @cached_property
    def flats(self) -> Mapping[str, int]:
        """How many flats the gazetteer has below each parent UPRN."""
        below: dict[str, int] = defaultdict(int)
        for row in self.gazetteer.values():
            below[row["parent_uprn"]] += 1
        return below

    def table(self, name: str) -> list[dict]:
        return pq.read_table(self.folder / f"{name}.parquet").to_pylist()

    def rows(self, name: str) -> Iterator[tuple[Row, Row]]:
        """Yield each row of a list beside what is true of it."""
        return zip(self.lists[name], self.truth[name], strict=True)

    @cached_property
    def events(self) -> list[Event]:
        """Every error in the order it was planted, by row; one that fell on several cells is one event."""
        by_row: dict[tuple[str, int], list[Error]] = defaultdict(list)
        for error in self.errors:
            by_row[error.list, error.row].append(error)
        return [each for (name, row), errors in by_row.items() for each in self._undone(name, row, errors)]

    def _undone(self, name: str, row: int, errors: list[Error]) -> list[Event]:
        """Take a row's errors back from the last to the first."""
        now, made = self.lists[name][row - 1], []
        for group in reversed(_grouped(errors)):
            was = now | {error.column: error.before for error in group}
            made.append(Event(name, row, group[0].kind, was, now))
            now = was
        return made[::-1]


def _by(name: str, rows: Iterable[dict]) -> Mapping[str, list[dict]]:
    found: dict[str, list[dict]] = defaultdict(list)
    for row in rows:
        found[row[name]].append(row)
    return found


def _grouped(errors: list[Error]) -> list[list[Error]]:
    """Put neighbours of one kind together where they are parts of one error."""
    groups: list[list[Error]] = []
    for error in errors:
        falls_wide = error.kind in TOGETHER or error.column in ADDRESS[error.list]
        if falls_wide and groups and groups[-1][0].kind == error.kind:
            groups[-1].append(error)
        else:
            groups.append([error])
    return groups


def read_list(folder: Path, name: str, about: Mapping) -> Iterator[Row]:
    """Yield the rows of a list by column, every cell as text."""
    path, columns = folder / about["file"], about["columns"]
    if path.suffix == ".xlsx":
        return _workbook(path, columns)
    if path.suffix in (".json", ".jsonl"):
        text = path.read_text(encoding="utf-8")
        rows = json.loads(text) if path.suffix == ".json" else map(json.loads, text.splitlines())
        return (_checked(row, columns) for row in rows)
    return _delimited(path.read_bytes(), columns, *SENT_AS[name])


def _checked(row: Row, columns: list[str]) -> Row:
    assert list(row) == columns and all(isinstance(cell, str) for cell in row.values())
    return row


def _delimited(content: bytes, columns: list[str], encoding: str, delimiter: str) -> Iterator[Row]:
    marked = [name for mark, name in MARKS.items() if content.startswith(mark)]
    assert marked == [encoding] * (encoding in MARKS.values())
    lines = csv.reader(io.StringIO(content.decode(encoding), newline=""), delimiter=delimiter, strict=True)
    assert next(lines) == columns
    return (dict(zip(columns, line, strict=True)) for line in lines)


def _workbook(path: Path, columns: list[str]) -> Iterator[Row]:
    """Yield the rows below the header, which stands below title rows."""
    book = openpyxl.load_workbook(path, read_only=True)
    lines = book.worksheets[0].iter_rows(values_only=True)
    assert any(list(line) == columns for line in lines)
    for line in lines:
        padded = [*line, *[None] * (len(columns) - len(line))]
        yield dict(zip(columns, ("" if cell is None else str(cell) for cell in padded), strict=True))
