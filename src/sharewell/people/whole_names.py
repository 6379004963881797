"""Part whole names into given names and surname and tell a surname that stands first by use."""

from __future__ import annotations

from sharewell.people.names import NOT_ONE_PERSON, TITLE
from sharewell.people.rules import OFTENER
from sharewell.store.engine import literal

_UNTITLED = f"(?i)^(?:{TITLE} +)+"
_GENERATION = "(?i)^(?:snr|sr|senior|jnr|jr|junior)[.]?$"


def whole_names_sql(rows: str, column: str) -> str:
    """Return SQL that adds whole_first, whole_middle and whole_last to rows, from a column of whole names.

    ``rows``: a query. A name of one word is a surname. Where a list writes "Hall Robert James" among others
    that it writes "Robert James Hall", the words' use in the others tells. Names of no person, or of two, are
    given with all but the last word first, to be read as a whole.
    """
    return f"""
        WITH told AS (
          SELECT *, trim(regexp_replace({column}, '\\s+', ' ', 'g')) AS whole FROM ({rows})
        ), parted AS (
          SELECT *, regexp_matches(lower(strip_accents(whole)), {literal(NOT_ONE_PERSON)}) AS kept_whole,
            string_split(regexp_replace(whole, {literal(_UNTITLED)}, ''), ' ') AS words FROM told
        ), cut AS (
          SELECT * REPLACE (CASE
              WHEN len(words) > 2 AND regexp_matches(words[-1], {literal(_GENERATION)})
              THEN list_append(words[:-3], words[-2] || ' ' || words[-1]) ELSE words END AS words) FROM parted
        ), uses AS (
          SELECT word, sum(is_last) AS as_last, sum(1 - is_last) AS as_given FROM (
            SELECT lower(unnest(words)) AS word, (generate_subscripts(words, 1) = len(words))::INT AS is_last
            FROM cut WHERE len(words) > 1 AND NOT kept_whole
          ) GROUP BY word
        ), turned AS (
          SELECT cut.*, coalesce(len(words) > 1 AND NOT kept_whole AND
            (f.as_last + 0.5) / (f.as_given + 0.5) * (l.as_given + 0.5) / (l.as_last + 0.5) >= {OFTENER},
              false)
            AS turn
          FROM cut LEFT JOIN uses AS f ON f.word = lower(words[1]) LEFT JOIN uses AS l ON l.word =
            lower(words[-1])
        )
        SELECT * EXCLUDE (whole, kept_whole, words, turn), CASE
            WHEN kept_whole THEN nullif(array_to_string(string_split(whole, ' ')[:-2], ' '), '')
            WHEN turn THEN words[2] WHEN len(words) > 1 THEN words[1] END AS whole_first,
          CASE WHEN NOT kept_whole THEN
            nullif(array_to_string(CASE WHEN turn THEN words[3:] ELSE words[2:-2] END, ' '), '') END AS
              whole_middle,
          CASE WHEN kept_whole THEN string_split(whole, ' ')[-1] WHEN turn THEN words[1] ELSE words[-1] END
            AS whole_last
        FROM turned"""


def turned_sql(table: str) -> str:
    """Return SQL for the id of each record whose names stand the wrong way round, as every other use says."""
    return f"""
        WITH uses AS (
          SELECT word, sum(is_last) AS as_last, sum(1 - is_last) AS as_given FROM (
            SELECT first_name AS word, 0 AS is_last FROM {table} UNION ALL SELECT surname, 1 FROM {table}
          ) GROUP BY word
        ), odd_first AS (SELECT * FROM uses WHERE as_last > 2 * as_given),
        odd_last AS (SELECT * FROM uses WHERE as_given > 2 * as_last)
        SELECT id FROM {table} JOIN odd_first AS f ON f.word = first_name JOIN odd_last AS l ON l.word =
          surname
        WHERE (f.as_last + 0.5) / (f.as_given + 0.5) * (l.as_given + 0.5) / (l.as_last + 0.5) >= {OFTENER}"""
