"""Names and numbers as people read them: labels, not column names."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

TENURE_WORDS = {
    "owned_outright": "Owned outright", "owned_with_mortgage": "Owned with a mortgage",
    "shared_ownership": "Shared ownership", "social_council": "Rented from the council",
    "social_other": "Other social rented", "private_landlord": "Rented from a landlord",
    "private_other": "Other private rented", "rent_free": "Rent free",
}  # fmt: skip
ACCOMMODATION_WORDS = {
    "detached": "Detached house", "semi_detached": "Semi-detached house", "terraced": "Terraced house",
    "purpose_built_flat": "Purpose-built flat", "converted_or_shared_house": "Converted or shared house",
    "other_converted_building": "Other converted building", "commercial_building": "Over a shop or office",
    "caravan": "Caravan or mobile home",
}  # fmt: skip
MARGIN_WORDS = {
    "age": "Five-year ages", "tenure": "Tenure", "accommodation": "Accommodation",
    "household_size": "Household sizes", "sex_by_age": "Sex by age",
}  # fmt: skip
PROPER = {
    "childrens social care": "Children’s social care", "husbands initials": "Husband’s initials",
    "shielding support submissions": "Shielding support requests",
    "other parents surname": "Other parent’s surname",
}  # fmt: skip
SPELT = {
    "gp": "GP", "nhs": "NHS", "nino": "NI number", "upn": "UPN", "uprn": "UPRN", "fsm": "FSM", "iso": "ISO",
    "british": "British", "january": "January",
}  # fmt: skip


def label(name: str) -> str:
    """Return the name of a list, class or kind as a label."""
    plain = name.replace("_", " ").replace("-", " ")
    return PROPER.get(plain, capital(" ".join(SPELT.get(word, word) for word in plain.split())))


def within(name: str) -> str:
    """Return a label as it stands inside a sentence: small, but for what is always written large."""
    words = label(name)
    return words if words.split()[0] in SPELT.values() else words[:1].lower() + words[1:]


def category(margin: str, name: str) -> str:
    """Return a category of a margin as a label."""
    if margin == "age":
        return band(name)
    if margin == "sex_by_age":
        return f"{'Men' if name[0] == '1' else 'Women'} {band(name[2:])}"
    return {**TENURE_WORDS, **ACCOMMODATION_WORDS}.get(name, name)


def band(name: str) -> str:
    """Return a band of ages in words: 20 to 24, 90 and over."""
    return name.replace("-", " to ").replace("+", " and over")


def percent(share: float, places: int = 1) -> str:
    """Return a share as a percentage."""
    return f"{100 * share:.{places}f}%"


def rate(share: float) -> str:
    """Return a rate as a percentage, with more places where it is small."""
    return percent(share, 2 if 0 < share < 0.0095 else 1)


def number(count: float) -> str:
    """Return a count with commas."""
    return f"{count:,.0f}"


def many(count: int, one: str, several: str = "") -> str:
    """Return a count with its noun: no areas, one area, 2 areas."""
    said = {0: "no", 1: "one"}.get(count, number(count))
    return f"{said} {one if count == 1 else several or one + 's'}"


def day(on: date) -> str:
    """Return a day as it is written in a letter."""
    return f"{on.day} {on:%B %Y}"


def listed(names: Sequence[str], most: int = 4) -> str:
    """Return names in a sentence: a, b and c; beyond so many, how many more."""
    shown = list(names[:most])
    if len(names) > most:
        shown.append(f"{len(names) - most} more")
    return shown[0] if len(shown) == 1 else ", ".join(shown[:-1]) + " and " + shown[-1]


def capital(sentence: str) -> str:
    """Return a sentence with its first letter large."""
    return sentence[:1].upper() + sentence[1:]
