"""The SQL of cleaning: plain tests, joins and counts over the mapped table, alike on every engine.

The tables made on the way: ``cells_N`` holds the cells of field N that are not canonical, ``decided_N`` what
was decided about their distinct values, ``found`` every changed cell, ``fixes`` the same one row a row,
``problems`` why rows are set aside.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sharewell.cleaning.compile import Recipe
from sharewell.sources.terms import Field, FieldType, OnFailure, Role, Standard
from sharewell.store.engine import literal, quoted

POSTCODE_RULE = "postcode_in_address"
NO_TEXT_RULE = "empty_text"
_NO_PROBLEMS = "SELECT CAST(NULL AS BIGINT) AS source_row, 0 AS place, '' AS reason, '' AS field WHERE 1 = 0"
_NOTHING_FOUND = (
    "SELECT CAST(NULL AS BIGINT) AS source_row, 0 AS place, '' AS before, '' AS after, '' AS rule,"
    " '' AS verdict WHERE 1 = 0"
)


@dataclass(frozen=True)
class Column:
    """A field with its place in the standard, its cells that are not canonical and what was decided.

    ``cells`` and ``decisions`` are tables, None when every cell was right.
    """

    field: Field
    place: int
    cells: str | None = None
    decisions: str | None = None
    fills_empty: bool = False

    @property
    def is_changed(self) -> bool:
        """Return whether any cell of it may have been changed; an address may lose its postcode."""
        return self.decisions is not None or self.field.type is FieldType.ADDRESS

    @property
    def name(self) -> str:
        """Return the column's name, quoted for SQL."""
        return quoted(self.field.name)

    @property
    def sets_aside(self) -> bool:
        """Return whether a failure here can set the row aside."""
        return self.field.required or self.field.on_failure is OnFailure.SET_ASIDE


def failing_cells(made: Recipe, field: Field, mapped: str) -> str:
    """Return the query for the cells of a field that are not canonical and valid, by ``made.failing``'s test.

    ``v`` is the cell; where an empty cell stands for a code, ``v`` is '' for one and ``raw`` is the cell.
    """
    v = quoted(field.name)
    cells = f"SELECT source_row, {v} AS v FROM {quoted(mapped)} WHERE length({v}) > 0"
    failing = (
        f"SELECT source_row, v FROM (SELECT source_row, v, {made.number()} AS n FROM ({cells}) AS c) AS t"
        f" WHERE n IS NULL OR NOT ({made.check})"
    )
    if made.for_empty is None:
        return failing
    empty = f"SELECT source_row, '' AS v, {v} AS raw FROM {quoted(mapped)} WHERE {v} IS NULL OR {v} = ''"
    return f"SELECT source_row, v, v AS raw FROM ({failing}) AS f UNION ALL {empty}"


def found_query(columns: Sequence[Column]) -> str:
    """Return the query for every changed cell of every row: what it was, what it becomes, by which rules."""
    parts = [_NOTHING_FOUND]
    parts += [_found_in(column) for column in columns if column.decisions and column.cells]
    return " UNION ALL ".join(parts)


def _found_in(column: Column) -> str:
    before = "c.raw" if column.fills_empty else "c.v"
    return (
        f"SELECT c.source_row, {column.place} AS place, {before} AS before, d.after, d.rule,"
        f" {_verdict(column)} AS verdict FROM {quoted(column.cells or '')} AS c"
        f" JOIN {quoted(column.decisions or '')} AS d ON c.v = d.before"
    )


def _verdict(column: Column) -> str:
    """Return SQL for a decision's verdict: a field that may not fail takes its row with it."""
    if not column.sets_aside:
        return "d.verdict"
    only = "" if column.field.required else " AND d.rule <> 'missing_marker'"
    return f"CASE WHEN d.after IS NULL{only} THEN 'set_aside' ELSE d.verdict END"


