"""A standard as metadata of CSV on the Web (W3C, 2015), to lie beside a file that follows it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from sharewell.sources.odcs import PATTERNS
from sharewell.sources.terms import Field, FieldType, Standard

_BASES: Final[Mapping[FieldType, str]] = {
    FieldType.DATE: "date",
    FieldType.DATETIME: "dateTime",
    FieldType.BOOLEAN: "boolean",
    FieldType.INTEGER: "integer",
    FieldType.NUMBER: "decimal",
}


def as_csvw(standard: Standard) -> dict[str, Any]:
    """Return the metadata of a file ``NAME.csv`` that follows a standard.

    Its columns' titles are the field's name, its title and its synonyms, so that a reader knows a column by
    any heading that we would.
    """
    schema: dict[str, Any] = {"columns": [_column(field) for field in standard.fields]}
    if standard.primary_key:
        schema["primaryKey"] = list(standard.primary_key)
    return {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        "url": f"{standard.name}.csv",
        "dc:title": standard.title,
        "dc:description": standard.description or standard.title,
        "schema:version": standard.version,
        "dialect": {"header": True, "encoding": "utf-8"},
        "tableSchema": schema,
    }


def _column(field: Field) -> dict[str, Any]:
    made: dict[str, Any] = {
        "name": field.name,
        "titles": list(dict.fromkeys((field.name, field.title, *field.synonyms))),
        "required": field.required,
        "datatype": _datatype(field),
    }
    if field.description:
        made["dc:description"] = field.description
    return made


def _datatype(field: Field) -> dict[str, Any]:
    bounds = field.bounds
    base = _BASES.get(field.type, "string")
    made: dict[str, Any] = {"base": base}
    if base == "string":
        pattern = bounds.pattern or PATTERNS.get(field.type) or _one_of(field)
        told = {"format": pattern, "minLength": bounds.shortest, "maxLength": bounds.longest}
        return {**made, **{key: value for key, value in told.items() if value is not None}}
    first, last = (day if day != "today" else None for day in (field.earliest, field.latest))
    told = {"minimum": first or bounds.least, "maximum": last or bounds.most}
    if base == "boolean":
        told["format"] = "true|false"
    return {**made, **{key: value for key, value in told.items() if value is not None}}


def _one_of(field: Field) -> str | None:
    """Return the pattern of a code list: CSVW has no other word for one."""
    return "|".join(map(re.escape, field.categories)) if field.categories else None
