"""From a Table Schema document to a standard, and everything that may be wrong with one."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import Any, Final, TypeVar

from sharewell.sources.rules import RESERVED, normal_heading
from sharewell.sources.terms import Field, FieldType, OnFailure, Role, Standard
from sharewell.vocab.sensitivity import Sensitivity

Kind = TypeVar("Kind", bound=StrEnum)

_FIELD_NAME: Final = re.compile(r"[a-z][a-z0-9_]*")
_STANDARD_NAME: Final = re.compile(r"[a-z0-9][a-z0-9-]*")
_OURS: Final = {"type", "role", "synonyms", "sensitivity", "onFailure", "earliest", "latest"}
_TABLE_SCHEMA_TYPES: Final = {
    "string": FieldType.TEXT,
    "any": FieldType.TEXT,
    "integer": FieldType.INTEGER,
    "number": FieldType.NUMBER,
    "boolean": FieldType.BOOLEAN,
    "date": FieldType.DATE,
    "datetime": FieldType.DATETIME,
}


class Broken(Exception):
    """A key of a standard that cannot be used: where, what is wrong, what to write instead."""

    def __init__(self, field: str | None, key: str, what: str, instead: str) -> None:
        super().__init__(key)
        self.field, self.key, self.what, self.instead = field, key, what, instead


def parse_standard(document: object, stem: str) -> Standard:
    """Return the standard that a Table Schema document describes. Raises Broken."""
    if not isinstance(document, dict):
        raise Broken(None, "(file)", "is not a JSON object", "Write a Table Schema: an object with `fields`.")
    name = _text(document, "name", None)
    if name != stem or not _STANDARD_NAME.fullmatch(name):
        raise Broken(None, "name", "is not the file's name", f'Write "name": "{stem}".')
    fields = document.get("fields")
    if not isinstance(fields, list) or not fields:
        raise Broken(None, "fields", "is not a list of fields", "List at least one field.")
    parsed = tuple(_field(item, place) for place, item in enumerate(fields, 1))
    _require_distinct(parsed)
    version, title = _text(document, "version", None), _text(document, "title", None)
    return Standard(name, version, title, _text(document, "description", None, ""), parsed)


def _require_distinct(fields: Sequence[Field]) -> None:
    """Refuse two fields of one name, and one heading that would mean two fields."""
    names = {normal_heading(field.name) for field in fields}
    owners: dict[str, str] = {}
    for field in fields:
        for text in {normal_heading(text) for text in (field.name, field.title, *field.synonyms)}:
            other = owners.setdefault(text, field.name)
            if other != field.name or (text in names and text != normal_heading(field.name)):
                raise Broken(
                    field.name, "sharewell:synonyms", f"has a heading of another field, '{other}'", _APART
                )
        if sum(other.name == field.name for other in fields) > 1:
            raise Broken(field.name, "name", "is the name of two fields", _APART)


_APART: Final = "Let each heading mean one field."


def _field(item: object, place: int) -> Field:
    if not isinstance(item, dict):
        raise Broken(None, f"fields[{place}]", "is not an object", "Write a field as an object with `name`.")
    name = _text(item, "name", f"field {place}")
    if not _FIELD_NAME.fullmatch(name) or name in RESERVED:
        raise Broken(name, "name", "is not a field name", "Use snake_case; source_row and line are taken.")
    _refuse_unknown_keys(item, name)
    kind = _type(item, name)
    return Field(
        name=name,
        type=kind,
        title=_text(item, "title", name, name),
        description=_text(item, "description", name, ""),
        required=_required(item, name),
        role=_one_of(Role, item, "sharewell:role", name),
        synonyms=_texts(item.get("sharewell:synonyms", []), "sharewell:synonyms", name),
        categories=_categories(item.get("categories", []), name),
        sensitivity=_one_of(Sensitivity, item, "sharewell:sensitivity", name) or Sensitivity.PERSONAL,
        on_failure=_one_of(OnFailure, item, "sharewell:onFailure", name) or OnFailure.BLANK,
        earliest=_day(item, "sharewell:earliest", name),
        latest=_day(item, "sharewell:latest", name),
    )


def _refuse_unknown_keys(item: Mapping[str, Any], name: str) -> None:
    for key in item:
        if key.startswith("sharewell:") and key.removeprefix("sharewell:") not in _OURS:
            known = ", ".join(f"sharewell:{ours}" for ours in sorted(_OURS))
            raise Broken(name, key, "is no key of ours", f"Use one of {known}.")


def _type(item: Mapping[str, Any], name: str) -> FieldType:
    told = _one_of(FieldType, item, "sharewell:type", name)
    plain = item.get("type", "string")
    if plain not in _TABLE_SCHEMA_TYPES:
        raise Broken(name, "type", "is no type we read", f"Use one of {', '.join(_TABLE_SCHEMA_TYPES)}.")
    if told:
        return told
    return FieldType.CODE if item.get("categories") else _TABLE_SCHEMA_TYPES[plain]


def _required(item: Mapping[str, Any], name: str) -> bool:
    constraints = item.get("constraints", {})
    required = constraints.get("required", False) if isinstance(constraints, dict) else None
    if not isinstance(required, bool):
        raise Broken(name, "constraints.required", "is neither true nor false", "Write true or false.")
    return required


def _text(item: Mapping[str, Any], key: str, field: str | None, default: str | None = None) -> str:
    value = item.get(key, default)
    if not isinstance(value, str) or (default is None and not value.strip()):
        raise Broken(field, key, "is missing or is no text", f"Write a text for `{key}`.")
    return value


def _texts(value: object, key: str, field: str, *, or_blank: bool = False) -> tuple[str, ...]:
    """Read a list of texts; a code's synonym may be blank, where an empty cell has a meaning."""
    if not isinstance(value, list) or not all(
        isinstance(text, str) and (text.strip() or (or_blank and not text)) for text in value
    ):
        raise Broken(field, key, "is not a list of texts", 'Write a list such as ["d.o.b", "DOB"].')
    return tuple(value)


def _one_of(kind: type[Kind], item: Mapping[str, Any], key: str, field: str) -> Kind | None:
    if key not in item:
        return None
    try:
        return kind(item[key])
    except ValueError:
        raise Broken(field, key, "has a value we do not know", f"Use one of {', '.join(kind)}.") from None


def _categories(value: object, field: str) -> dict[str, tuple[str, ...]]:
    """Read code lists: ``["1", "2"]`` or ``[{"value": "1", "label": "Male"}]``, codes as text."""
    if not isinstance(value, list):
        raise Broken(field, "categories", "is not a list", "List objects with `value` and `label`.")
    found: dict[str, tuple[str, ...]] = {}
    for item in value:
        entry = item if isinstance(item, dict) else {"value": item}
        code = entry.get("value")
        if isinstance(code, bool) or not isinstance(code, str | int) or str(code) in found:
            raise Broken(
                field, "categories", "has a missing or repeated value", "Give each code once, as text."
            )
        label = (_text(entry, "label", field),) if "label" in entry else ()
        found[str(code)] = (
            *label,
            *_texts(entry.get("sharewell:synonyms", []), "categories", field, or_blank=True),
        )
    return found


def _day(item: Mapping[str, Any], key: str, field: str) -> str | None:
    if key not in item:
        return None
    value = item[key]
    try:
        return value if value == "today" else date.fromisoformat(value).isoformat()
    except (TypeError, ValueError):
        raise Broken(field, key, 'is neither a date nor "today"', "Write it as 1900-01-02.") from None
