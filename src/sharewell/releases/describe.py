"""The papers that go with a delivery: its data dictionary, for people and programs, and its manifest."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sharewell.agreements.terms import Level
from sharewell.releases.layout import TABLE_COLUMNS
from sharewell.releases.terms import ColumnNote, Decision

CSV_FILE, PARQUET_FILE = "release.csv", "release.parquet"
METADATA_FILE, DICTIONARY_FILE, ABOUT_FILE = "release.csv-metadata.json", "data-dictionary.csv", "about.json"
_DICTIONARY_HEADER = ("column", "title", "form", "why", "clause", "dataset", "field")


@dataclass(frozen=True)
class Papers:
    """What a delivery says about itself. Counts and names of columns; never a value from a record."""

    release_id: str
    flow: str
    recipient: str
    decision: Decision
    columns: tuple[ColumnNote, ...]
    as_of: date
    prepared_at: datetime
    rows: int


def csvw_metadata(papers: Papers) -> str:
    """Return the table's description as CSV on the Web (W3C Recommendation, 17 December 2015)."""
    written = _in_file(papers)
    described = {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        "url": CSV_FILE,
        "dc:title": f"Release {papers.release_id} of {papers.flow}",
        "dc:modified": papers.prepared_at.isoformat(),
        "dialect": {"encoding": "utf-8", "lineTerminators": ["\r\n"], "header": True},
        "tableSchema": {"columns": [_csvw_column(note) for note in written]},
        "notes": [
            {
                "agreement": papers.decision.agreement_id,
                "agreement_sha256": papers.decision.agreement_sha256,
                "as_of": papers.as_of.isoformat(),
                "rows": papers.rows,
                "spreadsheet": "A cell that a spreadsheet would run as a formula starts with an apostrophe "
                f"in {CSV_FILE}; {PARQUET_FILE} has it as it is.",
                "fields": [_note(note) for note in papers.columns if note not in written],
            }
        ],
    }
    return _json(described)


def data_dictionary(papers: Papers) -> str:
    """Return the data dictionary as a table that opens in a spreadsheet."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(_DICTIONARY_HEADER)
    writer.writerows([_plain(cell) for cell in _cells(note)] for note in papers.columns)
    return out.getvalue()


def about(papers: Papers, files: Mapping[str, Mapping[str, str | int]]) -> str:
    """Return the manifest: what this is, what may be done with it until when, and each file's hash."""
    decision = papers.decision
    return _json(
        {
            "release": papers.release_id,
            "flow": papers.flow,
            "recipient": papers.recipient,
            "party": decision.party,
            "role": decision.role,
            "level": decision.level,
            "may": decision.may,
            "agreement": decision.agreement_id,
            "agreement_sha256": decision.agreement_sha256,
            "ends": decision.ends.isoformat(),
            "delete_within_days": decision.delete_within_days,
            "as_of": papers.as_of.isoformat(),
            "prepared_at": papers.prepared_at.isoformat(),
            "rows": papers.rows,
            "columns": [note.name for note in _in_file(papers)],
            "small_numbers": _small_numbers(decision),
            "files": files,
        }
    )


def _in_file(papers: Papers) -> Sequence[ColumnNote]:
    """Return the notes that are columns of the file; counts put many fields into three columns."""
    if papers.decision.level is Level.AGGREGATE:
        return [note for note in papers.columns if note.name in TABLE_COLUMNS]
    return papers.columns


def _small_numbers(decision: Decision) -> Mapping[str, int] | None:
    if decision.level is not Level.AGGREGATE:
        return None
    rule = decision.small_numbers
    return {"suppress_at_or_below": rule.suppress_at_or_below, "round_to": rule.round_to}


def _csvw_column(note: ColumnNote) -> Mapping[str, object]:
    return {
        "name": note.name,
        "titles": note.name,
        "dc:title": note.title,
        "dc:description": note.why,
        "datatype": "string",
        "notes": [_note(note)],
    }


def _note(note: ColumnNote) -> Mapping[str, str]:
    return dict(zip(_DICTIONARY_HEADER, _cells(note), strict=True))


def _cells(note: ColumnNote) -> tuple[str, ...]:
    return (note.name, note.title, note.form, note.why, note.clause, note.dataset, note.field)


def _plain(cell: str) -> str:
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2, default=str) + "\n"
