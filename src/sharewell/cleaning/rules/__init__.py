"""What is done to one distinct value, and the plain sentence that explains it.

Each module holds the rules of some types of field and the sentences of the rules it names. Rules are pure:
they know no table and no other row. Start with ``text.py``, where every rule starts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from sharewell.cleaning.rules import (
    addresses,
    amounts,
    bounds,
    calendar,
    codes,
    contacts,
    dates,
    emails,
    identifiers,
    instants,
    names,
    postcodes,
    readings,
    text,
)


class Sentences(Mapping[str, str]):
    """The sentence of every rule by its id. Ids joined by ``+`` give their sentences in order."""

    def __init__(self, sentences: Mapping[str, str]) -> None:
        self._sentences = dict(sentences)

    def __getitem__(self, rule: str) -> str:
        return " ".join(self._sentences[part] for part in rule.split("+"))

    def __iter__(self) -> Iterator[str]:
        return iter(self._sentences)

    def __len__(self) -> int:
        return len(self._sentences)


MODULES: Final = (
    *(text, identifiers, names, dates, calendar, readings, instants),
    *(codes, amounts, contacts, emails, postcodes, addresses, bounds),
)
RULES: Final[Mapping[str, str]] = Sentences(
    {rule: sentence for module in MODULES for rule, sentence in module.RULES.items()}
)
