"""The SQL of checking: one scan of each column finds every failing cell, alike on every engine."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from sharewell.cleaning.compile import Recipe
from sharewell.sources.terms import Field, FieldType, Role
from sharewell.store.engine import literal, quoted

MISSING, FORM, CHECK, BOUNDS, REPEATED = 1, 2, 3, 4, 5
"""The kinds of failing cell as the queries number them.

An empty cell is looked for by its length: engines push a comparison with '' down into the scan of lent Arrow
rows, where it costs more than the whole test.
"""

_DAY: Final = (
    "[0-9]{4}-((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|(0[469]|11)-(0[1-9]|[12][0-9]|30)"
    "|02-(0[1-9]|1[0-9]|2[0-8]))|([0-9]{2}(0[48]|[2468][048]|[13579][26])|([02468][048]|[13579][26])00)-02-29"
)
"""Every day there is, 29 February too, so that no rule need be asked about a day in its right form."""
_TIME: Final = "T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](Z|[+-][01][0-9]:[0-5][0-9])?"
_EXACT: Final = {FieldType.DATE: f"({_DAY})", FieldType.DATETIME: f"({_DAY}){_TIME}"}
SETTLED: Final = frozenset(
    {
        *(FieldType.NHS_NUMBER, FieldType.NINO, FieldType.UPRN, FieldType.USRN, FieldType.POSTCODE),
        *(FieldType.DATE, FieldType.BOOLEAN, FieldType.INTEGER, FieldType.PHONE),
    }
)
"""Types whose test refuses nothing that is right; of others the rule is asked about what the test refuses."""
_WORDS_APART: Final = "[^ \\t\\r\\n]+( [^ \\t\\r\\n]+)*"
_MAY_STAND: Final = {
    FieldType.UPN: "[A-Z][0-9]{11}[A-Z]",
    FieldType.NUMBER: "-?(0|[1-9][0-9]*)[.][0-9]{8,}",
    **dict.fromkeys((FieldType.PERSON_NAME, FieldType.ADDRESS), _WORDS_APART),
}
"""What a value that its test refuses must look like to be right all the same; any other surely fails."""
_TITLED: Final = "([Mm](r|rs|iss|s|x)|M(R|RS|ISS|S|X)|D[Rr]|dr)[.]? [A-Za-z'’-]{4,}( [A-Za-z'’-]{4,})*"
_HIDDEN: Final = ".*[\u200b\ufeff].*"
_SHOUTED: Final = "([ -@A-Z]*[ ,])?[A-Z]{6,}([ ,][ -@A-Z]*)?"
_WHISPERED: Final = "([ -@a-z]*[ ,])?[a-z]{6,}([ ,][ -@a-z]*)?"
_UNTIDY: Final = ".*( ,|,[^ ]).*"


@dataclass(frozen=True)
class Tested:
    """A column of the file, the field that it is, and how that field is tested."""

    place: int
    field: Field
    column: str
    recipe: Recipe

    @property
    def is_settled(self) -> bool:
        """Return whether the engine's test alone says which values are wrong, and no rule need be asked."""
        return self.has_own_pattern or self.field.type in SETTLED or bool(self.field.categories)

    @property
    def has_own_pattern(self) -> bool:
        """Return whether a text's own pattern says all about it."""
        return self.field.type is FieldType.TEXT and self.field.bounds.pattern is not None

    @property
    def is_needed(self) -> bool:
        """Return whether an empty cell is a failing one."""
        return self.field.required and self.recipe.for_empty is None

    @property
    def pattern(self) -> str:
        """Return what all of a value must match."""
        own = self.field.bounds.pattern if self.has_own_pattern else None
        return own if own is not None else _EXACT.get(self.field.type, self.recipe.pattern)

    @property
    def check(self) -> str:
        """Return the SQL that must be true of a value in its form."""
        return "TRUE" if self.has_own_pattern else self.recipe.check


def cells_query(table: str, columns: Sequence[Tested]) -> str:
    """Return the query for every cell that fails its test: source_row, place, kind and value."""
    parts = ["SELECT 0::BIGINT AS source_row, 0::INTEGER AS place, 0 AS kind, '' AS v WHERE FALSE"]
    return " UNION ALL ".join([*parts, *(_failing_cells(table, column) for column in columns)])


def _failing_cells(table: str, column: Tested) -> str:
    """Return the query for the failing cells of a column, each with its kind."""
    recipe = column.recipe
    matched = f"{recipe.number(column.pattern)} AS n"
    empty = f"WHEN v IS NULL OR v = '' THEN {MISSING if column.is_needed else 0}"
    outside = "".join(f" WHEN {test} THEN {BOUNDS}" for test in _broken(column))
    kind = f"CASE {empty}{outside} WHEN n IS NULL THEN {FORM} WHEN {column.check} THEN 0 ELSE {CHECK} END"
    rows = f"SELECT source_row, {quoted(column.column)} AS v FROM {quoted(table)}"
    tested = f"SELECT source_row, v, {kind} AS kind FROM (SELECT source_row, v, {matched} FROM ({rows}))"
    told = f"source_row, {column.place}::INTEGER AS place, kind, coalesce(v, '') AS v"
    return f"SELECT {told} FROM ({tested}) WHERE kind > 0"


