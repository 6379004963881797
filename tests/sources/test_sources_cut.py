"""JSON and XML cut at any byte, or with a stray byte in them: records before are kept, no line vanishes.

Sixty copies of each kind by default; SHAREWELL_FUZZ says how many.
"""

from __future__ import annotations

import json
import os
import random
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import escape

import pytest

from sharewell.sources.formats import find_format
from sharewell.sources.read import _open
from sharewell.sources.terms import FileFacts
from sharewell.vocab.errors import FileEmpty, FileUnreadable, HeaderMissing, SharewellError

COPIES = int(os.environ.get("SHAREWELL_FUZZ", "60"))
STRAY = [b'"', b"{", b"}", b"[", b"]", b",", b":", b"\\", b"x", b"9", b"\n", b"\r", b"<", b">", b"/", b"&",
         b"=", b" ", b"\xff", b"\0", b"'", b"!", b"-", "é".encode()]  # fmt: skip
NAMES = ("Zoë", 'Ann "Nan" Lee', "O'Brien {x}, [y]", "a\\b", "Smith & Son <x>", "Łukasz")
RECORDS = [
    {
        "id": f"R{n:04}",
        "name": NAMES[n % len(NAMES)],
        "home": {"line": f"{n}, High Street", "postcode": f"BN{n % 9} {n % 7}AA"},
        "kids": [{"id": f"K{n}{kid}", "name": "x"} for kid in range(n % 4)],
        "sum": n / 4,
    }
    for n in range(18)
]


def as_array(records, indent=None):
    return json.dumps(records, ensure_ascii=False, indent=indent)


def as_keyed(records, indent=None):
    around = {"count": len(records), "data": {"people": records}, "next": {"page": [2]}, "done": True}
    return json.dumps(around, ensure_ascii=False, indent=indent)


def as_lines(records):
    return "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)


def as_sequence(records):
    return "".join(json.dumps(record, ensure_ascii=False, indent=2) + "\n" for record in records)


JSON = {
    "array.json": as_array(RECORDS),
    "array_long.json": as_array(RECORDS, 1).replace("\n", "\r\n"),
    "keyed.json": as_keyed(RECORDS),
    "keyed_long.json": as_keyed(RECORDS, 2),
    "lines.jsonl": as_lines(RECORDS),
    "sequence.json": as_sequence(RECORDS),
}


def as_xml(records, gap=""):
    """Return XML with attributes, nesting, and elements before and after the list."""
    rows = []
    for record in records:
        home = "".join(f"<{name}>{escape(value)}</{name}>" for name, value in record["home"].items())
        kids = "".join(f'<kid id="{kid["id"]}">{kid["name"]}</kid>' for kid in record["kids"])
        inside = f"<name>{escape(record['name'])}</name>{gap}<home>{home}</home>{gap}{kids}"
        rows.append(f'<person id="{record["id"]}">{gap}{inside}<sum>{record["sum"]}</sum>{gap}</person>')
    head, foot = "<made><by>x</by></made>", "<count>30</count>"
    return f"<export>{head}{gap}<people>{gap}{gap.join(rows)}{gap}</people>{gap}{foot}</export>"


XML = {
    "line.xml": as_xml(RECORDS),
    "long.xml": f'<?xml version="1.0"?>\n<!-- made by a case system -->\n{as_xml(RECORDS, chr(10))}',
    "prefixed.xml": re.sub(r"<(/?)(?=[a-z])", r"<\1c:", as_xml(RECORDS, "\r\n ")),
}
FILES = {name: text.encode() for name, text in {**JSON, **XML}.items()}


def spans(content: bytes) -> list[tuple[int, int]]:
    """Return where each record lies in the bytes of a whole file."""
    starts = [found.start() for found in re.finditer(rb'\{\s*"id": "R|<(?:c:)?person ', content)]
    ends = [*starts[1:], len(content)]
    close = rb"</(?:c:)?person>" if b"person " in content else rb'"sum": [0-9.]+\s*\}'
    return [
        (start, start + max(found.end() for found in re.finditer(close, content[start:end])))
        for start, end in zip(starts, ends, strict=True)
    ]


