"""Bad input of every kind: a clear refusal or a clean read, in bounded memory, and nothing left behind."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from sharewell.sources import encoding
from sharewell.sources.read import read_source
from sharewell.vocab.errors import FileMissing, FileTooLarge, FileUnreadable, SharewellError


def rows(found):
    return [tuple(row.values())[2:] for row in found.kept.arrow().to_pylist()]


def test_ten_thousand_columns_are_read(read):
    names = [f"question {n}" for n in range(10_000)]
    text = ",".join(names) + "\n" + ",".join("1" for _ in names) + "\n" + "short,row\n"
    found = read(text)
    assert len(found.facts.columns) == 10_000
    assert (found.kept.count(), found.set_aside.count()) == (1, 1)


@pytest.mark.parametrize("quote", ["", '"'])
def test_one_cell_of_fifty_megabytes_is_read(read, quote):
    cell = "x" * (50 << 20)
    found = read(f"id,note\n1,{quote}{cell}{quote}\n2,short\n")
    [sizes] = found.kept.engine.fetch('SELECT list(length(note)) AS sizes FROM "raw"').to_pylist()
    assert sizes["sizes"] == [50 << 20, 5]


def test_a_line_that_never_ends_is_refused(read, monkeypatch):
    monkeypatch.setattr(encoding, "LONGEST_LINE", 1 << 20)
    monkeypatch.setattr("sharewell.sources.archives.BLOCK", 1 << 18)
    with pytest.raises(FileTooLarge, match="Line 3"):
        read("id,note\n1,a\n" + "x" * (2 << 20))


def test_a_link_is_followed_to_an_ordinary_file_and_said(engine, tmp_path: Path):
    target, link = tmp_path / "list of april.csv", tmp_path / "list.csv"
    target.write_text("id,name\n1,Ann\n")
    link.symlink_to(target)
    found = read_source(link, engine, "raw")
    assert rows(found) == [("1", "Ann")]
    assert found.facts.name == "list.csv"
    assert [note.code for note in found.notes] == ["symlink"]
    assert "list of april.csv" in found.notes[0].text
    assert str(tmp_path) not in found.notes[0].text


def test_a_link_that_leads_to_no_ordinary_file_is_refused(engine, tmp_path: Path):
    pipe, loop = tmp_path / "pipe", tmp_path / "loop.csv"
    os.mkfifo(pipe)
    loop.symlink_to(loop)
    leads = {"gone.csv": tmp_path / "none", "folder.csv": tmp_path, "pipe.csv": pipe, "zero.csv": "/dev/zero"}
    for name, target in leads.items():
        (tmp_path / name).symlink_to(target)
        with pytest.raises((FileMissing, FileUnreadable)) as caught:
            read_source(tmp_path / name, engine, "raw")
        assert caught.value.where.file == name
    with pytest.raises(FileMissing):
        read_source(loop, engine, "raw")


class Meddler:
    """An engine that does something to the file while it is read."""

    def __init__(self, engine, meddle) -> None:
        self._engine, self._meddle = engine, meddle

    def __getattr__(self, name):
        return getattr(self._engine, name)

    def load(self, table, content):
        self._meddle()
        self._meddle = lambda: None
        return self._engine.load(table, content)


def test_a_file_that_grows_while_read_is_read_as_it_was(engine, tmp_path: Path, monkeypatch):
    monkeypatch.setattr("sharewell.sources.archives.BLOCK", 64)
    path = tmp_path / "list.csv"
    path.write_text("id,name\n" + "".join(f"{n},Ann\n" for n in range(100)))

    def grow():
        with path.open("a") as file:
            file.write("100,Late\n" * 50)

    found = read_source(path, Meddler(engine, grow), "raw")
    assert found.facts.records == 100
    assert [note.code for note in found.notes] == ["file_grew"]


@pytest.mark.parametrize("change", ["rewritten", "cut", "replaced", "removed"])
def test_a_file_that_changes_while_read_is_refused_and_leaves_nothing(engine, tmp_path: Path, change):
    path, other = tmp_path / "list.csv", tmp_path / "other.csv"
    path.write_text("id,name\n" + "1,Ann\n" * 100)
    other.write_text("id,name\n" + "2,Bob\n" * 100)
    changes = {
        "rewritten": lambda: path.write_text("id,name\n" + "2,Bob\n" * 100),
        "cut": lambda: os.truncate(path, 100),
        "replaced": lambda: other.replace(path),
        "removed": path.unlink,
    }
    with pytest.raises(SharewellError):
        read_source(path, Meddler(engine, changes[change]), "raw")
    assert engine.fetch("SHOW TABLES").num_rows == 0


def test_nuls_mixed_line_ends_open_quotes_and_a_cut_end_at_once(read):
    content = (
        b'\xef\xbb\xbfid,name,note\r\n1,An\0n,ok\r2,Bob,"two\nlines"\n3,"Cy,never closed\r\n'
        b'4,Zo\xeb,x\n5,Di,"cut o'
    )
    found = read(content)
    text = content.replace(b"\0", b"").replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    assert sum(found.facts.lines.values()) == text.count(b"\n") + 1
    assert [row[0] for row in rows(found)] == ["1", "2", "3", "4", "5"]
    assert rows(found)[0][1] == "Ann"
    assert rows(found)[3][1] == "Zoë"
    assert found.kept.count() + found.set_aside.count() == found.facts.records


PEAK = """
import resource, sys
from pathlib import Path
from sharewell.sources.read import read_source
from sharewell.store.duckdb import DuckDB, Limits
base = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
try:
    read_source(Path(sys.argv[1]), DuckDB(limits=Limits(1, "200MB")), "raw")
except Exception as error:
    print(type(error).__name__, end=" ")
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - base) // 1024)
"""


def peak(path: Path) -> tuple[str, int]:
    """Return what became of reading a file in a process of its own, and its memory in megabytes."""
    script = path.with_name("peak.py")
    script.write_text(PEAK)
    command = [sys.executable, str(script), str(path)]
    answer = subprocess.run(command, capture_output=True, text=True, check=True)
    kind, _, size = answer.stdout.strip().rpartition(" ")
    return kind, int(size)


def test_a_bomb_is_refused_before_it_fills_the_memory(tmp_path: Path):
    from sources.test_sources_archives import bomb

    path = tmp_path / "bomb.zip"
    path.write_bytes(bomb("list.csv", 1 << 30))
    kind, size = peak(path)
    assert kind == "FileTooLarge"
    assert size < 400


@pytest.mark.slow
def test_a_list_of_many_blocks_takes_no_more_memory_than_a_few(tmp_path: Path):
    path = tmp_path / "list.xml"
    with path.open("w") as file:
        file.write("<r>")
        for n in range(100_000):
            file.write(f"<p><id>{n}</id><name>Ann {n}</name><note>{'x' * 100}</note></p>\n")
        file.write("</r>")
    kind, size = peak(path)
    assert kind == ""
    assert size < 500
