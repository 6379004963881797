"""What the columns of a release are called, and what its data dictionary says of each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from sharewell.agreements.terms import Level
from sharewell.releases.rows import Part
from sharewell.releases.terms import ColumnNote, Dataset, Decision, FieldDecision

REFERENCE = "reference"
YOUR_LIST, YOUR_ROW = "your_list", "your_row"
TABLE_COLUMNS = ("field", "value", "count")
_TAKEN = (REFERENCE, YOUR_LIST, YOUR_ROW, "person", *TABLE_COLUMNS, "row_hash", "people_alike")


def shown_fields(parts: Mapping[str, Part]) -> tuple[tuple[str, Part, FieldDecision], ...]:
    """Return every field that leaves, with its column name and its list.

    A column is called by its field, or ``<dataset>_<field>`` where two lists show a field of that name.
    """
    fields = [(part, item) for part in parts.values() for item in part.decided.shown]
    often = Counter([*(item.field.lower() for _, item in fields), *_TAKEN])
    names: dict[str, tuple[Part, FieldDecision]] = {}
    for part, item in fields:
        alone = often[item.field.lower()] == 1
        name = item.field if alone else f"{part.dataset.name}_{item.field}"
        while name in names or (not alone and often[name.lower()]):
            name += "_"
        names[name] = (part, item)
    return tuple((name, part, item) for name, (part, item) in names.items())


def key_columns(level: Level) -> tuple[str, ...]:
    """Return the columns that say which person a row is about, in the recipient's terms."""
    if level is Level.AGGREGATE:
        return ()
    return (YOUR_LIST, YOUR_ROW) if level is Level.EXISTENCE else (REFERENCE,)


def visible_columns(decision: Decision, parts: Mapping[str, Part]) -> tuple[str, ...]:
    """Return the columns a recipient sees, in order."""
    if decision.level is Level.AGGREGATE:
        return TABLE_COLUMNS
    return (*key_columns(decision.level), *(name for name, _, _ in shown_fields(parts)))


def describe_columns(decision: Decision, parts: Mapping[str, Part]) -> tuple[ColumnNote, ...]:
    """Return the data dictionary of a release, one note a column.

    At the aggregate level there is one note a row of the ``field`` column, since every field shares three
    columns.
    """
    fields = tuple(
        ColumnNote(
            name,
            _title(part.dataset, item),
            str(item.form),
            item.why,
            item.clause,
            part.dataset.name,
            item.field,
        )
        for name, part, item in shown_fields(parts)
    )
    return (*_KEY_NOTES[decision.level], *fields)


def _title(dataset: Dataset, item: FieldDecision) -> str:
    field = dataset.standard.field(item.field)
    return field.title if field else item.field.replace("_", " ").capitalize()


def _key(name: str, title: str, form: str, why: str) -> ColumnNote:
    return ColumnNote(name, title, form, why, "use", "", "")


_REFERENCE = _key(
    REFERENCE,
    "Reference",
    "pseudonym",
    "One person in every release of this agreement; it means nothing under another agreement.",
)
_KEY_NOTES: Mapping[Level, tuple[ColumnNote, ...]] = {
    Level.IDENTIFIABLE: (_REFERENCE,),
    Level.PSEUDONYMISED: (_REFERENCE,),
    Level.EXISTENCE: (
        _key(YOUR_LIST, "Your list", "key", "The list you gave."),
        _key(YOUR_ROW, "Your row", "key", "The record of that list, counted from 1 after the header."),
    ),
    Level.AGGREGATE: (
        _key("field", "Field", "key", "What was counted."),
        _key("value", "Value", "key", "The group that was counted; 'total' adds up the groups shown."),
        _key("count", "Count", "count", "People, rounded; 'suppressed' where too few to show."),
    ),
}