def values_query(found: str, column: Tested, *, every: bool) -> str:
    """Return the query for a column's distinct failing values, all or those that its rule may call right."""
    wanted = f"place = {column.place} AND kind IN ({FORM}, {CHECK}, {BOUNDS})"
    some = "" if every else f" WHERE {may_stand(column)}"
    values = f"SELECT v, kind FROM {quoted(found)} WHERE {wanted} GROUP BY v, kind"
    return f"SELECT v, kind FROM ({values}){some}"


def may_stand(column: Tested) -> str:
    """Return SQL that is true of a failing value that its rule may call right."""
    tests = [f"kind <> {BOUNDS}"]
    if pattern := _MAY_STAND.get(column.field.type):
        tests.append(f"regexp_full_match(v, {literal(pattern)})")
    if wrong := "|".join(surely_wrong(column.field)):
        tests.append(f"NOT regexp_full_match(v, {literal(f'({wrong})')})")
    return f"({' AND '.join(tests)})"


def surely_wrong(field: Field) -> Iterable[str]:
    """Yield patterns that no right value matches, which save asking the rule about most of what fails."""
    if field.type is FieldType.ADDRESS:
        yield from (_SHOUTED, _WHISPERED, _UNTIDY)
    if field.type is FieldType.PERSON_NAME:
        yield _HIDDEN
        if field.role in {Role.FULL_NAME, Role.FIRST_NAME, Role.SURNAME}:
            yield _TITLED


def _broken(column: Tested) -> Iterable[str]:
    """Yield SQL that is true of a value that breaks a bound."""
    bounds = column.field.bounds
    if bounds.pattern is not None:
        matched = column.pattern == bounds.pattern
        yield "n IS NULL" if matched else f"NOT regexp_full_match(v, {literal(bounds.pattern)})"
    if bounds.shortest is not None:
        yield f"length(v) < {bounds.shortest}"
    if bounds.longest is not None:
        yield f"length(v) > {bounds.longest}"
    if bounds.least is not None:
        yield f"TRY_CAST(v AS DOUBLE) < {bounds.least}"
    if bounds.most is not None:
        yield f"TRY_CAST(v AS DOUBLE) > {bounds.most}"


def repeated_query(table: str, place: int, columns: Sequence[str]) -> str:
    """Return the query for the rows whose values in some columns together another row has too."""
    named = ", ".join(f"{quoted(column)} AS k{at}" for at, column in enumerate(columns))
    keys = [f"k{at}" for at in range(len(columns))]
    listed, filled = ", ".join(keys), " AND ".join(f"length({key}) > 0" for key in keys)
    rows = f"SELECT source_row, {named} FROM {quoted(table)}"
    groups = f"SELECT {listed} FROM ({rows}) WHERE {filled} GROUP BY {listed} HAVING count(*) > 1"
    same = " AND ".join(f"r.{key} = g.{key}" for key in keys)
    return (
        f"SELECT r.source_row, {place}::INTEGER AS place, {REPEATED} AS kind, r.k0 AS v"
        f" FROM ({rows}) AS r JOIN ({groups}) AS g ON {same}"
    )


def judged_query(problems: str, decisions: str) -> str:
    """Return the query for the failing cells with what was decided of each, without those that are right.

    A decision's own kind takes the place of the test's: "N/A" in a required cell is a missing value.
    """
    return (
        "SELECT p.source_row, p.place, coalesce(d.kind, p.kind) AS kind, d.outcome, coalesce(d.rule, '') AS"
        f" rule, p.v FROM {quoted(problems)} AS p LEFT JOIN {quoted(decisions)} AS d"
        " ON p.place = d.place AND p.v = d.before AND p.kind = d.found WHERE coalesce(d.outcome, 0) >= 0"
    )


def examples_query(problems: str, table: str, most: int) -> str:
    """Return the query for the first failing cells of each kind, with their physical lines."""
    apart = "place, kind, outcome, rule"
    numbered = f"row_number() OVER (PARTITION BY {apart} ORDER BY source_row) AS nth"
    first = f"SELECT * FROM (SELECT *, {numbered} FROM {quoted(problems)}) WHERE nth <= {most}"
    return (
        f"SELECT e.*, r.line FROM (SELECT source_row, line FROM {quoted(table)}) AS r JOIN ({first}) AS e"
        " ON e.source_row = r.source_row ORDER BY e.place, e.kind, e.source_row"
    )
