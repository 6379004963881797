"""One record before and after cleaning, with every rule, why, and why it was set aside."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sharewell.cleaning.actions import Order, Work, decided_file
from sharewell.cleaning.sentences import why
from sharewell.sources.read import Read
from sharewell.store.engine import quoted
from sharewell.vocab.errors import TraceNotFound, Where


def explain_row(order: Order, row: int) -> dict[str, Any]:
    """Return one record of a file before and after cleaning, with every rule and why it was set aside.

    ``row`` counts records after the header from 1. The whole file is cleaned for it, since a column's dates
    and a row's duplicates are evidence. Raises TraceNotFound and the refusals of each step.
    """
    with decided_file(order, None) as work:
        aside = _one(work, work.aside.name, row)
        before = _one(work, work.decided.mapped.name, row)
        if before is None and aside is None:
            raise _no_such_row(work.read, row)
        titles = {field.name: field.title for field in order.standard.fields}
        reasons = aside["reasons"] if aside else []
        return {
            "file": work.read.facts.name,
            "row": row,
            "line": (before or aside or {}).get("line"),
            "fate": "set_aside" if aside else "kept",
            "reasons": [{"reason": reason, "why": why(reason, titles)} for reason in reasons],
            "raw": aside["raw"] if aside and before is None else None,
            "cells": _cells(work, row, before) if before else [],
        }


def _no_such_row(read: Read, row: int) -> TraceNotFound:
    return TraceNotFound(
        f"The file has {read.facts.records} records, so it has no row {row}.",
        "Count records from 1, the header left out.",
        Where(file=read.facts.name, row=row),
    )


def _one(work: Work, table: str, row: int) -> dict[str, Any] | None:
    found = work.engine.fetch(f"SELECT * FROM {quoted(table)} WHERE source_row = {int(row)}").to_pylist()
    return found[0] if found else None


def _cells(work: Work, row: int, before: Mapping[str, Any]) -> list[dict[str, Any]]:
    changes = work.engine.fetch(
        f"SELECT * FROM ({work.decided.changes()}) AS c WHERE source_row = {int(row)}"
    ).to_pylist()
    changed = {change["column"]: change for change in changes}
    return [_cell(name, before[name], changed.get(name)) for name in work.order.standard.names]


def _cell(name: str, before: str | None, change: Mapping[str, Any] | None) -> dict[str, Any]:
    told = change or {"after": before or None, "rule": None, "verdict": None}
    return {
        "column": name,
        "before": before,
        "after": told["after"],
        "rule": told["rule"],
        "verdict": told["verdict"],
        "why": why(told["rule"]) if told["rule"] else None,
    }
