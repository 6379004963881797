"""Lines that were read otherwise than they stand: their own bytes can be had back, whatever was met."""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sharewell.sources import encoding, raw_lines
from sharewell.sources.encoding import Charset, Decoding, clean_blocks
from sharewell.sources.lines import Fate
from sharewell.sources.nuls import lines_with_nuls
from sharewell.sources.windows_1252 import from_windows, to_windows

HEADER = b"id,name,born,note\n"
GOOD = b"".join(b"%d,Ann,1980-01-%02d,a note\n" % (at, at % 28 + 1) for at in range(1, 31))


def noted(read_):
    return read_.raw_lines.rows().read_all().to_pylist()


def told(read_):
    return [(row["source_row"], row["line"], row["why"], row["raw"]) for row in noted(read_)]


def physical_lines(content: bytes) -> list[bytes]:
    """Split by hand: a line ends with LF, CR or both, whatever NUL bytes stand between them."""
    lines = re.findall(rb"[^\r\n]*(?:\r\x00*\n|\r|\n)|[^\r\n]+\Z", content)
    return lines if not lines or lines[-1].strip(b"\0") else lines[:-1]


def through(content: bytes, size: int) -> tuple[bytes, list[dict[str, object]]]:
    """Return a text cleaned in blocks of a size, and the lines noted on the way."""
    decoding = Decoding(Charset.UTF_8)
    found = decoding.note_lines()
    blocks = [content[at : at + size] for at in range(0, len(content), size)]
    text = b"".join(clean_blocks(blocks, decoding, "list.csv"))
    fate = np.full(decoding.lines, Fate.RECORD, np.uint8)
    found.number(0, fate, np.arange(1, decoding.lines + 1))
    assert decoding.nuls == content.count(b"\0")
    return text, found.rows().read_all().to_pylist()


PIECES = [b"a", b"\0", b"\0\0", b"\r", b"\n", b"\r\n", b"\r\0\n", b"\xe9", "é".encode(), b"\x81", b",", b'"']


@given(st.lists(st.sampled_from(PIECES), max_size=60).map(b"".join), st.integers(1, 9))
def test_every_line_of_any_text_is_had_back(content, size):
    text, rows = through(content, size)
    lines, read_as = physical_lines(content), re.findall(rb"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+\Z", text)
    assert len(lines) == len(read_as)
    by_line = {row["line"]: row for row in rows}
    for number, (line, as_read) in enumerate(zip(lines, read_as, strict=True), 1):
        row = by_line.get(number, {"raw": None, "encoding": "utf-8", "why": ""})
        is_windows = row["encoding"] == "windows-1252"
        written = to_windows(as_read.decode()) if is_windows else as_read
        assert (row["raw"] or written) == line
        assert (row["raw"] is not None) == (b"\0" in line) == ("nul_bytes" in row["why"])
        assert is_windows == ("windows_1252" in row["why"])


def test_all_256_bytes_are_256_letters():
    every = bytes(range(256))
    assert to_windows(from_windows(every)) == every


def test_nul_bytes_after_the_last_line_end_stand_on_no_line():
    assert list(lines_with_nuls(b"a\r\n\0\0", b"a\r\n")) == []
    assert list(lines_with_nuls(b"a\r\0\n\0b\0", b"a\r\nb")) == [(0, b"a\r\0\n"), (1, b"\0b\0")]


def test_what_was_read_as_it_stands_is_not_noted(read):
    assert noted(read(HEADER + GOOD + '31,"Zoë, Ann",1980-01-01,"two\nlines"\n'.encode())) == []
    assert noted(read(b'[{"id": "1", "name": "A\xe9"}, {"id": "2", "name": "B"}]', "list.json")) == []


