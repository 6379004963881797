"""Publish standards: a page for each, a page that lists them, and their files in every form tools read."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import yaml

from sharewell.look.pages import render, write_whole
from sharewell.sources.csvw import as_csvw
from sharewell.sources.odcs import as_odcs
from sharewell.sources.table_schema import as_table_schema
from sharewell.sources.terms import Field, FieldType, Standard
from sharewell.vocab.sensitivity import Sensitivity

TEMPLATES: Final = Path(__file__).parent / "templates"
TYPE_WORDS: Final[Mapping[FieldType, str]] = {
    FieldType.NHS_NUMBER: "NHS number, with its check digit",
    FieldType.NINO: "National Insurance number",
    FieldType.UPN: "unique pupil number, with its check letter",
    FieldType.UPRN: "unique property reference number",
    FieldType.USRN: "unique street reference number",
    FieldType.POSTCODE: "postcode",
    FieldType.PHONE: "telephone number",
    FieldType.EMAIL: "email address",
    FieldType.PERSON_NAME: "a person's name",
    FieldType.DATE: "date",
    FieldType.DATETIME: "date and time",
    FieldType.ADDRESS: "address or a line of one",
    FieldType.BOOLEAN: "yes or no",
    FieldType.CODE: "code",
    FieldType.INTEGER: "whole number",
    FieldType.NUMBER: "number",
    FieldType.TEXT: "text",
}
SENSITIVITY_WORDS: Final[Mapping[Sensitivity, str]] = {
    Sensitivity.DIRECT: "points at one person by itself",
    Sensitivity.QUASI: "points at one person together with others",
    Sensitivity.SPECIAL: "special category data (UK GDPR Article 9)",
    Sensitivity.CRIMINAL: "criminal offence data (UK GDPR Article 10)",
    Sensitivity.PERSONAL: "anything else about a person",
    Sensitivity.OPEN: "nobody's",
}


def _as_json(document: Mapping[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def _as_yaml(document: Mapping[str, Any]) -> str:
    return str(yaml.safe_dump(dict(document), allow_unicode=True, sort_keys=False, width=100))


FORMS: Final[Mapping[str, tuple[str, str, Callable[[Standard], str]]]] = {
    "table-schema": ("Table Schema", "json", lambda standard: _as_json(as_table_schema(standard))),
    "odcs": ("Open data contract (ODCS)", "odcs.yaml", lambda standard: _as_yaml(as_odcs(standard))),
    "csvw": ("CSV on the Web metadata", "csvw.json", lambda standard: _as_json(as_csvw(standard))),
}
"""The forms a standard can be had in: what each is called, how its file ends, how it is written."""


def export(standard: Standard, form: str) -> str:
    """Return a standard in one of the ``FORMS``, as the text of its file."""
    return FORMS[form][2](standard)


def publish(standards: Sequence[Standard], out: Path) -> tuple[Path, ...]:
    """Write a page and the files of each standard into a folder, the page that lists them last.

    Each file is written beside its name and moved there whole. Raises DiskFull, FolderReadOnly.
    """
    told = [*(file for standard in standards for file in _files(standard))]
    told.append(("index.html", render("standards.html", TEMPLATES, standards=standards)))
    for name, text in told:
        write_whole(out / name, text)
    return tuple(out / name for name, _ in told)


def _files(standard: Standard) -> Iterator[tuple[str, str]]:
    links = []
    for label, ending, write in FORMS.values():
        name = f"{standard.name}.{ending}"
        links.append((label, name))
        yield name, write(standard)
    links.append(("An empty list with the right headings (CSV)", f"{standard.name}.csv"))
    yield f"{standard.name}.csv", _empty_list(standard)
    yield f"{standard.name}.html", _page(standard, links)


def _empty_list(standard: Standard) -> str:
    """Return a file with nothing but the header, for a sender to fill in."""
    text = io.StringIO()
    csv.writer(text).writerow(standard.names)
    return text.getvalue()


def _page(standard: Standard, files: Sequence[tuple[str, str]]) -> str:
    single = [(field.title,) for field in standard.fields if field.unique]
    titles = {field.name: field.title for field in standard.fields}
    keys = [
        tuple(titles[name] for name in key) for key in (standard.primary_key, *standard.unique_keys) if key
    ]
    return render(
        "standard.html",
        TEMPLATES,
        standard=standard,
        required=[field.title for field in standard.fields if field.required],
        keys=list(dict.fromkeys([*keys, *single])),
        files=files,
        types=TYPE_WORDS,
        facts={field.name: list(_facts(field)) for field in standard.fields},
        sensitivities=[(kind.value, words) for kind, words in SENSITIVITY_WORDS.items()],
    )


def _facts(field: Field) -> Iterator[str]:
    yield f"Holds: {TYPE_WORDS[field.type]}. {'It must be filled in.' if field.required else 'May be empty.'}"
    if field.example:
        yield f"Example, made up: {field.example}"
    yield f"Sensitivity: {field.sensitivity.value}, {SENSITIVITY_WORDS[field.sensitivity]}."
    if field.synonyms:
        yield f"Also headed: {', '.join(field.synonyms)}"
    yield from _bounds(field)
    lost = (
        "its row is set aside"
        if field.required or field.on_failure == "set_aside"
        else "the cell is left empty"
    )
    yield f"Where a value cannot be right, {lost}, and the reason is told."


def _bounds(field: Field) -> Iterator[str]:
    bounds = field.bounds
    told = {
        "On or after": field.earliest,
        "On or before": field.latest,
        "Where two readings are possible": field.date_order and field.date_order.replace("-", " "),
        "Must match": bounds.pattern,
        "At least this many characters": bounds.shortest,
        "At most this many characters": bounds.longest,
        "Not below": bounds.least,
        "Not above": bounds.most,
    }
    for words, value in told.items():
        if value is not None:
            yield f"{words}: {value}"
    if field.unique:
        yield "No two rows may hold the same value."