def mixed_blanks_query(columns: Sequence[Column], mapped: str) -> str:
    """Return the query for the number of missing cells and of cells with no text, for each column."""
    counted = ", ".join(
        f"count(*) - count({column.name}) AS n{column.place},"
        f" count(CASE WHEN {column.name} = '' THEN 1 END) AS e{column.place}"
        for column in columns
    )
    return f"SELECT {counted} FROM {quoted(mapped)}"


def no_text_query(column: Column, mapped: str) -> str:
    """Return the query for cells with no text in a column that has missing cells too, as changes."""
    return (
        f"SELECT source_row, {column.place} AS place, '' AS before, NULL AS after,"
        f" {literal(NO_TEXT_RULE)} AS rule, 'blanked' AS verdict"
        f" FROM {quoted(mapped)} WHERE length({column.name}) = 0"
    )


def problems_query(mapped: str, found: str, columns: Sequence[Column]) -> str:
    """Return the query for what sets rows aside: source_row, place of the field, reason, field."""
    parts = [_NO_PROBLEMS]
    for column in columns:
        if not column.sets_aside:
            continue
        missing = f"missing_required_{column.field.name}"
        told = f"{column.place} AS place, {{}} AS reason, {literal(column.field.name)} AS field"
        if column.field.required and not column.fills_empty:
            empty = f"{column.name} IS NULL OR {column.name} = ''"
            parts.append(
                f"SELECT source_row, {told.format(literal(missing))} FROM {quoted(mapped)} WHERE {empty}"
            )
        reason = f"CASE WHEN rule = 'missing_marker' THEN {literal(missing)} ELSE rule END"
        parts.append(
            f"SELECT source_row, {told.format(reason)} FROM {quoted(found)}"
            f" WHERE place = {column.place} AND verdict = 'set_aside'"
        )
    return " UNION ALL ".join(parts)


def fixes_query(found: str, columns: Sequence[Column]) -> str:
    """Return the query for the changed cells, one row for each row that has any."""
    cells = ", ".join(
        f"max(CASE WHEN place = {column.place} THEN after END) AS a{column.place},"
        f" max(CASE WHEN place = {column.place} THEN 1 END) AS h{column.place}"
        for column in columns
    )
    return f"SELECT source_row, {cells} FROM {quoted(found)} GROUP BY source_row"


def cleaned_query(
    mapped: str, names: Sequence[str], fixes: str, columns: Sequence[Column], only: str | None = None
) -> str:
    """Return the query for every row, usable or not, with some of its columns as they were decided.

    ``only`` names a table of the ``source_row`` of the rows that are wanted.
    """
    decided = {column.field.name: column for column in columns}
    cells = ", ".join(f"{_cell(name, decided.get(name))} AS {quoted(name)}" for name in names)
    rows = f"SELECT {cells} FROM {quoted(mapped)} AS m"
    if only is not None:
        some = f"SELECT w.* FROM {quoted(mapped)} AS w SEMI JOIN {quoted(only)} AS o"
        rows = f"SELECT {cells} FROM ({some} ON o.source_row = w.source_row) AS m"
    if not any(decided[name].is_changed for name in names if name in decided):
        return rows
    return f"{rows} LEFT JOIN {quoted(fixes)} AS f ON m.source_row = f.source_row"


def _cell(name: str, column: Column | None) -> str:
    if column is None:
        return f"m.{quoted(name)}"
    as_it_came = f"nullif(m.{column.name}, '')"
    if not column.is_changed:
        return as_it_came
    return f"CASE WHEN f.h{column.place} = 1 THEN f.a{column.place} ELSE {as_it_came} END"


