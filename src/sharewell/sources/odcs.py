"""A standard as an open data contract (ODCS 3.1, Bitol): what it says in the words that contracts use.

See https://bitol-io.github.io/open-data-contract-standard/. What a contract has no word for (roles, synonyms,
what becomes of a failing value) stands among the custom properties.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from uuid import NAMESPACE_URL, uuid5

from sharewell.sources.table_schema import field_document
from sharewell.sources.terms import Field, FieldType, Standard
from sharewell.vocab import identifiers

API_VERSION: Final = "v3.1.0"
PATTERNS: Final[Mapping[FieldType, str]] = {
    FieldType.NHS_NUMBER: "[0-9]{10}",
    FieldType.NINO: identifiers.NINO_PATTERN,
    FieldType.UPN: "[A-HJ-NP-RT-Z][0-9]{11}[0-9A-HJ-NP-RT-Z]",
    FieldType.UPRN: identifiers.UPRN_PATTERN,
    FieldType.USRN: identifiers.USRN_PATTERN,
    FieldType.POSTCODE: identifiers.POSTCODE_PATTERN,
    FieldType.PHONE: "[+][0-9]{7,15}",
}
"""The form of each kind of number, for tools that know patterns and no check digits."""

_LOGICAL: Final[Mapping[FieldType, str]] = {
    FieldType.DATE: "date",
    FieldType.DATETIME: "timestamp",
    FieldType.BOOLEAN: "boolean",
    FieldType.INTEGER: "integer",
    FieldType.NUMBER: "number",
}
_CUSTOM: Final = ("type", "role", "synonyms", "onFailure", "earliest", "latest", "dateOrder")


def as_odcs(standard: Standard) -> dict[str, Any]:
    """Return a standard as a data contract, ready to be written as YAML."""
    return {
        "apiVersion": API_VERSION,
        "kind": "DataContract",
        "id": str(uuid5(NAMESPACE_URL, f"sharewell:standard:{standard.name}")),
        "name": standard.title,
        "version": standard.version,
        "status": "active",
        "description": {"purpose": standard.description or standard.title},
        "tags": ["sharewell", standard.name],
        "schema": [
            {
                "name": standard.name.replace("-", "_"),
                "physicalName": standard.name,
                "businessName": standard.title,
                "logicalType": "object",
                "physicalType": "table",
                "description": standard.description or standard.title,
                "properties": [_property(field, standard) for field in standard.fields],
                **_keys(standard),
            }
        ],
    }


def _keys(standard: Standard) -> dict[str, Any]:
    told = {"uniqueKeys": [list(key) for key in standard.unique_keys], "newestBy": standard.newest_by}
    custom = [{"property": f"sharewell:{key}", "value": value} for key, value in told.items() if value]
    return {"customProperties": custom} if custom else {}


def _property(field: Field, standard: Standard) -> dict[str, Any]:
    made: dict[str, Any] = {
        "name": field.name,
        "businessName": field.title,
        "logicalType": _LOGICAL.get(field.type, "string"),
        "physicalType": "text",
        "description": field.description,
        "required": field.required,
        "unique": field.unique,
        "classification": field.sensitivity.value,
        "examples": [field.example] if field.example else [],
        "logicalTypeOptions": _options(field),
        "quality": _quality(field),
        "customProperties": _custom(field),
    }
    if field.name in standard.primary_key:
        made["primaryKey"] = True
        made["primaryKeyPosition"] = standard.primary_key.index(field.name) + 1
    return {key: value for key, value in made.items() if value not in ("", [], {})}


def _options(field: Field) -> dict[str, Any]:
    constraints = field_document(field).get("constraints", {})
    kept = {
        key: constraints[key]
        for key in ("minLength", "maxLength", "minimum", "maximum")
        if key in constraints
    }
    pattern = field.bounds.pattern or PATTERNS.get(field.type)
    if pattern:
        kept["pattern"] = f"^(?:{pattern})$"
    if field.type is FieldType.EMAIL:
        kept["format"] = "email"
    days = {"minimum": field.earliest, "maximum": field.latest}
    return {**kept, **{key: day for key, day in days.items() if day and day != "today"}}


def _quality(field: Field) -> list[dict[str, Any]]:
    if not field.categories:
        return []
    codes = list(field.categories)
    return [
        {
            "type": "library",
            "metric": "invalidValues",
            "description": f"{field.title} is one of its codes.",
            "arguments": {"validValues": codes},
            "mustBe": 0,
            "unit": "rows",
        }
    ]


def _custom(field: Field) -> list[dict[str, Any]]:
    written = field_document(field)
    keys = [f"sharewell:{key}" for key in _CUSTOM if f"sharewell:{key}" in written]
    custom = [{"property": key, "value": written[key]} for key in keys]
    if field.categories:
        custom.append({"property": "sharewell:categories", "value": written["categories"]})
    return custom
