"""The SQL of cleaning: joins of the mapped table with the tables of decisions, alike on every engine."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sharewell.sources.terms import Field, FieldType, OnFailure, Role, Standard
from sharewell.store.engine import Relation, literal, quoted

POSTCODE_RULE = "postcode_in_address"
_NO_PROBLEMS = "SELECT NULL::BIGINT AS source_row, 0 AS place, '' AS reason, '' AS field WHERE FALSE"
_NO_CHANGES = (
    "SELECT NULL::BIGINT AS source_row, '' AS \"column\", '' AS before, '' AS after, '' AS rule,"
    " '' AS verdict WHERE FALSE"
)


@dataclass(frozen=True)
class Column:
    """A field with the table of decisions about its values (None when all were right).

    ``for_empty`` is the code that an empty cell stands for, when the standard says so.
    """

    field: Field
    decisions: str | None
    for_empty: str | None = None

    @property
    def name(self) -> str:
        """Return the column's name, quoted for SQL."""
        return quoted(self.field.name)

    def joined(self, row: str) -> str:
        """Return the value of the row that decisions are joined on."""
        return f"coalesce({row}.{self.name}, '')" if self.for_empty is not None else f"{row}.{self.name}"

    @property
    def sets_aside(self) -> bool:
        """Return whether a failure here can set the row aside."""
        return self.field.required or self.field.on_failure is OnFailure.SET_ASIDE


def problems_query(mapped: str, columns: Sequence[Column]) -> str:
    """Return the query for what sets rows aside: source_row, place of the field, reason, field."""
    parts = [_NO_PROBLEMS]
    for place, column in enumerate(columns):
        if not column.sets_aside:
            continue
        missing = f"missing_required_{column.field.name}"
        field = literal(column.field.name)
        told = f"{place} AS place, {{}} AS reason, {field} AS field FROM {quoted(mapped)} AS m"
        if column.field.required and column.for_empty is None:
            empty = f"m.{column.name} IS NULL OR m.{column.name} = ''"
            parts.append(f"SELECT m.source_row, {told.format(literal(missing))} WHERE {empty}")
        if column.decisions:
            parts.append(_undecided(column, told, missing))
    return " UNION ALL ".join(parts)


def _undecided(column: Column, told: str, missing: str) -> str:
    """Return the query for rows whose value was blanked; nothing known fails a required field only."""
    reason = f"CASE WHEN d.rule = 'missing_marker' THEN {literal(missing)} ELSE d.rule END"
    only = "" if column.field.required else " AND d.rule <> 'missing_marker'"
    return (
        f"SELECT m.source_row, {told.format(reason)} JOIN {quoted(column.decisions or '')} AS d"
        f" ON {column.joined('m')} = d.before WHERE d.after IS NULL{only}"
    )


def aside_query(mapped: str, problems: str, standard: Standard) -> str:
    """Return the query for the rows set aside, with their reasons and fields in the standard's order."""
    fields = ", ".join(f"{quoted(name)} := m.{quoted(name)}" for name in standard.names)
    return (
        "SELECT m.source_row, m.line, p.reasons, p.columns,"
        f" CAST(to_json(struct_pack({fields})) AS VARCHAR) AS raw FROM {quoted(mapped)} AS m JOIN ("
        "SELECT source_row, list(reason ORDER BY place) AS reasons, list(field ORDER BY place) AS columns"
        f" FROM {quoted(problems)} GROUP BY source_row) AS p ON m.source_row = p.source_row"
    )


def kept_query(mapped: Relation, problems: str, columns: Sequence[Column], standard: Standard) -> str:
    """Return the query for the kept rows, each cell as it was decided, the postcode off the address's end."""
    decided = {column.field.name: _value(column, place) for place, column in enumerate(columns)}
    cells = [f"{decided.get(name, f'm.{quoted(name)}')} AS {quoted(name)}" for name in mapped.columns]
    joins = [
        f" LEFT JOIN {quoted(column.decisions)} AS d{place} ON {column.joined('m')} = d{place}.before"
        for place, column in enumerate(columns)
        if column.decisions
    ]
    rows = (
        f"SELECT {', '.join(cells)} FROM {quoted(mapped.name)} AS m{''.join(joins)}"
        f" ANTI JOIN {quoted(problems)} AS p ON m.source_row = p.source_row"
    )
    lines, postcode = addresses_of(standard)
    shortened = {field.name: without_postcode(field, postcode) for field in lines} if postcode else {}
    if not shortened:
        return rows
    finals = [f"{shortened.get(name, quoted(name))} AS {quoted(name)}" for name in mapped.columns]
    return f"SELECT {', '.join(finals)} FROM ({rows})"