def test_windows_1252_lines_have_their_record_and_no_bytes(read):
    found = read("Café\n\n".encode("cp1252") + HEADER + GOOD + b"31,Zo\xeb,1980-01-01,x\n")
    assert noted(found) == [
        {"source_row": None, "line": 1, "why": "windows_1252", "encoding": "windows-1252", "raw": None},
        {"source_row": 31, "line": 34, "why": "windows_1252", "encoding": "windows-1252", "raw": None},
    ]


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (b"31,A\0nn,1980-01-01,x\r\0\n", "nul_bytes"),
        (b'31,Ann "Nan" Lee,1980-01-01,x\n', "stray_quote"),
        (b"31,Ann,1980-01-01,x,,\r\n", "spare_cells_dropped"),
        (b'31,Ann,1980-01-01, "x, y"\n', "spaced_quotes"),
        (b"31,Lee, Ann,1980-01-01,x\n", "realigned"),
        (b"31,Lee, Zo\xeb\0,1980-01-01,x\n", "windows_1252+nul_bytes+realigned"),
        (b"31,Ann\0\n", "nul_bytes"),
    ],
)
def test_mended_lines_keep_their_own_bytes(read, line, why):
    found = read(HEADER + GOOD + line + b"32,Ann,1980-01-01,x\n")
    assert told(found) == [(31, 32, why, line)]


def test_a_record_of_several_lines_keeps_them_all_where_its_text_does_not_tell(read):
    mixed = [b'31,Ann,1980-01-01,"caf\xe9\n', "café\n".encode(), b'end"\n']
    alike = b'32,Ann,1980-01-01,"caf\xe9\nplain"\n'
    with_nul = [b'33,Ann,1980-01-01,"a\n', b'b\0"\n']
    found = read(HEADER + GOOD + b"".join(mixed) + alike + b"".join(with_nul))
    assert told(found) == [
        *((31, 32 + at, "windows_1252", line) for at, line in enumerate(mixed)),
        (32, 35, "windows_1252", None),
        *((33, 37 + at, "nul_bytes", line) for at, line in enumerate(with_nul)),
    ]
    assert [row["encoding"] for row in noted(found)][:4] == ["windows-1252", "utf-8", "utf-8", "windows-1252"]


def test_lines_that_belong_to_no_record_have_none(read):
    content = HEADER + b"\0\n" + b'"id",na\0me,born,note\n' + GOOD + b"Total: 30\0\n"
    assert [row["source_row"] for row in noted(read(content))] == [None, None, None]


def test_utf_16_lines_are_kept_as_utf_16(read):
    line = "31,A\0nn,1980-01-01,ë\r\n"
    found = read((HEADER + GOOD).decode().encode("utf-16") + line.encode("utf-16-le"))
    assert [(row["encoding"], row["raw"]) for row in noted(found)] == [
        ("utf-16-le", line.encode("utf-16-le"))
    ]


def test_fixed_width_lines_are_noted(read):
    rows = b"".join(b"%-4d  %-8s  1980-01-01\n" % (at, b"Ann") for at in range(1, 30))
    odd = b"30    Zo\xeb\0       1980-01-01\n"
    found = read(b"id    name      born\n----  --------  ----------\n" + rows + odd)
    assert found.facts.format == "fixed"
    assert told(found) == [(30, 32, "windows_1252+nul_bytes", odd)]


def test_lines_that_are_too_many_to_hold_are_counted(read, monkeypatch):
    monkeypatch.setattr(raw_lines, "MOST_HELD", -1)
    found = read(HEADER + GOOD + b"31,A\0nn,1980-01-01,x\n32,Ann,1980-01-01,x,,\n")
    assert told(found) == [
        (31, 32, "nul_bytes", None),
        (32, 33, "spare_cells_dropped", None),
    ]
    assert ("raw_lines_dropped", 2) in [(note.code, note.rows) for note in found.notes]


def test_many_lines_are_packed_and_had_back(monkeypatch):
    monkeypatch.setattr(raw_lines, "_PIECE", 64)
    content = b"".join(b"%d\0\r\n" % at for at in range(20_000))
    assert [row["raw"] for row in through(content, 1 << 20)[1]] == physical_lines(content)


def test_a_hole_in_a_file_does_not_fill_the_memory(monkeypatch):
    monkeypatch.setattr(encoding, "_LONG_WITH_NULS", 64)
    monkeypatch.setattr(encoding, "LONGEST_LINE", 128)
    text, rows = through(b"a\n" + bytes(500) + b"b\nc\0\n" + bytes(500), 50)
    assert text == b"a\nb\nc\n"
    assert [(row["line"], row["why"], row["raw"]) for row in rows] == [
        (2, "nul_bytes", None),
        (3, "nul_bytes", b"c\0\n"),
    ]
