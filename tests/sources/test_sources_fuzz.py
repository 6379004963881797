"""A hostile file damaged over and over: no line unaccounted for, no untouched record lost or changed.

A few dozen copies by default; SHAREWELL_FUZZ says how many.
"""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path

import pytest
from benchmarks.measure import shared
from benchmarks.mess import GENERATOR, make_sample
from benchmarks.wild import WAYS, Span, find_spans, judge, mutations

COPIES = int(os.environ.get("SHAREWELL_FUZZ", "60"))
HEADER = "record_id,surname,first_name,date_of_birth,postcode,note"
NAMES = ("Müller", "O'Brien", "Nguyễn", "Smith-Jones", "Zoë", "D’Arcy", "Łukasz")


def record(number: int, note: str = "") -> tuple[str, ...]:
    name = NAMES[number % len(NAMES)]
    born = f"{1 + number % 28:02}/{1 + number % 12:02}/{1930 + number % 70}"
    return (f"R{number:05}", name, NAMES[number % 3], born, f"LS{1 + number % 9} {number % 10}AB", note)


def plain(cells: tuple[str, ...]) -> str:
    return ",".join(
        '"' + cell.replace('"', '""') + '"' if set(cell) & set(',"\n') else cell for cell in cells
    )


ODD = {
    7: lambda row: plain(row).replace("\u00fc", "u").encode("cp1252", "replace") + b"\r\n",
    11: lambda row: plain((*row[:5], 'called "Bob", moved\non 3 May\nto Hove')).encode() + b"\n",
    17: lambda row: plain(row).encode() + b",,\n",
    23: lambda row: ",".join(row[:3]).encode() + b"\n",
    29: lambda row: plain(row).encode().replace(b",", b"\0,", 1) + b"\n",
    31: lambda row: plain(row).encode() + b"\r\n,,,,,\n\n",
    37: lambda row: plain(row).encode() + b"\n" + HEADER.encode() + b"\n",
    43: lambda row: plain(row).encode().replace(row[5].encode(), b'"never closed', 1) + b"\n",
    53: lambda row: plain((*row[:5], "a, b")).encode() + b"\n",
    59: lambda row: ",".join((*row[:5], "one, two")).encode() + b"\n",
    67: lambda row: (plain(row) + "\n").encode("cp1252", "replace"),
}
"""Records written as nobody should, by their number; the others are plain."""

SHIFTED = {"R00059"}
"""Put right by what its neighbours look like; when they are damaged it may be set aside instead."""

CLEARLY_THERE = set(range(1, 141)) - {7, 11, 23, 29, 43, 53, 59, 67}


def hostile() -> bytes:
    """Return a small file with every kind of structural damage."""
    pieces = [
        b"\xef\xbb\xbfHousing extract,,,,,\r\nRun date:,03/04/2021,,,,\r\n,,,,,\r\n",
        HEADER.encode() + b"\r\n",
    ]
    for number in range(1, 141):
        row = record(number, "note" if number % 5 == 0 or number == 43 else "")
        write = ODD.get(number, lambda row: plain(row).encode() + b"\n")
        pieces.append(write(row))
    return b"".join([*pieces, b"Total records,140,,,,\r\n", b"R00141,Jo"])


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("fuzz") / "hostile.csv"
    path.write_bytes(hostile())
    return path


@pytest.fixture(scope="module")
def wild(tmp_path_factory: pytest.TempPathFactory) -> Path:
    generator = shared(*GENERATOR)
    if not generator:
        pytest.skip("the messy sample's generator is not beside the repository")
    folder = tmp_path_factory.mktemp("wild")
    make_sample(generator, folder, 1_200, 7)
    return folder / "wild.csv"


def damage(base: Path, folder: Path, seed: int) -> Counter[str]:
    """Return how often an untouched record was set aside, by its id, having found none lost."""
    spans, header = find_spans(base)
    aside: Counter[str] = Counter()
    bad = []
    for number, mutation in enumerate(mutations(base.read_bytes(), header, COPIES, seed)):
        answer = judge(folder / "copy.csv", mutation, spans)
        aside.update(answer["aside"])
        if answer["unaccounted"] or answer["lost"] or answer["refused"]:
            bad.append((number, mutation.way, mutation.start, answer))
    assert bad == []
    return aside


def test_the_hostile_file_is_read_as_it_was_meant(small: Path):
    spans, _ = find_spans(small)
    read = Counter(span.cells for span in spans)
    meant = Counter(record(number, "note" if number % 5 == 0 else "") for number in CLEARLY_THERE)
    assert meant - read == Counter()
    assert read[(*record(11)[:5], 'called "Bob", moved\non 3 May\nto Hove')] == 1


def test_every_span_lies_where_its_record_does(small: Path):
    spans, _ = find_spans(small)
    content = small.read_bytes()
    for span in spans:
        assert content[span.start : span.end].startswith(span.cells[0].encode())


def test_no_damage_loses_a_line_or_a_record_of_a_small_hostile_file(small: Path, tmp_path: Path):
    aside = damage(small, tmp_path, 3)
    assert set(aside) <= SHIFTED


@pytest.mark.real
def test_no_damage_loses_a_line_or_a_record_of_the_wild_sample(wild: Path, tmp_path: Path):
    assert damage(wild, tmp_path, 5).total() == 0


def test_a_lost_record_would_be_seen(small: Path, tmp_path: Path):
    spans, header = find_spans(small)
    [mutation] = mutations(small.read_bytes(), header, 1, 3)
    made_up = Span(header, header + 1, ("never", "there"))
    assert mutation.way == WAYS[0]
    assert judge(tmp_path / "copy.csv", mutation, [*spans, made_up])["lost"] == 1