def kept_query(cleaned: str, problems: str) -> str:
    """Return the query for the rows kept."""
    return (
        f"SELECT r.* FROM ({cleaned}) AS r ANTI JOIN {quoted(problems)} AS p ON r.source_row = p.source_row"
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


def changes_query(found: str, columns: Sequence[Column]) -> str:
    """Return the query for every changed cell of kept and set-aside rows, by the column's name."""
    names = " ".join(f"WHEN {column.place} THEN {literal(column.field.name)}" for column in columns)
    return (
        f'SELECT source_row, CASE place {names} END AS "column", before, after, rule, verdict'
        f" FROM {quoted(found)}"
    )


def addresses_of(standard: Standard) -> tuple[tuple[Field, ...], Field | None]:
    """Return the standard's address fields and the field of the postcode that belongs to them."""
    lines = tuple(field for field in standard.fields if field.type is FieldType.ADDRESS)
    return lines, next(iter(standard.with_role(Role.POSTCODE)), None)


def stripped_query(mapped: str, found: str, address: Column, postcode: Column) -> str:
    """Return the query for the addresses of a column that end in their row's own postcode, as changes."""
    line, code = address.name, postcode.name
    # a plain test of every address first: the joins and the other tests are for the few that pass it
    may_end_so = f"SELECT source_row FROM {quoted(mapped)} WHERE {_ends_like_postcode(line)}"
    mended_so = f"SELECT source_row FROM {quoted(found)} WHERE place = {address.place}"
    some = f"{may_end_so} UNION {mended_so} AND {_ends_like_postcode('after')}"
    rows = (
        f"SELECT m.source_row, m.{line} AS before, a.rule,"
        f" {_or_found('a', f'm.{line}')} AS {line}, {_or_found('p', f'm.{code}')} AS {code}"
        f" FROM (SELECT w.* FROM {quoted(mapped)} AS w SEMI JOIN ({some}) AS s"
        " ON s.source_row = w.source_row) AS m"
        f" {_joined(found, address, 'a')} {_joined(found, postcode, 'p')}"
    )
    shorter = without_postcode(address.field, postcode.field)
    ended = f"SELECT *, {shorter} AS shorter FROM ({rows}) AS r"
    return (
        f"SELECT source_row, {address.place} AS place, before, shorter AS after,"
        f" concat_ws('+', rule, {literal(POSTCODE_RULE)}) AS rule,"
        " CASE WHEN shorter IS NULL THEN 'blanked' ELSE 'repaired' END AS verdict"
        f" FROM ({ended}) AS s WHERE shorter IS DISTINCT FROM {line}"
    )


def _joined(found: str, column: Column, name: str) -> str:
    return (
        f"LEFT JOIN (SELECT source_row, after, rule FROM {quoted(found)} WHERE place = {column.place})"
        f" AS {name} ON {name}.source_row = m.source_row"
    )


def _or_found(name: str, cell: str) -> str:
    return f"CASE WHEN {name}.rule IS NULL THEN nullif({cell}, '') ELSE {name}.after END"


def without_postcode(field: Field, postcode: Field) -> str:
    """Return SQL for an address without the row's own postcode at its end.

    Only the very postcode of the row goes: another one may be information. An optional line that is nothing
    but the postcode becomes empty.
    """
    address, code = quoted(field.name), quoted(postcode.name)
    bare = f"rtrim(upper(replace({address}, ' ', '')), '.,')"
    ends = f"ends_with({bare}, replace({code}, ' ', ''))"
    spaced = f"replace({code}, ' ', ' ?')"
    cut = f"regexp_replace({address}, '(?i)([, ]+' || {spaced} || '[ .,]*)+$', '')"
    alone = "" if field.required else f"WHEN {bare} = replace({code}, ' ', '') THEN NULL"
    inner = f"CASE {alone} WHEN {ends} THEN {cut} ELSE {address} END"
    return f"CASE WHEN {_ends_like_postcode(address)} THEN {inner} ELSE {address} END"


def _ends_like_postcode(cell: str) -> str:
    return f"regexp_matches({cell}, '[0-9] ?[A-Za-z][A-Za-z][ .,]*$')"
