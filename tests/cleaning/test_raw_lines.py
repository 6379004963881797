"""From the answers alone every cell's own bytes can be rebuilt, whatever reading and cleaning did to them."""

from __future__ import annotations

import csv
import hashlib
import io
import random
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from cleaning.cleaning_files import GOOD, HEADER, Answers, clean, plant
from sharewell.cleaning.rebuild import RawRecord, rebuild
from sharewell.sources import raw_lines
from sharewell.vocab.errors import FileMissing, FormatUnknown

ENDS = (b"\n", b"\n", b"\r\n", b"\r")


@dataclass(frozen=True)
class Written:
    """A record as it was written: its bytes, and its cells where it has as many as the header."""

    raw: bytes
    cells: tuple[bytes, ...] | None


def dirty(number: int, chance: random.Random) -> dict[str, str]:
    """Return a row that cleaning has something to do with."""
    ways: dict[str, tuple[str, ...]] = {
        "record_id": (f"P{number}",),
        "date_of_birth": ("1985-03-12", "12/03/1985", "12 Mar 1985", "31/02/1985", ""),
        "sex": ("2", "F", "x", ""),
        "full_name": ("Siân Lee", "LEE, SIAN", "  Sian  Lee ", "Zoë O'Neill"),
        "address": ("12 High Street, Hove", "12 High Street, Hove BN3 2QZ", "Caffè 1, Hove"),
        "postcode": ("BN3 2QZ", "bn32qz", ""),
        "balance": ("10.50", "£10.50", "1,010.50", "n/a"),
    }
    return GOOD | {name: chance.choice(some) for name, some in ways.items()}


def line_of(cells: list[bytes], quoted: Callable[[bytes], bool]) -> bytes:
    return b",".join(b'"' + cell.replace(b'"', b'""') + b'"' if quoted(cell) else cell for cell in cells)


def needs_quotes(cell: bytes) -> bool:
    return re.search(rb'[,"\r\n]', cell) is not None


def plain(cells: list[bytes], chance: random.Random) -> Written:
    everywhere = chance.random() < 0.2
    return Written(line_of(cells, lambda cell: everywhere or needs_quotes(cell)), tuple(cells))


def with_nul(cells: list[bytes], chance: random.Random) -> Written:
    for place in chance.sample(range(1, len(cells)), 2):
        at = chance.randint(0, len(cells[place]))
        cells[place] = cells[place][:at] + b"\0" * chance.randint(1, 2) + cells[place][at:]
    # inside the quotation marks: what stands outside belongs to no cell
    return Written(line_of(cells, needs_quotes), tuple(cells))


def stray_quote(cells: list[bytes], chance: random.Random) -> Written:
    cells[4] = b'Ann "Nan" Lee'
    return Written(line_of(cells, lambda cell: b"," in cell), tuple(cells))


def realigned(cells: list[bytes], chance: random.Random) -> Written:
    cells[4], cells[11] = cells[4].replace(b",", b""), b"10.50"
    cells[7] = b"12 High Street, Hove"
    return Written(b",".join(cells), tuple(cells))


def spare_cells(cells: list[bytes], chance: random.Random) -> Written:
    return Written(line_of(cells, needs_quotes) + b",,", tuple(cells))


def spaced_quotes(cells: list[bytes], chance: random.Random) -> Written:
    cells[7] = b"12 High Street, Hove"
    return Written(line_of(cells, needs_quotes).replace(b',"12', b', "12'), tuple(cells))


def too_short(cells: list[bytes], chance: random.Random) -> Written:
    return Written(line_of(cells[:5], needs_quotes), None)


def without_id(cells: list[bytes], chance: random.Random) -> Written:
    cells[0] = b""
    return plain(cells, chance)


def repeated_id(cells: list[bytes], chance: random.Random) -> Written:
    cells[0] = b"P1"
    return plain(cells, chance)


