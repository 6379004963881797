"""Undo a rule for one column: what it would have changed stays as it came, and the list is cleaned again."""

from __future__ import annotations

from collections.abc import Sequence

from sharewell.cleaning.sentences import READING, every_rule
from sharewell.cleaning.terms import Undone
from sharewell.sources.terms import Standard
from sharewell.vocab.errors import RuleUnknown, UnknownColumn, Where


def read_undone(texts: Sequence[str], standard: Standard) -> frozenset[Undone]:
    """Return the rules to do without, each written ``COLUMN:RULE``. Raises UnknownColumn, RuleUnknown."""
    return frozenset(_read_one(text, standard) for text in texts)


def _read_one(text: str, standard: Standard) -> Undone:
    column, _, rule = text.partition(":")
    if column not in standard.names:
        raise UnknownColumn(
            f"The standard '{standard.name}' has no field '{column}'.",
            f"Write COLUMN:RULE with one of its fields: {', '.join(standard.names)}.",
            Where(column=column),
        )
    if rule not in every_rule() or rule in READING:
        raise RuleUnknown(
            f"'{rule}' is no rule of cleaning.",
            "Name one as changes.parquet, about.json or `sharewell explain` does.",
            Where(column=column),
        )
    return Undone(column, rule)
