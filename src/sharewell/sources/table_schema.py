"""A standard as a Table Schema document (Data Package v2): what its file says, key by key."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from sharewell.sources.terms import Field, FieldType, OnFailure, Standard

PROFILE: Final = "https://datapackage.org/profiles/2.0/tableschema.json"
PLAIN_TYPES: Final[Mapping[FieldType, str]] = {
    FieldType.DATE: "date",
    FieldType.DATETIME: "datetime",
    FieldType.BOOLEAN: "boolean",
    FieldType.INTEGER: "integer",
    FieldType.NUMBER: "number",
}
"""Table Schema's own types for ours; every other field is a string."""


def as_table_schema(standard: Standard) -> dict[str, Any]:
    """Return the document of a standard; reading it again gives the same standard."""
    document: dict[str, Any] = {
        "$schema": PROFILE,
        "name": standard.name,
        "version": standard.version,
        "title": standard.title,
        "description": standard.description,
        "missingValues": [""],
    }
    if standard.primary_key:
        document["primaryKey"] = list(standard.primary_key)
    if standard.unique_keys:
        document["uniqueKeys"] = [list(key) for key in standard.unique_keys]
    if standard.newest_by:
        document["sharewell:newestBy"] = standard.newest_by
    return {**document, "fields": [field_document(field) for field in standard.fields]}


def field_document(field: Field) -> dict[str, Any]:
    """Return the document of one field, without what it does not say."""
    written: dict[str, Any] = {
        "name": field.name,
        "type": PLAIN_TYPES.get(field.type, "string"),
        "title": field.title,
        "description": field.description,
        "example": field.example,
        "constraints": _constraints(field),
        "categories": [_category(code, words) for code, words in field.categories.items()],
        "sharewell:type": field.type.value,
        "sharewell:role": field.role.value if field.role else "",
        "sharewell:synonyms": list(field.synonyms),
        "sharewell:characters": list(field.characters or ()),
    }
    days = {"sharewell:earliest": field.earliest, "sharewell:latest": field.latest}
    days |= {"sharewell:dateOrder": field.date_order.value if field.date_order else None}
    always = {
        "sharewell:sensitivity": field.sensitivity.value,
        "sharewell:onFailure": _on_failure(field).value,
    }
    return {key: value for key, value in {**written, **always, **days}.items() if value}


def _on_failure(field: Field) -> OnFailure:
    return OnFailure.SET_ASIDE if field.required else field.on_failure


def _constraints(field: Field) -> dict[str, Any]:
    bounds = field.bounds
    told = {
        "required": field.required or None,
        "unique": field.unique or None,
        "pattern": bounds.pattern,
        "minLength": bounds.shortest,
        "maxLength": bounds.longest,
        "minimum": _number(bounds.least),
        "maximum": _number(bounds.most),
    }
    return {key: value for key, value in told.items() if value is not None}


def _number(text: str | None) -> int | float | str | None:
    """Return a bound as a JSON number; as its text where a binary number would not be quite the same."""
    if text is None:
        return None
    amount = Decimal(text)
    if amount == amount.to_integral_value():
        return int(amount)
    return float(amount) if Decimal(str(float(amount))) == amount else text


def _category(code: str, words: tuple[str, ...]) -> dict[str, Any]:
    label = words[0] if words and words[0] else None
    others = list(words[1:] if label else words)
    told = {"label": label, "sharewell:synonyms": others}
    return {"value": code} | {key: value for key, value in told.items() if value}
