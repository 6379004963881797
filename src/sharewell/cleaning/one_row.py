"""One record before and after cleaning, with every rule, why, and why it was set aside."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from sharewell.cleaning.actions import Order, Work, decided_file
from sharewell.cleaning.giveback.answers import ASIDE, CHANGES, KEPT
from sharewell.cleaning.giveback.terms import MENDED, Answers
from sharewell.cleaning.sentences import why
from sharewell.sources.read import Read
from sharewell.store.engine import quoted
from sharewell.vocab.errors import TraceNotFound, Where


def explain_row(order: Order, row: int, answers: Answers | None = None) -> dict[str, Any]:
    """Return one record of a file before and after cleaning, with every rule and why it was set aside.

    ``row`` counts records after the header from 1. The whole file is cleaned for it, since a column's dates
    and a row's duplicates are evidence. ``answers`` is the folder that the file was cleaned into: with it the
    file is cleaned as it was then, and ``taken_back`` says what came of a row that its sender mended.
    Raises TraceNotFound (no such row, a folder of another file) and the refusals of each step.
    """
    if answers:
        order = replace(order, as_of=answers.as_of, without=answers.without)
    with decided_file(order, None) as work:
        if answers:
            _require_same_file(work.read, answers)
        aside = _one(work, work.aside.name, row)
        before = _one(work, work.decided.mapped.name, row)
        if before is None and aside is None:
            raise _no_such_row(work.read, row)
        titles = {field.name: field.title for field in order.standard.fields}
        return {
            "file": work.read.facts.name,
            "row": row,
            "line": (before or aside or {}).get("line"),
            "fate": "set_aside" if aside else "kept",
            "reasons": _reasons(aside, titles),
            "raw": aside["raw"] if aside and before is None else None,
            "cells": _cells(work, row, before) if before else [],
            "taken_back": _taken_back(answers, row, titles) if answers else None,
        }


def _reasons(aside: Mapping[str, Any] | None, titles: Mapping[str, str]) -> list[dict[str, str]]:
    reasons = aside["reasons"] if aside else []
    return [{"reason": reason, "why": why(reason, titles)} for reason in reasons]


def _require_same_file(read: Read, answers: Answers) -> None:
    if read.facts.sha256 != answers.about["file"]["sha256"]:
        raise TraceNotFound(
            "The folder of answers is of another file, or the file has changed since.",
            "Name the folder that `sharewell clean` wrote of this very file.",
            Where(file=read.facts.name),
        )


def _taken_back(answers: Answers, row: int, titles: Mapping[str, str]) -> dict[str, Any] | None:
    """Return what came of a row that its sender mended; None where the sender wrote none of its cells anew.

    Its cells go from how they stood in the file to how they are now, by way of what the sender wrote.
    """
    changes = _rows_of(answers.folder / CHANGES, row)
    if not any(MENDED in change["rule"].split("+") for change in changes):
        return None
    aside = next(iter(_rows_of(answers.folder / ASIDE, row)), None)
    now = next(iter(_rows_of(answers.folder / KEPT, row)), None)
    told = ("column", "before", "after", "rule", "verdict", "why")
    return {
        "fate": "kept" if now else "set_aside",
        "reasons": _reasons(aside, titles),
        "cells": [{name: change[name] for name in told} for change in changes],
    }


def _rows_of(path: Path, row: int) -> list[dict[str, Any]]:
    return pq.read_table(path, filters=[("source_row", "=", row)]).to_pylist()


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
