"""Make the terms from a file that keeps the grammar."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, cast

from sharewell.agreements.read.canonical import canonical_json, sha256_of
from sharewell.agreements.terms import (
    Agreement,
    DataTerm,
    FieldTerm,
    Form,
    LawfulTerm,
    Level,
    Party,
    RowTest,
    SmallNumbers,
    Status,
    Test,
    TimeTerm,
    UseTerm,
)

Node = Mapping[str, Any]


def build_agreement(tree: object, lines: Mapping[str, int]) -> Agreement:
    """Return the agreement; the tree must have passed the grammar."""
    document = cast("dict[str, Any]", tree)
    canonical = canonical_json(document)
    return Agreement(
        id=document["id"],
        title=document["title"],
        status=Status(document["status"]),
        place=document["place"],
        purpose=document["why"]["purpose"],
        plain_words=document["why"]["plain_words"],
        parties={key: _party(key, node) for key, node in document["parties"].items()},
        lawful=tuple(LawfulTerm(party, **node) for party, node in document.get("lawful", {}).items()),
        data=tuple(_data(node) for node in document["data"]),
        use=tuple(_use(node) for node in document["use"]),
        small_numbers=SmallNumbers(**document.get("small_numbers", {})),
        time=_time(document["time"]),
        document=document,
        canonical=canonical,
        sha256=sha256_of(canonical),
        lines=dict(lines),
    )


def _party(key: str, node: Node) -> Party:
    return Party(key, **{**node, "types": tuple(node["types"])})


def _data(node: Node) -> DataTerm:
    fields = tuple(FieldTerm(name, Form(item["as"]), item["why"]) for name, item in node["fields"].items())
    rows = tuple(_row_test(item) for item in node["rows"])
    never = tuple(node.get("never", ()))
    return DataTerm(node["from"], node["dataset"], rows, fields, never, node.get("redaction"))


def _row_test(node: Node) -> RowTest:
    test = next(each for each in Test if each in node)
    value = node[test]
    return RowTest(node["field"], test, tuple(value) if isinstance(value, list) else (value,))


def _use(node: Node) -> UseTerm:
    return UseTerm(
        node["party"], tuple(node["roles"]), Level(node["level"]), tuple(node["may"]), node.get("k")
    )


def _time(node: Node) -> TimeTerm:
    starts, review_by, ends = (date.fromisoformat(node[key]) for key in ("starts", "review_by", "ends"))
    return TimeTerm(starts, review_by, ends, node["delete_within_days"])