def physical_lines(content: bytes) -> int:
    text = content.replace(b"\0", b"").replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return text.count(b"\n") + (not text.endswith(b"\n") and bool(text))


def kept(found: Copy) -> list[tuple[str, ...]]:
    names = ("id", "name", "home.line", "sum")
    return [tuple(row.get(name) or "" for name in names) for row in found.rows]


@dataclass(frozen=True)
class Copy:
    """A copy as it was read, without an engine: what that does with rows is the same for every copy."""

    rows: list[dict[str, str | None]]
    aside: list[dict[str, str]]
    facts: FileFacts
    codes: set[str]


def read(path: Path, content: bytes) -> Copy:
    path.write_bytes(content)
    reading = _open(find_format(path), ())
    rows = reading.rows().read_all().to_pylist()
    aside = reading.aside.table().to_pylist()
    return Copy(rows, aside, reading.facts(), {note.code for note in reading.notes()})


def whole(path: Path) -> list[tuple[str, ...]]:
    content = FILES[path.name]
    found = read(path, content)
    assert (found.facts.records, len(found.aside)) == (len(RECORDS), 0)
    assert sum(found.facts.lines.values()) == physical_lines(content)
    return kept(found)


@pytest.mark.parametrize("name", FILES)
def test_a_list_cut_at_any_byte_keeps_what_came_before_and_sets_the_cut_record_aside(tmp_path, name):
    path = tmp_path / name
    content, expected, places = FILES[name], whole(path), spans(FILES[name])
    assert len(places) == len(RECORDS)
    rng = random.Random(7)
    for at in sorted(rng.randrange(1, len(content)) for _ in range(COPIES)):
        before = [end for _, end in places if end <= at]
        try:
            found = read(path, content[:at])
        except (FileEmpty, FileUnreadable, HeaderMissing):
            assert len(before) < (2 if name.endswith("xml") else 1), f"refused when cut at {at}"
            continue
        assert kept(found) == expected[: len(before)] or not before
        assert sum(found.facts.lines.values()) == physical_lines(content[:at])
        begun = [start for start, end in places if start + 9 < at < end]
        assert len(begun) <= len(found.aside) <= 1
        if begun:
            raw = content[begun[0] : at].decode("cp1252" if _is_mid_letter(content, at) else "utf-8")
            assert re.sub(r"\s", "", found.aside[0]["raw"]) == re.sub(r"\s", "", raw)
            assert found.aside[0]["reasons"] == ["truncated_row"]
        if at < places[-1][1]:
            assert "cut_short" in found.codes or name.endswith(("jsonl", "sequence.json"))


def _is_mid_letter(content: bytes, at: int) -> bool:
    return content[at : at + 1] >= b"\x80" and content[at : at + 1] < b"\xc0"


@pytest.mark.parametrize("name", FILES)
def test_a_stray_byte_costs_the_record_it_hits_and_no_other(tmp_path, name):
    path = tmp_path / name
    content, expected, places = FILES[name], whole(path), spans(FILES[name])
    rng, refused, spoilt = random.Random(11), 0, 0
    for _ in range(COPIES):
        at, stray = rng.randrange(places[0][0] + 1, len(content)), rng.choice(STRAY)
        copy = content[:at] + stray + content[at:]
        try:
            found = read(path, copy)
        except SharewellError as error:
            assert error.code != "rows-not-conserved", f"{stray!r} at {at}: {error}"
            refused += 1
            continue
        assert sum(found.facts.lines.values()) == physical_lines(copy), f"{stray!r} at {at}"
        assert len(found.rows) + len(found.aside) == found.facts.records
        untouched = Counter(
            row for row, (start, end) in zip(expected, places, strict=True) if not start < at < end
        )
        missing = untouched - Counter(kept(found))
        raws = " ".join(row["raw"] for row in found.aside)
        assert all(row[0] in raws for row in missing), f"{stray!r} at {at}: lost {missing}"
        extra = Counter(kept(found)) - Counter(expected)
        assert extra.total() <= 1, f"{stray!r} at {at}: made up {extra}"
        spoilt += missing.total()
    assert refused <= COPIES // 20
    assert spoilt <= COPIES // 20
