"""The parts of an agreement that have no term of their own, read from its document; who does what in it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from sharewell.agreements.terms import Agreement, Level

Part = Mapping[str, object]


def part(agreement: Agreement, *path: str) -> Part | None:
    """Return a map of the document, or None when it is not there or is not a map."""
    found: object = agreement.document
    for key in path:
        found = found.get(key) if isinstance(found, Mapping) else None
    return found if isinstance(found, Mapping) else None


def parts(agreement: Agreement, *path: str) -> tuple[Part, ...]:
    """Return a list of maps of the document, empty when it is not there."""
    around = part(agreement, *path[:-1])
    found = around.get(path[-1]) if around else None
    return tuple(each for each in found if isinstance(each, Mapping)) if isinstance(found, list) else ()


def text(found: Part | None, key: str) -> str:
    """Return a text of a part, empty when it is not there."""
    value = found.get(key) if found else None
    return value.strip() if isinstance(value, str) else ""


def day(found: Part | None, key: str) -> date | None:
    """Return a date of a part, or None."""
    written = text(found, key)
    return date.fromisoformat(written) if written else None


def whole(found: Part | None, key: str) -> int:
    """Return a whole number of a part, 0 when it is not there."""
    value = found.get(key) if found else None
    return value if isinstance(value, int) else 0


def releasers(agreement: Agreement) -> frozenset[str]:
    """Return the parties that let data out."""
    return frozenset(term.party for term in agreement.data)


def has_use_at(agreement: Agreement, *levels: Level) -> bool:
    """Return whether any use is at one of the levels."""
    return any(use.level in levels for use in agreement.use)


def is_only_counts(agreement: Agreement) -> bool:
    """Return whether nothing but aggregate counts is used."""
    return all(use.level is Level.AGGREGATE for use in agreement.use)


def is_matched(agreement: Agreement) -> bool:
    """Return whether data of more than one source is brought together (ICO's list under Art. 35(4))."""
    return len({(term.party, term.dataset) for term in agreement.data}) > 1
