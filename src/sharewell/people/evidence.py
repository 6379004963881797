"""What is compared between two records, level by level, and what each level is worth before any training.

The probabilities follow Fellegi and Sunter (1969): ``m`` is how often a level is met when two records are of
one person, ``u`` when they are of two. The figures here are where training starts, and serve alone where a
list is too short to learn from. They are drawn for the United Kingdom: a first name is shared by one pair in
150, a surname by one in 900, a date of birth by one in 28,000; between people of one address a surname is
shared by half, and two in a hundred pairs are twins or share a birthday.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


class Nearness(StrEnum):
    """Where two records stand to each other, which decides what an agreement of names is worth."""

    HOME = "home"
    STREET = "street"
    ELSEWHERE = "elsewhere"


@dataclass(frozen=True)
class Level:
    """One outcome of a comparison, tested in order. ``u_home`` is ``u`` between people of one address."""

    name: str
    sql: str
    m: float
    u: float
    u_home: float


@dataclass(frozen=True)
class Comparison:
    """One thing compared: its column, and its levels from closest to furthest; the last is 'none of these'.

    ``rare_weighs_more``: an agreement on a rare value counts for more than one on a common value.
    """

    column: str
    levels: tuple[Level, ...]
    rare_weighs_more: bool = False


_SWAPPED = (
    "substr(first_name_l, 1, 1) = substr(surname_r, 1, 1) "
    "AND substr(surname_l, 1, 1) = substr(first_name_r, 1, 1) "
    "AND jaro_winkler_similarity(first_name_l, surname_r) >= 0.9 "
    "AND jaro_winkler_similarity(surname_l, first_name_r) >= 0.9"
)
_SHORT_FORM = (
    "known_as_l = known_as_r OR starts_with(first_name_l, first_name_r || ' ') "
    "OR starts_with(first_name_r, first_name_l || ' ')"
)
"""Bob and Robert, or Peter and Peter Ian: a second name may stand with the first."""
_INITIAL = (
    "(length(first_name_l) = 1 OR length(first_name_r) = 1) "
    "AND substr(first_name_l, 1, 1) = substr(first_name_r, 1, 1)"
)

EXCHANGED = (
    "substr(iso_date_l, 6, 2) = substr(iso_date_r, 9, 2) "
    "AND substr(iso_date_l, 9, 2) = substr(iso_date_r, 6, 2) "
    "AND substr(iso_date_l, 1, 4) = substr(iso_date_r, 1, 4)"
)

FIRST_NAME = Comparison(
    "first_name",
    (
        Level("exact", "first_name_l = first_name_r", 0.80, 0.0065, 0.02),
        Level("short_form", _SHORT_FORM, 0.04, 0.001, 0.003),
        Level("close", "jaro_winkler_similarity(first_name_l, first_name_r) >= 0.92", 0.07, 0.004, 0.008),
        Level("swapped", _SWAPPED, 0.01, 0.00002, 0.0003),
        Level("initial", _INITIAL, 0.02, 0.002, 0.003),
        Level(
            "alike",
            "jaro_winkler_similarity(first_name_l, first_name_r) >= 0.8 "
            "OR levenshtein(first_name_l, first_name_r) <= 1",
            0.03,
            0.02,
            0.03,
        ),
        Level("other", "", 0.03, 0.9665, 0.9357),
    ),
    rare_weighs_more=True,
)

SURNAME = Comparison(
    "surname",
    (
        Level("exact", "surname_l = surname_r", 0.85, 0.0011, 0.53),
        Level("close", "jaro_winkler_similarity(surname_l, surname_r) >= 0.92", 0.07, 0.0007, 0.05),
        Level("swapped", _SWAPPED, 0.01, 0.00002, 0.0003),
        Level("alike", "jaro_winkler_similarity(surname_l, surname_r) >= 0.8", 0.02, 0.006, 0.015),
        Level("other", "", 0.05, 0.9922, 0.4047),
    ),
    rare_weighs_more=True,
)

DATE_OF_BIRTH = Comparison(
    "date_of_birth",
    (
        Level("exact", "date_of_birth_l = date_of_birth_r", 0.89, 0.000036, 0.02),
        Level("one_slip", "hamming(iso_date_l, iso_date_r) <= 1", 0.05, 0.0009, 0.004),
        Level("two_slips", f"hamming(iso_date_l, iso_date_r) <= 2 OR ({EXCHANGED})", 0.045, 0.011, 0.016),
        Level("other", "", 0.015, 0.988, 0.96),
    ),
    rare_weighs_more=True,
)


def number_comparison(column: str) -> Comparison:
    """Return how a person's number in a register is compared: strong, but not infallible."""
    return Comparison(
        column,
        (
            Level("exact", f"{column}_l = {column}_r", 0.97, 0.000001, 0.00003),
            Level("close", f"levenshtein({column}_l, {column}_r) <= 2", 0.02, 0.00001, 0.00001),
            Level("other", "", 0.01, 0.99999, 0.99996),
        ),
    )


def contact_comparison(column: str) -> Comparison:
    """Return how a telephone number or an e-mail address is compared: a household may share one."""
    return Comparison(
        column,
        (
            Level("exact", f"{column}_l = {column}_r", 0.5, 0.00001, 0.4),
            Level("other", "", 0.5, 0.99999, 0.6),
        ),
    )


NHS_NUMBER = number_comparison("nhs_number")

SEX = Comparison(
    "sex",
    (Level("exact", "sex_l = sex_r", 0.985, 0.5, 0.45), Level("other", "", 0.015, 0.5, 0.55)),
)

MIDDLE_NAME = Comparison(
    "middle_name",
    (
        Level("exact", "middle_name_l = middle_name_r", 0.75, 0.015, 0.02),
        Level(
            "initial",
            "(starts_with(middle_name_l, middle_name_r) OR starts_with(middle_name_r, middle_name_l))",
            0.15,
            0.02,
            0.02,
        ),
        Level("other", "", 0.1, 0.965, 0.96),
    ),
)

KNOWN_COMPARISONS = MappingProxyType(
    {
        "upn": number_comparison("upn"),
        "nino": number_comparison("nino"),
        "phone": contact_comparison("phone"),
        "email": contact_comparison("email"),
        "sex": SEX,
        "middle_name": MIDDLE_NAME,
    }
)
"""How the further columns that people's lists have are compared."""

NEVER_TRAINED = frozenset({"nhs_number", *KNOWN_COMPARISONS})
"""Their errors are too few to count in any list, or hang on the household: the figures stand as they are."""


def extra_comparison(column: str) -> Comparison:
    """Return how a further text column is compared: one known by its name, a birth place, an occupation."""
    if column in KNOWN_COMPARISONS:
        return KNOWN_COMPARISONS[column]
    near = f"jaro_winkler_similarity({column}_l, {column}_r) >= 0.88"
    return Comparison(
        column,
        (
            Level("exact", f"{column}_l = {column}_r", 0.75, 0.03, 0.1),
            Level("close", near, 0.05, 0.02, 0.03),
            Level("other", "", 0.2, 0.95, 0.87),
        ),
        rare_weighs_more=True,
    )


def comparison_of(column: str) -> Comparison:
    """Return how a column of the prepared records is compared."""
    named = {each.column: each for each in (FIRST_NAME, SURNAME, DATE_OF_BIRTH, NHS_NUMBER)}
    return named.get(column) or extra_comparison(column)