def over_lines(cells: list[bytes], chance: random.Random) -> Written:
    first, last = chance.sample(["Café 1".encode(), "Café 1".encode("cp1252"), b"Flat 1"], 2)
    cells[7] = first + chance.choice(ENDS) + last
    return plain(cells, chance)


KINDS = (with_nul, stray_quote, realigned, spare_cells, spaced_quotes, too_short, without_id, repeated_id)


def written(chance: random.Random, count: int) -> list[Written]:
    rows = []
    for number in range(1, count + 1):
        letters = chance.choice(("utf-8", "utf-8", "cp1252"))
        cells = [dirty(number, chance)[name].encode(letters) for name in HEADER]
        if letters == "cp1252" and chance.random() < 0.2:
            cells[4] += b"\x81"
        kind = plain if number < 40 or chance.random() < 0.5 else chance.choice((*KINDS, over_lines))
        rows.append(kind(cells, chance))
    return rows


def list_of(rows: list[Written], chance: random.Random) -> bytes:
    """Return a file with titles, blank lines and headers between the rows, and line ends of every kind."""
    header = ",".join(HEADER).encode()
    parts = ["Café list".encode("cp1252") + b"\r\n", b"\n", header + b"\n"]
    for row in rows:
        nul = b"\0" if b"\0" in row.raw else b""
        parts.append(row.raw + (b"\r" + nul + b"\n" if nul else chance.choice(ENDS)))
        parts += [part for part in (b"\r\n", header + b"\n", b"\0\n") if chance.random() < 0.02]
    return b"".join(parts)


def by_row(folder: Path) -> dict[int, RawRecord]:
    records = list(rebuild(folder))
    found = {record.source_row: record for record in records}
    assert len(found) == len(records)
    return found


@pytest.mark.parametrize("seed", [1, 2])
def test_every_cell_of_a_list_with_all_that_can_be_wrong_is_rebuilt(tmp_path, seed):
    chance = random.Random(seed)
    rows = written(chance, 400)
    file = tmp_path / "list.csv"
    file.write_bytes(list_of(rows, chance))
    answers = clean(file, tmp_path / "out")
    file.unlink()
    found = by_row(answers.folder)
    assert sorted(found) == list(range(1, len(rows) + 1))
    for number, row in enumerate(rows, 1):
        record = found[number]
        cells = {} if row.cells is None else dict(zip(HEADER, row.cells, strict=True))
        assert record.cells == cells, number
        assert record.raw in ({row.raw} if row.cells is None else {row.raw, None}), number
    lines = pq.read_table(answers.folder / "raw_lines.parquet").to_pylist()
    codes = {code for line in lines for code in line["why"].split("+")}
    assert {"windows_1252", "nul_bytes", "stray_quote", "spare_cells_dropped", "spaced_quotes"} <= codes
    assert "realigned" in codes
    assert {"windows-1252", "utf-8"} == {line["encoding"] for line in lines}
    raw_sum = hashlib.sha256((answers.folder / "raw_lines.parquet").read_bytes()).hexdigest()
    assert answers.about["files"]["raw_lines.parquet"] == raw_sum


def test_utf_16_cells_are_rebuilt_as_utf_16(tmp_path):
    rows = [dirty(number, random.Random(number)) for number in range(1, 40)]
    rows[9]["full_name"] = "A\0nn Lee"
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerows([HEADER, *(row.values() for row in rows)])
    (tmp_path / "list.csv").write_bytes(text.getvalue().encode("utf-16"))
    answers = clean(tmp_path / "list.csv", tmp_path / "out")
    found = by_row(answers.folder)
    for number, row in enumerate(rows, 1):
        assert found[number].cells == {name: row[name].encode("utf-16-le") for name in HEADER}


def test_columns_that_were_left_out_do_not_shift_the_cells(tmp_path):
    names = ["", *HEADER]
    rows = [["", *GOOD.values()] for _ in range(3)]
    rows[1][1], rows[1][5] = "P\0 2", "A\0nn"
    rows[2][1] = "P3"
    lines = [",".join(f'"{cell}"' for cell in row) for row in (names, *rows)]
    (tmp_path / "list.csv").write_text("\n".join(lines), newline="")
    answers = clean(tmp_path / "list.csv", tmp_path / "out")
    cells = by_row(answers.folder)[2].cells
    assert [cells[name] for name in HEADER] == [cell.encode() for cell in rows[1][1:]]


