"""The good agreements, and the means to break one of them in one place."""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping
from datetime import date
from enum import Enum
from pathlib import Path
from typing import Any

from sharewell.agreements.read import parse_agreement
from sharewell.agreements.rules import check_agreement
from sharewell.agreements.terms import Agreement, Finding
from sharewell.vocab.errors import AgreementInvalid

GOOD = Path(__file__).parent / "good"
TODAY = date(2026, 11, 23)
WINTER = (GOOD / "winter-calls.yaml").read_text(encoding="utf-8")


class Change(Enum):
    """What to do with a value other than to replace it."""

    DROP = "drop"


DROP = Change.DROP


def good(name: str) -> Agreement:
    return parse_agreement((GOOD / f"{name}.yaml").read_text(encoding="utf-8"), f"{name}.yaml")


def document(name: str = "winter-calls") -> dict[str, Any]:
    return copy.deepcopy(dict(good(name).document))


def broken(name: str, changes: Mapping[str, object]) -> str:
    """Return a good agreement's text with values changed, put in or (DROP) taken out, each at its path."""
    whole = document(name)
    for path, value in changes.items():
        _change(whole, path.split("/"), value)
    return json.dumps(whole, ensure_ascii=False)


def changed(name: str, changes: Mapping[str, object]) -> Agreement:
    return parse_agreement(broken(name, changes), name)


def findings_of(text: str, today: date = TODAY) -> tuple[Finding, ...]:
    """Return what reading finds wrong, or else what checking finds."""
    try:
        agreement = parse_agreement(text, "test.yaml")
    except AgreementInvalid as error:
        return tuple(each for each in error.findings if isinstance(each, Finding))
    return check_agreement(agreement, today)


def _change(node: Any, path: list[str], value: object) -> None:
    for step in path[:-1]:
        node = node[int(step)] if isinstance(node, list) else node[step]
    last: Any = int(path[-1]) if isinstance(node, list) else path[-1]
    if value is DROP:
        del node[last]
    elif isinstance(node, list) and last == len(node):
        node.append(value)
    else:
        node[last] = value