def _value(column: Column, place: int) -> str:
    mapped = f"nullif(m.{column.name}, '')"
    if column.decisions is None:
        return mapped
    return f"CASE WHEN d{place}.rule IS NULL THEN {mapped} ELSE d{place}.after END"


def addresses_of(standard: Standard) -> tuple[tuple[Field, ...], Field | None]:
    """Return the standard's address fields and the field of the postcode that belongs to them."""
    lines = tuple(field for field in standard.fields if field.type is FieldType.ADDRESS)
    return lines, next(iter(standard.with_role(Role.POSTCODE)), None)


def without_postcode(field: Field, postcode: Field) -> str:
    """Return SQL for an address without the row's own postcode at its end.

    Only the very postcode of the row goes: another one may be information. An optional line that is nothing
    but the postcode becomes empty.
    """
    address, code = quoted(field.name), quoted(postcode.name)
    may_end_so = f"regexp_matches({address}, '[0-9] ?[A-Za-z][A-Za-z][ .,]*$')"
    bare = f"rtrim(upper(replace({address}, ' ', '')), '.,')"
    ends = f"ends_with({bare}, replace({code}, ' ', ''))"
    spaced = f"replace({code}, ' ', ' ?')"
    cut = f"regexp_replace({address}, '(?i)([, ]+' || {spaced} || '[ .,]*)+$', '')"
    alone = "" if field.required else f"WHEN {bare} = replace({code}, ' ', '') THEN NULL"
    inner = f"CASE {alone} WHEN {ends} THEN {cut} ELSE {address} END"
    return f"CASE WHEN {may_end_so} THEN {inner} ELSE {address} END"


def changes_query(mapped: str, kept: str, columns: Sequence[Column], standard: Standard) -> str:
    """Return the query for every changed cell of the kept rows, with its rules and verdict."""
    lines, postcode = addresses_of(standard)
    parts = [_NO_CHANGES]
    for column in columns:
        if postcode and column.field in lines:
            parts.append(_compared(column, mapped, kept))
        elif column.decisions:
            parts.append(_joined(column, mapped, kept))
    return " UNION ALL ".join(parts)


def _joined(column: Column, mapped: str, kept: str) -> str:
    return (
        f"SELECT m.source_row, {literal(column.field.name)}, nullif(m.{column.name}, ''), d.after, d.rule,"
        f" d.verdict FROM {quoted(mapped)} AS m JOIN {quoted(column.decisions or '')} AS d"
        f" ON {column.joined('m')} = d.before SEMI JOIN {quoted(kept)} AS k ON m.source_row = k.source_row"
        f" WHERE nullif(m.{column.name}, '') IS DISTINCT FROM d.after"
    )


def _compared(column: Column, mapped: str, kept: str) -> str:
    """Return the changes of a column that depends on another cell of the row, by comparing both tables."""
    decisions = (
        quoted(column.decisions) if column.decisions else "(SELECT '' AS before, '' AS after, '' AS rule)"
    )
    stripped = f"CASE WHEN d.rule IS NULL OR d.after IS DISTINCT FROM k.{column.name} THEN"
    return (
        f"SELECT m.source_row, {literal(column.field.name)}, m.{column.name}, k.{column.name},"
        f" concat_ws('+', d.rule, {stripped} {literal(POSTCODE_RULE)} END),"
        f" CASE WHEN k.{column.name} IS NULL THEN 'blanked' ELSE 'repaired' END"
        f" FROM {quoted(mapped)} AS m JOIN {quoted(kept)} AS k ON m.source_row = k.source_row"
        f" LEFT JOIN {decisions} AS d ON m.{column.name} = d.before"
        f" WHERE nullif(m.{column.name}, '') IS DISTINCT FROM k.{column.name}"
    )