@pytest.mark.parametrize("room", [0, 700])
def test_a_record_whose_bytes_had_no_room_is_told_and_the_others_are_rebuilt(tmp_path, monkeypatch, room):
    monkeypatch.setattr(raw_lines, "MOST_HELD", room)
    monkeypatch.setattr(raw_lines, "_PIECE", 50)
    chance = random.Random(room)
    rows = written(chance, 160)
    (tmp_path / "list.csv").write_bytes(list_of(rows, chance))
    found = by_row(clean(tmp_path / "list.csv", tmp_path / "out").folder)
    lost = [record for record in found.values() if not record.is_whole]
    assert lost and all((record.cells, record.raw) == ({}, None) for record in lost)
    for number, row in enumerate(rows, 1):
        cells = {} if row.cells is None else dict(zip(HEADER, row.cells, strict=True))
        assert not found[number].is_whole or found[number].cells == cells, number


def test_a_clean_list_has_an_empty_table_and_so_has_a_workbook(tmp_path):
    (tmp_path / "list.json").write_text('[{"record_id": "P1", "full_name": "Ann Lee"}]')
    header = ",".join(HEADER)
    (tmp_path / "list.csv").write_text(f"{header}\n" + ",".join(f'"{cell}"' for cell in GOOD.values()))
    answers = clean(tmp_path / "list.csv", tmp_path / "out")
    table = pq.read_table(answers.folder / "raw_lines.parquet")
    assert table.num_rows == 0
    assert table.schema.names == ["source_row", "line", "why", "encoding", "raw"]
    shutil.rmtree(answers.folder)
    with pytest.raises(FileMissing):
        next(rebuild(answers.folder))


def test_a_list_that_is_no_delimited_text_is_refused(tmp_path):
    cells = ", ".join(f'"{name}": "{cell}"' for name, cell in GOOD.items())
    (tmp_path / "list.json").write_text("[{" + cells + "}]")
    answers: Answers = clean(tmp_path / "list.json", tmp_path / "out")
    assert pq.read_table(answers.folder / "raw_lines.parquet").num_rows == 0
    with pytest.raises(FormatUnknown):
        next(rebuild(answers.folder))


@pytest.fixture(scope="module")
def planted(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return plant(shared, tmp_path_factory.mktemp("messy"), 2_000)


@pytest.mark.real
@pytest.mark.parametrize("name", ["messy.csv", "wild.csv"])
def test_every_raw_cell_of_the_planted_extract_is_rebuilt(planted, tmp_path, name):
    content = (planted / name).read_bytes()
    answers = clean(planted / name, tmp_path / "out")
    found = by_row(answers.folder)
    assert sorted(found) == list(range(1, answers.about["rows"]["rows_in"] + 1))
    odd = [found[row].raw for row in sorted(found) if found[row].raw is not None]
    rebuilt = [tuple(found[row].cells.values()) for row in sorted(found) if found[row].raw is None]
    assert rebuilt == read_by_hand(content, odd)


def read_by_hand(content: bytes, odd: list[bytes]) -> list[tuple[bytes, ...]]:
    """Return the cells of the sound records of a planted extract, every byte a letter.

    ``odd`` holds the bytes of the others in order: each must stand in the file as it is.
    """
    parts, at = [], 0
    for raw in odd:
        place = content.index(b"\n" + raw, at) + 1
        parts.append(content[at:place])
        at = place + len(raw)
    text = b"".join([*parts, content[at:]]).decode("latin-1")
    rows = csv.reader(io.StringIO(text, newline=""), strict=True)
    return [
        tuple(cell.encode("latin-1") for cell in row) for row in rows if row and re.match("P[0-9U]", row[0])
    ]
