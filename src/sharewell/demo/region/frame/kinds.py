"""The kinds of household that areas are filled with, and what the census calls them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

COMPOSITION = (
    "One-person household: Aged 66 years and over",
    "One-person household: Other",
    "Single family household: All aged 66 years and over",
    "Single family household: Married or civil partnership couple: No children",
    "Single family household: Married or civil partnership couple: Dependent children",
    "Single family household: Married or civil partnership couple: All children non-dependent",
    "Single family household: Cohabiting couple family: No children",
    "Single family household: Cohabiting couple family: With dependent children",
    "Single family household: Cohabiting couple family: All children non-dependent",
    "Single family household: Lone parent family: With dependent children",
    "Single family household: Lone parent family: All children non-dependent",
    "Single family household: Other single family household: Other family composition",
    "Other household types: With dependent children",
    "Other household types: Other, including all full-time students and all aged 66 years and over",
)
"""Household composition as Census 2021 tabulates it (ONS, TS003)."""

SHORT = (
    "alone_66_over", "alone", "couple_66_over", "married", "married_children", "married_grown_children",
    "cohabiting", "cohabiting_children", "cohabiting_grown_children", "lone_parent",
    "lone_parent_grown_children", "relatives", "several_families", "sharers",
)  # fmt: skip
COUPLES = frozenset({2, 3, 4, 5, 6, 7, 8})
MARRIED = frozenset({2, 3, 4, 5})
LONE = frozenset({9, 10})
RELATED = frozenset({11, 12})


class Kind(NamedTuple):
    """A kind of household: its place in COMPOSITION, size, children under 18, and share to begin with."""

    composition: int
    size: int
    children: int
    prior: float


# What the census does not publish for an area is how sizes and children go together: these shares begin the
# fit, which then makes every published margin come out.
KINDS: tuple[Kind, ...] = (
    Kind(0, 1, 0, 1.0), Kind(1, 1, 0, 1.0), Kind(2, 2, 0, 1.0), Kind(3, 2, 0, 1.0),
    Kind(4, 3, 1, 0.30), Kind(4, 4, 2, 0.36), Kind(4, 4, 1, 0.06), Kind(4, 5, 3, 0.14), Kind(4, 5, 2, 0.04),
    Kind(4, 6, 4, 0.05), Kind(4, 6, 3, 0.02), Kind(4, 7, 5, 0.02), Kind(4, 8, 5, 0.01),
    Kind(5, 3, 0, 0.68), Kind(5, 4, 0, 0.26), Kind(5, 5, 0, 0.06),
    Kind(6, 2, 0, 1.0),
    Kind(7, 3, 1, 0.46), Kind(7, 4, 2, 0.35), Kind(7, 5, 3, 0.13), Kind(7, 6, 4, 0.04), Kind(7, 4, 1, 0.02),
    Kind(8, 3, 0, 0.8), Kind(8, 4, 0, 0.2),
    Kind(9, 2, 1, 0.50), Kind(9, 3, 2, 0.28), Kind(9, 3, 1, 0.08), Kind(9, 4, 3, 0.10), Kind(9, 5, 4, 0.04),
    Kind(10, 2, 0, 0.78), Kind(10, 3, 0, 0.18), Kind(10, 4, 0, 0.04),
    Kind(11, 2, 0, 0.8), Kind(11, 3, 0, 0.2),
    Kind(12, 3, 1, 0.12), Kind(12, 4, 1, 0.14), Kind(12, 5, 2, 0.22), Kind(12, 6, 3, 0.20),
    Kind(12, 7, 3, 0.16), Kind(12, 8, 4, 0.10), Kind(12, 9, 5, 0.06),
    Kind(13, 2, 0, 0.42), Kind(13, 3, 0, 0.25), Kind(13, 4, 0, 0.16), Kind(13, 5, 0, 0.09),
    Kind(13, 6, 0, 0.05), Kind(13, 7, 0, 0.02), Kind(13, 8, 0, 0.01),
)  # fmt: skip

TENURES = (
    "owned_outright", "owned_with_mortgage", "shared_ownership", "social_council", "social_other",
    "private_landlord", "private_other", "rent_free",
)  # fmt: skip
ACCOMMODATION = (
    "detached", "semi_detached", "terraced", "purpose_built_flat", "converted_or_shared_house",
    "other_converted_building", "commercial_building", "caravan",
)  # fmt: skip
ETHNIC_GROUPS = ("asian", "black", "mixed", "other", "white")
LARGEST = 8
"""The census counts households of eight or more as one size."""


@dataclass(frozen=True)
class HeadAge:
    """How old the first adult of a kind of household tends to be, in years."""

    middle: float
    spread: float


HEAD_AGES = (
    HeadAge(77, 8), HeadAge(46, 14), HeadAge(74, 6), HeadAge(55, 11), HeadAge(42, 7), HeadAge(58, 7),
    HeadAge(31, 9), HeadAge(36, 7), HeadAge(52, 8), HeadAge(38, 8), HeadAge(60, 13), HeadAge(44, 18),
    HeadAge(42, 11), HeadAge(24, 8),
)  # fmt: skip
"""By COMPOSITION; an order to fill by, not a claim: ages themselves are each area's published ones."""
