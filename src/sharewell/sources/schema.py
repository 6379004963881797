"""From a Table Schema document to a standard, and everything that may be wrong with one."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from sharewell.sources import schema_keys as keys
from sharewell.sources.contradict import require_sense, require_sense_together
from sharewell.sources.rules import RESERVED, normal_heading
from sharewell.sources.schema_keys import Broken
from sharewell.sources.terms import Bounds, DateOrder, Field, FieldType, OnFailure, Role, Standard
from sharewell.vocab.sensitivity import Sensitivity

_FIELD_NAME: Final = re.compile(r"[a-z][a-z0-9_]*")
_STANDARD_NAME: Final = re.compile(r"[a-z0-9][a-z0-9-]*")
_LONGEST_NAME: Final = 255
_OURS: Final = {
    *("type", "role", "synonyms", "sensitivity", "onFailure", "earliest", "latest"),
    *("confidence", "renamedFrom", "characters", "dateOrder"),
}
_TABLE_SCHEMA_TYPES: Final = {
    **dict.fromkeys(("string", "any", "time", "yearmonth", "duration", "list"), FieldType.TEXT),
    **dict.fromkeys(("object", "array", "geopoint", "geojson"), FieldType.TEXT),
    **dict.fromkeys(("integer", "year"), FieldType.INTEGER),
    "number": FieldType.NUMBER,
    "boolean": FieldType.BOOLEAN,
    "date": FieldType.DATE,
    "datetime": FieldType.DATETIME,
}
_DAYS: Final = (FieldType.DATE, FieldType.DATETIME)
_APART: Final = "Let each heading mean one field."


def parse_standard(document: object, stem: str, *, loose: bool = False) -> Standard:
    """Return the standard that a Table Schema document describes. Raises Broken.

    ``loose`` takes any Table Schema as it is: name, version and title may be absent, and its fields may be
    called what they like. A place's own standards and the shipped ones are held to our names.
    """
    if not isinstance(document, dict):
        raise Broken(None, "(file)", "is not a JSON object", "Write a Table Schema: an object with `fields`.")
    name = _standard_name(document, stem, loose=loose)
    fields = document.get("fields")
    if not isinstance(fields, list) or not fields:
        raise Broken(None, "fields", "is not a list of fields", "List at least one field.")
    parsed = tuple(_field(item, place, loose=loose) for place, item in enumerate(fields, 1))
    _require_distinct(parsed)
    require_sense_together(parsed)
    return _standard(document, name, parsed, loose=loose)


def _standard_name(document: Mapping[str, Any], stem: str, *, loose: bool) -> str:
    if loose:
        told = document.get("name")
        wanted = told if isinstance(told, str) and told.strip() else stem
        return re.sub("[^a-z0-9]+", "-", wanted.lower()).strip("-") or "standard"
    name = keys.text(document, "name", None)
    if name != stem or not _STANDARD_NAME.fullmatch(name):
        raise Broken(None, "name", "is not the file's name", f'Write "name": "{stem}".')
    return name


def _standard(document: Mapping[str, Any], name: str, fields: tuple[Field, ...], *, loose: bool) -> Standard:
    names = {field.name for field in fields}
    spare = {"version": "1", "title": name} if loose else {}
    unique = document.get("uniqueKeys", [])
    if not isinstance(unique, list):
        raise Broken(None, "uniqueKeys", "is no list of keys", 'Write a list such as [["a", "b"]].')
    return Standard(
        name,
        keys.text(document, "version", None, spare.get("version")),
        keys.text(document, "title", None, spare.get("title")),
        keys.text(document, "description", None, ""),
        fields,
        primary_key=keys.key_of(document.get("primaryKey", []), "primaryKey", names),
        unique_keys=tuple(keys.key_of(item, "uniqueKeys", names) for item in unique),
        newest_by=_newest_by(document, names),
    )


def _newest_by(document: Mapping[str, Any], names: set[str]) -> str | None:
    newest = keys.key_of(document.get("sharewell:newestBy", []), "sharewell:newestBy", names)
    if len(newest) > 1:
        raise Broken(newest[1], "sharewell:newestBy", "is a second field that says so", "Name one field.")
    return newest[0] if newest else None


def _require_distinct(fields: Sequence[Field]) -> None:
    """Refuse two fields of one name, and one heading that would mean two fields."""
    names = {normal_heading(field.name) for field in fields}
    owners: dict[str, str] = {}
    for field in fields:
        if sum(other.name == field.name for other in fields) > 1:
            raise Broken(field.name, "name", "is the name of two fields", _APART)
        for text in {normal_heading(text) for text in (field.name, field.title, *field.synonyms)}:
            other = owners.setdefault(text, field.name)
            if other != field.name or (text in names and text != normal_heading(field.name)):
                what = f"has a heading of another field, '{other}'"
                raise Broken(field.name, "sharewell:synonyms", what, _APART)


def _field(item: object, place: int, *, loose: bool) -> Field:
    if not isinstance(item, dict):
        raise Broken(None, f"fields[{place}]", "is not an object", "Write a field as an object with `name`.")
    name = keys.text(item, "name", f"field {place}")
    if name.lower() in RESERVED or len(name) > _LONGEST_NAME or not (loose or _FIELD_NAME.fullmatch(name)):
        raise Broken(name, "name", "is not a field name", "Use snake_case; source_row and line are taken.")
    _refuse_unknown_keys(item, name)
    made = _made(item, name, _type(item, name))
    require_sense(made, item)
    return made


def _made(item: Mapping[str, Any], name: str, kind: FieldType) -> Field:
    required = keys.flag(item, "required", name)
    failing = OnFailure.SET_ASIDE if required else OnFailure.BLANK
    earliest, latest = _day_bounds(item, name, kind)
    return Field(
        name=name,
        type=kind,
        title=keys.text(item, "title", name, name).strip() or name,
        description=keys.text(item, "description", name, ""),
        required=required,
        role=keys.one_of(Role, item, "sharewell:role", name),
        synonyms=keys.texts(item.get("sharewell:synonyms", []), "sharewell:synonyms", name),
        categories=_codes(item, name, kind),
        sensitivity=keys.one_of(Sensitivity, item, "sharewell:sensitivity", name) or Sensitivity.PERSONAL,
        on_failure=keys.one_of(OnFailure, item, "sharewell:onFailure", name) or failing,
        earliest=earliest,
        latest=latest,
        unique=keys.flag(item, "unique", name),
        example=_example(item, name),
        bounds=_bounds(item, name, kind),
        characters=keys.characters(item, name),
        date_order=keys.one_of(DateOrder, item, "sharewell:dateOrder", name),
    )


def _example(item: Mapping[str, Any], name: str) -> str:
    value = item.get("example", "")
    if isinstance(value, bool):
        return str(value).lower()
    if not isinstance(value, str | int | float):
        raise Broken(name, "example", "is no single value", "Write one made-up value.")
    return str(value)


def _day_bounds(item: Mapping[str, Any], name: str, kind: FieldType) -> tuple[str | None, str | None]:
    """Return the first and last day allowed: our own keys, or else Table Schema's minimum and maximum."""
    plain = [keys.day_bound(item, which, name) if kind in _DAYS else None for which in ("minimum", "maximum")]
    ours = [keys.day(item, f"sharewell:{which}", name) for which in ("earliest", "latest")]
    return ours[0] or plain[0], ours[1] or plain[1]


