"""JSON lines: one object a line, each line judged by itself."""

from __future__ import annotations

import json
from collections.abc import Iterator

from sharewell.sources.json_feed import DECODER, Item, NameTwice
from sharewell.sources.json_lists import Flat, whole_flat
from sharewell.sources.line_account import WHITE, LineAccount


def line_items(blocks: Iterator[str], account: LineAccount) -> Iterator[Item]:
    """Return the lines that are not blank as items; blank lines at the end are counted."""
    before = ""
    for block in blocks:
        for line in _with_ends(block):
            if line.strip(WHITE):
                yield _item(line, before)
                before = ""
            else:
                before += line
    account.around(before)


def _with_ends(text: str) -> Iterator[str]:
    """Return lines with their ends; ``splitlines`` ends lines at other signs too."""
    *whole, last = text.split("\n")
    yield from (f"{line}\n" for line in whole)
    if last:
        yield last


def _item(line: str, before: str) -> Item:
    """Return a line as an item; one without a line end may be cut off."""
    try:
        return Item(DECODER.decode(line.strip(WHITE)), line, before)
    except (json.JSONDecodeError, RecursionError):
        return Item(None, line, before, "bad_json" if line.endswith("\n") else "truncated_row")
    except NameTwice:
        return Item(None, line, before, "bad_json")


def are_lines(lines: list[str]) -> bool:
    """Return whether the first lines of a file are one object each, rather than parts of one document.

    One line alone may be either, and is taken for a document. Indented lines are parts of one.
    """
    return len(lines) > 1 and any(
        line.lstrip("\ufeff").startswith("{") and _object(line) is not None for line in lines
    )


def _object(line: str) -> Flat | None:
    try:
        return whole_flat(DECODER.decode(line.strip(WHITE)))
    except (ValueError, RecursionError):
        return None
