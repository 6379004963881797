"""The lawful bases: UK GDPR Article 6(1), special category conditions, Article 10.

Article 6(1)(ea), recognised legitimate interests, came in on 5 February 2026 (Data (Use and Access) Act 2025
s.70 and Sch. 4; SI 2026/82). Which basis goes with which power is law as data and is checked elsewhere.
None of this has been reviewed by a lawyer.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

ARTICLE6: Final[Mapping[str, str]] = MappingProxyType(
    {
        "a": "consent",
        "b": "contract",
        "c": "legal obligation",
        "d": "vital interests",
        "e": "public task of the controller",
        "ea": "recognised legitimate interest",
        "f": "legitimate interests",
    }
)

NEEDS_LAW: Final = frozenset({"c", "e", "ea"})
"""Bases that must name the law they rest on: Art. 6(3) and DPA 2018 s.8 for c and e, Annex 1 for ea."""

SPECIAL: Final[Mapping[str, str]] = MappingProxyType(
    {
        "art9-2-a": "explicit consent",
        "art9-2-b/sch1-1": "employment, social security and social protection",
        "art9-2-c": "vital interests where the person cannot consent",
        "art9-2-e": "manifestly made public",
        "art9-2-f": "legal claims or judicial acts",
        "art9-2-h/sch1-2": "health or social care purposes",
        "art9-2-i/sch1-3": "public health",
        "art9-2-j/sch1-4": "research, archiving and statistics in the public interest",
        "art9-2-g/sch1-6": "statutory and government purposes",
        "art9-2-g/sch1-7": "administration of justice",
        "art9-2-g/sch1-8": "equality of opportunity or treatment",
        "art9-2-g/sch1-10": "preventing or detecting unlawful acts",
        "art9-2-g/sch1-14": "preventing fraud",
        "art9-2-g/sch1-16": "support for people with a disability or medical condition",
        "art9-2-g/sch1-17": "counselling",
        "art9-2-g/sch1-18": "safeguarding of children and of people at risk",
        "art9-2-g/sch1-19": "safeguarding the economic well-being of people at economic risk",
        "art9-2-g/sch1-24": "disclosure to elected representatives",
    }
)
"""Article 9(2) conditions with their paragraph of DPA 2018 Sch. 1, by the id an agreement writes."""

SPECIAL_ID: Final = re.compile(r"art9-2-[a-j](/sch1-[1-9][0-9]?)?")
ARTICLE10_ID: Final = re.compile(r"official-authority|(art9-2-[a-j]/)?sch1-[1-9][0-9]?")
"""Criminal offence data: official authority, or DPA 2018 Sch. 1 Parts 1 to 3 (s.10(5), s.11(2))."""


def is_special_id(text: str) -> bool:
    """Return whether the text is written as a special category condition is (``art9-2-g/sch1-6``)."""
    return SPECIAL_ID.fullmatch(text) is not None


def is_article10_id(text: str) -> bool:
    """Return whether the text is written as an Article 10 route is (``official-authority``, ``sch1-10``)."""
    return ARTICLE10_ID.fullmatch(text) is not None
