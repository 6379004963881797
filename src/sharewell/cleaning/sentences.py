"""Why a cell was changed or a row set aside, in a plain sentence for every rule and reason there is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from sharewell.cleaning import keys
from sharewell.cleaning.queries import NO_TEXT_RULE
from sharewell.cleaning.rules import RULES

READING: Final = {
    "ragged_row": "The row has more or fewer cells than the header, and no one certain way to put it right.",
    "truncated_row": "The file breaks off inside this row.",
    "shifted_row": "The row's text crosses from one column into the next.",
    "bad_json": "The line is not a JSON object, so it has no fields.",
    "other_element": "The element is none of the list's records.",
}
"""Why reading sets a row aside."""

OTHERS: Final = {
    "mended_by_sender": "The sender mended the row and sent it back.",
    NO_TEXT_RULE: "A cell with no text in it was written as a missing one, like others of its column.",
}
_MISSING: Final = "missing_required_"


def every_rule() -> Mapping[str, str]:
    """Return the sentence of every rule and reason by its id, those of one missing field apart."""
    return {**{rule: RULES[rule] for rule in RULES}, **keys.RULES, **READING, **OTHERS}


def why(rule: str, titles: Mapping[str, str] | None = None) -> str:
    """Return why, for a rule, several joined by ``+``, or a reason; ``titles`` are of fields by name."""
    if rule.startswith(_MISSING):
        name = rule.removeprefix(_MISSING)
        return f"{(titles or {}).get(name, name)} must be filled in, and it is missing."
    known = every_rule()
    return " ".join(known.get(part, f"({part})") for part in rule.split("+"))
