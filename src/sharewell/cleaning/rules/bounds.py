"""What a standard asks of a value beyond its type: a pattern, a length, a least and a most.

A repair comes first; then the value must be within bounds, or it cannot stand.
"""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from typing import Final

from sharewell.cleaning.terms import Decision, Rule, blanked
from sharewell.sources.terms import Bounds

RULES: Final = {
    "outside_pattern": "The value does not have the form that the standard asks for.",
    "too_short": "The value has fewer characters than the standard asks for.",
    "too_long": "The value has more characters than the standard allows.",
    "number_too_small": "The number is below the least that the standard allows.",
    "number_too_large": "The number is above the most that the standard allows.",
}

_ALIKE = re.compile(r"(?:[A-Za-z0-9 _@#%&/:;,'=~-]|[.^$|?*+()\[\]{}]|\\[d.()\[\]/-])+")
"""Patterns of these signs alone mean the same to every engine and to Python."""


def within(rule: Rule, bounds: Bounds) -> Rule:
    """Return a rule that, after its repairs, lets no value stand that is out of bounds."""
    pattern = re.compile(bounds.pattern, re.ASCII) if bounds.pattern else None

    def decide(value: str) -> Decision | None:
        decision = rule(value)
        after = decision.after if decision else value
        wrong = None if after is None else _wrong(after, bounds, pattern)
        return blanked(wrong) if wrong else decision

    return decide


def _wrong(value: str, bounds: Bounds, pattern: re.Pattern[str] | None) -> str | None:
    if pattern and not pattern.fullmatch(value):
        return "outside_pattern"
    if bounds.shortest is not None and len(value) < bounds.shortest:
        return "too_short"
    if bounds.longest is not None and len(value) > bounds.longest:
        return "too_long"
    return _wrong_amount(value, bounds)


def _wrong_amount(value: str, bounds: Bounds) -> str | None:
    if bounds.least is None and bounds.most is None:
        return None
    try:
        amount = Decimal(value)
    except InvalidOperation:
        return None
    if bounds.least is not None and amount < Decimal(bounds.least):
        return "number_too_small"
    return "number_too_large" if bounds.most is not None and amount > Decimal(bounds.most) else None


def is_alike_everywhere(pattern: str) -> bool:
    """Return whether a pattern may be given to an engine: it means there what it means here."""
    return bool(_ALIKE.fullmatch(pattern)) and "(?" not in pattern and "[:" not in pattern