def _bounds(item: Mapping[str, Any], name: str, kind: FieldType) -> Bounds:
    ends = ("minimum", "maximum")
    least, most = (None if kind in _DAYS else keys.amount(item, end, name) for end in ends)
    shortest, longest = (keys.whole(item, which, name) for which in ("minLength", "maxLength"))
    return Bounds(keys.pattern(item, name), shortest, longest, least, most)


def _codes(item: Mapping[str, Any], name: str, kind: FieldType) -> dict[str, tuple[str, ...]]:
    """Return a field's codes: its categories, its enum, or its own words for true and false."""
    if "categories" in item:
        return keys.categories(item["categories"], name)
    if kind is FieldType.BOOLEAN:
        told = {"true": item.get("trueValues", []), "false": item.get("falseValues", [])}
        words = {code: keys.texts(value, f"{code}Values", name) for code, value in told.items()}
        return words if any(words.values()) else {}
    listed = keys.constraint(item, "enum", name)
    return keys.categories(listed, name) if listed and kind is FieldType.CODE else {}


def _refuse_unknown_keys(item: Mapping[str, Any], name: str) -> None:
    for key in item:
        if key.startswith("sharewell:") and key.removeprefix("sharewell:") not in _OURS:
            known = ", ".join(f"sharewell:{ours}" for ours in sorted(_OURS))
            raise Broken(name, key, "is no key of ours", f"Use one of {known}.")


def _type(item: Mapping[str, Any], name: str) -> FieldType:
    told = keys.one_of(FieldType, item, "sharewell:type", name)
    plain = item.get("type", "string")
    if not isinstance(plain, str) or plain not in _TABLE_SCHEMA_TYPES:
        raise Broken(name, "type", "is no type we read", f"Use one of {', '.join(_TABLE_SCHEMA_TYPES)}.")
    if told:
        return told
    if item.get("format") == "email" and plain == "string":
        return FieldType.EMAIL
    found = _TABLE_SCHEMA_TYPES[plain]
    listed = item.get("categories") or keys.constraint(item, "enum", name)
    return FieldType.CODE if listed and found in (FieldType.TEXT, FieldType.INTEGER) else found
