"""Rules that public bodies match by, from what is public of them, as SQL over the same cleaned records.

``records`` has ``id, source, first_name, surname, date_of_birth, postcode, uprn, nhs_number``: text, NULL
where unknown, dates as YYYY-MM-DD. Rules for people answer with pairs of ids. None of them reads the truth.
"""

from __future__ import annotations

MATCH, POSSIBLE = 0.95, 0.85
"""The scores from which DfE's matcher says match, and possible match, which people then look at."""

LETTERS = 1
"""How many first letters both names must share where dates of birth may differ: see ``sui_pairs``."""


def _exact_names(left: str, right: str) -> str:
    return " AND ".join(f"upper({left}.{name}) = upper({right}.{name})" for name in ("first_name", "surname"))


def find_resident_pairs(records: str) -> str:
    """Return SQL for the pairs that Hackney's FindResident would take for one person.

    The rule: the same NHS number; else exactly the same first and last name, and then, in turn, the same UPRN
    or the same date of birth. Nothing refuses a match: two NHS numbers that differ do not, nor do two dates.
    A record without a first or a last name is found by its NHS number only. Left open, and chosen here: names
    are compared without regard to capitals; the rule finds the first such resident, of whom there may be
    several, so every pair that it could find counts, and the connected ones are scored beside them.
    """
    branches = ["a.nhs_number = b.nhs_number"]
    names = _exact_names("a", "b")
    branches += [f"a.{column} = b.{column} AND {names}" for column in ("uprn", "date_of_birth")]
    both = f"{records} AS a JOIN {records} AS b"
    return " UNION ".join(
        f"SELECT a.id AS l, b.id AS r FROM {both} ON a.id < b.id AND {branch}" for branch in branches
    )


def nearest_address(records: str, gazetteer: str) -> str:
    """Return SQL for the UPRN that Hackney's address rule gives each text: ``text, postcode, uprn``.

    The rule: of the addresses of the same postcode, the nearest by edit distance, if the distance is under 3.
    ``records`` has ``text, postcode`` and ``gazetteer`` ``text, postcode, uprn``, both in ``plain_text``.
    Left open, and chosen here: a gazetteer address may come in several forms (with and without its locality
    and town), of which the nearest counts; of addresses equally near, that of the lowest UPRN is taken.
    """
    return f"""
        SELECT text, postcode, arg_min(uprn, (distance, uprn)) AS uprn FROM (
          SELECT r.text, r.postcode, g.uprn, levenshtein(r.text, g.text) AS distance
          FROM (SELECT DISTINCT text, postcode FROM {records} WHERE text <> '') AS r
          JOIN {gazetteer} AS g ON r.postcode = g.postcode AND abs(length(r.text) - length(g.text)) < 3)
        WHERE distance < 3 GROUP BY text, postcode"""


def plain_text(text: str) -> str:
    """Return SQL for an address in capitals, its words parted by single spaces and nothing else."""
    return f"trim(regexp_replace(upper(strip_accents({text})), '[^A-Z0-9]+', ' ', 'g'))"


def _names_alike(left: str, right: str) -> str:
    """Return SQL for how alike two people's names are, from 0 to 1: the mean of the two names' likeness."""
    return " + ".join(
        f"0.5 * jaro_winkler_similarity(upper({left}.{name}), upper({right}.{name}))"
        for name in ("first_name", "surname")
    )


SEARCHABLE = "first_name IS NOT NULL AND surname IS NOT NULL AND try_cast(date_of_birth AS DATE) IS NOT NULL"


def searchable(records: str) -> str:
    """Return SQL for the records that DfE's matcher can search for: with both names and a birth date."""
    swapped = "substr(date_of_birth, 1, 5) || substr(date_of_birth, 9, 2) || substr(date_of_birth, 5, 3)"
    initials = f"upper(substr(first_name, 1, {LETTERS}) || substr(surname, 1, {LETTERS}))"
    born = "date_of_birth::DATE"
    return (
        f"SELECT id, source, first_name, surname, postcode, {born} AS born, {initials} AS initials, "
        f"try_cast({swapped} AS DATE) AS swapped, {born} - INTERVAL 6 MONTH AS since, "
        f"{born} + INTERVAL 6 MONTH AS until FROM {records} WHERE {SEARCHABLE}"
    )


def stages(left: str, right: str) -> dict[str, tuple[str, str]]:
    """Return each stage of DfE's cascade in turn: what two records must share, and how sure it then is."""
    names, alike = _exact_names(left, right), _names_alike(left, right)
    same_initials = f"{left}.initials = {right}.initials"
    return {
        "exact": (f"{left}.born = {right}.born AND {left}.postcode = {right}.postcode AND {names}", "1.0"),
        "not fuzzy": (f"{left}.born = {right}.born AND {names}", "1.0"),
        "fuzzy": (f"{left}.born = {right}.born", alike),
        "fuzzy, six months": (
            f"{same_initials} AND {right}.born BETWEEN {left}.since AND {left}.until", alike
        ),
        "fuzzy, day and month swapped": (f"{left}.swapped = {right}.born", alike),
    }  # fmt: skip


def sui_pairs(records: str) -> str:
    """Return SQL for the pairs that DfE's Single Unique Identifier matcher would take for one person.

    ``records`` is a table of ``searchable``; the answer is ``l, r, score`` from ``POSSIBLE`` up, the score of
    the first stage that finds the pair at least possible. The cascade: exact; then not fuzzy; then fuzzy with
    the date of birth, with a date up to six months away, or with day and month swapped.

    Left open, and chosen here. The score is that of the national service that the matcher asks, and secret:
    here exact stages score 1, fuzzy ones the mean Jaro-Winkler likeness of first name and surname. "Exact"
    compares names, date of birth and postcode; "not fuzzy" leaves the postcode out; the date of a fuzzy stage
    narrows the search and is no part of its score. Where dates differ by months, both names must begin with
    the same letter, for want of a limit on whom to compare. Sex, phone and e-mail are not compared.
    """
    found = (
        f"SELECT a.id AS l, b.id AS r, {place} AS stage, {score} AS score "
        f"FROM {records} AS a JOIN {records} AS b ON a.id < b.id AND {shared}"
        for place, (shared, score) in enumerate(stages("a", "b").values())
    )
    return (
        "SELECT l, r, arg_min(score, stage) AS score FROM "
        f"({' UNION ALL '.join(found)}) WHERE score >= {POSSIBLE} GROUP BY l, r"
    )


def sui_searches(asked: str, register: str) -> str:
    """Return SQL for the one row of a register that DfE's matcher finds for each record it finds one for.

    The answer is ``id, found, score``. It is used like this: a council's record is searched for in the
    Personal Demographics Service. The stages go in turn; the first that finds anybody at least possible ends
    the search, and one person found is an answer, of several none is. Both tables are of ``searchable``; what
    was left open is chosen as in ``sui_pairs``.
    """
    found = (
        f"SELECT a.id, b.id AS found, {place} AS stage, {score} AS score "
        f"FROM {asked} AS a JOIN {register} AS b ON a.id <> b.id AND {shared}"
        for place, (shared, score) in enumerate(stages("a", "b").values())
    )
    return f"""
        SELECT id, min(found) AS found, min(score) AS score FROM (
          SELECT *, min(stage) OVER (PARTITION BY id) AS first FROM ({" UNION ALL ".join(found)})
          WHERE score >= {POSSIBLE})
        WHERE stage = first GROUP BY id HAVING count(*) = 1"""
