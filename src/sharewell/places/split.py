"""Split address text into a postcode and tokens, in the engine, one pass over the distinct addresses."""

from __future__ import annotations

from collections.abc import Sequence

from sharewell.store.engine import literal, quoted

_TAIL = literal(r"(?:^|[ ,])([A-Z]{1,2}[0-9][0-9A-Z]?)[ ,]*([0-9][A-Z]{2})[ ,]*$")
_NOT_SQUEEZED = literal("[^A-Z0-9]+")
_NOT_ADDRESS = literal("[^A-Z0-9,/-]+")
_MARKS = literal(";\n\r'’`")
"""Semicolons and line ends become the three commas given for them; apostrophes, given nothing, vanish."""


def joined(columns: Sequence[str]) -> str:
    """Return SQL that joins address columns with commas, leaving empty ones out; '' when all are empty."""
    cells = ", ".join(f"nullif(trim({quoted(column)}), '')" for column in columns)
    return f"concat_ws(', ', {cells})"


def squeezed(column: str | None) -> str:
    """Return SQL for a postcode column as letters and digits only; '' where there is none."""
    if column is None:
        return "''"
    return f"coalesce(regexp_replace(upper({quoted(column)}), {_NOT_SQUEEZED}, '', 'g'), '')"


def tokens_query(table: str, order: str) -> str:
    """Return SQL giving ``postcode`` (squeezed) and ``tokens`` (a list) for each row of a table.

    A postcode at the end of the text is taken off it, even when its space is missing, and used where the
    postcode column is empty. Commas stay as tokens: they tell "Flat, 5" from "Flat 5".
    """
    return f"""
        WITH plain AS (
            SELECT {quoted(order)}, postcode, trim(regexp_replace(replace(
                       translate(upper(strip_accents(text)), {_MARKS}, ',,,'),
                       ',', ' , '), {_NOT_ADDRESS}, ' ', 'g')) AS words
            FROM {quoted(table)}
        ), tailed AS (
            SELECT *, regexp_extract(words, {_TAIL}, ['outward', 'inward']) AS tail FROM plain
        )
        SELECT CASE WHEN postcode <> '' THEN postcode ELSE tail.outward || tail.inward END AS postcode,
               string_split(CASE WHEN tail.inward = '' THEN words
                                 ELSE regexp_replace(words, {_TAIL}, '') END, ' ') AS tokens
        FROM tailed ORDER BY {quoted(order)}"""
