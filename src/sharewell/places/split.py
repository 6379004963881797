"""Split address text into a postcode and tokens, in the engine, one pass over the distinct addresses."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

import pyarrow as pa

from sharewell.store.engine import literal, quoted

_POSTCODE = r"(?:^|[ ,])([A-Z]{1,2}[0-9][0-9A-Z]?)[ ,]*([0-9][A-Z]{2})[ ,]*$"
_TAIL = literal(_POSTCODE)
_NOT_SQUEEZED = literal("[^A-Z0-9]+")
_NOT_ADDRESS = literal("[^A-Z0-9,/-]+")
_MARKED = ";\n\r'’`"
_MARKS = literal(_MARKED)
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
    postcode column is empty. Commas stay as tokens: they tell "Flat, 5" from "Flat 5". A NUL is a space: what
    follows it would else be lost with the accents.
    """
    return f"""
        WITH plain AS (
            SELECT {quoted(order)}, postcode, trim(regexp_replace(replace(
                       translate(upper(strip_accents(replace(text, chr(0), ' '))), {_MARKS}, ',,,'),
                       ',', ' , '), {_NOT_ADDRESS}, ' ', 'g')) AS words
            FROM {quoted(table)}
        ), tailed AS (
            SELECT *, regexp_extract(words, {_TAIL}, ['outward', 'inward']) AS tail FROM plain
        )
        SELECT CASE WHEN postcode <> '' THEN postcode ELSE tail.outward || tail.inward END AS postcode,
               string_split(CASE WHEN tail.inward = '' THEN words
                                 ELSE regexp_replace(words, {_TAIL}, '') END, ' ') AS tokens
        FROM tailed ORDER BY {quoted(order)}"""


def split_texts(texts: pa.Table) -> pa.Table:
    """Split the rows of ``id, text, postcode`` into ``postcode`` and ``tokens``, in the order of the ids.

    It is done in an engine of its own, so that the answer is one whichever engine the records are in.
    """
    from sharewell.store.duckdb import DuckDB

    engine = DuckDB()
    try:
        engine.load("texts", texts)
        return engine.fetch(tokens_query("texts", "id")).combine_chunks()
    finally:
        engine.close()


def split_one(text: str, postcode: str) -> tuple[list[str], str]:
    """Split one address into its tokens and its postcode, as ``tokens_query`` does for many."""
    marked = _plain_letters(text).translate(_AS_COMMAS).replace(",", " , ")
    words = re.sub(r"[^A-Z0-9,/-]+", " ", marked).strip(" ")
    given = re.sub(r"[^A-Z0-9]+", "", _upper(postcode))
    tail = re.search(_POSTCODE, words)
    if tail is None:
        return words.split(" "), given
    return re.sub(_POSTCODE, "", words).split(" "), given or tail[1] + tail[2]


_AS_COMMAS = str.maketrans(_MARKED[:3], ",,,", _MARKED[3:])


def _plain_letters(text: str) -> str:
    """Return text in capitals without accents."""
    if text.isascii():
        return text.upper()
    apart = unicodedata.normalize("NFD", text)
    return _upper("".join(letter for letter in apart if unicodedata.category(letter)[0] != "M"))


def _upper(text: str) -> str:
    """Return text in capitals, letter by letter: the engine leaves those that would become two."""
    return text.upper() if text.isascii() else "".join(_capital(letter) for letter in text)


def _capital(letter: str) -> str:
    upper = letter.upper()
    return upper if len(upper) == 1 else letter
